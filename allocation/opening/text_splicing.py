"""Cells put into a text table (CSV) while every other byte stays: its encoding, separator, quotes and line ends."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from allocation.tables.grid import decoded, delimiter


class _TextCell(NamedTuple):
    """A cell by where it begins and ends in the text; the `last` of its row ends where the line does."""

    start: int
    end: int
    last: bool


def with_text_cells(file: str, data: bytes, cells: Mapping[tuple[int, int], str]) -> bytes:
    """A text table with cells by row and column from zero. Raises where it is no text."""
    text, encoding = decoded(file, data)
    sign = delimiter(text)
    pieces: list[tuple[int, int, str]] = []
    lines = _lines(text, sign)
    for row, line in sorted(_by_row(cells).items()):
        if row >= len(lines):
            continue
        spans = lines[row]
        inside = {column: value for column, value in line.items() if column < len(spans)}
        pieces += [(spans[column].start, spans[column].end, _quoted(value, sign)) for column, value in inside.items()]
        beyond = {column: value for column, value in line.items() if column >= len(spans)}
        if beyond:
            pieces.append((spans[-1].end, spans[-1].end, _row_text(beyond, len(spans), sign)))
    out, place = [], 0
    for start, end, written in sorted(pieces, key=lambda piece: piece[:2]):
        out += [text[place:start], written]
        place = end
    whole = "".join([*out, text[place:]]) + _below(text, lines, _by_row(cells), sign)
    return _encoded(whole, encoding, data)


def _by_row(cells: Mapping[tuple[int, int], str]) -> dict[int, dict[int, str]]:
    rows: dict[int, dict[int, str]] = {}
    for (row, column), value in cells.items():
        rows.setdefault(row, {})[column] = value
    return rows


def _row_text(cells: Mapping[int, str], first: int, sign: str) -> str:
    """The cells that a row is longer by, each behind its separator."""
    return "".join(sign + _quoted(cells.get(column, ""), sign) for column in range(first, max(cells) + 1))


def _below(text: str, lines: list[list[_TextCell]], rows: Mapping[int, Mapping[int, str]], sign: str) -> str:
    """Rows below the last."""
    new = {row: line for row, line in rows.items() if row >= len(lines)}
    if not new:
        return ""
    end = next((mark for mark in ("\r\n", "\n", "\r") if mark in text), "\r\n")
    written = [_row_text(new[row], 0, sign).removeprefix(sign) if row in new else ""
               for row in range(len(lines), max(new) + 1)]  # fmt: skip
    open_end = "" if not text or text.endswith(("\n", "\r")) else end
    return open_end + end.join(written) + end


def _quoted(value: str, sign: str) -> str:
    return '"' + value.replace('"', '""') + '"' if {*value} & {sign, '"', "\n", "\r"} else value


def _lines(text: str, sign: str) -> list[list[_TextCell]]:
    """The cells of every row, as a reader of CSV tells them apart."""
    lines: list[list[_TextCell]] = [[]]
    for cell in _cells(text, sign):
        lines[-1].append(cell)
        if cell.last:
            lines.append([])
    return lines[:-1] if not lines[-1] else lines


def _cells(text: str, sign: str) -> Iterator[_TextCell]:
    start, at, quoted = 0, 0, False
    while at < len(text):
        mark = text[at]
        if quoted:
            if mark == '"':
                if text[at + 1 : at + 2] == '"':
                    at += 1
                else:
                    quoted = False
        elif mark == '"' and at == start:
            quoted = True
        elif mark in (sign, "\n", "\r"):
            yield _TextCell(start, at, mark != sign)
            at += mark == "\r" and text[at + 1 : at + 2] == "\n"
            start = at + 1
        at += 1
    if start < len(text) or text and text[-1] == sign:
        yield _TextCell(start, len(text), True)


def _encoded(text: str, encoding: str, before: bytes) -> bytes:
    """With the mark at the beginning that there was, and none where there was none."""
    if encoding == "utf-16":
        little = before.startswith(codecs.BOM_UTF16_LE)
        mark, plain = (codecs.BOM_UTF16_LE, "utf-16-le") if little else (codecs.BOM_UTF16_BE, "utf-16-be")
        return mark + text.encode(plain)
    mark = codecs.BOM_UTF8 if before.startswith(codecs.BOM_UTF8) else b""
    return mark + text.encode("utf-8" if encoding == "utf-8-sig" else encoding, "replace")
