"""A week of the clinic, or of one provider, as paper: drawn for the moment, never stored."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from clinic_desktop.documents.of_clinic import head_of
from clinic_desktop.documents.papers import WeekColumn, WeekDay, WeekPaper, WeekVisit
from clinic_desktop.documents.week import render_week
from clinic_desktop.domain.dates import first_weekday
from clinic_desktop.domain.local_time import LocalDay
from clinic_desktop.i18n import _, in_language
from clinic_desktop.services.appointments import service as appointments
from clinic_desktop.services.appointments.schemas import AppointmentRow
from clinic_desktop.services.appointments.sheet_schemas import DaySheet, ProviderColumn
from clinic_desktop.services.clinic import service as clinic
from clinic_desktop.services.context import Context

_WEEK: Final = 7
_USUAL: Final = (8, 18)
_NOT_COMING: Final = frozenset({"cancelled", "missed", "rescheduled"})


def week_of(day: date, locale: str) -> date:
    """Return the first day of the week with a day, as the clinic counts its weeks."""
    return day - timedelta(days=(day.weekday() - first_weekday(locale)) % _WEEK)


def week_paper(ctx: Context, on: date, *, provider_id: UUID | None = None) -> bytes:
    """Return the PDF of the week with a day: of one provider, or of all who work or are booked.

    It has the clinic's language. Who is not coming any more is left out, and so are days on which
    nobody works and nothing is booked. Raises NotAllowedError without the right to read the
    calendar.
    """
    card = clinic.clinic_card(ctx)
    first = week_of(on, card.locale)
    sheets = appointments.days(ctx, first, _WEEK)
    with in_language(card.locale[:2]):
        days = [_day(sheet, provider_id) for sheet in sheets]
        kept = tuple(day for day in days if day.columns)
        hours = _hours(kept)
        names = [one.name for one in sheets[0].columns if one.provider_id == provider_id]
        return render_week(
            WeekPaper(
                head=head_of(card),
                whose=names[0] if names else "",
                first=first,
                last=first + timedelta(days=_WEEK - 1),
                made_at=ctx.now,
                first_hour=hours[0],
                last_hour=hours[1],
                days=kept,
            )
        )


def _day(sheet: DaySheet, provider_id: UUID | None) -> WeekDay:
    day = sheet.local_day
    columns = (
        _column(column, sheet, day)
        for column in sheet.columns
        if provider_id is None or column.provider_id == provider_id
    )
    return WeekDay(
        day=sheet.day,
        columns=tuple(one for one in columns if one.working or any(v.name for v in one.visits)),
        hours=tuple((mark.minute, f"{mark.local:%H:%M}") for mark in day.hours),
        note=_clocks(day),
    )


def _clocks(day: LocalDay) -> str:
    """Return what the clocks do on a day, or nothing."""
    if day.minutes < 24 * 60:
        return _("The clocks go forward")
    return _("The clocks go back") if day.minutes > 24 * 60 else ""


def _column(column: ProviderColumn, sheet: DaySheet, day: LocalDay) -> WeekColumn:
    visits = [
        _visit(visit, day, ZoneInfo(sheet.zone))
        for visit in sheet.visits
        if visit.provider_id == column.provider_id and visit.status not in _NOT_COMING
    ]
    pauses = [
        WeekVisit(
            start=pause.span.start,
            end=pause.span.end,
            begins=f"{day.local_at(pause.span.start):%H:%M}",
            name="",
            service=pause.label,
            again=day.is_second(pause.span.start),
        )
        for pause in column.pauses
    ]
    return WeekColumn(
        title=column.short_name,
        visits=tuple(sorted([*visits, *pauses], key=lambda one: (one.start, one.end))),
        working=tuple((span.start, span.end) for span in column.working),
    )


def _visit(visit: AppointmentRow, day: LocalDay, zone: ZoneInfo) -> WeekVisit:
    start = day.minute_of(visit.starts_at)
    local = visit.starts_at.astimezone(zone)
    return WeekVisit(
        start=max(0, start),
        end=min(day.minutes, day.minute_of(visit.ends_at)),
        # One that began the evening before says so.
        begins=f"{local:%H:%M}" if start >= 0 else f"← {local:%H:%M}",
        name=visit.patient,
        service=visit.service,
        again=local.fold == 1,
    )


def _hours(days: Iterable[WeekDay]) -> tuple[int, int]:
    """Return from which hour to which the week is drawn: all that is worked or booked."""
    firsts, lasts = [], []
    for day in days:
        for column in day.columns:
            booked = [(one.start, one.end) for one in column.visits if one.name]
            for start, end in [*column.working, *booked]:
                firsts.append(_clock(day, start))
                lasts.append(_clock(day, end - 1) + 1)
    if not firsts:
        return _USUAL
    return min(firsts), max(lasts)


def _clock(day: WeekDay, minute: int) -> int:
    """Return the hour that the clocks show at a minute of a day."""
    passed = [words for at, words in day.hours if at <= minute]
    return int(passed[-1].split(":")[0]) if passed else 0
