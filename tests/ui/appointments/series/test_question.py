"""Moving one of a series asks beside its place: this one, the following, all of them."""

from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, Qt

from clinic_desktop.domain.schedule import Span
from clinic_desktop.services.series.schemas import Scope
from clinic_desktop.ui.appointments.geometry import Cell
from clinic_desktop.ui.appointments.series_change import SeriesChangeDialog
from clinic_desktop.ui.appointments.series_question import SeriesQuestion
from tests.ui.appointments.conftest import DAY
from tests.ui.appointments.series.by_keys import choose, dialog_of, hours, planned, press, settled
from tests.ui.undoing import take_back

K = Qt.Key
ALT = Qt.KeyboardModifier.AltModifier
CONTROL = Qt.KeyboardModifier.ControlModifier


class TestQuestion:
    def question(self, qtbot, calendar) -> SeriesQuestion:
        qtbot.waitUntil(lambda: calendar.repeats.question is not None)
        return calendar.repeats.question

    def lower(self, qtbot, calendar, booked) -> None:
        choose(qtbot, calendar, booked.visits[0].id)
        press(qtbot, K.Key_Down, ALT)

    def test_this_one(self, calendar, qtbot, clinic, signed_in, booked) -> None:
        self.lower(qtbot, calendar, booked)
        self.question(qtbot, calendar)
        press(qtbot, K.Key_1)
        qtbot.waitUntil(lambda: hours(signed_in, clinic)[0] != "09:00")
        assert hours(signed_in, clinic)[1:] == ["09:00"] * 4

    def test_all_of_them_and_undone(self, calendar, qtbot, clinic, signed_in, booked) -> None:
        self.lower(qtbot, calendar, booked)
        question = self.question(qtbot, calendar)
        assert question.isVisible()
        assert not question.isModal()
        press(qtbot, K.Key_3)
        qtbot.waitUntil(lambda: len(set(hours(signed_in, clinic)) | {"09:00"}) == 2)
        qtbot.waitUntil(lambda: "5 appointments" in calendar.desk.messages.current.text)
        take_back(qtbot, calendar.desk)
        qtbot.waitUntil(lambda: hours(signed_in, clinic) == ["09:00"] * 5)

    def test_esc_lets_it_stay(self, calendar, qtbot, clinic, signed_in, booked) -> None:
        self.lower(qtbot, calendar, booked)
        self.question(qtbot, calendar)
        press(qtbot, K.Key_Escape)
        assert calendar.repeats.question is None
        assert "stays where it was" in calendar.desk.messages.current.text
        assert calendar.grid.hasFocus()
        settled(qtbot, calendar)
        assert hours(signed_in, clinic) == ["09:00"] * 5

    def test_by_the_mouse_beside_the_place(
        self, calendar, qtbot, clinic, signed_in, booked
    ) -> None:
        choose(qtbot, calendar, booked.visits[0].id)
        grid = calendar.grid
        start = grid.place_of(booked.visits[0].id).toPoint()
        target = start + QPoint(0, 8 * grid.geometry_of_day.row)
        view = grid.viewport()
        qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=start)
        qtbot.mouseMove(view, start + QPoint(9, 9))
        qtbot.mouseMove(view, target)
        qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=target)
        question = self.question(qtbot, calendar)
        box = grid.geometry_of_day.box_of(0, Span(11 * 60, 11 * 60 + 30))
        there = calendar.mapFromGlobal(view.mapToGlobal(grid.on_screen(box).center().toPoint()))
        assert abs(question.geometry().center().y() - there.y()) < 40
        qtbot.mouseClick(question.buttons[Scope.FOLLOWING], Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: set(hours(signed_in, clinic)) == {"11:00"})

    def test_against_one_of_them_the_list_is_shown(
        self, calendar, qtbot, clinic, signed_in, booked, make
    ) -> None:
        other = make.patient(given="Otto", family="Neighbour")
        step = calendar.choices.view.slot
        clinic.visit(9.5, days=14, patient=other)
        choose(qtbot, calendar, booked.visits[0].id)
        press(qtbot, K.Key_Down, ALT)
        self.question(qtbot, calendar)
        press(qtbot, K.Key_3)
        dialog = dialog_of(qtbot, SeriesChangeDialog)
        plan = planned(qtbot, dialog)
        assert [one.state.value for one in plan.dates].count("taken") == 1
        assert hours(signed_in, clinic) == ["09:00"] * 5
        dialog.dates.list.setFocus()
        press(qtbot, K.Key_L)
        qtbot.waitUntil(lambda: dialog.primary().isEnabled())
        press(qtbot, K.Key_Return, CONTROL)
        later = f"09:{step:02}"
        qtbot.waitUntil(lambda: hours(signed_in, clinic) == [later, later, "09:00", later, later])


class TestParked:
    """One of a series that is put down out of the parking asks what a drag asks."""

    @pytest.fixture
    def question(self, calendar, qtbot, booked):
        """Parked by its key, put down two hours later by V: the question stands there."""
        visit = booked.visits[1].id
        calendar._walking.go(DAY.date() + timedelta(days=7))
        settled(qtbot, calendar)
        choose(qtbot, calendar, visit)
        press(qtbot, K.Key_P)
        assert calendar.parked.holds(visit)
        calendar.grid.go(Cell(0, 11 * 60))
        press(qtbot, K.Key_V)
        qtbot.waitUntil(lambda: calendar.repeats.question is not None)
        assert isinstance(calendar.repeats.question, SeriesQuestion)
        return visit

    def test_this_one_and_back(self, calendar, qtbot, clinic, signed_in, question) -> None:
        press(qtbot, K.Key_1)
        settled(qtbot, calendar)
        assert hours(signed_in, clinic) == ["09:00", "11:00", "09:00", "09:00", "09:00"]
        assert not calendar.parked.holds(question)
        calendar.desk.messages.undo()
        settled(qtbot, calendar)
        assert hours(signed_in, clinic) == ["09:00"] * 5
        assert calendar.parked.holds(question)

    def test_this_and_following_and_back(
        self, calendar, qtbot, clinic, signed_in, question
    ) -> None:
        press(qtbot, K.Key_2)
        qtbot.waitUntil(lambda: hours(signed_in, clinic)[-1] == "11:00")
        settled(qtbot, calendar)
        assert hours(signed_in, clinic) == ["09:00", *["11:00"] * 4]
        assert not calendar.parked.holds(question)
        calendar.desk.messages.undo()
        qtbot.waitUntil(lambda: hours(signed_in, clinic) == ["09:00"] * 5)
        settled(qtbot, calendar)
        assert calendar.parked.holds(question)
        calendar.desk.messages.redo()
        qtbot.waitUntil(lambda: hours(signed_in, clinic)[-1] == "11:00")
        settled(qtbot, calendar)
        assert not calendar.parked.holds(question)

    def test_esc_leaves_it_parked(self, calendar, qtbot, clinic, signed_in, question) -> None:
        press(qtbot, K.Key_Escape)
        settled(qtbot, calendar)
        assert calendar.parked.holds(question)
        assert hours(signed_in, clinic) == ["09:00"] * 5
