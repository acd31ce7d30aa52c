"""Every call of the page, by its name."""

from __future__ import annotations

from allocation.page import (
    ask_calls,
    compare_calls,
    data_calls,
    desk_calls,
    drop_calls,
    figures_calls,
    job_calls,
    mapping_calls,
    see_calls,
    settings_calls,
    take_calls,
    week_calls,
    work_calls,
    year_calls,
)
from allocation.page.call import ApiCall

MODULES = (
    data_calls,
    take_calls,
    desk_calls,
    drop_calls,
    work_calls,
    settings_calls,
    figures_calls,
    see_calls,
    ask_calls,
    compare_calls,
    job_calls,
    week_calls,
    mapping_calls,
    year_calls,
)
CALLS: dict[str, ApiCall] = {call.name: call for module in MODULES for call in module.CALLS}
