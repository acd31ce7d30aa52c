"""整改台账: what audits finding, the measure, whether it is done, the amount put right; a correction cites its numbers.

`台账.xlsx` is summed up; `台账.xlsx@ZG-01、ZG-02` names the findings that a correction puts right: it must move their
counties by what they say; what it moves besides is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem, nearest
from allocation.parts.attached import Attached, of_form
from allocation.parts.awards import award_column
from allocation.parts.part import BlankForm, Given, Option, Part
from allocation.parts.pool_from import file_and_selector
from allocation.parts.toml_text import entry
from allocation.patterns import LatePattern
from allocation.policy.model import Model
from allocation.policy.stages import key_of
from allocation.readings.said_amounts import told
from allocation.tables import forms
from allocation.tables.table import Table
from allocation.texts import LANGUAGES, Both, both, say
from allocation.texts.vocabulary import Spellings, the_word

KIND = "findings"
PUT_RIGHT = "_put_right"
STATES = {key: both(f"findings.state_{key}") for key in ("done", "doing", "open")}
FIELDS = (
    forms.FormField("number", Spellings("form_words.finding_number"), required=True),
    forms.FormField("finding", Spellings("form_words.finding"), forms.PROSE, required=True),
    forms.FormField("name", Spellings("form_words.name"), required=True),
    forms.FormField("department", Spellings("form_words.finding_department"), required=True),
    forms.FormField("measure", Spellings("form_words.finding_measure"), forms.PROSE),
    forms.FormField("state", Spellings("form_words.finding_state"), required=True),
    forms.FormField("amount", Spellings("form_words.finding_amount"), forms.NUMBER),
    forms.FormField("put_right", Spellings("form_words.finding_put_right"), forms.NUMBER),
    forms.FormField("date", Spellings("form_words.finding_date"), forms.DATE),
    forms.FormField("document", Spellings("form_words.document"), forms.PROSE),
)
_BETWEEN = LatePattern(r"[、，,;；\s]+")


@dataclass(frozen=True)
class Finding:
    """A row: amounts in the award's unit, positive where a county was paid too little, negative where too much."""

    number: str
    row: int
    county: str
    department: str
    state: str
    amount: Fraction
    put_right: Fraction
    text: str

    @property
    def left(self) -> Fraction:
        return self.amount - self.put_right


def findings_file(text: str) -> Path:
    """The file of `台账.xlsx@ZG-01`."""
    return file_and_selector(text)[0]


def numbers_in(selector: str | None) -> list[str]:
    """The numbers of findings that `ZG-01、ZG-02` names."""
    return [number for number in _BETWEEN.split(selector or "") if number]


def read(source: Given, model: Model, table: Table) -> Attached:
    """The register summed up as a note; in a correction also what it puts right, and a check that the two agree."""
    path, selector = file_and_selector(str(source.what))
    problems: list[Problem] = []
    unit = award_column(model).unit
    form = forms.read_form(path, FIELDS, problems, unit, model.units, kind=KIND)
    findings = [finding for row in form.rows if (finding := _finding(row, table, problems))]
    problems += _twice(form.rows)
    cited = _cited(selector, findings, form.file, "correction" in source.beside, problems)
    if problems:
        raise AllocationError(forms.in_order(problems))
    attached = replace(of_form(KIND, form), notes=(*form.notes, *_summary(findings, model, form.file)),
                       selector="、".join(dict.fromkeys(finding.number for finding in cited)))  # fmt: skip
    if "correction" not in source.beside:
        return attached
    amounts: dict[int, Fraction] = {}
    for finding in cited:
        amounts[finding.row] = amounts.get(finding.row, Fraction(0)) + finding.put_right
    figures = {PUT_RIGHT: tuple(amounts.get(row) for row in range(len(table)))}
    return replace(attached, text=_text(attached, model), figures=figures)


def _finding(row: forms.FormRow, table: Table, problems: list[Problem]) -> Finding | None:
    before, state = len(problems), key_of(STATES, row.text("state"))
    named = forms.FormRow({**row.values, "code": None}, {**row.places, "code": row.where("name")}, row.faulty)
    county = forms.county_row(named, table.codes, table.names, problems)
    amount, put_right = (row.number(key) or Fraction(0) for key in ("amount", "put_right"))
    if not state and row.text("state"):
        slots = {"found": row.text("state"), "known": [*STATES.values()]}
        problems.append(Problem("findings.state", slots, row.where("state")))
    sums = {"amount": amount, "put_right": put_right}
    if put_right and (put_right * amount <= 0 or abs(put_right) > abs(amount)):
        problems.append(Problem("findings.too_much", sums, row.where("put_right")))
    elif state == "done" and put_right != amount:
        problems.append(Problem("findings.not_done", {**sums, "left": amount - put_right}, row.where("put_right")))
    if len(problems) > before or county is None or row.faulty:
        return None
    return Finding(row.text("number"), county, table.names[county], row.text("department"), state, amount, put_right,
                   row.text("finding"))  # fmt: skip


def _twice(rows: Sequence[forms.FormRow]) -> list[Problem]:
    """A number stands once for a county."""
    seen: dict[tuple[str, str], str] = {}
    problems = []
    for row in rows:
        key = row.text("number"), row.text("name")
        if key in seen and all(key):
            slots = {"number": key[0], "county": key[1], "other": seen[key]}
            problems.append(Problem("findings.twice", slots, row.where("number")))
        seen.setdefault(key, row.where("number"))
    return problems


def _cited(
    selector: str | None, findings: Sequence[Finding], file: str, needed: bool, problems: list[Problem]
) -> list[Finding]:
    """The findings named; every number must be one of the register, and a correction names at least one."""
    numbers = numbers_in(selector)
    known = list(dict.fromkeys(finding.number for finding in findings))
    for number in numbers:
        if known and number not in known:
            slots = {"number": number, "nearest": nearest(number, known) or "—", "known": known}
            problems.append(Problem("findings.unknown", slots, file))
    if needed and not numbers:
        problems.append(Problem("findings.which", {"known": known}, file))
    return [finding for finding in findings if finding.number in numbers]


def _text(attached: Attached, model: Model) -> str:
    """TOML of what the findings put right, and of the check that the correction moves every county by that."""
    award, source = award_column(model), f"{attached.file}：{attached.selector}"
    numbers = numbers_in(attached.selector)
    return "\n".join([
        the_word("part_words.of_findings", file=source),
        entry("input", PUT_RIGHT, both("findings.put_right"), unit=award.unit.name, decimals=award.decimals,
              source=source),
        entry("check", "_findings_agree", both("findings.agree", numbers=numbers),
              formula=f"not given({PUT_RIGHT}) or {PUT_RIGHT} == _difference"),
        entry("check", "_findings_all", both("findings.all", numbers=numbers), severity="warning",
              formula=f"given({PUT_RIGHT}) or _difference == 0"),
    ])  # fmt: skip


def _summary(findings: Sequence[Finding], model: Model, file: str) -> list[Problem]:
    """Of the whole register, by department and by county: how many are done and open, found = put right + left."""
    whole = {"whole": _sums(findings, model)}
    by_department = {finding.department: finding.department for finding in findings}
    by_county = {finding.county: finding.county for finding in findings}
    parts = {
        "departments": [_part(name, [finding for finding in findings if finding.department == name], model)
                        for name in by_department],
        "counties": [_part(name, [finding for finding in findings if finding.county == name], model)
                     for name in by_county],
    }  # fmt: skip
    return [Problem("findings.summary", {**whole, **parts}, file)]


def _part(name: str, findings: Sequence[Finding], model: Model) -> Both:
    sums = _sums(findings, model)
    return Both(*(say(lang, "findings.part", name=name, sums=sums[lang]) for lang in LANGUAGES))


def _sums(findings: Sequence[Finding], model: Model) -> Both:
    unit = award_column(model).unit
    done = sum(finding.state == "done" for finding in findings)
    amounts = {
        key: sum((getattr(finding, key) for finding in findings), Fraction(0))
        for key in ("amount", "put_right", "left")
    }
    counts = {"count": len(findings), "done": done, "open": len(findings) - done}
    return Both(*(
        say(lang, "findings.sums", **counts, **{key: told(value, unit, lang) for key, value in amounts.items()})
        for lang in LANGUAGES
    ))  # fmt: skip


PART = Part(
    KIND,
    read,
    option=Option("--findings", file=False),
    file=findings_file,
    form=BlankForm("findings", FIELDS, words={"state": [*STATES.values()]}, with_names=("name",)),
    silent=PUT_RIGHT,
)
