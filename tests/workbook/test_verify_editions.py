"""verify on an edition: against the result workbook it came from, or by the hash in the journal, or a clear no."""

from __future__ import annotations

import shutil
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest
from recorded_book import edit
from several_books import MODEL, TABLE
from tampered import delete_row, hide, tampered

from allocation import run_model
from allocation.cli import main
from allocation.errors import AllocationError
from allocation.record.recording import record_of
from allocation.run.scenario import Change
from allocation.verify.verifying import verify
from allocation.xlsx.writer import write_workbook

SHARED = Path(__file__).parent.parent / "cases" / "shared"
COUNTY = "reward_2017_送县_示例数据/210726_黑山县.xlsx"
PUBLIC = "reward_2017_公开_示例数据.xlsx"
RUN = "allocation run reward --edition 送县 --edition 公开 --edition 内部 --date 2018-03-01"
VERSION = "allocation run reward --stage 征求意见稿 --edition 送县 --edition 公开 --date 2018-03-01"


def told(command: str) -> int:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", command.split())
        with pytest.raises(SystemExit) as stopped:
            main()
    return stopped.value.code


@pytest.fixture(scope="module")
def issued(tmp_path_factory) -> Path:
    """outputs/ after a run with editions and a version with editions."""
    folder = tmp_path_factory.mktemp("issued")
    shutil.copytree(SHARED, folder, dirs_exist_ok=True)
    table = folder / "inputs" / "reward.csv"
    table.write_text("2017年落户奖励资金（示例数据）\n" + table.read_text("utf-8-sig"), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert told(RUN) == told(VERSION) == 0
    return folder / "outputs"


@pytest.fixture
def outputs(issued, tmp_path) -> Path:
    return shutil.copytree(issued, tmp_path / "outputs")


def named(path: Path) -> list[tuple]:
    return [(one.kind, one.place, one.county, one.actual, one.expected) for one in verify(path).differences]


def typed_over(path: Path, cells: dict) -> None:
    edit(path, path.with_suffix(".new"), cells).replace(path)


def refused(path: Path, manifest: Path | None = None) -> list[str]:
    with pytest.raises(AllocationError) as stopped:
        verify(path, manifest)
    return [problem.id for problem in stopped.value.problems]


def test_every_edition_agrees_with_the_workbook_of_its_run_or_version_and_with_the_journal(issued):
    books = [path for path in issued.rglob("*.xlsx") if "送县" in path.as_posix() or "公开" in path.name]
    assert len(books) == 10
    for path in books:
        verdict = verify(path)
        assert verdict.clean and verdict.cells >= 7, path
        assert verdict.whole == ("reward.xlsx" if "versions" not in path.parts else verdict.whole)
        assert [note.id for note in verdict.notes] == ["verify.as_issued"]


def test_a_figure_a_heading_and_a_name_typed_over_are_named(outputs):
    path = outputs / COUNTY
    typed_over(path, {("分配表", "A5"): "黑山新县", ("分配表", "B5"): 999, ("分配表", "B3"): "下达额"})
    verdict = verify(path)
    assert sorted((one.kind, one.place) for one in verdict.differences) == [
        ("text", "A5"),
        ("text", "B3"),
        ("value", "B5"),
    ]
    assert "黑山县" in [one.expected for one in verdict.differences]  # by the name of its file
    assert verdict.notes == []
    path = outputs / PUBLIC
    typed_over(path, {("分配表", "C7"): 999})
    assert named(path) == [("value", "C7", "凌河区", 999, 263)]


def test_a_file_that_was_only_saved_again_says_so_and_one_that_differs_does_not_say_it_twice(outputs):
    tampered(outputs / PUBLIC, outputs / "again.xlsx").replace(outputs / PUBLIC)
    verdict = verify(outputs / PUBLIC)
    assert verdict.clean and [note.id for note in verdict.notes] == ["verify.resaved"]
    tampered(outputs / PUBLIC, outputs / PUBLIC, hide("分配表"))
    assert verify(outputs / PUBLIC).notes == []


def test_from_inside_its_folder_an_edition_finds_its_workbook_and_its_journal(outputs, monkeypatch):
    [of_version] = (outputs / "versions").glob("*公开*.xlsx")
    [county] = (outputs / "versions").glob("*送县*/*黑山县.xlsx")
    for path in (outputs / COUNTY, outputs / PUBLIC, county, of_version):
        monkeypatch.chdir(path.parent)
        verdict = verify(Path(path.name))
        assert verdict.clean and verdict.whole, path
        assert [note.id for note in verdict.notes] == ["verify.as_issued"], path


def test_from_inside_versions_the_input_above_is_found(issued, monkeypatch, tmp_path):
    shutil.copytree(issued / "versions", tmp_path / "versions")
    shutil.copy(issued.parent / "inputs" / "reward.csv", tmp_path)
    [book] = (path for path in (tmp_path / "versions").glob("reward*.xlsx") if "公开" not in path.name)
    monkeypatch.chdir(tmp_path / "versions")
    assert not {"verify.no_input", "verify.by_originals"} & {note.id for note in verify(Path(book.name)).notes}


def test_a_version_that_was_edited_and_calculated_again_is_not_the_one_on_record(outputs, capsys):
    [path] = (path for path in (outputs / "versions").glob("reward*.xlsx") if "公开" not in path.name)
    assert verify(path).clean and not verify(path).edited
    again = tampered(path, path.with_name("again.xlsx"))
    for lang, said in (("zh", "另存过"), ("en", "saved again since")):
        assert told(f"allocation verify {again} --lang {lang}") == 0
        assert said in capsys.readouterr().out
    marked = replace(TABLE, illustrative=True)
    record = record_of(run_model(MODEL, marked))
    edited = run_model(MODEL, marked, [Change("settled@凌河区", Fraction(250))])
    write_workbook(replace(edited, changed=()), path, "zh", record)
    verdict = verify(path)
    assert [one.kind for one in verdict.differences] == ["originals", "registered"] and verdict.awards
    for lang, said in (("zh", "不是登记的征求意见稿"), ("en", "not the file registered as")):
        assert told(f"allocation verify {path} --lang {lang}") == 1
        assert said in capsys.readouterr().out


def test_a_row_taken_out_and_a_hidden_sheet_are_named(outputs):
    path = tampered(outputs / PUBLIC, outputs / PUBLIC, delete_row("分配表", 7, 30))
    assert named(path) == [("row_gone", "", "210703 凌河区", "", "")]
    path = tampered(outputs / COUNTY, outputs / COUNTY, hide("分配表"))
    assert [one.kind for one in verify(path).differences] == ["sheet_hidden"]


def test_an_edition_that_was_mailed_is_compared_by_the_manifest_that_is_named(issued, tmp_path):
    mailed = shutil.copy(issued / PUBLIC, tmp_path / "附件.xlsx")
    verdict = verify(mailed, issued / "reward.json")
    assert verdict.clean and verdict.whole == "reward.xlsx"
    assert [note.id for note in verdict.notes] == ["verify.as_issued"]
    edited = edit(mailed, tmp_path / "改.xlsx", {("分配表", "C8"): 1})
    assert [one.place for one in verify(edited, issued / "reward.json").differences] == ["C8"]


def test_without_the_workbook_the_journal_alone_says_whether_the_bytes_are_those_issued(outputs, capsys):
    for path in (outputs / "reward.xlsx", outputs / "versions"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    renamed = shutil.copy(outputs / PUBLIC, outputs / "附件.xlsx")
    for path in (outputs / PUBLIC, renamed):
        verdict = verify(path)
        assert verdict.clean and not verdict.cells and not verdict.whole
        assert [(note.id, note.slots["file"]) for note in verdict.notes] == [("verify.as_issued", PUBLIC)]
        for lang, said in (("zh", "与日志登记的逐字节相同；没有重算"), ("en", "nothing was recomputed")):
            assert told(f"allocation verify {path} --lang {lang}") == 0
            assert said in (text := capsys.readouterr().out) and "相符" not in text and "agrees" not in text
    typed_over(outputs / PUBLIC, {("分配表", "C7"): 999})
    assert [one.kind for one in verify(outputs / PUBLIC).differences] == ["issued"]


def test_an_edition_finds_its_workbook_by_the_record_under_any_name_and_a_version_takes_no_run(outputs):
    for ending in (".json", ".xlsx"):
        (outputs / f"reward{ending}").rename(outputs / f"测算{ending}")
    (outputs / PUBLIC).rename(outputs / "附件.xlsx")
    assert verify(outputs / "附件.xlsx").whole == "测算.xlsx"
    [of_version] = (outputs / "versions").glob("*公开*.xlsx")
    assert verify(of_version).whole
    for record in (outputs / "versions").glob("reward*.json"):
        record.with_suffix(".xlsx").unlink()
    assert not verify(of_version).whole


def test_a_journal_that_was_altered_says_so_and_fails(outputs, capsys):
    text = (outputs / "journal.csv").read_text("utf-8-sig")
    (outputs / "journal.csv").write_text("\ufeff" + text.replace("edition 公开", "edition 县公开"), encoding="utf-8")
    verdict = verify(outputs / PUBLIC)
    assert "versions.line_altered" in [one.id for one in verdict.failed] and not verdict.differences
    assert told(f"allocation verify {outputs / PUBLIC}") == 1
    said = capsys.readouterr().out
    assert "被改动过" in said and "全部相符" not in said


def test_what_cannot_be_told_is_said(outputs, tmp_path):
    mailed = shutil.copy(outputs / COUNTY, tmp_path / "县.xlsx")
    assert refused(mailed) == ["verify.edition_alone"]
    assert refused(mailed, tmp_path / "reward.json") == ["verify.no_whole"]
    assert refused(mailed, (outputs / COUNTY).with_suffix(".json")) == ["verify.manifest"]
    whole = outputs / "reward.xlsx"
    typed_over(whole, {("参数", "C5"): 1200})
    assert refused(outputs / COUNTY) == ["verify.whole_edited"]


def test_a_manifest_that_no_longer_fits_and_a_table_of_another_kind_are_refused(outputs, tmp_path):
    book = openpyxl.Workbook()
    book.active.title, book.active["A1"] = "分配表", "别的表"
    book.save(tmp_path / "b.xlsx")
    assert refused(tmp_path / "b.xlsx", outputs / "reward.json") == ["verify.not_result"]
    text = (outputs / "reward.json").read_text(encoding="utf-8")
    (outputs / "reward.json").write_text(text.replace('"exact": true', '"exact": false'), encoding="utf-8")
    assert refused(outputs / COUNTY) == ["verify.whole_edited"]


def test_exit_codes_and_words_of_an_edition(outputs, monkeypatch, capsys):
    monkeypatch.chdir(outputs)
    assert told(f"allocation verify {PUBLIC}") == 0
    said = capsys.readouterr().out
    assert "按 reward.xlsx 的数重新写出这份版本" in said and "逐字节相同" in said
    typed_over(outputs / PUBLIC, {("分配表", "C7"): 999})
    assert told(f"allocation verify {PUBLIC} --lang en") == 1
    assert "C7 凌河区 · 分配额: figure 999, should be 263" in capsys.readouterr().out
    shutil.copy(outputs / COUNTY, outputs.parent / "县.xlsx")
    monkeypatch.chdir(outputs.parent)
    assert told("allocation verify 县.xlsx") == 2
    assert "送外版本" in capsys.readouterr().err
