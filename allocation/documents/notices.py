"""A payee's notice: what is issued to it, in figures and in capitals, its own figures and how they came about."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from io import BytesIO
from os.path import commonprefix
from pathlib import Path
from platform import python_version
from typing import TYPE_CHECKING

from allocation import __version__
from allocation.case import READER
from allocation.classes import dataclass
from allocation.documents.addressee import SHORT_TOWNS, Place, place_of
from allocation.documents.capitals import BELOW, capitals, spelled
from allocation.documents.corrected import what_changed
from allocation.documents.in_word import detach
from allocation.documents.letter import Letter, Letters
from allocation.documents.made_up import made_up, own_pool
from allocation.documents.own_table import BESIDE, all_rows, own_rows
from allocation.documents.page import said_date, save
from allocation.documents.placeholders import Filling, fill, holds
from allocation.documents.reasons import reasons
from allocation.errors import AllocationError, Problem
from allocation.language.units import HECTARE, YUAN, Unit
from allocation.parts.part import summed
from allocation.patterns import LatePattern
from allocation.readings.amounts import amount
from allocation.readings.said_amounts import quantity
from allocation.record.record import DOCUMENT, DocumentKept, ModelKept, Program, Record
from allocation.report.columns import edition_of
from allocation.report.formats import number_format, shown
from allocation.report.lines import readers
from allocation.report.tables import named_paper
from allocation.run.marks import marks
from allocation.run.run import Run
from allocation.texts import LANGUAGES, Both, Worded, both

if TYPE_CHECKING:
    from docx.document import Document

SPLIT, CORRECTED = {"zh": "分配", "en": " allocation"}, {"zh": "更正分配", "en": ", corrected"}
KINDS = "市县区旗州盟镇乡"
UNSEEN = ("未见", "据记忆", "公开文本", "未核", "待定", "not seen", "from memory")  # how far a source was read
BRACKETS = LatePattern(r"\s?[（(][^（）()]*(?:[（(][^（）()]*[）)][^（）()]*)*[）)]")
NEVER = ("未见原文", "据记忆", "待定", "not seen", "from memory", "to be decided")  # in no line that is issued
DATED = LatePattern("[〔［\\[](\\d{4})[〕］\\]]")
ACTS = ("advance", "supplement", "transfer", "withdrawal")  # batches whose letters say so
UNPAID = ("act_recover", "act_later", "act_offset", "act_withdrawal")  # no budget code is named: nothing is paid


@dataclass(frozen=True)
class Handed:
    """What a notice is about: one figure a county, below zero where it is taken back.

    `offset`: what of it is set off against what the county still owes, one a county; empty where nothing is. `later`:
    what is below zero comes back in later years.
    """

    name: str
    unit: Unit
    decimals: int | None
    figures: tuple[Fraction, ...]
    kind: str  # award, correction, settlement, or kept: what a place had, after what it sold and bought
    offset: tuple[Fraction, ...] = ()
    later: bool = False
    batch: str = "formal"  # the kind of batch it is

    def value(self, rows: Sequence[int]) -> Fraction:
        """The amount of a notice to these places; what one of them gives back later is not kept from the others now."""
        figures = [self.figures[row] for row in rows]
        now = [figure for figure in figures if figure > 0] if self.later else []
        apart = self.apart(rows)
        return sum(now or figures, Fraction(0)) - apart or apart

    def apart(self, rows: Sequence[int]) -> Fraction:
        return sum((self.offset[row] for row in rows if self.offset), Fraction(0))

    def action(self, rows: Sequence[int]) -> str:
        """What is done with the amount of a notice to these places: the key of its word."""
        value, apart = self.value(rows), self.apart(rows)
        if not value or self.kind == "kept":
            return "act_level"
        if apart and sum(self.figures[row] for row in rows) == apart:
            return "act_offset"
        if self.kind == "award" and self.batch in ACTS and (value > 0 or self.batch == "withdrawal"):
            return f"act_{self.batch}"
        if value > 0:
            return "act_pay" if self.kind == "correction" else "act_issue"
        if self.later:
            return "act_later"
        return "act_reduce" if self.kind == "award" else "act_recover"

    def number(self, value: Fraction) -> str:
        if self.decimals is None:
            return amount(abs(value))
        return shown(abs(value), number_format(self.unit, self.decimals))

    def said(self, value: Fraction) -> Both:
        """With its unit and without a sign."""
        number = quantity(self.number(value), self.unit)
        return Worded(lambda lang: amount(abs(value), self.unit, lang) if lang == "en" else number)


def handed(run: Run) -> Handed:
    """What the last part that was attached hands out now, such as the difference of a correction; else the award."""
    return run.once(_handed)


def _handed(run: Run) -> Handed:
    model, award, letter = run.model, run.model.columns[run.model.award], run.letter
    if not model.pool:
        raise AllocationError(Problem("notices.nothing_handed", {"model": model.label}, model.file))
    if not letter:
        kind = "kept" if own_pool(model) else "award"
        batch = run.facts.batch.kind if run.facts.batch else "formal"
        return Handed(model.award, award.unit, award.decimals, _amounts(run, model.award), kind, batch=batch)
    figures = _amounts(run, letter.about)
    if letter.less:
        figures = tuple(paid - back for paid, back in zip(figures, _amounts(run, letter.less), strict=True))
    offset = _amounts(run, letter.offset) if letter.offset else ()
    return Handed(letter.about, award.unit, award.decimals, figures, letter.kind, offset, bool(letter.less))


def _amounts(run: Run, name: str) -> tuple[Fraction, ...]:
    return tuple(Fraction(value or 0) for value in run.figures(name))


def fund(run: Run) -> Both:
    """What is handed out: the fund by its case's or the model's name; of land, the award itself.

    Of data of another year than the budget's also that: `…奖励资金（2022年数据）`.
    """
    other = run.table.year if run.table.year not in (None, run.year) else None
    return _fund(run) + both("workbook.data_year", year=other) if other else _fund(run)


def _fund(run: Run) -> Both:
    model = run.model
    if run.facts.fund:
        name = run.facts.fund.removesuffix(SPLIT["zh"])
        return Both(name, name)
    if model.columns[model.award].unit.dims == model.units.parse(HECTARE).dims:
        return model.columns[model.calculated or model.award].label
    zh, en = (re.sub(f"{SPLIT[lang]}(?=$|（| \\()", "", model.label[lang].removesuffix(CORRECTED[lang]))
              for lang in LANGUAGES)  # fmt: skip
    return Both(zh, en)


def write_notice(letters: Letters, template: Document, rows: Sequence[int]) -> Callable[[Path], None]:
    """A writer of the notice of the places in `rows`: one county, or the towns of one."""
    filling = notice_filling(letters, rows, holds(template, "capitals"))
    about = document_record(letters, "notice", rows)
    texts = filling.texts
    refuse_open_words(filling)
    if texts["note"] and not holds(template, "note"):
        note = letters.say("notices.printed_note", text=texts["note"])
        filling = replace(filling, calculation=(*filling.calculation, note))
    if texts["made_up"] and not holds(template, "made_up"):
        filling = replace(filling, calculation=(texts["made_up"], *filling.calculation))

    def write(path: Path) -> None:
        document = copied(template)
        if texts["marks"] and not holds(document, "marks"):
            first = document.paragraphs[0] if document.paragraphs else document.add_paragraph()
            first.insert_paragraph_before().add_run(texts["marks"]).bold = True
        fill(document, filling)
        save(document, path, f"{texts['fund']} {texts['county']}{texts['marks']}".strip(), about)

    return write


def copied(template: Document) -> Document:
    """A template is opened once and filled once a county."""
    import docx

    held = BytesIO()
    template.save(held)
    held.seek(0)
    document = docx.Document(held)
    detach(document)
    return document


def document_record(letters: Letters, key: str, rows: Sequence[int] = ()) -> Record:
    """What a document says of itself: of its reader's own units, and of nobody else's."""
    run, of = letters.run, letters.letter.name
    units = tuple(run.table.codes[row] for row in rows)
    program = Program(__version__, python_version())
    return Record(DOCUMENT, lang=letters.lang, model=ModelKept(run.model.name), versions=program,
                  document=DocumentKept(key, of, units))  # fmt: skip


def notice_filling(letters: Letters, rows: Sequence[int], words: bool) -> Filling:
    """What every placeholder stands for. `words`: whether the template asks for the amount in words."""
    run, letter, lang = letters.run, letters.letter, letters.lang
    what = handed(run)
    value, action = stated(run, what, rows), what.action(rows)
    made_of, reason = made_up(letters, rows), letter.reason
    name, salutation = _reader_and_body(letters, what, rows)
    texts = {
        "county": name,
        "salutation": salutation,
        "number": letter.number,
        "you": (both("notices.you_all") if letter.together else you(name))[lang],
        "code": "" if letter.together else run.table.codes[rows[0]],
        "amount": what.said(value)[lang],
        "capitals": in_words(run, what, value, rows)[lang] if words else "",
        "basis": letters.say("words.semicolon").join(bases(run)),
        "document": letter.document,
        "original": letter.original,
        "reason": "" if names_another(run, reason, rows) else reason,
        "made_up": "" if names_another(run, made_of, rows) else made_of,
        "budget": "" if action in UNPAID else letter.code,
        "year": str(run.year or ""),
        "date": said_date(letter.date)[lang],
        "office": letter.office,
        "fund": fund(run)[lang],
        "action": letters.say(f"notices.{action}"),
        "marks": marks(run)[lang].strip(),
        "note": "" if letter.together else noted(letters, rows),
        "annex": annex_title(run)[lang].strip(),
    }
    if letter.together:
        return Filling(texts, table=all_rows(letters))
    return Filling(texts, tuple(calculation(letters, what, rows)), own_rows(letters, what.name, rows))


def _reader_and_body(letters: Letters, what: Handed, rows: Sequence[int]) -> tuple[str, str]:
    """Whom a letter is to, and the body that receives it; of one to all those it has something to tell."""
    run, letter, address = letters.run, letters.letter, letters.address
    if not letter.together:
        place = _place(run, rows, letter)
        return place.name, address.body(place)
    every = receivers(run, letter)
    told = [place for place, theirs in every if tells(run, what, theirs)]
    names = letters.say("notices.list").join(place.name for place in told)
    silent = len(every) - len(told)
    return names, address.several([place for place in told if address.greets(place)] or told, not silent)


def noted(letters: Letters, rows: Sequence[int]) -> str:
    """What is to be printed of these places (备注（印）); of several each with its name."""
    table = letters.run.table
    texts = [(table.names[row], table.printed_notes[row]) for row in rows if any(table.printed_notes)]
    said = [(name, text) for name, text in texts if text]
    if len(rows) == 1:
        return said[0][1] if said else ""
    return letters.say("words.semicolon").join(
        letters.say("notices.printed_note_of", name=name, text=text) for name, text in said
    )


def annex_title(run: Run) -> Both:
    """What the table that goes with one letter to all is called: as the printed table is."""
    return named_paper(run)


def refuse_open_words(filling: Filling) -> None:
    """Raises where a line that is issued would say that something was not read, or is not decided."""
    texts = [text for key, text in filling.texts.items() if key != "marks"]  # of a trial, which is not issued
    lines = [*texts, *filling.calculation, *filling.table.heads]
    lines += [cell for row in filling.table.rows for cell in row]
    wrong = [line for line in dict.fromkeys(lines) if any(word in line for word in NEVER)]
    if wrong:
        raise AllocationError([Problem("notices.open_words", {"line": line}) for line in wrong])


def tells(run: Run, what: Handed, rows: Sequence[int]) -> bool:
    """Whether there is anything to tell these places: a letter says nothing of noughts."""
    told = [*(name for part in run.parts if part.letter for name in part.letter.stands), own_pool(run.model)]
    figures = [run.figures(name)[row] for name in told if name for row in rows]
    return any(what.figures[row] for row in rows) or what.kind != "correction" and any(figures)


def stated(run: Run, what: Handed, rows: Sequence[int]) -> Fraction:
    """The amount of a letter; of one that hands out nothing now, what is due (核定)."""
    value = what.value(rows)
    stands = run.letter.stands if run.letter and what.kind == "settlement" else ()
    return value if value or not stands else summed(run, stands[0], rows)


def receivers(run: Run, letter: Letter) -> list[tuple[Place, tuple[int, ...]]]:
    """Who is written to, as a place, with its rows."""
    return [(_place(run, rows, letter), rows) for _, rows in readers(run, edition_of(run, "county").by)]


def _place(run: Run, rows: Sequence[int], letter: Letter) -> Place:
    """With its code; of a payee of several places the one that theirs begin with, of a prefecture `210700`."""
    code = commonprefix([run.table.codes[row] for row in rows])
    code = code[:6] if len(rows) > 1 and len(code) > 6 else code[:4].ljust(6, "0") if 4 <= len(code) < 6 else code
    return place_of(reader(run, rows), code, letter.says.areas)


def unaddressed(letters: Letters) -> list[str]:
    """Names of those of whom nothing tells which body receives the letter: it goes to them by name."""
    address, left_out = letters.address, ungreeted(letters)
    names = [place.name for place, _ in receivers(letters.run, letters.letter) if not address.known(place)]
    return [name for name in names if name not in left_out]


def ungreeted(letters: Letters) -> list[str]:
    """Names of those whom one letter to all does not address, though its annex has their amount."""
    run, letter, address = letters.run, letters.letter, letters.address
    level = [place.name for place, _ in receivers(run, letter) if letter.together and not address.greets(place)]
    return level if len(level) < len(addressed(run)) else []


def greets_all(run: Run, letter: Letter) -> list[Problem]:
    """That every one of several letters would begin with the same words, as if it went to all."""
    count = len(addressed(run))
    if letter.together or not letter.salutation or READER in letter.salutation or count < 2:
        return []
    return [Problem("notices.greets_all", {"found": letter.salutation, "count": count})]


def silent_for(run: Run, letter: Letter) -> list[str]:
    """Names of those that have nothing this time: no letter is written to them."""
    what = handed(run)
    return [] if letter.together else [reader(run, rows) for _, rows in addressed(run) if not tells(run, what, rows)]


def addressed(run: Run) -> list[tuple[str, tuple[int, ...]]]:
    """Who is written to: each reader's name and rows."""
    return [(reader(run, rows), rows) for _, rows in readers(run, edition_of(run, "county").by)]


def reader(run: Run, rows: Sequence[int]) -> str:
    """The county's name; of several rows, and of a payee, what they share."""
    by = edition_of(run, "county").by
    group = run.figures(by)[rows[0]] if by else None
    return group if isinstance(group, str) else run.table.names[rows[0]]


def you(name: str) -> Both:
    """How a letter speaks to its reader: 你市, 你县, 你区; 你单位 where the name does not tell."""
    called = both("notices.you")
    return Both(called.zh[0] + name[-1], called.en) if name[-1] in KINDS and not SHORT_TOWNS.fullmatch(name) else called


def cited(source: str) -> str:
    """A source without what is said, in brackets or beside it, on how far it was read."""
    plain = BRACKETS.sub(lambda bracket: "" if any(word in bracket[0] for word in UNSEEN) else bracket[0], source)
    if not any(word in plain for word in UNSEEN):
        return plain
    clauses = re.split("([；;，,。])", plain)
    kept = [
        clause
        for clause in zip(clauses[::2], [*clauses[1::2], ""], strict=True)
        if not any(w in clause[0] for w in UNSEEN)
    ]
    return "".join(text + sign for text, sign in kept).rstrip("；;，,。 ")


def bases(run: Run) -> list[str]:
    """The sources as a letter cites them; one younger than the figures only where the run is by reference to it."""
    year = run.year
    sources = [text for source in run.model.basis if (text := cited(source))]
    if run.by_reference or year is None:
        return sources
    return [source for source in sources if min(map(int, DATED.findall(source)), default=year) <= year]


def in_words(run: Run, what: Handed, value: Fraction, rows: Sequence[int]) -> Both:
    """Empty for what is not money. Raises AllocationError where words cannot say the figure exactly."""
    yuan = run.model.units.parse(YUAN)
    if not is_money(run):
        return Both("", "")
    money = abs(value) * what.unit.scale / yuan.scale
    slots = {"label": run.model.entry(what.name).label, "counties": [run.table.names[row] for row in rows]}
    if (money * 100).denominator != 1:
        raise AllocationError(Problem("notices.part_of_fen", slots))
    if money >= BELOW:
        raise AllocationError(Problem("notices.too_much", slots))
    return Both(capitals(money), spelled(money))


def is_money(run: Run) -> bool:
    return run.model.columns[run.model.award].unit.dims == run.model.units.parse(YUAN).dims


def calculation(letters: Letters, what: Handed, rows: Sequence[int]) -> list[str]:
    """How the figure came about, without a sentence that names another place.

    After adjustments nothing is said: what was calculated before them stays in the office.
    """
    run, lang = letters.run, letters.lang
    model, names = run.model, [what.name, run.model.award]
    if run.part("adjustments"):
        return []
    alone = you(reader(run, rows))[lang]
    who = [alone] if len(rows) == 1 else [""] * len(rows)
    if 1 < len(rows) <= BESIDE and not model.issued_to:
        who = [run.table.names[row] for row in rows]
    lines: list[str] = []
    if what.kind == "correction" and run.letter and run.letter.lines:
        lines, names = run.letter.lines(run, rows, lang), names[1:]
        lines += [line for line in (what_changed(letters, letters.letter.changes, rows, alone),) if line]
    elif what.kind == "settlement":
        names = names[1:]  # the order has said how the account stands
    lines += reasons(letters, names, rows, who, alone)
    return [line for line in lines if not names_another(run, line, rows)]


def names_another(run: Run, line: str, rows: Sequence[int] = ()) -> bool:
    for row in rows:
        line = line.replace(run.table.names[row], "").replace(run.table.codes[row], "")
    words, lengths = run.once(_names)
    return any(line[at : at + long] in words for long in lengths for at in range(len(line) - long + 1))


def _names(run: Run) -> tuple[frozenset[str], tuple[int, ...]]:
    """What places are called, and how long such names are: a line is looked through once, however many there are."""
    words = frozenset((*run.table.names, *run.table.codes))
    return words, tuple({len(word) for word in words})
