"""`re.compile` when a pattern is first asked: of all that modules name, a command asks few; start-up is what people
wait for, and a range of Chinese signs takes half a millisecond to compile."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any, AnyStr, Generic


class LatePattern(Generic[AnyStr]):
    """A pattern that is compiled when it is first asked; its methods are those of `re.Pattern`."""

    fullmatch: Callable[..., re.Match[AnyStr] | None]
    match: Callable[..., re.Match[AnyStr] | None]
    search: Callable[..., re.Match[AnyStr] | None]
    sub: Callable[..., AnyStr]
    split: Callable[..., list[Any]]
    findall: Callable[..., list[Any]]
    finditer: Callable[..., Iterator[re.Match[AnyStr]]]
    pattern: AnyStr

    def __init__(self, pattern: AnyStr, flags: int = 0) -> None:
        self.pattern, self.flags = pattern, flags

    def __getattr__(self, name: str) -> object:
        """A method of the compiled pattern, kept: a pattern is asked of every cell of a sheet."""
        if name.startswith("_"):
            raise AttributeError(name)
        self.__dict__[name] = method = getattr(self._compiled, name)
        return method

    @cached_property
    def _compiled(self) -> re.Pattern[AnyStr]:
        return re.compile(self.pattern, self.flags)
