"""Exact figures in columns, at nearly the price of floats: whole numbers first, then bounds, Fractions last."""
