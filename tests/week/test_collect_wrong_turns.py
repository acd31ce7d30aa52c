"""What a tired person returns or types at six: said in words that tell what to mend, all at once, nothing written."""

from __future__ import annotations

import builtins
import shutil
from pathlib import Path

import pytest
from returned_files import FOUR, GUTA, HEAD, HEISHAN, LINGHAI, LINGHE, RECIPIENTS

BIFF = Path(__file__).parent.parent / "tables" / "old_format.xls"
NAMES = HEAD[1:]  # a table without codes


@pytest.fixture
def refused(collect, written):
    """refused("--prefer …") is what is said when the collection is refused: exit code 2 and no file."""

    def run(more: str = "") -> str:
        before = written()
        told = collect(more)
        assert told.code == 2, told.text
        assert written() == before
        return told.err

    return run


def test_an_unknown_name_is_not_guessed_the_nearest_is_named_and_how_to_add_it(returns, refused):
    returns("a.csv", [["凌海县", *LINGHAI[2:]]], head=NAMES)
    text = refused()
    assert "a.csv: B3: 不认识“凌海县”" in text and "最接近的是“凌海市”" in text and "“别名”一列" in text


def test_a_county_of_another_city_is_unknown_and_its_code_does_not_save_it(returns, refused):
    returns()
    returns("大洼.csv", [["211104", "大洼区", *GUTA[2:]]])
    text = refused()
    assert "不认识“大洼区”" in text and "移出文件夹" in text


def test_a_code_that_belongs_to_another_name_is_an_error(returns, refused):
    returns("a.csv", [["210781", *HEISHAN[1:]], ["210700", *LINGHE[1:]]])
    text = refused()
    assert "代码 210781 与名称“黑山县”对不上：黑山县的代码是 210726，而 210781 是凌海市" in text
    assert "代码 210700 与名称“凌河区”对不上：凌河区的代码是 210703。" in text


def test_two_files_of_one_county_that_differ_name_both_cells(returns, refused):
    returns()
    returns("更正.csv", [[*HEISHAN[:3], 95, *HEISHAN[4:]]])
    text = refused()
    assert "黑山县在这个文件和 黑山县.csv 里报了两次，有 1 个数不同" in text
    assert "落户人数 更正.csv: D3 = 95 ≠ 黑山县.csv: D3 = 90" in text and "--prefer" in text


def test_one_county_twice_in_one_file_under_two_names_is_an_error(returns, refused):
    returns("a.csv", [["凌海", *LINGHAI[2:]], ["凌海市", "中等城市", 151, *LINGHAI[4:]]], head=NAMES)
    assert "凌海市在这个文件里有两行，有 1 个数不同" in refused()


def test_a_district_counted_in_its_county_and_again_alone_is_an_error_until_the_table_says_it_is_taken_out(
    returns, refused, collect, folder
):
    returns()
    returns("滨海新区.csv", [["X1", "滨海新区", *GUTA[2:]]])
    text = refused()
    assert "重复统计：凌海市的数字里包含滨海新区" in text and "写 X1@2017" in text
    assert "重复统计" in refused("--partial")
    table = folder / "inputs" / "recipients.csv"
    for declared, code in (("X1@2016", 2), ("X1@2016-2018", 0)):
        table.write_text(RECIPIENTS.replace(",,X1,,", f",,X1,{declared},"), encoding="utf-8")
        assert collect().code == code


def test_a_file_that_is_open_elsewhere_is_not_read_half_saved(returns, refused, folder):
    returns()
    (folder / "returned" / "~$黑山县.csv").write_bytes(b"")
    assert "黑山县.csv: 这个文件正开着（旁边有 ~$黑山县.csv）" in refused()


def test_a_file_that_may_not_be_read_says_so_under_its_own_name(returns, refused, monkeypatch):
    returns()
    whole = builtins.open

    def locked(file, *args, **kwargs):
        if Path(str(file)).name == "黑山县.csv":
            raise PermissionError(13, "Permission denied")
        return whole(file, *args, **kwargs)

    monkeypatch.setattr(builtins, "open", locked)
    assert "黑山县.csv: 文件打不开：可能正在 Excel 或 WPS 中打开" in refused()


def test_wps_files_and_files_under_a_password_say_to_save_them_as_xlsx(returns, refused, folder):
    returns()
    (folder / "returned" / "义县.et").write_bytes(BIFF.read_bytes())
    secret = bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le")
    (folder / "returned" / "北镇.xlsx").write_bytes(secret)
    text = refused()
    assert "义县.et: 这是 WPS 的 .et 文件，读不了；请用 WPS 打开，“另存为” xlsx" in text
    assert "北镇.xlsx: 文件设有打开密码，读不了；请在 Excel 或 WPS 中取消密码，另存为 xlsx" in text


@pytest.mark.parametrize("option", ["", "--year 2017"])
def test_a_title_of_another_year_is_an_error_whether_or_not_the_year_is_asked_for(returns, refused, option):
    returns()
    returns("黑山县.csv", [HEISHAN], title="2016年落户奖励资金数据表")
    assert "黑山县.csv: 标题或年度列写的是 2016 年，本次收的是 2017 年" in refused(option)


def test_a_file_without_a_year_is_taken_as_the_others_and_that_is_said(returns, collect):
    returns()
    returns("黑山县.csv", [HEISHAN], title="落户奖励资金数据表")
    told = collect()
    assert told.code == 0 and "黑山县.csv: 没有写年度，按 2017 年收" in told.out


def test_without_any_year_one_is_asked_for(returns, refused):
    returns("a.csv", title="落户奖励资金数据表")
    assert "请用 --year 指明" in refused()


def test_an_empty_folder_a_missing_one_a_file_and_none_at_all_are_told_apart(allocation, folder, written):
    (folder / "returned" / "说明.pdf").write_bytes(b"%PDF")
    said = {
        "returned": "没有一个表格文件",
        "retruned": "找不到这个文件夹",
        "inputs/reward.csv": "不是文件夹",
        "": "请写明装着",
    }
    for name, words in said.items():
        told = allocation(f"collect reward {name}")
        assert (told.code, words in told.err) == (2, True), told.err
    assert written() == []


def test_a_template_that_was_never_filled_in_is_sent_back(returns, refused):
    returns()
    returns("黑山县.csv", [[*HEISHAN[:3], "", "", "", "", ""]])
    assert "黑山县.csv: 1 行都没有填数字" in refused()


def test_everything_wrong_in_every_file_is_said_at_once(returns, refused):
    returns("a.csv", [[*GUTA[:3], "约180", *GUTA[4:]]])
    returns("b.csv", [["凌河县", *LINGHE[2:]]], head=NAMES)
    returns("c.csv", [HEISHAN], title="2016年数据表")
    returns("d.csv", [LINGHAI])
    text = refused()
    assert all(word in text for word in ("约180", "凌河县", "2016 年", "共 3 处"))


def test_a_preferred_file_that_is_not_there_and_a_date_that_is_none_are_said(returns, refused):
    returns()
    assert "没有“更正.csv”；读到的文件有：凌河区.csv" in refused("--prefer 更正.csv")
    assert "日期应写作 2018-03-05 或 2018年3月5日，实际是“3月5日”" in refused("--due 3月5日")
    assert "2018-03-32" in refused("--due 20180332")


def test_a_state_that_was_edited_or_is_of_another_version_is_not_written_over(returns, refused, folder):
    returns()
    state = folder / "outputs" / "reward_collected.json"
    state.parent.mkdir()
    for content, words in (("{", "读不出来"), ('{"schema": "allocation.collected/9"}', "allocation.collected/9")):
        state.write_text(content, encoding="utf-8")
        assert words in refused()


def test_a_state_of_another_year_is_left_out_of_account_and_that_is_said(returns, collect):
    returns("a.csv", title="2016年数据表")
    collect()
    returns("a.csv")
    told = collect()
    assert told.code == 0 and "收表记录是 2016 年 reward 的" in told.out and "变动：" not in told.out


def test_our_own_workbook_in_the_folder_is_not_taken_for_a_return(returns, allocation, folder):
    returns()
    for _ in range(2):
        told = allocation("collect reward returned --date 2018-03-01 --out returned")
        assert told.code == 0 and "重复" not in told.out
    assert (folder / "returned" / "reward_collected.xlsx").exists()


def test_no_file_is_overwritten_that_no_collection_wrote_or_that_is_read(returns, allocation, collect, folder):
    returns()
    assert allocation("run reward --year 2016 --out result").code == 0
    shutil.copy(folder / "result" / "reward.xlsx", folder / "returned" / "last.xlsx")
    shutil.copy(folder / "inputs" / "recipients.csv", folder / "journal.csv")
    last = "--last returned/last.xlsx --carry last_award=award"
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    for options, name in (
        ("--out returned/last.xlsx", "returned/last.xlsx"),
        (f"{last} --out returned/../returned/last.xlsx", "returned/../returned/last.xlsx"),
        ("--recipients journal.csv --out new.xlsx", "journal.csv"),
    ):
        told = collect(options)
        assert told.code == 2 and f"{name}: 这里已有一个文件，不是以前收表写出的" in told.err
        assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_the_workbook_of_an_earlier_collection_is_written_again_even_where_its_state_was_moved_away(
    returns, collect, folder
):
    returns()
    assert collect("--out book.xlsx").code == 0 and collect("--out book.xlsx").code == 0
    (folder / "book.json").unlink()
    assert collect("--out book.xlsx").code == 0
    told = collect("--last book.xlsx --last-year 2016 --carry last_award=last_award --out book.xlsx")
    assert told.code == 2 and "book.xlsx: 这里已有一个文件" in told.err


def test_files_that_are_no_tables_and_folders_within_are_passed_over_aloud(returns, collect, folder):
    returns()
    (folder / "returned" / "盖章扫描件.pdf").write_bytes(b"%PDF")
    (folder / "returned" / "旧").mkdir()
    told = collect()
    assert told.code == 0 and "盖章扫描件.pdf: 不是表格文件，没有读" in told.out and "旧: 这是子文件夹" in told.out


def test_a_link_that_leads_out_of_the_folder_is_passed_over_aloud(returns, collect, folder):
    returns()
    (folder / "elsewhere.csv").write_text("x")
    (folder / "returned" / "通外.csv").symlink_to(folder / "elsewhere.csv")
    told = collect()
    assert told.code == 0 and "通外.csv: 是通到文件夹外面的链接，没有读" in told.out


def test_every_refusal_is_worded_in_english_too(returns, refused):
    returns()
    returns("b.csv", [["凌海县", *FOUR[3][2:]]], head=NAMES)
    text = refused("--lang en")
    assert "'凌海县' is unknown" in text and "nothing is guessed" in text


def test_the_table_of_units_the_crosswalk_and_every_file_are_mended_in_one_go(returns, refused, folder):
    returns("a.csv", [[*GUTA[:3], "一百", *GUTA[4:]]])
    returns("b.csv", [[*LINGHE[:3], "二百", *LINGHE[4:]]])
    (folder / "对照.csv").write_text("年度,原代码,新代码,份额,依据\n2017,,B,1.5,\n明年,A,B,,公告\n", encoding="utf-8")
    more = "--last inputs/reward.csv --crosswalk 对照.csv"
    crosswalk = ("对照.csv: B2", "对照.csv: D2", "对照.csv: E2", "对照.csv: A3", "对照.csv: D3")
    for word in ("a.csv: D3", "b.csv: D3", *crosswalk):
        assert word in refused(more), word
    (folder / "inputs" / "recipients.csv").write_text("代码,名称,填报\n210702,古塔区,也许\n", encoding="utf-8")
    (folder / "outputs").mkdir()
    (folder / "outputs" / "reward_collected.json").write_text("{", encoding="utf-8")
    text = refused(more)
    for word in ("recipients.csv: C2", "a.csv: D3", "b.csv: D3", "收表记录读不出来", *crosswalk):
        assert word in text, word
