"""The tables of a run, each described once: 资金测算表, 因素得分表, 附件, those of readers outside and of screens."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction

from allocation.policy.model import Column, Parameter
from allocation.readings.tails import tail_notes
from allocation.report.annex_lines import annex_lines
from allocation.report.column import CODE, NAME, NOTE, NUMBER, PLACE, YEAR
from allocation.report.columns import EDITION_OF, columns_for, compared, factor_columns, listed_once, summary_columns
from allocation.report.formats import number_format
from allocation.report.lines import lines_of, summary_lines
from allocation.report.printed import NOTHING, Page, PrintedBelow, PrintedColumn, PrintedLine, PrintedTable, Shown
from allocation.run.decisions import expected_head, model_of, pending_head
from allocation.run.marks import fund_name, mark_keys, mark_note, marks, year_text
from allocation.run.run import Run
from allocation.run.thirty_days import release_note
from allocation.texts import LANGUAGES, Both, both
from allocation.texts.decimals import UNROUNDED, decimals_needed

ANNEX = Page()
OF_AWARDS = ("workbook.award_title", "workbook.office_title")
TITLES = {"factors": "workbook.factors_title", "sums": "workbook.sums_title"}


def award_table(run: Run, page: Page = ANNEX) -> PrintedTable:
    """资金测算表: what the office works with, 合计 first, groups below their 小计."""
    table = replace(
        table_of(run, "award", columns_for(run, "office"), lines_of(run)), title=title_of(run, page.cut.award_title)
    )
    notes = notes_of(run)
    if page.approval and (late := release_note(run.facts)):
        notes = (Both(*(late.text(lang) for lang in LANGUAGES)), *notes)
    return replace(table, below=below_of(run), notes=notes, page=replace(page, numbered=True))


def factor_table(run: Run, page: Page = ANNEX) -> PrintedTable:
    """因素得分表: how each factor made its part of the award."""
    table = table_of(run, "factors", factor_columns(run), lines_of(run))
    unit = run.model.columns[run.model.factors[0].amount].unit
    return replace(table, unit=unit, notes=notes_of(run), page=Page(paper=page.paper, numbered=True))


def summary_table(run: Run, page: Page = ANNEX) -> PrintedTable:
    """分类汇总: sums by what the rows say they are, as the model lists them."""
    table = table_of(run, "sums", summary_columns(run), summary_lines(run))
    return replace(table, notes=notes_of(run), page=Page(paper=page.paper, numbered=True))


def annex_table(run: Run) -> PrintedTable:
    """附件 as it is issued: 序号 · 地区 · 金额 · 备注; below it what is no real award, and who takes the tail."""
    columns = columns_for(run, "annex")
    amounts = [column for column in columns if column.kind == "number" and column.key != NUMBER]
    table = table_of(run, "annex", columns, annex_lines(run, amounts))
    return replace(table, notes=(*notes_by_mark(run), *tail_notes(run)), page=Page(signed=False))


def enclosed_table(run: Run) -> PrintedTable:
    """附件 of a letter that goes to all, with what its part states besides (更正后, 差额)."""
    table = annex_table(run)
    told = tuple(column for column in columns_for(run, "together") if column.kind == "number")
    stated = table_of(run, "annex", told, table.lines).figures
    more = [column for column in told if stated[column.key] not in table.figures.values()]
    note = len(table.columns) - 1
    columns = (*table.columns[:note], *(replace(column, dash=True) for column in more), table.columns[note])
    return replace(table_of(run, "annex", columns, table.lines), notes=table.notes, page=table.page)


def edition_tables(run: Run, key: str, groups: Iterable[Sequence[int]]) -> list[PrintedTable]:
    """What readers outside may see, a table for each group of rows; 合计 where there are several and something adds up.

    `key`: that of the edition.
    """
    reader = next(reader for reader, edition in EDITION_OF.items() if edition == key)
    notes = tuple(mark_note(key) for key in mark_keys(run))
    table = replace(table_of(run, key, columns_for(run, reader), lines_of(run, grouped=False)), notes=notes)
    adds = any(column.adds for column in table.columns)
    return [
        replace(table, lines=lines_of(run, rows, "first" if adds and len(rows) > 1 else "none", grouped=False))
        for rows in groups
    ]


def letter_table(run: Run, rows: Sequence[int]) -> PrintedTable:
    """What a letter may tell of these rows, 合计 last: to one reader, and what stands in a letter to all."""
    return replace(run.once(_of_letters), lines=lines_of(run, rows, "last", grouped=False))


def _of_letters(run: Run) -> PrintedTable:
    alone = columns_for(run, "letter")
    keys = {column.key for column in alone}
    columns = (*alone, *(column for column in columns_for(run, "together") if column.key not in keys))
    return table_of(run, "letter", columns, ())


def shown_table(run: Run, reader: str) -> PrintedTable:
    """What a screen shows of every place, 合计 last; without it and 小计 where awards have no total."""
    adds = run.model.adds_up(run.model.award)
    lines = lines_of(run, total="last" if adds else "none", grouped=adds and reader == "terminal")
    return table_of(run, reader, columns_for(run, reader), lines)


def file_table(run: Run) -> PrintedTable:
    """Every figure of every place, for a file that another program reads: no line but theirs."""
    return table_of(run, "csv", columns_for(run, "csv"), lines_of(run, total="none", grouped=False))


def table_of(run: Run, key: str, columns: tuple[PrintedColumn, ...], lines: tuple[PrintedLine, ...]) -> PrintedTable:
    """These columns of these lines, below the title of the award table."""
    award = run.model.columns[run.model.award]
    return PrintedTable(
        key, title_of(run, TITLES.get(key, "workbook.award_title")), award.unit, run.model.units, lines, columns,
        _values(run, columns, lines), _scalars(run, columns), marks=Both(*(marks(run)[lang] for lang in LANGUAGES)),
    )  # fmt: skip


def _values(run: Run, columns: Iterable[PrintedColumn], lines: Sequence[PrintedLine]) -> dict[str, Sequence[Shown]]:
    """The figures of every entry that the columns show or their formulas speak of, and the texts of places."""
    table, count = run.table, len(run.table)
    order = [line.rows[0] for line in lines if line.kind == "unit"]
    serial = {row: Fraction(place) for place, row in enumerate(order, start=1)}
    values: dict[str, Sequence[Shown]] = {
        CODE: table.codes, NAME: table.names, PLACE: table.names,
        NUMBER: tuple(serial.get(row) for row in range(count)),
        YEAR: (None if run.year is None else Fraction(run.year),) * count,
        NOTE: tuple(note or None for note in table.printed_notes) or (None,) * count,
    }  # fmt: skip
    names = {column.entry for column in columns if column.entry}
    names |= {term.key for column in columns for term in column.terms if term.of != "run"}
    known = {*run.model.inputs, *run.model.columns}
    return values | {name: run.figures(name) for name in names & known}


def _scalars(run: Run, columns: Iterable[PrintedColumn]) -> dict[str, Shown]:
    return {term.key: run.figure(term.key) for column in columns for term in column.terms if term.of == "run"}


def title_of(run: Run, message: str = "workbook.award_title") -> Both:
    """`2017年…资金分配表`, with what a reader must not miss: 参照, 示例."""
    named = named_paper(run, message)
    return Both(*(named[lang].strip() + marks(run)[lang] for lang in LANGUAGES))


def named_paper(run: Run, message: str = "workbook.award_title") -> Both:
    """`2017年…资金分配表`; by the name that its model gives it, where nothing is shared out."""
    paper = run.model.paper
    if paper != NOTHING and message in OF_AWARDS:
        return both("workbook.paper_title", year=year_text(run), paper=paper)
    return both(message, year=year_text(run), model=fund_name(run))


def below_of(run: Run) -> tuple[PrintedBelow, ...]:
    """Figures of the whole run: what there was to give, what was kept back, what nobody could take."""
    model = run.model
    below = []
    for name in listed_once(model):
        entry, figure = model.entry(name), run.figure(name)
        assert isinstance(entry, Parameter | Column)
        label = model.units.headed(entry.label, entry.unit)
        below.append(PrintedBelow(name, label, number_format(entry.unit, places_of(entry, figure)), figure))
    return tuple(below)


def places_of(entry: Parameter | Column, figure: object) -> int | None:
    """Decimals of a figure that is one a run: what its column rounds to, or what the parameter's value needs."""
    if isinstance(entry, Column) and entry.decimals is not None:
        return entry.decimals
    return decimals_needed([figure], UNROUNDED) if isinstance(figure, Fraction) else UNROUNDED


def notes_by_mark(run: Run) -> list[Both]:
    """What any reader must know, whatever else he is given: that it is for reference only, that figures are made up."""
    return [mark_note(key) for key in mark_keys(run) if key in ("reference", "illustrative")]


def notes_of(run: Run) -> tuple[Both, ...]:
    """What a reader of the office's tables must know of them."""
    keys, model = mark_keys(run), model_of(run)
    notes = [*run.model.notes, *tail_notes(run)]
    if "illustrative" in keys:
        notes.insert(0, both("workbook.illustrative_note"))
    if "pending" in keys:
        notes.insert(0, pending_head(model))
    if (told := expected_head(model)).zh:
        notes.insert(0, told)
    if compared(run):
        notes.append(both("workbook.blank_last"))
    if run.reference:
        notes.insert(0, both("workbook.reference_note", file=run.model.file))
    return tuple(notes)
