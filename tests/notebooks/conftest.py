"""The small, fictional policy of the bad cases, opened as a notebook opens it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

import allocation as al
from allocation.notebook import fonts

SHARED = Path(__file__).parent.parent / "cases" / "shared"
WILD = "<b>甲&乙</b>"  # a county's name that would break a page


@pytest.fixture(autouse=True)
def beside_the_models(monkeypatch):
    monkeypatch.chdir(SHARED)
    al.set_language("zh")
    yield
    al.set_language("zh")


@pytest.fixture
def model():
    return al.load("reward")


@pytest.fixture
def run(model):
    return model.run()


@pytest.fixture
def table(model):
    """The engine's table of four counties."""
    return model.table().engine


@pytest.fixture
def many(table):
    """Fifty counties, the first with a name that would break a page."""
    rows = [place % 4 for place in range(50)]
    values = {name: tuple(column[row] for row in rows) for name, column in table.values.items()}
    values["last_award"] = (Fraction(10),) * 50
    codes = tuple(str(300000 + place) for place in range(50))
    return replace(table, codes=codes, names=(WILD, *(f"县{place}" for place in range(1, 50))), values=values, cells={})


@pytest.fixture
def shipped(monkeypatch):
    """Opens one of the models of the repository, from its own folder."""

    def load(name: str, year: int | None = None):
        monkeypatch.chdir(SHARED.parents[2])
        return al.load(name, year)

    return load


@pytest.fixture
def wild():
    return WILD


@pytest.fixture
def no_chinese_font(monkeypatch):
    monkeypatch.setattr(fonts, "candidates", lambda: (fonts.own(),))
