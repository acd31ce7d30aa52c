"""The table of units of account (领受单位表): who may be given something, under which names, and who includes whom."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem, nearest
from allocation.tables.forms import KEY, PROSE, FormField, FormRow, in_order, read_form
from allocation.tables.spelling import fold, listed, span, squeeze
from allocation.texts.spans import in_force
from allocation.texts.vocabulary import Spellings

FIELDS = (
    FormField("code", Spellings("form_words.recipient_code"), KEY, required=True),
    FormField("name", Spellings("form_words.recipient_name"), required=True),
    FormField("aliases", Spellings("form_words.recipient_aliases")),
    FormField("kind", Spellings("form_words.recipient_kind")),
    FormField("belongs_to", Spellings("form_words.recipient_belongs_to"), KEY),
    FormField("includes", Spellings("form_words.recipient_includes")),
    FormField("net_of", Spellings("form_words.recipient_net_of")),
    FormField("reports", Spellings("form_words.recipient_reports")),
    FormField("valid_from", Spellings("form_words.recipient_valid_from")),
    FormField("valid_to", Spellings("form_words.recipient_valid_to")),
    FormField("addressee", Spellings("form_words.recipient_addressee"), PROSE),
    FormField("note", Spellings("form_words.recipient_note"), PROSE),
)
_ALWAYS = (0, 9999)
_YES, _NO = Spellings("table_words.reports"), Spellings("table_words.reports_not")
_OWN, _DIRECT, _AREAS = (Spellings(f"form_words.kind_{kind}") for kind in ("own", "direct", "area"))  # in 类别


@dataclass(frozen=True)
class Recipient:
    """One unit of account; years are inclusive.

    `includes`: codes whose figures its own statistics hold; `net_of`: (code, first year, last year) of those already
    taken out of them; `reports`: whether a return is expected of it.
    """

    code: str
    name: str
    aliases: tuple[str, ...] = ()
    kind: str = ""
    belongs_to: str = ""
    includes: tuple[str, ...] = ()
    net_of: tuple[tuple[str, int, int], ...] = ()
    reports: bool = True
    addressee: str = ""  # the body that letters to it are addressed to
    years: tuple[int, int] = _ALWAYS
    note: str = ""
    where: str = ""

    def in_force(self, year: int) -> bool:
        return self.years[0] <= year <= self.years[1]

    @property
    def standing(self) -> str:
        """What it is to who issues: `own` (市本级), `area` (a functional area), `direct` (省直管), or empty."""
        if self.kind.endswith(tuple(_OWN)):
            return "own"
        if self.kind.startswith(tuple(_DIRECT)):
            return "direct"
        return "area" if any(word in self.kind for word in _AREAS) else ""

    def nets(self, code: str, year: int) -> bool:
        return any(whole == code and low <= year <= high for whole, low, high in self.net_of)


@dataclass(frozen=True)
class Match:
    """Whom a text or row means, and what said so: `code`, `name` or `alias`."""

    recipient: Recipient
    by: str


@dataclass(frozen=True)
class Recipients:
    entries: tuple[Recipient, ...]
    file: str = ""
    notes: tuple[Problem, ...] = ()  # cells with signs that nobody sees

    def in_force(self, year: int) -> tuple[Recipient, ...]:
        return tuple(entry for entry in self.entries if entry.in_force(year))

    def match(self, text: str, year: int, where: str = "") -> Match:
        """The one recipient of that code, name or alias in `year`; width and spaces do not matter, all else does.

        AllocationError when there is none (with the nearest name) or it is not in force that year.
        """
        called = [(entry, by) for entry in self.entries if (by := _called(entry, text))]
        valid = [Match(entry, by) for entry, by in called if entry.in_force(year)]
        if valid:
            return valid[0]  # reading the table made sure that there are no two
        if called:
            entry = called[0][0]
            low, high = (None if year in _ALWAYS else year for year in entry.years)
            slots = {"found": text, "name": entry.name, "year": year, "years": in_force(low, high), "file": self.file}
            raise AllocationError(Problem("collect.not_in_force", slots, where))
        known = {word: entry.name for entry in self.in_force(year) for word in (entry.code, entry.name, *entry.aliases)}
        near = known.get(nearest(fold(text), known), "")
        slots = {"found": text, "nearest": near, "file": self.file}
        raise AllocationError(Problem("collect.unknown_near" if near else "collect.unknown", slots, where))

    def match_row(self, code: str, name: str, year: int, where: str = "") -> Match:
        """Whom a row means by its code and its name; an empty one says nothing. The two must agree."""
        if not code or not name or squeeze(code) == squeeze(name):
            return self.match(code or name, year, where)
        by_name = self.match(name, year, where)
        try:
            by_code = self.match(code, year, where)
        except AllocationError:
            by_code = None
        if by_code is None or by_code.recipient != by_name.recipient:
            slots = {"code": code, "name": name, "right": by_name.recipient.code, "means": by_name.recipient.name}
            other = by_code.recipient.name if by_code else ""
            raise AllocationError(Problem("collect.code_contradicts", {**slots, "other": other}, where))
        return by_name

    def counted_twice(self, codes: set[str], year: int) -> list[tuple[Recipient, Recipient]]:
        """Pairs both in `codes` of which the first one's statistics hold the second's and do not say they leave it out.

        A whole of a whole counts too.
        """
        in_force = {entry.code: entry for entry in self.in_force(year)}
        pairs = []
        for code in (entry.code for entry in in_force.values() if entry.code in codes):
            inner, waiting = set(), list(in_force[code].includes)
            while waiting:
                part = waiting.pop()
                if part in in_force and part not in inner:
                    inner.add(part)
                    waiting += in_force[part].includes
            within = (part for part in sorted(inner & codes - {code}) if not in_force[code].nets(part, year))
            pairs += [(in_force[code], in_force[part]) for part in within]
        return pairs


def standings(registers: Sequence[Recipients], codes: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """What the units of these codes are to who issues, and what the register calls that; () where none is anything.

    A functional area that belongs to no 市本级 is a unit like others.
    """
    entries = {entry.code: entry for register in reversed(registers) for entry in register.entries}
    known = []
    for code in codes:
        entry = entries.get(code)
        standing = entry.standing if entry else ""
        head = entries.get(entry.belongs_to) if entry else None
        if standing == "area" and (head is None or head.standing != "own"):
            standing = ""
        known.append((standing, entry.kind if entry and standing else ""))
    return tuple(known) if any(standing for standing, _ in known) else ()


def _called(entry: Recipient, text: str) -> str:
    said = fold(text)
    if said == fold(entry.code):
        return "code"
    return "name" if said == fold(entry.name) else "alias" if said in map(fold, entry.aliases) else ""


def read_recipients(path: str | Path) -> Recipients:
    """The table at `path` (CSV or workbook, headers in Chinese or English). Raises all that is wrong with it."""
    problems: list[Problem] = []
    form = read_form(path, FIELDS, problems, kind="recipients")
    if not form.rows:
        raise AllocationError([*problems, Problem("collect.no_records", where=form.file)])
    entries = tuple(_recipient(row, problems) for row in form.rows)
    known = {entry.code for entry in entries}
    for entry in entries:
        for code in (entry.belongs_to, *entry.includes, *(net[0] for net in entry.net_of)):
            if code and code not in known:
                problems.append(Problem("collect.code_nowhere", {"name": entry.name, "code": code}, entry.where))
        problems += [
            Problem("collect.net_without_whole", {"name": entry.name, "code": net[0]}, entry.where)
            for net in entry.net_of if net[0] not in entry.includes
        ]  # fmt: skip
    problems += _ambiguous(entries)
    if problems:
        raise AllocationError(in_order(problems))
    return Recipients(entries, form.file, form.notes)


def _recipient(row: FormRow, problems: list[Problem]) -> Recipient:
    def fault(key: str, message: str) -> None:
        problems.append(Problem(message, {"found": row[key]}, row.where(key)))

    def years(key: str, text: str) -> tuple[int, int] | None:
        years_said = span(text)
        if text and years_said is None:
            fault(key, "collect.not_years")
        return years_said

    reports = fold(row["reports"] or "")
    if reports not in ("", *_YES, *_NO):
        fault("reports", "collect.not_yes_no")
    net = []
    for text in listed(row["net_of"]):
        code, _, when = text.partition("@")
        if not when:
            fault("net_of", "collect.not_years")
        years_said = years("net_of", when)
        net += [(code, *years_said)] if years_said else []
    low, high = (years(key, row.text(key)) for key in ("valid_from", "valid_to"))
    return Recipient(
        code=row.text("code"),
        name=row.text("name"),
        aliases=listed(row["aliases"]),
        kind=row.text("kind"),
        belongs_to=row.text("belongs_to"),
        includes=listed(row["includes"]),
        net_of=tuple(net),
        addressee=row.text("addressee"),
        reports=reports not in _NO,
        years=(low[0] if low else _ALWAYS[0], high[1] if high else _ALWAYS[1]),
        note=row.text("note"),
        where=row.where("code"),
    )


def _ambiguous(entries: tuple[Recipient, ...]) -> list[Problem]:
    """Spellings that would mean two recipients in one year."""
    owners: dict[str, list[Recipient]] = {}
    for entry in entries:
        for word in {fold(word) for word in (entry.code, entry.name, *entry.aliases)} - {""}:
            owners.setdefault(word, []).append(entry)
    problems = []
    for word, those in owners.items():
        for place, entry in enumerate(those):
            for other in those[:place]:
                if max(entry.years[0], other.years[0]) <= min(entry.years[1], other.years[1]):
                    slots = {"word": word, "one": other.name, "other": entry.name, "place": other.where}
                    problems.append(Problem("collect.ambiguous", slots, entry.where))
    return problems
