"""Versions of a table on its way to being issued (稿次): what a version is, what is on record, what stands against one.

A version is a workbook and its JSON in `versions/`. Its line of the register, with the hash of every file as it was
written, stands first in a file of its own in `versions/register/`, named by model, year and order: of two who make a
version at once only one can make that file. `register.json` holds these lines together and follows from them.
"""

from __future__ import annotations

import glob
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, field, fields, replace
from pathlib import Path
from typing import Any

from allocation.case import FORMAL, IssueKey, batch_of, issue_key
from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem
from allocation.files.file_plans import mend
from allocation.files.folders import VERSIONS
from allocation.files.given_files import given_digest, given_json
from allocation.files.whole_files import holds, records
from allocation.opening.keeping import is_inside
from allocation.parts.ledger import SHOWN, named
from allocation.policy.model import Parameter
from allocation.policy.stages import ISSUED, STAGES
from allocation.record.reading import record_of
from allocation.record.record import KeptFigures, Record, VersionKept, VersionPlace, as_object
from allocation.run.decisions import held_back
from allocation.run.marks import mark_keys, mark_words
from allocation.run.run import Run
from allocation.run.shelf import base_name
from allocation.texts import LANGUAGES, Both, exact_text, say, shortened

FOLDER, REGISTER, ENTRIES, SCHEMA = VERSIONS, "register.json", "register", "allocation.versions/1"
NO_COMMAS = str.maketrans("", "", "，,")  # in the name of a file
PRESENT, MISSING, CHANGED = "present", "missing", "changed"


@dataclass(frozen=True)
class Version:
    """One version on record. `order` counts the versions of its issue, `number` those of its stage.

    `batch` is its key, empty for the formal one, as it is in registers that knew of no batches.
    """

    model: str
    year: int
    stage: str
    number: int
    order: int
    content: str  # SHA-256 over model text, inputs, parameters and awards
    marks: tuple[str, ...] = ()
    date: str = ""
    reason: str = ""
    total: str = ""
    unit: str = ""
    files: Mapping[str, str] = field(default_factory=dict)  # name in the folder → SHA-256; the workbook, its JSON first
    batch: str = ""
    revision: int = 0  # of its case among the versions of its issue, see CaseKept; 0 where it has none

    @property
    def issue(self) -> IssueKey:
        return IssueKey(self.model, self.year, batch_of(self.batch) or FORMAL)

    @property
    def key(self) -> tuple[IssueKey, int]:
        return self.issue, self.order

    @property
    def entry(self) -> str:
        """Where its line of the register stands, in the folder of versions."""
        return f"{ENTRIES}/{self.issue.stem}_{self.order:03}.json"

    @property
    def place(self) -> VersionPlace:
        return VersionPlace(self.stage, self.number)

    def kept(self, compared_with: VersionPlace | None = None) -> VersionKept:
        """As records of what is made of it have it; the case on record has its revision."""
        head = {name: value for name, value in vars(self).items() if name not in ("files", "revision")}
        return VersionKept(**head, compared_with=compared_with)

    @property
    def short(self) -> str:
        return self.content[:8]

    @property
    def record(self) -> str:
        """The name of its JSON."""
        return next(name for name in self.files if name.endswith(".json"))

    @property
    def case_files(self) -> dict[str, str]:
        """Those of `files` that are the case it was made from, kept byte for byte in a folder of their own."""
        return {name: sha256 for name, sha256 in self.files.items() if "/" in name}

    def case_folder(self, lang: str) -> str:
        return self.stem(lang, say(lang, "versions.case_word"))

    def label(self, lang: str) -> str:
        """`送审稿 第2稿 3fa91c07`, `追加 送审稿 第1稿 5be02d1a`."""
        slots = {"stage": STAGES[self.stage][lang], "number": self.number, "short": self.short}
        return say(lang, "versions.label", batch=self.issue.said[lang], **slots)

    @property
    def both(self) -> Both:
        return Both(*(self.label(lang) for lang in LANGUAGES))

    def stem(self, lang: str, *more: str) -> str:
        """`incentive_fund_2017_送审稿_2_3fa91c07`, what is added to it, and what its figures are marked as."""
        parts = [STAGES[self.stage][lang], str(self.number), self.short]
        return file_stem([*self.issue.parts(lang), *parts, *more], self.marks, lang)


def version_of(kept: VersionKept, revision: int = 0) -> Version:
    """The version that a record speaks of, as the register has it but for its files."""
    names = {entry.name for entry in fields(Version)}
    return Version(**{name: value for name, value in vars(kept).items() if name in names}, revision=revision)


def file_stem(parts: list[str], marks: tuple[str, ...], lang: str) -> str:
    """The parts of a file's name and what its figures are marked as, joined by low lines."""
    words = [word[lang].translate(NO_COMMAS) for word in mark_words(marks)]
    return "_".join([*parts, *words]).replace(" ", "_")


def issue_of(run: Run) -> IssueKey:
    return issue_key(base_name(run.model.name), run.facts, run.table.year)


def figures(run: Run) -> KeptFigures:
    """Every parameter by address, every input figure by name and code, as exact texts; the counties' names by code."""
    inputs = {}
    for table in run.tables:
        last = table is run.table
        for name, values in table.values.items():
            key = name if last else f"{name}#{table.year}"
            inputs[key] = dict(zip(table.codes, map(exact_text, values), strict=True))
    parameters = {
        address: value for entry in run.model.parameters.values() for address, value in parameter_texts(entry)
    }
    names = dict(zip(run.table.codes, run.table.names, strict=True))
    awards = dict(zip(run.table.codes, map(exact_text, run.figures(run.model.award)), strict=True))
    return KeptFigures(parameters, inputs, names, awards)


def parameter_texts(entry: Parameter) -> list[tuple[str, str | None]]:
    """A parameter's figures by address: `pool`, `rate.大城市`, `tilt.2` and its edge `tilt.2.up_to`."""
    if entry.kind == "scalar":
        return [(entry.name, exact_text(entry.value))]
    if entry.kind == "keyed":
        return [(f"{entry.name}.{key}", exact_text(value)) for key, value in entry.values]
    edge, texts = "below" if entry.below else "up_to", []
    for place, band in enumerate(entry.bands, start=1):
        texts.append((f"{entry.name}.{place}", exact_text(band.value)))
        texts += [(f"{entry.name}.{place}.{edge}", exact_text(band.edge))] if band.edge is not None else []
    return texts


def content(run: Run) -> str:
    """SHA-256 over model text, inputs, parameters, awards, what titles say and what is noted of recipients; the order
    of rows counts for nothing.
    """
    year = run.year if run.year != run.table.year else None
    told = {"fund": run.facts.fund, "year": year, "batch": _batch_key(issue_of(run))}
    titles: dict[str, object] = {key: text for key, text in told.items() if text}
    notes = run.table.printed_notes
    titles |= {"notes": dict(zip(run.table.codes, notes, strict=True))} if any(notes) else {}
    held = [run.model.text, as_object(figures(run)), *([titles] if titles else [])]
    whole = json.dumps(held, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(whole.encode("utf-8")).hexdigest()


def blocking_reasons(run: Run) -> list[Problem]:
    """Why a run cannot be the final version: the one place to add to."""
    reasons = []
    if not run.exact:
        reasons.append(Problem("versions.final_float"))
    if run.by_reference:
        reasons.append(Problem("versions.final_reference", {"year": run.year}, run.model.file))
    if run.table.incomplete:
        reasons.append(Problem("versions.final_incomplete", where=run.table.file))
    estimates = [(table, *key) for table in run.tables for key in table.estimates]
    if estimates:
        slots = {
            "count": len(estimates),
            "figures": shortened([named(run.model, *estimate) for estimate in estimates], SHOWN),
        }
        reasons.append(Problem("ledger.final_estimates", slots))
    if run.table.objections:
        reasons.append(Problem("ledger.final_objection", {"counties": run.table.objections}))
    for check in run.checks:
        if not check.ok and check.severity == "error":
            reasons.append(
                Problem("versions.final_check", {"check": check.label, "counties": check.beside, "read": check.read})
            )
    return reasons


def read_register(folder: Path) -> list[Version]:
    """The versions on record in the order they were made, from `register/` and, of older programs, `register.json`.

    Raises AllocationError where a version in the folder is known to neither because `register.json` is lost or spoilt.
    """
    mend(folder)
    rows, spoilt = _registered(folder)
    known = {REGISTER, *(name for version in rows for name in version.files)}
    stray = sorted({path.name for path in records(folder)} - known)
    if spoilt and stray or spoilt == CHANGED and not rows:
        message = "versions.register_lost" if spoilt == MISSING else "versions.register_bad"
        raise AllocationError(Problem(message, {"files": stray[:3]}, (folder / REGISTER).as_posix()))
    return rows


def _registered(folder: Path) -> tuple[list[Version], str]:
    """What is on record, and whether `register.json` is missing or cannot be read."""
    path, rows, spoilt = folder / REGISTER, [], ""
    try:
        rows = [_version(row) for row in given_json(path)["versions"]]
    except FileNotFoundError:
        spoilt = MISSING
    except (OSError, ValueError, TypeError, KeyError):
        spoilt = CHANGED
    known = {version.key: version for version in rows}
    for entry in records(folder / ENTRIES):
        try:
            version = _version(given_json(entry))
        except (OSError, ValueError, TypeError, KeyError):
            continue  # what `register.json` says stands
        known[version.key] = version
    return [*known.values()], spoilt


def _version(row: Mapping[str, Any]) -> Version:
    """Raises ValueError, TypeError or KeyError for what this program did not write."""
    version = Version(**{**row, "marks": tuple(row["marks"])})
    texts = (version.model, version.stage, version.content, version.date, version.reason, version.total, version.unit)
    names = [name for name in version.files if isinstance(version.files[name], str) and is_inside(name)]
    known = version.stage in STAGES and all(isinstance(text, str) for text in (*texts, *version.marks))
    batch = batch_of(version.batch) if version.batch else FORMAL
    known = known and batch is not None and version.batch == _batch_key(version.issue)
    if not known or len(names) != len(version.files) or {
        type(version.year), type(version.order), type(version.revision)
    } != {int}:  # fmt: skip
        raise ValueError
    return version


def rebuilt(folder: Path, logged: Mapping[str, str]) -> list[Version]:
    """The versions on record and those whose JSON is in the folder but which the register has lost.

    `logged`: SHA-256 by name of a file, as the journal has them; of a file it does not know, what it has now.
    """
    mend(folder)
    versions = _registered(folder)[0]
    for path in records(folder):
        if path.name == REGISTER or any(path.name in version.files for version in versions):
            continue
        try:
            record = record_of(given_json(path), path.name)
            head = record.version
        except (OSError, ValueError, AllocationError):
            continue  # another's file
        if head is None:
            continue
        version = Version(**{key: value for key, value in vars(head).items() if key != "compared_with"})
        names = [path.with_suffix(".xlsx").name, path.name]
        if kept := record.case:
            version = replace(version, revision=kept.revision)
            names += [f"{version.case_folder(record.lang)}/{name}" for name in kept.files]
        names = [name for name in names if (folder / name).is_file()]
        files = {name: logged.get(name) or given_digest(folder / name) for name in names}
        taken = {other.order for other in versions if other.issue == version.issue}
        # two that an older program numbered alike
        order = version.order if version.order not in taken else max(taken) + 1
        versions.append(replace(version, order=order, files=files))
    return versions


def register_text(versions: list[Version]) -> str:
    rows = [_row(version) for version in versions]
    return json.dumps({"schema": SCHEMA, "versions": rows}, ensure_ascii=False, indent=1) + "\n"


def entry_text(version: Version) -> str:
    return json.dumps(_row(version), ensure_ascii=False, indent=1) + "\n"


def _row(version: Version) -> dict[str, object]:
    """Its line of the register; the formal batch is not named, nor the revision of no case."""
    return {name: value for name, value in asdict(version).items() if name not in ("batch", "revision") or value}


def _batch_key(issue: IssueKey) -> str:
    return "" if issue.batch == FORMAL else issue.batch.key


def state(folder: Path, name: str, sha256: str) -> str:
    """What has become of a file since it was written."""
    path = folder / name
    if not path.is_file():
        return MISSING
    return PRESENT if given_digest(path) == sha256 else CHANGED


def recorded(folder: Path, version: Version) -> Record | None:
    """The record of a version; None where it is gone or no longer as it was written."""
    name = version.record
    if state(folder, name, version.files[name]) != PRESENT:
        return None
    return record_of(given_json(folder / name), (folder / name).as_posix())


def issued_versions(folder: Path, issue: IssueKey) -> list[Version]:
    """The final version of a batch and the corrections of it, in order. Raises AllocationError without one."""
    issued = [version for version in read_register(folder) if version.stage in ISSUED]
    of_batch = [version for version in issued if version.issue == issue]
    if not of_batch:
        of_year = (other.issue for other in issued if (other.model, other.year) == (issue.model, issue.year))
        known = [other.batch.label for other in dict.fromkeys(of_year)]
        slots = {"model": issue.model, "year": issue.year, "batch": issue.said, "known": known or ""}
        raise AllocationError(Problem("correct.nothing_issued", slots, folder.as_posix()))
    return of_batch


def issued_record(folder: Path, version: Version) -> Record:
    """What is on record of a version that was issued. Raises AllocationError where that is lost."""
    from allocation.record.from_0_1 import with_names_of_today

    held = recorded(folder, version)
    if held is None:
        where = (folder / version.record).as_posix()
        raise AllocationError(Problem("correct.record_lost", {"version": version.both}, where))
    return with_names_of_today(held)


@dataclass(frozen=True)
class Planned:
    """The version to be made, or (`new` false) the last of its stage, which holds the same; those made before it.

    `lost`: files of a version that is not new which are gone, and can be written again.
    """

    version: Version
    earlier: tuple[Version, ...]
    new: bool = True
    lost: tuple[str, ...] = ()


def plan_version(run: Run, folder: Path, stage: str, reason: str, date: str, derive: bool = False) -> Planned:
    """The version a run would become. Raises all that stands against it.

    `derive`: editions are asked for; only then may the final version be named again, by the very same figures.
    """
    issue = issue_of(run)
    if issue.year is None:
        raise AllocationError(Problem("versions.no_year", where=run.table.file))
    earlier = tuple(version for version in read_register(folder) if version.issue == issue)
    whole, marks = content(run), mark_keys(run)
    last = next((other for other in reversed(earlier) if other.stage == stage), None)
    same = last if last and (last.content, last.marks) == (whole, marks) else None
    lost = _lost(folder, same) if same else ()
    final = next((other for other in earlier if other.stage == "final"), None)
    if final and stage != "correction" and not ((derive or lost) and same == final):
        raise AllocationError(_frozen(final, folder))
    if same:
        return Planned(same, tuple(other for other in earlier if other.order < same.order), False, lost)
    problems = blocking_reasons(run) if stage in ISSUED else []
    problems += held_back(run, stage)
    if earlier and not reason.strip():
        slots = {"batch": issue.said, "order": len(earlier) + 1, "last": earlier[-1].both}
        problems.append(Problem("versions.needs_reason", slots))
    if problems:
        raise AllocationError(problems)
    entry = run.model.columns[run.model.award]
    version = Version(
        issue.model, issue.year, stage, _number(folder, issue, stage, earlier), len(earlier) + 1, whole,
        marks, date, reason.strip(), exact_text(run.total(run.model.award)) or "", entry.unit.name,
        batch=_batch_key(issue), revision=_revision(run, earlier),
    )  # fmt: skip
    return Planned(version, earlier)


def _revision(run: Run, earlier: tuple[Version, ...]) -> int:
    """Which state of its case a version is made from: the last one's, or the next where any of its files changed."""
    kept = run.facts.kept
    last = next((version for version in reversed(earlier) if version.revision), None)
    if kept is None or last is None:
        return 1 if kept else 0
    return last.revision + (sorted(last.case_files.values()) != sorted(kept.files.values()))


def _lost(folder: Path, version: Version) -> tuple[str, ...]:
    """The files of a version that are gone. Raises those that were changed: they are nobody's to overwrite."""
    states = {name: state(folder, name, sha256) for name, sha256 in version.files.items()}
    changed = [name for name, kind in states.items() if kind == CHANGED]
    if changed:
        raise AllocationError([Problem("versions.same_changed", {"version": version.both}, (folder / name).as_posix())
                               for name in changed])  # fmt: skip
    return tuple(name for name, kind in states.items() if kind == MISSING)


def _frozen(final: Version, folder: Path) -> Problem:
    slots = {"year": final.year, "model": final.model, "final": final.both, "date": final.date}
    slots |= {"batch": final.batch, "said": final.issue.said}
    return Problem("versions.frozen", slots, (folder / next(iter(final.files))).as_posix())


def _number(folder: Path, issue: IssueKey, stage: str, earlier: tuple[Version, ...]) -> int:
    """The next number of a stage; one that a file on disk has already is passed over."""
    number = 1 + max((version.number for version in earlier if version.stage == stage), default=0)
    stems = [glob.escape("_".join([*issue.parts(lang), STAGES[stage][lang]])) for lang in LANGUAGES]
    while any(holds(path) for stem in stems for path in folder.glob(f"{stem}_{number}_*")):
        number += 1
    return number


def completed(version: Version, digests: Mapping[Path, str]) -> Version:
    """The version with its files as written, by their names from the folder in which the workbook, the first, lies."""
    folder = next(iter(digests)).parent
    return replace(version, files={path.relative_to(folder).as_posix(): sha256 for path, sha256 in digests.items()})
