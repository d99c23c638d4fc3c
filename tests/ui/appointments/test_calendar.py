"""The calendar day on a real clinic, by keys and mouse."""

from datetime import date, timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit

from clinic_desktop.domain.schedule import Span
from clinic_desktop.services.appointments import service as appointments
from clinic_desktop.services.appointments.schemas import StatusChange
from clinic_desktop.ui.appointments.booking import BookingDialog
from clinic_desktop.ui.appointments.geometry import Cell
from clinic_desktop.ui.appointments.reason import ReasonDialog
from tests.ui.appointments.conftest import DAY
from tests.ui.undoing import take_back

ALT, SHIFT, CONTROL = (
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
)


def _reloaded(qtbot, screen, count: int) -> None:
    screen.refresh()
    qtbot.waitUntil(lambda: len(screen.grid.geometry_of_day.blocks) == count)


def _visit(signed_in, visit_id):
    with signed_in.reading() as ctx:
        return appointments.appointment(ctx, visit_id)


class TestFocus:
    def test_what_is_typed_elsewhere_goes_on_while_the_day_comes_in(
        self, calendar, qtbot, clinic
    ) -> None:
        """Another PC's change, or one's own, must not take the letters away from the palette."""
        field = QLineEdit(calendar)
        field.show()
        field.setFocus()
        qtbot.waitUntil(field.hasFocus)
        clinic.visit(9)
        _reloaded(qtbot, calendar, 1)
        qtbot.wait(50)
        assert field.hasFocus()
        qtbot.keyClicks(QApplication.focusWidget(), "t")
        assert field.text() == "t"


class TestKeys:
    def test_book_a_known_patient_into_a_visible_slot(self, calendar, qtbot, clinic) -> None:
        calendar.grid.current = Cell(0, 9 * 60)
        qtbot.keyClick(calendar.grid, Qt.Key.Key_Return)
        dialog = calendar.findChild(BookingDialog)
        qtbot.keyClicks(dialog.form.patient.search, "zof")
        qtbot.waitUntil(lambda: dialog.form.patient.finds.count() == 1)
        qtbot.waitUntil(lambda: len(dialog.form._treatments) == 1)
        dialog.form.service.set_value(clinic.treatment)
        dialog.form.count_minutes()
        dialog.save()
        qtbot.waitUntil(lambda: len(calendar.grid.geometry_of_day.blocks) == 1)
        visit = calendar.grid.geometry_of_day.blocks[0].visit
        assert (visit.patient, f"{visit.local_start:%H:%M}", visit.minutes) == (
            "Zofia Wiśniewska",
            "09:00",
            45,
        )

    def test_two_keys_for_a_known_patient(self, calendar, qtbot) -> None:
        calendar.grid.current = Cell(1, 10 * 60)
        qtbot.keyClick(calendar.grid, Qt.Key.Key_Return)
        dialog = calendar.findChild(BookingDialog)
        qtbot.waitUntil(dialog.isActiveWindow)
        qtbot.keyClicks(dialog.form.patient.search, "zof")
        qtbot.waitUntil(lambda: dialog.form.patient.finds.count() == 1)
        assert dialog.primary().text() == "Book Zofia Wiśniewska"
        qtbot.keyClick(dialog.form.patient.search, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: len(calendar.grid.geometry_of_day.blocks) == 1)
        visit = calendar.grid.geometry_of_day.blocks[0].visit
        assert (visit.provider, f"{visit.local_start:%H:%M}") == ("Dr Tomás Echeverría", "10:00")
        # The feed may have shown it before its own call came back.
        said = "Zofia Wiśniewska is booked for 10:00"
        qtbot.waitUntil(lambda: said in calendar.desk.messages.current.text)
        take_back(qtbot, calendar.desk)
        qtbot.waitUntil(lambda: not calendar.grid.geometry_of_day.blocks)

    def test_what_was_typed_is_there_again(self, calendar, qtbot) -> None:
        qtbot.keyClick(calendar.grid, Qt.Key.Key_N)
        dialog = calendar.findChild(BookingDialog)
        qtbot.keyClicks(dialog.form.patient.search, "zof")
        qtbot.keyClicks(dialog.form.remark, "Rings twice")
        dialog.reject()
        dialog.setParent(None)
        qtbot.keyClick(calendar.grid, Qt.Key.Key_N)
        again = calendar.findChild(BookingDialog)
        assert (again.form.patient.search.text(), again.form.remark.text()) == (
            "zof",
            "Rings twice",
        )

    def test_a_taken_time_is_said_at_the_time(self, calendar, qtbot, clinic, make) -> None:
        other = make.patient(given="Bo", family="Lund", words=["bo", "lund"])
        clinic.visit(9)
        calendar.grid.current = Cell(0, 9 * 60)
        qtbot.keyClick(calendar.grid, Qt.Key.Key_Return)
        dialog = calendar.findChild(BookingDialog)
        dialog.form.patient.set_patient(other, "Bo Lund")
        dialog.save()
        qtbot.waitUntil(lambda: dialog.form.fields["time"].state() == "error")
        assert dialog.form.fields["time"].sentence() == (
            "Dr Amara Nwosu already has Zofia Wiśniewska at 09:00. Nearest free: 09:30."
        )
        dialog.form.time.setText("9:30")
        dialog.save()
        qtbot.waitUntil(lambda: len(calendar.grid.geometry_of_day.blocks) == 2)

    def test_zoom(self, calendar, qtbot) -> None:
        qtbot.keyClick(calendar.grid, Qt.Key.Key_Plus)
        assert calendar.grid.slot == 10
        for _turn in range(5):
            qtbot.keyClick(calendar.grid, Qt.Key.Key_Minus)
        assert calendar.grid.slot == 30

    @pytest.mark.parametrize(
        ("day", "key", "shown"),
        [
            (date(9999, 12, 31), Qt.Key.Key_Right, "2199"),
            (date(1, 1, 1), Qt.Key.Key_Left, "1850"),
        ],
    )
    def test_the_calendar_ends_with_a_sentence(self, calendar, qtbot, day, key, shown) -> None:
        calendar.open_at(date=day)
        qtbot.waitUntil(lambda: shown in calendar.bar.date.text())
        assert "calendar ends here" in calendar.desk.messages.current.text
        calendar.desk.messages.clear()
        before = calendar.bar.date.text()
        qtbot.keyClick(calendar.grid, key, CONTROL)
        assert "calendar ends here" in calendar.desk.messages.current.text
        qtbot.waitUntil(lambda: calendar.desk.operations.quiet)
        assert calendar.bar.date.text() == before
        assert calendar.grid.geometry_of_day is not None

    def test_spoken(self, calendar, qtbot, clinic) -> None:
        visit = clinic.visit(9)
        _reloaded(qtbot, calendar, 1)
        calendar.grid.choose(visit)
        assert calendar.grid.accessibleDescription() == (
            "09:00, 30 min, Zofia Wiśniewska, Dr Amara Nwosu, not confirmed"
        )
        qtbot.keyClick(calendar.grid, Qt.Key.Key_Down)
        assert calendar.grid.accessibleDescription() == "09:30, free, Dr Amara Nwosu"

    def test_another_pc(self, calendar, qtbot, sign_in, clinic) -> None:
        visit = clinic.visit(9)
        _reloaded(qtbot, calendar, 1)
        with sign_in("u_hygienist", device="chair").writing() as ctx:
            change = StatusChange(id=visit, version=1, to="confirmed")
            appointments.set_status(ctx, change)
        blocks = calendar.grid.geometry_of_day.blocks
        assert blocks[0].visit.status == "pending"
        qtbot.waitUntil(
            lambda: calendar.grid.geometry_of_day.blocks[0].visit.status == "confirmed",
            timeout=8000,
        )

    def test_nobody_chosen_is_said_at_the_field(self, calendar, qtbot) -> None:
        qtbot.keyClick(calendar.grid, Qt.Key.Key_Return)
        dialog = calendar.findChild(BookingDialog)
        dialog.save()
        said = [label.text() for label in dialog.form.fields["patient_id"].findChildren(QLabel)]
        assert "Choose the patient." in said

    def test_move_and_undo(self, calendar, qtbot, clinic, signed_in) -> None:
        visit = clinic.visit(9)
        _reloaded(qtbot, calendar, 1)
        calendar.grid.choose(visit)
        qtbot.keyClick(calendar.grid, Qt.Key.Key_Down, ALT)
        qtbot.waitUntil(lambda: f"{_visit(signed_in, visit).local_start:%H:%M}" == "09:15")
        take_back(qtbot, calendar.desk)
        qtbot.waitUntil(lambda: f"{_visit(signed_in, visit).local_start:%H:%M}" == "09:00")

    def test_longer(self, calendar, qtbot, clinic, signed_in) -> None:
        visit = clinic.visit(9)
        _reloaded(qtbot, calendar, 1)
        calendar.grid.choose(visit)
        qtbot.keyClick(calendar.grid, Qt.Key.Key_Down, ALT | SHIFT)
        qtbot.waitUntil(lambda: _visit(signed_in, visit).minutes == 45)

    def test_overlap_is_refused_with_a_sentence(self, calendar, qtbot, clinic, signed_in) -> None:
        first, second = clinic.visit(9), clinic.visit(10)
        _reloaded(qtbot, calendar, 2)
        calendar.grid.choose(second)
        qtbot.keyClick(calendar.grid, Qt.Key.Key_Space)
        for _slot in range(3):
            qtbot.keyClick(calendar.grid, Qt.Key.Key_Up)
        qtbot.keyClick(calendar.grid, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: "Zofia" in calendar.desk.messages.current.text)
        assert f"{_visit(signed_in, second).local_start:%H:%M}" == "10:00"
        assert f"{_visit(signed_in, first).local_start:%H:%M}" == "09:00"

    def test_walking_days(self, calendar, qtbot) -> None:
        qtbot.keyClick(calendar.grid, Qt.Key.Key_Right, CONTROL)
        qtbot.waitUntil(lambda: calendar.grid.current_day() == DAY.date() + timedelta(days=1))

    def test_cancelled_frees_the_slot(self, calendar, qtbot, clinic, signed_in) -> None:
        visit = clinic.visit(9)
        _reloaded(qtbot, calendar, 1)
        calendar.grid.choose(visit)
        qtbot.keyClick(calendar.grid, Qt.Key.Key_C)
        qtbot.waitUntil(lambda: _visit(signed_in, visit).status == "confirmed")


class TestMouse:
    def test_drag_to_another_provider(self, calendar, qtbot, clinic, signed_in) -> None:
        visit = clinic.visit(9)
        _reloaded(qtbot, calendar, 1)
        grid = calendar.grid
        geometry = grid.geometry_of_day
        start = grid.place_of(visit).toPoint()
        row = geometry.row
        target = start + QPoint(int(geometry.column_width), 4 * row)
        view = grid.viewport()
        qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=start)
        qtbot.mouseMove(view, start + QPoint(20, 20))
        qtbot.mouseMove(view, target)
        assert grid.hand.holds
        qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=target)
        qtbot.waitUntil(lambda: _visit(signed_in, visit).provider_id == clinic.other)

    def test_empty_time_is_drawn_into_an_appointment(self, calendar, qtbot) -> None:
        grid, view = calendar.grid, calendar.grid.viewport()
        geometry = grid.geometry_of_day
        box = geometry.box_of(1, Span(11 * 60, 11 * 60 + 15))
        start = grid.on_screen(box).center().toPoint()
        qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=start)
        qtbot.mouseMove(view, start + QPoint(0, geometry.row))
        qtbot.mouseMove(view, start + QPoint(0, 3 * geometry.row - geometry.row // 2 + 2))
        assert grid.hand.drag.span == Span(11 * 60, 11 * 60 + 45)
        qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=start)
        dialog = calendar.findChild(BookingDialog)
        assert (dialog.form.minutes.value(), dialog.form.time.text()) == (45, "11:00")

    def test_lower_edge_makes_it_longer(self, calendar, qtbot, clinic, signed_in) -> None:
        visit = clinic.visit(9)
        _reloaded(qtbot, calendar, 1)
        grid, view = calendar.grid, calendar.grid.viewport()
        rect = grid.on_screen(grid.geometry_of_day.block_of(visit).box)
        start = QPoint(int(rect.center().x()), int(rect.bottom()) - 2)
        qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=start)
        qtbot.mouseMove(view, start + QPoint(0, 10))
        target = start + QPoint(0, 2 * grid.geometry_of_day.row)
        qtbot.mouseMove(view, target)
        qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=target)
        qtbot.waitUntil(lambda: _visit(signed_in, visit).minutes == 60)

    def test_dropped_outside_nothing_happens(self, calendar, qtbot, clinic, signed_in) -> None:
        visit = clinic.visit(9)
        _reloaded(qtbot, calendar, 1)
        grid, view = calendar.grid, calendar.grid.viewport()
        start = grid.place_of(visit).toPoint()
        qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=start)
        qtbot.mouseMove(view, start + QPoint(40, 60))
        qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(-30, -30))
        assert grid.hand.drag is None
        assert _visit(signed_in, visit).version == 1

    def test_ghost_says_why_not(self, calendar, qtbot, clinic) -> None:
        taken, visit = clinic.visit(9, clinic.other), clinic.visit(9)
        _reloaded(qtbot, calendar, 2)
        grid = calendar.grid
        view, start = grid.viewport(), grid.place_of(visit).toPoint()
        qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=start)
        qtbot.mouseMove(view, start + QPoint(20, 20))
        qtbot.mouseMove(view, grid.place_of(taken).toPoint())
        assert grid.hand.drag.refusal == "Dr Tomás Echeverría has Zofia Wiśniewska"
        qtbot.keyClick(grid, Qt.Key.Key_Escape)
        assert grid.hand.drag is None

    def test_painting_many(self, calendar, qtbot, clinic) -> None:
        for hour in range(8, 17):
            clinic.visit(hour)
            clinic.visit(hour, clinic.other, status="missed")
        _reloaded(qtbot, calendar, 18)
        assert not calendar.grid.grab().isNull()


class TestOutsideHours:
    def test_the_manager_says_why(self, qtbot, open_calendar, clinic, signed_in) -> None:
        visit = clinic.visit(17, status="confirmed")
        screen = open_calendar("u_manager", appointment_id=visit)
        qtbot.waitUntil(lambda: screen.grid.chosen() is not None)
        qtbot.keyClick(screen.grid, Qt.Key.Key_Space)
        for _quarter in range(3):
            qtbot.keyClick(screen.grid, Qt.Key.Key_Down)
        assert screen.grid.hand.drag.refusal == "Dr Amara Nwosu does not work then"
        qtbot.keyClick(screen.grid, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: screen.findChild(ReasonDialog) is not None)
        dialog = screen.findChild(ReasonDialog)
        qtbot.waitUntil(dialog.isActiveWindow)
        qtbot.keyClick(dialog.reason, Qt.Key.Key_Return)
        assert dialog.isVisible(), "a reason is needed"
        qtbot.keyClicks(dialog.reason, "Pain")
        qtbot.keyClick(dialog.reason, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: f"{_visit(signed_in, visit).local_start:%H:%M}" == "17:45")
