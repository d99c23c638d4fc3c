"""A series that is made: its length, its wishes, its rows."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid5

from sqlalchemy import text

from clinic_desktop.domain.assist import check_assist, read_assist, within, write_assist
from clinic_desktop.domain.dates import format_date
from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.local_time import instant_of
from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import _
from clinic_desktop.models import (
    Appointment,
    AppointmentSeries,
    AppointmentTreatment,
    SeriesTreatment,
)
from clinic_desktop.services.appointments import refusals, sheets
from clinic_desktop.services.appointments.asked import EARLIEST
from clinic_desktop.services.appointments.schemas import LONGEST_MINUTES, AppointmentRow
from clinic_desktop.services.appointments.service import needs_of
from clinic_desktop.services.appointments.writes import REASON
from clinic_desktop.services.context import Context
from clinic_desktop.services.rows import add_row, add_rows
from clinic_desktop.services.series.planning import Wish
from clinic_desktop.services.series.schemas import (
    Choice,
    PlannedDate,
    SeriesBooking,
    SeriesPlan,
    State,
)

SHORTEST_MINUTES: Final = 5
_PLANNED: Final = text(
    "SELECT t.treatment_id FROM appointment_treatment t WHERE t.clinic_id = :clinic "
    "AND t.appointment_id = :visit AND t.deleted_at IS NULL ORDER BY t.position, t.id"
)


def checked_minutes(minutes: int) -> int:
    """Return a length; raises InvalidError for none, less than none, or more than a day."""
    if not SHORTEST_MINUTES <= minutes <= LONGEST_MINUTES:
        raise InvalidError(_("An appointment lasts from 5 minutes to a day."), field="minutes")
    return minutes


def visit_id_of(series_id: UUID, day: date) -> UUID:
    """Return the id of the appointment that a series makes for a date of its rule."""
    return uuid5(series_id, day.isoformat())


class Making:
    """A series as it is wanted: its minutes, the assistant's among them, and its wishes."""

    def __init__(self, ctx: Context, booking: SeriesBooking) -> None:
        self._ctx, self.booking = ctx, booking
        self.treatment_ids = booking.treatment_ids or self._of_first()
        needs = needs_of(ctx, self.treatment_ids) if self.treatment_ids else None
        minutes = booking.minutes
        if minutes is None:
            if needs is None:
                raise InvalidError(_("Choose a service or write the minutes."), field="minutes")
            if not needs.minutes:
                raise InvalidError(
                    _("This service has no length in the price list. Write the minutes."),
                    field="minutes",
                )
            minutes = needs.minutes
        self.minutes = checked_minutes(minutes)
        first = booking.local_start.date()
        if first < EARLIEST:
            raise InvalidError(
                _("The date has to be {day} or later.").format(
                    day=format_date(EARLIEST, ctx.who.locale)
                ),
                field="day",
            )
        self.dates = booking.rule.dates(first)
        self.first = self._first_visit()
        assist = needs.assist if needs is not None else ""
        if self.first is not None:
            assist = self.first.assist
        spans = within(read_assist(assist), self.minutes)
        check_assist(spans, self.minutes)
        self.assist = write_assist(spans)

    def _of_first(self) -> tuple[UUID, ...]:
        """Return what the appointment that becomes the first is for; the others are for it too."""
        if self.booking.first_id is None:
            return ()
        values = {"clinic": self._ctx.clinic_id, "visit": self.booking.first_id}
        return tuple(self._ctx.connection.execute(_PLANNED, values).scalars())

    def _first_visit(self) -> AppointmentRow | None:
        """Return the appointment that becomes the first of the series."""
        booking = self.booking
        if booking.first_id is None:
            return None
        found = sheets.one(self._ctx, booking.first_id)
        if found is None or (
            found.version != booking.first_version and found.series_id != booking.id
        ):
            raise refusals.changed(self._ctx, found)
        if found.series_id not in (None, booking.id):
            raise InvalidError(
                _("This appointment belongs to a series already. Change that series instead.")
            )
        if found.patient_id != booking.patient_id or self.dates[0] != found.local_start.date():
            raise InvalidError(
                _("The series has to begin with the day of this appointment, {day}.").format(
                    day=format_date(found.local_start.date(), self._ctx.who.locale)
                ),
                field="weekdays",
            )
        return found

    @property
    def wishes(self) -> tuple[Wish, ...]:
        """Where each date wants its appointment."""
        booking = self.booking
        at = booking.local_start.replace(second=0, microsecond=0, tzinfo=None, fold=0).time()
        dates = self.dates[1:] if self.first is not None else self.dates
        return tuple(
            Wish(
                date=one,
                local=datetime.combine(one, at),
                provider_id=booking.provider_id,
                chair_id=booking.chair_id,
                minutes=self.minutes,
                assist=self.assist,
            )
            for one in dates
        )

    def standing(self) -> tuple[PlannedDate, ...]:
        """Return the date of the appointment that is there already."""
        visit = self.first
        if visit is None:
            return ()
        return (
            PlannedDate(
                date=self.dates[0],
                wanted=visit.local_start,
                state=State.KEPT,
                sentence=_("booked already, the first of the series"),
                choices=(),
                choice=Choice.BOOK,
                lands=visit.local_start,
                visit_id=visit.id,
            ),
        )

    # -- writing ------------------------------------------------------------------------------

    def write(self, plan: SeriesPlan) -> bool:
        """Write the series and its new appointments; return False where it is there already."""
        ctx, booking = self._ctx, self.booking
        made = add_row(
            ctx,
            AppointmentSeries,
            id=booking.id,
            patient_id=booking.patient_id,
            provider_id=booking.provider_id,
            chair_id=booking.chair_id,
            rule=booking.rule.written(),
            local_start=datetime.combine(self.dates[0], plan.at),
            zone=ctx.who.zone,
            minutes=self.minutes,
        )
        if not made:
            return False
        treatments = [
            {"id": new_id(), "series_id": booking.id, "treatment_id": one, "position": place}
            for place, one in enumerate(self.treatment_ids, 1)
        ]
        add_rows(ctx, SeriesTreatment, treatments)
        if plan.needs_reason:
            ctx.connection.execute(REASON, {"reason": booking.reason})
        landing = [one for one in plan.landing if one.visit_id is None]
        add_rows(ctx, Appointment, [self._row(one) for one in landing])
        add_rows(ctx, AppointmentTreatment, list(self._plans(landing)))
        return True

    def visit_id(self, planned: PlannedDate) -> UUID:
        """Return the id of a date's appointment: the same series sent twice has the same ones."""
        return planned.visit_id or visit_id_of(self.booking.id, planned.date)

    def _row(self, planned: PlannedDate) -> dict[str, Any]:
        ctx, booking = self._ctx, self.booking
        assert planned.lands is not None  # noqa: S101 - only what lands is written
        starts_at = instant_of(planned.lands, ctx.zone, locale=ctx.who.locale)
        outside = planned.choice is Choice.OUTSIDE
        past = outside and planned.state is State.PAST
        return {
            "id": self.visit_id(planned),
            "patient_id": booking.patient_id,
            "provider_id": booking.provider_id,
            "chair_id": booking.chair_id,
            "starts_at": starts_at,
            "ends_at": starts_at + timedelta(minutes=self.minutes),
            "local_start": planned.lands,
            "zone": ctx.who.zone,
            "remark": booking.remark,
            "source": "backdated" if past else booking.source,
            "assist": self.assist,
            "outside_reason": booking.reason if outside else "",
            "series_id": booking.id,
            "series_date": planned.date,
        }

    def _plans(self, landing: Sequence[PlannedDate]) -> Iterator[dict[str, Any]]:
        for one in landing:
            for place, treatment_id in enumerate(self.treatment_ids, 1):
                yield {
                    "id": new_id(),
                    "appointment_id": self.visit_id(one),
                    "treatment_id": treatment_id,
                    "position": place,
                }
