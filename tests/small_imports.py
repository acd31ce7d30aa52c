"""A model of three counties small enough to check by hand, and the mapping of its import file."""

from __future__ import annotations

import csv
import json
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


def mapping_toml(
    columns: list[dict[str, object]], lines: list[dict[str, object]], template: dict[str, object] | None = None,
    codes: list[dict[str, object]] | None = None, award: str = "award", **head: object,
) -> str:  # fmt: skip
    """A mapping as staff write it: every section as its keys, in the order they are given."""
    sections = [("[import]", {"zh": "示例", "en": "Made up", "award": award, **head})]
    sections += [("[template]", template)] if template is not None else []
    for name, entries in (("codes", codes or []), ("line", lines), ("column", columns)):
        sections += [(f"[[{name}]]", entry) for entry in entries]
    return "\n".join("\n".join([heading, *(f"{key} = {_toml(value)}" for key, value in entries.items()), ""])
                     for heading, entries in sections)  # fmt: skip


def _toml(value: object) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_toml(each)}" for key, each in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False)


def a_column(name: str, zh: str, take: str, en: str = "", **keys: object) -> dict[str, object]:
    return {"name": name, "zh": zh, "en": en or name, "take": take, **keys}


def an_amount(name: str, zh: str, take: str = "figure", unit: str = "元", decimals: int = 2, **keys: object) -> dict:
    return a_column(name, zh, take, unit=unit, decimals=decimals, **keys)


def a_line(name: str, use: str = "", **keys: object) -> dict[str, object]:
    """A line whose figure has its name; `use`: its text in the column of uses."""
    return {"name": name, "figure": name, **({"texts": {"use": use}} if use else {}), **keys}


USES = {"roads": "道路", "water": "供水"}
MAPPING = mapping_toml(
    [a_column("code", "代码", "code", "Code"), a_column("use", "用途", "line", "Use"),
     an_amount("yuan", "金额", en="Amount"), an_amount("known", "其中已知", "other", en="Known")],
    [a_line("roads", "道路", others={"known": "known"}), a_line("water", "供水")], zh="导入", en="Import",
)  # fmt: skip


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
