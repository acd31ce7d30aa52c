"""The commands whose products are compared: every shipped model in both languages, the README, the week of docs/week.md, and each kind of paper that is issued."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

ISSUED = "2018-03-09"


def models(tree: Path) -> list[str]:
    """The shipped models that have a sample, and so run without an option."""
    return sorted(path.stem for path in (tree / "inputs").glob("*.toml"))


def of_a_model(name: str, lang: str) -> list[str]:
    """What is written of one model in one language, into a folder of its own."""
    out = f"outputs/{lang}/{name}"
    return [
        f"check {name} --lang {lang}",
        f"run {name} --date {ISSUED} --out {out} --lang {lang}",
        f"verify {out}/{name}.xlsx --lang {lang}",
        f"notices {name} --date {ISSUED} --out {out}/notices --lang {lang}",
        f"template {name} --out {out}/blank.xlsx --lang {lang}",
        f"run {name} --stage final --date {ISSUED} --edition internal --edition county --edition public --edition land --out {out}/issued --lang {lang}",
        f"versions --out {out}/issued --lang {lang}",
    ]


def of_the_incentive_fund(lang: str) -> list[str]:
    """Corrections, several years, scenarios, evaluations and the parts of an issue, in one language."""
    out, fund = f"outputs/{lang}/fund", "incentive_fund"
    parts = "--adjust inputs/week/adjustments.csv --sources inputs/week/sources.csv"
    return [
        f"run {fund} {parts} --set pool=5000 --date {ISSUED} --out {out}/parts --lang {lang}",
        f"run {fund} --advance inputs/issuing/advance.xlsx --recover-years 2 --date {ISSUED} --out {out}/settled --lang {lang}",
        f"run {fund} --ledger docs/examples/ledger.csv --receipts docs/examples/receipts.csv --date {ISSUED} --out {out}/ledger --lang {lang}",
        f"correct {fund} --set pool=5600 --reason 追加 --edition county --date {ISSUED} --out outputs/{lang}/{fund}/issued --lang {lang}",
        f"notices {fund} --correction --set pool=5600 --date {ISSUED} --out outputs/{lang}/{fund}/issued --lang {lang}",
        f"verify {out}/parts/{fund}.xlsx --lang {lang}",
        f"verify {out}/settled/{fund}.xlsx --lang {lang}",
        f"explain {fund} 黑山县 {parts} --set pool=5000 --lang {lang}",
        f"timeline {fund} --until 2019 --growth settled[in_city]=5% --set pool#2019=5600 --out {out}/years --lang {lang}",
        f"timeline dynamic_fund --out {out}/dynamic --lang {lang}",
        f"compare {fund} pool_6000 hold_harmless_90 both --out {out}/compared --lang {lang}",
        f"evaluate --year 2018 --date {ISSUED} --out {out}/evaluated --lang {lang}",
        f"evaluate --year 2020 --date {ISSUED} --out {out}/evaluated_2020 --lang {lang}",
        f"confirm {fund} --out {out}/confirmed --date {ISSUED} --lang {lang}",
        f"collect {fund} tests/cases/returned --due 2018-03-05 --date 2018-03-05 --out {out}/collected --lang {lang}",
        f"sweep {fund} --range pool=4000:6000 --out {out}/swept --lang {lang}",
        *(
            f"template {fund} --form {form} --out {out}/forms/{form}.xlsx --lang {lang}"
            for form in ("ledger", "receipts", "adjustments", "sources", "advance")
        ),
    ]


def of_the_week(tree: Path) -> list[str]:
    """The commands of docs/week.md, in a row, as written."""
    text = (tree / "docs" / "week.md").read_text(encoding="utf-8")
    return [command for command in re.findall(r"^\$ allocation (.+)$", text, re.M) if " | " not in command]


def commands(tree: Path, only: str = "") -> list[list[str]]:
    """Every command as its words, of models whose name holds `only`."""
    lines = [line for lang in ("zh", "en") for name in models(tree) for line in of_a_model(name, lang)]
    lines += [line for lang in ("zh", "en") for line in of_the_incentive_fund(lang)]
    lines += of_the_week(tree)
    return [shlex.split(line) for line in lines if only in line]
