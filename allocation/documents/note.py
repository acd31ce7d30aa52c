"""测算说明: how the whole was split, with its sources and files, for the office; no figure of any one county."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from allocation.documents.corrected import what_changed
from allocation.documents.letter import Letters
from allocation.documents.notices import document_record, fund, handed, names_another
from allocation.documents.page import Paper, said_date
from allocation.language.units import YEAR
from allocation.parts.part import family
from allocation.policy.model import Parameter
from allocation.readings.pieces import tidied
from allocation.readings.said_amounts import told
from allocation.readings.tails import tail_notes
from allocation.readings.words import sentence, table_text
from allocation.record.versions import issue_of
from allocation.report.columns import withheld_from
from allocation.run.marks import marks
from allocation.texts import Speaker


def write_note(letters: Letters, path: Path) -> None:
    run, lang, date = letters.run, letters.lang, letters.letter.date
    mark, year, of_fund = marks(run)[lang], run.year, fund(run)[lang]
    dated = letters.say("notices.year", year=year) if year else ""
    dated = letters.say("notices.batch_year", batch=issue_of(run).said, year=dated)
    titled = "notices.correction_note_title" if handed(run).kind == "correction" else "notices.note_title"
    title = letters.say(titled, year=dated, fund=of_fund)
    paper = Paper(title + mark, lang)
    paper.title(title, (of_fund,))
    if mark:
        paper.mark(mark.strip())
    paper.blank()
    writer = _Note(letters, paper)
    sections = (writer.total, writer.basis, writer.parameters, writer.steps, writer.checks, writer.data)
    for number, section in enumerate(sections, start=1):
        paper.heading(letters.say(f"notices.section_{number}"))
        section()
    if date:
        paper.blank()
        paper.right(said_date(date)[lang])
    paper.save(path, document_record(letters, "note"))


class _Note(Speaker):
    def __init__(self, letters: Letters, paper: Paper):
        self.letters, self.paper = letters, paper
        self.run, self.lang, self.letter = letters.run, letters.lang, letters.letter

    def write(self, key: str, **slots: object) -> None:
        """A paragraph, unless it names a county."""
        text = self.say(f"notices.{key}", **slots)
        if not names_another(self.run, text):
            self.paper.text(text)

    def total(self) -> None:
        run, model, what = self.run, self.run.model, handed(self.run)
        slots = {"count": len(run.table), "label": model.columns[model.award].label}
        slots["total"] = what.said(run.sum_of(model.award))
        if model.pool:
            pool = model.entry(model.pool)
            figure = told(run.amount(model.pool), pool.unit, self.lang)
            self.write("issued_pool", pool=pool.label, amount=figure, **slots)
        else:
            self.write("issued", **slots)
        less = -sum((value for value in what.figures if value < 0), Fraction(0))
        if what.kind not in ("award", "kept") or less:
            more = sum((value for value in what.figures if value > 0), Fraction(0))
            self.write("now", more=what.said(more), less=what.said(less) if less else "")
        if not self.letter.together:
            self.write("no_rows")

    def basis(self) -> None:
        for text in self.run.model.basis:
            self.paper.text(text)

    def parameters(self) -> None:
        rows = []
        for entry in self.run.model.parameters.values():
            row = (entry.label[self.lang], self.figure(entry), self.ground(entry))
            if not names_another(self.run, "".join(row)):
                rows.append(row)
        if rows:
            heads = tuple(self.say(f"notices.{key}") for key in ("parameter", "value", "source"))
            self.paper.table(self.say("notices.parameters"), heads, rows)

    def ground(self, entry: Parameter) -> str:
        """On what paper it rests, who decided and when, as the case says; else the model's own source."""
        said = dict.fromkeys(ground.text for ground in entry.grounds.values())
        return self.say("words.semicolon").join(filter(None, said)) or entry.source

    def figure(self, entry: Parameter) -> str:
        """A parameter's figures; how a difference is handled in words, a year without a mark of thousands."""
        said = next((part.in_words[entry.name] for part in self.run.parts if entry.name in part.in_words), "")
        if said:
            return self.say(said)
        if entry.kind == "scalar" and entry.unit.name == YEAR and isinstance(entry.value, Fraction):
            return told(entry.value, entry.unit, self.lang).replace(",", "")
        return tidied(table_text(entry))[self.lang]

    def steps(self) -> None:
        rows: list[tuple[str, ...]] = []
        model, withheld = self.run.model, withheld_from(self.run, "note")
        for name, entry in model.columns.items():
            words = sentence(model, entry.node)[self.lang]
            told = (entry.label[self.lang], words, model.units.label(entry.unit.name, self.lang), entry.source)
            if family(name) not in withheld and not names_another(self.run, "".join(told)):
                rows.append((str(len(rows) + 1), *told))
        heads = ("number", "item", "words", "unit", "source")
        self.paper.table(self.say("notices.steps"), [self.say(f"notices.{key}") for key in heads], rows)

    def checks(self) -> None:
        for check in self.run.checks:
            key = "check_unasked" if check.unasked else "check_ok" if check.ok else "check_warns"
            self.write(key, label=check.label + check.behind if check.unasked else check.label)

    def moved(self) -> None:
        """Of a correction why it was made, and what was changed that is no place's own; what was in doubt."""
        if self.letter.reason:
            self.write("note_reason", reason=self.letter.reason)
        for line in self.letter.changes:
            if not line.county and (said := what_changed(self.letters, (line,), (), "")):
                self.paper.text(said)
        doubts = self.run.doubts
        for doubt in doubts.resolved:
            said_of = doubts.resolutions[doubt.id]
            grounds = filter(None, (said_of.reason, said_of.basis, said_of.prepared, said_of.reviewed, said_of.date))
            self.write("note_resolved", text=doubt.text(self.lang), ground=self.say("notices.list").join(grounds))

    def data(self) -> None:
        run = self.run
        self.moved()
        self.write("files", files=[run.table.file, *(kept.file for kept in run.table.attached)])
        for change in run.changed:
            if not change.county and change.old != change.new:
                from allocation.report.changed import changed_text

                self.write("changed", text=changed_text(run.model, change)[self.lang])
        for note in run.model.notes:
            if not names_another(run, note[self.lang]):
                self.paper.text(note[self.lang])
        for told_of_tail in tail_notes(run):  # who takes the tail is a rule, no figure of another's
            self.paper.text(told_of_tail[self.lang])
