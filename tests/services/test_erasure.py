"""A person erased on a real clinic: nothing of them is left but what the law keeps."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from clinic_desktop.db.connect import open_connection
from clinic_desktop.domain.ids import new_id
from clinic_desktop.errors import (
    ClinicError,
    ConflictError,
    InvalidError,
    NotAllowedError,
    NotFoundError,
    StaleError,
)
from clinic_desktop.models import Patient
from clinic_desktop.services import patients
from clinic_desktop.services.audit import service as audit
from clinic_desktop.services.audit.schemas import AuditFilter
from clinic_desktop.services.billing import invoices
from clinic_desktop.services.billing import service as billing
from clinic_desktop.services.documents import attachments
from clinic_desktop.services.documents import service as documents
from clinic_desktop.services.erasure import service as erasure
from clinic_desktop.services.erasure.schemas import ErasureRuleValues
from clinic_desktop.services.installation.anchors import Anchors
from clinic_desktop.services.installation.verify import verify
from clinic_desktop.services.patients.schemas import PatientChange
from clinic_desktop.services.rows import change_row
from tests import files as made
from tests.cluster import CLINIC
from tests.services.erasing import EMAIL, LETTER, MARK, PAPER, PHONE, People, dumped, traces

# What becomes of every column that says whose a row is. A new table fails here until it is decided,
# and empty_records() does it.
DECIDED = {
    ("appointment", "patient_id"): "kept without its texts",
    ("appointment_series", "patient_id"): "kept: times alone, as of the visits; it holds no text",
    ("attachment", "patient_id"): "removed with its file",
    ("attachment_mark", "patient_id"): "removed",
    ("chart_item", "patient_id"): "removed, or kept without its remark where a charge names it",
    ("contact_attempt", "patient_id"): "removed",
    ("document", "patient_id"): "removed, but for invoices and receipts within their time",
    ("erasure", "patient_id"): "says that it was done",
    ("household", "payer_id"): "emptied; the family goes with its last member",
    ("invoice", "patient_id"): "kept, its buyer only within the time of the law",
    ("journal_entry", "patient_id"): "kept without its memo",
    ("note", "patient_id"): "removed",
    ("note_version", "patient_id"): "removed",
    ("patient", "guardian_id"): "a ward's own row: it names an erased record from then on",
    ("patient_alert", "patient_id"): "removed",
    ("patient_consent", "patient_id"): "removed",
    ("patient_photo", "patient_id"): "removed",
    ("patient_star", "patient_id"): "removed",
    ("perio_exam", "patient_id"): "removed",
    ("perio_tooth", "patient_id"): "removed",
    ("posting", "patient_id"): "kept, text of charges only",
    ("prescription", "patient_id"): "kept as a number without its medicines",
    ("prescription_item", "patient_id"): "removed",
    ("recall", "patient_id"): "removed",
    ("recall_attempt", "patient_id"): "removed",
    ("waiting_offer", "patient_id"): "removed",
    ("waiting_request", "patient_id"): "removed",
}


@pytest.fixture
def people(database, make, sign_in) -> People:
    return People(database, make, sign_in)


@pytest.fixture
def anchors(tmp_path) -> Anchors:
    return Anchors(tmp_path / "anchors.json")


def whole(database, anchors) -> int:
    """Verify the logs; return how many entries are shown as erased."""
    results = verify(database.machine("clinic_backup"), anchors)
    assert [one.finding for one in results if one.finding is not None] == []
    return next(one.erased for one in results if one.clinic_id == CLINIC)


def state(database, *without: UUID) -> dict[str, set[str]]:
    """Return every row of every table that has to do with none of these records."""
    with open_connection(database.superuser()) as connection:
        tables = [
            row[0]
            for row in connection.execute(
                "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace ="
                " 'clinic'::regnamespace AND relname NOT IN ('log_head', 'access_head', 'erasure',"
                " 'access_log', 'access_seal', 'change_log', 'change_value')"
            )
        ]
        found = {
            table: {
                row[0]
                for row in connection.execute(f"SELECT t::text FROM clinic.{table} t".encode())
            }
            for table in tables
        }
        found["log"] = {
            row[0]
            for row in connection.execute(
                "SELECT l::text || v::text FROM clinic.change_log l"
                " JOIN clinic.change_value v USING (clinic_id, seq)"
            )
        }
    gone = [str(one) for one in without]
    return {
        table: {row for row in rows if not any(one in row for one in gone)}
        for table, rows in found.items()
    }


class TestNothingIsLeft:
    def test_the_dump_of_the_whole_database(self, database, people, anchors, tmp_path) -> None:
        picture = made.picture(shade=33)
        who = people.full(data=picture)
        needles = (MARK, "7700911", EMAIL, picture[200:240], LETTER)
        before = traces(dumped(database.superuser(), tmp_path), *needles)
        assert all(before.values()), "the person must be there to be looked for"
        done = people.erase(who)
        after = traces(dumped(database.superuser(), tmp_path), *needles)
        # Within its time the invoice keeps the buyer and its paper: nothing else is left.
        kept = after.pop(MARK)
        assert all("Kept Street 1" in line or "Invoice of" in line for line in kept), kept
        assert len(kept) == 2
        assert after == {needle: [] for needle in after}
        assert (done.invoices, done.again) == (1, False)
        assert whole(database, anchors) > 20

    def test_after_the_time_of_papers_nothing_at_all(
        self, database, people, anchors, tmp_path
    ) -> None:
        who = people.full()
        people.tamper("UPDATE invoice SET issued_on = issued_on - interval '10 years'")
        done = people.erase(who)
        assert (done.invoices, done.kept_until) == (0, None)
        left = traces(dumped(database.superuser(), tmp_path), MARK, "7700911", EMAIL, PAPER)
        assert left == {needle: [] for needle in left}
        with people.admin.reading() as ctx:
            (invoice,) = invoices.invoices_of(ctx, who)
            assert (invoice.number, invoice.total, invoice.bill_to) == (1, 14000, "")
            assert invoice.document_id is None
            assert billing.ledger(ctx, who).balance == 0
        whole(database, anchors)

    def test_kept_papers_go_when_their_time_is_over(
        self, database, people, anchors, tmp_path, sign_in
    ) -> None:
        who, other = people.full(), people.full("Benedikt", phone="+353851112233")
        people.erase(who)
        with people.admin.writing() as ctx:
            assert (erasure.papers_over(ctx), erasure.let_go(ctx)) == (0, 0)
        people.tamper("UPDATE invoice SET issued_on = issued_on - interval '10 years'")
        with pytest.raises(NotAllowedError), sign_in("u_manager").writing() as ctx:
            ctx.connection.execute(text("SELECT let_go_papers(:c)"), {"c": ctx.clinic_id})
        with people.admin.writing() as ctx:
            assert (erasure.papers_over(ctx), erasure.let_go(ctx)) == (1, 1)
        whole_dump = dumped(database.superuser(), tmp_path)
        left = traces(whole_dump, MARK, PAPER + who.bytes)
        assert left == {needle: [] for needle in left}
        assert traces(whole_dump, PAPER + other.bytes)[str(PAPER + other.bytes)]
        with people.admin.reading() as ctx:
            assert erasure.papers_over(ctx) == 0
            assert invoices.invoices_of(ctx, other)[0].bill_to.startswith("Benedikt")
        whole(database, anchors)

    def test_every_column_is_decided(self, database) -> None:
        with open_connection(database.superuser()) as connection:
            there = {
                (tbl, col)
                for tbl, col, _single in connection.execute(
                    "SELECT * FROM clinic.patient_columns()"
                )
            }
        assert there == DECIDED.keys()

    def test_what_a_transaction_wrote_before_it_erased(
        self, database, people, make, tmp_path
    ) -> None:
        who = make.patient(given="Ana", family="Reis")
        with people.admin.writing() as ctx:
            change_row(ctx, Patient, id=who, version=1, sticky_note="qzlatecomer")
            ctx.connection.execute(
                text("SELECT erase_patient(:c, :e, :p, 'asked', '')"),
                {"c": ctx.clinic_id, "e": new_id(), "p": who},
            )
        left = traces(dumped(database.superuser(), tmp_path), "qzlatecomer")
        assert left == {"qzlatecomer": []}

    def test_records_that_were_merged_go_together(
        self, database, people, make, anchors, tmp_path
    ) -> None:
        who, other = people.full(), make.patient(given="Qzsecond", family="Qzother")
        third = make.patient(given="Qzthird", family="Qzother")
        for survivor, merged, take in ((other, third, ("name",)), (who, other, ())):
            with people.admin.writing() as ctx:
                patients.merge(ctx, id=new_id(), survivor_id=survivor, merged_id=merged, take=take)
        with people.admin.reading() as ctx, pytest.raises(ConflictError, match="together with it"):
            erasure.preview(ctx, third)
        people.erase(who)
        left = traces(dumped(database.superuser(), tmp_path), "qzsecond", "qzthird", "qzother")
        assert left == {needle: [] for needle in left}
        whole(database, anchors)
        with people.admin.reading() as ctx:
            assert patients.find(ctx, "#" + people.number(third)) == ()

    def test_what_another_record_had_taken_over_while_both_were_one(
        self, database, people, make, anchors, tmp_path
    ) -> None:
        """A merge by mistake, taken apart: the other patient's history loses this one's values."""
        who = make.patient(given="Qzwrong", family="Qzperson", sticky_note="qzsticky")
        other = make.patient(given="Ana", family="Reis", sticky_note="stays")
        merge = new_id()
        with people.admin.writing() as ctx:
            patients.merge(
                ctx, id=merge, survivor_id=other, merged_id=who, take=("name", "sticky_note")
            )
        with people.admin.writing() as ctx:
            patients.unmerge(ctx, merge)
        people.erase(who)
        left = traces(dumped(database.superuser(), tmp_path), "qzwrong", "qzperson", "qzsticky")
        assert left == {needle: [] for needle in left}
        whole(database, anchors)
        with people.admin.reading() as ctx:
            assert patients.open_patient(ctx, other).sticky_note == "stays"


class TestOthers:
    def test_no_row_of_anybody_else_changes(self, database, people, make, anchors) -> None:
        shared = made.picture(shade=120)
        who = people.full(data=shared)
        other = people.full("Benedikt", phone="+353851112233", email="b@b.example", data=shared)
        child = make.patient(given="Child", guardian_id=who)
        before = state(database, who)
        people.erase(who)
        after = state(database, who)
        changed = {t: before[t] - after[t] for t in before if before[t] - after[t]}
        # A file's own rows name nobody: here the other patient has the same file.
        assert changed.keys() <= {"household", "log", "posting"}
        mine = (MARK, "Composite")
        assert all(any(m in row for m in mine) for rows in changed.values() for row in rows)
        with people.admin.reading() as ctx:
            (row,) = attachments.attachments(ctx, other)
            assert attachments.content(ctx, other, row.id) == shared
            assert patients.open_patient(ctx, child).guardian == f"Erased record {number(ctx, who)}"
            assert len(invoices.invoices_of(ctx, other)) == 1
        whole(database, anchors)

    def test_a_family_stays_with_those_who_are_left(self, database, people, make) -> None:
        who = people.full()
        with people.admin.reading() as ctx:
            home = ctx.connection.execute(
                text("SELECT household_id FROM patient WHERE id = :p"), {"p": who}
            ).scalar_one()
        other = make.patient(given="Ana", family="Reis", household_id=home)
        people.erase(who)
        with people.admin.reading() as ctx:
            card = patients.open_patient(ctx, other)
            assert (card.household_id, card.payer_id) == (home, None)
            assert patients.overview(ctx, other).relatives == ()


def number(ctx, who) -> str:
    return str(
        ctx.connection.execute(
            text("SELECT number FROM patient WHERE id = :p"), {"p": who}
        ).scalar_one()
    )


class TestAfterwards:
    def test_every_place_says_erased_record(self, people) -> None:
        who = people.full()
        people.erase(who)
        name = f"Erased record {people.number(who)}"
        with people.admin.reading() as ctx:
            for typed in (MARK, MARK[:4], PHONE, "7700911", EMAIL, "#" + people.number(who)):
                assert patients.find(ctx, typed) == (), typed
            with pytest.raises(NotFoundError, match="was erased on"):
                patients.open_patient(ctx, who)
            (row,) = erasure.erasures(ctx)
            assert (row.patient_id, row.reason, row.invoices_kept) == (who, "Asked in writing", 1)
            (invoice,) = invoices.invoices_of(ctx, who)
            assert invoice.bill_to.startswith(MARK)
            assert invoice.document_id is not None
            paper = documents.content(ctx, who, invoice.document_id)
            assert paper == PAPER + who.bytes
            entries = audit.report(ctx, AuditFilter(source="changes", patient_id=who))
            assert {one.patient for one in entries} == {name}
            assert "E" in {one.action for one in entries}

    def test_twice_is_once_and_again_is_refused(self, people) -> None:
        who, order = people.full(), new_id()
        first = people.erase(who, order_id=order)
        again = people.erase(who, order_id=order)
        assert (first.again, again.again, again.id) == (False, True, first.id)
        with pytest.raises(ConflictError, match="erased already"):
            people.erase(who)

    def test_nothing_is_written_in_it(self, people, make) -> None:
        who = people.full()
        people.erase(who)
        admin = people.admin
        with pytest.raises(NotFoundError), admin.writing() as ctx:
            patients.change(ctx, PatientChange(id=who, version=1, given="Back"))
        # What comes first of the two that refuse it: nobody books for a record that is closed.
        with pytest.raises((ConflictError, IntegrityError)) as refused:
            make.appointment(who, people.provider)
        assert "erased" in str(refused.value) or "patient_stands" in str(refused.value)
        with pytest.raises(ConflictError, match="was erased"):
            people.pay(who, 100)
        with pytest.raises(ConflictError, match="was erased"), admin.writing() as ctx:
            ctx.connection.execute(
                text(
                    "UPDATE appointment SET remark = 'x', version = version + 1"
                    " WHERE patient_id = :p"
                ),
                {"p": who},
            )


class TestRefused:
    def test_visits_to_come(self, people, make) -> None:
        who = make.patient()
        coming = make.appointment(who, people.provider, starts_at=datetime(2199, 1, 5, tzinfo=UTC))
        with people.admin.reading() as ctx:
            found = erasure.preview(ctx, who)
            assert [one.id for one in found.coming] == [coming]
        with pytest.raises(ConflictError, match="still to come"):
            people.erase(who)
        people.tamper("UPDATE appointment SET status = 'cancelled', reason = 'x'")
        people.erase(who)

    @pytest.mark.parametrize(("amount", "words"), [(100, "owes the patient"), (-100, "to be paid")])
    def test_money_that_is_open(self, people, amount, words) -> None:
        who = people.full()
        people.pay(who, amount)
        with pytest.raises(ConflictError, match=words):
            people.erase(who)
        people.pay(who, -amount)
        people.erase(who)

    def test_what_was_typed(self, people) -> None:
        who = people.full()
        for field, typed in (
            ("number", {"number": "99999"}),
            ("reason", {"reason": " "}),
            ("reason", {"reason": f"{MARK} asked"}),
            ("reason", {"reason": f"asked by {EMAIL}"}),
            ("early_reason", {"early": ""}),
        ):
            with pytest.raises(InvalidError) as refused:
                people.erase(who, **typed)
            assert refused.value.field == field, typed
        with people.admin.reading() as ctx:
            assert patients.open_patient(ctx, who).given == MARK

    def test_before_its_time_only_where_the_clinic_allows_it(self, people) -> None:
        who = people.full()
        rules = ErasureRuleValues(fiscal_years=7, clinical_years=15, early=False)
        with people.admin.writing() as ctx:
            erasure.change_rules(ctx, 0, rules)
        with pytest.raises(StaleError), people.admin.writing() as ctx:
            erasure.change_rules(ctx, 5, rules)
        with people.admin.reading() as ctx:
            found = erasure.preview(ctx, who)
            assert (found.fiscal_years, found.clinical_years, found.early) == (7, 15, False)
            assert found.care_until is not None
            assert found.care_until.year == found.today.year + 15
        with pytest.raises(ConflictError, match="no exception"):
            people.erase(who)
        with people.admin.writing() as ctx:
            values = rules.model_copy(update={"clinical_years": 0})
            erasure.change_rules(ctx, 1, values)
        assert people.erase(who, early="").invoices == 1

    def test_a_child_s_record_is_kept_from_their_coming_of_age(self, people, make) -> None:
        who = people.full()
        people.tamper(f"UPDATE patient SET born = '2020-05-06' WHERE id = '{who}'")
        with people.admin.reading() as ctx:
            assert str(erasure.preview(ctx, who).care_until) == "2048-05-06"

    @pytest.mark.parametrize("login", ["u_front", "u_dentist", "u_manager"])
    def test_without_the_right(self, people, sign_in, login) -> None:
        who = people.full()
        with pytest.raises(NotAllowedError):
            people.erase(who, by=sign_in(login))
        with sign_in(login).reading() as ctx, pytest.raises(NotAllowedError):
            erasure.preview(ctx, who)

    def test_of_another_clinic(self, people, sign_in) -> None:
        who = people.full()
        other = sign_in("u_other")
        for clinic in (CLINIC, other.who.clinic_id):
            with pytest.raises(ClinicError), other.writing() as ctx:
                ctx.connection.execute(
                    text("SELECT erase_patient(:c, :e, :p, 'asked', 'early')"),
                    {"c": clinic, "e": new_id(), "p": who},
                )
        with people.admin.reading() as ctx:
            assert patients.open_patient(ctx, who).given == MARK
