"""Eight computers booking at the same moment, beside eight bare drivers doing the same."""

import multiprocessing
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import psycopg
from psycopg import errors

from clinic_desktop.bench.limit import Recorder, Statement, open_bare
from clinic_desktop.bench.rows import Line, quantile
from clinic_desktop.bench.services import ServiceBench
from clinic_desktop.services.appointments import service as appointments
from clinic_desktop.services.appointments.schemas import Booking, SlotTakenError
from clinic_desktop.services.session import SignedIn

COMPUTERS: Final = 8
EACH: Final = 40
ROUNDS: Final = 3
# The first refusals on a line make the plans of their explanations.
WARM: Final = 5
WORST_MS: Final = 150.0
_SECONDS: Final = 600


@dataclass(frozen=True, slots=True)
class Told:
    """What one computer did in one round: from when to when, how long each took, how it went."""

    began: float
    ended: float
    took: list[float]
    won: list[bool]


@dataclass(slots=True)
class Computer:
    """All rounds of one computer, ours and by the bare driver; what failed, if anything did."""

    ours: list[Told] = field(default_factory=list)
    bare: list[Told] = field(default_factory=list)
    failed: str = ""


def lines(bench: ServiceBench) -> Iterator[Line]:
    """Yield slots of one's own, and slots that all want."""
    own = [
        [[bench.booking() for _one in range(EACH)] for _computer in range(COMPUTERS)]
        for _round in range(ROUNDS)
    ]
    slots = [bench.booking() for _one in range(WARM + EACH)]
    wanted = [[bench.same_slot(slot) for slot in slots] for _computer in range(COMPUTERS)]
    found = _at_once(bench, [*own, wanted])
    failed = next((one.failed for one in found if one.failed), "")
    if failed:
        raise RuntimeError(failed)
    yield _separate(found)
    yield _contested(found)


def _separate(found: Sequence[Computer]) -> Line:
    ours = statistics.median(_each([one.ours[n] for one in found]) for n in range(ROUNDS))
    bare = statistics.median(_each([one.bare[n] for one in found]) for n in range(ROUNDS))
    return Line(
        "8 computers book slots of their own, each booking",
        ours * 1000,
        bare * 1000,
        goal=2.0,
        held=all(all(told.won) for one in found for told in one.ours[:ROUNDS]),
        more={"per_second": round(1 / ours), "limit_per_second": round(1 / bare)},
    )


def _each(told: Sequence[Told]) -> float:
    """Return the seconds from the first beginning to the last end, for each booking."""
    span = max(one.ended for one in told) - min(one.began for one in told)
    return span / sum(len(one.took) for one in told)


def _contested(found: Sequence[Computer]) -> Line:
    ours, bare = ([told[ROUNDS] for told in parts] for parts in _parts(found))
    winners = {sum(one.won[place] for one in ours) for place in range(WARM + EACH)}
    took = [seconds for one in ours for seconds in one.took[WARM:]]
    return Line(
        "8 computers want the same slot, the worst wait",
        max(took) * 1000,
        max(seconds for one in bare for seconds in one.took[WARM:]) * 1000,
        most=WORST_MS,
        held=winners == {1},
        more={"p95_ms": round(quantile(took, 0.95) * 1000, 3), "winners": sorted(winners)},
    )


def _parts(found: Sequence[Computer]) -> tuple[list[list[Told]], list[list[Told]]]:
    return [one.ours for one in found], [one.bare for one in found]


def _at_once(bench: ServiceBench, rounds: Sequence[Sequence[list[Booking]]]) -> list[Computer]:
    """Let every computer do its part of each round at the same moment, in its own process."""
    context = multiprocessing.get_context("spawn")
    gate = context.Barrier(COMPUTERS)
    answers: Any = context.Queue()
    computers = [
        context.Process(
            target=_works,
            args=(
                dict(bench.person),
                dict(bench.limit),
                [part[n] for part in rounds],
                gate,
                answers,
            ),
            daemon=True,
        )
        for n in range(COMPUTERS)
    ]
    for one in computers:
        one.start()
    found = [answers.get(timeout=_SECONDS) for _one in computers]
    for one in computers:
        one.join()
    return found


# -- in the process of one computer -----------------------------------------------------------


def _works(
    person: dict[str, str], limit: dict[str, str], rounds: list[list[Booking]], gate: Any,
    answers: Any,
) -> None:  # fmt: skip
    """Book each round as a person does, then send the same by the bare driver."""
    done = Computer()
    try:
        signed_in = SignedIn(person, device="bench")
        recorder = Recorder(*signed_in.engines)
        # Lines are open and statements known, as on a computer whose calendar is in front.
        with signed_in.reading() as ctx:
            appointments.day(ctx, rounds[0][0].local_start.date())
        with signed_in.writing() as ctx:
            ctx.connection.exec_driver_sql("SELECT 1")
        with open_bare(limit, autocommit=False) as bare:
            for bookings in rounds:
                gate.wait()
                told, sent = _books(signed_in, recorder, bookings)
                done.ours.append(told)
                gate.wait()
                done.bare.append(_sends(bare, sent))
        signed_in.close()
    except Exception as error:  # noqa: BLE001 - told to whoever started us
        done.failed = f"{type(error).__name__}: {error}"
        gate.abort()
    answers.put(done)


def _books(
    signed_in: SignedIn, recorder: Recorder, bookings: list[Booking]
) -> tuple[Told, list[Statement]]:
    """Book; a taken slot is an answer, anything else a failure."""
    took: list[float] = []
    won: list[bool] = []
    sent: list[Statement] = []
    began = time.time()
    for booking in bookings:
        start = time.perf_counter()
        with recorder.recording() as statements:
            try:
                with signed_in.writing() as ctx:
                    appointments.book(ctx, booking)
                won.append(True)
            except SlotTakenError:
                won.append(False)
        took.append(time.perf_counter() - start)
        sent.append(statements[0])
    return Told(began, time.time(), took, won), sent


def _sends(bare: psycopg.Connection[Any], statements: list[Statement]) -> Told:
    """Send the same statements, each in a transaction of its own."""
    took: list[float] = []
    won: list[bool] = []
    began = time.time()
    for statement, values in statements:
        start = time.perf_counter()
        try:
            bare.execute(statement, values).fetchall()
            bare.commit()
            won.append(True)
        except errors.ExclusionViolation:
            bare.rollback()
            won.append(False)
        took.append(time.perf_counter() - start)
    return Told(began, time.time(), took, won)
