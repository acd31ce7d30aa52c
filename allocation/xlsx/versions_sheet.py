"""A version's workbook: the result workbook with the sheet 与上一稿对比, and its version at the foot of every page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from allocation.classes import dataclass
from allocation.language.units import Unit
from allocation.parts.kinds import is_silent
from allocation.policy.model import Model
from allocation.record import from_0_1
from allocation.record.record import Record, digest
from allocation.record.versions import Planned, Version, figures
from allocation.report.formats import number_format
from allocation.report.printed import NOTHING
from allocation.run.marks import mark_keys, mark_words
from allocation.run.run import Run
from allocation.sheets.looks import Role
from allocation.sheets.sheet import Sheet
from allocation.tables.keys import Figure
from allocation.texts import Both, Worded, both, bracketed, exact_text, show
from allocation.texts.decimals import decimals_needed
from allocation.xlsx.figure_book import figure_book
from allocation.xlsx.grids import PROTECT, plain
from allocation.xlsx.import_mapping import Mapping as ImportMapping
from allocation.xlsx.styles import Styles, lines_of
from allocation.xlsx.writer import write_sheets

HEAD, TOP = 3, 4  # zero-based: the header row, the first line
WIDTHS = (("kind", 10), ("county", 16), ("item", 34), ("old", 20), ("new", 20), ("moved", 16), ("reason", 48))
GENERAL = "General"


Told = Fraction | str | Both | None  # a figure, a text, or a blank or what is not there
Texts = Mapping[str, str | None]


@dataclass(frozen=True)
class Line:
    """One thing that differs. `old` and `new` are figures or texts, None where blank or not there.

    `of`: what it is of, by key: the model, a parameter, an input, a county, a note, an award.
    """

    of: str
    kind: Both
    county: str | Both
    item: Both
    old: Told
    new: Told
    number: str = GENERAL
    name: str = ""  # of a parameter or input: its address

    @property
    def moved(self) -> Fraction | None:
        old, new = self.old, self.new
        return new - old if isinstance(old, Fraction) and isinstance(new, Fraction) else None


def differences(run: Run, before: Record) -> list[Line]:
    """Every parameter, input figure and award that differs from the version whose record is `before`."""
    return [*_Differences(run, from_0_1.with_names_of_today(before) if run.model.parts else before).lines()]


class _Differences:
    def __init__(self, run: Run, before: Record):
        self.run, self.model, self.before = run, run.model, before
        self.now, self.old = figures(run), before.figures_kept
        self.names = _names(self.now.names, self.old.names)

    def lines(self) -> Iterator[Line]:
        yield from self._about()
        yield from self._parameters()
        yield from self._inputs()
        yield from self._printed()
        yield from self._awards()

    def _about(self) -> Iterator[Line]:
        """The model's text, the marks, who takes part."""
        run, before = self.run, self.before
        kind = both("versions.kind_model")
        old, new = before.model, digest(run.model.text)
        if old.sha256 != new:
            item = both("versions.model_text")
            yield Line("model", kind, "", item, f"{old.file} {old.sha256[:8]}", f"{run.model.file} {new[:8]}")
        was_marked, marked = before.version.marks if before.version else (), mark_keys(run)
        if was_marked != marked:
            yield Line("model", kind, "", both("versions.marks"), _joined(was_marked), _joined(marked))
        names, was = self.now.names, self.old.names
        for code in dict.fromkeys([*was, *names]):
            if was.get(code) != names.get(code):
                kind, item = both("workbook.county"), both("workbook.name")
                yield Line("county", kind, code, item, was.get(code), names.get(code))

    def _printed(self) -> Iterator[Line]:
        """备注（印）, which a reader sees beside the figures."""
        table, before = self.run.table, self.before
        item, names = both("workbook.printed_note"), dict(zip(table.codes, table.names, strict=True))
        now = dict(zip(table.codes, table.printed_notes, strict=False))
        for code in dict.fromkeys([*names, *before.printed_notes]):
            old, new = before.printed_notes.get(code), now.get(code) or None
            if old != new:
                yield Line("note", item, names.get(code, code), item, old, new)

    def _parameters(self) -> Iterator[Line]:
        kind, model, old, new = both("workbook.kind_parameter"), self.model, self.old.parameters, self.now.parameters
        for address in dict.fromkeys([*new, *old]):
            if old.get(address) != new.get(address) and not self._silent(address, old, new.get(address)):
                name, unit = _owner(model, address)
                label = Both(address, address)
                if name:
                    entry, rest = model.parameters[name], address[len(name) :]
                    label = Both(entry.label.zh + rest, entry.label.en + rest)
                    unit = entry.by_unit if address.endswith((".up_to", ".below")) else unit
                item, values = model.units.headed(label, unit), (old.get(address), new.get(address))
                yield replace(_line("parameter", kind, "", item, values, unit), name=address)

    def _inputs(self) -> Iterator[Line]:
        kind, model = both("workbook.kind_input"), self.model
        for name in dict.fromkeys([*self.now.inputs, *self.old.inputs]):
            plain_name, _, year = name.partition("#")
            entry, year = model.inputs.get(plain_name), year and f" {year}"
            called = entry.label if entry else Both(plain_name, plain_name)
            label = Both(called.zh + year, called.en + year)
            unit = entry.unit if entry and not entry.text else None
            item = model.units.headed(label, unit)
            was, now = self.old.inputs.get(name, {}), self.now.inputs.get(name, {})
            for code in dict.fromkeys([*now, *was]):
                if was.get(code) != now.get(code) and not self._silent(name, self.old.inputs, now.get(code)):
                    county, values = self.names.get(code, code), (was.get(code), now.get(code))
                    yield replace(_line("input", kind, county, item, values, unit, bool(unit)), name=name)

    def _silent(self, name: str, old: Mapping[str, object], new: str | None) -> bool:
        """Nobody changed this: a part played in an adjustment, or a new item that is 0."""
        of_0_1 = self.model.calculated and not self.model.parts
        working = from_0_1.ROLES.fullmatch(name) if of_0_1 else is_silent(name)
        return bool(working) or name not in old and new == "0"

    def _awards(self) -> Iterator[Line]:
        entry, old, new = self.model.columns[self.model.award], self.old.awards, self.now.awards
        item = self.model.units.headed(entry.label, entry.unit)
        for code in dict.fromkeys([*new, *old]):
            if old.get(code) != new.get(code):
                county, values = self.names.get(code, code), (old.get(code), new.get(code))
                yield _line("award", entry.label, county, item, values, entry.unit)
        before, after = _total(old), _total(new)
        if before != after and self.model.adds_up(self.model.award):
            values, whole = (exact_text(before), exact_text(after)), both("workbook.total")
            yield _line("award", entry.label, whole, item, values, entry.unit)


def _joined(marks: Sequence[str]) -> Both:
    words = mark_words(marks)
    return Worded(lambda lang: show(words, lang) or "—")


def _owner(model: Model, address: str) -> tuple[str, Unit | None]:
    """The parameter an address lies in: the longest name it begins with, as list items have a point of their own."""
    fits = [name for name in model.parameters if address == name or address.startswith(f"{name}.")]
    name = max(fits, key=len, default="")
    return name, model.parameters[name].unit if name else None


def _names(new: Mapping[str, str], old: Mapping[str, str]) -> dict[str, str | Both]:
    """Names by code; a name two counties bear has its code beside it."""
    names = {**old, **new}
    often = Counter(names.values())
    return {code: bracketed(name, code) if often[name] > 1 else name for code, name in names.items()}


def _total(awards: Texts) -> Fraction:
    return sum((Fraction(value) for value in awards.values() if value is not None), Fraction(0))


def _line(
    of: str, kind: Both, county: str | Both, item: Both, values: tuple[str | None, str | None], unit: Unit | None,
    numeric: bool = True,
) -> Line:  # fmt: skip
    old, new = (_figure(value) if numeric else value for value in values)
    known = [value for value in (old, new) if isinstance(value, Fraction)]
    number = number_format(unit, decimals_needed(known)) if unit and known else GENERAL
    return Line(of, kind, county, item, old, new, number)


def _figure(value: str | None) -> Fraction | str | None:
    try:
        return None if value is None else Fraction(value)
    except ValueError:
        return value


def write_version(
    run: Run, path: Path, lang: str, record: Record, planned: Planned, before: tuple[Version, Record] | None,
    mapping: ImportMapping | None = None,
) -> None:  # fmt: skip
    """The workbook of a version at `path`. `before`: the version it is compared with, and its record."""
    book = figure_book(path, lang, run.model.label[lang], run)
    write_sheets(book, run, record, mapping)
    sheet, foot = book.add_worksheet(book.say("versions.sheet")), foot_label(planned.version.both, run)
    write_differences(sheet, run, planned, before, Styles(book))
    sheet.protect("", PROTECT)
    for page in book.worksheets():
        page.sign_pages(foot[lang], book.say("workbook.page"))
    book.close()


def foot_label(label: Both, run: Run) -> Both:
    """The version and marks, on the left of the foot of each page."""
    words = [label, *mark_words(mark_keys(run))]
    return Worded(lambda lang: " ".join(word[lang] for word in words))


def write_differences(
    sheet: Sheet, run: Run, planned: Planned, before: tuple[Version, Record] | None, styles: Styles
) -> None:
    """The sheet 与上一稿对比: a line for everything that differs from the version `before`."""
    version, last = planned.version, len(WIDTHS) - 1
    for column, (key, size) in enumerate(WIDTHS):
        sheet.set_column(column, column, size)
        if before:
            sheet.write(HEAD, column, sheet.say(f"versions.head_{key}"), styles.head())
    sheet.merge_range(0, 0, 0, last, sheet.say("versions.sheet_title"), styles.title())
    sheet.set_row(0, 30)
    compared = _compared(planned, before)[sheet.lang]
    sheet.merge_range(1, 0, 1, last, compared, styles.note(text_wrap=True))
    sheet.set_row(1, 3 + 14 * lines_of(compared, sum(size for _, size in WIDTHS) - 2))
    rows = differences(run, before[1]) if before else []
    sizes = [size for _, size in WIDTHS]
    for row, line in enumerate(rows, start=TOP):
        figure = styles.figure(line.number)
        named = [show(told, sheet.lang) for told in (line.kind, line.county, line.item)]
        for column, text in enumerate(named):
            role = Role.NAME if column == 1 else Role.LABEL
            sheet.write(row, column, text or None, styles.text(role, text_wrap=True))
        old, new = (told[sheet.lang] if isinstance(told, Both) else told for told in (line.old, line.new))
        values: tuple[Figure, ...] = (old, new, line.moved)
        for column, value in enumerate(values, start=3):
            shown = value is not None or column == 5
            look = styles.figure("@", text_wrap=True) if isinstance(value, str) else figure
            sheet.write(row, column, plain(value) if shown else sheet.say("versions.blank"), look)
        sheet.write_string(row, last, version.reason, styles.text(text_wrap=True))
        texts = (*named, *map(_as_text, (old, new)), "", version.reason)
        tallest = max(lines_of(text, size - 2) for text, size in zip(texts, sizes, strict=True))
        sheet.set_row(row, 2 + 14 * tallest)
    if before and not rows:
        alike = sheet.say("versions.alike", reason=version.reason)
        sheet.merge_range(TOP, 0, TOP, last, alike, styles.text(text_wrap=True))
        sheet.set_row(TOP, 2 + 14 * lines_of(alike, sum(size for _, size in WIDTHS) - 2))
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.6, right=0.6, top=0.8, bottom=0.8)
    if before:
        sheet.repeat_rows(HEAD)
        sheet.freeze_panes(TOP, 0)


def _as_text(value: Figure) -> str:
    return value if isinstance(value, str) else ""


def _compared(planned: Planned, before: tuple[Version, Record] | None) -> Both:
    """Which version this is and which it is compared with, or that there is none before it."""
    label = planned.version.both
    if before is None and not planned.earlier:
        return both("versions.first", own=label)
    passed = [version.both for version in planned.earlier if before is None or version.order > before[0].order]
    gone = both("versions.passed_over", versions=passed) if passed else NOTHING
    slots = {"last": before[0].both, "date": before[0].date} if before else {}
    told = both("versions.against" if before else "versions.none_left", own=label, **slots)
    return told + gone
