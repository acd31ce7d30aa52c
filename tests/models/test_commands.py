"""The later models on the command line: template to run, both languages, and what a tired person gets wrong."""

from __future__ import annotations

import csv

import openpyxl
import pytest
from worked import ROOT, model_of, shipped

MODELS = (
    "public_service_cost",
    "bond_limit",
    "ppp_affordability",
    "surplus_quota",
    "equalisation_transfer",
    "land_supply",
)
models = pytest.mark.parametrize("name", MODELS)


@models
def test_a_blank_template_filled_with_the_shipped_figures_gives_the_shipped_awards(allocation, folder, name):
    run = shipped(name)
    assert allocation(f"template {name} --year {run.table.year} --out 表.xlsx").code == 0
    book = openpyxl.load_workbook(folder / "表.xlsx")
    sheet = book.worksheets[0]
    for row, (code, county) in enumerate(zip(run.table.codes, run.table.names, strict=True)):
        cells = [code, county, *(values[row] for values in (run.table.values[key] for key in run.model.inputs))]
        for place, value in enumerate(cells, start=1):
            sheet.cell(5 + row, place, value if isinstance(value, str | None) else float(value))
    book.save(folder / "表.xlsx")
    pool = run.model.parameters.get("pool")
    told = allocation(f"run {name} --input 表.xlsx" + (f" --set pool={pool.value}" if pool else ""))
    assert told.code == 0, told.err
    with (folder / f"outputs/{name}.csv").open(encoding="utf-8-sig") as lines:
        rows = list(csv.DictReader(lines))
    award = run.model.columns[run.model.award]
    header = next(key for key in rows[0] if key.startswith(f"{award.label.zh}（"))
    assert [float(row[header]) for row in rows] == [float(value) for value in run.figures(run.model.award)]


@models
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_each_model_runs_in_both_languages_and_says_that_its_figures_are_illustrative(allocation, name, lang):
    told = allocation(f"check {name} --lang {lang}")
    assert told.code == 0 and told.err == ""
    assert model_of(name).label[lang] in told.out
    assert ("示例数据" if lang == "zh" else "illustrative") in told.out


WRONG = (  # model, a row as shipped, the slip, where it is
    ("public_service_cost", "古塔区,市辖区,1950,1360", "古塔区,市辖区,1950,一千三", "E3"),
    ("bond_limit", "锦州市本级,市级", "锦州市本级,地级", "C3"),
    ("ppp_affordability", "古塔区,165000", "古塔区,0", "C3"),
    ("surplus_quota", "黑山县,县,13,4.4", "黑山县,县,-13,4.4", "D6"),
    ("equalisation_transfer", "古塔区,市辖区,92000", "古塔区,市辖区,九万二", "D3"),
    ("land_supply", "古塔区,古塔区,3.2,1.5", "古塔区,古塔区,3.2,-1.5", "E3"),
)


@pytest.mark.parametrize(("name", "right", "wrong", "cell"), WRONG, ids=MODELS)
def test_a_slip_in_a_table_is_shown_by_its_cell_and_nothing_is_written(allocation, folder, name, right, wrong, cell):
    text = (ROOT / "inputs" / f"{name}.csv").read_text(encoding="utf-8-sig")
    assert text.count(right) == 1
    (folder / "表.csv").write_text(text.replace(right, wrong), encoding="utf-8-sig")
    told = allocation(f"run {name} --input 表.csv")
    assert told.code == 2 and f"表.csv: {cell}" in told.err and "Traceback" not in told.err
    assert sorted(path.name for path in folder.iterdir()) == ["表.csv"]


def test_the_list_of_models_shows_the_item_of_the_notice_each_carries_out(allocation):
    for lang, head in (("zh", "通知条款"), ("en", "notice item")):
        out = allocation(f"models --lang {lang}").out
        assert head in out.splitlines()[0]
        lines = {line.split()[0]: line for line in out.splitlines()[2:]}
        assert {name: model_of(name).item for name in MODELS if model_of(name).item in lines[name]} == {
            "public_service_cost": "（十三）至（十七）", "bond_limit": "（十一）", "ppp_affordability": "（十一）",
            "surplus_quota": "（十）", "equalisation_transfer": "（八）", "land_supply": "（十）",
        }  # fmt: skip
        assert "—" in lines["meadowland"]
