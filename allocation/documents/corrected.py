"""What the notice of a correction says of what was changed since the version it corrects."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from allocation.readings.said_amounts import told
from allocation.record.record import Record
from allocation.report.formats import shown
from allocation.run.run import Run
from allocation.texts import in_brackets, say, show
from allocation.xlsx.versions_sheet import Line, Told, differences


def changes(run: Run, before: Record) -> tuple[Line, ...]:
    """What was decided or reported otherwise than in the version whose record is `before`, but for what letters say."""
    said = run.letter.says if run.letter else ()
    return tuple(
        line for line in differences(run, before) if line.of in ("parameter", "input") and line.name not in said
    )


def what_changed(run: Run, lines: Sequence[Line], rows: Sequence[int], you: str, lang: str) -> str:
    """Of these changes those of the places in `rows` and those that are nobody's own."""
    names = {run.table.names[row] for row in rows}
    names |= {run.table.names[row] + in_brackets(run.table.codes[row], lang) for row in rows}
    theirs = [line for line in lines if not line.county or show(line.county, lang) in names]
    if not theirs:
        return say(lang, "notices.moved_elsewhere", who=you) if lines else ""
    several, said = len(rows) > 1, []
    for line in theirs:
        old, new = (_plain(value, line.number, lang) for value in (line.old, line.new))
        county = show(line.county, lang) if several else ""
        said.append(say(lang, "notices.moved_item", county=county, item=_item(line, lang), old=old, new=new))
    return say(lang, "notices.moved", items=say(lang, "words.semicolon").join(said))


def _item(line: Line, lang: str) -> str:
    """The label; of an item of a list with a colon, without the sign of a percentage, which the figures bear."""
    label = line.item[lang].removesuffix("（%）" if lang == "zh" else " (%)")
    return label.replace("/", "：" if lang == "zh" else ": ")


def _plain(value: Told, number: str, lang: str) -> str:
    if not isinstance(value, Fraction):
        return say(lang, "notices.blank") if value is None else show(value, lang)
    return told(value, None, "zh") if number == "General" else shown(value, number)
