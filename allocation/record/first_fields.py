"""The fields that records of 0.2 began with, by part: these are always written, as they were then.

Any other field came later: it is left out while it holds its default, so that the seals, hashes and lines of older
files stay true. Nothing is ever added here.
"""

from __future__ import annotations

FIRST: dict[str, frozenset[str]] = {
    part: frozenset(names.split())
    for part, names in {
        "ModelKept": "name file sha256 basis text",
        "TableKept": "file sha256 year counties illustrative",
        "FileKept": "file sha256",
        "PartKept": "kind after",
        "SettingKept": "value origin",
        "LedgerFigure": "value source date status",
        "VoucherKept": "name county source file sha256",
        "FigurePlace": "name county",
        "DisputeKept": "name county used by reason others",
        "ChangeKept": "name key county old new year",
        "Program": "allocation python",
        "Totals": "award unit pool",
        "Blank": "some all absent",
        "DoubtKept": "kind state reason basis prepared reviewed date units figures zh en",
        "CheckKept": "name severity ok counties",
        "NoteKept": "id where text",
        "RunKept": "name zh en year projected changes rows awards names blank doubted",
        "VersionPlace": "stage number",
        "VersionKept": "model year stage number order content marks date reason total unit compared_with",
        "KeptFigures": "parameters inputs names awards",
        "EditionKept": "key columns units version",
        "Record": "kind schema language lang model versions exact reference totals",
    }.items()
}
