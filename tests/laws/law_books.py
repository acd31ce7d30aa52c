"""One model of the law read four ways: the exact engine, the plain evaluator, the workbook recalculated as written and
with edited cells. Many models' sheets go into one file, so that one start of LibreOffice answers for hundreds.
"""

from __future__ import annotations

import re
import sys
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from pathlib import Path

for _room in (".", "language", "readings", "laws"):
    sys.path.append(str(Path(__file__).parents[1] / _room))

from amounts import Amount  # noqa: E402
from law_models import BLANK, CALLS, edited, example  # noqa: E402
from plain_calls import CALLS as PLAIN_CALLS  # noqa: E402
from plain_evaluator import UNITS, Outside, Plain, Refused  # noqa: E402
from recalculation import inputs, libreoffice, places, recorded, state_cells  # noqa: E402
from recorded_book import Book, _package  # noqa: E402
from small_models import model, run, tables  # noqa: E402

from allocation.errors import AllocationError  # noqa: E402
from allocation.policy.model import Column  # noqa: E402
from allocation.run.run import Run  # noqa: E402
from allocation.sheets.memory import Formula  # noqa: E402
from allocation.xlsx.layout import Layout, letters  # noqa: E402

SHEETS = ("参数", "数据", "测算", "辅助", "核对")
WITHIN = 1e-12  # of the operands: the law asks for 1e-9
FORCED = (*CALLS, "row_remainder")


@dataclass(frozen=True)
class Figure:
    """What one reading says of one county (or the run) in one column."""

    column: str
    place: tuple[str, int, int]
    engine: object
    plain: object


class Case:
    """A model, its table, and the same with some cells typed over."""

    def __init__(self, number: int, seed: int, forced: str):
        self.number, self.seed, self.forced = number, seed, forced
        self.example = example(seed, forced)
        self.run: Run = run(**self.example)
        self.plain = plain(self.example)
        self.edit = edited(self.example, seed)

    @cached_property
    def book(self) -> Book:
        return recorded(self.run)

    @cached_property
    def edited_run(self) -> Run | None:
        """The engine on the edited figures; None where it has no answer."""
        try:
            return run(**self.edit)
        except AllocationError:
            return None

    @cached_property
    def edited_plain(self) -> Mapping | None:
        try:
            return plain(self.edit)
        except Refused:
            return None

    def cells(self) -> dict[tuple[str, int, int], object]:
        """The cells that the edit types over, with what is typed."""
        before, after = inputs(self.run), inputs(_Table(self.edit))
        return {place: value for place, value in after.items() if before[place] != value}


class _Table:
    """As much of a run as says where its figures stand."""

    def __init__(self, of: Mapping):
        self.model, (self.table,) = model(**of), tables(of)


def made(number: int, seed: int) -> Case:
    """The first model of this seed that can be read; every function of the table in its turn."""
    forced = FORCED[number % len(FORCED)]
    for again in range(200):
        try:
            return Case(number, seed * 1000 + again, forced)
        except (AllocationError, Refused, Outside):
            continue
    raise AssertionError(f"no model of {forced} with seed {seed}")


# ---- the plain evaluator beside the engine


def plain(of: Mapping) -> dict[str, tuple]:
    """The figures of every column, in the table's order."""
    order = sorted(range(len(of["codes"])), key=lambda row: of["codes"][row])
    units = of["units"]
    names = {}
    for name, value in of.items():
        if name in ("codes", "units", "lists", "over", "before", "columns", "formula", "exception"):
            continue
        names |= _named(name, value, order)
    columns = {**of["columns"], "result": of["formula"]}
    exceptions = of.get("exception", [])
    for one in reversed(exceptions):
        columns["result"] = f"({one['formula']}) if ({one['when']}) else ({columns['result']})"
    reader = Plain(
        len(order), names, columns, units, of["lists"], of["over"], of["before"],
        {"result": [one["when"] for one in exceptions]}, PLAIN_CALLS,
        sorted(of["codes"]), [f"县{code}" for code in sorted(of["codes"])],
    )  # fmt: skip
    found = {name: reader.column(name) for name in reader.all_columns()}
    back = [order.index(row) for row in range(len(order))]
    return {name: tuple(one.cells[at] for at in back) for name, one in found.items()}


def _named(name: str, value: object, order: list[int]) -> dict[str, object]:
    if isinstance(value, list) and isinstance(value[0], Mapping):
        return {name: [(_exact(one.get("up_to")), _exact(one["value"])) for one in value]}
    if isinstance(value, list):
        return {name: [_exact(value[row]) for row in order]}
    if isinstance(value, Mapping) and isinstance(next(iter(value.values())), list):
        return {f"{name}.{item}": [_exact(figures[row]) for row in order] for item, figures in value.items()}
    if isinstance(value, Mapping):
        return {name: {key: _exact(one) for key, one in value.items()}}
    return {name: _exact(value)}


def _exact(value: object) -> object:
    if value is None or value == BLANK:
        return None
    return value if isinstance(value, str) else Fraction(str(value))


def figures(own: Run, plainly: Mapping) -> Iterator[Figure]:
    for name, column in own.model.columns.items():
        scalar = column.shape == "scalar"
        engine = [own.figure(name)] if scalar else own.figures(name)
        for at, (place, value) in enumerate(zip(places(own, name), engine, strict=True)):
            yield Figure(name, place, value, plainly[name][at])


def apart(value: object, other: object) -> bool:
    """The engine and the plain evaluator are both exact: to the last digit, but for a root's."""
    if isinstance(value, Fraction) and isinstance(other, Amount):
        return abs(value - other.value) > abs(value) * Fraction(1, 10**30) + Fraction(1, 10**30)
    return value != other


def wrong_figure(figure: Figure, column: Column, found: object) -> bool:
    """A rounded figure to its last place, any other within 1e-9 of the largest operand."""
    value = figure.engine
    if isinstance(value, bool):
        return found not in (value, float(value))
    if isinstance(value, str):
        return found != value
    if not isinstance(found, float):
        return True
    if abs(Fraction(found) - value) > WITHIN * figure.plain.size:
        return True
    return column.decimals is not None and Fraction(repr(round(found, column.decimals))) != value and _short(value)


def _short(value: Fraction) -> bool:
    """Whether a double holds the decimal: fifteen digits."""
    return len(str(abs(value.numerator) // value.denominator)) + 9 <= 15 or value.denominator == 1


def doubtful(own: Run) -> set[str]:
    """Columns that 核对 lists as near an edge, and all that rests on them."""
    listed = {str(note.slots["column"]) for note in own.notes if note.id == "run.near_edge"}
    known: set[str] = set()
    for name in own.model.order:
        column = own.model.columns[name]
        if str(column.label) in listed or {part.id for part in column.node.names} & known:
            known.add(name)
    return known


# ---- many books in one


@dataclass(frozen=True)
class Spot:
    """Where one book's sheets stand: side by side on one sheet of the file, each so many columns to the right."""

    sheet: str
    shifts: Mapping[str, int]

    def of(self, place: tuple[str, int, int]) -> tuple[str, int, int]:
        return self.sheet, place[1], place[2] + self.shifts[place[0]]


def merged(books: list[tuple[str, Book, Mapping]]) -> tuple[bytes, dict[str, Spot]]:
    """One package for many books, each with some cells typed over; and where each now stands.

    A file's cost to LibreOffice is its sheets, so a sheet takes the sheets of several books. Only the columns of
    references change; a formula stays what it is.
    """
    whole, spots, taken = Book("zh"), {}, MOST_COLUMNS + 1
    for mark, book, cells in books:
        widths = {title: 2 + max(column for _, column in book.sheets[title].cells) for title in SHEETS}
        if taken + sum(widths.values()) > MOST_COLUMNS:
            taken, sheet = 0, whole.add_worksheet(f"S{len(whole.sheets)}")
        shifts = {}
        for title, width in widths.items():
            shifts[title], taken = taken, taken + width
        spots[mark] = spot = Spot(sheet.name, shifts)
        typed = {(title, row - 1, column - 1): value for (title, row, column), value in cells.items()}
        for title in SHEETS:
            everything = {(title, *place): cell for place, cell in book.sheets[title].cells.items()} | {
                place: value for place, value in typed.items() if place[0] == title
            }
            for (_, row, column), cell in everything.items():
                if isinstance(cell, Formula):
                    cell = Formula(_moved(cell.text, title, book.names, spot), 0)
                if cell is not None:
                    sheet.cells[row, column + shifts[title]] = cell
    return _package(whole), spots


MOST_COLUMNS = 1000
TOKEN = re.compile(
    r"""(?P<text>"[^"]*")|(?P<name>\bp_[\w.]+)|(?:(?:'(?P<sheet>[^']+)'|(?P<bare>\b[^\W\d]\w*))!|(?<![\w.'!$]))"""
    r"""(?P<one>\$?[A-Z]{1,3}\$?\d+)(?::(?P<other>\$?[A-Z]{1,3}\$?\d+))?(?![\w(])"""
)


def _moved(text: str, title: str, names: Mapping[str, str], spot: Spot) -> str:
    def move(found: re.Match) -> str:
        if found["text"]:
            return found[0]
        if found["name"]:
            return TOKEN.sub(move, names[found["name"]])
        shift = spot.shifts[found["sheet"] or found["bare"] or title]
        cells = [_shifted(cell, shift) for cell in (found["one"], found["other"]) if cell]
        return f"{spot.sheet}!{':'.join(cells)}"

    return TOKEN.sub(move, text)


def _shifted(cell: str, shift: int) -> str:
    lock, column, row = re.match(r"(\$?)([A-Z]+)(.*)", cell).groups()
    return f"{lock}{letters(_number(column) - 1 + shift)}{row}"


CELL = re.compile(r'<c r="([A-Z]+)(\d+)"([^>]*?)(?:/>|>(.*?)</c>)', re.S)
KIND, VALUE = re.compile(r' t="(\w+)"'), re.compile(r"<v>([^<]*)</v>")


def read(path: Path) -> dict[tuple[str, int, int], object]:
    """The stored figures of every cell: floats, texts, truths, or '#' for an error."""
    found = {}
    with zipfile.ZipFile(path) as package:
        shared = _shared(package)
        for title, part in _parts(package):
            for letters_, row, attributes, inner in CELL.findall(package.read(part).decode()):
                kind, value = KIND.search(attributes), VALUE.search(inner)
                if value:
                    place = title, int(row), _number(letters_)
                    found[place] = _value(kind[1] if kind else "n", value[1], shared)
    return found


def _value(kind: str, text: str, shared: list[str]) -> object:
    match kind:
        case "s":
            return shared[int(text)]
        case "str":
            return text
        case "e":
            return "#"
        case "b":
            return text == "1"
    return float(text)


def _shared(package: zipfile.ZipFile) -> list[str]:
    text = package.read("xl/sharedStrings.xml").decode() if "xl/sharedStrings.xml" in package.namelist() else ""
    return ["".join(re.findall(r"<t[^>]*>([^<]*)</t>", one)) for one in re.findall(r"<si>(.*?)</si>", text, re.S)]


def _parts(package: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    relations = package.read("xl/_rels/workbook.xml.rels").decode()
    targets = {
        re.search(r'Id="([^"]+)"', one)[1]: re.search(r'Target="([^"]+)"', one)[1]
        for one in re.findall(r"<Relationship [^>]*>", relations)
    }
    book = package.read("xl/workbook.xml").decode()
    for title, id in re.findall(r'<sheet name="([^"]+)"[^>]*r:id="([^"]+)"', book):
        yield title, "xl/" + targets[id].removeprefix("/xl/")


def _number(text: str) -> int:
    number = 0
    for letter in text:
        number = number * 26 + ord(letter) - 64
    return number


# ---- the law


@dataclass(frozen=True)
class Finding:
    """A disagreement: of which model, in which reading, where."""

    seed: int
    forced: str
    reading: str
    column: str
    place: object
    engine: object
    found: object

    def __str__(self) -> str:
        return f"{self.seed} {self.forced}: {self.reading} {self.column} {self.place}: {self.engine} / {self.found}"


@dataclass
class Tally:
    models: int = 0
    figures: int = 0
    edits: int = 0
    refused: int = 0
    unlike: int = 0  # near an edge as 核对 says, and indeed another figure
    listed: int = 0  # near an edge as 核对 says


def judged(cases: list[Case], folder: Path, tally: Tally, size: int = 50) -> list[Finding]:
    """Every disagreement among the cases; LibreOffice starts once."""
    findings, files = [], []
    folder.mkdir(parents=True, exist_ok=True)
    for case in cases:
        findings += _beside_plain(case)
    spots: dict[str, Spot] = {}
    for start in range(0, len(cases), size):
        books = []
        for case in cases[start : start + size]:
            books += [(f"{case.number}a", case.book, {}), (f"{case.number}b", case.book, case.cells())]
        files.append(folder / f"books{start}.xlsx")
        package, where = merged(books)
        files[-1].write_bytes(package)
        spots |= where
    recalculated = libreoffice(files, folder)
    for file, start in zip(files, range(0, len(cases), size), strict=True):
        found = read(recalculated[file.stem])
        for case in cases[start : start + size]:
            written, edited_ = (_Cells(found, spots[f"{case.number}{end}"]) for end in "ab")
            findings += _as_written(case, written, tally)
            findings += _as_edited(case, edited_, tally)
            tally.models += 1
    return findings


@dataclass(frozen=True)
class _Cells:
    """The recalculated cells of one book, by the places they have in a workbook of its own."""

    found: Mapping
    spot: Spot

    def get(self, place: tuple[str, int, int]) -> object:
        return self.found.get(self.spot.of(place))


def disagreements(case: Case, found: Mapping, tally: Tally) -> Iterator[Finding]:
    """Of one model as written: engine and plain evaluator, engine and the cells `found` in its own workbook."""
    yield from _beside_plain(case)
    yield from _as_written(case, found, tally)
    tally.models += 1


def _beside_plain(case: Case) -> Iterator[Finding]:
    runs = [(case.run, case.plain, "plain")]
    try:
        edited_plain = case.edited_plain
    except Outside:
        edited_plain = None
    if case.edited_run is not None and edited_plain is not None:
        runs.append((case.edited_run, edited_plain, "plain, edited"))
    for own, plainly, reading in runs:
        for figure in figures(own, plainly):
            if apart(figure.engine, figure.plain):
                yield Finding(case.seed, case.forced, reading, figure.column, figure.place, figure.engine, figure.plain)


def _compared(
    case: Case, own: Run, plainly: Mapping, found: _Cells | Mapping, mark: str, tally: Tally
) -> Iterator[Finding]:
    unsure = doubtful(own)
    for figure in figures(own, plainly):
        value = found.get(figure.place)
        tally.figures += 1
        tally.listed += figure.column in unsure
        if wrong_figure(figure, own.model.columns[figure.column], value):
            if figure.column in unsure:
                tally.unlike += 1
                continue
            yield Finding(case.seed, case.forced, mark, figure.column, figure.place, figure.engine, value)


def _states(case: Case, found: _Cells | Mapping) -> list:
    return [found.get(place) for place in state_cells(case.run)]


def _as_written(case: Case, found: _Cells | Mapping, tally: Tally) -> Iterator[Finding]:
    if _states(case, found) != [0, 0]:
        yield Finding(case.seed, case.forced, "a", "状态", "", 0, _states(case, found))
    yield from _compared(case, case.run, case.plain, found, "a", tally)


def _as_edited(case: Case, found: _Cells | Mapping, tally: Tally) -> Iterator[Finding]:
    try:
        plainly = case.edited_plain
    except Outside:
        return
    tally.edits += 1
    if case.edited_run is not None and plainly is not None:
        if _states(case, found) != [0, 0]:
            yield Finding(case.seed, case.forced, "b", "状态", "", 0, _states(case, found))
        yield from _compared(case, case.edited_run, plainly, found, "b", tally)
    elif case.edited_run is None and plainly is None:
        tally.refused += 1
        yield from _no_award(case, found)
    elif plainly is None:
        yield Finding(case.seed, case.forced, "refused by the plain evaluator alone", "", "", "", "")


def _no_award(case: Case, found: _Cells | Mapping) -> Iterator[Finding]:
    """An edit without an answer: no award is shown, or a figure on the way shows an error."""
    layout = Layout(case.run.model, len(case.run.table), "zh")
    shown = [(name, place) for name in layout.columns for place in places(case.run, name) if found.get(place) == "#"]
    if not shown and all(state == 0 for state in _states(case, found)):
        yield Finding(case.seed, case.forced, "b", "no answer, and shown all the same", "", "refused", "")


__all__ = ["FORCED", "Case", "Finding", "Tally", "UNITS", "judged", "made", "merged", "read"]
