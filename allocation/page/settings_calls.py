"""Calls about the settings of a work: the form, what is tried in it, and 存入底稿."""

from __future__ import annotations

from typing import TypedDict

from allocation.case import BY_KEY
from allocation.errors import AllocationError, Problem
from allocation.page.call import ApiCall, OfRevision, OfWork, Visit
from allocation.page.figures_calls import FiguresShown, InSight, figures_shown
from allocation.page.saving import Particulars, SavedShown, save
from allocation.page.settings_shown import (
    BlockShown,
    FactShown,
    TriedShown,
    blocks_shown,
    facts_shown,
    tried_shown,
)
from allocation.page.works import Work


class SettingsShown(TypedDict):
    """`case`: the bureau's own that the work has; empty without one. `read`: what it said when this was asked.

    `saved_as`: the case that saving writes to, or makes.
    """

    revision: int
    case: str
    read: str
    saved_as: str
    prepared: str
    reviewed: str
    blocks: list[BlockShown]
    facts: list[FactShown]
    tried: list[TriedShown]


class SettingsTyped(OfRevision):
    """What was typed, by address or key of a fact; an empty text lets what stood stand again."""

    settings: dict[str, str] = {}
    facts: dict[str, str] = {}
    decided: dict[str, bool] = {}


class SettingsTried(SettingsTyped, InSight):
    """The same, and which lines of what comes of it are answered."""


class SaveAsked(OfRevision):
    """`read` is that of the settings as they were shown. The particulars are those that `resolve` asks for."""

    read: str
    particulars: Particulars


def _look(visit: Visit, asked: OfWork) -> SettingsShown:
    work = visit.works.get(asked.work)
    opened = visit.engine.opened(work)
    case = opened.case
    return {
        "revision": work.revision, "case": case.path.name if case else "", "read": case.sha256 if case else "",
        "saved_as": case.path.name if case else "",
        "prepared": case.facts.prepared if case else "", "reviewed": case.facts.reviewed if case else "",
        "blocks": blocks_shown(opened, work, visit), "facts": facts_shown(opened, work, visit),
        "tried": tried_shown(opened, visit.engine.living(work), visit),
    }  # fmt: skip


def _try(visit: Visit, asked: SettingsTried) -> FiguresShown:
    return figures_shown(visit, _kept(visit, asked), asked)


def _keep(visit: Visit, asked: SettingsTyped) -> dict[str, int]:
    """On the disk, and nothing is worked out."""
    return {"revision": _kept(visit, asked).revision}


def _kept(visit: Visit, asked: SettingsTyped) -> Work:
    unknown = [Problem("page.asked_wrong", {"key": key, "detail": "facts"}) for key in asked.facts if key not in BY_KEY]
    if unknown:
        raise AllocationError(unknown)

    def changed(work: Work) -> Work:
        chosen = {**dict.fromkeys(work.decided, True), **asked.decided}
        return work.model_copy(update={
            "settings": _given(work.settings, asked.settings), "facts": _given(work.facts, asked.facts),
            "decided": tuple(address for address, yes in chosen.items() if yes),
        })  # fmt: skip

    return visit.works.change(asked.work, asked.revision, changed)


def _given(before: dict[str, str], typed: dict[str, str]) -> dict[str, str]:
    return {key: text for key, text in {**before, **typed}.items() if text.strip()}


def _restore(visit: Visit, asked: OfRevision) -> SettingsShown:
    """Nothing is tried any longer; what was resolved stays."""
    nothing: dict[str, object] = {"settings": {}, "facts": {}, "decided": ()}
    visit.works.change(asked.work, asked.revision, lambda work: work.model_copy(update=nothing))
    return _look(visit, OfWork(work=asked.work))


def _save(visit: Visit, asked: SaveAsked) -> SavedShown:
    return save(visit, asked.work, asked.revision, asked.read, asked.particulars)


CALLS = (
    ApiCall("settings.look", OfWork, SettingsShown, _look, changes=False),
    ApiCall("settings.try", SettingsTried, FiguresShown, _try),
    ApiCall("settings.keep", SettingsTyped, dict[str, int], _keep),
    ApiCall("settings.restore", OfRevision, SettingsShown, _restore),
    ApiCall("settings.save", SaveAsked, SavedShown, _save),
)
