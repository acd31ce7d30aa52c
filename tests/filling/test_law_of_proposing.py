"""A template of a mapping, read without it, is proposed back to that mapping; what differs is asked, never guessed."""

from __future__ import annotations

import pytest
from desk import some
from filled_books import STAMP, fill_in
from test_law_of_filling import CODES, LINES, Drawn

from allocation.errors import AllocationError
from allocation.filling.code_lists import code_lists
from allocation.filling.confirming import ColumnSaid, MappingSaid, mapping_text
from allocation.filling.filled import filled
from allocation.filling.lines import fill_lines
from allocation.filling.proposing import LEAVE, Proposal, propose
from allocation.filling.reading import read_unmapped
from allocation.filling.template import read_template
from allocation.tables.cells import letters
from allocation.texts import AT_TERMINAL
from allocation.xlsx.import_mapping import load_mapping, mapping_from_text


def by_hand(drawn: Drawn, proposal: Proposal) -> MappingSaid:
    """What a person who knows the mapping says of every column: the whole truth of each."""
    wide = {"roads": "figure:roads", "water": "figure:water"}
    sources = {"code": "code", "name": "name", "year": "year", "use": "line", "yuan": "row", "known": "figure:known"}
    of = {drawn.place(name): (name, (wide | sources)[name]) for name in drawn.columns}
    columns = {}
    for target in proposal.columns:
        name, source = of.get(target.column, ("", LEAVE))
        assert target.source in ("", source) or target.source == LEAVE and target.why != "words", (name, target)
        measured = source.startswith("figure:") or source == "row"
        columns[letters(target.column)] = ColumnSaid(
            source, "元" if measured else "", str(drawn.decimals) if measured else "",
            str(drawn.digits) if name == "code" else "",
        )  # fmt: skip
    lines = {text: figure for figure, text in LINES.items()} | {CODES[text]: name for name, text in LINES.items()}
    return MappingSaid("表", columns, {line.text: lines[line.text] for line in proposal.lines})


def filled_by(drawn: Drawn, text: str) -> bytes:
    layout = mapping_from_text(text, "新.toml", drawn.run.model)
    book = read_template(drawn.folder / "t.xlsx", layout.template.sheet)
    lists = code_lists(layout, book, [])
    lines = fill_lines(drawn.run, layout, lists, [])
    return filled(book, layout, layout.template, lines, lists, drawn.run.model.units, STAMP).data


@pytest.mark.parametrize("seed", some(range(80), 24))
def test_a_template_is_proposed_back_to_the_mapping_it_was_made_of_or_what_differs_is_asked(seed, tmp_path):
    drawn = Drawn(seed, tmp_path)
    read = read_unmapped(tmp_path / "t.xlsx", drawn.run)
    assert [row + 1 for row in read.rows] in (drawn.heads, drawn.heads[-1:]) and read.first + 1 == drawn.first
    assert read.units == drawn.mode
    if drawn.mode == "append" and not drawn.wide:
        return  # nothing of the template says that a unit has several rows
    proposal = propose(read, drawn.run)
    text = mapping_text(proposal, by_hand(drawn, proposal), AT_TERMINAL["zh"], "t.xlsx")
    wanted, _ = fill_in(drawn.run, tmp_path, "t.xlsx", "layout.toml")
    assert filled_by(drawn, text) == wanted.data


@pytest.mark.parametrize("seed", some(range(80), 24))
def test_taken_over_from_the_mapping_of_last_time_nothing_is_asked_but_what_it_does_not_say(seed, tmp_path):
    drawn = Drawn(seed, tmp_path)
    if not drawn.wide:
        return
    held = load_mapping(tmp_path / "layout.toml", drawn.run.model)
    proposal = propose(read_unmapped(tmp_path / "t.xlsx", drawn.run), drawn.run, held)
    asked = [target.heading for target in proposal.columns if not target.source]
    assert not asked, asked
    with pytest.raises(AllocationError) as error:
        mapping_text(proposal, MappingSaid("表"), AT_TERMINAL["zh"], "t.xlsx")
    assert {problem.id for problem in error.value.problems} == {"filling.ask_unit"}
