"""What a table of figures is made of: figures, and columns that are no inputs, wherever cells are kept by input."""

from __future__ import annotations

from fractions import Fraction

Figure = Fraction | str | None  # None is missing: blank, `-` or `—`
CODE, NAME, YEAR = "@code", "@name", "@year"
REMARK, IGNORED = "@remark", "@ignored"  # 备注, and 序号, which says nothing
WHOLE_COLUMN = -1  # the row of what speaks of a whole column
