"""溯源: the record in words, line by line, and the model's text. For people: no program reads it back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from allocation.record.in_book import CELL
from allocation.record.record import LedgerFigure, Record, as_object
from allocation.sheets.sheet import Sheet
from allocation.texts import say
from allocation.xlsx.grids import one_page_wide
from allocation.xlsx.styles import Styles

UNSAID = (
    "rows",
    "runs",
    "figures",
    "seals",
    "ledger",
    "disputes",
    "vouchers",
)  # said otherwise, or of use to programs alone


def write_trace(sheet: Sheet, record: Record, styles: Styles) -> None:
    """Hashes, versions, command, and the model's whole text, a line a cell."""
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 120)
    sheet.merge_range(0, 0, 0, 1, say(record.lang, "workbook.sheet_trace"), styles.title())
    row = 2
    for key, text in lines(record):
        sheet.write_string(row, 0, key[:CELL], styles.text())
        sheet.write_string(row, 1, text[:CELL], styles.text(text_wrap=True))
        row += 1
    sheet.write(row + 1, 0, record.model.file, styles.head())
    mono = styles.get(font_name="Consolas", font_size=9)
    for number, line in enumerate(record.model.text.splitlines(), start=1):
        sheet.write(row + 1 + number, 0, number, styles.note(align="right"))
        sheet.write_string(row + 1 + number, 1, line[:CELL], mono)
    sheet.repeat_rows(0)
    one_page_wide(sheet, landscape=True)


def lines(record: Record) -> Iterator[tuple[str, str]]:
    """`model.sha256` and its value, and so on."""
    kept = record.evaluation
    bare = replace(record, model=replace(record.model, text=""), evaluation=kept and replace(kept, text=""))
    between = say(record.lang, "words.semicolon")
    yield from _flat({key: held for key, held in as_object(bare).items() if key not in UNSAID}, between)
    for code, figures in sorted(record.ledger.items()):
        yield from ((f"ledger.{code}.{name}", _source(figure)) for name, figure in sorted(figures.items()))
    for dispute in record.disputes:
        others = " | ".join(map(_source, dispute.others))
        yield "disputes", _words(as_object(dispute) | {"used": _source(dispute.used), "others": others})
    for voucher in record.vouchers:
        yield f"voucher.{voucher.county}.{voucher.name}", "｜".join((voucher.source, voucher.file, voucher.sha256))
    for run in record.runs:
        yield from _flat(
            {key: held for key, held in as_object(run).items() if key not in UNSAID}, between, f"{run.name}."
        )


def _source(figure: LedgerFigure) -> str:
    return "｜".join((figure.value or "", figure.source, figure.date, figure.status))


def _flat(value: Mapping[str, object], between: str, front: str = "") -> Iterator[tuple[str, str]]:
    for key, inner in value.items():
        if isinstance(inner, dict):
            yield from _flat(inner, between, f"{front}{key}.")
        elif inner not in ("", None, []):
            yield f"{front}{key}", between.join(map(_words, inner)) if isinstance(inner, list) else str(inner)


def _words(value: object) -> str:
    """A part of the record as `name: x, ok: 1`."""
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_words(inner)}" for key, inner in value.items() if inner not in (None, "", []))
    return ", ".join(map(_words, value)) if isinstance(value, list) else str(value)
