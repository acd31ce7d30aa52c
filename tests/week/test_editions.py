"""run --edition: what leaves the office holds values only, and only the columns and rows meant for its reader."""

from __future__ import annotations

import re
import shutil
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from openpyxl import load_workbook
from returned_files import FOUR

from allocation.record.in_book import SHEET, text_of
from allocation.record.reading import read_record
from allocation.record.record import EDITION, ModelKept, Record

ROOT = Path(__file__).parent.parent.parent
MODEL = (ROOT / "tests/cases/shared/models/reward.toml").read_text(encoding="utf-8")
AWARDS = {"210702": 195, "210703": 263, "210726": 252, "210781": 290}
YEAR = "--year 2017 --date 2017-08-20"
OUTSIDE = ("送县", "公开", "土地")


def sheet(path: Path) -> list[tuple]:
    """The rows of a workbook's only sheet beside the record."""
    table, _ = load_workbook(path).worksheets
    return list(table.iter_rows(values_only=True))


def identity(path: Path) -> list[str]:
    """The texts of the record, which says which edition of which run it is, and nothing of what that was made of."""
    book = load_workbook(path)
    assert [page.sheet_state for page in book] == ["visible", "veryHidden"]
    texts = [row[0] for row in book[SHEET].iter_rows(values_only=True)]
    record = read_record(text_of({(row, 0): text for row, text in enumerate(texts)}), path.name)
    said = Record(EDITION, lang=record.lang, model=ModelKept(record.model.name), versions=record.versions,
                  exact=record.exact, content=record.content, edition=record.edition, seals=record.seals)  # fmt: skip
    assert record == said and record.edition and len(record.content) == 64
    return texts


def parts(path: Path) -> dict[str, str]:
    """Every part of the file, as text."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name).decode("utf-8") for name in archive.namelist()}


def assert_values_only(path: Path, *unwanted: str) -> None:
    """No formula, nothing hidden but its identity; no name, comment, author, path, command, model text in any part."""
    found, told = parts(path), identity(path)
    for text in told:
        assert not [word for word in unwanted if word in text and word != "reward"], text
        found["xl/sharedStrings.xml"] = found["xl/sharedStrings.xml"].replace(escape(text), "", 1)
    found["xl/workbook.xml"] = found["xl/workbook.xml"].replace('state="veryHidden"', "", 1)
    assert len([name for name in found if "worksheets/sheet" in name]) == 2
    assert not [
        name for name in found if re.search("comment|external|vba|calcChain|custom|drawing|printerSettings", name)
    ]
    for name, text in found.items():
        assert "<f>" not in text and "<f " not in text, name
        assert "hidden" not in text.lower(), name
        for word in ("allocation", "largest_remainder", "[[", "\\", "file:", *unwanted):
            assert word not in text, (name, word)
    names = re.findall('<definedName name="([^"]*)"', found["xl/workbook.xml"])
    assert set(names) <= {"_xlnm.Print_Titles", "_xlnm.Print_Area"}
    core = found["docProps/core.xml"]
    assert set(re.findall(r"<(?:dc|cp):(?:creator|lastModifiedBy)>([^<]+)<", core)) == set()
    assert "Company" not in re.sub("<Company></Company>", "", found["docProps/app.xml"])
    assert "Manager" not in found["docProps/app.xml"]


@pytest.fixture
def land(folder):
    """The small policy handing out land, with a rank and shares to be kept from the counties."""
    text = MODEL.replace('unit = "万元"\nvalue = 1000', 'unit = "公顷"\nvalue = 1000')
    text = text.replace('zh = "分配额"\nen = "Award"\nunit = "万元"', 'zh = "指标"\nen = "Quota"\nunit = "公顷"')
    for name in ("上年分配额", "下限", "上限"):
        text = re.sub(rf'(zh = "{name}"\nen = ".*"\nunit = )"万元"', r'\1"公顷"', text)
    text += '\n[[column]]\nname = "mu"\nzh = "亩"\nen = "Mu"\nunit = "亩"\nformula = "award"\n'
    text += '\n[[column]]\nname = "place"\nzh = "名次"\nen = "Rank"\nformula = "rank(award)"\n'
    text = text.replace('pool = "pool"\n', 'pool = "pool"\ntable = ["claim", "award", "mu", "place", "revenue_share", '
                        '"published", "pool"]\ncompare_with = "last_award"\n', 1)  # fmt: skip
    (folder / "models/reward.toml").write_text(text, encoding="utf-8")
    table = folder / "inputs/reward.csv"
    table.write_text(
        table.read_text(encoding="utf-8").replace("上年分配额（万元）", "上年分配额（公顷）"), encoding="utf-8"
    )
    return folder


def test_a_county_s_workbook_holds_its_own_row_and_nothing_of_any_other(allocation, land):
    told = allocation(f"run reward {YEAR} --edition 送县")
    assert told.code == 0 and "outputs/reward_2017_送县/（一县一本，共 4 本）" in told.out
    books = sorted((land / "outputs/reward_2017_送县").iterdir())
    assert [book.name for book in books] == [f"{row[0]}_{row[1]}.xlsx" for row in FOUR]
    for book, own in zip(books, FOUR, strict=True):
        others = [str(word) for row in FOUR if row is not own for word in row[:2]]
        assert_values_only(book, str(land), "reward", "合计", "名次", "占比", *others)
        figures = {float(value) for value in re.findall("<v>([^<]*)</v>", "".join(sheet_parts(book, "n")))}
        award = AWARDS[own[0]]
        assert award in figures and own[-1] in figures
        assert not figures & ({float(AWARDS[row[0]]) for row in FOUR if row is not own} | {1000.0, 900.0})
        assert not figures & {float(row[-1]) for row in FOUR if row is not own}
        rows = sheet(book)
        assert rows[0][0] == "2017年落户奖励资金分配（示例）分配表" and len(rows) == 5
        assert [cell.replace("\n", "") for cell in rows[2] if cell] == [
            "名称", "得分（人）", "指标", "亩（亩）", "上年分配额", "比上年增减额",
        ]  # fmt: skip
        assert rows[4][0] == own[1] and rows[4][2:] == (award, award * 15, own[-1], award - own[-1])


def sheet_parts(path: Path, kind: str) -> list[str]:
    """The cells of a workbook's sheet that hold numbers (texts are marked t="s")."""
    assert kind == "n"
    return re.findall(
        r"<c [^>]*>.*?</c>", re.sub(r'<c [^>]*t="s"[^>]*>.*?</c>', "", parts(path)["xl/worksheets/sheet1.xml"])
    )


def test_the_public_edition_holds_code_name_and_award(allocation, land):
    assert allocation(f"run reward {YEAR} --edition public").code == 0
    book = land / "outputs/reward_2017_公开.xlsx"
    assert_values_only(book, str(land), "reward", "得分", "名次", "大城市")
    rows = sheet(book)
    assert rows[2] == ("行政区代码", "名称", "指标")
    assert rows[4:] == [(None, "合计", 1000), *((row[0], row[1], AWARDS[row[0]]) for row in FOUR)]


def test_the_land_edition_holds_the_figures_of_the_table_and_no_figure_that_is_one_a_run(allocation, land):
    assert allocation(f"run reward {YEAR} --edition 土地").code == 0
    book = land / "outputs/reward_2017_土地.xlsx"
    assert_values_only(book, str(land), "资金总额", "已公布困难系数的县数")
    rows = sheet(book)
    assert [cell.replace("\n", "") for cell in rows[2] if cell][:5] == [
        "行政区代码",
        "名称",
        "得分（人）",
        "指标",
        "亩（亩）",
    ]
    assert rows[4][3:5] == (1000, 15000)


@pytest.mark.parametrize("listed", ["", '[[edition]]\nname = "送县"\ncolumns = ["code", "award", "name"]\n'])
def test_a_county_sees_its_own_adjustment_without_the_reason_and_the_public_the_issued_amount(
    allocation, folder, listed
):
    head = "县（市、区）,调整额,定额,由谁承担,理由,批准人或会议,文号,日期"
    text = MODEL + listed + '[[edition]]\nname = "公开"\ncolumns = ["code", "name", "award"]\n'
    (folder / "models/reward.toml").write_text(text, encoding="utf-8")  # the award that is issued in the end
    (folder / "adjust.csv").write_text(f"{head}\n黑山县,,300,凌海市,受灾,常务会,,\n", encoding="utf-8")
    told = allocation(f"run reward {YEAR} --adjust adjust.csv --edition 送县 --edition 公开")
    assert told.code == 0, told.err
    rows = sheet(folder / "outputs/reward_2017_送县/210726_黑山县.xlsx")
    own = {"测算数": 252, "调整数": 48, "下达数": 300}
    named = {"行政区代码": "210726", **own, "名称": "黑山县"} if listed else {"名称": "黑山县", **own}
    assert dict(zip(rows[2], rows[4], strict=True)) == named and [*rows[2]] == [*named] and len(rows) == 5
    rows = sheet(folder / "outputs/reward_2017_送县/210702_古塔区.xlsx")
    assert {195, 0} < {*rows[4]} and not {252, 48, 300} & {*rows[4]}
    assert "受灾" not in str(parts(folder / "outputs/reward_2017_送县/210726_黑山县.xlsx"))
    assert sheet(folder / "outputs/reward_2017_公开.xlsx")[4:][-2] == ("210726", "黑山县", 300)


def test_money_has_no_land_edition_and_the_message_says_how_to_have_one(allocation, folder):
    told = allocation(f"run reward {YEAR} --edition 公开 --edition 土地")
    assert told.code == 2 and "万元" in told.err and "[[edition]]" in told.err and not (folder / "outputs").exists()


def test_an_edition_alone_writes_no_internal_workbook_and_internal_is_the_full_one(allocation, folder):
    allocation(f"run reward {YEAR} --edition 公开")
    assert sorted(path.name for path in (folder / "outputs").iterdir()) == [
        "journal",
        "journal.csv",
        "reward_2017_公开.xlsx",
    ]
    allocation(f"run reward {YEAR} --edition 内部")
    allocation(f"run reward {YEAR} --out 甲")
    held = [load_workbook(folder / path, data_only=True) for path in ("outputs/reward.xlsx", "甲/reward.xlsx")]
    assert held[0].sheetnames == held[1].sheetnames and len(held[0].sheetnames) > 8
    assert (folder / "outputs/reward.csv").read_bytes() == (folder / "甲/reward.csv").read_bytes()


def test_editions_of_a_version_bear_its_number_and_hash_and_come_from_the_same_run(allocation, folder):
    told = allocation(f"run reward {YEAR} --stage 正式稿 --set pool=1200 --edition 送县 --edition 公开 --edition 内部")
    assert told.code == 0
    place = folder / "outputs/versions"
    (book,) = place.glob("reward_2017_正式稿_1_????????.xlsx")
    public = place / f"{book.stem}_公开.xlsx"
    assert sheet(public)[4][2] == 1200 and not (folder / "outputs/reward.xlsx").exists()
    short = book.stem[-8:]
    assert load_workbook(public).worksheets[0].oddFooter.left.text == f"正式稿 第1稿 {short}"
    assert len([*(place / f"{book.stem}_送县").iterdir()]) == 4


def test_an_edition_of_a_version_that_exists_is_not_rewritten(allocation, folder):
    allocation(f"run reward {YEAR} --stage 送审稿 --edition 公开")
    (public,) = (folder / "outputs/versions").glob("*公开.xlsx")
    public.write_bytes(b"sent as it was")
    told = allocation(f"run reward {YEAR} --stage 送审稿 --edition 公开 --edition 送县")
    assert told.code == 0 and public.read_bytes() == b"sent as it was" and "没有重写" in told.out
    assert len([*(folder / "outputs/versions").glob("*送县/*.xlsx")]) == 4


def test_a_run_without_a_version_says_so_at_the_foot(allocation, folder):
    allocation(f"run reward {YEAR} --edition 公开")
    book = load_workbook(folder / "outputs/reward_2017_公开.xlsx")
    assert book.worksheets[0].oddFooter.left.text == "未编稿次"
    assert book.worksheets[0].oddFooter.right.text == "第 &P 页  共 &N 页"


def test_illustrative_figures_are_marked_in_name_title_note_and_foot(allocation, folder):
    table = folder / "inputs/reward.csv"
    table.write_text("2017年示例数据\n" + table.read_text(encoding="utf-8"), encoding="utf-8")
    assert allocation("run reward --edition 送县 --edition 公开").code == 0
    for book in [folder / "outputs/reward_2017_公开_示例数据.xlsx",
                 *(folder / "outputs/reward_2017_送县_示例数据").iterdir()]:  # fmt: skip
        rows = [str(cell) for row in sheet(book) for cell in row if cell]
        assert rows[0].endswith("（示例数据）") and rows[-1].startswith("本表所用数据含示例")
        assert load_workbook(book).worksheets[0].oddFooter.left.text.endswith("示例数据")


def test_what_an_earlier_run_left_in_the_counties_folder_stops_the_next(allocation, folder):
    allocation(f"run reward {YEAR} --edition 送县")
    left = folder / "outputs/reward_2017_送县/210799_旧县.xlsx"
    left.write_bytes(b"")
    told = allocation(f"run reward {YEAR} --edition 送县")
    assert told.code == 2 and "210799_旧县.xlsx" in told.err and "移走" in told.err
    left.unlink()
    assert allocation(f"run reward {YEAR} --edition 送县").code == 0


def test_a_name_that_windows_would_refuse_still_makes_a_file(allocation, folder):
    (folder / "inputs/recipients.csv").write_text("代码,名称\n210726,黑山县/开发区:甲\n", encoding="utf-8")
    table = folder / "inputs/reward.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("黑山县", '"黑山县/开发区:甲"'), encoding="utf-8")
    assert allocation(f"run reward {YEAR} --edition 送县").code == 0
    assert (folder / "outputs/reward_2017_送县/210726_黑山县_开发区_甲.xlsx").exists()


def test_columns_of_the_model_are_printed_in_english_too(allocation, folder):
    text = MODEL + '[[edition]]\nname = "county"\ncolumns = ["code", "name", "claim", "award", "size"]\n'
    (folder / "models/reward.toml").write_text(text, encoding="utf-8")
    assert allocation(f"run reward {YEAR} --edition county --lang en").code == 0
    rows = sheet(folder / "outputs/reward_2017_county/210726_黑山县.xlsx")
    assert rows[2] == ("Code", "Name", "Claim (people)", "Award", "City size")
    assert rows[4][0] == "210726" and rows[4][3:] == (252, "小城市")


def test_land_goes_to_the_county_with_all_its_towns(allocation, folder):
    shutil.copyfile(ROOT / "models/land_quota.toml", folder / "models/land_quota.toml")
    shutil.copyfile(ROOT / "inputs/jinzhou_2017.xlsx", folder / "inputs/jinzhou_2017.xlsx")
    assert (
        allocation(
            "run land_quota --input inputs/jinzhou_2017.xlsx --set plan_total=100 --edition 送县 --edition 土地 "
            "--decided size_factor --decided reserve_share --decided incentive_rate --decided constraint_rate "
            "--decided redevelopment_limit --decided dwelling_land --decided carried_share"
        ).code
        == 0
    )
    books = {path.name[7:10]: path for path in (folder / "outputs/land_quota_2017_送县_示例数据").iterdir()}
    names = {county: {row[1] for row in sheet(path)[4:-1]} for county, path in books.items()}
    assert names["黑山县"] == {"合计", "黑山县县城", "示例镇甲"} and len(books) == 7
    for county, path in books.items():
        others = set().union(*(names[other] for other in books if other != county)) - {"合计"}
        assert_values_only(path, *others, *(set(books) - {county}))
    assert_values_only(folder / "outputs/land_quota_2017_土地_示例数据.xlsx")
