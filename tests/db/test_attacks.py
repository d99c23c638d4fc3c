"""Raw SQL as each role: what must never happen is refused by the database itself."""

import uuid
from datetime import UTC, date, datetime

import psycopg
import pytest

from clinic_desktop.db.connect import open_connection
from clinic_desktop.domain.ids import new_id
from clinic_desktop.services.notes import service as notes
from clinic_desktop.services.notes.schemas import NoteText
from tests.cluster import CLINIC, OTHER_CLINIC, PASSWORD
from tests.db.raw_sql import PATIENT, refused, rows


class TestOtherClinic:
    """Another clinic's rows cannot be read, added to, moved or probed."""

    def test_read(self, front, theirs) -> None:
        assert rows(front, "SELECT 1 FROM patient WHERE id = %s", (theirs,)) == []
        assert rows(front, "SELECT 1 FROM clinic WHERE id = %s", (OTHER_CLINIC,)) == []
        assert rows(front, "SELECT 1 FROM patient_word WHERE clinic_id = %s", (OTHER_CLINIC,)) == []
        assert rows(front, "SELECT 1 FROM change_log WHERE clinic_id = %s", (OTHER_CLINIC,)) == []

    def test_insert(self, front) -> None:
        refused(front, PATIENT, (OTHER_CLINIC, new_id()))

    def test_move(self, front, make) -> None:
        mine = make.patient()
        refused(
            front,
            "UPDATE patient SET clinic_id = %s, version = version + 1 WHERE id = %s",
            (OTHER_CLINIC, mine),
        )

    def test_change(self, front, theirs) -> None:
        changed = front.execute(
            "UPDATE patient SET given = 'x', version = version + 1 WHERE id = %s", (theirs,)
        )
        assert changed.rowcount == 0

    def test_foreign_key_is_no_oracle(self, front, theirs) -> None:
        alert = """
            INSERT INTO patient_alert (clinic_id, id, patient_id, kind, severity, text, noted_on)
            VALUES (%s, %s, %s, 'other', 'context', 'x', '2026-01-01')
        """
        # The same answer for a patient of the other clinic and for one that does not exist.
        refused(front, alert, (CLINIC, new_id(), theirs), "23503")
        refused(front, alert, (CLINIC, new_id(), new_id()), "23503")
        refused(front, alert, (OTHER_CLINIC, new_id(), theirs))

    def test_guarded_reading(self, front, as_login, theirs) -> None:
        refused(front, "SELECT * FROM read_note_version(%s, %s)", (OTHER_CLINIC, theirs))
        refused(
            as_login("u_dentist"), "SELECT * FROM read_note_version(%s, %s)", (OTHER_CLINIC, theirs)
        )
        refused(front, "SELECT log_access(%s, %s, 'open', 'x')", (OTHER_CLINIC, theirs))
        refused(front, "SELECT * FROM read_history(%s, 'patient', %s)", (OTHER_CLINIC, theirs))

    def test_a_view_or_function_of_ones_own_gains_nothing(self, front, theirs) -> None:
        front.execute(
            "CREATE FUNCTION pg_temp.peek() RETURNS bigint LANGUAGE sql SECURITY DEFINER"
            " AS 'SELECT count(*) FROM clinic.patient'"
        )
        assert rows(front, "SELECT pg_temp.peek()") == [(0,)]


class TestNotes:
    """Clinical notes and their history need the permission."""

    @pytest.fixture
    def note(self, sign_in, make) -> tuple[uuid.UUID, uuid.UUID]:
        patient, note_id = make.patient(), new_id()
        with sign_in("u_dentist").writing() as ctx:
            text = NoteText(
                id=note_id, version_id=new_id(), patient_id=patient, body="secret words"
            )
            notes.write(ctx, text)
        return patient, note_id

    def test_front_desk_reads_neither_text_nor_history(self, front, note) -> None:
        patient, note_id = note
        refused(front, "SELECT body FROM note_version")
        refused(front, "SELECT * FROM read_note_version(%s, %s)", (CLINIC, patient))
        refused(front, "SELECT * FROM change_value")
        history = rows(
            front,
            "SELECT hidden, before, after FROM read_history(%s, 'note', %s)",
            (CLINIC, note_id),
        )
        assert history == [(True, None, None)]
        assert rows(front, "SELECT 1 FROM note") == []

    def test_assistant_cannot_sign_and_nobody_signs_for_another(self, as_login, note) -> None:
        _patient, note_id = note
        sign = """
            UPDATE note SET status = 'signed', signed_at = now(), version = version + 1,
                   signed_by = (SELECT id FROM person WHERE login = %s) WHERE id = %s
        """
        refused(as_login("u_assistant"), sign, ("u_assistant", note_id))
        refused(as_login("u_dentist2"), sign, ("u_dentist", note_id))

    def test_written_in_ones_own_name(self, as_login, note) -> None:
        patient, _note_id = note
        refused(
            as_login("u_dentist2"),
            """
            INSERT INTO note (clinic_id, id, patient_id, author_id)
            SELECT %s, %s, %s, id FROM person WHERE login = 'u_dentist'
            """,
            (CLINIC, new_id(), patient),
        )

    def test_versions_are_never_rewritten(self, as_login, note) -> None:
        dentist = as_login("u_dentist")
        refused(dentist, "UPDATE note_version SET body = 'other'")
        refused(dentist, "DELETE FROM note_version")


class TestNever:
    """Overlaps, unbalanced money, negative stock, changed invoices, poison values."""

    def test_overlapping_appointments(self, front, make) -> None:
        patient, provider = make.patient(), make.provider()
        make.appointment(patient, provider, starts_at=datetime(2092, 3, 13, 9, tzinfo=UTC))
        book = """
            INSERT INTO appointment (clinic_id, id, patient_id, provider_id, starts_at, ends_at,
                                     local_start, zone)
            VALUES (%s, %s, %s, %s, %s, %s, '2092-03-13 09:15', 'Europe/Dublin')
        """
        keys = (CLINIC, new_id(), patient, provider)
        refused(front, book, (*keys, "2092-03-13 09:15Z", "2092-03-13 09:45Z"), "23P01")
        refused(front, book, (*keys, "2092-03-13 10:00Z", "2092-03-13 10:00Z"), "23514")
        refused(front, book, (*keys, "2092-03-13 10:00Z", "infinity"), "23514")
        refused(front, "DELETE FROM appointment_resource")
        refused(front, "UPDATE appointment_resource SET blocking = false")

    def test_squeeze_needs_the_right_and_never_shares_a_chair(self, as_login, make) -> None:
        patient, provider, chair = make.patient(), make.provider(), make.chair()
        start = datetime(2092, 3, 13, 9, tzinfo=UTC)
        make.appointment(patient, provider, chair_id=chair, starts_at=start)
        squeeze = """
            INSERT INTO appointment (clinic_id, id, patient_id, provider_id, chair_id, starts_at,
                                     ends_at, local_start, zone, squeeze_reason)
            VALUES (%s, %s, %s, %s, %s, %s, %s, '2092-03-13 09:00', 'Europe/Dublin', 'swelling')
        """
        times = (start, datetime(2092, 3, 13, 9, 20, tzinfo=UTC))
        refused(as_login("u_front"), squeeze, (CLINIC, new_id(), patient, provider, None, *times))
        dentist = as_login("u_dentist")
        dentist.execute(squeeze.encode(), (CLINIC, new_id(), patient, provider, None, *times))
        refused(dentist, squeeze, (CLINIC, new_id(), patient, provider, chair, *times), "23P01")

    def test_unbalanced_entry(self, front, as_login, make) -> None:
        patient, entry = make.patient(), new_id()
        head = """
            INSERT INTO journal_entry (clinic_id, id, patient_id, kind, day, act)
            VALUES (%s, %s, %s, 'charge', '2026-03-12', %s)
        """
        posting = """
            INSERT INTO posting (clinic_id, id, journal_entry_id, account, patient_id, amount)
            VALUES (%s, %s, %s, %s, %s, %s)
        """
        refused(front, head, (CLINIC, new_id(), patient, "empty"), "23514")
        two = as_login("u_front", autocommit=False)
        two.execute(head.encode(), (CLINIC, entry, patient, "a"))
        two.execute(posting.encode(), (CLINIC, new_id(), entry, "receivable", patient, 5000))
        two.execute(posting.encode(), (CLINIC, new_id(), entry, "income", None, -4999))
        with pytest.raises(psycopg.errors.CheckViolation, match="balance"):
            two.commit()
        two.execute(head.encode(), (CLINIC, entry, patient, "b"))
        two.execute(posting.encode(), (CLINIC, new_id(), entry, "receivable", patient, 5000))
        two.execute(posting.encode(), (CLINIC, new_id(), entry, "income", None, -5000))
        two.commit()
        # Adding to an entry that stands, changing or deleting it.
        refused(front, posting, (CLINIC, new_id(), entry, "cash", None, 1), "CD002")
        refused(front, "UPDATE posting SET amount = 2")
        refused(front, "DELETE FROM journal_entry")
        refused(front, head, (CLINIC, new_id(), patient, "b"), "23505")

    def test_negative_stock(self, front, make) -> None:
        product = make.product(counted=2)
        refused(
            front,
            "INSERT INTO stock_movement (clinic_id, id, product_id, kind, quantity)"
            " VALUES (%s, %s, %s, 'use', -3)",
            (CLINIC, new_id(), product),
            "23514",
        )
        refused(front, "UPDATE stock_balance SET quantity = 99")
        refused(front, "UPDATE stock_movement SET quantity = 99")

    def test_invoice_numbers_are_not_chosen(self, front, make) -> None:
        refused(
            front,
            "INSERT INTO invoice (clinic_id, id, patient_id, total, status, year, number,"
            " issued_at, issued_on) VALUES (%s, %s, %s, 0, 'issued', 2026, 7, now(), '2026-01-01')",
            (CLINIC, new_id(), make.patient()),
        )
        refused(front, "UPDATE counter SET last = 0")

    def test_version_cannot_be_skipped(self, front, make) -> None:
        patient = make.patient()
        for change in ("given = 'X'", "given = 'X', version = 9"):
            refused(
                front,
                f"UPDATE patient SET {change} WHERE id = %s",
                (patient,),
                "CD001",
            )

    @pytest.mark.parametrize("born", ["infinity", "4000-01-01", "0044-03-15 BC", "0001-01-01"])
    def test_poison_dates(self, front, born) -> None:
        refused(
            front,
            "INSERT INTO patient (clinic_id, id, number, given, phone, sort_key, words, born)"
            " VALUES (%s, %s, '', 'x', '1', 'x', '{x}', %s)",
            (CLINIC, new_id(), born),
            "23514",
        )

    def test_password_of_the_template_opens_nothing_else(self, database) -> None:
        for login in ("postgres", "clinic_owner", "clinic_staff", "clinic_log"):
            with pytest.raises(psycopg.OperationalError):
                open_connection(database.cluster.address.dsn(login, PASSWORD, database.name))

    def test_dates_come_back(self, front, make) -> None:
        patient = make.patient(born=date(1900, 2, 28))
        assert rows(front, "SELECT born FROM patient WHERE id = %s", (patient,)) == [
            (date(1900, 2, 28),)
        ]
