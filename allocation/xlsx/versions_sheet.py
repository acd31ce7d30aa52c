"""A version's workbook: the result workbook with the sheet 与上一稿对比, and its version at the foot of every page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from allocation.language.units import Unit
from allocation.parts.kinds import is_silent
from allocation.policy.model import Model
from allocation.record import from_0_1
from allocation.record.record import KeptFigures, Record, digest
from allocation.record.versions import Planned, Version, figures
from allocation.report.formats import number_format
from allocation.run.marks import mark_keys, mark_words
from allocation.run.run import Run
from allocation.sheets.looks import Role
from allocation.sheets.sheet import Sheet
from allocation.texts import exact_text, in_brackets, say
from allocation.texts.decimals import decimals_needed
from allocation.xlsx.figure_book import figure_book
from allocation.xlsx.grids import PROTECT, plain
from allocation.xlsx.importing import Mapping
from allocation.xlsx.styles import Styles, lines_of
from allocation.xlsx.writer import write_sheets

HEAD, TOP = 3, 4  # zero-based: the header row, the first line
WIDTHS = (("kind", 10), ("county", 16), ("item", 34), ("old", 20), ("new", 20), ("moved", 16), ("reason", 48))
GENERAL = "General"


@dataclass(frozen=True)
class Line:
    """One thing that differs. `old` and `new` are figures or texts, None where blank or not there."""

    kind: str
    county: str
    item: str
    old: Fraction | str | None
    new: Fraction | str | None
    number: str = GENERAL
    name: str = ""  # of a parameter or input: its address

    @property
    def moved(self) -> Fraction | None:
        both = isinstance(self.old, Fraction) and isinstance(self.new, Fraction)
        return self.new - self.old if both else None


def differences(run: Run, before: Record, lang: str) -> list[Line]:
    """Every parameter, input figure and award that differs from the version whose record is `before`."""
    before = from_0_1.with_names_of_today(before) if run.model.parts else before
    now, old = figures(run), before.figures
    names = _names(now.names, old.names, lang)
    lines = [*_about(run, before, now, lang), *_parameters(run, old.parameters, now.parameters, lang)]
    lines += _inputs(run, old.inputs, now.inputs, names, lang)
    lines += _printed(run, before, lang)
    return [*lines, *_awards(run, old.awards, now.awards, names, lang)]


def _about(run: Run, before: Record, now: KeptFigures, lang: str) -> Iterator[Line]:
    """The model's text, the marks, who takes part."""
    kind = say(lang, "versions.kind_model")
    old, new = before.model, digest(run.model.text)
    if old.sha256 != new:
        item = say(lang, "versions.model_text")
        yield Line(kind, "", item, f"{old.file} {old.sha256[:8]}", f"{run.model.file} {new[:8]}")
    marks = before.version.marks, mark_keys(run)
    if marks[0] != marks[1]:
        words = [_joined(mark_words(keys, lang), lang) for keys in marks]
        yield Line(kind, "", say(lang, "versions.marks"), *words)
    names, was = now.names, before.figures.names
    for code in dict.fromkeys([*was, *names]):
        if was.get(code) != names.get(code):
            yield Line(say(lang, "workbook.county"), code, say(lang, "workbook.name"), was.get(code), names.get(code))


def _printed(run: Run, before: Record, lang: str) -> Iterator[Line]:
    """备注（印）, which a reader sees beside the figures."""
    item, names = say(lang, "workbook.printed_note"), dict(zip(run.table.codes, run.table.names, strict=True))
    now = dict(zip(run.table.codes, run.table.printed_notes, strict=False))
    for code in dict.fromkeys([*names, *before.printed_notes]):
        old, new = before.printed_notes.get(code), now.get(code) or None
        if old != new:
            yield Line(item, names.get(code, code), item, old, new)


def _joined(words: list[str], lang: str) -> str:
    return ("、" if lang == "zh" else ", ").join(words) or "—"


def _parameters(run: Run, old: dict, new: dict, lang: str) -> Iterator[Line]:
    kind, model = say(lang, "workbook.kind_parameter"), run.model
    for address in dict.fromkeys([*new, *old]):
        if old.get(address) != new.get(address) and not _silent(run, address, old, new.get(address)):
            name, unit = _owner(model, address)
            label = model.parameters[name].label[lang] + address[len(name) :] if name else address
            edge = name and address.endswith((".up_to", ".below"))
            unit = model.parameters[name].by_unit if edge else unit
            line = _line(kind, "", model.units.with_unit(label, unit, lang), old.get(address), new.get(address), unit)
            yield replace(line, name=address)


def _owner(model: Model, address: str) -> tuple[str, Unit | None]:
    """The parameter an address lies in: the longest name it begins with, as list items have a point of their own."""
    fits = [name for name in model.parameters if address == name or address.startswith(f"{name}.")]
    name = max(fits, key=len, default="")
    return name, model.parameters[name].unit if name else None


def _inputs(run: Run, old: dict, new: dict, names: dict[str, str], lang: str) -> Iterator[Line]:
    kind, model = say(lang, "workbook.kind_input"), run.model
    for name in dict.fromkeys([*new, *old]):
        plain_name, _, year = name.partition("#")
        entry = model.inputs.get(plain_name)
        label = (entry.label[lang] if entry else plain_name) + (f" {year}" if year else "")
        was, now = old.get(name, {}), new.get(name, {})
        for code in dict.fromkeys([*now, *was]):
            if was.get(code) != now.get(code) and not _silent(run, name, old, now.get(code)):
                unit = entry.unit if entry and not entry.text else None
                item, values = run.model.units.with_unit(label, unit, lang), (was.get(code), now.get(code))
                line = _line(kind, names.get(code, code), item, *values, unit, bool(unit))
                yield replace(line, name=name)


def _silent(run: Run, name: str, old: dict, new: str | None) -> bool:
    """Nobody changed this: a part played in an adjustment, or a new item that is 0."""
    of_0_1 = run.model.calculated and not run.model.parts
    working = from_0_1.ROLES.fullmatch(name) if of_0_1 else is_silent(name)
    return bool(working) or name not in old and new == "0"


def _awards(run: Run, old: dict, new: dict, names: dict[str, str], lang: str) -> Iterator[Line]:
    entry = run.model.columns[run.model.award]
    item = run.model.units.with_unit(entry.label[lang], entry.unit, lang)
    for code in dict.fromkeys([*new, *old]):
        if old.get(code) != new.get(code):
            yield _line(entry.label[lang], names.get(code, code), item, old.get(code), new.get(code), entry.unit)
    totals = [_total(amounts) for amounts in (old, new)]
    if totals[0] != totals[1] and run.model.adds_up(run.model.award):
        whole = say(lang, "workbook.total")
        yield _line(entry.label[lang], whole, item, *map(exact_text, totals), entry.unit)


def _names(new: dict[str, str], old: dict[str, str], lang: str) -> dict[str, str]:
    """Names by code; a name two counties bear has its code beside it."""
    names = {**old, **new}
    often = Counter(names.values())
    return {code: name + (in_brackets(code, lang) if often[name] > 1 else "") for code, name in names.items()}


def _total(awards: dict[str, str | None]) -> Fraction:
    return sum((Fraction(value) for value in awards.values() if value is not None), Fraction(0))


def _line(
    kind: str, county: str, item: str, old: str | None, new: str | None, unit: Unit | None, numeric: bool = True
) -> Line:
    values = [_figure(value) if numeric else value for value in (old, new)]
    known = [value for value in values if isinstance(value, Fraction)]
    if not unit or not known:
        return Line(kind, county, item, *values)
    return Line(kind, county, item, *values, number_format(unit, decimals_needed(known)))


def _figure(value: str | None) -> Fraction | str | None:
    try:
        return None if value is None else Fraction(value)
    except ValueError:
        return value


def write_version(
    run: Run, path: Path, lang: str, record: Record, planned: Planned, before: tuple[Version, Record] | None,
    mapping: Mapping | None = None,
) -> None:  # fmt: skip
    """The workbook of a version at `path`. `before`: the version it is compared with, and its record."""
    book = figure_book(path, lang, run.model.label[lang], run)
    write_sheets(book, run, record, mapping)
    sheet = book.add_worksheet(say(lang, "versions.sheet"))
    write_differences(sheet, run, planned, before, Styles(book))
    sheet.protect("", PROTECT)
    for page in book.worksheets():
        page.sign_pages(foot_label(planned.version.label(lang), run, lang), say(lang, "workbook.page"))
    book.close()


def foot_label(label: str, run: Run, lang: str) -> str:
    """The version and marks, on the left of the foot of each page."""
    return " ".join([label, *mark_words(mark_keys(run), lang)])


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
    compared = _compared(planned, before, sheet.lang)
    sheet.merge_range(1, 0, 1, last, compared, styles.note(text_wrap=True))
    sheet.set_row(1, 3 + 14 * lines_of(compared, sum(size for _, size in WIDTHS) - 2))
    rows = differences(run, before[1], sheet.lang) if before else []
    for row, line in enumerate(rows, start=TOP):
        figure = styles.figure(line.number)
        for column, value in enumerate((line.kind, line.county, line.item)):
            role = Role.NAME if column == 1 else Role.LABEL
            sheet.write(row, column, value or None, styles.text(role, text_wrap=True))
        for column, value in enumerate((line.old, line.new, line.moved), start=3):
            shown = value is not None or column == 5
            look = styles.figure("@", text_wrap=True) if isinstance(value, str) else figure
            sheet.write(row, column, plain(value) if shown else sheet.say("versions.blank"), look)
        sheet.write_string(row, last, version.reason, styles.text(text_wrap=True))
        texts = (line.kind, line.county, line.item, *map(_as_text, (line.old, line.new)), "", version.reason)
        sizes = [size for _, size in WIDTHS]
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


def _as_text(value: Fraction | str | None) -> str:
    return value if isinstance(value, str) else ""


def _compared(planned: Planned, before: tuple[Version, Record] | None, lang: str) -> str:
    """Which version this is and which it is compared with, or that there is none before it."""
    label = planned.version.label(lang)
    if before is None and not planned.earlier:
        return say(lang, "versions.first", own=label)
    passed = [version.label(lang) for version in planned.earlier if before is None or version.order > before[0].order]
    gone = say(lang, "versions.passed_over", versions=passed) if passed else ""
    if before is None:
        return say(lang, "versions.none_left", own=label) + gone
    return say(lang, "versions.against", own=label, last=before[0].label(lang), date=before[0].date) + gone
