"""Small books of every oddity, one a book: what is read of each, beside what openpyxl and calamine read of it.

`openpyxl` and `calamine` say how those readers differ and why ours is right; nothing there means that they agree.
"""

from __future__ import annotations

import random
import string
import warnings
from datetime import datetime
from io import BytesIO

import pytest
from raw_books import (
    EXPECTED,
    LINKS,
    MAIN,
    ROWS,
    STRICT_LINKS,
    STRICT_MAIN,
    STYLES,
    USUAL,
    cells_of,
    links_part,
    parts,
    shared_part,
    sheet_part,
    workbook_part,
    zipped,
)  # fmt: skip

from allocation.tables.package import utf8
from allocation.tables.scan import scan_plain
from allocation.tables.scan_events import scan_events
from allocation.tables.xlsx import read_xlsx

REFUSES = "refuses the book"


def cell(place: str, inside: str, **given: str) -> str:
    attributes = "".join(f' {key}="{value}"' for key, value in given.items())
    return f'<row r="{place[1:]}"><c r="{place}"{attributes}>{inside}</c></row>'


def one(inside: str, **given: str) -> dict:
    return parts(sheet_part(cell("A1", inside, **given)))


def shared(item: str) -> dict:
    return parts(sheet_part(cell("A1", "<v>0</v>", t="s")), shared=shared_part((item,)))


def prefixed() -> str:
    rows = ROWS.replace("<", "<x:").replace("<x:/", "</x:")
    return f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData>{rows}</x:sheetData></x:worksheet>'


MERGES = '<mergeCells count="1"><mergeCell ref="{}"/></mergeCells>'
LINK = f'<hyperlinks><hyperlink xmlns:r="{LINKS}" ref="C1" r:id="rId9" display="link"/></hyperlinks>'
UTF16 = ('<?xml version="1.0" encoding="UTF-16"?>' + sheet_part()).encode("utf-16")
GBK = ('<?xml version="1.0" encoding="GB2312"?>' + shared_part()).encode("gbk")

TO_CALCULATE = workbook_part().replace("</workbook>", '<calcPr fullCalcOnLoad="1"/></workbook>')
HIDDEN = ROWS.replace('<row r="1">', '<row r="1" hidden="1">').replace('<row r="2">', '<row r="2" ht="0">')

# name: (parts, names given to some of them in the zip, what is read, openpyxl, calamine)
CORPUS: dict[str, tuple] = {
    "plain": (parts(), {}, EXPECTED, "", ""),
    "part_name_in_other_case": (parts(), {"xl/sharedStrings.xml": "xl/SharedStrings.xml"}, EXPECTED, REFUSES, ""),
    "sheet_in_other_case": (parts(), {"xl/worksheets/sheet1.xml": "xl/Worksheets/Sheet1.XML"}, EXPECTED, REFUSES, ""),
    "backslashes": (parts(), {name: name.replace("/", "\\") for name in parts()}, EXPECTED, REFUSES, ""),
    "leading_slash": (parts(), {name: "/" + name for name in parts()}, EXPECTED, REFUSES, REFUSES),
    "absolute_targets": (parts(links=links_part({k: "/xl/" + v for k, v in USUAL.items()})), {}, EXPECTED, "", ""),
    "targets_from_the_root": (parts(links=links_part({k: "xl/" + v for k, v in USUAL.items()})), {}, EXPECTED,
                              REFUSES, REFUSES),
    "targets_with_dots": (parts(links=links_part({k: "../xl/./" + v for k, v in USUAL.items()})), {}, EXPECTED,
                          "", REFUSES),
    "part_of_another_name": (parts(links=links_part(USUAL | {"worksheet": "worksheets/data.xml"})),
                             {"xl/worksheets/sheet1.xml": "xl/worksheets/data.xml"}, EXPECTED, "", ""),
    "strict": ({**parts(sheet_part(main=STRICT_MAIN), workbook=workbook_part(main=STRICT_MAIN, links=STRICT_LINKS),
                        shared=shared_part(main=STRICT_MAIN), links=links_part(USUAL, STRICT_LINKS),
                        styles=STYLES.replace(MAIN, STRICT_MAIN)),
                "_rels/.rels": links_part({"officeDocument": "xl/workbook.xml"}, STRICT_LINKS)}, {}, EXPECTED,
               REFUSES, ""),
    "prefixed": (parts(prefixed()), {}, EXPECTED, "", ""),
    "empty_fill": (parts(styles=STYLES.replace("<fill><patternFill/></fill>", "<fill/>")), {}, EXPECTED, REFUSES, ""),
    "bad_colour": (parts(styles=STYLES.replace("<font/>", '<font><color rgb="red"/></font>')), {}, EXPECTED,
                   REFUSES, ""),
    "style_beyond_the_last": (parts(sheet_part(ROWS.replace('r="B1"', 'r="B1" s="99"'))), {}, EXPECTED, REFUSES, ""),
    "no_styles": ({k: v for k, v in parts().items() if "styles" not in k}, {}, EXPECTED, "", ""),
    "no_shared_texts": ({k: v for k, v in one("<v>5</v>").items() if "shared" not in k}, {}, {"A1": 5}, REFUSES, ""),
    "utf16_sheet": (parts(UTF16), {}, EXPECTED, "", "reads nothing"),
    "byte_order_mark": (parts(("\ufeff" + sheet_part()).encode()), {}, EXPECTED, "", ""),
    "gb2312_texts": (parts(shared=GBK), {}, EXPECTED, REFUSES, REFUSES),
    "comments_between": (parts(sheet_part(ROWS.replace("</row>", "</row><!-- a --> "))), {}, EXPECTED, "", ""),
    "instructions_between": (parts(sheet_part(ROWS.replace("</row>", "</row><?a b?>"))), {}, EXPECTED, "", ""),
    "spread_over_lines": (parts(sheet_part(ROWS.replace("><", ">\n  <"))), {}, EXPECTED, "", ""),
    "single_quotes": (parts(sheet_part(ROWS.replace('"', "'"))), {}, EXPECTED, "", ""),
    "attributes_in_another_order": (parts(sheet_part(ROWS.replace('r="A1" t="s"', 't="s" r="A1"'))), {}, EXPECTED,
                                    "", ""),
    "cells_without_address": (parts(sheet_part('<row r="1"><c t="s"><v>0</v></c><c><v>12</v></c></row><row r="2">'
                                               '<c t="s"><v>1</v></c><c><v>1.5</v></c></row>')), {}, EXPECTED, "", ""),
    "rows_without_number": (parts(sheet_part('<row><c t="s"><v>0</v></c><c><v>12</v></c></row><row>'
                                             '<c t="s"><v>1</v></c><c><v>1.5</v></c></row>')), {}, EXPECTED, "", ""),
    "rows_out_of_order": (parts(sheet_part("</row><row".join(reversed(ROWS[4:-6].split("</row><row"))).join(
                              ("<row", "</row>")))), {}, EXPECTED, "", ""),
    "cells_out_of_order": (parts(sheet_part('<row r="1"><c r="B1"><v>2</v></c><c r="A1"><v>1</v></c></row>')), {},
                           {"A1": 1, "B1": 2}, "", ""),
    "wrong_dimension": (parts(sheet_part(before='<dimension ref="A1"/>')), {}, EXPECTED, "", ""),
    "inline_text": (one("<is><t>文</t></is>", t="inlineStr"), {}, {"A1": "文"}, "", ""),
    "inline_runs": (one("<is><r><t>粗</t></r><r><rPr><b/></rPr><t>体</t></r></is>", t="inlineStr"), {},
                    {"A1": "粗体"}, "", ""),
    "inline_pronounced": (one("<is><t>課</t><rPh sb='0' eb='1'><t>カ</t></rPh></is>", t="inlineStr"), {},
                          {"A1": "課"}, "", ""),
    "shared_runs": (shared("<si><r><t>粗</t></r><r><t xml:space='preserve'> 体</t></r></si>"), {}, {"A1": "粗 体"},
                    "", ""),
    "shared_pronounced": (shared("<si><t>課</t><rPh sb='0' eb='1'><t>カ</t></rPh><phoneticPr/></si>"), {},
                          {"A1": "課"}, REFUSES, ""),
    "carriage_return": (shared("落户_x000D_\n人数"), {}, {"A1": "落户\r\n人数"}, "leaves the escape as it is", ""),
    "escaped_escape": (shared("_x005F_x000D_"), {}, {"A1": "_x000D_"}, "", ""),
    "entities": (shared("a&amp;b&lt;c&#20013;&#x56FD;"), {}, {"A1": "a&b<c中国"}, "", ""),
    "cdata": (shared("<![CDATA[a<b]]>"), {}, {"A1": "a<b"}, "", ""),
    "truths": (parts(sheet_part('<row r="1"><c r="A1" t="b"><v>1</v></c><c r="B1" t="b"><v>0</v></c></row>')), {},
               {"A1": True, "B1": False}, "", ""),
    "errors": (one("<v>#N/A</v>", t="e"), {}, {"A1": "#N/A"}, "", "gives a blank"),
    "written_day": (one("<v>2017-08-30T00:00:00</v>", t="d"), {}, {"A1": datetime(2017, 8, 30)}, "", ""),
    "day": (one("<v>42977</v>", s="2"), {}, {"A1": datetime(2017, 8, 30)}, "", ""),
    "day_since_1904": (parts(sheet_part(cell("A1", "<v>41515</v>", s="2")),
                             workbook=workbook_part('<workbookPr date1904="1"/>')), {},
                       {"A1": datetime(2017, 8, 30)}, "", ""),
    "typed_day": (one("<v>20161205</v>", s="2"), {}, {"A1": datetime(2016, 12, 5)}, "calls it an error",
                  "gives the number"),
    "formula": (one("<f>1+1</f><v>2</v>"), {}, {"A1": 2}, "", ""),
    "formula_of_empty_text_in_one_tag": (one('<f>""</f><v/>', t="str"), {}, {}, "", ""),
    "formula_of_empty_text": (one('<f>""</f><v></v>', t="str"), {}, {}, "", ""),
    "formula_without_result": (one("<f>1+1</f>"), {}, {"A1": "?"}, "gives a blank", "gives a blank"),
    "formula_with_empty_result": (one("<f>1+1</f><v/>"), {}, {"A1": "?"}, "gives a blank", "gives a blank"),
    "text_formula_without_result": (one('<f>B1&amp;""</f>', t="str"), {}, {"A1": "?"}, "gives a blank",
                                    "gives a blank"),
    "shared_formula_without_result": (one('<f t="shared" si="0"/>'), {}, {"A1": "?"}, "gives a blank",
                                      "gives a blank"),
    "array_without_results": (parts(sheet_part('<row r="1"><c r="A1"><f t="array" ref="A1:A2">B1:B2</f></c>'
                                               '<c r="B1"><v>1</v></c></row><row r="2"><c r="A2"/>'
                                               '<c r="B2"><v>2</v></c></row>')), {},
                              {"A1": "?", "A2": "?", "B1": 1, "B2": 2}, "gives a blank", "gives a blank"),
    "never_calculated": (parts(sheet_part(cell("A1", "<f>1+1</f><v>0</v>")), workbook=TO_CALCULATE), {}, {"A1": "?"},
                         "gives 0", "gives 0"),
    "sum_of_noughts": (parts(sheet_part(cell("A1", "<v>0</v>") + cell("A2", "<f>SUM(A1)</f><v>0</v>")),
                             workbook=TO_CALCULATE), {}, {"A1": 0, "A2": 0}, "", ""),
    "hidden_rows_and_columns": (parts(sheet_part(HIDDEN, '<cols><col min="2" max="3" width="0"/></cols>')), {},
                                EXPECTED, "", ""),
    "link_on_a_blank": (parts(sheet_part(after=LINK)), {}, EXPECTED, REFUSES, ""),
    "merged": (parts(sheet_part(after=MERGES.format("A1:A2"))), {}, EXPECTED | {"A2": "甲"},
               "gives the first cell alone", "gives what nobody sees"),
    # Of a whole column openpyxl makes a million cells, for a minute; ours is tried on one in test_tables_costly.py.
    "merged_beyond_what_is_filled": (parts(sheet_part(after=MERGES.format("C1:C2000"))), {}, EXPECTED, "", ""),
    "number_of_text": (one("<v>abc</v>"), {}, {"A1": "abc"}, REFUSES, ""),
    "number_beyond_all": (one("<v>1e999</v>"), {}, {"A1": "1e999"}, "gives infinity", "gives infinity"),
    "exact_digits": (one("<v>0.1</v>"), {}, {"A1": 0.1}, "", ""),
    "small_number": (one("<v>-2E-7</v>"), {}, {"A1": -2e-7}, "", ""),
    "spaces_around_a_number": (one("<v> 12 </v>"), {}, {"A1": 12}, "", "gives a text"),
    "text_of_spaces": (one("<is><t xml:space='preserve'>  </t></is>", t="inlineStr"), {}, {"A1": "  "}, "", ""),
}  # fmt: skip


def by_openpyxl(data: bytes) -> dict[str, object] | None:
    from openpyxl import load_workbook

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            sheet = load_workbook(BytesIO(data), data_only=True).worksheets[0]
    except Exception:
        return None
    return {one.coordinate: one.value for row in sheet.iter_rows() for one in row if one.value is not None}


def by_calamine(data: bytes) -> dict[str, object] | None:
    from python_calamine import CalamineWorkbook

    from allocation.tables.cells import letters

    try:
        sheet = CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(0)
        rows, (top, left) = sheet.to_python(skip_empty_area=True), sheet.start or (0, 0)
    except Exception:
        return None
    return {
        f"{letters(left + c)}{top + r + 1}": value
        for r, line in enumerate(rows)
        for c, value in enumerate(line)
        if value != ""
    }


def alike(ours: object, theirs: object) -> bool:
    if hasattr(theirs, "isoformat") and hasattr(ours, "isoformat"):
        return ours.isoformat()[:10] == theirs.isoformat()[:10]
    return ours == theirs and isinstance(ours, bool) == isinstance(theirs, bool)


def judged(ours: dict, theirs: dict | None) -> str:
    if theirs is None:
        return REFUSES
    same = ours.keys() == theirs.keys() and all(alike(ours[place], theirs[place]) for place in ours)
    return "" if same else "differs"


@pytest.mark.parametrize("name", CORPUS)
def test_a_book_of_one_oddity_is_read_and_every_difference_to_other_readers_is_judged(name):
    content, renamed, expected, openpyxl, calamine = CORPUS[name]
    data = zipped(content, renamed)
    (sheet,) = read_xlsx("表.xlsx", data)
    assert cells_of(sheet) == expected
    said = {"openpyxl": openpyxl, "calamine": calamine}
    found = {"openpyxl": judged(expected, by_openpyxl(data)), "calamine": judged(expected, by_calamine(data))}
    assert found == {reader: text if text in ("", REFUSES) else "differs" for reader, text in said.items()}


def test_the_corpus_has_forty_oddities_and_more():
    assert len(CORPUS) >= 50


def sheet_of(name: str) -> bytes:
    part = CORPUS[name][0]["xl/worksheets/sheet1.xml"]
    return utf8(part if isinstance(part, bytes) else part.encode())


# Where a sheet is not in the plain shape the events alone read it, and the test above holds them to it.
PLAIN = [name for name in CORPUS if scan_plain(sheet_of(name), ("甲", "乙")) is not None]


def test_most_sheets_go_the_quick_way():
    assert len(PLAIN) > 40


@pytest.mark.parametrize("name", PLAIN)
def test_both_ways_through_a_sheet_give_the_same(name):
    data = sheet_of(name)
    plain = scan_plain(data, ("甲", "乙"))
    events = scan_events(data, ("甲", "乙"))
    for field in ("rows", "columns", "kinds", "styles", "formulas"):
        assert getattr(plain, field).tolist() == getattr(events, field).tolist(), field
    known = plain.kinds != 5
    assert plain.numbers[known].tolist() == events.numbers[known].tolist()
    assert (plain.texts, plain.merges, plain.arrays) == (events.texts, events.merges, events.arrays)
    assert (plain.hidden_rows, plain.hidden_columns) == (events.hidden_rows, events.hidden_columns)


SIGNS = string.ascii_letters + "中文县市<>&\"'_x000D_ \n　=+-@1234567890.,%"


def made_up(rng: random.Random) -> object:
    kind = rng.randrange(6)
    if kind == 0:
        return rng.randrange(-(10**15) + 1, 10**15)
    if kind == 1:
        return float(f"{rng.uniform(-1e6, 1e6):.{rng.randrange(1, 9)}f}")
    if kind == 2:
        return float(f"{rng.uniform(-1, 1):.14e}") * 10.0 ** rng.randrange(-9, 9)
    if kind == 3:
        return rng.random() < 0.5
    return "".join(rng.choice(SIGNS) for _ in range(rng.randrange(1, 12))) if kind == 4 else None


def written_by_xlsxwriter(rows) -> bytes:
    import xlsxwriter

    target = BytesIO()
    with xlsxwriter.Workbook(target, {"strings_to_numbers": False}) as book:
        sheet = book.add_worksheet("数据")
        for r, line in enumerate(rows):
            for c, value in enumerate(line):
                write = {bool: sheet.write_boolean, str: sheet.write_string}.get(type(value), sheet.write_number)
                if value is not None:
                    write(r, c, value)
    return target.getvalue()


def written_by_openpyxl(rows) -> bytes:
    from openpyxl import Workbook

    book, target = Workbook(), BytesIO()
    for r, line in enumerate(rows, start=1):
        for c, value in enumerate(line, start=1):
            if value is not None:
                cell = book.active.cell(r, c, value)
                cell.data_type = "s" if isinstance(value, str) else cell.data_type
    book.save(target)
    return target.getvalue()


def escaped(text: str) -> str:
    for sign, name in (("&", "&amp;"), ("<", "&lt;"), ("_x", "_x005F_x")):
        text = text.replace(sign, name)
    return text


def written_by_hand(rows) -> bytes:
    lines = []
    for line in rows:
        cells = []
        for value in line:
            if value is None:
                cells.append("<c/>")
            elif isinstance(value, bool):
                cells.append(f'<c t="b"><v>{int(value)}</v></c>')
            elif isinstance(value, str):
                cells.append(f'<c t="inlineStr"><is><t xml:space="preserve">{escaped(value)}</t></is></c>')
            else:
                cells.append(f"<c><v>{value!r}</v></c>")
        lines.append(f"<row>{''.join(cells)}</row>")
    return zipped(parts(sheet_part("".join(lines))))


@pytest.mark.parametrize("write", [written_by_xlsxwriter, written_by_openpyxl, written_by_hand])
@pytest.mark.parametrize("seed", range(8))
def test_what_is_written_comes_back_equal(write, seed):
    rng = random.Random(seed)
    rows = [[made_up(rng) for _ in range(6)] for _ in range(12)]
    (sheet,) = read_xlsx("表.xlsx", write(rows))
    for r, line in enumerate(rows):
        for c, value in enumerate(line):
            found = sheet.cell(r, c).value
            if isinstance(value, float):
                assert f"{found:.15g}" == f"{value:.15g}"
            else:
                assert (found, type(found)) == (value, type(value)), (r, c)
