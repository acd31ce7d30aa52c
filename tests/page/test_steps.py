"""The steps of the week: every command is one, every entry of it is offered, and nothing else becomes a word of it."""

from __future__ import annotations

import json
import time
import urllib.error

import click
import pytest
from page_states import messy_book

from allocation.commands.by_name import COMMANDS
from allocation.commands.screen import Screen
from allocation.errors import AllocationError
from allocation.page.desk import Desk
from allocation.page.entries import command_of, entries, words_of
from allocation.page.steps import ELSEWHERE, ENDINGS, LEFT_OUT, NAMES, STEPS

ZH = Screen("zh")


def every_command() -> set[str]:
    """`scenario template` and `scenario list` instead of the group."""
    names = set()
    for name, command in COMMANDS.items():
        below = command.commands if isinstance(command, click.Group) else {"": command}
        names |= {f"{name} {each}".strip() for each in below}
    return names


def test_every_command_can_be_reached_from_the_page():
    assert {step.name for step in STEPS.values()} | ELSEWHERE.keys() == every_command()
    assert not {step.name for step in STEPS.values()} & ELSEWHERE.keys()


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_every_option_of_a_step_is_offered_or_named_as_left_out(step):
    names = {entry.key for entry in entries(step, ZH)}
    flags = {next((f for f in p.opts if f.startswith("--")), p.name) for p in command_of(step.name).params}
    assert flags == names | LEFT_OUT.keys() & flags and not names & LEFT_OUT.keys()
    assert set(step.first) <= names and all(entry.about for entry in entries(step, ZH))
    assert all(entry.first for entry in entries(step, ZH) if entry.needed)


def test_an_entry_lists_only_files_of_the_kinds_that_it_can_take():
    endings = {(key, entry.key): entry.endings for key, step in STEPS.items() for entry in entries(step, ZH)}
    assert endings["fill", "--template"] == (".xlsx", ".xlsm") and endings["notices", "--template"] == (".docx",)
    assert endings["fill", "--mapping"] == endings["import_map", "--mapping"] == (".toml",)
    named = {key.rpartition(" ")[2] for key in ENDINGS}
    assert named <= {key for (_, key), kinds in endings.items() if kinds}  # none names an entry that is not there
    kinds = {(key, entry.key): entry.kind for key, step in STEPS.items() for entry in entries(step, ZH)}
    of_files = {each for each, kind in kinds.items() if kind in ("file", "named", "attached")}
    assert {each for each, told in endings.items() if told} == of_files


def test_what_is_typed_in_names_can_be_chosen_by_what_it_is_called(server):
    names = server.ask("week.names", {"model": "reward"}, "zh")
    assert ["pool", "资金总额"] in names["settings"] and ["210726", "黑山县"] in names["units"]
    assert ["award", "分配额"] in names["columns"] and all(
        word and label for kind in names.values() for word, label in kind
    )
    offered = [entry for step in STEPS.values() for entry in entries(step, ZH)]
    kinds = {kind for entry in offered for kind in entry.names[::2] if kind}
    assert kinds == names.keys() | {"doubts"} and {*NAMES} <= {entry.key for entry in offered}


def test_a_doubt_is_chosen_by_what_it_says(server):
    table = server.hand("存疑.xlsx", messy_book(180))
    listed = server.ask("week.doubts", {"model": "reward", "table": table}, "zh")
    assert listed and all(doubt["text"] and doubt["id"] for doubt in listed)
    job = done(
        server, "check", {"model": ["reward"], "--input": [table], "--resolve": [f"{listed[0]['id']}=已电话核实"]}
    )
    assert job["code"] == 0 and listed[0]["id"] not in str(job["problems"])
    assert (
        server.ask("week.doubts", {"model": "reward", "table": server.hand("乱.xlsx", messy_book("三百"))}, "zh") == []
    )


def test_a_file_and_which_of_it_are_one_word(folder):
    (folder / "上级.json").write_text("{}", encoding="utf-8")
    filled = {"model": ["reward"], "--pool-from": ["上级.json@锦州市"], "--findings": ["inputs/reward.csv"]}
    assert {"--pool-from=上级.json@锦州市", "--findings=inputs/reward.csv"} <= {
        *words_of(STEPS["run"], filled, Desk(folder), ZH)
    }
    assert refused({"model": ["reward"], "--findings": ["../外面.xlsx@ZG-01"]}, folder) == ["page.no_file"]


def refused(filled, folder, step="run") -> list[str]:
    with pytest.raises(AllocationError) as error:
        words_of(STEPS[step], filled, Desk(folder), ZH)
    return [problem.id for problem in error.value.problems]


def test_nothing_but_files_of_the_desk_and_names_of_models_becomes_a_path(folder, tmp_path):
    (tmp_path / "outside.csv").write_text("a", encoding="utf-8")
    for name in ("../outside.csv", str(tmp_path / "outside.csv"), "nothing.csv"):
        assert refused({"model": ["reward"], "--input": [name]}, folder) == ["page.no_file"]
        assert refused({"model": [name]}, folder) == ["page.no_model"]
    for name in ("../out", str(tmp_path / "out"), "..\\out", f"{'C'}:out", ".hidden/out"):
        assert refused({"model": ["reward"], "--out": [name]}, folder) == ["page.outside"]
    assert refused({"folder": [".."], "model": ["reward"]}, folder, "collect") == ["page.no_folder_there"]
    assert refused({"model": ["reward"], "--pool-from": ["../x/a.json@b"]}, folder) == ["page.no_file"]


def test_what_is_no_entry_of_a_step_is_refused_with_all_else_that_is_missing(folder):
    assert refused({"--lang": ["en"], "--nothing": ["1"]}, folder) == [
        "page.no_entry",
        "page.no_entry",
        "page.entry_needed",
    ]
    assert refused({"model": ["reward"], "--year": ["2017", "2018"]}, folder) == ["page.entry_once"]


def test_a_value_never_becomes_an_option(folder):
    words = words_of(STEPS["explain"], {"model": ["reward"], "county": ["--lang"]}, Desk(folder), ZH)
    assert words == ["explain", "--", "reward", "--lang"]
    words = words_of(STEPS["run"], {"model": ["reward"], "--reason": ["--float"]}, Desk(folder), ZH)
    assert words == ["run", "--reason=--float", "reward"]


def done(server, step, filled, lang="zh"):
    job = server.ask("week.start", {"step": step, "filled": filled}, lang)
    while job["state"] in ("waiting", "running"):
        time.sleep(0.05)
        job = server.ask("job.look", {"job": job["id"]}, lang)
    return job


def test_a_step_is_the_command_and_what_is_wrong_is_told_with_its_cell(server):
    table = server.folder / "inputs" / "reward.csv"
    job = done(server, "run", {"model": ["reward"], "--out": ["结果"]})
    assert job["state"] == "done" and job["words"] == "allocation run --out=结果 reward"
    book = next(name for name in job["products"] if name.endswith(".xlsx"))
    assert done(server, "verify", {"workbook": [book]}, "en")["state"] == "done"
    lines = table.read_text(encoding="utf-8-sig").splitlines()
    cells = lines[1].split(",")
    broken = [lines[0], ",".join([*cells[:-1], "很多"]), *lines[2:]]
    (server.folder / "错.csv").write_text("\n".join(broken), encoding="utf-8")
    job = done(server, "run", {"model": ["reward"], "--input": ["错.csv"]})
    assert job["code"] == 2 and job["products"] == []
    assert [problem["cell"] for problem in job["problems"]] and "错.csv: " in job["problems"][0]["text"]
    with pytest.raises(urllib.error.HTTPError) as wrong:
        server.ask("week.start", {"step": "run", "filled": {"model": ["../reward"]}})
    assert json.load(wrong.value)["problems"][0]["id"] == "page.no_model"
