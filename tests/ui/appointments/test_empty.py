"""A clinic in which nobody works yet: the calendar says so, in the place of columns."""

from clinic_desktop.ui.appointments.view import CalendarScreen
from clinic_desktop.ui.shell.layout import Layout


def test_why_there_is_no_column(qtbot, desk_of, tmp_path) -> None:
    desk = desk_of("u_front")
    screen = CalendarScreen(desk, Layout(tmp_path, desk.who.person_id))
    qtbot.addWidget(screen)
    screen.resize(1320, 860)
    screen.open_at()
    screen.show()
    screen.activateWindow()
    qtbot.waitUntil(lambda: screen._walking.day is not None and desk.operations.quiet)
    assert screen.grid.spoken() == "No provider works here yet. Settings, Providers adds one."
