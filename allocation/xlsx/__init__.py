"""Workbooks out, sheet by sheet: results, studies, forms, editions, import files."""
