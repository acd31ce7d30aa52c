"""People's tables: reading them in, and writing the blank template they fill in."""
