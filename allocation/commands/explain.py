"""explain."""

from __future__ import annotations

import click

from allocation.commands.attached import TableCommand
from allocation.commands.shared import open_run, table_options


@click.command(cls=TableCommand)
@click.argument("model")
@click.argument("county", default="")
@click.argument("column", required=False)
@click.option("--depth", type=click.IntRange(0, 20), default=3, show_default=True, help="展开几层 / levels shown")
@click.option("--format", "form", type=click.Choice(["text", "markdown", "json"]), default="text", show_default=True,
              help="输出格式 / form of the answer")  # fmt: skip
@table_options
def explain(model, county, column, table, sheet, year, settings, depth, form, reference, lang) -> int:
    """说明一个县的一个数怎么来的、为什么不能更多 / say where a county's figure comes from and why it is not more."""
    import json

    from allocation.analysis.explain import explain as explained
    from allocation.analysis.explained import as_json, as_markdown, as_text
    from allocation.printing import print_doubts

    _, run = open_run(model, table, sheet, year, settings, False, reference)
    found = explained(run, county, column, depth)
    if form == "json":
        click.echo(json.dumps(as_json(found), ensure_ascii=False, indent=1))
    else:
        click.echo((as_text if form == "text" else as_markdown)(found, lang))
    print_doubts([run.doubts], lang, err=form == "json")
    return 0


COMMANDS = (explain,)
