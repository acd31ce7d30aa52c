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

PAPERS = (
    "issue 13: what goes with a paper for approval: parameters decided on, what is to be explained, units reconciled"
)
POLICY = "issue 13: figures not decided on are doubts of the one list"
MARKS = "issue 13: a mark has one wording, in a CSV too"
BOUNDS = "issue 13: a letter speaks of a floor or a cap only where somebody has one"
SIDES = "a failed check says both sides"
BROKEN = "a county's heading is broken before its bracket"
SIGNED = "issue 13: what resolves a doubt says basis, hands and day"

ANNEX = "issue 14: what is issued is 附件, a sheet of its own; 分配表 is 资金测算表, a paper of the office"
OFFICE = "issue 14: a paper of the office says so, and is called workings"
SIDES_LIVE = "issue 14: 核对 shows both sides of a check, live, from new columns of 辅助"
TOLD_FAILED = (
    "issue 14: a failed check says what is wrong, with figures, on a line of its own: what is below moves down"
)
NAMES = "issue 14: names, codes and notes are text (@) in every described table"
WIDTHS = "issue 14: a column is as wide as its longest figure"
PAGES = "issue 14: heading rows are repeated, wide tables go on A3, narrow ones upright"
PRINTING = "issue 14: the cover says what is printed and names the papers of today, with the year"
LETTERS = "issue 14: a letter is to a finance bureau, has no line about zeros, and there is none for nothing"
ON_RECORD = "issue 14: letters are on record, with each county's own amount"
REASONS = "issue 14: a correction prints its reasons"
BASES = "issue 14: a parameter has the basis of its own line, in signs of its language"
STUDIES = "issue 14: a study's figures have thousands and the decimals they need, its names are text"
RUNS = "issue 14: a sweep's runs are headed by labels"

# Sections and notes of 核对 that stand below failed checks.
SAID_BELOW = (
    r"(相差|off'|合计”行|set aside|临界点|Near an edge|表头带有|header carries|没有填|is blank for|Nobody gave"
    r"|'none'|'无'|\n→\n\(None, None\)$)"
)
MAIN = r"(附件|Annex)"
WORKINGS = r"(资金测算表|Award workings)"
FACTORS = r"(因素得分表|Factor scores)"
PAPERS_SHEETS = rf"(分配表|Award table|{WORKINGS}|{FACTORS})"
SHEETS_OF_STUDIES = (
    r"(各年|All years|敏感度|Sensitivity|各地范围|Ranges|图表|Charts|汇总数据|Merged data|与上一稿对比|Changes)"
)
LETTER = r"(_notices|_通知)/[^/]+\.(docx|xlsx)$"
LEDGER = r"(forms/ledger|fund/ledger/incentive_fund|versions/incentive_fund_2017_.*)\.xlsx$"
FUND = r"incentive_fund[^/]*\.xlsx$"
WANTED: list[tuple[str, str, str, str]] = [
    (ABSENT, FUND, r"^(Cover|封面)![AB]\d+( format)?$", ""),
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
    (PARTS, "", "", r"(?s)p_[a-z].*\n→\n.*p__[a-z]"),
    (PARTS, r"^\$ ", "", r"(adjustment_\d|source_).*\n→\n.*_(adjustment_\d|source_)"),
    (PAPERS, r"\.xlsx$", r"^(参数确定情况|单位核对|需说明事项)[ !]", ""),
    (PAPERS, r"\.xlsx$", r"^sheets$", "单位核对"),
    (POLICY, r"^\$ ", r"^\d+$", r"policy-|待定|[Uu]ndecided|not decided|for now"),
    (MARKS, r"\.csv$", r"^\d+$", r"(含示例数据|contains illustrative figures).*\n→\n.*(示例数据|illustrative data)"),
    (MARKS, "", "", r"(?s)含暂估数试算.*\n→\n.*含暂估数，试算"),
    (MARKS, r"^\$ allocation (versions|journal)", r"^\d+$", ""),  # a table as wide as its marks
    ("the hash of a model's text stands in the file's own words", r"\.parquet$", "", ""),
    (BOUNDS, r"\.docx$", "", r"(不低于|不高于|no less than|no more than).*\n→\n"),
    (SIDES, r"^\$ ", r"^\d+$", r"\n→\n.*(应(不?[大小]于|不?等于)|must be (at |above|below|equal|other|one of))"),
    ("explain opens with the sentence one says", r"^\$ allocation explain", r"^\d+$", ""),
    ("no blank between a wide bracket and what follows", r"\.xlsx$", r"^说明!", r"） = .*\n→\n.*）= "),
    (BROKEN, r"\.xlsx$", r"^(Award table|分配表)!", r"[（(].*\n→\n.*\\n[（(]"),
    (SIGNED, "", "", r"示例理由.*\n→\n.*示例依据"),
    (WORDS, r"forms/adjustments\.xlsx$", r"^(研究调整表|领导调整表|sheets)", ""),
    (WORDS, "", "", r"(?s)下达单位.*\n→\n.*接收单位"),
    (WORDS, "", "", r"(?s)领导调整.*\n→\n.*研究调整"),
    (VOUCHER, LEDGER, r"^(Ledger of data|数据台账|Disputes|数据差异表)[ !]", ""),
    (ENGLISH, r"(^|/)en/.*\.xlsx$|--lang en$", "", r"[—（）].*\n→\n[^—（）]*$"),
    (BRACKETS, r"^\$ allocation ", r"^\d+$", r"\([^()]*: [A-Z]+\d+\).*\n→\n.*（[^（）]*: [A-Z]+\d+）"),
    (ANNEX, r"\.xlsx$", rf"^{MAIN}( |!)", r"^\n→\n"),
    (ANNEX, r"\.xlsx$", r"^(sheets|names)$", rf"\n→\n.*'{MAIN}'"),
    (ANNEX, r"\.xlsx$", "", r"(分配表|Award table)'?!.*\n→\n.*(资金测算表|Award workings)'?!"),
    (OFFICE, r"\.xlsx$", rf"^({WORKINGS}|{FACTORS})!A1$", r"\n→\n.*(本单位测算用表|For the office)"),
    (OFFICE, r"\.xlsx$", rf"^{WORKINGS}!A2$", r"(分配表|awards).*\n→\n.*(测算表|workings)"),
    (NAMES, r"\.xlsx$", rf"^{PAPERS_SHEETS}![A-Z]+\d+ format$", ""),
    (WIDTHS, r"\.xlsx$", rf"^({PAPERS_SHEETS}|辅助|Helpers) widths$", ""),
    (PAGES, r"\.xlsx$", rf"^{PAPERS_SHEETS} print$", r"^\(.*\n→\n\("),
    (PAGES, r"\.xlsx$", r"^(参数|Parameters|核对|Checks|说明|Explanation) print$", r"None.*\n→\n.*\$"),
    (PRINTING, r"\.xlsx$", r"^(封面|Cover)![AB]\d+( format)?$", ""),
    (SIDES_LIVE, r"\.xlsx$", r"^(核对|Checks)![FG]\d+( format)?$", r"^\n→\n"),
    (SIDES_LIVE, r"\.xlsx$", r"^(核对|Checks)( widths| merged)$", ""),
    (SIDES_LIVE, r"\.xlsx$", r"^(核对|Checks)![A-E]\d+$", r"(辅助|Helpers)\\?'!.*\n→\n.*(辅助|Helpers)\\?'!"),
    (SIDES_LIVE, r"\.xlsx$", r"^(核对|Checks)![A-E]\d+ format$", ""),
    (TOLD_FAILED, r"\.xlsx$", r"^(核对|Checks)!A\d+$", r"\n→\n.*(应(不?[大小]于|不?等于)|must be (at |above|below))"),
    (TOLD_FAILED, r"\.xlsx$", r"^(核对|Checks)![A-E]\d+$", SAID_BELOW),
    (SIDES_LIVE, r"\.xlsx$", r"^(辅助|Helpers)!", ""),
    (STUDIES, r"\.xlsx$", rf"^{SHEETS_OF_STUDIES}![A-Z]+\d+ format$", ""),
    (STUDIES, r"collected[^/]*\.xlsx$", r"^(汇总数据|Merged data)!T\d+$", r"^\('', ''\)\n→\n\(None, None\)$"),
    (RUNS, r"_sweep\.xlsx$", r"^(样本|Runs)!", r"^\('[a-z_]+', '[a-z_]+'\)\n→\n"),
    (LETTERS, LETTER, "", r"\n→\n$"),
    (LETTERS, r"\.docx$", r"^word/document\.xml \d+$", ""),
    (LETTERS, r"^\$ allocation notices", r"^\d+$", r"\d+ (notices|份通知).*\n→\n.*\d+ (notices|份通知)"),
    (
        LETTERS,
        r"^\$ allocation notices",
        r"^\d+$",
        r"^\n→\n.*(no amount this time|本次没有数额|which body receives|收文单位)",
    ),
    (ON_RECORD, r"^\$ allocation notices", r"^\d+$", r"^\n→\n.*(record of these notices|这批通知的记录)"),
    (ON_RECORD, r"journal\.csv$", r"^\d+$", r"notices"),
    (ON_RECORD, r"journal/.*\.json$", r"^\.lines$", "notices"),
    (REASONS, r"_(note_on_the_correction|更正测算说明)\.docx$", "", r"^\n→\n"),
    (BASES, r"\.xlsx$", r"^(参数|Parameters|说明|Explanation)![A-Z]+\d+$", r"示例"),
    (BASES, r"\.xlsx$", rf"^({WORKINGS}|{FACTORS})!A\d+$", r"\(示例\).*\n→\n.*（示例）"),
    (BASES, r"^\$ allocation run", r"^\d+$", r",待核.*\n→\n.*，待核"),
    (BROKEN, r"_(土地|land)_[^/]*\.xlsx$", r"^(分配表|Award table)!", r"\\n[（(].*\n→\n[^\\]*$"),
    ("how long a sweep still takes", r"^\$ allocation sweep", r"^\d+$", r"^(Running|已算|正在).*\n→\n$"),
    (DECIMALS, r"^\$ allocation ", r"^\d+$", r"^(.*\.\d)\d(%.*)\n→\n\1\d\2$"),
]  # (reason, pattern of the file, of the place, of what stood there and what stands there now)


def wanted(file: str, place: str, before: str, after: str) -> str:
    """The reason why a difference is wanted, or an empty text."""
    pair = f"{before}\n→\n{after}"
    for reason, in_file, at_place, of_pair in WANTED:
        if re.search(in_file, file) and re.search(at_place, place) and re.search(of_pair, pair):
            return reason
    return ""
