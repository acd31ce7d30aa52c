"""The land quota book by hand: entries that close, what is carried over, what is told of a slip and where it stands."""

from __future__ import annotations

import csv
import re
import shlex
from fractions import Fraction

import openpyxl
import pytest
from worked import ROOT, decimals, failing, model_of, shipped, worked

from allocation.errors import AllocationError
from allocation.policy.loading import model_from_text
from allocation.report.tables import award_table, summary_table
from allocation.run.scenario import parse_assignment
from allocation.tables.reading import read_table
from allocation.years.timeline import read_years, timeline

SAMPLE = ROOT / "inputs/quota_book.csv"
HEAD = (
    "代码,名称,年度,持有单位,指标类型,批次,上年期末余额（公顷）,已结转年数（年）,本年下达（公顷）,本年核销（公顷）,"
    "调入（公顷）,调出（公顷）,年中收回（公顷）"
)
FIRST = ("A-1,甲新,2017,甲县,年度新增,一,10,2,5,4,0,1,2", "B-1,乙新,2017,乙县,年度新增,一,0,0,3,1.5,1,0,0")
SECOND = ("A-1,甲新,2018,甲县,年度新增,一,,,0,3,0,0,0", "B-1,乙新,2018,乙县,年度新增,一,,,0,0.5,0,0,0")


def book(*rows: str, head: str = HEAD) -> str:
    return "\n".join(("用地指标台账", head, *rows)) + "\n"


def years(tmp_path, *rows: str, changes: tuple[str, ...] = ()):
    path = tmp_path / "台账.csv"
    path.write_text(book(*rows), encoding="utf-8-sig")
    model = model_of("quota_book")
    return timeline(model, read_years([path], model), [parse_assignment(change) for change in changes])


def test_an_entry_closes_and_next_year_goes_on_from_there_until_it_may_be_carried_no_more(tmp_path):
    first, second = years(tmp_path, *FIRST, *SECOND).runs
    assert decimals(first, "closing") == [8, 2.5]  # 10 + 5 − 4 − 1 − 2 and 3 − 1.5 + 1
    assert decimals(second, "opening") == [8, 2.5]
    assert decimals(second, "lapsed") == [5, 0] and decimals(second, "closing") == [0, 2]  # carried over three times
    assert failing(first) == failing(second) == {}


def test_what_is_left_is_withdrawn_by_share_and_during_a_year_by_nothing(tmp_path):
    (run,) = years(tmp_path, *FIRST, changes=("carry_share.年度新增=33.33%",)).runs
    assert decimals(run, "left") == [8, 2.5] and decimals(run, "closing") == [2.6664, 0.8332]
    assert decimals(run, "lapsed") == [5.3336, 1.6668]
    (open_year,) = years(tmp_path, *FIRST, changes=("carry_share.年度新增=0", "year_end=0")).runs
    assert decimals(open_year, "closing") == [8, 2.5] and decimals(open_year, "lapsed") == [0, 0]


def test_more_used_than_there_was_and_transfers_that_do_not_net_are_told_at_once_with_their_cells(allocation, folder):
    rows = (FIRST[0].replace(",5,4,0,1,2", ",5,14,0,1,2"), FIRST[1].replace(",1.5,1,", ",1.5,0.9,"))
    (folder / "台账.csv").write_text(book(*rows), encoding="utf-8-sig")
    told = allocation("timeline quota_book --input 台账.csv")
    assert told.code == 1
    assert "甲新" in told.text and "台账.csv: J3" in told.text  # 核销
    assert "台账.csv: K4" in told.text and "台账.csv: L3" in told.text  # 调入, 调出
    assert not (folder / "outputs").exists()
    assert (
        "年度新增" in told.text
        and "乙新 调入 0.9 公顷（乙县、一）" in told.text
        and "甲新 调出 1 公顷（甲县、一）" in told.text
    )
    single = allocation("run quota_book --input 台账.csv")
    assert single.code == 1 and "台账.csv: J3" in single.text and "台账.csv: K4" in single.text


def test_an_unknown_kind_and_a_negative_amount_are_told_at_once_with_their_cells(allocation, folder):
    rows = (FIRST[0].replace("年度新增", "年度新赠"), FIRST[1].replace(",3,1.5,", ",3,-1.5,"))
    (folder / "台账.csv").write_text(book(*rows), encoding="utf-8-sig")
    told = allocation("timeline quota_book --input 台账.csv")
    assert told.code == 2 and "台账.csv: E3" in told.err and "台账.csv: J4" in told.err and "年度新赠" in told.err


def test_an_entry_that_is_dropped_or_gets_an_opening_out_of_nowhere_does_not_go_unnoticed(tmp_path):
    dropped = years(tmp_path, *FIRST, SECOND[0]).runs[1]
    assert "book_goes_on" in failing(dropped)
    new = years(tmp_path, *FIRST, *SECOND, "C-1,丙新,2018,丙县,年度新增,二,7,0,0,0,0,0,0").runs[1]
    assert "book_goes_on" in failing(new)
    other = years(tmp_path, *FIRST, SECOND[0].replace("年度新增,一,,", "年度新增,一,9,"), SECOND[1]).runs[1]
    assert failing(other)["opening_agrees"] == ("甲新",)
    (wrong,) = (c for c in other.checks if c.name == "opening_agrees")
    assert any("G5" in cell for cell in wrong.cells)


@pytest.mark.parametrize(
    ("found", "instead", "told"),
    [
        ("甲县,年度新增,一", "丙县,年度新增,一", ["same_holder"]),
        ("甲县,年度新增,一", "甲县,存量,一", ["same_kind"]),
        ("甲县,年度新增,一", "甲县,年度新增,二", ["same_batch"]),
        ("A-1,甲新,2018,甲县,年度新增,一,,,", "A-9,甲九,2018,甲县,年度新增,一,8,,", ["new_open_at_nothing"]),
        ("A-1,甲新,2018,甲县,年度新增,一,,,", "A-9,甲九,2018,甲县,存量,一,8,,", ["new_open_at_nothing"]),
    ],
)
def test_what_was_left_stays_with_its_entry_unit_kind_and_batch(tmp_path, found, instead, told):
    second = years(tmp_path, *FIRST, *(row.replace(found, instead) for row in SECOND)).runs[1]
    assert set(told) <= {*failing(second)} and "book_goes_on" not in failing(second)


def test_a_blank_opening_of_the_first_year_is_asked_for_by_its_cell(allocation, folder):
    (folder / "台账.csv").write_text(book(FIRST[0], FIRST[1].replace("一,0,0,3", "一,,0,3")), encoding="utf-8-sig")
    told = allocation("timeline quota_book --input 台账.csv")
    assert told.code == 2 and "G4" in told.err


@pytest.fixture(scope="module")
def first_year():
    """The first year of the sample, as one run."""
    model = model_of("quota_book")
    (first, _) = timeline(model, read_years([SAMPLE], model)).runs
    return first


def test_the_printed_book_says_its_identity_and_sums_by_kind_unit_and_batch(first_year):
    table = award_table(first_year)
    closing = table.column("closing")
    assert [key for _, key in closing.identity] == [
        "opening", "issued", "used", "moved_in", "moved_out", "recalled", "lapsed",
    ]  # fmt: skip
    sums = summary_table(first_year)
    labels = [line.label.zh for line in sums.lines]
    assert labels[:3] == ["合计（只作核对）", "指标类型：年度新增", "其中：古塔区"] and "持有单位：义县" in labels
    assert "批次：2017年第1批" in labels and [c.key for c in sums.columns if c.identity] == ["closing"]
    figures = sums.figures["closing"]
    for front in ("指标类型：", "持有单位：", "批次："):
        parts = [figure for label, figure in zip(labels, figures, strict=True) if label.startswith(front)]
        assert len(parts) > 1 and sum(parts) == figures[0] == first_year.total("closing")
    within = labels.index("指标类型：增减挂钩节余")
    assert figures[within] == figures[within + 1] + figures[within + 2] and labels[within + 1].startswith("其中：")


def test_the_sample_goes_through_verify_rerun_and_explain(allocation, folder):
    (folder / "台账.csv").write_text(
        "".join(line for line in SAMPLE.read_text(encoding="utf-8-sig").splitlines(True) if ",2018," not in line),
        encoding="utf-8-sig",
    )
    assert allocation("run quota_book --input 台账.csv --decided carry_share --decided carry_limit").code == 0
    assert "全部相符" in allocation("verify outputs/quota_book.xlsx").out
    again = allocation("rerun outputs/quota_book.json --input 台账.csv --out again")
    assert again.code == 0, again.err
    told = allocation("explain quota_book 210702-01 closing --input 台账.csv")
    assert told.code == 0 and "0.4" in told.out
    book = openpyxl.load_workbook(folder / "outputs/quota_book.xlsx")
    assert book["分类汇总"]["B8"].value.startswith("=IF(") and "EXACT" in book["分类汇总"]["B9"].value
    assert book["数据"]["E7"].protection.locked  # a kind that is edited would leave the sums without it


def test_years_of_the_sample_go_through_verify(allocation):
    told = allocation("timeline quota_book")
    assert told.code == 0 and "“上年期末余额”有的地区" not in told.out  # blank in the second year, as it is to be
    book = openpyxl.load_workbook("outputs/quota_book_timeline.xlsx")
    for year in (2017, 2018):
        sums = book[f"分类汇总{year}"]
        assert str(year) in sums["A2"].value and f"数据{year}" in sums["B8"].value and "EXACT" in sums["B8"].value
        assert book[f"数据{year}"]["E7"].protection.locked
    assert "全部相符" in allocation("verify outputs/quota_book_timeline.xlsx").out


def test_what_is_left_in_the_book_counts_first_in_next_years_claims_only_where_the_city_says_so(first_year):
    left = {"古塔区": Fraction(34, 10)}
    sums = summary_table(first_year)
    labels = [line.label.zh for line in sums.lines]
    assert sums.figures["closing"][labels.index("其中：古塔区")] == left["古塔区"]
    change = "carried_quota@古塔区=3.4"
    plain, given, half = (shipped("land_quota", *each) for each in ((), (change,), (change, "carried_share=50%")))
    row = plain.table.names.index("古塔区")
    assert plain.figures("claim") == given.figures("claim") and plain.figures("quota") == given.figures("quota")
    assert half.figures("carried_used")[row] == Fraction(17, 10)
    assert half.figures("claim")[row] == plain.figures("claim")[row] - Fraction(17, 10)
    assert failing(half).keys() == failing(plain).keys()
    assert half.figures("carried_left")[row] == Fraction(17, 10) and given.figures("carried_left")[row] == Fraction(
        34, 10
    )


def test_what_was_carried_over_above_the_claim_stands_in_a_column_of_its_own():
    run = shipped("land_quota", "carried_quota@古塔区=500", "carried_share=100%")
    row = run.table.names.index("古塔区")
    used, left = (run.figures(name)[row] for name in ("carried_used", "carried_left"))
    assert used == run.figures("gross_claim")[row] - run.figures("stock_used")[row] < 500 and used + left == 500
    table = award_table(run)
    assert table.figures["carried_left"][row] == left
    totals = {name: run.total(name) for name in ("carried_used", "carried_left")}
    assert totals["carried_used"] + totals["carried_left"] == sum(run.amounts("carried_quota"))


def test_affordable_dwellings_are_a_second_link_only_where_the_city_says_how_much_land_each():
    plain = shipped("land_quota")
    given = shipped("land_quota", "dwellings@古塔区=200")
    linked = shipped("land_quota", "dwellings@古塔区=200", "dwelling_land=60")
    row = plain.table.names.index("古塔区")
    assert plain.figures("claim") == given.figures("claim")
    assert linked.figures("housing_claim")[row] == Fraction(12, 10)  # 200 × 60 m²
    assert linked.figures("claim")[row] == plain.figures("claim")[row] + Fraction(12, 10)
    assert linked.figures("people_claim") == plain.figures("people_claim")


def test_supply_is_held_against_the_plan_by_use_town_and_city():
    run = worked(
        "land_supply", county=["甲县", "甲县"], planned__industry=[4, 6], planned__affordable=[2, 0],
        supplied__industry=[3, 6], supplied__affordable=[1.5, 0.5],
    )  # fmt: skip
    assert decimals(run, "difference") == [-1.5, 0.5] and decimals(run, "rate") == [0.75, 1.0833]
    assert decimals(run, "rate_of.affordable") == [0.75, 0]  # nothing was planned of the second
    assert float(run.figure("city_rate_of.industry")) == 0.9 and float(run.figure("city_rate")) == 0.9167
    assert failing(run) == {"within_plan": ("乙",), "affordable_supplied": ("甲",)} and run.ok


def test_the_sample_table_is_marked_as_made_up():
    model = model_of("quota_book")
    assert read_table(SAMPLE, model, year=2017).illustrative


def test_the_page_of_the_land_bureau_shows_what_its_commands_give(allocation):
    for page in ("docs/land.md", "docs/zh/land.md"):
        for kind, text in re.findall(r"```(bash|console)\n(.*?)```", (ROOT / page).read_text(encoding="utf-8"), re.S):
            for command in (line.removeprefix("$ ") for line in text.splitlines() if "allocation " in line):
                told = allocation(shlex.split(command)[1:])
                assert told.code == 0, (command, told.err)
            shown = text.replace("OUT/", "").splitlines()[1:] if kind == "console" else []
            said = [line.replace("OUT/", "").split() for line in told.out.splitlines()]
            assert [line for line in shown if line.split() not in said] == []


def test_what_the_import_file_says_is_booked_and_used_and_what_is_left_counts_next_year(allocation, folder):
    assert allocation("run land_quota").code == 0
    with (folder / "outputs/land_quota.import.csv").open(encoding="utf-8-sig", newline="") as lines:
        new = [row for row in csv.DictReader(lines) if row["指标类型"] == "年度新增"]
    rows = [
        f"{row['行政区代码']}-01,{row['名称']}·新增,2017,{row['名称']},年度新增,示例1号,0,,{row['公顷']},{row['公顷'][:-2]},,,"
        for row in new
    ]
    (folder / "台账.csv").write_text(book(*rows), encoding="utf-8-sig")
    told = allocation("run quota_book --input 台账.csv --decided carry_share --decided carry_limit")
    assert told.code == 0, told.err
    with (folder / "outputs/quota_book.csv").open(encoding="utf-8-sig", newline="") as lines:
        booked = list(csv.DictReader(lines))
    assert sum(Fraction(row["本年下达（公顷）"]) for row in booked) == shipped("land_quota").total("quota")
    left = {row["持有单位"]: Fraction(row["期末（公顷）"]) for row in booked}
    assert sum(left.values()) > 0
    given = [f"carried_quota@{name}={amount}" for name, amount in left.items()]
    after, plain = shipped("land_quota", *given, "carried_share=100%"), shipped("land_quota")
    for name, claim, before in zip(plain.table.names, after.amounts("claim"), plain.amounts("claim"), strict=True):
        assert claim == before - left[name]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_summary_by_no_text_and_cells_of_no_input_are_told_at_once_with_the_nearest(lang):
    text = (ROOT / "models/quota_book.toml").read_text(encoding="utf-8")
    for right, wrong in (
        ('by = ["batch"]', 'by = ["batches"]'),
        ('by = ["holder"]', 'by = ["holder", "kind", "batch"]'),
        (
            'cells = ["opening_before"]\nyear_before = []\n\n[[check]]\nname = "book',
            'cells = ["closing"]\n\n[[check]]\nname = "book',
        ),
    ):
        assert right in text
        text = text.replace(right, wrong, 1)
    with pytest.raises(AllocationError) as caught:
        model_from_text(text, "quota_book.toml")
    told = caught.value.text(lang)
    assert len(caught.value.problems) == 3
    assert "batches" in told and "[[summary]] by" in told and "opening_agrees · cells" in told
