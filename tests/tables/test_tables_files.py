"""Files that cannot be read are said plainly; CSV of every usual kind is read."""

import pytest
from pace import MOST, within
from people_tables import HEAD, ROWS, problems

from allocation.tables import grid
from allocation.tables.reading import read_table


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_is_read_in_every_usual_encoding(write_csv, model, encoding):
    table = read_table(write_csv([HEAD, *ROWS], encoding=encoding), model)
    assert table.names == ("古塔区", "凌河区", "太和区")
    assert table.cells[("settled", 0)] == "data.csv: C2"


@pytest.mark.parametrize("delimiter", ["\t", ";"])
def test_csv_may_be_separated_by_tabs_or_semicolons(tmp_path, model, delimiter):
    path = tmp_path / "data.txt"
    path.write_text("\n".join(delimiter.join(map(str, row)) for row in [HEAD, *ROWS]), encoding="utf-8")
    assert len(read_table(path, model)) == 3


def test_csv_cells_may_hold_line_breaks(write_csv, model):
    head = ["代码", "名称", "落户\n人数", "财政收入"]
    assert len(read_table(write_csv([head, *ROWS]), model)) == 3


def test_a_missing_file_names_the_nearest_one(tmp_path, write, model):
    write([HEAD, *ROWS], name="锦州2017.xlsx")
    assert "最接近的是“锦州2017.xlsx”" in problems(tmp_path / "锦州2016.xlsx", model)
    assert "也没有名称相近的文件" in problems(tmp_path / "abcdefgh.csv", model)
    assert "找不到文件夹" in problems(tmp_path / "none" / "a.xlsx", model)


def test_a_folder_and_an_empty_file_are_refused(tmp_path, model):
    assert "这是文件夹" in problems(tmp_path, model)
    (tmp_path / "a.csv").write_bytes(b" \n")
    assert "a.csv: 文件是空的" in problems(tmp_path / "a.csv", model)


def test_a_locked_file_says_to_close_it(write, model, monkeypatch):
    def locked(path):
        raise PermissionError(13, "Permission denied")

    path = write([HEAD, *ROWS])
    monkeypatch.setattr(grid, "given_bytes", locked)
    assert "可能正在 Excel 或 WPS 中打开" in problems(path, model)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.xls", bytes.fromhex("d0cf11e0a1b11ae1") + b"x" * 99, "已损坏"),
        ("a.et", bytes.fromhex("d0cf11e0a1b11ae1") + b"x" * 99, "这是 WPS 的 .et 文件"),
        ("a.xlsx", bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le"), "打开密码"),
        ("a.xlsx", b"<html><table>", "“另存为” xlsx"),
        ("a.xlsx", b"PK\x03\x04 broken", "已损坏"),
        ("a.csv", b"\xff\xfe\x00", "编码认不出来"),
        ("a.csv", b"a,b\n\x00\x00\x00,1", "编码认不出来"),
    ],
)
def test_what_is_no_workbook_says_to_save_it_as_one(tmp_path, model, name, data, said):
    (tmp_path / name).write_bytes(data)
    text = problems(tmp_path / name, model)
    assert text.startswith(f"{name}: ") and said in text


def test_a_zip_that_is_no_workbook_and_a_damaged_workbook_are_refused(tmp_path, model):
    import zipfile

    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("content.xml", "<x/>")
    assert "不是 xlsx、xls 工作簿" in problems(path, model)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x")
    assert "已损坏" in problems(path, model)


def test_a_stray_format_far_below_costs_nothing(write, model):
    from openpyxl import load_workbook
    from openpyxl.styles import Font

    path = write([HEAD, *ROWS])
    book = load_workbook(path)
    book.active.cell(1048576, 3).font = Font(bold=True)
    book.save(path)
    assert len(read_table(path, model)) == 3


def test_a_nation_of_counties_is_read_in_seconds(write, model):
    head = [*HEAD, *(f"其他{n}" for n in range(16))]
    rows = [[f"{n:06d}", f"县{n}", n + 1, n / 8, *range(16)] for n in range(2850)]
    path = write([head, *([*row[:3], round(row[3], 2), *row[4:]] for row in rows)])
    with within(MOST):
        assert len(read_table(path, model, unused=head[4:])) == 2850


def test_both_languages_have_the_same_messages_and_slots():
    import re

    from allocation.texts import catalogue

    zh, en = catalogue("zh", "tables"), catalogue("en", "tables")
    assert zh.keys() == en.keys()
    differing = [key for key in zh if set(re.findall(r"{(\w+)}", zh[key])) != set(re.findall(r"{(\w+)}", en[key]))]
    assert differing == []
