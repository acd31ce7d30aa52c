"""A record in a Word file: an XML part of its own (customXml), that programs keep when they save the file again.

What it holds is for its reader too: of a letter the reader's own units and hashes of its own lines, nothing of others.
"""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from allocation.documents.lines import WordLine, kept_line, lines_of
from allocation.errors import AllocationError, Problem
from allocation.record.reading import read_record
from allocation.record.record import DOCUMENT, DocumentKept, Record, to_json
from allocation.tables.grid import read_bytes
from allocation.tables.package import Package, local

if TYPE_CHECKING:
    from docx.document import Document

NAMESPACE = "urn:allocation:record"
FOLDER = "/customXml/"


def attach(document: Document, record: Record) -> None:
    """Puts the record into a document that is done, with what stands in it; one that it had goes."""
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    detach(document)
    assert record.document is not None
    kept = replace(record.document, lines=tuple(line.kept for line in lines_of(document)))
    text = to_json(replace(record, document=kept).sealed, plain=True)
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    package = document.part.package
    names = {str(part.partname) for part in package.iter_parts()}
    number = next(count for count in range(1, len(names) + 2) if f"{FOLDER}item{count}.xml" not in names)
    blob = f'<?xml version="1.0" encoding="UTF-8"?>\n<record xmlns="{NAMESPACE}">{escaped}</record>'.encode()
    part = Part(PackURI(f"{FOLDER}item{number}.xml"), "application/xml", blob, package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.CUSTOM_XML)


def detach(document: Document) -> None:
    """Takes a record out of a document, such as a letter that serves as a template."""
    for key, relation in list(document.part.rels.items()):
        if not relation.is_external and NAMESPACE.encode() in getattr(relation.target_part, "blob", b"")[:200]:
            document.part.rels.pop(key)


def record_in(path: Path) -> Record | None:
    """The record in a Word file, None where there is none. Raises AllocationError for one that cannot be read."""
    package = Package(path.name, read_bytes(path))
    package.refuse_costly()
    for name in sorted(package.names()):
        if name.startswith(FOLDER.strip("/").casefold()) and name.endswith(".xml"):
            data = package.read(name)
            if NAMESPACE.encode() in data[:400] and local((root := package.parsed(data)).tag) == "record":
                record = read_record(root.text or "", path.name)
                return record if record.kind == DOCUMENT and record.document else None
    return None


def lines_at(path: Path) -> list[WordLine]:
    """What stands in a Word file. Raises AllocationError for one that is damaged, or where python-docx is missing."""
    data = read_bytes(path)
    Package(path.name, data).refuse_costly()
    try:
        import docx
    except ImportError:
        raise AllocationError(Problem("notices.needs")) from None
    try:
        return lines_of(docx.Document(BytesIO(data)))
    except Exception as error:  # a damaged document surfaces as any of a dozen exceptions
        raise AllocationError(Problem("verify.issued_damaged", where=path.name)) from error


def kept_lines(record: DocumentKept) -> list[WordLine]:
    """The lines that it had when it was written, as hashes."""
    return [kept_line(place, hashes) for place, hashes in record.lines]
