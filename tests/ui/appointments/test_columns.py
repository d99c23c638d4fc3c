"""Columns of days and chairs, and the days around a date: pure arithmetic, no window."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from clinic_desktop.domain.schedule import Span
from clinic_desktop.services.appointments.schemas import AppointmentRow
from clinic_desktop.services.appointments.sheet_schemas import ChairSlot, DaySheet, ProviderColumn
from clinic_desktop.ui.appointments.choices import Kind
from clinic_desktop.ui.appointments.columns import By, columns_of
from clinic_desktop.ui.appointments.geometry import SheetGeometry
from clinic_desktop.ui.appointments.period import FIRST_DAY, LAST_DAY, period, within
from clinic_desktop.ui.appointments.standing import target_of

DUBLIN = ZoneInfo("Europe/Dublin")
ONE, OTHER, CHAIR = UUID(int=1), UUID(int=2), UUID(int=9)


def provider(key: UUID, chair: UUID | None) -> ProviderColumn:
    working = (Span(8 * 60, 12 * 60),)
    return ProviderColumn(
        key, f"Dr {key.int}", "Dr", "dentist", "", chair, "", True, working, (), 0
    )


def visit(key: int, day: date, hour: float, minutes: int, chair: UUID | None) -> AppointmentRow:
    start = datetime.combine(day, time(), DUBLIN) + timedelta(hours=hour)
    ends = start + timedelta(minutes=minutes)
    return AppointmentRow(
        UUID(int=key), 1, UUID(int=7), ONE, chair, start.astimezone(UTC), ends.astimezone(UTC),
        start.replace(tzinfo=None), "Europe/Dublin", "pending", None, None, None, None, "", "", "",
        "desk", "Zofia", "", "", "Dr", "", "",
    )  # fmt: skip


def sheet(day: date, *visits: AppointmentRow) -> DaySheet:
    return DaySheet(
        day, "Europe/Dublin", datetime(2031, 3, 12, 14, tzinfo=UTC), 15,
        (provider(ONE, CHAIR), provider(OTHER, None)), (ChairSlot(CHAIR, "Chair 2"),), visits,
    )  # fmt: skip


class TestColumns:
    DAY = date(2031, 3, 12)

    def test_a_chair_that_nobody_uses_any_more_is_not_lost(self) -> None:
        gone = visit(30, self.DAY, 9, 30, UUID(int=77))
        columns = columns_of([sheet(self.DAY, gone)], by=By.CHAIR)
        assert [(column.title, column.visits) for column in columns] == [
            ("Chair 2", ()),
            ("No chair yet", (gone,)),
        ]
        # Put down in its own column it keeps its chair; in another it takes that one.
        assert target_of(columns[1], Span(600, 630), gone).chair_id == UUID(int=77)
        assert target_of(columns[0], Span(600, 630), gone).chair_id == CHAIR

    def test_whom_is_shown_and_nobody_left_of_them(self) -> None:
        days = [sheet(self.DAY)]
        assert [c.title for c in columns_of(days, by=By.PROVIDER, shown={OTHER})] == ["Dr 2"]
        assert len(columns_of(days, by=By.PROVIDER, shown={UUID(int=99)})) == 2

    def test_another_provider_brings_their_chair(self) -> None:
        mine = visit(30, self.DAY, 9, 30, UUID(int=77))
        one, other = columns_of([sheet(self.DAY, mine)], by=By.PROVIDER)
        assert target_of(one, Span(600, 630), mine).chair_id == UUID(int=77)
        assert target_of(other, Span(600, 630), mine).chair_id is None

    def test_nine_is_nine_when_the_clocks_change(self) -> None:
        sunday = date(2031, 3, 30)
        days = [sheet(sunday - timedelta(days=1)), sheet(sunday, visit(30, sunday, 10, 30, None))]
        columns = columns_of(days, by=By.PROVIDER, shown={ONE})
        assert [column.shift for column in columns] == [0, 60]
        spans = [column.booked_span(one) for column in columns for one in column.visits]
        assert spans == [Span(600, 630)]
        assert columns[1].local_at(600).time() == time(10)
        assert columns[1].minute_of(columns[1].visits[0].starts_at) == 600

    def test_short_ones_stand_beside_each_other(self) -> None:
        first, second = (visit(30 + n, self.DAY, 9 + n / 12, 5, None) for n in range(2))
        columns = columns_of([sheet(self.DAY, first, second)], by=By.PROVIDER, shown={ONE})
        coarse = SheetGeometry(columns, width=400, slot=15, row=16).blocks
        assert coarse[0].box.x + coarse[0].box.width <= coarse[1].box.x
        fine = SheetGeometry(columns, width=400, slot=5, row=16).blocks
        assert fine[0].box.x == fine[1].box.x


class TestPeriod:
    @pytest.mark.parametrize(
        ("kind", "locale", "first", "count"),
        [
            (Kind.DAY, "en_IE", date(2031, 3, 12), 1),
            (Kind.THREE, "en_IE", date(2031, 3, 12), 3),
            (Kind.WEEK, "en_IE", date(2031, 3, 10), 7),
            (Kind.WEEK, "en_US", date(2031, 3, 9), 7),
            (Kind.MONTH, "en_IE", date(2031, 2, 24), 42),
            (Kind.MONTH, "pt_BR", date(2031, 2, 23), 42),
        ],
    )
    def test_days(self, kind, locale, first, count) -> None:
        found = period(kind, date(2031, 3, 12), locale)
        assert (found.first, found.count) == (first, count)

    def test_a_month_of_four_weeks(self) -> None:
        assert period(Kind.MONTH, date(2027, 2, 12), "en_IE").count == 28

    @pytest.mark.parametrize(
        ("day", "steps", "there"),
        [
            (date(2031, 1, 31), 1, date(2031, 2, 28)),
            (date(2031, 1, 31), -1, date(2030, 12, 31)),
            (date(2028, 2, 29), 12, date(2029, 2, 28)),
        ],
    )
    def test_a_step_of_a_month(self, day, steps, there) -> None:
        assert period(Kind.MONTH, day, "en_IE").stepped(steps) == there

    def test_the_ends(self) -> None:
        assert within(date.max) == LAST_DAY
        assert within(date.min) == FIRST_DAY
        assert period(Kind.MONTH, LAST_DAY, "en_IE").last > LAST_DAY
