"""The differences from the commit before issue 12 that are wanted, each with its reason."""

from __future__ import annotations

import re

ABSENT = "issue 11: a column that a model can do without is no figure that nobody gave"
RECORD = "a record of its own, on a sheet that no person reads"
SCHEMA = "a manifest is the record of schema 2, with the model's text and seals"
HASHES = "files with such a record have other hashes, in journal and register"
PARTS = "a name that a part adds begins with _"
WORDS = "issue 13: the words are 接收单位 and 研究调整"
VOUCHER = "issue 13: a figure of the ledger names its voucher"
ENGLISH = "no English page has a Chinese sign: a dash between years, brackets"
BRACKETS = "brackets about Chinese are full-width"
DECIMALS = "the terminal rounds halves as the workbook does, away from zero"

LEDGER = r"(forms/ledger|fund/ledger/incentive_fund|versions/incentive_fund_2017_.*)\.xlsx$"
FUND = r"(incentive_fund|fund/(settled|ledger|parts))/incentive_fund\.xlsx$"
WANTED: list[tuple[str, str, str, str]] = [
    (ABSENT, FUND, r"^(Cover|封面)![AB]9( format)?$", r"\n→\n$"),
    (ABSENT, FUND, r"^(Checks|核对)( merged$|![A-E]1\d\d( format)?$)", ""),
    (ABSENT, r"^\$ allocation ", r"^\d+$", r"(表里没有填这些数|Nobody gave these figures).*\n→\n$"),
    (RECORD, r"\.xlsx$", r"^_record[ !]", ""),
    (RECORD, r"\.xlsx$", r"^sheets$", r"_record', 'veryHidden"),
    (
        RECORD,
        r"^\$ allocation verify",
        r"^2$",
        r"(\d+ cells compared|核对了 \d+ 个单元格).*\n→\n.*(\d+ cells|\d+ 个单元格)",
    ),
    ("溯源 says the record of schema 2 in words", r"\.xlsx$", r"^(溯源|Provenance)[ !]", ""),
    (SCHEMA, r"^(?!(.*/)?(journal|register|collected)[/.]).*\.json$", "", ""),
    (HASHES, r"/journal\.csv$", r"^\d+$", r"[0-9a-f]{64}.*\n→\n.*[0-9a-f]{64}"),
    (HASHES, r"/journal/.*\.json$", r"^\.lines$", r"[0-9a-f]{64}"),
    (HASHES, r"/register(\.json$|/)", r"^\.(versions|files\..*|order|digest|version)$", r"[0-9a-f]{64}"),
    (PARTS, r"\.xlsx$", r"![A-Z]+\d+$", r"\n→\n\('_[a-z0-9_.]+', '_[a-z0-9_.]+'\)$"),
    (WORDS, r"forms/adjustments\.xlsx$", r"^(研究调整表|领导调整表|sheets)", ""),
    (WORDS, "", "", r"(?s)下达单位.*\n→\n.*接收单位"),
    (WORDS, "", "", r"(?s)领导调整.*\n→\n.*研究调整"),
    (VOUCHER, LEDGER, r"^(Ledger of data|数据台账|Disputes|数据差异表)[ !]", ""),
    (ENGLISH, r"(^|/)en/.*\.xlsx$|--lang en$", "", r"[—（）].*\n→\n[^—（）]*$"),
    (BRACKETS, r"^\$ allocation ", r"^\d+$", r"\([^()]*: [A-Z]+\d+\).*\n→\n.*（[^（）]*: [A-Z]+\d+）"),
    (DECIMALS, r"^\$ allocation ", r"^\d+$", r"^(.*\.\d)\d(%.*)\n→\n\1\d\2$"),
]  # (reason, pattern of the file, of the place, of what stood there and what stands there now)


def wanted(file: str, place: str, before: str, after: str) -> str:
    """The reason why a difference is wanted, or an empty text."""
    pair = f"{before}\n→\n{after}"
    for reason, in_file, at_place, of_pair in WANTED:
        if re.search(in_file, file) and re.search(at_place, place) and re.search(of_pair, pair):
            return reason
    return ""
