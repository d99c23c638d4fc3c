"""Reading what is typed: single values, their limits, and runs of depths as a probe sends them."""

import re
from typing import Final

from clinic_desktop.domain.perio.exam import Cell, Value
from clinic_desktop.domain.perio.rules import Measure, limits
from clinic_desktop.domain.perio.sites import is_flag, places
from clinic_desktop.domain.perio.words import cell_words
from clinic_desktop.domain.teeth.numbering import Notation
from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import _

TEN: Final = 10
_WORDS: Final = re.compile(r"[^\s,;]+")


def check(cell: Cell, value: Value, notation: str = Notation.FDI) -> None:
    """Refuse what a cell cannot hold.

    Raises InvalidError with a sentence that names the cell and its limits.
    """
    if cell.place not in places(cell.tooth, cell.measure):
        raise InvalidError(
            _("{cell}: this tooth has no such place.").format(
                cell=cell_words(cell, notation=notation)
            ),
            field="cell",
        )
    if value is None or is_flag(cell.measure):
        return
    low, high = limits(cell.measure)
    if cell.measure is Measure.MARGIN and not low <= value <= high:
        raise InvalidError(
            _("{cell}: at most {high} mm recession, or {low} mm coronal to the CEJ.").format(
                cell=cell_words(cell, notation=notation), low=-low, high=high
            ),
            field="cell",
        )
    if not low <= value <= high:
        raise InvalidError(
            _("{cell}: {value} is not between {low} and {high}.").format(
                cell=cell_words(cell, notation=notation), value=value, low=low, high=high
            ),
            field="cell",
        )


def read_run(text: str) -> tuple[int, ...]:
    """Return the depths of a run as it is dictated or pasted: ``323 4 3 10 212``.

    Digits in a row are one site each; a number from 10 to 19 stands alone between blanks.
    Raises InvalidError naming what cannot be read.
    """
    high = limits(Measure.DEPTH)[1]
    found: list[int] = []
    for word in _WORDS.findall(text):
        if not (word.isascii() and word.isdigit()):
            raise InvalidError(_("“{word}” is not a depth.").format(word=word), field="cell")
        if len(word) == 2 and TEN <= int(word) <= high:
            found.append(int(word))
        elif len(word) in (1, 3):
            found += [int(digit) for digit in word]
        else:
            raise InvalidError(
                _("“{word}” could be read in two ways: write three digits together, or blanks.")
                .format(word=word),
                field="cell",
            )  # fmt: skip
    if not found:
        raise InvalidError(_("There are no depths in this text."), field="cell")
    return tuple(found)
