"""A proposal with what a person said of it, as the text of a mapping: it is written when nothing is left to ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from fractions import Fraction
from itertools import combinations

from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem, nearest
from allocation.filling.proposing import (
    FIGURE,
    LEAVE,
    OF_CODE,
    OF_LINE,
    OF_NAME,
    OF_ROW,
    OF_YEAR,
    TEXT,
    Proposal,
    TargetColumn,
    unit_of,
)
from allocation.parts.toml_text import toml
from allocation.run.run import Run
from allocation.tables.cells import letters
from allocation.texts import Speaker
from allocation.texts.decimals import decimals_needed
from allocation.xlsx.import_mapping import figures_of

TAKES = (OF_CODE, OF_NAME, OF_YEAR, OF_LINE)
MOST_PARTS = 12  # figures of which every choice is tried
MOST_DECIMALS = 9


@dataclass(frozen=True)
class ColumnSaid:
    """What a column is filled with, as in a proposal; `unit`, `decimals` and `digits` of codes empty where those of the
    template hold; `total`: the cell of its sum, of an amount that is part of the award; None as the mapping at hand."""

    source: str = ""
    unit: str = ""
    decimals: str = ""
    digits: str = ""
    total: str | None = None


@dataclass(frozen=True)
class MappingSaid:
    """By the letters of columns and the texts of lines what was said of them; of all others the proposal holds.

    `strange`: that rows which name no unit of the run stay as they are. `title`: how the mapping is called.
    `skip_zero`, `files`: as in a mapping; None where those of the mapping at hand hold.
    """

    title: str
    columns: Mapping[str, ColumnSaid] = field(default_factory=dict)
    lines: Mapping[str, str] = field(default_factory=dict)
    strange: bool = False
    version: str | None = None
    digest: str | None = None
    skip_zero: bool | None = None
    files: tuple[str, ...] | None = None


@dataclass(frozen=True)
class _Settled:
    """A column with all that a mapping says of it."""

    target: TargetColumn
    source: str
    unit: str = ""
    decimals: int | None = None

    @property
    def name(self) -> str:
        return column_name(self.target)

    @property
    def figure(self) -> str:
        return self.source.removeprefix(FIGURE)


def column_name(target: TargetColumn) -> str:
    """How a mapping that was read off calls a column."""
    return f"column_{letters(target.column).lower()}"


def mapping_text(proposal: Proposal, said: MappingSaid, speaker: Speaker, file: str) -> str:
    """`file`: the template as the mapping names it. Raises all that is still to be asked."""
    problems: list[Problem] = []
    columns = [settled for target in proposal.columns if (settled := _settled(proposal, target, said, problems))]
    lines = {line.text: said.lines.get(line.text, line.figure) for line in proposal.lines}
    known = figures_of(proposal.run.model)
    for line in proposal.lines:
        if lines[line.text] not in known:
            where = f"{proposal.read.template.file}: {line.text}"
            problems.append(
                Problem("filling.ask_line", {"line": line.text, "near": _labels(proposal, line.near)}, where)
            )
    if proposal.read.strange and not said.strange:
        rows = proposal.read.strange
        slots = {"count": len(rows), "rows": [f"{row + 1} {text}" for row, text in rows.items()][:8]}
        problems.append(Problem("filling.ask_strange", slots, proposal.read.template.file))
    _refuse_unknown(proposal, said, problems)
    if not problems and not any(each.source.startswith(FIGURE) or each.source == OF_ROW for each in columns):
        problems.append(Problem("filling.ask_amount", where=proposal.read.template.file))
    if problems:
        raise AllocationError(problems)
    return _MappingWriter(proposal, said, columns, lines, speaker).text(file)


def _refuse_unknown(proposal: Proposal, said: MappingSaid, problems: list[Problem]) -> None:
    known = [letters(target.column) for target in proposal.columns]
    problems += [Problem("filling.ask_no_column", {"column": name, "known": known}, proposal.read.template.file)
                 for name in said.columns if name not in known]  # fmt: skip


def _labels(proposal: Proposal, names: Sequence[str]) -> list[object]:
    return [proposal.run.model.entry(name).label for name in names]


# ---- one column


def _settled(proposal: Proposal, target: TargetColumn, said: MappingSaid, problems: list[Problem]) -> _Settled | None:
    """None of a column that is left as it is, and of one of which something is to be asked, which joins `problems`."""
    told = said.columns.get(letters(target.column), ColumnSaid())
    source, where = told.source or target.source, proposal.where(target)
    if not source:
        slots = {"column": letters(target.column), "heading": target.heading, "near": _labels(proposal, target.near),
                 "entries": [entry for entry, _ in target.entries][:8], "before": target.before}  # fmt: skip
        problems.append(Problem("filling.ask_column", slots, where))
        return None
    if source == LEAVE or source in TAKES or source == TEXT + source.removeprefix(TEXT):
        return None if source in (LEAVE, TEXT) else _Settled(target, source)
    figure = source.removeprefix(FIGURE)
    if source == OF_ROW and proposal.lines:
        figure = proposal.run.model.award
    known = figures_of(proposal.run.model)
    if source != OF_ROW and (not source.startswith(FIGURE) or figure not in known):
        slots = {"source": source, "heading": target.heading, "nearest": nearest(figure, known)}
        problems.append(Problem("filling.ask_source", slots, where))
        return None
    unit = unit_of(target, figure, proposal.run.model, told.unit)
    if not unit and proposal.run.model.entry(figure).unit.dims:
        slots = {
            "column": letters(target.column),
            "heading": target.heading,
            "unit": proposal.run.model.entry(figure).unit.name,
        }
        problems.append(Problem("filling.ask_unit", slots, where))
        return None
    decimals = int(told.decimals) if told.decimals.isdecimal() else _decimals(proposal.run, figure, unit, target)
    return _Settled(target, source, unit, decimals)


def _decimals(run: Run, figure: str, unit: str, target: TargetColumn) -> int:
    """As many as the template shows; else as few as hold every figure of the run as it is, nine at most."""
    if target.decimals is not None:
        return target.decimals
    factor = run.model.entry(figure).unit.factor_to(run.model.units.parse(unit))
    values = [value * factor for value in run.numbers(figure) if value is not None]
    return decimals_needed(values, MOST_DECIMALS)


def parts_of_award(run: Run, figures: Sequence[str]) -> list[str]:
    """Those of some figures that make up the award in every unit; the award alone where it is one of them. All that
    are of its kind where none do, so that the mapping is refused as one that does not close."""
    award = run.model.award
    if award in figures:
        return [award]
    of_award = run.model.columns[award].unit
    alike = [name for name in figures if run.model.entry(name).unit.same_kind(of_award)]
    wanted = [value or Fraction(0) for value in run.numbers(award)]
    factors = {name: run.model.entry(name).unit.factor_to(of_award) for name in alike}
    values = {name: [(value or Fraction(0)) * factors[name] for value in run.numbers(name)] for name in alike}
    for count in range(len(alike), 0, -1) if len(alike) <= MOST_PARTS else ():
        for chosen in combinations(alike, count):
            if [sum(column, Fraction(0)) for column in zip(*(values[name] for name in chosen), strict=True)] == wanted:
                return [*chosen]
    return alike or [*figures]


# ---- the text


@dataclass(frozen=True)
class _MappingWriter:
    """The sections of a mapping, each column with a line that says in words what it is."""

    proposal: Proposal
    said: MappingSaid
    columns: Sequence[_Settled]
    lines: Mapping[str, str]
    speaker: Speaker

    def text(self, file: str) -> str:
        run, title = self.proposal.run, self.said.title
        head = [f"# {line}" for line in self.speaker.say("filling.mapping_head", file=file).splitlines()]
        head += ["", "[import]", _entry("zh", title), _entry("en", title), _entry("award", run.model.award)]
        head += self._text_files()
        sections = [head, self._template(file), *self._line_sections(), *map(self._column, self.columns)]
        return "\n\n".join("\n".join(section) for section in sections) + "\n"

    def _text_files(self) -> list[str]:
        held, said = self.proposal.held, self.said
        skip_zero = bool(held and held.skip_zero) if said.skip_zero is None else said.skip_zero
        files = [*(held.files if held else ())] if said.files is None else [*said.files]
        return [*(["skip_zero = true"] if skip_zero else []), *([f"files = {toml(files)}"] if files else [])]

    def _totals(self) -> list[str]:
        """The cells of sums, of the columns that have one."""
        at_hand = self.proposal.held.template if self.proposal.held else None
        cells: dict[str, str] = {}
        for each in self.columns:
            said = self.said.columns.get(letters(each.target.column), ColumnSaid()).total
            held = at_hand.totals.get(each.name, "") if at_hand else ""
            cells[each.name] = held if said is None else said
        told = {name: cell for name, cell in cells.items() if cell}
        return [f"totals = {toml(told)}"] if told else []

    def _template(self, file: str) -> list[str]:
        read, said = self.proposal.read, self.said
        cells = {"version": said.version, "digest": said.digest}
        stamps = {key: read.stamps.get(key, "") if cell is None else cell for key, cell in cells.items()}
        without = [text for row, text in read.strange.items() if row < read.end]
        pinned = {letters(heading.column): heading.path for heading in read.headings}
        told = ["[template]", *([_entry("file", file)] if file else []), _entry("sheet", read.template.sheet.name)]
        told += [f"headings = {[row + 1 for row in read.rows]}", f"first = {read.first + 1}"]
        told += [f"last = {read.end}"] if read.end < len(read.template.sheet.rows) else []
        told += [_entry("units", read.units), *([f"without = {toml(without)}"] if without else [])]
        told += [_entry(key, cell) for key, cell in stamps.items() if cell]
        told += self._totals()
        about = self.speaker.say("filling.mapping_pinned")
        return [
            *told,
            f"# {about}",
            "pinned = { " + ", ".join(f"{at} = {toml(path)}" for at, path in pinned.items()) + " }",
        ]

    @property
    def _parts(self) -> list[str]:
        """The figures that make up the award, a line each."""
        chosen = [*self.lines.values()] if self.lines else [
            each.figure for each in self.columns if each.source.startswith(FIGURE)]  # fmt: skip
        return parts_of_award(self.proposal.run, list(dict.fromkeys(chosen)))

    @property
    def _spelt(self) -> dict[str, list[str]]:
        """The texts by which a template calls each figure of a row: one, or a text and its code."""
        spelt: dict[str, list[str]] = {}
        for text, figure in self.lines.items():
            spelt.setdefault(figure, []).append(text)
        return spelt

    @property
    def _coded(self) -> bool:
        return any(len(texts) > 1 for texts in self._spelt.values())

    def _line_sections(self) -> list[list[str]]:
        """A line each text of the template's rows, else one each figure that is part of the award."""
        parts = self._parts
        if self.lines:
            column = next(each.name for each in self.columns if each.source == OF_LINE)
            sections = [
                ["[[line]]", _entry("name", figure), _entry("figure", figure),
                 f"texts = {{ {column} = {toml(texts[0])} }}", *self._others(parts), *_apart(figure not in parts)]
                for figure, texts in self._spelt.items()
            ]  # fmt: skip
            values = ", ".join(f"{toml(texts[0])} = {toml(texts[-1])}" for texts in self._spelt.values())
            codes = ["[[codes]]", _entry("name", "lines"), f"values = {{ {values} }}"]
            return [*([codes] if self._coded else []), *sections]
        sections = [["[[line]]", _entry("name", figure), _entry("figure", figure)] for figure in parts]
        return [[*sections[0], *self._others(parts)], *sections[1:]]

    def _others(self, parts: Sequence[str]) -> list[str]:
        others = [each for each in self.columns if each.source.startswith(FIGURE) and not self._is_part(each, parts)]
        told = ", ".join(f"{each.name} = {toml(each.figure)}" for each in others)
        return [f"others = {{ {told} }}"] if told else []

    def _is_part(self, settled: _Settled, parts: Sequence[str]) -> bool:
        return not self.lines and settled.figure in parts

    def _column(self, settled: _Settled) -> list[str]:
        heading, source = settled.target.heading, settled.source
        told = ["[[column]]", _entry("name", settled.name), _entry("zh", heading), _entry("en", heading)]
        told += [_entry("heading", heading)]
        if source in TAKES:
            said = self.said.columns.get(letters(settled.target.column), ColumnSaid()).digits
            listed = self.proposal.read.digits if settled.target.column == self.proposal.read.key else None
            digits = (said or listed) if source == OF_CODE else None
            told += [_entry("codes", "lines")] if source == OF_LINE and self._coded else []
            return [self._about(settled), *told, _entry("take", source), *([f"digits = {digits}"] if digits else [])]
        if source.startswith(TEXT):
            return [self._about(settled), *told, _entry("take", "text"), _entry("text", source.removeprefix(TEXT))]
        return [self._about(settled), *told, *self._amount(settled)]

    def _amount(self, settled: _Settled) -> list[str]:
        parts = self._parts
        measured = [_entry("unit", settled.unit), f"decimals = {settled.decimals}"]
        if settled.source != OF_ROW and not self._is_part(settled, parts):
            given = self._given(settled.figure)
            return [_entry("take", "other"), *([_entry("given", given)] if given else []), *measured]
        alike = (each for each in self.columns if each.source == settled.source)
        first = next(alike)
        if first is not settled:
            return [_entry("take", "figure"), _entry("of", first.name), *measured]
        wide = [] if self.lines or len(parts) < 2 else [_entry("line", settled.figure)]
        return [_entry("take", "figure"), *wide, *measured]

    def _given(self, figure: str) -> str:
        """The input without which a figure is not known, as the mapping at hand says."""
        held = self.proposal.held
        columns = {name: column for line in held.lines for column in held.columns
                   if (name := line.others.get(column.name, ""))} if held else {}  # fmt: skip
        return columns[figure].given or "" if figure in columns else ""

    def _about(self, settled: _Settled) -> str:
        model, source, text = self.proposal.run.model, settled.source, settled.source.removeprefix(TEXT)
        at = letters(settled.target.column)
        if source in TAKES or source == OF_ROW:
            return f"# {at}: {self.speaker.say(f'filling.source_{source}')}"
        if source.startswith(TEXT):
            means = dict(settled.target.entries).get(text, "")
            return f"# {at}: {self.speaker.say('filling.source_text')} {' '.join(f'{text} {means}'.split())}"
        return f"# {at}: {model.entry(settled.figure).label[self.speaker.lang]}"


def _apart(apart: bool) -> list[str]:
    return ["apart = true"] if apart else []


def _entry(key: str, value: str) -> str:
    return f"{key} = {toml(value)}"
