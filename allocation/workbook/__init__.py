"""The result workbook, sheet by sheet, and the files that go with it."""
