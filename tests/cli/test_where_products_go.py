"""--out means a folder or a file by one rule, whatever the command: what is there counts before what it is called."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from allocation.cli import cli
from allocation.errors import AllocationError
from allocation.files.destination import ENDINGS, destination

WORDS = st.text("年a1结果_-", min_size=1, max_size=6)
NAMES = st.tuples(WORDS, st.sampled_from(["", ".3", ".v2", ".结果", *sorted(ENDINGS), ".XLSX"])).map("".join)


@given(name=NAMES, slash=st.sampled_from(["/", "\\", "//"]))
def test_what_ends_in_a_slash_is_a_folder_and_else_only_known_endings_are_files(name, slash):
    assert not destination(name + slash).is_file
    assert destination(name + slash).folder == Path(name)
    asked = destination(name)
    assert asked.is_file == (Path(name).suffix.lower() in ENDINGS)
    assert asked.named("表.xlsx") == (Path(name) if asked.is_file else Path(name, "表.xlsx"))


@pytest.mark.parametrize("name", ["2024.3", "outputs.v2", "结果.xlsx", "旧.csv", "a.b.json", "结果"])
def test_a_folder_that_is_there_is_a_folder_whatever_its_name(tmp_path, name):
    (tmp_path / name).mkdir()
    for typed in (tmp_path / name, f"{tmp_path / name}/"):
        asked = destination(typed)
        assert asked.only_folder() == asked.folder == tmp_path / name and not asked.is_file


def test_a_file_that_ends_otherwise_is_refused_with_the_way_out():
    with pytest.raises(AllocationError) as stopped:
        destination("结果.pdf").file("表.xlsx")
    assert stopped.value.text("zh") == "结果.pdf: 不能写成 .pdf 文件；请写文件夹，或以 .xlsx 结尾的文件名"
    with pytest.raises(AllocationError) as stopped:
        destination("甲/结果.xlsx").only_folder()
    assert "如 甲" in stopped.value.text("zh")


COMMANDS = {
    "run reward": "reward.xlsx",
    "run dated --year 2017 --stage 试算": "journal.csv",
    "compare reward 更多.toml": "reward_compare.xlsx",
    "template reward": "reward_填报表.xlsx",
    "template reward --form ledger": "reward_数据台账.xlsx",
    "new reward --year 2024": "reward_2024_底稿.xlsx",
    "scenario template reward": "reward_情景.xlsx",
    "confirm reward": "reward_数据确认函.xlsx",
    "decompose reward --set pool=900": "reward_decompose.xlsx",
}


@pytest.fixture
def scenario(folder):
    (folder / "更多.toml").write_text(
        '[scenario]\nzh = "更多"\nen = "more"\n[[change]]\naddress = "pool"\nset = 950\n', "utf-8"
    )


@pytest.mark.usefixtures("scenario")
@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("there", [True, False])
def test_every_command_writes_into_a_folder_with_a_dot_in_its_name(allocation, folder, command, there):
    if there:
        (folder / "2024.xlsx").mkdir()
    told = allocation(f"{command} --out {'2024.xlsx' if there else '2024.3'}")
    assert told.code == 0, told.text
    assert (folder / ("2024.xlsx" if there else "2024.3") / COMMANDS[command]).is_file()


@pytest.mark.usefixtures("scenario")
@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_takes_a_trailing_slash_for_a_folder_that_is_not_there_yet(allocation, folder, command):
    told = allocation([*command.split(), "--out", "新.xlsx\\"])
    assert told.code == 0, told.text
    assert (folder / "新.xlsx" / COMMANDS[command]).is_file()


def test_every_place_that_is_written_to_is_read_by_the_one_rule():
    def places(command: click.Command) -> list[str]:
        below = command.commands.values() if isinstance(command, click.Group) else ()
        options = [option for option in command.params if {"--out", "--to"} & {*option.opts}]
        return [option.type.name for option in options] + [name for each in below for name in places(each)]

    kinds = places(cli)
    assert len(kinds) > 20 and set(kinds) == {"place", "folder"}
