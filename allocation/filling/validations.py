"""What a template lets be typed into its cells: lists, numbers, lengths, as far as that can be told here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from allocation.classes import dataclass
from allocation.patterns import LatePattern
from allocation.tables.package import local
from allocation.tables.scan import CellArea, area
from allocation.texts import exact_text

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_NUMBER = LatePattern(r"-?\d{1,15}(\.\d{1,15})?")
_RANGE = LatePattern(
    r"(?:(?:'((?:[^']|'')*)'|([^\W\d][\w.]*))!)?(\$?[A-Z]{1,3}\$?\d{1,7}(?::\$?[A-Z]{1,3}\$?\d{1,7})?)"
)
_TESTS: Mapping[str, Callable[[Fraction, Fraction, Fraction], bool]] = {
    "between": lambda value, low, high: low <= value <= high,
    "notBetween": lambda value, low, high: not low <= value <= high,
    "equal": lambda value, low, high: value == low,
    "notEqual": lambda value, low, high: value != low,
    "greaterThan": lambda value, low, high: value > low,
    "lessThan": lambda value, low, high: value < low,
    "greaterThanOrEqual": lambda value, low, high: value >= low,
    "lessThanOrEqual": lambda value, low, high: value <= low,
}


@dataclass(frozen=True)
class ListedArea:
    """Cells of a sheet that hold the entries of a list; `sheet` is empty for the template's own."""

    sheet: str
    cells: CellArea


@dataclass(frozen=True)
class Validation:
    """A rule of some `areas`: of which `kind`, with which `operator` and `formulas`; `strict` where a program refuses
    what it does not allow."""

    kind: str
    operator: str
    formulas: tuple[str, ...]
    areas: tuple[CellArea, ...]
    strict: bool

    def holds_for(self, row: int, column: int) -> bool:
        return any(span.top <= row <= span.bottom and span.left <= column <= span.right for span in self.areas)

    def choices(self, names: Mapping[str, str]) -> Sequence[str] | ListedArea | None:
        """The entries of a list, or where they stand; None where that cannot be told."""
        written = self.formulas[0].strip() if self.formulas else ""
        if written.startswith('"') and written.endswith('"'):
            return [entry.strip() for entry in written[1:-1].replace('""', '"').split(",")]
        match = _RANGE.fullmatch(names.get(written.casefold(), written).lstrip("="))
        span = area(match[3]) if match else None
        return ListedArea((match[1] or "").replace("''", "'") or match[2] or "", span) if match and span else None

    def allows(self, value: str | Fraction) -> bool | None:
        """Whether a value is allowed by a rule that is no list; None where that cannot be told."""
        bounds = [Fraction(text) for text in self.formulas if _NUMBER.fullmatch(text.strip())]
        if self.kind not in ("whole", "decimal", "textLength") or not bounds or len(bounds) != len(self.formulas):
            return None
        if self.kind != "textLength" and isinstance(value, str):
            return False
        if self.kind == "whole" and Fraction(value).denominator != 1:
            return False
        measured = Fraction(len(exact_text(value) or "")) if self.kind == "textLength" else Fraction(value)
        return _TESTS[self.operator](measured, bounds[0], bounds[-1]) if self.operator in _TESTS else None


def validations_of(tree: Element) -> Iterator[Validation]:
    """Those of a sheet, in the wording of 2007 and in that of 2010."""
    for element in tree.iter():
        if local(element.tag) != "dataValidation" or element.get("type", "none") == "none":
            continue
        formulas = {local(each.tag): "".join(each.itertext()).strip() for each in element}
        areas = element.get("sqref") or formulas.get("sqref", "")
        yield Validation(
            element.get("type", ""),
            element.get("operator", "between"),
            tuple(formulas[key] for key in ("formula1", "formula2") if formulas.get(key)),
            tuple(span for text in areas.split() if (span := area(text))),
            element.get("errorStyle", "stop") == "stop",
        )


def named_areas(workbook: Element) -> dict[str, str]:
    """What each defined name of a whole workbook stands for, by the name in small letters."""
    return {
        element.get("name", "").casefold(): (element.text or "").strip()
        for element in workbook.iter()
        if local(element.tag) == "definedName" and element.get("localSheetId") is None
    }
