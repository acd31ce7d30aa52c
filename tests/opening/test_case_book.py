"""A case workbook: what `allocation new` writes reads back as nothing decided; what is filled in is read, all of it."""

from __future__ import annotations

import zipfile
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest

from allocation.case import Batch, Facts, batch_of
from allocation.errors import AllocationError
from allocation.files import whole_files
from allocation.opening.beginning import Beginning, beginning
from allocation.opening.case_book import is_case_book, read_case_book
from allocation.opening.cases import case_at
from allocation.opening.settings import with_case, with_case_as_far
from allocation.policy.loading import load_model
from allocation.run.finding import model_of_year
from allocation.run.shelf import model_shelf
from allocation.tables.template import Counties
from allocation.xlsx.case_form import case_writer

SHIPPED = sorted({file.stem.partition("@")[0] for file in model_shelf()})
UNITS = Counties(("210702", "210703"), ("古塔区", "凌河区"))


def written(path: Path, model: str = "incentive_fund", lang: str = "zh", **facts) -> Path:
    loaded = model_of_year(model, None)
    whole_files.place({path: case_writer(loaded, path, lang, Beginning(Facts(**facts), UNITS))})
    return path


def filled(path: Path, sheet: str, cells: dict[str, object]) -> Path:
    """The book with cells filled in, as a person would: openpyxl is a person's program here."""
    book = openpyxl.load_workbook(path)
    for place, value in cells.items():
        book[sheet][place] = value
    book.save(path)
    return path


def cell_of(path: Path, sheet: str, text: str, right: int = 1) -> str:
    """The address of the cell so far right of the one with a text."""
    for row in openpyxl.load_workbook(path)[sheet].iter_rows():
        for cell in row:
            if cell.value == text:
                return openpyxl.utils.get_column_letter(cell.column + right) + str(cell.row)
    raise AssertionError(text)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", SHIPPED)
def test_a_new_case_of_every_model_reads_back_and_decides_nothing(tmp_path, name, lang):
    model = model_of_year(name, None)
    path = written(tmp_path / "case.xlsx", name, lang, budget_year=2024, batch=Batch())
    case = read_case_book(path)
    assert (case.model, case.facts.budget_year, case.facts.batch) == (name, 2024, Batch())
    assert case.given == {} and case.resolved == {} and case.table == path
    made = with_case(model, case)
    for key, entry in model.parameters.items():
        assert made.parameters[key].figures == entry.figures
        assert made.parameters[key].origins == entry.origins
        assert made.parameters[key].keys_in("open") == entry.keys_in("open")


@pytest.mark.parametrize("figure", ["2/37", "0.1", "1/3", "12345678901234567", "0.12345678901234567", "-2/7"])
def test_a_new_case_keeps_every_figure_of_its_model_to_the_last_digit(tmp_path, figure):
    """A cell holds 15 digits: what would be rounded there stands as a text, and nothing was set by the case."""
    text = (Path("tests/cases/shared/models/reward.toml")).read_text(encoding="utf-8")
    (tmp_path / "own.toml").write_text(text.replace('"50%"\nmin = 0\n', f'"{figure}"\n').replace("max = 2\n", ""))
    model = load_model(tmp_path / "own.toml")
    assert model.parameters["floor_rate"].figures == {"": Fraction(figure)}
    path = tmp_path / "case.xlsx"
    case_writer(model, path, "zh", Beginning(Facts(), UNITS, {"floor_rate": Fraction(figure)}))(path)
    case = read_case_book(tmp_path / "case.xlsx")
    rate = next(setting for setting in case.settings if setting.address == "floor_rate")
    assert (rate.value, rate.last) == (Fraction(figure), Fraction(figure))
    settled = with_case(model, case).parameters["floor_rate"]
    assert settled.figures == {"": Fraction(figure)} and not settled.origins


def test_a_new_case_goes_by_the_name_of_its_model_in_the_language_of_the_print(allocation, folder):
    """资金名称 is for what a bureau itself calls the fund; nobody called it anything yet."""
    assert allocation("new reward --year 2023 --input inputs/reward.csv --out case.xlsx").code == 0
    assert read_case_book(folder / "case.xlsx").facts.fund == ""
    assert allocation("run case.xlsx --out outputs/case.xlsx --lang en").code == 0
    book = openpyxl.load_workbook(folder / "outputs/case.xlsx")
    title = next(sheet["A2"].value for sheet in book.worksheets if "award" in str(sheet["A2"].value))
    assert "Settlement reward" in title and title.isascii()


def test_what_is_filled_in_is_read(tmp_path):
    path = written(tmp_path / "case.xlsx")
    info = "基本信息与参数"
    filled(path, info, {
        cell_of(path, info, "预算年度"): 2024,
        cell_of(path, info, "数据年度"): "2022年",
        cell_of(path, info, "批次/环节"): "追加（第二批）",
        cell_of(path, info, "下达日期"): "2024年3月9日",
        cell_of(path, info, "上级文号"): "辽财指〔2024〕5号",
        cell_of(path, info, "下达方式"): "一县一文",
        cell_of(path, info, "经办人"): "张三",
        cell_of(path, info, "奖励资金总额", 3): 6000,
        cell_of(path, info, "奖励资金总额", 4): "暂定",
        cell_of(path, info, "奖励资金总额", 5): "预计数",
        cell_of(path, info, "困难程度系数下限", 3): "0.7",
        cell_of(path, info, "困难程度系数下限", 4): "已定",
    })  # fmt: skip
    case = read_case_book(path)
    assert case.facts == Facts(
        budget_year=2024, data_year=2022, batch=Batch("supplement", 2), issued="2024-03-09",
        upper_number="辽财指〔2024〕5号", manner="each", prepared="张三",
    )  # fmt: skip
    model = with_case(load_model(Path("models/incentive_fund.toml")), case)
    pool, low = model.parameters["pool"], model.parameters["hardship_low"]
    assert (pool.value, dict(pool.states)) == (6000, {"": "expected"})
    assert (low.value, low.state(""), low.origins) == (Fraction(7, 10), "decided", {"": "case"})


def test_all_that_is_wrong_is_said_at_once_each_with_its_cell(tmp_path):
    path = written(tmp_path / "case.xlsx")
    info = "基本信息与参数"
    wrong = {
        cell_of(path, info, "预算年度"): "明年",
        cell_of(path, info, "批次/环节"): "分两次",
        cell_of(path, info, "下达日期"): "下周五",
        cell_of(path, info, "奖励资金总额", 4): "大概",
        cell_of(path, info, "资金来源"): "不在这里.xlsx",
    }
    filled(path, info, wrong)
    with pytest.raises(AllocationError) as raised:
        read_case_book(path)
    assert {problem.where for problem in raised.value.problems} == {f"case.xlsx: {info}!{cell}" for cell in wrong}


def test_a_setting_that_does_not_fit_names_its_cell(tmp_path):
    path = written(tmp_path / "case.xlsx")
    cell = cell_of(path, "基本信息与参数", "奖励资金总额", 3)
    filled(path, "基本信息与参数", {cell: -5})
    with pytest.raises(AllocationError) as raised:
        with_case(model_of_year("incentive_fund", None), read_case_book(path))
    assert [problem.where for problem in raised.value.problems] == [f"case.xlsx: 基本信息与参数!{cell}"]


def test_a_setting_that_does_not_fit_leaves_the_others_given(tmp_path):
    path, info, problems = written(tmp_path / "case.xlsx"), "基本信息与参数", []
    filled(path, info, {cell_of(path, info, "奖励资金总额", 3): 6000, cell_of(path, info, "保基数比例", 3): 90})
    model = with_case_as_far(model_of_year("incentive_fund", None), read_case_book(path), problems)
    assert [problem.where for problem in problems] == [f"case.xlsx: {info}!{cell_of(path, info, '保基数比例', 3)}"]
    assert model.parameters["pool"].value == 6000


def test_a_sheet_is_used_where_something_was_entered_and_a_file_may_stand_for_it(tmp_path):
    path = written(tmp_path / "case.xlsx")
    (tmp_path / "保密（二）.csv").write_text("x", encoding="utf-8")
    filled(path, "基本信息与参数", {cell_of(path, "基本信息与参数", "研究调整"): "保密（二）.csv"})
    filled(path, "台账", {"A5": "210702", "C5": "1"})
    assert read_case_book(path).given == {"adjustments": tmp_path / "保密（二）.csv", "ledger": path}
    filled(path, "研究调整", {"C5": 5})
    with pytest.raises(AllocationError, match="keep one of them"):
        read_case_book(path)


def test_codes_and_names_are_all_that_the_list_of_units_needs(tmp_path):
    path = written(tmp_path / "case.xlsx")
    filled(path, "接收单位", {"A5": "210702", "B5": "古塔区"})
    assert read_case_book(path).given == {"recipients": path}


def test_a_case_without_a_model_names_the_cell_where_it_goes(tmp_path):
    path, info = written(tmp_path / "case.xlsx"), "基本信息与参数"
    cell = cell_of(path, info, "模型")
    filled(path, info, {cell: None})
    with pytest.raises(AllocationError) as raised:
        read_case_book(path)
    assert [problem.where for problem in raised.value.problems] == [f"case.xlsx: {info}!{cell}"]


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("{name}财政局（农财科）：", "{name}财政局（农财科）："), ("｛name｝财政局", "{name}财政局"),
        ("各县（市、区） 财政局", "各县（市、区）财政局"), ("{name} (２)", "{name} (2)"),
        ("{县}财政局", None), ("{name}{科}", None), ("{name财政局", None), ("name}财政局", None),
    ],
)  # fmt: skip
def test_a_salutation_is_printed_as_typed_and_knows_no_other_place_to_fill(tmp_path, typed, read):
    path, info = written(tmp_path / "case.xlsx"), "基本信息与参数"
    cell = cell_of(path, info, "称谓")
    filled(path, info, {cell: typed})
    if read is not None:
        assert read_case_book(path).facts.salutation == read
        return
    with pytest.raises(AllocationError) as raised:
        read_case_book(path)
    assert [problem.where for problem in raised.value.problems] == [f"case.xlsx: {info}!{cell}"]


@pytest.mark.parametrize(
    ("issued", "received", "wrong"),
    [
        ("2024-03-09", "2024-02-20", []), ("2023-11-20", "", []), ("2025-01-05", "2024-12-30", []),
        ("", "2024-02-20", []), ("2024-03-09", "2024-03-09", []), ("2024-02-01", "2024-02-20", ["case.issued_before"]),
        ("2042-03-09", "2024-02-20", ["case.issued_far"]), ("2022-12-31", "", ["case.issued_far"]),
        ("2014-03-09", "2024-02-20", ["case.issued_before", "case.issued_far"]),
    ],
)  # fmt: skip
def test_a_day_of_issue_that_other_facts_deny_is_told_at_its_cell(tmp_path, issued, received, wrong):
    path, info = written(tmp_path / "case.xlsx", budget_year=2024), "基本信息与参数"
    cell = cell_of(path, info, "下达日期")
    filled(path, info, {cell: issued, cell_of(path, info, "上级文件收到日期"): received})
    told = []
    try:
        read_case_book(path)
    except AllocationError as error:
        told = [(problem.id, problem.where) for problem in error.problems]
    assert told == [(id, f"case.xlsx: {info}!{cell}") for id in wrong]


def test_a_resolved_doubt_says_why_and_who(tmp_path):
    path = written(tmp_path / "case.xlsx")
    filled(
        path, "待核事项", {"A5": "missing-1a2b3c4d", "C5": "今年没有任务", "D5": "会议纪要", "E5": "张三", "F5": "李四"}
    )
    case = read_case_book(path)
    said = {id: resolution.text() for id, resolution in case.resolved.items()}
    assert said == {"missing-1a2b3c4d": "今年没有任务（依据：会议纪要；经办：张三；复核：李四）"}
    filled(path, "待核事项", {"A6": "size-00000000", "D6": "会议纪要"})
    with pytest.raises(AllocationError) as raised:
        read_case_book(path)
    assert [problem.where for problem in raised.value.problems] == ["case.xlsx: 待核事项!C6", "case.xlsx: 待核事项!E6"]


def test_who_prepares_and_reviews_the_case_signs_its_doubts_and_a_doubt_said_twice_stops(tmp_path):
    path, info = written(tmp_path / "case.xlsx"), "基本信息与参数"
    filled(path, info, {cell_of(path, info, "经办人"): "张三", cell_of(path, info, "复核人"): "李四"})
    filled(
        path, "待核事项", {"A5": "size-00000000", "C5": "按统计公报", "A6": "size-00000001", "C6": "同上", "F6": "王五"}
    )
    signed = {id: (one.prepared, one.reviewed) for id, one in read_case_book(path).resolved.items()}
    assert signed == {"size-00000000": ("张三", "李四"), "size-00000001": ("张三", "王五")}
    filled(path, "待核事项", {"A6": "size-00000000"})
    with pytest.raises(AllocationError) as raised:
        read_case_book(path)
    assert [(one.id, one.where) for one in raised.value.problems] == [("case.resolved_twice", "case.xlsx: 待核事项!A6")]


def test_a_case_is_told_by_its_mark_and_no_other_workbook_is_one(tmp_path):
    path = written(tmp_path / "case.xlsx", lang="en")
    assert is_case_book(path) and case_at(str(path)).model == "incentive_fund"
    assert not is_case_book(Path("inputs/jinzhou_2017.xlsx"))
    with pytest.raises(AllocationError, match="is no case"):
        case_at("inputs/jinzhou_2017.xlsx")
    assert case_at("incentive_fund") is None and case_at("models/incentive_fund.toml") is None


@pytest.mark.parametrize(
    ("text", "batch"),
    [
        ("提前下达", Batch("advance")), ("正式下达（含清算）", Batch("formal")), ("追加", Batch("supplement")),
        ("追加第三批", Batch("supplement", 3)), ("追加（第2批）", Batch("supplement", 2)),
        ("收回 2", Batch("withdrawal", 2)),
        ("main issue", Batch("formal")), ("supplement.2", Batch("supplement", 2)), ("第一批", None), ("", None),
        ("追加第0批", None), ("分批", None),
    ],
)  # fmt: skip
def test_batches_as_people_write_them(text, batch):
    assert batch_of(text) == batch
    if batch:
        assert batch_of(batch.key) == batch == batch_of(batch.label.zh) == batch_of(batch.label.en)


def test_last_years_figures_are_carried_and_confirm_nothing(tmp_path):
    old = written(tmp_path / "old.xlsx", budget_year=2017)
    filled(old, "基本信息与参数", {
        cell_of(old, "基本信息与参数", "奖励资金总额", 3): 4600,
        cell_of(old, "基本信息与参数", "奖励资金总额", 4): "已定",
        cell_of(old, "基本信息与参数", "发文单位"): "锦州市财政局",
        cell_of(old, "基本信息与参数", "下达日期"): "2017-03-09",
    })  # fmt: skip
    begun = beginning(model_of_year("incentive_fund", None), 2018, old, None)
    assert begun.last["pool"] == 4600 and begun.facts.office == "锦州市财政局" and begun.facts.issued == ""
    assert begun.counties.codes == UNITS.codes
    new = tmp_path / "new.xlsx"
    case_writer(model_of_year("incentive_fund", None), new, "zh", begun)(new)
    case = read_case_book(new)
    pool = next(setting for setting in case.settings if setting.address == "pool")
    assert (pool.last, pool.value, pool.state) == (4600, None, "open")


def test_the_same_case_is_written_with_the_same_bytes_and_never_over_a_filled_one(tmp_path):
    first, second = written(tmp_path / "a.xlsx"), written(tmp_path / "b.xlsx")
    assert first.read_bytes() == second.read_bytes()
    assert zipfile.ZipFile(first).testzip() is None
    filled(first, "数据", {"C5": 1})
    before = first.read_bytes()
    with pytest.raises(AllocationError):
        written(first)
    assert first.read_bytes() == before


def test_a_notebook_opens_the_same_case_with_all_that_is_attached(tmp_path):
    import allocation as al

    path = tmp_path / "case.xlsx"
    model = model_of_year("incentive_fund", None)
    case_writer(model, path, "zh", beginning(model, 2018, None, Path("inputs/jinzhou_2017.xlsx")))(path)
    info = "基本信息与参数"
    filled(path, info, {cell_of(path, info, "奖励资金总额", 3): 5000, cell_of(path, info, "奖励资金总额", 4): "已定"})
    filled(path, "研究调整", {"B5": "义县", "C5": 30, "E5": "其余各地", "F5": "学位紧张", "G5": "专题会议"})
    run = al.load(path.as_posix()).run().engine
    assert run.part("adjustments") and run.year == 2018
    before = al.load("incentive_fund").run("inputs/jinzhou_2017.xlsx", pool=5000).engine
    at = before.table.names.index("义县")
    assert run.figures(run.model.award)[at] == before.figures("award")[at] + 30
