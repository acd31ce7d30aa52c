"""How papers are cut: what a workbook's sheets are and say, as each version of the program wrote them.

A record says which cut its papers have; those of earlier versions are written again so that they can be verified.
"""

from __future__ import annotations

from allocation.classes import dataclass
from allocation.record.record import AS_BEFORE, BEFORE_GROUPS, EVERY_TERM, PAPERS, TAILS_ALONE
from allocation.texts import Both, both

APPROVAL = ("decided", "explained", "units")  # of a 呈批 alone
PRINTED = ("cover", "annex", "award", *APPROVAL, "parameters", "checks")  # with the book, from its first to its last
BESIDE = ("factors", "sums", "data", "calculation", "helpers", "import", "disputes", "notes", "originals", "trace")


@dataclass(frozen=True)
class Cut:
    """`papers`: how a record calls it. `sheets`: those of a result, in order. `issued`: the one a result opens on.

    `award_word`: how the ids of messages about the sheet `award` end; `award_title`: the message that heads it.
    `serial`: it and 因素得分表 are 附件 1 and 2; else both are the office's own.
    `of_issue`: the cover is headed by the issue, tells the year of the data and which sheets are printed.
    `on_paper`: 参数 says on what paper each figure was decided. `share_without_total`: a comparison of awards that do
    not add up has a column of shares. `sides`: 核对 shows both sides of the model's checks. `every_term`: a sum of
    columns names each of them. `compared`: live formulas compare every unit with every other.
    `rounded_parts`: the cover says which figures add up parts that were rounded each alone.
    """

    papers: int = PAPERS
    sheets: tuple[str, ...] = (*PRINTED, *BESIDE)
    issued: str = "annex"
    award_word: str = "award"
    award_title: str = "workbook.office_title"
    serial: bool = False
    of_issue: bool = True
    on_paper: bool = True
    share_without_total: bool = False
    sides: bool = True
    every_term: bool = False
    compared: bool = False
    rounded_parts: bool = True

    def sheet_name(self, key: str) -> Both:
        """What a sheet is called."""
        return both(f"workbook.sheet_{self.word(key)}")

    def word(self, key: str) -> str:
        """How the ids of messages about a sheet end."""
        return self.award_word if key == "award" else key

    @staticmethod
    def of(papers: int) -> Cut:
        """The cut of what a record says."""
        return CUTS.get(papers, TODAY)


TODAY = Cut()
_EARLIER = (
    Cut(papers=TAILS_ALONE, rounded_parts=False),  # before what adds up rounded parts was said
    # Before a sum of many columns was told by its first and its last, and before helpers were linear in units.
    Cut(papers=EVERY_TERM, every_term=True, rounded_parts=False),
    Cut(papers=BEFORE_GROUPS, every_term=True, compared=True, rounded_parts=False),
    Cut(  # 0.2 and before
        papers=AS_BEFORE,
        sheets=(
            *("cover", "parameters", "data", "calculation", "helpers", "award", "factors", *APPROVAL),
            *("import", "checks", "disputes", "notes", "originals", "trace"),
        ),
        issued="award",
        award_word="issued",
        award_title="workbook.award_title",
        serial=True,
        of_issue=False,
        on_paper=False,
        share_without_total=True,
        sides=False,
        every_term=True,
        compared=True,
        rounded_parts=False,
    ),
)
CUTS = {cut.papers: cut for cut in (TODAY, *_EARLIER)}
