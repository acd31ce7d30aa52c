"""A power cut leaves either the old file or the whole new one: what is renamed is on the disk before."""

from __future__ import annotations

import os
import stat

import pytest

from allocation.files import whole_files


@pytest.fixture
def steps(monkeypatch) -> list[tuple[str, int]]:
    """What is synced, renamed and linked, in order, each with the number of its file."""
    taken: list[tuple[str, int]] = []
    replace, link = os.replace, os.link

    def synced(number: int) -> None:
        taken.append(("sync", os.fstat(number).st_ino))

    def renamed(source, target) -> None:
        taken.append(("name", os.stat(source).st_ino))
        replace(source, target)

    def linked(source, target) -> None:
        taken.append(("name", os.stat(source).st_ino))
        link(source, target)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "replace", renamed)
    monkeypatch.setattr(os, "link", linked)
    return taken


def test_every_file_is_synced_before_it_gets_its_name_and_its_folder_after(tmp_path, steps):
    targets = [tmp_path / name for name in ("a.csv", "b.csv", "claimed.json")]
    targets[0].write_bytes(b"old")
    whole_files.place({path: lambda one: one.write_bytes(b"new") and None for path in targets}, claimed=targets[2:])
    assert [path.read_bytes() for path in targets] == [b"new"] * 3
    named = [(at, number) for at, (kind, number) in enumerate(steps) if kind == "name"]
    assert len(named) >= 3
    for at, number in named:
        assert ("sync", number) in steps[:at]
    assert ("sync", tmp_path.stat().st_ino) in steps[named[-1][0] :]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no umask")
def test_a_file_has_the_rights_that_the_persons_umask_gives(tmp_path):
    before = os.umask(0o027)
    try:
        whole_files.place({tmp_path / "a.csv": lambda path: path.write_bytes(b"new") and None})
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a.csv").stat().st_mode) == 0o640
