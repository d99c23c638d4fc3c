"""Records of one person merged and taken apart on a real clinic, whatever hangs on them."""

import hashlib
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import text

from clinic_desktop.db.connect import open_connection
from clinic_desktop.domain.ids import new_id
from clinic_desktop.errors import ConflictError, NotAllowedError, NotFoundError
from clinic_desktop.models import (
    ChartItem,
    Document,
    Household,
    Model,
    PatientAlert,
    StockMovement,
)
from clinic_desktop.services import patients
from clinic_desktop.services.billing import invoices
from clinic_desktop.services.billing import service as billing
from clinic_desktop.services.billing.schemas import Charge, NewInvoice
from clinic_desktop.services.notes import service as notes
from clinic_desktop.services.notes.schemas import NoteText
from clinic_desktop.services.patients.schemas import PatientChange
from clinic_desktop.services.prescriptions import service as prescriptions
from clinic_desktop.services.prescriptions.schemas import NewItem, NewPrescription
from tests.cluster import CLINIC

# What speaks of a record as such and stays with it, each with its reason.
KEPT = {
    ("patient_merge", "survivor_id"): "the merges themselves",
    ("patient_merge", "merged_id"): "the merges themselves",
    ("patient_distinct", "first_id"): "two records that somebody compared",
    ("patient_distinct", "second_id"): "two records that somebody compared",
    ("patient", "merged_into_id"): "where a merged record forwards to",
    ("patient_word", "patient_id"): "derived: follows the record's own words",
    ("patient_key", "patient_id"): "derived: follows the record's own tags and birth",
    ("broken_visit", "patient_id"): "derived: follows the appointments",
    ("change_log", "patient_id"): "history: what was written then of that record",
    ("change_stage", "patient_id"): "history under way",
    ("access_log", "patient_id"): "history: who opened that record",
}


@pytest.fixture
def merge(signed_in):
    def merged(survivor, other, take=(), by=None):
        merge_id = new_id()
        with (by or signed_in).writing("same person") as ctx:
            patients.merge(ctx, id=merge_id, survivor_id=survivor, merged_id=other, take=take)
        return merge_id

    return merged


@pytest.fixture
def unmerge(signed_in):
    def taken_apart(merge_id):
        with signed_in.writing() as ctx:
            return patients.unmerge(ctx, merge_id)

    return taken_apart


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


@pytest.fixture
def full(sign_in, signed_in, make):
    """A patient with one of everything, the papers issued and the note signed."""
    provider = make.provider(login="u_dentist", registration="IE-1")
    dentist = sign_in("u_dentist")
    treatment = make.treatment()
    product = make.product()

    def filled(given="Ana", family="Reis", **values) -> UUID:
        who = make.patient(given=given, family=family, **values)
        make.row(Household, name=family, payer_id=who)
        make.patient(given="Child", family=family, guardian_id=who)
        slot = make.appointment(
            who, provider, starts_at=datetime(2026, 3, 2, 8, tzinfo=UTC) + timedelta(days=len(seen))
        )
        seen.append(who)
        item = make.row(
            ChartItem,
            patient_id=who,
            kind="procedure",
            code="FILL",
            tooth=36,
            status="done",
            since=date(2026, 3, 2),
            treatment_id=treatment,
            appointment_id=slot,
        )
        make.row(StockMovement, product_id=product, kind="use", quantity=-1, chart_item_id=item)
        make.row(
            PatientAlert,
            patient_id=who,
            kind="condition",
            severity="caution",
            text="Asthma",
            noted_on=date(2026, 1, 1),
        )
        note = NoteText(id=new_id(), version_id=new_id(), patient_id=who, body="Filled 36.")
        with dentist.writing() as ctx:
            notes.write(ctx, note)
        with dentist.writing() as ctx:
            notes.sign(ctx, note.id, 1)
        with signed_in.writing() as ctx:
            billing.post_charges(
                ctx,
                patient_id=who,
                act=f"t:{who}",
                day=date(2026, 3, 2),
                charges=[
                    Charge(
                        posting_id=new_id(),
                        chart_item_id=item,
                        provider_id=provider,
                        text="Composite",
                        amount=14000,
                    )
                ],
            )
        with signed_in.writing() as ctx:
            chosen = tuple(one.posting_id for one in billing.open_charges(ctx, who))
            invoices.issue_invoice(ctx, NewInvoice(id=new_id(), patient_id=who, posting_ids=chosen))
        new = NewItem(id=new_id(), drug="ibuprofen 400 mg", dose="1 every 8 h", quantity=12)
        with dentist.writing() as ctx:
            prescriptions.issue(ctx, NewPrescription(id=new_id(), patient_id=who, items=(new,)))
        body = b"%PDF-1.4 " + who.bytes
        make.row(
            Document,
            patient_id=who,
            kind="upload",
            title="Letter",
            media_type="application/pdf",
            size=len(body),
            sha256=hashlib.sha256(body).digest(),
            content=body,
        )
        return who

    seen: list[UUID] = []
    return filled


class TestEveryTable:
    def test_nothing_that_points_at_a_patient_is_forgotten(self, database) -> None:
        with open_connection(database.superuser()) as connection:
            moved = {
                (tbl, col)
                for tbl, col, _single in connection.execute(
                    "SELECT * FROM clinic.patient_columns()"
                )
            }
        pointing = set()
        for table in Model.metadata.tables.values():
            for column in table.columns:
                refers = {key.column.table.name for key in column.foreign_keys}
                named = column.name in {"patient_id", "payer_id", "guardian_id"}
                if column.name != "clinic_id" and (named or "patient" in refers):
                    pointing.add((table.name, column.name))
        assert pointing - moved - KEPT.keys() == set()
        assert moved & KEPT.keys() == set()
        assert moved <= pointing


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


class TestRefusals:
    def test_oneself(self, make, merge) -> None:
        ana = make.patient()
        with pytest.raises(ConflictError, match="same record"):
            merge(ana, ana)

    def test_merged_already(self, make, merge, signed_in) -> None:
        ana, anna, other = make.patient("Ana"), make.patient("Anna"), make.patient("Other")
        merge(ana, anna)
        for survivor, merged in ((other, anna), (anna, other), (ana, anna)):
            with pytest.raises(ConflictError, match="already merged into No"):
                merge(survivor, merged)
        with signed_in.reading() as ctx, pytest.raises(ConflictError, match="already merged"):
            patients.preview_merge(ctx, other, anna)

    def test_a_person_and_an_animal(self, make, merge, signed_in) -> None:
        ana, rex = make.patient("Ana"), make.patient("Rex", species="dog")
        with pytest.raises(ConflictError, match="different species"):
            merge(ana, rex)
        with signed_in.reading() as ctx, pytest.raises(ConflictError, match="different species"):
            patients.preview_merge(ctx, ana, rex)

    def test_unmerge_twice(self, make, merge, unmerge) -> None:
        merge_id = merge(make.patient("Ana"), make.patient("Anna"))
        unmerge(merge_id)
        with pytest.raises(ConflictError, match="already taken apart"):
            unmerge(merge_id)

    def test_unmerge_of_a_survivor_merged_later(self, make, merge, unmerge) -> None:
        ana, anna, other = make.patient("Ana"), make.patient("Anna"), make.patient("Other")
        first = merge(ana, anna)
        second = merge(other, ana)
        with pytest.raises(ConflictError, match="merged into No"):
            unmerge(first)
        unmerge(second)
        unmerge(first)

    def test_nobody(self, make, merge) -> None:
        with pytest.raises(NotFoundError):
            merge(make.patient(), new_id())

    @pytest.mark.parametrize("login", ["u_front", "u_dentist", "u_compliance"])
    def test_right(self, make, merge, sign_in, login) -> None:
        with pytest.raises(NotAllowedError):
            merge(make.patient("Ana"), make.patient("Anna"), by=sign_in(login))

    def test_a_screen_that_is_still_open_writes_nothing_into_the_merged(
        self, make, merge, sign_in
    ) -> None:
        ana, anna = make.patient("Ana"), make.patient("Anna")
        merge(ana, anna)
        note = NoteText(id=new_id(), version_id=new_id(), patient_id=anna, body="half")
        dentist = sign_in("u_dentist")
        with pytest.raises(ConflictError, match="merged into another"), dentist.writing() as ctx:
            notes.write(ctx, note)
        with pytest.raises(ConflictError, match="merged into another"):
            make.row(
                PatientAlert,
                patient_id=anna,
                kind="other",
                severity="context",
                text="x",
                noted_on=date(2026, 1, 1),
            )


class TestAttacks:
    """Raw SQL as people who may merge, and who may not."""

    def _refused(self, database, login, statement, *values, match=None) -> None:
        with open_connection(database.person(login), autocommit=False) as connection:
            connection.execute("SET search_path = clinic")
            with pytest.raises(psycopg.Error, match=match):
                connection.execute(statement.encode(), values)
            connection.rollback()

    def test_functions(self, database, make, merge) -> None:
        ana, anna = make.patient("Ana"), make.patient("Anna")
        for login in ("u_front", "u_other"):
            self._refused(
                database,
                login,
                "SELECT merge_patients(%s, %s, %s, %s, '{}', '{}')",
                CLINIC,
                new_id(),
                ana,
                anna,
                match="right",
            )
        for call in ("move_records(%s, %s, %s, NULL)",):
            self._refused(
                database, "u_admin", f"SELECT {call}", CLINIC, ana, anna, match="permission"
            )

    def test_forged_merge(self, database, make, merge) -> None:
        ana, anna, other = make.patient("Ana"), make.patient("Anna"), make.patient("Other")
        merge_id = merge(ana, anna)
        self._refused(
            database,
            "u_admin",
            "INSERT INTO patient_merge (clinic_id, id, survivor_id, merged_id, moved, before,"
            " taken) VALUES (%s, %s, %s, %s, '{}', '{}', '{}')",
            CLINIC,
            new_id(),
            ana,
            other,
            match="merge_patients",
        )
        self._refused(
            database,
            "u_admin",
            "UPDATE patient_merge SET moved = '{}', version = version + 1 WHERE id = %s",
            merge_id,
            match="merge_patients",
        )

    def test_forwarding_by_hand(self, database, make, merge) -> None:
        ana, anna, other = make.patient("Ana"), make.patient("Anna"), make.patient("Other")
        merge(ana, anna)
        for statement, who in (
            ("merged_into_id = NULL, deleted_at = NULL", anna),
            ("deleted_at = now(), merged_into_id = %s".replace("%s", f"'{ana}'"), other),
            ("given = 'x'", anna),
        ):
            self._refused(
                database,
                "u_admin",
                f"UPDATE patient SET {statement}, version = version + 1 WHERE id = %s",
                who,
                match="closed",
            )

    def test_guards_stand_outside_a_merge(self, database, full, make) -> None:
        ana, other = full("Ana"), make.patient("Other")
        for table, login in (("note", "u_dentist"), ("invoice", "u_admin")):
            self._refused(
                database,
                login,
                f"UPDATE {table} SET patient_id = %s, version = version + 1 WHERE patient_id = %s",
                other,
                ana,
            )
        self._refused(
            database, "u_admin", "UPDATE posting SET patient_id = %s", other, match="permission"
        )
        self._refused(database, "u_admin", "INSERT INTO record_move VALUES (1)", match="permission")

    def test_another_clinics_record(self, database, make, sign_in) -> None:
        self._refused(
            database,
            "u_other",
            "SELECT unmerge_patients(%s, %s)",
            CLINIC,
            new_id(),
            match="right",
        )


class TestLog:
    def test_who_merged_and_why_is_in_the_log(self, database, make, merge, signed_in) -> None:
        ana, anna = make.patient("Ana"), make.patient("Anna")
        make.row(
            PatientAlert,
            patient_id=anna,
            kind="other",
            severity="context",
            text="x",
            noted_on=date(2026, 1, 1),
        )
        merge_id = merge(ana, anna)
        with signed_in.reading() as ctx:
            (entry,) = ctx.connection.execute(
                text("SELECT * FROM read_history(:c, 'patient_merge', :m)"),
                {"c": CLINIC, "m": merge_id},
            ).all()
            moved = ctx.connection.execute(
                text(
                    "SELECT count(*) FROM change_log WHERE tbl = 'patient_alert'"
                    " AND 'patient_id' = ANY (fields) AND patient_id = :p"
                ),
                {"p": ana},
            ).scalar_one()
            (past,) = patients.merges(ctx, ana)
        assert (entry.login, entry.reason) == ("u_admin", "same person")
        assert moved == 1
        assert (past.patient_id, past.by) == (anna, signed_in.who.name)
