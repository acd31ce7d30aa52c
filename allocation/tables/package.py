"""An Office workbook's zip: its parts by whatever name a program gave them, each unpacked within the limits."""

from __future__ import annotations

import codecs
import posixpath
import re
import zipfile
import zlib
from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import unquote

from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem
from allocation.files.limits import MIB, SMALL_PART, UNPACKED
from allocation.patterns import LatePattern

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_DECLARED = LatePattern(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.-]+)["'][^>]*\?>""")
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_UNMARKED = ((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))
_CHINESE = {"gb2312": "gb18030", "gbk": "gb18030"}


@dataclass(frozen=True)
class Relation:
    """`kind` is the last word of its type, `worksheet` say, in the transitional and the strict wording alike."""

    id: str
    kind: str
    target: str  # the part's name from the package's root


class Package:
    """Parts by name: letter case, backslashes and a leading slash do not matter."""

    def __init__(self, file: str, data: bytes):
        self.file = file
        self._left = UNPACKED
        try:
            self._archive = zipfile.ZipFile(BytesIO(data))
        except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as error:
            raise self.damaged() from error
        self._parts = {_plain(info.filename): info for info in self._archive.infolist()}

    def damaged(self) -> AllocationError:
        return AllocationError(Problem("tables.damaged", where=self.file))

    def __contains__(self, name: str) -> bool:
        return _plain(name) in self._parts

    def names(self) -> list[str]:
        return list(self._parts)

    def read(self, name: str, most: int = UNPACKED) -> bytes:
        """The part as UTF-8. AllocationError when it is absent, damaged, under a password, or larger than the limits,
        by what the zip declares and by what is counted."""
        info = self._parts.get(_plain(name))
        if info is None:
            raise self.damaged()
        if info.flag_bits & 1:
            raise AllocationError(Problem("tables.encrypted", where=self.file))
        most = min(most, self._left)
        if info.file_size > most:
            raise self._too_large(info.file_size)
        try:
            with self._archive.open(info) as part:
                data = part.read(most + 1)
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, EOFError) as error:
            raise self.damaged() from error
        if len(data) > most:
            raise self._too_large(len(data))
        self._left -= len(data)
        try:
            return utf8(data)
        except (UnicodeDecodeError, LookupError) as error:
            raise self.damaged() from error

    def refuse_costly(self) -> None:
        """For a reader that unpacks it whole. Raises AllocationError where all parts together exceed the limit."""
        size = sum(info.file_size for info in self._archive.infolist())
        if size > UNPACKED:
            raise self._too_large(size)

    def _too_large(self, size: int) -> AllocationError:
        slots = {"size": size // MIB, "most": UNPACKED // MIB}
        return AllocationError(Problem("tables.unpacked", slots, self.file))

    def tree(self, name: str) -> Element:
        """A small part, parsed."""
        return self.parsed(self.read(name, SMALL_PART))

    def parsed(self, data: bytes) -> Element:
        """Refuses what defines entities, which a workbook never does."""
        from xml.etree import ElementTree

        if b"<!DOCTYPE" in data:
            raise AllocationError(Problem("tables.entities", where=self.file))
        try:
            return ElementTree.fromstring(data)
        except (ElementTree.ParseError, ValueError) as error:
            raise self.damaged() from error

    def relations(self, part: str = "") -> list[Relation]:
        """What `part` points to (the package itself when empty); whatever lies outside the file is left out."""
        folder, name = posixpath.split(part)
        listed = posixpath.join(folder, "_rels", name + ".rels")
        if listed not in self:
            return []
        relations = []
        for entry in self.tree(listed):
            if entry.get("TargetMode") != "External" and entry.get("Target"):
                kind = entry.get("Type", "").rpartition("/")[2].lower()
                relations.append(Relation(entry.get("Id", ""), kind, self._target(folder, entry.get("Target", ""))))
        return relations

    def _target(self, folder: str, target: str) -> str:
        """As the rules say, or, where no such part exists, as a writer may have meant it: from the root."""
        target = unquote(target.replace("\\", "/"))
        whole = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
        return whole if whole in self or target.lstrip("/") not in self else target.lstrip("/")


def _plain(name: str) -> str:
    return posixpath.normpath("/" + name.replace("\\", "/")).lstrip("/").casefold()


def utf8(data: bytes) -> bytes:
    """XML in any encoding as UTF-8, without byte order mark and declaration. Raises UnicodeDecodeError, LookupError."""
    mark, encoding = next((pair for pair in _MARKS if data.startswith(pair[0])), (b"", ""))
    data = data[len(mark) :]
    if not encoding:
        declared = _DECLARED.match(data[:200])
        written = declared[1].decode().lower() if declared else "utf-8"
        encoding = next((name for sign, name in _UNMARKED if data.startswith(sign)), _CHINESE.get(written, written))
    if encoding not in ("utf-8", "utf8", "us-ascii"):
        data = data.decode(encoding).encode()
    return re.sub(rb"^\s*<\?xml.*?\?>", b"", data, count=1, flags=re.DOTALL)


def local(tag: str) -> str:
    """`{namespace}row` is row: the strict and the transitional names of things differ in nothing else."""
    return tag.rpartition("}")[2]
