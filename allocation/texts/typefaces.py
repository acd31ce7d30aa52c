"""Names of typefaces as Excel and Word know them: the files that are written ask for one by its name."""

from __future__ import annotations

BODY, HEAD = "宋体", "黑体"  # of workbooks
