"""Words that papers no longer use: 下达单位 is who issues, never who receives; who adjusts is not said."""

from __future__ import annotations

from pathlib import Path

import pytest

from allocation.run.finding import model_of_year
from allocation.tables.headings import FORMER, lexicon
from allocation.texts.vocabulary import meanings

ROOT = Path(__file__).parents[2]
READERS = {"allocation/texts/recognised/table_words.toml"}  # lists of headings that are read as well
SPOKEN = ("allocation", "models", "inputs", "docs", "templates", "notebooks", "README.md", "README.en.md")


@pytest.mark.parametrize("word", ["下达单位", "领导调整", "leaders' adjustments"])
def test_a_former_word_stands_in_no_product_message_or_page(word):
    places = [ROOT / name for name in SPOKEN]
    files = [file for place in places for file in ([place] if place.is_file() else place.rglob("*"))]
    read = [file for file in files if file.suffix in (".py", ".toml", ".md", ".csv", ".ipynb", ".html", ".txt")]
    assert len(read) > 300
    saying = {str(file.relative_to(ROOT)) for file in read if word in file.read_text(encoding="utf-8-sig").casefold()}
    assert saying <= READERS


def test_a_table_with_the_former_heading_is_still_read():
    model = model_of_year("provincial_fund", None)
    words = lexicon(model)
    assert model.inputs["payee"].label.zh in meanings(FORMER)
    assert words.role("下达单位") == words.role("接收单位") == ("payee", 0)
