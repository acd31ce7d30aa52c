"""Walks over the same tree: numbers, Excel formulas, words."""
