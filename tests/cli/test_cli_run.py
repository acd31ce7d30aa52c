"""`allocation run`: what it writes, what it says, its exit codes, and that it writes everything or nothing."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import shutil
import zipfile

import pytest
from openpyxl import load_workbook

ENDINGS = ("csv", "import.csv", "json", "xlsx")
AWARDS = {"210702": 195, "210703": 263, "210726": 252, "210781": 290}


def written(name: str, folder: str = "outputs") -> set[str]:
    return {f"{folder}/{name}.{ending}" for ending in ENDINGS}


def manifest(folder, path: str = "outputs/reward.json") -> dict:
    return json.loads((folder / path).read_text(encoding="utf-8"))


def awards(folder, path: str = "outputs/reward.json") -> dict[str, int]:
    return {code: int(award) for code, award in manifest(folder, path)["awards"].items()}


def test_a_run_writes_workbook_csv_import_and_manifest_and_nothing_else(allocation, contents):
    before = contents()
    told = allocation("run reward")
    assert told.code == 0 and told.err == ""
    assert contents().keys() - before.keys() == {"outputs", *written("reward")}
    for name in written("reward"):
        assert name in told.out


def test_a_run_says_which_model_and_table_it_took(allocation):
    assert "模型：models/reward.toml    数据：inputs/reward.csv" in allocation("run reward").out


def test_the_awards_shown_are_the_awards_written_and_add_up_to_the_pool(allocation, folder):
    told = allocation("run reward")
    assert awards(folder) == AWARDS and sum(AWARDS.values()) == 1000
    for code, award in AWARDS.items():
        line = next(line for line in told.out.splitlines() if line.startswith(code))
        assert line.split()[2] == str(award)
    book = load_workbook(folder / "outputs/reward.xlsx", data_only=True)
    for sheet in ("测算", "导入表"):
        rows = [row for row in book[sheet].iter_rows(values_only=True) if row[1] in AWARDS]
        assert {row[1]: row[-1] for row in rows} == AWARDS


def test_a_failed_check_gives_1_says_which_and_writes_nothing(allocation, contents, folder):
    table = (folder / "inputs/reward.csv").read_text(encoding="utf-8")
    (folder / "混用.csv").write_text(table.replace("0.92", ""), encoding="utf-8")
    before = contents()
    told = allocation("run reward --input 混用.csv --out 混用")
    assert told.code == 1
    assert "× 不通过：困难系数由各县全部填报" in told.out
    assert "有 1 项核对不通过，没有写出文件" in told.err
    assert contents() == before


def test_bad_input_gives_2_and_leaves_the_old_results_as_they_were(allocation, contents):
    allocation("run reward")
    before = contents()
    for wrong in ("--set pool=-1", "--input inputs/none.csv", "--set floor_rate=150%", "--year 3000"):
        told = allocation(f"run reward {wrong}")
        assert told.code == 2 and told.out == "" and told.err
        assert contents() == before


def test_set_changes_the_run_and_the_manifest_says_old_and_new(allocation, folder):
    assert allocation("run reward --set pool=1,200 --set 城镇化率@黑山县=50% --set size_rate.大城市=9/10").code == 0
    record = manifest(folder)
    assert sum(awards(folder).values()) == 1200 and record["totals"] == {
        "award": "1200",
        "unit": "万元",
        "pool": "1200",
    }
    assert record["changes"] == [
        {"name": "pool", "key": "", "county": "", "old": "1000", "new": "1200", "year": None},
        {"name": "urban", "key": "", "county": "210726", "old": "0.415", "new": "0.5", "year": None},
        {"name": "size_rate", "key": "大城市", "county": "", "old": "0.8", "new": "0.9", "year": None},
    ]


def test_a_full_width_equals_sign_is_an_equals_sign(allocation, folder):
    assert allocation("run reward --set pool＝１２００").code == 0
    assert sum(awards(folder).values()) == 1200


def test_out_may_name_the_workbook_and_the_other_files_stand_beside_it(allocation, contents):
    told = allocation("run reward --out 结果/2017年方案.xlsx")
    assert told.code == 0 and "结果/2017年方案.xlsx" in told.out
    assert contents("结果").keys() == written("2017年方案", "结果")


def test_lang_en_gives_english_output_headers_and_sheets(allocation, folder):
    told = allocation("run reward --lang en")
    assert "wrote the workbook outputs/reward.xlsx" in told.out and "Settlement reward (example)" in told.out
    head = (folder / "outputs/reward.csv").read_text(encoding="utf-8-sig").splitlines()[0]
    assert head.startswith('code,name,City size,People settled (people),"Revenue (10,000 yuan)"')
    assert not any(
        ord(sign) > 127 for name in load_workbook(folder / "outputs/reward.xlsx").sheetnames for sign in name
    )


def test_float_gives_the_same_awards_and_is_marked_as_no_official_run(allocation, folder):
    assert allocation("run reward --float").code == 0
    assert awards(folder) == AWARDS and manifest(folder)["exact"] is False


def test_the_year_of_the_table_chooses_the_dated_sibling_and_the_run_says_so(allocation, folder):
    told = allocation("run dated")
    assert told.code == 0 and "模型：models/dated@2017.toml" in told.out and "旧办法" in told.out
    assert manifest(folder, "outputs/dated.json")["model"]["file"] == "dated@2017.toml"
    assert sum(awards(folder, "outputs/dated.json").values()) == 1000


def test_year_on_the_command_line_chooses_the_sibling_of_that_year(allocation, folder):
    told = allocation("run dated --year 2023")
    assert told.code == 0 and "模型：models/dated.toml" in told.out and "新办法" in told.out
    assert "预算年度 2023，数据年度 2017" in told.out
    assert sum(awards(folder, "outputs/dated.json").values()) == 2000
    told = allocation("run dated --year 2019")
    assert told.code == 0 and "模型：models/dated@2017.toml" in told.out


def test_reference_runs_a_model_outside_its_years_and_marks_the_result(allocation, folder):
    assert allocation("run dated --year 2010").code == 2
    told = allocation("run dated --year 2010 --reference")
    assert told.code == 0 and "参照" in told.out
    assert manifest(folder, "outputs/dated.json")["reference"] is True


def test_the_manifest_holds_the_hashes_of_what_was_read_and_no_paths(allocation, folder):
    assert allocation(f"run {folder}/models/reward.toml --input inputs/reward.csv --date 2017-08-30").code == 0
    record = manifest(folder)

    def digest(name: str) -> str:
        return hashlib.sha256((folder / name).read_bytes()).hexdigest()

    assert (record["kind"], record["schema"], record["language"]) == ("run", 2, 1) and record["date"] == "2017-08-30"
    assert record["model"]["sha256"] == digest("models/reward.toml") and record["model"]["basis"] == ["示例办法"]
    (table,) = record["inputs"]
    assert (table["file"], table["sha256"], table["counties"]) == ("reward.csv", digest("inputs/reward.csv"), 4)
    assert record["command"] == "allocation run reward.toml --input reward.csv --date 2017-08-30"
    assert record["versions"].keys() == {"allocation", "python"}
    assert [check["ok"] for check in record["checks"]] == [True, True]
    assert [note["id"] for note in record["notes"]] == ["tables.total_set_aside"]
    everything = b"".join((folder / name).read_bytes() for name in written("reward"))
    assert str(folder).encode() not in everything


def test_the_command_in_the_manifest_keeps_fractions_and_drops_folders(allocation, folder):
    allocation(f"run reward --set floor_rate=1/3 --set=cap_rate=7/2 --input={folder}/inputs/reward.csv --out 甲/乙")
    command = manifest(folder, "甲/乙/reward.json")["command"]
    assert command == "allocation run reward --set floor_rate=1/3 --set=cap_rate=7/2 --input=reward.csv --out 乙"


def test_the_csv_has_a_bom_and_its_codes_and_figures_are_text_that_reads_back(allocation, folder):
    allocation("run reward")
    data = (folder / "outputs/reward.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(data.decode("utf-8-sig").splitlines()))
    assert {row["行政区代码"]: int(row["分配额（万元）"]) for row in rows} == AWARDS
    assert rows[0]["城镇化率（%）"] == "85.2%" and rows[3]["困难系数"] == "1.02"
    shutil.copyfile(folder / "outputs/reward.csv", folder / "again.csv")
    assert allocation("run reward --input again.csv --out 又").code == 0
    assert awards(folder, "又/reward.json") == AWARDS


def test_codes_keep_their_zeros_in_every_file(allocation, folder):
    table = (folder / "inputs/reward.csv").read_text(encoding="utf-8").replace("2107", "0107")
    (folder / "inputs/reward.csv").write_text(table, encoding="utf-8")
    assert allocation("run reward").code == 0
    assert list(awards(folder)) == ["010702", "010703", "010726", "010781"]
    for name in ("csv", "import.csv"):
        assert "010702" in (folder / f"outputs/reward.{name}").read_text(encoding="utf-8-sig")
    sheet = load_workbook(folder / "outputs/reward.xlsx", data_only=True)["数据"]
    codes = [cell.value for row in sheet.iter_rows() for cell in row if str(cell.value).endswith("10702")]
    assert codes and set(codes) == {"010702"}


def test_the_same_inputs_give_the_same_bytes(allocation, contents, folder):
    allocation("run reward --out 一")
    first = {name.removeprefix("一/"): data for name, data in contents("一").items()}
    os.utime(folder / "inputs/reward.csv", (0, 0))
    allocation("run reward --out 二")
    second = {name.removeprefix("二/"): data for name, data in contents("二").items()}
    different = {name for name in first if first[name] != second[name]}
    assert different <= {"reward.json", "reward.xlsx"}  # they hold the command, in which only --out differs
    with zipfile.ZipFile(folder / "一/reward.xlsx") as archive:  # a clock's second would hardly pass within this test
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.read("docProps/core.xml").count(b"2000-01-01T00:00:00Z") == 2
    allocation("run reward --out 一")
    assert {name.removeprefix("一/"): data for name, data in contents("一").items()} == first


@pytest.mark.parametrize("broken", ["write_workbook", "write_csv", "write_import_csv"])
def test_when_writing_fails_midway_no_file_is_touched(allocation, contents, monkeypatch, broken):
    allocation("run reward")
    before = contents()

    def full(run, path, *more):
        path.write_bytes(b"half a fi")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(f"allocation.xlsx.files.{broken}", full)
    told = allocation("run reward --set pool=1100")
    assert told.code == 2 and "写不了这个文件（No space left on device）" in told.err
    assert contents() == before
    assert allocation("run reward --set pool=1100 --out 新/夹").code == 2
    assert contents() == before


@pytest.mark.parametrize("allowed", [0, 1, 3])
def test_when_a_rename_is_refused_the_files_renamed_before_it_are_as_they_were(
    allocation, contents, monkeypatch, allowed
):
    allocation("run reward")
    before = contents()
    ordinary, done, held = os.replace, [], []

    def refuse(source, target):
        if len(done) == allowed and not held:
            held.append(target)
        if target in held:
            raise PermissionError(13, "Permission denied", str(source), None, str(target))
        done.append(target)
        ordinary(source, target)

    monkeypatch.setattr(os, "replace", refuse)
    told = allocation("run reward --set pool=1100")
    assert told.code == 2 and "正在 Excel 或 WPS 中打开" in told.err
    assert contents() == before
    done.clear(), held.clear()
    assert allocation("run reward --out 新").code == 2
    assert contents() == before


def test_when_no_rename_goes_through_any_more_it_is_said_and_the_next_command_puts_the_rest_in_place(
    allocation, contents, monkeypatch
):
    allocation("run reward")
    ordinary, done = os.replace, []

    def refuse(source, target):
        if done:
            raise PermissionError(13, "Permission denied", str(source), None, str(target))
        done.append(target)
        ordinary(source, target)

    with monkeypatch.context() as disk:
        disk.setattr(os, "replace", refuse)
        told = allocation("run reward --set pool=1100")
    assert told.code == 2 and "写到一半就断了" in told.err
    assert allocation("verify outputs/reward.xlsx").code == 0
    half = contents()
    allocation("run reward --set pool=1100")
    assert contents() == half


def test_a_run_never_writes_over_the_table_it_came_from(allocation, contents):
    before = contents()
    for out in ("inputs", "inputs/reward.xlsx"):
        assert allocation(f"run reward --out {out}").code == 2
        assert contents() == before


def test_a_table_is_looked_for_by_the_model_s_name_and_its_absence_is_said(allocation, folder):
    shutil.copyfile(folder / "models/reward.toml", folder / "models/other.toml")
    told = allocation("run other")
    assert told.code == 2 and "没有为模型 other 找到数据表" in told.err
