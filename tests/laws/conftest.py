"""The small models of tests/language and the recalculations of tests/readings serve these tests too."""

import sys
from pathlib import Path

sys.path += [str(Path(__file__).parents[1] / room) for room in ("language", "readings")]
