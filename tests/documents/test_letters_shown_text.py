"""Whatever a reader of a letter sees otherwise than its record gives, verify sees, however Word files say it."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import docx
import pytest

from allocation.documents.lines import changes, lines_of

BODY, STYLES, FOOTER = "word/document.xml", "word/styles.xml", "word/footer1.xml"
FIGURE = "3,293"
RUN = f'<w:r><w:t xml:space="preserve">{FIGURE}</w:t></w:r>'
VML, MATH = "urn:schemas-microsoft-com:vml", "http://schemas.openxmlformats.org/officeDocument/2006/math"
CHOICES = "http://schemas.openxmlformats.org/markup-compatibility/2006"
PAGES = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>{}</w:instrText></w:r><w:r><w:fldChar \
w:fldCharType="separate"/></w:r><w:r><w:t>{}</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
Parts = dict[str, str]


def letter_parts() -> dict[str, bytes]:
    """A letter with a paragraph, a table of one figure, and a footer with a page number."""
    document = docx.Document()
    document.add_paragraph("现下达你县资金。")
    cells = document.add_table(1, 2).rows[0].cells
    cells[0].text, cells[1].text = "分配额", FIGURE
    document.sections[0].footer.paragraphs[0].text = "第 @ 页"
    held = BytesIO()
    document.save(held)
    with ZipFile(held) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    assert RUN.replace(' xml:space="preserve"', "") in parts[BODY].decode()
    parts[FOOTER] = parts[FOOTER].replace(b"@", f"</w:t></w:r>{PAGES.format(' PAGE ', 1)}<w:r><w:t>".encode())
    return parts


def lines(parts: dict[str, bytes]):
    held = BytesIO()
    with ZipFile(held, "w", ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return lines_of(docx.Document(BytesIO(held.getvalue())))


def swapped(name: str, old: str, new: str) -> Callable[[Parts], None]:
    def change(parts: Parts) -> None:
        assert old in parts[name], name
        parts[name] = parts[name].replace(old, new, 1)

    return change


def figure_with(before: str = "", after: str = "", looks: str = "") -> Callable[[Parts], None]:
    """Something before or after the figure, or looks of its own."""
    own = f"<w:rPr>{looks}</w:rPr>" if looks else ""
    return swapped(BODY, f"<w:r><w:t>{FIGURE}</w:t></w:r>", f"{before}<w:r>{own}<w:t>{FIGURE}</w:t></w:r>{after}")


def added(block: str) -> Callable[[Parts], None]:
    return swapped(BODY, "<w:sectPr", f"{block}<w:sectPr")


def paragraph(inside: str) -> Callable[[Parts], None]:
    return added(f"<w:p>{inside}</w:p>")


def style_of_the_figure(looks: str) -> Callable[[Parts], None]:
    def change(parts: Parts) -> None:
        style = f'<w:style w:type="character" w:styleId="quiet"><w:rPr>{looks}</w:rPr></w:style></w:styles>'
        swapped(STYLES, "</w:styles>", style)(parts)
        figure_with(looks='<w:rStyle w:val="quiet"/>')(parts)

    return change


def header_of_another_name(parts: Parts) -> None:
    """A part is a footer by its type, whatever it is called."""
    text = parts.pop(FOOTER).replace("</w:ftr>", "<w:p><w:r><w:t>另加</w:t></w:r></w:p></w:ftr>")
    parts["word/seite.xml"] = text
    for name in ("[Content_Types].xml", "word/_rels/document.xml.rels"):
        parts[name] = parts[name].replace("footer1.xml", "seite.xml")


SEEN_OTHERWISE = {
    "a sign of a font of signs": figure_with(after='<w:r><w:sym w:font="Arial" w:char="0030"/></w:r>'),
    "a hyphen that does not break": figure_with(before="<w:r><w:noBreakHyphen/></w:r>"),
    "a tab in the figure": swapped(BODY, FIGURE, "3</w:t><w:tab/><w:t>,293"),
    "text said not to be hidden": paragraph('<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>另加</w:t></w:r>'),
    "what a field of no code gave": paragraph(PAGES.format("", "另加")),
    "what a field of text gives": paragraph(PAGES.format('QUOTE "另加"', "另加")),
    "a page number with words": paragraph(PAGES.format('PAGE \\# "另加"', "1")),
    "a page number held fast": swapped(FOOTER, "<w:fldChar ", '<w:fldChar w:fldLock="true" '),
    "letters drawn": paragraph(
        f'<w:r><w:pict><v:shape xmlns:v="{VML}"><v:textpath string="另加"/></v:shape></w:pict></w:r>'
    ),
    "a drawing without a picture": paragraph("<w:r><w:drawing/></w:r>"),
    "an object": paragraph("<w:r><w:object/></w:r>"),
    "a formula": paragraph(f'<m:oMath xmlns:m="{MATH}"><m:r><m:t>500</m:t></m:r></m:oMath>'),
    "another document": added("<w:altChunk/>"),
    "a form for programs that do not know the first": paragraph(
        f'<w:r><c:AlternateContent xmlns:c="{CHOICES}" xmlns:z="urn:z"><c:Choice Requires="z"/>'
        "<c:Fallback><w:t>另加</w:t></c:Fallback></c:AlternateContent></w:r>"
    ),
    "a number printed before": paragraph('<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>'),
    "a figure bound to another part": figure_with(
        before='<w:sdt><w:sdtPr><w:dataBinding w:xpath="/a"/></w:sdtPr><w:sdtContent>', after="</w:sdtContent></w:sdt>"
    ),
    "a struck figure": figure_with(looks="<w:strike/>"),
    "a white figure": figure_with(looks='<w:color w:val="FFFFFF"/>'),
    "a figure too small": figure_with(looks='<w:sz w:val="2"/>'),
    "a style that hides": style_of_the_figure("<w:vanish/>"),
    "a document that hides": swapped(STYLES, "<w:rPrDefault><w:rPr>", "<w:rPrDefault><w:rPr><w:vanish/>"),
    "a hidden row": swapped(BODY, "<w:tr>", "<w:tr><w:trPr><w:hidden/></w:trPr>"),
    "a row struck out": swapped(BODY, "<w:tr>", '<w:tr><w:trPr><w:del w:id="1" w:author="x"/></w:trPr>'),
    "a footer of another name": header_of_another_name,
}

SEEN_ALIKE = {
    "a page number worked out": swapped(FOOTER, "<w:t>1</w:t>", "<w:t>7</w:t>"),
    "a page number with a format": swapped(FOOTER, " PAGE ", " PAGE \\* ARABIC "),
    "a field's code in pieces": swapped(FOOTER, " PAGE ", " PA</w:instrText></w:r><w:r><w:instrText>GE "),
    "a figure in pieces": swapped(BODY, FIGURE, "3,</w:t></w:r><w:r><w:t>293"),
    "a figure in bold": figure_with(looks="<w:b/>"),
    "a figure said not to be hidden": figure_with(looks='<w:vanish w:val="false"/>'),
    "a tab at the end": figure_with(after="<w:r><w:tab/></w:r>"),
    "no number": swapped(BODY, "<w:p>", '<w:p><w:pPr><w:numPr><w:numId w:val="0"/></w:numPr></w:pPr>'),
    "a control that holds text": figure_with(before="<w:sdt><w:sdtPr/><w:sdtContent>", after="</w:sdtContent></w:sdt>"),
}  # fmt: skip


def moved(change: Callable[[Parts], None]) -> list:
    parts = letter_parts()
    texts = {name: data.decode() for name, data in parts.items() if re.search(r"\.(xml|rels)$", name)}
    change(texts)
    images = {name: data for name, data in parts.items() if not re.search(r"\.(xml|rels)$", name)}
    return [*changes(lines(parts), lines({**images, **{name: text.encode() for name, text in texts.items()}}))]


@pytest.mark.parametrize("kind", SEEN_OTHERWISE)
def test_what_a_reader_sees_otherwise_is_another_line(kind):
    assert moved(SEEN_OTHERWISE[kind])


@pytest.mark.parametrize("kind", SEEN_ALIKE)
def test_what_a_reader_sees_as_before_is_the_same_line(kind):
    assert moved(SEEN_ALIKE[kind]) == []
