"""--json of every command: one document of all that a person is told, its figures the printed ones, one exit code."""

from __future__ import annotations

import json
import re
import shutil
from fractions import Fraction
from pathlib import Path

import click
import pytest
from trials import FINAL, RUN, TRIALS, Trial, furnished

from allocation.cli import cli

READING = {
    "models": Trial("models"),
    "models in English": Trial("models --lang en"),
    "check": Trial("check reward --set pool=1000"),
    "run of many sources": Trial("run incentive_fund --input inputs/jinzhou_2017.xlsx"),
    "explain": Trial("explain reward 黑山县 --set pool=1000"),
    "margins": Trial("margins reward --year 2017 --set pool=1000"),
    "cases": Trial("cases ."),
    "doubts": Trial("doubts outputs", (RUN,)),
    "versions": Trial("versions", (FINAL,)),
    "journal": Trial("journal", (FINAL,)),
    "no versions": Trial("versions"),
    "scenario list": Trial("scenario list"),
    "verify": Trial("verify outputs/reward.xlsx", (RUN,)),
    "reconcile": Trial("reconcile reward --recipients recipients.csv --set pool=1000"),
}
REFUSED = {
    "no model": Trial("run 没有的"),
    "no such option": Trial("run reward --nothing"),
    "twice": Trial("run reward --year 2017 --year 2018"),
    "no table": Trial("run reward --input 没有.csv"),
    "wrong cells": Trial("run reward --input wrong.csv"),
    "no folder": Trial("cases nowhere"),
}
EVERY = {**READING, **TRIALS, **REFUSED}
APART = re.compile(r"\s{2,}")
LEFT_OUT = re.compile(r"^[─…\s]*$|^… ")  # a rule, and what says that rows are left out


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    place = furnished(tmp_path / "work")
    (place / "wrong.csv").write_text(
        (place / "inputs" / "reward.csv").read_text("utf-8").replace(",90,", ",很多,").replace("0.88", "x"), "utf-8"
    )
    monkeypatch.chdir(place)
    return place


@pytest.mark.parametrize("name", EVERY)
def test_what_a_person_is_told_another_program_is_told_whole(name, allocation, folder, tmp_path, monkeypatch):
    trial = EVERY[name]
    for command in trial.before:
        allocation(command)
    trial.change(folder)
    shutil.copytree(folder, tmp_path / "again")
    plain = allocation(trial.command)
    monkeypatch.chdir(tmp_path / "again")
    asked = allocation(f"{trial.command} --json")
    document = json.loads(asked.out)  # one document, and nothing beside it
    assert asked.out.count("\n") == 1 and document["version"] == 1
    assert document["code"] == asked.code == plain.code
    assert bool(document["problems"]) == (plain.code == 2)
    for problem in document["problems"]:
        assert problem["text"].splitlines()[0] in plain.err.replace("\n    ", "\n")
    cells = texts_of(document)
    said = "\n".join(document["said"])
    for line in plain.out.splitlines():
        parts = [part for part in APART.split(line.strip()) if part]
        known = line.strip() in said or LEFT_OUT.match(line) or all(part in cells for part in parts)
        assert known or without_figures(line) in without_figures(said), line
    after = document["after"]
    assert len(after) == len(document["tables"]) and after == sorted(after)
    assert all(0 <= place <= len(document["said"]) for place in after)
    for table in document["tables"]:
        for line in table["lines"]:
            assert len(line["cells"]) == len(line["exact"]) == len(line["figures"]) == len(table["columns"])
            for exact, figure in zip(line["exact"], line["figures"], strict=True):
                assert exact is None or float(Fraction(exact)) == figure


def texts_of(document: dict) -> set[str]:
    """What the tables hold, heads and cells, as the screen cuts and pads them."""
    texts = {cell for table in document["tables"] for line in table["lines"] for cell in line["cells"]}
    for table in document["tables"]:
        texts |= {part for column in table["columns"] for part in (column["head"], column["item"])}
        texts |= {f"{column['head']} {column['item']}" for column in table["columns"]}
    whole = {part for text in texts for part in (text.strip(), f"{text.strip()[:59]}…", text.strip().lstrip("+"))}
    return whole | {part for text in whole for part in APART.split(text)}


def without_figures(text: str) -> str:
    """Of seconds and times only the words can be the same twice."""
    return re.sub(r"[\d.:]+", "#", text).strip()


def test_every_command_that_speaks_a_language_answers_another_program_too():
    def tree(group: click.Group):
        for command in group.commands.values():
            yield from tree(command) if isinstance(command, click.Group) else [command]

    for command in tree(cli):
        typed = {word for parameter in command.params for word in parameter.opts}
        assert ("--json" in typed) == ("--lang" in typed and command.name != "page"), command.name
