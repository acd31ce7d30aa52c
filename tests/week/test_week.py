"""The whole week on the Jinzhou example, as docs/week.md tells it: every table on the way closes, every figure can be
explained, every reader gets only what is theirs, and the journal has it all."""

from __future__ import annotations

import hashlib
import re
import struct
from pathlib import Path

import pytest
from attaching import attached
from openpyxl import load_workbook
from walk import HASH, PAGE, ROOT, STEPS, VERSIONS, city, contents, say, step, walked

from allocation.analysis.explain import Explanation
from allocation.analysis.explained import as_text
from allocation.readings.derivation import derive
from allocation.record.journal import HEAD, read
from allocation.run.finding import find
from allocation.run.run import run_model

COUNTIES = ("古塔区", "凌河区", "太和区", "黑山县", "义县", "凌海市", "北镇市")
STAGED = ("试算_1", "送审稿_1", "送审稿_2", "正式稿_1", "更正_1")
SOURCES = ("应下达/中央奖励资金", "应下达/省级奖励资金", "应下达/市级配套")


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return city(tmp_path_factory.mktemp("week"))


@pytest.fixture(scope="module")
def week(folder) -> list:
    """(command, what it said) for every step, walked once."""
    return [*walked(folder)]


def book(folder: Path, version: str) -> Path:
    """The workbook of a version such as 送审稿_2."""
    (path,) = (path for path in (folder / VERSIONS).glob(f"*_{version}_*.xlsx") if "_公开_" not in path.name)
    return path


def printed(path: Path, sheet: str = "资金测算表") -> dict[str, dict[str, object]]:
    """The printed table: 合计 and every county → its figures by header, `上级/下级` where there are two rows."""
    rows = [*load_workbook(path, data_only=True)[sheet].iter_rows(values_only=True)]
    top = next(place for place, row in enumerate(rows) if row[0] in ("地区", "名称"))
    heads, above = [], ""
    for over, under in zip(rows[top], rows[top + 1], strict=True):
        above = over or above
        heads.append(f"{above}/{under}" if under and under not in COUNTIES and rows[top + 1][0] is None else above)
    found = {}
    for row in rows[top + 1 :]:
        name = str(row[0] or "").strip()
        if name in (*COUNTIES, "合计"):
            found[name] = dict(zip(heads, row, strict=True))
    return found


def expected(number: int, command: str) -> int:
    if number == 0:
        return 1  # 义县 is missing
    return 2 if "ledger_1" in command or ("正式稿" in command and "receipts_1" in command) else 0


@pytest.mark.parametrize("number", range(len(STEPS)), ids=[command[:60] for command, _ in STEPS])
def test_a_step_of_the_page_says_what_the_page_shows(week, number):
    (command, said), shown = week[number], STEPS[number][1]
    assert said.code == expected(number, command), said.text
    lines, last = said.text.splitlines(), -1
    for line in shown.splitlines():
        pattern = re.compile(re.escape(line).replace(HASH, "[0-9a-f]{8}"))
        last = next((place for place, text in enumerate(lines) if place > last and pattern.match(text)), None)
        assert last is not None, f"{line}\n\n{said.text}"


def test_the_seven_files_become_one_table_with_the_figures_that_were_returned(folder, week):
    sheet = load_workbook(folder / "outputs/incentive_fund_collected.xlsx", data_only=True)["汇总数据"]
    rows = {row[1]: row for row in sheet.iter_rows(values_only=True)}
    assert [name for name in rows if name in COUNTIES] == list(COUNTIES)
    assert rows["义县"][3:6] == (60, 150, 1480) and rows["凌河区"][3:6] == (260, 610, 1980)
    assert 1380 in rows["北镇市"] and 13800000 not in rows["北镇市"]  # returned in 元


@pytest.mark.parametrize("version", STAGED)
def test_every_staged_table_closes_down_and_across(folder, week, version):
    table = printed(book(folder, version))
    whole = table.pop("合计")
    assert set(table) == set(COUNTIES)
    for head in [one for one in whole if isinstance(whole[one], int) and "%" not in one and "平均" not in one]:
        assert sum(row[head] for row in table.values()) == whole[head], head
    issued = {"试算_1": "分配额", "更正_1": "更正后"}.get(version, "下达数")
    assert whole[issued] == (5050 if version in ("送审稿_2", "正式稿_1", "更正_1") else 5000)
    if version != "试算_1":
        for row in [*table.values(), whole]:
            assert row["测算数"] + row["调整数"] == row[issued] == sum(row[one] for one in SOURCES)
        reserve = 50 if whole[issued] == 5050 else 0
        assert [whole[one] for one in SOURCES] == [3000, 1500, 500 + reserve] and whole["测算数"] == 5000


@pytest.mark.parametrize("version", STAGED)
def test_every_staged_workbook_verifies_clean_and_its_table_is_found(folder, week, version):
    said = say(folder, f"verify {book(folder, version).relative_to(folder).as_posix()}")
    assert said.code == 0 and "全部相符" in said.out
    again = "没有找到写出时用的数据表" in said.out  # collected once more after the final version: another file since
    assert again == (version != "更正_1") and ("按隐藏表“原值”核对" in said.out) == again


OPTIONS = step("送审稿", "receipts_2").split(" --stage")[0].removeprefix("run incentive_fund ")
PLAN, DEPTH = "锦州市推动非户籍人口在城市落户实施方案", 6
COLUMNS = (
    "_before_adjustment",
    "_leaders_adjustment",
    "_after_adjustment",
    "_source_due.s1",
    "_source_due.s2",
    "_source_due.s3",
)


@pytest.fixture(scope="module")
def final(folder, week):
    """The run behind the final version, made again from the same files."""
    given = folder / "inputs" / "week"
    found = find("incentive_fund", folder / "outputs/incentive_fund_collected.xlsx", None)
    parts = {"ledger": "ledger_3.csv", "adjustments": "adjustments.csv", "sources": "sources.csv"}
    made = attached(found.model, found.table, **{kind: given / name for kind, name in parts.items()})
    return run_model(made.model, made.table, made.changes)


@pytest.mark.parametrize("county", COUNTIES)
def test_every_figure_of_the_final_table_is_explained_down_to_its_reason(folder, final, county):
    row = printed(book(folder, "正式稿_1"))[county]
    for head, name in zip(("测算数", "调整数", "下达数", *SOURCES), COLUMNS, strict=True):
        place = final.table.names.index(county)
        text = as_text(Explanation(final, place, derive(final, name, place, DEPTH), DEPTH), "zh")
        assert f"{head}：{row[head]} 万元" in text
        reason = PLAN if name == "_before_adjustment" else "集中安置点学位紧张；分管局长；2018-03-07"
        assert reason in text


def test_the_command_explains_the_issued_figure_and_the_leaders_reason(folder, week):
    said = say(folder, f"explain incentive_fund 义县 --depth 2 {OPTIONS}")
    assert said.code == 0 and "下达数：585 万元" in said.out and "= 555 + 30" in said.out
    assert "依据：集中安置点学位紧张；分管局长；2018-03-07" in said.out


def test_what_changed_between_the_papers_is_listed_with_the_reason_and_nothing_else(folder, week):
    rows = [*load_workbook(book(folder, "送审稿_2"))["与上一稿对比"].iter_rows(min_row=5, values_only=True)]
    assert {row[6] for row in rows} == {"专题会议：黑山县加50万元，动用预留；凌海市学籍已核定"}
    decided = [row[:6] for row in rows if row[0] in ("参数", "数据")]
    assert decided == [
        ("参数", None, "调整2：黑山县调整额（万元）", "（空）", 50, None),
        ("数据", "凌海市", "随迁子女义务教育在校生数（人）", 2520, 2496, -24),
    ]
    assert [row[1] for row in rows if row[0] == "下达数"] == [*COUNTIES, "合计"]


def test_the_final_version_is_the_last_paper_unchanged(folder, week):
    paper, final = (printed(book(folder, one)) for one in ("送审稿_2", "正式稿_1"))
    assert paper == final
    sheet = load_workbook(book(folder, "正式稿_1"))["与上一稿对比"]
    assert "完全相同" in sheet["A5"].value


def texts(path: Path) -> str:
    """Every text of a workbook, of all sheets."""
    rows = (row for sheet in load_workbook(path) for row in sheet.iter_rows(values_only=True))
    return "\n".join(str(cell) for row in rows for cell in row)


@pytest.mark.parametrize(("version", "paid"), [("正式稿_1", "下达数"), ("更正_1", "更正后")])
def test_a_county_s_edition_holds_its_own_row_and_adjustment_and_no_reason(folder, week, version, paid):
    books = {path.stem.split("_")[1]: path for path in (folder / VERSIONS).glob(f"*_{version}_*_送县_*/*.xlsx")}
    assert set(books) == set(COUNTIES)
    whole = printed(book(folder, version))
    for county, path in books.items():
        said = texts(path)
        assert [one for one in COUNTIES if one in said] == [county]
        for head in ("测算数", "调整数", paid):
            assert printed(path, "分配表")[county][head] == whole[county][head]
        assert "专题会议" not in said and "合计" not in said.replace("下达合计", "")


def test_the_public_edition_holds_code_name_and_amount(folder, week):
    (path,) = (folder / VERSIONS).glob("*_公开_*.xlsx")
    rows = [row for row in load_workbook(path).active.iter_rows(values_only=True) if row[1] in COUNTIES]
    whole = printed(book(folder, "正式稿_1"))
    assert [row[:3] for row in rows] == [(row[0], row[1], whole[row[1]]["下达数"]) for row in rows]
    assert len(rows) == 7 and all(len([cell for cell in row if cell is not None]) == 3 for row in rows)


def test_the_correction_closes_against_what_was_issued_and_names_who_pays_whom_and_when(folder, week):
    final, now = (printed(book(folder, one)) for one in ("正式稿_1", "更正_1"))
    for name, row in now.items():
        assert row["原核定"] == final[name]["下达数"]
        assert row["原核定"] + row["差额"] == row["更正后"]
        assert row["应补发"] - row["应扣回"] == row["差额"]
    assert (now["合计"]["应补发"], now["合计"]["应扣回"], now["合计"]["差额"]) == (12, 12, 0)
    assert [name for name in COUNTIES if now[name]["办理方式"] == "补发"] == ["太和区"]
    assert {now[name]["办理方式"] for name in COUNTIES} == {"补发", "扣回"}
    rows = [*load_workbook(book(folder, "更正_1"), data_only=True)["资金测算表"].iter_rows(values_only=True)]
    assert ["抵扣或补发年度（年）", 2018] in [[cell for cell in row if cell is not None] for row in rows]
    assert not any("本次下达" in head for head in now["合计"])  # what is paid now is the difference


def test_the_journal_has_a_line_for_every_file_of_every_action(folder, week):
    said = say(folder, "journal")
    assert said.code == 0 and "逐行校验相符" in said.out
    lines = [dict(zip(HEAD, row, strict=True)) for row in read(folder / "outputs")]
    actions = list(dict.fromkeys((line["日期"], line["动作"]) for line in lines))
    assert actions == [
        ("2018-03-05", "collect"), ("2018-03-06", "collect"), ("2018-03-06", "confirm"),
        ("2018-03-06", "run --stage 试算"), ("2018-03-07", "run --stage 送审稿"), ("2018-03-08", "run --stage 送审稿"),
        ("2018-03-09", "run --stage 正式稿"), ("2018-03-09", "edition 送县"), ("2018-03-09", "edition 公开"),
        ("2018-03-12", "collect"), ("2018-04-11", "correct"), ("2018-04-11", "edition 送县"),
    ]  # fmt: skip
    last = {line["文件"]: line["SHA-256"] for line in lines}
    files = contents(folder / "outputs")
    others = {name for name in files if not name.startswith(("journal/", "versions/register/"))} - set(last)
    assert others == {"journal.csv", "versions/register.json"}
    assert {name: hashlib.sha256(files[name]).hexdigest() for name in last} == last
    assert "未报：义县" in lines[0]["说明/原因"] and "迟报：义县" in lines[2]["说明/原因"]


def test_the_versions_are_on_record_and_as_they_were_written(folder, week):
    said = say(folder, "versions")
    assert said.code == 0
    assert re.findall(r"\b(试算|送审稿|正式稿|更正) +(\d)", said.out) == [
        ("试算", "1"), ("送审稿", "1"), ("送审稿", "2"), ("正式稿", "1"), ("更正", "1"),
    ]  # fmt: skip


def test_the_walk_leaves_what_people_wrote_as_it_was(folder, week):
    shipped = contents(ROOT / "inputs" / "week")
    assert contents(folder / "inputs" / "week") == shipped
    assert all("示例" in text.decode("utf-8").splitlines()[0] for text in shipped.values())


def test_the_pictures_of_the_page_are_small_images_with_words_beside_them():
    pictures = re.findall(r"!\[(.+?)\]\((.+?)\)", PAGE)
    assert len(pictures) == 5 and all("示例数据" in words for words, _ in pictures)
    for _, name in pictures:
        data = (ROOT / "docs" / name).read_bytes()
        assert data[:8] == b"\x89PNG\r\n\x1a\n" and len(data) < 150_000
        assert min(struct.unpack(">II", data[16:24])) > 100
