"""In a narrow window the side panel is a drawer over the sheet, opened and left by keys."""

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication

from tests.ui.appointments.test_moving import reloaded, stored

K = Qt.Key
# What the rail leaves of a window of 1024, and of one of 1280.
NARROW, ROOMY = 952, 1208


@pytest.fixture
def narrow(calendar, qtbot):
    calendar.resize(NARROW, 700)
    qtbot.waitUntil(lambda: not calendar.side.isVisible())
    calendar.start_focus()
    return calendar


def press(qtbot, key, held=Qt.KeyboardModifier.NoModifier) -> None:
    qtbot.keyClick(QApplication.focusWidget(), key, held)


def over_the_sheet(calendar) -> bool:
    """Whether the panel is seen, and lies on the sheet instead of beside it."""
    side, sheet = calendar.side, calendar.sheet
    mine = QRect(side.mapToGlobal(QPoint()), side.size())
    its = QRect(sheet.mapToGlobal(QPoint()), sheet.size())
    return side.isVisible() and mine.intersects(its)


def test_the_sheet_has_the_whole_width(narrow) -> None:
    assert narrow.sheet.width() > NARROW - 20


def test_beside_the_sheet_where_there_is_room(calendar, qtbot) -> None:
    calendar.resize(ROOMY, 700)
    qtbot.waitUntil(lambda: calendar.side.isVisible())
    assert not over_the_sheet(calendar)
    assert calendar.sheet.width() >= 880


class TestFind:
    def test_opened_and_left(self, narrow, qtbot) -> None:
        press(qtbot, K.Key_F)
        answers = narrow.side.search.answers
        qtbot.waitUntil(lambda: bool(answers.slots))
        assert over_the_sheet(narrow)
        assert answers.hasFocus()
        press(qtbot, K.Key_Escape)
        assert not narrow.side.isVisible()
        assert narrow.grid.hasFocus()
        assert not narrow.finding.is_open

    def test_put_aside_with_its_key_it_goes_on_as_it_was(self, narrow, qtbot) -> None:
        press(qtbot, K.Key_F)
        form = narrow.side.search.form
        qtbot.waitUntil(lambda: bool(narrow.side.search.answers.slots))
        form.minutes.setFocus()
        form.minutes.selectAll()
        qtbot.keyClicks(form.minutes, "50")
        narrow.toggle_side()
        assert narrow.grid.hasFocus() or not narrow.side.isVisible()
        narrow.start_focus()
        assert narrow.grid.hasFocus(), "what nobody sees has no keys"
        press(qtbot, K.Key_F)
        assert over_the_sheet(narrow)
        assert form.minutes.text() == "50"
        assert narrow.side.search.answers.hasFocus()

    def test_esc_on_the_sheet_ends_a_search_that_was_put_aside(self, narrow, qtbot) -> None:
        press(qtbot, K.Key_F)
        qtbot.waitUntil(lambda: bool(narrow.side.search.answers.slots))
        narrow.toggle_side()
        narrow.start_focus()
        press(qtbot, K.Key_Escape)
        assert not narrow.finding.is_open
        assert narrow.grid.ghosts == ()

    def test_booked_from_it_the_sheet_is_free_again(self, narrow, qtbot, clinic) -> None:
        press(qtbot, K.Key_F)
        qtbot.waitUntil(lambda: bool(narrow.side.search.answers.slots))
        narrow.finding.close()
        assert not narrow.side.isVisible()


class TestParking:
    def test_parked_is_shown_and_the_keys_stay_on_the_sheet(
        self, narrow, qtbot, clinic, signed_in
    ) -> None:
        visit = clinic.visit(9, chair_id=clinic.chair)
        reloaded(qtbot, narrow)
        narrow.grid.choose(visit)
        press(qtbot, K.Key_P)
        assert over_the_sheet(narrow)
        assert narrow.parking.isVisible()
        assert narrow.grid.hasFocus()
        press(qtbot, K.Key_Down)
        press(qtbot, K.Key_Down)
        press(qtbot, K.Key_V)
        qtbot.waitUntil(lambda: stored(signed_in, visit).local_start.minute != 0)
        qtbot.waitUntil(lambda: narrow.desk.operations.quiet)
        assert not narrow.side.isVisible(), "nothing is parked any more"
        assert narrow.grid.hasFocus()

    def test_esc_closes_it_and_what_is_parked_stays(self, narrow, qtbot, clinic) -> None:
        visit = clinic.visit(9, chair_id=clinic.chair)
        reloaded(qtbot, narrow)
        narrow.grid.choose(visit)
        press(qtbot, K.Key_P)
        press(qtbot, K.Key_Escape)
        assert not narrow.side.isVisible()
        assert narrow.grid.hasFocus()
        assert narrow.parked.holds(visit)
        assert narrow.grid.chosen_id == visit

    def test_esc_gives_up_what_is_held_before_it_closes_anything(
        self, narrow, qtbot, clinic
    ) -> None:
        visit = clinic.visit(9, chair_id=clinic.chair)
        reloaded(qtbot, narrow)
        narrow.grid.choose(visit)
        press(qtbot, K.Key_P)
        press(qtbot, K.Key_Space)
        press(qtbot, K.Key_Escape)
        assert narrow.grid.hand.drag is None
        assert over_the_sheet(narrow)


class TestShell:
    def test_f7_opens_it_with_the_month_in_hand_and_esc_gives_the_focus_back(
        self, narrow, qtbot
    ) -> None:
        narrow.toggle_side()
        assert over_the_sheet(narrow)
        assert narrow.side.month.sheet.hasFocus()
        press(qtbot, K.Key_Escape)
        assert not narrow.side.isVisible()
        assert narrow.grid.hasFocus()

    def test_a_day_chosen_in_it_is_shown(self, narrow, qtbot) -> None:
        before = narrow._walking.day
        narrow.toggle_side()
        press(qtbot, K.Key_Right)
        press(qtbot, K.Key_Return)
        qtbot.waitUntil(lambda: narrow._walking.day != before)
        assert not narrow.side.isVisible()
        assert narrow.grid.hasFocus()
