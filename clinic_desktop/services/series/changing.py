"""What a change of a series makes of its appointments: which move, which stay, in which series."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from clinic_desktop.domain.local_time import instant_of
from clinic_desktop.domain.visit_status import EXPECTED, VisitStatus, word
from clinic_desktop.errors import ClinicError, ConflictError
from clinic_desktop.i18n import _
from clinic_desktop.services.appointments import sheets
from clinic_desktop.services.appointments.refusals import changed
from clinic_desktop.services.appointments.schemas import AppointmentRow
from clinic_desktop.services.context import Context
from clinic_desktop.services.series.planning import Wish, plan_dates
from clinic_desktop.services.series.schemas import (
    Choice,
    PlannedDate,
    Scope,
    SeriesChange,
    SeriesPlan,
    SeriesRow,
    SeriesState,
    State,
    VisitState,
)


@dataclass(frozen=True)
class Part:
    """The appointments of a series that an act is for, and from which date of its rule on.

    What is over, under way or cancelled is never among them.
    """

    row: SeriesRow
    anchor: AppointmentRow
    touched: tuple[AppointmentRow, ...]
    first: int
    """The how-manieth date of the rule is the first of them."""

    @property
    def stays_behind(self) -> bool:
        """Whether the series has other appointments, which keep it as it is."""
        return len(self.touched) < len(self.row.visits)

    @property
    def dates(self) -> tuple[date, ...]:
        """Every date of the rule."""
        return self.row.rule.dates(self.row.local_start.date())


def part_of(ctx: Context, row: SeriesRow, visit_id: UUID, scope: Scope) -> Part:
    """Return what an act on one appointment of a series is for.

    Raises ConflictError where that one cannot be changed any more, or VisitChangedError where it
    belongs to another series by now.
    """
    anchor = next((one for one in row.visits if one.id == visit_id), None)
    if anchor is None or anchor.series_date is None:
        raise changed(ctx, sheets.one(ctx, visit_id))
    if not _is_ahead(ctx, anchor):
        raise _too_late(anchor)
    touched = tuple(
        one
        for one in row.visits
        if one.series_date is not None
        and _is_ahead(ctx, one)
        and (
            scope is Scope.ALL
            or one.id == anchor.id
            or (scope is Scope.FOLLOWING and one.series_date >= anchor.series_date)
        )
    )
    begins = min(one.series_date for one in touched if one.series_date is not None)
    dates = row.rule.dates(row.local_start.date())
    return Part(row, anchor, touched, sum(1 for one in dates if one < begins))


def _is_ahead(ctx: Context, visit: AppointmentRow) -> bool:
    slot = timedelta(minutes=ctx.who.slot_minutes)
    return VisitStatus(visit.status) in EXPECTED and visit.starts_at >= ctx.now - slot


def _too_late(visit: AppointmentRow) -> ClinicError:
    if VisitStatus(visit.status) in EXPECTED:
        text = _("The appointment of {patient} is past. Take a later one of the series.")
        return ConflictError(text.format(patient=visit.patient))
    text = _("{patient} is {status}. Take a later appointment of the series.")
    return ConflictError(text.format(patient=visit.patient, status=word(visit.status)))


class Changing:
    """A change of a part of a series, thought through; ``plan`` says what each date would do."""

    def __init__(self, ctx: Context, part: Part, change: SeriesChange) -> None:
        self._ctx, self.part, self._change = ctx, part, change
        row, anchor = part.row, part.anchor
        assert anchor.series_date is not None  # noqa: S101 - ``part_of`` looked
        self._was = anchor.series_date
        self._to = self._was + (change.local_start.date() - anchor.local_start.date())
        # What differs from the one that was taken is meant; the rest of the series stays.
        at = change.local_start.time()
        self._at = at if at != anchor.local_start.time() else row.local_start.time()
        self._minutes = change.minutes if change.minutes != anchor.minutes else row.minutes
        other = change.provider_id != anchor.provider_id
        self._provider_id = change.provider_id if other else row.provider_id
        other = change.chair_id != anchor.chair_id
        self._chair_id = change.chair_id if other else row.chair_id
        self._own = change.scope is Scope.THIS
        self._splits = part.stays_behind and not self._own

    # -- planning -----------------------------------------------------------------------------

    def plan(self) -> SeriesPlan:
        """Return every appointment of the part with what stands against its new place."""
        row, part = self.part.row, self.part
        wishes = [self._wish(one) for one in part.touched if not self._is_kept(one)]
        found = {
            one.visit_id: one
            for one in plan_dates(self._ctx, wishes, self._change, patient_id=row.patient_id)
        }
        dates = [found.get(one.id) or _kept(one) for one in part.touched]
        return SeriesPlan(
            rule=row.rule.moved(self._was, self._to),
            at=self._at,
            minutes=self._minutes,
            dates=tuple(sorted(dates, key=lambda one: one.date)),
            seen=tuple((one.id, one.version) for one in part.touched),
        )

    def _is_kept(self, visit: AppointmentRow) -> bool:
        """Return whether it was moved by itself and is to stay so."""
        if visit.id == self.part.anchor.id or self._change.with_apart:
            return False
        return self.part.row.is_apart(visit)

    def _wish(self, visit: AppointmentRow) -> Wish:
        change, series_date = self._change, visit.series_date or visit.local_start.date()
        stands = (visit.local_start, visit.minutes, visit.provider_id, visit.chair_id)
        if visit.id == self.part.anchor.id:
            place = (change.local_start, change.minutes, change.provider_id, change.chair_id)
        else:
            day = self.part.row.rule.moved_date(series_date, self._was, self._to)
            local = datetime.combine(day, self._at)
            place = (local, self._minutes, self._provider_id, self._chair_id)
        local, minutes, provider_id, chair_id = place
        return Wish(
            date=series_date,
            local=local,
            provider_id=provider_id,
            chair_id=chair_id,
            minutes=minutes,
            assist=visit.assist,
            squeezed=bool(visit.squeeze_reason),
            visit_id=visit.id,
            stands=stands,
        )

    # -- what is written ----------------------------------------------------------------------

    def visits(self, plan: SeriesPlan) -> tuple[VisitState, ...]:
        """Return how each appointment is to stand; those of which nothing changes are left out."""
        planned = {one.visit_id: one for one in plan.dates}
        states = ((one, self._state(one, planned[one.id])) for one in self.part.touched)
        return tuple(state for one, state in states if state != state_of(one))

    def _state(self, visit: AppointmentRow, date: PlannedDate) -> VisitState:
        state, series = state_of(visit), {}
        if not self._own and visit.series_date is not None:
            moved = self.part.row.rule.moved_date(visit.series_date, self._was, self._to)
            series = {"series_date": moved, "series_id": self.series_id}
        state = state.model_copy(update=series)
        stays = date.state is State.KEPT or date.lands is None
        if stays or date.lands is None:
            return state
        wish = self._wish(visit)
        starts_at = instant_of(date.lands, self._ctx.zone, locale=self._ctx.who.locale)
        if (date.lands, *wish.place[1:]) == wish.stands:
            return state
        return state.model_copy(
            update={
                "provider_id": wish.provider_id,
                "chair_id": wish.chair_id,
                "starts_at": starts_at,
                "ends_at": starts_at + timedelta(minutes=wish.minutes),
                "local_start": date.lands,
                "outside_reason": self._change.reason if date.choice is Choice.OUTSIDE else "",
            }
        )

    @property
    def series_id(self) -> UUID:
        """The series that the changed appointments belong to afterwards."""
        return self._change.new_id if self._splits else self.part.row.id

    @property
    def new_series(self) -> SeriesState | None:
        """The series that begins with this change, None where the old one goes on."""
        if not self._splits:
            return None
        return self._series_from(self.part.first, self._change.new_id, version=1)

    @property
    def old_series(self) -> SeriesState:
        """The series as it is afterwards: ended before the change, or changed as a whole."""
        row = self.part.row
        if self._own:
            return state_of_series(row)
        if not self._splits:
            return self._series_from(0, row.id, version=row.version)
        return ended(self.part)

    def _series_from(self, first: int, series_id: UUID, *, version: int) -> SeriesState:
        row, dates = self.part.row, self.part.dates
        moved = row.rule.moved(self._was, self._to)
        if first or self._was != self._to:
            moved = moved.counted(max(1, len(dates) - first))
        begins = row.rule.moved_date(dates[min(first, len(dates) - 1)], self._was, self._to)
        return SeriesState(
            id=series_id,
            version=version,
            provider_id=self._provider_id,
            chair_id=self._chair_id,
            rule=moved.written(),
            local_start=datetime.combine(begins, self._at),
            minutes=self._minutes,
        )


def _kept(visit: AppointmentRow) -> PlannedDate:
    return PlannedDate(
        date=visit.series_date or visit.local_start.date(),
        wanted=visit.local_start,
        state=State.KEPT,
        sentence=_("moved by itself before, stays where it is"),
        choices=(),
        choice=Choice.BOOK,
        lands=visit.local_start,
        visit_id=visit.id,
    )


def state_of(visit: AppointmentRow) -> VisitState:
    """Return how an appointment stands."""
    return VisitState(
        id=visit.id,
        version=visit.version,
        provider_id=visit.provider_id,
        chair_id=visit.chair_id,
        starts_at=visit.starts_at,
        ends_at=visit.ends_at,
        local_start=visit.local_start,
        outside_reason=visit.outside_reason,
        status=visit.status,
        reason=visit.reason,
        series_id=visit.series_id,
        series_date=visit.series_date,
    )


def state_of_series(row: SeriesRow) -> SeriesState:
    """Return how the row of a series is."""
    return SeriesState(
        id=row.id,
        version=row.version,
        provider_id=row.provider_id,
        chair_id=row.chair_id,
        rule=row.rule.written(),
        local_start=row.local_start,
        minutes=row.minutes,
    )


def ended(part: Part) -> SeriesState:
    """Return a series that ends before a part of it; one without dates before stays as it is."""
    state = state_of_series(part.row)
    if not part.first:
        return state
    return state.model_copy(update={"rule": part.row.rule.counted(part.first).written()})
