"""A work that two servers of one folder change: what one of them was told is kept is kept."""

from __future__ import annotations

from threading import Barrier, Thread

import pytest

from allocation.errors import AllocationError
from allocation.files.limits import JSON_BYTES
from allocation.page.desk import Desk
from allocation.page.works import Overwritten, Works


def test_of_two_changes_at_once_one_is_told_that_it_is_not_kept(tmp_path):
    servers = [Works(Desk(tmp_path)), Works(Desk(tmp_path))]  # a lock each, as two processes have
    work = servers[0].begin("reward")
    for revision in range(30):
        kept, told, start = [], [], Barrier(2)

        def change(
            works: Works, text: str, kept: list = kept, told: list = told, start: Barrier = start, at: int = revision
        ) -> None:
            start.wait()
            try:
                works.change(work.id, at, lambda old: old.model_copy(update={"settings": {"pool": text}}))
                kept.append(text)
            except Overwritten:
                told.append(text)

        threads = [Thread(target=change, args=(works, text)) for works, text in zip(servers, "12", strict=True)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert (len(kept), len(told)) == (1, 1)
        assert servers[0].get(work.id).settings == {"pool": kept[0]}
    assert len(list((tmp_path / ".allocation-page" / "works").iterdir())) <= 2


def test_a_revision_that_cannot_be_read_leaves_the_one_before(tmp_path):
    works = Works(Desk(tmp_path))
    work = works.begin("reward")
    works.change(work.id, 0, lambda old: old.model_copy(update={"settings": {"pool": "1"}}))
    (tmp_path / ".allocation-page" / "works" / f"{work.id}.1.json").write_bytes(b"{")
    assert works.get(work.id) == work
    works.change(work.id, 0, lambda old: old.model_copy(update={"settings": {"pool": "2"}}))
    assert works.get(work.id).settings == {"pool": "2"}
    works.forget(work.id)
    with pytest.raises(AllocationError):
        works.get(work.id)


def test_more_than_is_read_again_is_not_written(tmp_path):
    works = Works(Desk(tmp_path))
    work = works.begin("reward")
    with pytest.raises(AllocationError):
        works.change(work.id, 0, lambda old: old.model_copy(update={"title": "表" * JSON_BYTES}))
    assert works.get(work.id) == work
