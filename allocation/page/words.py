"""The words of the page: the areas of the catalogue that the browser is given, in the language of a tab."""

from __future__ import annotations

from allocation.texts import Speaker, catalogue

AREAS = (
    "page_shell",
    "page_desk",
    "page_work",
    "page_settings",
    "page_see",
    "page_drop",
    "page_data",
    "page_week",
)


def page_words(speaker: Speaker) -> dict[str, str]:
    """Every message by its id without the area: an id stands in one area of the page alone."""
    return {key: text for area in AREAS for key, text in catalogue(speaker.lang, area).items()}
