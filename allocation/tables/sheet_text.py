"""Texts of a workbook's XML: entities, runs of rich text, pronunciations left out, `_x000D_` decoded."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from allocation.patterns import LatePattern
from allocation.tables.package import Package, local

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_ENTITY = LatePattern(rb"&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(\w+));")
_NAMED = {b"lt": "<", b"gt": ">", b"amp": "&", b"quot": '"', b"apos": "'"}
_ESCAPE = LatePattern(r"_x([0-9A-Fa-f]{4})_")
_SAID = LatePattern(rb"<rPh\b(?:[^<]|<(?!/rPh>))*</rPh>")  # how a text is pronounced is no part of it
_TEXT = LatePattern(rb"<t(?: [^<>]*)?>([^<]*)</t>")
_RAISED = LatePattern(rb"(?<=superscript)(?:[^<]|<(?!/r>|t\b))*<t(?: [^<>]*)?>[^<]*</t>")
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")  # a footnote's number must not join the figure before it
_ITEM = LatePattern(rb"<si>(?:<t(?: [^<>]*)?>([^<]*)</t>|((?:[^<]|<(?!/si>))*))</si>|<si ?/>")


def plain_text(raw: bytes) -> str:
    """What stands between two tags."""
    text = raw.decode("utf-8", "replace")
    if "&" in text:
        text = _ENTITY.sub(_entity, raw).decode("utf-8", "replace")
    return unescaped(text)


def _entity(match: re.Match[bytes]) -> bytes:
    number = int(match[1]) if match[1] else int(match[2], 16) if match[2] else -1
    if number >= 0:
        return chr(number).encode() if number < 0xD800 or 0xDFFF < number < 0x110000 else b"\xef\xbf\xbd"
    return _NAMED.get(match[3], match[0].decode()).encode()


def unescaped(text: str) -> str:
    """`_x000D_` is how a workbook writes a sign that XML cannot hold, `_x005F_` a line that would look like one."""
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def rich_text(raw: bytes) -> str:
    """The texts of all runs of an `<is>` or `<si>`, one after the other."""
    runs = _SAID.sub(b"", raw)
    if b"vertAlign" in runs:
        runs = _RAISED.sub(lambda match: _decoded(match[0]).translate(RAISED).encode(), runs)
    return unescaped("".join(_decoded(run) for run in _TEXT.findall(runs)))


def _decoded(raw: bytes) -> str:
    return (_ENTITY.sub(_entity, raw) if b"&" in raw else raw).decode("utf-8", "replace")


def shared_texts(data: bytes, package: Package) -> list[str]:
    """The texts of a book's sharedStrings part."""
    start = data.find(b">", data.find(b"<sst")) + 1
    end = data.rfind(b"</sst>")
    if b"<!" not in data and b"<sst" in data[:500] and 0 < start <= end:
        parts = _ITEM.split(data[start:end])
        if not b"".join(parts[::3]).strip():
            pairs = zip(parts[1::3], parts[2::3], strict=True)
            return [plain_text(plain) if plain is not None else rich_text(rich or b"") for plain, rich in pairs]
    return [unescaped(runs_of(item)) for item in package.parsed(data) if local(item.tag) == "si"]


def runs_of(item: Element) -> str:
    """The texts of an element's runs, but for pronunciations, as they are written."""
    pieces = []
    for child in item:
        if local(child.tag) == "t":
            pieces.append(child.text or "")
        elif local(child.tag) != "rPh":
            raised = any(local(part.tag) == "vertAlign" and part.get("val") == "superscript" for part in child.iter())
            pieces.append(runs_of(child).translate(RAISED if raised else {}))
    return "".join(pieces)
