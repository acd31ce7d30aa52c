"""Every kind of record is made again byte for byte, or what is missing is said."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest
from desk import some
from hypothesis import given
from hypothesis import strategies as st

from allocation.record.record import ChangeKept
from allocation.verify.rerun_several import merged

ROOT = Path(__file__).parents[2]
SCENARIO = '[scenario]\nzh = "二"\nen = "Two"\n\n[[change]]\naddress = "pool"\nset = 1100\n\n[[change]]\n' \
           'address = "settled@古塔区"\nscale = 2\n'  # fmt: skip
FINAL = "run reward --year 2017 --stage 正式稿 --date 2017-08-20 --set pool=1000"
CORRECT = "correct reward --year 2017 --date 2017-09-20 --set pool=1100 --reason 增加资金 --settle-year 2018"


@pytest.fixture
def years(folder) -> Path:
    for name in ("dynamic_fund", "urbanisation_monitor"):
        shutil.copy(ROOT / "models" / f"{name}.toml", folder / "models")
        for path in (ROOT / "inputs").glob(f"{name}.*"):
            shutil.copy(path, folder / "inputs")
    return folder


def alike(allocation, folder: Path, record: Path, *more: str) -> None:
    """The files made again have the bytes of those beside the record."""
    shutil.rmtree(folder / "重做", ignore_errors=True)
    told = allocation(["rerun", str(record), "--out", "重做", "--input", "inputs", *more])
    assert told.code == 0, told.text
    assert ("没有重做" in told.out) is ("评估" in record.name)  # the report beside it
    again = [*(folder / "重做").iterdir()]
    assert again
    for path in again:
        assert path.read_bytes() == (record.parent / path.name).read_bytes(), path.name


@pytest.mark.parametrize("command", some([
    "timeline dynamic_fund",
    "timeline dynamic_fund --until 2022 --growth settled[in_city]=5% --lang en --set follow=0.4 "
    "--set hold_harmless#2018=0.5 --set settled[in_city]@古塔区#2018=300",
    "evaluate --input inputs/urbanisation_monitor.csv --year 2017 --date 2018-08-20",
], 1))  # fmt: skip
def test_several_years_are_made_again(allocation, years, command):
    told = allocation(command)
    assert told.code == 0, told.text
    (book,) = (years / "outputs").glob("*.xlsx")
    alike(allocation, years, book)
    for path in (years / "inputs").glob("*.csv"):
        path.write_text(path.read_text("utf-8-sig").replace("1", "2", 1), encoding="utf-8-sig")
    told = allocation(["rerun", str(book), "--out", "缺", "--input", "inputs"])
    assert told.code == 2 and "缺文件" in told.err and not (years / "缺").exists()


@pytest.mark.parametrize("more", some(["--set pool=900 --lang en", ""], 1))
def test_a_comparison_is_made_again(allocation, folder, more):
    (folder / "two.toml").write_text(SCENARIO, encoding="utf-8")
    told = allocation(f"compare reward two.toml {more}")
    assert told.code == 0, told.text
    alike(allocation, folder, folder / "outputs" / "reward_compare.xlsx")


def test_a_correction_and_the_correction_of_it_are_made_again(allocation, folder):
    assert allocation(FINAL).code == 0
    assert allocation(CORRECT).code == 0
    told = allocation(CORRECT.replace("1100", "1050").replace("09-20", "10-20"))
    assert told.code == 0, told.text
    versions = folder / "outputs" / "versions"
    for record in some(sorted(versions.glob("*更正*.*"), reverse=True), 1):
        alike(allocation, folder, record)
    next(versions.glob("*正式稿*.json")).unlink()
    record = next(versions.glob("*更正_1*.xlsx"))
    told = allocation(["rerun", str(record), "--out", "缺", "--input", "inputs"])
    assert told.code == 2 and "缺那一稿的记录" in told.err


def test_every_workbook_of_every_edition_of_a_version_is_made_again(allocation, folder):
    told = allocation(f"{FINAL} --edition 送县 --edition 公开")
    assert told.code == 0, told.text
    versions = folder / "outputs" / "versions"
    books = [*versions.glob("*公开*.xlsx"), *versions.glob("*送县*/*.xlsx")]
    assert len(books) == 5
    for book in some(books, 1):
        alike(allocation, folder, book)
    next(versions.glob("*正式稿*.json")).unlink()
    told = allocation(["rerun", str(books[0]), "--out", "缺", "--input", "inputs"])
    assert told.code == 2 and "缺这一版本所出自的测算的记录" in told.err


def test_an_edition_of_no_version_is_made_again_where_the_result_lies(allocation, folder):
    told = allocation("run reward --year 2017 --set pool=1000 --edition 公开")
    assert told.code == 0, told.text
    (book,) = (folder / "outputs").glob("*公开*.xlsx")
    told = allocation(["rerun", str(book), "--out", "缺", "--input", "inputs"])
    assert told.code == 2 and "没有编稿就写出的版本" in told.err
    assert allocation("run reward --year 2017 --set pool=1000").code == 0
    alike(allocation, folder, book)


def test_a_version_of_a_case_is_made_again_from_what_is_kept_beside_it_alone(allocation, folder):
    case = 'model = "reward"\ntable = "inputs/reward.csv"\n\n[facts]\nbudget_year = 2017\n\n[settings]\n' \
           'pool = { value = 900, state = "已定", basis = "会议纪要" }\n'  # fmt: skip
    (folder / "奖励.toml").write_text(case, encoding="utf-8")
    told = allocation("run 奖励.toml --stage 征求意见稿 --date 2017-08-20")
    assert told.code == 0, told.text
    shutil.rmtree(folder / "inputs")
    (folder / "奖励.toml").unlink()
    (record,) = (folder / "outputs/versions").glob("reward_*.json")
    told = allocation(["rerun", str(record), "--out", "重做"])
    assert told.code == 0, told.text
    assert all(path.read_bytes() == (record.parent / path.name).read_bytes() for path in (folder / "重做").iterdir())


def test_a_trial_that_wrote_no_import_file_is_made_again_without_one(allocation, folder):
    case = 'model = "reward"\ntable = "inputs/reward.csv"\n\n[facts]\nbudget_year = 2017\n\n[settings]\n' \
           'pool = { value = 900, state = "未定" }\n'  # fmt: skip
    (folder / "奖励.toml").write_text(case, encoding="utf-8")
    told = allocation("run 奖励.toml")
    assert told.code == 0 and "没有写导入表" in told.out, told.text
    alike(allocation, folder, folder / "outputs" / "reward.json")
    assert {path.name for path in (folder / "重做").iterdir()} == {"reward.xlsx", "reward.csv", "reward.json"}


def test_a_letter_without_a_record_says_so(allocation, folder):
    assert allocation("notices reward --year 2017 --date 2017-08-20 --set pool=1000").code == 0
    letter = next((folder / "outputs").rglob("*.docx"))
    with zipfile.ZipFile(letter) as old:
        parts = {name: old.read(name) for name in old.namelist() if not name.startswith("customXml/item")}
    with zipfile.ZipFile(letter, "w") as new:
        for name, data in parts.items():
            new.writestr(name, data)
    told = allocation(["rerun", str(letter), "--out", "缺"])
    assert told.code == 2 and "没有记录" in told.err and not (folder / "缺").exists()


@given(st.lists(st.integers(0, 9), unique=True), st.lists(st.sets(st.integers(0, 9)), max_size=4))
def test_parts_of_a_list_are_joined_so_that_each_is_a_part_of_it_again(whole, chosen):
    parts = [[ChangeKept(str(number)) for number in whole if number in some] for some in chosen]
    joined = merged(parts)
    for part in parts:
        assert [change for change in joined if change in part] == part
    assert len(joined) == len({*joined})
