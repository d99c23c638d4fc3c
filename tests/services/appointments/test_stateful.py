"""Several PCs book, move, cancel and undo at random, beside a model that knows the truth."""

from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.visit_status import COURSE, NOT_BLOCKING, OPEN, VisitStatus, before
from clinic_desktop.errors import ClinicError, ConflictError
from clinic_desktop.services.appointments import service as appointments
from clinic_desktop.services.appointments.schemas import (
    AppointmentRow,
    Booking,
    Move,
    OutsideHoursError,
    SlotTakenError,
    StatusChange,
    VisitChangedError,
)
from clinic_desktop.services.working_time import service as working_time
from clinic_desktop.services.working_time.schemas import BookingsAheadError, SpecialTimeValues

DUBLIN = ZoneInfo("Europe/Dublin")
OPENS, CLOSES = time(8), time(18)
quarters = st.integers(7 * 4, 18 * 4)
lengths = st.sampled_from([15, 30, 45, 60, 90, 240])


class Model:
    """What the clinic's calendar must say, kept in plain Python."""

    def __init__(self) -> None:
        self.rows: dict[UUID, AppointmentRow] = {}

    def overlaps(self, row_id, provider_id, chair_id, starts, ends, *, squeezed) -> bool:
        for other in self.rows.values():
            if other.id == row_id or VisitStatus(other.status) in NOT_BLOCKING:
                continue
            if not (other.starts_at < ends and starts < other.occupied_until):
                continue
            if other.occupied_until == other.starts_at:
                continue
            if other.provider_id == provider_id and not other.squeeze_reason and not squeezed:
                return True
            if chair_id is not None and other.chair_id == chair_id:
                return True
        return False


class Calendar(RuleBasedStateMachine):
    """Three PCs; ``setup`` is given by the test."""

    pcs: list
    manager = None
    patients: list[UUID]
    make_provider = staticmethod(lambda: None)
    make_chair = staticmethod(lambda: None)
    monday: date

    made = Bundle("made")

    def __init__(self) -> None:
        super().__init__()
        # Providers of their own keep the examples apart in one database.
        self.chairs = [type(self).make_chair() for _n in range(2)]
        self.providers = [type(self).make_provider(chair) for chair in self.chairs]
        self.model = Model()
        self.undo: dict[UUID, list[tuple[str, AppointmentRow]]] = {}
        # Closed time of a provider by its id: (provider, day, first quarter, last quarter).
        self.closed: dict[UUID, tuple[int, int, int, int]] = {}
        self.told: set[UUID] = set()
        """Bookings of which whoever closed time was told that they lie in it."""

    def _at(self, day: int, quarter: int) -> datetime:
        start = datetime.combine(self.monday + timedelta(days=day), time())
        return start + timedelta(minutes=15 * quarter)

    def _works(self, provider_id: UUID, local: datetime, minutes: int) -> bool:
        ends = local + timedelta(minutes=minutes)
        number = self.providers.index(provider_id)
        for whose, day, first, last in self.closed.values():
            if whose == number and self._at(day, first) < ends and local < self._at(day, last):
                return False
        return (
            local.weekday() < 5
            and local.time() >= OPENS
            and ends.date() == local.date()
            and ends.time() <= CLOSES
        )

    def _do(self, pc: int, call):
        return self._do_as(self.pcs[pc], call)

    def _do_as(self, signed_in, call):
        """Return the row, or the refusal, which always says something."""
        try:
            with signed_in.writing() as ctx:
                return call(ctx)
        except ClinicError as error:
            refusal = error
        assert str(refusal).endswith("."), refusal
        assert "{" not in str(refusal)
        return refusal

    @rule(
        target=made,
        pc=st.integers(0, 2),
        patient=st.integers(0, 2),
        provider=st.integers(0, 1),
        chair=st.sampled_from([0, 1, None]),
        day=st.integers(0, 1),
        quarter=quarters,
        minutes=lengths,
        squeeze=st.booleans(),
    )
    def book(self, pc, patient, provider, chair, day, quarter, minutes, squeeze):
        booking = Booking(
            id=new_id(),
            patient_id=self.patients[patient],
            provider_id=self.providers[provider],
            chair_id=None if chair is None else self.chairs[chair],
            local_start=self._at(day, quarter),
            minutes=minutes,
            squeeze_reason="pain" if squeeze else "",
        )
        answer = self._do(pc, lambda ctx: appointments.book(ctx, booking))
        starts = booking.local_start.replace(tzinfo=DUBLIN)
        taken = self.model.overlaps(
            None,
            booking.provider_id,
            booking.chair_id,
            starts,
            starts + timedelta(minutes=minutes),
            squeezed=squeeze,
        )
        if not self._works(booking.provider_id, booking.local_start, minutes):
            assert isinstance(answer, OutsideHoursError), answer
        elif taken:
            assert isinstance(answer, SlotTakenError), answer
            assert answer.holder.id in self.model.rows
        else:
            assert isinstance(answer, AppointmentRow), answer
            assert answer.local_start == booking.local_start
            self.model.rows[answer.id] = answer
            self.undo[answer.id] = []
            # The same act once more changes nothing.
            assert self._do(pc, lambda ctx: appointments.book(ctx, booking)) == answer
            return booking.id
        return multiple()

    def _move(self, pc, row, version, provider_id, chair_id, local, minutes):
        change = Move(
            id=row.id,
            version=version,
            provider_id=provider_id,
            chair_id=chair_id,
            local_start=local,
            minutes=minutes,
        )
        return self._do(pc, lambda ctx: appointments.move(ctx, change))

    @rule(
        row_id=made,
        pc=st.integers(0, 2),
        provider=st.integers(0, 1),
        chair=st.sampled_from([0, 1, None]),
        day=st.integers(0, 1),
        quarter=quarters,
        minutes=lengths,
        stale=st.booleans(),
    )
    def move(self, row_id, pc, provider, chair, day, quarter, minutes, stale):
        row = self.model.rows[row_id]
        local = self._at(day, quarter)
        provider_id = self.providers[provider]
        chair_id = None if chair is None else self.chairs[chair]
        version = row.version - 1 if stale else row.version
        answer = self._move(pc, row, version, provider_id, chair_id, local, minutes)
        starts = local.replace(tzinfo=DUBLIN)
        ends = starts + timedelta(minutes=minutes)
        if isinstance(answer, AppointmentRow):
            assert not stale
            assert VisitStatus(row.status) in OPEN
            squeezed = bool(row.squeeze_reason)
            assert not self.model.overlaps(
                row.id, provider_id, chair_id, starts, ends, squeezed=squeezed
            )
            assert (answer.local_start, answer.minutes) == (local, minutes)
            # Outside of working time nothing is taken that was not taken before.
            shorter = (
                provider_id == row.provider_id and starts >= row.starts_at and ends <= row.ends_at
            )
            works = self._works(provider_id, local, minutes)
            assert works or shorter
            if works:
                self.told.discard(row.id)
            self.undo[row.id].append(("move", row))
            self.model.rows[row.id] = answer
        elif stale:
            assert isinstance(answer, VisitChangedError), answer
            assert answer.now == row
        elif VisitStatus(row.status) not in OPEN:
            assert type(answer) is ConflictError, answer
        elif not self._works(provider_id, local, minutes):
            assert isinstance(answer, OutsideHoursError | SlotTakenError), answer
        else:
            assert isinstance(answer, SlotTakenError), answer

    @rule(
        row_id=made,
        pc=st.integers(0, 2),
        to=st.sampled_from([*COURSE[1:2], VisitStatus.CANCELLED, VisitStatus.ARRIVED]),
    )
    def step(self, row_id, pc, to):
        row = self.model.rows[row_id]
        change = StatusChange(id=row.id, version=row.version, to=to, reason="unwell")
        answer = self._do(pc, lambda ctx: appointments.set_status(ctx, change))
        # These visits are on days to come: nobody can have arrived for them.
        if VisitStatus(row.status) in before(to) and to != VisitStatus.ARRIVED:
            assert isinstance(answer, AppointmentRow), answer
            assert answer.status == to
            self.undo[row.id].append(("step", row))
            self.model.rows[row.id] = answer
        else:
            assert isinstance(answer, ConflictError), answer

    @rule(row_id=made, pc=st.integers(0, 2))
    def take_back(self, row_id, pc):
        row = self.model.rows[row_id]
        if not self.undo[row.id]:
            return
        what, earlier = self.undo[row.id].pop()
        if what == "move":
            answer = self._move(
                pc,
                row,
                row.version,
                earlier.provider_id,
                earlier.chair_id,
                earlier.local_start,
                earlier.minutes,
            )
        else:
            change = StatusChange(id=row.id, version=row.version, to=earlier.status, back=True)
            answer = self._do(pc, lambda ctx: appointments.set_status(ctx, change))
        if isinstance(answer, AppointmentRow):
            for field in ("status", "starts_at", "ends_at", "provider_id", "chair_id", "reason"):
                assert getattr(answer, field) == getattr(earlier, field)
            self.model.rows[row.id] = answer
            if self._works(answer.provider_id, answer.local_start, answer.minutes):
                self.told.discard(answer.id)
        else:
            # Only somebody else's visit, or time closed meanwhile, may stand in the way of undo.
            assert isinstance(answer, SlotTakenError | OutsideHoursError), answer
            if isinstance(answer, OutsideHoursError):
                assert not self._works(earlier.provider_id, earlier.local_start, earlier.minutes)
            self.undo[row.id].clear()

    @rule(
        pc=st.integers(0, 2),
        provider=st.integers(0, 1),
        day=st.integers(0, 1),
        first=st.integers(8 * 4, 16 * 4),
        quarters=st.integers(1, 8),
        keep=st.booleans(),
    )
    def close(self, pc, provider, day, first, quarters, keep):
        """Somebody closes time; bookings in it are told of before it is done."""
        special = new_id()
        last = first + quarters
        values = SpecialTimeValues(
            kind="blockout",
            provider_id=self.providers[provider],
            starts=self._at(day, first),
            ends=self._at(day, last),
            label="closed",
        )
        before = {one.id for one in self._ahead() if not self._stands(one)}
        answer = self._do_as(
            self.manager,
            lambda ctx: working_time.add_special(ctx, special, values, keep_bookings=keep),
        )
        self.closed[special] = (provider, day, first, last)
        newly = {one.id for one in self._ahead() if not self._stands(one)} - before
        if keep or not newly:
            assert answer is None, answer
            self.told |= newly
        else:
            assert isinstance(answer, BookingsAheadError), answer
            assert {one.id for one in answer.stranded} == newly
            del self.closed[special]

    @rule(number=st.integers(0, 5))
    def open_again(self, number):
        """Closed time is taken away; nothing can be left outside by that."""
        if not self.closed:
            return
        special = list(self.closed)[number % len(self.closed)]
        self._do_as(self.manager, lambda ctx: working_time.remove_special(ctx, special, 1))
        del self.closed[special]

    def _ahead(self) -> list[AppointmentRow]:
        return [one for one in self.model.rows.values() if one.status in ("pending", "confirmed")]

    def _stands(self, row: AppointmentRow) -> bool:
        return self._works(row.provider_id, row.local_start, row.minutes)

    @invariant()
    def whatever_lies_outside_was_told(self) -> None:
        with self.pcs[1].reading() as ctx:
            stranded = {
                one.id for one in working_time.stranded(ctx) if one.provider_id in self.providers
            }
        assert stranded == {one.id for one in self._ahead() if not self._stands(one)}
        assert stranded <= self.told

    @invariant()
    def nothing_is_lost_and_nobody_is_double_booked(self) -> None:
        with self.pcs[0].reading() as ctx:
            sheets = [appointments.day(ctx, self.monday + timedelta(days=day)) for day in range(2)]
        stored = {
            visit.id: visit
            for sheet in sheets
            for visit in sheet.visits
            if visit.provider_id in self.providers
        }
        assert stored == self.model.rows
        for row in stored.values():
            starts = row.local_start.replace(tzinfo=DUBLIN)
            assert starts == row.starts_at
            if VisitStatus(row.status) not in NOT_BLOCKING:
                assert not self.model.overlaps(
                    row.id,
                    row.provider_id,
                    row.chair_id,
                    row.starts_at,
                    row.occupied_until,
                    squeezed=bool(row.squeeze_reason),
                )


def test_calendar(sign_in, make, signed_in) -> None:
    numbers = iter(range(10**6))
    Calendar.pcs = [sign_in("u_dentist", device=f"pc-{n}") for n in range(3)]
    # Rights to squeeze in, but every closed hour stays closed without a reason.
    Calendar.manager = sign_in("u_manager", device="pc-9")
    Calendar.patients = [make.patient(name, "Stateful") for name in ("Ana", "Bo", "Chi")]
    Calendar.make_chair = staticmethod(lambda: make.chair(f"Chair S{next(numbers)}"))
    Calendar.make_provider = staticmethod(
        lambda chair: make.provider(
            f"Dr {next(numbers)}", short_name=f"Dr {next(numbers)}", chair_id=chair
        )
    )
    today = signed_in.clock.now().date()
    Calendar.monday = today + timedelta(days=14 - today.weekday())
    run_state_machine_as_test(
        Calendar,
        settings=settings(
            max_examples=12,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
            phases=[Phase.generate],
        ),
    )
