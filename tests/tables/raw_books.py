"""Workbooks written part by part, so that each can hold one oddity that no library would write."""

from __future__ import annotations

import zipfile
from io import BytesIO

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_MAIN = "http://purl.oclc.org/ooxml/spreadsheetml/main"
STRICT_LINKS = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_CONTENT = "application/vnd.openxmlformats-officedocument.spreadsheetml."
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><numFmts count="3"><numFmt numFmtId="164" formatCode="0.0%"/>'
    '<numFmt numFmtId="165" formatCode="yyyy-mm-dd"/><numFmt numFmtId="166" formatCode="0!.0,"/></numFmts>'
    '<fonts count="1"><font/></fonts><fills count="1"><fill><patternFill/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4"><xf/>'
    '<xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="166"/></cellXfs></styleSheet>'
)
ROWS = (
    '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1"><v>12</v></c></row>'
    '<row r="2"><c r="A2" t="s"><v>1</v></c><c r="B2"><v>1.5</v></c></row>'
)
TEXTS = ("甲", "乙")
EXPECTED = {"A1": "甲", "B1": 12, "A2": "乙", "B2": 1.5}


def sheet_part(rows: str = ROWS, before: str = "", after: str = "", main: str = MAIN) -> str:
    return f'<worksheet xmlns="{main}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'


def shared_part(texts=TEXTS, main: str = MAIN) -> str:
    items = "".join(one if one.startswith("<si") else f"<si><t>{one}</t></si>" for one in texts)
    return f'<sst xmlns="{main}">{items}</sst>'


def workbook_part(more: str = "", sheets: str = "", main: str = MAIN, links: str = LINKS) -> str:
    sheets = sheets or '<sheet name="数据" sheetId="1" r:id="rId1"/>'
    return f'<workbook xmlns="{main}" xmlns:r="{links}">{more}<sheets>{sheets}</sheets></workbook>'


def links_part(targets: dict[str, str], links: str = LINKS) -> str:
    """Kind → target; ids count from rId1 in their order."""
    entries = "".join(
        f'<Relationship Id="rId{number}" Type="{links}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets.items(), start=1)
    )
    return f'<Relationships xmlns="{_PACKAGE}">{entries}</Relationships>'


USUAL = {"worksheet": "worksheets/sheet1.xml", "styles": "styles.xml", "sharedStrings": "sharedStrings.xml"}


def parts(sheet: str | bytes | None = None, **others: str | bytes) -> dict[str, str | bytes]:
    """The parts of a plain book of one sheet; `workbook`, `styles`, `shared`, `links` replace what they name."""
    content = "".join(
        f'<Override PartName="/xl/{name}.xml" ContentType="{_CONTENT}{kind}+xml"/>'
        for name, kind in (
            ("workbook", "sheet.main"), ("worksheets/sheet1", "worksheet"), ("styles", "styles"),
            ("sharedStrings", "sharedStrings"),
        )
    )  # fmt: skip
    rels = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    return {
        "[Content_Types].xml": f'<Types xmlns="{_TYPES}">{rels}{content}</Types>',
        "_rels/.rels": links_part({"officeDocument": "xl/workbook.xml"}),
        "xl/workbook.xml": others.get("workbook", workbook_part()),
        "xl/_rels/workbook.xml.rels": others.get("links", links_part(USUAL)),
        "xl/worksheets/sheet1.xml": sheet if sheet is not None else sheet_part(),
        "xl/styles.xml": others.get("styles", STYLES),
        "xl/sharedStrings.xml": others.get("shared", shared_part()),
    }


def zipped(content: dict[str, str | bytes], renamed: dict[str, str] | None = None) -> bytes:
    """The parts as a file; `renamed` gives some of them another name than the others know them by."""
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in content.items():
            archive.writestr(zipfile.ZipInfo((renamed or {}).get(name, name)), text)
    return target.getvalue()


def cells_of(sheet) -> dict[str, object]:
    """What a sheet holds, by address; `?` for a formula without a result."""
    from allocation.tables.cells import letters

    return {
        f"{letters(column)}{row + 1}": "?" if cell.uncached else cell.value
        for row, line in enumerate(sheet.rows)
        for column, cell in enumerate(line)
        if cell.uncached or cell.value is not None
    }
