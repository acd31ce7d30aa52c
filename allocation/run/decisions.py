"""What law leaves to the bureau: which figures it decided on, which only stand for now, and where each comes from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from allocation.doubts.beside import VERSION
from allocation.doubts.policy import cells_of, doubted, over_years
from allocation.errors import AllocationError, Problem, nearest
from allocation.policy.model import Ground, Model, Parameter, item_labels
from allocation.policy.stages import COMMENT, DECIDED, ISSUED
from allocation.run.run import Run
from allocation.tables.spelling import fold
from allocation.texts import LANGUAGES, Both, Worded, both
from allocation.texts.decimals import plain_figure
from allocation.texts.remedies import option_words

OF_DOUBTS = ("doubts.blocks", "doubts.blocks_case", "doubts.crossed", "case.undecided", "case.only_expected")  # stops


def with_decided(model: Model, names: Sequence[str]) -> Model:
    """The model with every figure that `names` stand for decided on: a parameter, one of its figures, or a list."""
    problems: list[Problem] = []
    fresh = dict(model.parameters)
    for name in names:
        chosen = _meant(model, name)
        if not chosen:
            known = [entry.address("") for entry in model.parameters.values() if entry.decide]
            families = {entry.name.partition(".")[0] for entry in model.parameters.values() if entry.decide}
            near = nearest(name, [*known, *sorted(families)])
            slots = {"name": name, "nearest": near, "known": () if near else known or "—"}
            problems.append(Problem("case.not_open", slots, "--decided"))
        for entry, keys in chosen:
            fresh[entry.name] = fresh[entry.name].in_state(keys, "decided")
    if problems:
        raise AllocationError(problems)
    return replace(model, parameters=fresh)


def _meant(model: Model, name: str) -> list[tuple[Parameter, frozenset[str]]]:
    """The parameters that law leaves open which a name or label means, with the keys of the figures that are meant."""
    plain = name.replace(" ", "")
    decided_on = []
    for entry in (entry for entry in model.parameters.values() if entry.decide or "open" in entry.states.values()):
        family = entry.heading or entry.label
        words = {entry.name, entry.address(""), entry.name.partition(".")[0], *_labels(entry.label), *_labels(family)}
        keys = {key for key in entry.figures if key and plain in _ways_to(entry, key)}
        words |= _bracketed(entry)
        if plain in words or keys:
            decided_on.append((entry, frozenset(keys or entry.figures)))
    return decided_on


def _ways_to(entry: Parameter, key: str) -> tuple[str, ...]:
    return entry.address(key), f"{entry.name}.{key}", f"{entry.name}[{key}]", f"{entry.label.zh}[{key}]"


def _bracketed(entry: Parameter) -> set[str]:
    """How one figure of a list is written with its label: `weight[落户人口]`."""
    if entry.heading is None:
        return set()
    families = {entry.name.partition(".")[0], *_labels(entry.heading)}
    return {f"{family}[{item.replace(' ', '')}]" for family in families for item in item_labels(entry)}


def _labels(label: Both) -> set[str]:
    return {label.zh.replace(" ", ""), label.en.replace(" ", "")}


def pending(model: Model) -> list[tuple[Parameter, str]]:
    """Every figure still to be decided on, by its parameter and key."""
    return _in_state(model, "open")


def pending_families(model: Model) -> dict[str, Both]:
    """The names that `--decided` takes for all figures still open, each with its label."""
    return {entry.name.partition(".")[0]: entry.heading or entry.label for entry, _ in pending(model)}


def expected(model: Model) -> list[tuple[Parameter, str]]:
    """Every figure that is only expected (暂定, 预计数), by its parameter and key."""
    return _in_state(model, "expected")


def _in_state(model: Model, state: str) -> list[tuple[Parameter, str]]:
    return [(entry, key) for entry in model.parameters.values() for key in entry.keys_in(state)]


def model_of(run: Run) -> Model:
    """The model of a run, each figure in its state over all years of it."""
    return run.once(_over_all_years)


def _over_all_years(run: Run) -> Model:
    return replace(run.model, parameters=over_years(run.model, run.models))


def held_back(run: Run, stage: str = "", outside: bool = False) -> list[Problem]:
    """What a person must settle before a run becomes this: the one rule for every product beyond a trial.

    `stage`: that of a version, none without one; `outside`: it goes to readers outside the office. Doubts stop all but
    a trial in the house, and so do those of which it is not said in full how they were resolved; figures that are
    expected or stand for now may still be asked about in a draft for comment.
    """
    beyond, doubts = outside or stage not in ("", "trial"), run.doubts
    problems = [*_all_zero(run), *doubts.blocking(case_name(run)), *doubts.unsigned(stage in ISSUED)] if beyond else []
    if stage in DECIDED or outside and stage != COMMENT:
        problems += [*_undecided(run), *_baseless(run)]
    if outside or stage == "final":
        problems += _units_unchecked(run)
    return [*problems, *_one_person(run)] if stage in ISSUED else problems


def _one_person(run: Run) -> list[Problem]:
    """Who prepared a case does not review it where that is issued: duties are kept apart (财会〔2012〕21号)."""
    facts = run.facts
    alike = fold(facts.prepared) == fold(facts.reviewed) != ""
    return [Problem("case.same_person", {"name": facts.reviewed}, case_name(run))] if facts.of_case and alike else []


def _all_zero(run: Run) -> list[Problem]:
    """That there is a pool and every award is 0: its 0 stood for a blank."""
    nothing = run.model.pool and not any(run.figures(run.model.award))
    return [Problem("case.all_zero", where=run.model.file)] if nothing else []


def _units_unchecked(run: Run) -> list[Problem]:
    """A case whose units were laid beside no list at all: nobody knows that all are there, each under its own code."""
    beside, year = run.table.beside, run.table.year
    if not run.facts.of_case or beside is None or beside.registers:
        return []
    of_this_year = (listing.kind == VERSION and listing.year == year for listing in beside.listings)
    return [] if not all(of_this_year) else [Problem("case.units_unchecked", {"count": len(run.table)}, run.table.file)]


def _undecided(run: Run) -> list[Problem]:
    """Why a table with figures that only stand for now, or are only expected, goes no further than a draft for comment:
    the doubts of policy of each kind, with the cells of the case that they stand in.
    """
    model, problems = model_of(run), []
    for message, state in (("undecided", "open"), ("only_expected", "expected")):
        figures = _in_state(model, state)
        if not figures:
            continue
        families = {entry.name.partition(".")[0]: entry.heading or entry.label for entry, _ in figures}
        addresses = [entry.address(key) for entry, key in figures]
        options = (
            option_words("--decided", *families)
            if state == "open"
            else option_words("--set", *(f"{address}=…" for address in addresses))
        )
        ids = [doubt.id for doubt in run.doubts.open_policy if {*doubted(doubt.figures)} & {*addresses}]
        case = case_name(run)
        slots = {"count": len(figures), "names": [*families.values()], "options": options, "ids": ids}
        slots |= {"case": case, "address": addresses[0] if case else ""}
        problems.append(Problem(f"case.{message}", slots, cells_of(figures) or run.model.file))
    return problems


def case_name(run: Run) -> str:
    """The file of the bureau's own case; empty without one."""
    return run.facts.kept.file if run.facts.kept else ""


def _baseless(run: Run) -> list[Problem]:
    """Figures that a case says are decided on, but not on what paper; law's own need none."""
    decided = _in_state(run.model, "decided") if run.facts.of_case else []
    figures = [
        (entry, key)
        for entry, key in decided
        if key in entry.asked
        and entry.asked[key].state == "decided"
        and entry.origins.get(key, "case") == "case"
        and not entry.grounds.get(key, Ground()).basis.strip()
        and (entry.decide or entry.required or key in entry.origins or not entry.source)
    ]
    names = [*{entry.name.partition(".")[0]: entry.heading or entry.label for entry, _ in figures}.values()]
    slots = {"count": len(figures), "names": names}
    return [Problem("case.no_basis", slots, cells_of(figures))] if figures else []


def standing_text(entry: Parameter, key: str, model: Model) -> Both:
    """`暂按 0.8 测算，待定`."""
    figure = plain_figure(entry.figures[key], entry.unit.is_percent)
    return both("case.for_now", figure=figure, unit=_unit_beside(entry, model))


def standing_parts(entry: Parameter, model: Model) -> tuple[Both, Both]:
    """What stands before such a figure, and its unit with what stands after."""
    text = both("case.for_now", figure="\n", unit=_unit_beside(entry, model))
    return Worded(lambda lang: text[lang].split("\n")[0]), Worded(lambda lang: text[lang].split("\n")[1])


def _unit_beside(entry: Parameter, model: Model) -> Both:
    if entry.unit.is_percent:
        return Both(" %", " %")
    return Both(*(label and f" {label}" for label in (model.units.label(entry.unit.name, lang) for lang in LANGUAGES)))


def origin_text(entry: Parameter, key: str) -> Both:
    """Where a figure comes from that is not the model's, or that the model's was decided on."""
    if entry.state(key) == "expected":
        return both("case.expected_figure")
    if key in entry.origins:
        return both(f"case.origin_{entry.origins[key]}")
    return both("case.settled") if entry.state(key) == "decided" else Both("", "")


def standing_lines(run: Run) -> list[Both]:
    """What a reader must know of the figures a run stands on: those of a sample, and each that only stands for now."""
    model = model_of(run)
    samples = [both("case.of_sample", names=sampled(model))] if sampled(model) else []
    return samples + pending_lines(model)


def expected_head(model: Model) -> Both:
    """`暂定（预计数）：奖励资金总额 6,000 万元。…`; empty where nothing is only expected."""
    said = [_expected(entry, key, model) for entry, key in expected(model)]
    return both("case.expected_line", said=said) if said else Both("", "")


def _expected(entry: Parameter, key: str, model: Model) -> Both:
    figure, place = plain_figure(entry.figures[key], entry.unit.is_percent), f"/{key}" if key else ""

    def told(lang: str) -> str:
        unit = "%" if entry.unit.is_percent else " " + model.units.label(entry.unit.name, lang)
        return f"{entry.label[lang]}{place} {figure}{unit}".strip()

    return Worded(told)


def pending_lines(model: Model) -> list[Both]:
    """What is only expected; how many figures stand for now, and each parameter with them."""
    open_, lines = pending(model), [expected_head(model)] if expected(model) else []
    return lines + _open_lines(model, open_) if open_ else lines


def _open_lines(model: Model, open_: Sequence[tuple[Parameter, str]]) -> list[Both]:
    said: dict[str, list[Both]] = {}
    for entry, key in open_:
        text = standing_text(entry, key, model)
        if key:
            text = Both(f"{key} ", f"{key} ") + text
        elif entry.heading:
            text = Both(*(label.partition("/")[2] + " " for label in (entry.label.zh, entry.label.en))) + text
        said.setdefault(entry.name.partition(".")[0], []).append(text)
    labels = pending_families(model)
    lines = [both("case.pending_line", label=labels[name], said=texts) for name, texts in said.items()]
    return [pending_head(model), *lines]


def pending_head(model: Model) -> Both:
    """`待定参数 3 项：…`."""
    return both("case.pending", count=len(pending(model)), names=[*pending_families(model).values()])


def sampled(model: Model) -> list[Both]:
    """The parameters whose figures are the sample's."""
    return [entry.label for entry in model.parameters.values() if "sample" in entry.origins.values()]
