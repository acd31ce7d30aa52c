"""Names of typefaces as Excel and Word know them: the files that are written ask for one by its name."""

from __future__ import annotations

BODY, HEAD = "宋体", "黑体"  # of workbooks
# Of official papers: title, text, headings of the second order, figures and Latin letters; and what stands in for each.
TITLE, LETTERS, SECOND, LATIN = "方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "Times New Roman"
INSTEAD = {TITLE: HEAD, LETTERS: "仿宋", SECOND: "楷体", HEAD: "SimHei"}
