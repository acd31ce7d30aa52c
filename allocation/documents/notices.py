"""A county's notice: what is issued to it, in figures and in capitals, its own figures and how they came about."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from io import BytesIO
from pathlib import Path

from allocation.documents.capitals import BELOW, capitals, spelled
from allocation.documents.page import said_date, save
from allocation.documents.placeholders import Rows, fill, holds
from allocation.errors import AllocationError, Problem
from allocation.language.units import Unit
from allocation.marks import marks
from allocation.readings.amounts import amount
from allocation.readings.derivation import Derivation, derive, text
from allocation.readings.pieces import spaced
from allocation.run import Run
from allocation.texts import say
from allocation.workbook.editions import column_of, columns_of, own_unit
from allocation.workbook.styles import number_format, shown

OFFICE = ("before_adjustment", "leaders_adjustment")  # how an amount was adjusted; no notice speaks of it
BESIDE = 4  # places of one notice whose figures stand side by side


@dataclass(frozen=True)
class Letter:
    """What all notices of one run have in common; texts are empty where nothing was given."""

    document: str = ""
    code: str = ""
    office: str = ""
    date: str = ""


@dataclass(frozen=True)
class Handed:
    """What a notice is about: one figure a county, below zero where it is taken back."""

    name: str
    unit: Unit
    decimals: int | None
    figures: tuple[Fraction, ...]
    kind: str  # award, correction or settlement

    def action(self, value: Fraction) -> str:
        if not value:
            return "act_level"
        if value > 0:
            return "act_pay" if self.kind == "correction" else "act_issue"
        if self.name == "settled_now":
            return "act_later"  # what was paid too much comes back in later years, not now
        return "act_reduce" if self.kind == "award" else "act_recover"

    def number(self, value: Fraction) -> str:
        return shown(abs(value), number_format(self.unit, self.decimals))

    def said(self, value: Fraction, lang: str) -> str:
        """With its unit and without a sign."""
        if lang == "en":
            return amount(abs(value), self.unit, lang)
        return say(lang, "notices.quantity", number=self.number(value), unit=self.unit.name)


def handed(run: Run) -> Handed:
    """The difference of a correction, what a settlement pays now, what sources pay now, else the award."""
    model, award = run.model, run.model.columns[run.model.award]
    if not model.pool:
        raise AllocationError(Problem("notices.nothing_handed", {"model": model.label}, model.file))
    if award.kind != "number":
        raise AllocationError(Problem("notices.not_number", {"label": award.label}, model.file))
    own = set(model.columns) if "\n[issue]" in model.text else set()
    name, kind, figures = model.award, "award", run.figures(model.award)
    if "difference" in own:
        name, kind = "difference", "correction"
        figures = run.figures(name)
    elif "settled_now" in own:
        name, kind = "settled_now", "settlement"
        figures = [paid - back for paid, back in zip(run.figures(name), run.figures("to_take_back"), strict=True)]
    elif "source_now_total" in own:
        name, kind = "source_now_total", "settlement"
        figures = run.figures(name)
    return Handed(name, award.unit, award.decimals, tuple(Fraction(value or 0) for value in figures), kind)


def fund(run: Run, lang: str) -> str:
    return run.model.label[lang].removesuffix("分配").removesuffix(" allocation")


def write_notice(run: Run, template, rows: Sequence[int], letter: Letter, lang: str) -> Callable[[Path], None]:
    """A writer of the notice of the places in `rows`: one county, or the towns of one."""
    values = notice_values(run, rows, letter, lang, holds(template, "capitals"))

    def write(path: Path) -> None:
        document = copied(template)
        if values["marks"] and not holds(document, "marks"):
            first = document.paragraphs[0] if document.paragraphs else document.add_paragraph()
            first.insert_paragraph_before().add_run(values["marks"]).bold = True
        fill(document, values)
        save(document, path, f"{fund(run, lang)} {values['county']}{values['marks']}".strip())

    return write


def copied(template):
    """A template is opened once and filled once a county."""
    import docx

    held = BytesIO()
    template.save(held)
    held.seek(0)
    return docx.Document(held)


def notice_values(run: Run, rows: Sequence[int], letter: Letter, lang: str, words: bool) -> dict[str, object]:
    """What every placeholder stands for. `words`: whether the template asks for the amount in words."""
    what, table = handed(run), run.table
    value = sum((what.figures[row] for row in rows), Fraction(0))
    return {
        "county": reader(run, rows),
        "code": table.codes[rows[0]],
        "amount": what.said(value, lang),
        "capitals": in_words(run, what, value, rows, lang) if words else "",
        "basis": say(lang, "words.semicolon").join(run.model.basis),
        "document": letter.document,
        "budget": letter.code,
        "year": str(table.year or ""),
        "date": said_date(letter.date, lang),
        "office": letter.office,
        "fund": fund(run, lang),
        "action": say(lang, f"notices.{what.action(value)}"),
        "calculation": tuple(calculation(run, what, rows, lang)),
        "table": own_rows(run, rows, lang),
        "marks": marks(run, lang).strip(),
    }


def reader(run: Run, rows: Sequence[int]) -> str:
    """The county's name; of several rows, the group they form."""
    by = columns_of(run, "county").by
    group = run.figures(by)[rows[0]] if by else None
    return group if isinstance(group, str) else run.table.names[rows[0]]


def in_words(run: Run, what: Handed, value: Fraction, rows: Sequence[int], lang: str) -> str:
    """Empty for what is not money. Raises AllocationError where words cannot say the figure exactly."""
    yuan = run.model.units.parse("元")
    if not is_money(run):
        return ""
    money = abs(value) * what.unit.scale / yuan.scale
    slots = {"label": run.model.entry(what.name).label, "counties": [run.table.names[row] for row in rows]}
    if (money * 100).denominator != 1:
        raise AllocationError(Problem("notices.part_of_fen", slots))
    if money >= BELOW:
        raise AllocationError(Problem("notices.too_much", slots))
    return capitals(money) if lang == "zh" else spelled(money)


def is_money(run: Run) -> bool:
    return run.model.columns[run.model.award].unit.dims == run.model.units.parse("元").dims


def own_rows(run: Run, rows: Sequence[int], lang: str) -> Rows:
    """The reader's own figures, an item a line: what the edition 送县 shows but adjustments, nothing of others."""
    what, unit = handed(run), run.model.columns[run.model.award].unit
    names = [name for name in columns_of(run, "county").columns if name not in ("code", "name", *OFFICE)]
    columns = [column_of(run, name, lang) for name in names]
    heads = [say(lang, "notices.item"), *(run.table.names[row] for row in rows)]
    if len(rows) == 1:
        heads[1] = say(lang, "notices.figure")
    if len(rows) > BESIDE:
        heads = [say(lang, "workbook.name"), run.model.entry(what.name).label[lang] + own_unit(run, unit, unit, lang)]
        return Rows(tuple(heads), tuple((run.table.names[row], signed(what, what.figures[row])) for row in rows))
    made = []
    for one in columns:
        text = f"{one.heading}/{one.item}" if one.item else one.heading
        label = run.model.units.label(one.unit.name, lang)
        label = "" if one.unit.is_percent else label
        made.append((text, *(shown(one.figures[row], one.number) for row in rows), label))
    return Rows((*heads, say(lang, "notices.unit")), tuple(made))


def signed(what: Handed, value: Fraction) -> str:
    return ("-" if value < 0 else "") + what.number(value)


def calculation(run: Run, what: Handed, rows: Sequence[int], lang: str) -> list[str]:
    """The figure's derivation one level deep, without cells and without a line that names another place.

    After leaders' adjustments there is none: what was calculated before them stays in the office.
    """
    note = [say(lang, "notices.see_note")]
    if OFFICE[0] in run.model.columns and "\n[issue]" in run.model.text or len(rows) > BESIDE:
        return note
    lines: list[str] = []
    for row in rows:
        lines += [say(lang, "notices.row", name=run.table.names[row])] if len(rows) > 1 else []
        back = what.name == "settled_now" and what.figures[row] < 0
        derived = _without_cells(derive(run, "to_take_back" if back else what.name, row, 1))
        found = spaced(text(derived, lang, 1))
        lines += [line.strip() for line in found.splitlines() if not names_another(run, line, rows)]
    return [*lines, *note]


def _without_cells(one: Derivation) -> Derivation:
    return replace(one, where="", children=tuple(map(_without_cells, one.children)))


def names_another(run: Run, line: str, rows: Sequence[int] = ()) -> bool:
    for row in rows:
        line = line.replace(run.table.names[row], "").replace(run.table.codes[row], "")
    return any(word in line for word in (*run.table.names, *run.table.codes))
