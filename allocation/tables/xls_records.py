"""What an Excel 97–2003 workbook says beside its values: formulas without a result, cells beyond a sheet."""

from __future__ import annotations

import struct
from collections.abc import Iterator

_CELLS = {0x0201, 0x0203, 0x0204, 0x0205, 0x00FD, 0x00D6, 0x027E, 0x0006, 0x0206, 0x0406, 0x00BD, 0x00BE}
_FORMULAS = {0x0006, 0x0206, 0x0406}
_NUMBERS = {0x0203, 0x027E}
_BESIDE = {0x04BC, 0x0221, 0x0236, 0x0021}  # a shared formula, an array, a data table: before a formula's text
_TEXT, _BOUNDSHEET, _RECALCULATED, _BEGIN, _END = 0x0207, 0x0085, 0x01C1, 0x0809, 0x000A
COLUMNS = 256


def records(data: bytes, start: int = 0) -> Iterator[tuple[int, bytes]]:
    """Type and content, to the end of the stream or of what is whole."""
    while start + 4 <= len(data):
        kind, length = struct.unpack_from("<HH", data, start)
        yield kind, data[start + 4 : start + 4 + length]
        start += 4 + length


def sheet_starts(data: bytes) -> tuple[list[int], bool]:
    """Where each worksheet's records begin; and whether a program that stores results has calculated the book."""
    starts, calculated = [], False
    for kind, content in records(data):
        if kind == _BOUNDSHEET and len(content) >= 6 and content[5] == 0:
            starts.append(struct.unpack_from("<I", content)[0])
        calculated |= kind == _RECALCULATED
        if kind == _END:
            break
    return starts, calculated


def bare_formulas(data: bytes, start: int, calculated: bool) -> set[tuple[int, int]]:
    """Row and column, from 0, of the sheet's formulas that have no result. IndexError for a cell beyond the sheet.

    A text's result follows in a record of its own. In a book that was never calculated, an empty result is none, and
    so is a column of formulas that all gave 0, unless plain figures stand in it that are all 0 as well.
    """
    bare: set[tuple[int, int]] = set()
    zeros: dict[int, set[tuple[int, int]]] = {}
    telling: set[int] = set()  # columns in which a formula gave more than 0
    plain: dict[int, bool] = {}  # columns with plain figures: whether one of them is more than 0
    waiting: tuple[int, int] | None = None
    depth = 0
    for kind, content in records(data, start):
        depth += (kind == _BEGIN) - (kind == _END)
        if depth == 0 and kind == _END:
            break
        if waiting and kind not in _BESIDE:
            bare |= {waiting} if kind != _TEXT else set()
            waiting = None
        if kind not in _CELLS or depth > 1 or len(content) < 6:
            continue
        place = struct.unpack_from("<HH", content)
        if place[1] >= COLUMNS:
            raise IndexError(place)
        if kind in _NUMBERS:
            plain[place[1]] = plain.get(place[1], False) or any(content[6:])
        if kind not in _FORMULAS or len(content) < 14:
            continue
        result = content[6:14]
        if result[6:] != b"\xff\xff":
            if any(result[:7]):
                telling.add(place[1])
            else:
                zeros.setdefault(place[1], set()).add(place)
        elif result[0] == 0:
            waiting = place
        elif result[0] == 3 and not calculated:
            bare.add(place)
    if not calculated:
        for column in zeros.keys() - telling:
            bare |= zeros[column] if plain.get(column, True) else set()
    return bare | ({waiting} if waiting else set())
