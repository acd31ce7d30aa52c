"""The shipped models with the figures of their samples, which the models themselves do not hold."""

from __future__ import annotations

from pathlib import Path

from allocation.files.folders import shipped
from allocation.opening.case_toml import read_case_toml
from allocation.opening.settings import with_case
from allocation.policy.loading import load_model
from allocation.policy.model import Model
from allocation.run.finding import default_input
from allocation.run.shelf import base_name

HOUSE = shipped()  # the folder with models/, inputs/ and templates/


def sample_model(name: str) -> Model:
    """A shipped model, by its file's name without the ending, with its sample's settings."""
    model = load_model(HOUSE / "models" / f"{name}.toml")
    settings = HOUSE / "inputs" / f"{base_name(name)}.toml"
    return with_case(model, read_case_toml(settings)) if settings.exists() else model


def sample_table(name: str) -> Path:
    """The table of a shipped model's sample."""
    return default_input(name)[0]
