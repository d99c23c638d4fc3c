"""Eight PCs want the same times: one winner each, and nobody hears of a deadlock."""

import random
import threading
import time

import pytest

from clinic_desktop.errors import BusyError, ClinicError
from clinic_desktop.services.appointments import service as appointments
from clinic_desktop.services.appointments.schemas import Move, SlotTakenError

PCS = 8
SLOTS = 6
SLOWEST_S = 20.0


def act(signed_in, call):
    """Do it as Operations does: again when another transaction undid ours, three times at most."""
    for tries_left in (2, 1, 0):
        try:
            with signed_in.writing() as ctx:
                return call(ctx)
        except BusyError:
            if not tries_left:
                raise
    raise AssertionError


@pytest.fixture
def pcs(sign_in):
    return [sign_in("u_front", device=f"pc-{number}") for number in range(PCS)]


def together(pcs, work) -> float:
    """Run ``work(pc, number)`` on every PC at once; return the longest time one act took."""
    gate, failures, longest = threading.Barrier(PCS), [], []

    def run(pc, number) -> None:
        try:
            gate.wait()
            longest.extend(time.monotonic() - began for began in work(pc, number))
        except Exception as error:  # noqa: BLE001 - raised again below, on the test's thread
            failures.append(error)

    threads = [threading.Thread(target=run, args=(pc, n)) for n, pc in enumerate(pcs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SLOWEST_S)
    assert not failures, failures
    assert not any(thread.is_alive() for thread in threads)
    return max(longest)


class TestContested:
    def test_one_winner_for_each_slot(self, pcs, place, make) -> None:
        patients = [make.patient(f"Patient {number}", "Race") for number in range(PCS)]
        won, lost = [], []

        def work(pc, number):
            for slot in range(SLOTS):
                began = time.monotonic()
                booking = place.booking(13, 0, patient_id=patients[number]).model_copy(
                    update={"local_start": place.at(13 + slot // 2, 30 * (slot % 2))}
                )
                try:
                    won.append(act(pc, lambda ctx, b=booking: appointments.book(ctx, b)))
                except SlotTakenError as error:
                    lost.append(error)
                yield began

        assert together(pcs, work) < SLOWEST_S
        assert len(won) == SLOTS
        assert len({row.starts_at for row in won}) == SLOTS
        assert len(lost) == SLOTS * (PCS - 1)
        assert all(error.holder is not None for error in lost)

    def test_swapped_resources_do_not_lock_each_other_out(self, pcs, place, make) -> None:
        """Half want (Park, other chair), half (Nwosu, Park's chair), at the same times."""
        patients = [make.patient(f"Patient {number}", "Race") for number in range(PCS)]
        won = []

        def work(pc, number):
            mine, chair = (
                (place.park, place.other_chair) if number % 2 else (place.nwosu, place.chair)
            )
            for slot in range(SLOTS):
                began = time.monotonic()
                booking = place.booking(
                    13 + slot // 2,
                    30 * (slot % 2),
                    patient_id=patients[number],
                    provider_id=mine,
                    chair_id=chair,
                )
                try:
                    row = act(pc, lambda ctx, b=booking: appointments.book(ctx, b))
                except SlotTakenError:
                    pass
                else:
                    won.append((row.starts_at, row.provider_id))
                yield began

        together(pcs, work)
        assert len(won) == len(set(won)) == 2 * SLOTS

    def test_moves_chase_each_other(self, pcs, place, make) -> None:
        """Every PC moves its appointment to a random slot, again and again."""
        starts = [place.at(13 + n // 2, 30 * (n % 2)) for n in range(PCS + 2)]
        rows = []
        for number, pc in enumerate(pcs):
            booking = place.booking(
                13, patient_id=make.patient(f"Patient {number}", "Race")
            ).model_copy(update={"local_start": starts[number]})
            rows.append(act(pc, lambda ctx, b=booking: appointments.book(ctx, b)))
        refused = []

        def work(pc, number):
            dice = random.Random(number)
            for _turn in range(12):
                began, row = time.monotonic(), rows[number]
                change = Move(
                    id=row.id,
                    version=row.version,
                    provider_id=row.provider_id,
                    chair_id=row.chair_id,
                    local_start=dice.choice(starts),
                    minutes=30,
                )
                try:
                    rows[number] = act(pc, lambda ctx, m=change: appointments.move(ctx, m))
                except ClinicError as error:
                    refused.append(type(error))
                yield began

        together(pcs, work)
        assert set(refused) <= {SlotTakenError}
        assert len({row.starts_at for row in rows}) == PCS
