"""What is drawn of a run: described tables, and which of their columns are bars, marks, pairs or lines.

A notebook and the page are renderers of them: every figure drawn is one of the table, whose lines stand in the order in
which they are drawn, the largest first. Where there is nothing to draw, why not is raised.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Literal

from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem
from allocation.report.column import CHANGE, CHANGE_PART, CODE, EACH, NAME, SHARE, column_of, entry_column, share_of
from allocation.report.columns import compared
from allocation.report.comparison import AWARD, MOVED, ComparedRun, bounds_of_award
from allocation.report.lines import lines_of
from allocation.report.printed import PrintedColumn, PrintedLine, PrintedTable
from allocation.report.tables import table_of
from allocation.run.marks import heading, marks
from allocation.run.run import Run
from allocation.texts import Both, both

BOUND, OTHER_SHARE = ".bound", ".other_share"
Kind = Literal["bars", "pairs", "paths", "places"]


@dataclass(frozen=True)
class DescribedChart:
    """`drawn`: keys of the columns that are bars (a series each), the ends of a pair, or the points of a line; `marks`:
    of those that stand as marks at a bar; `told`: of the texts that are written beside one."""

    key: str
    kind: Kind
    table: PrintedTable
    drawn: tuple[str, ...]
    marks: tuple[str, ...] = ()
    told: str = ""


def titled(run: Run, label: Both) -> Both:
    """What stands over a chart: the issue, what is drawn, and every mark."""
    return both("charts.title", heading=heading(run), label=label, marks=marks(run))


def largest_first(table: PrintedTable, key: str) -> PrintedTable:
    """The same with its units by a column, those without a figure behind them; sums stay last."""
    pairs = [*zip(table.lines, table.figures[key], strict=True)]
    units = [(line, figure) for line, figure in pairs if not line.summed]
    ordered = sorted(units, key=lambda pair: (pair[1] is None, -_size(pair[1])))
    return replace(table, lines=(*(line for line, _ in ordered), *(line for line, _ in pairs if line.summed)))


def figures_chart(run: Run, name: str, held: Mapping[str, str]) -> DescribedChart:
    """A figure of every unit; of the award last year's, floors and caps as marks, and who is `held` at which."""
    entry = run.model.entry(name)
    if entry_column(run, name).kind != "number":
        raise AllocationError(Problem("notebook.no_figures", {"label": entry.label}))
    beside, bounds = (_beside(run), held) if name == run.model.award else ([], {})
    columns = [entry_column(run, name), *(entry_column(run, key) for key in beside)]
    texts = {BOUND: tuple(bounds.get(code) for code in run.table.codes)} if bounds else {}
    if bounds:
        words = tuple((side, both(f"study.at_{side}")) for side in dict.fromkeys(bounds.values()))
        columns.append(PrintedColumn(BOUND, both("study.bound"), kind="text", words=words))
    table = _table(run, "figures", entry.label, columns, texts)
    return DescribedChart("awards", "bars", largest_first(table, name), (name,), tuple(beside), BOUND if bounds else "")


def _beside(run: Run) -> list[str]:
    """What an award is seen against: last year's, the floor and the cap of its sharing."""
    _, bounds = bounds_of_award(run.model)
    known = [name for name in dict.fromkeys(bounds.values()) if entry_column(run, name).kind == "number"]
    return [*([run.model.compare_with] if compared(run) else []), *known]


def change_chart(run: Run) -> DescribedChart:
    """What moved against last year. Raises where nobody has last year's."""
    model = run.model
    if not compared(run):
        reason = "no_last_figures" if model.compare_with else "no_last"
        label = model.entry(model.compare_with).label if model.compare_with else ""
        raise AllocationError(Problem(f"charts.{reason}", {"label": label}))
    keys = (model.compare_with, model.award, CHANGE, CHANGE_PART)
    table = _table(run, "change", both("workbook.change"), [column_of(run, key) for key in keys])
    return DescribedChart("change", "bars", largest_first(table, CHANGE), (CHANGE,), told=CHANGE_PART)


def shares_against(run: Run) -> dict[str, Both]:
    """What shares of the award can be set against, by name: the people the model divides by, then its factors."""
    model = run.model
    names = [model.per_person, *(factor.value for factor in model.factors)]
    return {name: model.entry(name).label for name in dict.fromkeys(names) if name and model.adds_up(name)}


def shares_chart(run: Run, against: str = "") -> DescribedChart:
    """The share of what is handed out beside that of people, or of a factor. Raises where the model names neither."""
    model, choices = run.model, shares_against(run)
    award = model.columns[model.award]
    if not model.adds_up(model.award):
        raise AllocationError(Problem("charts.no_total", {"label": award.label}))
    name = against or next(iter(choices), "")
    if name not in choices:
        raise AllocationError(Problem("charts.no_people", {"model": model.label}))
    other = choices[name]
    columns = [
        entry_column(run, model.award), replace(entry_column(run, name), total="sum"),
        replace(share_of(SHARE, model.award), label=both("charts.share_of", label=award.label)),
        replace(share_of(OTHER_SHARE, name), label=both("charts.share_of", label=other)),
    ]  # fmt: skip
    columns = [*{column.key: column for column in columns}.values()]
    table = _table(run, "shares", both("charts.shares", label=award.label, other=other), columns)
    return DescribedChart("shares", "pairs", largest_first(table, SHARE), (SHARE, OTHER_SHARE))


def places_chart(run: Run, key: str = "") -> DescribedChart:
    """What a map shows of every place: the award, the same a head, or how much it moved in per cent."""
    key = key or run.model.award
    if key not in on_maps(run):
        raise AllocationError(Problem("notebook.no_figures", {"label": key}))
    column = column_of(run, key)
    beside = [column] if key == run.model.award else [entry_column(run, run.model.award), column]
    return DescribedChart("map", "places", largest_first(_table(run, "map", column.label, beside), key), (key,))


def on_maps(run: Run) -> dict[str, Both]:
    """The columns that a map can show, with what they are called."""
    model = run.model
    keys = [model.award, *([EACH] if model.per_person and model.adds_up(model.award) else [])]
    return {key: column_of(run, key).label for key in [*keys, *([CHANGE_PART] if compared(run) else [])]}


def paths_chart(years: PrintedTable, keys: Sequence[str]) -> DescribedChart:
    """What every unit has in each year; `keys` of the columns of the years, the last one last."""
    return DescribedChart("years", "paths", largest_first(years, keys[-1]), tuple(keys))


def comparison_chart(table: PrintedTable, runs: Sequence[ComparedRun], change: bool) -> DescribedChart:
    """A group of bars a unit: awards of every scenario, or how each differs from the baseline; by the baseline's
    award."""
    kind = MOVED if change else AWARD
    keys = [each.key(kind) for each in runs if table.column(each.key(kind))]
    return DescribedChart("comparison", "bars", largest_first(table, runs[0].key(AWARD)), tuple(keys))


def in_classes(figures: Sequence[object], most: int = 5) -> tuple[tuple[int | None, ...], tuple[tuple[int, int], ...]]:
    """Figures in classes of about as many each, the lowest 0; equal figures are never parted. With the places of the
    lowest and the highest of each; None of what is no figure."""
    known = sorted((figure, place) for place, figure in enumerate(figures) if isinstance(figure, Fraction))
    each = -(-len(known) // most) if known else 1
    classes: dict[int, int] = {}
    spans: list[tuple[int, int]] = []
    count = 0
    for at, (figure, place) in enumerate(known):
        if at == 0 or count >= each and figure != known[at - 1][0]:
            spans.append((place, place))
            count = 0
        classes[place] = len(spans) - 1
        spans[-1] = (spans[-1][0], place)
        count += 1
    return tuple(classes.get(place) for place in range(len(figures))), tuple(spans)


def _table(
    run: Run, key: str, label: Both, columns: Sequence[PrintedColumn],
    texts: Mapping[str, Sequence[str | None]] | None = None,
) -> PrintedTable:  # fmt: skip
    """Code, name and the columns, a line a unit; 合计 below where something adds up."""
    adds = any(column.adds for column in columns)
    lines: tuple[PrintedLine, ...] = lines_of(run, total="last" if adds else "none", grouped=False)
    stubs = (column_of(run, CODE), column_of(run, NAME))
    table = table_of(run, key, (*stubs, *columns), lines)
    return replace(table, title=titled(run, label), values={**table.values, **(texts or {})})


def _size(figure: object) -> Fraction:
    return figure if isinstance(figure, Fraction) else Fraction(0)
