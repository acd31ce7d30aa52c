"""An explanation as text, as Markdown, and as JSON of a fixed schema."""

from __future__ import annotations

import re
from fractions import Fraction

from allocation.analysis.explain import Explanation
from allocation.analysis.releases import Release
from allocation.marks import mark_keys, marks
from allocation.model import Parameter
from allocation.readings.amounts import amount
from allocation.readings.derivation import Derivation, text
from allocation.texts import LANGUAGES, Both, decimal_text, say, shortened

SCHEMA = "allocation.explanation/1"
INDENT = "    "
NAMES = 8  # shown of a long list; the JSON has them all


def as_text(explanation: Explanation, lang: str) -> str:
    """County and policy, the derivation as indented lines, why not more."""
    lines, why = [heading(explanation, lang), "", *_derivation(explanation, lang)], _why(explanation, lang)
    return "\n".join(lines + (["", say(lang, "explain.why"), *(INDENT + line for line in why)] if why else []))


def as_markdown(explanation: Explanation, lang: str) -> str:
    """The same as nested lists under headings."""
    derivation, why = _derivation(explanation, lang), _why(explanation, lang)
    lines = [f"# {_plain(heading(explanation, lang))}", "", *map(_bullet, derivation)]
    return "\n".join(lines + (["", f"## {say(lang, 'explain.why')}", "", *map(_bullet, why)] if why else []))


def _bullet(line: str) -> str:
    inner = line.lstrip(" ")
    return "  " * ((len(line) - len(inner)) // len(INDENT)) + f"- {_plain(inner)}"


def heading(explanation: Explanation, lang: str) -> str:
    run, (code, name) = explanation.run, explanation.county
    slots = {"year": run.table.year, "model": run.model.label, "marks": marks(run, lang), "name": name, "code": code}
    return say(lang, "explain.heading", **slots)


def _derivation(explanation: Explanation, lang: str) -> list[str]:
    first, *rest = text(explanation.derivation, lang, explanation.depth).splitlines()
    compared = [INDENT + _compared(explanation, lang)] if explanation.last_year is not None else []
    return [first, *compared, *rest]


def _why(explanation: Explanation, lang: str) -> list[str]:
    model, found = explanation.run.model, explanation.releases
    lines = [rule.text[lang] for rule in explanation.why_not_more]
    for group, message in ((model.inputs, "explain.own"), (model.parameters, "explain.policy")):
        told = [one for one in found.sure if one.leaf.name in group]
        lines += [say(lang, message), *(INDENT + release_text(explanation, one, lang) for one in told)] if told else []
    for names, message in ((found.larger, "explain.larger"), (found.without, "explain.without")):
        cut = shortened([model.entry(name).label for name in names], NAMES)
        lines += [say(lang, message, names=cut, count=len(names))] if names else []
    return lines


def _compared(explanation: Explanation, lang: str) -> str:
    model = explanation.run.model
    entry, old = model.entry(model.compare_with), explanation.last_year
    more = explanation.derivation.figure - old
    message = "more" if more > 0 else "less" if more < 0 else "same"
    slots = {"label": entry.label, "old": amount(old, entry.unit, lang), "x": amount(abs(more), entry.unit, lang)}
    return say(lang, f"explain.than_last_{message}", **slots)


def release_text(explanation: Explanation, one: Release, lang: str) -> str:
    """“上年分配额”由 90 万元 改为 91 万元：分配额 135 → 136 万元（+1）；上限 135 → 136 万元."""
    model, column = explanation.run.model, explanation.run.model.entry(explanation.column)
    entry = model.entry(one.leaf.name)
    key = _key(entry, one.leaf.key, lang)
    slots = {
        "name": say(lang, "explain.entry", label=entry.label, key=key) if key else entry.label,
        "old": amount(one.leaf.old, entry.unit, lang), "new": amount(one.new, entry.unit, lang),
        "column": column.label, "before": amount(one.before, None, lang), "after": amount(one.after, column.unit, lang),
        "more": amount(one.after - one.before, column.unit, lang),
    }  # fmt: skip
    if column.unit.is_percent:
        slots["before"] = amount(one.before, column.unit, lang)
    told = say(lang, "explain.release", **slots)
    if one.limit and one.limit_after != one.limit_before:
        limit = model.entry(one.limit)
        low, high = (amount(x, limit.unit, lang) for x in (one.limit_before, one.limit_after))
        told += say(lang, "explain.release_limit", label=limit.label, before=low, after=high)
    return told


def _key(entry, key: str, lang: str) -> str:
    banded = isinstance(entry, Parameter) and entry.kind == "bands"
    return say(lang, "explain.band", place=key) if banded else key


def _plain(line: str) -> str:
    """Signs that Markdown would take for its own."""
    return re.sub(r"([\\`*_\[\]<>|#])", r"\\\1", line)


# ---- JSON


def as_json(explanation: Explanation) -> dict:
    """Figures are exact, as text: a decimal, or a quotient. Both languages stand in it."""
    run, model, (code, name) = explanation.run, explanation.run.model, explanation.county
    return {
        "schema": SCHEMA,
        "model": model.name,
        "title": _both(model.label),
        "year": run.table.year,
        "reference": run.reference,
        "illustrative": "illustrative" in mark_keys(run),
        "exact": run.exact,
        "county": {"code": code, "name": name},
        "column": explanation.column,
        "changed": [
            {"name": one.name, "key": one.key, "county": one.county, "old": exact(one.old), "new": exact(one.new)}
            for one in run.changed
        ],
        "last_year": exact(explanation.last_year),
        "derivation": _node(explanation, explanation.derivation),
        "why_not_more": {
            "rules": [
                {"kind": rule.kind, "column": rule.column, "limit": rule.limit, "text": _both(rule.text)}
                for rule in explanation.why_not_more
            ],
            "releases": [_release(explanation, one) for one in explanation.releases.sure],
            "larger": list(explanation.releases.larger),
            "without": list(explanation.releases.without),
        },
    }


def _node(explanation: Explanation, one: Derivation) -> dict:
    return {
        "name": one.name,
        "label": _both(one.label),
        "value": _value(explanation, one),
        "unit": one.unit.name if one.unit else "",
        "shown": _both(one.value),
        "words": _both(one.words),
        "numbers": _both(one.numbers),
        "note": _both(one.note),
        "source": one.source,
        "where": one.where,
        "children": [_node(explanation, child) for child in one.children],
    }


def _value(explanation: Explanation, one: Derivation) -> object:
    """A table parameter has no one figure: its entries, or its bands."""
    entry = explanation.run.model.parameters.get(one.name)
    if entry is not None and entry.values:
        return {key: exact(value) for key, value in entry.values}
    if entry is not None and entry.bands:
        edge = "below" if entry.below else "up_to"
        return [{edge: exact(band.edge), "value": exact(band.value)} for band in entry.bands]
    return exact(one.figure)


def _release(explanation: Explanation, one: Release) -> dict:
    return {
        "address": one.leaf.address,
        "name": one.leaf.name,
        "key": one.leaf.key,
        "old": exact(one.leaf.old),
        "new": exact(one.new),
        "before": exact(one.before),
        "after": exact(one.after),
        "limit": one.limit,
        "limit_before": exact(one.limit_before),
        "limit_after": exact(one.limit_after),
        "text": {lang: release_text(explanation, one, lang) for lang in LANGUAGES},
    }


def _both(label: Both) -> dict[str, str]:
    return {lang: label[lang] for lang in LANGUAGES}


def exact(value: object) -> object:
    """A fraction as a plain decimal, a quotient where none is exact; truths, texts and blanks as they are."""
    if not isinstance(value, Fraction):
        return value
    decimal = decimal_text(value, 15)
    return decimal if Fraction(decimal) == value else str(value)
