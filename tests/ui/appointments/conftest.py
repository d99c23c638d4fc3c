"""A clinic with two providers who work from 8 to 18, and the calendar opened on a day ahead."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from clinic_desktop.models import WorkingTime
from clinic_desktop.ui.appointments.view import CalendarScreen
from clinic_desktop.ui.shell.layout import Layout

# A day far ahead, a Wednesday, so that nothing lies in the past while the test runs.
DAY = datetime(2031, 3, 12, tzinfo=ZoneInfo("Europe/Dublin"))


@pytest.fixture
def clinic(make):
    class Clinic:
        chair = make.chair("Chair 2")
        one = make.provider("Dr Amara Nwosu", chair_id=chair, position=1)
        other = make.provider("Dr Tomás Echeverría", position=2)
        treatment = make.treatment(minutes=45)
        patient = make.patient(given="Zofia", family="Wiśniewska", words=["zofia", "wisniewska"])

        def visit(self, hour: float, provider=None, *, days: int = 0, minutes=30, **values):
            start = DAY + timedelta(days=days, hours=hour)
            return make.appointment(
                values.pop("patient", self.patient),
                provider or self.one,
                starts_at=start.astimezone(UTC),
                minutes=minutes,
                **values,
            )

    made = Clinic()
    for provider in (made.one, made.other):
        for weekday in range(7):
            make.row(
                WorkingTime, provider_id=provider, weekday=weekday, starts=time(8), ends=time(18)
            )
    return made


@pytest.fixture
def open_calendar(qtbot, desk_of, clinic, tmp_path) -> Callable[..., CalendarScreen]:
    """``open_calendar("u_front")`` opens the screen on the day; a second one remembers."""

    def open_one(login: str = "u_front", *, device: str = "desk", **where) -> CalendarScreen:
        desk = desk_of(login, device=device)
        screen = CalendarScreen(desk, Layout(tmp_path, desk.who.person_id))
        bugs: list = []
        desk.operations.bug.connect(bugs.append)
        qtbot.addWidget(screen, before_close_func=lambda _widget: _none(bugs))
        screen.resize(1320, 860)
        screen.open_at(**{"date": DAY.date(), **where})
        screen.show()
        screen.activateWindow()
        qtbot.waitUntil(screen.isActiveWindow)
        qtbot.waitUntil(lambda: screen._walking.day is not None and desk.operations.quiet)
        screen.start_focus()
        return screen

    return open_one


@pytest.fixture
def calendar(open_calendar) -> CalendarScreen:
    """The calendar of the front desk."""
    return open_calendar("u_front")


def _none(bugs: list) -> None:
    assert not bugs, bugs
