"""A journal emptied or taken away beside a register is said by whoever looks, and is mended by running again."""

from __future__ import annotations

import shutil

import pytest

RUN = "run reward --year 2017 --set pool=1000 --stage 试算 --edition 送县"


def emptied(path) -> None:
    path.write_bytes(b"")


def only_its_heading(path) -> None:
    path.write_bytes(path.read_bytes().splitlines(keepends=True)[0])


def deleted(path) -> None:
    path.unlink()


@pytest.mark.parametrize("kept", [True, False])
@pytest.mark.parametrize("lost", [emptied, only_its_heading, deleted])
def test_a_journal_that_is_gone_is_said_by_verify_versions_and_journal_and_comes_back(folder, allocation, lost, kept):
    assert allocation(RUN).code == 0
    out = folder / "outputs"
    [book] = (out / "versions").glob("*.xlsx")
    edition = next((out / "versions").glob("*/*.xlsx"))
    looks = (f"verify '{book}'", f"verify '{edition}'", "versions", "journal")
    assert [allocation(look).code for look in looks] == [0, 0, 0, 0]
    lost(out / "journal.csv")
    if not kept:
        shutil.rmtree(out / "journal")
    for look in looks:
        told = allocation(look)
        assert (told.code, "日志" in told.text) == (1, True), look
    assert allocation(RUN).code == 0
    assert [allocation(look).code for look in looks if kept or look != looks[1]] == [0] * (4 if kept else 3)


def test_a_version_whose_line_was_taken_out_of_the_journal_is_said_by_verify(folder, allocation):
    assert allocation(RUN).code == 0
    assert allocation("run reward --year 2017 --set pool=900 --stage 试算 --reason 改").code == 0
    first, second = sorted((folder / "outputs/versions").glob("*.xlsx"))
    journal = folder / "outputs" / "journal.csv"
    shutil.rmtree(folder / "outputs" / "journal")
    journal.write_bytes(b"".join(journal.read_bytes().splitlines(keepends=True)[:-2]))
    assert allocation(f"verify '{first}'").code == 0
    told = allocation(f"verify '{second}'")
    assert (told.code, second.name in told.text) == (1, True)
