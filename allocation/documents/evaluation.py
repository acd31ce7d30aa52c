"""The evaluation report as data: every sentence is chosen by the figures of a run over years, and filled from them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from allocation.documents.parts import Grid, Heading, Part, Picture, Sentences, people, percent, points
from allocation.errors import AllocationError, Problem
from allocation.marks import marks
from allocation.readings.words import sentence
from allocation.run import Run
from allocation.study.timeline import Timeline
from allocation.texts import say

KINDS = {2018: "mid", 2020: "final"}  # the notice, item 19
PEOPLE = ("registered", "registered_urban", "resident", "resident_urban", "settled", "settled_target")
RATES = ("registered_rate", "resident_rate")
COLUMNS = (
    *RATES, "registered_rate_change", "resident_rate_change", "registered_rate_all", "resident_rate_all", "completion",
    "completion_rank", "completion_all", "behind", "settled_to_date", "target_to_date", "completion_to_date",
    "completion_to_date_all", "behind_to_date",
)  # fmt: skip
AGAINST = {"year": ("year_over", "year_met", "year_short"), "date": ("date_over", "date_met", "date_short")}
BEHIND = {
    "year": ("all_met", "short_head", "short_one"),
    "date": ("all_met_to_date", "short_head_to_date", "short_one_to_date"),
}
RULES = (*RATES, "completion", "completion_to_date")


def title(found: Timeline, lang: str) -> str:
    year = found.years[-1]
    return say(lang, "evaluate.title", kind=say(lang, f"evaluate.{KINDS.get(year, 'yearly')}"), year=year)


def report(found: Timeline, lang: str) -> list[Part]:
    """The parts of the report in order. Raises AllocationError where the model lacks a column it speaks of."""
    model = found.run.model
    lacking = [name for name in PEOPLE if name not in model.inputs]
    lacking += [name for name in COLUMNS if name not in model.columns]
    if lacking:
        raise AllocationError(Problem("evaluate.no_columns", {"model": model.label, "names": lacking}, model.file))
    writer = _Writer(found, lang)
    sections = (writer.overview, writer.counties, writer.trend, writer.gaps, writer.sources)
    parts: list[Part] = []
    for number, section in enumerate(sections, start=1):
        parts += [Heading(say(lang, f"evaluate.section_{number}")), *section()]
    return parts


def _side(value: Fraction, names: tuple[str, str, str]) -> str:
    return names[0] if value > 0 else names[2] if value < 0 else names[1]


class _Writer:
    def __init__(self, found: Timeline, lang: str):
        self.found, self.lang = found, lang
        self.run: Run = found.runs[-1]
        self.year, self.first = found.years[-1], found.years[0]
        self.names = self.run.table.names
        self.span = (
            str(self.year) if self.first == self.year else f"{self.first}{'—' if lang == 'zh' else '–'}{self.year}"
        )

    def say(self, key: str, **slots: object) -> str:
        return say(self.lang, f"evaluate.{key}", **slots)

    def label(self, name: str) -> str:
        return self.run.model.entry(name).label[self.lang]

    def joined(self, texts: Sequence[str]) -> str:
        return (" " if self.lang == "en" else "").join(texts)

    # ---- 1 overview

    def overview(self) -> Iterator[Part]:
        run, count = self.run, len(self.names)
        yield Sentences(self.say("scope", count=count, span=self.span, basis=list(run.model.basis)))
        told = [
            self.say(kind, year=self.year, count=count, people=people(run.total(kind)),
                     urban=people(run.total(f"{kind}_urban")), rate=percent(run.figure(f"{kind}_rate_all")))
            for kind in ("registered", "resident")
        ]  # fmt: skip
        gap = run.figure("registered_rate_all") - run.figure("resident_rate_all")
        told.append(self.say(_side(gap, ("rates_higher", "rates_equal", "rates_lower")), points=points(abs(gap))))
        yield Sentences(self.joined(told))
        told = [
            self.against("year", "settled", "settled_target", "completion_all", str(self.year)),
            self.against("date", "settled_to_date", "target_to_date", "completion_to_date_all", str(self.year)),
        ]
        short, later = (sum(value > 0 for value in run.figures(name)) for name in ("behind", "behind_to_date"))
        told.append(
            self.say("counted", met=count - short, short=short, met_to_date=count - later, short_to_date=later)
        )  # fmt: skip
        yield Sentences(self.joined(told))

    def against(self, kind: str, settled: str, target: str, rate: str, span: str) -> str:
        done, wanted = self.run.total(settled), self.run.total(target)
        return self.say(_side(done - wanted, AGAINST[kind]), span=span, settled=people(done), target=people(wanted),
                        rate=percent(self.run.figure(rate)), gap=people(abs(done - wanted)))  # fmt: skip

    # ---- 2 counties

    def counties(self) -> Iterator[Part]:
        run = self.run
        ranks, rates = run.figures("completion_rank"), run.figures("completion")
        order = sorted(range(len(self.names)), key=lambda row: (ranks[row], run.table.codes[row]))
        names = [
            self.say("ranked", name=self.names[row], rate=percent(rates[row]), rank=int(ranks[row])) for row in order
        ]
        yield Sentences(self.say("ranking", names=names))
        yield self.settled_table(order)
        series = {self.label("completion"): tuple(rates[row] for row in order)}
        caption = self.say("picture_completion", year=self.year)
        yield Picture("completion", caption, tuple(self.names[row] for row in order), series)
        yield self.rates_table()

    def settled_table(self, order: Sequence[int]) -> Grid:
        run = self.run
        names = ("settled_target", "settled", "completion", "completion_rank", "target_to_date", "settled_to_date",
                 "completion_to_date")  # fmt: skip
        shows = (people, people, percent, people, people, people, percent)
        keys = ("target", "settled_short", "rate", "rank", "target", "to_date_short", "rate")
        held = [run.figures(name) for name in names]
        rows = [(self.names[row], *(show(one[row]) for show, one in zip(shows, held, strict=True))) for row in order]
        sums = [people(run.total(name)) for name in names]
        sums[2], sums[3] = percent(run.figure("completion_all")), "—"
        sums[6] = percent(run.figure("completion_to_date_all"))
        heads = (self.say("name"), *(self.say(key) for key in keys))
        caption = self.say("table_settled", year=self.year)
        return Grid(caption, heads, (*rows, (self.say("total"), *sums)))

    def rates_table(self) -> Grid:
        run, heads, columns = self.run, [self.say("name")], []
        for kind in ("registered", "resident"):
            heads += [self.say(key) for key in (f"{kind}_short", "urban", "rate_short", "change")]
            shows = (people, people, percent, lambda value: points(value, sign=True))
            names = (kind, f"{kind}_urban", f"{kind}_rate", f"{kind}_rate_change")
            sums = [
                people(run.total(kind)),
                people(run.total(f"{kind}_urban")),
                percent(run.figure(f"{kind}_rate_all")),
            ]
            before = self.found.runs[-2].figure(f"{kind}_rate_all") if len(self.found.runs) > 1 else None
            now = run.figure(f"{kind}_rate_all")
            sums.append("—" if before is None else points(now - before, sign=True))
            for name, show, total in zip(names, shows, sums, strict=True):
                columns.append([*map(show, run.figures(name)), total])
        labels = [*self.names, self.say("total")]
        rows = tuple((label, *(column[row] for column in columns)) for row, label in enumerate(labels))
        return Grid(self.say("table_rates", year=self.year), tuple(heads), rows)

    # ---- 3 trend

    def trend(self) -> Iterator[Part]:
        if len(self.found.runs) == 1:
            yield Sentences(self.say("one_year", year=self.year))
            return
        for name in RATES:
            path = tuple(run.figure(f"{name}_all") for run in self.found.runs)
            yield Sentences(self.joined([self.path(name, path), self.each(path)]))
        old, new = (run.total("settled") for run in (self.found.runs[0], self.run))
        key = _side(new - old, ("people_up", "people_level", "people_down"))
        yield Sentences(self.say(key, first=self.first, year=self.year, old=people(old), new=people(new),
                                 gap=people(abs(new - old))))  # fmt: skip
        for number, name in enumerate(RATES, start=3):
            yield Sentences(self.joined(self.who(name)))
            yield self.years_table(number, name)
        years = tuple(str(year) for year in self.found.years)
        totals = {self.label(name): tuple(run.figure(f"{name}_all") for run in self.found.runs) for name in RATES}
        yield Picture("rates", self.say("picture_rates", number=2), years, totals)
        paths = {name: self.found.path("registered_rate", code) for code, name in self.found.counties.items()}
        yield Picture("counties", self.say("picture_counties", number=3), years, paths)

    def path(self, name: str, path: Sequence[Fraction]) -> str:
        key = _side(path[-1] - path[0], ("path_up", "path_level", "path_down"))
        return self.say(key, label=self.label(name), first=self.first, year=self.year, old=percent(path[0]),
                        new=percent(path[-1]), points=points(abs(path[-1] - path[0])))  # fmt: skip

    def each(self, path: Sequence[Fraction]) -> str:
        """What the years between did; nothing to add where there is one step only."""
        steps = {"up": [], "level": [], "down": []}
        for year, before, now in zip(self.found.years[1:], path, path[1:], strict=False):
            steps[_side(now - before, ("up", "level", "down"))].append(year)
        if len(path) == 2:
            return ""
        kinds = [kind for kind, years in steps.items() if years]
        if len(kinds) == 1:
            return self.say(f"each_{kinds[0]}")
        return self.say("each_mixed" if steps["up"] else "each_not_up", **steps)

    def who(self, name: str) -> Iterator[str]:
        """Which counties rose, fell or stayed between the first year and the last; those there in both."""
        moves: dict[str, list[str]] = {"up": [], "down": [], "level": []}
        for code, county in zip(self.run.table.codes, self.names, strict=True):
            path = self.found.path(name, code)
            if path[0] is not None:
                gap = path[-1] - path[0]
                told = self.say("moved", name=county, points=points(abs(gap))) if gap else county
                moves[_side(gap, ("up", "level", "down"))].append(told)
        for kind, names in moves.items():
            if names:
                yield self.say(f"who_{kind}", label=self.label(name), count=len(names), names=names)

    def years_table(self, number: int, name: str) -> Grid:
        heads = (
            self.say("name"),
            *map(str, self.found.years),
            self.say("span_change", first=self.first, year=self.year),
        )
        paths = {county: self.found.path(name, code) for code, county in self.found.counties.items()}
        paths[self.say("total")] = tuple(run.figure(f"{name}_all") for run in self.found.runs)
        rows = []
        for county, path in paths.items():
            both = path[0] is not None and path[-1] is not None
            moved = points(path[-1] - path[0], sign=True) if both else "—"
            rows.append((county, *("—" if value is None else percent(value) for value in path), moved))
        return Grid(self.say("table_years", number=number, label=self.label(name)), heads, tuple(rows))

    # ---- 4 gaps

    def gaps(self) -> Iterator[Part]:
        yield from self.behind("year", "settled", "settled_target", "behind", "completion")
        yield from self.behind("date", "settled_to_date", "target_to_date", "behind_to_date", "completion_to_date")

    def behind(self, kind: str, settled: str, target: str, gap: str, rate: str) -> Iterator[Part]:
        all_met, head, one = BEHIND[kind]
        held = [self.run.figures(name) for name in (settled, target, gap, rate)]
        short = sorted((row for row, value in enumerate(held[2]) if value > 0), key=lambda row: (-held[2][row], row))
        if not short:
            yield Sentences(self.say(all_met, year=self.year))
            return
        whole = sum(held[2], Fraction(0))
        yield Sentences(self.say(head, year=self.year, count=len(short), gap=people(whole)))
        for row in short:
            done, wanted, less, part = (figures[row] for figures in held)
            yield Sentences(self.say(one, name=self.names[row], settled=people(done),
                                     target=people(wanted), gap=people(less), rate=percent(part)))  # fmt: skip

    # ---- 5 sources

    def sources(self) -> Iterator[Part]:
        model, tables = self.run.model, self.found.run.tables
        yield Sentences(self.say("same_run", model=model.label))
        yield Sentences(self.say("source_files", files=list(dict.fromkeys(table.file for table in tables))))
        for name in PEOPLE:
            entry = model.inputs[name]
            if entry.source:
                yield Sentences(self.say("source_line", label=entry.label, source=entry.source))
        for name in RULES:
            words = sentence(model, model.columns[name].node, self.lang)
            yield Sentences(self.say("rule_line", label=self.label(name), words=words))
        for run in self.found.runs:
            notes = run.figures("data_note") if "data_note" in model.inputs and "data_note" in run.periods[-1] else ()
            for name, note in zip(run.table.names, notes, strict=False):
                if note:
                    yield Sentences(self.say("note_line", year=run.table.year, name=name, note=str(note).rstrip("。.")))
        for check in self.run.checks:
            if not check.ok:
                yield Sentences(self.say("check_warns", label=check.label, counties=list(check.counties)))
        if any(table.illustrative for table in tables):
            yield Sentences(self.say("illustrative"))
        if any(run.by_reference for run in self.found.runs):
            yield Sentences(self.say("reference"))


def report_marks(found: Timeline, lang: str) -> str:
    """The marks of any of the years."""
    texts = [marks(run, lang) for run in found.runs]
    return max(texts, key=len)
