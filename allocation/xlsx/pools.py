"""What several pools hand out side by side, as a CSV file: which pool is which stands in every heading."""

from __future__ import annotations

from pathlib import Path

from allocation.analysis.compare import Comparison
from allocation.files.text_out import csv_rows
from allocation.report.comparison import PART
from allocation.run.marks import mark_keys, mark_words
from allocation.tables.table import number
from allocation.texts import exact_text, say


def write_pools(comparison: Comparison, path: Path, lang: str) -> None:
    """Award and share of each unit by pool; every row says what the figures are marked as."""
    entry = comparison.model.columns[comparison.model.award]
    amounts = comparison.model.units.with_unit(entry.label[lang], entry.unit, lang)
    said = "；".join(word[lang] for word in mark_words(mark_keys(comparison.base)))
    heads = [say(lang, f"workbook.{key}") for key in ("code", "name")]
    columns: list[list[str]] = []
    for place, scenario in enumerate(comparison.scenarios):
        shares = [None if share is None else round(number(share) * 100, 4) for share in comparison.figures(place, PART)]
        heads += [say(lang, "pools.column", pool=scenario.label, figure=figure) for figure in (amounts, "%")]
        columns += [[exact_text(amount) or "" for amount in comparison.awards(place)],
                    [exact_text(share) or "" for share in shares]]  # fmt: skip
    table = comparison.base.table
    rows = zip(table.codes, table.names, *columns, [said] * len(table), strict=True)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv_rows(file, [[*heads, say(lang, "workbook.remark")], *map(list, rows)])
