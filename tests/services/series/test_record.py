"""A series as part of a patient's record: merged, taken apart, exported, taken in, erased."""

from sqlalchemy import text

from clinic_desktop.documents.of_record import record_archive
from clinic_desktop.domain.ids import new_id
from clinic_desktop.services import patients
from clinic_desktop.services.erasure import service as erasure
from clinic_desktop.services.erasure.schemas import ErasureOrder
from clinic_desktop.services.exports.archive import unseal
from clinic_desktop.services.exports.record import gather
from clinic_desktop.services.exports.take_in import take_in
from clinic_desktop.services.series.schemas import Scope

PASSPHRASE = "correct horse battery staple"


def test_moves_with_a_merged_record_and_comes_back(front, place, signed_in) -> None:
    done = front.book(front.wish())
    merge = new_id()
    with signed_in.writing("same person") as ctx:
        patients.merge(ctx, id=merge, survivor_id=place.ines, merged_id=place.zofia, take=())
    row = front.read(done.series_id)
    assert row.patient_id == place.ines
    assert {one.patient_id for one in row.visits} == {place.ines}
    moved = front.change(front.change_of(row, 0, Scope.ALL, local_start=place.at(11)))
    assert len(moved.visits) == 5
    with signed_in.writing("two people") as ctx:
        patients.unmerge(ctx, merge)
    row = front.read(done.series_id)
    assert row.patient_id == place.zofia
    assert {one.patient_id for one in row.visits} == {place.zofia}


def test_equal_again_in_another_clinic(front, place, signed_in, sign_in) -> None:
    done = front.book(front.wish(treatment_ids=(place.exam,)))
    front.change(front.change_of(front.read(done.series_id), 2, Scope.FOLLOWING, minutes=45))
    with signed_in.reading() as ctx:
        before = gather(ctx, place.zofia)
        sealed = record_archive(ctx, place.zofia, PASSPHRASE)
    record, summary = unseal(sealed, PASSPHRASE)
    other = sign_in("u_other")
    with other.writing() as ctx:
        take_in(ctx, record, summary)
    with other.reading() as ctx:
        after = gather(ctx, place.zofia)
    assert len(before.rows("appointment_series")) == 2
    assert len(before.rows("series_treatment")) == 2
    for table in ("appointment_series", "series_treatment", "appointment"):
        old, new = (
            [{k: v for k, v in row.items() if k != "updated_at"} for row in one.rows(table)]
            for one in (before, after)
        )
        assert new == old, table


def test_an_erased_record_keeps_times_alone(front, place, signed_in) -> None:
    done = front.book(front.wish(remark="bring the splint"))
    front.cancel(front.read(done.series_id), 0, Scope.ALL)
    with signed_in.writing() as ctx:
        number = ctx.connection.execute(
            text("SELECT number FROM patient WHERE id = :id"), {"id": place.zofia}
        ).scalar_one()
        erasure.erase(
            ctx,
            ErasureOrder(
                id=new_id(),
                patient_id=place.zofia,
                number=number,
                reason="Asked in writing",
                early_reason="The patient insists",
            ),
        )
    with front.signed_in.reading() as ctx:
        row = ctx.connection.execute(
            text("SELECT * FROM appointment_series WHERE id = :id"), {"id": done.series_id}
        ).one()
    assert row.rule == "FREQ=WEEKLY;INTERVAL=1;WKST=MO;BYDAY=MO;COUNT=5"
    assert {one.remark for one in front.read(done.series_id).visits} == {""}
