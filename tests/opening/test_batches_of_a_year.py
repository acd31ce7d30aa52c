"""A year in batches: each has versions, a final one and corrections of its own; titles and records carry the batch."""

from __future__ import annotations

import csv
import json
import shutil
from fractions import Fraction
from pathlib import Path

from openpyxl import load_workbook

from allocation.record.versions import read_register

FINAL = "run reward --year 2017 --stage 正式稿 --date 2017-03-01"


SMALL = {"追加": "--set floor_rate=0 --set pool=300", "su": "--set floor_rate=0 --set pool=300"}


def on_record(folder: Path) -> list[tuple[str, str]]:
    return [(version.batch, version.stage) for version in read_register(folder / "outputs/versions")]


def test_each_batch_of_a_year_has_a_final_version_of_its_own(allocation, folder):
    for batch in ("正式下达（含清算）", "提前下达", "追加", "supplement 2"):
        issued(allocation, batch)
    assert on_record(folder) == [(key, "final") for key in ("", "advance", "supplement", "supplement.2")]
    names = {path.name.partition("_正式稿")[0] for path in (folder / "outputs/versions").glob("*.xlsx")}
    assert names == {"reward_2017_提前下达", "reward_2017", "reward_2017_追加", "reward_2017_追加第2批"}
    told = allocation("versions")
    assert "批次" in told.out and "追加（第2批）" in told.out


def test_a_second_final_version_of_the_same_batch_is_refused(allocation, folder):
    issued(allocation, "追加")
    told = allocation(f"{FINAL} --batch 追加 --set floor_rate=0 --set pool=301")
    assert told.code == 2 and "2017 年追加的正式稿已定" in told.text and "--batch supplement" in told.text
    assert on_record(folder) == [("supplement", "final")]


def test_a_correction_of_a_batch_that_was_never_issued_names_those_that_were(allocation, folder):
    issued(allocation, "追加")
    told = allocation("correct reward --year 2017 --reason 数据有误 --set pool=1001")
    assert told.code == 2 and "本年已下达：追加" in told.text
    told = allocation("correct reward --year 2017 --reason 数据有误 --batch 提前下达 --set pool=1001")
    assert told.code == 2 and "提前下达还没有正式稿" in told.text
    told = allocation(
        "correct reward --year 2017 --reason 数据有误 --batch 追加 --set floor_rate=0 --set pool=299 --date 2017-04-01"
    )
    assert told.code == 0, told.text
    assert on_record(folder) == [("supplement", "final"), ("supplement", "correction")]


def test_an_unknown_batch_is_told_with_those_there_are(allocation, folder):
    told = allocation(f"{FINAL} --batch 分批")
    assert told.code == 2 and "--batch" in told.text and "提前下达、正式下达、追加、调剂、收回" in told.text
    assert not (folder / "outputs").exists()


def test_a_register_without_batches_reads_as_of_the_formal_one(allocation, folder):
    assert allocation(FINAL).code == 0
    text = (folder / "outputs/versions/register.json").read_text(encoding="utf-8")
    (manifest,) = (folder / "outputs/versions").glob("reward*.json")
    assert "batch" not in text and "batch" not in json.loads(manifest.read_text(encoding="utf-8"))["version"]
    (version,) = read_register(folder / "outputs/versions")
    assert version.issue.batch.kind == "formal"


def test_titles_carry_batch_and_budget_year_and_the_workbook_verifies(allocation, folder):
    years = "--year 2019 --data-year 2017 --batch 提前下达"
    told = allocation(f"run reward --stage 送审稿 {years} --date 2018-11-01 --edition 送县")
    assert told.code == 0, told.text
    assert "提前下达2019年（2017年数据）" in told.out
    (book,) = (folder / "outputs/versions").glob("reward_2019_提前下达_送审稿*.xlsx")
    assert load_workbook(book)["资金测算表"]["A2"].value.startswith("提前下达2019年（2017年数据）")
    assert allocation(["verify", book.as_posix()]).code == 0
    record = json.loads(book.with_suffix(".json").read_text(encoding="utf-8"))
    assert record["facts"] == {"batch": "advance", "budget_year": "2019"} and record["version"]["batch"] == "advance"
    edition = next((folder / "outputs/versions").glob("*送县*/*.xlsx"))
    assert allocation(["verify", edition.as_posix()]).code == 0


ADVANCE = "县（市、区）,提前下达数\n古塔区,150\n凌河区,200\n黑山县,90\n凌海市,60\n"


def issued(allocation, batch: str, more: str = "") -> None:
    told = allocation(f"{FINAL} --batch '{batch}' {more or SMALL.get(batch[:2], '')}")
    assert told.code == 0, told.text


def awards(folder: Path, words: str) -> dict[str, Fraction]:
    (path,) = (folder / "outputs/versions").glob(f"*{words}*.json")
    kept = json.loads(path.read_text(encoding="utf-8"))["figures"]["awards"]
    return {code: Fraction(amount) for code, amount in kept.items()}


def test_the_batches_of_a_year_are_summed_and_nothing_counts_twice(allocation, folder):
    issued(allocation, "提前下达", "--set pool=500")
    (path,) = (folder / "outputs/versions").glob("*提前下达*.json")
    names, advance = json.loads(path.read_text(encoding="utf-8"))["names"], awards(folder, "提前下达_正式稿")
    (folder / "advance.csv").write_text(
        "县（市、区）,提前下达数\n" + "".join(f"{names[code]},{amount}\n" for code, amount in advance.items()), "utf-8"
    )
    issued(allocation, "正式下达", "--set pool=1000 --advance advance.csv")
    issued(allocation, "追加", "--set floor_rate=0 --set pool=300")
    issued(allocation, "追加 第2批", "--set floor_rate=0 --set pool=280")
    more = "--set floor_rate=0 --set pool=320 --reason 总额有误 --date 2017-05-01"
    told = allocation(f"correct reward --year 2017 --batch 追加 {more}")
    assert told.code == 0, told.text
    assert allocation("run reward --year 2017 --batch 收回 --stage 试算 --set pool=900").code == 0
    told = allocation("versions reward --year 2017 --sum --to outputs/sum.csv")
    assert told.code == 0, told.text
    assert "收回还没有正式稿" in told.out and "追加（更正 1 次后）" in told.out
    title, heads, *rows = csv.reader((folder / "outputs/sum.csv").open(encoding="utf-8-sig"))
    assert heads[2:] == ["提前下达", "正式下达", "追加（更正 1 次后）", "追加（第2批）", "合计"]
    figures = {row[0]: [Fraction(cell) for cell in row[2:]] for row in rows}
    whole = figures.pop("")
    assert [*map(sum, zip(*figures.values(), strict=True))] == whole
    assert all(sum(row[:-1]) == row[-1] for row in figures.values())
    formal = awards(folder, "reward_2017_正式稿")
    for code, row in figures.items():
        assert row[0] == advance[code] and row[1] == max(formal[code] - advance[code], 0)
        assert row[2] == awards(folder, "追加_更正")[code]
    assert whole[0] == 500 and whole[2:4] == [320, 280]


def test_the_sum_as_a_workbook_adds_up_live(allocation, folder):
    issued(allocation, "追加", "--set floor_rate=0 --set pool=300")
    issued(allocation, "收回", "--set floor_rate=0 --set pool=260")
    assert allocation("versions reward --sum --to outputs/sum.xlsx").code == 0
    sheet = load_workbook(folder / "outputs/sum.xlsx", data_only=True)["各批合计"]
    assert [cell.value for cell in sheet[8]][1:] == ["合计", 300, -260, 40]
    formulas = load_workbook(folder / "outputs/sum.xlsx")["各批合计"]
    assert formulas["C8"].value == "=SUM(C4:C7)" and formulas["E4"].value == "=SUM(C4:D4)"


def test_a_sum_says_what_it_lacks(allocation, folder):
    assert allocation("versions --sum").code == 2
    told = allocation("versions reward --year 2017 --sum")
    assert told.code == 2 and "没有正式稿，没有可合计的" in told.text
    (folder / "advance.csv").write_text(ADVANCE, encoding="utf-8")
    issued(allocation, "正式下达", "--set pool=1000 --advance advance.csv")
    assert "登记里没有提前下达" in allocation("versions reward --sum").out
    assert "sum.txt: 不能写成 .txt 文件" in allocation("versions reward --sum --to sum.txt").text


def test_a_lost_register_is_rebuilt_with_its_batches(allocation, folder):
    for batch in ("提前下达", "追加 第2批"):
        issued(allocation, batch)
    before = read_register(folder / "outputs/versions")
    shutil.rmtree(folder / "outputs/versions/register")
    (folder / "outputs/versions/register.json").unlink()
    assert allocation("versions --rebuild").code == 0
    assert {version.key for version in read_register(folder / "outputs/versions")} == {one.key for one in before}


def test_a_right_supplement_costs_no_reason_and_a_tenfold_one_does(allocation, folder):
    """First beside the year's own main issue, a year later beside the supplement that is on record."""
    issued(allocation, "正式下达", "--set pool=1000")
    told = allocation(f"{FINAL} --batch 追加 --set floor_rate=0 --set pool=60")
    assert told.code == 0 and "pool-" not in told.text
    told = allocation(f"{FINAL} --batch 追加2 --set pool=600")
    assert told.code == 2 and "追加合计 600" in told.text and "2017 正式下达" in told.text
    later = FINAL.replace("--year 2017", "--year 2018 --data-year 2017") + " --batch 追加"
    told = allocation(f"{later} --set floor_rate=0 --set pool=70")
    assert told.code == 0 and "pool-" not in told.text
    told = allocation(f"{later}2 --set pool=600")
    assert told.code == 2 and "2017 追加）合计 60 " in told.text
