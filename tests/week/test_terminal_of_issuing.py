"""The terminal shows the columns that a settlement, sources and adjustments print, with their totals."""

from __future__ import annotations


def table(told) -> tuple[list[str], dict[str, list[str]], str]:
    """The heads, the cells by county, and the line below the table."""
    assert told.code == 0, told.text
    lines = told.out.splitlines()
    top = next(place for place, line in enumerate(lines) if line.startswith("行政区代码"))
    end = next(place for place in range(top, len(lines)) if lines[place].strip().startswith("合计"))
    rows = [line.split() for line in lines[top + 2 : end + 1]]
    cells = {row[0] if row[0] == "合计" else row[1]: row[1 if row[0] == "合计" else 2 :] for row in rows}
    return lines[top].split()[2:], cells, lines[end + 1]


def test_a_settlement_shows_due_advance_now_and_to_come_back(folder, allocation):
    (folder / "a.csv").write_text("代码,提前下达数\n210702,1000\n210703,7\n", encoding="utf-8")
    heads, cells, below = table(allocation("check reward --advance a.csv --recover-years 2"))
    assert heads == ["核定下达", "应抵扣（已提前下达）", "本次下达", "待以后年度收回", "占合计%"]
    assert cells["古塔区"] == ["195", "1,000", "0", "805", "19.50%"]
    assert cells["凌河区"] == ["263", "7", "256", "0", "26.30%"]
    assert cells["合计"] == ["1,000", "1,007", "798", "805", "100.00%"]
    assert below == "分年收回：第1年 403、第2年 402"


def test_sources_are_columns_where_they_fit_and_totals_where_they_do_not(folder, allocation):
    (folder / "s.csv").write_text("来源,金额\n中央,600\n市级,400\n", encoding="utf-8")
    heads, cells, below = table(allocation("check reward --sources s.csv"))
    assert heads == ["分配额", "应下达/中央", "应下达/市级", "占合计%"]
    assert cells["古塔区"] == ["195", "117", "78", "19.50%"] and cells["合计"][:3] == ["1,000", "600", "400"]
    assert below.startswith("核对通过")
    names = [f"第{number}批中央奖励资金" for number in range(1, 6)]
    (folder / "s.csv").write_text("来源,金额\n" + "".join(f"{name},200\n" for name in names), encoding="utf-8")
    heads, cells, below = table(allocation("check reward --sources s.csv"))
    assert heads == ["分配额", "占合计%"] and cells["合计"] == ["1,000", "100.00%"]
    assert below == "应下达：" + "、".join(f"{name} 200" for name in names)


def test_an_adjustment_shows_what_was_calculated_moved_and_issued(folder, allocation):
    head = "县（市、区）,调整额,由谁承担,理由,批准人或会议\n"
    (folder / "a.csv").write_text(head + "黑山县,5,古塔区,任务重,会议\n", encoding="utf-8")
    heads, cells, _ = table(allocation("check reward --adjust a.csv"))
    assert heads == ["测算数", "调整数", "下达数", "占合计%"]
    assert cells["黑山县"][:3] == ["252", "5", "257"] and cells["合计"][:3] == ["1,000", "0", "1,000"]


def test_a_plain_run_shows_the_award_alone(allocation):
    heads, cells, below = table(allocation("check reward"))
    assert heads == ["分配额", "占合计%"] and cells["合计"] == ["1,000", "100.00%"]
    assert below.startswith("核对通过")
