"""Which columns of a run are shown to whom: the one list. Everything printed, sealed, sent or shown asks here.

What a model lists (`table`, its editions), last year's award beside this one, a head, 备注（印）, what parts print for
whom, and what would tell a county of the others: no other file decides on any of it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from allocation.language import tree
from allocation.language.sums import sum_terms
from allocation.language.units import HECTARE, YUAN
from allocation.parts.part import family
from allocation.policy.edition_columns import reveals
from allocation.policy.model import Column, EditionColumns, Input, Model
from allocation.report.column import (
    CHANGE,
    CHANGE_PART,
    CODE,
    EACH,
    IN_MU,
    NAME,
    NOTE,
    NUMBER,
    PLACE,
    SHARE,
    YEAR,
    column_of,
    factor_columns_of,
)  # fmt: skip
from allocation.report.printed import PrintedColumn
from allocation.run.run import Run
from allocation.texts import both

EDITION_OF = {"unit": "county", "public": "public", "land": "land"}  # the key of the edition, by reader


def columns_for(run: Run, reader: str) -> tuple[PrintedColumn, ...]:
    """What a reader is shown, in order.

    `office` (资金测算表), `annex` (附件), `unit` (送县), `public`, `land`, `letter` (of one reader) and `together` (of
    all), `terminal`, `notebook`, `frame` (of awards), `csv`, `import` (without a mapping of the bureau's own).
    """
    return run.once(_columns_for, reader)


def _columns_for(run: Run, reader: str) -> tuple[PrintedColumn, ...]:
    columns = tuple(column_of(run, key) for key in READERS[reader](run))
    if reader == "annex":
        return _as_issued(run, columns)
    if reader == "office":
        return _with_identities(run.model, columns)
    return _with_stub(columns) if reader in EDITION_OF else columns


def summary_columns(run: Run) -> tuple[PrintedColumn, ...]:
    """Of 分类汇总: those of 资金测算表 that add up, with their identities."""
    kept = [column for column in columns_for(run, "office") if column.stub or column.adds and column.entry]
    kept = [replace(column, label=both("workbook.sums_of")) if column.stub else column for column in kept]
    return _with_identities(run.model, tuple(column for column in kept if not column.default))


def factor_columns(run: Run) -> tuple[PrintedColumn, ...]:
    """Of 因素得分表: how each factor made its part of the award."""
    return factor_columns_of(run)


def listed(model: Model) -> list[str]:
    """The figures of each place in the printed table of the model, the award among them."""
    names = [name for name in model.award_list if of_places(model, name)]
    return names if model.award in names else [*names, model.award]


def listed_once(model: Model) -> list[str]:
    """Those it lists that are one a run: they stand below the table."""
    return [name for name in model.award_list if not of_places(model, name)]


def of_places(model: Model, name: str) -> bool:
    """Whether an entry is one figure or text a place."""
    entry = model.entry(name)
    return isinstance(entry, Input) or (isinstance(entry, Column) and entry.shape != "scalar")


def compared(run: Run) -> bool:
    """Whether last year's award stands beside this one."""
    return bool(run.model.compare_with) and not run.blank.get(run.model.compare_with)


def _noted(run: Run) -> list[str]:
    return [NOTE] if any(run.table.printed_notes) else []


def _moved(run: Run) -> list[str]:
    return [CHANGE] if compared(run) else []


def _share(run: Run) -> list[str]:
    """Nothing to take a share of where awards have no total, or only one for checking."""
    return [SHARE] if run.model.adds_up(run.model.award) and not run.model.apart else []


def _office(run: Run) -> list[str]:
    model, names = run.model, listed(run.model)
    before = [model.compare_with, CHANGE, CHANGE_PART] if compared(run) else []
    beside = [*_share(run), *([EACH] if model.per_person else [])] if _share(run) else []
    return [PLACE, *dict.fromkeys((*names, *before)), *beside, *_noted(run)]


def _annex(run: Run) -> list[str]:
    """序号 · 地区 · 金额 · 备注（印）; of what was advanced what parts print there; land in 公顷 and 亩."""
    model = run.model
    printed = next((part.columns["annex"] for part in reversed(run.parts) if "annex" in part.columns), ())
    attached = [name for name in _family_of(run, printed) if name in model.award_list]
    of_parts = [name for name in attached if name == family(name)] or attached  # totals, where there are several
    told = any(name == model.award or repeats(model, name, model.award) for name in of_parts)
    amounts = [*([] if told else [model.award]), *of_parts]
    return [NUMBER, PLACE, *amounts, *([IN_MU] if is_area(run) and len(amounts) == 1 else []), NOTE]


def _as_issued(run: Run, columns: Sequence[PrintedColumn]) -> tuple[PrintedColumn, ...]:
    """A figure of 0 as —; money that stands alone is called 金额."""
    model = run.model
    amounts = [column for column in columns if column.kind == "number" and column.key != NUMBER]
    money = model.columns[model.award].unit.dims == model.units.parse(YUAN).dims and not run.parts
    named = both("workbook.amount") if money and len(amounts) == 1 and model.adds_up(model.award) else None
    return tuple(
        replace(column, dash=column in amounts, label=named if named and column in amounts else column.label)
        for column in columns
    )


def is_area(run: Run) -> bool:
    """Whether what is handed out is land."""
    return run.model.columns[run.model.award].unit.dims == run.model.units.parse(HECTARE).dims


def _family_of(run: Run, families: Collection[str]) -> list[str]:
    """Its columns and inputs of some families, in the order of the families."""
    names = (*run.model.columns, *run.model.inputs)
    return [name for wanted in families for name in names if family(name) == wanted]


# ---- readers outside the office


def edition_of(run: Run, key: str) -> EditionColumns:
    """What an edition shows; to the county itself what is noted of it (备注（印）) as well."""
    columns = _edition_of_model(run, key)
    return replace(columns, columns=(*columns.columns, *_noted(run))) if key == EDITION_OF["unit"] else columns


def _edition_of_model(run: Run, key: str) -> EditionColumns:
    """What the model file says an edition shows, or the default; figures that are one a run are never shown.

    Of an award that was adjusted or corrected, its own table stands in its place, but for the public.
    """
    model, held = run.model, run.model.editions.get(key)
    names = [] if key == "public" else [name for name in model.award_list if _of_county(run, name, key)]
    if held and (key == "public" or model.calculated in ("", model.award)):
        return held
    if held:
        amounts = names if model.award in names else [*names, model.award]
        columns = [name for name in held.columns if name not in amounts or name == model.award]
        place = columns.index(model.award) if model.award in columns else len(columns)
        return replace(held, columns=(*columns[:place], *amounts, *columns[place + 1 :]))
    front = [NAME] if key == "county" else [CODE, NAME]
    front += [model.award] if key == "land" and model.award not in names else []
    front += [*names, *([] if model.award in names or key == "land" else [model.award])]
    before = (model.compare_with, CHANGE) if key == "county" and compared(run) else ()
    return EditionColumns((*front, *before), model.issued_to if key == "county" else "")


def _of_county(run: Run, name: str, key: str) -> bool:
    """Whether a listed name is one figure a county and, for a county's own eyes, tells nothing of the others."""
    model, entry = run.model, run.model.entry(name)
    if not isinstance(entry, Column):
        return name in model.inputs
    if key == "county":
        held = model.editions.get(key, EditionColumns((), model.issued_to))
        known = {model.award, model.calculated, *held.open}
        return entry.shape == "column" and (name in known or not reveals(entry.node, model.columns, known, held.by))
    return entry.shape != "scalar"


def _letter(run: Run) -> list[str]:
    """What the edition 送县 shows, without what parts keep from letters and what only repeats another column."""
    withheld = withheld_from(run, "letter")
    names = [name for name in edition_of(run, "county").columns if name not in (CODE, NAME, NOTE)]
    names = [name for name in names if family(name) not in withheld]
    nodes = [run.model.columns[name].node for name in names if name in run.model.columns]
    repeated = {node.id for node in nodes if isinstance(node, tree.Name)}
    return [NAME, *(name for name in names if name not in repeated)]


def _together(run: Run) -> list[str]:
    """What stands in a letter that goes to all: what parts have to tell, the amount, 备注（印）."""
    letter, known = run.letter, {*run.model.inputs, *run.model.columns}
    stands = [name for part in run.parts if part.letter for name in part.letter.stands if name in known]
    short = [*letter.short, letter.about] if letter else [run.model.award]
    return [NAME, *dict.fromkeys((*stands, *short)), *_noted(run)]


def withheld_from(run: Run, reader: str) -> frozenset[str]:
    """The families of columns that parts print for the office and not for this reader."""
    return frozenset[str]().union(*(part.withheld(reader) for part in run.parts))


# ---- screens and files


def _terminal(run: Run) -> list[str]:
    """What is handed out: of a plain run its award alone, of one with parts every amount of its table."""
    model = run.model
    names = [name for name in model.award_list if _is_amount(model, name)] if model.calculated else []
    issued = [] if any(name == model.award or repeats(model, name, model.award) for name in names) else [model.award]
    return [CODE, NAME, *names, *issued, *_share(run), *_moved(run)]


def _notebook(run: Run) -> list[str]:
    return [CODE, NAME, run.model.award, *_share(run), *_moved(run)]


def _csv(run: Run) -> list[str]:
    """Every input and column with a figure a place."""
    names = (*run.model.inputs, *run.model.columns)
    return [CODE, NAME, *(name for name in names if of_places(run.model, name))]


def import_keys(model: Model) -> list[str]:
    """What a file for another system has where no mapping says otherwise: year, code, name and what is issued."""
    return [YEAR, CODE, NAME, model.award]


def _is_amount(model: Model, name: str) -> bool:
    """Whether it is a figure of every county in the award's unit."""
    entry = model.entry(name)
    numbers = not getattr(entry, "text", False) and getattr(entry, "kind", "number") == "number"
    return numbers and of_places(model, name) and entry.unit == model.columns[model.award].unit


def repeats(model: Model, name: str, other: str) -> bool:
    """Whether a column is another by a name of its own, as what is due is the award."""
    return name in model.columns and model.columns[name].node == tree.Name(other)


READERS: dict[str, Callable[[Run], Sequence[str]]] = {
    "office": _office,
    "annex": _annex,
    "unit": lambda run: edition_of(run, EDITION_OF["unit"]).columns,
    "public": lambda run: edition_of(run, EDITION_OF["public"]).columns,
    "land": lambda run: edition_of(run, EDITION_OF["land"]).columns,
    "letter": _letter,
    "together": _together,
    "terminal": _terminal,
    "notebook": _notebook,
    "frame": lambda run: list(dict.fromkeys((run.model.award, *listed(run.model)))),
    "csv": _csv,
    "import": lambda run: import_keys(run.model),
}


def _with_identities(model: Model, columns: tuple[PrintedColumn, ...]) -> tuple[PrintedColumn, ...]:
    """`(5)=(3)+(4)` where a column's own formula in the model is a sum of columns that are printed."""
    keys = {column.key for column in columns}
    told = []
    for column in columns:
        terms = sum_terms(model.columns[column.entry].node) if column.entry in model.columns else None
        sums = terms is not None and len(terms) > 1 and all(name in keys for _, name in terms)
        told.append(replace(column, identity=tuple(terms or ())) if sums else column)
    return tuple(told)


def _with_stub(columns: tuple[PrintedColumn, ...]) -> tuple[PrintedColumn, ...]:
    """合计 stands in the last column of texts, in the first where there is none."""
    texts = [column.key for column in columns if column.kind == "text" and column.key != NOTE]
    stub = texts[-1] if texts else columns[0].key
    return tuple(replace(column, stub=column.key == stub) for column in columns)
