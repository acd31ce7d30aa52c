"""数据确认函: a letter a county with its own figures; below the dotted line a receipt to be stamped and returned."""

from __future__ import annotations

from pathlib import Path

from allocation.files.text_out import sheet_name
from allocation.policy.model import Input, Model
from allocation.report.formats import number_format
from allocation.run.marks import in_title
from allocation.sheets.looks import Look
from allocation.sheets.sheet import Sheet
from allocation.tables.keys import Figure
from allocation.tables.table import Table
from allocation.texts import say
from allocation.texts.spans import year_label
from allocation.texts.typefaces import HEAD
from allocation.xlsx.figure_book import figure_book
from allocation.xlsx.grids import plain
from allocation.xlsx.styles import Styles, width

COLUMNS = (("number", 6), ("input", 35), ("value", 14), ("unit", 11), ("source", 14), ("date", 12), ("status", 8))
PLAIN = 4  # columns without a ledger
DOTTED = 4
OBJECTIONS = 3  # blank lines on the receipt


def write_letters(model: Model, table: Table, path: Path, lang: str, due: str = "") -> None:
    """One sheet a county, each an A4 page. `due`: 2018-04-10, or empty for a date to be written in."""
    book = figure_book(path, lang, model.label[lang], (model, table))
    styles, taken = Styles(book), set[str]()
    letter = _Letter(model, table, styles, due)
    for row in range(len(table)):
        letter.write(book.add_worksheet(_sheet_name(table, row, taken)), row)
    book.close()


def _sheet_name(table: Table, row: int, taken: set[str]) -> str:
    """The county's name; with its code where that name is taken already."""
    name = sheet_name(table.names[row], 24)
    if name.casefold() in taken:
        name = f"{sheet_name(table.names[row], 16)}_{table.codes[row][:12]}"
    taken.add(name.casefold())
    return name


class _Letter:
    def __init__(self, model: Model, table: Table, styles: Styles, due: str):
        self.model, self.table, self.styles, self.lang = model, table, styles, styles.book.lang
        asked = [name for name in model.inputs if any(value is not None for value in table.values[name])]
        self.inputs = asked or list(model.inputs)
        self.columns = COLUMNS if "ledger" in table.parts else COLUMNS[:PLAIN]
        self.last = len(self.columns) - 1
        year = year_label(table.year) if table.year else ""
        self.slots = {"year": year, "model": model.label, "count": len(self.inputs), "due": self._due(due)}

    def _due(self, due: str) -> str:
        if not due:
            return say(self.lang, "ledger.letter_no_due")
        year, month, day = due.split("-")
        if self.lang == "zh":
            month, day = month.lstrip("0"), day.lstrip("0")
        return say(self.lang, "ledger.letter_due", year=year, month=month, day=day)

    def say(self, key: str, **slots: object) -> str:
        return say(self.lang, f"ledger.{key}", **{**self.slots, **slots}).strip()

    def write(self, sheet: Sheet, row: int) -> None:
        wide = 1 if "ledger" in self.table.parts else 1.45  # four columns fill the page that seven do
        for column, (_, size) in enumerate(self.columns):
            sheet.set_column(column, column, size * wide)
        mark = in_title(["illustrative"] if self.table.illustrative else [])[self.lang]
        title = self.styles.get(font_name=HEAD, font_size=16, align="center", text_wrap=True)
        self._across(sheet, 0, self.say("letter_title") + mark, title, 56)
        county = self.table.names[row]
        self._across(sheet, 1, self.say("letter_to", county=county), self.styles.get(font_size=12), 28)
        body = self.styles.get(font_size=12, text_wrap=True, valign="top")
        text = ("　　" if self.lang == "zh" else "") + self.say("letter_body")
        self._across(sheet, 2, text, body, 18 * (1 + int(width(text) / 80)))
        below = self._figures(sheet, 4, row)
        self._across(sheet, below, self.say("letter_no_source"), self.styles.note(), 18)
        self._receipt(sheet, below + 1, county)
        sheet.set_portrait()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 1)
        sheet.center_horizontally()
        sheet.set_margins(left=0.7, right=0.7, top=0.8, bottom=0.7)

    def _across(self, sheet: Sheet, row: int, text: str, style: Look, height: float) -> None:
        sheet.merge_range(row, 0, row, self.last, text, style)
        sheet.set_row(row, height)

    def _figures(self, sheet: Sheet, top: int, row: int) -> int:
        """The table of the county's figures; gives the row below it."""
        for column, (key, _) in enumerate(self.columns):
            text = self.say(f"letter_{key}" if key in ("number", "unit") else f"head_{key}")
            sheet.write(top, column, text, self.styles.head())
        sheet.set_row(top, 24)
        for place, name in enumerate(self.inputs, start=1):
            self._figure(sheet, top + place, place, self.model.inputs[name], row)
        return top + 1 + len(self.inputs)

    def _figure(self, sheet: Sheet, at: int, number: int, entry: Input, row: int) -> None:
        centred, rival = self.styles.text(align="center"), self.table.ledger.get((entry.name, row))
        sheet.write_number(at, 0, number, centred)
        sheet.write_string(at, 1, entry.label[self.lang], self.styles.text(text_wrap=True))
        value: Figure = self.table.values[entry.name][row]
        if isinstance(value, str) or value is None:
            sheet.write_string(at, 2, value or "—", self.styles.text(align="center", text_wrap=True))
        else:
            sheet.write_number(at, 2, plain(value), self.styles.figure(number_format(entry.unit, entry.decimals)))
        unit = self.model.units.label(entry.unit.name, self.lang)
        sheet.write_string(at, 3, "" if entry.unit.is_percent else unit, centred)
        status = say(self.lang, f"ledger.status_{rival.status}") if rival else ""
        texts = (rival.source, rival.date, status) if rival else ("", "", "")
        for column, text in enumerate(texts[: self.last - 3], start=4):
            sheet.write_string(at, column, text, self.styles.text(align="center", text_wrap=True))
        sheet.set_row(at, 20 + 14 * int(width(entry.label[self.lang]) / (self.columns[1][1] * (1 if rival else 1.3))))

    def _receipt(self, sheet: Sheet, row: int, county: str) -> None:
        """Below the dotted line: right or wrong, what is wrong, seal, contact and date."""
        cut = self.styles.note(align="center", bottom=DOTTED)
        sheet.merge_range(row, 0, row, self.last, self.say("letter_cut"), cut)
        sheet.set_row(row, 24)
        title = self.styles.get(font_name=HEAD, font_size=14, align="center")
        self._across(sheet, row + 1, self.say("receipt_title"), title, 32)
        large = self.styles.get(font_size=12, text_wrap=True)
        for place, key in enumerate(("about", "fine", "wrong"), start=row + 2):
            text = self.say(f"receipt_{key}")
            self._across(sheet, place, text, large, 20 * (1 + int(width(text) / 84)))
        self._objections(sheet, row + 5)
        below = row + 7 + OBJECTIONS
        for place, key in enumerate(("seal", "contact", "date")):
            self._across(sheet, below + place, self.say(f"receipt_{key}", county=county), large, 28)

    def _objections(self, sheet: Sheet, row: int) -> None:
        ends = (1, 3, self.last) if self.last > 3 else (1, 2, 3)
        spans = list(zip((0, ends[0] + 1, ends[1] + 1), ends, ("item", "should", "grounds"), strict=True))
        for line in range(OBJECTIONS + 1):
            for first, end, key in spans:
                text, style = ("", self.styles.text()) if line else (self.say(f"receipt_{key}"), self.styles.head())
                if first == end:
                    sheet.write(row + line, first, text, style)
                else:
                    sheet.merge_range(row + line, first, row + line, end, text, style)
            sheet.set_row(row + line, 24)
