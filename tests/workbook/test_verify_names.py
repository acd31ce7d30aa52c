"""verify on whose money it is: names and codes of counties beside those on record and in the input file."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from recorded_book import part_of
from several_books import MODEL, SHARED, TABLE, write_both
from tampered import Parts, re_recorded, tampered

from allocation import run_model
from allocation.cli import main
from allocation.errors import AllocationError
from allocation.record.recording import record_of
from allocation.texts import say
from allocation.verify.edition_verified import _run
from allocation.verify.verifying import verify
from allocation.xlsx.files import write_manifest
from allocation.xlsx.writer import write_workbook

ONE, OTHER = "古塔区", "黑山县"


@pytest.fixture(scope="module", params=["zh", "en"])
def books(tmp_path_factory, request) -> dict[str, Path]:
    """A result, a timeline and a comparison; no input file stands beside them."""
    folder = tmp_path_factory.mktemp("names")
    run = run_model(MODEL, TABLE)
    record = record_of(run)
    write_workbook(run, folder / "reward.xlsx", request.param, record)
    write_manifest(replace(record, lang=request.param), folder / "reward.json")
    made = write_both(folder, request.param) | {"reward": folder / "reward.xlsx"}
    (folder / "reward.csv").unlink()
    return made


def swapped(one: str, other: str, keep: str = ""):
    """One text for the other and the other for the one, in every cell but the record's; not on the sheet `keep`."""

    def step(parts: Parts) -> None:
        kept = parts[part_of(parts, keep)] if keep else b""
        strings = parts["xl/sharedStrings.xml"].decode("utf-8")
        for name in [
            part for part in parts if part == "xl/sharedStrings.xml" or part.startswith("xl/worksheets/sheet")
        ]:
            text = parts[name].decode("utf-8")
            record = next(
                iter(re.findall(r'<si><t[^>]*>\{"attached".*?</si>|<si><t[^>]*>\{"awards".*?</si>', text)), ""
            )
            text = text.replace(record, "##") if record else text
            text = text.replace(one, "@@").replace(other, one).replace("@@", other)
            parts[name] = text.replace("##", record).encode("utf-8")
        if not keep:
            return
        old = re.findall(r"<si>.*?</si>", strings, re.S)  # texts are shared: that sheet gets them as they were

        def own(match: re.Match) -> str:
            text = re.sub(r"</?si>", "", old[int(match[2])])
            return (
                f'<c{match[1].replace(chr(32) + "t=" + chr(34) + "s" + chr(34), "")} t="inlineStr"><is>{text}</is></c>'
            )

        part = part_of(parts, keep)
        parts[part] = re.sub(r'<c( [^>]*t="s"[^>]*)><v>(\d+)</v></c>', own, kept.decode("utf-8")).encode("utf-8")

    return step


def seen(path: Path, **more) -> list[tuple]:
    return [(one.kind, one.place, one.actual, one.expected) for one in verify(path, **more).differences]


def both(row: int, other: int) -> list[tuple]:
    return [("renamed", f"C{row}", OTHER, ONE), ("renamed", f"C{other}", ONE, OTHER)]


def trace(path: Path) -> str:
    """The sheet on which people read the record."""
    titles = openpyxl.load_workbook(path, read_only=True).sheetnames
    return next(title for title in titles if title in ("溯源", say("en", "workbook.sheet_trace")))


def swapped_on_record(source: Path, target: Path, sealed: bool = False) -> Path:
    """The two names on every sheet and in the record."""

    def change(record: dict) -> None:
        text = json.dumps(record, ensure_ascii=False).replace(ONE, "@@").replace(OTHER, ONE).replace("@@", OTHER)
        record.update(json.loads(text))

    return re_recorded(tampered(source, target.with_name("once.xlsx"), swapped(ONE, OTHER)), target, change, sealed)


def test_names_swapped_on_every_sheet_are_named_with_their_cells(books, tmp_path):
    for name in ("reward", "variants"):
        source = books[name]
        path = tampered(source, tmp_path / f"{name}.xlsx", swapped(ONE, OTHER, trace(source)))
        assert seen(path) == both(7, 9), name
        notes = ["verify.by_originals" if name == "reward" else "verify.no_input"]  # 原值 tells the figures of a result
        assert verify(path).edited == [] and [note.id for note in verify(path).notes] == notes
    path = tampered(books["years"], tmp_path / "years.xlsx", swapped(ONE, OTHER, trace(books["years"])))
    assert seen(path) == both(7, 9) * 3
    assert len({one.sheet for one in verify(path).differences}) == 3


def test_names_swapped_in_the_record_too_break_its_seal_and_differ_from_the_manifest(books, tmp_path):
    for name in ("reward", "variants", "years"):
        path = swapped_on_record(books[name], tmp_path / f"{name}.xlsx")
        field = "names" if name == "reward" else "runs"
        assert [(one.kind, one.column) for one in verify(path).differences] == [("record", field)], name
    path = swapped_on_record(books["reward"], tmp_path / "reward.xlsx", sealed=True)
    assert verify(path).clean
    told = [(one.kind, one.actual) for one in verify(path, books["reward"].with_suffix(".json")).differences]
    assert told == [("manifest", OTHER), ("manifest", ONE)]


def test_with_the_input_file_at_hand_the_cells_are_named_whatever_the_record_says(books, tmp_path):
    shutil.copy(SHARED / "inputs" / "reward.csv", tmp_path)
    for name, times in (("reward", 1), ("variants", 1), ("years", 3)):
        path = swapped_on_record(books[name], tmp_path / f"{name}.xlsx", sealed=True)
        assert seen(path) == both(7, 9) * times, name


def test_a_code_that_was_changed_is_named_once(books, tmp_path):
    codes = TABLE.codes
    path = tampered(books["reward"], tmp_path / "a.xlsx", swapped(codes[0], codes[3], trace(books["reward"])))
    assert seen(path)[:2] == [("recoded", "B7", codes[3], codes[0]), ("recoded", "B10", codes[0], codes[3])]
    assert not {one.kind for one in verify(path).differences} & {"row_moved", "row_gone", "row_added", "renamed"}


def test_no_edition_is_compared_with_a_workbook_whose_names_were_swapped(books, tmp_path):
    path = tampered(books["reward"], tmp_path / "reward.xlsx", swapped(ONE, OTHER, trace(books["reward"])))
    with pytest.raises(AllocationError) as stopped:
        _run(path)
    assert [one.id for one in stopped.value.problems] == ["verify.whole_edited"]


def test_words_and_exit_code(books, tmp_path, capsys, monkeypatch):
    path = tampered(books["reward"], tmp_path / "a.xlsx", swapped(ONE, OTHER, trace(books["reward"])))
    for lang, said in (("zh", f"C7 名称由 {ONE} 改成了 {OTHER}"), ("en", f"C7 name changed from {ONE} to {OTHER}")):
        monkeypatch.setattr("sys.argv", ["allocation", "verify", str(path), "--lang", lang])
        with pytest.raises(SystemExit) as stopped:
            main()
        assert stopped.value.code == 1 and said in capsys.readouterr().out
