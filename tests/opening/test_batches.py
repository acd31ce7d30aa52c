"""A year in batches: each has versions, a final one and corrections of its own; titles and records carry the batch."""

from __future__ import annotations

import json
from pathlib import Path

from openpyxl import load_workbook

from allocation.workbook.versions import read_register

FINAL = "run reward --year 2017 --stage 正式稿 --date 2017-03-01"


def on_record(folder: Path) -> list[tuple[str, str]]:
    return [(version.batch, version.stage) for version in read_register(folder / "outputs/versions")]


def test_each_batch_of_a_year_has_a_final_version_of_its_own(allocation, folder):
    for batch in ("提前下达", "正式下达（含清算）", "追加", "supplement 2"):
        told = allocation([*FINAL.split(), "--batch", batch])
        assert told.code == 0, told.text
    assert on_record(folder) == [(key, "final") for key in ("advance", "", "supplement", "supplement.2")]
    names = {path.name.partition("_正式稿")[0] for path in (folder / "outputs/versions").glob("*.xlsx")}
    assert names == {"reward_2017_提前下达", "reward_2017", "reward_2017_追加", "reward_2017_追加第2批"}
    told = allocation("versions")
    assert "批次" in told.out and "追加（第2批）" in told.out


def test_a_second_final_version_of_the_same_batch_is_refused(allocation, folder):
    assert allocation(f"{FINAL} --batch 追加").code == 0
    told = allocation(f"{FINAL} --batch 追加 --set pool=1001")
    assert told.code == 2 and "2017 年追加的正式稿已定" in told.text and "--batch supplement" in told.text
    assert on_record(folder) == [("supplement", "final")]


def test_a_correction_of_a_batch_that_was_never_issued_names_those_that_were(allocation, folder):
    assert allocation(f"{FINAL} --batch 追加").code == 0
    told = allocation("correct reward --year 2017 --reason 数据有误 --set pool=1001")
    assert told.code == 2 and "本年已下达：追加" in told.text
    told = allocation("correct reward --year 2017 --reason 数据有误 --batch 提前下达 --set pool=1001")
    assert told.code == 2 and "提前下达还没有正式稿" in told.text
    told = allocation("correct reward --year 2017 --reason 数据有误 --batch 追加 --set pool=1001 --date 2017-04-01")
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
    assert load_workbook(book)["分配表"]["A2"].value.startswith("提前下达2019年（2017年数据）")
    assert allocation(["verify", book.as_posix()]).code == 0
    record = json.loads(book.with_suffix(".json").read_text(encoding="utf-8"))
    assert record["facts"] == {"batch": "advance", "budget_year": "2019"} and record["version"]["batch"] == "advance"
    edition = next((folder / "outputs/versions").glob("*送县*/*.xlsx"))
    assert allocation(["verify", edition.as_posix()]).code == 0
