"""A Word document in the manner of official papers (GB/T 9704): A4, its margins and fonts; equal contents, equal bytes.

Sizes are in points: 二号 22, 三号 16, 四号 14, 五号 10.5. A font that a machine lacks has its stand-in in the file.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Collection, Sequence
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from allocation.documents.in_word import attach
from allocation.documents.titles import break_lines, title_room
from allocation.errors import AllocationError, Problem
from allocation.files.text_out import EPOCH
from allocation.texts import Both, say
from allocation.texts.typefaces import BODY, HEAD, INSTEAD, LATIN, LETTERS, SECOND, TITLE
from allocation.texts.widths import text_width

if TYPE_CHECKING:
    from docx.document import Document
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml.text.paragraph import CT_P
    from docx.styles.style import ParagraphStyle
    from docx.table import Table
    from docx.text.paragraph import Paragraph
    from docx.text.run import Run

    from allocation.record.record import Record

LINE = 28.95  # points from line to line: 22 lines a page
MARGINS = {"top": 37, "bottom": 35, "left": 28, "right": 26}  # mm
TOGETHER, SHORT = 20, 32  # a table that is not parted over pages has so many rows, of texts so wide
ROOM, NARROW = 156 * 36000, 8  # of the page, and signs of a column that would break in a share of it
WIDEST, MANY = 60, 7  # signs of a column, columns of a table in small type
FITTING = 80  # signs that stand side by side across a page
ZIPPED = (1980, 1, 1, 0, 0, 0)
ALTERNATIVES = "".join(
    f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/></w:font>'
    for name, other in INSTEAD.items()
)


def needs_docx() -> None:
    """Raises AllocationError where the extra `documents` is not installed."""
    if find_spec("docx") is None:
        raise AllocationError(Problem("notices.needs"))


class Paper:
    """A document that grows from the top; every method adds below what is there."""

    def __init__(self, title: str, lang: str):
        needs_docx()
        import docx
        from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
        from docx.shared import Mm, Pt

        self.align, self.points, self.lang, self.title_text = ALIGN, Pt, lang, title
        self.document = docx.Document()
        section = self.document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        for side, size in MARGINS.items():
            setattr(section, f"{side}_margin", Mm(size))
        section.footer_distance = Mm(28)
        style = self.document.styles["Normal"]
        dress(style, LETTERS, 16)
        form = style.paragraph_format
        form.space_before = form.space_after = Pt(0)
        form.line_spacing = Pt(LINE)
        _number_pages(section.footer.paragraphs[0])

    def title(self, text: str, names: tuple[str, ...] = ()) -> None:
        """Broken where its words end; `names` are those that stay whole."""
        paragraph = self._paragraph(text, TITLE, 22, align=self.align.CENTER)
        break_lines(paragraph._p, title_room(self.document, paragraph._p), names)
        paragraph.paragraph_format.keep_with_next = True

    def mark(self, text: str) -> None:
        """What a reader must not miss, in bold below the title."""
        self._paragraph(text, SECOND, 16, align=self.align.CENTER, bold=True)

    def heading(self, text: str) -> None:
        paragraph = self._paragraph(text, HEAD, 16, indent=True)
        paragraph.paragraph_format.keep_with_next = True

    def text(self, text: str, indent: bool = True) -> None:
        paragraph = self._paragraph(text, LETTERS, 16, indent=indent)
        paragraph.paragraph_format.widow_control = True

    def annexed(self, text: str) -> None:
        """`附件：…`, whose further lines begin where the title of the annex does."""
        hang_from(self._paragraph(text, LETTERS, 16), 16)

    def right(self, text: str) -> None:
        paragraph = self._paragraph(text, LETTERS, 16, align=self.align.RIGHT)
        paragraph.paragraph_format.right_indent = self.points(2 * 16)

    def middle(self, text: str) -> None:
        self._paragraph(text, LETTERS, 16, align=self.align.CENTER)

    def new_page(self, heading: str) -> None:
        """What comes next begins a page, under this heading at its left."""
        self._paragraph(heading, HEAD, 16).paragraph_format.page_break_before = True

    def keep(self) -> None:
        """The last paragraph stays on one page with the one that comes next."""
        self.document.paragraphs[-1].paragraph_format.keep_with_next = True

    def blank(self) -> None:
        self._paragraph("", LETTERS, 16)

    def table(
        self, caption: str, heads: Sequence[str], rows: Sequence[Sequence[str]], bold_last: bool = False, note: str = ""
    ) -> None:
        """Texts on the left where no cell of the column is a figure, figures on the right; the header repeats."""
        caption_line = self._paragraph(caption, HEAD, 12, align=self.align.CENTER)
        caption_line.paragraph_format.keep_with_next = True
        caption_line.paragraph_format.space_before = self.points(6)
        drawn = self.document.add_table(0, len(heads))
        draw_table(drawn, heads, rows, (len(rows) - 1,) if bold_last else ())
        if note:
            for cell in drawn.rows[-1].cells:
                cell.paragraphs[0].paragraph_format.keep_with_next = True
            self._paragraph(note, BODY, 9).paragraph_format.line_spacing = 1.0
        self._paragraph("", LETTERS, 8).paragraph_format.line_spacing = self.points(8)

    def picture(self, png: bytes, caption: str) -> None:
        from docx.shared import Mm

        paragraph = self.document.add_paragraph()
        paragraph.alignment = self.align.CENTER
        paragraph.paragraph_format.line_spacing = 1.0
        paragraph.paragraph_format.keep_with_next = True
        paragraph.add_run().add_picture(BytesIO(png), width=Mm(156))
        shape = paragraph._p.xpath(".//wp:docPr")[0]
        shape.set("name", caption)
        shape.set("descr", caption)
        self._paragraph(caption, HEAD, 12, align=self.align.CENTER)

    def save(self, path: Path, about: Record | None = None) -> None:
        save(self.document, path, self.title_text, about)

    def _paragraph(
        self,
        text: str,
        font: str,
        size: float,
        align: WD_ALIGN_PARAGRAPH | None = None,
        indent: bool = False,
        bold: bool = False,
    ) -> Paragraph:
        paragraph = self.document.add_paragraph()
        run = paragraph.add_run(text)
        dress(run, font, size)
        run.bold = bold or None
        if align is not None:
            paragraph.alignment = align
        if indent:
            indent_first(paragraph, size)
        return paragraph


def indent_first(paragraph: Paragraph, size: float) -> None:
    """Two signs wide, as a number of signs and as a length for programs that know no signs."""
    from docx.oxml.ns import qn
    from docx.shared import Pt

    paragraph.paragraph_format.first_line_indent = Pt(2 * size)
    paragraph._p.get_or_add_pPr().get_or_add_ind().set(qn("w:firstLineChars"), "200")


def hang_from(paragraph: Paragraph, size: float) -> None:
    """The first line two signs from the edge, the others five; in signs and as lengths."""
    from docx.oxml.ns import qn
    from docx.shared import Pt

    form = paragraph.paragraph_format
    form.left_indent, form.first_line_indent = Pt(5 * size), Pt(-3 * size)
    indents = paragraph._p.get_or_add_pPr().get_or_add_ind()
    indents.set(qn("w:leftChars"), "500")
    indents.set(qn("w:hangingChars"), "300")


def dress(run: Run | ParagraphStyle, font: str, size: float) -> None:
    """Chinese signs in `font`, Latin ones in Times New Roman; of a run or a style."""
    from docx.oxml.ns import qn
    from docx.shared import Pt

    run.font.name, run.font.size = LATIN, Pt(size)
    fonts = run.element.get_or_add_rPr().get_or_add_rFonts()
    for kind, name in (("eastAsia", font), ("cs", LATIN), ("hAnsi", LATIN)):
        fonts.set(qn(f"w:{kind}"), name)
    for kind in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{kind}"), None)


def unit_line(document: Document, text: str) -> CT_P:
    """What stands above a table, on the right; on the page of the table."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    paragraph = document.add_paragraph()
    dress(paragraph.add_run(text), BODY, 10.5)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    paragraph.paragraph_format.line_spacing, paragraph.paragraph_format.keep_with_next = 1.0, True
    return paragraph._p


def draw_table(
    table: Table, heads: Sequence[str], rows: Sequence[Sequence[str]], bold: Collection[int] = (),
    middle: Collection[int] = (),
) -> None:  # fmt: skip
    """Fills an empty table of as many columns as `heads`; `bold`: rows that are sums; `middle`: columns set so."""
    from docx.enum.table import WD_TABLE_ALIGNMENT
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    wide = _columns(heads, rows, 1)
    if len(heads) >= MANY or sum(wide) > FITTING:
        wide = _columns(heads, rows, 2)
    size = 10.5 if len(heads) < MANY else 9
    sizes = _sizes(wide, size)
    figures = [all(_is_figure(row[place]) for row in rows) for place in range(len(heads))]
    together = len(rows) <= TOGETHER and all(_width(text) <= SHORT for row in rows for text in row)
    for number, texts in enumerate((heads, *rows)):
        row = table.add_row()  # type: ignore[no-untyped-call]  # python-docx leaves it without types
        properties = row._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if not number:
            properties.append(OxmlElement("w:tblHeader"))
        for place, text in enumerate(texts):
            cell = row.cells[place]
            cell.width = sizes[place]
            cell.vertical_alignment = 1
            kind = "head" if not number else "middle" if place in middle else "figure" if figures[place] else "text"
            _cell(cell.paragraphs[0], text, size, kind, number - 1 in bold)
            cell.paragraphs[0].paragraph_format.keep_with_next = together and number < len(rows) or None
    for place, grid in enumerate(table._tbl.tblGrid.findall(qn("w:gridCol"))):
        grid.w = sizes[place]


def _columns(heads: Sequence[str], rows: Sequence[Sequence[str]], parts: int) -> list[float]:
    """How wide each column asks to be: by its widest text, and its heading broken in so many parts."""
    widest = [max((_width(row[place]) for row in rows), default=0) for place in range(len(heads))]
    return [max(_width(head) / parts, 8, min(WIDEST, most)) for head, most in zip(heads, widest, strict=True)]


def _sizes(wide: Sequence[float], size: float) -> list[int]:
    """The columns' widths in English metric units: narrow ones (10, 万元) get the room their text takes, the others
    share the rest, or the widest alone has it; where that leaves the others too little, all share."""
    sign = size * 12700 / 2  # what half a Chinese character takes
    needs = [(width + 1) * sign for width in wide]
    widest = max(range(len(wide)), key=wide.__getitem__)
    left = ROOM - sum(needs) + needs[widest]
    if sum(needs) > ROOM and left >= ROOM / 3:  # one column of long texts: its lines break, names beside it do not
        return [int(left if place == widest else need) for place, need in enumerate(needs)]
    narrow = {place: needs[place] for place, width in enumerate(wide) if width <= NARROW}
    rest, others = ROOM - sum(narrow.values()), sum(width for width in wide if width > NARROW)
    if not others or rest < ROOM / 2:
        return [int(ROOM * width / sum(wide)) for width in wide]
    return [int(narrow.get(place) or rest * width / others) for place, width in enumerate(wide)]


def _cell(paragraph: Paragraph, text: str, size: float, kind: str, bold: bool) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
    from docx.shared import Pt

    run = paragraph.add_run(text)
    dress(run, HEAD if kind == "head" else BODY, size)
    run.bold = bold or None
    if not text:  # as high as a line of the others
        _of_size(paragraph, size)
    aligned = {"head": ALIGN.CENTER, "middle": ALIGN.CENTER, "figure": ALIGN.RIGHT, "text": ALIGN.LEFT}
    paragraph.alignment = aligned[kind]
    form = paragraph.paragraph_format
    form.line_spacing, form.space_before, form.space_after = 1.0, Pt(2), Pt(2)


def _of_size(paragraph: Paragraph, size: float) -> None:
    """The size of the mark that ends a paragraph: all there is of one without text."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    mark, high = OxmlElement("w:rPr"), OxmlElement("w:sz")
    high.set(qn("w:val"), str(int(2 * size)))
    mark.append(high)
    paragraph._p.get_or_add_pPr().append(mark)


def said_date(text: str) -> Both:
    """2017-10-31 as 2017年10月31日 in Chinese; other writings as they are."""
    text = text.strip()
    day = re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", text)
    return Both(say("zh", "words.day", year=day[1], month=int(day[2]), day=int(day[3])) if day else text, text)


def _width(text: str) -> int:
    return text_width(text) + 2


def _is_figure(text: str) -> bool:
    return not text or bool(re.fullmatch(r"[+\-−]?[\d,]+(\.\d+)?%?", text)) or text == "—"


def _number_pages(paragraph: Paragraph) -> None:
    """— 1 —, in the middle of the foot."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for piece in ("— ", "PAGE", " —"):
        run = paragraph.add_run("" if piece == "PAGE" else piece)
        dress(run, BODY, 14)
        for kind in ("begin", "", "end") if piece == "PAGE" else ():
            mark = OxmlElement("w:fldChar" if kind else "w:instrText")
            if kind:
                mark.set(qn("w:fldCharType"), kind)
            else:
                mark.text = "PAGE"
            run._r.append(mark)


def save(document: Document, path: Path, title: str, about: Record | None = None) -> None:
    """The document without author, dates or a trace of the machine: equal contents are equal bytes.

    `about`: the record that it carries. It is of no use afterwards: its memory is given back.
    """
    core = document.core_properties
    for name in ("author", "last_modified_by", "comments", "keywords", "category", "subject", "identifier", "version"):
        setattr(core, name, "")
    core.title, core.created, core.modified, core.revision = title[:255], EPOCH, EPOCH, 1
    core.last_printed = EPOCH
    if about:
        attach(document, about)
    path.write_bytes(bytes_of(document))
    _let_go(document)


def bytes_of(document: Document) -> bytes:
    """Its file: the same of the same document, whenever it is written."""
    held, settled = BytesIO(), BytesIO()
    document.save(held)
    with zipfile.ZipFile(held) as drawn, zipfile.ZipFile(settled, "w", zipfile.ZIP_DEFLATED) as kept:
        for name in drawn.namelist():
            entry = zipfile.ZipInfo(name, ZIPPED)
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 0
            kept.writestr(entry, _settled(name, drawn.read(name)))
    return settled.getvalue()


def _let_go(document: Document) -> None:
    """Parts of a document point to each other in circles. A nation's letters hold some five megabytes each, and who
    looks for circles counts objects, of which there are few: they would stay for long."""
    package = document.part.package
    for part in (*package.iter_parts(), package):
        vars(part).clear()


def _settled(name: str, content: bytes) -> bytes:
    """Fonts with their stand-ins; no company or manager."""
    if name == "word/fontTable.xml" and b"altName" not in content:
        return content.replace(b"</w:fonts>", ALTERNATIVES.encode() + b"</w:fonts>")
    if name == "docProps/app.xml":
        return re.sub(rb"<(Company|Manager|Template)>[^<]*</\1>", b"", content)
    return content
