"""What nobody foresaw is said as such; broken pipes, odd locales and refusals of the system are no faults."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from allocation.commands import basic, unforeseen


@pytest.fixture
def broken(monkeypatch):
    def fail(*_):
        raise LookupError("示例")

    monkeypatch.setattr(basic, "report", fail)


def test_a_fault_of_the_program_says_what_to_send_and_that_nothing_was_written(allocation, folder, broken):
    told = allocation("check reward")
    assert told.code == 3 and told.out == "" and "Traceback" not in told.err
    assert "LookupError" in told.err and "test_last_door.py" not in told.err.splitlines()[0]
    assert "没有写出任何文件" in told.err
    (kept,) = folder.glob("allocation-fault-*.txt")
    assert kept.name in told.err
    text = kept.read_text(encoding="utf-8")
    assert "allocation check reward" in text and "LookupError: 示例" in text


def test_a_fault_after_files_were_written_names_them(allocation, broken):
    told = allocation("run reward --lang en")
    assert told.code == 3 and "no file was written" not in told.err.lower()
    assert "outputs/reward.xlsx" in told.err


def test_a_fault_where_nothing_can_be_kept_is_printed_shortly(allocation, broken, monkeypatch):
    monkeypatch.setattr(unforeseen, "_kept", lambda text: "")
    told = allocation("check reward --lang en")
    assert told.code == 3 and "LookupError: 示例" in told.err and len(told.err.splitlines()) < 16


def started(folder: Path, *words: str, **more) -> subprocess.CompletedProcess:
    code = "import sys; from allocation.cli import main; main()"
    root = Path(__file__).parents[2]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(root), *sys.path]), **more}
    return subprocess.run([sys.executable, "-c", code, *words], cwd=folder, env=environment, capture_output=True)


def test_chinese_names_of_files_are_written_in_a_locale_that_knows_none(folder):
    told = started(folder, "template", "reward", PYTHONUTF8="0", LC_ALL="C", PYTHONIOENCODING="cp1252")
    assert told.returncode == 0, told.stderr.decode()
    assert (folder / "outputs/reward_填报表.xlsx").is_file()
    assert "已写出填报表" in told.stdout.decode("utf-8")


def test_a_reader_that_leaves_early_changes_nothing_of_the_command(folder):
    code = "import sys; from allocation.cli import main; sys.argv[1:] = ['run', 'reward']; main()"
    reader, writer = os.pipe()
    os.close(reader)
    told = subprocess.run([sys.executable, "-c", code], cwd=folder, stdout=writer, stderr=subprocess.PIPE)
    os.close(writer)
    assert told.returncode == 0 and told.stderr == b""
    assert (folder / "outputs/reward.xlsx").is_file()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device here")
def test_output_that_cannot_be_written_is_said(folder):
    code = "import sys; from allocation.cli import main; sys.argv[1:] = ['models']; main()"
    with Path("/dev/full").open("w") as full:
        told = subprocess.run([sys.executable, "-c", code], cwd=folder, stdout=full, stderr=subprocess.PIPE)
    assert told.returncode == 2 and "Traceback" not in told.stderr.decode()


def test_names_too_long_for_any_file_system_are_said(allocation, contents):
    before = contents()
    for command in (
        f"run reward --out {'a' * 300}.xlsx",
        f"check {'a' * 300}.toml",
        f"check reward --input {'b' * 300}.csv",
    ):
        told = allocation(command)
        assert told.code == 2, told.text
    assert contents() == before


def test_a_path_without_toml_is_a_file_that_is_missing(allocation):
    for name in ("/some/absolute/path", "../x", "a/b/c"):
        told = allocation(["run", name])
        assert told.code == 2 and ".toml" in told.err


@pytest.mark.parametrize("word", ["a\x1b[31m", "a\u202eb", "a\udcff", "甲\u200b"])
def test_signs_nobody_sees_are_refused_on_the_command_line(allocation, word):
    told = allocation(["check", "reward", "--set", f"size@{word}=大城市"])
    assert told.code == 2 and "U+" in told.err
