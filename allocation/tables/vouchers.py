"""凭证: the files that back figures, named in a form, lying beside it; each is known by its SHA-256."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from pathlib import Path, PureWindowsPath

from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem, nearest
from allocation.patterns import LatePattern
from allocation.tables.grid import read_bytes
from allocation.tables.named_files import file_named, file_names

_WITH_HASH = LatePattern(
    r"(.*?)[\s,，;；(（]*(?:sha-?256)?[\s:：=]*\b([0-9a-f]{64})[)）\s]*", re.IGNORECASE | re.DOTALL
)


@dataclass(frozen=True)
class Voucher:
    """`file` as the form names it, relative to the form's folder."""

    file: str
    sha256: str


def read_voucher(text: str, folder: Path, where: str) -> Voucher:
    """What a cell names: a file of `folder`, with its SHA-256 behind it where somebody wrote one.

    Raises AllocationError where the file is not there, cannot be read, lies elsewhere or has another hash.
    """
    match = _WITH_HASH.fullmatch(text)
    name, stated = (match[1].strip(), match[2].lower()) if match else (text.strip(), "")
    inner = PureWindowsPath(name)  # knows both kinds of slash
    if inner.anchor or ".." in inner.parts or not inner.name:
        raise AllocationError(Problem("ledger.voucher_elsewhere", {"file": name or text}, where))
    path = file_named(folder.joinpath(*inner.parts[:-1]), inner.name)
    if path is None:
        near = nearest(inner.name, file_names(folder.joinpath(*inner.parts[:-1])))
        raise AllocationError(Problem("ledger.voucher_absent", {"file": name, "nearest": near}, where))
    try:
        present = hashlib.sha256(read_bytes(path)).hexdigest()
    except AllocationError as error:
        raise AllocationError([replace(problem, where=f"{where}: {name}") for problem in error.problems]) from None
    if stated and stated != present:
        slots = {"file": name, "found": present, "stated": stated}
        raise AllocationError(Problem("ledger.voucher_changed", slots, where))
    return Voucher(inner.with_name(path.name).as_posix(), present)
