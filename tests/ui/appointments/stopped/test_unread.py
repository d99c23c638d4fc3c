"""The server is away: each view names the days that could not be read, and none looks empty."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from clinic_desktop.ui.appointments.choices import CalendarView, Choices, Kind
from clinic_desktop.ui.appointments.view import CalendarScreen
from clinic_desktop.ui.shell.layout import Layout
from clinic_desktop.ui.today.cards import Lane
from clinic_desktop.ui.today.view import TodayScreen
from tests.ui.appointments.conftest import DAY

K = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier
NAMES = {
    Kind.DAY: "Wednesday 12 March 2031",
    Kind.THREE: "12–14 Mar 2031",
    Kind.WEEK: "10–16 Mar 2031",
    Kind.MONTH: "March 2031",
}
KEYS = {Kind.DAY: K.Key_1, Kind.THREE: K.Key_3, Kind.WEEK: K.Key_7, Kind.MONTH: K.Key_0}


def box(panel):
    return panel._failed


def told(panel) -> str:
    return f"{box(panel)._title.text()}. {box(panel)._sentence.text()}"


def failed(qtbot, panel) -> None:
    qtbot.waitUntil(lambda: panel.state == "failed")
    assert "server" in told(panel).casefold()
    assert box(panel).again.isVisible()
    assert box(panel).accessibleName() == told(panel)


def bare(words: str) -> str:
    """Return words without the thin spaces and marks of their writing."""
    return "".join(one for one in words if one.isprintable()).replace("\u2009", "")


class TestCalendar:
    @pytest.mark.parametrize("kind", Kind)
    def test_opened_without_a_server(self, server, qtbot, desk_of, clinic, tmp_path, kind) -> None:
        clinic.visit(9)
        desk = desk_of("u_front")
        layout = Layout(tmp_path, desk.who.person_id)
        Choices(layout, 15).choose(CalendarView(kind=kind))
        server.stop()
        try:
            screen = CalendarScreen(desk, layout)
            qtbot.addWidget(screen)
            screen.resize(1320, 860)
            screen.open_at(date=DAY.date())
            screen.show()
            panel = screen.filling.state
            failed(qtbot, panel)
            assert f"{NAMES[kind]}: could not be read" in bare(told(panel))
            assert not screen.grid.isVisible()
            assert not screen.month.isVisible()
            # The small month beside it: not known, which is not full.
            assert screen.side.month.sheet.state(DAY.date()) == "unknown"
        finally:
            server.start()
        desk.operations.try_now()
        qtbot.waitUntil(lambda: panel.state == "content" and screen.sheet.isVisible())

    def test_the_same_days_stay_and_say_how_old_they_are(
        self, server, qtbot, open_calendar, clinic
    ) -> None:
        visit = clinic.visit(9)
        screen = open_calendar("u_front")
        server.stop()
        try:
            screen.refresh()
            panel = screen.filling.state
            failed(qtbot, panel)
            assert "Wednesday 12 March 2031: could not be read" in bare(told(panel))
            assert screen.grid.isVisible()
            assert screen.grid.geometry_of_day.block_of(visit) is not None
            assert panel._seen.text().startswith("Last seen at")
            assert panel._veil.isVisible()
        finally:
            server.start()
        screen.desk.operations.try_now()
        qtbot.waitUntil(lambda: panel.state == "content" and not panel._veil.isVisible())

    def test_other_days_are_not_shown_for_those_asked(
        self, server, qtbot, open_calendar, clinic
    ) -> None:
        """From view to view by keys, and on to the next day; then once more with one key."""
        clinic.visit(9)
        screen = open_calendar("u_front")
        panel = screen.filling.state
        server.stop()
        try:
            for kind in (Kind.THREE, Kind.WEEK, Kind.MONTH, Kind.DAY):
                qtbot.keyClick(QApplication.focusWidget(), KEYS[kind])
                wanted = f"{NAMES[kind]}: could not be read"
                qtbot.waitUntil(lambda wanted=wanted: wanted in bare(told(panel)))
                failed(qtbot, panel)
                assert not screen.grid.isVisible()
                assert not screen.month.isVisible()
                assert screen.chosen() is None, "no key acts on what cannot be seen"
                assert box(panel).again.hasFocus()
                assert bare(screen.bar._dates[0]) == NAMES[kind]
            qtbot.keyClick(QApplication.focusWidget(), K.Key_Right, CONTROL)
            qtbot.waitUntil(lambda: "Thursday 13 March 2031" in bare(told(panel)))
            assert not screen.grid.isVisible()
        finally:
            server.start()
        qtbot.keyClick(box(panel).again, K.Key_Space)
        qtbot.waitUntil(lambda: panel.state == "content" and screen.desk.operations.quiet)
        assert screen.grid.isVisible()
        assert screen.grid.geometry_of_day.columns[0].sheet.day.day == 13
        qtbot.waitUntil(screen.grid.hasFocus)

    def test_what_is_parked_is_not_told_as_nothing(
        self, server, qtbot, desk_of, clinic, tmp_path
    ) -> None:
        visit = clinic.visit(9)
        desk = desk_of("u_front")
        layout = Layout(tmp_path, desk.who.person_id)
        Choices(layout, 15).park([visit])
        server.stop()
        try:
            screen = CalendarScreen(desk, layout)
            qtbot.addWidget(screen)
            screen.resize(1320, 860)
            screen.open_at(date=DAY.date())
            screen.show()
            empty = screen.parking._empty
            qtbot.waitUntil(lambda: "1 is parked and could not be read." in empty.text())
        finally:
            server.start()
        desk.operations.try_now()
        qtbot.waitUntil(lambda: screen.parking.list.count() == 1)


class TestToday:
    @pytest.mark.parametrize("layout", ["board", "list"])
    def test_opened_without_a_server(self, server, qtbot, desk_of, clinic, layout) -> None:
        desk = desk_of("u_front")
        server.stop()
        try:
            screen = TodayScreen(desk)
            qtbot.addWidget(screen)
            screen.resize(1320, 860)
            screen.show()
            screen.layouts.set_value(layout)
            screen.layouts.chosen.emit(layout)
            screen.refresh()
            panel = screen._state
            failed(qtbot, panel)
            assert "The day could not be read" in told(panel)
            # Neither lanes nor chairs nor numbers, which would read as a quiet day.
            assert not screen._content.isVisible()
        finally:
            server.start()
        desk.operations.try_now()
        qtbot.waitUntil(lambda: panel.state == "content" and screen._content.isVisible())

    def test_the_room_board_stays_and_says_how_old_it_is(
        self, server, qtbot, desk_of, clinic
    ) -> None:
        desk = desk_of("u_front")
        screen = TodayScreen(desk)
        qtbot.addWidget(screen)
        screen.resize(1320, 860)
        screen.show()
        screen.refresh()
        panel = screen._state
        qtbot.waitUntil(lambda: panel.state == "content" and desk.operations.quiet)
        chairs = screen.lanes[Lane.CHAIRS].list.cards.rowCount()
        assert chairs
        server.stop()
        try:
            screen.refresh()
            failed(qtbot, panel)
            assert panel._seen.text().startswith("Last seen at")
            assert panel._veil.isVisible()
            assert screen.lanes[Lane.CHAIRS].list.cards.rowCount() == chairs
        finally:
            server.start()
        qtbot.keyClick(box(panel).again, K.Key_Space)
        qtbot.waitUntil(lambda: panel.state == "content" and not panel._veil.isVisible())
