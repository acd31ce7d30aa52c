"""verify on what is no workbook: it says what the file is and what can be verified instead, and ends with 2."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path

import pytest

KINDS = {
    "通知.docx": ("word/document.xml", "Word 文件"),
    "汇报.pptx": ("ppt/presentation.xml", "演示文稿"),
    "一批.zip": ("甲/乙.txt", "压缩包"),
    "表.ods": ("mimetype", "OpenDocument 表格"),
    "扫描.pdf": (b"%PDF-1.7\n", "PDF 文件"),
    "旧.xls": (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "旧格式"),
    "章.png": (b"\x89PNG\r\n\x1a\n" + b"\0" * 20, "图片"),
    "空.xlsx": (b"", "空的"),
    "表.csv": ("代码,名称\n1,甲\n".encode("gb18030"), "CSV"),
    "模型.toml": ('[model]\nzh = "甲"\n'.encode(), "TOML"),
    "别的.json": (b'{"a": 1}', "JSON 文件"),
    "清单.json": (b'{"schema": "allocation.run/1"}', "运行清单"),
    "新清单.json": (b'{"schema": 2, "kind": "run"}', "运行清单"),
    "断了.json": (b'{"schema": "allocation', "读不通"),
    "说明.txt": ("写给科长".encode(), "文本文件"),
    "数.parquet": (b"PAR1" + struct.pack("<I", 7), "Parquet"),
    "不明": (bytes(range(256)) * 3, "看不出"),
}


def written(path: Path, content: bytes | str) -> Path:
    if isinstance(content, bytes):
        path.write_bytes(content)
        return path
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(content, "application/vnd.oasis.opendocument.spreadsheet" if content == "mimetype" else "x")
    return path


@pytest.mark.parametrize("name", KINDS)
def test_a_file_that_is_no_workbook_is_named_as_what_it_is(allocation, folder, name):
    content, said = KINDS[name]
    written(folder / name, content)
    told = allocation(["verify", name])
    assert told.code == 2 and name in told.err and said in told.err and "损坏" not in told.err
    english = allocation(["verify", name, "--lang", "en"])
    assert english.code == 2 and "this" in english.err and "damaged" not in english.err


def test_a_folder_is_no_workbook_either(allocation, folder):
    told = allocation("verify inputs")
    assert told.code == 2 and "文件夹" in told.err


def test_a_name_s_ending_decides_nothing(allocation, folder):
    written(folder / "结果.xlsx", "word/document.xml")
    told = allocation("verify 结果.xlsx")
    assert told.code == 2 and "Word 文件" in told.err


def test_what_the_program_wrote_beside_a_workbook_is_known_and_held_against_the_journal(allocation, folder):
    allocation("run reward --set pool=1000 --year 2017 --stage 试算")
    allocation("confirm reward --year 2017")
    versions = folder / "outputs" / "versions"
    (record,) = (path for path in versions.glob("*.json") if path.name != "register.json")
    told = allocation(["verify", str(record)])
    assert told.code == 2 and "运行清单" in told.err and "没有改动" in told.err
    record.write_bytes(record.read_bytes() + b" ")
    assert "发出之后改动过" in allocation(["verify", str(record)]).err
    assert "allocation versions" in allocation("verify outputs/versions/register.json").err
    assert "CSV" in allocation("verify outputs/journal.csv").err
