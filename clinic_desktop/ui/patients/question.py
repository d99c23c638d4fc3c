"""What the list of patients was asked: the typed text and the filter; pages of an answer."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from clinic_desktop.i18n import N_
from clinic_desktop.services import patients
from clinic_desktop.services.patients.filtering import STATUSES
from clinic_desktop.services.patients.list_schemas import Beginning, ListFilter
from clinic_desktop.services.patients.schemas import PatientRow, Place

if TYPE_CHECKING:  # asked on a worker; the window knows it by name
    from clinic_desktop.services.context import Context

FOUND_PAGE: Final = 50
LIST_PAGE: Final = 100
MOST_RENEWED: Final = 500

# What the filter of statuses offers, in its order; the words stand on its button.
FILTERS: Final[dict[str, str]] = {
    "current": N_("All but archived"),
    "active": N_("Active"),
    "inactive": N_("Inactive"),
    "deceased": N_("Deceased"),
    "archived": N_("Archived"),
}
_NOTHING: Final = Beginning(starred=(), recent=())


@dataclass(frozen=True)
class Answer:
    """A page: the rows, and where the next one begins; ``top`` stands above all of them."""

    rows: tuple[PatientRow, ...]
    next: Place | None
    top: Beginning = _NOTHING

    @property
    def more(self) -> bool:
        """Whether there is more behind them."""
        return self.next is not None

    @property
    def exact(self) -> int:
        """How many were found by what was typed, not by its sound."""
        return sum(not row.sounds_like for row in self.rows)


@dataclass(frozen=True)
class Question:
    """What is asked; a new one makes the answers to older ones void."""

    typed: str = ""
    chosen: ListFilter = field(default_factory=ListFilter)

    @property
    def statuses(self) -> Sequence[str]:
        """The statuses of the filter."""
        return STATUSES[self.chosen.status]

    @property
    def page(self) -> int:
        """How many rows a page has."""
        return FOUND_PAGE if self.typed else LIST_PAGE

    def ask(self, ctx: "Context", *, after: Place | None = None, least: int = 0) -> Answer:
        """Return the page behind ``after``, or the first one with ``least`` rows at the least."""
        limit = max(self.page, min(least, MOST_RENEWED))
        found = patients.matching(ctx, self.chosen, typed=self.typed, after=after, limit=limit)
        begins = not self.typed and after is None and self.chosen == ListFilter()
        top = patients.beginning(ctx) if begins else _NOTHING
        return Answer(found.rows, found.next, top)
