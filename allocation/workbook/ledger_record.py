"""What the record of a run says of its ledger, and what can be had of it when a workbook is opened again."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from allocation.parts.ledger import STATUSES
from allocation.run import Run
from allocation.schema import figure_or_text
from allocation.tables.keys import Figure
from allocation.tables.table import Dispute, Rival, Table

_NAMED = re.compile(r"name: (?P<name>[^,；]+), county: (?P<code>[^,；]+)")


def ledger_record(run: Run, text: Callable[[Figure], str | None]) -> dict:
    """Figures of the ledger by county and input, estimates, disputes, open objections; nothing without a ledger."""
    table = run.table
    ledger: dict[str, dict[str, str]] = {}
    for (name, row), rival in table.ledger.items():
        ledger.setdefault(table.codes[row], {})[name] = _line(rival, text)
    found = {
        "ledger": ledger,
        "estimates": [{"name": name, "county": table.codes[row]} for name, row in table.estimates],
        "disputes": [
            {
                "name": one.name, "county": table.codes[one.row], "used": _line(one.rivals[one.chosen], text),
                "by": one.by, "reason": one.reason,
                "others": " | ".join(_line(r, text) for place, r in enumerate(one.rivals) if place != one.chosen),
            }
            for one in table.disputes if one.rivals
        ],
        "objections": list(table.objections),
    }  # fmt: skip
    return {key: value for key, value in found.items() if value}


def _line(rival: Rival, text: Callable[[Figure], str | None]) -> str:
    parts = text(rival.value) or "", rival.source or "数据表", rival.date, STATUSES.get(rival.status, "")
    return "｜".join(parts)


def restored(table: Table, record: Mapping[str, str]) -> Table:
    """The table with its estimates and disputes, by the flat record on 溯源: enough for marks and sheets, not more."""
    estimates = tuple(_keys(table, record.get("estimates", "")))
    disputes = tuple(Dispute(name, row, (), 0, "", "") for name, row in _keys(table, record.get("disputes", "")))
    parts = ("ledger",) if any(key.startswith("ledger.") for key in record) else ()
    return replace(table, estimates=estimates, disputes=disputes, parts=(*table.parts, *parts))


def _keys(table: Table, said: str) -> list[tuple[str, int]]:
    found = [(one["name"], one["code"]) for one in _NAMED.finditer(said)]
    return [(name, table.codes.index(code)) for name, code in found if code in table.codes and name in table.values]


def recorded_figures(record: Mapping[str, str]) -> dict[tuple[str, str], Figure]:
    """What the ledger gave, by (input, code)."""
    found = {}
    for key, said in record.items():
        front, _, rest = key.partition(".")
        code, _, name = rest.partition(".")
        if front == "ledger":
            found[name, code] = figure_or_text(said.partition("｜")[0])
    return found
