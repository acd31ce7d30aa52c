"""A setting that is tried changes nothing of what was read; what is told is what a command tells."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest

from allocation.errors import AllocationError
from allocation.office.asking import open_run
from allocation.page import workshop
from allocation.page.desk import Desk
from allocation.page.works import Work
from allocation.page.workshop import Workshop

TRIED = (
    {},
    {"pool": "900"},
    {"pool": "900", "weight[a]": "9"},
    {"pool": "many", "nobody": "1"},
    {"pool": "60%", "资金总额": "1,2,3"},
    {"pool": "9e99"},
    {"pool": ""},
)


@pytest.fixture
def engine(folder, monkeypatch):
    """A workshop, and how often it reads a table."""
    read: list[object] = []

    def counted(question):
        read.append(question)
        return opened_table(question)

    opened_table = workshop.opened_table
    monkeypatch.setattr(workshop, "opened_table", counted)
    return Workshop(Desk(folder)), read


def work_of(**given) -> Work:
    return Work(id="a", model="reward", **given)


def test_a_setting_does_not_read_the_table_again_and_tells_what_a_command_tells(engine):
    shop, read = engine
    for place, settings in enumerate(TRIED):
        work = work_of(revision=place, settings=settings)
        answer = shop.answer(work, exact=True)
        try:
            _, run = open_run(replace(shop.question(work)))
        except AllocationError as error:
            assert [problem.text() for problem in answer.problems] == [problem.text() for problem in error.problems]
        else:
            assert not answer.problems and answer.run.figures("award") == run.figures("award")
    assert len(read) == 1


def test_a_table_that_changed_on_the_disk_is_read_again(engine, folder):
    shop, read = engine
    shop.answer(work_of())
    table = folder / "inputs" / "reward.csv"
    table.write_bytes(table.read_bytes() + b"\n")
    os.utime(table, (1, 1))
    shop.answer(work_of())
    shop.answer(work_of(settings={"pool": "7"}))
    assert len(read) == 2
    table.unlink()
    assert shop.answer(work_of()).problems
