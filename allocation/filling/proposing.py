"""What each column of a template is taken for, and what must be asked: nothing that is not sure is decided here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction

from allocation.classes import dataclass
from allocation.filling.code_lists import code_lists, coded
from allocation.filling.headings import HeadingOver
from allocation.filling.reading import TemplateRead, role_of, units_over
from allocation.language.units import Units
from allocation.policy.model import Model
from allocation.run.run import Run
from allocation.tables.headings import split_unit, squeezed_key
from allocation.tables.keys import CODE, IGNORED, NAME, REMARK, YEAR
from allocation.tables.number_formats import section_of
from allocation.tables.spelling import fold
from allocation.xlsx.import_mapping import ImportColumnSpec, figures_of
from allocation.xlsx.import_mapping import Mapping as Layout

# What a column of a template is filled with: one of these words, or one of the two prefixes and what comes behind.
LEAVE, OF_CODE, OF_NAME, OF_YEAR, OF_LINE, OF_ROW = "leave", "code", "name", "year", "line", "row"
SAID = (LEAVE, OF_CODE, OF_NAME, OF_YEAR, OF_LINE, OF_ROW)
FIGURE, TEXT = "figure:", "text:"
ROLES = {CODE: OF_CODE, NAME: OF_NAME, YEAR: OF_YEAR, REMARK: LEAVE, IGNORED: LEAVE}
NEAREST = 6  # figures that are offered first


@dataclass(frozen=True)
class TargetColumn:
    """`source`: what it is filled with, empty where that must be asked, and `why` it is so; `near`: figures that it may
    be, nearest first. `units` that the template says of it, `decimals` that its format shows. `entries`: what its rule
    of validation allows, each with what that means where the template tells; `before`: the one text of last time.
    """

    column: int
    heading: str
    source: str
    why: str
    units: tuple[str, ...]
    decimals: int | None
    entries: tuple[tuple[str, str], ...]
    before: str
    near: tuple[str, ...]


@dataclass(frozen=True)
class TargetLine:
    """A text by which the rows of one unit are told apart, and the figure of the run that it means, empty where that
    must be asked."""

    text: str
    figure: str
    near: tuple[str, ...]


@dataclass(frozen=True)
class Proposal:
    """`lines`: those of a template in which a unit has several rows, told apart in the column `line`."""

    read: TemplateRead
    run: Run
    columns: tuple[TargetColumn, ...]
    lines: tuple[TargetLine, ...]
    held: Layout | None

    def where(self, target: TargetColumn) -> str:
        return self.read.template.where(self.read.rows[-1], target.column)


def propose(read: TemplateRead, run: Run, held: Layout | None = None, before: TemplateRead | None = None) -> Proposal:
    """`held`: a mapping whose headings are taken over; `before`: a template that was filled last time."""
    line, texts = _line_column(read)
    known = _held_sources(held, read) | _figure_words(run.model)
    fixed = _fixed(before) if before else {}
    paths = Counter(fold(heading.path) for heading in read.headings)
    columns = [_target(read, run, heading, known, fixed, line, paths[fold(heading.path)] > 1)
               for heading in read.headings]  # fmt: skip
    if line is not None:
        columns = [_of_row(target, run) for target in columns]
    words = _figure_words(run.model)
    lines = [TargetLine(text, words.get(_key(text), "").removeprefix(FIGURE), _near(text, run, ())) for text in texts]
    return Proposal(read, run, tuple(columns), tuple(lines), held)


# ---- one column


def _target(
    read: TemplateRead,
    run: Run,
    heading: HeadingOver,
    known: Mapping[str, str],
    fixed: Mapping[str, str],
    line: int | None,
    twice: bool,
) -> TargetColumn:
    units = tuple(units_over(read, heading, run))
    source, why = _source(read, run, heading, known, units, line, twice)
    form = section_of(read.template.format(read.first, heading.column), Fraction(1))
    return TargetColumn(
        heading.column, heading.path, source, why, units, form.decimals if form.figure and form.readable else None,
        _entries(read, heading.column), fixed.get(_key(heading.path), ""), _near(heading.path, run, units),
    )  # fmt: skip


def _source(
    read: TemplateRead,
    run: Run,
    heading: HeadingOver,
    known: Mapping[str, str],
    units: Sequence[str],
    line: int | None,
    twice: bool,
) -> tuple[str, str]:
    """Sure are: what cannot be filled, the columns in which codes or names of units stand, headings of key columns, and
    words of a mapping or of the model, if the unit is of that kind."""
    column, role = heading.column, role_of(heading)
    if column == line:
        return OF_LINE, "rows"
    if column == read.key:
        return read.units, "rows"
    why = "twice" if twice else _shut(read, column)
    if role in (CODE, NAME) and why in ("full", "locked") and read.texts(column):
        return ROLES[role], "role"  # nothing is written there, but codes and names that have slipped are told
    if why:
        return LEAVE, why
    for words in (heading.path, heading.texts[-1]):
        source = known.get(_key(words), "")
        if source and (not source.startswith(FIGURE) or _fits(source.removeprefix(FIGURE), units, run)):
            return source, "words"
    if role in ROLES and not (role in (CODE, NAME) and read.units == "append" and _rivals(read, role) > 1):
        return ROLES[role], "role"
    return "", ""


def _rivals(read: TemplateRead, role: str) -> int:
    return sum(role_of(heading) == role for heading in read.headings)


def _shut(read: TemplateRead, column: int) -> str:
    """Why no cell of a column is to be filled: formulas, locked, or full of something."""
    listed = read.body[:1] if read.key is None else [row for row, _ in read.texts(read.key)]
    rows = [row for row in listed if row not in read.strange]
    if not rows:
        return ""
    template = read.template
    for why, test in (
        ("formula", lambda row: (row, column) in template.formulas),
        ("locked", lambda row: template.locked(row, column)),
        ("full", lambda row: not template.sheet.cell(row, column).empty),
    ):
        if all(map(test, rows)):
            return why
    return ""


def _fits(figure: str, units: Sequence[str], run: Run) -> bool:
    """Whether the template says no unit of a column, or one of the figure's kind."""
    return not units or any(run.model.units.parse(unit).same_kind(run.model.entry(figure).unit) for unit in units)


def _of_row(target: TargetColumn, run: Run) -> TargetColumn:
    """In a template with several rows a unit a column of the award is that of the row's own figure."""
    from dataclasses import replace

    return replace(target, source=OF_ROW) if target.source == f"{FIGURE}{run.model.award}" else target


# ---- words


def _key(text: str) -> str:
    """A heading without marks and the unit in brackets behind each of its words."""
    return squeezed_key("/".join(split_unit(part)[0] for part in text.split("/")))


def _figure_words(model: Model) -> dict[str, str]:
    """Figures by their labels and names; words of two figures are those of none."""
    words: dict[str, set[str]] = {}
    for name in figures_of(model):
        label = model.entry(name).label
        for word in (name, label.zh, label.en, label.zh.rsplit("/", 1)[-1]):
            words.setdefault(_key(word), set()).add(name)
    return {word: FIGURE + next(iter(names)) for word, names in words.items() if len(names) == 1}


def _held_sources(held: Layout | None, read: TemplateRead) -> dict[str, str]:
    """What a mapping takes for each heading that it knows."""
    if held is None:
        return {}
    lists = code_lists(held, read.template, [])
    sources: dict[str, str] = {}
    for column in held.columns:
        source = _held_source(held, column)
        if source.startswith(TEXT):
            source = TEXT + coded(column, source.removeprefix(TEXT), lists, "", [])
        for word in filter(None, (column.heading, column.zh, column.en, column.name)):
            if source:
                sources.setdefault(_key(word), source)
    return sources


def _held_source(held: Layout, column: ImportColumnSpec) -> str:
    """Empty where it is not the same in every row, or a fixed text that nobody has filled in."""
    if column.take in (OF_CODE, OF_NAME, OF_YEAR):
        return column.take
    if column.take == "text":
        return TEXT + column.text if column.text else ""
    line = held.line_of(column) or (held.lines[0] if len(held.lines) == 1 else None)
    if line is None or column.take == "line":
        return ""
    figure = line.figure if column.take == "figure" else line.others.get(column.name, "")
    return FIGURE + figure if figure else ""


def _near(heading: str, run: Run, units: Sequence[str]) -> tuple[str, ...]:
    """The figures whose labels share most pairs of signs with a heading, those of another kind of unit left out."""
    model, pairs = run.model, _pairs(_key(heading))
    kind = [name for name in figures_of(model) if _fits(name, units, run)]

    def likeness(name: str) -> float:
        of_label = _pairs(_key(model.entry(name).label.zh))
        return 2 * len(pairs & of_label) / max(1, len(pairs) + len(of_label))

    ranked = sorted(kind, key=lambda name: (-likeness(name), name != model.award))
    return tuple(name for name in ranked[:NEAREST] if likeness(name) or name == model.award)


def _pairs(text: str) -> set[str]:
    return {text[place : place + 2] for place in range(len(text) - 1)}


# ---- what the template itself tells


def _entries(read: TemplateRead, column: int) -> tuple[tuple[str, str], ...]:
    """The entries that a list of the template allows in a column; of codes on a sheet the text in the cell before."""
    template = read.template
    rules = [rule for rule in template.validations if rule.kind == "list" and rule.holds_for(read.first, column)]
    for rule in rules:
        if entries := template.entries(rule):
            return tuple(entries)
    return ()


def _line_column(read: TemplateRead) -> tuple[int | None, list[str]]:
    """Where a unit has several rows: the column whose texts tell them apart, and those texts in their order."""
    if read.key is None:
        return None, []
    units = [(row, text) for row, text in read.texts(read.key) if row not in read.strange]
    if max(Counter(fold(text) for _, text in units).values()) < 2:
        return None, []
    for heading in read.headings:
        held = {row: read.template.sheet.cell(row, heading.column).text for row, _ in units}
        pairs = {(fold(text), held[row]) for row, text in units if held[row]}
        if heading.column != read.key and len(pairs) == len(units):
            return heading.column, list(dict.fromkeys(held.values()))
    return None, []


def _fixed(before: TemplateRead) -> dict[str, str]:
    """Of a template that was filled: the text of each column in which every row says the same."""
    fixed: dict[str, str] = {}
    for heading in before.headings:
        texts = [text for _, text in before.texts(heading.column)]
        if len(texts) > 1 and len(set(texts)) == 1:
            fixed[_key(heading.path)] = texts[0]
    return fixed


def unit_of(target: TargetColumn, figure: str, model: Model, said: str = "") -> str:
    """The unit that a person says, else that of the template which is of the figure's kind; empty where neither is."""
    units: Units = model.units
    measured = model.entry(figure).unit
    if not measured.dims:
        return said or measured.name
    return said or next((unit for unit in target.units if units.parse(unit).same_kind(measured)), "")
