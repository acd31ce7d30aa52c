"""A figure that a person typed for a parameter on a row of a sheet: what its number format, its unit and its label say.

The case workbook and the parameter workbook are filled in alike, and are read alike.
"""

from __future__ import annotations

from fractions import Fraction

from allocation.errors import AllocationError, Problem
from allocation.language.units import Unit, Units
from allocation.policy.model import Input, Model, Parameter
from allocation.policy.schema import Percentage
from allocation.run.scenario import MEASURED, parse_value
from allocation.tables.cells import SourceCell
from allocation.tables.figures import Measure, Unread, read_number
from allocation.tables.forms import number_slip
from allocation.tables.number_formats import section_of
from allocation.tables.spelling import fold
from allocation.texts import LANGUAGES, Both


def cell_figure(cell: SourceCell, label: Both, unit: Unit, units: Units) -> Fraction | str:
    """A number as people see it, a text as `--set` takes it; what no figure can be made of is said where it is asked.

    Raises AllocationError for a cell that holds none, or shows another number than it stores.
    """
    if isinstance(cell.value, str) and not cell.uncached:
        figure = parse_value(cell.text)
        assert isinstance(figure, Fraction | str)
        return figure
    measure = Measure(Input("value", label, unit), units)
    try:
        number = read_number(cell, measure)
    except Unread as slip:
        slots = {"label": label, "unit": measure.label(), "choices": "—"}
        raise AllocationError(Problem(number_slip(slip.id, True), slots | slip.slots)) from None
    return Percentage(number) if section_of(cell.format, number).percent else number


def check_unit(entry: Parameter, written: str, figure: object, units: Units) -> None:
    """Raises where a row says another unit than its parameter's; one with the figure (6000万元) goes before it."""
    if not written or isinstance(figure, str) and MEASURED.fullmatch(figure):
        return
    spellings = {fold(units.label(entry.unit.name, lang)) for lang in LANGUAGES}
    if fold(written) not in spellings and not _alike(units, written, entry.unit):
        unit = Both(*(units.label(entry.unit.name, lang) or "—" for lang in LANGUAGES))
        slots = {"found": written, "label": entry.label, "unit": unit}
        raise AllocationError(Problem("case.unit_other", slots))


def _alike(units: Units, written: str, unit: Unit) -> bool:
    """Whether a written unit is another spelling of one."""
    read = units.parse(written) if units.knows(written) else None
    return read is not None and (read.scale, read.dims, read.is_percent) == (unit.scale, unit.dims, unit.is_percent)


def check_label(model: Model, label: str, address: str) -> None:
    """Raises where a row says what another parameter is called than the one it names."""
    meant_by_label = labelled(model).get(label, {address})
    if address not in meant_by_label:
        slots = {"label": label, "name": address, "right": [*meant_by_label]}
        raise AllocationError(Problem("case.label_other", slots))


def labelled(model: Model) -> dict[str, set[str]]:
    """By each label of a figure, in either language, the addresses it may mean."""
    addresses: dict[str, set[str]] = {}
    for entry in model.parameters.values():
        for key in entry.figures:
            for lang in LANGUAGES:
                label = entry.label[lang] + (f"/{key}" if key else "")
                addresses.setdefault(label, set()).add(entry.address(key))
    return addresses
