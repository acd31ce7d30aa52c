"""Which font of this machine can show a text: asked of the fonts themselves, glyph by glyph."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.font_manager import FontEntry
    from matplotlib.ft2font import FT2Font

LIKED = ("Noto Sans CJK SC", "Source Han Sans", "Microsoft YaHei", "PingFang", "WenQuanYi", "SimHei", "DengXian")
HOLLOW = ("lastresort", "last resort", "blank", "notdef", "dummy")  # they claim every sign and draw boxes


@cache
def candidates() -> tuple[str, ...]:
    """Files of this machine's fonts: matplotlib's own first, then those liked for Chinese, upright before others."""
    from matplotlib import font_manager

    def rank(font: FontEntry) -> tuple[int, bool, bool, bool]:
        liked = next((place for place, name in enumerate(LIKED) if font.name.startswith(name)), len(LIKED))
        return liked, font.style != "normal", str(font.weight) not in ("400", "normal", "regular"), "Serif" in font.name

    known = sorted(font_manager.fontManager.ttflist, key=rank)
    kept = [font for font in known if not any(word in font.name.casefold() for word in HOLLOW)]
    return (own(), *dict.fromkeys(_file(font) for font in kept))


def own() -> str:
    """The font that comes with matplotlib."""
    from matplotlib import get_data_path

    return str(Path(get_data_path(), "fonts", "ttf", "DejaVuSans.ttf"))


def _file(font: FontEntry) -> str:
    """The file, and which of its faces: a collection (.ttc) holds several, one a region."""
    from matplotlib import font_manager

    face = getattr(font, "index", 0)
    return font_manager.FontPath(font.fname, face) if face else font.fname


@cache
def _face(file: str) -> FT2Font | None:
    from matplotlib.ft2font import FT2Font

    try:
        face = getattr(file, "face_index", 0)
        return FT2Font(str(file), face_index=face) if face else FT2Font(str(file))
    except (OSError, RuntimeError):
        return None


def missing(text: str, file: str) -> set[str]:
    """Signs of the text that the font would draw as boxes."""
    face = _face(file)
    return {sign for sign in text if sign != "\n" and (face is None or not face.get_char_index(ord(sign)))}


def font_for(text: str) -> str | None:
    """The first font that holds every sign of the text."""
    return next(_holding(frozenset(text)), None)


def _holding(signs: frozenset[str]) -> Iterator[str]:
    return (file for file in candidates() if not missing("".join(signs), file))
