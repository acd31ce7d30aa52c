"""Records of 0.1, which were prose on 溯源 and JSON of another shape. Stands apart, and goes with 0.3.

Only this file reads what 0.1 wrote for people: texts joined by `；`, keys told by their beginning.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from allocation.errors import AllocationError, Problem
from allocation.patterns import LatePattern
from allocation.policy.stages import STAGES, key_of
from allocation.record import record as today

SCHEMA = 1
SCHEMAS = {
    "allocation.run/1": today.RUN,
    "allocation.timeline/1": today.TIMELINE,
    "allocation.evaluation/1": today.EVALUATION,
    "allocation.comparison/1": today.COMPARISON,
}
OF_FILES = LatePattern(r"adjustment_\d+(_role)?|source_(amount|reserve|advanced|paid)(\..+)?|advance_paid")
ROLES = LatePattern(
    r"adjustment_\d+_role|handled(\..*)?|approved|owed_before"
)  # how a part works, not what was decided
SIGNS = {
    "adjustments": "_adjustment_1",
    "sources": "_source_amount.s1",
    "settlement": "_advance_paid",
    "correction": "_settled_in",
}  # a name that is there, as it is called today, where a part was added
OF_CORRECTIONS = LatePattern(r"settled_in|handled(\..+)?|approved|owed_before")
INPUTS = LatePattern(
    r"(?:file: (?P<file>[^；]*?), )?(?:sha256: (?P<sha256>\w+), )?(?:year: (?P<year>\d+), )?"
    r"counties: (?P<counties>\d+), illustrative: (?P<mark>\w+)"
)
CHANGES = LatePattern(
    r"name: (?P<name>\S+?)(?:, key: (?P<key>.*?))?(?:, county: (?P<county>.*?))?(?:, year: (?P<year>\d{4}))?"
    r"(?:, old: (?P<old>.*?))?(?:, new: (?P<new>.*))?"
)
PLACE = LatePattern(r"name: (?P<name>[^,；]+), county: (?P<county>[^,；]+)")
LABEL = LatePattern(r"(?P<stage>\S+) 第(?P<number>\d+)稿.*")
STATUSES = {"初报": "preliminary", "核定": "verified", "暂估": "estimate"}


def with_names_of_today(record: today.Record) -> today.Record:
    """A version of 0.1 with the names that parts add today; any other as it is.

    A plain name is a part's only where something was attached or corrected: elsewhere it is the author's own.
    """
    if record.schema != SCHEMA or record.figures is None:
        return record
    patterns = [OF_FILES] if record.attached else []
    if record.version and record.version.stage == "correction":
        patterns.append(OF_CORRECTIONS)

    def renamed(name: str) -> str:
        return f"_{name}" if any(pattern.fullmatch(name) for pattern in patterns) else name

    figures = record.figures
    parameters = {renamed(name): text for name, text in figures.parameters.items()}
    inputs = {renamed(name): texts for name, texts in figures.inputs.items()}
    kinds = [kind for kind, sign in SIGNS.items() if patterns and (sign in parameters or sign in inputs)]
    parts = tuple(today.PartKept(kind) for kind in kinds)
    return replace(record, parts=parts, figures=replace(figures, parameters=parameters, inputs=inputs))


def of_manifest(content: Mapping[str, Any], where: str) -> today.Record:
    """A manifest or a version's JSON of 0.1."""
    try:
        return _of_manifest(content)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise AllocationError(Problem("record.old_unread", {"detail": error}, where)) from None


def _of_manifest(content: Mapping[str, Any]) -> today.Record:
    head, figures = content.get("version"), content.get("figures")
    return today.Record(
        kind=today.VERSION if head else SCHEMAS[content["schema"]],
        schema=SCHEMA,
        command=content.get("command", ""),
        date=content.get("date") or "",
        model=today.ModelKept(**{**content["model"], "basis": tuple(content["model"].get("basis", ()))}),
        inputs=tuple(today.TableKept(**table) for table in content["inputs"]),
        said=_said(content.get("said", "")),
        settings={address: today.SettingKept(**setting) for address, setting in content.get("settings", {}).items()},
        decided=tuple(content.get("decided", ())),
        pending=content.get("pending", {}),
        ledger={code: {name: _ledger_figure(line) for name, line in by_name.items()}
                for code, by_name in content.get("ledger", {}).items()},
        estimates=tuple(today.FigurePlace(**place) for place in content.get("estimates", ())),
        disputes=tuple(_dispute(dispute) for dispute in content.get("disputes", ())),
        objections=tuple(content.get("objections", ())),
        parts=tuple(today.PartKept(kind) for kind in content.get("parts", ())),
        attached=tuple(today.AttachedKept(**file) for file in content.get("attached", ())),
        changes=tuple(
            today.ChangeKept(**{**change, **{name: change.get(name) or "" for name in ("key", "county")}})
            for change in content.get("changes", ())
        ),
        versions=today.Program(**content["versions"]),
        exact=content["exact"],
        reference=content["reference"],
        totals=today.Totals(**content["totals"]),
        rows=tuple(content["awards"]),
        awards=content["awards"],
        names=content.get("names", {}),
        groups=content.get("groups", {}),
        blank=today.Blank(*(tuple(content["blank"].get(key, ())) for key in ("some", "all", "absent")))
        if "blank" in content else None,
        remarks=content.get("remarks", {}),
        doubts={id: today.DoubtKept(**{**doubt, "units": tuple(doubt["units"]), "figures": tuple(doubt["figures"])})
                for id, doubt in content.get("doubts", {}).items()},
        originals_sha256=content.get("originals_sha256", ""),
        checks=tuple(today.CheckKept(**{**check, "counties": tuple(check["counties"])})
                     for check in content.get("checks", ())),
        notes=tuple(today.NoteKept(**note) for note in content.get("notes", ())),
        print=content.get("print", {}),
        version=_version(head) if head else None,
        figures=today.KeptFigures(**figures) if figures else None,
    )  # fmt: skip


def _version(head: Mapping[str, Any]) -> today.VersionKept:
    label = LABEL.fullmatch(head.get("compared_with") or "")
    against = today.VersionPlace(key_of(STAGES, label["stage"]), int(label["number"])) if label else None
    return today.VersionKept(**{**head, "marks": tuple(head["marks"]), "compared_with": against})


def _said(text: str) -> tuple[tuple[str, str], ...]:
    return tuple((kind, said) for kind, said in json.loads(text or "[]"))


def _ledger_figure(line: str) -> today.LedgerFigure:
    value, source, date, status = (line.split("｜") + ["", "", ""])[:4]
    return today.LedgerFigure(value or None, source, date, STATUSES.get(status, status))


def _dispute(said: Mapping[str, str]) -> today.DisputeKept:
    others = tuple(_ledger_figure(line) for line in said["others"].split(" | "))
    return today.DisputeKept(
        said["name"], said["county"], _ledger_figure(said["used"]), said["by"], said["reason"], others
    )


def of_trace(lines: Mapping[str, str], file: str, text: str, where: str) -> today.Record:
    """The record of a workbook of 0.1 from the lines of its sheet 溯源 and the model's text below them."""
    kind = SCHEMAS.get(lines.get("schema", ""))
    if kind is None or "inputs" not in lines or not text.strip():
        raise AllocationError(Problem("record.none", where=where))
    try:
        return _of_trace(kind, _Lines(lines), file, text)
    except (KeyError, TypeError, ValueError) as error:
        raise AllocationError(Problem("record.old_unread", {"detail": error}, where)) from None


def is_trace(values: Mapping[tuple[int, int], object]) -> bool:
    """Whether a sheet with these cells is a sheet 溯源 of 0.1."""
    return values.get((2, 0)) == "schema" and values.get((2, 1)) in SCHEMAS


def of_cells(values: Mapping[tuple[int, int], object], lang: str, where: str) -> today.Record:
    """The record of a sheet 溯源 of 0.1: keys beside values, then the model's file and the lines of its text."""

    def text(row: int, column: int) -> str:
        value = values.get((row, column))
        return "" if value is None else str(value)

    last = max(row for row, _ in values)
    lines, row = {}, 2
    while text(row, 0):
        lines[text(row, 0)] = text(row, 1)
        row += 1
    while row <= last and not text(row, 0):
        row += 1
    model = "".join(text(line, 1) + "\n" for line in range(row + 1, last + 1))
    return replace(of_trace(lines, text(row, 0) or "model.toml", model, where), lang=lang)


class _Lines:
    """Keys joined by points, lists by `；`: as 0.1 wrote them."""

    def __init__(self, lines: Mapping[str, str]):
        self.lines = lines

    def said(self, *key: str) -> str:
        return self.lines.get(".".join(key), "")

    def each(self, *key: str) -> tuple[str, ...]:
        return tuple(text for text in self.said(*key).split("；") if text)

    def below(self, front: str) -> dict[str, str]:
        """What stands under a key, whatever points the rest of the key has."""
        return {key.removeprefix(f"{front}."): text for key, text in self.lines.items() if key.startswith(f"{front}.")}

    def nested(self, front: str) -> dict[str, dict[str, str]]:
        """`front.id.field`, where an id may have points."""
        grouped: dict[str, dict[str, str]] = {}
        for key, text in self.below(front).items():
            id, _, name = key.rpartition(".")
            grouped.setdefault(id, {})[name] = text
        return grouped

    def changes(self, key: str) -> Iterator[today.ChangeKept]:
        for line in filter(None, map(CHANGES.fullmatch, self.each(key))):
            year = int(line["year"]) if line["year"] else None
            yield today.ChangeKept(
                line["name"], line["key"] or "", line["county"] or "", line["old"], line["new"], year
            )

    def blank(self, front: str) -> today.Blank | None:
        parts = [f"{front}.{key}" for key in ("some", "all", "absent")]
        known = all(part in self.lines for part in parts[:2])
        return today.Blank(*(self.each(part) for part in parts)) if known else None


def _of_trace(kind: str, lines: _Lines, file: str, text: str) -> today.Record:
    model = today.ModelKept(
        lines.said("model", "name"), file, lines.said("model", "sha256"), lines.each("model", "basis"), text
    )
    inputs = tuple(
        today.TableKept(table["file"] or "", table["sha256"] or "", int(table["year"]) if table["year"] else None,
                  int(table["counties"]), table["mark"] == "True")
        for table in INPUTS.finditer(lines.said("inputs"))
    )  # fmt: skip
    head = lines.below("version")
    version = {**head, "marks": lines.each("version", "marks"),
               **{key: int(head[key]) for key in ("year", "number", "order")}} if head else None  # fmt: skip
    single = kind not in (*today.YEARS, today.COMPARISON)
    awards = lines.below("awards") if single else {}
    return today.Record(
        kind=today.VERSION if version else kind,
        schema=SCHEMA,
        command=lines.said("command"),
        date=lines.said("date"),
        model=model,
        inputs=inputs,
        said=_said(lines.said("said")),
        settings={address: today.SettingKept(setting.get("value"), setting["origin"])
                  for address, setting in lines.nested("settings").items()},
        decided=lines.each("decided"),
        pending=lines.below("pending"),
        ledger=_ledger(lines),
        estimates=tuple(today.FigurePlace(**place.groupdict()) for place in PLACE.finditer(lines.said("estimates"))),
        disputes=tuple(today.DisputeKept(place["name"], place["county"], today.LedgerFigure(None), "", "")
                       for place in PLACE.finditer(lines.said("disputes"))),
        changes=tuple(lines.changes("changes")),
        versions=today.Program(lines.said("versions", "allocation"), lines.said("versions", "python")),
        exact=lines.said("exact") == "True",
        reference=lines.said("reference") == "True",
        totals=today.Totals(lines.said("totals", "award") or None, lines.said("totals", "unit"),
                      lines.said("totals", "pool") or None),
        rows=tuple(awards),
        awards={code: award or None for code, award in awards.items()},
        names=lines.below("names") if single else {},
        blank=lines.blank("blank") if single else None,
        remarks=lines.below("remarks"),
        doubts={id: today.DoubtKept(doubt.get("kind", ""), doubt.get("state", ""), doubt.get("reason", ""),
                              zh=doubt.get("zh", ""), en=doubt.get("en", ""))
                for id, doubt in lines.nested("doubts").items()},
        originals_sha256=lines.said("originals_sha256"),
        print=lines.below("print"),
        growth=lines.below("growth"),
        runs=() if single else tuple(_years(lines, inputs) if kind in today.YEARS else _scenarios(lines)),
        version=_version(version) if version else None,
    )  # fmt: skip


def _ledger(lines: _Lines) -> dict[str, dict[str, today.LedgerFigure]]:
    ledger: dict[str, dict[str, today.LedgerFigure]] = {}
    for key, line in lines.below("ledger").items():
        code, _, name = key.partition(".")
        ledger.setdefault(code, {})[name] = _ledger_figure(line)
    return ledger


def _years(lines: _Lines, inputs: tuple[today.TableKept, ...]) -> Iterator[today.RunKept]:
    ahead = lines.each("projected")
    for year in (table.year for table in inputs):
        awards = lines.below(f"awards.{year}")
        changes = tuple(change for change in lines.changes("changes") if change.year in (None, year))
        yield today.RunKept(str(year), f"{year}年", str(year), year, str(year) in ahead, changes, tuple(awards),
                      {code: award or None for code, award in awards.items()}, lines.below(f"names.{year}"),
                      lines.blank(f"blank.{year}"))  # fmt: skip


def _scenarios(lines: _Lines) -> Iterator[today.RunKept]:
    number = 0
    while name := lines.said(f"scenarios.{number}.name"):
        front = f"scenarios.{number}"
        awards = lines.below(f"{front}.awards")
        yield today.RunKept(name, lines.said(f"{front}.zh"), lines.said(f"{front}.en"),
                      changes=tuple(lines.changes(f"{front}.changes")), rows=tuple(awards),
                      awards={code: award or None for code, award in awards.items()}, names=lines.below("names"),
                      blank=lines.blank(f"{front}.blank"),
                      doubted=tuple(id for id in lines.said(f"{front}.doubted").split() if id != "—"))  # fmt: skip
        number += 1
