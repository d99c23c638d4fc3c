"""Carried to another day: parked by key or mouse, still booked, put down by key or mouse."""

from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, Qt

from clinic_desktop.services.appointments import service as appointments
from clinic_desktop.services.appointments.schemas import StatusChange
from tests.ui.appointments.conftest import DAY
from tests.ui.appointments.test_moving import drag, place, reloaded, settled, stored
from tests.ui.undoing import take_back

K = Qt.Key
LEFT = Qt.MouseButton.LeftButton


def parked(screen) -> list:
    items = [screen.parking.list.item(row) for row in range(screen.parking.list.count())]
    return [item.data(Qt.ItemDataRole.UserRole).id for item in items]


@pytest.fixture
def with_one(calendar, qtbot, clinic):
    """The calendar with one appointment at nine, parked by its key."""
    visit = clinic.visit(9, minutes=45)
    reloaded(qtbot, calendar)
    calendar.grid.choose(visit)
    qtbot.keyClick(calendar.grid, K.Key_P)
    return calendar, visit


class TestPark:
    def test_listed_and_still_booked(self, with_one, signed_in) -> None:
        calendar, visit = with_one
        assert parked(calendar) == [visit]
        item = calendar.parking.list.item(0)
        assert item.text() == "Zofia Wiśniewska, 45 min · Wed 12, 09:00"
        assert "stays booked for 09:00" in calendar.desk.messages.current.text
        assert calendar.grid.accessibleDescription().endswith(", parked")
        row = stored(signed_in, visit)
        assert (row.version, row.status) == (1, "pending")

    def test_undone(self, with_one, qtbot) -> None:
        calendar, _visit = with_one
        take_back(qtbot, calendar.desk)
        assert parked(calendar) == []

    def test_the_key_lets_it_out_again(self, with_one, qtbot) -> None:
        calendar, _visit = with_one
        qtbot.keyClick(calendar.grid, K.Key_P)
        assert parked(calendar) == []
        assert "not parked any more" in calendar.desk.messages.current.text

    def test_delete_in_the_list_lets_it_out(self, with_one, qtbot, signed_in) -> None:
        calendar, visit = with_one
        qtbot.keyClick(calendar.parking.list, K.Key_Delete)
        assert parked(calendar) == []
        assert stored(signed_in, visit).status == "pending"

    def test_nothing_chosen_is_said(self, calendar, qtbot) -> None:
        qtbot.keyClick(calendar.grid, K.Key_P)
        assert "Choose the appointment" in calendar.desk.messages.current.text
        qtbot.keyClick(calendar.grid, K.Key_V)
        assert "Nothing is parked" in calendar.desk.messages.current.text

    def test_what_is_over_cannot_be_parked(self, calendar, qtbot, clinic) -> None:
        visit = clinic.visit(9, status="missed")
        reloaded(qtbot, calendar)
        calendar.grid.choose(visit)
        qtbot.keyClick(calendar.grid, K.Key_P)
        assert parked(calendar) == []
        assert "missed" in calendar.desk.messages.current.text

    def test_dragged_onto_the_panel(self, calendar, qtbot, clinic, signed_in) -> None:
        visit = clinic.visit(9)
        reloaded(qtbot, calendar)
        grid, view = calendar.grid, calendar.grid.viewport()
        middle = calendar.parking.mapToGlobal(calendar.parking.rect().center())
        target = view.mapFromGlobal(middle)
        drag(qtbot, grid, grid.place_of(visit).toPoint(), target)
        qtbot.mouseRelease(view, LEFT, pos=target)
        assert parked(calendar) == [visit]
        assert stored(signed_in, visit).version == 1

    def test_dragged_out_of_the_month(self, calendar, qtbot, clinic) -> None:
        visit = clinic.visit(9)
        qtbot.keyClick(calendar.grid, K.Key_0)
        settled(qtbot, calendar)
        view = calendar.month.viewport()
        start = calendar.month.place_of(visit).toPoint()
        target = view.mapFromGlobal(calendar.parking.mapToGlobal(calendar.parking.rect().center()))
        qtbot.mousePress(view, LEFT, pos=start)
        qtbot.mouseMove(view, start + QPoint(12, 9))
        qtbot.mouseMove(view, target)
        qtbot.mouseRelease(view, LEFT, pos=target)
        assert parked(calendar) == [visit]


class TestKept:
    def test_another_view_another_day_and_a_restart(
        self, with_one, qtbot, open_calendar, signed_in
    ) -> None:
        calendar, visit = with_one
        for key in (K.Key_7, K.Key_PageDown, K.Key_0):
            qtbot.keyClick(calendar.sheet, key)
            settled(qtbot, calendar)
            assert parked(calendar) == [visit]
        again = open_calendar("u_front")
        assert parked(again) == [visit]
        assert open_calendar("u_manager").choices.parked() == ()

    def test_cancelled_elsewhere_it_is_not_carried_any_more(self, with_one, qtbot, sign_in) -> None:
        calendar, visit = with_one
        with sign_in("u_manager", device="office").writing() as ctx:
            change = StatusChange(id=visit, version=1, to="cancelled", reason="Unwell")
            appointments.set_status(ctx, change)
        qtbot.waitUntil(lambda: parked(calendar) == [], timeout=8000)
        assert calendar.choices.parked() == ()


class TestPutDown:
    def test_by_its_key_on_another_day(self, with_one, qtbot, signed_in) -> None:
        calendar, visit = with_one
        qtbot.keyClick(calendar.grid, K.Key_PageDown)
        settled(qtbot, calendar)
        for _slot in range(4):
            qtbot.keyClick(calendar.grid, K.Key_Down)
        qtbot.keyClick(calendar.grid, K.Key_V)
        qtbot.waitUntil(lambda: stored(signed_in, visit).version == 2)
        row = stored(signed_in, visit)
        assert row.local_start == (DAY + timedelta(days=1, hours=10)).replace(tzinfo=None)
        assert row.minutes == 45
        qtbot.waitUntil(lambda: parked(calendar) == [])
        settled(qtbot, calendar)
        take_back(qtbot, calendar.desk)
        qtbot.waitUntil(lambda: stored(signed_in, visit).local_start.date() == DAY.date())
        qtbot.waitUntil(lambda: parked(calendar) == [visit])

    def test_on_a_taken_place_it_stays_parked(
        self, with_one, qtbot, clinic, make, signed_in
    ) -> None:
        calendar, visit = with_one
        other = make.patient(given="Bo", family="Lund", words=["bo", "lund"])
        clinic.visit(9, days=1, patient=other)
        qtbot.keyClick(calendar.grid, K.Key_PageDown)
        settled(qtbot, calendar)
        qtbot.keyClick(calendar.grid, K.Key_V)
        said = calendar.desk.messages
        qtbot.waitUntil(lambda: "already has Bo Lund at 09:00" in said.current.text)
        assert parked(calendar) == [visit]
        assert stored(signed_in, visit).version == 1

    def test_held_by_keys_from_the_list(self, with_one, qtbot, signed_in) -> None:
        calendar, visit = with_one
        qtbot.keyClick(calendar.grid, K.Key_PageDown)
        settled(qtbot, calendar)
        calendar.parking.list.setFocus()
        qtbot.keyClick(calendar.parking.list, K.Key_Return)
        assert calendar.grid.hand.by_keys
        qtbot.keyClick(calendar.grid, K.Key_Right)
        qtbot.keyClick(calendar.grid, K.Key_Escape)
        assert "stays in the parking" in calendar.desk.messages.current.text
        assert parked(calendar) == [visit]
        calendar.parking.list.setFocus()
        qtbot.keyClick(calendar.parking.list, K.Key_Return)
        qtbot.keyClick(calendar.grid, K.Key_Right)
        qtbot.keyClick(calendar.grid, K.Key_Return)
        qtbot.waitUntil(lambda: stored(signed_in, visit).version == 2)
        qtbot.waitUntil(lambda: parked(calendar) == [])

    @pytest.mark.parametrize("way", ["drop", "outside", "lost"])
    def test_dragged_from_the_panel(self, with_one, qtbot, clinic, signed_in, way) -> None:
        calendar, visit = with_one
        qtbot.keyClick(calendar.grid, K.Key_PageDown)
        settled(qtbot, calendar)
        grid, source = calendar.grid, calendar.parking.list
        view = source.viewport()
        start = source.place_of(visit)
        there = grid.viewport().mapToGlobal(place(grid, 1, 11 * 60))
        if way == "outside":
            there = calendar.mapToGlobal(QPoint(40, 4))
        target = view.mapFromGlobal(there)
        qtbot.mousePress(view, LEFT, pos=start)
        qtbot.mouseMove(view, start + QPoint(-9, 9))
        qtbot.mouseMove(view, target)
        assert grid.hand.holds
        if way == "lost":
            calendar.desk.operations.reach.lost()
        qtbot.mouseRelease(view, LEFT, pos=target)
        if way == "drop":
            qtbot.waitUntil(lambda: stored(signed_in, visit).version == 2)
            row = stored(signed_in, visit)
            assert (row.provider_id, row.local_start.hour) == (clinic.other, 11)
            qtbot.waitUntil(lambda: parked(calendar) == [])
        else:
            assert "stays in the parking" in calendar.desk.messages.current.text
            assert parked(calendar) == [visit]
            assert stored(signed_in, visit).version == 1

    def test_in_the_month_by_key_and_by_mouse(self, with_one, qtbot, signed_in) -> None:
        calendar, visit = with_one
        qtbot.keyClick(calendar.grid, K.Key_0)
        settled(qtbot, calendar)
        qtbot.keyClick(calendar.month, K.Key_Right)
        qtbot.keyClick(calendar.month, K.Key_V)
        day = DAY.date() + timedelta(days=1)
        qtbot.waitUntil(lambda: stored(signed_in, visit).local_start.date() == day)
        settled(qtbot, calendar)
        assert stored(signed_in, visit).local_start.hour == 9
        qtbot.waitUntil(lambda: parked(calendar) == [])
        qtbot.keyClick(calendar.month, K.Key_P)
        source, view = calendar.parking.list, calendar.parking.list.viewport()
        wanted = DAY.date() + timedelta(days=6)
        there = calendar.month.viewport().mapToGlobal(
            calendar.month.rect_of(wanted).center().toPoint()
        )
        start = source.place_of(visit)
        qtbot.mousePress(view, LEFT, pos=start)
        qtbot.mouseMove(view, start + QPoint(-9, 9))
        qtbot.mouseMove(view, view.mapFromGlobal(there))
        qtbot.mouseRelease(view, LEFT, pos=view.mapFromGlobal(there))
        qtbot.waitUntil(lambda: stored(signed_in, visit).local_start.date() == wanted)
