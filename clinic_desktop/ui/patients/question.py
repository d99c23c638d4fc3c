"""What the list of patients was asked: the typed text and which statuses; pages of an answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from clinic_desktop.i18n import N_
from clinic_desktop.services import patients
from clinic_desktop.services.patients.lists import NOT_ARCHIVED
from clinic_desktop.services.patients.schemas import PatientRow, Place

if TYPE_CHECKING:  # asked on a worker; the window knows it by name
    from clinic_desktop.services.context import Context

FOUND_PAGE: Final = 50
LIST_PAGE: Final = 100
MOST_RENEWED: Final = 500

# What the filter offers, in its order; the words stand on its button.
FILTERS: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "current": (N_("All but archived"), NOT_ARCHIVED),
    "active": (N_("Active"), ("active",)),
    "inactive": (N_("Inactive"), ("inactive",)),
    "deceased": (N_("Deceased"), ("deceased",)),
    "archived": (N_("Archived"), ("archived",)),
}


@dataclass(frozen=True)
class Answer:
    """A page: the rows, and whether there are more behind them."""

    rows: tuple[PatientRow, ...]
    more: bool

    @property
    def exact(self) -> int:
        """How many were found by what was typed, not by its sound."""
        return sum(not row.sounds_like for row in self.rows)


@dataclass(frozen=True)
class Question:
    """What is asked; a new one makes the answers to older ones void."""

    typed: str = ""
    filter: str = "current"

    @property
    def statuses(self) -> Sequence[str]:
        """The statuses of the filter."""
        return FILTERS[self.filter][1]

    def ask(self, ctx: "Context", *, after: Place | None = None, least: int = 0) -> Answer:
        """Return the page behind ``after``, or the first one with ``least`` rows at the least."""
        page = FOUND_PAGE if self.typed else LIST_PAGE
        limit = max(page, min(least, MOST_RENEWED))
        if self.typed:
            rows = patients.find(ctx, self.typed, limit=limit, after=after, statuses=self.statuses)
        else:
            rows = patients.list_page(ctx, limit=limit, after=after, statuses=self.statuses)
        exact = sum(not row.sounds_like for row in rows)
        return Answer(rows, more=exact == limit)
