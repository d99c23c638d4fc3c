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

    ``compare`` frames what changed between the day and today; ``now_side`` then shows today.
    """

    history: "ChartHistory"
    day: date | None = None
    compare: bool = False
    now_side: bool = False

    def at(self, day: date | None) -> "Shown":
        """Return another date; today ends a comparison."""
        if day is None or day >= self.history.today:
            return replace(self, day=None, compare=False, now_side=False)
        return replace(self, day=day, now_side=False)

    @property
    def is_past(self) -> bool:
        """Whether a past date is looked at, so that nothing can be charted."""
        return self.day is not None

    @cached_property
    def now(self) -> "tuple[ChartItemRow, ...]":
        """The entries true today."""
        return self.history.on(self.history.today)

    @cached_property
    def then(self) -> "tuple[ChartItemRow, ...]":
        """The entries true on the date looked at."""
        return self.now if self.day is None else self.history.on(self.day)

    @cached_property
    def since(self) -> "tuple[ChartItemRow, ...]":
        """The entries of today that were not there on the date."""
        known = {row.id for row in self.then}
        return tuple(row for row in self.now if row.id not in known)

    @cached_property
    def chart(self) -> ToothChart:
        """The picture: of the date, or of today, with what changed framed while comparing."""
        picture = self._today if self.now_side else self._picture(self.then, self.day)
        return framed(picture, self.changed) if self.compare else picture

    @cached_property
    def changed(self) -> frozenset[int]:
        """The teeth that differ between the date and today."""
        if self.day is None:
            return frozenset()
        return changed_teeth(self._picture(self.then, self.day), self._today)

    @cached_property
    def _today(self) -> ToothChart:
        return self._picture(self.now, None)

    def _picture(self, items: "tuple[ChartItemRow, ...]", day: date | None) -> ToothChart:
        on = day or self.history.today
        history = self.history
        return chart_of_items(items, born=history.born, on=on, species=history.species)


def news(before: "ChartHistory", after: "ChartHistory") -> "tuple[ChartItemRow, ...]":
    """Return the entries that came or changed between two readings of the same chart."""
    known: dict[UUID, int] = {row.id: row.version for row in before.items}
    return tuple(row for row in after.items if known.get(row.id) != row.version)
