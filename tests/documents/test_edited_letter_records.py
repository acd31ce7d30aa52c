"""A record of letters that someone edited and handed on is told, and nothing is written where nobody asked for it."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from pathlib import Path

import pytest
from desk import IN_CI
from letters import FOLDER, GIVEN

RECORD = FOLDER.with_suffix(".json")


def archive(size: int) -> str:
    """An archive of one part, in base64."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as whole:
        whole.writestr("word/document.xml", b" " * size)
    return base64.b64encode(data.getvalue()).decode()


TEMPLATES = {"no base64": "***", "no archive": "AAAA", "no Word file": archive(9)}
if IN_CI:
    TEMPLATES["vast"] = archive(170 * 2**20)


def edited(record: Path, **changes: str) -> None:
    held = json.loads(record.read_text("utf-8"))
    held["letters"] |= changes
    record.write_text(json.dumps(held, ensure_ascii=False), "utf-8")


@pytest.mark.parametrize("name", ["../../外面", "../外面", "{absolute}"])
def test_what_a_record_calls_its_folder_leads_to_no_other_one(allocation, folder, name):
    assert allocation(f"notices reward {GIVEN}").code == 0
    edited(RECORD, name=name.format(absolute=(folder / "外面").as_posix()))
    told = allocation(["rerun", str(RECORD), "--out", "重做/再做", "--input", "inputs", "--input", "."])
    assert told.code == 2 and "--out" in told.text and RECORD.name in told.text, told.text
    assert not Path("重做").exists() and not list(folder.rglob("外面*"))


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_template_that_is_none_is_told_whatever_stands_in_its_place(allocation, folder, template):
    assert allocation(f"notices reward {GIVEN}").code == 0
    edited(RECORD, template=TEMPLATES[template])
    told = allocation(["rerun", str(RECORD), "--out", "重做", "--input", "inputs", "--input", "."])
    assert told.code == 2 and RECORD.name in told.text, told.text
    told = allocation(["verify", str(next(FOLDER.glob("*.docx")))])
    assert told.code in (1, 2) and RECORD.name in told.text, told.text
