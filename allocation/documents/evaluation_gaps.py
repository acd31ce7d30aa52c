"""The report's last two sections: who is behind and by how much, and where the figures come from."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from allocation.documents.parts import Part, Sentences, people, percent, points
from allocation.documents.telling import Telling, side
from allocation.readings.words import sentence
from allocation.run.run import Run
from allocation.xlsx.timeline import make_year_plans

PEOPLE = ("registered", "registered_urban", "resident", "resident_urban", "settled", "settled_target")
RULES = ("registered_rate", "resident_rate", "completion", "completion_to_date")
BEHIND = {
    "year": ("all_met", "short_head", "short_one"),
    "date": ("all_met_to_date", "short_head_to_date", "short_one_to_date"),
}


def gaps(telling: Telling) -> Iterator[Part]:
    yield from _behind(telling, "year", "settled", "settled_target", "behind", "completion")
    yield from _behind(telling, "date", "settled_to_date", "target_to_date", "behind_to_date", "completion_to_date")
    yield Sentences(telling.joined([*_gap_of_all(telling), *_gap_of_counties(telling)]))


def _behind(telling: Telling, kind: str, settled: str, target: str, gap: str, rate: str) -> Iterator[Part]:
    all_met, head, sentence = BEHIND[kind]
    held = [telling.run.amounts(name) for name in (settled, target, gap, rate)]
    short = sorted((row for row, value in enumerate(held[2]) if value > 0), key=lambda row: (-held[2][row], row))
    if not short:
        yield Sentences(telling.say(all_met, year=telling.year))
        return
    whole = sum(held[2], Fraction(0))
    yield Sentences(telling.say(head, year=telling.year, count=len(short), gap=people(whole)))
    for row in short:
        done, wanted, less, part = (figures[row] for figures in held)
        yield Sentences(telling.say(sentence, name=telling.names[row], settled=people(done), target=people(wanted),
                                    gap=people(less), rate=percent(part)))  # fmt: skip


def _gap_of_all(telling: Telling) -> Iterator[str]:
    """How far the registered rate is below the resident one, then and now; silent where it is not below in both."""
    pairs = zip(*(telling.common.path(name) for name in ("resident_rate", "registered_rate")), strict=True)
    path = [resident - registered for resident, registered in pairs]
    if len(path) > 1 and path[0] >= 0 and path[-1] >= 0:
        moved = path[-1] - path[0]
        yield telling.say(side(moved, ("gap_wider", "gap_level", "gap_narrower")), first=telling.first,
                          year=telling.year, old=points(path[0]), new=points(path[-1]),
                          points=points(abs(moved)), common=telling.basis)  # fmt: skip


def _gap_of_counties(telling: Telling) -> Iterator[str]:
    pairs = zip(telling.run.amounts("resident_rate"), telling.run.amounts("registered_rate"), strict=True)
    held = [resident - registered for resident, registered in pairs]
    for key, sign in (("gap_below", 1), ("gap_above", -1)):
        rows = sorted((row for row, gap in enumerate(held) if gap * sign > 0), key=lambda row: (-abs(held[row]), row))
        if rows:
            yield telling.of_counties(key, rows, [held[row] for row in rows])


def _notes(run: Run, name: str) -> list[str]:
    """What an input of texts says of each county, without its full stop; nothing where the model lacks it."""
    if name not in run.model.inputs or name not in run.periods[-1]:
        return []
    return [str(note or "").rstrip("。.") for note in run.figures(name)]


def sources(telling: Telling) -> Iterator[Part]:
    model, timeline = telling.run.model, telling.found
    tables = timeline.run.tables
    live = make_year_plans(timeline, telling.lang)[0].live
    yield Sentences(telling.say("same_run" if live else "same_run_values", model=model.label))
    yield Sentences(telling.say("source_files", files=list(dict.fromkeys(table.file for table in tables))))
    for name in PEOPLE:
        entry = model.inputs[name]
        if entry.source:
            yield Sentences(telling.say("source_line", label=entry.label, source=entry.source))
    for name in RULES:
        words = sentence(model, model.columns[name].node, telling.lang)
        yield Sentences(telling.say("rule_line", label=telling.label(name), words=words))
    yield Sentences(telling.say("rounding"))
    for run in timeline.runs:
        for note in dict.fromkeys(_notes(run, "year_note")):
            if note:
                yield Sentences(telling.say("note_all_line", year=run.table.year, note=note))
        for name, note in zip(run.table.names, _notes(run, "data_note"), strict=False):
            if note:
                yield Sentences(telling.say("note_line", year=run.table.year, name=name, note=note))
    for check in telling.run.checks:
        if not check.ok:
            yield Sentences(telling.say("check_warns", label=check.label, counties=list(check.counties)))
    if any(table.illustrative for table in tables):
        yield Sentences(telling.say("illustrative"))
    if any(run.by_reference for run in timeline.runs):
        yield Sentences(telling.say("reference"))
