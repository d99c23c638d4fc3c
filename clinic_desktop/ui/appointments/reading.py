"""What the calendar reads for a view: days side by side, or a month with its counts."""

from datetime import date
from typing import Final

from clinic_desktop.services.appointments import months
from clinic_desktop.services.appointments import service as appointments
from clinic_desktop.services.appointments.sheet_schemas import (
    DaySheet,
    MonthSearch,
    MonthSheet,
    People,
)
from clinic_desktop.services.context import Context
from clinic_desktop.ui.appointments.choices import CalendarView, Kind
from clinic_desktop.ui.appointments.columns import By
from clinic_desktop.ui.appointments.period import period

WHOLE_DAY: Final = 500
_SATURDAY: Final = 5

Days = tuple[date, tuple[DaySheet, ...]]
Month = tuple[date, MonthSheet, People]


def days_of(ctx: Context, view: CalendarView, day: date | None) -> Days:
    """Return the days of a view around a date, the clinic's own date without one."""
    day = day or ctx.now.astimezone(ctx.zone).date()
    wanted = period(view.kind, day, ctx.who.locale)
    return day, appointments.days(ctx, wanted.first, wanted.count)


def month_of(ctx: Context, view: CalendarView, day: date | None) -> Month:
    """Return the month around a date, and whom it could show."""
    day = day or ctx.now.astimezone(ctx.zone).date()
    wanted = period(Kind.MONTH, day, ctx.who.locale)
    sheet = months.month(ctx, _search(view, wanted.first, days=wanted.count))
    return day, sheet, appointments.people(ctx)


def whole_day_of(ctx: Context, view: CalendarView, day: date) -> MonthSheet:
    """Return one day of the month with all that keys can reach in it."""
    return months.month(ctx, _search(view, day, days=1, each=WHOLE_DAY))


def _search(view: CalendarView, first: date, **values: int) -> MonthSearch:
    only = view.shown or None
    return MonthSearch(
        first=first,
        providers=only if view.by is By.PROVIDER else None,
        chairs=only if view.by is By.CHAIR else None,
        **values,
    )


def people_of(sheet: DaySheet) -> People:
    """Return whose columns a day can have."""
    return People(
        tuple((one.provider_id, one.name) for one in sheet.columns if one.active),
        tuple((one.chair_id, one.name) for one in sheet.chairs),
    )


def without_closed(sheets: tuple[DaySheet, ...], day: date) -> tuple[DaySheet, ...]:
    """Return a week without a weekend on which nobody works and nothing is booked."""
    return tuple(
        sheet
        for sheet in sheets
        if sheet.day.weekday() < _SATURDAY
        or sheet.day == day
        or sheet.visits
        or any(column.working for column in sheet.columns)
    )
