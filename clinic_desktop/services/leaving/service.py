"""Giving up a provider or a chair: whose bookings are ahead, who could take each, and doing so."""

from bisect import insort
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import text

from clinic_desktop.domain.assist import own_minutes
from clinic_desktop.domain.dates import format_date
from clinic_desktop.domain.free_time import is_free
from clinic_desktop.domain.permissions import Permission
from clinic_desktop.domain.schedule import Span
from clinic_desktop.domain.times import format_time
from clinic_desktop.domain.visit_status import VisitStatus
from clinic_desktop.errors import ClinicError, InvalidError
from clinic_desktop.i18n import _
from clinic_desktop.models import Chair, ClinicModel, Provider
from clinic_desktop.services.appointments import ahead, slots
from clinic_desktop.services.appointments import service as appointments
from clinic_desktop.services.appointments.schemas import AppointmentRow, Move, StatusChange, Wanted
from clinic_desktop.services.appointments.sheets import Worker
from clinic_desktop.services.appointments.slot_schemas import FreeSlot, SlotSearch
from clinic_desktop.services.appointments.taken import DayTaken, TakenDays
from clinic_desktop.services.context import Context
from clinic_desktop.services.leaving.schemas import (
    Act,
    ActRefusedError,
    Given,
    HeldRow,
    Leaving,
    Outcome,
    Place,
    Proposal,
)
from clinic_desktop.services.rows import change_row
from clinic_desktop.services.working_time import bookings

_HELD: Final = text(
    """
    SELECT a.id, a.version, a.patient_id, btrim(p.given || ' ' || p.family) AS patient, p.phone,
           a.provider_id, v.short_name AS provider, a.chair_id, coalesce(c.name, '') AS chair,
           a.starts_at, a.ends_at, a.local_start, a.assist, a.squeeze_reason <> '' AS squeezed,
           coalesce(w.service, '') AS service, coalesce(w.skills, '{}') AS skills,
           coalesce(w.equipment, '{}') AS equipment
    FROM appointment a
    JOIN patient p ON p.clinic_id = a.clinic_id AND p.id = a.patient_id
    JOIN provider v ON v.clinic_id = a.clinic_id AND v.id = a.provider_id
    LEFT JOIN chair c ON c.clinic_id = a.clinic_id AND c.id = a.chair_id
    CROSS JOIN LATERAL (
        SELECT string_agg(t.name, ', ' ORDER BY b.position) AS service,
               array_agg(DISTINCT s.word) FILTER (WHERE s.word IS NOT NULL) AS skills,
               array_agg(DISTINCT e.word) FILTER (WHERE e.word IS NOT NULL) AS equipment
        FROM appointment_treatment b
        JOIN treatment t ON t.clinic_id = b.clinic_id AND t.id = b.treatment_id
        LEFT JOIN LATERAL unnest(t.skills) AS s(word) ON true
        LEFT JOIN LATERAL unnest(t.equipment) AS e(word) ON true
        WHERE b.clinic_id = a.clinic_id AND b.appointment_id = a.id AND b.deleted_at IS NULL) w
    WHERE a.clinic_id = :clinic AND a.starts_at > :now AND a.deleted_at IS NULL
      AND a.status IN ('pending', 'confirmed')
      AND (a.provider_id = CAST(:provider AS uuid) OR a.chair_id = CAST(:chair AS uuid))
    ORDER BY a.starts_at, a.id
    """
)
# As far ahead other times are looked for, and so many of each kind are offered.
_DAYS: Final = 28
_OFFERED: Final = 4


def held_by(ctx: Context, leaving: Leaving) -> tuple[HeldRow, ...]:
    """Return the bookings ahead of who or what is given up, in order."""
    ctx.need(Permission.SCHEDULE_READ)
    rows = ctx.connection.execute(
        _HELD,
        {
            "clinic": ctx.clinic_id,
            "now": ctx.now,
            "provider": leaving.provider_id,
            "chair": leaving.chair_id,
        },
    )
    return tuple(HeldRow._make((*row[:-2], frozenset(row[-2]), frozenset(row[-1]))) for row in rows)


# -- who could take them ----------------------------------------------------------------------


def proposals(ctx: Context, leaving: Leaving, to: UUID | None) -> tuple[Proposal, ...]:
    """Return each booking with its place at ``to``, or with the sentence that stands against it.

    Without ``to`` nothing is proposed. What is proposed fits all together, as things are now.
    """
    rows = held_by(ctx, leaving)
    if to is None or not rows:
        return tuple(Proposal(row, None) for row in rows)
    if to == leaving.id:
        raise InvalidError(_("Choose somebody else."), field="to")
    judge = _Judge(ctx, leaving, rows)
    return tuple(judge.proposal(row, to) for row in rows)


def places(ctx: Context, leaving: Leaving, row: HeldRow, to: UUID | None) -> tuple[Place, ...]:
    """Return other places for one booking: its own time with others, then other times."""
    judge = _Judge(ctx, leaving, (row,))
    found = list(judge.same_time(row))[:_OFFERED]
    search = SlotSearch(
        minutes=row.minutes,
        assist=row.assist,
        provider_id=to if leaving.kind == "provider" else row.provider_id,
        skills=row.skills,
        equipment=row.equipment,
        first_day=row.local_start.date(),
        days=_DAYS,
        limit=_OFFERED + 1,
    )
    for slot in slots.free_slots(ctx, search):
        place = _place_of(slot)
        if slot.provider_id == leaving.id or slot.chair_id == leaving.id or place in found:
            continue
        found.append(place)
    return tuple(found[: 2 * _OFFERED])


def _place_of(slot: FreeSlot) -> Place:
    return Place(
        slot.provider_id,
        slot.provider,
        slot.chair_id,
        slot.chair,
        slot.local_start,
        slot.second_hour,
    )


class _Judge:
    """Says of bookings whether another provider or chair could take them at their own time."""

    def __init__(self, ctx: Context, leaving: Leaving, rows: Sequence[HeldRow]) -> None:
        self._ctx, self._leaving = ctx, leaving
        self._first: date = rows[0].local_start.date()
        last = rows[-1].local_start.date()
        self._days = TakenDays(ctx, self._first, (last - self._first).days + 1)

    def proposal(self, row: HeldRow, to: UUID) -> Proposal:
        place = self._place(row, to)
        against = self._against(row, to, place)
        if against or place is None:
            return Proposal(row, None, against or _("This one is not in use any more."))
        if self._leaving.kind == "provider" and not row.squeezed:
            # Two may overlap, where one was squeezed in: the second has to go elsewhere.
            day, span = self._at(row)
            for one in own_minutes(span, row.assist):
                insort(day.providers.setdefault(to, []), (one.start, one.end))
        elif self._leaving.kind == "chair":
            day, span = self._at(row)
            insort(day.chairs.setdefault(to, []), (span.start, span.end))
        return Proposal(row, place)

    def same_time(self, row: HeldRow) -> Iterator[Place]:
        """Yield who else could take it at its own time."""
        others = (
            [one.provider_id for one in self._days.workers]
            if self._leaving.kind == "provider"
            else list(self._days.chairs)
        )
        for one in others:
            place = self._place(row, one)
            fits = one != self._leaving.id and place is not None and not self._lacks(row, one)
            if fits and place is not None and self._is_free(row, one):
                yield place

    def _place(self, row: HeldRow, to: UUID) -> Place | None:
        if self._leaving.kind == "chair":
            name = self._days.chairs.get(to)
            if name is None:
                return None
            at = row.local_start, self._is_second(row)
            return Place(row.provider_id, row.provider, to, name, *at)
        worker = self._worker(to)
        if worker is None:
            return None
        at = row.local_start, self._is_second(row)
        return Place(to, worker.short_name, row.chair_id, row.chair, *at)

    def _worker(self, provider_id: UUID) -> Worker | None:
        return next((one for one in self._days.workers if one.provider_id == provider_id), None)

    def _against(self, row: HeldRow, to: UUID, place: Place | None) -> str:
        lacks = self._lacks(row, to)
        if lacks or place is None or self._is_free(row, to):
            return lacks
        return ahead.why_not(
            self._ctx,
            Wanted(
                local_start=row.local_start,
                second_hour=self._is_second(row),
                provider_id=place.provider_id,
                chair_id=place.chair_id,
                minutes=row.minutes,
                appointment_id=row.id,
                squeezed=row.squeezed,
            ),
        ) or _("Another of these bookings takes that time.")

    def _lacks(self, row: HeldRow, to: UUID) -> str:
        """Return what somebody cannot do, or what does not stand at a chair, that is needed."""
        if self._leaving.kind == "chair":
            missing = row.equipment - self._days.equipment(to)
            words = _("It does not have {what}.")
        else:
            worker = self._worker(to)
            missing = row.skills - worker.skills if worker is not None else frozenset()
            words = _("They do not do {what}.")
        return words.format(what=", ".join(sorted(missing))) if missing else ""

    def _at(self, row: HeldRow) -> tuple[DayTaken, Span]:
        day = self._days.on((row.local_start.date() - self._first).days)
        if day is None:
            raise ValueError(row.local_start)
        start = day.day.minute_of(row.starts_at)
        return day, Span(start, start + row.minutes)

    def _is_second(self, row: HeldRow) -> bool:
        day, span = self._at(row)
        return day.day.is_second(span.start)

    def _is_free(self, row: HeldRow, to: UUID) -> bool:
        day, span = self._at(row)
        if self._leaving.kind == "chair":
            return day.chair_is_free(to, span.start, span.end)
        working = day.working(to)
        if not any(a <= span.start and span.end <= b for a, b in working):
            return False
        busy = day.providers.get(to, [])
        return row.squeezed or all(
            is_free(busy, one.start, one.end) for one in own_minutes(span, row.assist)
        )


# -- doing so ---------------------------------------------------------------------------------


def carry_out(
    ctx: Context, leaving: Leaving, acts: Sequence[Act], *, put_away: bool = False
) -> Outcome:
    """Give bookings to others and cancel some, and put away who leaves: all of it or nothing.

    Raises ActRefusedError with the booking that cannot be given so, BookingsAheadError when it is
    to be put away and some are left.
    """
    ctx.need(Permission.SCHEDULE_WRITE)
    if put_away:
        ctx.need(Permission.CATALOGUE_WRITE)
        bookings.hold(ctx)
    rows = {row.id: row for row in appointments.these(ctx, [act.id for act in acts])}
    given: list[Given] = []
    for act in acts:
        before = rows.get(act.id)
        try:
            version = _do(ctx, act).version
        except ClinicError as error:
            raise ActRefusedError(named(ctx, before, str(error)), appointment_id=act.id) from error
        if before is not None:
            given.append(Given(before, version))
    left = held_by(ctx, leaving)
    version = 0
    if put_away:
        if left:
            found = bookings.ahead(ctx, provider_id=leaving.provider_id, chair_id=leaving.chair_id)
            raise bookings.refusal(ctx, found, leaving=leaving.name)
        version = change_row(
            ctx, model_of(leaving), id=leaving.id, version=leaving.version, active=False
        )
    cancelled = sum(act.cancels for act in acts)
    return Outcome(len(acts) - cancelled, cancelled, len(left), put_away, tuple(given), version)


def model_of(leaving: Leaving) -> type[ClinicModel]:
    """Return the table of who or what is given up."""
    return Provider if leaving.kind == "provider" else Chair


def _do(ctx: Context, act: Act) -> AppointmentRow:
    if act.local_start is None:
        return appointments.set_status(
            ctx,
            StatusChange(
                id=act.id, version=act.version, to=VisitStatus.CANCELLED, reason=act.reason
            ),
        )
    if act.provider_id is None:
        raise InvalidError(_("Choose somebody else."), field="to")
    return appointments.move(
        ctx,
        Move(
            id=act.id,
            version=act.version,
            provider_id=act.provider_id,
            chair_id=act.chair_id,
            local_start=act.local_start,
            second_hour=act.second_hour,
            minutes=act.minutes,
        ),
    )


def named(ctx: Context, row: AppointmentRow | None, sentence: str) -> str:
    """Return what is to be said of a booking with whose it is, and when."""
    if row is None:
        return sentence
    day = format_date(row.local_start.date(), ctx.who.locale)
    time = format_time(row.local_start.time(), ctx.who.locale)
    return _("{patient}, {day} at {time}: {sentence}").format(
        patient=row.patient, day=day, time=time, sentence=sentence
    )
