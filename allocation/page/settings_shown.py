"""The settings of a work as a form shows them: each with what one must know to set it, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import TypedDict

from allocation.analysis.addresses import as_typed, key_shown, name_shown
from allocation.case import BY_KEY, FACTS, TABLE, Facts, said_facts, with_fact, words_of
from allocation.errors import AllocationError, Problem
from allocation.opening.additions import of_table, standing
from allocation.page.works import Work
from allocation.page.workshop import OpenedWork
from allocation.policy.model import Ground, Model, Parameter
from allocation.policy.stages import STATES
from allocation.report.problems_json import TextOfProblem, told
from allocation.run.decisions import origin_text
from allocation.run.scenario import apply_changes, parse_assignment
from allocation.tables.guide import range_text
from allocation.texts import Speaker

MISSING, OPEN, SETTLED = "missing", "open", "settled"  # what is to be done with a block, in the order it is asked


class SettingShown(TypedDict):
    """`value`: what stands without what is tried; `given`: as it was typed. `state`: 已定, 暂定, 未定; may be empty."""

    address: str
    label: str
    item: str
    unit: str
    range: str
    value: str
    given: str
    last: str
    origin: str
    basis: str
    state: str
    open: bool
    decided: bool
    problems: list[TextOfProblem]


class BlockShown(TypedDict):
    """The figures of one parameter or list; `group` is MISSING, OPEN or SETTLED."""

    label: str
    group: str
    source: str
    keyed: bool
    settings: list[SettingShown]


class FactShown(TypedDict):
    key: str
    label: str
    about: str
    kind: str
    choices: list[str]
    value: str
    given: str
    problems: list[TextOfProblem]


class TriedShown(TypedDict):
    """One thing that is tried: what stands, and what is to stand; `kind` is setting, fact, decision or resolution.

    `decided`: the figure is decided on, as it is tried.
    """

    kind: str
    key: str
    label: str
    old: str
    new: str
    wrong: bool
    decided: bool


def blocks_shown(opened: OpenedWork, work: Work, speaker: Speaker) -> list[BlockShown]:
    """Those that lack a figure first, then those that nobody has decided on, then all others, in the model's order."""
    model = opened.model
    if model is None:
        return []
    families = groupby(model.parameters.values(), lambda entry: entry.name.partition(".")[0])
    blocks = [_block(model, [*entries], work, speaker) for _, entries in families]
    return sorted(blocks, key=lambda block: (MISSING, OPEN, SETTLED).index(block["group"]))


def tried_shown(opened: OpenedWork, work: Work, speaker: Speaker) -> list[TriedShown]:
    """What is tried, decided on and resolved, and not yet saved."""
    said = {key: text[speaker.lang] for key, text in said_facts(opened.facts).items()}
    facts: list[TriedShown] = [
        {"kind": "fact", "key": key, "label": fact_label(key, speaker), "old": said.get(key, ""), "new": text,
         "wrong": bool(wrong_with_fact(opened.facts, key, text)), "decided": False}
        for key, text in work.facts.items()
    ]  # fmt: skip
    doubts: list[TriedShown] = [
        {
            "kind": "resolution",
            "key": id,
            "label": id,
            "old": "",
            "new": resolved.reason,
            "wrong": False,
            "decided": False,
        }
        for id, resolved in work.resolved.items()
    ]
    return [*_table_tried(opened, work, speaker), *_figures_tried(opened, work, speaker), *facts, *doubts]


def _table_tried(opened: OpenedWork, work: Work, speaker: Speaker) -> list[TriedShown]:
    """Another table than the case names, or another sheet of it."""
    if opened.case is None or opened.table.material is None:
        return []
    old, new = standing(opened.case, TABLE, TABLE) or {}, of_table(opened.case, *table_read(opened, work))
    label = speaker.say("page_settings.table_tried")
    texts = [" ".join(said.values()) for said in (old, new)]
    return [] if old == new else [
        {"kind": "table", "key": TABLE, "label": label, "old": texts[0], "new": texts[1], "wrong": False,
         "decided": False}
    ]  # fmt: skip


def table_read(opened: OpenedWork, work: Work) -> tuple[Path, str]:
    """The table that a work of a case reads, and which sheet of it; of mended cells not the copy that holds them."""
    assert opened.case
    of_case_file = opened.case.table.resolve()
    table = opened.question.table if opened.question.table and not work.mends else of_case_file
    of_case = opened.case.sheet if table.resolve() == of_case_file else ""
    return table.resolve(), work.sheet or of_case


def facts_to_save(opened: OpenedWork, work: Work) -> dict[str, str]:
    """What is tried of the facts, and the years for which the table is read."""
    case, years = opened.case, {"budget_year": work.year, "data_year": work.data_year}
    kept = {key: str(year) for key, year in years.items() if case and year and getattr(case.facts, key) != year}
    return {**kept, **work.facts}


def _figures_tried(opened: OpenedWork, work: Work, speaker: Speaker) -> list[TriedShown]:
    model = opened.model
    figures = {entry.address(key): (entry, key) for entry in model.parameters.values()
               for key in entry.figures} if model else {}  # fmt: skip
    listed: list[TriedShown] = []
    for address in {**work.settings, **dict.fromkeys(work.decided)}:
        entry, key = figures.get(address, (None, ""))
        old, text = as_typed(entry, entry.figures[key]) if entry else "", work.settings.get(address, "")
        listed.append({
            "kind": "setting" if text else "decision", "key": address, "old": old, "new": text or old,
            "label": name_shown(entry, key, speaker) if entry else address,
            "wrong": bool(model and wrong_with(model, address, text)), "decided": address in work.decided,
        })  # fmt: skip
    return listed


def fact_label(key: str, speaker: Speaker) -> str:
    return BY_KEY[key].labels[0 if speaker.lang == "zh" else -1]


def _block(model: Model, entries: Sequence[Parameter], work: Work, speaker: Speaker) -> BlockShown:
    lang, first = speaker.lang, entries[0]
    settings = [_setting(model, entry, key, work, speaker) for entry in entries for key in entry.figures]
    lacking = any(None in entry.figures.values() for entry in entries)
    undecided = any(setting["open"] for setting in settings)
    return {
        "label": (first.heading or first.label)[lang],
        "group": MISSING if lacking else OPEN if undecided else SETTLED,
        "source": first.source,
        "keyed": len(settings) > 1,
        "settings": settings,
    }


def _setting(model: Model, entry: Parameter, key: str, work: Work, speaker: Speaker) -> SettingShown:
    lang, address = speaker.lang, entry.address(key)
    ground, state, figure = entry.grounds.get(key, Ground()), entry.state(key), entry.figures[key]
    origin = (origin_text(entry, key)[lang] or speaker.say("page.origin_model")) if figure is not None else ""
    item = key_shown(entry, key, lang) or (entry.label[lang].rpartition("/")[2] if entry.heading else "")
    return {
        "address": address,
        "label": entry.label[lang],
        "item": item,
        "unit": model.units.label(entry.unit.name, lang),
        "range": range_text(entry, lang),
        "value": as_typed(entry, figure),
        "given": work.settings.get(address, ""),
        "last": as_typed(entry, ground.last),
        "origin": origin,
        "basis": entry.on_paper(key),
        "state": STATES[state][lang] if state else "",
        "open": state in ("open", "expected") and figure is not None,
        "decided": address in work.decided,
        "problems": told(wrong_with(model, address, work.settings.get(address, "")), speaker),
    }  # fmt: skip


def wrong_with(model: Model, address: str, text: str) -> list[Problem]:
    """What `--set` would say of one setting alone; nothing where nothing was typed."""
    if not text:
        return []
    try:
        apply_changes(model, (), [parse_assignment(f"{address}={text}")])
    except AllocationError as error:
        return error.problems
    return []


def facts_shown(opened: OpenedWork, work: Work, speaker: Speaker) -> list[FactShown]:
    """The facts of the issue, as the sheet 基本信息与参数 asks for them."""
    lang = speaker.lang
    standing = opened.facts
    said = {key: text[lang] for key, text in said_facts(standing).items()}
    return [
        {
            "key": fact.key, "label": fact_label(fact.key, speaker), "kind": fact.kind,
            "about": speaker.say(f"case.about_{fact.key}"), "choices": [words[lang] for words in words_of(fact.key)],
            "value": said.get(fact.key, ""), "given": work.facts.get(fact.key, ""),
            "problems": told(wrong_with_fact(standing, fact.key, work.facts.get(fact.key, "")), speaker),
        }
        for fact in FACTS
    ]  # fmt: skip


def wrong_with_fact(facts: Facts, key: str, text: str) -> list[Problem]:
    if not text:
        return []
    try:
        with_fact(facts, key, text)
    except AllocationError as error:
        return error.problems
    return []
