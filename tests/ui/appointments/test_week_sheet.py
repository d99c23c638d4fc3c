"""The week on paper, from the calendar by its key and from its menu, and back by Esc."""

import pytest
from PySide6.QtCore import Qt

from clinic_desktop.ui.appointments.view import CalendarScreen
from clinic_desktop.ui.appointments.week_sheet import WeekSheetScreen
from clinic_desktop.ui.shell.layout import Layout


@pytest.fixture
def went(desk_of):
    """A desk, and where its navigator was asked to go."""
    desk = desk_of("u_front")
    places: list[tuple[str, dict]] = []
    desk.navigator.wanted.connect(lambda name, where: places.append((name, where)))
    return desk, places


def test_by_its_key_and_from_the_menu(qtbot, went, make, tmp_path) -> None:
    make.provider("Dr Amara Nwosu")
    desk, places = went
    screen = CalendarScreen(desk, Layout(tmp_path, desk.who.person_id))
    qtbot.addWidget(screen)
    screen.resize(1400, 800)
    screen.show()
    screen.refresh()
    qtbot.waitUntil(lambda: screen._walking.day is not None)
    qtbot.keyClick(screen, Qt.Key.Key_O)
    assert places[-1][0] == "week_sheet"
    assert places[-1][1]["back"] == "calendar"
    menu = screen.bar.menus["print"]
    menu.aboutToShow.emit()
    names = [action.text().split("\t") for action in menu.actions()]
    assert names == [["Day sheet", "Ctrl+P"], ["Week overview", "O"]]
    menu.actions()[0].trigger()
    assert places[-1][0] == "day_sheet"
    menu.actions()[1].trigger()
    assert places[-1][0] == "week_sheet"


def test_shown_and_left(qtbot, went) -> None:
    desk, places = went
    screen = WeekSheetScreen(desk)
    qtbot.addWidget(screen)
    screen.resize(1200, 800)
    screen.show()
    screen.open_at(back="calendar")
    qtbot.waitUntil(lambda: screen.paper.isVisible())
    assert screen.paper.accessibleName().startswith("Week overview, ")
    qtbot.keyClick(screen.paper.preview.pages, Qt.Key.Key_Escape)
    assert places[-1] == ("calendar", {})
