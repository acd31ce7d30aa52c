"""A Word document of ours beside what its record gives: made again, and every line that stands otherwise is told.

Where the office's record is not at hand, its own record tells whether a line is as it was written; that proves nothing
against one who writes the record too: then only the journal, which knows the bytes, is believed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from allocation import __version__
from allocation.documents.in_word import kept_lines, lines_at, record_in
from allocation.documents.lines import MovedLine, WordLine, changes
from allocation.errors import AllocationError, Problem
from allocation.office.letters_again import letters_again, nearby, record_of_letters
from allocation.record.record import DocumentKept, Record
from allocation.texts import Both, both
from allocation.verify.comparing import Difference
from allocation.verify.edition_verified import EditionVerdict, held_by_journal
from allocation.verify.other_kinds import refuse_other_kinds
from allocation.verify.rerunning import unlike
from allocation.verify.verifying import Verdict

LACKS = {"rerun.no_file": "verify.lacks_file"}  # what is told otherwise by a command that is not told where to look
AROUND = 24  # signs shown before and after what differs in a long text


def verify_document(path: Path, manifest: Path | None = None) -> Verdict:
    """Raises AllocationError where it holds no record, or where nothing tells what should stand in it."""
    record = record_in(path)
    if record is None or record.document is None:
        refuse_other_kinds(path)
        raise AllocationError(Problem("record.none", where=path.name))
    document, now = record.document, lines_at(path)
    verdict = EditionVerdict(alone="verify.document_alone")
    title = _part(now[0] if now else WordLine("body", 0, 1, ("",)))
    verdict.differences = [Difference("record", title, column=key) for key in record.unsealed()]
    lacking = _remade(path, record, manifest, now, verdict, title)
    if not verdict.whole:
        hashed = dict(zip((line.hashed for line in now), now, strict=True))
        alone = [
            MovedLine(change.was and replace(change.was, cells=("",) * len(change.was.cells)),
                   change.now and hashed[change.now])
            for change in changes(kept_lines(document), [*hashed])
        ]  # fmt: skip
        verdict.differences += _told(alone, now, alone=True)
    if lacking and not verdict.differences:
        raise AllocationError(lacking)
    verdict.notes += lacking
    if record.versions.allocation != __version__:
        slots = {"found": record.versions.allocation, "own": __version__}
        verdict.notes.append(Problem("verify.document_version", slots))
    held_by_journal(path.resolve(), manifest, title, verdict)
    return Verdict(path.name, verdict.model, verdict.differences, failed=verdict.failed, notes=verdict.notes,
                   cells=verdict.cells, whole=verdict.whole)  # fmt: skip


def _remade(
    path: Path, record: Record, manifest: Path | None, now: Sequence[WordLine], verdict: EditionVerdict, title: Both
) -> list[Problem]:
    """Compares it with what the office's record gives; what keeps that from being made again."""
    assert record.document is not None
    of_office = record_of_letters(path, record.document, manifest)
    if of_office is None:
        return []
    file, held = of_office
    try:
        again = letters_again(held, file, nearby(file))
    except AllocationError as error:
        lacking = [replace(problem, id=LACKS.get(problem.id, problem.id)) for problem in error.problems]
        return [Problem("verify.not_remade", {"file": file.name}), *lacking]
    verdict.model, verdict.whole = again.run.model, file.name
    fields = sorted({*held.unsealed(), *unlike(held, again.record)})
    verdict.differences += [
        Difference("office", title, column=key, expected=file.name) for key in dict.fromkeys(fields)
    ]
    target = again.path_of(record.document)
    if target is None:
        verdict.differences.append(Difference("not_among", title, expected=file.name))
        return []
    with TemporaryDirectory() as folder:
        remade = Path(folder) / "again.docx"
        again.papers.every[target](remade)
        wanted, expected = record_in(remade), lines_at(remade)
    verdict.cells = sum(len(line.cells) for line in expected)
    verdict.differences += _told(changes(expected, now), now)
    if wanted and _said(wanted) != _said(record) and not verdict.differences:
        verdict.differences.append(Difference("record", title, column="document"))
    return []


def _said(record: Record) -> tuple[str, DocumentKept | None]:
    return record.lang, record.document


def _told(different: Iterable[MovedLine], now: Sequence[WordLine], alone: bool = False) -> Iterator[Difference]:
    """Each change with its place and, in a table, its row and column. `alone`: nothing tells what it should be."""
    heads = {line.table: line.cells for line in reversed(now) if line.table}
    for was, line in ((change.was, change.now) for change in different):
        if was and line:
            for at, (old, new) in enumerate(zip(was.cells, line.cells, strict=True)):
                if old != new:
                    row = line.cells[0] if line.table else ""
                    head = (heads.get(line.table, ())[at : at + 1] or ("",))[0] if line.table else ""
                    stands, expected = (new, old) if alone else _excerpts(new, old)
                    kind = "changed" if alone else "text"
                    yield Difference(kind, _part(line), _place(line), row, head, stands, expected)
        elif was:
            kind, county = ("row_gone", was.cells[0]) if was.table else ("line_gone", "")
            yield Difference(kind, _part(was), _place(was), county, expected=was.cells[0])
        elif line:
            kind, county = ("row_added", line.cells[0]) if line.table else ("line_added", "")
            place = str(line.number) if line.table else _place(line)
            yield Difference(kind, _part(line), place, county, actual=line.cells[0])


def _excerpts(text: str, expected: str) -> tuple[str, str]:
    """Two long texts with what is alike in both cut off, but for what stands around."""
    alike = next(
        (at for at, (a, b) in enumerate(zip(text, expected, strict=False)) if a != b), min(len(text), len(expected))
    )
    ends = zip(reversed(text[alike:]), reversed(expected[alike:]), strict=False)
    tail = next((at for at, (a, b) in enumerate(ends) if a != b), min(len(text), len(expected)) - alike)
    start = max(0, alike - AROUND)

    def cut(whole: str) -> str:
        end = min(len(whole), len(whole) - tail + AROUND)
        return ("…" if start else "") + whole[start:end] + ("…" if end < len(whole) else "")

    return cut(text), cut(expected)


def _part(line: WordLine) -> Both:
    return both(f"verify.part_{line.part}", number=line.table or "")


def _place(line: WordLine) -> Both:
    return both("verify.place_row" if line.table else "verify.place_paragraph", number=line.number)
