"""The mapping of an import file: which lines each county gives, which columns the file has. Staff edit it, in TOML."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Literal

from allocation.case import BY_KEY
from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem, nearest
from allocation.policy.model import Column, Input, Model
from allocation.policy.schema import Labelled, Whole
from allocation.policy.section import Section, slot
from allocation.policy.toml_file import read_text, read_toml
from allocation.report.column import CODE, NAME, YEAR
from allocation.report.columns import import_keys
from allocation.texts import Both, both

KEYS = {"text": ("text",), "figure": ("unit", "decimals"), "other": ("unit", "decimals")}  # what a column must say
TAKES: dict[str, Literal["year", "code", "name"]] = {YEAR: "year", CODE: "code", NAME: "name"}
MAY_SAY = {("of", "figure"), ("fact", "text"), ("given", "other")}


class ImportSpec(Labelled):
    """`layout`: of lines that are of one layout, those that are taken."""

    award: str
    skip_zero: bool = False
    layout: str = ""


class LineSpec(Section):
    """One row a county. `figure` is an input or column; `texts` and `others` are keyed by the file's column."""

    name: str
    figure: str
    texts: dict[str, str] = {}
    others: dict[str, str] = {}
    apart: bool = False  # a ledger of its own, which is not part of the award
    layout: str = ""  # the one it is of; of every one where that is empty


class ImportColumnSpec(Labelled):
    """One column. `of`: converted from that column's rounded figure; no `decimals`: the figure as it is. `fact`: of
    the issue (`number`, `batch`), in place of `text` where a case gives it. `given`: the input without which a figure
    is not known, and stays blank.
    """

    name: str
    take: Literal["year", "code", "name", "text", "line", "figure", "other"]
    text: str | None = None
    fact: str | None = None
    unit: str | None = None
    decimals: Whole | None = None
    of: str | None = None
    given: str | None = None

    @property
    def in_unit(self) -> str:
        """Of a figure, which must say it."""
        return self.unit or ""


class MappingFile(Section):
    import_: ImportSpec = slot(name="import")
    line: list[LineSpec] = []
    column: list[ImportColumnSpec] = []


@dataclass(frozen=True)
class Mapping:
    """`skip_zero`: lines without any amount are left out of files that hold values. `besides`: the same file in its
    other layouts, which an earlier workbook may have.
    """

    label: Both
    lines: tuple[LineSpec, ...]
    columns: tuple[ImportColumnSpec, ...]
    skip_zero: bool = False
    file: str = ""
    besides: tuple[Mapping, ...] = ()


def load_mapping(path: Path, model: Model) -> Mapping:
    path = Path(path)
    return mapping_from_text(read_text(path), f"{path.parent.name}/{path.name}", model)  # models have the same names


def mapping_from_text(text: str, file: str, model: Model) -> Mapping:
    """Raises AllocationError with all problems of the file."""
    spec = read_toml(text, file, MappingFile)
    checker = _MappingChecker(spec, file, model)
    checker.check()
    if checker.problems:
        raise AllocationError(checker.problems)
    if model.calculated not in ("", model.award):
        return _of_issued(_laid(spec, spec.import_.layout, file), model)
    besides = (layout for layout in _layouts(spec) if layout != spec.import_.layout)
    mapping = _laid(spec, spec.import_.layout, file)
    return replace(mapping, besides=tuple(_laid(spec, layout, file) for layout in besides))


def _laid(spec: MappingFile, layout: str, file: str) -> Mapping:
    """The mapping with the lines of one layout and those of every one."""
    lines = tuple(line for line in spec.line if line.layout in ("", layout))
    return Mapping(Both(spec.import_.zh, spec.import_.en), lines, tuple(spec.column), spec.import_.skip_zero, file)


def _layouts(spec: MappingFile) -> list[str]:
    return list(dict.fromkeys(line.layout for line in spec.line if line.layout))


def _of_issued(mapping: Mapping, model: Model) -> Mapping:
    """What is imported is what is issued: one amount a county where a split of the award no longer adds up."""
    if len(mapping.lines) != 1 or mapping.lines[0].figure != model.calculated:
        return default_mapping(model)
    line = mapping.lines[0].changed(figure=model.award)
    return replace(mapping, lines=(line,))


def default_mapping(model: Model) -> Mapping:
    """Year, code, name and the award in its own unit."""
    award = model.columns[model.award]
    label = both("importing.title", model=model.label)
    head = model.units.headed(award.label, award.unit)

    def column(key: str) -> ImportColumnSpec:
        if key == model.award:
            return ImportColumnSpec(
                name="figure", take="figure", zh=head.zh, en=head.en, unit=award.unit.name, decimals=award.decimals
            )
        take = TAKES[key]
        called = both(f"importing.{take}")
        return ImportColumnSpec(name=take, take=take, zh=called.zh, en=called.en)

    return Mapping(label, (LineSpec(name="award", figure=model.award),), tuple(map(column, import_keys(model))))


class _MappingChecker:
    """A mapping against its model: names, units, and that every line and column says what it must."""

    def __init__(self, spec: MappingFile, file: str, model: Model):
        self.spec, self.file, self.model = spec, file, model
        self.problems: list[Problem] = []
        self.columns = {column.name: column for column in spec.column}
        self.figures = [name for name in (*model.inputs, *model.columns) if _is_figure(model.entry(name))]

    def problem(self, message: str, where: str, **slots: object) -> None:
        self.problems.append(Problem(f"importing.{message}", slots, f"{self.file}: {where}"))

    def check(self) -> None:
        head, model = self.spec.import_, self.model
        if head.award not in (model.award, model.calculated):
            self.problem("other_award", "[import] award", found=head.award, model=model.file, award=model.award)
        if not self.spec.line:
            self.problem("no_line", "[[line]]")
        layouts = _layouts(self.spec)
        if head.layout not in (layouts or [""]):
            slots = {"name": head.layout, "nearest": nearest(head.layout, layouts) or "", "known": layouts}
            self.problem("no_layout", "[import] layout", **slots)
        if not any(column.take == "figure" and not column.of for column in self.spec.column):
            self.problem("no_amount", "[[column]]")
        for key in ("name", "zh", "en"):
            self._once("[[column]]", [(column.name, key, getattr(column, key)) for column in self.spec.column])
        self._once("[[line]]", [(line.name, "name", line.name) for line in self.spec.line])
        for column in self.spec.column:
            self._column(column, f"[[column]] {column.name}")
        for line in self.spec.line:
            self._line(line, f"[[line]] {line.name}")

    def _once(self, section: str, told: list[tuple[str, str, str]]) -> None:
        texts = [text for _, _, text in told]
        for place, (name, key, text) in enumerate(told):
            if text in texts[:place]:
                self.problem("twice", f"{section} {name} · {key}", text=text)

    def _column(self, column: ImportColumnSpec, where: str) -> None:
        needed = KEYS.get(column.take, ())
        for key in ("text", "fact", "unit", "decimals", "of"):
            given = getattr(column, key) is not None
            if key in needed and not given:
                self.problem("key_needed", where, take=column.take, key=key)
            elif given and key not in needed and (key, column.take) not in MAY_SAY:
                self.problem("key_unused", where, take=column.take, key=key)
        if column.decimals is not None and not 0 <= column.decimals <= 9:
            self.problem("decimals", f"{where} · decimals", found=column.decimals)
        if column.fact is not None and column.fact not in BY_KEY:
            near = nearest(column.fact, list(BY_KEY))
            self.problem("no_fact", f"{where} · fact", name=column.fact, nearest=near, known=() if near else [*BY_KEY])
        if column.unit is not None:
            try:
                self.model.units.parse(column.unit)
            except AllocationError as error:
                self.problems += [
                    Problem(problem.id, problem.slots, f"{self.file}: {where} · unit") for problem in error.problems
                ]
        if column.given is not None and column.given not in self.model.inputs:
            near = nearest(column.given, self.model.inputs) or "—"
            self.problem("no_given", f"{where} · given", name=column.given, nearest=near)
        if column.of is not None:
            sources = [given.name for given in self.spec.column if given.take == "figure" and not given.of]
            if column.of not in sources:
                self.problem("no_source", f"{where} · of", name=column.of, nearest=nearest(column.of, sources) or "—")

    def _line(self, line: LineSpec, where: str) -> None:
        known = {
            take: [column.name for column in self.spec.column if column.take == take] for take in ("line", "other")
        }
        for name in line.texts:  # a text whose column staff removed is no error; one for a column that ignores it is
            if name in self.columns and name not in known["line"]:
                self._no_column(name, "line", known["line"], f"{where} · texts")
        for name in known["line"]:
            if name not in line.texts:
                self.problem("no_text", f"{where} · texts", name=name, nearest=nearest(name, line.texts) or "—")
        for name in line.others:
            if name not in known["other"]:
                self._no_column(name, "other", known["other"], f"{where} · others")
        amounts = [column.name for column in self.spec.column if column.take == "figure"]
        for name in amounts or [""]:
            self._figure(line.figure, name, f"{where} · figure")
        for name, figure in line.others.items():
            self._figure(figure, name, f"{where} · others")

    def _no_column(self, name: str, take: str, known: list[str], where: str) -> None:
        self.problem("no_column", where, name=name, take=take, nearest=nearest(name, known) or "—")

    def _figure(self, name: str, column: str, where: str) -> None:
        """`name` is a number a county, and fits the unit of the file's column."""
        if name not in self.figures:
            problem = Problem("importing.no_figure", {"name": name, "nearest": nearest(name, self.figures) or "—"},
                              f"{self.file}: {where}")  # fmt: skip
            self.problems += [problem] if problem not in self.problems else []
            return
        unit, spec = self.model.entry(name).unit, self.columns.get(column)
        if spec is None or spec.unit is None or not self.model.units.knows(spec.unit):
            return
        if not unit.same_kind(self.model.units.parse(spec.unit)):
            self.problem("unit_differs", where, name=name, unit=unit.name or "1", column=column, other=spec.unit)


def _is_figure(entry: object) -> bool:
    if isinstance(entry, Input):
        return not entry.text
    return isinstance(entry, Column) and entry.kind == "number" and entry.shape != "scalar"
