"""The parts of an evaluation from what is written of them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TypedDict

from allocation.language import tree
from allocation.language.parse import parse, tidy
from allocation.language.typed import Meaning
from allocation.language.units import PURE
from allocation.texts import Both
from allocation.years.evaluation.formulas import NUMBER, CheckedFormula
from allocation.years.evaluation.parts import (
    BarsPart,
    Clause,
    Count,
    HeadingPart,
    LinesPart,
    NamedLines,
    Note,
    NotesPart,
    Paragraph,
    ReportPart,
    Sentence,
    ShownColumn,
    TablePart,
    Times,
    UnitList,
    UnitsTold,
    YearsPart,
)
from allocation.years.evaluation.reader import LABEL, RUN_WORDS, Reader, plain_name
from allocation.years.evaluation.sayings import Saying
from allocation.years.evaluation.schema import (
    CAPTIONED,
    EVERYWHERE,
    KEYS,
    NEEDED,
    ClauseSpec,
    CountSpec,
    ReportPartSpec,
    SentenceSpec,
    ShownColumnSpec,
)

LISTED_WORDS = ("_count", "_names")
UNIT_WORDS = ("_name", "_when", "_absent")
STEP_WORDS = ("_up", "_down", "_level")
STEP_NUMBERS = ("_ups", "_downs", "_levels")
CHANGE_WORDS = ("_at", "_came", "_went")


class Common(TypedDict):
    """What every part has."""

    when: CheckedFormula | None
    public: bool


class PartReader(Reader):
    def _part(self, spec: ReportPartSpec, place: int) -> list[ReportPart]:
        where = f"[[part]] {place} · {spec.kind}"
        given = spec.said
        for key in sorted(given - {*KEYS[spec.kind], *EVERYWHERE}):
            self.problem("key_not_here", where, key=key, kind=spec.kind, known=KEYS[spec.kind])
        needed = [*NEEDED[spec.kind], *(("zh", "en") if spec.kind in CAPTIONED and not spec.say else ())]
        lacking = [key for key in needed if not getattr(spec, key)]
        for key in lacking:
            self.problem("key_needed", where, key=key, kind=spec.kind)
        if lacking:
            return []
        when = self._kept(spec.when, f"{where} · when", "truth whole")
        part = getattr(self, f"_{spec.kind}")(spec, where, {"when": when, "public": spec.public})
        return [part] if part else []

    def _heading(self, spec: ReportPartSpec, where: str, common: Common) -> ReportPart:
        return HeadingPart(text=Both(spec.zh, spec.en), **common)

    def _paragraph(self, spec: ReportPartSpec, where: str, common: Common) -> ReportPart:
        sentences: list[Sentence] = []
        for place, sentence in enumerate(spec.sentence, start=1):
            sentences += self._sentences(sentence, f"{where} · sentence {place}", spec.public)
        return Paragraph(sentences=tuple(sentences), **common)

    def _listing(self, spec: ReportPartSpec | SentenceSpec, where: str, about: str = "", of: str = "",
                 extra: Mapping[str, Meaning] | None = None) -> UnitsTold:  # fmt: skip
        return UnitsTold(
            self._kept(of, f"{where} · of", "truth units", about, extra),
            self._kept(spec.by, f"{where} · by", "number units", about, extra), spec.lowest_first, spec.most,
        )  # fmt: skip

    def _list(self, spec: ReportPartSpec, where: str, common: Common) -> ReportPart:
        listing = self._listing(spec, where, of=spec.of)
        return UnitList(saying=self._saying(spec.zh, spec.en, where, UNIT_WORDS, units=True), listing=listing, **common)

    def _table(self, spec: ReportPartSpec, where: str, common: Common) -> ReportPart:
        columns = [column for place, held in enumerate(spec.column, start=1)
                   for column in self._column(held, f"{where} · column {place}", spec.public)]  # fmt: skip
        listing, note = self._listing(spec, where), self._note(spec, where)
        captions = self._captions(spec, where)
        return TablePart(captions=captions, columns=tuple(columns), listing=listing, note=note, **common)

    def _captions(self, spec: ReportPartSpec, where: str) -> tuple[Saying, ...]:
        """The texts of which the first that holds stands above a table or below a picture."""
        if not spec.say:
            return (self._saying(spec.zh, spec.en, where, ()),)
        return self._sayings(spec.say, f"{where} · say", words=())

    def _note(self, spec: ReportPartSpec, where: str) -> Saying | None:
        return self._saying(spec.note.zh, spec.note.en, f"{where} · note", ()) if spec.note else None

    def _column(self, spec: ShownColumnSpec, where: str, public: bool) -> list[ShownColumn]:
        show = self._kept(spec.show, f"{where} · show", " units")
        if show is None:
            return []
        self._fits_sheet(show, where)
        self._rate(show, spec.points, f"{where} · points")
        said = spec.label
        label = self._label_of(show, said.zh if said else spec.zh, said.en if said else spec.en, where)
        if not said and isinstance(show.node, tree.Name):
            label = self.model.entry(show.node.id).label
        head = Both(spec.zh, spec.en) if spec.zh and spec.en else label
        total = self._told_in(show.unit, spec.total, f"{where} · total") if spec.total else None
        name = show.node.id if isinstance(show.node, tree.Name) else ""
        if total is None and not spec.total:
            total = self.wholes.get(name)
        if total:
            self._fits_sheet(total, f"{where} · total")
        adds = (self.model.adds_up(name) if name else show.adds_up) and show.kind == "number" and not spec.points
        counts = tuple(count for held in spec.count for count in self._count(held, f"{where} · count"))
        return [ShownColumn(show, label, head, total, adds and total is None, spec.points, spec.red, spec.only, counts,
                       public if spec.public is None else spec.public)]  # fmt: skip

    def _count(self, spec: CountSpec, where: str) -> list[Count]:
        written = re.fullmatch(r"\s*(>|<|>=|<=|==|!=)\s*(-?\d+(?:\.\d+)?)\s*", tidy(spec.when))
        if written is None:
            self.problem("count_test", where, found=spec.when)
            return []
        value = parse(written[2].lstrip("-"))
        number = value.value if isinstance(value, tree.Number) else 0
        signed = -number if written[2].startswith("-") else number
        return [Count(Both(spec.zh, spec.en), written[1], (signed.numerator, signed.denominator))]

    def _years(self, spec: ReportPartSpec, where: str, common: Common) -> ReportPart | None:
        of = self._kept(spec.of, f"{where} · of", "number units")
        if of is None:
            return None
        self._fits_sheet(of, where)
        times = None
        if spec.times and (test := self._kept(spec.times.when, f"{where} · times", "truth units")):
            self._fits_sheet(test, f"{where} · times")
            labels = (Both(said.zh, said.en) for said in (spec.times, spec.times.never, spec.times.ever))
            times = Times(test, *labels)
        whole = self.wholes.get(of.node.id) if isinstance(of.node, tree.Name) else None
        label = self._label_of(of, "", "", where)
        return YearsPart(of=of, label=label, whole=whole, note=self._note(spec, where), times=times, **common)

    def _bars(self, spec: ReportPartSpec, where: str, common: Common) -> ReportPart | None:
        of = self._kept(spec.of, f"{where} · of", "number units")
        target = self._kept(spec.target, f"{where} · target", "number whole")
        if of is None:
            return None
        label, listing, captions = (
            self._label_of(of, "", "", where),
            self._listing(spec, where),
            self._captions(spec, where),
        )
        return BarsPart(captions=captions, of=of, label=label, listing=listing, target=target, **common)

    def _lines(self, spec: ReportPartSpec, where: str, common: Common) -> ReportPart | None:
        if bool(spec.of) == bool(spec.rows):
            self.problem("of_or_rows", where)
            return None
        of = self._kept(spec.of, f"{where} · of", "number units")
        rows = []
        for name in spec.rows:
            formula = self._kept(name, f"{where} · rows", "number whole")
            if formula:
                rows.append((formula, self._label_of_row(name, formula, where)))
        axis = Both(spec.axis.zh, spec.axis.en) if spec.axis else Both("", "")
        return LinesPart(
            captions=self._captions(spec, where),
            axis=axis,
            of=of,
            rows=tuple(rows),
            full=spec.full,
            only=spec.only,
            **common,
        )

    def _label_of_row(self, name: str, formula: CheckedFormula, where: str) -> Both:
        """The label of a whole, or of the unit's figure that it is the whole of."""
        names = [unit for unit, whole in self.wholes.items() if whole == formula]
        if names:
            return self.model.entry(names[0]).label
        return self.labels[name] if name in self.labels else self._label_of(formula, "", "", where)

    def _named_lines(self, spec: ReportPartSpec, where: str, common: Common, known: Sequence[str],
                     words: Sequence[str]) -> ReportPart:  # fmt: skip
        names = tuple(plain_name(name) for name in spec.names)
        for name in names:
            self._known(name, f"{where} · names", known)
        saying = self._saying(spec.zh, spec.en, where, (*words, LABEL))
        return NamedLines(kind=spec.kind, saying=saying, names=names, **common)

    def _sources(self, spec: ReportPartSpec, where: str, common: Common) -> ReportPart:
        return self._named_lines(spec, where, common, [*self.model.inputs], ("_source",))

    def _rules(self, spec: ReportPartSpec, where: str, common: Common) -> ReportPart:
        return self._named_lines(spec, where, common, [*self.model.columns], ("_words",))

    def _checks(self, spec: ReportPartSpec, where: str, common: Common) -> ReportPart:
        saying = self._saying(spec.zh, spec.en, where, ("_names", LABEL))
        return NamedLines(kind=spec.kind, saying=saying, checks=self.model.checks, **common)

    def _notes(self, spec: ReportPartSpec, where: str, common: Common) -> ReportPart:
        texts = [name for name, entry in self.model.inputs.items() if entry.text]
        notes = []
        for place, entry in enumerate(spec.entry, start=1):
            at = f"{where} · entry {place}"
            if self._known(plain_name(entry.name), at, texts):
                saying = self._saying(entry.zh, entry.en, at, ("_at", "_note", "_name"))
                notes.append(Note(plain_name(entry.name), saying, entry.unit))
        return NotesPart(notes=tuple(notes), **common)

    def _sentences(self, spec: SentenceSpec, where: str, public: bool) -> list[Sentence]:
        public = public if spec.public is None else spec.public
        if not spec.use:
            if not (spec.zh and spec.en):
                self.problem("use_or_say", where)
                return []
            return [self._sentence(spec, where, public)]
        wording = next((held for held in self.spec.wording if held.name == spec.use), None)
        if wording is None:
            known = [held.name for held in self.spec.wording]
            self._known(spec.use, f"{where} · use", known)
            return []
        known = [*self.formulas.rows, *self.model.inputs, *self.model.columns]
        if not self._known(plain_name(spec.about), f"{where} · about", known):
            return []
        label = Both(spec.label.zh, spec.label.en) if spec.label else self.label(spec.about)
        told = []
        for place, sentence in enumerate(wording.sentence, start=1):
            at = f"[[wording]] {wording.name} · sentence {place} · {spec.about}"
            told.append(self._sentence(sentence, at, public, spec.about, label))
        return told

    def _sentence(self, spec: SentenceSpec, where: str, public: bool, about: str = "",
                  label: Both | None = None) -> Sentence:  # fmt: skip
        in_years = self._kept(spec.in_years, f"{where} · in_years", "truth", about)
        steps = self._kept(spec.steps, f"{where} · steps", "number whole", about)
        extra: dict[str, Meaning] = dict.fromkeys(STEP_NUMBERS, NUMBER) if steps else {}
        if in_years:
            extra["_times"] = Meaning("number", in_years.shape, PURE, role="parameter")
        listed = bool(spec.of or spec.item or spec.by)
        listing = self._listing(spec, where, about, spec.of, extra) if listed else None
        units = {**extra, "_alike": Meaning("number", "column", PURE, role="parameter")}
        named = (LABEL,) if label else ()
        items = self._sayings(
            spec.item, f"{where} · item", words=(*UNIT_WORDS, *named), about=about, extra=units, units=True
        )
        words = [*named, *(LISTED_WORDS if listed else ()), *(STEP_WORDS if steps else ())]
        words += [*(CHANGE_WORDS if spec.changes else ()), *(("_when",) if in_years and in_years.whole else ())]
        clauses = tuple(self._clause(clause, f"{where} · clause {clause.name}", about, named) for clause in spec.clause)
        words += [clause.name for clause in clauses]
        if listed:
            extra["_count"] = NUMBER
        saying = self._saying(spec.zh, spec.en, where, words, spec.when, about, extra)
        return Sentence(saying, listing, items, in_years, steps, spec.changes, clauses, label, public)

    def _clause(self, spec: ClauseSpec, where: str, about: str, named: tuple[str, ...]) -> Clause:
        if not re.fullmatch(r"_[^\W_]\w*", spec.name) or spec.name in {*RUN_WORDS, LABEL, *LISTED_WORDS, *UNIT_WORDS}:
            self.problem("clause_name", where, name=spec.name)
        in_years = self._kept(spec.in_years, f"{where} · in_years", "truth whole", about)
        extra = {"_times": NUMBER} if in_years else {}
        words = (*named, *(("_when",) if in_years else ()))
        return Clause(spec.name, self._sayings(spec.say, where, words=words, about=about, extra=extra), in_years)
