"""A collection as described tables: the merged figures, what became of each return, what moved, what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from allocation.collecting.collect import LEFT_OUT, MISSING, Collected, Moved, ReturnStatus
from allocation.doubts.doubt import told
from allocation.language.units import PURE
from allocation.policy.model import Input
from allocation.report.printed import PrintedColumn, PrintedTable, Shown, Totals
from allocation.report.study import plain_table, study_table
from allocation.run.marks import in_title
from allocation.tables.guide import with_unit
from allocation.texts import Both, Worded, both, say
from allocation.texts.decimals import decimals_needed

REMARK = "remark"
NONE = "—"
SHOWN_TO = {
    "workbook": ("code", "name", "kind", "status", "file", "first_seen", "matched"),
    "terminal": ("code", "name", "status", "first_seen", "file", "matched"),
}


def data_table(collected: Collected) -> PrintedTable:
    """汇总数据, which a run reads as it is: 合计 last, of the inputs that add up."""
    model, table = collected.model, collected.table
    columns = [_input(collected, entry) for entry in model.inputs.values()]
    # Where nobody gave a figure there is none: the default is not the office's.
    blank = (None,) * len(table)
    values: dict[str, Sequence[Shown]] = {
        name: blank if name in table.absent else table.values[name] for name in model.inputs
    }
    if table.row_notes:
        columns.append(PrintedColumn(REMARK, both("workbook.remark"), kind="text"))
        values[REMARK] = table.row_notes
    places = [*zip(table.codes, table.names, strict=True)]
    slots = {"year": collected.year, "model": model.label, "part": through(collected)}
    title = Worded(lambda lang: say(lang, "collect.title", **slots) + mark(collected, lang))
    return study_table("collected", title, PURE, model.units, places, columns, values, "last")


def _input(collected: Collected, entry: Input) -> PrintedColumn:
    model, table = collected.model, collected.table
    figures = table.values[entry.name]
    places = 0 if entry.whole else entry.decimals if entry.decimals is not None else decimals_needed(figures)
    known = entry.name not in table.absent and any(value is not None for value in figures)
    total: Totals = "sum" if known and entry.adds_up else "blank"
    kind: Literal["text", "number"] = "text" if entry.text else "number"
    label = Worded(lambda lang: with_unit(entry.label[lang], entry, model.units, lang))
    return PrintedColumn(entry.name, label, entry.unit, places, kind, total)


def through(collected: Collected) -> Both | str:
    """The part of the year up to which they report; nothing for the whole of it."""
    return collected.ask.through.label if collected.ask.through else ""


def mark(collected: Collected, lang: str) -> str:
    return in_title(["illustrative"] if collected.table.illustrative else [])[lang]


def warning(collected: Collected, lang: str) -> str:
    """What a reader of an incomplete table must see first; empty when it is complete."""
    if collected.complete:
        return ""
    names = [line.name for line in (*collected.of_status(MISSING), *collected.of_status(LEFT_OUT))]
    return say(lang, "collect.incomplete", names=names or NONE, count=len(collected.problems) or NONE)


def lines_table(collected: Collected, reader: Literal["workbook", "terminal"]) -> PrintedTable:
    """收表情况: a line a recipient."""
    statuses = {"+".join(line.status): _status(line) for line in collected.lines}
    matched = {_match(line): _matched(line) for line in collected.lines}
    columns = {
        "code": PrintedColumn("code", both("workbook.code"), kind="text"),
        "name": PrintedColumn("name", both("workbook.name"), kind="text"),
        "kind": PrintedColumn("kind", both("collect.kind"), kind="text"),
        "status": PrintedColumn("status", both("collect.status"), kind="text", words=tuple(statuses.items())),
        "file": PrintedColumn("file", both("collect.file"), kind="text"),
        "first_seen": PrintedColumn("first_seen", both("collect.first_seen"), kind="text"),
        "matched": PrintedColumn("matched", both("collect.matched"), kind="text", words=tuple(matched.items())),
    }
    rows = [
        {"code": line.recipient.code, "name": line.recipient.name, "kind": line.recipient.kind,
         "status": "+".join(line.status), "file": "、".join(line.files), "first_seen": line.first_seen,
         "matched": _match(line)}
        for line in collected.lines
    ]  # fmt: skip
    slots = {"year": collected.year, "model": collected.model.label, "date": collected.ask.date,
             "part": through(collected)}  # fmt: skip
    title = Worded(lambda lang: say(lang, "collect.lines_title", **slots) + mark(collected, lang))
    return plain_table("returns", title, [columns[key] for key in SHOWN_TO[reader]], rows)


def _status(line: ReturnStatus) -> Both:
    def joined(lang: str) -> str:
        return ("、" if lang == "zh" else ", ").join(say(lang, f"collect.status_{status}") for status in line.status)

    return Worded(joined)


def _match(line: ReturnStatus) -> str:
    return f"{line.returned.match.by} {line.returned.said}" if line.returned else ""


def _matched(line: ReturnStatus) -> Both:
    """Which words said whose figures these are."""
    returned = line.returned
    return both(f"collect.by_{returned.match.by}", said=returned.said) if returned else Both("", "")


def changes_table(collected: Collected, before: str) -> PrintedTable:
    """变动 against the collection of the day `before`, empty without one."""
    labels = {change.input: collected.model.inputs[change.input].label for change in collected.changes}
    none = {"": both("collect.no_changes")} if before and not collected.changes else {}
    columns = [
        PrintedColumn("code", both("workbook.code"), kind="text"),
        PrintedColumn("name", both("workbook.name"), kind="text"),
        PrintedColumn("input", both("collect.input"), kind="text", words=tuple({**labels, **none}.items())),
        *(PrintedColumn(key, both(f"collect.{key}"), kind="text") for key in ("old", "new", "cell")),
    ]
    rows = [_moved(change) for change in collected.changes] or [{"input": ""} for _ in none]
    title = both("collect.changes_title", before=before) if before else both("collect.changes_first")
    return plain_table("changes", title, columns, rows)


def _moved(change: Moved) -> dict[str, Shown]:
    recipient = change.recipient
    return {"code": recipient.code, "name": recipient.name, "input": change.input, "old": change.old or NONE,
            "new": change.new or NONE, "cell": change.where}  # fmt: skip


def problems_table(collected: Collected) -> PrintedTable:
    """问题: what is wrong with files that were left out first, then hints, then what is to be resolved."""
    errors = [("error", Worded(problem.text)) for problem in collected.problems]
    hints = [("hint", Worded(note.text)) for note in collected.notes]
    texts = zip(told([collected.doubts], "zh"), told([collected.doubts], "en"), strict=True)
    doubts = [("doubt", Both(zh, en)) for zh, en in texts]
    lines: list[tuple[str, Both]] = [*errors, *hints, *doubts]
    lines = lines or [("", both("collect.clean"))]
    kinds = tuple((kind, both(f"collect.{kind}") if kind else Both("", "")) for kind in dict(lines))
    columns = [
        PrintedColumn("severity", both("collect.severity"), kind="text", words=kinds),
        PrintedColumn("text", both("collect.text"), kind="text",
                      words=tuple((str(place), text) for place, (_, text) in enumerate(lines))),
    ]  # fmt: skip
    rows = [{"severity": kind, "text": str(place)} for place, (kind, _) in enumerate(lines)]
    return plain_table("problems", both("collect.problems_title"), columns, rows)
