"""What an analyst's notebook sees: thin views of models, runs and comparisons that show themselves."""

from __future__ import annotations

from allocation.notebook.calibration_view import Calibration, calibrate
from allocation.notebook.comparing import compare
from allocation.notebook.comparison_view import Comparison
from allocation.notebook.fits import Backtest, backtest
from allocation.notebook.model_view import Model, Table, load
from allocation.notebook.runs import Run
from allocation.notebook.spoken import set_language
from allocation.notebook.studies import decompose, margins, seek

__all__ = [
    "Backtest", "Calibration", "Comparison", "Model", "Run", "Table", "backtest", "calibrate", "compare",
    "decompose", "load", "margins", "seek", "set_language",
]  # fmt: skip
