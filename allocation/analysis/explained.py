"""An explanation as text, as Markdown, and as JSON of a fixed schema."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

from allocation.analysis.explain import Explanation
from allocation.analysis.headline import first_sentence
from allocation.analysis.releases import Release
from allocation.policy.model import Column, Input, Parameter
from allocation.readings.amounts import amount
from allocation.readings.derivation import Derivation, ToldStep, told
from allocation.run.marks import heading as heading_of
from allocation.run.marks import mark_keys, marks
from allocation.tables.table import number
from allocation.texts import LANGUAGES, Both, decimal_text, say, shortened

SCHEMA = "allocation.explanation/1"
INDENT = "    "
NAMES = 8  # shown of a long list; the JSON has them all


def as_text(explanation: Explanation, lang: str) -> str:
    """County and policy, the derivation as indented lines, why not more."""
    first, why = opening(explanation, lang), why_lines(explanation, lang)
    lines = [heading(explanation, lang), "", *([first, ""] if first else []), *steps(explanation, lang).lines()]
    return "\n".join(lines + (["", say(lang, "explain.why"), *(INDENT + line for line in why)] if why else []))


def as_markdown(explanation: Explanation, lang: str) -> str:
    """The same as nested lists under headings."""
    derivation, why = steps(explanation, lang).lines(), why_lines(explanation, lang)
    first = opening(explanation, lang)
    lines = [f"# {_plain(heading(explanation, lang))}", "", *([_plain(first), ""] if first else [])]
    lines += map(_bullet, derivation)
    return "\n".join(lines + (["", f"## {say(lang, 'explain.why')}", "", *map(_bullet, why)] if why else []))


def _bullet(line: str) -> str:
    inner = line.lstrip(" ")
    return "  " * ((len(line) - len(inner)) // len(INDENT)) + f"- {_plain(inner)}"


def opening(explanation: Explanation, lang: str) -> str:
    """The sentence one says to a director, before anything is derived; empty where there is none."""
    return first_sentence(explanation.headline, lang) if explanation.headline else ""


def heading(explanation: Explanation, lang: str) -> str:
    run, (code, name) = explanation.run, explanation.county
    slots = {"heading": heading_of(run)[lang], "marks": marks(run)[lang], "name": name, "code": code}
    return say(lang, "explain.heading", **slots)


def steps(explanation: Explanation, lang: str) -> ToldStep:
    """The derivation in words, with how the figure stands to last year's told beside it first."""
    step = told(explanation.derivation, lang, explanation.depth)
    compared = (_compared(explanation, lang),) if explanation.last_year is not None else ()
    return replace(step, beside=(*compared, *step.beside))


def why_lines(explanation: Explanation, lang: str) -> list[str]:
    """Why the figure is not more; what belongs to a line is indented below it."""
    model, tried = explanation.run.model, explanation.releases
    lines = [rule.text[lang] for rule in explanation.why_not_more]
    for group, message in ((model.inputs, "explain.own"), (model.parameters, "explain.policy")):
        of_group = [release_text(explanation, release, lang) for release in tried.sure if release.leaf.name in group]
        lines += [say(lang, message), *(INDENT + line for line in of_group)] if of_group else []
    for names, message in ((tried.larger, "explain.larger"), (tried.without, "explain.without")):
        cut = shortened([model.entry(name).label for name in names], NAMES)
        lines += [say(lang, message, names=cut, count=len(names))] if names else []
    return lines


def _compared(explanation: Explanation, lang: str) -> str:
    model = explanation.run.model
    entry, old = model.entry(model.compare_with), number(explanation.last_year)
    more = number(explanation.derivation.figure) - old
    message = "more" if more > 0 else "less" if more < 0 else "same"
    slots = {"label": entry.label, "old": amount(old, entry.unit, lang), "x": amount(abs(more), entry.unit, lang)}
    return say(lang, f"explain.than_last_{message}", **slots)


def release_text(explanation: Explanation, release: Release, lang: str) -> str:
    """“上年分配额”由 90 万元 改为 91 万元：分配额 135 → 136 万元（+1）；上限 135 → 136 万元."""
    model, column = explanation.run.model, explanation.run.model.entry(explanation.column)
    entry = model.entry(release.leaf.name)
    key = _key(entry, release.leaf.key, lang)
    slots = {
        "name": say(lang, "explain.entry", label=entry.label, key=key) if key else entry.label,
        "old": amount(release.leaf.old, entry.unit, lang), "new": amount(release.new, entry.unit, lang),
        "column": column.label, "before": amount(release.before, None, lang),
        "after": amount(release.after, column.unit, lang),
        "more": amount(release.after - release.before, column.unit, lang),
    }  # fmt: skip
    if column.unit.is_percent:
        slots["before"] = amount(release.before, column.unit, lang)
    line = say(lang, "explain.release", **slots)
    if release.limit and release.limit_after != release.limit_before:
        limit = model.entry(release.limit)
        low, high = (amount(x, limit.unit, lang) for x in (release.limit_before, release.limit_after))
        line += say(lang, "explain.release_limit", label=limit.label, before=low, after=high)
    return line


def _key(entry: Parameter | Input | Column, key: str, lang: str) -> str:
    banded = isinstance(entry, Parameter) and entry.kind == "bands"
    return say(lang, "explain.band", place=key) if banded else key


def _plain(line: str) -> str:
    """Signs that Markdown would take for its own."""
    return re.sub(r"([\\`*_\[\]<>|#])", r"\\\1", line)


# ---- JSON


def as_json(explanation: Explanation) -> dict[str, object]:
    """Figures are exact, as text: a decimal, or a quotient. Both languages stand in it."""
    run, model, (code, name) = explanation.run, explanation.run.model, explanation.county
    return {
        "schema": SCHEMA,
        "model": model.name,
        "title": _both(model.label),
        "year": run.year,
        "reference": run.reference,
        "illustrative": "illustrative" in mark_keys(run),
        "exact": run.exact,
        "county": {"code": code, "name": name},
        "column": explanation.column,
        "changed": [
            {
                "name": moved.name,
                "key": moved.key,
                "county": moved.county,
                "old": exact(moved.old),
                "new": exact(moved.new),
            }
            for moved in run.changed
        ],
        "sentence": {lang: opening(explanation, lang) for lang in LANGUAGES},
        "last_year": exact(explanation.last_year),
        "derivation": _node(explanation, explanation.derivation),
        "why_not_more": {
            "rules": [
                {"kind": rule.kind, "column": rule.column, "limit": rule.limit, "text": _both(rule.text)}
                for rule in explanation.why_not_more
            ],
            "releases": [_release(explanation, release) for release in explanation.releases.sure],
            "larger": list(explanation.releases.larger),
            "without": list(explanation.releases.without),
        },
    }


def _node(explanation: Explanation, part: Derivation) -> dict[str, object]:
    return {
        "name": part.name,
        "label": _both(part.label),
        "value": _value(explanation, part),
        "unit": part.unit.name if part.unit else "",
        "shown": _both(part.value),
        "words": _both(part.words),
        "numbers": _both(part.numbers),
        "note": _both(part.note),
        "source": part.source,
        "where": part.where,
        "children": [_node(explanation, child) for child in part.children],
    }


def _value(explanation: Explanation, part: Derivation) -> object:
    """A table parameter has no part figure: its entries, or its bands."""
    entry = explanation.run.model.parameters.get(part.name)
    if entry is not None and entry.values:
        return {key: exact(value) for key, value in entry.values}
    if entry is not None and entry.bands:
        edge = "below" if entry.below else "up_to"
        return [{edge: exact(band.edge), "value": exact(band.value)} for band in entry.bands]
    return exact(part.figure)


def _release(explanation: Explanation, release: Release) -> dict[str, object]:
    return {
        "address": release.leaf.address,
        "name": release.leaf.name,
        "key": release.leaf.key,
        "old": exact(release.leaf.old),
        "new": exact(release.new),
        "before": exact(release.before),
        "after": exact(release.after),
        "limit": release.limit,
        "limit_before": exact(release.limit_before),
        "limit_after": exact(release.limit_after),
        "text": {lang: release_text(explanation, release, lang) for lang in LANGUAGES},
    }


def _both(label: Both) -> dict[str, str]:
    return {lang: label[lang] for lang in LANGUAGES}


def exact(value: object) -> object:
    """A fraction as a plain decimal, a quotient where none is exact; truths, texts and blanks as they are."""
    if not isinstance(value, Fraction):
        return value
    decimal = decimal_text(value, 15)
    return decimal if Fraction(decimal) == value else str(value)
