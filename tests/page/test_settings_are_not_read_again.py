"""A setting that is tried changes nothing of what was read; what is told is what a command tells."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest

from allocation.doubts import doubting
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


def test_what_a_table_leaves_in_doubt_is_found_once_whatever_is_set(engine, folder, monkeypatch):
    found: list[object] = []

    def counted(table, *beside):
        found.append(table)
        return unit_doubts(table, *beside)

    unit_doubts = doubting.unit_doubts
    monkeypatch.setattr(doubting, "unit_doubts", counted)
    model = folder / "models" / "reward.toml"
    text = model.read_text(encoding="utf-8")
    model.write_text(
        text.replace('pool = "pool"\n', 'pool = "pool"\ncompare_with = "last_award"\n', 1), encoding="utf-8"
    )
    shop, _ = engine

    def kinds(exact=True, **settings) -> list[str]:
        return [doubt.kind for doubt in shop.answer(work_of(settings=settings), exact).run.doubts]

    for exact in (True, False):
        assert "pool" not in kinds(exact, pool="1000") and "pool" in kinds(exact, pool="9999", cap_rate="9000%")
    assert len(found) == 1
    moved = work_of(settings={"pool": "1000", "settled@黑山县": "95"})
    assert [*shop.answer(moved).run.doubts] == [*open_run(shop.question(moved))[1].doubts]
    assert len(found) == 3  # of other figures, here and as a command
    table = folder / "inputs" / "reward.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("黑山县", "黑山县（含凌海市）"), encoding="utf-8")
    assert "remark" in kinds(pool="1000")
