"""How a person likes to see the calendar, the views they saved, and what they have parked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from clinic_desktop.ui.appointments.columns import By
from clinic_desktop.ui.appointments.keys import VIEW_KEYS
from clinic_desktop.ui.shell.layout import Layout

ZOOMS: Final = (5, 10, 15, 30)
_WINDOW: Final = "calendar"


class Kind(StrEnum):
    """How many days are shown."""

    DAY = "day"
    THREE = "three"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class CalendarView:
    """Days, columns and zoom; ``shown`` are the providers or chairs, all of them when empty."""

    kind: Kind = Kind.DAY
    by: By = By.PROVIDER
    shown: tuple[UUID, ...] = ()
    slot: int = 15


@dataclass(frozen=True, slots=True)
class SavedView:
    """A view with its name, called by a key."""

    key: str
    name: str
    view: CalendarView


class Choices:
    """Remembers for one person on this computer; of patients only the keys of parked visits."""

    def __init__(self, layout: Layout, slot: int) -> None:
        """``slot`` is the clinic's own, for whoever has chosen nothing yet."""
        self._layout = layout
        kept = layout.recall(_WINDOW)
        self._usual = slot if slot in ZOOMS else 15
        self.view = _view_of(kept.get("view"), self._usual)
        found = kept.get("shown")
        self._shown: dict[str, Any] = dict(found) if isinstance(found, dict) else {}

    def choose(self, view: CalendarView) -> None:
        """Show and remember another view; each view keeps whom it showed."""
        self.view = view
        self._shown[f"{view.kind}/{view.by}"] = [str(one) for one in view.shown]
        self._layout.remember(_WINDOW, {"view": _written(view), "shown": self._shown})

    def other(self, *, kind: Kind | None = None, by: By | None = None) -> tuple[CalendarView, bool]:
        """Return the view with other days or columns, and whether whom it shows was chosen."""
        view = replace(self.view, kind=kind or self.view.kind, by=by or self.view.by)
        kept = self._shown.get(f"{view.kind}/{view.by}")
        return replace(view, shown=_ids(kept)), kept is not None

    # -- saved views --------------------------------------------------------------------------

    def saved(self) -> list[SavedView]:
        """Return the saved views in the order of their keys."""
        kept = self._layout.recall(_WINDOW).get("saved")
        if not isinstance(kept, dict):
            return []
        return [
            SavedView(key, str(kept[key].get("name", key)), _view_of(kept[key], self._usual))
            for key in VIEW_KEYS
            if isinstance(kept.get(key), dict)
        ]

    def save(self, one: SavedView) -> None:
        """Keep a view on its key, in place of the one that was there."""
        self._keep([*(old for old in self.saved() if old.key != one.key), one])

    def remove(self, key: str) -> None:
        """Forget the view of a key."""
        self._keep([old for old in self.saved() if old.key != key])

    def _keep(self, views: Iterable[SavedView]) -> None:
        written = {one.key: {"name": one.name, **_written(one.view)} for one in views}
        self._layout.remember(_WINDOW, {"saved": written})

    # -- parking ------------------------------------------------------------------------------

    def parked(self) -> tuple[UUID, ...]:
        """Return the parked appointments; another window of the person may have parked some."""
        return _ids(self._layout.recall(_WINDOW).get("parked"))

    def park(self, visits: Sequence[UUID]) -> None:
        """Keep these appointments as parked."""
        self._layout.remember(_WINDOW, {"parked": [str(one) for one in visits]})


def _written(view: CalendarView) -> dict[str, Any]:
    return {
        "kind": view.kind.value,
        "by": view.by.value,
        "shown": [str(one) for one in view.shown],
        "slot": view.slot,
    }


def _view_of(kept: object, slot: int) -> CalendarView:
    """Return a view as it was kept; what makes no sense any more is as usual."""
    found = kept if isinstance(kept, dict) else {}
    kinds, bys = [one.value for one in Kind], [one.value for one in By]
    return CalendarView(
        Kind(found["kind"]) if found.get("kind") in kinds else Kind.DAY,
        By(found["by"]) if found.get("by") in bys else By.PROVIDER,
        _ids(found.get("shown")),
        found["slot"] if found.get("slot") in ZOOMS else slot,
    )


def _ids(kept: object) -> tuple[UUID, ...]:
    if not isinstance(kept, list):
        return ()
    found = []
    for one in kept:
        try:
            found.append(UUID(str(one)))
        except ValueError:
            continue  # somebody wrote into the file by hand
    return tuple(found)
