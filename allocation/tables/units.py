"""Which rows of a table are units. Code, wording and arithmetic are asked; where they disagree a person is.

Holders (合计, 小计, a city over its counties) and statements (平均, 占比, 上年数) are no units. Rows that are held
(其中：高新区) are units or details: what the holders add up decides. Knows nothing of cells: only of lines.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import field
from itertools import product

import numpy as np

from allocation.classes import dataclass
from allocation.patterns import LatePattern
from allocation.tables.spelling import fold
from allocation.tables.sums import Fit, RowNumbers, Sums
from allocation.tables.wording import COUNTY, GROUP, OWN, STATEMENT, SUBTOTAL, TOTAL, WITHIN, rank
from allocation.texts.vocabulary import the_word

DOUBT = "doubt"  # whether it is a unit is for a person to say
_LEVELS = (2, 4, 6, 9, 12)  # digits of province, prefecture, county, township, village in a national code
_NATIONAL = LatePattern(r"(1[1-9]|[2-9]\d)(\d{4}|\d{7}|\d{10})")
_MOST = 12  # rows of which every combination is tried against a total
_LIKELY = 5  # bits beyond chance that make an equality of sums worth a question


@dataclass(frozen=True)
class Lines:
    """Rows in the table's order: code ('' for none), name, what the name says (`wording`), how far it is indented (0
    for not), and the figures that add up, rows × inputs, NaN where there is none. `odd`: rows whose name is no unit's,
    with why."""

    codes: Sequence[str]
    names: Sequence[str]
    words: Sequence[str | None]
    depths: Sequence[int]
    figures: np.ndarray
    odd: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Disagreement:
    """A row on which code, wording and arithmetic disagree: what each says, as keys of texts, and whom it may hold."""

    line: int
    code: str
    words: str
    figures: str
    held: tuple[int, ...] = ()


@dataclass
class Judgement:
    """`kinds` of every line; `spans[holder]`: the sets of units it may add up, the likely one first; `doubts`.

    `named`: held rows that count as units though they say 其中; `unnamed`: holders that no word calls so.
    """

    kinds: list[str]
    spans: dict[int, list[tuple[int, ...]]] = field(default_factory=dict)
    doubts: list[Disagreement] = field(default_factory=list)
    named: list[int] = field(default_factory=list)
    unnamed: list[int] = field(default_factory=list)
    beside: list[int] = field(default_factory=list)  # units though their code stands above others'


def national(code: str) -> bool:
    return _NATIONAL.fullmatch(code) is not None


def stem(code: str) -> str:
    """A national code without its closing zeros, pair by pair: 131000 is 1310, 130100000000 is 1301."""
    if not national(code):
        return ""
    digits = len(code.rstrip("0"))
    return next(code[:level] for level in _LEVELS if level >= digits)


def judge(lines: Lines, said: Mapping[int, str]) -> Judgement:
    """What every line is; `said`: lines on which a person spoke, COUNTY, TOTAL or WITHIN."""
    return _Judge(lines, said).judgement()


class _Judge:
    def __init__(self, lines: Lines, said: Mapping[int, str]):
        self.lines, self.said = lines, said
        self.stems = [stem(code) for code in lines.codes]
        self.words = [lines.words[at] if at not in said else None for at in range(len(lines.names))]
        for at, kind in said.items():
            self.words[at] = None if kind == COUNTY else kind
        self.sums = Sums(lines.figures, np.array([word == STATEMENT for word in self.words], dtype=bool))
        self.open: dict[int, Disagreement] = {}
        self.result = Judgement([COUNTY] * len(lines.names))
        self.leaf = np.array([word in (None, GROUP, OWN) for word in self.words], dtype=bool)
        self.within = [at for at, word in enumerate(self.words) if word == WITHIN and at not in said]

    def judgement(self) -> Judgement:
        self._words()
        self._groups()
        self._codes()
        self._indents()
        self._subtotals()
        self._windows()
        self._odd()
        self._totals()
        self._held()
        for at, doubt in sorted(self.open.items()):
            self.result.kinds[at] = DOUBT
            self.result.doubts.append(doubt)
        return self.result

    # What is settled --------------------------------------------------------------------------------------------------

    def _holder(self, at: int, held: RowNumbers) -> None:
        self.leaf[at] = False
        self.open.pop(at, None)
        if self.words[at] not in (TOTAL, SUBTOTAL):
            self.result.unnamed.append(at)
        self.result.kinds[at] = TOTAL if self.words[at] == TOTAL else SUBTOTAL
        self.result.spans.setdefault(at, []).append(tuple(int(row) for row in held))

    def _doubt(self, at: int, figures: str, held: Sequence[int] = (), code: str = "", words: str = "") -> None:
        if at in self.said:
            return
        code = code or ("single" if self.stems[at] else "none")
        words = words or self.words[at] or ("place" if rank(self.lines.names[at]) else "none")
        self.open[at] = Disagreement(at, code, words, figures, tuple(int(row) for row in held))

    def _leaves(self) -> np.ndarray:
        """Rows that count so far; on those in doubt nothing is built."""
        counted = self.leaf.copy()
        counted[list(self.open)] = False
        return np.flatnonzero(counted)

    def _words(self) -> None:
        for at, word in enumerate(self.words):
            if word in (TOTAL, SUBTOTAL, WITHIN, STATEMENT):
                self.result.kinds[at] = word
            if word == STATEMENT and len(self.stems[at]) >= 6:
                self._doubt(at, "unknown")

    # Codes ------------------------------------------------------------------------------------------------------------

    def _groups(self) -> None:
        """市区, 市辖区, or a code …01, over the districts …02 to …20 of its city, or over rows beside it."""
        districts: dict[str, list[int]] = defaultdict(list)
        for at, code in enumerate(self.stems):
            if len(code) == 6 and "02" <= code[4:] <= "20" and self.leaf[at]:
                districts[code[:4]].append(at)
        for at, word in enumerate(self.words):
            first = len(self.stems[at]) == 6 and self.stems[at].endswith("01")
            if word != GROUP and not first or not self.leaf[at] or at in self.said:
                continue
            city = (self.lines.codes[at] if self.stems[at] else "")[:4]
            held = [row for row in districts.get(city, ()) if row != at]
            fit = self.sums.fit(at, held) if held else Fit(0)
            beside = self._beside(at) if word == GROUP and not fit.holds else None
            if word == GROUP and fit.holds:
                self._holder(at, held)
            elif beside is not None:
                self._holder(at, beside)
            elif word != GROUP and self.sums.evidence(at, held) or word == GROUP and fit.doubtful and len(held) > 1:
                self._doubt(at, _figures(fit), held, "district")

    def _beside(self, at: int) -> np.ndarray | None:
        """The rows right before or after a group that are its sum in two figures or more; not one row alone."""
        if np.sum(self.sums.figures[at] != 0) < 2:
            return None
        leaves = self._leaves()
        parts = [
            self._part(at, rows, forward)
            for rows, forward in ((leaves[leaves > at], True), (leaves[leaves < at], False))
        ]
        return next((part for part in parts if part is not None and len(part) > 1), None)

    def _codes(self) -> None:
        """Rows whose code is the beginning of others' in this table, the lowest level first."""
        below: dict[str, list[int]] = defaultdict(list)
        stems = set(self.stems)
        for at, code in enumerate(self.stems):
            for level in _LEVELS:
                if level >= len(code):
                    break
                if code[:level] in stems and self.words[at] not in (TOTAL, SUBTOTAL, STATEMENT):
                    below[code[:level]].append(at)
        above = [at for at, code in enumerate(self.stems) if code in below and self._asks(at)]
        for at in sorted(above, key=lambda at: -len(self.stems[at])):
            width = len(self.lines.codes[at])  # a county of six digits is no holder of towns of nine
            hanging = [row for row in below[self.stems[at]] if row != at and len(self.lines.codes[row]) == width]
            held = [row for row in hanging if self.leaf[row] and row not in self.open]
            within = self._within(at, held, hanging)
            if not held and not within:
                continue
            fit = self._fitting(at, held, within)
            county = rank(self.lines.names[at]) == 1 and len(self.stems[at]) < 6  # more likely a wrong code
            if self.words[at] == SUBTOTAL:
                self._holder(at, [*held, *(row for row in within if self.leaf[row])])
            elif self.words[at] == OWN:
                if self.sums.evidence(at, held):
                    self._doubt(at, "sum", held, "above")
            elif fit.holds:
                self._holder(at, [*held, *(row for row in within if self.leaf[row])])
            elif fit.telling == 0 or fit.doubtful and not (county and _figures(fit) == "contains"):
                self._doubt(at, _figures(fit), held, "above")
            else:
                self.result.beside.append(at)

    def _asks(self, at: int) -> bool:
        return at not in self.said and at not in self.open and (bool(self.leaf[at]) or self.words[at] == SUBTOTAL)

    def _within(self, at: int, held: Sequence[int], hanging: Sequence[int] = ()) -> list[int]:
        """Undecided rows 其中 of a holder: below it or its rows, or with a code of its own below the holder's."""
        mine, coded = {at, *held}, set(hanging)
        rows = []
        for row in self.within:
            if row in coded or self._above(row) in mine and (not self.stems[row] or not self.stems[at]):
                rows.append(row)
        return rows

    def _above(self, row: int) -> int | None:
        """The row that a row 其中 would be a detail of."""
        return next((at for at in range(row - 1, -1, -1) if self.words[at] not in (WITHIN, STATEMENT)), None)

    def _fitting(self, at: int, held: Sequence[int], within: Sequence[int]) -> Fit:
        """The fit without the rows 其中, or with those that make it exact, which then count."""
        fit = self.sums.fit(at, held) if len(held) else Fit(0)
        if within and fit.equal:
            self._settle(within, ())
        elif within and (taken := self._combination([at], held, within)):
            self._settle(within, taken)
            fit = self.sums.fit(at, [*held, *taken])
        return fit

    def _settle(self, within: Sequence[int], counted: Sequence[int]) -> None:
        """Rows 其中 on which a holder has decided: `counted` are units, the others details."""
        for row in within:
            if np.any(self.sums.figures[row] != 0) or not self.stems[row]:
                self.within.remove(row)
                self.leaf[row] = row in counted
                self.result.kinds[row] = COUNTY if row in counted else WITHIN
        self.result.named += [row for row in counted if self.leaf[row]]

    def _combination(self, holders: Sequence[int], held: RowNumbers, others: Sequence[int]) -> tuple[int, ...] | None:
        """Those of `others` that with `held` give every holder's figures exactly; None where no or several sets do."""
        if not others or len(others) > _MOST and not self._equal(holders, [*held, *others]):
            return None
        sets = [others] if len(others) > _MOST else [
            [row for row, taken in zip(others, choice, strict=True) if taken]
            for choice in product((False, True), repeat=len(others))
        ]  # fmt: skip
        right = [tuple(chosen) for chosen in sets if self._equal(holders, [*held, *chosen])]
        return right[0] if len(right) == 1 else None

    def _equal(self, holders: Sequence[int], held: RowNumbers) -> bool:
        return all(self.sums.fit(at, held).equal for at in holders)

    # Layout and adjoining rows ----------------------------------------------------------------------------------------

    def _indents(self) -> None:
        """A row over rows that are indented further than it."""
        depths = self.lines.depths
        if not any(depths):
            return
        for at in reversed(range(len(depths))):
            if not self.leaf[at] or at in self.open or at in self.said:
                continue
            end = next((row for row in range(at + 1, len(depths)) if depths[row] <= depths[at]), len(depths))
            held = [row for row in range(at + 1, end) if self.leaf[row] and row not in self.open]
            fit = self.sums.fit(at, held) if held else Fit(0)
            if fit.holds and (fit.telling > 1 or len(held) > 2):
                self._holder(at, held)
            elif fit.telling > 1 and fit.could_contain and not any(word == TOTAL for word in self.words):
                for row in held:
                    self._doubt(row, "contained", [at], words="indented")

    def _subtotals(self) -> None:
        """小计 over the rows before or after it: a whole block, or the rows of it that give every figure."""
        leaves = self._leaves()
        ends = [at for at, word in enumerate(self.words) if word in (TOTAL, SUBTOTAL)]
        opening = next((word for word in self.words if word not in (TOTAL, STATEMENT, WITHIN)), None) == SUBTOTAL
        for place, at in enumerate(ends):
            if self.words[at] != SUBTOTAL or at in self.said or at in self.result.spans:
                continue
            low, high = ends[place - 1] if place else -1, ends[place + 1] if place + 1 < len(ends) else len(self.words)
            before = leaves[(leaves > low) & (leaves < at)]
            after = leaves[(leaves > at) & (leaves < high)]
            blocks = [after, before] if opening else [before, after]
            self.result.spans[at] = self._spans_of(at, blocks, leaves)

    def _spans_of(self, at: int, blocks: list[np.ndarray], leaves: np.ndarray) -> list[tuple[int, ...]]:
        whole = [block for block in blocks if len(block)]
        if the_word("table_words.subtotal") not in self.lines.names[at] or not len(blocks[0]):
            whole.append(leaves)
        for span in whole:
            within = self._within(at, span.tolist())
            if self.sums.fit(at, span).equal:
                self._settle(within, ())
                return [tuple(span.tolist())]
            taken = self._combination([at], span.tolist(), within)
            if taken:
                self._settle(within, taken)
                return [tuple(sorted([*span.tolist(), *taken]))]
        several = np.sum(self.sums.figures[at] != 0) > 1
        for block in [*blocks, *([leaves[leaves > at], leaves[leaves < at]] if several else [])]:
            part = self._part(at, block, forward=bool(len(block)) and block[0] > at)
            if part is not None and (several or len(part) > 1):
                return [tuple(part.tolist())]
        return [tuple(span.tolist()) for span in whole[:2] if len(span)] or [tuple(leaves.tolist())]

    def _part(self, at: int, block: np.ndarray, forward: bool) -> np.ndarray | None:
        """The rows of a block next to a subtotal that give all its figures."""
        rows = block if forward else block[::-1]
        filled = self.sums.filled[at] & (self.sums.figures[at] != 0)
        if not len(rows) or not filled.any():
            return None
        grown = np.cumsum(self.sums.figures[rows][:, filled], axis=0)
        gaps = np.abs(grown - self.sums.figures[at][filled]).max(axis=1)
        for count in np.flatnonzero(gaps <= 1e-6 * len(rows) + 1e-9 * np.abs(grown).max()):
            part = rows[: count + 1]
            if self.sums.fit(at, part).equal:
                return np.sort(part)
        return None

    def _windows(self) -> None:
        """Rows that neither code nor word calls a holder, and that sum adjoining rows or all the others."""
        for _ in range(4):
            leaves = self._leaves()
            everyone = np.array(sorted([*leaves.tolist(), *self.within]), dtype=int)
            tries = [
                (at, held)
                for rows in ([leaves, everyone] if self.within else [leaves])
                for at, held in self.sums.windows(rows)
                if at not in self.said and self.leaf[at] and self._asked(at, held, len(leaves))
            ]
            candidates = {at for at, _ in tries}
            tries = [(at, held) for at, held in tries if not candidates & set(held.tolist())]
            tries.sort(key=lambda tried: (not self.sums.fit(*tried).equal, len(tried[1])))
            lowest = dict(reversed(tries))
            if not lowest or self._in_totals(leaves):
                return
            silent = [at for at in lowest if self.words[at] != OWN and self._over(at, lowest[at])]
            covered = np.sort(np.concatenate([lowest[at] for at in lowest]))
            rest = np.setdiff1d(leaves, list(lowest))
            # Where every row is held by exactly one of several cities, layout and names say the same as the figures.
            sure = (
                1 < len(silent) == len(lowest)
                and np.array_equal(np.setdiff1d(covered, self.within), rest)
                or self._in_totals(rest)
            )
            for at, held in lowest.items():
                if sure or self.words[at] == GROUP or at in silent and self._names_it(at, held):
                    self._settle([row for row in self.within if held[0] <= row <= held[-1]], held.tolist())
                    self._holder(at, held)
                else:
                    fit = self.sums.fit(at, held)
                    self._doubt(at, "sum" if fit.equal else "nearly", held)
            if not sure:
                return

    def _names_it(self, at: int, held: np.ndarray) -> bool:
        """锦州市 over 锦州市古塔区 and 锦州市凌河区."""
        city = fold(self.lines.names[at]).rstrip(the_word("table_words.city_endings"))
        return self.sums.fit(at, held).equal and all(fold(self.lines.names[row]).startswith(city) for row in held)

    def _asked(self, at: int, held: np.ndarray, rows: int) -> bool:
        """Whether an equality of sums is worth a question: names say so too, or figures that are no chance."""
        alone = self.sums.fit(at, held).telling < 2
        return self._over(at, held) or not alone and self.sums.bits(at) > np.log2(2 * rows) + _LIKELY

    def _over(self, at: int, held: np.ndarray) -> bool:
        """Whether the name is a city's, a province's, and those it sums are of lower rank; a code may not deny it."""
        if self.words[at] == GROUP:
            return True
        ranks = sorted(rank(self.lines.names[row]) for row in held)
        height = rank(self.lines.names[at])
        higher = height > ranks[-1] or height == 2 and ranks[-1] == 2 and ranks[0] < 2
        return height >= 2 and higher and len(self.stems[at]) != 6

    def _in_totals(self, leaves: np.ndarray) -> bool:
        """Whether the table has rows of totals, and all of them are the sum of these rows."""
        telling = self._telling_totals()
        return bool(telling) and len(leaves) > 0 and self._equal(telling, leaves)

    def _worded_totals(self) -> list[int]:
        return [at for at, word in enumerate(self.words) if word == TOTAL and at not in self.said]

    def _telling_totals(self) -> list[int]:
        return [at for at in self._worded_totals() if np.any(self.sums.figures[at] != 0)]

    def _odd(self) -> None:
        """预留, 尾差 among counties: neither code nor sum says what they are."""
        for at, why in self.lines.odd.items():
            if self.leaf[at] and at not in self.open:
                self._doubt(at, "apart", words=why)

    # What totals decide -----------------------------------------------------------------------------------------------

    def _totals(self) -> None:
        """A total decides on rows in doubt and on rows 其中: who is in it is a unit."""
        telling, leaves = self._telling_totals(), self._leaves()
        doubtful = [at for at in self.open if self.words[at] != STATEMENT]
        others = [*doubtful, *self.within]
        if telling and others:
            right = self._equal(telling, leaves) and not doubtful
            taken = () if right else self._combination(telling, leaves, others)
            if taken is not None and (right or len(others) <= _MOST or taken):
                self._settle(list(self.within), [row for row in taken if row in self.within])
                for at in doubtful:
                    if at in taken and self.open[at].words == "aside":
                        continue  # a total may well include what is held back
                    doubt = self.open.pop(at)
                    if at not in taken and doubt.figures == "apart":
                        self.leaf[at], self.result.kinds[at] = False, STATEMENT
                    elif at not in taken and doubt.figures == "contained":
                        self.leaf[at], self.result.kinds[at] = False, WITHIN
                    elif at not in taken:
                        self._holder(at, doubt.held)
        whole = self._leaves()
        for at in self._worded_totals():
            self.result.spans[at] = [tuple(whole.tolist())]
        for at in (at for at, kind in self.said.items() if kind == TOTAL):
            self.result.spans[at] = [self._likely_span(at, whole)]

    def _likely_span(self, at: int, whole: np.ndarray) -> tuple[int, ...]:
        """What a row adds up that a person called a total: the rows below its code, those beside it, or all."""
        below = [row for row in whole.tolist() if self.stems[at] and self.stems[row].startswith(self.stems[at])]
        beside = [self._part(at, whole[whole > at], True), self._part(at, whole[whole < at], False)]
        likely = next((span for span in (below, *beside) if span is not None and len(span)), whole)
        return tuple(int(row) for row in likely)

    def _held(self) -> None:
        """Rows 其中 on which no holder decided: details of the row above, unless they have a code of their own."""
        for row in list(self.within):
            above, detailed = self._above(row), len(self.stems[row]) >= 6
            if above is None or detailed:
                self._doubt(row, "nothing_above" if above is None else "contained", [] if above is None else [above])


def _figures(fit: Fit) -> str:
    """What arithmetic says, as the key of a text."""
    if not fit.telling:
        return "unknown"
    if fit.holds:
        return "sum" if fit.equal else "nearly"
    if 2 * (fit.exact + fit.near) >= fit.telling:
        return "partly"
    return "contains" if fit.could_contain else "tracks"
