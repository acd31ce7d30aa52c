"""A decomposition as a described table: the award before, what each change does to it, the change, the award after."""

from __future__ import annotations

from allocation.analysis.addresses import set_to
from allocation.analysis.decompose import Decomposition
from allocation.language import tree
from allocation.report.printed import PrintedColumn, PrintedTable, Totals
from allocation.report.study import across, study_table
from allocation.report.terms import Term
from allocation.run.marks import marks
from allocation.run.scenario import Change
from allocation.tables.table import number
from allocation.texts import Both, Worded, both, say, show
from allocation.texts.decimals import typed

BEFORE, CHANGE, AFTER = "before", "change", "after"


def decomposed_table(result: Decomposition) -> PrintedTable:
    """In the award's published unit, so that every row and column closes; 合计 last where awards add up."""
    model, table = result.before.model, result.before.table
    award, adds = model.columns[model.award], model.adds_up(model.award)
    causes = [cause_key(cause) for cause in result.causes]

    def column(key: str, label: Both, node: tree.Node | None = None) -> PrintedColumn:
        total: Totals = "blank" if not adds else "own" if node else "sum"
        return PrintedColumn(key, label, award.unit, award.decimals, total=total, node=node)

    columns = [
        column(BEFORE, both("study.before")),
        *(column(key, _label(result, cause)) for key, cause in zip(causes, result.causes, strict=True)),
        column(CHANGE, both("study.change"), across(causes)),
        column(AFTER, both("study.after"), tree.Binary("+", Term(BEFORE).node, Term(CHANGE).node)),
    ]
    counties = result.closed()[:-1]
    parts = {key: tuple(row[place] for row in counties) for place, key in enumerate(causes)}
    title = Worded(lambda lang: say(lang, "decompose.title", model=model.label) + marks(result.after)[lang])
    places = dict(zip(table.codes, table.names, strict=True))
    values = {BEFORE: result.before.figures(model.award), **parts}
    return study_table("decomposition", title, award.unit, model.units, places, columns, values,
                       "last" if adds else "none")  # fmt: skip


def cause_key(cause: Change) -> str:
    return f"{cause.address}={show(cause.value, 'zh')}"


def _label(result: Decomposition, cause: Change) -> Both:
    """By the label of what is changed, or in English as it was typed."""
    plain = cause.value if isinstance(cause.value, str) else typed(number(cause.value))
    return Worded(lambda lang: set_to(result.before.model, cause, lang, plain))
