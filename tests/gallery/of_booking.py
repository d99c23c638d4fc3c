"""Lists to book from, whom to call, and the dialogs in which something is booked or given up."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any, Final, TypeVar

from PySide6.QtWidgets import QApplication, QWidget

from clinic_desktop.ui.appointments.booking import BookingDialog
from clinic_desktop.ui.appointments.cancel import CancelDialog
from clinic_desktop.ui.appointments.choices import Kind
from clinic_desktop.ui.appointments.series_form import SeriesDialog
from clinic_desktop.ui.recalls.dialogs import PauseDialog, RecallDialog
from clinic_desktop.ui.waiting.request_dialog import RequestDialog
from clinic_desktop.ui.waiting.who_to_call import WhoToCallDialog
from tests.gallery.bookings import LONG, Bookings
from tests.gallery.case import NARROW, Case
from tests.gallery.of_calendar import choosing
from tests.gallery.of_calendar import show as calendar
from tests.gallery.states import failed, loading
from tests.gallery.window import Window

T = TypeVar("T", bound=QWidget)
BOTH: Final = (100, 200)
FAST: Final = ("light",)


def _dialog(window: Window, kind: type[T]) -> T:
    """Return a dialog once it can be seen and has asked what it needs."""

    def found() -> T | None:
        shown = [one for one in QApplication.topLevelWidgets() if isinstance(one, kind)]
        return next((one for one in shown if one.isVisible()), None)

    dialog = window.wait(found, kind.__name__)
    window.settle()
    return dialog


def _list(name: str) -> Callable[[Window, Any], None]:
    """Return what opens a list and waits for its lines."""

    def show(window: Window, _scene: Any) -> None:
        window.lead(name)

    return show


def _opened(name: str, key: str, kind: type[QWidget]) -> Callable[[Window, Any], None]:
    """Return what opens a dialog of a list by its key."""

    def show(window: Window, scene: Any) -> None:
        _list(name)(window, scene)
        window.key("Down", key)
        _dialog(window, kind)

    return show


def _who(window: Window, scene: Bookings) -> None:
    _list("waiting")(window, scene)
    screen = window.screen
    WhoToCallDialog(
        screen.desk, scene.free, "Rui Tavares", lambda _visit: None, parent=screen
    ).open()
    _dialog(window, WhoToCallDialog)


def _card(window: Window, scene: Bookings) -> None:
    window.open_tab(scene.patients[2], "overview")
    window.settle()


def _recall(window: Window, scene: Bookings) -> None:
    _card(window, scene)
    window.screen.tab().recalls.change(window.screen.tab().recalls.rows[0])
    _dialog(window, RecallDialog)


def _ahead(window: Window, scene: Bookings) -> Any:
    """Return the calendar of a day ahead, with a visit of it chosen."""
    screen = window.open("calendar", date=scene.workday)
    window.settle()
    screen.start_focus()
    visits = [one for one in screen.bookings.sheets[0].visits if one.provider == "Dr Amara Nwosu"]
    screen.grid.choose(visits[0].id)
    return screen


def _series(window: Window, scene: Bookings) -> None:
    _ahead(window, scene)
    window.key("E")
    dialog = _dialog(window, SeriesDialog)
    dialog.rule.count.setText("12")
    dialog.rule.every.setText("1")
    dialog.rule.edited.emit()
    window.sit(0.3)
    window.wait(lambda: dialog.dates.plan and len(dialog.dates.plan.dates) == 12, "the dates")
    window.settle()
    dialog.dates.list.setFocus()


def _booking(window: Window, scene: Bookings) -> BookingDialog:
    calendar(window, scene)
    window.key("End", "Enter")
    return _dialog(window, BookingDialog)


def _refused(window: Window, scene: Bookings) -> None:
    """Show the form with what is typed wrongly, and what the clinic refuses."""
    dialog = _booking(window, scene)
    dialog.form.patient.set_patient(scene.patients[1], "Bartholomew Maximilian Alexander " * 2)
    window.settle()
    dialog.form.remark.setText(LONG)
    dialog.form.minutes.setText("x")
    dialog.form.time.setText("25:00")
    dialog.save()
    window.settle()


def _taken(window: Window, scene: Bookings) -> None:
    """Show the form after the service has refused a time that somebody else has."""
    dialog = _booking(window, scene)
    dialog.form.patient.set_patient(scene.patients[0], "Inês Carvalho-Lindqvist")
    dialog.form.day.set_value(scene.workday)
    dialog.form.time.set_value(time(10))
    window.settle()
    dialog.save()
    window.settle()


def _cancel(window: Window, scene: Bookings) -> None:
    _ahead(window, scene)
    window.key("X")
    _dialog(window, CancelDialog)


def _parked(window: Window, scene: Bookings) -> None:
    screen = _ahead(window, scene)
    for _visit in range(6):
        window.key("J", "P")
    window.settle()
    assert screen.parking.list.count() > 3


def _more_choices(window: Window, scene: Bookings) -> None:
    calendar(window, scene)
    screen = window.screen
    screen.find_here()
    window.wait(lambda: screen.side.search.answers.slots, "free times")
    screen.side.search.form.more.click()
    screen.side.search.form.visits.set_value(2)
    screen.side.search.form.visits.chosen.emit(2)
    window.settle()


def _drawer_find(window: Window, scene: Bookings) -> None:
    calendar(window, scene)
    window.key("F")
    window.wait(lambda: window.screen.side.search.answers.slots, "free times")
    window.settle()


def _held(window: Window, scene: Bookings) -> None:
    """Hold an appointment over somebody else's, as a drag does."""
    _ahead(window, scene)
    window.key("Space", "Down", "Down", "Right")
    window.settle()


def _month(window: Window, scene: Bookings) -> None:
    calendar(window, scene)
    window.screen.month.go_to(datetime.combine(scene.day + timedelta(days=1), time(12)))
    window.screen.month.setFocus()


def _section(name: str) -> Callable[[Window, Any], None]:
    def show(window: Window, _scene: Any) -> None:
        window.open("settings", section=name)
        window.settle()

    return show


def _paper(name: str) -> Callable[[Window, Any], None]:
    def show(window: Window, scene: Bookings) -> None:
        window.open(name, date=scene.day, back="calendar")
        window.settle()
        window.sit(1.0)
        window.settle()

    return show


_DAY: Final = choosing(Kind.DAY, columns=3)
CASES: Final = (
    *(
        Case(f"list-{name}", "bookings", _list(name), scales=BOTH)
        for name in ("to_book", "broken", "recalls", "waiting")
    ),
    *(
        Case(f"list-{name}-narrow", "bookings", _list(name), size=NARROW, themes=FAST)
        for name in ("to_book", "recalls", "waiting")
    ),
    *(
        Case(f"list-{name}-empty", "nobody", _list(name), themes=("dark",))
        for name in ("to_book", "broken", "recalls", "waiting")
    ),
    Case(
        "list-waiting-loading", "bookings", loading("waiting"), themes=FAST, held="waiting_request"
    ),
    Case("list-recalls-failed", "bookings", failed("recalls"), themes=("dark",), held="recall"),
    Case("book-wish", "bookings", _opened("waiting", "E", RequestDialog), scales=BOTH),
    Case("book-hold-back", "bookings", _opened("recalls", "P", PauseDialog), themes=FAST),
    Case("book-who-to-call", "bookings", _who, scales=BOTH),
    Case("book-recall-card", "bookings", _card, scales=BOTH),
    Case("book-recall-dialog", "bookings", _recall),
    Case("book-series", "bookings", _series, before=_DAY, scales=BOTH),
    Case("book-refused", "bookings", _refused, before=_DAY, scales=BOTH),
    Case("book-taken", "bookings", _taken, before=_DAY),
    Case("book-cancel", "bookings", _cancel, before=_DAY, scales=BOTH),
    Case("book-parked", "bookings", _parked, before=_DAY, scales=BOTH),
    Case("book-parked-narrow", "bookings", _parked, before=_DAY, size=NARROW),
    Case("book-find-more", "bookings", _more_choices, before=_DAY, scales=BOTH),
    Case("book-find-narrow", "bookings", _drawer_find, before=_DAY, size=NARROW),
    Case("book-held", "bookings", _held, before=_DAY),
    Case("book-month", "bookings", _month, before=choosing(Kind.MONTH), themes=FAST),
    Case("settings-days-off", "bookings", _section("days_off"), login="u_manager", scales=BOTH),
    Case("settings-calendars", "bookings", _section("calendars"), login="u_manager", scales=BOTH),
    Case("paper-day", "bookings", _paper("day_sheet")),
    Case("paper-week", "bookings", _paper("week_sheet")),
)
