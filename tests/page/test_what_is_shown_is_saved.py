"""What is tried, listed, shown and saved on the page are one; a case is saved whole or not at all."""

from __future__ import annotations

import io
import json
import random
from pathlib import Path

import openpyxl
import pytest
from page_server import started
from small_case import CASE
from test_settings_on_the_page import SAID, awards, refused, tried

from allocation.page import saving
from allocation.page.call import Visit
from allocation.page.desk import KEPT, Desk
from allocation.page.jobs import Jobs
from allocation.page.works import Works
from allocation.page.workshop import Workshop
from allocation.run.finding import find

RATE = "size_rate.大城市"


def saved(server, work, revision, read=""):
    return server.ask("settings.save", {"work": work, "revision": revision, "read": read, "particulars": SAID})


def figures(folder, case):
    entries = json.loads((folder / case["side"]).read_text(encoding="utf-8"))["entries"]
    return {entry["key"]: entry["said"]["value"] for entry in entries if "value" in entry["said"]}


@pytest.mark.parametrize("order", [("settings", "decided"), ("decided", "settings"), ("both",)])
def test_a_figure_that_is_tried_and_decided_on_is_saved_as_it_was_tried(server, folder, order):
    model = folder / "models" / "reward.toml"
    text = model.read_text(encoding="utf-8")
    for figure in ('value = "300%"', '"小城市" = 1.2 }'):
        text = text.replace(figure, figure + "\ndecide = true")
    model.write_text(text, encoding="utf-8")
    work = server.ask("desk.begin", {"model": "reward", "table": "inputs/reward.csv"})["id"]
    figures_tried = {"cap_rate": "250%", RATE: "0.9"}
    given = {"settings": figures_tried, "decided": dict.fromkeys(figures_tried, True)}
    for revision, kind in enumerate(order):
        answer = tried(server, work, revision, **(given if kind == "both" else {kind: given[kind]}))
    listed = {entry["key"]: (entry["new"], entry["decided"]) for entry in answer["tried"]}
    assert listed == {address: (text, True) for address, text in figures_tried.items()}
    assert len(answer["tried"]) == 2 == server.ask("take.look", {"work": work})["tried"]  # a figure, a line
    case = saved(server, work, len(order))
    assert case["count"] == 2 and figures(folder, case) == figures_tried
    after = server.ask("figures.look", {"work": work})
    assert awards(after) == awards(answer) and after["tried"] == []


@pytest.mark.parametrize("mended", [False, True])
def test_the_first_case_of_a_dropped_table_is_saved_whole_and_never_over_another(server, folder, mended):
    name = server.hand("奖励.csv", (folder / "inputs" / "reward.csv").read_bytes())
    cases = []
    for pool in ("900", "800"):
        work = server.ask("desk.begin", {"model": "reward", "table": name})["id"]
        revision = 0
        if mended:
            revision = server.ask(
                "data.mend", {"work": work, "revision": 0, "sheet": "", "cells": {"F2": pool.removesuffix("0")}}
            )["revision"]
        answer = tried(server, work, revision, settings={"pool": pool})
        before = {path: path.read_bytes() for path in folder.iterdir() if path.is_file()}
        case = saved(server, work, answer["revision"])
        assert all((folder / case[part]).is_file() for part in ("case", "side"))
        assert {path: path.read_bytes() for path in before} == before
        after = server.ask("figures.look", {"work": work})
        assert not after["problems"] and awards(after) == awards(answer)
        assert server.ask("work.look", {"work": work})["model"] == case["case"]
        assert server.ask("data.look", {"work": work})["rows"]
        cases.append(case["case"])
    assert len({*cases}) == 2


def test_a_side_file_without_its_case_is_not_written_over(server, folder):
    name = server.hand("奖励.csv", (folder / "inputs" / "reward.csv").read_bytes())
    work = server.ask("desk.begin", {"model": "reward", "table": name})["id"]
    case = saved(server, work, tried(server, work, settings={"pool": "900"})["revision"])
    (folder / case["case"]).unlink()
    written = (folder / case["side"]).read_bytes()
    work = server.ask("desk.begin", {"model": "reward", "table": name})["id"]
    again = saved(server, work, tried(server, work, settings={"pool": "800"})["revision"])
    assert again["side"] != case["side"] and (folder / case["side"]).read_bytes() == written
    assert (folder / again["case"]).is_file()


def test_a_case_that_cannot_be_placed_leaves_neither_file(server, folder):
    name = server.hand("奖励.csv", (folder / "inputs" / "reward.csv").read_bytes())
    work = server.ask("desk.begin", {"model": "reward", "table": name})["id"]
    revision = tried(server, work, settings={"pool": "900", "cap_rate": "-5"})["revision"]
    before = {*folder.iterdir()}
    asked = {"work": work, "revision": revision, "read": "", "particulars": SAID}
    assert refused(server, "settings.save", asked)[0] == 422 and {*folder.iterdir()} == before
    tried(server, work, revision, settings={"cap_rate": ""})
    assert refused(server, "settings.save", asked)[0] == 409 and {*folder.iterdir()} == before


def test_who_is_stopped_while_a_first_case_is_placed_leaves_nothing_of_it_on_the_desk(folder, monkeypatch):
    desk = Desk(folder)
    visit = Visit(desk, Works(desk), Workshop(desk), Jobs(desk), "zh")
    work = visit.works.begin("reward", "inputs/reward.csv")
    visit.works.change(work.id, 0, lambda held: held.model_copy(update={"settings": {"pool": "900"}}))
    before = {path for path in folder.rglob("*") if KEPT not in path.parts}
    lying: list[set[Path]] = []

    def stopped(*given, **named):
        lying.append({path for path in folder.rglob("*") if KEPT not in path.parts})
        raise KeyboardInterrupt

    monkeypatch.setattr(saving, "place", stopped)
    with pytest.raises(KeyboardInterrupt):
        saving.save(visit, work.id, 1, "", saving.Particulars(**SAID))
    assert lying == [before]


def test_a_case_is_not_saved_to_without_the_cells_that_were_mended_beside_it(server, folder):
    work = server.ask("desk.begin", {"model": "reward", "table": "inputs/reward.csv"})["id"]
    answer = tried(server, work, 0, settings={"pool": "900"})
    case = saved(server, work, answer["revision"])
    book = server.ask("data.look", {"work": work})
    at = next(
        (row, column)
        for row, cells in enumerate(book["rows"])
        for column, text in enumerate(cells)
        if str(text).isdigit() and len(str(text)) < 6 and column > 1
    )
    cell = f"{chr(ord('A') + at[1])}{at[0] + 1}"
    revision = server.ask(
        "data.mend", {"work": work, "revision": case["revision"], "sheet": book["sheet"], "cells": {cell: "7"}}
    )["revision"]
    answer = tried(server, work, revision, settings={"pool": "800"})
    read = server.ask("settings.look", {"work": work})["read"]
    side = (folder / case["side"]).read_bytes()
    asked = {"work": work, "revision": answer["revision"], "read": read, "particulars": SAID}
    status, said = refused(server, "settings.save", asked)
    assert status == 422 and "改了 1 格" in said[0] and (folder / case["side"]).read_bytes() == side


def test_a_case_above_the_desk_is_neither_written_nor_called_saved(folder):
    (folder / "inputs" / "reward.toml").write_text(CASE.replace("inputs/", ""), encoding="utf-8")
    desk = folder / "今年"
    desk.mkdir()
    server = started(desk)
    try:
        work = server.ask("desk.begin", {"model": "reward"})["id"]
        tried(server, work, settings={"pool": "800"})
        shown = server.ask("settings.look", {"work": work})
        assert shown["case"] == "reward.toml"
        before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        asked = {"work": work, "revision": 1, "read": shown["read"], "particulars": SAID}
        status, said = refused(server, "settings.save", asked)
        assert status == 422 and len(said) == 1 and str(folder / "inputs") in said[0]
        assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    finally:
        server.process.terminate()
        server.process.wait(10)


@pytest.mark.parametrize("seed", range(4))
def test_a_case_of_a_work_with_a_chosen_sheet_reads_that_sheet(server, folder, seed):
    """Several sheets look like data; each command of the week after it has nothing but the case."""
    draw = random.Random(seed)
    rows = [line.split(",") for line in (folder / "inputs/reward.csv").read_text("utf-8").splitlines()][:-1]
    titles = draw.sample(["2017年", "2018年", " 甲 表", "上报", "Sheet 1", "数据"], draw.randint(2, 5))
    book = openpyxl.Workbook()
    for number, title in enumerate(titles):
        sheet = book.create_sheet(title)
        for row in rows:
            more = [str(int(row[3]) + number)] if row[3].isdecimal() else [row[3]]
            sheet.append([float(text) if text.replace(".", "").isdecimal() and at > 1 else text
                          for at, text in enumerate([*row[:3], *more, *row[4:]])])  # fmt: skip
    del book["Sheet"]
    out = io.BytesIO()
    book.save(out)
    name = server.hand("几张.xlsx", out.getvalue())
    work = server.ask("desk.begin", {"model": "reward", "table": name})["id"]
    chosen = draw.choice(titles)
    revision = server.ask("data.choose", {"work": work, "revision": 0, "sheet": chosen})["revision"]
    answer = tried(server, work, revision, settings={"pool": "850"})
    case = saved(server, work, answer["revision"])
    material = find(str(folder / case["case"]), None, None)
    assert material.table.sheet == chosen
    settled = material.table.values["settled"]
    assert [int(figure) for figure in settled] == [int(row[3]) + titles.index(chosen) for row in rows[1:]]
