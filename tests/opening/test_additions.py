"""What the program adds to a case stands beside it: the case keeps its bytes, and where it has changed since, both are
shown and nothing issues until one is chosen."""

from __future__ import annotations

import json
import shutil
import zipfile
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allocation.case import FACT, RESOLUTION, SETTING
from allocation.errors import AllocationError
from allocation.opening.additions import Addition, additions_text, merged, read_additions, side_file, standing
from allocation.opening.beginning import beginning
from allocation.opening.case_book import read_case_book
from allocation.opening.case_toml import read_case_toml
from allocation.opening.cases import case_at
from allocation.opening.export import exported
from allocation.opening.splicing import with_cells
from allocation.run.finding import model_of_year
from tests.doubts.test_resolving import SIGNED, SWAPPED, ids, own_case, own_table

WORDS = st.sampled_from(["会议纪要", "来函", "a", "财预〔2022〕60号"])
DAY = st.just("2018-03-01")
FIGURES = st.sampled_from(["1000", "900", "0.5", "1/3"])
SAID = {
    FACT: st.fixed_dictionaries({"text": WORDS}),
    SETTING: st.fixed_dictionaries({"state": st.sampled_from(["decided", "expected", "open"])},
                                   optional={"value": FIGURES, "basis": WORDS, "by": WORDS, "date": DAY}),
    RESOLUTION: st.fixed_dictionaries({"reason": WORDS}, optional={"basis": WORDS, "date": DAY}),
}  # fmt: skip
KEYS = {FACT: ["fund", "office"], SETTING: ["pool", "rate"], RESOLUTION: ["names-00000000", "size-00000001"]}
PLACES = [(kind, key) for kind, keys in KEYS.items() for key in keys]


@st.composite
def said(draw):
    """What is said of some places, by place."""
    return {place: draw(SAID[place[0]]) for place in draw(st.lists(st.sampled_from(PLACES), unique=True))}


def written(path: Path, said_of: dict) -> Path:
    lines = ['model = "reward"', 'table = "own.csv"']
    names = {FACT: "facts", SETTING: "settings", RESOLUTION: "resolved"}
    for (kind, key), fields in said_of.items():
        value = json.dumps(fields["text"], ensure_ascii=False) if kind == FACT else (
            "{" + ", ".join(f"{name} = {json.dumps(text, ensure_ascii=False)}" for name, text in fields.items()) + "}"
        )  # fmt: skip
        lines += [f"[{names[kind]}]"] if f"[{names[kind]}]" not in lines else []
        lines.insert(lines.index(f"[{names[kind]}]") + 1, f"{json.dumps(key)} = {value}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("case")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(book=said(), added=said(), later=said())
def test_an_addition_stands_where_the_case_is_as_it_was_and_is_told_where_it_is_not(place, book, added, later):
    case = read_case_toml(written(place / "case.toml", book))
    additions = [Addition(*key, fields, standing(case, *key)) for key, fields in added.items()]
    side_file(case.path).write_text(additions_text("case.toml", additions), encoding="utf-8")
    assert {addition.place: addition for addition in read_additions(side_file(case.path))} == {
        addition.place: addition for addition in additions
    }
    both = case_at(str(case.path))
    assert (both.sha256 == case.sha256) == (not added)  # which case a paper was made from is told with its side file
    assert both.crossed == () and [standing(both, *key) for key in PLACES] == [
        added.get(key, standing(case, *key)) for key in PLACES
    ]
    edited = read_case_toml(written(place / "case.toml", later))
    now = merged(edited, additions)
    moved = {key for key in added if standing(edited, *key) not in (standing(case, *key), added[key])}
    assert {doubt.figures[:2] for doubt in now.crossed} == moved
    for key in PLACES:
        held = key in added and key not in moved
        assert standing(now, *key) == (added[key] if held else standing(edited, *key))
    for doubt in now.crossed:
        where = edited.places.get(doubt.figures[:2])
        assert doubt.problem.where == (where or "case.toml")


def test_a_changed_case_shows_both_and_issues_nothing_until_one_is_chosen(allocation, folder):
    own_table(folder)
    case = own_case(folder)
    for id in ids(allocation(f"check {case}").out):
        assert allocation(f"resolve {case} {id} " + SIGNED.format(why="已核对")).code == 0
    assert allocation(f"resolve {case} pool=1100 " + SIGNED.format(why="上级追加")).code == 0
    assert "1,100" in allocation(f"run {case}").out
    own_case(folder, "1200")
    before = (folder / case).read_bytes()
    told = allocation(f"run {case}")
    assert told.code == 0 and "1,200" in told.out
    for text in ("case.toml: [settings] pool", "“1000”", "“1200", "“1100", "allocation choose case.toml pool 补充"):
        assert text in told.out
    refused = allocation(f"run {case} --stage 征求意见稿")
    assert refused.code == 2 and "没有选定" in refused.err
    assert allocation(f"notices {case}").code == 2
    told = allocation(f"export {case} --out whole.toml")
    assert told.code == 2 and "allocation choose" in told.err and not (folder / "whole.toml").exists()
    (id,) = [doubt.id for doubt in case_at(case).crossed]
    assert "各有一说" in allocation(f"run {case} --resolve {id}=不管").err
    assert allocation(f"choose {case} pool 补充").code == 0
    assert "1,100" in allocation(f"run {case} --stage 征求意见稿").out
    own_case(folder, "1300")
    assert allocation(f"choose {case} pool 底稿").code == 0
    assert "1,300" in allocation(f"run {case} --stage 送审稿 --reason 改").out
    assert allocation(f"choose {case} pool 底稿").code == 2
    own_case(folder, "1200")
    assert (folder / case).read_bytes() == before


def test_what_lacks_particulars_or_means_nothing_is_said_all_at_once_and_written_nowhere(allocation, folder):
    own_table(folder)
    case = own_case(folder)
    told = allocation(f"resolve {case} names-00000000 --date 2018-03-01")
    assert told.code == 2 and "没有编号为" in told.err
    assert all(option in told.err for option in ("--why", "--basis", "--by", "--reviewed"))
    (folder / case).write_text(
        (folder / case).read_text(encoding="utf-8").replace("[facts]", '[facts]\nprepared = "张三"\nreviewed = "李四"'),
        encoding="utf-8",
    )
    (id,) = ids(allocation(f"check {case}").out)
    told = allocation(f"resolve {case} {id} --why 已核对")
    assert told.code == 2 and "--basis" in told.err and "--by" not in told.err.replace("--basis", "")
    for what in ("poool=5", "pool=", "pool=-5", "pool=多"):
        assert allocation(f"resolve {case} {what} " + SIGNED.format(why="x")).code == 2
    assert "--out" in allocation("resolve reward pool=5 " + SIGNED.format(why="x")).err
    assert not side_file(folder / case).exists()
    assert allocation(f"resolve {case} {id}=已核对 --basis 来函").code == 0
    assert (case_at(case).resolved[id].prepared, case_at(case).resolved[id].reviewed) == ("张三", "李四")


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"schema": 2, "entries": []}',
    '{"schema": 1, "entries": [{"kind": "setting", "key": "pool", "said": {"state": "perhaps"}}]}',
    '{"schema": 1, "entries": [{"kind": "fact", "key": "nobody", "said": {"text": "x"}}]}',
    '{"schema": 1, "entries": [{"kind": ["fact"], "key": "fund", "said": {"text": "x"}}]}',
    '{"schema": 1, "entries": [{"kind": "setting", "key": "pool", "said": {}}]}',
    '{"schema": true, "entries": []}'])  # fmt: skip
def test_a_side_file_that_this_program_would_not_write_is_told_and_never_passed_over(allocation, folder, text):
    own_table(folder)
    case = own_case(folder)
    side_file(folder / case).write_text(text, encoding="utf-8")
    with pytest.raises(AllocationError) as raised:
        case_at(case)
    assert raised.value.problems[0].where == side_file(folder / case).name
    assert allocation(f"run {case}").code == 2


@pytest.mark.parametrize("field", ["kind", "key", "said", "replaced", "by"])
@pytest.mark.parametrize("wrong", [None, 5, "x", [], {}, {"unheard": "of"}, {"reason": 5}, {"basis": "来函"}])
def test_of_an_entry_every_field_is_what_this_program_would_write_or_the_file_is_refused(place, field, wrong):
    good = {"kind": RESOLUTION, "key": "size-00000000", "said": {"reason": "来函"}, "replaced": None, "by": {}}
    fits = {"key": ["x"], "said": [], "replaced": [None, {}, {"basis": "来函"}], "by": [{}, {"basis": "来函"}]}
    unsaid = {"kind": FACT, "key": "fund", "said": {}, "replaced": None}
    file = place / "entry.json"
    for entry, right in ((good, True), (unsaid, False), (good | {field: wrong}, wrong in fits.get(field, []))):
        file.write_text(json.dumps({"schema": 1, "case": "", "entries": [entry]}, ensure_ascii=False), encoding="utf-8")
        if right:
            assert len(read_additions(file)) == 1
        else:
            with pytest.raises(AllocationError) as raised:
                read_additions(file)
            assert [problem.id for problem in raised.value.problems] == ["case.side_entry"]


def test_no_command_writes_over_a_case_or_its_side_file(allocation, folder):
    own_table(folder)
    case = own_case(folder)
    assert allocation("new reward --input inputs/own.csv --out case.xlsx --year 2018").code == 0
    assert allocation("resolve case.xlsx pool=900 " + SIGNED.format(why="x")).code == 0
    assert standing(case_at("case.xlsx"), SETTING, "pool")["value"] == "900"
    before = (folder / "case.xlsx").read_bytes()
    assert allocation("run case.xlsx --out case.xlsx").code == 2
    shutil.copy(folder / "inputs/own.csv", folder / "data.csv")
    told = allocation("run case.xlsx --input data.csv --out case.xlsx")
    assert told.code == 2 and (folder / "case.xlsx").read_bytes() == before
    assert case


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(book=said(), added=said())
def test_an_exported_text_reads_as_the_case_and_its_side_file_do(place, book, added):
    path = written(place / "export.toml", book)
    text = path.read_text(encoding="utf-8").replace('table = "own.csv"', 'table = "own.csv"  # x')
    path.write_text("# mine\n" + text, encoding="utf-8")
    before = path.read_bytes()
    case = read_case_toml(path)
    additions = [Addition(*key, fields, standing(case, *key)) for key, fields in added.items()]
    side_file(path).write_text(additions_text(path.name, additions), encoding="utf-8")
    new = place / "new.toml"
    new.write_bytes(exported(path, new))
    both, one = case_at(str(path)), read_case_toml(new)
    assert [standing(one, *key) for key in PLACES] == [standing(both, *key) for key in PLACES]
    assert path.read_bytes() == before and new.read_text(encoding="utf-8").startswith("# mine\n")


def test_an_exported_book_keeps_own_sheets_comments_and_stored_results_byte_for_byte(allocation, folder):
    own_table(folder)
    assert allocation("new reward --input inputs/own.csv --out case.xlsx --year 2018").code == 0
    book = openpyxl.load_workbook("case.xlsx")
    book.create_sheet("我的表")["A1"] = "=1+1"
    book["数据"]["C5"].comment = openpyxl.comments.Comment("请复核", "张三")
    book.save("case.xlsx")
    _stored(Path("case.xlsx"), "2")
    before = Path("case.xlsx").read_bytes()
    (id,) = ids(allocation("check case.xlsx --set pool=900").out)
    for what in (id, "pool=1/3", "size_rate"):
        told = allocation(f"resolve case.xlsx {what} --set pool=900 " + SIGNED.format(why="x"))
        assert told.code == 0, told.err
    assert allocation("export case.xlsx --out new.xlsx").code == 0
    assert allocation("export case.xlsx --out new.xlsx").code == 2  # never over another
    both, one = case_at("case.xlsx"), read_case_book(Path("new.xlsx"))
    assert (one.facts, one.resolved) == (both.facts, both.resolved) and id in one.resolved
    said_of = [(s.address, s.value, s.state, s.basis, s.last) for s in both.settings]
    assert [(s.address, s.value, s.state, s.basis, s.last) for s in one.settings] == said_of
    assert Path("case.xlsx").read_bytes() == before
    old, new = (zipfile.ZipFile(name) for name in ("case.xlsx", "new.xlsx"))
    changed = {name for name in old.namelist() if old.read(name) != new.read(name)}
    assert len([name for name in changed if "worksheets" in name]) == 2 and "xl/comments/comment1.xml" not in changed
    assert openpyxl.load_workbook("new.xlsx", data_only=True)["我的表"]["A1"].value == 2
    assert openpyxl.load_workbook("new.xlsx")["数据"]["C5"].comment.text == "请复核"


def _stored(path: Path, result: str) -> None:
    """The book with a result stored beside its one formula, as a spreadsheet program leaves it."""
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    with zipfile.ZipFile(path, "w") as book:
        for name, data in parts.items():
            book.writestr(name, data.replace(b"<f>1+1</f><v></v>", f"<f>1+1</f><v>{result}</v>".encode())
                          .replace(b"<f>1+1</f><v/>", f"<f>1+1</f><v>{result}</v>".encode()))  # fmt: skip


def test_two_cases_are_compared_cell_by_cell_old_to_new(allocation, folder):
    own_table(folder)
    assert allocation("new reward --input inputs/own.csv --out a.xlsx --year 2018").code == 0
    book = openpyxl.load_workbook("a.xlsx")
    rows = {cell.value: cell for cell in book["基本信息与参数"]["A"]}
    office, pool = rows["发文单位"].offset(0, 1), rows["资金总额"].offset(0, 3)
    office.value, pool.value = "锦州市财政局", 900
    data = book["数据"]
    place = next(cell for row in data.iter_rows() for cell in row if cell.value == 260)
    place.value = 261
    book.save("b.xlsx")
    told = allocation("compare a.xlsx b.xlsx")
    assert told.code == 0 and "3 处不同" in told.out
    for cell, text in ((office, "锦州市财政局"), (pool, "900"), (place, "261")):
        assert any(cell.coordinate in line and text in line for line in told.out.splitlines()), cell
    assert "没有不同" in allocation("compare a.xlsx a.xlsx").out


def test_a_trial_in_doubt_writes_no_import_and_says_so_and_doubts_are_listed_over_funds(allocation, folder):
    own_table(folder)
    case = own_case(folder)
    told = allocation(f"run {case}")
    assert told.code == 0 and "没有写导入表 outputs/reward.import.csv" in told.out
    assert not (folder / "outputs/reward.import.csv").exists() and (folder / "outputs/reward.xlsx").exists()
    (id,) = ids(told.out)
    listed = allocation("doubts outputs")
    assert id in listed.out and "待核 1 项" in listed.out
    assert allocation(f"resolve {case} {id} " + SIGNED.format(why="已核对")).code == 0
    assert allocation(f"run {case}").code == 0 and (folder / "outputs/reward.import.csv").exists()
    listed = allocation("doubts outputs")
    assert "待核 0 项" in listed.out and "会议纪要" in listed.out and "李四" in listed.out
    own_table(folder, {**SWAPPED, "210726,黑山县": "210726,凌海市", "210781,凌海市": "210781,黑山县"})
    assert "以前的结果" in allocation(f"run {case}").out
    assert allocation("doubts none").code == 2
    of_file = allocation(f"doubts {case}")
    assert of_file.code == 2 and f"allocation check {case}" in of_file.err


def test_a_new_case_begins_with_the_settings_of_last_years_result(allocation, folder):
    own_table(folder, {})
    case = own_case(folder, "1234")
    text = (folder / case).read_text(encoding="utf-8").replace("[facts]", '[facts]\noffice = "锦州市财政局"')
    (folder / case).write_text(text, encoding="utf-8")
    assert allocation(f"run {case} --set size_rate.大城市=0.9").code == 0
    for last in ("outputs/reward.xlsx", "outputs/reward.json"):
        begun = beginning(model_of_year("reward", None), 2019, folder / last, None)
        assert begun.last["pool"] == 1234 and begun.last["size_rate.大城市"] == Fraction(9, 10)
        assert begun.facts.office == "锦州市财政局" and begun.counties.codes


def test_another_fund_s_case_or_result_and_one_of_no_earlier_year_are_no_last_year(allocation, folder):
    own_table(folder, {})
    case = own_case(folder, "1234")
    assert allocation(f"run {case}").code == 0
    text = (folder / "models/reward.toml").read_text(encoding="utf-8")
    (folder / "models/other.toml").write_text(text, encoding="utf-8")
    for last in (case, "outputs/reward.xlsx", "outputs/reward.json"):
        with pytest.raises(AllocationError) as raised:
            beginning(model_of_year("other", None), 2019, folder / last, None)
        assert [problem.id for problem in raised.value.problems] == ["case.from_other_model"]
    with pytest.raises(AllocationError) as raised:
        beginning(model_of_year("reward", None), case_at(case).facts.budget_year, folder / case, None)
    assert [problem.id for problem in raised.value.problems] == ["case.from_not_before"]


def test_a_result_opens_as_a_case_and_tells_what_was_edited_since(allocation, folder):
    own_table(folder, {})
    case = own_case(folder, "1234")
    assert allocation(f"run {case}").code == 0
    plain = allocation("check outputs/reward.xlsx")
    assert plain.code == 0 and "1,234" in plain.out and "改过" not in plain.out
    book = openpyxl.load_workbook("outputs/reward.xlsx")
    cell = next(cell for row in book["参数"].iter_rows() for cell in row if cell.value == 1234)
    data, place = Path("outputs/reward.xlsx").read_bytes(), (cell.row - 1, cell.column - 1)
    Path("edited.xlsx").write_bytes(with_cells("edited.xlsx", data, {"参数": {place: Fraction(1300)}}))
    told = allocation("run edited.xlsx --out again")
    assert told.code == 0 and "1,300" in told.out
    line = next(line for line in told.out.splitlines() if "改过" in line)
    assert "1,234" in line.replace("1234", "1,234") and "1300" in line.replace(",", "")
    assert allocation("run edited.xlsx --input inputs/own.csv").code == 2
    assert allocation("explain edited.xlsx 210702").code == 0
