"""The server stops while the mouse holds something: it stays, with a sentence, and is not lost."""

from datetime import time

import pytest
from PySide6.QtCore import QPoint, Qt

from clinic_desktop.services.appointments import service as appointments
from clinic_desktop.ui.appointments.booking import BookingDialog
from tests.ui.appointments.conftest import DAY
from tests.ui.appointments.test_moving import drag, drop, edge, place

K = Qt.Key
LEFT = Qt.MouseButton.LeftButton


def said(screen) -> str:
    current = screen.desk.messages.current
    return current.text.replace("\u2068", "").replace("\u2069", "") if current else ""


@pytest.fixture
def booked(open_calendar, qtbot, clinic):
    """A calendar with an appointment at nine, which is chosen."""
    visit = clinic.visit(9, chair_id=clinic.chair)
    screen = open_calendar("u_front")
    qtbot.waitUntil(lambda: screen.grid.geometry_of_day.block_of(visit) is not None)
    screen.grid.choose(visit)
    screen.grid.setFocus()
    return screen, visit


def hold_body(qtbot, screen, visit) -> None:
    grid = screen.grid
    drag(qtbot, grid, grid.place_of(visit).toPoint(), place(grid, 1, 660))


def hold_edge(qtbot, screen, visit) -> None:
    start = edge(screen.grid, visit, upper=False)
    drag(qtbot, screen.grid, start, start + QPoint(0, 60))


def hold_parked(qtbot, screen, visit) -> None:
    qtbot.keyClick(screen.grid, K.Key_P)
    parking, grid = screen.parking.list, screen.grid
    qtbot.waitUntil(lambda: parking.count() == 1 and screen.desk.operations.quiet)
    view, start = parking.viewport(), parking.place_of(visit)
    qtbot.mousePress(view, LEFT, pos=start)
    target = view.mapFromGlobal(grid.viewport().mapToGlobal(place(grid, 1, 660)))
    for at in (start + QPoint(9, 9), (start + target) / 2, target):
        qtbot.mouseMove(view, at)


def hold_in_month(qtbot, screen, visit) -> None:
    qtbot.keyClick(screen.grid, K.Key_0)
    month = screen.month
    qtbot.waitUntil(lambda: month.layout_of_month is not None and screen.desk.operations.quiet)
    month.choose(visit)
    cells = {cell.day.day: cell for cell in month.layout_of_month.cells}
    line = next(one for one in cells[DAY.date()].lines if one.visit.id == visit)
    start = month._on_screen(line.box).center().toPoint()
    target = month.rect_of(DAY.date().replace(day=20)).center().toPoint()
    view = month.viewport()
    qtbot.mousePress(view, LEFT, pos=start)
    for at in (start + QPoint(9, 9), target):
        qtbot.mouseMove(view, at)
    assert month.over == DAY.date().replace(day=20)


STAYS = "The server does not answer now: Zofia Wiśniewska stays at 09:00."
PARKED = "The server does not answer now: Zofia Wiśniewska stays in the parking."


@pytest.mark.parametrize(
    ("hold", "sentence"),
    [(hold_body, STAYS), (hold_edge, STAYS), (hold_parked, PARKED), (hold_in_month, STAYS)],
)
def test_it_stays_and_can_be_done_again(server, booked, qtbot, signed_in, hold, sentence) -> None:
    screen, visit = booked
    operations = screen.desk.operations
    hold(qtbot, screen, visit)
    server.stop()
    try:
        # What the ghost asks, or the listener, finds out.
        qtbot.waitUntil(lambda: not operations.connected)
        assert said(screen) == sentence
        assert not screen.grid.hand.holds
        view = screen.parking.list if hold is hold_parked else screen.sheet
        qtbot.mouseRelease(view.viewport(), LEFT, pos=QPoint(200, 300))
        assert said(screen) == sentence, "letting go afterwards does nothing"
        assert screen.findChild(BookingDialog) is None
    finally:
        server.start()
    operations.try_now()
    qtbot.waitUntil(lambda: operations.connected and operations.quiet)
    assert screen.parked.holds(visit) is (hold is hold_parked)
    with signed_in.reading() as ctx:
        row = appointments.appointment(ctx, visit)
    assert (row.version, row.local_start.time(), row.minutes) == (1, time(9), 30)
    if hold is not hold_body:
        return
    target = screen.grid.place_of(visit).toPoint() + QPoint(0, 4 * 20)
    drag(qtbot, screen.grid, screen.grid.place_of(visit).toPoint(), target)
    drop(qtbot, screen.grid, target)
    qtbot.waitUntil(lambda: "moved from 09:00" in said(screen))


def test_what_is_drawn_on_empty_time_books_nothing(server, booked, qtbot) -> None:
    screen, _visit = booked
    grid, operations = screen.grid, screen.desk.operations
    drag(qtbot, grid, place(grid, 1, 600), place(grid, 1, 660))
    server.stop()
    try:
        qtbot.waitUntil(lambda: not operations.connected)
        assert said(screen) == "The server does not answer now: nothing was booked."
        drop(qtbot, grid, place(grid, 1, 660))
        assert screen.findChild(BookingDialog) is None
    finally:
        server.start()
    operations.try_now()
    qtbot.waitUntil(lambda: operations.connected and operations.quiet)


def test_let_go_as_it_stops_it_is_back(server, booked, qtbot, signed_in) -> None:
    """The move itself meets the stopped server."""
    screen, visit = booked
    grid, operations = screen.grid, screen.desk.operations
    drag(qtbot, grid, grid.place_of(visit).toPoint(), place(grid, 0, 660))
    qtbot.waitUntil(lambda: operations.quiet)
    server.stop()
    try:
        drop(qtbot, grid, place(grid, 0, 660))
        qtbot.waitUntil(lambda: "server" in said(screen).casefold())
        assert not grid.hand.holds
    finally:
        server.start()
    operations.try_now()
    qtbot.waitUntil(lambda: operations.connected and operations.quiet)
    qtbot.waitUntil(lambda: grid.geometry_of_day.block_of(visit) is not None)
    assert grid.geometry_of_day.block_of(visit).span.start == 9 * 60
    with signed_in.reading() as ctx:
        assert appointments.appointment(ctx, visit).version == 1
