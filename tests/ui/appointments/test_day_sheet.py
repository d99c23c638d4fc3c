"""The day on paper, from Today and the calendar by Ctrl+P, and back by Esc."""

import pytest
from PySide6.QtCore import Qt

from clinic_desktop.ui.appointments.day_sheet import DaySheetScreen
from clinic_desktop.ui.appointments.view import CalendarScreen
from clinic_desktop.ui.shell.layout import Layout
from clinic_desktop.ui.today.view import TodayScreen


@pytest.fixture
def went(desk_of):
    """A desk, and where its navigator was asked to go."""
    desk = desk_of("u_front")
    places: list[tuple[str, dict]] = []
    desk.navigator.wanted.connect(lambda name, where: places.append((name, where)))
    return desk, places


@pytest.mark.parametrize("name", ["calendar", "today"])
def test_ctrl_p_leads_to_the_sheet(qtbot, went, name, tmp_path) -> None:
    desk, places = went
    if name == "calendar":
        screen = CalendarScreen(desk, Layout(tmp_path, desk.who.person_id))
    else:
        screen = TodayScreen(desk)
    qtbot.addWidget(screen)
    screen.print_current()
    assert places[-1][0] == "day_sheet"
    assert places[-1][1]["back"] == name


def test_shown_and_left(qtbot, went) -> None:
    desk, places = went
    screen = DaySheetScreen(desk)
    qtbot.addWidget(screen)
    screen.resize(1200, 800)
    screen.show()
    screen.open_at(back="today")
    qtbot.waitUntil(lambda: screen.paper.preview.pages.hasFocus() or screen.paper.isVisible())
    assert screen.paper.accessibleName().startswith("Day sheet, ")
    qtbot.keyClick(screen.paper.preview.pages, Qt.Key.Key_Escape)
    assert places[-1] == ("today", {})
