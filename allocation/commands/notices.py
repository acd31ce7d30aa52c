"""notices: a Word notice and a workbook of one row for each county, and the note on the calculation."""

from __future__ import annotations

from pathlib import Path

import click

from allocation.commands.shared import as_day, check_day, open_run, report, report_failed, spare_inputs, table_options
from allocation.errors import AllocationError, Problem
from allocation.texts import exact_text, say

GIVEN = ("document", "code", "office", "date")


@click.command()
@click.argument("model")
@click.option("--out", type=click.Path(path_type=Path), default=Path("outputs"), show_default=True,
              help="输出文件夹 / output folder")  # fmt: skip
@click.option("--template", type=click.Path(path_type=Path), help="自己改过的通知模板 .docx / your own template")
@click.option("--document", default="", help="上级文号 / number of the upper document")
@click.option("--code", default="", help="预算科目代码 / budget code")
@click.option("--office", default="", help="发文单位 / issuing office")
@click.option("--date", default="", callback=as_day, help="落款日期 / date below the notice")
@table_options
def notices(
    model, table, sheet, year, settings, out, template, document, code, office, date, reference, lang
) -> int:  # fmt: skip
    """每县写一份通知和一份单行工作簿，另写测算说明 / write a notice for each county, and a note on the calculation."""
    from allocation.documents.notices import Letter, is_money
    from allocation.documents.page import needs_docx

    needs_docx()
    check_day(date)
    if out.suffix:
        raise AllocationError(Problem("notices.needs_folder", {"folder": say(lang, "notices.folder")}, out.as_posix()))
    opened = _template(template, lang)
    found, run = open_run(model, table, sheet, year, settings, False, reference)
    if not run.ok:
        report(found, run, lang)
        report_failed(run, lang, "cli.checks_failed")
        return 1
    letter = Letter(document.strip(), code.strip(), office.strip(), date.strip())
    count, folder = _write(found, run, opened, letter, out, lang)
    report(found, run, lang)
    click.echo(say(lang, "notices.wrote", count=count, path=folder.as_posix()))
    for key in GIVEN:
        if not getattr(letter, key) and (key != "code" or is_money(run)):
            click.echo(say(lang, f"notices.ask_{key}"))
    if "before_adjustment" in run.model.columns:
        click.echo(say(lang, "notices.hidden"))
    return 0


def _template(path: Path | None, lang: str):
    """The template asked for, else the one at hand, else the one the program makes."""
    import tempfile

    from allocation.documents.notice_template import default_template, write_notice_template
    from allocation.documents.placeholders import open_template

    path = path or default_template(lang)
    if path:
        return open_template(path)
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / f"notice.{lang}.docx"
        write_notice_template(made, lang)
        return open_template(made)


def _write(found, run, template, letter, out: Path, lang: str) -> tuple[int, Path]:
    """All notices, workbooks and the note with their lines in the journal, or nothing at all."""
    from allocation.commands.issue import refuse_strangers
    from allocation.documents.note import write_note
    from allocation.documents.notices import handed, write_notice
    from allocation.finding import base_name
    from allocation.workbook.editions import columns_of, edition_books, readers
    from allocation.workbook.journal import record

    year = [str(run.table.year)] if run.table.year else []
    name = "_".join([base_name(run.model.name), *year, say(lang, "notices.folder")])
    folder, files, problems = out / name, {}, []
    for title, rows in readers(run, columns_of(run, "county").by):
        try:
            target, write = folder / f"{title}.docx", write_notice(run, template, rows, letter, lang)
        except AllocationError as error:
            problems += error.problems
            continue
        if target in files:
            problems.append(Problem("notices.same_name", {"files": [target.name]}))
        files[target] = write
    if problems:
        raise AllocationError(problems)
    count = len(files)
    for book in edition_books(run, "county", out, lambda _: name, say(lang, "versions.none"), lang):
        files[book.target] = book.write
    files[folder / f"{say(lang, 'notices.note')}.docx"] = lambda path: write_note(run, path, lang, letter.date)
    spare_inputs(found, {path.as_posix(): path for path in files})
    refuse_strangers(list(files))
    total = f"{exact_text(sum(handed(run).figures))} {handed(run).unit.name}".strip()
    record(out, "notices", files, model=base_name(run.model.name), year=run.table.year, total=total, date=letter.date)
    return count, folder


COMMANDS = (notices,)
