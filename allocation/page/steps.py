"""The steps of the week and of trials: which command each is, and what of it is asked first. Forms are made from this.

What a step is for, and what each entry is, are the texts of the command's own help.
"""

from __future__ import annotations

from collections.abc import Mapping

from allocation.classes import dataclass
from allocation.commands.helping import help_key


@dataclass(frozen=True)
class WeekStep:
    """`first`: the arguments and options that stand in sight, in this order; all others of the command come below."""

    name: str
    first: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return help_key(self.name)


OF_RUN = ("model", "--input", "--year", "--set")
# In the order of the week; a group is what stands together.
GROUPS: Mapping[str, tuple[WeekStep, ...]] = {
    "gather": (
        WeekStep("template", ("model", "--form", "--input", "--year")),
        WeekStep("collect", ("model", "folder", "--year", "--recipients", "--due", "--last", "--partial")),
        WeekStep("confirm", ("model", "--input", "--ledger", "--due")),
    ),
    "case": (
        WeekStep("new", ("model", "--from", "--input", "--for", "--year")),
        WeekStep("merge", ("case", "files", "--for", "--choose", "--out")),
        WeekStep("cases", ("folder",)),
        WeekStep("resolve", ("model", "what", "--why", "--basis", "--by", "--reviewed")),
        WeekStep("choose", ("model", "key", "side")),
        WeekStep("export", ("model", "--out")),
        WeekStep("check", OF_RUN),
        WeekStep("reconcile", ("model", "--input", "--recipients", "--last", "--crosswalk", "--year")),
    ),
    "issue": (
        WeekStep(
            "run", (*OF_RUN[:3], "--stage", "--edition", "--reason", "--adjust", "--sources", "--advance", "--layout")
        ),
        WeekStep("versions", ("model", "--year", "--sum", "--to")),
        WeekStep(
            "notices", ("model", "--input", "--manner", "--document", "--number", "--office", "--date", "--template")
        ),
        WeekStep("correct", ("model", "--input", "--reason", "--edition", "--settle-year")),
        WeekStep("import-map", ("received", "model", "--mapping", "--before", "--sheet", "--headings", "--year")),
        WeekStep("fill", ("model", "--template", "--mapping", "--year")),
        WeekStep("import-check", ("shown", "model", "--mapping", "--year")),
        WeekStep("funds", ("folder", "--year", "--to")),
        WeekStep("evaluate", ("model", "--input", "--year", "--edition")),
    ),
    "proof": (
        WeekStep("verify", ("workbook", "--issued", "--manifest", "--all")),
        WeekStep("rerun", ("record", "--input", "--out")),
        WeekStep("doubts", ("folder",)),
        WeekStep("journal"),
    ),
    "trials": (
        WeekStep("compare", ("model", "scenarios", "--input", "--set", "--data")),
        WeekStep("scenario template", ("model", "--sheets")),
        WeekStep("explain", ("model", "county", "column", "--input")),
        WeekStep("decompose", ("model", "--input", "--base", "--set", "--out")),
        WeekStep("margins", ("model", "--input", "--of", "--step")),
        WeekStep("seek", ("model", "--vary", "--figure", "--target", "--low", "--high", "--input")),
        WeekStep("timeline", ("model", "--input", "--growth", "--until")),
        WeekStep("sweep", ("model", "--range", "--grid", "--figure", "--samples", "--input", "--set")),
        WeekStep("design", ("model", "--range", "--minimise", "--maximise", "--subject", "--input", "--set")),
    ),
}
BOOKS, WORDS, TOML, RECORDS, DELIMITED = (
    (".xlsx", ".xlsm"),
    (".docx",),
    (".toml",),
    (".json",),
    (".csv", ".txt", ".tsv"),
)
TABLES = (*BOOKS, ".xls", *DELIMITED)
# Of entries that take files of certain kinds, their endings: only such files are listed. By step where they differ.
ENDINGS: Mapping[str, tuple[str, ...]] = {
    "received": BOOKS, "--before": BOOKS, "--mapping": TOML, "--last": (*TABLES, *RECORDS), "shown": (*TABLES, ".dbf"),
    "fill --template": BOOKS, "import-check --template": BOOKS, "notices --template": WORDS,
    "--from": (*BOOKS, *TOML), "case": (*BOOKS, *TOML), "scenarios": (*BOOKS, *TOML), "--pool-from": (*BOOKS, *RECORDS),
    "record": (*BOOKS, *RECORDS), "workbook": (*BOOKS, *WORDS), "--manifest": RECORDS,
    "--issued": (*BOOKS, *WORDS, ".csv"),
} | dict.fromkeys(
    ("--input", "--recipients", "--crosswalk", "--ledger", "--adjust", "--sources", "--advance", "--receipts",
     "--findings", "--data", "files"), TABLES,
)  # fmt: skip
# Of entries that are typed in the program's names: of what they are, what stands behind a name that is chosen, and of
# what a second name is that may follow it behind @.
NAMES: Mapping[str, tuple[str, str, str]] = {
    "--set": ("settings", "=", ""), "--base": ("settings", "=", ""), "--range": ("settings", "=", ""),
    "--grid": ("settings", "=", ""), "--vary": ("settings", "", ""), "--balance": ("settings", "", ""),
    "--growth": ("inputs", "=", ""), "--of": ("inputs", "", ""), "--figure": ("columns", "", "units"),
    "--subject": ("columns", "", "units"), "--minimise": ("columns", "", "units"),
    "--maximise": ("columns", "", "units"), "column": ("columns", "", ""), "county": ("units", "", ""),
    "--resolve": ("doubts", "=", ""), "what": ("doubts", "", ""),
}  # fmt: skip
STEPS: dict[str, WeekStep] = {step.key: step for group in GROUPS.values() for step in group}
# Commands that are no step, each with where the page has the same.
ELSEWHERE = {
    "models": "the drop area lists them",
    "page": "the page itself",
    "scenario list": "what is on the desk is listed where a scenario is asked for",
}
# Options that no form offers, and why.
LEFT_OUT = {
    "--lang": "that of the tab",
    "--json": "for another program: the page's own calls answer it",
    "--help": "stands beside each entry",
    "--cluster": "would make the page ask another machine",
    "--format": "what a program reads; the page's own calls answer it",
}
