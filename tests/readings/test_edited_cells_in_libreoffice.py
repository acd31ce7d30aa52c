"""One cell of a written workbook edited, the workbook recalculated by LibreOffice: it is the engine's run on the edited
table, or it shows no award at all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest
from desk import some
from recalculation import (
    ARRAYS,
    award_cells,
    inputs,
    libreoffice,
    needs_libreoffice,
    next_billionth,
    same,
    states,
    unequal,
    written,
)
from recorded_book import cells_of, edit, part_of, plain
from shipped import HOUSE

from allocation.errors import AllocationError
from allocation.record.recording import record_of
from allocation.run.finding import find
from allocation.run.run import Run, run_model
from allocation.texts import say
from allocation.xlsx.importing import find_mapping
from allocation.xlsx.layout import Layout, letters
from allocation.xlsx.writer import write_workbook

FUND, SUBSIDY, LAND, MEADOW = "incentive_fund", "infrastructure_subsidy", "land_quota", "meadowland"


@dataclass(frozen=True)
class Edit:
    """`cells`: (input, row) or (parameter, place of its value) → what is typed; None clears the cell."""

    model: str
    what: str
    cells: tuple[tuple[str, int, object], ...]
    edge: bool = False  # the upper edge of a band is edited, not its value


CHANGES = (
    Edit(FUND, "more people in one county", (("settled.cross_province", 1, 999),)),
    Edit(FUND, "a smaller fund", (("pool", 0, 3333),)),
    Edit(
        FUND, "floors and caps that bind", (("hold_harmless", 0, 0.95), ("growth_cap_on", 0, 1), ("growth_cap", 0, 1.1))
    ),
    Edit(FUND, "a tilt in the last band", (("tilt", 2, 1.25),)),
    Edit(FUND, "a county without last year's award", (("last_award", 2, None), ("hold_harmless", 0, 0.8))),
    Edit(SUBSIDY, "another project cost", (("eligible_cost.roads", 3, 1234.56),)),
    Edit(SUBSIDY, "a lower subsidy rate", (("highest_rate", 0, 0.35),)),
    Edit(SUBSIDY, "a default left blank", (("hardship", 0, None), ("other_funds", 1, None))),
    Edit(LAND, "more people in one town", (("settled_people", 0, 7777),)),
    Edit(LAND, "a smaller plan", (("plan_total", 0, 41.2345),)),
    Edit(LAND, "a factor of a size class", (("size_factor", 1, 0.95),)),
    Edit(LAND, "two areas made one", (("town_area", 0, "*区"), ("town_area", 1, "*区"), ("town_area", 2, "?区"))),
    Edit(MEADOW, "an island", (("island", 0, "是"), ("road_length", 4, 12.5))),
)
STOPS = (
    Edit(FUND, "floors above the fund", (("hold_harmless", 0, 1), ("pool", 0, 100))),
    Edit(FUND, "a required figure cleared", (("effort", 2, None),)),
    Edit(FUND, "a text where a number belongs", (("migrant_pupils", 0, "约三百"),)),
    Edit(FUND, "half a person", (("settled.in_city", 3, 10.5),)),
    Edit(SUBSIDY, "a rate above its range", (("highest_rate", 0, 1.5),)),
    Edit(SUBSIDY, "a required figure cleared", (("performance", 1, None),)),
    Edit(SUBSIDY, "a fund that is no whole number", (("pool", 0, 7000.5),)),
    Edit(LAND, "a required figure cleared", (("resident_people", 4, None),)),
    Edit(LAND, "a required text cleared", (("town_area", 1, None),)),
    Edit(LAND, "a text that is no choice", (("town_type", 0, "城区*"),)),
    Edit(LAND, "a negative figure", (("stock_land", 0, -1),)),
    Edit(LAND, "a key's value cleared", (("size_factor", 3, None),)),
    Edit(LAND, "bands that do not rise", (("land_standard", 0, 200),), edge=True),
    Edit(MEADOW, "a province in other letters", (("province", 0, "北坡县"),)),
)
EDITS = {f"{one.model}: {one.what}": one for one in some(CHANGES, 3) + some(STOPS, 3)}


@cache
def base(name: str) -> Run:
    found = find(name, None, None, None)
    return run_model(found.model, found.table)


def edited(one: Edit) -> Run:
    """The engine's run on the edited table."""
    run = base(one.model)
    model, table = run.model, run.table
    for name, place, value in one.cells:
        value = Fraction(repr(value)) if isinstance(value, int | float) else value
        if name in model.parameters:
            entry = model.parameters[name]
            if entry.bands:
                entry = replace(entry, bands=_with(entry.bands, place, replace(entry.bands[place], value=value)))
            elif entry.values:
                entry = replace(entry, values=_with(entry.values, place, (entry.values[place][0], value)))
            else:
                entry = replace(entry, value=value)
            model = replace(model, parameters={**model.parameters, name: entry})
        else:
            value = model.inputs[name].default if value is None else value
            table = table.with_values(**{name: _with(table.values[name], place, value)})
    return run_model(model, table)


def _with(entries: tuple, place: int, value: object) -> tuple:
    return (*entries[:place], value, *entries[place + 1 :])


def cells(one: Edit) -> dict[tuple[str, str], object]:
    """Where the edited cells stand."""
    run = base(one.model)
    layout, found = Layout(run.model, len(run.table), "zh"), {}
    known = {(sheet, f"{letters(column - 1)}{row}") for sheet, row, column in inputs(run)}
    for name, place, value in one.cells:
        if name in run.model.parameters:
            cell = layout.names["parameters"], f"{'B' if one.edge else 'C'}{layout.rows[name][place] + 1}"
        else:
            cell = layout.names["data"], f"{letters(layout.inputs[name])}{layout.first + place}"
        assert one.edge or cell in known
        found[cell] = value
    return found


@pytest.fixture(scope="module")
def recalculations(tmp_path_factory) -> dict[str, dict]:
    """All edited workbooks, recalculated by one start of LibreOffice."""
    needs_libreoffice()
    return _recalculate(tmp_path_factory.mktemp("edited"))


def _recalculate(folder: Path) -> dict[str, dict]:
    files = {}
    for name in (FUND, SUBSIDY, LAND, MEADOW):
        run = base(name)
        write_workbook(run, folder / f"{name}.xlsx", "zh", record_of(run), find_mapping(run.model, HOUSE / "models"))
        files[name] = folder / f"{name}.xlsx"
    for number, (key, one) in enumerate(EDITS.items()):
        files[key] = edit(files[one.model], folder / f"{one.model}-{number}.xlsx", cells(one))
    files["wrong"] = _wrong(files[FUND], folder / "wrong.xlsx")
    made = libreoffice(files.values(), folder)
    return {key: cells_of(made[path.stem]) for key, path in files.items()}


def _wrong(source: Path, target: Path) -> Path:
    """Every stored figure of sheet 测算 replaced by 777."""
    import zipfile

    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        parts = {name: old.read(name) for name in old.namelist()}
        calculation = part_of(parts, "测算")
        for name, content in parts.items():
            if name == calculation:
                content, count = re.subn(rb"(</f><v>)[-0-9.]+", rb"\g<1>777", content)
                assert count > 100
            new.writestr(name, content)
    return target


# Columns of 辅助 that say which groups were edited, which a fresh workbook does not know.
OF_EDITS = tuple(say("zh", f"auxiliary.{key}") for key in ("group_changed", "groups_changed", "lowest_of_the_group"))


def unlike(run: Run, found: dict) -> list[tuple]:
    """Formula cells of all sheets that do not hold what a fresh workbook of the run stores there."""
    return [
        (place, formula.value, found.get(place))
        for place, formula in written(run).formulas().items()
        if not same(formula.value, found.get(place))
        and not next_billionth(written(run), place, found.get(place))
        and not ARRAYS.search(formula.text)  # how much was edited, which a fresh workbook does not know
        and not str(found.get(("辅助", 3, place[2]) if place[0] == "辅助" else "")).endswith(OF_EDITS)
    ]


def moved(run: Run, before: Run) -> bool:
    return any(run.figures(name) != before.figures(name) for name in run.model.columns)


def test_libreoffice_works_every_formula_out_again_and_trusts_no_stored_figure(recalculations):
    assert unlike(base(FUND), recalculations["wrong"]) == []


@pytest.mark.parametrize("name", [FUND, SUBSIDY, LAND, MEADOW])
def test_libreoffice_gives_every_figure_that_is_stored_in_an_unedited_workbook(name, recalculations):
    assert unlike(base(name), recalculations[name]) == []


@pytest.mark.parametrize("key", [key for key, one in EDITS.items() if one in CHANGES])
def test_an_edited_cell_changes_every_sheet_as_the_engine_would(key, recalculations):
    one, found = EDITS[key], recalculations[key]
    run = edited(one)
    assert moved(run, base(one.model)), "the edit changes nothing"
    assert unequal(run, found) == []
    assert unlike(run, found) == []


@pytest.mark.parametrize("key", [key for key, one in EDITS.items() if one in STOPS])
def test_an_edit_without_an_answer_shows_no_award_on_any_sheet(key, recalculations):
    one, found = EDITS[key], recalculations[key]
    run = base(one.model)
    assert states(run, found)[1] not in (0, "", "#")
    awards = award_cells(run, written(run))
    assert {place[0] for place in awards} == {"测算", "附件", "资金测算表", "导入表"}
    assert [place for place in awards if plain(found[place]) != "#"] == []


def test_the_engine_too_refuses_floors_above_the_fund_and_a_cleared_figure():
    for one in STOPS:
        if one.what in ("floors above the fund", "a required figure cleared", "a fund that is no whole number"):
            with pytest.raises(AllocationError):
                edited(one)
