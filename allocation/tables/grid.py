"""Opens a person's file, an Excel workbook or CSV, into sheets of raw cells; what cannot be opened is said plainly."""

from __future__ import annotations

import csv
import re
from io import StringIO
from pathlib import Path

from allocation.errors import AllocationError, Problem, nearest
from allocation.files.given_files import given_bytes
from allocation.files.limits import CELLS, COLUMNS
from allocation.patterns import LatePattern
from allocation.tables.cells import SourceSheet
from allocation.tables.stored import TextRows
from allocation.tables.xlsx import read_xlsx
from allocation.texts import both

_CSV = (".csv", ".txt", ".tsv")
_FIRST_LINES = 40
_LOOKED_AT = 4096  # bytes in which a text table shows itself
_WPS = (".et", ".ett")
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MARKUP = LatePattern(rb"\s*<(!doctype|html|head|table|meta|style|\?xml)", re.IGNORECASE)
_GUARDED = LatePattern(r'="(.*)"')  # ="210702": how CSV writers keep Excel from reading a code as a number


def read_bytes(path: str | Path) -> bytes:
    """The file's bytes. AllocationError when it is absent, a folder, empty or locked."""
    path = Path(path)
    try:
        data = given_bytes(path)
    except FileNotFoundError as error:
        raise AllocationError(_absent(path)) from error
    except (IsADirectoryError, NotADirectoryError) as error:
        raise AllocationError(Problem("tables.folder", where=str(path))) from error
    except PermissionError as error:
        # Windows answers "permission denied" for a folder too.
        problem = "tables.folder" if path.is_dir() else "tables.locked"
        raise AllocationError(Problem(problem, where=str(path))) from error
    except OSError as error:
        raise AllocationError(Problem("tables.unreadable", {"detail": error.strerror or error}, str(path))) from error
    if not data.strip():
        raise AllocationError(Problem("tables.empty_file", where=path.name))
    return data


def _absent(path: Path) -> Problem:
    folder = path.parent
    if not folder.is_dir():
        return Problem("tables.no_folder", {"folder": folder}, str(path))
    near = nearest(path.name, [entry.name for entry in folder.iterdir() if entry.is_file()])
    if near:
        return Problem("tables.no_file_near", {"nearest": near}, str(path))
    here = both("tables.here")
    return Problem("tables.no_file", {"folder": here if folder == Path() else f" {folder} "}, str(path))


def open_grid(path: str | Path, data: bytes) -> list[SourceSheet]:
    """Sheets of the file whose bytes are `data`: the content decides the kind, not the name's ending."""
    path = Path(path)
    if data.startswith(b"PK"):
        return read_xlsx(path.name, data)
    if data.startswith(_OLE):
        # WPS's own et has the same container as xls: only its name tells it.
        problem = "tables.encrypted" if _ENCRYPTED in data else "tables.wps" if path.suffix.lower() in _WPS else ""
        if problem:
            raise AllocationError(Problem(problem, {"suffix": path.suffix}, path.name))
        from allocation.tables.xls import read_xls  # of an age that few tables are of still

        return read_xls(path.name, data)
    if _MARKUP.match(data.removeprefix(b"\xef\xbb\xbf")):
        raise AllocationError(Problem("tables.markup", where=path.name))
    if path.suffix.lower() not in _CSV:
        if data.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] in (b"{", b"["):
            raise AllocationError(Problem("tables.json_file", where=path.name))
        problem = "tables.text_ending" if _is_text_table(data) else "tables.not_xlsx"
        raise AllocationError(Problem(problem, {"suffix": path.suffix}, path.name))
    return [_read_csv(path.name, data)]


def _read_csv(file: str, data: bytes) -> SourceSheet:
    text, _ = decoded(file, data)
    try:
        lines = list(csv.reader(StringIO(text, newline=""), delimiter=delimiter(text)))
    except csv.Error as error:
        raise AllocationError(Problem("tables.damaged", where=file)) from error
    if text.count('"') % 2 and (row := _open_quote(lines)):
        raise AllocationError(Problem("tables.open_quote", {"row": row}, file))
    if sum(map(len, lines)) > CELLS or max(map(len, lines), default=0) > COLUMNS:
        raise AllocationError(Problem("tables.too_many_cells", {"most": CELLS}, file))
    said = text.encode().translate(None, b"0123456789.").decode()
    clean = _csv_text if '="' in text else str.strip
    return SourceSheet(file, "", TextRows(lines, clean, said), open_end=not text.endswith(("\n", "\r")))


def delimiter(text: str) -> str:
    """The separator of which most of the first lines have equally many; titles and notes may be full of another."""
    lines = [line for line in text.splitlines()[:_FIRST_LINES] if line.strip()]

    def alike(sign: str) -> tuple[int, int]:
        counts = [count for line in lines if (count := line.count(sign))]
        usual = max(counts, key=counts.count, default=0)
        return counts.count(usual), usual

    return max(",\t;", key=alike)


def _open_quote(lines: list[list[str]]) -> int | None:
    """The row in which a quotation mark opens that is never closed: all that follows is read as one cell."""
    last = lines[-1][-1] if lines and lines[-1] else ""
    return len(lines) if "\n" in last.strip() or "\r" in last.strip() else None


def _is_text_table(data: bytes) -> bool:
    """Whether the first lines are of readable text, each separated into cells."""
    try:
        lines = decoded("", data[:_LOOKED_AT].rpartition(b"\n")[0] or data[:_LOOKED_AT])[0].splitlines()
    except AllocationError:
        return False
    readable = all(sign.isprintable() or sign in "\t\f" for line in lines for sign in line)
    return readable and len(lines) > 1 and sum("," in line or "\t" in line for line in lines) >= 2


def _csv_text(text: str) -> str:
    """What a cell of a CSV says."""
    text = text.strip()
    guarded = _GUARDED.fullmatch(text) if text.startswith('="') else None
    return guarded[1] if guarded else text


def decoded(file: str, data: bytes) -> tuple[str, str]:
    """What a text table says, and in which encoding it is written. Raises where it is no text."""
    encodings = ("utf-16",) if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text, encoding
    raise AllocationError(Problem("tables.not_text", where=file))
