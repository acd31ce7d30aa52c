"""How a doubt was resolved (核实), and what of that is still to be said before anything goes further than a trial."""

from __future__ import annotations

from dataclasses import replace

from allocation.classes import dataclass
from allocation.texts import Both, both, in_brackets, say

PARTICULARS = ("reason", "basis", "prepared", "reviewed", "date")


@dataclass(frozen=True)
class Resolution:
    """Why, on what paper, by whom, who else looked at it, and when."""

    reason: str
    basis: str = ""
    prepared: str = ""
    reviewed: str = ""
    date: str = ""

    def text(self, lang: str = "zh") -> str:
        """As papers and records say it."""
        more = [say(lang, f"case.resolved_{key}", text=value)
                for key in PARTICULARS[1:] if (value := getattr(self, key))]  # fmt: skip
        return self.reason + in_brackets(say(lang, "words.semicolon").join(more), lang)

    def signed(self, prepared: str, reviewed: str) -> Resolution:
        """The same by those whom the case names, where it does not say."""
        return replace(self, prepared=self.prepared or prepared, reviewed=self.reviewed or reviewed)

    def lacking(self, issued: bool) -> list[Both]:
        """What is not said; of what is issued also that the two who signed are one person."""
        absent = [both(f"doubts.particular_{key}") for key in PARTICULARS if not getattr(self, key).strip()]
        alone = self.prepared.strip() == self.reviewed.strip() != ""
        return [*absent, both("doubts.one_person")] if issued and alone else absent
