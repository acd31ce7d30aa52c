"""A text with spaces that stands inside a comparison is compared as it was written."""

from __future__ import annotations

import pytest
from recalculation import differences, recalculated, recorded, unequal
from small_models import run

G = ["New Town", "NewTown", "Old Town", "b"]
INSIDE = (
    '(1 if g in ("New Town", "Old Town") else 0) > 0',
    '0 != min(1, 1 if g not in ("New Town",) else 2)',
    '(1 if g == "Old Town" else 0) == (0 if g in ("b", "New Town") else 1)',
)


@pytest.mark.parametrize("lang", ("zh", "en"))
@pytest.mark.parametrize("test", INSIDE)
def test_a_text_inside_a_comparison_keeps_its_spaces_in_the_workbook(test, lang):
    result = run(x=[1, 2, 3, 4], g=G, formula=f"x if {test} else 0")
    book = recorded(result, lang)
    found = recalculated(book)
    assert differences(book, found) == []
    assert lang != "zh" or unequal(result, found) == []
