"""The calendar day on a real clinic, by keys and mouse."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel

from clinic_desktop.models import WorkingTime
from clinic_desktop.services.appointments import service as appointments
from clinic_desktop.ui.appointments.booking import BookingDialog
from clinic_desktop.ui.appointments.geometry import Cell
from clinic_desktop.ui.appointments.view import CalendarScreen

ALT, SHIFT, CONTROL = (
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
)
# A day far ahead, so that nothing lies in the past while the test runs.
DAY = datetime(2031, 3, 12, tzinfo=ZoneInfo("Europe/Dublin"))


@pytest.fixture
def clinic(make):
    class Clinic:
        chair = make.chair("Chair 2")
        one = make.provider("Dr Amara Nwosu", chair_id=chair, position=1)
        other = make.provider("Dr Tomás Echeverría", position=2)
        treatment = make.treatment(minutes=45)
        patient = make.patient(given="Zofia", family="Wiśniewska", words=["zofia", "wisniewska"])

        def visit(self, hour: int, provider=None, **values):
            return make.appointment(
                self.patient,
                provider or self.one,
                starts_at=(DAY + timedelta(hours=hour)).astimezone(UTC),
                minutes=30,
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
def calendar(qtbot, desk_of, clinic):
    screen = CalendarScreen(desk_of("u_front"))
    qtbot.addWidget(screen)
    screen.resize(1200, 860)
    screen.open_at(date=DAY.date())
    screen.show()
    qtbot.waitUntil(lambda: screen.grid.geometry_of_day is not None)
    return screen


def _reloaded(qtbot, screen, count: int) -> None:
    screen.refresh()
    qtbot.waitUntil(lambda: len(screen.grid.geometry_of_day.blocks) == count)


def _visit(signed_in, visit_id):
    with signed_in.reading() as ctx:
        return appointments.appointment(ctx, visit_id)


class TestKeys:
    def test_book_a_known_patient_into_a_visible_slot(self, calendar, qtbot, clinic) -> None:
        calendar.grid._cell = Cell(0, 9 * 60)
        qtbot.keyClick(calendar.grid, Qt.Key.Key_Return)
        dialog = calendar.findChild(BookingDialog)
        qtbot.keyClicks(dialog.patient.search, "zof")
        qtbot.waitUntil(lambda: dialog.patient.finds.count() == 1)
        qtbot.waitUntil(lambda: len(dialog._treatments) == 1)
        dialog.service.set_value(clinic.treatment)
        dialog._service_chosen(clinic.treatment)
        dialog.save()
        qtbot.waitUntil(lambda: len(calendar.grid.geometry_of_day.blocks) == 1)
        visit = calendar.grid.geometry_of_day.blocks[0].visit
        assert (visit.patient, f"{visit.local_start:%H:%M}", visit.minutes) == (
            "Zofia Wiśniewska",
            "09:00",
            45,
        )

    def test_nobody_chosen_is_said_at_the_field(self, calendar, qtbot) -> None:
        qtbot.keyClick(calendar.grid, Qt.Key.Key_Return)
        dialog = calendar.findChild(BookingDialog)
        dialog.save()
        said = [label.text() for label in dialog._fields["patient_id"].findChildren(QLabel)]
        assert "Choose the patient." in said

    def test_move_and_undo(self, calendar, qtbot, clinic, signed_in) -> None:
        visit = clinic.visit(9)
        _reloaded(qtbot, calendar, 1)
        calendar.grid.choose(visit)
        qtbot.keyClick(calendar.grid, Qt.Key.Key_Down, ALT)
        qtbot.waitUntil(lambda: f"{_visit(signed_in, visit).local_start:%H:%M}" == "09:15")
        qtbot.waitUntil(lambda: calendar.desk.messages.undo_left > 0)
        calendar.desk.messages.undo()
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
        calendar.grid.move_wanted.emit(
            calendar.grid.geometry_of_day.block_of(second).visit, clinic.one, 9 * 60 + 15
        )
        qtbot.waitUntil(lambda: "Zofia" in calendar.desk.messages.current.text)
        assert f"{_visit(signed_in, second).local_start:%H:%M}" == "10:00"
        assert f"{_visit(signed_in, first).local_start:%H:%M}" == "09:00"

    def test_walking_days(self, calendar, qtbot) -> None:
        qtbot.keyClick(calendar.grid, Qt.Key.Key_Right, CONTROL)
        qtbot.waitUntil(lambda: calendar._sheet.day == DAY.date() + timedelta(days=1))

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
        assert grid._drag.begun
        qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=target)
        qtbot.waitUntil(lambda: _visit(signed_in, visit).provider_id == clinic.other)

    def test_ghost_says_why_not(self, calendar, qtbot, clinic) -> None:
        taken, visit = clinic.visit(9, clinic.other), clinic.visit(9)
        _reloaded(qtbot, calendar, 2)
        grid = calendar.grid
        view, start = grid.viewport(), grid.place_of(visit).toPoint()
        qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=start)
        qtbot.mouseMove(view, start + QPoint(20, 20))
        qtbot.mouseMove(view, grid.place_of(taken).toPoint())
        assert grid._drag.refusal == "Dr Tomás Echeverría has Zofia Wiśniewska"
        qtbot.keyClick(grid, Qt.Key.Key_Escape)
        assert grid._drag is None

    def test_painting_many(self, calendar, qtbot, clinic) -> None:
        for hour in range(8, 17):
            clinic.visit(hour)
            clinic.visit(hour, clinic.other, status="missed")
        _reloaded(qtbot, calendar, 18)
        assert not calendar.grid.grab().isNull()
