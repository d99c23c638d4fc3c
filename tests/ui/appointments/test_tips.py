"""What has no room on the sheet is told to a resting pointer."""

from datetime import time

from PySide6.QtCore import QPoint, QPointF

from clinic_desktop.models import WorkingTime
from clinic_desktop.ui.appointments.geometry import HEAD
from tests.ui.appointments.conftest import DAY
from tests.ui.appointments.test_calendar import _reloaded


def _centre(screen, visit) -> QPoint:
    grid = screen.grid
    return grid.on_screen(grid.geometry_of_day.block_of(visit).box).center().toPoint()


def test_an_appointment_says_all_of_itself(calendar, qtbot, clinic, make) -> None:
    patient = make.patient(given="<b>Robert</b>", family="& Söhne", words=["robert"])
    visit = clinic.visit(
        9, patient=patient, minutes=10, squeeze_reason="In pain", remark="Wants the window open"
    )
    _reloaded(qtbot, calendar, 1)
    told = calendar.grid.tip_at(_centre(calendar, visit))
    assert "&lt;b&gt;Robert&lt;/b&gt; &amp; Söhne" in told
    for words in ("09:00, 10 min", "Dr Amara Nwosu", "In pain", "Wants the window open"):
        assert words in told


def test_a_head_and_a_break_say_what_they_are(calendar, qtbot, clinic, make) -> None:
    lunch = {"starts": time(12), "ends": time(13), "kind": "break", "label": "Lunch"}
    make.row(WorkingTime, provider_id=clinic.one, weekday=DAY.weekday(), **lunch)
    calendar.refresh()
    grid = calendar.grid
    qtbot.waitUntil(lambda: bool(grid.geometry_of_day.columns[0].pauses))
    geometry = grid.geometry_of_day
    x = int(geometry.x_of(0) + 20)
    assert grid.tip_at(QPoint(x, HEAD // 2)) == "Dr Amara Nwosu\nChair 2 · 0 % booked"
    y = geometry.y_of(12 * 60 + 30) - grid.verticalScrollBar().value() + HEAD
    assert grid.tip_at(QPoint(x, int(y))) == "Lunch"
    assert grid.tip_at(QPointF(x, y + geometry.row * 8).toPoint()) == ""
