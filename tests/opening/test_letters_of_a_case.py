"""Letters take from the case what it gives: numbers, office, date, salutation, one notice for all, batch and years."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import docx
import pytest

from allocation.case import NO_FACTS, Facts
from allocation.run.thirty_days import release_note

FACTS = {
    "fund": "落户奖励资金",
    "budget_year": "2019年",
    "data_year": "2017",
    "batch": "提前下达",
    "issued": "2018-11-20",
    "number": "锦财指〔2018〕 号",
    "upper_number": "辽财指〔2018〕5号",
    "upper_received": "2018-11-01",
    "office": "锦州市财政局",
    "salutation": "{name}财政局：",
    "codes": "1100299",
}


def case(folder: Path, **more: str) -> str:
    facts = "".join(f'{key} = "{value}"\n' for key, value in {**FACTS, **more}.items() if value)
    text = f'model = "reward"\ntable = "inputs/reward.csv"\n[facts]\n{facts}'
    (folder / "case.toml").write_text(text, encoding="utf-8")
    return "case.toml"


def texts(path: Path) -> list[str]:
    document = docx.Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return [paragraph.text for paragraph in document.paragraphs if paragraph.text] + cells


def test_nothing_is_asked_that_the_case_gives_and_the_letter_says_it(allocation, folder):
    told = allocation(f"notices {case(folder)}")
    assert told.code == 0, told.text
    assert "--document" not in told.out and "--office" not in told.out and "--date" not in told.out
    (path,) = (folder / "outputs/reward_2019_提前下达_通知").glob("*古塔区.docx")
    said = texts(path)
    assert said[:2] == ["锦财指〔2018〕    号", "关于提前下达2019年\n落户奖励资金（2017年数据）的通知"]
    assert "锦财指〔2018〕    号" in said and "古塔区财政局：" in said and "锦州市财政局" in said
    assert "2018年11月20日" in said and any("根据辽财指〔2018〕5号，现提前下达你区2019年" in line for line in said)


def test_an_option_lies_over_the_case(allocation, folder):
    assert allocation(f"notices {case(folder)} --office 市财政局 --date 2018-12-01").code == 0
    (path,) = (folder / "outputs/reward_2019_提前下达_通知").glob("*古塔区.docx")
    said = texts(path)
    assert "市财政局" in said and "2018年12月1日" in said and "2018年11月20日" not in said


def test_one_notice_goes_to_all_with_a_table_of_all(allocation, folder):
    told = allocation(f"notices {case(folder, manner='总表下发', salutation='各区县财政局')}")
    assert told.code == 0, told.text
    (path,) = (folder / "outputs/reward_2019_提前下达_通知").glob("*")
    said = texts(path)
    assert "各区县财政局：" in said
    assert any("现提前下达2019年" in line and "共1,000万元" in line and "各地数额见附件" in line for line in said)
    (listed,) = (line for line in said if line.startswith("附件："))
    assert "".join(said[said.index("附件") + 1].split()) == listed.removeprefix("附件：")
    assert {"古塔区", "凌河区", "黑山县", "凌海市", "合计"} <= {*said}
    assert not any("测算过程" in line for line in said)


def test_letters_of_their_own_do_not_all_greet_everybody(allocation, folder):
    told = allocation(f"notices {case(folder, salutation='各区县财政局')}")
    assert told.code == 2 and "各区县财政局" in told.err and "一份通知发给各地的" in told.err
    assert not list(folder.rglob("*.docx"))


@pytest.mark.parametrize(
    ("issued", "on", "message"),
    [
        ("2018-12-01", "", None), ("2018-12-02", "", "case.issued_late"), ("", "2018-11-23", None),
        ("", "2018-11-24", "case.issue_soon"), ("", "2018-12-01", "case.issue_soon"),
        ("", "2018-12-02", "case.issue_overdue"), ("", "", "case.issue_by"),
    ],
)  # fmt: skip
def test_thirty_days_from_receipt_are_told_when_late_or_near(issued, on, message):
    note = release_note(Facts(upper_received="2018-11-01", issued=issued), on)
    assert (note and note.id) == message
    assert release_note(NO_FACTS, date.today().isoformat()) is None


def test_a_late_issue_is_said_on_the_terminal_and_on_the_approval_paper(allocation, folder):
    name = case(folder, issued="2018-12-20")
    told = allocation(f"run {name} --stage 送审稿 --layout 呈批 --date 2018-12-20")
    assert told.code == 0, told.text
    assert "隔了 49 天，超过三十日" in told.out
    (book,) = (folder / "outputs/versions").glob("*.xlsx")
    import openpyxl

    cells = [cell.value for row in openpyxl.load_workbook(book)["资金测算表"].iter_rows() for cell in row if cell.value]
    assert any("隔了 49 天" in str(cell) for cell in cells)
    told = allocation(["verify", book.as_posix()])
    assert told.code == 0, told.text


def test_a_correction_names_the_number_of_the_case_as_the_one_put_right_and_bears_no_date_of_it(allocation, folder):
    name = case(folder, number="锦财指〔2018〕12号")
    assert allocation(f"run {name} --stage 正式稿 --date 2018-11-20").code == 0
    told = allocation(f"notices {name} --correction --set pool=1100 --reason 总额有误")
    assert told.code == 0, told.text
    assert "--original" not in told.out and "--date" in told.out
    said = texts(next((folder / "outputs/reward_2019_提前下达_更正通知").glob("*.docx")))
    assert any("对锦财指〔2018〕12号予以更正" in line for line in said)
    assert "锦财指〔2018〕12号" not in said and "2018年11月20日" not in said
