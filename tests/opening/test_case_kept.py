"""The very case stands beside each version of it, sealed as the version is; a revision counts its states."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from small_case import CASE as PLAIN

from allocation.case import CaseFile, Facts
from allocation.opening.cases import case_at
from allocation.opening.keeping import case_files, case_kept, copied, is_inside
from allocation.record import journal
from allocation.record.record import CaseKept, FileKept
from allocation.record.versions import Version, _revision, read_register

CASE = PLAIN + '\n[files]\nrecipients = "inputs/recipients_reward.csv"\n'
DRAFT = "run 奖励.toml --stage 征求意见稿 --reason 改 --date 2017-08-20"


@pytest.fixture
def case(folder) -> Path:
    path = folder / "奖励.toml"
    path.write_text(CASE, encoding="utf-8")
    return path


def register(folder: Path) -> list[Version]:
    return read_register(folder / "outputs" / "versions")


def test_a_version_has_the_case_its_side_file_and_the_files_it_names_beside_it(allocation, folder, case):
    told = allocation(
        "resolve 奖励.toml pool=950 --why 增加 --basis 会议纪要 --by 张三 --reviewed 李四 --date 2017-08-01"
    )
    assert told.code == 0, told.text
    told = allocation(DRAFT)
    assert told.code == 0 and "所用底稿已照原样存档" in told.out, told.text
    (version,) = register(folder)
    archive = folder / "outputs/versions" / version.case_folder("zh")
    names = ["奖励.toml", "奖励.toml.补充.json", "inputs/reward.csv", "inputs/recipients_reward.csv"]
    for name in names:
        assert (archive / name).read_bytes() == (folder / name).read_bytes()
        digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        assert version.files[f"{archive.name}/{name}"] == digest
        assert digest in {row[7] for row in journal.read(folder / "outputs")}
    assert [*version.case_files] == [f"{archive.name}/{name}" for name in names]
    kept = case_at(str(archive / "奖励.toml"))  # the archive opens as the case did
    assert kept and [str(setting.value) for setting in kept.settings] == ["950"]
    record = json.loads((folder / "outputs/versions" / version.record).read_text("utf-8"))
    assert record["case"]["sha256"] == hashlib.sha256(case.read_bytes()).hexdigest()
    assert record["case"]["revision"] == 1 and "revision" not in record["version"]
    book = folder / "outputs/versions" / next(iter(version.files))
    cover = {row[0].value: row[1].value for row in load_workbook(book)["封面"].iter_rows(max_col=2)}
    assert "奖励.toml（第 1 次修订）" in cover["测算底稿"] and record["case"]["sha256"] in cover["测算底稿"]
    assert allocation(["verify", book.as_posix()]).code == 0
    assert allocation("journal").code == 0


def test_the_revision_rises_where_a_file_of_the_case_changed_and_stands_where_none_did(allocation, folder, case):
    assert allocation(DRAFT).code == 0
    assert allocation(f"{DRAFT} --set pool=940").code == 0  # an option lies over the case and changes no file of it
    table = folder / "inputs" / "reward.csv"
    table.write_text(
        table.read_text("utf-8-sig").replace(",180,", ",185,").replace(",680,", ",685,"), encoding="utf-8-sig"
    )
    assert allocation(DRAFT).code == 0
    case.write_text(CASE.replace("900", "910"), encoding="utf-8")
    assert allocation(DRAFT).code == 0
    assert [version.revision for version in register(folder)] == [1, 1, 2, 3]
    told = allocation("versions")
    assert told.code == 0 and "底稿修订" in told.out


@pytest.mark.parametrize(("spoil", "word"), [("changed", "文件已改动"), ("gone", "文件不在")])
def test_a_kept_case_that_was_touched_is_told(allocation, folder, case, spoil, word):
    assert allocation(DRAFT).code == 0
    (version,) = register(folder)
    copy = folder / "outputs/versions" / version.case_folder("zh") / "奖励.toml"
    copy.write_text(CASE.replace("900", "800"), encoding="utf-8") if spoil == "changed" else copy.unlink()
    told = allocation("versions")
    assert told.code == 1 and word in told.text and copy.name in told.text
    told = allocation(["verify", (folder / "outputs/versions" / next(iter(version.files))).as_posix()])
    assert told.code == 1 and word in told.text


def test_a_kept_file_that_is_gone_is_put_there_again_while_the_case_is_as_it_was(allocation, folder, case):
    assert allocation(DRAFT).code == 0
    (version,) = register(folder)
    copy = folder / "outputs/versions" / version.case_folder("zh") / "奖励.toml"
    copy.unlink()
    assert allocation(DRAFT).code == 0
    assert copy.read_bytes() == case.read_bytes() and allocation("versions").code == 0
    copy.unlink()
    case.write_text(CASE + "\n# 一句\n", encoding="utf-8")
    assert allocation(DRAFT).code == 0  # the same figures: no new version, and nothing else in the place of the copy
    assert not copy.exists() and len(register(folder)) == 1


def test_a_register_is_rebuilt_with_the_cases_of_its_versions(allocation, folder, case):
    assert allocation(DRAFT).code == 0
    before = register(folder)
    for path in [folder / "outputs/versions/register.json", *(folder / "outputs/versions/register").iterdir()]:
        path.unlink()
    assert allocation("versions --rebuild").code == 0
    assert register(folder) == before and allocation("versions").code == 0


def test_a_run_without_a_case_says_nothing_of_one(allocation, folder):
    assert allocation("run reward --year 2017 --set pool=900 --stage 试算").code == 0
    (version,) = register(folder)
    record = json.loads((folder / "outputs/versions" / version.record).read_text("utf-8"))
    assert "case" not in record and not version.case_files
    assert "revision" not in (folder / "outputs/versions/register.json").read_text("utf-8")


hashes = st.lists(st.sampled_from("abc"), min_size=1, max_size=3)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.none() | hashes, max_size=8))
def test_whatever_the_states_of_a_case_the_revision_rises_by_one_with_each_change_alone(states):
    made: list[Version] = []
    last, count = None, 0
    for state in states:
        kept = None
        if state:
            kept = CaseKept(
                "底稿.xlsx", state[0], tuple(FileKept(f"{at}.csv", text) for at, text in enumerate(state[1:]))
            )
            count += sorted(state) != last
            last = sorted(state)
        revision = _revision(type("Run", (), {"facts": Facts(kept=kept)}), tuple(made))
        assert revision == (count if state else 0)
        files = {f"{len(made)}_底稿/{name}": text for name, text in (kept.files if kept else {}).items()}
        made.append(Version("reward", 2017, "trial", 1, len(made) + 1, "", files={"a.xlsx": "", **files},
                            revision=revision))  # fmt: skip


def test_files_of_one_name_from_elsewhere_are_kept_side_by_side(tmp_path):
    (tmp_path / "case").mkdir()
    paths = [tmp_path / "case" / "底稿.toml", tmp_path / "case" / "表.csv", tmp_path / "表.csv"]
    for path in paths:
        path.write_text(str(path), encoding="utf-8")
    case = CaseFile(paths[0], "reward", paths[1], given={"ledger": paths[2]})
    files = case_files(case)
    assert [*files] == ["底稿.toml", "表.csv", "_表.csv"] and [*files.values()] == paths
    writers = copied(files, case_kept(case), tmp_path / "kept")
    assert {path.name for path in writers} == {"底稿.toml", "表.csv", "_表.csv"}


@pytest.mark.parametrize(("name", "inside"), [
    ("a.xlsx", True), ("底稿/a.xlsx", True), ("../a.xlsx", False), ("/a.xlsx", False), ("a/../../b", False),
    ("a\\b", False), ("c:a", False), ("", False), ("./a", False), ("a//b", False),
])  # fmt: skip
def test_a_register_names_files_within_its_folder_alone(name, inside):
    assert is_inside(name) is inside


@pytest.mark.parametrize("place", ["inputs/改.csv", "另处/reward.csv"])
def test_a_version_keeps_the_table_that_it_was_made_of_and_a_correction_asks_before_it_reads_another(
    allocation, folder, case, place
):
    """Also where that table is called as the case's own; the archive alone is enough to check it."""
    used = folder / place
    used.parent.mkdir(exist_ok=True)
    text = (folder / "inputs/reward.csv").read_text("utf-8").splitlines()
    cells = text[1].split(",")
    rows = [text[0], ",".join([*cells[:3], str(int(cells[3]) + 40), *cells[4:]]), *text[2:-1]]
    used.write_text("\n".join(rows) + "\n", encoding="utf-8")
    told = allocation(f"run 奖励.toml --input {place} --stage 正式稿 --reason 改 --date 2017-08-20")
    assert told.code == 0, told.text
    (version,) = register(folder)
    assert hashlib.sha256(used.read_bytes()).hexdigest() in version.case_files.values()
    refused = allocation("correct 奖励.toml --reason 改")
    assert refused.code == 2 and used.name in refused.text and "--input" in refused.text, refused.text
    assert len(register(folder)) == 1
    named = allocation("correct 奖励.toml --reason 改 --input inputs/reward.csv")
    assert named.code == 0, named.text
    used.unlink()
    book = folder / "outputs/versions" / f"{version.stem('zh')}.xlsx"
    told = allocation(f"verify {book.relative_to(folder)}")
    assert told.code == 0 and "没有找到写出时用的数据表" not in told.text, told.text
    assert allocation(f"rerun {book.relative_to(folder)} --out again").code == 0
