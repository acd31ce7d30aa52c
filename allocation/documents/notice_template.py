"""The template of a county's notice that is shipped, and that `template --form notice` writes to be edited in Word."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from allocation.classes import dataclass
from allocation.documents.page import Paper
from allocation.documents.placeholders import open_template
from allocation.files.folders import folders
from allocation.texts import Speaker, catalogue

if TYPE_CHECKING:
    from docx.document import Document


@dataclass(frozen=True)
class NoticeTemplate(Speaker):
    """`together`: of one notice that goes to all, with the table of all as its annex (附件)."""

    lang: str
    together: bool = False

    def write(self, path: Path) -> None:
        words = {key: _as_typed(text) for key, text in catalogue(self.lang, "notices").items()}
        paper = Paper(self.say("notices.template"), self.lang)
        paper.middle(words["template_number"])
        paper.title(words["template_title"])
        paper.mark(words["template_mark"])
        paper.blank()
        paper.text(words["template_to"], indent=False)
        paper.text(words["template_order_all" if self.together else "template_order"])
        paper.text(words["template_basis"])
        if self.together:
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
        if self.together:
            paper.new_page(words["template_annex_head"])
            paper.title(words["template_annex_title"])
            paper.mark(words["template_mark"])
            paper.text(words["template_table"], indent=False)
        paper.save(path)

    def opened(self, path: Path | None) -> Document:
        """The template asked for, else the one at hand, else the one the program makes, as it does of one for all."""
        path = path or (None if self.together else self._at_hand())
        if path:
            return open_template(path)
        with TemporaryDirectory() as folder:
            blank = Path(folder) / f"notice.{self.lang}.docx"
            self.write(blank)
            return open_template(blank)

    def _at_hand(self) -> Path | None:
        """`templates/notice.zh.docx` of the nearest folder that has it."""
        for folder in folders("templates"):
            file = folder / f"notice.{self.lang}.docx"
            if file.is_file():
                return file
        return None


def _as_typed(text: str) -> str:
    """Braces are doubled in the catalogue, and ⟦⟧ written [[ ]], so that they are not filled in there."""
    for written, meant in (("{{", "{"), ("}}", "}"), ("[[", "⟦"), ("]]", "⟧")):
        text = text.replace(written, meant)
    return text
