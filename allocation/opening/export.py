"""A case with its side file as one new file (`allocation export`): people's own sheets, comments and lines stay."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path

from allocation.case import BY_KEY, FACT, RESOLUTION, SETTING, TABLE, CaseFile
from allocation.errors import AllocationError, Problem
from allocation.opening.additions import SIGNED, Addition, merged, read_additions, side_file, standing
from allocation.opening.case_book import DATA_SHEET, ITEMS, RESOLUTIONS, SETTINGS, info_rows
from allocation.opening.cases import case_alone
from allocation.opening.splicing import with_cells
from allocation.policy.stages import STATES
from allocation.policy.toml_file import toml_value
from allocation.run.scenario import parse_value
from allocation.tables.case_sheets import DATA, DOUBTS, INFO, TITLES, sheet_of
from allocation.tables.cells import SourceSheet
from allocation.tables.grid import open_grid, read_bytes
from allocation.tables.spelling import fold
from allocation.texts import exact_text

SECTIONS = {FACT: "facts", SETTING: "settings", RESOLUTION: "resolved"}


def exported(path: Path, out: Path) -> bytes:
    """The bytes of the new case. Raises where something is still to be chosen, and where it would not read the same."""
    alone, additions = case_alone(path), read_additions(side_file(path))
    whole = merged(alone, additions)
    if whole.crossed:
        raise AllocationError([doubt.problem for doubt in whole.crossed])
    said = {addition.place for addition in additions if standing(alone, *addition.place) != addition.said}
    fresh = [addition for addition in additions if addition.place in said]
    ending = path.suffix.lower()
    if out.suffix.lower() != ending:
        raise AllocationError(Problem("case.export_ending", {"ending": ending}, out.as_posix()))
    if ending not in (".xlsx", ".xlsm", ".toml"):
        raise AllocationError(Problem("case.export_kind", where=path.name))
    data = read_bytes(path) if ending != ".toml" else path.read_bytes()
    if fresh:
        text = ending == ".toml"
        data = _text_with(data.decode("utf-8-sig"), alone, fresh).encode() if text else _book_with(path, data, fresh)
    _check(data, whole)
    return data


def _check(data: bytes, whole: CaseFile) -> None:
    """Raises unless the new file reads as the case and its side file do together."""
    with tempfile.TemporaryDirectory() as folder:  # not beside the case: who is stopped here leaves nothing there
        base = Path(folder, "1", "2", "3", "4")
        base.mkdir(parents=True)
        for beside in {whole.table, *whole.given.values()} - {whole.path}:  # named, and asked only whether it is there
            stands = base / os.path.relpath(beside, whole.path.parent)
            stands.parent.mkdir(parents=True, exist_ok=True)
            stands.touch()
        file = base / whole.path.name
        file.write_bytes(data)
        try:
            again = case_alone(file)
        except AllocationError:
            again = None
    wrong = [] if again is None else [key for kind, key in _places(whole, again)
                                      if standing(again, kind, key) != standing(whole, kind, key)]  # fmt: skip
    if again is None or wrong or again.model != whole.model:
        raise AllocationError(Problem("case.cannot_export", {"keys": wrong or "—"}, whole.path.name))


def _places(*cases: CaseFile) -> list[tuple[str, str]]:
    """Everything that any of them says, each once."""
    places = [(TABLE, TABLE), *((FACT, key) for key in BY_KEY)]
    for case in cases:
        places += [(SETTING, setting.address) for setting in case.settings]
        places += [(RESOLUTION, id) for id in case.resolved]
    return [*dict.fromkeys(places)]


def _book_with(path: Path, data: bytes, additions: Sequence[Addition]) -> bytes:
    sheets = open_grid(path, data)
    info = sheet_of(sheets, INFO)
    assert info is not None  # the case was read from it
    cells = {info.name: _info_cells(info, [addition for addition in additions if addition.kind != RESOLUTION])}
    resolved = [addition for addition in additions if addition.kind == RESOLUTION]
    if resolved:
        doubts = sheet_of(sheets, DOUBTS)
        if doubts is None:
            raise AllocationError(Problem("case.sheet_needed", {"sheet": TITLES[DOUBTS]}, path.name))
        cells[doubts.name] = _doubt_cells(doubts, resolved)
    return with_cells(path.name, data, {name: given for name, given in cells.items() if given})


def _info_cells(info: SourceSheet, additions: Iterable[Addition]) -> dict[tuple[int, int], str | Fraction]:
    """Facts and settings each in its row; what has none in rows of its own, below all there is."""
    places, end = info_rows(info), len(info.rows) + 1
    cells: dict[tuple[int, int], str | Fraction] = {}
    below = {SETTING: False, FACT: False}
    named = [addition for addition in additions if addition.kind == TABLE]
    for addition in named:
        cells |= _table_cells(info, places.get(addition.place), addition.said)
    additions = [addition for addition in additions if addition not in named]
    for addition in sorted(additions, key=lambda addition: addition.kind):
        row, columns = places.get(addition.place, (-1, {}))
        if row < 0:
            columns = {entry.key: at for at, entry in enumerate(SETTINGS)} if addition.kind == SETTING else {}
            if not below[addition.kind]:
                heads = [entry.labels[0] for entry in SETTINGS] if columns else [ITEMS[0]]
                cells |= {(end + 1, column): text for column, text in enumerate(heads)}
                below[addition.kind], end = True, end + 2
            row, end = end, end + 1
            cells[row, columns.get("address", 0)] = addition.key
        if addition.kind == FACT:
            cells[row, 1] = addition.said["text"]
            continue
        said = addition.whole
        for key in ("value", "state", "basis", *SIGNED):
            text = said.get(key, "")
            value = parse_value(text) if key == "value" and text else None
            shown = STATES[text].zh if key == "state" and text else text if value is None else value
            if key in columns:
                cells[row, columns[key]] = shown
    return cells


def _table_cells(
    info: SourceSheet, place: tuple[int, dict[str, int]] | None, said: Mapping[str, str]
) -> dict[tuple[int, int], str | Fraction]:
    """The file of 数据 in its row, and the sheet of it beside that."""
    if place is None:  # its data are a sheet of its own
        raise AllocationError(Problem("case.cannot_export", {"keys": [TITLES[DATA]["zh"]]}, info.file))
    row, sheet = place[0], said.get("sheet", "")
    beside: dict[tuple[int, int], str | Fraction] = {(row, 2): sheet} if sheet or not info.cell(row, 2).empty else {}
    headed: dict[tuple[int, int], str | Fraction] = {(place[1]["head"], 2): DATA_SHEET[0]} if sheet else {}
    return {(row, 1): said["file"], **beside, **headed}


def _doubt_cells(sheet: SourceSheet, additions: Iterable[Addition]) -> dict[tuple[int, int], str | Fraction]:
    labels = {fold(word): entry.key for entry in RESOLUTIONS for word in entry.labels}
    rows = range(len(sheet.rows))
    names = [{labels[fold(cell.text)]: at for at, cell in enumerate(sheet.rows[row]) if fold(cell.text) in labels}
             for row in rows]  # fmt: skip
    head = next((row for row in rows if len(names[row]) > 2 and "id" in names[row]), None)
    if head is None:
        raise AllocationError(Problem("case.sheet_needed", {"sheet": TITLES[DOUBTS]}, sheet.file))
    columns = names[head]
    ids = {sheet.cell(row, columns["id"]).text: row for row in rows if row > head}
    filled = [row for row in rows if any(not sheet.cell(row, at).empty for at in columns.values())]
    cells: dict[tuple[int, int], str | Fraction] = {}
    end = max([head, *filled]) + 1
    for addition in additions:
        row = ids.get(addition.key, end)
        end += row == end
        cells[row, columns["id"]] = addition.key
        cells |= {(row, columns[key]): addition.said.get(key, "") for key in columns if key in RESOLVING}
    return cells


RESOLVING = ("reason", "basis", "prepared", "reviewed", "date")


def _text_with(text: str, case: CaseFile, additions: Iterable[Addition]) -> str:
    lines = text.splitlines()
    for addition in additions:
        if addition.kind == TABLE:
            lines = _table_lines(lines, addition.said)
            continue
        head = f"[{SECTIONS[addition.kind]}]"
        written = f"{json.dumps(addition.key, ensure_ascii=False)} = {_value(case, addition)}"
        if head not in (line.split("#")[0].strip() for line in lines):
            lines += ["", head]
        start = next(at for at, line in enumerate(lines) if line.split("#")[0].strip() == head)
        end = next((at for at in range(start + 1, len(lines)) if lines[at].lstrip().startswith("[")), len(lines))
        line_at = next((at for at in range(start + 1, end) if _key(lines[at]) == addition.key), None)
        if line_at is None:
            lines.insert(start + 1, written)
        else:
            lines[line_at] = written + _remark(lines[line_at])
    return "\n".join(lines) + "\n"


def _table_lines(lines: Sequence[str], said: Mapping[str, str]) -> list[str]:
    """The lines with this table, and the sheet of it, above all sections."""
    end = next((at for at, line in enumerate(lines) if line.lstrip().startswith("[")), len(lines))
    written = {"table": said["file"], "sheet": said.get("sheet", "")}
    above = [line for line in lines[:end] if _key(line) != "sheet" and _key(line) != "table"]
    fresh = [f"{key} = {json.dumps(text, ensure_ascii=False)}" for key, text in written.items() if text]
    model = next((at for at, line in enumerate(above) if _key(line) == "model"), -1)
    return [*above[: model + 1], *fresh, *above[model + 1 :], *lines[end:]]


def _value(case: CaseFile, addition: Addition) -> str:
    def quoted(text: str) -> str:
        return json.dumps(text, ensure_ascii=False)

    said = dict(addition.whole)
    if addition.kind == FACT:
        return quoted(said["text"])
    last = next((setting.last for setting in case.settings if setting.address == addition.key), None)
    if addition.kind == SETTING and last is not None:
        said["last"] = exact_text(last) or ""
    return "{ " + ", ".join(f"{key} = {quoted(text)}" for key, text in said.items()) + " }"


def _key(line: str) -> str | None:
    """The key that a line of its own gives, None where it gives none."""
    try:
        return next(iter(toml_value(line, "")), None)
    except AllocationError:
        return None


def _remark(line: str) -> str:
    """The comment behind a value."""
    for at, sign in enumerate(line):
        if sign == "#" and _key(line[:at]) is not None:
            return "  " + line[at:]
    return ""
