"""Who types is answered in floats while the exact run of a pause is under way."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event

from test_settings_are_not_read_again import work_of

from allocation.page import workshop
from allocation.page.desk import Desk
from allocation.page.workshop import Workshop

SECONDS = 30  # after which a test that would wait for ever fails


def test_floats_are_answered_while_the_exact_run_is_under_way(folder, monkeypatch):
    begun, go_on, plain = Event(), Event(), workshop.run_opened

    def held(opened, question, *, floating, partly):
        if not floating:
            begun.set()
            assert go_on.wait(SECONDS)
        return plain(opened, question, floating=floating, partly=partly)

    monkeypatch.setattr(workshop, "run_opened", held)
    shop = Workshop(Desk(folder))
    with ThreadPoolExecutor() as threads:
        exact = threads.submit(shop.answer, work_of(settings={"pool": "900"}))
        assert begun.wait(SECONDS)
        try:
            floats = threads.submit(shop.answer, work_of(settings={"pool": "901"}), False)
            assert not floats.result(SECONDS).run.exact and not exact.done()
            asked = threads.submit(shop.opened, work_of(settings={"pool": "902"}))
            assert asked.result(SECONDS).model
        finally:
            go_on.set()
        assert exact.result(SECONDS).run.exact
    again = shop.answer(work_of(settings={"pool": "900"}))
    assert again is shop.answer(work_of(settings={"pool": "900"}))  # kept, though it was answered beside another
