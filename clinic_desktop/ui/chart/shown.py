"""Which date of a chart is shown, and what is true on it; knows nothing of the screen."""

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING
from uuid import UUID

from clinic_desktop.domain.teeth.chart import ToothChart, changed_teeth, framed
from clinic_desktop.domain.teeth.of_items import chart_of_items

if TYPE_CHECKING:  # the window is painted before pydantic is loaded
    from clinic_desktop.services.chart.schemas import ChartHistory, ChartItemRow


@dataclass(frozen=True)
class Shown:
    """A chart's history and the place in it: ``day`` None is today.

    ``compare`` frames what changed between the day and ``other``, which None makes today;
    ``now_side`` then shows that one. ``frozen`` is a history as it was known at an earlier time.
    """

    history: "ChartHistory"
    day: date | None = None
    compare: bool = False
    now_side: bool = False
    other: date | None = None
    frozen: bool = False

    def at(self, day: date | None) -> "Shown":
        """Return another date; today ends a comparison."""
        if day is None or day >= self.history.today:
            return replace(self, day=None, compare=False, now_side=False, other=None)
        return replace(self, day=day, now_side=False)

    def knowing(self, history: "ChartHistory", *, frozen: bool) -> "Shown":
        """Return the same place in what was known at another time."""
        return replace(self, history=history, frozen=frozen)

    def with_other(self, other: date | None) -> "Shown":
        """Return the comparison with another date; today when it is None."""
        today = self.history.today
        return replace(self, other=None if other is None or other >= today else other)

    @property
    def is_past(self) -> bool:
        """Whether a past date is looked at, so that nothing can be charted."""
        return self.day is not None or self.frozen

    @cached_property
    def now(self) -> "tuple[ChartItemRow, ...]":
        """The entries true today."""
        return self.history.on(self.history.today)

    @cached_property
    def then(self) -> "tuple[ChartItemRow, ...]":
        """The entries true on the date looked at."""
        return self.now if self.day is None else self.history.on(self.day)

    @cached_property
    def beside(self) -> "tuple[ChartItemRow, ...]":
        """The entries true on the date that it is compared with."""
        return self.now if self.other is None else self.history.on(self.other)

    @cached_property
    def since(self) -> "tuple[ChartItemRow, ...]":
        """The entries of the other date that were not there on this one."""
        known = {row.id for row in self.then}
        return tuple(row for row in self.beside if row.id not in known)

    def side(self, *, now: bool) -> ToothChart:
        """Return the picture of one of the two dates, framed while comparing."""
        picture = self._beside if now else self._picture(self.then, self.day)
        return framed(picture, self.changed) if self.compare else picture

    @cached_property
    def chart(self) -> ToothChart:
        """The picture: of the date, or of today, with what changed framed while comparing."""
        picture = self._beside if self.now_side else self._picture(self.then, self.day)
        return framed(picture, self.changed) if self.compare else picture

    @cached_property
    def changed(self) -> frozenset[int]:
        """The teeth that differ between the two dates."""
        if self.day is None:
            return frozenset()
        return changed_teeth(self._picture(self.then, self.day), self._beside)

    @cached_property
    def _beside(self) -> ToothChart:
        return self._picture(self.beside, self.other)

    def _picture(self, items: "tuple[ChartItemRow, ...]", day: date | None) -> ToothChart:
        on = day or self.history.today
        history = self.history
        return chart_of_items(items, born=history.born, on=on, species=history.species)


def news(before: "ChartHistory", after: "ChartHistory") -> "tuple[ChartItemRow, ...]":
    """Return the entries that came or changed between two readings of the same chart."""
    known: dict[UUID, int] = {row.id: row.version for row in before.items}
    return tuple(row for row in after.items if known.get(row.id) != row.version)
