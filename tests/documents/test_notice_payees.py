"""`[model] issued_to`: a notice goes to the payee (接收单位), with a row for each of its own counties."""

from __future__ import annotations

from collections import Counter

import pytest
from attaching import attached
from letters import notice
from openpyxl import load_workbook
from word import parts, rows, sentences

from allocation.documents.capitals import capitals
from allocation.errors import AllocationError
from allocation.parts.correction import Approved
from allocation.policy.loading import model_from_text
from allocation.report.columns import edition_of
from allocation.report.lines import readers
from allocation.run.finding import find
from allocation.run.run import run_model


@pytest.fixture(scope="module")
def province():
    found = find("provincial_fund", None, None)
    return run_model(found.model, found.table)


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """The folder of the province's notices, as the command writes it."""
    from click.testing import CliRunner

    from allocation.cli import cli

    out = tmp_path_factory.mktemp("province")
    told = CliRunner().invoke(cli, ["notices", "provincial_fund", "--out", str(out)])
    assert told.exit_code == 0, told.output
    return out / "provincial_fund_2024_通知"


def test_there_is_one_notice_for_each_payee_and_one_for_a_county_managed_by_the_province(province, written):
    payees = province.figures("payee")
    alone = [name for name, count in Counter(payees).items() if count == 1]
    names = {path.stem.split("_")[1] for path in written.glob("*.docx")}
    assert names == set(payees) and len(alone) == 2
    path = next(written.glob(f"*_{alone[0]}.docx"))
    value = province.figures("award")[payees.index(alone[0])]
    assert ["分配额", f"{int(value):,}", "万元"] in rows(path)
    assert not [text for text in sentences(path) if "所属各地" in text]


def test_a_city_has_a_row_for_each_of_its_counties_their_sum_and_the_sum_in_capitals(province, written):
    payees, names, figures = province.figures("payee"), province.table.names, province.figures("award")
    for city in ("安平市", "宁河市"):
        path = next(written.glob(f"*_{city}.docx"))
        own = [row for row, payee in enumerate(payees) if payee == city]
        table, total = rows(path), sum(figures[row] for row in own)
        assert table[0] == ["名称", "分配额（万元）", "上年分配额（万元）", "比上年增减额（万元）"]
        assert [line[:2] for line in table[1:-1]] == [[names[row], f"{int(figures[row]):,}"] for row in own]
        assert table[-1][:2] == ["合计", f"{int(total):,}"]
        words = f"{int(total):,}万元（大写：{capitals(total * 10000)}）。"
        order = f"现下达你市2024年省级市民化奖励资金（虚构省）{words}"
        assert order in sentences(path) and f"{city}财政局：" in sentences(path)


def test_a_city_is_told_how_its_own_amount_came_about_before_it_was_shared_inside(province):
    told = sentences(notice(province, *range(9)))[-3:]
    assert told[0] == "省级奖励资金总额97,800万元，按接收单位得分占比分配，不低于接收单位下限，取整到1万元。"
    assert told[1] == "你市接收单位得分约0.077134，按占比计算应得约7,543.67万元，取整后接收单位合计为7,544万元。"
    assert told[2] == "本单位可分额7,544万元，在安平市所属各地之间按得分占比分配，取整到1万元。"


def test_nobody_gets_a_row_of_another_payee(province, written):
    payees, names, codes = province.figures("payee"), province.table.names, province.table.codes
    for path in written.iterdir():
        reader = path.stem.split("_")[1]
        text = "\n".join(parts(path).values())
        for row, payee in enumerate(payees):
            assert payee == reader or names[row] not in text and codes[row] not in text, (path.name, names[row])


def test_the_workbook_beside_the_notice_has_the_same_counties_and_sum(province, written):
    payees, figures = province.figures("payee"), province.figures("award")
    own = [row for row, payee in enumerate(payees) if payee == "安平市"]
    book = load_workbook(next(written.glob("*_安平市.xlsx")))
    (sheet,) = [sheet for sheet in book if sheet.sheet_state == "visible"]
    lines = {row[0]: row[1] for row in sheet.iter_rows(values_only=True) if row[0]}
    assert lines["合计"] == sum(figures[row] for row in own)
    assert [lines[province.table.names[row]] for row in own] == [figures[row] for row in own]


@pytest.fixture
def cityside(reward):
    """`reward` as if its first three counties were one city's, and the last one managed by the province."""
    text = reward.model.text.replace('pool = "pool"\n', 'pool = "pool"\nissued_to = "city"\n', 1)
    text += '\n[[input]]\nname = "city"\nzh = "接收单位"\nen = "Payee"\ntext = true\n'
    return model_from_text(text, "reward.toml"), reward.table.with_values(city=("大市", "大市", "大市", "凌海市"))


def test_what_one_county_gives_back_later_is_not_kept_from_the_others_now(cityside, folder):
    model, table = cityside
    (folder / "提前.csv").write_text("代码,名称,提前下达数\n210702,古塔区,300\n210703,凌河区,200\n", "utf-8")
    found = attached(model, table, settlement=folder / "提前.csv")
    run = run_model(found.model, found.table)
    paid, back = run.figures("_settled_now"), run.figures("_to_take_back")
    assert back[0] > 0 and paid[1] and paid[2]
    path = notice(run, 0, 1, 2)
    assert any(
        text.startswith(f"现下达你市2017年落户奖励资金（示例）{int(paid[1] + paid[2])}万元") for text in sentences(path)
    )
    lines = {row[0]: row for row in rows(path)}
    place = lines["名称"].index("待以后年度收回（万元）")
    assert lines["古塔区"][place] == lines["合计"][place] == str(int(back[0]))
    assert lines["合计"][lines["名称"].index("本次下达（万元）")] == str(int(paid[1] + paid[2]))


def test_a_city_of_a_correction_has_what_moved_for_each_county_and_in_all(cityside):
    model, table = cityside
    right = run_model(model, table).figures("award")
    before = dict(zip(table.codes, right, strict=True)) | {"210702": right[0] + 30, "210726": right[2] - 12}
    found = attached(model, table, correction=Approved("正式稿", before, 2018))
    run = run_model(found.model, found.table)
    path = notice(run, 0, 1, 2)
    assert any(text.startswith("现扣回你市2017年落户奖励资金（示例）18万元") for text in sentences(path))
    assert any(text.endswith("多下达18万元，在2018年扣回。") for text in sentences(path))
    lines = {row[0]: row[1:4] for row in rows(path)}
    assert lines["名称"] == ["原核定（万元）", "更正后（万元）", "差额（万元）"]
    assert [lines[name][2] for name in ("古塔区", "凌河区", "黑山县", "合计")] == ["-30", "0", "12", "-18"]


def test_the_edition_sent_to_counties_goes_to_the_same_readers(province):
    assert edition_of(province, "county").by == "payee" and edition_of(province, "public").by == ""
    assert len(readers(province, "payee")) == 16


def test_the_printed_table_shows_the_payees_amounts_as_subtotals_only(province):
    assert "payee_award" not in province.model.award_list
    totals = Counter()
    for payee, value in zip(province.figures("payee"), province.figures("award"), strict=True):
        totals[payee] += value
    first = dict(zip(reversed(province.figures("payee")), reversed(province.figures("payee_award")), strict=True))
    assert first == totals


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('issued_to = "paye"', "issued_to 应是一项文字输入（接收单位）；没有“paye”，最接近的是“payee”"),
        ('issued_to = "hardship"', "没有“hardship”"),
        ('issued_to = "claim"', "没有“claim”"),
    ],
)
def test_issued_to_names_a_text_input(province, line, says):
    text = province.model.text.replace('issued_to = "payee"', line)
    with pytest.raises(AllocationError) as caught:
        model_from_text(text, "provincial_fund.toml")
    assert says in caught.value.text("zh") and "[model] issued_to" in caught.value.text("zh")


def test_an_edition_cannot_be_put_together_otherwise_than_the_notices(province):
    more = '\n[[input]]\nname = "zone"\nzh = "片"\nen = "Zone"\ntext = true\n'
    more += '\n[[edition]]\nname = "送县"\nby = "zone"\ncolumns = ["name", "award"]\n'
    with pytest.raises(AllocationError) as caught:
        model_from_text(province.model.text + more, "provincial_fund.toml")
    assert [one.id for one in caught.value.problems] == ["versions.edition_issued_to"]
    held = model_from_text(province.model.text + more.replace('by = "zone"\n', ""), "provincial_fund.toml")
    assert held.editions["county"].by == "payee"
