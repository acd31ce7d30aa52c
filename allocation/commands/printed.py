"""Options of how the printed sheets are laid out."""

from __future__ import annotations

from collections.abc import Callable

import click

from allocation.texts import both

_KEYS = ("annex", "approval")
LAYOUTS = {both(f"stages.layout_{key}").zh: key for key in _KEYS} | {key: key for key in _KEYS}
LAYOUT = click.option("--layout", type=click.Choice(list(LAYOUTS)), default=both("stages.layout_annex").zh)
PAPER = click.option("--paper", type=click.Choice(["A4", "A3"], case_sensitive=False))


def print_options(command: Callable[..., object]) -> Callable[..., object]:
    return LAYOUT(PAPER(command))


def printing(layout: str, paper: str | None) -> dict[str, str]:
    """What the record says of it: nothing where all is as usual."""
    asked = {"layout": LAYOUTS[layout], "paper": paper or "fit"}
    return {} if asked == {"layout": "annex", "paper": "fit"} else asked
