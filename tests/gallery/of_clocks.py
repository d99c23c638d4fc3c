"""Clocks that are changed: the days, the weeks, the form that is typed into."""

from collections.abc import Callable
from typing import Any, Final

from PySide6.QtWidgets import QApplication

from clinic_desktop.ui.appointments.booking import BookingDialog
from clinic_desktop.ui.appointments.choices import Kind
from tests.gallery.case import Case
from tests.gallery.clocks import NIGHTS, Clocks
from tests.gallery.of_calendar import choosing
from tests.gallery.window import Window

_BOTH: Final = (100, 200)
_MADRID: Final = "Europe/Madrid"


def _show(which: str) -> Callable[[Window, Clocks], None]:
    def show(window: Window, scene: Clocks) -> None:
        screen = window.open("calendar", date=getattr(scene, which))
        window.settle()
        screen.start_focus()
        screen.grid.verticalScrollBar().setValue(0)

    return show


def _typed(which: str, at: str) -> Callable[[Window, Clocks], None]:
    """Return what opens the form on the day with Enter and types a time into it."""

    def show(window: Window, scene: Clocks) -> None:
        _show(which)(window, scene)
        window.key("Home", "Enter")
        window.wait(lambda: isinstance(QApplication.activeWindow(), BookingDialog), "the form")
        dialog: Any = QApplication.activeWindow()
        dialog.form.patient.set_patient(scene.patients[0], "Zofia Wiśniewska")
        window.settle()
        dialog.form.time.setFocus()
        dialog.form.time.selectAll()
        window.write(at)
        window.key("Tab")
        window.settle()

    return show


CASES: Final = (
    *(
        Case(
            f"clocks-{which}-{zone.split('/')[1].lower().replace('_', '-')}",
            zone,
            _show(which),
            before=choosing(Kind.DAY, slot=15),
        )
        for zone in NIGHTS
        for which in ("forward", "back")
        if (zone, which) != ("Asia/Kathmandu", "back")
    ),
    *(
        Case(f"clocks-week-{which}", _MADRID, _show(which), before=choosing(Kind.WEEK, slot=30))
        for which in ("forward", "back")
    ),
    Case(
        "clocks-form-missing",
        _MADRID,
        _typed("forward", "02:30"),
        before=choosing(Kind.DAY, slot=15),
        scales=_BOTH,
    ),
    Case(
        "clocks-form-doubled",
        _MADRID,
        _typed("back", "02:30"),
        before=choosing(Kind.DAY, slot=15),
        scales=_BOTH,
    ),
)
