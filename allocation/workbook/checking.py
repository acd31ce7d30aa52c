"""Sheet 核对: 状态, every blocking line, the model's checks, and what a reader must know; all live."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet

from allocation.readings.excel import Blocking
from allocation.readings.excel_text import gap
from allocation.run import Run
from allocation.study.edges import near_edges
from allocation.texts import say
from allocation.workbook.grids import one_page_wide, write_formula
from allocation.workbook.plan import Plan
from allocation.workbook.styles import BAD, GOOD, Styles, width

MOST_EDGES = 30
FIRST = 6  # zero-based row of the first section


def write_checks(sheet: Worksheet, run: Run, plan: Plan, styles: Styles, lang: str) -> None:
    """Column B says what must hold, C counts what does not, D gives the verdict."""
    _Writer(sheet, run, plan, styles, lang).write()


class _Writer:
    def __init__(self, sheet: Worksheet, run: Run, plan: Plan, styles: Styles, lang: str):
        self.sheet, self.run, self.plan, self.styles, self.lang = sheet, run, plan, styles, lang

    def write(self) -> None:
        sheet, say_ = self.sheet, lambda key: say(self.lang, f"workbook.{key}")
        for column, size in enumerate((5, 64, 18, 18)):
            sheet.set_column(column, column, size)
        sheet.merge_range(0, 0, 0, 3, self.plan.layout.names["checks"], self.styles.title())
        sheet.write(1, 0, say_("checks_legend"), self.styles.note())
        for column, key in enumerate(("number", "must_hold", "wrong_count", "verdict")):
            sheet.write(2, column, say_(key), self.styles.head())
        sharing = self._sums(self._checks(FIRST) + 1) + 1
        data = self._lines(sharing, say_("sharing_lines"), self.plan.lines) + 1
        after = self._lines(data, say_("data_lines"), self.plan.data_lines)
        self._state(3, say_("data_state"), f"SUM(C{data + 2}:C{after})")
        self._state(4, say_("state"), f"C4+SUM(C{sharing + 2}:C{data - 1})" if self.plan.lines else "C4")
        self._edges(self._notes(after + 1) + 1)
        verdict = {"type": "cell", "criteria": "==", "value": f'"{say_("pass")}"'}
        good = self.styles.book.add_format({"font_color": GOOD})
        sheet.conditional_format(3, 3, after, 3, {**verdict, "format": good})
        bad = self.styles.book.add_format({"font_color": BAD, "bold": True})
        sheet.conditional_format(3, 3, after, 3, {**verdict, "criteria": "!=", "format": bad})
        sheet.freeze_panes(5, 0)
        one_page_wide(sheet)

    def _row(self, row: int, number: object, label: str, text: str, value: float, verdict: str) -> None:
        """One line with its count and its verdict, live."""
        sheet, styles = self.sheet, self.styles
        sheet.write(row, 0, number, styles.text(align="center"))
        sheet.write(row, 1, label, styles.text(text_wrap=True))
        if self.plan.live:
            write_formula(sheet, row, 2, text, styles.figure("0"), value)
            fine = say(self.lang, "workbook.pass")
            sheet.write_formula(row, 3, f'=IF(C{row + 1}=0,"{fine}","{verdict}")', styles.text(align="center"),
                                fine if value == 0 else verdict)  # fmt: skip
        else:
            sheet.write(row, 2, value, styles.figure("0"))
            sheet.write(row, 3, say(self.lang, "workbook.pass") if value == 0 else verdict, styles.text(align="center"))

    def _state(self, row: int, label: str, text: str) -> None:
        self._row(row, "", label, text, 0, say(self.lang, "workbook.stopped"))
        self.sheet.write(row, 1, label, self.styles.text(bold=True))

    def _lines(self, row: int, heading: str, lines: list[Blocking]) -> int:
        """A heading and its lines; gives the row after the last."""
        self.sheet.merge_range(row, 0, row, 3, heading, self.styles.head())
        for number, line in enumerate(lines, start=1):
            self._row(
                row + number,
                number,
                line.label[self.lang],
                f"IFERROR({line.text},1)",
                0,
                say(self.lang, "workbook.fail"),
            )
        return row + len(lines) + 1

    def _checks(self, row: int) -> int:
        """The promise that the total is the pool, then the model's own checks."""
        self.sheet.merge_range(row, 0, row, 3, say(self.lang, "workbook.model_checks"), self.styles.head())
        texts = {check.name: text for check, text in self.plan.checks}
        for check in self.run.checks:
            row += 1
            text = self._closing() if check.name == "closing" else f"IFERROR({texts[check.name]},1)"
            label = check.label[self.lang]
            if check.counties and not check.ok:
                label += say(self.lang, "workbook.counties", counties=check.counties)
            verdict = say(self.lang, "workbook.warn" if check.severity == "warning" else "workbook.fail")
            self._row(row, "", label, text, self._wrong(check), verdict)
        return row + 1

    def _wrong(self, check) -> int:
        return 0 if check.ok else max(1, check.wrong if check.counties else 1)

    def _closing(self) -> str:
        model, layout = self.run.model, self.plan.layout
        own = layout.column(model.award)
        span = f"{own.replace('{r}', str(layout.first))}:{own.split('!')[1].replace('{r}', str(layout.last))}"
        pool = layout.parameter(model.pool) if model.pool in model.parameters else layout.column(model.pool)
        factor = model.entry(model.pool).unit.scale / model.columns[model.award].unit.scale
        times = "" if factor == 1 else f"*{factor.numerator}/{factor.denominator}"
        return f"IFERROR(IF({gap(f'SUM({span})', f'{pool}{times}')}=0,0,1),1)"

    def _sums(self, row: int) -> int:
        """The sums behind the bounds: what a person needs to mend an infeasible table."""
        figures = [(line, figure) for line in self.plan.lines for figure in line.figures]
        if not figures:
            return row
        self.sheet.merge_range(row, 0, row, 3, say(self.lang, "workbook.sums"), self.styles.head())
        for line, (label, text, value) in figures:
            row += 1
            self.sheet.write(row, 0, "", self.styles.text())
            owner = line.label[self.lang].split("：" if self.lang == "zh" else ": ")[0]
            self.sheet.write(row, 1, f"{owner} · {label[self.lang]}", self.styles.text())
            value = value if abs(value) < 1e200 else ""
            shown = f'IF({text}<1E+200,{text},"")'
            if self.plan.live:
                write_formula(self.sheet, row, 2, shown, self.styles.figure("#,##0.0000"), value)
            else:
                self.sheet.write(row, 2, value, self.styles.figure("#,##0.0000"))
            self.sheet.write(row, 3, "", self.styles.text())
        return row + 1

    def _notes(self, row: int) -> int:
        notes = [note.text(self.lang) for note in self.run.notes]
        if not self.plan.live:
            notes.insert(0, say(self.lang, "workbook.not_live", work=self.plan.work))
        return self._texts(row, "notes", notes or [say(self.lang, "workbook.no_notes")])

    def _edges(self, row: int) -> None:
        """Who stands within 1 % of an edge, as the figures were when the workbook was written."""
        columns = self.run.model.columns
        texts = []
        for edge in near_edges(self.run):
            kind = say(self.lang, f"study.edge_{edge.kind}")
            near = f"{float(edge.relative):.2%}"
            slots = {"county": edge.name, "column": columns[edge.column].label, "edge": kind, "near": near}
            texts.append(say(self.lang, "workbook.near_edge", **slots))
        if len(texts) > MOST_EDGES:
            rest = say(self.lang, "workbook.more_edges", count=len(texts) - MOST_EDGES)
            texts = [*texts[:MOST_EDGES], rest]
        self._texts(row, "edges", texts or [say(self.lang, "workbook.no_notes")])

    def _texts(self, row: int, heading: str, texts: list[str]) -> int:
        """A heading and lines of text across the sheet; gives the row after the last."""
        self.sheet.merge_range(row, 0, row, 3, say(self.lang, f"workbook.{heading}"), self.styles.head())
        for place, text in enumerate(texts, start=row + 1):
            self.sheet.merge_range(place, 0, place, 3, text, self.styles.text(text_wrap=True))
            self.sheet.set_row(place, 15 * (1 + int(width(text) / 110)))
        return row + len(texts) + 1
