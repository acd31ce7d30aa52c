"""What tests of the numbers reading share."""

from __future__ import annotations

import pytest
from small_models import run

from allocation.errors import AllocationError

BOTH = pytest.mark.parametrize("exact", [True, False], ids=["exact", "float"])


def refused(exact: bool = True, **example: object):
    with pytest.raises(AllocationError) as caught:
        run(exact=exact, **example)
    assert caught.value.text("zh") and caught.value.text("en") and str(caught.value)
    return caught.value.problems
