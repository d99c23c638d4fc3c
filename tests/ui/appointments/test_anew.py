"""An appointment made anew by keys and by its menu: what is asked, what is linked, taken back."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from clinic_desktop.services.appointments import service as appointments
from clinic_desktop.services.appointments.schemas import StatusChange
from clinic_desktop.ui.appointments.booking import BookingDialog
from clinic_desktop.ui.appointments.choices import Kind
from tests.ui.undoing import take_back

K = Qt.Key


@pytest.fixture
def chosen(calendar, qtbot, clinic, make):
    """The calendar with an appointment of a treatment at nine, chosen."""
    from clinic_desktop.models import AppointmentTreatment

    visit = clinic.visit(9, minutes=45, remark="By the lift", status="confirmed")
    make.row(AppointmentTreatment, appointment_id=visit, treatment_id=clinic.treatment)
    calendar.refresh()
    qtbot.waitUntil(lambda: calendar.grid.geometry_of_day.block_of(visit) is not None)
    calendar.grid.choose(visit)
    calendar.grid.setFocus()
    return visit


@pytest.fixture
def searching(calendar, qtbot, chosen):
    """The search, opened by its key, with its first page."""
    qtbot.keyClick(calendar.grid, K.Key_I)
    _answered(calendar, qtbot)
    return calendar.side.search


def _answered(calendar, qtbot) -> None:
    qtbot.waitUntil(
        lambda: (
            calendar.finding.is_open
            and calendar.desk.operations.quiet
            and len(calendar.side.search.answers.slots) == 9
        ),
        timeout=10_000,
    )


def _rows(signed_in, patient):
    with signed_in.reading() as ctx:
        return appointments.visits_of(ctx, patient)


class TestByKeys:
    def test_the_search_holds_all_that_it_is(self, searching, clinic, chosen) -> None:
        form = searching.form
        assert form.whom.text() == "Zofia Wiśniewska, instead of Wed, 12 Mar, 09:00"
        assert (form.minutes.value(), form.provider.value()) == (45, clinic.one)
        assert form.service.currentText() == "As wanted"
        assert form.fields["why"].isVisible()
        assert searching.answers.hasFocus()

    def test_two_keys_book_the_other_time_and_link_both(
        self, calendar, qtbot, searching, clinic, chosen, signed_in
    ) -> None:
        qtbot.keyClick(searching.answers, K.Key_Return)
        qtbot.waitUntil(lambda: len(_rows(signed_in, clinic.patient)) == 2)
        qtbot.waitUntil(lambda: calendar.desk.operations.quiet)
        rows = {row.id: row for row in _rows(signed_in, clinic.patient)}
        old = rows.pop(chosen)
        (new,) = rows.values()
        assert (old.status, old.reason) == ("rescheduled", "The patient asked for it")
        assert (new.instead_of_id, new.moved_from, old.moved_to) == (
            old.id, old.local_start, new.local_start,
        )  # fmt: skip
        assert (new.service, new.remark, new.minutes) == (old.service, "By the lift", 45)
        said = calendar.desk.messages.current
        assert said.text.startswith("Zofia Wiśniewska has another time: ")
        assert not calendar.finding.is_open
        qtbot.waitUntil(lambda: calendar.grid.chosen_id == new.id)
        assert "instead of Wed, 12 Mar, 09:00" in calendar.grid.spoken()

    def test_taken_back_and_done_again(
        self, calendar, qtbot, searching, clinic, chosen, signed_in
    ) -> None:
        qtbot.keyClick(searching.answers, K.Key_Return)

        def status() -> dict[bool, str]:
            return {row.id == chosen: row.status for row in _rows(signed_in, clinic.patient)}

        take_back(qtbot, calendar.desk)
        qtbot.waitUntil(lambda: status() == {True: "confirmed", False: "cancelled"})
        qtbot.waitUntil(lambda: calendar.desk.operations.quiet)
        qtbot.waitUntil(lambda: calendar.grid.chosen_id == chosen)
        calendar.desk.messages.redo()
        qtbot.waitUntil(lambda: status() == {True: "rescheduled", False: "pending"})
        qtbot.waitUntil(lambda: calendar.desk.operations.quiet)

    def test_by_the_form_with_shift(self, calendar, qtbot, searching, clinic, chosen) -> None:
        qtbot.keyClick(searching.answers, K.Key_Return, Qt.KeyboardModifier.ShiftModifier)
        qtbot.waitUntil(lambda: calendar.findChild(BookingDialog) is not None)
        dialog = calendar.findChild(BookingDialog)
        assert dialog.form.remark.text() == "By the lift"
        dialog.save()
        qtbot.waitUntil(lambda: calendar.desk.operations.quiet)
        said = calendar.desk.messages.current
        assert said.text.startswith("Zofia Wiśniewska has another time: ")

    def test_somebody_was_quicker(self, calendar, qtbot, searching, chosen, signed_in) -> None:
        with signed_in.writing() as ctx:
            row = appointments.appointment(ctx, chosen)
            appointments.set_status(
                ctx, StatusChange(id=row.id, version=row.version, to="cancelled", reason="Ill")
            )
        qtbot.keyClick(searching.answers, K.Key_Return)
        qtbot.waitUntil(lambda: "is cancelled" in calendar.desk.messages.current.text)
        qtbot.waitUntil(lambda: calendar.desk.operations.quiet)

    def test_nothing_chosen_and_what_is_over(self, calendar, qtbot, clinic) -> None:
        qtbot.keyClick(calendar.grid, K.Key_I)
        assert "Choose the appointment" in calendar.desk.messages.current.text
        done = clinic.visit(9, status="done")
        calendar.refresh()
        qtbot.waitUntil(lambda: calendar.grid.geometry_of_day.block_of(done) is not None)
        calendar.grid.choose(done)
        qtbot.keyClick(calendar.grid, K.Key_I)
        assert "is done" in calendar.desk.messages.current.text
        assert not calendar.finding.is_open

    def test_from_the_month(self, calendar, qtbot, chosen) -> None:
        calendar._switching.to(kind=Kind.MONTH)
        qtbot.waitUntil(lambda: calendar.is_month and calendar.desk.operations.quiet)
        calendar.month.choose(chosen)
        qtbot.keyClick(calendar.month, K.Key_I)
        _answered(calendar, qtbot)
        assert not calendar.is_month

    def test_who_may_only_look(self, open_calendar, qtbot, clinic) -> None:
        visit = clinic.visit(9)
        calendar = open_calendar("u_compliance")
        qtbot.waitUntil(lambda: calendar.grid.geometry_of_day.block_of(visit) is not None)
        calendar.grid.choose(visit)
        qtbot.keyClick(calendar.grid, K.Key_I)
        assert "do not allow" in calendar.desk.messages.current.text


class TestMenu:
    def _menu(self, calendar, qtbot, sheet):
        at = sheet.place_of(sheet.chosen().id).toPoint()
        event = QContextMenuEvent(
            QContextMenuEvent.Reason.Keyboard, at, sheet.viewport().mapToGlobal(at)
        )
        QApplication.sendEvent(sheet.viewport(), event)
        qtbot.waitUntil(lambda: calendar._menu.menu is not None)
        return calendar._menu.menu

    def test_it_names_each_act_with_its_key(self, calendar, qtbot, chosen) -> None:
        menu = self._menu(calendar, qtbot, calendar.grid)
        words = [action.text() for action in menu.actions() if not action.isSeparator()]
        assert words == [
            "Open the record\tEnter", "Arrived\tA", "Seat\tS", "Done\tD", "Missed\tM",
            "Cancel appointment…\tX", "Another time…\tI", "Park, or let out\tP",
            "Repeat, or change its series…\tE", "History\tCtrl+H",
        ]  # fmt: skip
        menu.close()

    def test_it_begins_the_search(self, calendar, qtbot, chosen) -> None:
        menu = self._menu(calendar, qtbot, calendar.grid)
        action = next(one for one in menu.actions() if one.text().startswith("Another time"))
        action.trigger()
        menu.close()
        _answered(calendar, qtbot)

    def test_the_right_button_chooses_first(self, calendar, qtbot, chosen, clinic) -> None:
        other = clinic.visit(11)
        calendar.refresh()
        qtbot.waitUntil(lambda: calendar.grid.geometry_of_day.block_of(other) is not None)
        at = calendar.grid.place_of(other).toPoint()
        QTest.mousePress(calendar.grid.viewport(), Qt.MouseButton.RightButton, pos=at)
        event = QContextMenuEvent(
            QContextMenuEvent.Reason.Mouse, at, calendar.grid.viewport().mapToGlobal(at)
        )
        QApplication.sendEvent(calendar.grid.viewport(), event)
        assert calendar.grid.chosen_id == other
        assert calendar._menu.menu is not None
        calendar._menu.menu.close()

    def test_of_what_is_done_there_is_no_other_time(self, calendar, qtbot, clinic) -> None:
        done = clinic.visit(9, status="done")
        calendar.refresh()
        qtbot.waitUntil(lambda: calendar.grid.geometry_of_day.block_of(done) is not None)
        calendar.grid.choose(done)
        menu = self._menu(calendar, qtbot, calendar.grid)
        words = " ".join(action.text() for action in menu.actions())
        assert "Another time" not in words
        assert "Park" not in words
        menu.close()

    def test_empty_time_has_none(self, calendar, qtbot) -> None:
        at = calendar.grid.viewport().rect().center()
        event = QContextMenuEvent(
            QContextMenuEvent.Reason.Keyboard, at, calendar.grid.viewport().mapToGlobal(at)
        )
        QApplication.sendEvent(calendar.grid.viewport(), event)
        assert calendar._menu.menu is None
