"""A product as plain facts: {place: what stands there}, so that two of them can be laid side by side."""

from __future__ import annotations

import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

HELPERS = r"(?:辅助|Helpers)(?:\d{4})?"  # of several years a sheet each
TOLD = ("溯源", "Provenance")
RECORD = "_record"
HEADING = 3  # the row of their headings
CELL = r"\$?[A-Z]{1,3}\$?\d+"
CELL_STYLE = ("number_format", "font", "fill", "border", "alignment", "protection")


def facts(path: Path) -> dict[str, str]:
    """What stands in a file, by its place: cells with value, formula and format; a letter, a text by lines."""
    kind = {".xlsx": of_a_workbook, ".docx": of_a_letter, ".json": of_a_record}.get(path.suffix, of_a_text)
    return kind(path)


def of_a_workbook(path: Path) -> dict[str, str]:
    """Every cell's stored value, formula and format, every sheet's layout, and the record by its keys."""
    import openpyxl

    from allocation.verify.comparing import normal

    formulas, values = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)
    places = {"names": repr(sorted((name, text.attr_text) for name, text in formulas.defined_names.items()))}
    places["sheets"] = repr([(sheet.title, sheet.sheet_state) for sheet in formulas])
    known: dict[int, str] = {}  # format by its number in the book
    headed = {sheet.title: _headings(sheet) for sheet in formulas if re.fullmatch(HELPERS, sheet.title)}
    for sheet in formulas:
        places |= {f"{sheet.title} {name}": text for name, text in _layout(sheet).items()}
        if sheet.title == RECORD:
            text = "".join(str(cell.value or "") for cell in sheet["A"][1:])
            places |= {f"{RECORD}{key}": value for key, value in _by_keys(json.loads(text))}
            continue
        stored = values[sheet.title]
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is None and not cell.has_style:
                    continue
                if cell.style_id not in known:
                    known[cell.style_id] = _style(cell)
                place = f"{sheet.title}!{_where(sheet, cell, row[0].value, headed)}"
                text = cell.value if not hasattr(cell.value, "text") else cell.value.text
                text = f"={normal(text, {})}" if cell.data_type == "f" else text  # however it is spelt
                places[place] = repr((_by_headings(text, headed), stored[cell.coordinate].value))
                places[place + " format"] = known[cell.style_id]
    return places


def _where(sheet, cell, first: object, headed: dict[str, dict[str, str]]) -> str:
    """A cell by its coordinate; of helper columns by heading and row, of what is told of a run by its key and row."""
    if sheet.title in headed:
        return f"{headed[sheet.title][cell.column_letter]}!{cell.row}"
    if sheet.title in TOLD and cell.column_letter == "B" and isinstance(first, str):
        return f"{first}!{cell.row}"
    return cell.coordinate


def _headings(sheet) -> dict[str, str]:
    """{letter: heading} of a sheet of helper columns, with the scenario's title; like ones are numbered.

    Where a column stands is of no moment: one more or less moves all that are behind it.
    """
    headings, title, counts = {}, "", Counter()
    for above, cell in zip(sheet[HEADING - 1], sheet[HEADING], strict=True):
        title = str(above.value) if above.value and above.column > 1 else title
        heading = f"{title} {cell.value}".strip()
        counts[heading] += 1
        headings[cell.column_letter] = heading if counts[heading] == 1 else f"{heading} #{counts[heading]}"
    return headings


def _by_headings(value: object, headed: dict[str, dict[str, str]]) -> object:
    """A formula that names helper columns by their headings."""
    if not headed or not isinstance(value, str) or not value.startswith("="):
        return value

    def named(match: re.Match) -> str:
        heads = headed[match["sheet"]]
        parts = [(heads.get(letter, letter), row) for letter, row in re.findall(r"([A-Z]+)\$?(\d+)", match["cells"])]
        return f"{match['sheet']}!" + ":".join(f"[{head}]{row}" for head, row in parts)

    return re.sub(rf"'?(?P<sheet>{HELPERS})'?!(?P<cells>{CELL}(?::{CELL})?)", named, value)


def _style(cell) -> str:
    return " ".join(re.sub(r"\s+", " ", str(getattr(cell, name))) for name in CELL_STYLE)


def _layout(sheet) -> dict[str, str]:
    """Widths, merged cells, drop-downs, colours by rule, print settings and protection of a sheet."""
    return {
        "widths": repr(sorted((name, column.width, column.hidden) for name, column in sheet.column_dimensions.items())),
        "hidden rows": repr(sorted(number for number, row in sheet.row_dimensions.items() if row.hidden)),
        "merged": repr(sorted(map(str, sheet.merged_cells.ranges))),
        "lists": repr(
            sorted(
                (str(rule.sqref), str(rule.formula1), str(rule.type)) for rule in sheet.data_validations.dataValidation
            )
        ),
        "rules": repr(
            sorted(
                (str(area.sqref), [str(rule.formula) for rule in rules])
                for area, rules in sheet.conditional_formatting._cf_rules.items()
            )
        ),
        "print": repr(
            (
                sheet.print_area,
                sheet.print_title_rows,
                sheet.page_setup.orientation,
                sheet.page_setup.paperSize,
                sheet.freeze_panes,
            )
        ),
        "locked": repr(sheet.protection.sheet),
    }


def of_a_letter(path: Path) -> dict[str, str]:
    """The text of every paragraph and table cell, in the order of the page, headers and footers too."""
    places = {}
    with zipfile.ZipFile(path) as package:
        for part in sorted(
            name
            for name in package.namelist()
            if re.match(r"word/(document|header\d*|footer\d*|footnotes)\.xml$", name)
        ):
            xml = package.read(part).decode("utf-8")
            for number, paragraph in enumerate(re.findall(r"<w:p[ >].*?</w:p>", xml, re.S)):
                places[f"{part} {number}"] = "".join(re.findall(r"<w:t(?: [^>]*)?>(.*?)</w:t>", paragraph, re.S))
    return places


def of_a_record(path: Path) -> dict[str, str]:
    """Every value of a JSON file by its keys, without the number that a process draws for itself."""
    return dict(_by_keys(json.loads(path.read_text(encoding="utf-8"))))


def _by_keys(value: object, key: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, part in value.items():
            yield from _by_keys(part, f"{key}.{name}")
    else:
        yield key, "…" if key.endswith(".writer") else repr(value)


def of_a_text(path: Path) -> dict[str, str]:
    """Line by line, without the number that a process draws for itself."""
    return {
        str(number): re.sub(r'("writer": )"\w+"', r"\1…", line)
        for number, line in enumerate(path.read_bytes().decode("utf-8", "replace").splitlines(), 1)
    }


def of_a_folder(folder: Path) -> dict[str, dict[str, str]]:
    """{file: its facts} for every file below a folder."""
    return {str(path.relative_to(folder)): facts(path) for path in sorted(folder.rglob("*")) if path.is_file()}
