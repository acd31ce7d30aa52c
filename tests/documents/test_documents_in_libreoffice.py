"""Every kind of document opens in LibreOffice Writer and becomes pages with its text on them."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from evaluated import write_report
from word import sentences

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")


def pages(files: list[Path], folder: Path) -> dict[str, str]:
    """The text of each file's PDF, without white space. Skipped on a desk without LibreOffice Writer, never in CI."""
    assert [path.name for path in files if not path.is_file()] == []
    if SOFFICE and shutil.which("pdftotext"):
        subprocess.run(
            [SOFFICE, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to", "pdf",
             "--outdir", str(folder), *map(str, files)],
            capture_output=True, timeout=170, check=False,
        )  # fmt: skip
    made = {file.name: folder / f"{file.stem}.pdf" for file in files}
    if not all(path.is_file() for path in made.values()):
        refuse = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        refuse("LibreOffice Writer (soffice) or pdftotext is not installed here")
    told = {}
    for name, path in made.items():
        done = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, encoding="utf-8", check=True)
        told[name] = "".join(done.stdout.split())
    return told


def test_report_notices_and_note_open_with_their_text(allocation, folder, monitor):
    write_report(monitor(2018), folder / "报告.docx", "zh")
    assert allocation("notices reward --document 辽财预〔2017〕99号").code == 0
    notices = folder / "outputs" / "reward_2017_通知"
    files = [folder / "报告.docx", notices / "210726_黑山县.docx", folder / "outputs" / "reward_2017_测算说明.docx"]
    for name, text in pages(files, folder).items():
        said = ["".join(one.split()) for one in sentences(next(file for file in files if file.name == name))]
        assert said and "示例数据" in text
        assert [one for one in said if one[:12] not in text] == [], name
