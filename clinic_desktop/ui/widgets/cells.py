"""What a table model says about a cell beyond its text, and the roles it says it with."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt

from clinic_desktop.i18n import _
from clinic_desktop.ui.widgets.painting import TagSpec

DASH: Final = "—"  # none, and we know it


class Roles(IntEnum):
    """The roles the delegate asks for; a model answers those it needs."""

    CELL = Qt.ItemDataRole.UserRole + 500  # Cell
    LOADING = Qt.ItemDataRole.UserRole + 501  # True: the row is on its way, bars are drawn
    GROUP = Qt.ItemDataRole.UserRole + 502  # str: the row is a heading over the rows below
    FLASH = Qt.ItemDataRole.UserRole + 503  # True: somebody else just changed the row


def can_choose(index: QModelIndex | QPersistentModelIndex) -> bool:
    """Return whether the row of a first cell is one to choose: no heading, and there."""
    return not index.data(Roles.GROUP) and not index.data(Roles.LOADING)


@dataclass(frozen=True, slots=True)
class Level:
    """A small bar: ``part`` is filled, ``mark`` stands where action is due, both from 0 to 1."""

    part: float
    mark: float | None = None
    role: str = "accent"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: a line of text or tags, and perhaps a second, smaller line.

    ``after`` continues the first line in grey; ``highlights`` are ``(start, length)`` in
    ``text``; ``unknown`` is the word of a hatched tag that stands in place of the text.
    """

    text: str = ""
    second: str = ""
    after: str = ""
    icon: str | None = None
    icon_role: str = "text_2"
    tags: tuple[TagSpec, ...] = ()
    highlights: tuple[tuple[int, int], ...] = ()
    unknown: str | None = None
    level: Level | None = None
    size: str = "body"
    role: str = "text"
    tabular: bool = False
    identifier: bool = False
    right: bool = False
    strike: bool = False
    band: str = ""

    def spoken(self) -> str:
        """Return the cell in words: what ``DisplayRole`` and screen readers get."""
        words = [self.unknown or self.text, self.after.strip(" ·"), self.second]
        words += [tag.text for tag in self.tags]
        return ", ".join(word for word in words if word)


def name_cell(text: str, second: str = "", highlights: Sequence[tuple[int, int]] = ()) -> Cell:
    """Return a name in strong type with the parts a search found marked."""
    return Cell(text, second=second, size="strong", highlights=tuple(highlights))


def money_cell(text: str, *, due: bool = False, role: str = "") -> Cell:
    """Return an amount: right-aligned, figures of one width, strong when it is due."""
    size, tone = ("strong", "text") if due else ("body", "text_3")
    return Cell(text, size=size, role=role or tone, tabular=True, right=True)


def number_cell(text: str) -> Cell:
    """Return a record or invoice number, its zeros slashed."""
    return Cell(text, identifier=True)


def tag_cell(kind: str, text: str, icon: str | None = None) -> Cell:
    """Return a cell that holds one tag."""
    return Cell(tags=(TagSpec(kind, text, icon),))


def unknown_cell(word: str = "", *, right: bool = False) -> Cell:
    """Return a hatched word for a value nobody knows; never an empty cell, never zero."""
    return Cell(unknown=word or _("Not recorded"), right=right)


def none_cell(*, right: bool = False) -> Cell:
    """Return a dash: there is none, and that is known."""
    return Cell(DASH, role="text_3", right=right)


def quiet(cell: Cell) -> Cell:
    """Return the cell in grey: an inactive patient, a declined line."""
    return replace(cell, role="text_3", size="body" if cell.size == "strong" else cell.size)
