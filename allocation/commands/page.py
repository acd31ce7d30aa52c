"""page: the page on this machine, for whoever opens no terminal again."""

from __future__ import annotations

from pathlib import Path

import click

from allocation.commands.helped import HelpedCommand
from allocation.commands.screen import Screen
from allocation.commands.shared import LANGUAGE_ALONE
from allocation.errors import AllocationError, Problem

FOLDER = click.argument("folder", type=click.Path(path_type=Path), required=False)


@click.command(cls=HelpedCommand)
@FOLDER
@click.option("--port", type=click.IntRange(1024, 65535))
@click.option("--host", default="")
@click.option("--quiet", is_flag=True)
@LANGUAGE_ALONE
def page(folder: Path | None, port: int | None, host: str, quiet: bool, screen: Screen) -> int:
    """Open the page in a browser."""
    try:
        from allocation.page.starting import PageAsked, serve
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("starlette", "uvicorn", "anyio"):
            raise
        raise AllocationError(Problem("page.no_extra")) from None
    serve(PageAsked(folder, port, host, not quiet), screen.tell)
    return 0
