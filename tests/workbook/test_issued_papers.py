"""verify --issued: whatever a paper looks like, a figure that is not the record's is found, and nothing else."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from desk import IN_CI
from sealed_papers import PLACES, TIMES, SealedPaper, any_paper, write_csv, write_docx, write_xlsx

from allocation import load_model, read_table
from allocation.cli import main
from allocation.errors import AllocationError
from allocation.record.recording import record_of
from allocation.run.run import run_model
from allocation.texts import Both
from allocation.verify.issued import IssuedResult, IssueOnRecord, SealedAmount, compare_issued
from allocation.xlsx.writer import write_workbook

SHARED = Path(__file__).parent.parent / "cases" / "shared"
PAPERS = 200 if IN_CI else 25


@pytest.fixture(scope="module")
def run():
    model = load_model(SHARED / "models" / "reward.toml")
    return run_model(model, read_table(SHARED / "inputs" / "reward.csv", model))


NAMES = [
    "市本级",
    "古塔区",
    "凌河区",
    "太和区",
    "松山新区",
    "义县",
    "黑山县",
    "凌海市",
    "北镇市",
    "滨海新区",
    "鼓楼区",
    "海州区",
    "城关镇",
    "喀左县",
    "建昌县",
    "绥中县",
    "兴城市",
    "连山区",
    "龙港区",
]  # noqa: SIM905


@pytest.fixture(scope="module")
def units() -> list[tuple[str, str, Fraction]]:
    """Made up: whole figures and such with two decimals of 万元; one unit has nothing."""
    figures = [Fraction((at * 7919) % 900_001 if at % 3 else at * 100_00, 100) for at in range(len(NAMES))]
    return [(f"2107{at:02}", name, figure) for at, (name, figure) in enumerate(zip(NAMES, figures, strict=True), 10)]


@pytest.fixture(scope="module")
def issue(run, units) -> IssueOnRecord:
    known = run.model.units
    figures = {code: figure for code, _, figure in units}
    award = SealedAmount("award", Both("分配额", "Award"), known.parse("万元"), figures)
    return IssueOnRecord({code: name for code, name, _ in units}, [award], known)


def step_of(paper: SealedPaper) -> Fraction:
    """One in the last place that the paper prints, in 万元."""
    return Fraction(1, TIMES[paper.unit] * 10 ** PLACES[paper.unit])


def told(result: IssuedResult) -> list[str]:
    return [problem.id.partition(".issued_")[2] for problem in result.differences]


@pytest.mark.parametrize("seed", range(PAPERS))
def test_no_layout_is_a_difference_and_one_unit_in_the_last_place_is(seed, issue, units, tmp_path):
    chance = random.Random(seed)
    paper = any_paper(units, chance)
    assert told(compare_issued(issue, write_csv(paper.rows(), tmp_path / "a.csv"), "r")) == []
    step = step_of(paper) * chance.choice([1, -1])
    hit = chance.choice([code for code, *_ in units])
    damaged = compare_issued(issue, write_csv(replace(paper, damage={hit: step}).rows(), tmp_path / "b.csv"), "r")
    assert told(damaged) == (["figure"] if paper.total == "none" else ["figure", "total"])
    assert damaged.differences[0].slots["unit"] == issue.called[hit]
    if paper.total != "none":
        damaged = compare_issued(
            issue, write_csv(replace(paper, damage={"total": step}).rows(), tmp_path / "c.csv"), "r"
        )
        assert told(damaged) == ["total"]


@pytest.mark.parametrize("name", ["锦州市本级", "辽宁省本级", "黑山县本级"])
def test_a_level_itself_is_known_without_its_place(name, run, tmp_path):
    known = run.model.units
    figures = {"1": Fraction(160), "2": Fraction(653)}
    issue = IssueOnRecord(
        {"1": name, "2": "古塔区"},
        [SealedAmount("award", Both("分配额", "Award"), known.parse("万元"), figures)],
        known,
    )
    for wrong in (0, 1):
        rows = [["单位：万元", ""], ["单位", "金额"], [name[-3:], 160 + wrong], ["古塔区", 653], ["合计", 813]]
        result = compare_issued(issue, write_csv(rows, tmp_path / "a.csv"), "r")
        assert told(result) == (["figure", "total"] if wrong else [])


@pytest.mark.parametrize("kind", ["xlsx", "docx"])
def test_a_workbook_and_a_document_of_several_tables_say_the_same_cells(kind, issue, units, tmp_path):
    half = len(units) // 2
    paper = SealedPaper(units, counted=True, grouped=kind == "docx", damage={units[0][0]: Fraction(1)})
    if kind == "xlsx":
        result = compare_issued(issue, write_xlsx(paper.rows(), tmp_path / "a.xlsx"), "r")
        assert told(result) == ["figure", "total"]
        assert result.differences[0].where.endswith("!C5")
        return
    tables = [replace(paper, units=part, titled=False, total="none").rows() for part in (units[:half], units[half:])]
    path = write_docx([[["联系人", "电话"], ["张三", "2233"]], *tables], tmp_path / "a.docx", "附件：分配表")
    assert told(compare_issued(issue, path, "r")) == ["figure"]


def test_units_missing_too_many_twice_and_misnamed_are_told(issue, units, tmp_path):
    plain = SealedPaper(units, keys="both", total="none", noted=False)
    rows = plain.rows()
    told_of = lambda changed: told(compare_issued(issue, write_csv(changed, tmp_path / "a.csv"), "r"))  # noqa: E731
    assert told_of(rows) == []
    assert told_of(rows[:-1]) == ["missing"]
    assert told_of([*rows, ["999999", "乌有县", 7]]) == ["unknown"]
    assert told_of([*rows, rows[-1]]) == ["twice"]
    swapped = [*rows[:-1], [rows[-1][0], units[0][1], rows[-1][2]]]
    assert told_of(swapped) == ["name"]
    nothing = [*rows[:-1], [*rows[-1][:2], "—"]]
    assert told_of(nothing) == ["figure"]


def test_subtotals_and_parts_are_sums_of_what_stands_beside_them(issue, units, tmp_path):
    rows = SealedPaper(units, total="first", noted=False).rows()
    at = next(place for place, row in enumerate(rows) if row[0] == units[0][1])
    first, second = (row[1] for row in rows[at : at + 2])
    fine = [*rows[:at], ["小计", first + second], *rows[at:]]
    assert told(compare_issued(issue, write_csv(fine, tmp_path / "a.csv"), "r")) == []
    wrong = [*rows[:at], ["小计", first + second + 1], *rows[at:]]
    assert told(compare_issued(issue, write_csv(wrong, tmp_path / "b.csv"), "r")) == ["subtotal"]


def test_a_unit_that_no_text_says_is_told_not_assumed_in_silence(issue, units, tmp_path):
    paper = SealedPaper(units, unit="元", said="nowhere")
    result = compare_issued(issue, write_csv(paper.rows(), tmp_path / "a.csv"), "r")
    assert [note.id for note in result.notes] == ["verify.issued_unit"]
    said = compare_issued(issue, write_csv(replace(paper, said="line").rows(), tmp_path / "b.csv"), "r")
    assert not said.notes
    wrong = replace(paper, unit="万元").rows()
    wrong[2][-1] = "单位：元"
    assert set(told(compare_issued(issue, write_csv(wrong, tmp_path / "c.csv"), "r"))) == {"figure"}


def test_other_columns_and_tables_beside_the_amounts_are_no_differences(issue, units, tmp_path):
    rows = SealedPaper(units, total="none", titled=False, noted=False).rows()
    beside = [[*row, *more] for row, more in zip(rows[2:], ([at * 3, 5.5, "50%", 0] for at in range(99)), strict=False)]
    heads = [*rows[1], "2016年分配额", "人均", "占比", "扣回"]
    targets = [["地区", "目标人数"], *([name, 9 * at + 1] for at, (_, name, _) in enumerate(units))]
    path = write_docx([[["", ""], heads, *beside], targets], tmp_path / "a.docx", "单位：万元")
    result = compare_issued(issue, path, "r")
    assert told(result) == []
    assert len(result.compared) == 1


@pytest.mark.parametrize("text", ["没有表格的一段文字", "单位,金额\n张三,5\n"])
def test_what_has_no_figures_of_units_is_refused(text, issue, tmp_path):
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    with pytest.raises(AllocationError):
        compare_issued(issue, tmp_path / "a.csv", "r")


def test_of_what_was_advanced_the_heading_says_which_figure_was_sealed_else_the_figures_do(run, units, tmp_path):
    unit = run.model.units.parse("万元")
    whole = {code: figure for code, _, figure in units}
    due = {code: figure * Fraction(3, 4) for code, _, figure in units}
    kept = [
        SealedAmount("due", Both("本次下达", "This release"), unit, due),
        SealedAmount("award", Both("核定", "Award"), unit, whole),
    ]
    issue = IssueOnRecord({code: name for code, name, _ in units}, kept, run.model.units)
    paper = SealedPaper(units, total="none")
    silent = compare_issued(issue, write_csv(paper.rows(), tmp_path / "a.csv"), "r")
    assert told(silent) == []
    assert [note.id for note in silent.notes] == ["verify.issued_not_due"]
    named = replace(paper, heading="本次下达")
    wrong = compare_issued(issue, write_csv(named.rows(), tmp_path / "b.csv"), "r")
    assert set(told(wrong)) == {"figure"}
    right = replace(named, units=[(code, name, due[code]) for code, name, _ in units], unit="元")
    assert told(compare_issued(issue, write_csv(right.rows(), tmp_path / "c.csv"), "r")) == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_command_says_what_differs_and_where(lang, run, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_workbook(run, tmp_path / "r.xlsx", "zh", record_of(run))
    figures = run.figures(run.model.award)
    sealed = [*zip(run.table.codes, run.table.names, figures, strict=True)]
    write_csv(SealedPaper(sealed).rows(), tmp_path / "good.csv")
    write_csv(SealedPaper(sealed, damage={sealed[1][0]: Fraction(1)}).rows(), tmp_path / "bad.csv")
    codes = []
    for name in ("good.csv", "bad.csv", "gone.csv"):
        monkeypatch.setattr("sys.argv", ["allocation", "verify", "r.xlsx", "--lang", lang, "--issued", name])
        with pytest.raises(SystemExit) as left:
            main()
        codes.append(left.value.code or 0)
    out = capsys.readouterr().out
    assert codes == [0, 1, 2]
    assert ("全部相符" if lang == "zh" else "agrees with the record") in out
    assert sealed[1][1] in out and "bad.csv: B6" in out


def test_a_total_above_the_units_hides_no_heading(run, tmp_path):
    kind = run.model.units.parse("万元")
    figures = {
        "award": {"1": Fraction(60), "2": Fraction(40)},
        "sent": {"1": Fraction(50), "2": Fraction(30)},
        "due": {"1": Fraction(10), "2": Fraction(10)},
    }
    labels = {"award": "核定", "sent": "已提前下达", "due": "本次下达"}
    kept = [SealedAmount(name, Both(label, name), kind, figures[name]) for name, label in labels.items()]
    known = IssueOnRecord({"1": "甲县", "2": "乙县"}, kept, run.model.units)
    paper = tmp_path / "附件.csv"
    paper.write_text(
        "地区,核定（万元）,已提前下达（万元）,本次下达（万元）\n合计,100,80,20\n甲县,61,50,11\n乙县,39,30,9\n",
        encoding="utf-8",
    )
    told = compare_issued(known, paper, "结果.xlsx")
    assert len(told.compared) == 3 and len(told.differences) == 4


def test_a_list_that_goes_on_in_a_second_table_is_one_list(issue, units, tmp_path):
    listed = units[:8]
    known = IssueOnRecord({code: name for code, name, _ in listed}, _of(issue, listed), issue.units)
    lines = [[name, f"{float(figure):.2f}"] for _, name, figure in listed]
    late = ["省直管", f"{float(sum(figure for _, _, figure in listed[3:])):.2f}"]
    head = ["地区", "金额（万元）"]
    right = [[head, *lines[:3], late, lines[3]], [head, *lines[4:]]]
    assert told(compare_issued(known, write_docx(right, tmp_path / "a.docx", "单位：万元"), "r")) == []
    twice = [[head, *lines[:5]], [head, *lines[4:]]]
    assert told(compare_issued(known, write_docx(twice, tmp_path / "b.docx", "单位：万元"), "r")) == ["twice"]
    again = [[head, *lines], [head, *lines]]  # the same list a second time is another paper
    assert told(compare_issued(known, write_docx(again, tmp_path / "c.docx", "单位：万元"), "r")) == []


def _of(issue: IssueOnRecord, listed: list[tuple[str, str, Fraction]]) -> list[SealedAmount]:
    codes = {code for code, _, _ in listed}
    figures = {code: figure for code, figure in issue.kept[0].figures.items() if code in codes}
    return [replace(issue.kept[0], figures=figures)]


def test_a_document_that_unpacks_to_more_than_the_limit_is_not_opened(issue, units, tmp_path, monkeypatch):
    path = write_docx([SealedPaper(units).rows()], tmp_path / "a.docx")
    compare_issued(issue, path, "r")
    monkeypatch.setattr("allocation.tables.package.UNPACKED", 1000)
    with pytest.raises(AllocationError) as caught:
        compare_issued(issue, path, "r")
    assert [problem.id for problem in caught.value.problems] == ["tables.unpacked"]


def test_a_table_in_a_unit_of_another_kind_is_none_of_the_fund(issue, units, tmp_path):
    land = [["单位：公顷", ""], ["地区", "指标"], *([name, str(at)] for at, (_, name, _) in enumerate(units, 1))]
    write_csv(land, tmp_path / "a.csv")
    with pytest.raises(AllocationError) as refused:
        compare_issued(issue, tmp_path / "a.csv", "r")
    assert [problem.id for problem in refused.value.problems] == ["verify.issued_no_figures"]
    money = [["地区", "金额（万元）"], *([name, f"{float(figure):.2f}"] for _, name, figure in units)]
    assert told(compare_issued(issue, write_docx([land, money], tmp_path / "b.docx", ""), "r")) == []


def test_a_difference_told_in_english_has_its_unit_in_english(issue, units, tmp_path):
    rows = [
        ["地区", "金额（万元）"],
        *([name, f"{float(figure) + (name == '古塔区'):.2f}"] for _, name, figure in units),
    ]
    [wrong] = compare_issued(issue, write_csv(rows, tmp_path / "a.csv"), "r").differences
    assert "10,000 yuan" in wrong.text("en") and "万元" not in wrong.text("en") and "万元" in wrong.text("zh")


def test_a_unit_missing_under_any_of_the_figures_sealed_is_told_once(issue, units, tmp_path):
    """Two tables of two figures: the second leaves out a unit that the first has."""
    listed, paid = units[1:7], {code: figure + 3 for code, _, figure in units[1:7]}
    known = IssueOnRecord(
        {code: name for code, name, _ in listed},
        [*_of(issue, listed), SealedAmount("paid", Both("已提前下达", "Advanced"), issue.kept[0].unit, paid)],
        issue.units,
    )
    head = [["地区", "分配额（万元）"], ["地区", "已提前下达（万元）"]]
    first = [[name, f"{float(figure):.2f}"] for _, name, figure in listed]
    second = [[name, f"{float(paid[code]):.2f}"] for code, name, _ in listed]
    told_of = lambda *tables: compare_issued(known, write_docx(tables, tmp_path / "a.docx"), "r")  # noqa: E731
    assert told(told_of([head[0], *first], [head[1], *second])) == []
    [missing] = told_of([head[0], *first], [head[1], *second[:-1]]).differences
    assert missing.id.endswith("missing") and listed[-1][1] in missing.text("zh") and "已提前下达" in missing.text("zh")
    assert told(told_of([head[0], *first[:-1]], [head[1], *second[:-1]])) == ["missing"]


def test_a_paper_of_units_that_get_nothing_misses_all_others(issue, units, tmp_path):
    listed = [(code, name, Fraction(at)) for at, (code, name, _) in enumerate(units[:2])]
    amount = replace(issue.kept[0], figures={code: figure for code, _, figure in listed})
    known = IssueOnRecord({code: name for code, name, _ in listed}, [amount], issue.units)
    paper = write_csv([["地区", "金额（万元）"], [listed[0][1], "—"]], tmp_path / "a.csv")
    assert told(compare_issued(known, paper, "r")) == ["missing"]


def test_a_unit_that_a_second_small_table_lists_again_is_not_passed_over(issue, units, tmp_path):
    listed = units[1:3]
    known = IssueOnRecord({code: name for code, name, _ in listed}, _of(issue, listed), issue.units)
    head, lines = ["地区", "金额（万元）"], [[name, f"{float(figure):.2f}"] for _, name, figure in listed]
    again = compare_issued(known, write_docx([[head, *lines], [head, lines[0]]], tmp_path / "a.docx"), "r")
    assert told(again) == [] and [note.id for note in again.notes] == ["verify.issued_again"]
    copies = compare_issued(known, write_docx([[head, *lines], [head, *lines]], tmp_path / "b.docx"), "r")
    assert copies.notes == ()


def test_a_figure_of_the_record_is_told_with_separators(issue, units, tmp_path):
    rows = [
        ["地区", "金额（元）"],
        *([name, str(int(figure * 10000) + (at == 3))] for at, (_, name, figure) in enumerate(units)),
    ]
    [wrong] = compare_issued(issue, write_csv(rows, tmp_path / "a.csv"), "r").differences
    assert f"{int(units[3][2] * 10000):,}元" in wrong.text("zh")
