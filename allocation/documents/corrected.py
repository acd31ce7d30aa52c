"""What the notice of a correction says of what was changed since the version it corrects."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from allocation.documents.letter import Letters
from allocation.readings.said_amounts import told
from allocation.record.record import Record
from allocation.report.formats import shown
from allocation.run.run import Run
from allocation.texts import Both, both, in_brackets, show
from allocation.xlsx.versions_sheet import Line, Told, differences


def changes(run: Run, before: Record) -> tuple[Line, ...]:
    """What was decided or reported otherwise than in the version whose record is `before`, but for what letters say."""
    said = run.letter.says if run.letter else ()
    return tuple(
        line for line in differences(run, before) if line.of in ("parameter", "input") and line.name not in said
    )


def what_changed(letters: Letters, lines: Sequence[Line], rows: Sequence[int], you: str) -> str:
    """Of these changes those of the places in `rows` and those that are nobody's own."""
    run, lang = letters.run, letters.lang
    names = {run.table.names[row] for row in rows}
    names |= {run.table.names[row] + in_brackets(run.table.codes[row], lang) for row in rows}
    theirs = [line for line in lines if not line.county or show(line.county, lang) in names]
    if not theirs:
        return letters.say("notices.moved_elsewhere", who=you) if lines else ""
    several, said = len(rows) > 1, []
    for line in theirs:
        old, new = (_plain(value, line.number) for value in (line.old, line.new))
        county = line.county if several else ""
        said.append(letters.say("notices.moved_item", county=county, item=_item(line), old=old, new=new))
    return letters.say("notices.moved", items=letters.say("words.semicolon").join(said))


def _item(line: Line) -> Both:
    """The label; of an item of a list with a colon, without the sign of a percentage, which the figures bear."""
    zh, en = line.item.zh.removesuffix("（%）"), line.item.en.removesuffix(" (%)")
    return Both(zh.replace("/", "："), en.replace("/", ": "))


def _plain(value: Told, number: str) -> object:
    if not isinstance(value, Fraction):
        return both("notices.blank") if value is None else value
    return told(value, None, "zh") if number == "General" else shown(value, number)
