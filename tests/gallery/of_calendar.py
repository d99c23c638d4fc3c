"""The calendar: days, weeks and months, few and many columns, and its states."""

from collections.abc import Callable
from typing import Any, Final

from clinic_desktop.ui.appointments.choices import CalendarView, Choices, Kind
from clinic_desktop.ui.appointments.columns import By
from clinic_desktop.ui.shell.layout import Layout
from tests.gallery.calendars import Calendars
from tests.gallery.case import LARGE, NARROW, Case
from tests.gallery.states import failed, loading
from tests.gallery.window import Window

FAST: Final = ("light",)


def choosing(
    kind: Kind, by: By = By.PROVIDER, columns: int = 0, slot: int = 15
) -> Callable[[Any, Calendars], None]:
    """Return what makes the calendar open on such a view, with so many columns."""

    def before(login_home: Any, scene: Calendars) -> None:
        home, person = login_home
        of = scene.providers if by is By.PROVIDER else scene.chairs
        shown = tuple(of[:columns])
        Choices(Layout(home, person), slot).choose(CalendarView(kind, by, shown, slot))

    return before


def show(window: Window, scene: Calendars) -> None:
    """Open the calendar on the scene's day."""
    screen = window.open("calendar", date=scene.day)
    window.settle()
    screen.start_focus()


def _early(window: Window, scene: Calendars) -> None:
    """Look at the short visits of the morning."""
    show(window, scene)
    bar = window.screen.grid.verticalScrollBar()
    bar.setValue(bar.maximum() * 2 // 5)


def _middle(window: Window, scene: Calendars) -> None:
    """Look at columns in the middle, between two days."""
    show(window, scene)
    grid = window.screen.grid
    days = grid.geometry_of_day.days
    last = days[len(days) // 2].stop - 3
    grid.horizontalScrollBar().setValue(int(grid.geometry_of_day.x_of(last) - 60))


def _chosen(window: Window, scene: Calendars) -> None:
    show(window, scene)
    window.screen.grid.choose(window.screen.bookings.sheets[0].visits[10].id)


def _finding(window: Window, scene: Calendars) -> None:
    show(window, scene)
    window.screen.find_here()
    window.wait(lambda: window.screen.side.search.answers.slots, "free times")
    window.settle()


def _nobody(window: Window, _scene: Any) -> None:
    window.open("calendar")
    window.settle()
    window.screen.start_focus()


BOTH: Final = (100, 200)
CASES: Final = (
    *(
        Case(
            f"calendar-day-{n}",
            "calendars",
            show,
            before=choosing(Kind.DAY, columns=n),
            scales=BOTH,
        )
        for n in (1, 6, 14)
    ),
    Case(
        "calendar-day-14-large",
        "calendars",
        show,
        before=choosing(Kind.DAY, columns=14),
        size=LARGE,
    ),
    Case(
        "calendar-day-chairs",
        "calendars",
        show,
        before=choosing(Kind.DAY, By.CHAIR, 6),
        scales=BOTH,
    ),
    Case(
        "calendar-day-5-minutes", "calendars", _early, before=choosing(Kind.DAY, columns=3, slot=5)
    ),
    Case(
        "calendar-day-30-minutes", "calendars", show, before=choosing(Kind.DAY, columns=6, slot=30)
    ),
    Case("calendar-day-chosen", "calendars", _chosen, before=choosing(Kind.DAY, columns=3)),
    Case("calendar-day-touch", "calendars", show, before=choosing(Kind.DAY, columns=3), touch=True),
    Case("calendar-three", "calendars", show, before=choosing(Kind.THREE, columns=3), scales=BOTH),
    Case("calendar-week", "calendars", show, before=choosing(Kind.WEEK, columns=1), scales=BOTH),
    *(
        Case(
            f"calendar-{kind.value}-{n}",
            "calendars",
            show,
            before=choosing(kind, columns=n),
            scales=BOTH,
        )
        for kind, n in (
            (Kind.THREE, 1),
            (Kind.THREE, 6),
            (Kind.THREE, 14),
            (Kind.WEEK, 6),
            (Kind.WEEK, 14),
        )
    ),
    *(
        Case(
            f"calendar-{kind.value}-14-chairs",
            "calendars",
            _middle,
            before=choosing(kind, By.CHAIR, 14),
            scales=BOTH,
        )
        for kind in (Kind.THREE, Kind.WEEK)
    ),
    Case(
        "calendar-week-14-large",
        "calendars",
        _middle,
        before=choosing(Kind.WEEK, columns=14),
        size=LARGE,
    ),
    Case(
        "calendar-three-14-5-minutes",
        "calendars",
        _early,
        before=choosing(Kind.THREE, columns=14, slot=5),
    ),
    Case("calendar-week-finding", "calendars", _finding, before=choosing(Kind.WEEK, columns=1)),
    Case("calendar-month", "calendars", show, before=choosing(Kind.MONTH), scales=BOTH),
    Case("calendar-narrow", "calendars", show, before=choosing(Kind.DAY, columns=6), size=NARROW),
    Case("calendar-month-narrow", "calendars", show, before=choosing(Kind.MONTH), size=NARROW),
    Case("calendar-empty", "nobody", _nobody),
    Case("calendar-loading", "calendars", loading("calendar"), themes=FAST, held="appointment"),
    Case("calendar-failed", "calendars", failed("calendar"), held="appointment"),
)
