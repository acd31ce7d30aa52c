"""A model of three counties small enough to check by hand, and the mapping of its import file."""

from __future__ import annotations

import csv
from fractions import Fraction
from pathlib import Path

from allocation.policy.loading import model_from_text
from allocation.run.run import Run, run_model
from allocation.tables.table import Table
from allocation.xlsx.import_mapping import Mapping, mapping_from_text
from allocation.xlsx.importing import write_import_csv

MODEL = """
[model]
zh = "小额补助"
en = "Small grant"
basis = ["测试"]
award = "award"
pool = "pool"
[[parameter]]
name = "pool"
zh = "总额"
en = "Pool"
unit = "万元"
value = 10
[[input]]
name = "people"
zh = "人数"
en = "People"
unit = "人"
[[input]]
name = "known"
zh = "已知数"
en = "Known"
unit = "万元"
[[input]]
name = "note"
zh = "备注"
en = "Note"
text = true
default = ""
[[column]]
name = "award"
zh = "补助额"
en = "Grant"
unit = "万元"
formula = "largest_remainder(pool, share(pool, people), to = 0.01)"
[[column]]
name = "roads"
zh = "道路"
en = "Roads"
unit = "万元"
formula = "round(award / 3, 2) if given(known) else round(award / 3, 2)"
[[column]]
name = "water"
zh = "供水"
en = "Water"
unit = "万元"
formula = "award - roads"
"""

MAPPING = """
[import]
zh = "导入"
en = "Import"
award = "award"
[[line]]
name = "roads"
figure = "roads"
texts = { use = "道路" }
others = { known = "known" }
[[line]]
name = "water"
figure = "water"
texts = { use = "供水" }
[[column]]
name = "code"
zh = "代码"
en = "Code"
take = "code"
[[column]]
name = "use"
zh = "用途"
en = "Use"
take = "line"
[[column]]
name = "yuan"
zh = "金额"
en = "Amount"
take = "figure"
unit = "元"
decimals = 2
[[column]]
name = "known"
zh = "其中已知"
en = "Known"
take = "other"
unit = "元"
decimals = 2
"""


def small(people: tuple[int, ...] = (1, 2, 4), known: tuple = (None, Fraction(0), Fraction(1, 2))) -> Run:
    codes = tuple(f"0{i}" for i in range(1, len(people) + 1))
    values = {"people": tuple(map(Fraction, people)), "known": known, "note": ("",) * len(people)}
    return run_model(model_from_text(MODEL, "small.toml"), Table(codes, codes, values, year=2017))


def csv_rows(run: Run, folder: Path, mapping: Mapping | None = None) -> list[dict[str, str]]:
    path = folder / "import.csv"
    write_import_csv(run, path, mapping)
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def mapped(text: str) -> Mapping:
    return mapping_from_text(text, "small.toml", small().model)
