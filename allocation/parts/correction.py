"""更正: what a run gives against what was issued before: 原核定 · 更正后 · 差额, paid or taken back in a later year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from fractions import Fraction

from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem
from allocation.language.units import YEAR
from allocation.parts import settlement
from allocation.parts.attached import Attached
from allocation.parts.awards import award_column
from allocation.parts.part import Given, HasFigures, InLetters, Part, summed
from allocation.parts.toml_text import entry
from allocation.policy.model import Model
from allocation.readings.said_amounts import told
from allocation.record.record import KeptFigures
from allocation.tables.keys import Figure
from allocation.tables.table import Table
from allocation.texts import Both, both, say
from allocation.texts.vocabulary import the_word

KIND = "correction"
APPROVED, CORRECTED, DIFFERENCE = "_approved", "_corrected", "_difference"  # 原核定 · 更正后 · 差额
TO_PAY, TO_RECOVER, HANDLING, HANDLED = "_to_pay", "_to_recover", "_handling", "_handled"
SETTLED_IN = "_settled_in"
OWED_BEFORE, SET_OFF, OWED_AFTER = "_owed_before", "_offset", "_owed_after"  # after a settlement
PRINTED = (APPROVED, CORRECTED, DIFFERENCE, TO_PAY, TO_RECOVER, HANDLING)
AFTER_SETTLEMENT = (*PRINTED[:3], OWED_BEFORE, SET_OFF, TO_PAY, TO_RECOVER, OWED_AFTER, HANDLING)


@dataclass(frozen=True)
class Approved:
    """The amounts of the version that was issued, by code, in the award's unit; `label` names that version.

    `owed`: what each county still owed back after a settlement, likewise; empty where no account was settled.
    """

    label: str
    amounts: Mapping[str, Fraction]
    settled_in: int
    owed: Mapping[str, Fraction] = field(default_factory=dict)


def owed_after(figures: KeptFigures) -> dict[str, Fraction]:
    """What each county owes back after a version on record, by code; nothing where no account was settled.

    Of a settlement, what was advanced beyond the award; of its correction, what was owed before less the difference.
    """
    inputs, awards = figures.inputs, _amounts(figures.awards)
    if OWED_BEFORE in inputs:
        approved, owed = _amounts(inputs[APPROVED]), _amounts(inputs[OWED_BEFORE])
        return {code: max(owed[code] - (amount - approved[code]), Fraction(0)) for code, amount in awards.items()}
    if settlement.PAID in inputs:
        paid = _amounts(inputs[settlement.PAID])
        return {code: max(paid.get(code, Fraction(0)) - amount, Fraction(0)) for code, amount in awards.items()}
    return {}


def _amounts(texts: Mapping[str, str | None]) -> dict[str, Fraction]:
    """A blank counts as nothing."""
    return {code: Fraction(text or 0) for code, text in texts.items()}


def settled_in(figures: KeptFigures) -> int:
    """The year in which a correction on record is settled."""
    return int(Fraction(figures.parameters[SETTLED_IN] or 0))


def settled_year(model: Model) -> int:
    """The year in which a correction is settled, by a model that it was added to."""
    year = model.parameters[SETTLED_IN].value
    assert isinstance(year, Fraction)
    return int(year)


def read(source: Given, model: Model, table: Table) -> Attached:
    """What is issued is the corrected amount, beside what was issued before."""
    approved = source.what
    assert isinstance(approved, Approved)
    text, figures = correction_text(approved, model, table)
    columns = AFTER_SETTLEMENT if approved.owed else PRINTED
    label = both(
        "parts.corrected_model",
        model=Both(model.label.zh.removesuffix(the_word("part_words.allocation")), model.label.en),
    )
    kept = (name for name in model.award_list if name != model.award)
    return Attached(
        KIND, approved.label, text=text, figures=figures, columns=(*columns, *kept, SETTLED_IN), award=CORRECTED,
        label=label, after=settlement.KIND if approved.owed else "",
    )  # fmt: skip


def correction_text(approved: Approved, model: Model, table: Table) -> tuple[str, dict[str, tuple[Figure, ...]]]:
    """TOML of the columns of a correction of what is issued, and the figures of its inputs.

    After a settlement, what a county is due more is first set off against what it still owes. The counties must be
    the same.
    """
    absent = [code for code in approved.amounts if code not in table.codes]
    fresh = [name for code, name in zip(table.codes, table.names, strict=True) if code not in approved.amounts]
    if absent or fresh:
        raise AllocationError(Problem("correct.other_counties", {"absent": absent or "—", "fresh": fresh or "—"}))
    award = award_column(model)
    unit, places = award.unit.name, award.decimals
    source = the_word("part_words.correction_basis", version=approved.label)
    lines = [
        the_word("part_words.of_correction", version=approved.label),
        entry("parameter", SETTLED_IN, both("parts.settled_in"), unit=YEAR, value=Fraction(approved.settled_in),
              decimals=0, source=source),
        entry("input", APPROVED, both("parts.approved_before"), unit=unit, decimals=places, source=source),
        entry("column", CORRECTED, both("parts.corrected"), unit=unit, formula=model.award),
        entry("column", DIFFERENCE, both("parts.difference"), unit=unit, formula="_corrected - _approved"),
        *(_set_off(unit, places, source) if approved.owed else _plainly(unit, places)),
    ]  # fmt: skip
    values = {APPROVED: approved.amounts} | ({OWED_BEFORE: approved.owed} if approved.owed else {})
    figures: dict[str, tuple[Figure, ...]] = {
        name: tuple(by_code[code] for code in table.codes) for name, by_code in values.items()
    }
    return "\n".join(lines), figures


def _plainly(unit: str, places: int | None) -> list[str]:
    back, unchanged, more = (the_word(f"part_words.{way}") for way in ("taken_back", "unchanged", "paid_more"))
    least = Fraction(1, 10 ** (9 if places is None else places))
    bands = [{"below": Fraction(0), "value": back}, {"below": least, "value": unchanged}, {"value": more}]
    return [
        entry("parameter", HANDLED, both("parts.handled"), unit="", by_unit=unit, bands=bands),
        entry("column", TO_PAY, both("parts.to_be_paid"), unit=unit, formula="max(_difference, 0)"),
        entry("column", TO_RECOVER, both("parts.taken_back"), unit=unit, formula="max(-_difference, 0)"),
        entry("column", HANDLING, both("parts.handling"), formula="step(_difference, _handled)"),
    ]


def _set_off(unit: str, places: int | None, source: str) -> list[str]:
    ways = ("owed_more", "unchanged", "set_off", "set_off_and_paid", "paid_more")
    *kinds, last = (the_word(f"part_words.{way}") for way in ways)
    bands = [
        *({"up_to": Fraction(place), "value": kind} for place, kind in enumerate(kinds, start=1)),
        {"value": last},
    ]
    kind = "1 if _difference < 0 else 2 if _difference == 0 else 3 if _to_pay == 0 else 4 if _offset > 0 else 5"
    return [
        entry("parameter", HANDLED, both("parts.handled"), unit="", by_unit="", bands=bands),
        entry("input", OWED_BEFORE, both("parts.owed_back_before"), unit=unit, decimals=places, source=source),
        entry("column", SET_OFF, both("parts.set_off"), unit=unit, formula="min(max(_difference, 0), _owed_before)"),
        entry("column", TO_PAY, both("parts.to_be_paid"), unit=unit, formula="max(_difference - _owed_before, 0)"),
        entry("column", TO_RECOVER, both("parts.taken_back_as_well"), unit=unit, formula="max(-_difference, 0)"),
        entry("column", OWED_AFTER, both("parts.owed_back_now"), unit=unit,
              formula="_owed_before - _offset + _to_recover"),
        entry("column", HANDLING, both("parts.handling"), formula=f"step({kind}, _handled)"),
        entry("check", "_correction_closes", both("parts.correction_closes"),
              formula="_to_pay + _offset - _to_recover == _difference"),
    ]  # fmt: skip


def _told(run: HasFigures, name: str, rows: Sequence[int], lang: str) -> str:
    return told(abs(summed(run, name, rows)), run.model.entry(name).unit, lang)


def _before_and_after(run: HasFigures, rows: Sequence[int], lang: str) -> tuple[str, dict[str, object]]:
    """What was issued before, what is right, and when the difference is settled: its way, and the slots of it."""
    moved = summed(run, DIFFERENCE, rows)
    known = {"before": APPROVED, "after": CORRECTED}
    slots: dict[str, object] = {
        slot: _told(run, name, rows, lang) if summed(run, name, rows) else "" for slot, name in known.items()
    }
    slots |= {"x": _told(run, DIFFERENCE, rows, lang), "year": int(Fraction(run.figure(SETTLED_IN) or 0))}
    return "more" if moved > 0 else "less" if moved < 0 else "level", slots


def _corrected(run: HasFigures, rows: Sequence[int], lang: str) -> list[str]:
    way, slots = _before_and_after(run, rows, lang)
    return [say(lang, f"notices.corrected_{way}", **slots)]


def _corrected_after_settlement(run: HasFigures, rows: Sequence[int], lang: str) -> list[str]:
    """The same where what a place still owed back comes first."""

    def any_of(name: str) -> bool:
        return any(run.figures(name)[row] for row in rows)

    way, slots = _before_and_after(run, rows, lang)
    if way != "level" and any_of(SET_OFF):
        settled = {"offset": SET_OFF, "to_pay": TO_PAY, "to_recover": TO_RECOVER}
        slots |= {slot: _told(run, name, rows, lang) if any_of(name) else "" for slot, name in settled.items()}
        lines = [say(lang, f"notices.owed_{way}", **slots)]
    else:
        lines = [say(lang, f"notices.corrected_{way}", **slots)]
    if any_of(OWED_BEFORE):
        left = _told(run, OWED_AFTER, rows, lang) if any_of(OWED_AFTER) else ""
        owed = {"before": _told(run, OWED_BEFORE, rows, lang), "after": left}
        lines.append(say(lang, "notices.owed" if left else "notices.owed_no_more", **owed))
    return lines


def _columns(office: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    return {"office": office, "unit": office, "note": office, "annex": PRINTED[:3],
            "letter": tuple(name for name in office if name != HANDLING)}  # fmt: skip


PART = Part(
    KIND,
    read,
    columns=_columns((*PRINTED, SETTLED_IN)),
    in_words={HANDLED: "notices.handled"},
    sentences={"more": "notices.corrected_more", "less": "notices.corrected_less",
               "level": "notices.corrected_level"},
    letter=InLetters(
        DIFFERENCE, "correction", stands=(APPROVED, CORRECTED, DIFFERENCE), if_any=(TO_PAY, TO_RECOVER),
        short=(APPROVED, CORRECTED, DIFFERENCE), says=(SETTLED_IN,), lines=_corrected,
    ),
    silent=rf"{HANDLED}(\..*)?|{APPROVED}|{OWED_BEFORE}",
    sums={"pay": TO_PAY, "back": TO_RECOVER},
)  # fmt: skip
AFTER = replace(
    PART,
    columns=_columns((*AFTER_SETTLEMENT, SETTLED_IN)),
    in_words={HANDLED: "notices.handled_owed"},
    sentences={**PART.sentences, "owed_more": "notices.owed_more",
               "owed_less": "notices.owed_less", "owed": "notices.owed"},
    letter=PART.letter and replace(PART.letter, offset=SET_OFF, lines=_corrected_after_settlement),
    sums={**PART.sums, "offset": SET_OFF, "owed": OWED_AFTER},
    after=settlement.KIND,
)  # fmt: skip
