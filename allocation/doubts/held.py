"""Figures of one unit that may be counted in another: what 备注 says, and what the register does (统计包含)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from allocation.doubts.doubt import Doubt
from allocation.doubts.names import stem
from allocation.doubts.units import SHOWN
from allocation.errors import Problem
from allocation.patterns import LatePattern
from allocation.tables.keys import REMARK
from allocation.tables.recipients import Recipient, Recipients
from allocation.tables.spelling import squeeze
from allocation.tables.table import Table
from allocation.texts import LANGUAGES, Both, bracketed, say, shortened
from allocation.texts.vocabulary import Pattern, the_word

_HOLDS = Pattern("doubt_words.holds", re.IGNORECASE)
_SAYS = Pattern("doubt_words.says_of_another")
_OTHERS = Pattern("doubt_words.others")
_BRACKETS = LatePattern(r"[(\[【](.+)[)\]】]")


def remark_doubts(table: Table) -> list[Doubt]:
    """One doubt with every unit whose 备注, or the brackets in whose name, say that figures are held elsewhere."""
    said = [(row, text, where) for row, text, where in _texts(table) if _holds(text, table.names)]
    lines = [(where, text) for where, text in table.margins if _line_holds(text, table.names)]
    if not said and not lines:
        return []
    texts = [bracketed(f"{table.names[row]} “{text}”", where) for row, text, where in said]
    texts += [bracketed(f"“{text}”", where) for where, text in lines]
    problem = Problem("doubts.remark", {"count": len(texts), "units": shortened(texts, SHOWN)})
    figures = [f"{table.codes[row]}|{squeeze(text)}" for row, text, _ in said] + [squeeze(text) for _, text in lines]
    return [Doubt("remark", tuple(table.codes[row] for row, _, _ in said), tuple(figures), problem)]


def _line_holds(text: str, names: Sequence[str]) -> bool:
    """Whether a line above or below the table says so of a unit: of one in the table, or of a kind that often is in
    another."""
    bare = squeeze(text)
    if not _SAYS.search(bare):
        return False
    stems = {stem(name)[0] for name in names}
    return _OTHERS.search(bare) is not None or any(len(word) > 1 and word in bare for word in stems)


def _texts(table: Table) -> Iterator[tuple[int, str, str]]:
    """Row, text and place of each."""
    for row, name in enumerate(table.names):
        text = table.row_notes[row] if table.row_notes else ""
        if text:
            yield row, text, table.where(REMARK, row)
        inner = _BRACKETS.search(squeeze(name))
        if inner:
            yield row, inner[1], table.unit_where(row)


def _holds(text: str, names: Sequence[str]) -> bool:
    """Whether a text says so apart from the names in it: 含山县 holds nobody."""
    if not _HOLDS.search(squeeze(text)) and not _HOLDS.search(text):
        return False
    bare, contains = squeeze(text), the_word("doubt_words.contains")
    for name in sorted({squeeze(unit) for unit in names if contains in unit}, key=len, reverse=True):
        bare = bare.replace(name, "").replace(name.rstrip(the_word("doubt_words.endings")), "")
    return bool(_HOLDS.search(bare) or _HOLDS.search(text) and contains not in text)


def twice_doubts(table: Table, registers: Sequence[Recipients]) -> list[Doubt]:
    """One doubt a register, with every unit whose statistics hold another of the table and do not leave it out."""
    doubts: list[Doubt] = []
    if not (year := table.year):
        return doubts
    for register in registers:
        pairs = register.counted_twice(set(table.codes), year)
        if pairs:
            texts = [_pair(whole, part, year) for whole, part in pairs]
            figures = tuple(f"{whole.code}|{part.code}" for whole, part in pairs)
            units = tuple(dict.fromkeys(recipient.code for pair in pairs for recipient in pair))
            declare = shortened(list(dict.fromkeys(f"{part.code}@{year}" for _, part in pairs)), SHOWN)
            slots = {"pairs": shortened(texts, SHOWN), "count": len(pairs), "file": register.file, "declare": declare}
            problem = Problem("doubts.twice", slots)
            doubts.append(Doubt("twice", units, figures, problem))
    return doubts


def _pair(whole: Recipient, part: Recipient, year: int) -> Both:
    places = Both(*(say(lang, "words.semicolon").join([f"{part.code}@{year}", whole.where]) for lang in LANGUAGES))
    return bracketed(f"{whole.name} ⊃ {part.name}", places)
