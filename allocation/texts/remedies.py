"""How a remedy is said to whoever reads it: at a terminal it is typed, on the page an entry of a form is filled in.

A message marks what is typed: `⟪--out⟫`, `⟪--set pool=6000⟫`, `⟪allocation resolve {case}⟫`. The page says instead how
the same is called on its forms: the beginning of the text that stands beside the entry, and the name of the step. Where
that would be no sentence the message says both: `⟪what is typed¦what the page says⟫`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Literal, Protocol

from allocation.patterns import LatePattern
from allocation.texts.messages import catalogue

Reader = Literal["terminal", "page"]
PROGRAM = "allocation"
_MARKED = LatePattern("⟪([^⟫¦]*)(?:¦([^⟫]*))?⟫")
_APART = LatePattern(" ?(⟪[^⟫]*⟫) ?")  # what is typed stands apart in a Chinese text; what a page is called does not
_WORD = LatePattern(r'"[^"]*"|[^\s=]+="[^"]*"|\S+')
_SHELL = frozenset("[](){}<>#&|;*?$' ")  # signs that a value is quoted for
_REST = LatePattern("[，；：（]|[,;:] | \\(")  # what follows the name of an entry in the text beside it


class Reading(Protocol):
    """In which language something is said, and to whom."""

    @property
    def lang(self) -> str: ...
    @property
    def reader(self) -> Reader: ...


class OptionWords(tuple[tuple[str, str], ...]):
    """Options of a command, each with the value to give it, empty where it takes none: what a message advises."""


def option_words(option: str, *values: str) -> OptionWords:
    """One option; once for each of several values."""
    return OptionWords((option, value) for value in values or ("",))


def spoken(text: str, to: Reading) -> str:
    """A text of the catalogue for whoever reads it; its slots stay."""
    if "⟪" not in text:
        return text
    if to.reader == "terminal":
        return _MARKED.sub(r"\1", text)
    whole, page = _APART.sub(r"\1", text) if to.lang == "zh" else text, page_names(to.lang)
    return _MARKED.sub(lambda marked: page.said(marked[1]) if marked[2] is None else marked[2], whole)


def options_said(options: OptionWords, to: Reading) -> str:
    """As they are typed one after the other, or as the entries of a form."""
    if to.reader == "terminal":
        return " ".join(f"{option} {_quoted(value)}" if value else option for option, value in options)
    return page_names(to.lang).entries(options)


class PageNames:
    """What is typed at a terminal, as the page calls it."""

    def __init__(self, lang: str):
        self.lang = lang

    def said(self, typed: str) -> str:
        """`“输出文件夹”`, `“一周工作”里的“更正”`."""
        words = _WORD.findall(typed)
        step, rest = self._step(words[1:] if words[0] == PROGRAM else words)
        options: list[tuple[str, str]] = []
        for word in rest:
            if word.startswith("--"):
                options.append((word, ""))
            elif options and not options[-1][1]:
                options[-1] = options[-1][0], word.replace('"', "")
        if not step:
            return self.entries(options)
        names = self.entries([(option, "") for option, _ in options], step)
        return self._put(
            "step_filled" if names else "step", step=self._of("page_week")[f"week_step_{step}"], names=names
        )

    def entries(self, options: Sequence[tuple[str, str]], step: str = "") -> str:
        keys = ["entry_filled" if value else "entry" for _, value in options]
        names = [self.entry(option, step) for option, _ in options]
        values = [value for _, value in options]
        return self._of("remedies")["between"].join(
            self._put(key, name=name, value=value) for key, name, value in zip(keys, names, values, strict=True)
        )

    def place(self, where: str) -> str:
        """Where a problem is: an option as its entry; a file may be called --x.csv, and is none."""
        option = where.partition(" ")[0]
        return self.said(where) if option.startswith("--") and self._key(option) in self._of("help") else where

    def entry(self, option: str, step: str = "") -> str:
        """How an option is called on the form of a step: the beginning of what its help says."""
        texts, key = self._of("help"), self._key(option)
        about = texts.get(key.replace("option", f"of_{step}", 1)) or texts[key]
        return str(_REST.split(_MARKED.sub(lambda marked: marked[2] or "", about))[0])

    @staticmethod
    def _key(option: str) -> str:
        return f"option_{option.removeprefix('--').replace('-', '_')}"

    def _step(self, words: Sequence[str]) -> tuple[str, Sequence[str]]:
        """The step that a command is, and what is typed after its name."""
        known = self._of("page_week")
        keys = ("_".join(words[:2]), "_".join(words[:1]))
        return next(((key, words[key.count("_") + 1 :]) for key in keys if f"week_step_{key}" in known), ("", words))

    def _put(self, key: str, **slots: str) -> str:
        return self._of("remedies")[key].format(**slots)

    def _of(self, area: str) -> dict[str, str]:
        return catalogue(self.lang, area)


page_names = cache(PageNames)


def _quoted(value: str) -> str:
    """As a shell takes it."""
    return f'"{value}"' if set(value) & _SHELL else value
