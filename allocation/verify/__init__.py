"""A workbook opened again: its record, its run made once more, what differs, the verdict."""
