"""Sheet 核对: 状态, every blocking line, the model's checks, and what a reader must know; all live."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from allocation.analysis.edges import near_edges
from allocation.doubts.doubt import lines as doubt_lines
from allocation.files.limits import ROWS
from allocation.readings.excel_effort import too_much
from allocation.readings.excel_text import gap, quoted
from allocation.readings.excel_walk import Blocking
from allocation.report.formats import number_format
from allocation.run.checks import CheckResult
from allocation.run.run import Run
from allocation.sheets.looks import Role, look
from allocation.sheets.sheet import Sheet
from allocation.texts import AT_TERMINAL, Both, say
from allocation.texts.decimals import UNROUNDED, cell_format, figure_text
from allocation.xlsx.check_sides import CheckSides
from allocation.xlsx.grids import one_page_wide, write_formula
from allocation.xlsx.originals import FIGURES, PARAMETERS, edited_count
from allocation.xlsx.plan import Plan
from allocation.xlsx.styles import BAD, GOOD, Styles, width

MOST_EDGES = 30
PASS, UNASKED, COMPARED = VERDICTS = ("pass", "unasked", "compared")  # of what found nothing wrong
LAST = 4  # zero-based: the column that says where; both sides of a check stand behind it
SIZES, WIDE = (5, 60, 16, 14, 32), 18  # of the columns, and of each side
HEAD, PROBLEM, FIRST = 2, 5, 7  # zero-based: the row of the headings, that of 第一处问题, and that of the first section


def write_checks(sheet: Sheet, run: Run, plan: Plan, styles: Styles) -> None:
    """Column B says what must hold, C counts what does not, D gives the verdict, E the first place at fault.

    Causes stand above what follows from them: data and parameters, then bounds, then totals.
    """
    _Writer(sheet, run, plan, styles).write()


def _when_it_holds(check: CheckResult) -> str:
    """The verdict of a check that found nothing, wherever a line of it stands."""
    return UNASKED if check.unasked else COMPARED if check.compared else PASS


class _Writer:
    def __init__(self, sheet: Sheet, run: Run, plan: Plan, styles: Styles):
        self.sheet, self.run, self.plan, self.styles, self.lang = sheet, run, plan, styles, sheet.lang
        self.end = LAST + 2 * plan.layout.cut.sides
        self.fine = {check.name: _when_it_holds(check) for check in run.checks}

    def say(self, key: str, **slots: object) -> str:
        return say(self.lang, f"workbook.{key}", **slots)

    def write(self) -> None:
        sheet = self.sheet
        for column, size in enumerate((*SIZES, WIDE, WIDE)[: self.end + 1]):
            sheet.set_column(column, column, size)
        sheet.merge_range(0, 0, 0, self.end, self.plan.layout.names["checks"], self.styles.title())
        legend = self.plan.say("workbook.checks_legend")
        sheet.merge_range(1, 0, 1, self.end, legend, self.styles.note(text_wrap=True))
        sheet.set_row(1, 26)
        heads = ("number", "must_hold", "wrong_count", "verdict", "first_place", "left_side", "right_side")
        for column, key in enumerate(heads[: self.end + 1]):
            sheet.write(HEAD, column, self.say(key), self.styles.head())
        sharing = self._lines(FIRST, self.say("data_lines"), self.plan.data_lines) + 1
        sums = self._lines(sharing, self.say("sharing_lines"), self.plan.lines, "$C$4") + 1
        checks = self._sums(sums)
        after = self._checks(checks)
        self._state(3, self.plan.say("workbook.data_state"), f"SUM(C{FIRST + 2}:C{sharing - 1})")
        self._state(
            4,
            self.plan.say("workbook.state"),
            f"C4+SUM(C{sharing + 2}:C{sums - 1})" if self.plan.lines else "C4",
        )
        self._problem(FIRST + 2, after)
        told = self._doubts(after + 1)
        sheet.area(Role.KEPT, told, 0, ROWS - 1, 1)  # what the table said when it was read is not to be had again
        self._edges(self._notes(told) + 1)
        self._colours(after)
        sheet.freeze_panes(PROBLEM + 1, 0)
        sheet.repeat_rows(HEAD)
        one_page_wide(sheet, landscape=self.plan.layout.cut.sides)

    def _colours(self, last: int) -> None:
        """What was asked and holds is green, what does not hold is red; what nobody asked is neither."""
        held, sheet = {"type": "cell", "criteria": "==", "format": look(Role.NOTE, {"font_color": GOOD})}, self.sheet
        for verdict in (PASS, COMPARED):
            sheet.conditional_format(3, 3, last, 3, {**held, "value": f'"{self.say(verdict)}"'})
        bad = look(Role.NOTE, {"font_color": BAD, "bold": True})
        fine = "".join(f',$D4<>"{self.say(verdict)}"' for verdict in (*VERDICTS, "follows"))
        wrong = {"type": "formula", "criteria": f'=AND($D4<>""{fine})', "format": bad}
        sheet.conditional_format(3, 3, last, LAST, wrong)

    def _problem(self, first: int, last: int) -> None:
        """The first line that does not hold, and its cell; `first` and `last` are rows of the sheet, from one."""
        self.sheet.write(PROBLEM, 1, self.say("first_problem"), self.styles.text(bold=True))
        style = self.styles.text(bold=True, text_wrap=True)
        self.sheet.merge_range(PROBLEM, 2, PROBLEM, LAST, "", style)
        none, joint = self.say("no_problem"), self.say("place_joint")
        problem = self._written_problem(joint) or none
        if not self.plan.live:
            text = f"IF($C$5=0,{quoted(problem)},{quoted(self.say('state_stopped_values'))})"
            write_formula(self.sheet, PROBLEM, 2, text, style, problem)
            return
        line = f'MATCH("{self.say("fail")}",D{first}:D{last},0)'
        where, what = (f"INDEX({column}{first}:{column}{last},{line})" for column in "EB")
        text = f'IFERROR({where}&IF({where}="","","{joint}")&{what},"{none}")'
        write_formula(self.sheet, PROBLEM, 2, text, style, problem)

    def _written_problem(self, joint: str) -> str:
        """What the first check says that fails in the workbook as it is written: data and bounds hold in it."""
        for check in self.run.checks:
            if not check.ok and check.severity == "error":
                where = check.counties[0] + joint if check.counties else ""
                return where + check.label[self.lang]
        return ""

    def _row(
        self,
        row: int,
        number: int | str,
        line: Blocking,
        value: float,
        verdict: str,
        cause: str = "",
        first: str = "",
        fine: str = PASS,
    ) -> None:
        """One line with its count, its verdict and its `first` place at fault, live.

        `cause`: the cell that, unless it is 0, is why this line fails.
        """
        sheet, styles, fine = self.sheet, self.styles, self.say(fine)
        label = line.label[self.lang]
        sheet.write(row, 0, number, styles.text(align="center"))
        sheet.write(row, 1, label, styles.text(text_wrap=True))
        sheet.set_row(row, 15 * (1 + int(width(label) / 60)))
        place, centred, told = styles.text(font_size=9), styles.text(align="center"), fine if value == 0 else verdict
        if not self.plan.live:
            sheet.write(row, 2, value, styles.figure("0"))
            sheet.write(row, 3, told, centred)
            sheet.write(row, LAST, first, place)
            return
        write_formula(sheet, row, 2, line.text, styles.figure("0"), value)
        text = f'IF({cause}<>0,"{self.say("follows")}","{verdict}")' if cause else f'"{verdict}"'
        write_formula(sheet, row, 3, f'IF(C{row + 1}=0,"{fine}",{text})', centred, told)
        if line.where:
            write_formula(sheet, row, LAST, f'IF(C{row + 1}=0,"",IFERROR({line.where},""))', place, first)
        else:
            sheet.write(row, LAST, "", place)

    def _state(self, row: int, label: str, text: str) -> None:
        """Of a workbook of values: how much was edited, as nothing else in it follows an edit."""
        stopped = self.plan.say("workbook.stopped")
        if self.plan.live:
            self._row(row, "", Blocking(Both(label, label), text), 0, stopped)
        else:
            edits = "+".join(edited_count(self.plan.layout, of) for of in (PARAMETERS, FIGURES))
            write_formula(self.sheet, row, 2, edits, self.styles.figure("0"), 0)
            verdict, fine = self.styles.text(align="center"), self.say("pass")
            write_formula(self.sheet, row, 3, f'IF(C{row + 1}=0,"{fine}","{stopped}")', verdict, fine)
        self.sheet.write(row, 1, label, self.styles.text(bold=True))

    def _lines(self, row: int, heading: str, lines: list[Blocking], cause: str = "") -> int:
        """A heading and its lines; gives the row after the last."""
        self.sheet.merge_range(row, 0, row, self.end, heading, self.styles.head(Role.TITLE))
        for number, line in enumerate(lines, start=1):
            guarded = replace(line, text=f"IFERROR({line.text},1)")
            self._row(row + number, number, guarded, 0, self.say("fail"), cause, fine=self.fine.get(line.check, PASS))
        return row + len(lines) + 1

    def _checks(self, row: int) -> int:
        """The promise that the total is the pool, then the model's own checks."""
        self.sheet.merge_range(row, 0, row, self.end, self.say("model_checks"), self.styles.head(Role.TITLE))
        for check in self.run.checks:
            row += 1
            line = Blocking(check.label, self._closing()) if check.name == "closing" else self.plan.checks[check.name]
            guarded = replace(line, text=f"IFERROR({line.text},1)")
            verdict = self.say("warn" if check.severity == "warning" else "fail")
            first = check.counties[0] if line.where and not check.ok else ""
            self._row(row, "", guarded, self._wrong(check), verdict, "$C$5", first, self.fine[check.name])
            if self.plan.layout.cut.sides:
                self._sides(row, self._closing_sides() if check.name == "closing" else self.plan.sides.get(check.name))
        return row + 1

    def _sides(self, row: int, sides: CheckSides | None) -> None:
        """Both sides of a check, live; nothing where it compares nothing."""
        for place in range(2):
            text, value = (sides.texts[place], sides.values[place]) if sides else ("", "")
            style = self.styles.figure(sides.number if sides else "0", font_size=9)
            if text and self.plan.live:
                write_formula(self.sheet, row, LAST + 1 + place, text, style, value)
            else:
                self.sheet.write(row, LAST + 1 + place, value, style)

    def _wrong(self, check: CheckResult) -> int:
        return 0 if check.ok else max(1, check.wrong if check.counties else 1)

    def _closing(self) -> str:
        return f"IF({gap(*self._handed_and_pool())}=0,0,1)"

    def _closing_sides(self) -> CheckSides:
        model = self.run.model
        award, pool = model.columns[model.award], model.entry(model.pool)
        values = [self.run.total(model.award), self.run.figure(model.pool)]
        handed, there = (Fraction(value) if isinstance(value, Fraction | int) else Fraction(0) for value in values)
        handed_text, pool_text = self._handed_and_pool()
        texts = f'IFERROR({handed_text},"")', f'IFERROR({pool_text},"")'
        amounts = float(handed), float(there * pool.unit.scale / award.unit.scale)
        return CheckSides(texts, amounts, number_format(award.unit, award.decimals))

    def _handed_and_pool(self) -> tuple[str, str]:
        """What was handed out in all, and what there is, in the award's unit."""
        model, layout = self.run.model, self.plan.layout
        award = layout.column(model.award)
        span = f"{award.replace('{r}', str(layout.first))}:{award.split('!')[1].replace('{r}', str(layout.last))}"
        pool = layout.parameter(model.pool) if model.pool in model.parameters else layout.column(model.pool)
        factor = model.entry(model.pool).unit.scale / model.columns[model.award].unit.scale
        times = "" if factor == 1 else f"*{factor.numerator}/{factor.denominator}"
        return f"SUM({span})", f"{pool}{times}"

    def _sums(self, row: int) -> int:
        """The sums behind the bounds: what a person needs to mend an infeasible table."""
        figures = [(line, figure) for line in self.plan.lines for figure in line.figures]
        if not figures:
            return row
        self.sheet.merge_range(row, 0, row, self.end, say(self.lang, "workbook.sums"), self.styles.head(Role.TITLE))
        for line, (label, text, value) in figures:
            row += 1
            self.sheet.write(row, 0, "", self.styles.text())
            owner = line.label[self.lang].split("：" if self.lang == "zh" else ": ")[0]
            self.sheet.write(row, 1, f"{owner} · {label[self.lang]}", self.styles.text())
            value = value if isinstance(value, str) or abs(value) < 1e200 else ""
            shown = f'IF({text}<1E+200,{text},"")'
            if self.plan.live:
                write_formula(self.sheet, row, 2, shown, self.styles.figure(cell_format(UNROUNDED)), value)
            else:
                self.sheet.write(row, 2, value, self.styles.figure(cell_format(UNROUNDED)))
            for column in (3, LAST):
                self.sheet.write(row, column, "", self.styles.text())
        return row + 1

    def _doubts(self, row: int) -> int:
        """待核事项 as they were when the workbook was written, with the reasons of those resolved."""
        for head, texts in doubt_lines(self.run.doubts, AT_TERMINAL[self.lang]):
            row = self._texts(row, head, texts) + 1
        return row

    def _notes(self, row: int) -> int:
        notes = [check.said[self.lang] for check in self.run.checks if not check.ok and check.read]
        notes += [note.text(self.lang) for note in self.run.notes]
        if not self.plan.live:
            notes.insert(0, too_much(self.plan.work, self.plan.compared)[self.lang])
        return self._texts(row, say(self.lang, "workbook.notes"), notes or [say(self.lang, "workbook.no_notes")])

    def _edges(self, row: int) -> None:
        """Who stands within 1 % of an edge, as the figures were when the workbook was written."""
        columns = self.run.model.columns
        texts = []
        for edge in near_edges(self.run):
            kind = say(self.lang, f"study.edge_{edge.kind}")
            near = figure_text(edge.relative, percent=True)
            slots = {"county": edge.name, "column": columns[edge.column].label, "edge": kind, "near": near}
            texts.append(say(self.lang, "workbook.near_edge", **slots))
        if len(texts) > MOST_EDGES:
            rest = say(self.lang, "workbook.more_edges", count=len(texts) - MOST_EDGES)
            texts = [*texts[:MOST_EDGES], rest]
        self._texts(row, say(self.lang, "workbook.edges"), texts or [say(self.lang, "workbook.no_notes")])

    def _texts(self, row: int, heading: str, texts: list[str]) -> int:
        """A heading and lines of text across the sheet; gives the row after the last."""
        self.sheet.merge_range(row, 0, row, self.end, heading, self.styles.head(Role.TITLE))
        for place, text in enumerate(texts, start=row + 1):
            self.sheet.merge_range(place, 0, place, self.end, text, self.styles.text(text_wrap=True))
            self.sheet.set_row(place, 15 * (1 + int(width(text) / 110)))
        return row + len(texts) + 1
