"""A quota book of one year beside last year's: it opens with what was left, or is said not to be checked."""

from __future__ import annotations

import csv
import json

import openpyxl
import pytest
from worked import ROOT, model_of

import allocation as al
from allocation.errors import AllocationError
from allocation.policy.loading import model_from_text

SAMPLE = (ROOT / "inputs/quota_book.csv").read_text(encoding="utf-8-sig").splitlines()
DECIDED = "--decided carry_share --decided carry_limit"
COMPARED = ("opening_agrees", "book_goes_on", "new_open_at_nothing", "same_holder", "same_kind", "same_batch")


@pytest.fixture
def books(allocation, folder):
    """`2017.csv` with its result in `outputs`, and `2018.csv` that opens with what was left then."""
    write(folder, "2017.csv", [row for row in SAMPLE if ",2018," not in row])
    assert allocation(f"run quota_book --input 2017.csv {DECIDED}").code == 0
    left = json.loads((folder / "outputs/quota_book.json").read_text(encoding="utf-8"))["awards"]
    rows = [row.split(",") for row in SAMPLE if ",2017," not in row]
    for row in rows:
        if row[0] in left and not row[6]:
            row[6], row[7] = left[row[0]], "2" if "以前" in row[5] else "1"
    write(folder, "2018.csv", [",".join(row) for row in rows])
    return folder


def write(folder, name: str, rows: list[str]) -> None:
    (folder / name).write_text("\n".join(rows) + "\n", encoding="utf-8-sig")


def changed(folder, old: str, new: str) -> None:
    text = (folder / "2018.csv").read_text(encoding="utf-8-sig")
    assert text.count(old) == 1
    (folder / "2018.csv").write_text(text.replace(old, new), encoding="utf-8-sig")


LAST = ("outputs/quota_book.xlsx", "outputs/quota_book.json", "2017.csv")


@pytest.mark.parametrize("last", LAST)
def test_what_was_left_is_taken_from_last_year_s_result_list_or_table(allocation, books, last):
    fine = allocation(f"run quota_book --input 2018.csv --last {last} {DECIDED} --out 二")
    assert fine.code == 0 and "未核" not in fine.out and "待核" not in fine.out, fine.text
    changed(books, "批次,0.4,2", "批次,0.5,2")
    told = allocation(f"run quota_book --input 2018.csv --last {last} {DECIDED} --out 三")
    assert told.code == 1 and "2018.csv: G3" in told.out and "0.4" in told.out and not (books / "三").exists()


def test_with_no_book_of_last_year_nothing_is_said_to_agree(allocation, books):
    told = allocation(f"run quota_book --input 2018.csv {DECIDED} --out 二")
    assert told.code == 0 and "未核 6 项（没有上年的数" in told.out and "核对通过 7 项" in told.out
    assert "not checked" in allocation(f"run quota_book --input 2018.csv {DECIDED} --out two --lang en").out
    kept = {one["name"]: one for one in json.loads((books / "二/quota_book.json").read_text("utf-8"))["checks"]}
    assert [name for name, one in kept.items() if not one.get("asked", True)] == [*COMPARED]
    sheet = openpyxl.load_workbook(books / "二/quota_book.xlsx", data_only=True)["核对"]
    verdicts = {row[1].value: row[3].value for row in sheet.iter_rows() if row[1].value}
    labels = {check.name: check.label.zh for check in model_of("quota_book").checks}
    assert {name for name, label in labels.items() if verdicts[label] == "未核"} == {*COMPARED}
    assert "全部相符" in allocation("verify 二/quota_book.xlsx").out
    checks = al.load("quota_book").run(str(books / "2018.csv")).checks
    assert str(checks).count("— ") == 6 and "未核" in checks._as_html().split("<details>")[0]


def by_label(path) -> dict[str, set[str]]:
    """By the label of each line of sheet 核对 what its lines say."""
    said: dict[str, set[str]] = {}
    for row in openpyxl.load_workbook(path, data_only=True)["核对"].iter_rows():
        if row[1].value and row[3].value:
            said.setdefault(row[1].value, set()).add(row[3].value)
    return said


@pytest.mark.parametrize(("last", "word"), [("", "未核"), ("--last 2017.csv", "已与上年核对")])
def test_no_line_of_a_check_says_two_things(allocation, books, last, word):
    assert allocation(f"run quota_book --input 2018.csv {last} {DECIDED} --out 二").code == 0
    said = by_label(books / "二/quota_book.xlsx")
    labels = {check.label.zh: check.name for check in model_of("quota_book").checks}
    assert {labels[label] for label, words in said.items() if label in labels and words == {word}} == {*COMPARED}
    assert [label for label, words in said.items() if len(words) > 1] == []
    kept = json.loads((books / "二/quota_book.json").read_text("utf-8"))["checks"]
    assert all(one.get("asked", True) for one in kept if one["name"] in COMPARED) == bool(last)
    assert "全部相符" in allocation("verify 二/quota_book.xlsx").out
    again = allocation("rerun 二/quota_book.xlsx --input 2018.csv --out 四")
    assert again.code == 0, again.text


def test_what_agrees_or_was_not_asked_is_not_printed_in_red(allocation, books):
    assert allocation(f"run quota_book --input 2018.csv --last 2017.csv {DECIDED} --out 二").code == 0
    sheet = openpyxl.load_workbook(books / "二/quota_book.xlsx")["核对"]
    rules = [rule for span in sheet.conditional_formatting for rule in span.rules]
    red = next(rule.formula[0] for rule in rules if rule.type == "expression" and "$D4" in rule.formula[0])
    assert all(f'$D4<>"{word}"' in red for word in ("通过", "已与上年核对", "未核"))
    assert [rule.formula[0] for rule in rules if rule.type == "cellIs"] == ['"通过"', '"已与上年核对"']


def test_a_version_on_record_of_the_year_before_is_last_year_s_book(allocation, books):
    made = allocation(f"run quota_book --input 2017.csv {DECIDED} --stage 征求意见稿 --date 2018-01-05")
    assert made.code == 0, made.text
    fine = allocation(f"run quota_book --input 2018.csv {DECIDED}")
    assert fine.code == 0 and "未核" not in fine.out, fine.text
    changed(books, "历年节余,3.6,1", "历年节余,6.3,1")
    told = allocation(f"run quota_book --input 2018.csv {DECIDED}")
    assert told.code == 1 and "6.3" in told.out and "3.6" in told.out


@pytest.mark.parametrize(
    ("old", "new", "check"),
    [
        ("210727-02,义县·存量,2018,义县", "210727-02,义县·存量,2018,凌海市", "同一笔的持有单位"),
        ("凌海市,增减挂钩节余", "凌海市,存量", "同一笔的指标类型"),
        ("义县,存量,历年认定", "义县,存量,别的批次", "同一笔的批次"),
        ("2018年第1批,0,,5.5", "2018年第1批,2,1,5.5", "新增的笔期初为 0"),
        ("210727-02,", "210727-09,", "期初为 0"),
    ],
)
def test_who_holds_an_entry_of_what_kind_and_batch_is_compared_too(allocation, books, old, new, check):
    changed(books, old, new)
    told = allocation(f"run quota_book --input 2018.csv --last outputs/quota_book.xlsx {DECIDED} --out 二")
    failed = [line for line in told.out.splitlines() if "×" in line]
    assert told.code == 1 and any(check in line for line in failed), told.text


def test_an_entry_left_out_is_named_and_one_with_nothing_left_may_go(allocation, books):
    rows = (books / "2018.csv").read_text(encoding="utf-8-sig").splitlines()
    write(books, "2018.csv", [row for row in rows if not row.startswith("210727-02")])
    told = allocation(f"run quota_book --input 2018.csv --last outputs/quota_book.xlsx {DECIDED} --out 二")
    assert told.code == 1 and "210727-02 义县·存量" in told.out and "期初合计" in told.out
    first = [row.replace("2.2,1.6,,,,48.1", "2.2,3.3,,,,48.1") for row in SAMPLE if ",2018," not in row]
    write(books, "2017.csv", first)  # all of 义县·存量 is used
    assert allocation(f"run quota_book --input 2017.csv {DECIDED}").code == 0
    gone = allocation(f"run quota_book --input 2018.csv --last outputs/quota_book.xlsx {DECIDED} --out 二")
    assert gone.code == 0 and "待核" not in gone.out, gone.text


def test_years_carried_are_asked_for_where_they_end_what_is_carried_over(allocation, books):
    changed(books, "2017年第1批,3,1", "2017年第1批,3,")
    told = allocation(f"run quota_book --input 2018.csv {DECIDED} --out 二")
    assert told.code == 1 and "2018.csv: H4" in told.out and not (books / "二").exists()
    free = allocation(f"run quota_book --input 2018.csv {DECIDED} --set carry_limit.年度新增=99 --out 二")
    assert free.code == 0, free.text


def test_a_year_carried_over_too_often_lapses_after_a_book_of_last_year_as_over_the_years(allocation, books):
    changed(books, "批次,0.3,2", "批次,0.3,3")
    told = allocation(f"run quota_book --input 2018.csv --last outputs/quota_book.xlsx {DECIDED} --out 二")
    assert told.code == 0
    with (books / "二/quota_book.csv").open(encoding="utf-8-sig", newline="") as lines:
        rows = {row["行政区代码"]: row for row in csv.DictReader(lines)}
    assert rows["210711-01"]["年末收回（公顷）"] == "0.2"


def test_inputs_of_the_year_before_that_are_none_are_told_with_the_nearest():
    text = (ROOT / "models/quota_book.toml").read_text(encoding="utf-8")
    with pytest.raises(AllocationError) as caught:
        model_from_text(text.replace('year_before = ["book_before"]', 'year_before = ["book_befor"]'), "q.toml")
    assert "book_before" in caught.value.text("zh") and "year_before" in caught.value.text("zh")
