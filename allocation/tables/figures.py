"""One raw cell → an exact number in the model's unit, or a plain statement of why it is none."""

from __future__ import annotations

import re
from datetime import date, time, timedelta
from fractions import Fraction
from functools import cached_property
from math import isfinite

from allocation.classes import dataclass
from allocation.errors import nearest
from allocation.files.limits import COUNTED_DIGITS
from allocation.language.units import Unit, Units
from allocation.patterns import LatePattern
from allocation.policy.model import Input
from allocation.tables.as_shown import factor
from allocation.tables.cells import SourceCell
from allocation.tables.number_formats import is_plain, section_of
from allocation.tables.spelling import has_marks, is_excel_error, squeeze, tidy
from allocation.texts import Both, both
from allocation.texts.vocabulary import Pattern

_PLAIN = LatePattern(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?")
_GROUPED = LatePattern(r"[+-]?\d{1,3}(?:(?:,\d{3})+|(?: \d{3})+)(\.\d+)?")
_HEAD = LatePattern(r"([+-]?[\d.][\d., ]*?) ?([^\d., ].*)")
_EXCEL_SCIENTIFIC = LatePattern(r"[+-]?\d(\.\d+)?E\+\d+")
_MONEY = Pattern("table_words.money", re.IGNORECASE)
_ODD = Pattern("table_words.odd_figure")
_TIMES = Pattern("table_words.times")
_DATE = Pattern("table_words.date")
TINY, HUGE = 10.0**-COUNTED_DIGITS, 10.0**COUNTED_DIGITS  # of a number cell; a text has as many digits
HUNDREDTH = Fraction(1, 100)


class Unread(Exception):
    """A cell that gives no figure: a message id and its slots; the caller knows the cell and the input."""

    def __init__(self, id: str, **slots: object):
        super().__init__(id)
        self.id, self.slots = id, slots


@dataclass(frozen=True)
class Measure:
    """How a column is measured: the input, the unit the table names for it (None when it names none), and the cell
    above the header that names it, empty where the heading itself does."""

    entry: Input
    units: Units
    written: Unit | None = None
    line: str = ""

    @cached_property
    def factor(self) -> Fraction:
        """What a plain number of the column is multiplied by to be in the model's unit."""
        if self.written is None:
            return Fraction(1)
        return HUNDREDTH if self.written.is_percent else self.written.factor_to(self.entry.unit)

    @cached_property
    def as_written(self) -> bool:
        """Whether the table's unit is the model's: most are, and multiplying takes time."""
        return self.factor == 1

    @property
    def pure(self) -> bool:
        return not self.entry.unit.dims

    def label(self, unit: Unit | None = None) -> Both:
        """The unit's name in both languages."""
        name = (unit or self.written or self.entry.unit).name
        return Both(name, self.units.label(name, "en")) if name else both("tables.without_unit")


def read_number(cell: SourceCell, measure: Measure) -> Fraction:
    """The exact number in the model's unit. Raises Unread when the cell holds none."""
    value = cell.value
    if cell.uncached:
        raise Unread("tables.uncached")
    if cell.merged:
        raise Unread("tables.merged_figure")
    if isinstance(value, bool):
        raise Unread("tables.truth", found=str(value).upper())
    if isinstance(value, (date, time, timedelta)):
        raise Unread("tables.date", found=str(value).removesuffix(" 00:00:00"))
    if isinstance(value, int):
        plain = Fraction(value)
    elif isinstance(value, float) and isfinite(value):
        plain = Fraction(f"{value:.15g}")
    else:
        return _from_text(str(value), measure)
    if value and not TINY <= abs(value) <= HUGE:
        raise Unread("tables.number_long", found=f"{value:.6g}")
    return _scaled(plain, measure) if is_plain(cell.format) else _as_shown(plain, cell.format, measure)


def _as_shown(plain: Fraction, form: str, measure: Measure) -> Fraction:
    """A number whose format shows another one than is stored: a percentage, ten thousands."""
    section = section_of(form, plain)
    if section.percent and section.readable:
        return _percentage(plain / 10**section.power, measure)
    unit = measure.written or measure.entry.unit
    times = factor(plain, form, unit, measure.written is not None, measure.units)
    if times is None:
        known = section.readable and section.figure
        slots = {"stored": plain, "form": form} | ({"shown": section.text(plain)} if known else {})
        raise Unread("tables.scaled" if known else "tables.format_unread", **slots)
    return _scaled(plain * times, measure)


def read_text(cell: SourceCell, entry: Input) -> str:
    """The text of a class such as city size, as the model spells it. Raises Unread."""
    if cell.uncached:
        raise Unread("tables.uncached")
    text = cell.text
    if is_excel_error(text):
        raise Unread("tables.excel_error", found=text)
    if isinstance(cell.value, (bool, date, time, timedelta)):
        raise Unread("tables.not_a_class", found=text)
    for choice in entry.one_of:
        if squeeze(choice) == squeeze(text):
            return choice
    if entry.one_of:
        raise Unread("tables.not_a_choice", found=text, nearest=nearest(text, entry.one_of) or entry.one_of[0])
    return text


def _from_text(text: str, measure: Measure) -> Fraction:
    shown = text.strip()
    if is_excel_error(shown):
        raise Unread("tables.excel_error", found=shown)
    if has_marks(text):
        raise Unread("tables.not_number", found=shown)
    text = re.sub("[‒–−]", "-", tidy(text))
    if _of_money(measure):
        text = _MONEY.sub(r"\1\2", text, count=1)
    if _EXCEL_SCIENTIFIC.fullmatch(text):
        raise Unread("tables.scientific", found=shown)
    plain = _number(text)
    if plain is not None:
        return _scaled(plain, measure)
    if _DATE.fullmatch(text):
        raise Unread("tables.date", found=shown)
    match = _HEAD.fullmatch(text)
    head = _number(match[1]) if match else None
    if match and head is not None and (match[2] == "%" or match[2][0].isalpha()):
        return _with_suffix(head, match[2], shown, measure)
    if re.fullmatch(r"[+-]?[\d,. ]+", text) and re.search(r"\d", text):
        raise Unread("tables.separators", found=shown)
    raise Unread("tables.not_number", found=shown)


def _of_money(measure: Measure) -> bool:
    return [base for base, _ in measure.entry.unit.dims] == ["money"]


def oddly_written(text: str, measure: Measure) -> bool:
    """Whether a text is read as a figure in a way a person should be told: ￥2600, 5100万, ３１９８, 1 234, 1e3; or
    40.1万人 in a column of 人."""
    bare = text.strip().lower()
    scientific = "e" in bare and _PLAIN.fullmatch(bare) is not None
    return scientific or _ODD.search(bare) is not None or _in_another_unit(text, measure)


def _in_another_unit(text: str, measure: Measure) -> bool:
    """Whether a figure names a unit of its own that makes it another number than its column's unit would."""
    match = _HEAD.fullmatch(re.sub("[‒–−]", "-", tidy(text)))
    if match is None or not measure.units.knows(match[2]):
        return False
    unit, columns = measure.units.parse(match[2]), measure.written or measure.entry.unit
    return unit.same_kind(columns) and not unit.is_percent and unit.scale != columns.scale


def _number(text: str) -> Fraction | None:
    plain = _PLAIN.fullmatch(text.lower())
    if plain:
        whole, _, rest = plain[1].partition(".")
        power = plain[2][1:] if plain[2] else "0"
        # The power is looked at before the number is built: 1e99999999 has a hundred million digits.
        shift = int(power) if len(power) <= 4 else COUNTED_DIGITS + 1
        if max(len(whole.lstrip("0")) + shift, len(rest) - shift) > COUNTED_DIGITS:
            raise Unread("tables.number_long", found=text if len(text) <= 40 else text[:40] + "…")
        return Fraction(text)
    if _GROUPED.fullmatch(text) and len(text) <= COUNTED_DIGITS:
        return Fraction(text.replace(",", "").replace(" ", ""))
    return None


def _with_suffix(number: Fraction, suffix: str, shown: str, measure: Measure) -> Fraction:
    """`120人`, `1.2万元`, `55%`: the cell's own unit goes before the header's."""
    if suffix == "%":
        return _percentage(number * HUNDREDTH, measure)
    if _TIMES.fullmatch(suffix):
        suffix += _TIMES.sub("", (measure.written or measure.entry.unit).name)  # 5100万 in 元 or 万元 is 5100 万元
    if not measure.units.knows(suffix):
        raise Unread("tables.suffix_unknown", found=shown, suffix=suffix)
    unit = measure.units.parse(suffix)
    if not unit.same_kind(measure.entry.unit):
        raise Unread("tables.suffix_differs", found=shown, suffix=measure.label(unit))
    return number * (HUNDREDTH if unit.is_percent else unit.factor_to(measure.entry.unit))


def _percentage(ratio: Fraction, measure: Measure) -> Fraction:
    """A number that carries its own % sign, which goes before the header's unit."""
    if not measure.pure:
        raise Unread("tables.percent_unexpected", found=ratio * 100)
    return ratio


def _scaled(plain: Fraction, measure: Measure) -> Fraction:
    if measure.entry.unit.is_percent and measure.written is None and abs(plain) > 1:
        raise Unread("tables.percent_doubt", found=plain, ratio=plain * 100)
    return plain if measure.as_written else plain * measure.factor
