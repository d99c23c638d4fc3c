"""A day of the clinic as paper: read through services, drawn for the moment, never stored."""

from datetime import date, datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from clinic_desktop.documents.day_sheet import render_day_sheet
from clinic_desktop.documents.of_clinic import head_of
from clinic_desktop.documents.papers import DayColumn, DaySheetPaper, DayVisit
from clinic_desktop.domain.births import age_text
from clinic_desktop.domain.dates import format_date
from clinic_desktop.domain.local_time import LocalDay
from clinic_desktop.domain.phones import show_phone
from clinic_desktop.domain.working_time import Pause
from clinic_desktop.i18n import _, in_language, language
from clinic_desktop.services.appointments import service as appointments
from clinic_desktop.services.appointments.people import VisitPerson, day_people
from clinic_desktop.services.appointments.schemas import AppointmentRow
from clinic_desktop.services.appointments.sheet_schemas import DaySheet, ProviderColumn
from clinic_desktop.services.clinic import service as clinic
from clinic_desktop.services.context import Context

# The letters that the paper's own legend explains; other alerts stand in the record.
_LETTERS: Final = {"allergy": "A", "anticoagulant": "B", "premedication": "P"}
_NOT_COMING: Final = frozenset({"cancelled", "missed"})


def day_sheet_paper(ctx: Context, on: date) -> bytes:
    """Return the PDF of a day: a column for each provider, as the clinic stands at this moment.

    It has the clinic's language. Who is not coming any more is left out; who has another time
    stands with it, because they may come all the same. Raises NotAllowedError without the right
    to read schedule and patients.
    """
    sheet = appointments.day(ctx, on)
    people = day_people(ctx, on)
    card = clinic.clinic_card(ctx)
    with in_language(card.locale[:2]):
        return render_day_sheet(
            DaySheetPaper(
                head=head_of(card),
                day=on,
                made_at=ctx.now,
                columns=tuple(_column(column, sheet, people) for column in sheet.columns),
            )
        )


def _column(column: ProviderColumn, sheet: DaySheet, people: dict[UUID, VisitPerson]) -> DayColumn:
    day = sheet.local_day
    visits = [
        (day.minute_of(visit.starts_at), _visit(visit, sheet, people))
        for visit in sheet.visits
        if visit.provider_id == column.provider_id and visit.status not in _NOT_COMING
    ]
    pauses = [(pause.span.start, _pause(pause, day)) for pause in column.pauses]
    ordered = sorted(visits + pauses, key=lambda one: one[0])
    return DayColumn(
        title=column.name, subtitle=column.chair, visits=tuple(visit for _at, visit in ordered)
    )


def _visit(visit: AppointmentRow, sheet: DaySheet, people: dict[UUID, VisitPerson]) -> DayVisit:
    zone = ZoneInfo(sheet.zone)
    begins, ends = f"{visit.local_start:%H:%M}", f"{visit.ends_at.astimezone(zone):%H:%M}"
    if visit.status == "rescheduled":
        words = _("has another time: {moment}").format(moment=_moment(visit.moved_to, sheet))
        return DayVisit(begins=begins, ends=ends, name=visit.patient, service=words)
    person = people.get(visit.patient_id)
    alerts = person.alerts if person else ()
    return DayVisit(
        begins=begins,
        ends=ends,
        name=visit.patient,
        service=visit.service,
        age=age_text(person.born, sheet.day, estimated=person.born_estimated)
        if person and person.born
        else "",
        phone=show_phone(visit.phone) if visit.phone else "",
        alerts="".join(letter for kind, letter in _LETTERS.items() if kind in alerts),
        note=_note(visit, sheet),
    )


def _note(visit: AppointmentRow, sheet: DaySheet) -> str:
    """Return the remark, the time instead of which it is, and of two equal times the second."""
    before, again = "", ""
    if visit.moved_from is not None:
        before = _("instead of {moment}").format(moment=_moment(visit.moved_from, sheet))
    if visit.is_second_hour:
        at = f"{visit.local_start:%H:%M}"
        again = _("{time} again: the clocks have gone back").format(time=at)
    return " · ".join(filter(None, (again, visit.remark, before)))


def _moment(local: datetime | None, sheet: DaySheet) -> str:
    """Return the time of day, with the day where it is another one."""
    if local is None:
        return ""
    at = f"{local:%H:%M}"
    if local.date() == sheet.day:
        return at
    return _("{day}, {time}").format(day=format_date(local.date(), language()), time=at)


def _pause(pause: Pause, day: LocalDay) -> DayVisit:
    return DayVisit(
        begins=f"{day.local_at(pause.span.start):%H:%M}",
        ends=f"{day.local_at(pause.span.end):%H:%M}",
        name="",
        service=pause.label,
    )
