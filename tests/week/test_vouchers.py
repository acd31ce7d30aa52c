"""凭证: a file that backs a figure lies beside the ledger and is the one that was registered, or the run stops."""

from __future__ import annotations

import hashlib

import openpyxl
import pytest
from attaching import attached
from ledger_files import MODEL, TABLE, USED, ledger, problems

from allocation import run_model
from allocation.files.destination import Destination
from allocation.files.whole_files import place
from allocation.record.reading import read_record
from allocation.record.record import VoucherKept, to_json
from allocation.record.recording import record_of
from allocation.verify.verifying import verify
from allocation.xlsx.files import targets, writers

SHEET = "户籍登记表（2017）.pdf"
HASH = hashlib.sha256(b"scan").hexdigest()
WAYS = (
    SHEET,
    "户籍登记表(2017).pdf",
    f"{SHEET} {HASH}",
    f"{SHEET}（SHA-256：{HASH.upper()}）",
    f"{SHEET}，sha256: {HASH}",
    f"扫描件/{SHEET}",
)


def row(voucher: str) -> list[object]:
    return ["黑山县", "落户人数", 96, "统计局", "", "核定", *USED, voucher]


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "扫描件").mkdir()
    for place_ in (tmp_path, tmp_path / "扫描件"):
        (place_ / SHEET).write_bytes(b"scan")
    return tmp_path


@pytest.mark.parametrize("written", WAYS)
def test_a_voucher_is_known_by_file_and_hash_however_it_is_written(folder, written):
    table = attached(MODEL, TABLE, ledger=ledger(folder, row(written))).table
    file = "扫描件/" * written.startswith("扫描件") + SHEET
    assert record_of(run_model(MODEL, table)).vouchers == (VoucherKept("settled", "210726", "统计局", file, HASH),)
    assert table.disputes[0].rivals[0].voucher == file


@pytest.mark.parametrize(
    ("written", "wrong"),
    [
        ("户籍登记表(2018).pdf", "ledger.voucher_absent"), ("纸质，档案柜三号", "ledger.voucher_absent"),
        (f"{SHEET} {'0' * 64}", "ledger.voucher_changed"), (f"../{SHEET}", "ledger.voucher_elsewhere"),
        (f"C:\\{SHEET}", "ledger.voucher_elsewhere"), (f"/{SHEET}", "ledger.voucher_elsewhere"),
        (HASH, "ledger.voucher_elsewhere"), ("长" * 300, "ledger.voucher_absent"), ("扫描件", "ledger.voucher_absent"),
        ("空.pdf", "tables.empty_file"),
    ],
)  # fmt: skip
def test_a_voucher_that_is_absent_or_another_file_is_a_problem_with_its_cell(folder, written, wrong):
    (folder / "空.pdf").write_bytes(b"")
    found = problems(lambda: attached(MODEL, TABLE, ledger=ledger(folder, row(written))))
    assert [(one.id, one.where.split("：")[0].partition(": 空")[0]) for one in found] == [(wrong, "台账.csv: J2")]
    assert all(one.text(lang) for one in found for lang in ("zh", "en"))


def test_all_bad_vouchers_are_said_at_once_with_what_else_is_wrong(folder):
    rows = [row("没有.pdf"), ["凌海市", "落户人数", "x", "公安局", "", "核定", "", "", "", "也没有.pdf"]]
    found = problems(lambda: attached(MODEL, TABLE, ledger=ledger(folder, *rows)))
    assert [one.where for one in found] == ["台账.csv: J2", "台账.csv: C3", "台账.csv: J3"]


@pytest.mark.parametrize(("lang", "sheets"), [("zh", ("数据差异表", "溯源")), ("en", ("Disputes", "Provenance"))])
def test_the_sheets_and_the_record_name_the_voucher(folder, lang, sheets):
    run = run_model(MODEL, attached(MODEL, TABLE, ledger=ledger(folder, row(SHEET))).table)
    files = targets(Destination(folder / "out"), "reward")
    place(writers(run, files, lang, record_of(run)))
    book = openpyxl.load_workbook(files["workbook"])
    disputes, trace = ([*book[sheet].iter_rows(values_only=True)] for sheet in sheets)
    assert disputes[4][9] == SHEET and not disputes[5][9]
    assert ("voucher.210726.settled", f"统计局｜{SHEET}｜{HASH}") in [line[:2] for line in trace]
    record = read_record(files["manifest"].read_bytes(), "x")
    assert record.vouchers[0].sha256 == HASH and not record.unsealed()
    assert read_record(to_json(record), "x") == record
    assert verify(files["workbook"], files["manifest"]).clean


def test_without_vouchers_the_record_says_nothing_of_them(folder):
    run = run_model(MODEL, attached(MODEL, TABLE, ledger=ledger(folder, row("")[:-1])).table)
    assert '"vouchers"' not in to_json(record_of(run))
