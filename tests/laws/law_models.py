"""Small models made from the function table itself, with tables of every temper, and edits a person might make.

Every function of the table has a way of being written here (`CALLS`; a test fails where one is missing), with scalars,
columns, groups' figures and other functions as its arguments. A model that cannot be loaded or has no answer is made
again.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field

TEXTS = ("甲", "乙", "丙")
KINDS = ("大", "小")
BLANK = "—"
LOWS, HIGHS = ("0.8", "0", "rate", "1"), ("1.2", "2", "1")
STEPS = ("1", "10", "0.5", "0.01", "0.25", "100", "0.001", "1000")
GROUPED = 0.4


@dataclass
class Maker:
    """Writes formulas over the names of one model; `money` says that amounts have units of account."""

    rng: random.Random
    money: bool
    code: str = ""  # of one of its counties
    columns: list[str] = field(default_factory=list)  # numbers made so far
    pure: list[str] = field(default_factory=list)  # those without a unit
    texts: list[str] = field(default_factory=lambda: ["g", "h"])
    truths: list[str] = field(default_factory=list)

    def pick(self, *choices):
        return self.rng.choice(choices)

    def chance(self, part: float) -> bool:
        return self.rng.random() < part

    # ---- arguments

    def number(self, depth: int) -> str:
        """An amount: of money where the model has units of account."""
        if depth <= 0:
            return self.leaf()
        kind = self.rng.random()
        if kind < 0.3:
            return self.leaf()
        if kind < 0.5:
            return f"({self.number(depth - 1)} {self.pick('+', '-')} {self.number(depth - 1)})"
        if kind < 0.6:
            return f"{self.number(depth - 1)} * {self.ratio(depth - 1)}"
        if kind < 0.66:
            return f"{self.number(depth - 1)} / ({self.nothing_less(depth - 1, pure=True)} + 1)"
        if kind < 0.76:
            return f"({self.number(depth - 1)} if {self.truth(depth - 1)} else {self.number(depth - 1)})"
        return CALLS[self.pick(*AMOUNTS)](self, depth - 1)

    def leaf(self) -> str:
        kind = self.rng.random()
        if kind < 0.2:
            return self.scalar()
        if kind < 0.35:
            return f"{self.pick('total', 'mean', 'lowest', 'highest')}({self.pick('x', 'y', 'w')}{self.by()})"
        return self.pick("x", "y", "z", "w", "v", "least", *self.columns)

    def scalar(self) -> str:
        return self.pick("p", "q", "fund", "p", "(0 - p)" if self.chance(0.2) else "p")

    def ratio(self, depth: int) -> str:
        """A pure number."""
        if depth <= 0 or self.chance(0.4):
            return self.pick("rate", "u", "0.3", "2", "1.25", "0.07", *self.pure)
        kind = self.rng.random()
        if kind < 0.2:
            return f"{self.number(depth - 1)} / ({self.nothing_less(depth - 1)} + v)"
        if kind < 0.3:
            return f"({self.ratio(depth - 1)} {self.pick('+', '-', '*')} {self.ratio(depth - 1)})"
        if kind < 0.35:
            return f"{self.pick('u', 'rate')} ** {self.pick('2', '3')}"
        return CALLS[self.pick(*RATIOS)](self, depth - 1)

    def nothing_less(self, depth: int, pure: bool = False) -> str:
        """A figure that is never negative."""
        if pure:
            return self.pick("u", "rate", f"count({self.truth(depth)}{self.by()})", f"abs({self.ratio(depth)})")
        if depth <= 0 or self.chance(0.4):
            return self.pick("w", "v", "w", "least")
        return self.pick(
            f"abs({self.number(depth - 1)})", f"max({self.number(depth - 1)}, w)", f"(w * {self.pick('u', 'rate')})",
            f"({self.nothing_less(depth - 1)} + {self.nothing_less(depth - 1)})",
            f"(w if {self.truth(depth - 1)} else v)", f"v * {CALLS['rank'](self, depth - 1)}",
        )  # fmt: skip

    def above_nothing(self, depth: int) -> str:
        return self.pick("v", f"({self.nothing_less(depth)} + v)", f"max({self.number(depth - 1)}, v)")

    def truth(self, depth: int) -> str:
        kind = self.rng.random()
        if depth > 0 and kind < 0.15:
            return f"({self.truth(depth - 1)} {self.pick('and', 'or')} {self.truth(depth - 1)})"
        if depth > 0 and kind < 0.2:
            return f"(not {self.truth(depth - 1)})"
        if kind < 0.3:
            return self.pick(
                f'g == "{self.pick(*TEXTS)}"', 'h != "乙"', 'g in ("甲", "丙")', "g == h", 'h not in ("甲",)'
            )
        if kind < 0.4:
            return CALLS["given"](self, depth)
        if kind < 0.5:
            return self.pick("p > q", "rate <= 0.5", f"total(x{self.by()}) > p", *self.truths)
        sign = self.pick("<", "<=", ">", ">=", "==", "!=")
        if self.chance(0.4):
            return f"{self.ratio(depth - 1)} {sign} {self.ratio(depth - 1)}"
        return f"{self.number(depth - 1)} {sign} {self.number(depth - 1)}"

    def text(self, depth: int) -> str:
        return self.pick(*self.texts, *self.texts, "pick(g, classes)", f"step({self.ratio(depth - 1)}, grades)")

    def by(self, part: float = GROUPED) -> str:
        return f", by = {self.pick(*self.texts)}" if self.chance(part) else ""

    def to(self) -> str:
        return "grid" if not self.money and self.chance(0.15) else self.pick(*STEPS)

    def pool(self, by: str, to: str = "") -> str:
        """What is handed out, one figure a run or, by group, one a group; on the grid where it is to be rounded."""
        if by and self.chance(0.5):
            amount = f"{self.pick('total', 'highest')}({self.pick('w', 'v')}{by})"
            return f"up({amount}, {to})" if to else amount
        if self.chance(0.6):
            return "fund"
        amount = self.pick("p", "q", "total(w)", "mean(v)", f"total({self.nothing_less(1)})")
        return f"up({amount}, {to})" if to else amount


# ---- the functions, each as it may be written


def _rounded(fn: str) -> Callable:
    def call(m: Maker, depth: int) -> str:
        inner = {
            "round": f"round({m.number(depth)}, {m.pick('0', '1', '2', '4', '-1', '-2')})",
            "up": f"up({m.number(depth)}, {m.to()})",
            "down": f"down({m.number(depth)}, to = {m.to()})",
        }[fn]
        return m.pick(inner, inner, inner, f"{fn}({m.number(depth)})")

    return call


def _over_counties(fn: str) -> Callable:
    return lambda m, depth: f"{fn}({m.number(depth)}{m.by()})"


def _share(m: Maker, depth: int) -> str:
    by = m.by()
    return f"share({m.pool(by)}, {m.nothing_less(depth)}{by})"


def _bounded(m: Maker, depth: int, to: str = "", by: str | None = None, pool: str = "") -> str:
    """Floors below and caps above what the pool can meet, or the inputs that hold them, blanks among them."""
    by = m.by() if by is None else by
    pool = pool or m.pool(by, to)
    bounds = ""
    if m.chance(0.6):
        low = f"{pool} * part({m.above_nothing(0)}{by}) * {m.pick('0.5', '0.2', '1', '0.9')}"
        low = f"down({low}, {to})" if to else low
        bounds += f", floor = {low if by or m.chance(0.6) else 'least_given'}"
    if m.chance(0.6):
        high = f"{pool} * part({m.above_nothing(0)}{by}) * {m.pick('2', '1.5', '1', '5')}"
        high = f"up({high} + {pool}, {to})" if to else high
        bounds += f", cap = {high if by or m.chance(0.6) else 'most_given'}"
    return f"bounded_share({pool}, {m.nothing_less(depth)}{bounds}{by})"


def _largest_remainder(m: Maker, depth: int) -> str:
    by, to = m.by(), m.to()
    pool, tail = m.pool(by, to), _tail(m, by)
    if m.chance(0.15) and not by:
        return f"largest_remainder({pool}, {pool} / total(1), to = {to}{tail})"
    quota = m.pick(
        f"share({pool}, {m.nothing_less(depth)}{by})", _bounded(m, depth, to, by, pool),
        f"share({pool}, {m.nothing_less(depth)}{by})",
    )  # fmt: skip
    return f"largest_remainder({pool}, {quota}, to = {to}{by}{tail})"


def _tail(m: Maker, by: str) -> str:
    """Nobody, or one unit (of each group) that takes what rounding leaves: by code, by name, by a test."""
    if not m.chance(0.45):
        return ""
    first = f"turn + u / 100 == highest(turn + u / 100{by})"
    tests = (f"x == {m.pick('highest', 'lowest')}(x{by})", first, m.truth(0))
    if by:
        return f", tail = {m.pick(*tests)}"
    return ", tail = " + m.pick(f'"{m.code}"', f'"县{m.code}"', *tests)


def _fill(m: Maker, depth: int) -> str:
    by = m.by()
    return f"fill({m.pool(by)}, {m.nothing_less(depth)}, {m.pick('order = ', '')}{m.pick('turn', m.ratio(0))}{by})"


def _irrational(inner: str, m: Maker) -> str:
    return f"round({inner}, {m.pick('2', '4', '6')})"


CALLS: dict[str, Callable[[Maker, int], str]] = {
    "min": lambda m, d: f"min({m.number(d)}, {m.number(d)})",
    "max": lambda m, d: f"max({m.number(d)}, {m.number(d)}, {m.number(d)})",
    "abs": lambda m, d: f"abs({m.number(d)})",
    "root": lambda m, d: _irrational(f"root({m.nothing_less(d, pure=True)})", m),
    "round": _rounded("round"),
    "up": _rounded("up"),
    "down": _rounded("down"),
    "clip": lambda m, d: f"clip({m.number(d)}, {m.number(0)}, {m.number(0)})",
    "step": lambda m, d: f"step({m.ratio(d)}, steps)",
    "pick": lambda m, d: f"pick({m.pick('g', 'h')}, table)",
    "given": lambda m, d: m.pick("given(b)", "given(least_given)", "given(last(result))", "given(u)"),
    "total": _over_counties("total"),
    "mean": _over_counties("mean"),
    "lowest": _over_counties("lowest"),
    "highest": _over_counties("highest"),
    "count": lambda m, d: f"count({m.truth(d)}{m.by()})",
    "deviation": lambda m, d: _irrational(f"deviation({m.number(d)}{m.by()})", m),
    "weighted_mean": lambda m, d: f"weighted_mean({m.number(d)}, {m.above_nothing(d)}{m.by()})",
    "rank": lambda m, d: f"rank({m.number(d)}{m.by()})",
    "part": lambda m, d: f"part({m.above_nothing(d)}{m.by()})",
    "index": lambda m, d: f"index({m.above_nothing(d)}{m.by()})",
    "standardise": lambda m, d: _irrational(f"standardise({m.number(d)}{m.by()})", m),
    "rescale": lambda m, d: f"rescale({m.number(d)}, {m.pick(*LOWS)}, {m.pick(*HIGHS)}{m.by()})",
    "share": _share,
    "bounded_share": _bounded,
    "largest_remainder": _largest_remainder,
    "fill": _fill,
    "last": lambda m, d: f"(last(result) if given(last(result)) else {m.number(d)})",
    "since": lambda m, d: f"(since(result, 2) if given(since(result, 2)) else {m.number(d)})",
    "sum_over": lambda m, d: m.pick(
        "sum_over(parts[use])", f"sum_over(parts[use] * {m.ratio(0)})", f"sum_over(max(parts[use], {m.leaf()}))",
    ),
}  # fmt: skip
RATIOS = ("count", "rank", "part", "index", "standardise", "rescale", "root", "step", "pick")
AMOUNTS = tuple(name for name in CALLS if name not in RATIOS and name != "given")
AMOUNT_NAMES = (
    "x", "y", "z", "w", "v", "least", "least_given", "most_given", "p", "q", "fund", "b", "parts", "was", "first",
)  # fmt: skip
MONEY = ("元", "万元", "亿元")


# ---- a whole model


def example(seed: int, forced: str) -> dict[str, object]:
    """A model in the form of `small_models`, its result resting on the function `forced`."""
    rng = random.Random(f"law {seed} {forced}")
    maker = Maker(rng, rng.random() < 0.35)
    model = _table(rng)
    maker.code = rng.choice(model["codes"])
    columns: dict[str, str] = {}
    model["units"] = {name: rng.choice(MONEY) for name in AMOUNT_NAMES} if maker.money else {}
    if rng.random() < 0.3:
        columns["kind"] = "pick(g, classes)"
        maker.texts.append("kind")
    for place in range(rng.choice((0, 1, 1, 2, 3))):
        _column(maker, columns, f"c{place}", model)
    if rng.random() < 0.2 or forced == "row_remainder":
        part = f"parts[use] * {rng.choice(('1', '0.37', 'rate', 'u'))}"
        tail = f', tail = "{rng.choice(model["lists"]["use"])}"' if rng.random() < 0.5 else ""
        columns["closed"] = f"largest_remainder(round(sum_over({part})), {part}, over = use{tail})"
        model["over"] = {**model["over"], "closed": "use"}
        if maker.money:
            model["units"]["closed"] = model["units"]["parts"]
        maker.columns.append("sum_over(closed[use])")
    _result(maker, model, forced, columns)
    return {**model, "columns": columns}


def _column(maker: Maker, columns: dict[str, str], name: str, model: dict) -> None:
    kind = maker.rng.random()
    depth = maker.pick(1, 2, 2, 3)
    if kind < 0.1:
        columns[name] = maker.truth(depth)
        maker.truths.append(name)
    elif kind < 0.35:
        columns[name] = maker.ratio(depth)
        maker.pure.append(name)
    else:
        columns[name] = maker.number(depth)
        maker.columns.append(name)
        if maker.money:
            model["units"][name] = maker.pick(*MONEY)


def _result(maker: Maker, model: dict, forced: str, columns: dict[str, str]) -> None:
    rng, depth = maker.rng, maker.pick(0, 1, 1, 2)
    model["before"] = {"result": ["was", "first"]}
    if forced == "row_remainder":
        formula = "sum_over(closed[use])"
    elif forced == "given":
        formula = f"({maker.number(depth)} if {CALLS['given'](maker, depth)} else {maker.number(depth)})"
        if rng.random() < 0.5:
            formula = f"(b if given(b) else {maker.number(depth)})"
    else:
        formula = CALLS[forced](maker, depth)
    plain = forced in RATIOS
    if rng.random() < 0.25 and not plain:
        formula = f"{formula} {maker.pick('+', '-')} {maker.number(1)}"
    elif rng.random() < 0.15 and forced != "row_remainder":
        columns["base"] = formula
        formula = maker.pick("base", "base * 2", f"(base if {maker.truth(1)} else base * rate)")
        if maker.money and not plain:
            model["units"]["base"] = maker.pick(*MONEY)
    model["formula"] = formula
    if maker.money and not plain:
        units = [model["units"]["parts"]] if "closed" in formula else list(MONEY)
        model["units"]["result"] = maker.pick(*units)
    if rng.random() < 0.1:
        model["formula"] = maker.pick("x", "x * rate", "w + v", "(x if u > 1 else y)")
        if maker.money:
            model["units"]["result"] = maker.pick(*MONEY)
        amount = maker.pick("y", "w * 2", "p")
        model["exception"] = [
            {"when": f'g == "{text}"{maker.pick("", " and u > 0.5")}', "formula": amount, "source": f"第{text}条"}
            for text in rng.sample(TEXTS, rng.choice((1, 1, 2)))
        ]


# ---- figures


def _table(rng: random.Random) -> dict[str, object]:
    count = rng.choice((1, 2, 3, 4, 5, 6, 7, 8, 3, 4, 5, 6, 9, 14) if rng.random() < 0.95 else (33, 40))
    codes = [f"{code}" for code in rng.sample(range(210100, 210999), count)]
    fund = rng.choice((1000, 6000, 0, 1000, 12000, 10**6, 7000, 123_456_000, 10**13))
    kinds = rng.choice((1, 2, 3))
    groups = [rng.choice(TEXTS[:kinds]) for _ in codes]
    model: dict[str, object] = {
        "codes": codes, "fund": fund, "p": _figure(rng, 2), "q": _figure(rng, 4),
        "rate": rng.choice((0.5, 0.8, 1, 0.35)),
        "grid": rng.choice((1, 0.5, 10, 0.01)),
        "g": groups, "h": [rng.choice(TEXTS) for _ in codes],
        "table": {text: rng.choice((1, 0.8, 1.2, 100, 0)) for text in TEXTS},
        "classes": {text: rng.choice(KINDS) for text in TEXTS},
        "steps": _bands(rng, lambda: rng.choice((0.5, 1, 1.5, 2, 10))),
        "grades": _bands(rng, lambda: rng.choice(KINDS)),
        "lists": {"use": ["a", "b", "c"][: rng.choice((1, 2, 3))]}, "over": {"parts": "use"},
    }  # fmt: skip
    for name in ("x", "y", "z"):
        model[name] = numbers(rng, groups, -1)
    for name in ("w", "turn"):
        model[name] = numbers(rng, groups, 0)
    model["v"] = [abs(one) + 1 for one in numbers(rng, groups, 0)]
    model["u"] = [rng.choice((0, 1, 2, 0.5, 1.5, 1, 3.25)) for _ in codes]
    model["parts"] = {item: numbers(rng, groups, 0) for item in model["lists"]["use"]}
    model["b"] = [BLANK if rng.random() < 0.4 else one for one in numbers(rng, groups, -1)]
    share = max(fund // count, 1)
    model["least"] = [rng.randrange(share + 1) for _ in codes]
    model["least_given"] = [BLANK if rng.random() < 0.3 else rng.randrange(share + 1) for _ in codes]
    model["most_given"] = [BLANK if rng.random() < 0.3 else share + rng.randrange(2 * share) for _ in codes]
    for name in ("was", "first"):
        model[name] = [BLANK if rng.random() < 0.2 else one for one in numbers(rng, groups, -1)]
    return model


def _bands(rng: random.Random, value: Callable) -> list[dict[str, object]]:
    edges = sorted(rng.sample((0, 0.5, 1, 1.5, 2, 3, 5, 100), rng.choice((1, 2, 3, 5))))
    return [*({"up_to": edge, "value": value()} for edge in edges), {"value": value()}]


def _figure(rng: random.Random, most: int) -> float | int:
    places = rng.choice((0, 0, 1, 2))
    return round(rng.uniform(0, 10 ** rng.randint(0, most)), places) if places else rng.randrange(10**most)


TEMPERS = {
    "small": 28, "ties": 12, "level": 8, "zeros": 4, "wide": 14, "beside": 14, "large": 6, "huge": 4, "cents": 6,
    "tiny": 6, "halves": 8,
}  # fmt: skip


def numbers(rng: random.Random, groups: list[str], low: int) -> list[float | int]:
    """A column of one temper: small, ties, all level, nothing, small beside large, a size for each group, halves."""
    temper = rng.choices(tuple(TEMPERS), tuple(TEMPERS.values()))[0]
    ties = [_figure(rng, 3) for _ in range(2)]
    of_group = {text: [_figure(rng, power) for _ in range(2)] for text, power in zip(TEXTS, (2, 7, 10), strict=True)}
    tempers = {
        "small": lambda _: _figure(rng, 3),
        "ties": lambda _: rng.choice(ties),
        "level": lambda _: ties[0],
        "zeros": lambda _: rng.choice((0, 0, 0, 5)),
        "wide": lambda _: _figure(rng, rng.randint(1, 9)),
        "beside": lambda group: rng.choice(of_group[group]),
        "large": lambda _: rng.randrange(10**9, 10**11),
        "huge": lambda _: rng.randrange(10**11, 10**13),
        "cents": lambda _: round(rng.uniform(0, 10**10), 2),
        "tiny": lambda _: round(rng.random(), 4),
        "halves": lambda _: rng.randrange(2000) / rng.choice((2, 4, 8)),
    }
    return [(-1 if low < 0 and rng.random() < 0.3 else 1) * tempers[temper](group) for group in groups]


# ---- edits


def edited(model: dict[str, object], seed: int) -> dict[str, object]:
    """The model with one to four cells of 数据 or 参数 typed over."""
    rng = random.Random(f"edit {seed}")
    fresh = deepcopy(model)
    for _ in range(rng.choice((1, 1, 2, 4))):
        kind = rng.random()
        if kind < 0.6:
            name = rng.choice(_used(fresh, ("x", "y", "z", "w", "v", "u", "b", "least_given", "most_given", "turn")))
            place = rng.randrange(len(fresh["codes"]))
            old = [one for one in fresh[name] if one != BLANK] or [1]
            other = rng.choice((0, rng.choice(old), round(rng.choice(old) * rng.choice((2, 0.5, 1.01)), 2), 17))
            other = -5 if rng.random() < 0.08 else other
            fresh[name][place] = BLANK if name in ("b", "least_given") and rng.random() < 0.4 else other
        elif kind < 0.7:
            fresh[rng.choice(("g", "h"))][rng.randrange(len(fresh["codes"]))] = rng.choice(TEXTS)
        elif kind < 0.9:
            name = rng.choice(_used(fresh, ("p", "q", "fund", "rate", "grid")))
            fresh[name] = {
                "fund": rng.choice((2000, 500, 10**5, 0.5)),
                "rate": rng.choice((0.25, 0.9)),
                "grid": rng.choice((0, 2, 0.1)),
            }.get(name, _figure(rng, 3))
        elif kind < 0.95:
            fresh["table"][rng.choice(TEXTS)] = rng.choice((2, 0.75))
        else:
            rng.choice(fresh["steps"])["value"] = rng.choice((3, 0.25))
    return fresh


def _used(model: dict[str, object], names: tuple[str, ...]) -> list[str]:
    """Those of the names that a formula reads, so that most edits change something."""
    text = " ".join([*model["columns"].values(), model["formula"]])
    return [name for name in names if re.search(rf"\b{name}\b", text)] or [*names]
