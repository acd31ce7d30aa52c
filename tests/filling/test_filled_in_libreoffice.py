"""A filled template recalculated by LibreOffice: every result that is stored in it is what its formula gives."""

from __future__ import annotations

import subprocess

from filled_books import changed_cells, changed_parts, fill_in
from openpyxl import load_workbook
from recalculation import SOFFICE, libreoffice, needs_libreoffice
from test_filling_refused import FINANCE, LAND, finance, land, run_of

from allocation.filling.shown import shown_beside
from allocation.xlsx.import_mapping import load_mapping


def test_every_stored_result_of_a_filled_template_is_what_libreoffice_works_out(tmp_path):
    files = []
    for write, model, template in ((land, "land_quota", LAND), (finance, "incentive_fund", FINANCE)):
        assert write(tmp_path) == {}
        book, _ = fill_in(run_of(model), tmp_path, template, "对照.toml")
        files.append(tmp_path / f"{model}.xlsx")
        files[-1].write_bytes(book.data)
    compared = 0
    for stem, path in libreoffice(files, tmp_path).items():
        ours, theirs = (load_workbook(file, data_only=True) for file in (tmp_path / f"{stem}.xlsx", path))
        formulas = load_workbook(tmp_path / f"{stem}.xlsx")
        for sheet in formulas.worksheets:
            for row in sheet.iter_rows():
                for cell in row:
                    stored, worked = (book[sheet.title][cell.coordinate].value for book in (ours, theirs))
                    if cell.data_type == "f" and stored is not None:
                        assert abs(stored - worked) < 1e-9, (sheet.title, cell.coordinate)
                        compared += 1
                    elif cell.data_type != "f":
                        assert stored == worked or isinstance(stored, float) and abs(stored - worked) < 1e-12
                    else:
                        assert worked is not None  # it was taken away, and is worked out anew
    assert compared == 4


def test_a_template_that_libreoffice_saved_is_filled_and_left_as_it_was(tmp_path):
    assert land(tmp_path) == {}
    run = run_of("land_quota")
    saved = libreoffice([tmp_path / LAND], tmp_path)[(tmp_path / LAND).stem]
    before = saved.read_bytes()
    (tmp_path / "recalculated" / "对照.toml").write_bytes((tmp_path / "对照.toml").read_bytes())
    book, lines = fill_in(run, saved.parent, saved.name, "对照.toml")
    assert set(changed_parts(before, book.data)) <= {"xl/worksheets/sheet1.xml", "xl/workbook.xml"}
    changed = changed_cells(before, book.data, "xl/worksheets/sheet1.xml")
    assert len(changed - {"E15", "F15", "G15"}) == book.cells == 47  # of a result worked out anew its type goes as well
    (tmp_path / "f.xlsx").write_bytes(book.data)
    sheet = load_workbook(tmp_path / "f.xlsx", data_only=True)["指标分解表"]
    assert [sheet.cell(row, 5).value for row in range(6, 15)] == [float(line.values["new"]) for line in lines]
    assert sheet["E15"].value == 95


def test_what_a_system_exports_as_xls_is_compared_too(tmp_path):
    assert land(tmp_path) == {}
    run = run_of("land_quota")
    book, lines = fill_in(run, tmp_path, LAND, "对照.toml")
    (tmp_path / "f.xlsx").write_bytes(book.data)
    layout = load_mapping(tmp_path / "对照.toml", run.model)
    needs_libreoffice()
    command = [SOFFICE, f"-env:UserInstallation={(tmp_path / 'p').as_uri()}", "--headless", "--convert-to", "xls"]
    subprocess.run([*command, "--outdir", str(tmp_path), str(tmp_path / "f.xlsx")], check=True, timeout=300)
    told = shown_beside(tmp_path / "f.xls", layout, lines, run.model.units)
    assert told.differences == () and told.rows == 9 and told.unseen == ()
