"""versions, journal: what was issued, and whether it is still as it was."""

from __future__ import annotations

from pathlib import Path

import click

from allocation.commands.shared import LANGUAGE
from allocation.errors import AllocationError, Problem, nearest
from allocation.language.units import Units
from allocation.stages import STAGES, word_of
from allocation.texts import say

FOLDER = click.option("--out", type=click.Path(path_type=Path), default=Path("outputs"), show_default=True,
                      help="输出文件夹 / output folder")  # fmt: skip


@click.command()
@click.argument("model", required=False)
@FOLDER
@LANGUAGE
def versions(model, out, lang) -> int:
    """列出各稿，并核对文件是否改动过 / list the versions made; notices changed files."""
    from allocation.finding import base_name
    from allocation.workbook.versions import CHANGED, FOLDER, MISSING, mark_words, read_register, state

    folder = out / FOLDER
    made = read_register(folder)
    if model:
        name = base_name(Path(model).stem if model.endswith(".toml") else model)
        known = list(dict.fromkeys(one.model for one in made))
        if made and name not in known:
            slots = {"model": name, "nearest": nearest(name, known), "known": known}
            raise AllocationError(Problem("versions.no_model", slots, folder.as_posix()))
        made = [one for one in made if one.model == name]
    if not made:
        click.echo(say(lang, "versions.none_made", folder=folder.as_posix()))
        return 0
    from allocation.printing import table_text

    heads = [say(lang, f"versions.list_{key}") for key in ("model", "year", "order", "stage", "number", "date", "hash")]
    heads += [say(lang, f"versions.list_{key}") for key in ("total", "marks", "state", "reason")]
    rows, wrong = [], []
    for one in made:
        states = {name: state(folder, name, sha256) for name, sha256 in one.files.items()}
        worst = next((kind for kind in (CHANGED, MISSING) if kind in states.values()), "present")
        wrong += [(one, name, kind) for name, kind in states.items() if kind in (CHANGED, MISSING)]
        stage, total = word_of(STAGES, one.stage, lang), _amount(f"{one.total} {one.unit}".strip(), lang)
        rows.append([
            one.model, str(one.year), str(one.order), stage, str(one.number), one.date, one.short, total,
            " ".join(mark_words(one.marks, lang)) or "—", say(lang, f"versions.state_{worst}"), one.reason or "—",
        ])  # fmt: skip
    click.echo(table_text(heads, rows))
    for _, name, kind in wrong:
        click.echo(say(lang, f"versions.file_{kind}", path=(folder / name).as_posix()), err=True)
    return 1 if wrong else 0


@click.command()
@FOLDER
@LANGUAGE
def journal(out, lang) -> int:
    """列出日志，并核对它是否被改动过 / list the journal and check its chain."""
    from allocation.printing import table_text
    from allocation.workbook.journal import NAME, check, read
    from allocation.workbook.versions import FOLDER, read_register

    rows, path = read(out), out / NAME
    if not rows:
        click.echo(say(lang, "versions.journal_empty", path=path.as_posix()))
        return 0
    keys = ("line", "date", "action", "model", "year", "version", "file", "hash", "total", "note")
    shown = [[*row[:7], row[7][:8], _amount(row[8], lang), row[9]] for row in rows]
    click.echo(table_text([say(lang, f"versions.list_{key}") for key in keys], shown))
    logged = {row[7] for row in rows}
    problems = check(out)
    for one in read_register(out / FOLDER):
        left = [name for name, sha256 in one.files.items() if sha256 not in logged]
        problems += [Problem("versions.not_in_journal", {"file": name}, path.as_posix()) for name in left]
    for problem in problems:
        click.echo(problem.text(lang), err=True)
    if not problems:
        click.echo(say(lang, "versions.journal_holds", count=len(rows)))
    return 1 if problems else 0


def _amount(text: str, lang: str) -> str:
    """`5000 万元` with its unit in `lang`."""
    number, _, unit = text.rpartition(" ")
    label = Units().label(unit, lang)
    times = "× " if label[:1].isdigit() else ""  # 5000 × 10,000 yuan
    return f"{number} {times}{label}" if number else text


COMMANDS = (versions, journal)
