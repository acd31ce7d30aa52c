"""What is on record of the letters of a run, and what they were written with read back from it."""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from allocation.documents.addressee import RegisterSays
from allocation.documents.letter import Letter, Letters
from allocation.documents.page import bytes_of
from allocation.documents.placeholders import check, template_in
from allocation.errors import AllocationError, Problem
from allocation.record.record import LETTERS, LettersKept, Record
from allocation.record.versions import Version

if TYPE_CHECKING:
    from docx.document import Document

FACTS = ("document", "code", "office", "date", "original", "reason", "number", "salutation")


def letters_record(
    record: Record, letters: Letters, template: Document, issued: Version | None, against: Version | None
) -> Record:
    """Of the office: the `record` of the run with what the letters say beside it, and the template whole."""
    letter = letters.letter
    facts = {key: text for key in FACTS if (text := getattr(letter, key))}
    kept = LettersKept(
        letter.name, facts, letter.together, letter.says.bodies, tuple(sorted(letter.says.areas)),
        b64encode(bytes_of(template)).decode("ascii"),
        issued.kept() if issued else None,
        against.kept() if against else None,
    )  # fmt: skip
    return replace(record, kind=LETTERS, lang=letters.lang, letters=kept)


def letter_kept(kept: LettersKept) -> Letter:
    """What all letters had in common, but for the changes since what a correction puts right."""
    says = RegisterSays(dict(kept.bodies), frozenset(kept.areas))
    facts: Any = {key: kept.facts[key] for key in FACTS if key in kept.facts}
    return Letter(**facts, name=kept.name, together=kept.together, says=says)


def template_kept(kept: LettersKept, file: str) -> Document:
    """Of the record in `file`, which whoever handed it on may have edited."""
    unread = Problem("rerun.template", where=file)
    try:
        data = b64decode(kept.template, validate=True)
    except ValueError:
        raise AllocationError(unread) from None
    document = template_in(data, unread)
    check(document, file)
    return document
