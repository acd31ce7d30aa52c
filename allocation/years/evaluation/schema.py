"""The shape of an evaluation file: which keys its sections may have. What they mean is looked at in `loading`."""

from __future__ import annotations

from typing import Literal

from allocation.policy.schema import Labelled, Whole
from allocation.policy.section import Section, slot

KINDS = ("heading", "paragraph", "list", "table", "years", "bars", "lines", "sources", "rules", "notes", "checks")
EVERYWHERE = ("kind", "when", "public")
KEYS = {
    "heading": ("zh", "en"),
    "paragraph": ("sentence",),
    "list": ("zh", "en", "of", "by", "lowest_first", "most"),
    "table": ("zh", "en", "say", "by", "lowest_first", "column", "note"),
    "years": ("of", "note", "times"),
    "bars": ("zh", "en", "say", "of", "by", "lowest_first", "target"),
    "lines": ("zh", "en", "say", "of", "rows", "axis", "full", "only"),
    "sources": ("zh", "en", "names"),
    "rules": ("zh", "en", "names"),
    "notes": ("entry",),
    "checks": ("zh", "en"),
}  # of a part, by its kind
NEEDED = {
    "heading": ("zh", "en"),
    "paragraph": ("sentence",),
    "list": ("zh", "en", "of"),
    "table": ("column",),
    "years": ("of",),
    "bars": ("of",),
    "lines": ("axis",),
    "sources": ("zh", "en", "names"),
    "rules": ("zh", "en", "names"),
    "notes": ("entry",),
    "checks": ("zh", "en"),
}

CAPTIONED = ("table", "bars", "lines")  # these take `zh` and `en`, or several to choose from in `say`


class SayingSpec(Labelled):
    """A text in both languages, said when a condition holds."""

    when: str = ""


class ClauseSpec(Section):
    """A slot of a sentence that is filled by the first of several texts whose condition holds."""

    name: str
    in_years: str = ""
    say: list[SayingSpec]


class SentenceSpec(Section):
    zh: str = ""
    en: str = ""
    when: str = ""
    use: str = ""
    about: str = ""
    label: Labelled | None = None
    of: str = ""
    by: str = ""
    lowest_first: bool = False
    most: Whole | None = slot(None, least=1)
    item: list[SayingSpec] = []
    in_years: str = ""
    steps: str = ""
    changes: bool = False
    clause: list[ClauseSpec] = []
    public: bool | None = None


class WordingSpec(Section):
    """Sentences that are said of several figures: `_it` is the one they are said of."""

    name: str
    sentence: list[SentenceSpec]


class CountSpec(Labelled):
    """How many units have a figure above, at or below a number, such as `> 0`."""

    when: str


class ShownColumnSpec(Section):
    """`zh` and `en` head the column in the report; on the sheet, `label` or what the model calls it."""

    show: str
    zh: str = ""
    en: str = ""
    label: Labelled | None = None
    total: str = ""
    points: bool = False
    red: bool = False
    only: Literal["", "report", "sheet"] = ""
    count: list[CountSpec] = []
    public: bool | None = None


class TimesSpec(Labelled):
    """In how many years something holds of a unit; `never` and `ever` label how many units have none, and some."""

    when: str
    never: Labelled
    ever: Labelled


class NoteSpec(Labelled):
    name: str
    unit: bool = False  # told under each unit's name


class ReportPartSpec(Section):
    kind: Literal["heading", "paragraph", "list", "table", "years", "bars", "lines", "sources", "rules", "notes",
                  "checks"]  # fmt: skip
    when: str = ""
    public: bool = False
    zh: str = ""
    en: str = ""
    say: list[SayingSpec] = []
    sentence: list[SentenceSpec] = []
    of: str = ""
    by: str = ""
    lowest_first: bool = False
    most: Whole | None = slot(None, least=1)
    column: list[ShownColumnSpec] = []
    note: Labelled | None = None
    times: TimesSpec | None = None
    target: str = ""
    rows: list[str] = []
    axis: Labelled | None = None
    full: bool = False
    only: Literal["", "report", "sheet"] = ""
    names: list[str] = []
    entry: list[NoteSpec] = []


class RowSpec(Section):
    """A figure of all units together: a row of the sheet, a column a year. Formulas may call it by its name."""

    show: str
    name: str = ""
    zh: str = ""
    en: str = ""
    points: bool = False
    change: bool = True
    compare: bool = False
    public: bool = False


class KindSpec(Labelled):
    """What the evaluation of a year is called; without a year, of every other."""

    year: Whole | None = None


class HeadSpec(Labelled):
    kind: list[KindSpec] = []
    unit: Labelled | None = None
    sheet: Labelled
    open: list[str] = []


class EvaluationFile(Section):
    evaluation: HeadSpec
    whole: dict[str, str] = {}
    row: list[RowSpec] = []
    wording: list[WordingSpec] = []
    part: list[ReportPartSpec]
