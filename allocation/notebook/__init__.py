"""What an analyst's notebook sees: thin views of models, runs and comparisons that show themselves.

A view of something is called after it, `RunView`; here, and in `allocation`, it goes by the plain name.
"""

from __future__ import annotations

from allocation.notebook.calibration_view import CalibrationView as Calibration
from allocation.notebook.calibration_view import calibrate
from allocation.notebook.comparing import compare
from allocation.notebook.comparison_view import ComparisonView as Comparison
from allocation.notebook.fits import BacktestView as Backtest
from allocation.notebook.fits import backtest
from allocation.notebook.model_view import ModelView as Model
from allocation.notebook.model_view import load
from allocation.notebook.runs import RunView as Run
from allocation.notebook.spoken import set_language
from allocation.notebook.studies import decompose, margins, seek
from allocation.notebook.table_view import TableView as Table

__all__ = [
    "Backtest", "Calibration", "Comparison", "Model", "Run", "Table", "backtest", "calibrate", "compare",
    "decompose", "load", "margins", "seek", "set_language",
]  # fmt: skip
