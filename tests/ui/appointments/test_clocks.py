"""An hour that comes twice: what stands in its second time stays there, moved, parked, undone."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from PySide6.QtCore import Qt

from clinic_desktop.models import SpecialTime
from clinic_desktop.services.appointments import service as appointments
from clinic_desktop.ui.appointments.choices import Kind
from clinic_desktop.ui.appointments.geometry import Cell

K = Qt.Key
ALT = Qt.KeyboardModifier.AltModifier
# In Dublin the clocks show 01:00 to 02:00 twice: until 01:00 UTC, and from then on.
AUTUMN = date(2031, 10, 26)
SECOND = datetime(2031, 10, 26, 1, 30, tzinfo=UTC)


@pytest.fixture
def night(open_calendar, qtbot, clinic, make):
    """The calendar of that night, with an appointment at the second half past one chosen."""
    for provider in (clinic.one, clinic.other):
        make.row(
            SpecialTime,
            provider_id=provider,
            kind="open",
            starts=datetime.combine(AUTUMN, time()),
            ends=datetime.combine(AUTUMN, time(9)),
        )
    visit = make.appointment(clinic.patient, clinic.one, starts_at=SECOND, minutes=30)
    calendar = open_calendar("u_front", date=AUTUMN)
    qtbot.waitUntil(lambda: calendar.grid.geometry_of_day.block_of(visit) is not None)
    calendar.grid.choose(visit)
    calendar.grid.setFocus()
    return calendar, visit


def start_of(signed_in, visit) -> datetime:
    with signed_in.reading() as ctx:
        return appointments.appointment(ctx, visit).starts_at


def settled(qtbot, screen) -> None:
    qtbot.waitUntil(lambda: screen.desk.operations.quiet, timeout=10_000)


def test_it_is_known_as_the_second(night, signed_in) -> None:
    calendar, _visit = night
    row = calendar.grid.chosen()
    assert (row.is_second_hour, row.local_start.time()) == (True, time(1, 30))


def test_moved_and_taken_back_it_is_the_second_again(night, qtbot, signed_in) -> None:
    calendar, visit = night
    qtbot.keyClick(calendar.grid, K.Key_Down, ALT)
    qtbot.waitUntil(lambda: start_of(signed_in, visit) == SECOND + timedelta(minutes=15))
    settled(qtbot, calendar)
    calendar.desk.messages.undo()
    qtbot.waitUntil(lambda: start_of(signed_in, visit) == SECOND)
    settled(qtbot, calendar)


def test_parked_and_put_into_the_first_it_moves(night, qtbot, signed_in) -> None:
    calendar, visit = night
    qtbot.keyClick(calendar.grid, K.Key_P)
    column = calendar.grid.geometry_of_day.columns[0]
    first = column.minute_of(SECOND - timedelta(hours=1))
    calendar.grid.go(Cell(0, first))
    qtbot.keyClick(calendar.grid, K.Key_V)
    qtbot.waitUntil(lambda: start_of(signed_in, visit) == SECOND - timedelta(hours=1))
    settled(qtbot, calendar)
    calendar.desk.messages.undo()
    qtbot.waitUntil(lambda: start_of(signed_in, visit) == SECOND)
    settled(qtbot, calendar)


def test_put_on_its_own_day_in_the_month_it_stays(night, qtbot, signed_in) -> None:
    calendar, visit = night
    qtbot.keyClick(calendar.grid, K.Key_P)
    calendar._switching.to(kind=Kind.MONTH)
    qtbot.waitUntil(lambda: calendar.is_month and calendar.desk.operations.quiet)
    calendar.month.go_to(AUTUMN)
    qtbot.keyClick(calendar.month, K.Key_V)
    settled(qtbot, calendar)
    assert not calendar.parked.holds(visit)
    assert start_of(signed_in, visit) == SECOND
