"""Sheets of text: 封面 and 说明."""

from __future__ import annotations

from allocation.policy.model import Column, Input, Parameter
from allocation.readings import words
from allocation.readings.excel_effort import too_much
from allocation.readings.tails import remarks
from allocation.record.record import CaseKept
from allocation.report.changed import changed_text
from allocation.report.cut import PRINTED
from allocation.report.formats import number_format
from allocation.report.printed import NOTHING, Page, Shown
from allocation.report.tables import places_of
from allocation.run.decisions import expected_head, pending, pending_head, sampled
from allocation.run.marks import heading, mark_keys, marks
from allocation.run.run import Run
from allocation.sheets.looks import Role, look
from allocation.sheets.sheet import Sheet
from allocation.texts import Both, both
from allocation.xlsx.grids import plain, write_formula
from allocation.xlsx.layout import STATE, Layout, shown_sheets
from allocation.xlsx.live_text import live
from allocation.xlsx.originals import FIGURES, PARAMETERS, edited_count
from allocation.xlsx.plan import Plan
from allocation.xlsx.styles import BAD, Styles, width


def write_cover(sheet: Sheet, run: Run, plan: Plan, styles: Styles, page: Page) -> None:
    """What this workbook is, its state, what was changed, which sheet holds what."""
    model, layout = run.model, plan.layout
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 86)
    sheet.hide_gridlines()
    title = heading(run)[sheet.lang] if page.cut.of_issue else model.label[sheet.lang]
    sheet.merge_range(0, 0, 0, 1, title + marks(run)[sheet.lang], styles.title())
    sheet.set_row(0, 34)
    row = _edited(sheet, plan, styles, _totals(sheet, run, plan, styles, 2))
    for key, text in _cover_lines(sheet, run, plan, page):
        _line(sheet, row, sheet.say(f"workbook.cover_{_of_paper(run, key)}"), text, styles)
        row += 1
    sheet.write(row, 0, sheet.say("workbook.cover_state"), styles.head(Role.LABEL))
    clear, stopped = sheet.say("workbook.state_clear"), plan.say("workbook.state_stopped")
    state = f'=IF({layout.check(STATE)}=0,"{clear}","{stopped}")'
    sheet.write_formula(row, 1, state, styles.text(bold=True), clear)
    row += 2
    for key in shown_sheets(run, page):
        if key not in ("cover", "originals"):
            name = layout.names[key]
            sheet.write_url(row, 0, f"internal:'{name}'!A1", styles.text(font_color="#1F5FA8", underline=1), name)
            about = plan.say if key in ("parameters", "data", "calculation", "checks") else sheet.say
            sheet.write(row, 1, about(_about(run, page, key), paper=model.paper), styles.text(text_wrap=True))
            row += 1
    sheet.set_portrait()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _about(run: Run, page: Page, key: str) -> str:
    return f"workbook.about_{_of_paper(run, page.cut.word(key))}"


def _of_paper(run: Run, word: str) -> str:
    """How the id of a text ends that speaks of awards where a model that shares nothing out needs another."""
    shares_none = word in ("annex", "counties_count") and run.model.paper != NOTHING
    return f"{word}_of_paper" if shares_none else word


def _cover_lines(sheet: Sheet, run: Run, plan: Plan, page: Page) -> list[tuple[str, str]]:
    """What the cover tells below the totals: the ids of its headings, and the texts."""
    model = run.model
    lines = [
        *_years(run, page),
        ("basis", "\n".join(model.basis)),
        ("counties_count", str(len(run.table))),
    ]
    lines += [("case", case_line(run.facts.kept)[sheet.lang])] if run.facts.kept else []
    lines += (
        [("changed", "\n".join(changed_text(run.model, change)[sheet.lang] for change in run.changed))]
        if run.changed
        else []
    )
    lines += [("absent", note.text(sheet.lang)) for note in run.notes if note.id == "run.never_filled"]
    lines += [("kind", sheet.say("workbook.exact" if run.exact else "workbook.float"))]
    values = too_much(plan.work, plan.compared)[sheet.lang]
    lines += [("live", sheet.say("workbook.live") if plan.live else values)]
    lines += [("data", sheet.say("workbook.illustrative_note"))] if "illustrative" in mark_keys(run) else []
    lines += [("settings", sheet.say("case.of_sample", names=sampled(model)))] if sampled(model) else []
    lines += [("pending", pending_head(model)[sheet.lang])] if pending(model) else []
    lines += [("expected", expected_head(model)[sheet.lang])] if expected_head(model)[sheet.lang] else []
    lines += [("doubts", "\n".join(said[sheet.lang] for said in _doubted(run)))] if run.doubts.every else []
    notes = remarks(run, page.cut.rounded_parts)
    lines += [("model_notes", "\n".join(note[sheet.lang] for note in notes))] if notes else []
    lines += [("printing", _printing(run, plan, page))] if page.cut.of_issue else []
    return lines


def _years(run: Run, page: Page) -> list[tuple[str, str]]:
    """The year of the money and, where it is another, that of the data."""
    data = run.table.year
    if not page.cut.of_issue or not run.year or data in (None, run.year):
        return [("year", str(run.year or "—"))]
    return [("budget_year", str(run.year)), ("data_year", str(data))]


def _printing(run: Run, plan: Plan, page: Page) -> str:
    """Which sheets are printed with the book, and how the others are."""
    names = [plan.layout.names[key] for key in shown_sheets(run, page) if key in PRINTED]
    return plan.layout.say("workbook.printing", names=names, first=names[0], last=names[-1])


def case_line(kept: CaseKept) -> Both:
    """`底稿.xlsx（第 2 次修订）`, its SHA-256 and, where other files belong to it, how many."""
    slots = {"file": kept.file, "revision": kept.revision or "", "sha256": kept.sha256, "count": len(kept.beside) or ""}
    return both("workbook.case", **slots)


def _doubted(run: Run) -> list[Both]:
    """How many doubts are open and how many resolved, with their ids; 核对 tells what each is."""
    doubts = run.doubts
    states = (("open", doubts.open_data), ("policy", doubts.open_policy), ("resolved", doubts.resolved))
    return [
        both(f"doubts.cover_{state}", count=len(those), ids=[doubt.id for doubt in those])
        for state, those in states if those
    ]  # fmt: skip


def _totals(sheet: Sheet, run: Run, plan: Plan, styles: Styles, row: int) -> int:
    """What there is to give and what was given, live, with their own labels and units."""
    model, award = run.model, run.model.columns[run.model.award]
    formula, value = plan.layout.column(model.award), run.figure(model.award)
    if award.shape != "scalar":
        last = formula.split("!")[1].replace("{r}", str(plan.layout.last))
        formula, value = f"SUM({formula.replace('{r}', str(plan.layout.first))}:{last})", run.total(model.award)
    figures: list[tuple[Parameter | Column, str, str, Shown]] = []
    if value is not None:  # awards that do not add up have no total
        figures = [(award, sheet.say("workbook.cover_award_total", award=award.label), formula, value)]
    if model.pool:
        entry, figure = model.entry(model.pool), run.figure(model.pool)
        assert not isinstance(entry, Input)  # a pool is one a run
        figures.insert(0, (entry, entry.label[sheet.lang], plan.layout.entry(model.pool), figure))
    for entry, label, text, value in figures:
        unit = model.units.label(entry.unit.name, sheet.lang)
        number = number_format(entry.unit, places_of(entry, value)) + (
            f'" {"× " if unit[:1].isdigit() else ""}{unit}"' if unit else ""
        )
        style = styles.text(num_format=number, align="left", bold=True)
        sheet.write(row, 0, label, styles.head(Role.LABEL))
        if plan.live:
            write_formula(sheet, row, 1, f"IF({plan.layout.check(STATE)}=0,{text},NA())", style, value)
        else:
            sheet.write(row, 1, plain(value), style)
        row += 1
    return row


def _edited(sheet: Sheet, plan: Plan, styles: Styles, row: int) -> int:
    """How many parameters and figures are no longer as the program wrote them, live."""
    sheet.write(row, 0, sheet.say("workbook.cover_edited"), styles.head(Role.LABEL))
    text, told = cover_line(plan.layout, {PARAMETERS: 0, FIGURES: 0})
    write_formula(sheet, row, 1, text, styles.text(), told)
    marked = look(Role.NOTE, {"font_color": BAD, "bold": True})
    some = f'=$B${row + 1}<>"{told}"'
    sheet.conditional_format(row, 1, row, 1, {"type": "formula", "criteria": some, "format": marked})
    return row + 1


def cover_line(layout: Layout, counts: dict[tuple[int, int], int]) -> tuple[str, str]:
    """The live text of how much was edited, and what it says of such counts."""
    formulas = {"parameters": edited_count(layout, PARAMETERS), "figures": edited_count(layout, FIGURES)}
    told = layout.say("workbook.edited", parameters=counts[PARAMETERS], figures=counts[FIGURES])
    return live(layout, "workbook.edited", **formulas), told


def _line(sheet: Sheet, row: int, head: str, text: str, styles: Styles) -> None:
    sheet.write(row, 0, head, styles.head(Role.LABEL))
    sheet.write(row, 1, text, styles.text(text_wrap=True))
    sheet.set_row(row, 17 * sum(1 + int(width(part) // 88) for part in text.splitlines() or [""]))


def write_notes(sheet: Sheet, run: Run, plan: Plan, styles: Styles) -> None:
    """Each input, parameter and column in words, with its source."""
    model = run.model
    heads = (("kind", 10), ("label", 30), ("in_words", 96), ("source", 44), ("name", 22))
    for column, (key, size) in enumerate(heads):
        sheet.set_column(column, column, size)
        sheet.write(2, column, sheet.say(f"workbook.notes_{key}"), styles.head())
    sheet.merge_range(0, 0, 0, 4, plan.layout.names["notes"], styles.title())
    row = 3
    for kind, entries in (("parameter", model.parameters), ("input", model.inputs), ("column", model.columns)):
        for name, entry in entries.items():
            text = words.describe(model, name, figures=False)[sheet.lang]
            cells = (sheet.say(f"workbook.kind_{kind}"), entry.label[sheet.lang], text, entry.source, name)
            for column, value in enumerate(cells):
                role = Role.NAME if column == 1 else Role.LABEL
                sheet.write(row, column, value, styles.text(role, text_wrap=True, valign="top"))
            sheet.set_row(row, 15 * max(1 + int(width(text) // 98), 1 + int(width(entry.source) // 44)))
            row += 1
    sheet.freeze_panes(3, 2)
    sheet.repeat_rows(2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
