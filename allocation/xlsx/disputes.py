"""数据差异表: every source of a figure on which sources differ, the one used, and what another would do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allocation.policy.model import Input
from allocation.report.formats import number_format
from allocation.run.marks import marks, year_text
from allocation.run.run import Run
from allocation.sheets.sheet import Sheet
from allocation.tables.keys import Figure
from allocation.tables.table import Dispute, Rival
from allocation.texts import say
from allocation.xlsx.grids import one_page_wide, plain
from allocation.xlsx.plan import Plan
from allocation.xlsx.styles import GOOD, INK, Styles, width

if TYPE_CHECKING:
    from allocation.analysis.rivals import Effect

HEAD, TOP = 3, 4  # zero-based: the header row, the first source
WIDTHS = (("county", 11), ("input", 21), ("source", 14), ("value", 12), ("date", 11), ("status", 9), ("used", 7),
          ("by", 12), ("reason", 24), ("voucher", 18), ("award", 12), ("change", 10), ("other", 15),
          ("other_change", 10))  # fmt: skip


def write_disputes(sheet: Sheet, run: Run, plan: Plan, styles: Styles) -> None:
    """A row a source. Values only: it shows how figures were chosen, and does not follow later edits."""
    from allocation.analysis.rivals import effects

    award, last = run.model.columns[run.model.award], len(WIDTHS) - 1
    slots = {"year": year_text(run)[sheet.lang], "model": run.facts.fund or run.model.label}
    title = sheet.say("ledger.disputes_title", **slots).strip() + marks(run)[sheet.lang]
    sheet.merge_range(0, 0, 0, last, title, styles.title())
    sheet.set_row(0, 30)
    unit = run.model.units.label(award.unit.name, sheet.lang)
    sheet.merge_range(1, 0, 1, last, sheet.say("ledger.disputes_note", unit=unit), styles.note(text_wrap=True))
    sheet.set_row(1, 28)
    for column, (key, size) in enumerate(WIDTHS):
        sheet.set_column(column, column, size)
        sheet.write(HEAD, column, sheet.say(f"ledger.head_{key}", award=award.label), styles.head())
    sheet.set_row(HEAD, 32)
    row = TOP
    for dispute, chosen in zip(run.table.disputes, effects(run), strict=True):
        _Dispute(sheet, run, dispute, styles).write(row, chosen)
        row += len(dispute.rivals)
    sheet.freeze_panes(TOP, 2)
    sheet.repeat_rows(HEAD)
    one_page_wide(sheet, landscape=True)


class _Dispute:
    def __init__(self, sheet: Sheet, run: Run, dispute: Dispute, styles: Styles):
        self.sheet, self.run, self.dispute, self.styles, self.lang = sheet, run, dispute, styles, sheet.lang
        self.entry: Input = run.model.inputs[dispute.name]

    def write(self, row: int, rivals: list[Effect | None]) -> None:
        table, last = self.run.table, row + len(rivals) - 1
        label = self.run.model.units.with_unit(self.entry.label[self.lang], self.entry.unit, self.lang)
        for column, text in enumerate((table.names[self.dispute.row], label) if rivals else ()):
            self.sheet.merge_range(row, column, last, column, text, self.styles.text(text_wrap=True))
        for place, (rival, effect) in enumerate(zip(self.dispute.rivals, rivals, strict=True)):
            lines = max(
                width(label) / 20 / len(rivals),
                width(rival.source) / 14,
                width(rival.voucher) / 18,
                self._reason(place) / 24,
            )
            self.sheet.set_row(row + place, 20 + 14 * int(lines))
            self._source(row + place, rival, place == self.dispute.chosen)
            self._effect(row + place, effect)

    def _reason(self, place: int) -> float:
        return width(self.dispute.reason) if place == self.dispute.chosen else 0

    def _source(self, row: int, rival: Rival, used: bool) -> None:
        lang, wrapped = self.lang, self.styles.text(text_wrap=True, bold=used)
        texts = {2: rival.source or say(lang, "ledger.the_table"), 4: rival.date}
        texts[6] = say(lang, "ledger.yes") if used else ""
        texts[5] = say(lang, f"ledger.status_{rival.status}") if rival.status else ""
        texts |= {7: self.dispute.by, 8: self.dispute.reason} if used else {7: "", 8: ""}
        texts[9] = rival.voucher
        for column, text in texts.items():
            centred = self.styles.text(align="center", bold=used, font_color=GOOD if column == 6 else INK)
            self.sheet.write_string(row, column, text, centred if column in (4, 5, 6) else wrapped)
        self._figure(row, 3, rival.value, number_format(self.entry.unit, self.entry.decimals), used)

    def _figure(self, row: int, column: int, value: Figure, number: str, bold: bool = False) -> None:
        if isinstance(value, str):
            self.sheet.write_string(row, column, value, self.styles.text(bold=bold, align="center"))
        else:
            self.sheet.write(row, column, plain(value), self.styles.figure(number, bold=bold))

    def _effect(self, row: int, effect: Effect | None) -> None:
        """The four last columns; beside the value that is used, and those equal to it, the award as it is."""
        first, last = len(WIDTHS) - 4, len(WIDTHS) - 1
        model = self.run.model
        award = model.columns[model.award]
        number = number_format(award.unit, award.decimals)
        signed = f"+{number};-{number};0"
        if effect is None:
            self._figure(row, first, self.run.numbers(model.award)[self.dispute.row], number)
            for column in range(first + 1, last + 1):
                self.sheet.write_blank(row, column, None, self.styles.text())
            return
        if effect.award is None:
            text = say(self.lang, "ledger.not_run")
            if effect.error:
                text = say(self.lang, "ledger.no_award", problem=effect.error.problems[0].text(self.lang))
            self.sheet.merge_range(row, first, row, last, text, self.styles.note(border=1, text_wrap=True))
            self.sheet.set_row(row, 20 + 14 * int(width(text) / 50))
            return
        self._figure(row, first, effect.award, number)
        self._figure(row, first + 1, effect.change, signed)
        other = effect.other
        name = say(self.lang, "ledger.nobody") if other is None else self.run.table.names[other]
        self.sheet.write_string(row, first + 2, name, self.styles.text(align="center"))
        self._figure(row, last, "" if other is None else effect.other_change, signed)
