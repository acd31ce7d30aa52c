"""What the program takes at most. Every limit on what people hand in stands here and nowhere else.

They lie far above what a bureau needs and far below what would cost a desk computer its memory or an afternoon: a
file past one is refused with words within two seconds, before anything large is built.
"""

from __future__ import annotations

FILE_BYTES = 64 * 2**20  # any file at all
TOML_BYTES = 2**20  # a model, scenario, sample or mapping: the largest shipped model has 30 KB
JSON_BYTES = 24 * 2**20  # a register, a journal entry, a plan, a manifest, the figures of a version
JSON_PARTS = 500_000  # brackets of one: each is an object of its own, however short it is written
TEXT_NESTING = 100  # brackets within brackets in TOML and JSON
MODEL_NAMES = 600  # parameters, inputs, columns and checks of a model, each item of a list counted
COUNTED_DIGITS = 30  # of a number a person writes, on each side of its point
FORMULA_SIGNS = 4_000  # characters
FORMULA_DEPTH = 40  # brackets within brackets
FORMULA_TERMS = 120  # of one chain a + b - c …
EXPONENT = 9  # of a power in a formula
FORMULA_NODES = 20_000  # steps of a formula once its functions are written out
FIGURE_BITS = 2**18  # of an exact figure: 2,850 unrelated ratios add up to a fraction of 25,000 bits
EFFORT = 2 * 10**12  # of a run on exact figures: products of the lengths, in bits, of what met; some five seconds
EFFORT_EACH = 4 * 10**9  # the same for each county: a small table is refused at once
FIGURE_DIGITS = FIGURE_BITS * 30_103 // 100_000 + 1  # that many bits in decimal digits
NAME_BYTES = 200  # of a file's name that is made of what a table says; file systems hold 255
MOST_PROCESSES = 61  # that run a sweep: Windows waits for no more
# Of a workbook: a table of a nation's townships, 40,000 rows of 19 columns, lies far within each.
MIB = 2**20
UNPACKED = 160 * MIB  # bytes of all parts of a workbook that are read, unpacked
SMALL_PART = 16 * MIB  # bytes of a part that is read as a tree: styles, relations, comments
CELLS = 2_000_000  # filled cells of a sheet, and the cells that its merged areas cover
ROWS, COLUMNS = 1_048_576, 16_384  # what a sheet of Excel has; an address beyond is no address
# Of a result book that is opened again, besides one for each of its bytes and eight: cells, and tags of its XML.
BOOK_CELLS, BOOK_TAGS = 300_000, 2_000_000
