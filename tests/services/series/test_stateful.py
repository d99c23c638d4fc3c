"""Two PCs book series, move this, following or all, cancel and undo, beside a model of the rows."""

from collections import Counter
from datetime import date, datetime, time, timedelta
from itertools import combinations
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.recurrence import Rule, Unit, place_in_month
from clinic_desktop.domain.visit_status import NOT_BLOCKING, VisitStatus
from clinic_desktop.errors import ClinicError
from clinic_desktop.services.appointments import service as appointments
from clinic_desktop.services.appointments.schemas import AppointmentRow, Booking, Move
from clinic_desktop.services.series import service as series
from clinic_desktop.services.series.schemas import (
    Choice,
    Restore,
    Scope,
    SeriesBooking,
    SeriesCancel,
    SeriesChange,
    SeriesDone,
    State,
)
from tests.services.series.conftest import answered

DUBLIN = ZoneInfo("Europe/Dublin")
quarters = st.integers(8 * 4, 17 * 4)
lengths = st.sampled_from([15, 30, 60, 90])
scopes = st.sampled_from(list(Scope))
ways = st.sampled_from([Choice.LEAVE_OUT, Choice.SHIFT])
pcs = st.integers(0, 1)


class Agenda(RuleBasedStateMachine):
    """Two PCs of two people; ``set`` by the test."""

    pcs: list
    make_patient = staticmethod(lambda: None)
    make_provider = staticmethod(lambda: None)
    make_chair = staticmethod(lambda: None)
    monday: date

    made = Bundle("made")

    def __init__(self) -> None:
        super().__init__()
        self.chairs = [type(self).make_chair() for _n in range(2)]
        self.providers = [type(self).make_provider(chair) for chair in self.chairs]
        self.patients = [type(self).make_patient() for _n in range(3)]
        self.rows: dict[UUID, AppointmentRow] = {}
        self.undo: list[Restore] = []

    def _at(self, day: int, quarter: int) -> datetime:
        start = datetime.combine(self.monday + timedelta(days=day), time())
        return start + timedelta(minutes=15 * quarter)

    def _do(self, pc: int, call):
        """Return what was done, or the refusal, which says something and writes nothing."""
        try:
            with self.pcs[pc].writing() as ctx:
                return call(ctx)
        except ClinicError as error:
            refusal = error
        assert str(refusal).endswith("."), refusal
        assert "{" not in str(refusal)
        return refusal

    def _read(self, pc: int, call):
        with self.pcs[pc].reading() as ctx:
            return call(ctx)

    def _wrote(self, done: SeriesDone) -> None:
        for row in done.visits:
            self.rows[row.id] = row
        self.undo.append(done.undo)

    @initialize(target=made, pc=pcs, quarter=st.integers(8 * 4, 12 * 4))
    def begin(self, pc, quarter):
        """A series of each provider, so that there is something to change from the first step."""
        found = []
        for number, provider_id in enumerate(self.providers):
            booking = SeriesBooking(
                id=new_id(),
                patient_id=self.patients[number],
                provider_id=provider_id,
                chair_id=self.chairs[number],
                local_start=self._at(number, quarter),
                minutes=30,
                rule=Rule(Unit.WEEK, 1, (number,), count=6),
            )
            done = self._do(pc, lambda ctx, wish=booking: series.book(ctx, wish))
            assert isinstance(done, SeriesDone), done
            self._wrote(done)
            found.append(done.series_id)
        return multiple(*found)

    # -- acts ---------------------------------------------------------------------------------

    @rule(
        target=made,
        pc=pcs,
        provider=st.integers(0, 1),
        chair=st.sampled_from([0, 1, None]),
        unit=st.sampled_from(list(Unit)),
        every=st.integers(1, 2),
        more=st.sets(st.integers(0, 6), max_size=2),
        day=st.integers(0, 20),
        quarter=quarters,
        minutes=lengths,
        count=st.integers(2, 6),
        closed=st.sampled_from(["leave_out", "next_day"]),
        way=ways,
    )
    def book(
        self, pc, provider, chair, unit, every, more, day, quarter, minutes, count, closed, way
    ):
        start = self._at(day, quarter)
        first = start.date()
        days = (first.weekday(),)
        chosen = {
            Unit.WEEK: Rule(unit, every, tuple(sorted({*days, *more})), count=count),
            Unit.MONTH_DAY: Rule(unit, every, day=first.day, count=count),
            Unit.MONTH_WEEKDAY: Rule(unit, every, days, place=place_in_month(first), count=count),
        }[unit]
        booking = SeriesBooking(
            id=new_id(),
            patient_id=self.patients[provider],
            provider_id=self.providers[provider],
            chair_id=None if chair is None else self.chairs[chair],
            local_start=start,
            minutes=minutes,
            rule=chosen,
            on_closed=closed,
        )
        plan = self._read(1 - pc, lambda ctx: series.plan(ctx, booking))
        for _again in range(3):
            booking = answered(booking, plan, way)
            plan = self._read(1 - pc, lambda ctx, wish=booking: series.plan(ctx, wish))
        if plan.open:
            # The next free time of that day is not there: it is left out.
            booking = answered(booking, plan, Choice.LEAVE_OUT)
            booking = booking.model_copy(
                update={"answers": tuple({one.date: one for one in booking.answers}.values())}
            )
            plan = self._read(1 - pc, lambda ctx: series.plan(ctx, booking))
        done = self._do(pc, lambda ctx: series.book(ctx, booking))
        if not plan.landing:
            assert "nothing to book" in str(done)
            return multiple()
        assert isinstance(done, SeriesDone), done
        assert [one.local_start for one in done.visits] == sorted(one.lands for one in plan.landing)
        for one in plan.dates:
            if one.choice is Choice.BOOK:
                assert one.lands == datetime.combine(one.date, start.time())
        assert self._do(1 - pc, lambda ctx: series.book(ctx, booking)).visits == done.visits
        self._wrote(done)
        return done.series_id

    @rule(pc=pcs, provider=st.integers(0, 1), day=st.integers(0, 40), quarter=quarters)
    def book_one(self, pc, provider, day, quarter):
        booking = Booking(
            id=new_id(),
            patient_id=self.patients[2],
            provider_id=self.providers[provider],
            chair_id=self.chairs[provider],
            local_start=self._at(day, quarter),
            minutes=45,
        )
        done = self._do(pc, lambda ctx: appointments.book(ctx, booking))
        if isinstance(done, AppointmentRow):
            self.rows[done.id] = done

    def _member(self, series_id: UUID, number: int):
        row = self._read(0, lambda ctx: series.reading.found(ctx, series_id))
        ahead = [one for one in row.visits if one.status == "pending"] if row else []
        return row, ahead[number % len(ahead)] if ahead else None

    @rule(
        series_id=made,
        pc=pcs,
        number=st.integers(0, 5),
        day=st.integers(-2, 8),
        shift=st.integers(-6, 6),
        minutes=lengths,
    )
    def move_one(self, series_id, pc, number, day, shift, minutes):
        _row, visit = self._member(series_id, number)
        if visit is None:
            return
        change = Move(
            id=visit.id,
            version=visit.version,
            provider_id=visit.provider_id,
            chair_id=visit.chair_id,
            local_start=visit.local_start + timedelta(days=day, minutes=15 * shift),
            minutes=minutes,
        )
        done = self._do(pc, lambda ctx: appointments.move(ctx, change))
        if isinstance(done, AppointmentRow):
            assert (done.series_id, done.series_date) == (visit.series_id, visit.series_date)
            self.rows[done.id] = done

    @rule(
        series_id=made,
        pc=pcs,
        number=st.integers(0, 5),
        scope=scopes,
        day=st.integers(-5, 8),
        shift=st.integers(-6, 6),
        minutes=st.sampled_from([None, 15, 60]),
        provider=st.sampled_from([None, 0, 1]),
        with_apart=st.booleans(),
        way=ways,
        stale=st.booleans(),
    )
    def change(
        self, series_id, pc, number, scope, day, shift, minutes, provider, with_apart, way, stale
    ):
        row, visit = self._member(series_id, number)
        if visit is None:
            return
        wanted = SeriesChange(
            series_id=row.id,
            version=row.version,
            visit_id=visit.id,
            scope=scope,
            new_id=new_id(),
            local_start=visit.local_start + timedelta(days=day, minutes=15 * shift),
            minutes=minutes or visit.minutes,
            provider_id=visit.provider_id if provider is None else self.providers[provider],
            chair_id=visit.chair_id if provider is None else self.chairs[provider],
            with_apart=with_apart,
            on_closed="leave_out",
        )
        if stale:
            old = wanted.model_copy(update={"version": row.version - 1})
            assert "changed this series first" in str(
                self._do(pc, lambda ctx: series.change(ctx, old))
            )
        plan = self._read(1 - pc, lambda ctx: series.plan_change(ctx, wanted))
        for _again in range(3):
            wanted = answered(wanted, plan, way)
            plan = self._read(1 - pc, lambda ctx, wish=wanted: series.plan_change(ctx, wish))
        if plan.open:
            wanted = answered(wanted, plan, Choice.LEAVE_OUT)
            plan = self._read(1 - pc, lambda ctx: series.plan_change(ctx, wanted))
        if plan.open:
            assert isinstance(self._do(pc, lambda ctx: series.change(ctx, wanted)), ClinicError)
            return
        done = self._do(pc, lambda ctx: series.change(ctx, wanted))
        if not isinstance(done, SeriesDone):
            assert "Nothing is changed" in str(done), done
            return
        now = {one.id: one for one in done.visits}
        for one in plan.dates:
            written = now.get(one.visit_id, self.rows[one.visit_id])
            if one.state is State.KEPT or one.choice is Choice.LEAVE_OUT:
                assert written.local_start == self.rows[one.visit_id].local_start
            else:
                assert written.local_start == one.lands
        for one in done.visits:
            before = self.rows[one.id]
            assert before.status == "pending"
            assert one.version == before.version + 1
        self._wrote(done)

    @rule(
        series_id=made,
        pc=pcs,
        number=st.integers(0, 5),
        scope=scopes,
        with_apart=st.booleans(),
    )
    def cancel(self, series_id, pc, number, scope, with_apart):
        row, visit = self._member(series_id, number)
        if visit is None:
            return
        wanted = SeriesCancel(
            series_id=row.id,
            version=row.version,
            visit_id=visit.id,
            scope=scope,
            reason="unwell",
            with_apart=with_apart,
        )
        done = self._do(pc, lambda ctx: series.cancel(ctx, wanted))
        assert isinstance(done, SeriesDone), done
        assert {one.status for one in done.visits} == {"cancelled"}
        self._wrote(done)

    @rule(pc=pcs, twice=st.booleans())
    def take_back(self, pc, twice):
        if not self.undo:
            return
        wanted = self.undo.pop()
        done = self._do(pc, lambda ctx: series.take_back(ctx, wanted))
        if not isinstance(done, SeriesDone):
            return
        for one in wanted.visits:
            row = next(row for row in done.visits if row.id == one.id)
            for field in ("status", "starts_at", "ends_at", "provider_id", "series_date"):
                assert getattr(row, field) == getattr(one, field)
        self._wrote(done)
        if not twice:
            self.undo.pop()

    # -- what always holds --------------------------------------------------------------------

    @invariant()
    def nothing_is_lost_and_nobody_is_double_booked(self) -> None:
        stored = self._read(0, lambda ctx: appointments.these(ctx, [*self.rows]))
        assert {one.id: one for one in stored} == self.rows
        blocking = [one for one in stored if VisitStatus(one.status) not in NOT_BLOCKING]
        for one, other in combinations(blocking, 2):
            if one.starts_at < other.ends_at and other.starts_at < one.ends_at:
                assert one.provider_id != other.provider_id
                assert one.chair_id is None or one.chair_id != other.chair_id

    @invariant()
    def the_local_time_is_what_was_said(self) -> None:
        for row in self.rows.values():
            assert row.local_start.replace(tzinfo=DUBLIN) == row.starts_at

    @invariant()
    def one_date_of_a_series_once(self) -> None:
        dates = Counter(
            (one.series_id, one.series_date) for one in self.rows.values() if one.series_id
        )
        assert not dates or max(dates.values()) == 1


def test_series(sign_in, make, place, signed_in) -> None:
    numbers = iter(range(10**6))
    Agenda.pcs = [sign_in("u_front", device="pc-1"), sign_in("u_dentist", device="pc-2")]
    Agenda.make_patient = staticmethod(lambda: make.patient(f"Ana {next(numbers)}", "Repeated"))
    Agenda.make_chair = staticmethod(lambda: make.chair(f"Chair S{next(numbers)}"))
    Agenda.make_provider = staticmethod(
        lambda chair: make.provider(
            f"Dr {next(numbers)}", short_name=f"Dr {next(numbers)}", chair_id=chair
        )
    )
    today = signed_in.clock.now().date()
    Agenda.monday = today + timedelta(days=14 - today.weekday())
    run_state_machine_as_test(
        Agenda,
        settings=settings(
            max_examples=14,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
            phases=[Phase.generate],
        ),
    )
