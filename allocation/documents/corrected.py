"""What the notice of a correction says: before and after, how the difference is settled, and what was changed."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from allocation.documents.reasons import told
from allocation.parts.correction import (
    APPROVED,
    CORRECTED,
    DIFFERENCE,
    OWED_AFTER,
    OWED_BEFORE,
    SET_OFF,
    SETTLED_IN,
    TO_PAY,
    TO_RECOVER,
)
from allocation.run import Run
from allocation.texts import in_brackets, say
from allocation.workbook.styles import shown
from allocation.workbook.versions_sheet import Line, differences

SETTLED = {"offset": SET_OFF, "to_pay": TO_PAY, "to_recover": TO_RECOVER}  # of a correction after a settlement


def corrected(run: Run, rows: Sequence[int], lang: str) -> list[str]:
    """What was issued before, what is right, and when the difference is settled."""

    def text(name: str) -> str:
        figures = run.figures(name)
        return told(abs(sum((figures[row] for row in rows), Fraction(0))), run.model.entry(name).unit, lang)

    def any_of(name: str) -> bool:
        return set_off(run) and any(run.figures(name)[row] for row in rows)

    figures = run.figures(DIFFERENCE)
    moved = sum((figures[row] for row in rows), Fraction(0))
    message = "more" if moved > 0 else "less" if moved < 0 else "level"
    slots = {"before": text(APPROVED), "after": text(CORRECTED), "x": text(DIFFERENCE)}
    slots["year"] = int(run.figure(SETTLED_IN))
    if moved and any_of(SET_OFF):
        slots |= {slot: text(name) if any_of(name) else "" for slot, name in SETTLED.items()}
        lines = [say(lang, f"notices.owed_{message}", **slots)]
    else:
        lines = [say(lang, f"notices.corrected_{message}", **slots)]
    if any_of(OWED_BEFORE):
        lines.append(say(lang, "notices.owed", before=text(OWED_BEFORE), after=text(OWED_AFTER)))
    return lines


def set_off(run: Run) -> bool:
    """Whether what a place still owed back after a settlement comes first."""
    return OWED_BEFORE in run.model.inputs


def changes(run: Run, before: dict, lang: str) -> tuple[Line, ...]:
    """What was decided or reported otherwise than in the version whose JSON is `before`."""
    kinds = {say(lang, f"workbook.kind_{kind}") for kind in ("parameter", "input")}
    settled_in = run.model.parameters[SETTLED_IN].label[lang]
    lines = [line for line in differences(run, before, lang) if line.kind in kinds]
    return tuple(line for line in lines if not line.item.startswith(settled_in))


def what_changed(run: Run, lines: Sequence[Line], rows: Sequence[int], you: str, lang: str) -> str:
    """Of these changes those of the places in `rows` and those that are nobody's own."""
    names = {run.table.names[row] for row in rows}
    names |= {run.table.names[row] + in_brackets(run.table.codes[row], lang) for row in rows}
    own = [line for line in lines if not line.county or line.county in names]
    if not own:
        return say(lang, "notices.moved_elsewhere", who=you) if lines else ""
    several, said = len(rows) > 1, []
    for line in own:
        old, new = (say(lang, "notices.blank") if x is None else _plain(x, line.number) for x in (line.old, line.new))
        county = line.county if several else ""
        said.append(say(lang, "notices.moved_item", county=county, item=_item(line, lang), old=old, new=new))
    return say(lang, "notices.moved", items=say(lang, "words.semicolon").join(said))


def _item(line: Line, lang: str) -> str:
    """The label; of an item of a list with a colon, without the sign of a percentage, which the figures bear."""
    label = line.item.removesuffix("（%）" if lang == "zh" else " (%)")
    return label.replace("/", "：" if lang == "zh" else ": ")


def _plain(value: Fraction | str, number: str) -> str:
    return value if isinstance(value, str) else told(value, None, "zh") if number == "General" else shown(value, number)
