"""What a file is that cannot be verified as a workbook, said by what is in it, and what can be verified instead."""

from __future__ import annotations

import hashlib
import re
import zipfile
from io import BytesIO
from pathlib import Path

from allocation.collecting.state import SCHEMA as STATE
from allocation.errors import AllocationError, Problem
from allocation.files.given_files import json_value
from allocation.patterns import LatePattern
from allocation.record import journal
from allocation.record.from_0_1 import SCHEMAS
from allocation.record.record import KINDS
from allocation.record.versions import SCHEMA as REGISTER
from allocation.tables.grid import read_bytes
from allocation.texts import Both, both

STARTS = (
    (b"%PDF", "pdf"), (b"\xd0\xcf\x11\xe0", "old_office"), (b"\x89PNG", "picture"), (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"), (b"BM", "picture"), (b"<svg", "picture"), (b"II*\x00", "picture"), (b"PAR1", "parquet"),
    (b"{\\rtf", "rtf"),
)  # fmt: skip # how files of a kind begin
INSIDE = (("xl/", ""), ("word/", "word"), ("ppt/", "slides"), ("visio/", "drawing"))  # folders of an office file
OPEN_DOCUMENT = {"spreadsheet": "ods", "text": "odt"}
TABLE = LatePattern(r"[^\n]*[,\t;][^\n]*\n")
SECTION = LatePattern(r"^\s*\[\[?[\w.\-\"\u4e00-\u9fff]+\]\]?\s*(?:#.*)?$", re.MULTILINE)


def refuse_other_kinds(path: Path) -> None:
    """Raises AllocationError, naming what the file is, unless it may be a workbook."""
    if path.is_dir():
        raise AllocationError(Problem("verify.is_folder", where=str(path)))
    if path.is_file() and not path.stat().st_size:
        raise AllocationError(Problem("verify.is_empty", where=path.name))
    data = read_bytes(path)
    if kind := _kind(data):
        raise AllocationError(Problem(f"verify.is_{kind}", {"journal": _in_journal(path, data)}, path.name))


def _kind(data: bytes) -> str:
    """The kind of a file by its content, empty for what may be a workbook of today's format."""
    if data.startswith(b"PK"):
        return _zip_kind(data)
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")
    known = next((kind for begin, kind in STARTS if start.startswith(begin)), "")
    return known or _text_kind(data)


def _zip_kind(data: bytes) -> str:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = archive.namelist()
            kind = archive.open("mimetype").read(99).decode("ascii", "replace") if "mimetype" in names else ""
    except Exception:  # cut off or altered: the readers of workbooks say so
        return ""
    if kind:
        return next((said for word, said in OPEN_DOCUMENT.items() if kind.endswith(word)), "zip")
    inside = next((said for folder, said in INSIDE if any(name.startswith(folder) for name in names)), "zip")
    return "" if "[Content_Types].xml" in names and inside == "zip" else inside


def _text_kind(data: bytes) -> str:
    if b"\0" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "unknown"
    text = _decoded(data)
    try:
        content = json_value(text)
    except ValueError:
        if text.lstrip()[:1] in "{[" and not SECTION.search(text):
            return "broken_json"
        if SECTION.search(text):
            return "toml"
        return "csv" if TABLE.search(text) else "text"
    said = content if isinstance(content, dict) else {}
    if said.get("kind") in KINDS or said.get("schema") in SCHEMAS:
        return "manifest"
    return {REGISTER: "register", STATE: "state"}.get(str(said.get("schema", "")), "json")


def _decoded(data: bytes) -> str:
    for encoding in ("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


def _in_journal(path: Path, data: bytes) -> Both | str:
    """What the journal says of these bytes, or of a file of this name; empty where it says nothing."""
    whole, digest = path.resolve(), hashlib.sha256(data).hexdigest()
    folder = journal.near(whole)
    try:
        lines = journal.logged(folder) if folder and path.name != journal.NAME else []
    except AllocationError:
        return ""
    same = [line for line in lines if line.sha256 == digest]
    named = [line for line in lines if line.file == whole.relative_to(folder).as_posix()] if folder else []
    if not same and not named:
        return ""
    message, line = ("verify.as_in_journal", same[-1]) if same else ("verify.not_as_in_journal", named[-1])
    return both(message, number=line.number, date=line.date, action=line.action)
