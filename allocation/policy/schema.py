"""The shape of a model file: which keys each section may have and what each must be.

Only shape is checked here, all errors at once; names, formulas and units are the business of `loading.py`.
"""

from __future__ import annotations

import unicodedata
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any, Literal

from allocation.files.limits import COUNTED_DIGITS
from allocation.patterns import LatePattern
from allocation.policy.section import FirstBy, Section, ThenBy, Unfit, slot

_DIGITS = rf"\d{{1,{COUNTED_DIGITS}}}"
_WRITTEN = LatePattern(rf"([+-]?{_DIGITS}(?:\.{_DIGITS})?)(?:/({_DIGITS}))?(%?)")
_TOO_LARGE = 10**COUNTED_DIGITS


class Percentage(Fraction):
    """A figure that was written with a percent sign: `55%` is 0.55, and no sum of money, no number of people."""

    def __repr__(self) -> str:
        return f"Fraction({self.numerator}, {self.denominator})"  # what is kept of a figure does not hang on its sign


def figure(value: object) -> Fraction:
    """A TOML number, or a text such as "2/37" or "55%", as an exact fraction of at most thirty digits a side."""
    if isinstance(value, str):
        text = unicodedata.normalize("NFKC", value).replace(" ", "")
        written = _WRITTEN.fullmatch(text)
        if written and (divisor := int(written[2] or 1)):
            number = Fraction(written[1]) / divisor
            return Percentage(number / 100) if written[3] else number
    elif isinstance(value, Decimal):
        digits = value.as_tuple().digits if value.is_finite() else ()
        if digits and abs(value.adjusted()) < COUNTED_DIGITS and len(digits) <= 2 * COUNTED_DIGITS:
            return Fraction(value)  # 1e999999999 would not fit any memory
    elif isinstance(value, int | Fraction) and not isinstance(value, bool) and abs(value) < _TOO_LARGE:
        return Fraction(value)
    raise Unfit("figure")


def figure_or_text(value: object) -> Fraction | str:
    return plain(value) if isinstance(value, str) and not _numeric(value) else figure(value)


def plain(text: str) -> str:
    """A text as tables and formulas spell it: full-width letters, digits and brackets as half-width ones."""
    return unicodedata.normalize("NFKC", text).strip()


def _numeric(text: str) -> bool:
    try:
        figure(text)
    except Unfit:
        return False
    return True


def no_truth(value: object) -> object:
    """Anything but true and false, which would be taken for 1 and 0."""
    if isinstance(value, bool):
        raise Unfit("int")
    return value


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


if TYPE_CHECKING:
    Exact = Fraction
    ExactOrText = Fraction | str
else:
    Exact = Annotated[Any, FirstBy(figure)]
    ExactOrText = Annotated[Any, FirstBy(figure_or_text)]
Whole = Annotated[int, FirstBy(no_truth)]
Plain = Annotated[str, ThenBy(plain)]
Names = Annotated[list[str], FirstBy(_listed)]


class Labelled(Section):
    zh: str = slot(filled=True)
    en: str = slot(filled=True)


class Effective(Section):
    from_: Whole | None = slot(None, name="from")
    to: Whole | None = None


class FactorSpec(Section):
    value: str
    weight: str
    amount: str


class ModelSpec(Labelled):
    short: str = ""
    basis: list[str]
    item: str = ""
    award: str
    pool: str = ""
    effective: Effective = slot(Effective)
    table: list[str] = []
    factors: list[FactorSpec] = []
    compare_with: str = ""
    per_person: str = ""
    group: str = ""
    apart: bool = False
    issued_to: str = ""
    addressed_to: Labelled | None = None
    paper: Labelled | None = None
    notes: list[Labelled] = []
    reference_before: Whole | None = None
    reference_when: str = ""
    years: bool = False


class PartSpec(Section):
    """A part that was added for one issue, and the kind of part that it follows up."""

    kind: str
    after: str = ""


class IssueSpec(Section):
    """What stands in place of `[model]`'s award, pool and table once amounts were adjusted or split by source."""

    zh: str = ""
    en: str = ""
    award: str
    pool: str = ""
    table: list[str] = []
    notes: list[Labelled] = []  # below those of `[model]`
    parts: list[PartSpec] = []


class UnitSpec(Section):
    name: str
    of: str = ""
    times: Exact = Fraction(1)


class ItemSpec(Labelled):
    key: str


class ListSpec(Section):
    name: str
    items: list[ItemSpec]


class DepartmentSpec(Labelled):
    name: str


class BandSpec(Section):
    value: ExactOrText | None = None
    up_to: Exact | None = None
    below: Exact | None = None


class ParameterSpec(Labelled):
    name: str
    unit: str = ""
    value: Exact | None = None
    bands: list[BandSpec] = []
    values: dict[Plain, ExactOrText] = {}
    keys: list[Plain] = []
    required: bool = False
    decide: bool = False
    by_unit: str | None = None
    over: str = ""
    min: Exact | None = None
    max: Exact | None = None
    decimals: Whole | None = slot(None, least=0, most=9)
    source: str = ""


class InputSpec(Labelled):
    name: str
    unit: str = ""
    min: Exact | None = None
    max: Exact | None = None
    whole: bool = False
    decimals: Whole | None = slot(None, least=0, most=9)
    default: ExactOrText | None = None
    required: bool = False
    text: bool = False
    one_of: list[Plain] = []
    over: str = ""
    before: Names = []
    source: str = ""
    department: str = ""
    once_over: bool = False


class ExceptionSpec(Section):
    when: str
    formula: str
    source: str


class ColumnSpec(Labelled):
    name: str
    formula: str = ""
    formulas: dict[str, str] = {}
    unit: str = ""
    over: str = ""
    before: Names = []
    source: str = ""
    exception: list[ExceptionSpec] = []


class CheckSpec(Labelled):
    name: str
    formula: str
    severity: Literal["error", "warning"] = "error"
    source: str = ""
    cells: Names = []
    year_before: Names | None = None


class SummarySpec(Section):
    by: Names


class EditionSpec(Section):
    name: str
    columns: list[str]
    by: str = ""
    open: list[str] = []


class ModelFile(Section):
    model: ModelSpec
    issue: IssueSpec | None = None
    unit: list[UnitSpec] = []
    list_: list[ListSpec] = slot([], name="list")
    department: list[DepartmentSpec] = []
    parameter: list[ParameterSpec] = []
    input: list[InputSpec] = []
    column: list[ColumnSpec]
    check: list[CheckSpec] = []
    edition: list[EditionSpec] = []
    summary: list[SummarySpec] = []
