"""The columns of the chart: sixteen, and one more beside its anchor for each extra tooth."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from clinic_desktop.domain.teeth.numbering import tooth

USUAL: Final = 16
_HALF: Final = 8


@dataclass(frozen=True, slots=True)
class Columns:
    """Where teeth stand from the patient's right to the left; both jaws share the columns.

    ``places`` count from 1; ``middle`` is the last one before the midline.
    """

    places: dict[int, int]
    count: int
    middle: int


def columns_of(teeth: Iterable[int]) -> Columns:
    """Return the columns of these teeth; an extra tooth stands beyond its anchor."""
    keys = {fdi: column_key(fdi) for fdi in teeth}
    order = sorted({*keys.values(), *((column, 0) for column in range(1, USUAL + 1))})
    place = {key: number for number, key in enumerate(order, start=1)}
    return Columns(
        places={fdi: place[key] for fdi, key in keys.items()},
        count=len(order),
        middle=sum(column <= _HALF for column, _outside in order),
    )


def column_key(fdi: int) -> tuple[int, int]:
    """Return the sort key of a tooth within its jaw, from the patient's right to the left."""
    found = tooth(fdi)
    outside = 2 * found.extra + found.primary if found.supernumerary else 0
    return (found.column, -outside if found.right else outside)
