"""What an English reader is shown holds the English words and signs."""

from __future__ import annotations

import pytest


def test_changes_of_a_scenario_are_joined_as_english_joins_them(allocation, folder):
    text = '[scenario]\nzh = "两处"\nen = "Two"\n' + "".join(
        f'\n[[change]]\naddress = "{address}"\nset = {value}\n'
        for address, value in (("pool", 1200), ("floor_rate", 0.4))
    )
    (folder / "two.toml").write_text(text, encoding="utf-8")
    told = allocation("compare reward two.toml --lang en")
    assert told.code == 0, told.text
    assert "; " in told.out and "；" not in told.out


@pytest.mark.parametrize(("lang", "word"), [("zh", "送县"), ("en", "county")])
def test_the_journal_names_an_edition_in_the_reader_s_language(allocation, folder, lang, word):
    assert allocation(f"run reward --year 2018 --edition county --lang {lang}").code == 0
    assert f"edition {word}," in (folder / "outputs" / "journal.csv").read_text(encoding="utf-8-sig")
