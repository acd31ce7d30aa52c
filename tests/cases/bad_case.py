"""One wrong table, model or command line: its folder laid out as a person's, the command run, what they then read.

A case is a folder of `bad/`. `case.toml` says the command, and what cannot be kept as a readable file:

    command = "run reward --input 表.xlsx"
    exit = 1                                    # 2 when not said; with 1 files are written
    copy = ["models/incentive_fund.toml"]       # files of this repository
    delete = ["models/dated.toml"]              # files of `shared/` that this person does not have
    folders = ["outputs/reward.xlsx"]           # empty folders
    encode = { "表.csv" = "gb18030" }           # CSV and TOML are kept as UTF-8 and laid out in this encoding
    bytes = { "表.xls" = "d0cf11e0a1b11ae1" }   # hexadecimal
    texts = { "outputs/~$reward.xlsx" = "" }    # short files; git would rather not hold some names
    read_only = ["outputs"]                     # folders in which no file can be made

Every other file is laid out as it is, over `shared/`; `表.xlsx.toml` describes a workbook (see `_workbook`).
"""

from __future__ import annotations

import os
import shlex
import shutil
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest
import xlsxwriter

from allocation.cli import main

HERE = Path(__file__).parent
BAD, SHARED, REPOSITORY = HERE / "bad", HERE / "shared", HERE.parent.parent


@dataclass(frozen=True)
class Told:
    """What came of a command: the exit code, everything printed, and the files that changed."""

    code: int
    text: str
    changed: list[str]


def run(case: Path, folder: Path, lang: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> Told:
    """Runs the case in `folder` as its working folder, in this process."""
    spec = tomllib.loads((case / "case.toml").read_text(encoding="utf-8"))
    lay_out(case, spec, folder)
    _forbid(spec.get("read_only", []), monkeypatch)
    words = shlex.split(spec["command"])
    after = 0 if words[0].startswith("-") else 1  # behind the command: an option without its value would swallow it
    words[after:after] = [] if lang == "zh" else ["--lang", lang]
    monkeypatch.chdir(folder)
    monkeypatch.setattr(sys, "argv", ["allocation", *words])
    before = _contents(folder)
    with pytest.raises(SystemExit) as stopped:
        main()
    out, err = capsys.readouterr()
    left = _contents(folder)
    changed = sorted(name for name in {*before, *left} if before.get(name, "") != left.get(name, ""))
    return Told(
        stopped.value.code, f"$ {shlex.join(['allocation', *words])}\n{out}{err}exit {stopped.value.code}\n", changed
    )


def lay_out(case: Path, spec: dict, folder: Path) -> None:
    shutil.copytree(SHARED, folder, dirs_exist_ok=True)
    for name in spec.get("copy", []):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(REPOSITORY / name, folder / name)
    for name in spec.get("delete", []):
        (folder / name).unlink()
    for name in spec.get("folders", []):
        (folder / name).mkdir(parents=True)
    for file in case.rglob("*"):
        name = file.relative_to(case).as_posix()
        if file.is_dir() or name.startswith(("case.toml", "expected.")):
            continue
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if name.endswith(".xlsx.toml"):
            _workbook(tomllib.loads(file.read_text(encoding="utf-8")), target.with_suffix(""))
        elif name in spec.get("encode", {}):
            target.write_bytes(file.read_text(encoding="utf-8").encode(spec["encode"][name]))
        else:
            shutil.copyfile(file, target)
    for name, content in [*spec.get("bytes", {}).items(), *spec.get("texts", {}).items()]:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(bytes.fromhex(content) if name in spec.get("bytes", {}) else content.encode())


def _workbook(spec: dict, path: Path) -> None:
    """Writes the workbook of a `.xlsx.toml`.

    Each `[[sheet]]` has `name`, `rows` (texts, numbers, truths, dates), `formats` {cell: format}, `merge` [areas of a
    single figure], and `formulas`: `{ C3 = "=1+1" }` is one that no program has calculated, `["=NA()", "#N/A"]` one
    with its stored result.
    """
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
        for one in spec["sheet"]:
            sheet = book.add_worksheet(one["name"])
            styles = {cell: book.add_format({"num_format": text}) for cell, text in one.get("formats", {}).items()}
            for r, row in enumerate(one.get("rows", [])):
                for c, value in enumerate(row):
                    style = styles.get(xlsxwriter.utility.xl_rowcol_to_cell(r, c))
                    date = hasattr(value, "year")
                    if date:
                        style = style or book.add_format({"num_format": "yyyy-mm-dd"})
                    write = sheet.write_datetime if date else sheet.write
                    write(r, c, value, *([style] if style else []))
            for area in one.get("merge", []):
                (first, _) = area.split(":")
                r, c = xlsxwriter.utility.xl_cell_to_rowcol(first)
                sheet.merge_range(area, one["rows"][r][c])
            for cell, formula in one.get("formulas", {}).items():
                text, value = (formula, None) if isinstance(formula, str) else formula
                sheet.write_formula(cell, text, None, value)
    if any(isinstance(f, str) for one in spec["sheet"] for f in one.get("formulas", {}).values()):
        _forget_results(path)


def _forget_results(path: Path) -> None:
    """XlsxWriter always stores a result, 0 when it knows none: taken out, as openpyxl and some exporters write."""
    from openpyxl import load_workbook

    book = load_workbook(path)
    book.save(path)


def _forbid(folders: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes the folders refuse new files, as a read-only share does, even for root, who may write anywhere."""
    ordinary = os.open

    def refuse(path, flags, *args, **more):
        if flags & os.O_CREAT and Path(os.fsdecode(path)).parent.as_posix() in folders:
            raise PermissionError(13, "Permission denied", os.fsdecode(path))
        return ordinary(path, flags, *args, **more)

    if folders:
        monkeypatch.setattr(os, "open", refuse)


def _contents(folder: Path) -> dict[str, bytes | None]:
    """Every file with its bytes, every folder with None."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None for path in folder.rglob("*")
    }
