"""A product as plain facts: {place: what stands there}, so that two of them can be laid side by side."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path

CELL_STYLE = ("number_format", "font", "fill", "border", "alignment", "protection")


def facts(path: Path) -> dict[str, str]:
    """What stands in a file, by its place: cells with value, formula and format; a letter, a text by lines."""
    kind = {".xlsx": of_a_workbook, ".docx": of_a_letter, ".json": of_a_record}.get(path.suffix, of_a_text)
    return kind(path)


def of_a_workbook(path: Path) -> dict[str, str]:
    """Every cell's stored value, formula and format, and every sheet's layout."""
    import openpyxl

    formulas, values = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)
    places = {"names": repr(sorted((name, text.attr_text) for name, text in formulas.defined_names.items()))}
    places["sheets"] = repr([(sheet.title, sheet.sheet_state) for sheet in formulas])
    known: dict[int, str] = {}  # format by its number in the book
    for sheet in formulas:
        stored = values[sheet.title]
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is None and not cell.has_style:
                    continue
                if cell.style_id not in known:
                    known[cell.style_id] = _style(cell)
                place = f"{sheet.title}!{cell.coordinate}"
                places[place] = repr(
                    (cell.value if not hasattr(cell.value, "text") else cell.value.text, stored[cell.coordinate].value)
                )
                places[place + " format"] = known[cell.style_id]
        places |= {f"{sheet.title} {name}": text for name, text in _layout(sheet).items()}
    return places


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
    places: dict[str, str] = {}

    def lay(value: object, key: str) -> None:
        if isinstance(value, dict):
            for name, part in value.items():
                lay(part, f"{key}.{name}")
        else:
            places[key] = "…" if key.endswith(".writer") else repr(value)

    lay(json.loads(path.read_text(encoding="utf-8")), "")
    return places


def of_a_text(path: Path) -> dict[str, str]:
    """Line by line, without the number that a process draws for itself."""
    return {
        str(number): re.sub(r'("writer": )"\w+"', r"\1…", line)
        for number, line in enumerate(path.read_bytes().decode("utf-8", "replace").splitlines(), 1)
    }


def of_a_folder(folder: Path) -> dict[str, dict[str, str]]:
    """{file: its facts} for every file below a folder."""
    return {str(path.relative_to(folder)): facts(path) for path in sorted(folder.rglob("*")) if path.is_file()}
