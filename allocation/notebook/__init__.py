"""What an analyst's notebook sees: thin views of models, runs and comparisons that show themselves."""

from __future__ import annotations

from allocation.notebook.comparison_view import Comparison, compare
from allocation.notebook.model_view import Model, Table, load
from allocation.notebook.run_view import Run
from allocation.notebook.spoken import set_language

__all__ = ["Comparison", "Model", "Run", "Table", "compare", "load", "set_language"]
