"""What a page begins with nothing chosen takes no sample, and what was handed in twice is there once."""

from __future__ import annotations

import shutil
from urllib.error import HTTPError

import openpyxl
import pytest
from test_names_from_a_browser import WordsAlone, asked

from allocation.errors import AllocationError
from allocation.files.reach import MACHINE, REACH, keep_within
from allocation.page.call import Visit
from allocation.page.desk import Desk
from allocation.page.works import Works
from allocation.page.workshop import Workshop
from allocation.run.finding import default_input
from allocation.run.shelf import base_name, model_shelf


@pytest.fixture
def visit(folder) -> Visit:
    desk = Desk(folder)
    return Visit(desk, Works(desk), Workshop(desk), WordsAlone(desk))


@pytest.fixture
def of_page(folder, monkeypatch):
    """As the page begins a process, at a desk with nothing on it."""
    shutil.rmtree(folder / "inputs")
    shutil.rmtree(folder / "models")
    monkeypatch.setenv(REACH, "")
    keep_within(MACHINE, folder)


def test_a_terminal_takes_the_table_that_came_with_a_model(folder):
    assert default_input("urbanisation_monitor")[0].is_file()


@pytest.mark.parametrize("name", sorted({base_name(path.stem) for path in model_shelf()}))
def test_no_model_is_run_on_a_sample_that_nobody_chose_on_the_page(of_page, name):
    with pytest.raises(AllocationError) as refused:
        default_input(name)
    assert [problem.id for problem in refused.value.problems] == ["model.choose_table"]


@pytest.mark.parametrize("command", ["evaluate", "run incentive_fund", "timeline dynamic_fund", "explain land_quota",
                                     "margins incentive_fund", "check surplus_quota"])  # fmt: skip
def test_a_step_with_nothing_chosen_asks_for_a_table_and_writes_nothing(of_page, folder, allocation, command):
    told = allocation(command)
    assert told.code == 2 and "没有选数据表" in told.err
    assert not [path for path in folder.rglob("*") if path.is_file()]


def test_a_blank_case_has_no_units_of_a_sample(of_page, folder, allocation):
    assert allocation("new incentive_fund --year 2024").code == 0
    (book,) = folder.rglob("*.xlsx")
    texts = [str(cell.value) for sheet in openpyxl.load_workbook(book) for row in sheet.iter_rows() for cell in row]
    assert not any("古塔区" in text for text in texts)


def test_a_blank_form_that_was_filled_in_stays_and_another_is_given(visit):
    first = asked(visit, "drop.blank", {"model": "reward"})["name"]
    assert asked(visit, "drop.blank", {"model": "reward"})["name"] == first
    filled = visit.desk.file(first)
    filled.write_bytes(b"filled in")
    second = asked(visit, "drop.blank", {"model": "reward"})["name"]
    assert second != first and filled.read_bytes() == b"filled in"
    assert openpyxl.load_workbook(visit.desk.file(second)).sheetnames
    assert asked(visit, "drop.blank", {"model": "reward"})["name"] == second


def test_the_same_table_in_two_folders_is_one_work_and_another_of_its_name_is_not(visit):
    data = (visit.desk.folder / "inputs" / "reward.csv").read_bytes()
    (visit.desk.folder / "收到").mkdir()
    again = visit.desk.folder / "收到" / "reward.csv"
    again.write_bytes(data)
    first = asked(visit, "desk.begin", {"model": "reward", "table": "inputs/reward.csv"})["id"]
    assert asked(visit, "desk.begin", {"model": "reward", "table": "收到/reward.csv"})["id"] == first
    again.write_bytes(data.replace(b"180", b"181"))
    assert asked(visit, "desk.begin", {"model": "reward", "table": "收到/reward.csv"})["id"] != first


def test_a_desk_that_is_gone_is_said_and_is_there_again_once_it_is_put_back(server):
    moved = server.folder.with_name("moved")
    server.folder.rename(moved)
    for call in ("desk.look", "year.look", "work.look"):
        with pytest.raises(HTTPError) as refused:
            server.ask(call, {"work": "1"} if call == "work.look" else {})
        assert "page.desk_gone" in refused.value.read().decode()
    moved.rename(server.folder)
    assert server.ask("desk.look")["files"]
