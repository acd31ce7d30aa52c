"""The small, fictional policy of the bad cases, loaded once."""

from __future__ import annotations

from pathlib import Path

import pytest

from allocation import load_model, read_table

SHARED = Path(__file__).parent.parent / "cases" / "shared"


@pytest.fixture(scope="session")
def reward():
    return load_model(SHARED / "models" / "reward.toml")


@pytest.fixture(scope="session")
def counties(reward):
    return (read_table(SHARED / "inputs" / "reward.csv", reward),)
