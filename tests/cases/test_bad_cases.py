"""Every wrong table, model and command line of `bad/` is answered by exactly the message kept beside it.

`UPDATE_SNAPSHOTS=1 pytest tests/cases` writes the messages anew; read the difference before keeping it.
"""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path

import pytest
from bad_case import BAD, REPOSITORY, run

CASES = sorted(path.parent for path in BAD.glob("*/case.toml"))
UPDATE = os.environ.get("UPDATE_SNAPSHOTS") == "1"


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_bad_input_is_answered_by_its_message_and_nothing_is_written(case, lang, tmp_path, monkeypatch, capsys):
    told = run(case, tmp_path, lang, monkeypatch, capsys)
    expected = tomllib.loads((case / "case.toml").read_text(encoding="utf-8")).get("exit", 2)
    assert told.code == expected, told.text
    if expected == 2:
        assert told.changed == []
    for absolute in (str(tmp_path), str(REPOSITORY)):
        assert absolute not in told.text, "a message tells where the program or the person's folder lies"
    snapshot = case / f"expected.{lang}.txt"
    if UPDATE:
        snapshot.write_text(told.text, encoding="utf-8")
    assert told.text == snapshot.read_text(encoding="utf-8")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_message_is_in_the_reader_s_language_and_fills_every_slot(case, lang):
    text = (case / f"expected.{lang}.txt").read_text(encoding="utf-8").split("\n", 1)[1]
    assert "None" not in text and "Traceback" not in text and "Problem(" not in text
    assert not re.search(r"\bFraction\(|\bDecimal\(|<class|WindowsPath|PosixPath", text)
    if lang == "zh":
        said = [line for line in text.splitlines() if line.strip("─") and not line.startswith(("exit", "    "))]
        assert all(re.search(r"[\u4e00-\u9fff]", line) for line in said)


def test_there_are_enough_cases_and_no_two_say_the_same_command_on_the_same_files():
    assert len(CASES) >= 50
    seen = {tuple((f.relative_to(c).as_posix(), f.read_bytes()) for f in _own(c)) for c in CASES}
    assert len(seen) == len(CASES)


def _own(case: Path) -> list[Path]:
    return sorted(file for file in case.rglob("*") if file.is_file() and not file.name.startswith("expected."))
