"""versions, journal: what was issued, and whether it is still as it was."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from allocation.commands.helped import HelpedCommand
from allocation.commands.requests import gathered
from allocation.commands.shared import LANGUAGE, OUT, OUTPUT_FOLDER, YEAR, ModelName
from allocation.errors import AllocationError, Problem, nearest
from allocation.files.destination import Destination
from allocation.files.whole_files import bytes_writer
from allocation.language.units import Units
from allocation.policy.stages import STAGES
from allocation.texts import say

if TYPE_CHECKING:
    from allocation.record.versions import Version


@dataclass(frozen=True, kw_only=True)
class VersionsRequest:
    """What `versions` is asked."""

    model: str | None
    out: Destination
    rebuild: bool
    year: int | None
    summed: bool
    to: Destination | None
    lang: str


@click.command(cls=HelpedCommand)
@click.argument("model", type=ModelName(), required=False)
@OUTPUT_FOLDER
@click.option("--rebuild", is_flag=True)
@YEAR
@click.option("--sum", "summed", is_flag=True)
@click.option("--to", type=OUT)
@LANGUAGE
@gathered(VersionsRequest)
def versions(request: VersionsRequest) -> int:
    """List the versions made; notices changed files."""
    from allocation.record.journal import gone
    from allocation.record.versions import CHANGED, FOLDER, MISSING, read_register, state
    from allocation.run.marks import mark_words

    out, lang, year = request.out.only_folder(), request.lang, request.year
    folder = out / FOLDER
    if request.rebuild:
        _rebuild(out, lang)
    registered = read_register(folder)
    name, of_case = _asked(request.model) if request.model else ("", None)
    year = year or of_case
    if request.summed or request.to:
        return _sum(folder, name, year, request)
    if name:
        known = list(dict.fromkeys(version.model for version in registered))
        if registered and name not in known:
            slots = {"model": name, "nearest": nearest(name, known), "known": known}
            raise AllocationError(Problem("versions.no_model", slots, folder.as_posix()))
        registered = [version for version in registered if version.model == name]
    registered = [version for version in registered if not year or version.year == year]
    if not registered:
        click.echo(say(lang, "versions.none_made", folder=folder.as_posix()))
        return 0
    from allocation.commands.printing import table_text

    batches = ["batch"] if any(version.batch for version in registered) else []
    cases = ["revision"] if any(version.revision for version in registered) else []
    keys = ["model", "year", *batches, "order", "stage", "number", "date", "hash", *cases, "total", "marks", "state",
            "reason"]  # fmt: skip
    heads = [say(lang, f"versions.list_{key}") for key in keys]
    rows, wrong = [], []
    lost = gone(out, registered)
    for version in registered:
        states = {name: state(folder, name, sha256) for name, sha256 in version.files.items()}
        worst = next((kind for kind in (CHANGED, MISSING) if kind in states.values()), "present")
        wrong += [(version, name, kind) for name, kind in states.items() if kind in (CHANGED, MISSING)]
        stage, total = STAGES[version.stage][lang], _amount(f"{version.total} {version.unit}".strip(), lang)
        rows.append([
            version.model, str(version.year), *(version.issue.batch.label[lang] for _ in batches), str(version.order),
            stage, str(version.number), version.date, version.short,
            *(str(version.revision or "—") for _ in cases), total,
            " ".join(word[lang] for word in mark_words(version.marks)) or "—", say(lang, f"versions.state_{worst}"),
            version.reason or "—",
        ])  # fmt: skip
    click.echo(table_text(heads, rows))
    for _, name, kind in wrong:
        click.echo(say(lang, f"versions.file_{kind}", path=(folder / name).as_posix()), err=True)
    for problem in lost:
        click.echo(problem.text(lang), err=True)
    return 1 if wrong or lost else 0


def _asked(model: str) -> tuple[str, int | None]:
    """The plain name of a model, and of a case its budget year."""
    from allocation.opening.cases import case_at
    from allocation.run.shelf import base_name

    if case := case_at(model):
        return base_name(case.model), case.facts.budget_year
    return base_name(Path(model).stem if model.endswith(".toml") else model), None


def _sum(folder: Path, name: str, year: int | None, request: VersionsRequest) -> int:
    """The sum over the batches of a year, printed and, where it is asked for, written."""
    from allocation.commands.sums import put_out, sum_file
    from allocation.xlsx.year_sum import year_sum

    if not name:
        raise AllocationError(Problem("versions.sum_needs_model", where="--sum"))
    path = sum_file(request.to, f"{name}_{say(request.lang, 'versions.sum_word')}")
    put_out(year_sum(folder, name, year).sums, path, request.lang)
    return 0


def _rebuild(out: Path, lang: str) -> None:
    """The register from what the versions' own files say, with the hashes that the journal has of them."""
    from allocation.files.whole_files import in_turn, place
    from allocation.record.journal import read
    from allocation.record.versions import FOLDER, REGISTER, entry_text, rebuilt, register_text

    folder = out / FOLDER

    def attempt() -> list[Version]:
        names = [(row[6].partition("/"), row[7]) for row in read(out)]
        registered = rebuilt(folder, {name: sha256 for (above, _, name), sha256 in names if above == FOLDER})
        entries = {
            folder / version.entry: entry_text(version)
            for version in registered
            if not (folder / version.entry).exists()
        }
        files = {
            path: bytes_writer(text.encode())
            for path, text in {**entries, folder / REGISTER: register_text(registered)}.items()
        }
        if registered:
            place(files, list(entries))
        return registered

    click.echo(say(lang, "versions.rebuilt", count=len(in_turn(attempt)), path=(folder / REGISTER).as_posix()))


@click.command(cls=HelpedCommand)
@OUTPUT_FOLDER
@LANGUAGE
def journal(out: Destination, lang: str) -> int:
    """List the journal and check its chain."""
    from allocation.commands.printing import table_text
    from allocation.record.journal import NAME, check, gone, read, unlogged
    from allocation.record.versions import FOLDER, read_register

    folder = out.only_folder()
    rows, path = read(folder), folder / NAME
    registered = read_register(folder / FOLDER)
    problems = [*check(folder), *gone(folder, registered)]
    if not rows and not problems:
        click.echo(say(lang, "versions.journal_empty", path=path.as_posix()))
        return 0
    if rows:
        keys = ("line", "date", "action", "model", "year", "version", "file", "hash", "total", "note")
        shown = [[*row[:7], row[7][:8], _amount(row[8], lang), row[9]] for row in rows]
        click.echo(table_text([say(lang, f"versions.list_{key}") for key in keys], shown))
        left = unlogged(folder, registered)
        problems += [Problem("versions.not_in_journal", {"file": name}, path.as_posix()) for _, name in left]
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
