"""The recorded workbooks of tests/readings and the small models of tests/language serve these tests too."""

import sys
from pathlib import Path

sys.path += [str(Path(__file__).parents[1] / folder) for folder in ("readings", "language")]
