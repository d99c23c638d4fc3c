"""The missing and the doubled hour on the screens, in clinics whose clocks are changed or were."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from clinic_desktop.db.connect import open_connection
from clinic_desktop.domain.local_time import LocalDay, instant_of, local_of
from clinic_desktop.domain.schedule import Span
from clinic_desktop.models import SpecialTime
from clinic_desktop.services.appointments import service as appointments
from clinic_desktop.ui.appointments.booking import BookingDialog
from clinic_desktop.ui.appointments.choices import Kind
from clinic_desktop.ui.appointments.geometry import Cell
from tests.ui.appointments.test_moving import drag, drop

K = Qt.Key
# A time that the clocks skip on a day, and what they show in its place.
MISSING = [
    pytest.param("Europe/Madrid", date(2031, 3, 30), time(2, 30), time(3, 30), id="Madrid"),
    pytest.param("Australia/Lord_Howe", date(2031, 10, 5), time(2, 15), time(2, 45), id="Howe"),
    # Brazil and Nepal have done it in the past: who keeps old books meets it.
    pytest.param("America/Sao_Paulo", date(2018, 11, 4), time(0, 30), time(1, 30), id="Paulo"),
    pytest.param("Asia/Kathmandu", date(1986, 1, 1), time(0, 10), time(0, 25), id="Kathmandu"),
]
DOUBLED = [
    pytest.param("Europe/Madrid", date(2031, 10, 26), time(2, 30), id="Madrid"),
    pytest.param("Australia/Lord_Howe", date(2031, 4, 6), time(1, 45), id="Howe"),
    pytest.param("America/Sao_Paulo", date(2019, 2, 16), time(23, 30), id="Paulo"),
]


@dataclass
class Night:
    """A calendar of a clinic elsewhere, on the night on which its clocks are changed."""

    qtbot: Any
    calendar: Any
    clinic: Any
    zone: ZoneInfo
    day: date

    def settle(self) -> None:
        self.qtbot.waitUntil(lambda: self.calendar.desk.operations.quiet)

    @property
    def column(self) -> Any:
        geometry = self.calendar.grid.geometry_of_day
        return next(one for one in geometry.columns if one.sheet.day == self.day)

    def times(self) -> set[time]:
        """Return all that can be booked on the night, as the sheet tells it."""
        column = self.column
        return {
            column.local_at(minute + column.shift).time()
            for minute in range(0, column.day.minutes, 5)
        }

    def form(self) -> BookingDialog:
        """Open the form with Enter on the night's first slot, for a patient who is known."""
        grid = self.calendar.grid
        grid.setFocus()
        grid.go(Cell(0, grid.geometry_of_day.first))
        self.qtbot.keyClick(grid, K.Key_Return)

        def opened() -> Any:
            window = QApplication.activeWindow()
            return window if isinstance(window, BookingDialog) else None

        self.qtbot.waitUntil(lambda: opened() is not None)
        dialog = opened()
        dialog.form.patient.set_patient(self.clinic.patient, "Zofia Wiśniewska")
        self.settle()
        return dialog

    def write(self, line: Any, words: str) -> None:
        line.setFocus()
        line.selectAll()
        self.qtbot.keyClicks(line, words)
        self.qtbot.keyClick(line, K.Key_Tab)


@pytest.fixture
def night_of(qtbot, database, open_calendar, clinic, make):
    def night(zone: str, day: date, login: str = "u_front") -> Night:
        with open_connection(database.superuser()) as connection:
            connection.execute("SET ROLE clinic_owner")
            connection.execute("UPDATE clinic.clinic SET zone = %s, version = version + 1", (zone,))
        for days in (-1, 0):
            start = datetime.combine(day + timedelta(days=days), time())
            make.row(
                SpecialTime,
                provider_id=clinic.one,
                kind="open",
                starts=start,
                ends=start + timedelta(hours=23, minutes=59),
            )
        return Night(qtbot, open_calendar(login, date=day), clinic, ZoneInfo(zone), day)

    return night


def visit_at(make, night: Night, local: datetime, *, second: bool = False, minutes: int = 30):
    starts = instant_of(local, night.zone, second=second)
    visit = make.appointment(
        night.clinic.patient,
        night.clinic.one,
        starts_at=starts,
        minutes=minutes,
        local_start=local,
        zone=night.zone.key,
    )
    night.calendar.refresh()
    night.qtbot.waitUntil(lambda: night.calendar.grid.geometry_of_day.block_of(visit) is not None)
    return visit


def stored(sign_in, visit):
    with sign_in("u_admin").reading() as ctx:
        return appointments.appointment(ctx, visit)


def found(sign_in, patient):
    with sign_in("u_admin").reading() as ctx:
        return appointments.visits_of(ctx, patient)


def plain(words: str) -> str:
    return words.replace("\u2068", "").replace("\u2069", "")


@pytest.mark.parametrize(("zone", "day", "missing", "instead"), MISSING)
class TestMissing:
    def test_the_sheet_has_no_such_time(self, night_of, qtbot, zone, day, missing, instead) -> None:
        night = night_of(zone, day)
        grid, change = night.calendar.grid, night.column.day.change
        assert missing not in night.times()
        assert instead in night.times()
        said = grid.parts()[0].name
        assert f"The clocks go forward: {change.before:%H:%M} is {change.after:%H:%M}" in said
        if change.minute:
            # One key further it is later by more than a slot.
            grid.go(Cell(0, change.minute - grid.slot))
            qtbot.keyClick(grid, K.Key_Down)
        else:
            qtbot.keyClick(grid, K.Key_Home)
        assert grid.spoken().startswith(f"{change.after:%H:%M}, free")

    def test_nor_has_the_week(self, night_of, qtbot, zone, day, missing, instead) -> None:
        night = night_of(zone, day)
        qtbot.keyClick(night.calendar.grid, K.Key_7)
        night.settle()
        assert len(night.calendar.grid.geometry_of_day.days) > 1
        assert missing not in night.times()
        assert instead in night.times()
        # Nine is where nine is on the other days.
        assert night.column.local_at(9 * 60).time() == time(9)

    def test_typed_it_is_said_at_the_field_and_the_next_one_offered(
        self, night_of, qtbot, sign_in, zone, day, missing, instead
    ) -> None:
        night = night_of(zone, day, "u_manager")
        dialog = night.form()
        field = dialog.form.fields["time"]
        night.write(dialog.form.time, f"{missing:%H:%M}")
        assert field.sentence().endswith(f"{missing:%H:%M} does not exist.")
        assert "The clocks go forward on" in field.sentence()
        assert dialog.form.time.accessibleDescription() == field.sentence()
        qtbot.keyClick(dialog, K.Key_Return, Qt.KeyboardModifier.ControlModifier)
        night.settle()
        assert dialog.isVisible(), "nothing is sent"
        offer = field._act
        assert (offer.isVisible(), offer.text()) == (True, f"Take {instead:%H:%M}")
        offer.setFocus()
        qtbot.keyClick(offer, K.Key_Space)
        assert dialog.form.time.text() == f"{instead:%H:%M}"
        assert (field.sentence(), offer.isVisible()) == ("", False)
        assert dialog.form.time.hasFocus()
        qtbot.keyClick(dialog.form.time, K.Key_Return)
        night.settle()
        if dialog.isVisible():
            # In the past: who may, says why.
            qtbot.waitUntil(lambda: dialog.form.reason.isVisible())
            qtbot.keyClicks(dialog.form.reason, "from the old book")
            qtbot.keyClick(dialog.form.reason, K.Key_Return)
        qtbot.waitUntil(lambda: not dialog.isVisible())
        (row,) = found(sign_in, night.clinic.patient)
        assert row.local_start == datetime.combine(day, instead)
        assert local_of(row.starts_at, night.zone) == row.local_start

    def test_another_day_typed_later_is_looked_at_too(
        self, night_of, zone, day, missing, instead
    ) -> None:
        dialog = night_of(zone, day).form()
        night_before = day - timedelta(days=1)
        field = dialog.form.fields["time"]
        dialog.form.day.set_value(night_before)
        dialog.form.time.setFocus()
        dialog.form.time.set_value(missing)
        assert field.validate()
        dialog.form.day.setFocus()
        dialog.form.day.set_value(day)
        dialog.form.time.setFocus()
        assert "does not exist" in field.sentence()
        dialog.form.day.setFocus()
        dialog.form.day.set_value(night_before)
        dialog.form.time.setFocus()
        assert field.sentence() == ""

    def test_put_on_the_day_in_the_month_it_stays(
        self, night_of, qtbot, make, sign_in, zone, day, missing, instead
    ) -> None:
        night = night_of(zone, day, "u_manager")
        calendar = night.calendar
        before = day - timedelta(days=1)
        qtbot.keyClick(calendar.grid, K.Key_Left, Qt.KeyboardModifier.ControlModifier)
        night.settle()
        visit = visit_at(make, night, datetime.combine(before, missing))
        calendar.grid.choose(visit)
        qtbot.keyClick(calendar.grid, K.Key_P)
        calendar._switching.to(kind=Kind.MONTH)
        qtbot.waitUntil(lambda: calendar.is_month and calendar.desk.operations.quiet)
        calendar.month.go_to(day)
        qtbot.keyClick(calendar.month, K.Key_V)
        said = calendar.desk.messages
        qtbot.waitUntil(lambda: f"Take {instead:%H:%M}." in said.current.text)
        night.settle()
        assert calendar.parked.holds(visit)
        assert stored(sign_in, visit).local_start == datetime.combine(before, missing)


@pytest.mark.parametrize(("zone", "day", "missing", "instead"), MISSING[:2])
def test_led_over_the_missing_hour_its_end_is_told_as_it_is(
    night_of, qtbot, make, sign_in, zone, day, missing, instead
) -> None:
    night = night_of(zone, day)
    grid, change = night.calendar.grid, night.column.day.change
    begins = night.column.local_at(change.minute - 60)
    visit = visit_at(make, night, begins)
    grid.verticalScrollBar().setValue(0)
    start = grid.place_of(visit).toPoint()
    target = start + QPoint(0, 3 * grid.geometry_of_day.row)
    drag(qtbot, grid, start, target)
    held = grid.hand.drag
    assert held.span == Span(change.minute - 15, change.minute + 15)
    ends = (datetime.combine(day, change.after) + timedelta(minutes=15)).time()
    told = f"{begins + timedelta(minutes=45):%H:%M}–{ends:%H:%M}"
    assert held.words(night.column, "en_IE") == told
    qtbot.waitUntil(lambda: held.words(night.column, "en_IE") == f"{told}, free")
    drop(qtbot, grid, target)
    qtbot.waitUntil(lambda: stored(sign_in, visit).version == 2)
    row = stored(sign_in, visit)
    assert row.local_start == begins + timedelta(minutes=45)
    assert row.minutes == 30


@pytest.mark.parametrize(("zone", "day", "twice"), DOUBLED)
class TestDoubled:
    def test_both_stand_on_the_sheet_and_the_second_says_so(
        self, night_of, make, zone, day, twice
    ) -> None:
        night = night_of(zone, day)
        grid = night.calendar.grid
        local = datetime.combine(day, twice)
        first = visit_at(make, night, local, minutes=10)
        second = visit_at(make, night, local, second=True, minutes=10)
        change = night.column.day.change
        spans = [grid.geometry_of_day.block_of(one).span for one in (first, second)]
        assert spans[0].end <= change.minute <= spans[1].start
        names = [item.name for item in grid.parts()[0].items]
        assert [name.split(",")[0] for name in names] == [
            f"{twice:%H:%M}", f"{twice:%H:%M} again",
        ]  # fmt: skip
        said = grid.parts()[0].name
        words = f"{change.before:%H:%M} is {change.after:%H:%M} again"
        assert f"The clocks go back: {words}" in said

    @pytest.mark.parametrize("second", [False, True])
    def test_typed_it_is_asked_which(
        self, night_of, qtbot, sign_in, zone, day, twice, second
    ) -> None:
        night = night_of(zone, day, "u_manager")
        dialog = night.form()
        which = dialog.form.when.which
        assert not which.isVisible()
        night.write(dialog.form.time, f"{twice:%H:%M}")
        assert which.isVisible()
        assert "show this time twice" in which.sentence()
        parts = dialog.form.when._hours._group.buttons()
        words = [f"{twice:%H:%M}", f"{twice:%H:%M} again"]
        assert [one.text() for one in parts] == words
        if second:
            parts[0].setFocus()
            qtbot.keyClick(parts[0], K.Key_Right)
        dialog.form.time.setFocus()
        qtbot.keyClick(dialog.form.time, K.Key_Return)
        night.settle()
        if dialog.isVisible():
            qtbot.waitUntil(lambda: dialog.form.reason.isVisible())
            qtbot.keyClicks(dialog.form.reason, "from the old book")
            qtbot.keyClick(dialog.form.reason, K.Key_Return)
        qtbot.waitUntil(lambda: not dialog.isVisible())
        (row,) = found(sign_in, night.clinic.patient)
        local = datetime.combine(day, twice)
        assert row.starts_at == instant_of(local, night.zone, second=second)
        assert row.is_second_hour is second

    def test_from_a_slot_of_the_second_hour_it_is_the_second(
        self, night_of, qtbot, zone, day, twice
    ) -> None:
        night = night_of(zone, day)
        grid = night.calendar.grid
        grid.go(Cell(0, night.column.day.change.minute))
        assert " again, free" in grid.spoken()
        qtbot.keyClick(grid, K.Key_Return)
        qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), BookingDialog))
        dialog = QApplication.activeWindow()
        assert dialog.form.when.which.isVisible()
        assert dialog.form.when.second
        night.write(dialog.form.time, "09:00")
        assert not dialog.form.when.which.isVisible()
        assert not dialog.form.when.second

    def test_beside_other_days_all_of_it_is_there(
        self, night_of, qtbot, make, zone, day, twice
    ) -> None:
        """The first hour of such a day lies before the axis of the others."""
        night = night_of(zone, day)
        early = visit_at(make, night, datetime.combine(day, time(0, 15)))
        qtbot.keyClick(night.calendar.grid, K.Key_3)
        night.settle()
        grid = night.calendar.grid
        block = grid.geometry_of_day.block_of(early)
        assert block.box.y >= 0
        assert night.column.local_at(block.span.start).time() == time(0, 15)


def test_a_day_without_a_change_says_nothing(night_of) -> None:
    """Kathmandu and São Paulo today."""
    for zone in ("Asia/Kathmandu", "America/Sao_Paulo"):
        days = (date(2031, 1, 1) + timedelta(days=n) for n in range(366))
        assert all(LocalDay(day, ZoneInfo(zone)).change is None for day in days)
    night = night_of("Asia/Kathmandu", date(2031, 3, 12))
    assert "clocks" not in night.calendar.grid.parts()[0].name
    assert night.column.local_at(9 * 60).time() == time(9)
    assert night.column.day.start == datetime(2031, 3, 11, 18, 15, tzinfo=UTC)
