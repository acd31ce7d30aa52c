"""The template of a county's notice that is shipped, and that `template --form notice` writes to be edited in Word."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from allocation.documents.page import Paper
from allocation.documents.placeholders import open_template
from allocation.files.folders import folders
from allocation.texts import catalogue, say

if TYPE_CHECKING:
    from docx.document import Document


def write_notice_template(path: Path, lang: str, together: bool = False) -> None:
    """`together`: of one notice that goes to all, with the table of all as its annex (附件)."""
    words = {key: _as_typed(text) for key, text in catalogue(lang, "notices").items()}
    paper = Paper(say(lang, "notices.template"), lang)
    paper.middle(words["template_number"])
    paper.title(words["template_title"])
    paper.mark(words["template_mark"])
    paper.blank()
    paper.text(words["template_to"], indent=False)
    paper.text(words["template_order_all" if together else "template_order"])
    paper.text(words["template_basis"])
    if together:
        paper.blank()
        paper.annexed(words["template_annex_list"])
        paper.keep()
    else:
        paper.heading(words["template_heading_1"])
        paper.text(words["template_table"], indent=False)
        paper.text(words["template_printed_note"])
        paper.heading(words["template_heading_2"])
        paper.text(words["template_calculation"])
        paper.keep()
    paper.blank()
    paper.keep()
    paper.right(words["template_office"])
    paper.keep()
    paper.right(words["template_date"])
    if together:
        paper.new_page(words["template_annex_head"])
        paper.title(words["template_annex_title"])
        paper.mark(words["template_mark"])
        paper.text(words["template_table"], indent=False)
    paper.save(path)


def _as_typed(text: str) -> str:
    """Braces are doubled in the catalogue, and ⟦⟧ written [[ ]], so that they are not filled in there."""
    for written, meant in (("{{", "{"), ("}}", "}"), ("[[", "⟦"), ("]]", "⟧")):
        text = text.replace(written, meant)
    return text


def default_template(lang: str) -> Path | None:
    """`templates/notice.zh.docx` of the nearest folder that has it."""
    for folder in folders("templates"):
        file = folder / f"notice.{lang}.docx"
        if file.is_file():
            return file
    return None


def any_template(path: Path | None, lang: str, together: bool) -> Document:
    """The template asked for, else the one at hand, else the one the program makes, as it does of one for all."""
    path = path or (None if together else default_template(lang))
    if path:
        return open_template(path)
    with TemporaryDirectory() as folder:
        blank = Path(folder) / f"notice.{lang}.docx"
        write_notice_template(blank, lang, together)
        return open_template(blank)
