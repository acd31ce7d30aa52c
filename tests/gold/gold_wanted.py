"""The differences from the gold's commit that are wanted, each with its reason.

From 28030061 to 4f94413c (issue 15), 196 commands: of 839,378 places of 1,076 files and commands 87,090 stand
otherwise, each named here. Helper columns are laid beside one another by their headings: 7,766 of them, in 83
books, stand in both. 7,648 hold the same figures, 98 hold a group's figure once (the same, unit by unit), 10
number the groups anew (the same groups), 10 differ in the last bit of a float; 419 are gone and 2,374 new. In
437 books every cell of every other sheet but 溯源 and the record holds the same value; letters, forms and CSV
files are the same but for hashes.

The last digit of each figure outside the helper columns was changed once, and of awards none of these entries
took any.
"""

from __future__ import annotations

import re

LEVEL = "issue 15: the level of a bounded share is found by halving among its breakpoints (docs/workbook.md)"
REMAINDERS = "issue 15: who is rounded up is told by the smallest remainder that is (docs/workbook.md)"
GROUPS = "issue 15: what is of a group stands once, in a table of groups in their order (docs/workbook.md)"
ORDER = "issue 15: the order that `rank` and `fill` go down is written with the book and checked (docs/workbook.md)"
ADDED = "issue 15: helper figures are added up in another order: the last bit of a float"
CUT = "issue 15: a record says the cut of its papers; the one with these helper columns is 3 (allocation/report/cut.py)"
BYTES = "issue 15: cells are written by us (allocation/sheets/cells.py): books have other bytes, and so other hashes"
UNDECIDED = "issue 15: a record counts the decisions that took fractions (docs/exactness.md)"
COUNTED = "issue 15: verify counts the helper columns of today"
WIDE = "issue 15: helper columns are as wide as their headings of today"


def _column(*headings: str) -> str:
    """The places of helper columns whose headings end so, with their formats."""
    return rf"^(辅助|Helpers)(\d{{4}})?!.*({'|'.join(headings)})( #\d+)?!\d+( format)?$"


def _same_figure(before: str, after: str) -> str:
    """A formula of `before` and one of `after` that give the same figure or text."""
    figure = r"(?P<figure>'[^'\n]*'|[^,'\n]*)\)"
    return rf"^\(['\"]=[^\n]*({before})[^\n]*, {figure}\n→\n\(['\"]=[^\n]*({after})[^\n]*, (?P=figure)\)$"


BOOK = r"\.xlsx$"
WHERE = r"^(测算|Calculation|辅助|Helpers|核对|Checks)(\d{4})?!"
NEW, GONE = r"^\n→\n", r"\n→\n$"
RANKED, UP = "余数名次|rank of remainder", "进位的最小余数|smallest remainder rounded up"
AT_BREAKPOINT, REACHED = r"断点处合计\d|sum at breakpoint \d", r"步后断点位次|place of the breakpoint after step"
GROUP = "分组序号|group number|分组数|number of groups|已改分组个数|groups changed"
IN_ORDER = "位次已变个数|out of order, in all"
# A row of the table of groups where each unit of the group had its own; the number of a group, not of its first row.
A_GROUP_A_ROW = r"\n→\n\(['\"]=\(?IF\(\d+-6>(辅助|Helpers)(\d{4})?!\[[^\]]*(分组数|number of groups)\]6,\"\","
NUMBER_OF_GROUP = (
    r"\n→\n\(['\"]=\(?INDEX\((辅助|Helpers)(\d{4})?!\[[^\]]*(该位次的分组序号|number of the group in this place)\]"
)
WANTED: list[tuple[str, str, str, str]] = [
    (LEVEL, BOOK, _column(AT_BREAKPOINT), GONE),
    (LEVEL, BOOK, _column(r"第 \d+ 步试的断点", r"第 \d+ 步后断点位次", r"breakpoint (tried,|after) step \d+"), NEW),
    (LEVEL, BOOK, _column("起算水平", "level to start from"), _same_figure(AT_BREAKPOINT, REACHED)),
    (LEVEL, BOOK, _column("[上下]限断点", "(floor|cap) breakpoint"), NEW),
    (
        LEVEL,
        BOOK,
        _column("起算合计", "sum at the start", "未受限得分", "free claims"),
        _same_figure("[上下]限断点|(floor|cap) breakpoint", "[上下]限断点|(floor|cap) breakpoint"),
    ),
    (REMAINDERS, BOOK, _column(RANKED), GONE),
    (
        REMAINDERS,
        BOOK,
        _column(UP, "余数更大的个数", "remainders above it", "余数恰等的次序", "order of equal remainders"),
        NEW,
    ),
    (REMAINDERS, BOOK, _column("余数恰等者进位到的次序", "last order rounded up among equals"), NEW),
    (REMAINDERS, BOOK, WHERE, _same_figure(RANKED, UP)),
    (GROUPS, BOOK, _column("（按分组排列）", r"\(in order of groups\)", "（一组一行）", r"\(one group a row\)"), NEW),
    (GROUPS, BOOK, _column("写出时的分组", "group as written", "分组已改", "已改分组个数", "groups? changed"), NEW),
    (GROUPS, BOOK, _column("分组数", "number of groups", "同组最小次序", "lowest order in the group"), NEW),
    (GROUPS, BOOK, _column("按分组排列的位次", "place in order of groups( as written)?"), NEW),
    (
        GROUPS,
        BOOK,
        _column("该位次的(行|分组|分组序号)", "(row|group|number of the group) in this place( as written)?"),
        NEW,
    ),
    (GROUPS, BOOK, _column("中间值", "step", "资金", "pool"), NEW),
    (GROUPS, BOOK, WHERE, _same_figure("", GROUP)),
    (GROUPS, BOOK, r"^(核对|Checks)![FG]\d+$", _same_figure("合计|total", "中间值|step")),
    (GROUPS, BOOK, _column("合计", "个数", "最小", "最大", "total", "count", "lowest", "highest"), A_GROUP_A_ROW),
    (GROUPS, BOOK, _column("资金（单位数）", "pool in units", "余下单位数", "units left"), A_GROUP_A_ROW),
    (GROUPS, BOOK, _column("可进位数", "may be rounded up", "可取整", "can be rounded"), A_GROUP_A_ROW),
    (GROUPS, BOOK, _column("分组序号", "group number"), NUMBER_OF_GROUP),
    (ORDER, BOOK, _column("写出时(的位次|该位次的行)", "(place|row in this place) as written"), NEW),
    (ORDER, BOOK, _column("该位次的值", "figure in this place", "位次已变(个数)?", "out of order(, in all)?"), NEW),
    (ORDER, BOOK, _column("组内位次", "place in the group", "该位次的名次", "rank in this place"), NEW),
    (ORDER, BOOK, _column("该位次(之前)?的需求", "needs? (in|before) this place"), NEW),
    (ORDER, BOOK, _column("名次", "rank", "先前需求", "earlier needs"), _same_figure("", IN_ORDER)),
    (ADDED, BOOK, _column("先前需求", "earlier needs"), r", (?P<figure>\d+\.\d)\)\n→\n.*, (?P=figure)0{13}\d\)$"),
    (ADDED, BOOK, _column("未受限得分", "free claims"), r", 1\.0\)\n→\n.*, 1\.0000000000000002\)$"),
    (ADDED, BOOK, _column("上限合计", "sum of caps"), r", 1\.60{14}3e\+301\)\n→\n.*, 1\.60{14}6e\+301\)$"),
    (WIDE, BOOK, r"^(辅助|Helpers)(\d{4})? widths$", ""),
    (CUT, r"\.(json|xlsx)$", r"^(_record)?\.papers$", r"^2?\n→\n3$"),
    (CUT, r"\.(json|xlsx)$", r"^(_record)?\.seals\.papers$", r"^('d4735e3a265e16ee')?\n→\n'4e07408562bedb8b'$"),
    (CUT, BOOK, r"^(溯源|Provenance)!papers!\d+$", r"^\('2', '2'\)\n→\n\('3', '3'\)$"),
    (CUT, r"_(timeline|evaluation|评估)\.xlsx$", r"^(溯源|Provenance)!papers!\d+( format)?$", NEW),
    (CUT, r"_(timeline|evaluation|评估)\.xlsx$", r"^(溯源|Provenance)!A\d+$", r"^\n→\n\('papers', 'papers'\)$"),
    (CUT, r"_(timeline|evaluation|评估)\.xlsx$", r"^(溯源|Provenance)!A\d+ format$", NEW),
    (BYTES, r"versions/incentive_fund_2017_", r"^(_record)?\.seals\.inputs$", r"^'[0-9a-f]{16}'\n→\n'[0-9a-f]{16}'$"),
    (
        BYTES,
        r"^\$ allocation journal$",
        r"^\d+$",
        r"^(?P<front>.*)  \d{8}(?P<back>  .*)\n→\n(?P=front)  HASH(?P=back)$",
    ),
    (UNDECIDED, r"\.(json|xlsx)$", r"^(_record)?\.undecided$", r"^\n→\n[1-9]\d*$"),
    (UNDECIDED, r"\.(json|xlsx)$", r"^(_record)?\.seals\.undecided$", r"^\n→\n'[0-9a-f]{16}'$"),
    (UNDECIDED, BOOK, r"^(溯源|Provenance)!undecided!\d+( format)?$", NEW),
    (UNDECIDED, BOOK, r"^(溯源|Provenance)!A\d+$", r"^\n→\n\('undecided', 'undecided'\)$"),
    (UNDECIDED, BOOK, r"^(溯源|Provenance)!A\d+ format$", NEW),
    (
        COUNTED,
        r"^\$ allocation verify",
        r"^2$",
        r"^(?P<front>.*?)\d+( 个单元格。| cells compared\.)\n→\n(?P=front)\d+( 个单元格。| cells compared\.)$",
    ),
]  # (reason, pattern of the file, of the place, of what stood and stands there)


def wanted(file: str, place: str, before: str, after: str) -> str:
    """The reason why a difference is wanted, or an empty text."""
    pair = f"{before}\n→\n{after}"
    for reason, in_file, at_place, of_pair in WANTED:
        if re.search(in_file, file) and re.search(at_place, place) and re.search(of_pair, pair):
            return reason
    return ""
