"""The streams of an old Office file: a file system of sectors in chains, each followed to its end and never twice."""

from __future__ import annotations

import struct

_HEADER = 512
_NONE = 0xFFFFFFFA  # sector numbers from here on are marks: end of chain, free, tables
_MOST_NAMES = 4096


class Broken(ValueError):
    """A chain that runs in a circle or out of the file."""


def stream(data: bytes, names: tuple[str, ...]) -> bytes | None:
    """The first stream of one of these names; None where there is none. Raises Broken."""
    try:
        return _Compound(data).stream(names)
    except (struct.error, IndexError, OverflowError, UnicodeDecodeError) as error:
        raise Broken("cut short") from error


class _Compound:
    def __init__(self, data: bytes):
        self.data = data
        shift, self.small_shift = struct.unpack_from("<HH", data, 30)
        if not 7 <= shift <= 12 or not 4 <= self.small_shift < shift:
            raise Broken("sector size")
        self.size = 1 << shift
        self.count = (len(data) - _HEADER + self.size - 1) // self.size
        (self.first,) = struct.unpack_from("<I", data, 48)
        self.cutoff, self.small_first = struct.unpack_from("<II", data, 56)
        self.next = self._table()
        self.entries = self._entries()

    def sector(self, number: int) -> bytes:
        if number >= self.count:
            raise Broken("out of the file")
        start = _HEADER + number * self.size
        return self.data[start : start + self.size]

    def _table(self) -> list[int]:
        """What sector follows each: the table lies in sectors of its own, listed in the header and onwards."""
        listed = list(struct.unpack_from("<109I", self.data, 76))
        (number,) = struct.unpack_from("<I", self.data, 68)
        seen: set[int] = set()
        while number < _NONE:
            if number in seen:
                raise Broken("circle")
            seen.add(number)
            words = self._words(number)
            listed += words[:-1]
            number = words[-1]
        table: list[int] = []
        for number in dict.fromkeys(number for number in listed if number < _NONE):
            table += self._words(number)
        return table

    def _words(self, number: int) -> list[int]:
        data = self.sector(number)
        return list(struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4]))

    def chain(self, number: int, following: list[int], most: int) -> list[int]:
        """The sectors from `number` on. Raises Broken where they run in a circle."""
        sectors: list[int] = []
        while number < _NONE:
            if number >= len(following) or len(sectors) >= most:
                raise Broken("circle")
            sectors.append(number)
            number = following[number]
        return sectors

    def whole(self, number: int) -> bytes:
        return b"".join(map(self.sector, self.chain(number, self.next, self.count)))

    def _entries(self) -> list[tuple[str, int, int, int]]:
        """Name, kind, first sector and size of everything in the directory."""
        listing, entries = self.whole(self.first), []
        for at in range(0, min(len(listing), _MOST_NAMES * 128) - 127, 128):
            length, kind = struct.unpack_from("<HB", listing, at + 64)
            first, size = struct.unpack_from("<II", listing, at + 116)
            name = listing[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
            entries.append((name, kind, first, size))
        return entries

    def stream(self, names: tuple[str, ...]) -> bytes | None:
        wanted = [name.casefold() for name in names]
        streams = {name.casefold(): (first, size) for name, kind, first, size in self.entries if kind == 2}
        first, size = next((streams[name] for name in wanted if name in streams), (_NONE, -1))
        if size < 0:
            return None
        if size >= self.cutoff:
            return self.whole(first)[:size]
        root = next((entry for entry in self.entries if entry[1] == 5), None)
        if root is None:
            raise Broken("no root")
        small, step = self.whole(root[2]), 1 << self.small_shift
        following: list[int] = []
        for number in self.chain(self.small_first, self.next, self.count):
            following += self._words(number)
        places = self.chain(first, following, len(small) // step + 1)
        return b"".join(small[place * step : (place + 1) * step] for place in places)[:size]
