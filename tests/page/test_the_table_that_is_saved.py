"""After 存入底稿 the command on the case gives the page's figures, whatever became of the table meanwhile."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path

import openpyxl
import pytest
from small_case import CASE
from test_settings_on_the_page import SAID, awards, printed, tried

BOOKED = ("toml", "xlsx")


def save(server, work, revision):
    read = server.ask("settings.look", {"work": work})["read"]
    asked = {"work": work, "revision": revision, "read": read, "particulars": SAID}
    return server.ask("settings.save", asked)


def begun(server, folder: Path, kind: str) -> str:
    """A work of a case: one that the page made, or one that lies there as TOML."""
    if kind == "toml":
        (folder / "奖励.toml").write_text(CASE, encoding="utf-8")
        return server.ask("desk.begin", {"model": "奖励.toml"})["id"]
    work = server.ask("desk.begin", {"model": "reward", "table": "inputs/reward.csv"})["id"]
    answer = tried(server, work, settings={"pool": "900"})
    save(server, work, answer["revision"])
    return work


class Typing:
    """What a person does to a work, in any order."""

    def __init__(self, server, folder: Path, work: str, seed: int):
        self.server, self.folder, self.work, self.draw = server, folder, work, random.Random(seed)

    @property
    def revision(self) -> int:
        return self.server.ask("work.look", {"work": self.work})["revision"]

    def mended(self) -> None:
        look = self.server.ask("data.look", {"work": self.work})
        cell = f"D{self.draw.randrange(2, 5)}"
        asked = {"work": self.work, "revision": self.revision, "sheet": look["sheet"],
                 "cells": {cell: str(self.draw.randrange(100, 400)), "D6": ""}}  # fmt: skip
        self.server.ask("data.mend", asked)
        self.server.ask("data.save", {"work": self.work, "revision": self.revision})

    def another_sheet(self) -> None:
        """The table as a workbook of two sheets that look alike; the second is chosen."""
        rows = [line.split(",") for line in (self.folder / "inputs/reward.csv").read_text("utf-8").splitlines()][:-1]
        book = openpyxl.Workbook()
        for sheet, more in ((book.active, 0), (book.create_sheet("第二"), self.draw.randrange(1, 90))):
            for row in rows:
                sheet.append([*row[:3], *(float(text) + more if text[0].isdigit() else text for text in row[3:5]),
                              *(float(text) if text[0].isdigit() else text for text in row[5:])])  # fmt: skip
        name = f"另一张{self.draw.randrange(1000)}.xlsx"
        book.save(self.folder / name)
        self.work = self.server.ask("desk.begin", {"model": self.model(), "table": name})["id"]
        asked = {"work": self.work, "revision": self.revision, "sheet": "第二"}
        self.server.ask("data.choose", asked)

    def other_table(self) -> None:
        name = f"新表{self.draw.randrange(1000)}.csv"
        text = (self.folder / "inputs/reward.csv").read_text("utf-8").splitlines()
        cells = text[1].split(",")
        rows = [text[0], ",".join([*cells[:3], str(int(cells[3]) + self.draw.randrange(1, 99)), *cells[4:]])]
        (self.folder / name).write_text("\n".join([*rows, *text[2:-1]]) + "\n", encoding="utf-8")
        self.work = self.server.ask("desk.begin", {"model": self.model(), "table": name})["id"]

    def edited(self) -> None:
        tried(self.server, self.work, self.revision, settings={"size_rate.大城市": self.draw.choice(["0.7", "0.9"])})

    def model(self) -> str:
        return self.server.ask("work.look", {"work": self.work})["model"]


DONE = ("mended", "another_sheet", "other_table", "edited")


@pytest.mark.parametrize("kind", BOOKED)
@pytest.mark.parametrize("seed", range(4))
def test_what_is_saved_is_what_the_command_gives_whatever_became_of_the_table(kind, seed, server, folder, allocation):
    work = begun(server, folder, kind)
    typing = Typing(server, folder, work, seed)
    for step in typing.draw.choices(DONE, k=3):
        getattr(typing, step)()
    shown = server.ask("figures.look", {"work": typing.work})
    assert not shown["problems"], shown["problems"]
    moved = [entry for entry in shown["tried"] if entry["kind"] == "table"]
    case = typing.model()
    if not shown["tried"]:
        return
    before = (folder / case).read_bytes()
    saved = save(server, typing.work, typing.revision)
    assert (folder / case).read_bytes() == before  # what a person wrote is not written over
    after = server.ask("figures.look", {"work": typing.work})
    assert awards(after) == awards(shown) and after["tried"] == []
    told = allocation(["run", saved["case"]])
    assert told.code == 0 and printed(told.out) == awards(shown), told.text
    entries = json.loads((folder / saved["side"]).read_text("utf-8"))["entries"]
    assert [entry["key"] for entry in entries if entry["kind"] == "table"] == ["table"] * bool(moved)
    ending = Path(case).suffix
    told = allocation(["export", saved["case"], "--out", str(Path(saved["case"]).with_name(f"合并{ending}"))])
    assert told.code == 0, told.text
    told = allocation(["run", str(Path(saved["case"]).with_name(f"合并{ending}"))])
    assert told.code == 0 and printed(told.out) == awards(shown), told.text


def test_a_case_that_names_another_table_since_is_asked_about(server, folder, allocation):
    work = begun(server, folder, "toml")
    typing = Typing(server, folder, work, 1)
    typing.other_table()
    save(server, typing.work, typing.revision)
    shutil.copy(folder / "inputs/reward.csv", folder / "inputs/换.csv")
    (folder / "奖励.toml").write_text(CASE.replace("reward.csv", "换.csv"), encoding="utf-8")
    told = allocation("check 奖励.toml")
    assert "换.csv" in told.text and "新表" in told.text
    assert allocation("run 奖励.toml --stage 送审稿 --reason 改").code == 2
    assert allocation("choose 奖励.toml table 补充").code == 0
    told = allocation("run 奖励.toml --stage 送审稿 --reason 改 --resolve table=已核")
    assert "换.csv" not in allocation("check 奖励.toml").text, told.text


@pytest.mark.parametrize("said", [{}, {"file": ""}, {"file": "/etc/表.csv"}, {"file": 1}, {"text": "表.csv"}])
def test_a_side_file_that_names_no_table_of_a_case_is_refused(said, folder, allocation):
    (folder / "奖励.toml").write_text(CASE, encoding="utf-8")
    entry = {"kind": "table", "key": "table", "said": said, "replaced": None, "by": {}}
    text = json.dumps({"schema": 1, "case": "奖励.toml", "entries": [entry]})
    (folder / "奖励.toml.补充.json").write_text(text, encoding="utf-8")
    told = allocation("run 奖励.toml")
    assert told.code == 2 and "补充.json" in told.text
