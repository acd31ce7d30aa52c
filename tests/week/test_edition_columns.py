"""[[edition]]: which columns a model may show to which reader, and what is told of a section that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from allocation.errors import AllocationError
from allocation.policy.loading import load_model, model_from_text

ROOT = Path(__file__).parent.parent.parent
MODEL = (ROOT / "tests/cases/shared/models/reward.toml").read_text(encoding="utf-8")


def edition(section: str, compared: bool = False):
    text = MODEL.replace('pool = "pool"\n', 'pool = "pool"\ncompare_with = "last_award"\n', 1) if compared else MODEL
    return model_from_text(f"{text}\n[[edition]]\n{section}\n")


def test_the_model_says_which_columns_an_edition_shows_and_in_what_order():
    model = edition('name = "公开"\ncolumns = ["name", "award", "settled", "change"]', compared=True)
    assert model.editions["public"].columns == ("name", "award", "settled", "change")


@pytest.mark.parametrize(
    ("section", "id", "word"),
    [
        ('name = "公开"\ncolumns = ["name", "awrad"]', "edition_column", "award"),
        ('name = "公幵"\ncolumns = ["name"]', "no_edition", "公开"),
        ('name = "内部"\ncolumns = ["name"]', "no_edition", "送县"),
        ('name = "公开"\ncolumns = []', "edition_columns", "公开"),
        ('name = "公开"\ncolumns = ["award", "award"]', "edition_columns", "公开"),
        ('name = "公开"\ncolumns = ["pool"]', "edition_scalar", "pool"),
        ('name = "公开"\ncolumns = ["published"]', "edition_scalar", "published"),
        ('name = "送县"\ncolumns = ["revenue_share"]', "edition_reveals", "revenue_share"),
        ('name = "公开"\ncolumns = ["change"]', "no_change", "compare_with"),
        ('name = "送县"\nby = "sise"\ncolumns = ["name"]', "edition_by", "size"),
        ('name = "公开"\nby = "size"\ncolumns = ["name"]', "edition_by", "送县"),
        ('name = "送县"\nopen = ["calim"]\ncolumns = ["name"]', "edition_open", "claim"),
        ('name = "公开"\nopen = ["claim"]\ncolumns = ["name"]', "edition_open", "送县"),
        ('name = "公开"\ncolumns = ["name"]\n[[edition]]\nname = "public"\ncolumns = ["code"]',
         "edition_twice", "public"),
    ],
)  # fmt: skip
def test_a_wrong_section_is_told_with_the_nearest_name(section, id, word):
    with pytest.raises(AllocationError) as caught:
        edition(section)
    assert [problem.id for problem in caught.value.problems] == [f"versions.{id}"]
    assert word in caught.value.text("zh") and "[[edition]]" in caught.value.text("en")


def test_a_column_that_is_itself_wrong_is_told_once():
    broken = '[[column]]\nname = "seen"\nzh = "见"\nen = "Seen"\nformula = "nothing + 1"\n'
    with pytest.raises(AllocationError) as caught:
        model_from_text(f'{MODEL}{broken}[[edition]]\nname = "公开"\ncolumns = ["seen"]\n')
    assert [problem.id for problem in caught.value.problems] == ["language.unknown_name"]


ASIDE = """
[[parameter]]
name = "tiers"
zh = "档"
en = "Tiers"
bands = [{ up_to = 1, value = 3 }, { value = 1 }]

[[column]]
name = "all_settled"
zh = "合计落户"
en = "Settled in all"
unit = "人"
formula = "total(settled)"

[[column]]
name = "aside"
zh = "占比"
en = "Part"
formula = "settled / total(settled)"

"""


@pytest.mark.parametrize(
    "formula", ["rank(award)", "part(award)", "award / total(award)", "round(index(award), 2)",
                "rank(award) if settled > 1 else 0", "-rank(award)", "count(settled > 0, by = size)", "revenue_share",
                "aside", "max(aside, 0)", "clip(rank(settled), 1, 99)", "step(rank(settled), tiers)",
                "settled / weighted_mean(settled, revenue)", "settled / all_settled", "1 if rank(settled) < 2 else 0",
                "round(standardise(settled), 4)"]
)  # fmt: skip
def test_a_figure_that_tells_of_the_others_cannot_be_sent_to_a_county(formula):
    column = ASIDE + f'[[column]]\nname = "seen"\nzh = "见"\nen = "Seen"\nformula = "{formula}"\n'
    with pytest.raises(AllocationError) as caught:
        model_from_text(f'{MODEL}{column}[[edition]]\nname = "送县"\ncolumns = ["seen"]\n')
    assert [problem.id for problem in caught.value.problems] == ["versions.edition_reveals"]


@pytest.mark.parametrize(
    "formula, more", [("award - floor", ""), ("share(pool, settled)", ""), ("fill(pool, award, settled)", ""),
                      ("aside * 2", 'open = ["aside"]'), ("settled / total(settled, by = size)", 'by = "size"')]
)  # fmt: skip
def test_what_an_allocation_hands_out_what_is_open_and_the_reader_s_own_group_may_be_sent(formula, more):
    column = ASIDE + f'[[column]]\nname = "seen"\nzh = "见"\nen = "Seen"\nunit = "UNIT"\nformula = "{formula}"\n'
    column = column.replace("UNIT", "万元" if "pool" in formula or "award" in formula else "")
    model = model_from_text(f'{MODEL}{column}[[edition]]\nname = "送县"\n{more}\ncolumns = ["name", "seen", "award"]\n')
    assert model.editions["county"].columns == ("name", "seen", "award")


@pytest.mark.parametrize("path", sorted((ROOT / "models").glob("*.toml")), ids=lambda path: path.stem)
def test_the_editions_of_the_shipped_models_load(path):
    assert set(load_model(path).editions) <= {"county", "public", "land"}
