"""What the commands that run a model over several years have in common."""

from __future__ import annotations

from pathlib import Path

import click

from allocation.classes import dataclass
from allocation.commands.screen import Screen
from allocation.files.destination import Destination
from allocation.office.asked import YearsQuestion

TABLES = click.option("--input", "tables", multiple=True, type=click.Path(path_type=Path))


@dataclass(frozen=True, kw_only=True)
class YearsRequest(YearsQuestion):
    """What every command that runs a model over several years is asked."""

    out: Destination
    screen: Screen
