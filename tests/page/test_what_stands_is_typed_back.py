"""What the form shows of a figure may be typed back as it stands: it is taken, and nothing moves."""

from __future__ import annotations

from pathlib import Path

import pytest

from allocation.analysis.addresses import as_typed
from allocation.page.settings_shown import wrong_with
from allocation.policy.loading import load_model
from allocation.run.scenario import apply_changes, parse_assignment

MODELS = sorted((Path(__file__).parents[2] / "models").glob("*.toml"))


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_what_stands_is_typed_back_without_a_change(path):
    model = load_model(path)
    told = 0
    for entry in model.parameters.values():
        for key, value in entry.figures.items():
            if value is None:
                continue
            address, text = entry.address(key), as_typed(entry, value)
            assert wrong_with(model, address, text) == [], (address, text)
            changed = apply_changes(model, (), [parse_assignment(f"{address}={text}")])[0]
            assert changed.parameters[entry.name].figures == entry.figures, (address, text)
            told += 1
    assert told or not model.parameters
