"""The mapping of an import file: which lines each county gives, which columns the file has. Staff edit it, in TOML."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Literal

from allocation.case import BY_KEY
from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem, nearest
from allocation.opening.keeping import is_inside
from allocation.patterns import LatePattern
from allocation.policy.model import Column, Input, Model
from allocation.policy.schema import Labelled, Whole
from allocation.policy.section import Section, slot
from allocation.policy.toml_file import read_text, read_toml
from allocation.report.column import CODE, NAME, YEAR
from allocation.report.columns import import_keys
from allocation.texts import Both, both

KEYS = {"text": ("text",), "figure": ("unit", "decimals"), "other": ("unit", "decimals")}  # what a column must say
TAKES: dict[str, Literal["year", "code", "name"]] = {YEAR: "year", CODE: "code", NAME: "name"}
MAY_SAY = {
    ("of", "figure"), ("fact", "text"), ("given", "other"), ("line", "figure"), ("line", "other"), ("digits", "code"),
    ("codes", "code"), ("codes", "text"), ("codes", "line"),
}  # fmt: skip
CHECKED = ("text", "fact", "unit", "decimals", "of", "line", "digits", "codes")
DIGITS = (6, 9, 12)  # of a code of a place
ADDRESS = LatePattern(r"[A-Z]{1,3}[1-9]\d{0,6}")


class ImportSpec(Labelled):
    """`layout`: of lines that are of one layout, those that are taken."""

    award: str
    skip_zero: bool = False
    layout: str = ""
    files: list[Literal["utf-8", "gb18030", "dbf"]] = []


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
    is not known, and stays blank. `line`: its figure is that of one line.

    Of the receiving system's template: `heading` where it is not `zh`, `codes` the list that its texts stand in,
    `digits` of its codes of places, `field` its name in a DBF file.
    """

    name: str
    take: Literal["year", "code", "name", "text", "line", "figure", "other"]
    text: str | None = None
    fact: str | None = None
    unit: str | None = None
    decimals: Whole | None = None
    of: str | None = None
    given: str | None = None
    line: str | None = None
    heading: str = ""
    codes: str | None = None
    digits: Whole | None = None
    field: str = ""

    @property
    def in_unit(self) -> str:
        """Of a figure, which must say it."""
        return self.unit or ""


class TemplateSpec(Section):
    """The receiving system's own workbook. `headings`: its rows of headings, counted from 1; `first`, `last`: rows
    below them. `units`: what its rows are known by, or `append` where there are none yet. `without`: units of it that
    the run does not have. `version`, `digest`: cells for 稿次 and 校验码; `totals`: cells of totals, by column.
    `pinned`: the headings of the workbook that the mapping was made for, by column; another one is refused.
    """

    file: str = ""
    sheet: str = ""
    headings: list[Whole]
    first: Whole | None = None
    last: Whole | None = None
    units: Literal["code", "name", "append"]
    without: list[str] = []
    version: str = ""
    digest: str = ""
    totals: dict[str, str] = {}
    pinned: dict[str, str] = {}


class CodesSpec(Section):
    """A list of codes by what they mean: `values`, or two columns of a sheet of the template or of a CSV file."""

    name: str
    values: dict[str, str] = {}
    sheet: str = ""
    file: str = ""
    text: str = ""
    code: str = ""


class MappingFile(Section):
    import_: ImportSpec = slot(name="import")
    line: list[LineSpec] = []
    column: list[ImportColumnSpec] = []
    template: TemplateSpec | None = None
    codes: list[CodesSpec] = []


@dataclass(frozen=True)
class Mapping:
    """`skip_zero`: lines without any amount are left out of files that hold values. `besides`: the same file in its
    other layouts, which an earlier workbook may have. `folder`: where it was read.
    """

    label: Both
    lines: tuple[LineSpec, ...]
    columns: tuple[ImportColumnSpec, ...]
    skip_zero: bool = False
    file: str = ""
    besides: tuple[Mapping, ...] = ()
    folder: Path = Path()
    template: TemplateSpec | None = None
    codes: tuple[CodesSpec, ...] = ()
    files: tuple[str, ...] = ()

    @property
    def wide(self) -> bool:
        """Whether a unit has one row, with a column for each line."""
        return any(column.line for column in self.columns)

    def line_of(self, column: ImportColumnSpec) -> LineSpec | None:
        """The one line whose figures a column has, itself or what it is converted from."""
        source = next((each for each in self.columns if column.of and each.name == column.of), column)
        return next((line for line in self.lines if line.name == source.line), None)


def load_mapping(path: Path, model: Model, split: bool = False) -> Mapping:
    path = Path(path)
    called = "/".join([*path.parts[-2:-1], path.name])  # models have the same names
    mapping = mapping_from_text(read_text(path, "importing.no_file"), called, model, split)
    return replace(mapping, folder=path.parent)


def mapping_from_text(text: str, file: str, model: Model, split: bool = False) -> Mapping:
    """Raises AllocationError with all problems of the file.

    `split`: what is issued is imported in the lines of the file; raises where they no longer add up to it.
    """
    spec = read_toml(text, file, MappingFile)
    checker = _MappingChecker(spec, file, model)
    checker.check()
    if checker.problems:
        raise AllocationError(checker.problems)
    if model.calculated not in ("", model.award):
        return _of_issued(_laid(spec, spec.import_.layout, file), model, split)
    besides = (layout for layout in _layouts(spec) if layout != spec.import_.layout)
    mapping = _laid(spec, spec.import_.layout, file)
    return replace(mapping, besides=tuple(_laid(spec, layout, file) for layout in besides))


def _laid(spec: MappingFile, layout: str, file: str) -> Mapping:
    """The mapping with the lines of one layout and those of every one."""
    lines = tuple(line for line in spec.line if line.layout in ("", layout))
    head = spec.import_
    return Mapping(
        Both(head.zh, head.en), lines, tuple(spec.column), head.skip_zero, file,
        template=spec.template, codes=tuple(spec.codes), files=tuple(dict.fromkeys(head.files)),
    )  # fmt: skip


def _layouts(spec: MappingFile) -> list[str]:
    return list(dict.fromkeys(line.layout for line in spec.line if line.layout))


def _of_issued(mapping: Mapping, model: Model, split: bool) -> Mapping:
    """What is imported is what is issued: one amount a county where a split of the award no longer adds up.

    A correction alone issues the very amounts that were calculated (更正后): a split of them adds up.
    """
    if split and issued_as_calculated(model):
        return mapping
    if len(mapping.lines) != 1 or mapping.lines[0].figure != model.calculated:
        if split:
            slots = {"award": model.columns[model.award].label}
            raise AllocationError(Problem("importing.split_issued", slots, f"{mapping.file}: [[line]]"))
        return default_mapping(model)
    line = mapping.lines[0].changed(figure=model.award)
    return replace(mapping, lines=(line,))


def issued_as_calculated(model: Model) -> bool:
    """Whether what is issued is, column for column, the award as it was calculated."""
    name = model.award
    while name != model.calculated and model.columns[name].formula.strip() in model.columns:
        name = model.columns[name].formula.strip()
    return name == model.calculated


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
        self.figures = figures_of(model)

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
        self._wide()
        for codes in self.spec.codes:
            self._codes(codes, f"[[codes]] {codes.name}")
        self._once("[[codes]]", [(codes.name, "name", codes.name) for codes in self.spec.codes])
        if self.spec.template:
            self._template(self.spec.template)

    def _once(self, section: str, told: list[tuple[str, str, str]]) -> None:
        texts = [text for _, _, text in told]
        for place, (name, key, text) in enumerate(told):
            if text in texts[:place]:
                self.problem("twice", f"{section} {name} · {key}", text=text)

    def _column(self, column: ImportColumnSpec, where: str) -> None:
        needed = KEYS.get(column.take, ())
        for key in CHECKED:
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
        if column.digits is not None and column.digits not in DIGITS:
            self.problem("digits", f"{where} · digits", found=column.digits)
        for key, known in (("line", self.spec.line), ("codes", self.spec.codes)):
            names, name = [each.name for each in known], getattr(column, key)
            if name is not None and name not in names:
                self.problem(f"no_{key}_named", f"{where} · {key}", name=name, nearest=nearest(name, names) or "—")

    def _wide(self) -> None:
        """Where a column has the figures of one line, each column of amounts has, and each line one such column."""
        amounts = [column for column in self.spec.column if column.take == "figure" and not column.of]
        if not any(column.line for column in self.spec.column):
            return
        for column in amounts:
            if not column.line:
                self.problem("line_of_all", f"[[column]] {column.name}", key="line")
        for line in (line for line in self.spec.line if line.layout in ("", self.spec.import_.layout)):
            count = sum(column.line == line.name for column in amounts)
            if count != 1:
                self.problem("line_once", f"[[line]] {line.name}", count=count)
        if len({column.unit for column in amounts}) > 1:
            self.problem("line_units", "[[column]]", units=[column.unit for column in amounts])

    def _codes(self, codes: CodesSpec, where: str) -> None:
        """Values, or a sheet, or a file; of the latter the headings of its two columns."""
        if sum(map(bool, (codes.values, codes.sheet, codes.file))) != 1:
            self.problem("codes_from", where)
        self._beside(codes.file, f"{where} · file")
        for key in ("text", "code"):
            if bool(getattr(codes, key)) == bool(codes.values):
                self.problem("codes_unused" if codes.values else "codes_needed", where, key=key)

    def _beside(self, file: str, where: str) -> None:
        """A file that a layout names lies beside it: whoever wrote it decides on no other folder."""
        if file and not is_inside(file):
            self.problem("not_beside", where, file=file)

    def _template(self, spec: TemplateSpec) -> None:
        where, rows = "[template]", spec.headings
        self._beside(spec.file, f"{where} file")
        if not rows or rows[0] < 1 or rows != [*range(rows[0], rows[0] + len(rows))]:
            self.problem("headings", f"{where} headings", found=rows)
        elif (spec.first or rows[-1] + 1) <= rows[-1] or spec.last is not None and spec.last < (spec.first or rows[-1]):
            self.problem("rows", where, first=spec.first or rows[-1] + 1, last=spec.last or "—")
        if spec.units != "append" and not any(column.take == spec.units for column in self.spec.column):
            self.problem("no_units", f"{where} units", take=spec.units)
        cells = {"version": spec.version, "digest": spec.digest}
        cells |= {f"totals · {name}": cell for name, cell in spec.totals.items()}
        for key, cell in cells.items():
            if (cell or key.startswith("totals")) and not ADDRESS.fullmatch(cell):
                self.problem("no_cell", f"{where} {key}", found=cell)
        amounts = [column.name for column in self.spec.column if column.take == "figure"]
        for name in spec.totals:
            if name not in amounts:
                self.problem("no_total", f"{where} totals", name=name, nearest=nearest(name, amounts) or "—")

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


def figures_of(model: Model) -> list[str]:
    """Inputs and columns with a number for each unit."""
    return [name for name in (*model.inputs, *model.columns) if _is_figure(model.entry(name))]


def _is_figure(entry: object) -> bool:
    if isinstance(entry, Input):
        return not entry.text
    return isinstance(entry, Column) and entry.kind == "number" and entry.shape != "scalar"
