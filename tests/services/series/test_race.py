"""Several PCs write series of the same people at once: nobody is double-booked or locked out."""

import time
from datetime import timedelta
from itertools import combinations

import pytest

from clinic_desktop.errors import ClinicError
from clinic_desktop.services.appointments import service as appointments
from clinic_desktop.services.appointments.schemas import Move
from clinic_desktop.services.series import service as series
from clinic_desktop.services.series.schemas import Scope, SeriesConflictError
from tests.services.appointments.test_race import PCS, SLOWEST_S, act, together
from tests.services.series.conftest import Desk

WEEK = timedelta(days=7)


@pytest.fixture
def desks(sign_in, place) -> list[Desk]:
    return [Desk(sign_in("u_front", device=f"pc-{number}"), place) for number in range(PCS)]


def everything(desk: Desk) -> list:
    days = []
    with desk.signed_in.reading() as ctx:
        for week in range(8):
            sheets = appointments.days(ctx, desk.place.monday + week * WEEK, 7)
            days += [visit for sheet in sheets for visit in sheet.visits]
    return list({one.id: one for one in days}.values())


def overlaps(visits) -> list:
    return [
        (one, other)
        for one, other in combinations([one for one in visits if one.blocks_chair], 2)
        if one.starts_at < other.ends_at
        and other.starts_at < one.ends_at
        and (one.provider_id == other.provider_id or one.chair_id == other.chair_id)
    ]


def test_one_winner_takes_the_whole_series(desks, place, make) -> None:
    patients = [make.patient(f"Patient {number}", "Race") for number in range(PCS)]
    won, lost = [], []

    def work(desk, number):
        began = time.monotonic()
        wish = desk.wish(patient_id=patients[number])
        try:
            won.append(act(desk.signed_in, lambda ctx: series.book(ctx, wish)))
        except SeriesConflictError as error:
            lost.append(error)
        yield began

    assert together(desks, work) < SLOWEST_S
    assert (len(won), len(lost)) == (1, PCS - 1)
    assert all(len(one.plan.open) == 5 for one in lost)
    assert len(everything(desks[0])) == 5


def test_crossing_moves_of_series_and_of_single_ones(desks, place, make) -> None:
    """Half change a series as a whole, half move appointments of it: all are there in the end."""
    rows, refusals = [], []
    for number in range(4):
        own = {"provider_id": place.nwosu, "chair_id": place.other_chair} if number % 2 else {}
        wish = desks[0].wish(
            14 + number // 2, patient_id=make.patient(f"Nr {number}", "Race"), **own
        )
        rows.append(desks[0].read(desks[0].book(wish).series_id))
    before = {one.id for one in everything(desks[0])}

    def work(desk, number):
        for turn in range(4):
            began = time.monotonic()
            row = desk.read(rows[(number + turn) % 4].id)
            to = place.nwosu if (number + turn) % 2 else place.park
            chair = place.other_chair if (number + turn) % 2 else place.chair
            visit = row.visits[turn]
            start = visit.local_start.replace(hour=13 + (number + turn) % 5)
            try:
                if number % 2:
                    change = desk.change_of(
                        row, turn, Scope.ALL, local_start=start, provider_id=to, chair_id=chair
                    )
                    act(desk.signed_in, lambda ctx, c=change: series.change(ctx, c))
                else:
                    move = Move(
                        id=visit.id,
                        version=visit.version,
                        provider_id=to,
                        chair_id=chair,
                        local_start=start,
                        minutes=30,
                    )
                    act(desk.signed_in, lambda ctx, m=move: appointments.move(ctx, m))
            except ClinicError as error:
                refusals.append(str(error))
            yield began

    assert together(desks, work) < SLOWEST_S
    assert all(one.endswith(".") for one in refusals), refusals
    after = everything(desks[0])
    assert {one.id for one in after} == before
    assert overlaps(after) == []
