"""A catalogue read line by line is what TOML's own reader makes of the file."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from allocation import texts

FILES = sorted(Path(texts.__file__).parent.glob("*/*.toml"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_a_catalogue_says_what_its_file_says(file):
    wanted = tomllib.loads(file.read_text(encoding="utf-8"))
    assert texts.catalogue(file.parent.name, file.stem) == wanted and len(wanted) > 0
    assert all(isinstance(one, str) for one in wanted.values())
