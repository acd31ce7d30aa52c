"""A blank form says one rule of 0 and of blanks, and no column of any model is against it."""

from __future__ import annotations

import re

import pytest
from openpyxl import load_workbook
from shipped import HOUSE

from allocation.policy.loading import load_model
from allocation.tables.template import write_template

MODELS = sorted((HOUSE / "models").glob("*.toml"))
AGAINST = {"zh": r"不要填 ?0|不填 ?0|空白即 ?0|留空按 ?0", "en": r"not 0;|blank is 0"}
RULE = {
    "zh": "没有的（数就是零）填 0，不知道的留空",
    "en": "write 0 where there is none; where a figure is not known leave it blank",
}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_nought_is_0_and_what_is_not_known_is_blank_in_every_form(path, lang, tmp_path):
    write_template(load_model(path), tmp_path / "form.xlsx", lang=lang)
    sheet = load_workbook(tmp_path / "form.xlsx").worksheets[0]
    cells = [cell for row in sheet.iter_rows(max_row=6) for cell in row]
    texts = [str(cell.value) for cell in cells if cell.value] + [cell.comment.text for cell in cells if cell.comment]
    assert sum(RULE[lang] in text for text in texts) == 1
    assert [text for text in texts if re.search(AGAINST[lang], text)] == []
