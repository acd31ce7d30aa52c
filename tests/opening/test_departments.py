"""One department's columns cut out of a case, and merged with it when they come back: nothing in silence."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allocation.case import SETTING
from allocation.errors import AllocationError
from allocation.opening.additions import Addition, additions_text, side_file, standing
from allocation.opening.cases import case_at
from allocation.opening.merged_file import merged_file
from allocation.opening.merging import CASE, RETURNED, MergeAsked, merge
from allocation.policy.loading import load_model, model_from_text
from allocation.run.shelf import model_shelf
from allocation.tables.departments import as_returned, supplied
from allocation.tables.reading import read_as_far
from allocation.tables.template import Counties
from allocation.xlsx.case_form import case_writer
from allocation.xlsx.department_form import DepartmentForm, department_form_writer
from tests.desk import examples, some

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "cases/shared/models/reward.toml").read_text(encoding="utf-8")
DEPARTMENTS = """[[department]]
name = "police"
zh = "公安局"
en = "Public security bureau"

[[department]]
name = "statistics"
zh = "统计局"
en = "Statistics bureau"

"""
OF = {"settled": "police", "revenue": "police", "urban": "statistics"}
UNITS = {"210702": "古塔区", "210703": "凌河区", "210726": "黑山县", "210781": "凌海市"}


def supplied_text() -> str:
    """The shared policy with departments."""
    text = TEXT.replace("[[input]]", DEPARTMENTS + "[[input]]", 1)
    for name, department in OF.items():
        text = text.replace(f'name = "{name}"\n', f'name = "{name}"\ndepartment = "{department}"\n', 1)
    return text


MODEL = model_from_text(supplied_text(), "reward.toml")


@pytest.fixture
def case(folder) -> Path:
    """A case whose table has every figure but one, in a folder with the model."""
    (folder / "models/reward.toml").write_text(supplied_text(), encoding="utf-8")
    values = {"settled": (180, 260, None, 150), "revenue": (30050, 41200, 15020, 22300)}
    return written_case(folder / "底稿.xlsx", values)


def written_case(path: Path, values: dict[str, tuple]) -> Path:
    from allocation.case import Facts
    from allocation.opening.beginning import Beginning

    figures = {name: tuple(None if v is None else Fraction(v) for v in column) for name, column in values.items()}
    counties = Counties(tuple(UNITS), tuple(UNITS.values()), figures)
    case_writer(MODEL, path, "zh", Beginning(Facts(budget_year=2018), counties))(path)
    return path


def returned(path: Path, cells: dict[str, object], department: str = "police", lang: str = "zh") -> Path:
    """The form of a department with cells filled in, as its people would."""
    form = DepartmentForm(lang, department, MODEL.label, Counties(tuple(UNITS), tuple(UNITS.values())), 2018)
    path.unlink(missing_ok=True)
    department_form_writer(MODEL, form, path)(path)
    book = openpyxl.load_workbook(path)
    for place, value in cells.items():
        book["数据"][place] = value
    book.save(path)
    return path


FULL = {f"{letter}{row}": value for letter, column in (("C", (180, 260, 90, 150)), ("D", (30050, 41200, 15020, 22300)))
        for row, value in enumerate(column, start=5)}  # fmt: skip


@pytest.mark.parametrize("file", some(model_shelf(), 2), ids=lambda file: file.stem)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_form_of_every_department_of_every_model_has_its_columns_and_says_whose_it_is(tmp_path, file, lang):
    from allocation.tables.departments import departments_in

    model = load_model(file)
    for key in model.departments:
        path = tmp_path / f"{key}.xlsx"
        form = DepartmentForm(
            lang, key, model.label, Counties(("210702", "210703"), ("古塔区", "凌河区"), year=2018), 2018
        )
        department_form_writer(model, form, path)(path)
        problems: list = []
        table = read_as_far(path, as_returned(model), problems, year=2018)
        assert not problems and table.names == ("古塔区", "凌河区")
        assert {name for name, _ in table.cells if name in model.inputs} == {*supplied(model, key)}
        assert [*departments_in(model, table)] == [key]


def test_a_form_has_the_units_of_the_case_and_only_columns_of_the_department(allocation, case):
    told = allocation("new 底稿.xlsx --for 锦州市公安局 --out 公安.xlsx")
    assert told.code == 0 and "4 个单位，2 列" in told.out
    rows = [*openpyxl.load_workbook("公安.xlsx")["数据"].iter_rows(values_only=True)]
    assert rows[0][0] == "2018年落户奖励资金分配（示例）（公安局）数据表"
    assert [row[:2] for row in rows[4:8]] == [*UNITS.items()]
    assert rows[2][2:4] == ("落户人数（人）", "财政收入（万元）") and not any(rows[2][4:])
    assert all(cell is None for row in rows[4:8] for cell in row[2:])


def test_an_unknown_department_lists_those_there_are(allocation, case):
    told = allocation("new 底稿.xlsx --for 公按局 --out 公安.xlsx")
    assert told.code == 2 and "最接近的是“公安局”" in told.err and "公安局、统计局" in told.err
    assert "[[department]]" in allocation("new dated --for 公安局 --year 2018").err
    assert not Path("公安.xlsx").exists()


def test_blank_cells_are_filled_in_and_a_differing_one_has_to_be_chosen(allocation, case, folder):
    before = case.read_bytes()
    returned(folder / "公安.xlsx", {**FULL, "C6": 265})
    told = allocation("merge 底稿.xlsx 公安.xlsx --out 新.xlsx")
    assert told.code == 2 and not Path("新.xlsx").exists()
    assert "公安.xlsx: 数据!C6: 凌河区的“落户人数”：底稿是 260（底稿.xlsx: 数据!D6），来表是 265" in told.err
    told = allocation("merge 底稿.xlsx 公安.xlsx --out 新.xlsx --choose 凌河区/落户人数=来表")
    assert told.code == 0 and "填入 1 格，按来表改 1 格，按底稿留 0 格" in told.out
    moved = {(line.split()[0], line.split()[1]) for line in told.out.splitlines() if "数据!" in line}
    assert moved == {("黑山县", "落户人数"), ("凌河区", "落户人数")}
    assert settled("新.xlsx") == (180, 265, 90, 150) and case.read_bytes() == before
    told = allocation("merge 底稿.xlsx 公安.xlsx --out 新二.xlsx --choose 落户人数=底稿")
    assert told.code == 0 and settled("新二.xlsx") == (180, 260, 90, 150)
    assert allocation("merge 底稿.xlsx 公安.xlsx --out 新.xlsx --choose 落户人数=底稿").code == 2  # never over another


def settled(path: str) -> tuple:
    return read_as_far(path, as_returned(MODEL), []).values["settled"]


def test_two_choices_that_cross_a_key_of_nothing_and_no_side_are_told(allocation, case, folder):
    returned(folder / "公安.xlsx", {**FULL, "C6": 265})
    told = allocation("merge 底稿.xlsx 公安.xlsx --out 新.xlsx --choose 落户人数=底稿 --choose 凌河区=来表")
    assert told.code == 2 and "选了两边" in told.err
    told = allocation("merge 底稿.xlsx 公安.xlsx --out 新.xlsx --choose 凌河区=来表 --choose 凌河市=来表")
    assert told.code == 2 and "“凌河市”没有要选的" in told.err
    assert "应写作" in allocation("merge 底稿.xlsx 公安.xlsx --out 新.xlsx --choose 凌河区=新").err
    assert not Path("新.xlsx").exists()


WRONG = {
    "unknown unit": ({"A6": "210799", "B6": "松山新区"}, "公安.xlsx: 数据!B6: 底稿里没有单位“210799 松山新区”"),
    "two names": ({"B6": "黑山县"}, "公安.xlsx: 数据!B6: 代码 210703 在底稿里是“凌河区”，这里写的是“黑山县”"),
    "a unit twice": ({"A6": "210702", "B6": "古塔区"}, "公安.xlsx: 数据!A6"),
    "another year": ({"A1": "2017年落户奖励资金分配（公安局）数据表"}, "公安.xlsx: 数据!A1: 表里写的是 2017 年"),
    "another's form": ({"A1": "2018年落户奖励（统计局）数据表", "B10": ""}, "没有“城镇化率”一列，这是统计局应报的"),
    "a column gone": ({"C3": "其他"}, "没有“落户人数”一列，这是公安局应报的"),
    "no department": ({"A1": "2018年落户奖励数据表", "B10": ""}, "看不出这张表是哪个部门报的"),
    "a figure no number": ({"C6": "很多"}, "公安.xlsx: 数据!C6"),
}


@pytest.mark.parametrize("wrong", some(WRONG, 3))
def test_what_is_wrong_with_a_return_is_told_with_its_cell_and_nothing_is_written(allocation, case, folder, wrong):
    cells, message = WRONG[wrong]
    returned(folder / "公安.xlsx", {**FULL, **cells})
    told = allocation("merge 底稿.xlsx 公安.xlsx --out 新.xlsx")
    assert told.code == 2 and message in told.err, told.text
    assert not Path("新.xlsx").exists()


def test_missing_units_blanks_and_columns_of_others_are_told_and_left(allocation, case, folder):
    path = returned(folder / "公安.xlsx", {**FULL, "C6": None, "C7": None, "E3": "城镇化率（%）", "E5": 50})
    book = openpyxl.load_workbook(path)
    book["数据"].delete_rows(8)
    book.save(path)
    told = allocation("merge 底稿.xlsx 公安.xlsx --out 新.xlsx")
    assert told.code == 0 and not Path("新.xlsx").exists() and "没有要写的" in told.out
    assert "公安.xlsx: 数据!C6: 凌河区的“落户人数”空着：底稿的 260 没有动" in told.out
    assert "公安.xlsx 里没有“凌海市”" in told.out
    assert "公安.xlsx: 数据!E5: “城镇化率”不是公安局填报的，是统计局的：没有并入" in told.out


def test_another_departments_form_two_returns_and_a_case_are_refused(allocation, case, folder):
    returned(folder / "公安.xlsx", FULL)
    told = allocation("merge 底稿.xlsx 公安.xlsx --for 统计局 --out 新.xlsx")
    assert told.code == 2 and "这张表写的是公安局，不是统计局" in told.err
    returned(folder / "公安二.xlsx", {**FULL, "C7": 91})
    told = allocation("merge 底稿.xlsx 公安.xlsx 公安二.xlsx --out 新.xlsx")
    assert told.code == 2 and "黑山县的“落户人数”报了两个数：90（公安.xlsx: 数据!C7）和 91" in told.err
    assert "这是一个测算底稿" in allocation("merge 底稿.xlsx 底稿.xlsx --out 新.xlsx").err
    assert "不是底稿" in allocation("merge reward 公安.xlsx --out 新.xlsx").err


def test_the_merged_case_holds_what_the_side_file_adds_and_ones_own_sheets(allocation, case, folder):
    book = openpyxl.load_workbook(case)
    book.create_sheet("我的表")["A1"] = "留着"
    book.save(case)
    addition = Addition(
        SETTING, "pool", {"value": "900", "state": "decided"}, standing(case_at("底稿.xlsx"), SETTING, "pool")
    )
    side_file(case).write_text(additions_text(case.name, [addition]), encoding="utf-8")
    returned(folder / "公安.xlsx", FULL)
    assert allocation("merge 底稿.xlsx 公安.xlsx --out 新.xlsx").code == 0
    both, alone = case_at("底稿.xlsx"), case_at("新.xlsx")
    figures = [[(setting.address, setting.value, setting.state) for setting in case.settings] for case in (both, alone)]
    assert alone.added is None and both.added and figures[0] == figures[1] and ("pool", 900, "decided") in figures[1]
    assert openpyxl.load_workbook("新.xlsx")["我的表"]["A1"].value == "留着"


def test_a_table_beside_the_case_gets_a_new_table_and_a_csv_is_told(allocation, case, folder):
    returned(folder / "公安.xlsx", {**FULL, "C5": 181, "D5": 30050.5, "D6": 41200, "D7": 15020.25, "D8": 22300})
    (folder / "own.toml").write_text('model = "reward"\ntable = "底稿.xlsx"\n', encoding="utf-8")
    told = allocation("merge own.toml 公安.xlsx --out 数据新.xlsx --choose 落户人数=来表 --choose 财政收入=来表")
    assert told.code == 0 and "已写出新数据表" in told.out and settled("数据新.xlsx")[0] == 181
    (folder / "own.toml").write_text(
        'model = "reward"\ntable = "inputs/reward.csv"\n[facts]\ndata_year = 2018\n', "utf-8"
    )
    told = allocation("merge own.toml 公安.xlsx --out 数据新.csv --choose 落户人数=来表")
    assert told.code == 2 and "另存为 .xlsx" in told.err


FIGURE = st.one_of(st.none(), st.integers(0, 400))
COLUMN = st.tuples(FIGURE, FIGURE, FIGURE, FIGURE)


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("merged")


@settings(max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(old=st.fixed_dictionaries({"settled": COLUMN, "revenue": COLUMN, "urban": st.just((None,) * 4)}),
       new=st.fixed_dictionaries({"settled": COLUMN, "revenue": COLUMN}), order=st.permutations(range(4)),
       side=st.sampled_from([CASE, RETURNED]), in_yuan=st.booleans())  # fmt: skip
def test_a_merge_takes_what_was_missing_and_what_was_chosen_and_not_a_cell_more(place, old, new, order, side, in_yuan):
    path, back, out = place / "底稿.xlsx", place / "公安.csv", place / "新.xlsx"
    path.unlink(missing_ok=True)
    written_case(path, old)
    if in_yuan:  # the case's own column of money in another unit than the model's
        book = openpyxl.load_workbook(path)
        head = next(cell for row in book["数据"]["A3:J3"] for cell in row if cell.value == "财政收入（万元）")
        head.value = "财政收入（元）"
        for row, figure in enumerate(old["revenue"], start=5):
            book["数据"].cell(row, head.column).value = None if figure is None else figure * 10000
        book.save(path)
    codes = [*UNITS]
    told_of = ("settled", "revenue")
    texts = {at: ["" if new[name][at] is None else str(new[name][at]) for name in told_of] for at in order}
    rows = [[codes[at], UNITS[codes[at]], *texts[at]] for at in order]
    head = "2018年落户奖励\n行政区代码,名称,落户人数,财政收入（万元）\n"
    back.write_text(head + "".join(",".join(row) + "\n" for row in rows) + "填报部门：公安局,,,\n", encoding="utf-8")
    case, wrong = case_at(str(path)), []
    table = read_as_far(path, as_returned(MODEL), wrong, budget_year=2018)
    assert not wrong
    differs = {name for name in new for a, b in zip(old[name], new[name], strict=True) if None not in (a, b) and a != b}
    chosen = {MODEL.inputs[name].label.zh: side for name in sorted(differs)}
    if not any(value is not None for column in new.values() for value in column):
        return
    told = merge(MODEL, table, [back], MergeAsked(chosen=chosen))
    pairs = {name: zip(old[name], new[name], strict=True) for name in new}
    wanted = {name: tuple(b if a is None or b is not None and side == RETURNED else a for a, b in held)
              for name, held in pairs.items()}  # fmt: skip
    if differs:
        with pytest.raises(AllocationError):
            merge(MODEL, table, [back], MergeAsked())
    before = path.read_bytes()
    out.write_bytes(merged_file(case, MODEL, table, told.taken, out))
    again = read_as_far(out, as_returned(MODEL), wrong, budget_year=2018)
    assert not wrong and path.read_bytes() == before
    assert {name: again.values[name] for name in new} == wanted and again.values["urban"] == (None,) * 4
    listed = {(figure.row, figure.name) for figure in told.figures}
    assert listed == {(row, n) for n in new for row in range(4) if new[n][row] not in (None, old[n][row])}


def test_a_department_that_is_not_declared_or_twice_is_refused():
    with pytest.raises(AllocationError, match="no department 'polic'; the nearest is 'police'"):
        model_from_text(supplied_text().replace('department = "police"', 'department = "polic"', 1), "a.toml")
    with pytest.raises(AllocationError, match="the department '公安局' is there twice"):
        model_from_text(supplied_text().replace('zh = "统计局"', 'zh = "公安局"'), "a.toml")
