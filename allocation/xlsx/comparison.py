"""The comparison workbook: every scenario live from one shared data sheet, beside the baseline, with native charts."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from allocation.analysis.compare import Comparison
from allocation.policy.model import Input
from allocation.record.in_book import write_record
from allocation.record.recording import comparison_record
from allocation.report.formats import number_format
from allocation.run.marks import marks, study_heading
from allocation.sheets.looks import Role
from allocation.sheets.sheet import Book, Sheet
from allocation.texts import say
from allocation.texts.decimals import PERCENTAGE, cell_format
from allocation.xlsx.blocks import Block
from allocation.xlsx.charts import write_charts
from allocation.xlsx.comparison_sheets import write_blocks, write_parameter_columns, write_states
from allocation.xlsx.figure_book import figure_book
from allocation.xlsx.grids import PROTECT, one_page_wide, plain, write_data, write_formula
from allocation.xlsx.layout import FIRST, STATE, letters
from allocation.xlsx.live_text import live
from allocation.xlsx.plan import BUDGET, Plan, make_plan
from allocation.xlsx.study_originals import write_study_originals
from allocation.xlsx.styles import Styles
from allocation.xlsx.trace import write_trace

HEAD, TOP = 3, 6  # first header row and first county row (the total) of the sheet 比较
KINDS = ("award", "change", "change_part", "share", "each", "rank", "bound")


def make_plans(comparison: Comparison, lang: str) -> list[Plan]:
    """Formulas of every scenario, each in its own columns."""
    plans: list[Plan] = []
    start = helper_start = 0
    for number, run in enumerate(comparison.runs):
        changed = tuple(dict.fromkeys(c.name for c in run.changed if isinstance(run.model.entry(c.name), Input)))
        layout = Block(run.model, len(run.table), lang, number, changed, start, helper_start)
        plan = make_plan(run, lang, layout)
        plans.append(plan)
        start += layout.taken
        helper_start += len(plan.helpers) + 1
    live = all(plan.live for plan in plans) and sum(plan.work for plan in plans) <= BUDGET
    return plans if live else [replace(plan, live=False) for plan in plans]


def write_comparison(comparison: Comparison, path: Path, lang: str) -> None:
    """Writes the workbook to `path`; the caller renames it into place."""
    book = figure_book(path, lang, comparison.model.label[lang], *comparison.runs)
    comparison_sheets(book, comparison, lang)
    book.close()


def comparison_sheets(book: Book, comparison: Comparison, lang: str) -> None:
    """Sheets 比较, 图表, 参数, 数据, 测算, 辅助, 核对, 溯源."""
    plans = make_plans(comparison, lang)
    styles, names = Styles(book), plans[0].layout.names
    titles = [say(lang, "comparison.sheet"), say(lang, "comparison.charts")]
    titles += [names[key] for key in ("parameters", "data", "calculation", "helpers", "checks", "trace")]
    sheets = [book.add_worksheet(title) for title in titles]
    shown = _Table(sheets[0], comparison, plans, styles, lang)
    shown.write()
    write_charts(book, sheets[1], comparison, shown.places, titles[0], lang)
    write_parameter_columns(sheets[2], comparison, plans, styles, lang)
    write_data(sheets[3], comparison.base, plans[0], styles, lang)
    write_blocks(sheets[4], sheets[5], comparison, plans, styles, lang)
    write_states(sheets[6], comparison, plans, styles, lang)
    if not plans[0].live:
        sheets.append(book.add_worksheet(names["originals"]))
        write_study_originals(sheets[-1], comparison.runs, plans, styles, lang)
    record = replace(comparison_record(comparison), lang=lang)
    write_trace(sheets[7], record, styles)
    write_record(book, record)
    for sheet in sheets:
        if said := marks(comparison.base, lang):
            sheet.set_header("&R" + said)
        sheet.protect("", PROTECT)


class _Table:
    """The sheet 比较: a county a row, a group of columns a scenario."""

    def __init__(self, sheet: Sheet, comparison: Comparison, plans: list[Plan], styles: Styles, lang: str):
        self.sheet, self.comparison, self.plans, self.styles, self.lang = sheet, comparison, plans, styles, lang
        self.live = plans[0].live
        model = comparison.model
        self.kinds = [kind for kind in KINDS if kind != "each" or model.per_person]
        if not any(plan.bound for plan in plans):
            self.kinds.remove("bound")
        self.places: list[dict[str, int]] = []  # column of each kind, a scenario
        column = 1
        for number in range(len(plans)):
            kinds = [kind for kind in self.kinds if number or not kind.startswith("change")]
            self.places.append({kind: column + i for i, kind in enumerate(kinds)})
            column += len(kinds)
        self.width = column

    def write(self) -> None:
        sheet, lang, base = self.sheet, self.lang, self.comparison.base
        title = say(lang, "comparison.title", model=study_heading(base, lang)) + marks(base, lang)
        sheet.merge_range(0, 0, 0, min(self.width - 1, 12), title, self.styles.title())
        unit = base.model.units.label(base.model.columns[base.model.award].unit.name, lang)
        sheet.write(1, 0, say(lang, "workbook.unit_line", unit=unit), self.styles.note())
        sheet.merge_range(HEAD, 0, HEAD + 1, 0, say(lang, "workbook.county"), self.styles.head())
        sheet.set_column(0, 0, 22)
        sheet.set_column(1, self.width, 11)
        sheet.set_row(HEAD + 1, 30)
        count = len(base.table)
        whole = say(lang, "workbook.total") if base.model.adds_up(base.model.award) else ""
        sheet.write(TOP - 1, 0, whole, self.styles.text(bold=True))
        for row, name in enumerate(base.table.names):
            sheet.write(TOP + row, 0, name, self.styles.text(Role.KEY))
        for number in range(len(self.plans)):
            self._scenario(number)
        self._below(TOP + count + 1)
        sheet.freeze_panes(TOP, 1)
        if len(self.plans) <= 4:
            one_page_wide(sheet, landscape=True, paper=8)
        else:  # side by side on A3, counties on each page
            sheet.set_paper(8)
            sheet.set_landscape()
            sheet.repeat_columns(0, 0)

    def _scenario(self, number: int) -> None:
        columns = list(self.places[number].values())
        label = self.comparison.scenarios[number].label[self.lang]
        if len(columns) > 1:
            self.sheet.merge_range(HEAD, columns[0], HEAD, columns[-1], label, self.styles.head())
        else:
            self.sheet.write(HEAD, columns[0], label, self.styles.head())
        for kind, column in self.places[number].items():
            self.sheet.write(HEAD + 1, column, say(self.lang, f"comparison.{kind}"), self.styles.head(font_size=9))
            self._column(number, kind, column)

    def _column(self, number: int, kind: str, column: int) -> None:
        values, style = self._values(number, kind), self._style(kind)
        bold = self.styles.text(bold=True, align="right", num_format=style.num_format)
        for row, value in enumerate(values):
            self._cell(TOP + row, column, self._text(number, kind, TOP + row + 1), value, style)
        total = self._total(number, kind, column)
        if total is None:
            self.sheet.write_blank(TOP - 1, column, None, bold)
        else:
            self._cell(TOP - 1, column, *total, bold)

    def _cell(self, row: int, column: int, text: str, value: object, style) -> None:
        value = "" if value is None else value
        if self.live:
            write_formula(self.sheet, row, column, text, style, value)
        else:
            self.sheet.write(row, column, plain(value), style)

    def _values(self, number: int, kind: str) -> tuple:
        comparison = self.comparison
        if kind == "change_part":
            old = comparison.awards(0)
            return tuple(c / o if o > 0 else None for c, o in zip(comparison.changes(number), old, strict=True))
        if kind == "bound":
            words = {"": "", "floor": say(self.lang, "workbook.at_floor"), "cap": say(self.lang, "workbook.at_cap")}
            return tuple(words[side] for side in comparison.bounds(number))
        of = {"award": "awards", "change": "changes", "share": "shares", "each": "each", "rank": "ranks"}[kind]
        return getattr(comparison, of)(number)

    def _style(self, kind: str):
        entry = self.comparison.model.columns[self.comparison.model.award]
        formats = {"change_part": cell_format(1, percent=True), "share": cell_format(PERCENTAGE, percent=True),
                   "each": cell_format(4), "rank": cell_format(0, grouped=False), "bound": "@"}  # fmt: skip
        return self.styles.figure(formats.get(kind, number_format(entry.unit, entry.decimals)))

    def _text(self, number: int, kind: str, row: int) -> str:
        """The live formula of one county's cell; `row` is its Excel row on this sheet."""
        plan, model, data_row = self.plans[number], self.comparison.model, str(row - TOP + FIRST)
        places = {key: letters(column) for key, column in self.places[number].items()}
        base = letters(self.places[0]["award"])
        award = f"{places['award']}{row}"
        match kind:
            case "award":
                live = plan.layout.column(model.award).replace("{r}", data_row)
                return f"IF({plan.layout.check(STATE)}=0,{live},NA())"
            case "change":
                return f"{award}-{base}{row}"
            case "change_part":
                return f'IF({base}{row}>0,{places["change"]}{row}/{base}{row},"")'
            case "share":
                return f'IF({places["award"]}${TOP}<>0,{award}/{places["award"]}${TOP},"")'
            case "each":
                name = model.per_person
                cell = plan.layout.input(name) if name in model.inputs else plan.layout.column(name)
                cell = cell.replace("{r}", data_row)
                return f'IF(N({cell})>0,{award}/{cell},"")'
            case "rank":
                span = f"{places['award']}${TOP + 1}:{places['award']}${TOP + len(self.comparison.base.table)}"
                return f"SUMPRODUCT(--({span}>{award}))+1"
        return (plan.bound or '""').replace("{r}", data_row)

    def _total(self, number: int, kind: str, column: int) -> tuple[str, object] | None:
        if kind not in ("award", "change") or not self.comparison.model.adds_up(self.comparison.model.award):
            return None
        letter = letters(column)
        text = f"SUM({letter}{TOP + 1}:{letter}{TOP + len(self.comparison.base.table)})"
        return text, sum(self._values(number, kind), Fraction(0))

    def _moved(self, number: int, key: str, sign: int) -> tuple[str, str]:
        """How many gain, or lose, and who most: the live text, and what it says now."""
        first, last = TOP + 1, TOP + len(self.comparison.base.table)
        changes, letter = self.comparison.changes(number), letters(self.places[number]["change"])
        span, test = f"{letter}{first}:{letter}{last}", ">1E-9" if sign > 0 else "<-1E-9"
        most = f"{'MAX' if sign > 0 else 'MIN'}({span})"
        name = f'IF({most}{test},INDEX($A${first}:$A${last},MATCH({most},{span},0)),"—")'
        moved = [sign * float(change) for change in changes]
        names = self.comparison.base.table.names
        told = {"count": sum(shift > 1e-9 for shift in moved),
                "name": names[moved.index(max(moved))] if max(moved) > 1e-9 else "—"}  # fmt: skip
        text = live(self.lang, f"comparison.{key}", count=f"SUMPRODUCT(--({span}{test}))", name=name)
        return text, say(self.lang, f"comparison.{key}", **told)

    def _below(self, row: int) -> None:
        """Winners and losers, and old → new of everything a scenario moved."""
        sheet, lang = self.sheet, self.lang
        for number in range(1, len(self.plans)):
            column = self.places[number]["award"]
            for place, (key, sign) in enumerate((("gain_most", 1), ("lose_most", -1))):
                text, told = self._moved(number, key, sign)
                self._cell(row + place, column, text, told, self.styles.note())
        row += 3
        sheet.write(row, 0, say(lang, "comparison.scenario"), self.styles.head())
        sheet.merge_range(row, 1, row, 3, say(lang, "comparison.moved"), self.styles.head())
        for column, key in ((4, "county"), (5, "old"), (6, "new")):
            sheet.write(row, column, say(lang, f"comparison.{key}"), self.styles.head())
        for number, run in enumerate(self.comparison.runs):
            for change in run.changed:
                row += 1
                label = run.model.entry(change.name).label[lang] + (f"·{change.key}" if change.key else "")
                unit = run.model.entry(change.name).unit
                style = self.styles.text(
                    num_format=cell_format(PERCENTAGE, percent=True) if unit.is_percent else "General"
                )
                sheet.write(row, 0, self.comparison.scenarios[number].label[lang], self.styles.text())
                sheet.merge_range(row, 1, row, 3, label, self.styles.text())
                sheet.write(row, 4, change.county, self.styles.text())
                for column, value in ((5, change.old), (6, change.new)):
                    sheet.write(row, column, "—" if value is None else plain(value), style)
