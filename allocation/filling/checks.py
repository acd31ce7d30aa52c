"""What stands against writing a value into a cell of a template: each thing a person would be stopped by, or misled."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from allocation.errors import Problem, nearest
from allocation.filling.lines import written
from allocation.filling.template import GivenTemplate
from allocation.filling.validations import Validation
from allocation.language.units import Units
from allocation.opening.splicing import held_whole
from allocation.tables.number_formats import section_of
from allocation.tables.spelling import fold
from allocation.texts import Both, both
from allocation.xlsx.import_mapping import ImportColumnSpec

# Kinds of rules and operators as the file calls them, and as texts call them.
KINDS = {
    "whole": "whole", "decimal": "decimal", "list": "list", "date": "date", "time": "time", "textLength": "length",
    "custom": "custom",
}  # fmt: skip
OPERATORS = {
    "between": "between", "notBetween": "not_between", "equal": "equal", "notEqual": "not_equal",
    "greaterThan": "greater", "lessThan": "less", "greaterThanOrEqual": "at_least", "lessThanOrEqual": "at_most",
}  # fmt: skip


def refusals(template: GivenTemplate, row: int, column: int, value: str | Fraction) -> Iterator[tuple[Problem, bool]]:
    """Each with whether it forbids to fill the cell; what does not is a note."""
    where, there = template.where(row, column), template.sheet.cell(row, column)
    if (row, column) in template.formulas:
        yield Problem("filling.formula", where=where), True
    elif template.covered(row, column):
        yield Problem("filling.merged", where=where), True
    elif not there.empty:
        yield Problem("filling.not_empty", {"found": there.text, "wanted": written(value)}, where), True
    if template.locked(row, column):
        yield Problem("filling.locked", where=where), True
    if isinstance(value, Fraction):
        yield from ((problem, True) for problem in _number(template, row, column, value))
    for rule in template.validations:
        if rule.holds_for(row, column):
            yield from _ruled(template, rule, value, where)


def _number(template: GivenTemplate, row: int, column: int, value: Fraction) -> Iterator[Problem]:
    where = template.where(row, column)
    if not held_whole(value):
        yield Problem("filling.digits", {"value": value}, where)
    section = section_of(template.format(row, column), value)
    places = None if section.decimals is None else section.decimals + 2 * section.percent
    plain = section.readable and section.figure and not section.power
    if plain and places is not None and (value * 10**places).denominator != 1:
        slots = {"value": value, "decimals": section.decimals, "format": template.format(row, column)}
        yield Problem("filling.rounds", slots, where)


def unit_of_format(
    template: GivenTemplate, row: int, column: int, value: Fraction, spec: ImportColumnSpec, units: Units
) -> list[Problem]:
    """Where the cell does not show a figure as it is: as a date or not at all, by a power of ten, as a percentage, or
    with the name of another unit than the layout says."""
    form = template.format(row, column)
    section, unit = section_of(form, value), units.parse(spec.unit or "")
    other = "%" if section.percent else section.word if spec.unit and units.knows(section.word) else ""
    said = units.parse(other) if other else unit
    alike = said.is_percent == unit.is_percent and said.same_kind(unit)
    hidden = value != 0 and (not section.figure or not section.readable or section.turns(value))
    if hidden or section.power and alike and said.scale == unit.scale:
        return [Problem("filling.format_hides", {"format": form}, template.where(row, column))]
    if alike and said.scale == unit.scale * 10**section.power:
        return []
    slots = {"format": form, "found": other, "unit": spec.unit, "name": spec.name}
    return [Problem("filling.format_unit", slots, template.where(row, column))]


def _kind(rule: Validation) -> Both | str:
    """What a rule asks for, in words; of a kind that nobody knows the file's own word."""
    return both(f"filling.rule_{KINDS[rule.kind]}") if rule.kind in KINDS else rule.kind


def _ruled(
    template: GivenTemplate, rule: Validation, value: str | Fraction, where: str
) -> Iterator[tuple[Problem, bool]]:
    """A rule of the template that does not allow a value, or of which that cannot be told."""
    slots: dict[str, object]
    if rule.kind == "list":
        known = template.choices(rule)
        if known is None:
            yield Problem("filling.unchecked", {"kind": _kind(rule)}, where), False
        elif fold(written(value)) not in known:
            slots = {
                "value": written(value),
                "known": [*known.values()][:8],
                "nearest": nearest(written(value), known.values()) or "—",
            }
            yield Problem("filling.not_listed", slots, where), rule.strict
        return
    allowed = rule.allows(value)
    if allowed is None:
        yield Problem("filling.unchecked", {"kind": _kind(rule)}, where), False
    elif not allowed:
        operator = both(f"filling.rule_{OPERATORS[rule.operator]}")
        slots = {"value": written(value), "kind": _kind(rule), "operator": operator, "bounds": list(rule.formulas)}
        yield Problem("filling.not_allowed", slots, where), rule.strict
