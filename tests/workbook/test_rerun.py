"""A record is made again: byte for byte from files known by hash, or with all that is missing or differs."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from allocation.office.compared import compare_files

LEDGER = (
    "县（市、区）,指标,数值,来源部门,日期,状态,采用,采用人,采用理由\n"
    "黑山县,落户人数,96,统计局,2018-03-02,核定,是,张三,核对\n"
)


def repacked(book: Path, target: Path, change: Callable[[str], str] = str) -> None:
    """The same workbook, packed otherwise; `change` of its shared texts."""
    with zipfile.ZipFile(book) as old:
        parts = {item: old.read(item) for item in old.namelist()}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as new:
        for name, data in parts.items():
            new.writestr(name, change(data.decode("utf-8")) if name.endswith("sharedStrings.xml") else data)


@pytest.fixture
def made(allocation, folder):
    """A result with a changed parameter, a changed figure and a ledger."""
    (folder / "台账.csv").write_text(LEDGER, encoding="utf-8-sig")
    told = allocation('run reward --set pool=1200 --set "settled@古塔区=130" --ledger 台账.csv --date 2018-03-05')
    assert told.code == 0, told.text
    return folder / "outputs"


@pytest.mark.parametrize("record", ["reward.json", "reward.xlsx"])
def test_the_same_files_come_out_byte_for_byte(allocation, made, record):
    told = allocation(f"rerun outputs/{record} --out 重做 --input inputs --input 台账.csv")
    assert told.code == 0, told.text
    assert "单元格和记录都相同" in told.out
    for name in ("reward.xlsx", "reward.csv", "reward.json", "reward.import.csv"):
        assert (made.parent / "重做" / name).read_bytes() == (made / name).read_bytes()


def test_files_are_known_by_hash_not_by_name_and_found_beside_the_record(allocation, made):
    shutil.copy(made.parent / "inputs" / "reward.csv", made / "别名.csv")
    shutil.copy(made.parent / "台账.csv", made / "甲.csv")
    assert allocation("rerun outputs/reward.json --out 重做").code == 0


def test_vouchers_are_needed_too_and_known_by_hash(allocation, folder):
    (folder / "登记表.pdf").write_bytes(b"scan")
    head, line = LEDGER.splitlines()
    (folder / "台账.csv").write_text(f"{head},凭证\n{line},登记表.pdf\n", encoding="utf-8-sig")
    assert allocation("run reward --ledger 台账.csv").code == 0
    assert allocation("rerun outputs/reward.json --out 重做 --input inputs --input .").code == 0
    (folder / "登记表.pdf").write_bytes(b"another")
    told = allocation("rerun outputs/reward.json --out 重做 --input inputs --input .")
    assert told.code == 2 and "缺文件“登记表.pdf”" in told.err


def test_all_that_is_missing_is_said_and_nothing_is_written(allocation, made, contents):
    (made.parent / "台账.csv").write_text(LEDGER.replace("96", "97"), encoding="utf-8-sig")
    before = contents()
    told = allocation("rerun outputs/reward.json --out 重做 --input 台账.csv --lang en")
    assert told.code == 2 and contents() == before
    assert '"reward.csv" is missing' in told.err and '"台账.csv" is missing' in told.err
    assert "台账.csv has its name but is another file by now" in told.err


def test_every_difference_is_listed_cell_by_cell(allocation, made):
    repacked(made / "reward.xlsx", made / "reward.xlsx", lambda text: text.replace("黑山县", "黑山乡"))
    told = allocation("rerun outputs/reward.json --out 重做 --input inputs --input 台账.csv")
    assert told.code == 1
    assert "黑山乡" in told.out and "数据!C9：" in told.out and "reward.csv：与原件逐字节相同" in told.out


def test_a_record_that_says_other_figures_differs_by_field(allocation, made):
    path = made / "reward.json"
    record = json.loads(path.read_text("utf-8"))
    record["totals"]["award"] = "1201"
    path.write_text(json.dumps(record), encoding="utf-8")
    told = allocation("rerun outputs/reward.json --out 重做 --input inputs --input 台账.csv")
    assert told.code == 1 and "记录 totals：不同" in told.out


def test_a_workbook_saved_again_unchanged_differs_in_its_archive_only(made):
    path = made / "reward.xlsx"
    copy = made / "again.xlsx"
    repacked(path, copy)
    assert compare_files(path, copy).state == "archive"
    assert compare_files(made / "none.xlsx", copy).state == "absent"


def test_a_version_is_made_again_with_what_it_was_compared_with(allocation, folder):
    for pool, reason in ((1000, ""), (1100, "改总额")):
        told = allocation(
            f"run reward --year 2017 --stage 试算 --set pool={pool} --date 2018-03-05 --reason '{reason}'"
        )
        assert told.code == 0, told.text
    versions = folder / "outputs" / "versions"
    for ending in ("json", "xlsx"):
        (record,) = versions.glob(f"*_试算_2_*.{ending}")
        told = allocation(["rerun", str(record), "--out", f"重做{ending}", "--input", "inputs"])
        assert told.code == 0, told.text
        again = {path.name: path.read_bytes() for path in (folder / f"重做{ending}").iterdir()}
        assert again == {path.name: path.read_bytes() for path in versions.glob("*_试算_2_*")}
    next(versions.glob("*_试算_1_*.json")).unlink()
    told = allocation(["rerun", str(record), "--out", "缺", "--input", "inputs"])
    assert told.code == 2 and "缺那一稿的记录" in told.err


def test_the_folder_of_the_originals_is_never_written_over(allocation, made, contents):
    before = contents()
    assert allocation("rerun outputs/reward.json --out outputs --input inputs --input 台账.csv").code == 2
    assert contents() == before
