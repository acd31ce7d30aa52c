"""Letters are on record: what stands in one is compared with what its record gives, and they are made again."""

from __future__ import annotations

import copy
import json
import os
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from desk import some
from docx.oxml.ns import qn
from letters import COUNTIES, FOLDER, GIVEN, NOTE
from word import parts

from allocation.documents.in_word import attach, record_in
from allocation.documents.lines import changes, lines_of

RECORD = FOLDER.with_suffix(".json")
LETTER = FOLDER / "210726_黑山县.docx"
PAID = "notices reward --year 2017 --advance 提前.csv --lang {lang} --date 2018-03-01"
KINDS = {
    "zh": f"notices reward {GIVEN}",
    "en": f"notices reward {GIVEN} --lang en",
    "together": f"notices reward {GIVEN} --manner 总表下发",
    "settled": PAID.format(lang="zh"),
    "settled, en": PAID.format(lang="en"),
}


def written(allocation, command: str) -> list[Path]:
    """The Word files of these letters."""
    Path("提前.csv").write_text("代码,名称,提前下达数\n210702,古塔区,100\n210726,黑山县,40\n", encoding="utf-8")
    told = allocation(command)
    assert told.code == 0, told.text
    return sorted(Path("outputs").rglob("*.docx"))


def edited(path: Path, change: Callable[[docx.document.Document], None]) -> None:
    document = docx.Document(str(path))
    change(document)
    document.save(str(path))


@pytest.mark.parametrize("kind", KINDS)
def test_every_letter_and_note_is_what_its_record_gives_and_comes_out_again_byte_for_byte(allocation, folder, kind):
    files = written(allocation, KINDS[kind])
    for path in some(files, 2):
        told = allocation(["verify", str(path)])
        assert told.code == 0 and "全部相符" in told.out and ".json" in told.out, told.text
    (record,) = (path for path in Path("outputs").glob("*.json"))
    told = allocation(["rerun", str(record), "--out", "重做", "--input", "inputs", "--input", "."])
    assert told.code == 0, told.text
    again = {path.relative_to("重做"): path.read_bytes() for path in Path("重做").rglob("*") if path.is_file()}
    before = {path.relative_to("outputs"): path.read_bytes() for path in Path("outputs").rglob("*") if path.is_file()}
    assert {path: data for path, data in before.items() if "journal" not in str(path)} == again


def test_a_letter_that_is_given_as_what_was_issued_is_sent_to_where_it_is_verified(allocation, folder):
    letter = written(allocation, KINDS["zh"])[0]
    assert allocation("run reward --year 2017").code == 0
    told = allocation(["verify", "outputs/reward.xlsx", "--issued", str(letter)])
    assert told.code == 2 and "自己带着记录" in told.text and letter.name in told.text
    assert allocation(["verify", str(letter)]).code == 0


def test_a_correction_s_letters_come_out_again_from_what_was_issued(allocation, folder):
    assert allocation("run reward --stage 正式稿 --date 2018-01-05").code == 0
    files = written(allocation, "notices reward --correction --set pool=1100 --reason 追加 --date 2018-03-01")
    for path in files:
        assert allocation(["verify", str(path)]).code == 0, path
    told = allocation("rerun outputs/reward_2017_更正通知.json --out 重做 --input inputs")
    assert told.code == 0, told.text


def test_a_letter_of_one_s_own_template_and_a_single_one_are_made_again(allocation, folder):
    shutil.copy(Path(__file__).parents[2] / "templates" / "notice.zh.docx", "自己的.docx")
    edited(Path("自己的.docx"), lambda document: document.add_paragraph("本单位联系人：王五"))
    written(allocation, f"notices reward {GIVEN} --template 自己的.docx")
    Path("自己的.docx").unlink()
    assert allocation(["verify", str(LETTER)]).code == 0
    told = allocation(["rerun", str(LETTER), "--out", "重做", "--input", "inputs"])
    assert told.code == 0, told.text
    assert [path.name for path in Path("重做").rglob("*.*")] == [LETTER.name]
    assert (Path("重做") / LETTER.relative_to("outputs")).read_bytes() == LETTER.read_bytes()


@pytest.mark.parametrize("kind", some(KINDS, 2))
def test_no_sign_of_a_letter_can_be_changed_without_being_seen(allocation, folder, kind):
    path = written(allocation, KINDS[kind])[0]
    document = docx.Document(str(path))
    was = lines_of(document)
    roots = [document.element.body, *(section.footer._element for section in document.sections)]
    nodes = [node for root in roots for node in root.iter(qn("w:t")) if (node.text or "").strip()]
    assert len(nodes) > 20
    for node in nodes:
        before, node.text = node.text, f"{node.text[:-1]}{'乙' if node.text[-1] != '乙' else '丙'}"
        moved = [*changes(was, lines_of(document))]
        assert len(moved) == 1, before
        assert moved[0].now and any("乙" in cell or "丙" in cell for cell in moved[0].now.cells)
        node.text = before
    for node in [node for root in roots for node in root.iter(qn("w:p"), qn("w:tr"))]:
        if "".join(text.text or "" for text in node.iter(qn("w:t"))).strip():
            above, place = node.getparent(), node.getparent().index(node)
            above.remove(node)
            assert [*changes(was, lines_of(document))], "what was dropped is seen"
            above.insert(place, node)
    assert [*changes(was, lines_of(document))] == []


def _amount(document) -> None:
    cell = document.tables[0].rows[-1].cells[1]
    cell.paragraphs[0].runs[0].text = "999"


def _unit(document) -> None:
    (node,) = (node for node in document.element.body.iter(qn("w:t")) if "万元（大写" in (node.text or ""))
    node.text = node.text.replace("万元（大写", "亿元（大写")


def _hidden(document) -> None:
    document.tables[0].rows[1].cells[1].paragraphs[0].runs[0].font.hidden = True


def _row_dropped(document) -> None:
    row = document.tables[0].rows[2]._tr
    row.getparent().remove(row)


def _row_added(document) -> None:
    row = document.tables[0].rows[2]._tr
    row.addnext(copy.deepcopy(row))


def _struck(document) -> None:
    """A deletion that Word tracks: the run stands in w:del, its text no longer shown."""
    run = document.tables[0].rows[1].cells[1].paragraphs[0].runs[0]._r
    deletion = docx.oxml.OxmlElement("w:del")
    run.addprevious(deletion)
    deletion.append(run)


TAMPERED = {
    "an amount": (_amount, ["表 1", "第 ", "文字 999，应为 "]),
    "a unit": (_unit, ["正文", "亿元（大写", "应为", "万元（大写"]),
    "a hidden figure": (_hidden, ["表 1", "文字 ⟦", "，应为"]),
    "a row less": (_row_dropped, ["表 1", "缺少一行："]),
    "a row more": (_row_added, ["表 1", "多出一行（第 4 行）："]),
    "a tracked deletion": (_struck, ["表 1", "文字 空白，应为"]),
    "a paragraph": (lambda document: document.add_paragraph("另有奖励 5 万元。"), ["多出一段", "另有奖励 5 万元。"]),
    "a header": (
        lambda document: document.sections[0].header.paragraphs[0].add_run("作废"), ["页眉", "多出一段", "作废"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", TAMPERED)
def test_what_was_changed_in_a_letter_is_told_with_its_place(allocation, folder, what):
    written(allocation, KINDS["settled"])
    change, said = TAMPERED[what]
    edited(LETTER, change)
    told = allocation(["verify", str(LETTER)])
    assert told.code == 1 and "有 1 处不符" in told.out, told.text
    assert [text for text in said if text not in told.out] == [], told.out
    RECORD.rename("别处.json")  # without the office's record the place is told all the same
    alone = allocation(["verify", str(LETTER)])
    assert alone.code == 1 and said[0] in alone.out, alone.text
    told = allocation(["verify", str(LETTER), "--manifest", "别处.json", "--lang", "en"])
    assert told.code == 1 and "Differences: 1" in told.out, told.text


def test_the_same_is_told_in_english_of_an_english_letter(allocation, folder):
    path = written(allocation, KINDS["en"])[0]
    edited(path, _amount)
    told = allocation(["verify", str(path), "--lang", "en"])
    assert told.code == 1 and "Table 1" in told.out and "row " in told.out and "999" in told.out, told.text


def test_a_letter_alone_is_not_called_verified(allocation, folder):
    written(allocation, KINDS["zh"])
    Path("收到").mkdir()
    shutil.copy(LETTER, "收到")
    told = allocation(["verify", f"收到/{LETTER.name}"])
    assert told.code == 2 and "不算验证" in told.err and "--manifest" in told.err
    told = allocation(["verify", f"收到/{LETTER.name}", "--manifest", str(RECORD)])
    assert told.code == 0 and "全部相符" in told.out, told.text


def test_a_record_that_was_edited_is_told_and_so_are_letters_of_other_figures(allocation, folder):
    written(allocation, KINDS["zh"])
    content = json.loads(RECORD.read_text("utf-8"))
    content["settings"] = {"pool": {"value": "2000", "origin": "set"}}
    RECORD.write_text(json.dumps(content), encoding="utf-8")
    told = allocation(["verify", str(LETTER)])
    assert told.code == 1 and "settings" in told.out and "应为" in told.out, told.text


def test_without_the_table_nothing_is_recomputed_and_it_says_which_is_missing(allocation, folder):
    written(allocation, KINDS["zh"])
    shutil.rmtree(folder / "inputs")
    Path("outputs/journal.csv").unlink()
    shutil.rmtree("outputs/journal")
    told = allocation(["verify", str(LETTER)])
    assert told.code == 2 and "reward.csv" in told.err and "重做不成" in told.err, told.text


def test_a_letter_to_one_county_holds_nothing_of_the_others_in_any_part(allocation, folder):
    """Names, codes and awards of others, what was typed, the register and the template are the office's."""
    written(allocation, f'{KINDS["zh"]} --set "settled@古塔区=181"')
    for code, name in COUNTIES.items():
        path = FOLDER / f"{code}_{name}.docx"
        texts = parts(path)
        record = record_in(path)
        assert record and record.document and record.document.units == (code,)
        hidden = "".join(text for part, text in texts.items() if "customXml" in part)
        assert code in hidden and "allocation notices" not in hidden and "template" not in hidden
        others = [word for other, place in COUNTIES.items() if other != code for word in (other, place)]
        assert [word for text in texts.values() for word in others if word in text] == []
        assert record.content == "" and not record.awards and not record.inputs and not record.settings
    assert sorted({path.suffix for path in FOLDER.iterdir()}) == [".docx", ".xlsx"]  # the folder is sent out whole


def test_a_letter_used_as_a_template_leaves_no_old_record_in_the_new_letters(allocation, folder):
    shutil.copy(Path(__file__).parents[2] / "templates" / "notice.zh.docx", "自己的.docx")
    written(allocation, KINDS["zh"])
    with zipfile.ZipFile(LETTER) as old:
        names = [name for name in old.namelist() if name.startswith("customXml/")]
    document = docx.Document("自己的.docx")
    attach(document, record_in(LETTER))
    document.save("自己的.docx")
    written(allocation, f"{KINDS['zh']} --template 自己的.docx")
    with zipfile.ZipFile(LETTER) as new:
        assert [part for part in new.namelist() if part.startswith("customXml/")] == names
    assert allocation(["verify", str(LETTER)]).code == 0


def test_a_letter_saved_again_by_libreoffice_keeps_its_record_and_its_text(allocation, folder):
    office = shutil.which("soffice")
    if not office:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("LibreOffice Writer is not installed here")
    if os.environ.get("CI") != "true" and not os.environ.get("SLOW"):
        pytest.skip("opening LibreOffice takes ten seconds: CI's")
    written(allocation, KINDS["zh"])
    subprocess.run([office, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to",
                    "docx:MS Word 2007 XML", "--outdir", "另存", str(LETTER)], check=True, capture_output=True,
                   timeout=170)  # fmt: skip
    shutil.copy(Path("另存") / LETTER.name, LETTER)
    told = allocation(["verify", str(LETTER)])
    assert told.code == 0 and "另存过" in told.out, told.text
    edited(LETTER, _amount)
    assert allocation(["verify", str(LETTER)]).code == 1


def test_the_note_is_on_record_too(allocation, folder):
    written(allocation, KINDS["zh"])
    edited(NOTE, lambda document: document.add_paragraph("补充"))
    told = allocation(["verify", str(NOTE)])
    assert told.code == 1 and "补充" in told.out
