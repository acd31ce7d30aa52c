"""What one column's header says: which input (or code, name, year), in which unit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from allocation.classes import dataclass
from allocation.language.units import Unit, Units
from allocation.patterns import LatePattern
from allocation.policy.model import Model
from allocation.tables.keys import CODE, IGNORED, NAME, REMARK, YEAR
from allocation.tables.spelling import fold, squeeze
from allocation.texts.vocabulary import Pattern, Spellings, meanings

# Of a table of counties they say in which city each lies.
CITY = Spellings("table_words.heading_of_city")
_ALIAS_MARKS = LatePattern(r"[()、,/.·:_]")
_BRACKET = LatePattern(r"(.+?)[(\[【]([^()\[\]【】]*)[)\]】]")
_WHOLE_BRACKET = LatePattern(r"[(\[【]?([^()\[\]【】]+)[)\]】]?")
_MARKS = LatePattern(r"[\s/\\|·.:：;,，、。_~—–\-()（）\[\]【】<>《》〈〉「」『』“”‘’\"'*+^=]+")
_NUMBERING = Pattern("table_words.numbering")
_ANOTHER = Pattern("table_words.another_figure")
_UNIT_WORD, _OF_YEAR = Pattern("table_words.unit_word"), Pattern("table_words.of_year")
_YEAR = Pattern("table_words.heading_year")


@cache
def _aliases() -> dict[str, tuple[str, int]]:
    """Role and rank of a heading of a key column. The rank settles which of two columns names the county: 名称 and 县区
    before 地区 and 单位."""
    roles = {CODE: "code", NAME: "name", YEAR: "year", REMARK: "remark", IGNORED: "ignored"}
    return {
        word: (role, rank)
        for role, key in roles.items()
        for rank, word in enumerate(Spellings(f"table_words.heading_of_{key}"))
    }


def key_role(text: str) -> tuple[str, int] | None:
    """The role of a heading of a key column (code, name, year …) and its rank; None of any other."""
    return _aliases().get(_ALIAS_MARKS.sub("", text.casefold()))


@dataclass(frozen=True)
class ColumnHeading:
    """`target` is an input's name or one of the roles above; `unit` None when the header names no unit."""

    target: str
    unit: Unit | None = None
    year: int | None = None  # a leading `2017年` that was passed over
    above: str = ""  # upper header texts that were passed over
    above_unit: Unit | None = None  # the unit that upper header texts name
    city: bool = False  # 城市 and 城市代码: the unit only where nothing else is
    rank: int = 0  # among several columns of one role the lowest rank holds


@dataclass(frozen=True)
class Lexicon:
    """Every accepted spelling, folded, of a model's inputs and of the key columns."""

    spellings: dict[str, str]
    units: Units
    keys: dict[str, str]  # without any marks, where only one input is called so

    def role(self, text: str) -> tuple[str, int] | None:
        """The input's name or the role a header text stands for, and its rank."""
        text = text.casefold()
        if text in self.spellings:
            return self.spellings[text], 0
        return key_role(text) or self._marked(text)

    def _marked(self, text: str) -> tuple[str, int] | None:
        """A label whose levels stand apart in another way: `合格项目投资（市政道路桥梁）`, or by a line break."""
        name = self.keys.get(squeezed_key(text))
        return (name, 0) if name else None


FORMER = "table_words.former"  # headings that tables of 0.1 have


def squeezed_key(text: str) -> str:
    """A heading without the marks people put between and around its words."""
    return _MARKS.sub("", fold(text))


def lexicon(model: Model) -> Lexicon:
    former = meanings(FORMER)
    spellings: dict[str, str] = {}
    for entry in model.inputs.values():
        words = [entry.name, entry.label.zh, entry.label.en]
        if entry.heading and entry.item:
            words += [f"{entry.heading.zh}/{entry.item.zh}", f"{entry.heading.en}/{entry.item.en}"]
        if "." in entry.name:
            words.append(entry.name.replace(".", "[", 1) + "]")
        words += [former[word] for word in words if word in former]
        for word in words:
            spellings.setdefault(fold(word), entry.name)
    keys: dict[str, set[str]] = {}
    for word, name in spellings.items():
        keys.setdefault(squeezed_key(word), set()).add(name)
    alone = {key: next(iter(names)) for key, names in keys.items() if len(names) == 1 and key not in _aliases()}
    return Lexicon(spellings, model.units, alone)


def read_heading(texts: Sequence[str], words: Lexicon) -> ColumnHeading | None:
    """`texts` are a column's header cells from top to bottom. Exact spelling first, then without unit, then year; a
    line break within a cell is a step between levels only where nothing else is read."""
    whole = _read(texts, words)
    if whole or not any("\n" in text for text in texts):
        return whole
    lines = [line for text in texts for line in text.splitlines() if squeeze(line)]
    apart = _read(lines, words)
    return apart if apart and not apart.above and apart.target in words.spellings.values() else None


def _read(texts: Sequence[str], words: Lexicon) -> ColumnHeading | None:
    parts, unit = _without_marks([squeeze(text) for text in texts if text], words.units)
    for start in range(len(parts)):
        above = "/".join(parts[:start])
        for year, pieces in _year_variants(parts[start:]):
            role = words.role("/".join(pieces))
            if year and role and role[0] == YEAR:
                continue  # a column called 2023年 holds figures of that year, not years
            over = _unit_above(parts[:-1], words.units)
            if role:
                return ColumnHeading(role[0], unit, year, above, over, _is_city("/".join(pieces)), role[1])
            bare, unit_said = _without_units(pieces, words.units)
            role = words.role("/".join(bare)) if unit_said else None
            if role and role[0] != NAME and not (year and role[0] == YEAR):  # towns with a unit are counted
                return ColumnHeading(role[0], unit_said, year, above, over, _is_city("/".join(bare)), role[1])
    return None


def _is_city(text: str) -> bool:
    return _ALIAS_MARKS.sub("", fold(text)) in CITY


@lru_cache(maxsize=4096)  # every text near the top of a sheet is tried several times
def unit_in(text: str, units: Units) -> Unit | None:
    """The unit a text consists of, with or without brackets and `单位:`; None when it is no unit."""
    inner = _WHOLE_BRACKET.fullmatch(squeeze(text))
    word = _UNIT_WORD.sub("", inner[1]) if inner else ""
    if not word or word == "1" or not units.knows(word):
        return None
    return units.parse(word)


def is_numbering(text: str) -> bool:
    """A column number: `(5)`, `5`, `(5)=(3)+(4)`, `甲`, `栏次`."""
    return _NUMBERING.fullmatch(fold(text)) is not None


def _without_marks(parts: list[str], units: Units) -> tuple[list[str], Unit | None]:
    """The parts that are neither a unit of their own nor a column number; and that unit."""
    unit, kept = None, []
    for place, part in enumerate(parts):
        # The top part is never a mark: a single `年` or `单位` there is a header.
        marked = unit_in(part, units) if place else None
        unit = marked or unit
        if not marked and not is_numbering(part):
            kept.append(part)
    return kept, unit


def split_unit(text: str) -> tuple[str, str]:
    """`落户人数(万园)` → its name and what stands in the brackets, a unit or not; empty without brackets."""
    match = _BRACKET.fullmatch(squeeze(text))
    return (match[1], match[2]) if match else (text, "")


def _without_units(parts: list[str], units: Units) -> tuple[list[str], Unit | None]:
    unit, bare = None, []
    for part in parts:
        match = _BRACKET.fullmatch(part)
        marked = unit_in(match[2], units) if match else None
        bare.append(match[1] if match and marked else part)
        unit = marked or unit
    return bare, unit


def speaks_of_another(above: str, label: str) -> bool:
    """Whether an upper heading makes another figure of the one below it: 上年, 占比, 核减. What the label says itself
    (上年补助额 under 上年) changes nothing."""
    parts = [_ANOTHER.fullmatch(fold(part)) for part in above.split("/")]
    return any(part is not None and part[2] not in label for part in parts)


def _unit_above(parts: list[str], units: Units) -> Unit | None:
    """The unit of a heading over several columns: 资金（万元）, or 万元 alone."""
    alone = [unit for part in parts if (unit := unit_in(part, units))]
    return _without_units(parts, units)[1] or (alone[-1] if alone else None)


def unit_said(heading: str, units: Units) -> Unit | None:
    """The unit that a heading's levels name, apart by a slash: the lowest that names one."""
    return _unit_above([squeeze(part) for part in heading.split("/")], units)


def _year_variants(parts: list[str]) -> Iterator[tuple[int | None, list[str]]]:
    """The parts as written, then the first one without its leading year."""
    yield None, parts
    if _YEAR.match(parts[0]):
        year, rest = int(parts[0][:4]), parts[0]
        for cut in (rest[4:], rest[5:], _OF_YEAR.sub("", rest[5:])):
            if cut:
                yield year, [cut, *parts[1:]]
