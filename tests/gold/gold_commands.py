"""The commands whose products are compared: every shipped model, each kind of paper, a week."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

ISSUED = "2018-03-09"
EDITIONS = "--edition internal --edition county --edition public"
LAND = {
    "land_quota",
    "land_supply",
    "quota_book",
    "surplus_quota",
}  # what is handed out is land, and there is an edition for its bureau
SEVERAL_YEARS = {"dynamic_fund", "quota_book", "urbanisation_monitor"}
UNISSUED = {
    "coverage_monitor",
    "infrastructure_subsidy",
    "meadowland",
    "ppp_affordability",
    "public_service_cost",
}  # 参照, no year, no pool
NO_LETTERS = {"coverage_monitor", "ppp_affordability", "public_service_cost"}
REFUSED = (r"--ledger inputs/week/ledger_1", r"receipts_1\.csv .*正式稿")  # of the week, on purpose
FORMS = ("ledger", "receipts", "adjustments", "sources", "advance")


def models(tree: Path) -> list[str]:
    """The shipped models that have a sample, and so run without an option."""
    return sorted(path.stem for path in (tree / "inputs").glob("*.toml"))


def of_a_model(name: str, lang: str) -> list[str]:
    """What is written of one model in one language, into a folder of its own."""
    out = f"outputs/{lang}/{name}"
    lines = [f"template {name} --out {out}/blank.xlsx"]
    if name not in SEVERAL_YEARS:
        lines += [
            f"check {name}",
            f"run {name} --date {ISSUED} --out {out}",
            f"verify {out}/{name}.xlsx",
        ]
    if name not in SEVERAL_YEARS | NO_LETTERS:
        lines.append(f"notices {name} --date {ISSUED} --out {out}/notices")
    if name not in SEVERAL_YEARS | UNISSUED:
        land = " --edition land" if name in LAND else ""
        lines += [
            f"run {name} --stage final --date {ISSUED} {EDITIONS}{land} --out {out}/issued",
            f"versions --out {out}/issued",
        ]
    return [f"{line} --lang {lang}" for line in lines]


def of_the_incentive_fund(lang: str) -> list[str]:
    """Corrections, several years, scenarios, evaluations and the parts of an issue, in one language."""
    out, issued = f"outputs/{lang}/fund", f"outputs/{lang}/incentive_fund/issued"
    parts = "--adjust inputs/week/adjustments.csv --sources inputs/week/sources.csv"
    ledger = "--ledger docs/examples/ledger.csv --receipts docs/examples/receipts.csv"
    advance = "--advance inputs/issuing/advance.xlsx --recover-years 2"
    later = "--until 2019 --growth settled[in_city]=5% --set pool#2019=5600"
    lines = [
        f"run incentive_fund {parts} --date {ISSUED} --out {out}/parts",
        f"run incentive_fund {advance} --date {ISSUED} --out {out}/settled",
        f"run incentive_fund {ledger} --date {ISSUED} --out {out}/ledger",
        f"correct incentive_fund --set pool=5600 --reason 追加 --edition county --date {ISSUED} --out {issued}",
        f"notices incentive_fund --correction --set pool=5600 --date {ISSUED} --out {issued}",
        f"verify {out}/parts/incentive_fund.xlsx",
        f"verify {out}/settled/incentive_fund.xlsx",
        f"explain incentive_fund 黑山县 {parts}",
        f"timeline incentive_fund {later} --out {out}/years",
        f"timeline dynamic_fund --out {out}/dynamic",
        f"compare incentive_fund pool_6000 hold_harmless_90 both --out {out}/compared",
        f"evaluate --year 2018 --date {ISSUED} --out {out}/evaluated",
        f"evaluate --year 2020 --date {ISSUED} --out {out}/evaluated_2020",
        f"confirm incentive_fund --date {ISSUED} --out {out}/confirmed",
        f"collect incentive_fund tests/cases/returned --due 2018-03-05 --date 2018-03-05 --out {out}/collected",
        f"sweep incentive_fund --range pool=4000:6000 --out {out}/swept",
        *(f"template incentive_fund --form {form} --out {out}/forms/{form}.xlsx" for form in FORMS),
    ]
    return [f"{line} --lang {lang}" for line in lines]


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
