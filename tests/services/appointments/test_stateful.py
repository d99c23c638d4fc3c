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

    def _at(self, day: int, quarter: int) -> datetime:
        start = datetime.combine(self.monday + timedelta(days=day), time())
        return start + timedelta(minutes=15 * quarter)

    def _works(self, local: datetime, minutes: int) -> bool:
        ends = local + timedelta(minutes=minutes)
        return (
            local.weekday() < 5
            and local.time() >= OPENS
            and ends.date() == local.date()
            and ends.time() <= CLOSES
        )

    def _do(self, pc: int, call):
        """Return the row, or the refusal, which always says something."""
        try:
            with self.pcs[pc].writing() as ctx:
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
        if not self._works(booking.local_start, minutes):
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
            self.undo[row.id].append(("move", row))
            self.model.rows[row.id] = answer
        elif stale:
            assert isinstance(answer, VisitChangedError), answer
            assert answer.now == row
        elif VisitStatus(row.status) not in OPEN:
            assert type(answer) is ConflictError, answer
        elif not self._works(local, minutes):
            assert isinstance(answer, OutsideHoursError), answer
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
        else:
            # Only somebody else's visit may stand in the way of undo.
            assert isinstance(answer, SlotTakenError), answer
            self.undo[row.id].clear()

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
