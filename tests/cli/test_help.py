"""Help is told in one language, its commands and options in groups, every word of it from the catalogue."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click
import pytest

from allocation.cli import cli
from allocation.commands.by_name import FILES, GROUPS
from allocation.commands.helping import OPTION_GROUPS, help_key
from allocation.texts import LANGUAGES, catalogue
from allocation.texts.widths import text_width

CHINESE = re.compile("[\u4e00-\u9fff]")
TYPED = re.compile(r"[\w./]*@?[\u4e00-\u9fff]+/?[\w=]*|\[[^]]*\]")  # what an example gives to type may be Chinese


def commands(group: click.Group = cli, before: str = "") -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        yield f"{before}{name}", command
        if isinstance(command, click.Group):
            yield from commands(command, f"{name} ")


TREE = dict(commands())


def options(command: click.Command) -> list[click.Option]:
    return [parameter for parameter in command.params if isinstance(parameter, click.Option)]


@pytest.mark.parametrize("name", TREE)
def test_every_command_has_its_help_in_both_languages_and_every_option_is_in_it(allocation, name):
    told = {lang: allocation([*name.split(), "--help", "--lang", lang]) for lang in LANGUAGES}
    assert {help.code for help in told.values()} == {0}
    for option in options(TREE[name]):
        flag = next(word for word in option.opts if word.startswith("--"))
        assert all(re.search(rf"^  (-h, )?{flag}\b", help.out, re.M) for help in told.values()), flag


@pytest.mark.parametrize("name", ["", *TREE])
def test_help_in_english_has_chinese_in_examples_only_and_help_in_chinese_no_sentence_in_english(allocation, name):
    english = allocation([*name.split(), "--help", "--lang", "en"]).out
    for line in english.splitlines():
        rest = re.sub("as in .*|^中文: .*", "", line)
        assert not CHINESE.search(TYPED.sub("", rest)) or "/settled" in line, line
    chinese = allocation([*name.split(), "--help"]).out
    assert not re.search(r"(?<!-)\b(the|of|and|with|by default)\b", chinese), chinese


def test_the_commands_stand_in_groups_in_the_order_of_the_work(allocation):
    out = allocation("--help").out
    places = [out.index(f"\n{heading}\n") for heading in ("测算", "比较与解释", "一周工作", "核查", "模型")]
    assert places == sorted(places)
    listed = re.findall(r"^  ([a-z][a-z-]*)  ", out, re.M)
    assert listed == [name for group in GROUPS.values() for name in group] == list(FILES)


def test_every_option_of_every_command_has_its_group_once():
    placed = [flag for flags in OPTION_GROUPS.values() for flag in flags]
    used = {next(word for word in option.opts if word.startswith("--"))
            for command in [cli, *TREE.values()] for option in options(command)}  # fmt: skip
    assert sorted(placed) == sorted({*used, "--help"})


def test_no_text_of_help_is_of_an_option_that_there_is_not():
    known = {"option_help"}
    for name, command in [("allocation", cli), *TREE.items()]:
        place = help_key(name)
        known |= {f"about_{place}", f"more_{place}"}
        for parameter in command.params:
            key = parameter.opts[0].lstrip("-") if isinstance(parameter, click.Option) else parameter.name
            key = next((word[2:] for word in parameter.opts if word.startswith("--")), key).replace("-", "_")
            kinds = ("option_",) if isinstance(parameter, click.Option) else ("argument_", "word_")
            known |= {f"{kind}{key}" for kind in (*kinds, f"of_{place}_")}
    of_these = re.compile("(about|option|argument|word|of)_")
    assert [key for key in catalogue("zh", "help") if of_these.match(key) and key not in known] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_line_of_help_is_wider_than_the_terminal(allocation, monkeypatch, lang):
    monkeypatch.setenv("COLUMNS", "80")
    for name in TREE:
        lines = allocation([*name.split(), "--help", "--lang", lang]).out.splitlines()
        words = [line for line in lines if "|" not in line and "用法" not in line and "Usage" not in line]
        assert max(map(text_width, words)) <= 84, name  # two closing signs may hang over


USAGE = {
    "run reward --float=3": "--float 后面不写值",
    "run reward --set": "--set 后面没有写值",
    "compare reward --data a.csv": "--data 后面要写 2 个值",
    "run reward --year abc": "--year 应写 1950 至 2100 的整数",
    "merge": "缺少底稿",
    "choose 底稿.xlsx pool 哪个": "只能写 底稿、补充，写的是“哪个”",
    "rerun": "缺少记录",
    "scenario": "用法：",
    "scenario lst": "最接近的是 list",
    "scenario --lang zh": "还要写一个命令",
    "runn": "没有“runn”这个命令；最接近的是 run",
    "run reward --ou x": "没有 --ou 这个选项；最接近的是 --out",
    "cases a b": "多写了 b",
    "seek reward": "必须写 --vary",
}


@pytest.mark.parametrize("command", USAGE)
def test_what_click_complains_of_is_told_in_the_language(allocation, command):
    told = allocation(command)
    assert USAGE[command] in told.text
    assert told.code == (0 if command == "scenario" else 2)
    assert not re.search("Error|Usage|argument|requires|option '", told.text)
    english = allocation(f"{command} --lang en" if "--set" not in command else "--lang en run reward --set").text
    assert not CHINESE.search(english.replace("哪个", "").replace("旧表", "").replace("新表", "")), english


def test_a_language_before_the_command_holds_for_the_command(allocation):
    assert allocation("--lang en models").out.startswith("name") and allocation("models").out.startswith("名称")
    assert allocation("--lang en models --lang zh").out.startswith("名称")
