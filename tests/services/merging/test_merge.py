"""Records of one person merged and taken apart on a real clinic, whatever hangs on them."""

from datetime import date
from uuid import UUID

import pytest

from clinic_desktop.db.connect import open_connection
from clinic_desktop.domain.ids import new_id
from clinic_desktop.models import PatientAlert
from clinic_desktop.services import patients
from clinic_desktop.services.billing import service as billing
from clinic_desktop.services.billing.schemas import Charge
from clinic_desktop.services.notes import service as notes
from clinic_desktop.services.notes.schemas import NoteText
from clinic_desktop.services.patients.schemas import PatientChange
from clinic_desktop.services.prescriptions import service as prescriptions


def owners(database) -> dict[tuple[str, str, UUID], UUID]:
    """Whose each row is, asked of every column that says so."""
    found = {}
    with open_connection(database.superuser()) as connection:
        for tbl, col, _single in connection.execute("SELECT * FROM clinic.patient_columns()"):
            rows = connection.execute(f"SELECT id, {col} FROM clinic.{tbl}".encode())
            found |= {(tbl, col, row_id): whose for row_id, whose in rows if whose is not None}
    return found


def rows_of(database, patient: UUID) -> set[tuple[str, str, UUID]]:
    return {key for key, whose in owners(database).items() if whose == patient}


class TestMerge:
    def test_everything_moves_and_comes_back(
        self, database, full, merge, unmerge, signed_in
    ) -> None:
        ana, anna = full("Ana"), full("Anna")
        before = owners(database)
        tables = {tbl for tbl, _col, _id in rows_of(database, anna)}
        assert {"invoice", "note", "note_version", "prescription", "posting", "document"} <= tables
        merge_id = merge(ana, anna)
        assert rows_of(database, anna) == set()
        assert rows_of(database, ana) == {
            key for key, whose in before.items() if whose in (ana, anna)
        }
        with signed_in.reading() as ctx:
            assert billing.ledger(ctx, ana).balance == 28000
            assert len(notes.notes_of(ctx, ana)) == 2
            assert len(prescriptions.prescriptions_of(ctx, ana)) == 2
        unmerge(merge_id)
        assert owners(database) == before
        with signed_in.reading() as ctx:
            assert billing.ledger(ctx, anna).balance == 14000
            assert patients.open_patient(ctx, anna).given == "Anna"

    def test_opening_the_old_record_opens_the_survivor(self, make, merge, signed_in) -> None:
        ana, anna, annie = make.patient("Ana"), make.patient("Anna"), make.patient("Annie")
        merge(ana, anna)
        merge(annie, ana)
        with signed_in.reading() as ctx:
            assert patients.open_patient(ctx, anna).id == annie
            gone = patients.where_is(ctx, anna)
            assert gone is not None
            assert gone.into_id == annie
            assert patients.where_is(ctx, annie) is None

    @pytest.mark.parametrize("typed", ["#{number}", "{number}", "{short}"])
    def test_an_old_number_finds_the_survivor_and_says_so(
        self, make_named, merge, signed_in, typed
    ) -> None:
        ana, anna = make_named("Ana", "Reis"), make_named("Anna", "Reis")
        with signed_in.reading() as ctx:
            number = patients.open_patient(ctx, anna).number
        merge(ana, anna)
        with signed_in.reading() as ctx:
            asked = typed.format(number=number, short=number.lstrip("0"))
            found = [row for row in patients.find(ctx, asked) if row.formerly]
        assert [(row.id, row.formerly) for row in found] == [(ana, number)]

    def test_chosen_fields(self, make_named, merge, unmerge, signed_in) -> None:
        ana = make_named("Ana", "Reis", phone="+353865550111")
        anna = make_named("Anna", "Reis", phone="+353865550122", email="a@example.org")
        merge_id = merge(ana, anna, ("name", "phone", "email"))
        with signed_in.writing() as ctx:
            card = patients.open_patient(ctx, ana)
            assert (card.given, card.phone, card.email) == (
                "Anna",
                "+353865550122",
                "a@example.org",
            )
            assert [row.id for row in patients.find(ctx, "anna reis")] == [ana]
            patients.change(ctx, PatientChange(id=ana, version=card.version, email="b@example.org"))
        unmerge(merge_id)
        with signed_in.reading() as ctx:
            card = patients.open_patient(ctx, ana)
        # What was changed since stays; the rest is as it was.
        assert (card.given, card.phone, card.email) == ("Ana", "+353865550111", "b@example.org")

    def test_later_merge_remembers_without_the_first(
        self, make_named, merge, unmerge, signed_in
    ) -> None:
        ana = make_named("Ana", "Reis", phone="+353865550111")
        one = make_named("Anna", "Reis", phone="+353865550122")
        other = make_named("Annie", "Reis", phone="+353865550133")
        first, second = merge(ana, one, ("phone",)), merge(ana, other, ("phone",))
        unmerge(first)
        unmerge(second)
        with signed_in.reading() as ctx:
            assert patients.open_patient(ctx, ana).phone == "+353865550111"

    def test_written_since_stays_but_for_what_belongs_to_the_moved(
        self, database, sign_in, full, make, merge, unmerge, signed_in
    ) -> None:
        ana, anna = full("Ana"), full("Anna")
        dentist = sign_in("u_dentist")
        draft = NoteText(id=new_id(), version_id=new_id(), patient_id=anna, body="Begun")
        with dentist.writing() as ctx:
            notes.write(ctx, draft)
        with signed_in.reading() as ctx:
            (entry,) = [line.entry_id for line in billing.ledger(ctx, anna).lines]
        merge_id = merge(ana, anna)
        later = draft.model_copy(
            update={"version_id": new_id(), "patient_id": ana, "body": "Begun, went on"}
        )
        with dentist.writing() as ctx:
            notes.write(ctx, later)
        own = NoteText(id=new_id(), version_id=new_id(), patient_id=ana, body="New")
        with dentist.writing() as ctx:
            notes.write(ctx, own)
        unmerge(merge_id)
        assert entry is not None
        with signed_in.reading() as ctx:
            assert {n.body for n in notes.notes_of(ctx, anna)} == {"Filled 36.", "Begun, went on"}
            assert {n.body for n in notes.notes_of(ctx, ana)} == {"Filled 36.", "New"}

    def test_reversal_since_goes_with_the_payment(self, full, merge, unmerge, signed_in, make):
        ana, anna = make.patient("Ana"), make.patient("Anna")
        with signed_in.writing() as ctx:
            entry = billing.post_charges(
                ctx,
                patient_id=anna,
                act="t",
                day=date(2026, 3, 2),
                charges=[
                    Charge(
                        posting_id=new_id(),
                        chart_item_id=None,
                        provider_id=None,
                        text="x",
                        amount=500,
                    )
                ],
            )
        merge_id = merge(ana, anna)
        with signed_in.writing() as ctx:
            billing.reverse(ctx, entry, act="back", day=date(2026, 3, 3), memo="twice")
        unmerge(merge_id)
        with signed_in.reading() as ctx:
            assert billing.ledger(ctx, anna).balance == 0
            assert len(billing.ledger(ctx, anna).lines) == 2
            assert billing.ledger(ctx, ana).lines == ()

    def test_none_known_gives_way_to_an_allergy_and_returns(
        self, make, merge, unmerge, signed_in
    ) -> None:
        ana, anna = make.patient("Ana"), make.patient("Anna")
        words = {"severity": "context", "noted_on": date(2026, 1, 1)}
        make.row(PatientAlert, patient_id=ana, kind="no_known_allergies", text="No known", **words)
        make.row(PatientAlert, patient_id=anna, kind="allergy", text="Latex", **words)
        merge_id = merge(ana, anna)
        with signed_in.reading() as ctx:
            assert [row.kind for row in patients.alerts(ctx, ana)] == ["allergy"]
        unmerge(merge_id)
        with signed_in.reading() as ctx:
            assert [row.kind for row in patients.alerts(ctx, ana)] == ["no_known_allergies"]
            assert [row.kind for row in patients.alerts(ctx, anna)] == ["allergy"]

    def test_guardian_of_the_other(self, make, merge, unmerge, signed_in) -> None:
        ana = make.patient("Ana")
        ben = make.patient("Ben", guardian_id=ana)
        merge_id = merge(ben, ana)
        with signed_in.reading() as ctx:
            assert patients.open_patient(ctx, ben).guardian_id is None
        unmerge(merge_id)
        with signed_in.reading() as ctx:
            assert patients.open_patient(ctx, ben).guardian_id == ana

    def test_twice_is_once(self, make, signed_in) -> None:
        ana, anna, merge_id = make.patient("Ana"), make.patient("Anna"), new_id()
        for again in (False, True):
            with signed_in.writing() as ctx:
                done = patients.merge(ctx, id=merge_id, survivor_id=ana, merged_id=anna)
            assert done.again is again
