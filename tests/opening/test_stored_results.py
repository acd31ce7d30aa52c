"""No result that is stored beside a formula outlives what it rested on: of workbooks of several sheets in which cells
were mended, whatever is read is what the formulas give, worked out by something that is not this program."""

from __future__ import annotations

import io
import random
import re
import zipfile
from fractions import Fraction
from xml.sax.saxutils import escape, quoteattr

import formualizer
import pytest
from desk import examples
from openpyxl.utils import get_column_letter

from allocation.opening.splicing import with_cells_and_results
from allocation.tables.grid import open_grid
from allocation.tables.scan import area

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKED = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"


def book(sheets: dict[str, str], names: dict[str, str]) -> bytes:
    """A workbook of the rows of its sheets, as XML."""
    out = io.BytesIO()
    numbered, rels = [*enumerate(sheets.items(), 1)], f'<Relationships xmlns="{PACKED}">'
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    part = "worksheets/sheet"
    defined = "".join(
        f"<definedName name={quoteattr(key)}>{escape(at)}</definedName>" for key, at in (names or {}).items()
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{TYPES}"><Default Extension="rels" ContentType="application/'
        'vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        + "".join(f'<Override PartName="/xl/{part}{at}.xml" ContentType="{kind}.worksheet+xml"/>' for at, _ in numbered)
        + "</Types>",
        "_rels/.rels": f'<Relationships xmlns="{PACKED}"><Relationship Id="rId1" Type="{OFFICE}/officeDocument"'
        ' Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        + "".join(f'<sheet name={quoteattr(title)} sheetId="{at}" r:id="rId{at}"/>' for at, (title, _) in numbered)
        + f"</sheets>{f'<definedNames>{defined}</definedNames>' if defined else ''}</workbook>",
        "xl/_rels/workbook.xml.rels": rels
        + "".join(
            f'<Relationship Id="rId{at}" Type="{OFFICE}/worksheet" Target="{part}{at}.xml"/>' for at, _ in numbered
        )
        + "</Relationships>",
    }
    for at, (_, rows) in numbered:
        parts[f"xl/worksheets/sheet{at}.xml"] = f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def cell(address: str, value: object, formula: str | None = None, more: str = "") -> str:
    written = f"<f{more}>{escape(formula)}</f>" if formula is not None else ""
    return f'<c r="{address}">{written}<v>{value}</v></c>'


def row(number: int, *cells: str) -> str:
    return f'<row r="{number}">{"".join(cells)}</row>'


def third(formula: str, *beside: str, more: str = "") -> str:
    """A sheet whose D3 is 1000 by a formula."""
    return row(3, cell("A3", 1), cell("D3", 1000, formula, more), *beside)


RAW = row(1, cell("A1", 500))
H3 = cell("H3", 500)
TYPED = 700
# workbooks, the cell that is mended to 700, what D3 of 数据 gives then
CASES = {
    "a chain of two steps over sheets": (
        {"数据": third("辅助!B1*2"), "辅助": row(1, cell("A1", 5), cell("B1", 500, "原始!A1")), "原始": RAW},
        "原始!A1", 1400),
    "another sheet, then its own": ({"数据": third("H3*2", cell("H3", 500, "原始!A1")), "原始": RAW}, "原始!A1", 1400),
    "its own sheet by name": ({"数据": third("数据!H3*2", H3)}, "数据!H3", 1400),
    "a whole row": ({"数据": third("SUM(9:9)") + row(9, cell("H9", 1000))}, "数据!H9", 700),
    "a whole column of another sheet": ({"数据": third("SUM(原始!A:A)*2"), "原始": RAW}, "原始!A1", 1400),
    "sheets beside one another": (
        {"数据": third("SUM(一月:三月!A1)"), **{f"{month}月": row(1, cell("A1", 300)) for month in "一二三"}},
        "二月!A1", 1300),
    "there and back": ({"数据": third("汇总!A1", H3), "汇总": row(1, cell("A1", 1000, "数据!H3*2"))}, "数据!H3", 1400),
    "an array": ({"数据": third("H3*2", H3, more=' t="array" ref="D3:D5"')}, "数据!H3", 1400),
    "a lower cell of an array": (
        {"数据": third("H9", H3, cell("I3", 1)) + row(8, cell("H8", 1000, "H3:I3*2", ' t="array" ref="H8:H9"'))
         + row(9, cell("H9", 1000))}, "数据!H3", 1400),
    "a lower cell of an array, itself read": (
        {"数据": row(2, cell("D2", 1000, "H3*2", ' t="array" ref="D2:D3"')) + row(3, cell("D3", 1000), H3)},
        "数据!H3", 1400),
    "a cell without its address": (
        {"数据": row(3, cell("A3", 1), cell("B3", 1), cell("C3", 1), "<c><f>H3*2</f><v>1000</v></c>", H3)},
        "数据!H3", 1400),
    "an address in single quotes": ({"数据": third("H3*2", H3).replace('r="D3"', "r='D3'")}, "数据!H3", 1400),
    "a condition": ({"数据": third("IF(H3>600,H3*2,1000)", H3)}, "数据!H3", 1400),
    "an area to a reference that is made": (
        {"数据": third("SUM(H3:INDEX(J3:J3,1))", cell("H3", 300), cell("I3", 400), cell("J3", 300))}, "数据!I3", 1300),
    "a sheet in quotes": ({"数据": third("'O''原 始'!A1*2"), "O'原 始": RAW}, "O'原 始!A1", 1400),
    "a sheet in another case": ({"数据": third("raw!A1*2"), "Raw": RAW}, "Raw!A1", 1400),
    "a sheet with a sign": ({"数据": third("'a&b'!A1*2"), "a&b": RAW}, "a&b!A1", 1400),
    "a percentage": ({"数据": third("H3*200%", H3)}, "数据!H3", 1400),
    "two signs": ({"数据": third("H3*2--0", H3)}, "数据!H3", 1400),
    "a name": ({"数据": third("基数*2"), "原始": RAW}, "原始!A1", 1400),
    "a function that makes references": ({"数据": third('INDIRECT("H"&3)*2', H3)}, "数据!H3", 1400),
    "a sum that widens": (
        {"数据": third('SUMIF(A3:A4,1,H3)', cell("H3", 1000)) + row(4, cell("A4", 1), cell("H4", 0))}, "数据!H4", 1700),
    "a shared formula over sheets": (
        {"数据": row(2, cell("D2", 1, "原始!A1*2", ' t="shared" ref="D2:D3" si="0"'))
         + row(3, cell("D3", 1000, "", ' t="shared" si="0"')), "原始": row(2, cell("A2", 500))}, "原始!A2", 1400),
    "a shared sum of rows": (
        {"数据": row(2, cell("D2", 1, "SUM(8:8)", ' t="shared" ref="D2:D3" si="0"'))
         + row(3, cell("D3", 1000, "", ' t="shared" si="0"')) + row(9, cell("A9", 1000))}, "数据!A9", 700),
    "a text within the cell": (
        {"数据": row(3, '<c r="D3" t="inlineStr"><f>H3*2</f><is><t>1000</t></is></c>', H3)}, "数据!H3", 1400),
    "an error in a sum": (
        {"数据": third("SUM(H3:I3)", H3, '<c r="I3" t="e"><f>1/0</f><v>#DIV/0!</v></c>')}, "数据!H3", None),
    "a formula without a result": ({"数据": third("H3+I3", H3, '<c r="I3"><f>1+6</f></c>')}, "数据!H3", 707),
    "a book that is not there": ({"数据": third("[1]原始!A1*2", H3)}, "数据!H3", None),
    "a ring": ({"数据": third("I3+H3", H3, cell("I3", 500, "D3-H3"))}, "数据!H3", None),
}  # fmt: skip


def mended(data: bytes, *cells: str) -> bytes:
    """With 700 in these cells."""
    sheets: dict[str, dict[tuple[int, int], Fraction]] = {}
    for written in cells:
        title, _, address = written.rpartition("!")
        span = area(address)
        sheets.setdefault(title, {})[span.top, span.left] = Fraction(TYPED)
    return with_cells_and_results("表.xlsx", data, sheets)


@pytest.mark.parametrize("case", CASES)
def test_a_result_that_rests_on_a_mended_cell_is_anew_or_gone(case):
    sheets, at, gives = CASES[case]
    data = book(sheets, {"基数": "原始!$A$1"} if "基数" in sheets["数据"] else {})
    before, after = (open_grid("表.xlsx", each)[0].cell(2, 3) for each in (data, mended(data, at)))
    assert before.text == "1000" and (after.uncached or after.value == gives)


@pytest.mark.parametrize(
    "formula", ["A3*2", "ROUND(A3/3,2)", "IF(A3>0,原始!B2,0)", "SUM(原始!B:B)", "VLOOKUP(A3,原始!$B$1:$C$9,2,0)"]
)
def test_a_result_that_is_known_to_rest_on_nothing_mended_stays(formula):
    data = book({"数据": third(formula, H3), "原始": RAW}, {})
    assert open_grid("表.xlsx", mended(data, "数据!H3", "原始!A1"))[0].cell(2, 3).value == 1000


def test_running_totals_are_worked_out_however_long():
    """As a chain, and as sums that grow."""
    count = 1_000
    chain = "".join(
        row(at, cell(f"A{at}", 1), cell(f"B{at}", at, f"B{at - 1}+A{at}" if at > 1 else "A1"))
        for at in range(1, count + 1)
    )
    total = open_grid("表.xlsx", mended(book({"数据": chain}, {}), "数据!A1"))[0].cell(count - 1, 1)
    assert total.value == count + TYPED - 1
    sums = "".join(row(at, cell(f"A{at}", 1), cell(f"B{at}", at, f"SUM(A$1:A{at})")) for at in range(1, 301))
    sheet = open_grid("表.xlsx", mended(book({"数据": sums}, {}), "数据!A100"))[0]
    assert [sheet.cell(at, 1).value for at in (98, 99, 299)] == [99, 799, 999]


TITLES = ("甲", "Raw", "O'原 始")
HIGH, WIDE = 7, 4
Cells = dict[tuple[str, int, int], object]  # by sheet, row and column from one


def generated(draw: random.Random) -> Cells:
    """Figures in the first rows; below each cell a figure or a formula over rows above it, of any sheet."""

    def name(title: str) -> str:
        written = draw.choice([title, title.lower()])
        return f"{written}!" if title.isalnum() and draw.random() < 0.7 else "'" + written.replace("'", "''") + "'!"

    def ref(at: int, home: str) -> str:
        title = draw.choice(TITLES)
        dollar = draw.choice(["", "$"])
        shown = name(title) if title != home or draw.random() < 0.3 else ""
        return f"{shown}{dollar}{get_column_letter(draw.randint(1, WIDE))}{dollar}{draw.randint(1, at - 1)}"

    def span(at: int, home: str) -> str:
        title, (top, bottom) = draw.choice(TITLES), sorted(draw.choices(range(1, at), k=2))
        left, right = sorted(draw.choices(range(1, WIDE + 1), k=2))
        columns = get_column_letter(left), get_column_letter(right)
        return (name(title) if title != home else "") + f"{columns[0]}{top}:{columns[1]}{bottom}"

    def formula(at: int, home: str) -> str:
        first, other, area = ref(at, home), ref(at, home), span(at, home)
        return draw.choice([
            f"{first}+{other}*2", f"{first}-{other}", f"({first}+3)/4", f"SUM({area})", f"SUM({area},{first})",
            "基数*2",
            f"IF({first}>{other},{first},{other})", f"ROUND({first}/3,2)", f"MAX({area})", f"SUM({area})+{first}",
            f'SUMIF({area},">50")', f"INDEX({area},1,1)", f"AVERAGE({area})", f"{first}*50%", "1+1", f"COUNT({area})",
        ])  # fmt: skip

    return {
        (title, at, column): draw.randint(1, 99) if at < 3 or draw.random() < 0.4 else "=" + formula(at, title)
        for at in range(1, HIGH + 1) for title in TITLES for column in range(1, WIDE + 1)
    }  # fmt: skip


def packed(cells: Cells, results: Cells | None = None) -> bytes:
    rows: dict[str, dict[int, str]] = {}
    for (title, at, column), value in cells.items():
        address = f"{get_column_letter(column)}{at}"
        formula = str(value)[1:] if isinstance(value, str) else None
        bare = f'<c r="{address}"><f>{escape(formula or "")}</f></c>'
        stored = value if formula is None else (results or {}).get((title, at, column))
        written = cell(address, stored, formula) if stored is not None else bare
        rows.setdefault(title, {}).setdefault(at, "")
        rows[title][at] += written
    sheets = {title: "".join(row(at, each) for at, each in lines.items()) for title, lines in rows.items()}
    return book(sheets, {"基数": "Raw!$B$2"})


def worked_out(cells: Cells) -> Cells:
    opened = formualizer.Workbook.from_bytes(packed(cells))
    opened.evaluate_all()
    return {place: opened.get_value(*place) for place, value in cells.items() if isinstance(value, str)}


@pytest.mark.parametrize("seed", range(examples(60)))
def test_no_result_that_is_read_differs_from_the_one_worked_out_anew(seed):
    draw = random.Random(seed)
    cells = generated(draw)
    before = worked_out(cells)
    at = draw.sample([place for place, value in cells.items() if place[1] < 5 or not isinstance(value, str)], 2)
    after = mended(packed(cells, before), *(f"{title}!{get_column_letter(column)}{row}" for title, row, column in at))
    cells.update(dict.fromkeys(at, TYPED))
    anew = worked_out(cells)
    sheets = {sheet.name: sheet for sheet in open_grid("表.xlsx", after)}
    kept = 0
    for place, value in anew.items():
        read = sheets[place[0]].cell(place[1] - 1, place[2] - 1)
        kept += not read.uncached
        assert read.uncached or read.value == pytest.approx(value, rel=1e-12), (place, cells[place])
        if re.search(r"基数", str(cells[place])):
            assert read.uncached
    assert kept
