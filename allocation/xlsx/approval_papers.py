"""What goes with a 呈批: the figures decided on, what is to be explained (需说明事项), how the units add up (单位核对).

Only of a 呈批, which stays in the house: on no 附件, in no edition and no letter.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import ceil
from typing import Unpack

from allocation.analysis.decided import DecidedEffect, DecidedFigure, UnitMoved, decided_figures, effect
from allocation.doubts.reconciled import KEPT, UnitLine
from allocation.files.limits import COLUMNS, ROWS
from allocation.policy.model import Ground, Parameter
from allocation.policy.stages import STATES
from allocation.readings.excel_text import quoted
from allocation.report.column import entry_column
from allocation.report.formats import number_format
from allocation.run.marks import fund_name, marks, year_text
from allocation.run.run import Run
from allocation.sheets.looks import Dress, Look, Role
from allocation.sheets.sheet import Sheet
from allocation.texts import both, in_brackets, say
from allocation.texts.decimals import SIGNED, UNROUNDED, decimals_needed
from allocation.xlsx.grids import plain, write_formula
from allocation.xlsx.layout import FIRST, letters
from allocation.xlsx.live_text import live
from allocation.xlsx.originals import FIGURES, PARAMETERS, edited_count
from allocation.xlsx.plan import Plan
from allocation.xlsx.printed_text import entry_text
from allocation.xlsx.styles import BAD, Styles, lines_of, width

HEAD, TOP = 3, 4  # zero-based: the header row, the first line
DECIDED = (("label", 30), ("unit", 9), ("last", 13), ("this", 13), ("change", 12), ("state", 9), ("basis", 40),
           ("by", 16), ("date", 12))  # fmt: skip
EXPLAINED = (("number", 6), ("id", 18), ("text", 48), ("resolved", 9), ("reason", 34), ("paper", 22), ("prepared", 10),
             ("reviewed", 14), ("day", 12))  # fmt: skip
UNITS = (("code", 12), ("name", 18), ("register", 12), ("last", 9), ("table", 9), ("issue", 13), ("change", 10),
         ("why", 44))  # fmt: skip
ONE_PAGE = 500.0  # points of figures and grounds that stand on one page with what they bring, and can still be read
EFFECT_HEAD = both("approval.effect_head")  # over the gains and losses, in a workbook as it was written
MARKS = {True: "✓", False: "—", None: ""}  # in a list, not in it, no such list
REGISTERED, BEFORE, LISTED, ISSUED = 2, 3, 4, 5  # columns of 单位核对


class _Paper:
    """A sheet with a title, a note, a header row and lines, as the three are laid out alike."""

    def __init__(self, sheet: Sheet, run: Run, plan: Plan, styles: Styles):
        self.sheet, self.run, self.plan, self.styles, self.lang = sheet, run, plan, styles, sheet.lang
        self.keys = 0  # columns that tell the lines apart
        self.height = 0.0  # of what was written, in points

    def say(self, key: str, **slots: object) -> str:
        return say(self.lang, f"approval.{key}", **slots)

    def begin(self, key: str, heads: Sequence[tuple[str, int]], words: Sequence[str], keys: int) -> None:
        self.keys = keys
        sheet, last = self.sheet, len(heads) - 1
        slots = {"year": year_text(self.run)[self.lang], "fund": fund_name(self.run)[self.lang]}
        title = self.say(f"{key}_title", **slots).strip() + marks(self.run)[self.lang]
        sheet.merge_range(0, 0, 0, last, title, self.styles.title())
        sheet.set_row(0, 30)
        self.across(1, last, self.say(f"{key}_note"), self.styles.note(text_wrap=True), sum(size for _, size in heads))
        for column, ((_, size), word) in enumerate(zip(heads, words, strict=True)):
            sheet.set_column(column, column, size)
            sheet.write(HEAD, column, word, self.styles.head())
        sheet.set_row(HEAD, 18 * max(ceil(width(word) / size) for (_, size), word in zip(heads, words, strict=True)))
        sheet.freeze_panes(TOP, keys)
        sheet.repeat_rows(HEAD)
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.center_horizontally()
        sheet.set_margins(left=0.6, right=0.6, top=0.8, bottom=0.8)
        sheet.set_footer("&C" + say(self.lang, "workbook.page"))

    def across(self, row: int, last: int, text: str, style: Look, wide: float) -> None:
        """A text over all columns, as high as it needs."""
        self.sheet.merge_range(row, 0, row, last, text, style)
        self.high(row, 14 * lines_of(text, wide - 2) + 3)

    def high(self, row: int, height: float) -> None:
        self.sheet.set_row(row, height)
        self.height += height

    def texts(self, row: int, texts: dict[int, str], heads: Sequence[tuple[str, int]], **more: Unpack[Dress]) -> None:
        """The texts of a line by column, and the line as high as the longest of them needs."""
        tall = max(lines_of(text, heads[column][1] - 1) for column, text in texts.items())
        wrapped: Dress = {"text_wrap": True, **more}
        for column, text in texts.items():
            role = Role.KEY if column < self.keys else Role.LABEL
            self.sheet.write_string(row, column, text, self.styles.text(role, **wrapped))
        self.high(row, max(18, 14 * tall + 4))


def write_decided(sheet: Sheet, run: Run, plan: Plan, styles: Styles) -> None:
    """Last year → this year of every figure decided on, live; below it who gains and who loses most by them."""
    paper, figures = _Paper(sheet, run, plan, styles), decided_figures(run.model)
    paper.begin("decided", DECIDED, [paper.say(f"head_{key}") for key, _ in DECIDED], 1)
    row = TOP
    for figure in figures:
        _decided_line(paper, row, figure)
        row += 1
    if not figures:
        sheet.merge_range(row, 0, row, len(DECIDED) - 1, paper.say("decided_none"), styles.text())
        row += 1
    _effect(paper, row + 1, effect(run, figures))
    if paper.height <= ONE_PAGE:
        sheet.fit_to_pages(1, 1)


def _decided_line(paper: _Paper, row: int, figure: DecidedFigure) -> None:
    entry, model, lang, styles = figure.entry, paper.run.model, paper.lang, paper.styles
    texts = {0: _label(paper, entry, figure.key), 1: model.units.label(entry.unit.name, lang),
             6: _paper_of(paper, figure), 7: figure.ground.by, 8: figure.ground.date}  # fmt: skip
    paper.texts(row, texts, DECIDED)
    state = STATES[figure.state][lang]
    style = styles.text(align="center", font_color=BAD) if figure.state != "decided" else styles.text(align="center")
    paper.sheet.write_string(row, 5, state, style)
    known = [value for value in (figure.last, figure.figure) if isinstance(value, Fraction)]
    number = number_format(entry.unit, decimals_needed(known, UNROUNDED)) if known else "@"
    last = figure.ground.last if figure.unread else figure.last
    centred = styles.text(align="center")
    if isinstance(last, Fraction):
        paper.sheet.write(row, 2, plain(last), styles.figure(number))
    else:
        paper.sheet.write_string(row, 2, last or "—", centred)
    this = f"'{paper.plan.layout.names['parameters']}'!$C${_row_of(paper.plan, entry, figure.key) + 1}"
    if figure.figure is None:
        paper.sheet.write_string(row, 3, "—", centred)
    else:
        style = centred if isinstance(figure.figure, str) else styles.figure(number)
        write_formula(paper.sheet, row, 3, this, style, figure.figure)
    if isinstance(figure.last, Fraction) and isinstance(figure.figure, Fraction):
        change, text, signed = figure.figure - figure.last, f"D{row + 1}-C{row + 1}", number
        if entry.unit.is_percent:  # from 10% to 20% is 10 percentage points more, not 10% more
            change, text = 100 * change, f"ROUND(100*({text}),9)"
            signed = number.replace("%", "") + f'"{paper.say("points")}"'
        write_formula(paper.sheet, row, 4, text, styles.figure(SIGNED.format(signed)), change)
    else:
        paper.sheet.write_blank(row, 4, None, styles.text())


def _label(paper: _Paper, entry: Parameter, key: str) -> str:
    inside = paper.say("band", number=key) if entry.bands else key
    return entry.label[paper.lang] + in_brackets(inside, paper.lang)


def _row_of(plan: Plan, entry: Parameter, key: str) -> int:
    return plan.layout.rows[entry.name][[*entry.figures].index(key)]


def _paper_of(paper: _Paper, figure: DecidedFigure) -> str:
    """On what paper it rests: what the case says, else where it came from, else what the model says."""
    if figure.ground.basis:
        return figure.ground.basis
    if figure.origin and figure.origin != "case":
        return say(paper.lang, f"case.origin_{figure.origin}")
    of_bureau = figure.entry.decide or figure.entry.required or figure.origin
    return figure.entry.source if figure.entry.source and not of_bureau else paper.say("unsaid")


def _effect(paper: _Paper, row: int, told: DecidedEffect) -> None:
    """The heading says so itself once anything was edited: what stands below it does not follow."""
    sheet, styles, layout, last = paper.sheet, paper.styles, paper.plan.layout, len(DECIDED) - 1
    head = EFFECT_HEAD[paper.lang]
    sheet.area(Role.THEN, row, 0, ROWS - 1, COLUMNS - 1)
    edits = "+".join(edited_count(layout, of) for of in (PARAMETERS, FIGURES))
    sheet.merge_range(row, 0, row, last, "", styles.head())
    since = quoted(head + paper.say("effect_edited"))
    write_formula(sheet, row, 0, f"IF({edits}=0,{quoted(head)},{since})", styles.head(), head)
    row += 1
    if told.why.zh:
        paper.across(row, last, told.why[paper.lang], styles.text(text_wrap=True), _wide(DECIDED))
        row += 1
    for key, moved in (("gains", told.gains), ("losses", told.losses)):
        if moved:
            row = _moved(paper, row, key, moved)
    if told.unknown:
        unread = paper.say("effect_unread", count=told.unknown)
        paper.across(row, last, unread, styles.note(text_wrap=True), _wide(DECIDED))


def _wide(heads: Sequence[tuple[str, int]]) -> int:
    return sum(size for _, size in heads)


def _moved(paper: _Paper, row: int, key: str, every: Sequence[UnitMoved]) -> int:
    sheet, styles, run, lang = paper.sheet, paper.styles, paper.run, paper.lang
    award = run.model.columns[run.model.award]
    number = number_format(award.unit, award.decimals)
    unit = run.model.units.label(award.unit.name, lang)
    sheet.merge_range(row, 0, row, 1, paper.say(key) + in_brackets(unit, lang), styles.head())
    for column, head in enumerate(("by_last", "by_this", "head_change"), start=2):
        sheet.write(row, column, paper.say(head), styles.head())
    sheet.set_row(row, 30)
    for place, moved in enumerate(every, start=row + 1):
        sheet.merge_range(place, 0, place, 1, run.table.names[moved.row], styles.text())
        for column, value in enumerate((moved.before, moved.now), start=2):
            sheet.write(place, column, plain(value), styles.figure(number))
        sheet.write(place, 4, plain(moved.change), styles.figure(f"+{number};-{number};0"))
    return row + len(every) + 1


def write_explained(sheet: Sheet, run: Run, plan: Plan, styles: Styles) -> None:
    """Every adjustment with its reason, every doubt with how it was resolved; of a trial the open ones as well."""
    paper, doubts = _Paper(sheet, run, plan, styles), run.doubts
    paper.begin("explained", EXPLAINED, [paper.say(f"head_{key}") for key, _ in EXPLAINED], 2)
    decided = [told for part in run.parts if part.explained for told in part.explained(run, sheet.lang) if told.ground]
    for number, told in enumerate(decided, start=1):
        ground = told.ground or Ground()
        texts = {0: str(number), 1: told.number, 2: told.what, 4: ground.reason, 5: ground.basis, 6: "",
                 7: ground.by, 8: ground.date}  # fmt: skip
        paper.texts(TOP + number - 1, texts, EXPLAINED)
        sheet.write_string(TOP + number - 1, 3, STATES["decided"][sheet.lang], styles.text(align="center"))
    for number, doubt in enumerate((*doubts.open, *doubts.resolved), start=len(decided) + 1):
        said, row = doubts.resolutions.get(doubt.id), TOP + number - 1
        texts = {0: str(number), 1: doubt.id, 2: doubt.text(sheet.lang)}
        answers = ("reason", "basis", "prepared", "reviewed", "date")
        texts |= {column: getattr(said, key) if said else "" for column, key in enumerate(answers, start=4)}
        paper.texts(row, texts, EXPLAINED)
        dress: Dress = {"align": "center"} if said else {"align": "center", "font_color": BAD}
        sheet.write_string(row, 3, paper.say("resolved" if said else "open"), styles.text(**dress))
    if not doubts.every and not decided:
        sheet.merge_range(TOP, 0, TOP, len(EXPLAINED) - 1, paper.say("explained_none"), styles.text())


def write_units(sheet: Sheet, run: Run, plan: Plan, styles: Styles) -> None:
    """Every unit once, those that moved first; the counts below are worked out from the marks on the sheet."""
    paper, units = _Paper(sheet, run, plan, styles), run.units
    unit = run.model.units.label(run.model.columns[run.model.award].unit.name, sheet.lang)
    words = [word[:1].upper() + word[1:] for word in (sheet.say(f"reconcile.head_{key}") for key, _ in UNITS)]
    words[ISSUED] += in_brackets(unit, sheet.lang)
    paper.begin("units", UNITS, words, 2)
    rows = {place: row for row, place in enumerate(_places(run))}
    moved = [line for line in units.lines if line.change != KEPT or line.why or not line.explained]
    lines = [*moved, *(line for line in units.lines if line not in moved)]
    for row, line in enumerate(lines, start=TOP):
        _unit_line(paper, row, line, rows.get((line.code, line.name)) if line.listed else None)
    row = TOP + len(lines)
    text = sheet.say("reconcile.last_from", file=units.last or sheet.say("reconcile.no_last"))
    paper.across(row, len(UNITS) - 1, text, styles.note(text_wrap=True), 127)
    for place, sums in enumerate(units.sums, start=row + 1):
        slots = {"start": sums.start, "left": sums.left, "came": sums.came, "end": sums.end}
        formulas = _counts(sums.key, TOP + 1, row)
        sheet.merge_range(place, 0, place, len(UNITS) - 1, "", styles.note())
        written = sheet.say(f"reconcile.sum_{sums.key}", **slots)
        if plan.live:
            write_formula(sheet, place, 0, live(sheet, f"reconcile.sum_{sums.key}", **formulas), styles.note(), written)
        else:
            sheet.write_string(place, 0, written, styles.note())


def _places(run: Run) -> list[tuple[str, str]]:
    codes = run.table.codes if run.table.coded else [""] * len(run.table)
    return [*zip(codes, run.table.names, strict=True)]


def _unit_line(paper: _Paper, row: int, line: UnitLine, place: int | None) -> None:
    run, styles, lang = paper.run, paper.styles, paper.lang
    why = say(lang, "words.semicolon").join(text[lang] for text in line.why)
    paper.texts(row, {0: line.code, 1: line.name, 7: why or ("" if line.explained else paper.say("unsaid"))}, UNITS)
    centred = styles.text(align="center")
    for column, held in ((REGISTERED, line.registered), (BEFORE, line.before), (LISTED, line.listed)):
        paper.sheet.write_string(row, column, MARKS[held], centred)
    word, zero = say(lang, f"reconcile.{line.change}"), say(lang, "reconcile.zero")
    if line.award is None or place is None:
        paper.sheet.write_blank(row, ISSUED, None, styles.text())
        paper.sheet.write_string(row, ISSUED + 1, word, centred)
        return
    award = entry_column(run, run.model.award)
    if not paper.plan.live:
        paper.sheet.write(row, ISSUED, plain(line.award), styles.figure(award.number))
        paper.sheet.write_string(row, ISSUED + 1, word if line.award else zero, centred)
        return
    text = entry_text(paper.plan.layout, award).replace("{r}", str(FIRST + 1 + place))
    write_formula(paper.sheet, row, ISSUED, text, styles.figure(award.number), line.award)
    told = f"IF({letters(ISSUED)}{row + 1}=0,{quoted(zero)},{quoted(word)})"
    write_formula(paper.sheet, row, ISSUED + 1, told, centred, word if line.award else zero)


def _counts(key: str, first: int, last: int) -> dict[str, str]:
    """The formulas of one sum, from the marks and amounts in these rows, counted from one."""

    def column(number: int) -> str:
        return f"${letters(number)}${first}:${letters(number)}${last}"

    yes, no, table = quoted(MARKS[True]), quoted(MARKS[False]), column(LISTED)
    if key == "issue":
        zero = f"COUNTIFS({table},{yes},{column(ISSUED)},0)"
        return {"start": f"COUNTIF({table},{yes})", "left": zero, "came": "0",
                "end": f"(COUNTIF({table},{yes})-{zero})"}  # fmt: skip
    start = column(REGISTERED if key == "register" else BEFORE)
    return {"start": f"COUNTIF({start},{yes})", "left": f"COUNTIFS({start},{yes},{table},{no})",
            "came": f"COUNTIFS({start},{no},{table},{yes})", "end": f"COUNTIF({table},{yes})"}  # fmt: skip
