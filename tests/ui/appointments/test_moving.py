"""Appointments led by the mouse and by keys: what the ghost says, and what never happens."""

from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, Qt

from clinic_desktop.domain.schedule import Span
from clinic_desktop.services.appointments import service as appointments
from clinic_desktop.services.appointments.schemas import Booking, StatusChange
from clinic_desktop.ui.appointments.booking import BookingDialog
from clinic_desktop.ui.appointments.columns import By
from clinic_desktop.ui.appointments.grid_mouse import ON_AFTER_MS
from tests.ui.appointments.conftest import DAY
from tests.ui.undoing import take_back

K = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton


def settled(qtbot, screen) -> None:
    qtbot.waitUntil(lambda: screen.desk.operations.quiet)


def reloaded(qtbot, screen) -> None:
    screen.refresh()
    settled(qtbot, screen)


def told_of_nothing(screen) -> None:
    """Leave the screen with the sheet it has: a change that it heard of before waits no longer."""
    screen.topics = frozenset()
    screen._reload_soon.stop()


def stored(signed_in, visit):
    with signed_in.reading() as ctx:
        return appointments.appointment(ctx, visit)


def place(grid, column: int, minute: int) -> QPoint:
    """Return the middle of a slot on the viewport."""
    box = grid.geometry_of_day.box_of(column, Span(minute, minute + grid.slot))
    return grid.on_screen(box).center().toPoint()


def edge(grid, visit, *, upper: bool) -> QPoint:
    rect = grid.on_screen(grid.geometry_of_day.block_of(visit).box)
    return QPoint(int(rect.center().x()), int(rect.top() + 2 if upper else rect.bottom() - 2))


def drag(qtbot, grid, start: QPoint, target: QPoint) -> None:
    """Press, lead there in steps, and hold."""
    view = grid.viewport()
    qtbot.mousePress(view, LEFT, pos=start)
    qtbot.mouseMove(view, start + QPoint(9, 9))
    qtbot.mouseMove(view, (start + target) / 2)
    qtbot.mouseMove(view, target)


def drop(qtbot, grid, target: QPoint) -> None:
    qtbot.mouseRelease(grid.viewport(), LEFT, pos=target)


class TestMouse:
    def test_to_another_time_and_undone(self, calendar, qtbot, clinic, signed_in) -> None:
        visit = clinic.visit(9)
        reloaded(qtbot, calendar)
        grid = calendar.grid
        target = grid.place_of(visit).toPoint() + QPoint(0, 8 * grid.geometry_of_day.row)
        drag(qtbot, grid, grid.place_of(visit).toPoint(), target)
        assert grid.hand.drag.span == Span(11 * 60, 11 * 60 + 30)
        drop(qtbot, grid, target)
        qtbot.waitUntil(lambda: f"{stored(signed_in, visit).local_start:%H:%M}" == "11:00")
        qtbot.waitUntil(lambda: "moved from 09:00 to 11:00" in calendar.desk.messages.current.text)
        take_back(qtbot, calendar.desk)
        qtbot.waitUntil(lambda: f"{stored(signed_in, visit).local_start:%H:%M}" == "09:00")

    def test_the_upper_edge_begins_it_earlier(self, calendar, qtbot, clinic, signed_in) -> None:
        visit = clinic.visit(9, minutes=60)
        reloaded(qtbot, calendar)
        grid = calendar.grid
        start = edge(grid, visit, upper=True)
        target = start - QPoint(0, 2 * grid.geometry_of_day.row)
        drag(qtbot, grid, start, target)
        drop(qtbot, grid, target)
        qtbot.waitUntil(lambda: stored(signed_in, visit).minutes == 90)
        assert f"{stored(signed_in, visit).local_start:%H:%M}" == "08:30"

    def test_longer_is_undone(self, calendar, qtbot, clinic, signed_in) -> None:
        visit = clinic.visit(9)
        reloaded(qtbot, calendar)
        grid = calendar.grid
        start = edge(grid, visit, upper=False)
        target = start + QPoint(0, 2 * grid.geometry_of_day.row)
        drag(qtbot, grid, start, target)
        drop(qtbot, grid, target)
        qtbot.waitUntil(lambda: stored(signed_in, visit).minutes == 60)
        qtbot.waitUntil(lambda: "30 min before, 60 min now" in calendar.desk.messages.current.text)
        take_back(qtbot, calendar.desk)
        qtbot.waitUntil(lambda: stored(signed_in, visit).minutes == 30)

    def test_never_shorter_than_a_slot(self, calendar, qtbot, clinic) -> None:
        visit = clinic.visit(9, minutes=60)
        reloaded(qtbot, calendar)
        grid = calendar.grid
        start = edge(grid, visit, upper=False)
        drag(qtbot, grid, start, start - QPoint(0, 200))
        assert grid.hand.drag.span == Span(9 * 60, 9 * 60 + 15)

    def test_to_another_day_of_the_week(self, calendar, qtbot, clinic, signed_in) -> None:
        visit = clinic.visit(9)
        qtbot.keyClick(calendar.grid, K.Key_7)
        settled(qtbot, calendar)
        grid = calendar.grid
        number = grid.geometry_of_day.block_of(visit).column
        start = grid.place_of(visit).toPoint()
        target = start + QPoint(int(grid.geometry_of_day.column_width), 0)
        drag(qtbot, grid, start, target)
        assert grid.hand.drag.column == number + 1
        drop(qtbot, grid, target)
        qtbot.waitUntil(
            lambda: stored(signed_in, visit).local_start.date() == DAY.date() + timedelta(days=1)
        )
        said = calendar.desk.messages
        qtbot.waitUntil(lambda: "from Wed 12, 09:00 to Thu 13, 09:00" in said.current.text)

    def test_to_another_chair_with_the_same_provider(
        self, calendar, qtbot, clinic, make, signed_in
    ) -> None:
        other = make.chair("Chair 9", position=9)
        visit = clinic.visit(9, chair_id=clinic.chair)
        qtbot.keyClick(calendar.grid, K.Key_R)
        reloaded(qtbot, calendar)
        assert calendar.choices.view.by is By.CHAIR
        grid = calendar.grid
        columns = [column.chair_id for column in grid.geometry_of_day.columns]
        target = place(grid, columns.index(other), 9 * 60)
        drag(qtbot, grid, grid.place_of(visit).toPoint(), target)
        drop(qtbot, grid, target)
        qtbot.waitUntil(lambda: stored(signed_in, visit).chair_id == other)
        assert stored(signed_in, visit).provider_id == clinic.one

    def test_held_still_near_an_edge_the_sheet_goes_on(self, calendar, qtbot, clinic) -> None:
        visit = clinic.visit(9)
        reloaded(qtbot, calendar)
        calendar.resize(1320, 420)
        grid = calendar.grid
        bar = grid.verticalScrollBar()
        qtbot.waitUntil(lambda: bar.maximum() > 100)
        bar.setValue(0)
        edge_of_it = QPoint(grid.place_of(visit).toPoint().x(), grid.viewport().height() - 5)
        drag(qtbot, grid, grid.place_of(visit).toPoint(), edge_of_it)
        reached = grid.hand.drag.span.start
        qtbot.waitUntil(lambda: bar.value() == bar.maximum())
        qtbot.waitUntil(lambda: grid.hand.drag.span.start > reached + 60)
        qtbot.keyClick(grid, K.Key_Escape)
        assert not grid.hand.holds
        bar.setValue(0)
        qtbot.wait(3 * ON_AFTER_MS)
        assert bar.value() == 0, "nothing is held any more"
        drop(qtbot, grid, edge_of_it)

    def test_led_on_while_the_days_are_turned(self, calendar, qtbot, clinic, signed_in) -> None:
        visit = clinic.visit(9)
        reloaded(qtbot, calendar)
        grid = calendar.grid
        start = grid.place_of(visit).toPoint()
        drag(qtbot, grid, start, start + QPoint(0, 40))
        qtbot.keyClick(grid, K.Key_PageDown)
        settled(qtbot, calendar)
        assert grid.current_day() == DAY.date() + timedelta(days=1)
        qtbot.mouseMove(grid.viewport(), start + QPoint(0, 4 * grid.geometry_of_day.row))
        drop(qtbot, grid, start + QPoint(0, 4 * grid.geometry_of_day.row))
        there = (DAY + timedelta(days=1, hours=10)).replace(tzinfo=None)
        qtbot.waitUntil(lambda: stored(signed_in, visit).local_start == there)

    def test_empty_time_is_drawn_upwards(self, calendar, qtbot) -> None:
        grid = calendar.grid
        drag(qtbot, grid, place(grid, 0, 660), place(grid, 0, 630))
        assert grid.hand.drag.span == Span(630, 675)

    def test_drawn_in_a_chair_it_is_booked_there(self, calendar, qtbot, clinic) -> None:
        qtbot.keyClick(calendar.grid, K.Key_R)
        settled(qtbot, calendar)
        grid = calendar.grid
        columns = [column.chair_id for column in grid.geometry_of_day.columns]
        column = columns.index(clinic.chair)
        drag(qtbot, grid, place(grid, column, 600), place(grid, column, 645) + QPoint(0, 8))
        drop(qtbot, grid, place(grid, column, 645))
        dialog = calendar.findChild(BookingDialog)
        assert (dialog.form.chair.value(), dialog.form.provider.value()) == (
            clinic.chair,
            clinic.one,
        )
        assert (dialog.form.time.text(), dialog.form.minutes.value()) == ("10:00", 60)


class TestGhost:
    def test_says_that_it_is_free_once_the_service_has_answered(
        self, calendar, qtbot, clinic
    ) -> None:
        visit = clinic.visit(9)
        reloaded(qtbot, calendar)
        grid = calendar.grid
        drag(qtbot, grid, grid.place_of(visit).toPoint(), place(grid, 0, 660))
        column = grid.geometry_of_day.columns[0]
        qtbot.waitUntil(lambda: grid.hand.drag.known)
        assert grid.hand.drag.words(column, "en_IE").endswith(", free")

    def test_knows_from_the_service_what_this_sheet_has_not_seen(
        self, calendar, qtbot, clinic, make, sign_in
    ) -> None:
        visit = clinic.visit(9)
        reloaded(qtbot, calendar)
        grid = calendar.grid
        # Another computer books; this sheet is told of nothing while it is not reloaded.
        told_of_nothing(calendar)
        patient = make.patient(given="Bo", family="Lund", words=["bo", "lund"])
        with sign_in("u_manager").writing() as ctx:
            start = (DAY + timedelta(hours=11)).replace(tzinfo=None)
            booking = Booking(
                id=clinic.chair, patient_id=patient, provider_id=clinic.one,
                local_start=start, minutes=30,
            )  # fmt: skip
            appointments.book(ctx, booking)
        target = grid.place_of(visit).toPoint() + QPoint(0, 8 * grid.geometry_of_day.row)
        drag(qtbot, grid, grid.place_of(visit).toPoint(), target)
        qtbot.waitUntil(lambda: grid.hand.drag.known)
        assert grid.hand.drag.refusal.startswith("Dr Amara Nwosu already has Bo Lund at 11:00.")

    @pytest.mark.parametrize(
        ("minute", "sentence"),
        [(7 * 60 + 30, "Dr Amara Nwosu does not work then"), (17 * 60 + 45, "does not work then")],
    )
    def test_hours(self, calendar, qtbot, clinic, minute, sentence) -> None:
        clinic.visit(6, clinic.other)
        visit = clinic.visit(9)
        reloaded(qtbot, calendar)
        grid = calendar.grid
        grid.choose(visit)
        qtbot.keyClick(grid, K.Key_Space)
        step = K.Key_Down if minute > 540 else K.Key_Up
        while grid.hand.drag.span.start != minute:
            qtbot.keyClick(grid, step)
        assert sentence in grid.hand.drag.refusal

    def test_the_chair_is_taken(self, calendar, qtbot, clinic, make) -> None:
        visit = clinic.visit(9, chair_id=clinic.chair)
        patient = make.patient(given="Bo", family="Lund", words=["bo", "lund"])
        clinic.visit(11, clinic.other, chair_id=clinic.chair, patient=patient)
        reloaded(qtbot, calendar)
        grid = calendar.grid
        grid.choose(visit)
        qtbot.keyClick(grid, K.Key_Space)
        for _slot in range(8):
            qtbot.keyClick(grid, K.Key_Down)
        assert grid.hand.drag.refusal == "Bo Lund is in Chair 2"

    def test_the_past(self, open_calendar, qtbot, clinic) -> None:
        screen = open_calendar("u_front")
        visit = clinic.visit(9, days=-4000)
        screen.open_at(date=DAY.date() - timedelta(days=4000))
        settled(qtbot, screen)
        screen.grid.choose(visit)
        qtbot.keyClick(screen.grid, K.Key_Space)
        qtbot.keyClick(screen.grid, K.Key_Down)
        assert screen.grid.hand.drag.refusal == "This time is past"


class TestKeys:
    def test_held_led_and_put_there(self, calendar, qtbot, clinic, signed_in) -> None:
        visit = clinic.visit(9)
        reloaded(qtbot, calendar)
        grid = calendar.grid
        grid.choose(visit)
        qtbot.keyClick(grid, K.Key_Space)
        assert "Enter puts it there" in calendar.desk.messages.current.text
        for key in (K.Key_Down, K.Key_Down, K.Key_Right):
            qtbot.keyClick(grid, key)
        qtbot.keyClick(grid, K.Key_Down, SHIFT)
        assert stored(signed_in, visit).version == 1, "nothing is written while it is held"
        qtbot.keyClick(grid, K.Key_Return)
        qtbot.waitUntil(lambda: stored(signed_in, visit).provider_id == clinic.other)
        row = stored(signed_in, visit)
        assert (f"{row.local_start:%H:%M}", row.minutes) == ("09:30", 45)
        qtbot.waitUntil(lambda: grid.chosen() is not None and grid.chosen().version == 2)
        take_back(qtbot, calendar.desk)
        qtbot.waitUntil(lambda: stored(signed_in, visit).provider_id == clinic.one)

    def test_taken_along_to_another_week(self, calendar, qtbot, clinic, signed_in) -> None:
        visit = clinic.visit(9)
        reloaded(qtbot, calendar)
        calendar.grid.choose(visit)
        qtbot.keyClick(calendar.grid, K.Key_Space)
        qtbot.keyClick(calendar.grid, K.Key_Down, Qt.KeyboardModifier.ControlModifier)
        settled(qtbot, calendar)
        assert calendar.grid.hand.by_keys
        qtbot.keyClick(calendar.grid, K.Key_Return)
        there = (DAY + timedelta(days=7, hours=9)).replace(tzinfo=None)
        qtbot.waitUntil(lambda: stored(signed_in, visit).local_start == there)

    def test_put_where_it_was_nothing_is_written(self, calendar, qtbot, clinic, signed_in) -> None:
        visit = clinic.visit(9)
        reloaded(qtbot, calendar)
        calendar.grid.choose(visit)
        for key in (K.Key_Space, K.Key_Down, K.Key_Up, K.Key_Return):
            qtbot.keyClick(calendar.grid, key)
        settled(qtbot, calendar)
        assert stored(signed_in, visit).version == 1
        assert "stays at 09:00" in calendar.desk.messages.current.text

    def test_letters_do_nothing_while_it_is_held(self, calendar, qtbot, clinic, signed_in) -> None:
        visit = clinic.visit(9)
        reloaded(qtbot, calendar)
        calendar.grid.choose(visit)
        for key in (K.Key_Space, K.Key_X, K.Key_C, K.Key_7):
            qtbot.keyClick(calendar.grid, key)
        settled(qtbot, calendar)
        assert calendar.grid.hand.by_keys
        assert stored(signed_in, visit).version == 1

    def test_enter_twice_is_one_move(self, calendar, qtbot, clinic, signed_in) -> None:
        visit = clinic.visit(9)
        reloaded(qtbot, calendar)
        calendar.grid.choose(visit)
        for key in (K.Key_Space, K.Key_Down, K.Key_Return):
            qtbot.keyClick(calendar.grid, key)
        moved = calendar.grid.target(30, calendar.grid.chosen())
        calendar.grid.put_wanted.emit(calendar.grid.chosen(), moved)
        settled(qtbot, calendar)
        assert stored(signed_in, visit).version == 2

    def test_home_and_end(self, calendar, qtbot) -> None:
        qtbot.keyClick(calendar.grid, K.Key_End)
        assert calendar.grid.cell().minute == 17 * 60 + 45
        qtbot.keyClick(calendar.grid, K.Key_Home)
        assert calendar.grid.cell().minute == 8 * 60


class TestNothingChanges:
    """Let go outside, Esc and a lost server: it stays, and a sentence says so."""

    @pytest.mark.parametrize(
        ("way", "sentence"),
        [
            ("escape", "Zofia Wiśniewska stays at 09:00."),
            ("outside", "Let go outside the sheet: Zofia Wiśniewska stays at 09:00."),
            ("lost", "The server does not answer now: Zofia Wiśniewska stays at 09:00."),
        ],
    )
    @pytest.mark.parametrize("how", ["body", "edge", "keys"])
    def test_of_what_is_held(self, calendar, qtbot, clinic, signed_in, way, sentence, how) -> None:
        visit = clinic.visit(9)
        reloaded(qtbot, calendar)
        grid = calendar.grid
        target = place(grid, 1, 660)
        if how == "keys":
            grid.choose(visit)
            for key in (K.Key_Space, K.Key_Down, K.Key_Down):
                qtbot.keyClick(grid, key)
        else:
            at = edge(grid, visit, upper=False) if how == "edge" else grid.place_of(visit).toPoint()
            drag(qtbot, grid, at, target)
        assert grid.hand.holds
        if way == "escape" or (way, how) == ("outside", "keys"):
            # Keys do not leave the sheet: they let go.
            qtbot.keyClick(grid, K.Key_Escape)
            sentence = "Zofia Wiśniewska stays at 09:00."
        elif way == "lost":
            calendar.desk.operations.reach.lost()
        else:
            target = QPoint(-30, -30)
            qtbot.mouseMove(grid.viewport(), target)
        if how != "keys":
            drop(qtbot, grid, target)
        assert not grid.hand.holds
        said = calendar.desk.messages.current.text
        assert said.replace("\u2068", "").replace("\u2069", "") == sentence
        settled(qtbot, calendar)
        assert stored(signed_in, visit).version == 1

    @pytest.mark.parametrize("way", ["escape", "outside", "lost"])
    def test_of_what_is_drawn(self, calendar, qtbot, way) -> None:
        grid = calendar.grid
        target = place(grid, 1, 660)
        drag(qtbot, grid, place(grid, 1, 600), target)
        if way == "escape":
            qtbot.keyClick(grid, K.Key_Escape)
        elif way == "lost":
            calendar.desk.operations.reach.lost()
        else:
            target = QPoint(-30, -30)
        drop(qtbot, grid, target)
        assert "othing was booked" in calendar.desk.messages.current.text
        assert calendar.findChild(BookingDialog) is None

    def test_changed_on_another_pc_meanwhile(self, calendar, qtbot, clinic, sign_in) -> None:
        visit = clinic.visit(9)
        reloaded(qtbot, calendar)
        grid = calendar.grid
        drag(qtbot, grid, grid.place_of(visit).toPoint(), place(grid, 0, 660))
        with sign_in("u_hygienist", device="chair").writing() as ctx:
            appointments.set_status(ctx, StatusChange(id=visit, version=1, to="confirmed"))
        qtbot.waitUntil(lambda: grid.hand.drag is None, timeout=8000)
        assert "was changed on another computer" in calendar.desk.messages.current.text
        drop(qtbot, grid, place(grid, 0, 660))
        with sign_in("u_admin").reading() as ctx:
            assert appointments.appointment(ctx, visit).version == 2

    def test_refused_by_the_database_it_is_back(
        self, calendar, qtbot, clinic, make, sign_in, signed_in
    ) -> None:
        visit = clinic.visit(9)
        reloaded(qtbot, calendar)
        told_of_nothing(calendar)
        grid = calendar.grid
        clinic.visit(11)
        target = grid.place_of(visit).toPoint() + QPoint(0, 8 * grid.geometry_of_day.row)
        drag(qtbot, grid, grid.place_of(visit).toPoint(), target)
        drop(qtbot, grid, target)
        said = calendar.desk.messages
        qtbot.waitUntil(lambda: "already has Zofia Wiśniewska at 11:00" in said.current.text)
        settled(qtbot, calendar)
        assert grid.geometry_of_day.block_of(visit).span == Span(540, 570)

    def test_who_may_not_write_is_told(self, open_calendar, qtbot, clinic, signed_in) -> None:
        screen = open_calendar("u_compliance")
        visit = clinic.visit(9)
        reloaded(qtbot, screen)
        screen.grid.choose(visit)
        for key in (K.Key_Space, K.Key_Down, K.Key_Return):
            qtbot.keyClick(screen.grid, key)
        assert "do not allow moving" in screen.desk.messages.current.text
        assert stored(signed_in, visit).version == 1
