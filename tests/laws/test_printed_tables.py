"""A printed table says, for every reader and on every line, what one works out by hand; its formulas say the same."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import pytest
from desk import some
from own_code import PACKAGE, tree_of
from printed_models import made
from recalculation import differences, recalculated, recorded

from allocation.case import TOTAL_LAST, ZEROS_OMITTED
from allocation.report import terms
from allocation.report.columns import READERS, columns_for
from allocation.report.printed import PrintedColumn, PrintedLine, PrintedTable
from allocation.report.tables import (
    annex_table,
    award_table,
    edition_tables,
    factor_table,
    file_table,
    letter_table,
    shown_table,
)
from allocation.run.run import Run

PRINTED = ("附件", "资金测算表", "因素得分表")
SEEDS = some(range(60), on_a_desk=12)


def ended(run: Run) -> Run:
    """The same, of a case that wants 合计 last and leaves out who gets nothing."""
    return replace(run, facts=replace(run.facts, annex_total=TOTAL_LAST, annex_zeros=ZEROS_OMITTED))


def tables(run: Run) -> list[PrintedTable]:
    every = tuple(range(len(run.table)))
    few = (every[:1], every[1:] or every)
    editions = [table for key in ("county", "public", "land") for table in edition_tables(run, key, [every, *few])]
    letters = [letter_table(run, rows) for rows in (every, *few)]
    screens = [shown_table(run, reader) for reader in ("terminal", "notebook")]
    annexes = [annex_table(run), annex_table(ended(run))]
    return [award_table(run), factor_table(run), *annexes, *editions, *letters, *screens, file_table(run)]


def added(figures: Sequence[object], rows: Sequence[int]) -> Fraction | None:
    known = [figures[row] for row in rows if figures[row] is not None]
    return sum(known, Fraction(0)) if known else None


def quotient(above: Fraction | None, below: Fraction | None) -> Fraction | None:
    return None if above is None or below is None or below <= 0 else above / below


class ByHand:
    """What a column says of some rows, from the run's own figures."""

    def __init__(self, run: Run):
        self.run, self.model = run, run.model
        self.everybody = range(len(run.table))

    def figure(self, column: PrintedColumn, line: PrintedLine) -> object:
        run, rows = self.run, line.rows
        key = column.key.rpartition(".")[2] if column.key[:1].isdigit() else column.key
        texts = {"code": run.table.codes, "name": run.table.names, ".place": run.table.names}
        if key in texts:
            return texts[key][rows[0]] if not line.summed else None
        if key == "_printed_note":
            return None if line.summed or not run.table.printed_notes else run.table.printed_notes[rows[0]] or None
        if key == "value":
            return added(run.figures(column.entry), rows)
        if key == "weight":
            return self.model.parameters[f"weight_{'ab'[int(column.key[0]) - 1]}"].value
        if key in ("share", "amount") and column.key[0].isdigit():
            name = f"{'score' if key == 'share' else 'part'}_{'ab'[int(column.key[0]) - 1]}"
            return self._share(name, rows) if key == "share" else added(run.figures(name), rows)
        if column.entry:
            return self._entry(column.entry, line)
        return {"change": self._change, ".change_part": self._part, ".share": lambda rows: self._share("award", rows),
                ".each": self._each, ".mu": lambda rows: added(run.figures("award"), rows) * 15}[key](rows)  # fmt: skip

    def _entry(self, name: str, line: PrintedLine) -> object:
        if not line.summed:
            return self.run.figures(name)[line.rows[0]]
        return added(self.run.figures(name), line.rows) if self.model.adds_up(name) else None

    def _share(self, name: str, rows: Sequence[int]) -> Fraction | None:
        return quotient(added(self.run.figures(name), rows), added(self.run.figures(name), self.everybody))

    def _last(self, rows: Sequence[int]) -> Fraction | None:
        last = added(self.run.figures("before"), rows)
        before, award = self.model.inputs["before"].unit, self.model.columns["award"].unit
        return None if last is None else last * before.scale / award.scale

    def _change(self, rows: Sequence[int]) -> Fraction:
        return added(self.run.figures("award"), rows) - (self._last(rows) or 0)

    def _part(self, rows: Sequence[int]) -> Fraction | None:
        return quotient(self._change(rows), self._last(rows))

    def _each(self, rows: Sequence[int]) -> Fraction | None:
        metres = 10_000 if self.model.columns["award"].unit.name == "公顷" else 1
        return quotient(added(self.run.figures("award"), rows) * metres, added(self.run.figures("people"), rows))


def unlike(run: Run) -> list[tuple]:
    by_hand = ByHand(run)
    return [
        (table.key, column.key, line.kind, line.rows, table.figures[column.key][place], wanted)
        for table in tables(run)
        for column in table.columns
        if column.key not in (".number", ".year")
        for place, line in enumerate(table.lines)
        if table.figures[column.key][place] != (wanted := by_hand.figure(column, line))
    ]


@pytest.mark.parametrize("seed", SEEDS)
def test_every_reader_is_shown_what_one_works_out_by_hand(seed):
    run = made(seed)
    assert unlike(run) == []
    shown = {column.key for table in tables(run) for column in table.columns}
    assert {"code", ".place", ".number", "award", ".share"} <= shown


def test_the_generated_tables_have_every_column_that_can_be_derived():
    derived = {column.key for seed in SEEDS for reader in READERS for column in columns_for(made(seed), reader)}
    assert {"change", ".change_part", ".share", ".each", ".mu", "_printed_note"} <= derived


@pytest.mark.parametrize("seed", SEEDS[::4])
def test_the_formulas_of_the_printed_sheets_give_what_is_stored_beside_them(seed):
    book = recorded(made(seed))
    assert {place[0] for place in book.formulas()} > set(PRINTED)
    assert [told for told in differences(book, recalculated(book)) if told[0][0] in PRINTED] == []


def test_the_law_notices_a_quotient_of_a_line_that_is_taken_for_a_mean(monkeypatch):
    """Shares of a subtotal that were worked out of anything but its own sums would differ."""
    worked_out = terms.worked_out

    def wrong(node, guard, figures, count):
        told = worked_out(node, guard, figures, count)
        return tuple(figure and figure / 2 for figure in told)

    monkeypatch.setattr("allocation.report.printed.worked_out", wrong)
    assert unlike(made(SEEDS[0]))


# ---- who chooses columns

OF_A_RUN = ("model", "model_of", "table", "stands")  # what a model or a table is called where it is asked
# What decides on the columns of a run, and who asks for it to another end than showing them.
ELSEWHERE = {
    "award_list": {
        "parts/correction", "parts/extending", "parts/settlement", "parts/sources",  # add to what the model lists
    },
    "editions": {"xlsx/editions"},  # refuses an edition of land to a model that hands out none
    "compare_with": {
        "tables/past", "tables/reading",  # the input itself, as tables are read
        "collecting/files", "collecting/last_year", "opening/beginning", "opening/differing",  # fills it in
        "doubts/totals", "doubts/doubting", "run/run",  # asks whether it can be right
        "analysis/explain", "analysis/explained", "analysis/headline", "lab/calibrate",  # work on it
        "notebook/actuals",
        "notebook/pictures",  # a mark in a chart
    },
    "per_person": {
        "analysis/margins",  # counts people
        "xlsx/charts",  # the words of a chart's title
    },
    "printed_notes": {
        "record/recording", "record/versions", "xlsx/versions_sheet", "office/on_record",  # kept and compared
        "documents/notices",  # a sentence of a letter
    },
}  # fmt: skip


def asks(tree: ast.Module) -> set[str]:
    """Which of them a file asks a model or a table for."""
    return {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in ELSEWHERE and ast.unparse(node.value).endswith(OF_A_RUN)
    }


def test_no_file_outside_the_report_chooses_the_columns_of_a_run():
    asked: dict[str, set[str]] = {name: set() for name in ELSEWHERE}
    for path in PACKAGE.rglob("*.py"):
        place, source = path.relative_to(PACKAGE).with_suffix("").as_posix(), path.read_text(encoding="utf-8")
        if not place.startswith("report/") and any(f".{name}" in source for name in ELSEWHERE):
            for name in asks(tree_of(path)):
                asked[name].add(place)
    assert asked == ELSEWHERE


DERIVED = (  # what heads a column that is worked out of others: an issue's, a comparison's, a study's
    "workbook.share", "workbook.change", "workbook.change_part", "workbook.each",
    "comparison.award", "comparison.change", "comparison.change_part", "comparison.share", "comparison.each",
    "comparison.rank", "comparison.bound", "study.before", "study.change", "study.after", "timeline.change",
    "pools.share", "ledger.compare_change", "ledger.compare_change_part",
)  # fmt: skip
UNDESCRIBED = {"commands/design"}  # a search shows what it found beside what stands, one line a figure


def headed_by_hand(tree: ast.Module) -> bool:
    """Whether a file says such a heading and describes no column."""
    said = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    describes = any(isinstance(node, ast.Name) and node.id == "PrintedColumn" for node in ast.walk(tree))
    return not describes and not said.isdisjoint(DERIVED)


def test_a_derived_column_is_headed_only_where_it_is_described():
    by_hand = {
        path.relative_to(PACKAGE).with_suffix("").as_posix()
        for path in PACKAGE.rglob("*.py")
        if any(message in path.read_text(encoding="utf-8") for message in DERIVED) and headed_by_hand(tree_of(path))
    }
    assert by_hand == UNDESCRIBED


def test_a_file_that_heads_a_change_by_hand_is_seen():
    assert headed_by_hand(ast.parse('heads = [say(lang, "comparison.change")]'))
    assert not headed_by_hand(ast.parse('PrintedColumn("change", both("comparison.change"))'))


def test_a_file_that_asks_a_model_for_its_columns_is_seen():
    assert asks(ast.parse("def f(run):\n    return run.model.award_list")) == {"award_list"}
    assert not asks(ast.parse("request.editions"))
