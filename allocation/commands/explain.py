"""explain."""

from __future__ import annotations

import click

from allocation.classes import dataclass
from allocation.commands.attached import TableCommand
from allocation.commands.requests import TableRequest, gathered
from allocation.commands.shared import MODEL, table_options


@dataclass(frozen=True, kw_only=True)
class ExplainRequest(TableRequest):
    """What `explain` is asked."""

    county: str
    column: str | None
    depth: int
    form: str


@click.command(cls=TableCommand)
@MODEL
@click.argument("county", default="")
@click.argument("column", required=False)
@click.option("--depth", type=click.IntRange(0, 20), default=3)
@click.option("--format", "form", type=click.Choice(["text", "markdown", "json"]), default="text")
@table_options
@gathered(ExplainRequest)
def explain(request: ExplainRequest) -> int:
    """Say where a county's figure comes from and why it is not more."""
    import json

    from allocation.analysis.explain import explain as explained
    from allocation.analysis.explained import as_json, as_markdown, as_text
    from allocation.commands.printing import print_doubts
    from allocation.office.asking import open_run

    _, run = open_run(request)
    explanation = explained(run, request.county, request.column, request.depth)
    if request.form == "json":
        request.screen.line(json.dumps(as_json(explanation), ensure_ascii=False, indent=1))
    else:
        request.screen.line((as_text if request.form == "text" else as_markdown)(explanation, request.screen.lang))
    print_doubts([run.doubts], request.screen, err=request.form == "json")
    return 0
