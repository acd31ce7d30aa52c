"""What a command leaves behind: its files put in place, all or none, and said once what they hold has been shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING

from allocation.classes import dataclass
from allocation.commands.screen import Screen

if TYPE_CHECKING:
    from allocation.run.finding import ModelWithTable

Writer = Callable[[Path], None]


@dataclass(frozen=True)
class Product:
    """A file or a folder of them, what writes it, and the message that says it was written, which has its path.

    `write`: None of what the office has put in place itself, as it plans on the journal.
    """

    path: Path
    write: Writer | None
    message: str
    slots: Mapping[str, object] = field(default_factory=dict)


def finish(
    products: Sequence[Product],
    screen: Screen,
    *,
    of: Iterable[ModelWithTable] = (),
    put: Callable[[Mapping[Path, Writer]], object] | None = None,
    show: Callable[[], object] = lambda: None,
) -> int:
    """The end of a command that writes: its exit code.

    `of`: the materials whose files no product may be written over. `put` puts them in place where a line of the journal
    goes with them. `show` prints what they hold: after they are in place, lest something be shown that is nowhere.
    """
    from allocation.files.whole_files import place
    from allocation.run.finding import spare_inputs

    files = {product.path: product.write for product in products if product.write}
    for material in of:
        spare_inputs(material, {path.as_posix(): path for path in files})
    if files:
        (put or place)(files)
    show()
    for product in products:
        screen.tell(product.message, path=product.path.as_posix(), **product.slots)
    return 0
