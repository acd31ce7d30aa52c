"""The report's first two sections: how things stand in the year evaluated, together and by county."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from allocation.documents.parts import Grid, Part, Picture, Sentences, people, percent, points
from allocation.documents.telling import Telling, side

AGAINST = {"year": ("year_over", "year_met", "year_short"), "date": ("date_over", "date_met", "date_short")}


def overview(telling: Telling) -> Iterator[Part]:
    run, count = telling.run, len(telling.names)
    scope = [
        telling.say("scope", count=count, span=telling.span, basis=list(run.model.basis)),
        *_came_and_went(telling),
    ]
    yield Sentences(telling.joined(scope))
    told = [
        telling.say(kind, year=telling.year, count=count, people=people(run.sum_of(kind)),
                    urban=people(run.sum_of(f"{kind}_urban")), rate=percent(run.amount(f"{kind}_rate_all")),
                    moved=_since_last_year(telling, f"{kind}_rate"))
        for kind in ("registered", "resident")
    ]  # fmt: skip
    gap = run.amount("registered_rate_all") - run.amount("resident_rate_all")
    told.append(telling.say(side(gap, ("rates_higher", "rates_equal", "rates_lower")), points=points(abs(gap))))
    yield Sentences(telling.joined(told))
    before = any(run.total(name) for run in telling.found.runs for name in ("settled_before", "target_before"))
    told = [
        _against(telling, "year", "settled", "settled_target", "completion_all"),
        _against(telling, "date", "settled_to_date", "target_to_date", "completion_to_date_all",
                 before=telling.first if before else ""),
    ]  # fmt: skip
    short, later = (sum(value > 0 for value in run.amounts(name)) for name in ("behind", "behind_to_date"))
    told.append(telling.say("counted", met=count - short, short=short, met_to_date=count - later, short_to_date=later))
    yield Sentences(telling.joined(told))


def _came_and_went(telling: Telling) -> Iterator[str]:
    """Years whose counties are not those of the year before: their totals do not compare."""
    runs, changed = telling.found.runs, False
    for before, now in zip(runs, runs[1:], strict=False):
        held = [dict(zip(run.table.codes, run.table.names, strict=True)) for run in (before, now)]
        for key, there, absent in (("came", held[1], held[0]), ("went", held[0], held[1])):
            names = [name for code, name in there.items() if code not in absent]
            if names:
                changed = True
                yield telling.say(key, year=now.table.year, names=names)
    if changed:
        yield telling.say("not_alike")
        yield telling.say("over_common" if telling.common.codes else "none_common", common=telling.basis,
                          names=telling.common.others)  # fmt: skip


def _since_last_year(telling: Telling, name: str) -> str:
    """The change of a rate of all counties; empty where there is no year before, or none that compares."""
    gap = telling.step(name)
    if gap is None:
        return ""
    key = side(gap, ("rose", "stayed", "fell"))
    return telling.say(key, points=points(abs(gap)), common=telling.step_basis)


def _against(telling: Telling, kind: str, settled: str, target: str, rate: str, before: object = "") -> str:
    run = telling.run
    done, wanted = run.sum_of(settled), run.sum_of(target)
    return telling.say(side(done - wanted, AGAINST[kind]), year=telling.year, span=telling.span, settled=people(done),
                       target=people(wanted), rate=percent(run.amount(rate)), gap=people(abs(done - wanted)),
                       before=before)  # fmt: skip


def counties(telling: Telling) -> Iterator[Part]:
    run, names = telling.run, telling.names
    ranks, rates = run.amounts("completion_rank"), run.amounts("completion")
    order = sorted(range(len(names)), key=lambda row: (ranks[row], run.table.codes[row]))
    told = [
        telling.say("ranked" if list(ranks).count(ranks[row]) == 1 else "ranked_alike", name=names[row],
                    rate=percent(rates[row]), rank=int(ranks[row]))
        for row in order
    ]  # fmt: skip
    yield Sentences(telling.say("ranking", names=told))
    yield _settled_table(telling, order)
    series = {telling.label("completion"): tuple(rates[row] for row in order)}
    caption = telling.say("picture_completion", year=telling.year)
    yield Picture("completion", caption, tuple(names[row] for row in order), series)
    yield _rates_table(telling)


def _settled_table(telling: Telling, order: Sequence[int]) -> Grid:
    run = telling.run
    names = ("settled_target", "settled", "completion", "completion_rank", "target_to_date", "settled_to_date",
             "completion_to_date")  # fmt: skip
    shows = (people, people, percent, people, people, people, percent)
    keys = ("target", "settled_short", "rate", "rank", "target_short", "to_date_short", "rate_short")
    held = [run.amounts(name) for name in names]
    rows = [
        (telling.names[row], *(show(figures[row]) for show, figures in zip(shows, held, strict=True))) for row in order
    ]
    sums = ["" if (total := run.total(name)) is None else people(total) for name in names]
    sums[2], sums[3] = percent(run.amount("completion_all")), "—"
    sums[6] = percent(run.amount("completion_to_date_all"))
    heads = (telling.say("name"), *(telling.say(key) for key in keys))
    caption = telling.say("table_settled", year=telling.year)
    return Grid(caption, heads, (*rows, (telling.say("total"), *sums)), note=telling.say("note_rank"))


def _rates_table(telling: Telling) -> Grid:
    run, heads, columns = telling.run, [telling.say("name")], []
    for kind in ("registered", "resident"):
        heads += [telling.say(key) for key in (f"{kind}_short", "urban", f"{kind}_rate", "change")]
        sums = [people(run.sum_of(kind)), people(run.sum_of(f"{kind}_urban")), percent(run.amount(f"{kind}_rate_all"))]
        step = telling.step(f"{kind}_rate")
        sums.append("—" if step is None else points(step, sign=True))
        shows = (people, people, percent, lambda value: points(value, sign=True))
        names = (kind, f"{kind}_urban", f"{kind}_rate", f"{kind}_rate_change")
        for name, show, total in zip(names, shows, sums, strict=True):
            columns.append([*map(show, run.amounts(name)), total])
    labels = [*telling.names, telling.say("total")]
    rows = tuple((label, *(column[row] for column in columns)) for row, label in enumerate(labels))
    note = telling.say("note_rates", common=telling.step_basis)
    return Grid(telling.say("table_rates", year=telling.year), tuple(heads), rows, note=note)
