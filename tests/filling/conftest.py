"""LibreOffice of tests/readings serves these tests too."""

import sys
from pathlib import Path

sys.path += [str(Path(__file__).parents[1] / folder) for folder in ("readings", "language", "workbook")]
