"""Which parameters are the pool of an allocation: in the model's own words, never by a name the program knows."""

from __future__ import annotations

from allocation.language import tree
from allocation.policy.model import Model, Parameter


def pool_parameters(model: Model) -> tuple[Parameter, ...]:
    """Those that the model's `pool` is, or is computed from: amounts in its kind of unit that only the bureau knows, or
    where it asks for none, all such amounts."""
    if not model.pool:
        return ()
    if model.pool in model.parameters:
        return (model.parameters[model.pool],)
    unit, waiting, seen = model.columns[model.pool].unit, [model.pool], set[str]()
    while waiting:
        name = waiting.pop()
        if name in model.columns and name not in seen:
            waiting += [part.id for part in tree.names(model.columns[name].node)]
        seen.add(name)
    amounts = [entry for name, entry in model.parameters.items() if name in seen and entry.unit.same_kind(unit)]
    return tuple([entry for entry in amounts if entry.required] or amounts)
