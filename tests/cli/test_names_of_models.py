"""A model is called by its file's name, its short name or its label, in every command that takes one."""

from __future__ import annotations

import re
import shlex

import click
import pytest

from allocation.cli import cli
from allocation.errors import AllocationError
from allocation.run.finding import model_files
from allocation.run.shelf import base_name, known_as, model_shelf, titles

SHIPPED = sorted({base_name(file.stem) for file in model_shelf()})
FILES = {base_name(file.stem): file for file in model_shelf()}
WIDE = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})


def test_every_shipped_model_with_an_english_name_has_a_short_one_of_its_own():
    shorts = {name: titles(FILES[name])[1] for name in SHIPPED if name.isascii()}
    assert all(re.search("[\u4e00-\u9fff]", short) and " " not in short for short in shorts.values())
    assert len(set(shorts.values())) == len(shorts)


@pytest.mark.parametrize("name", SHIPPED)
def test_every_name_of_a_shipped_model_is_that_model_however_it_is_spelt(name):
    for title in titles(FILES[name]):
        spellings = (title, f"“{title}”", f"「{title}」", f" {title} ", title.upper(), title.translate(WIDE),
                     title.replace(" ", "\u3000"))  # fmt: skip
        assert {known_as(spelling) for spelling in spellings} == {name}, title


def test_what_models_prints_may_be_copied_into_a_command(allocation):
    for lang in ("zh", "en"):
        lines = allocation(f"models --lang {lang}").out.splitlines()
        listed = [line for line in lines[2:] if re.search(r" {2}", line)]
        assert len(listed) >= len(SHIPPED)
        for line in listed:
            cells = re.split(r" {2,}", line)
            for typed in cells[:3]:
                if typed != "—":
                    words = shlex.split(typed)
                    assert len(words) == 1 and model_files(words[0])[0].suffix == ".toml", typed


def test_near_misses_are_told_and_parts_of_names_list_those_that_have_them(allocation):
    assert "最接近的是“地方奖补”" in allocation("check 地方奖朴").err
    told = allocation("check 奖励资").err
    assert "名称里有这几个字的：dynamic_fund（动态奖励资金）、incentive_fund（奖励资金）" in told
    assert "没有模型“奖励资”" in told


def test_a_name_of_two_models_lists_both_and_takes_neither(allocation, folder):
    text = (folder / "models/reward.toml").read_text(encoding="utf-8")
    text = re.sub(r"(\[model\]\n)", r'\1short = "奖励资金"\n', text, count=1)
    (folder / "models/reward.toml").write_text(text, encoding="utf-8")
    told = allocation("run 奖励资金")
    assert told.code == 2 and "“奖励资金”对得上几个模型：incentive_fund（奖励资金）、reward（奖励资金）" in told.err
    with pytest.raises(AllocationError):
        known_as("奖励资金")


def test_a_dated_model_is_called_by_any_name_and_its_year():
    assert known_as("奖励资金@2017") == "incentive_fund@2017"
    assert [file.stem for file in model_files("奖励资金")] == ["incentive_fund", "incentive_fund@2017"]


def test_every_command_that_takes_a_model_takes_any_name_of_it(allocation, folder):
    """By the type of the argument; a few are run."""

    def models(command: click.Command, name: str) -> list[tuple[str, str]]:
        below = command.commands.items() if isinstance(command, click.Group) else ()
        taken = [(name, argument.type.name) for argument in command.params if argument.name == "model"]
        return taken + [pair for each, inner in below for pair in models(inner, f"{name} {each}".strip())]

    taken = dict(models(cli, ""))
    of_cases = {"choose", "export", "resolve"}
    assert len(taken) > 15 and {name for name, kind in taken.items() if kind != "model"} <= of_cases
    label = titles(folder / "models/reward.toml")[1]
    for command in ("run {}", "template {} --out 表", "explain {} 黑山县", "versions {}", "new {} --year 2024"):
        assert allocation(shlex.split(command.format(shlex.quote(label)))).code == 0, command


def test_a_case_may_name_its_model_by_any_name(allocation, folder):
    assert allocation("new incentive_fund --year 2024 --out 底稿.xlsx").code == 0
    (folder / "底稿.toml").write_text('model = "奖励资金"\ntable = "底稿.xlsx"\n[facts]\nbudget_year = 2024\n', "utf-8")
    told = allocation("check 底稿.toml")
    assert "没有模型" not in told.text, told.text
