"""Money by raw SQL as the front desk: what balances may still be wrong, and is refused."""

import uuid
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from clinic_desktop.db.connect import open_connection
from clinic_desktop.domain.ids import new_id
from clinic_desktop.services.billing import service as billing
from tests.cluster import CLINIC

HEAD = """
INSERT INTO journal_entry (clinic_id, id, patient_id, kind, day, act, reverses_id)
VALUES (%s, %s, %s, %s, '2026-03-12', %s, %s)
"""
POSTING = """
INSERT INTO posting (clinic_id, id, journal_entry_id, account, patient_id, amount)
VALUES (%s, %s, %s, %s, %s, %s)
"""
INVOICE = "INSERT INTO invoice (clinic_id, id, patient_id, total) VALUES (%s, %s, %s, %s)"
LINE = """
INSERT INTO invoice_line (clinic_id, id, invoice_id, position, posting_id, day, text, amount)
VALUES (%s, %s, %s, 1, %s, '2026-03-12', 'Filling', %s)
"""
ISSUE = "UPDATE invoice SET status = 'issued', version = version + 1 WHERE id = %s"


class Desk:
    """A raw connection that writes entries; each is one transaction."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self.connection = connection

    def post(
        self,
        patient: uuid.UUID,
        kind: str,
        *sides: tuple[str, uuid.UUID | None, int],
        reverses: uuid.UUID | None = None,
    ) -> tuple[uuid.UUID, uuid.UUID]:
        """Write an entry; return its id and that of its first posting."""
        entry, postings = new_id(), [new_id() for _side in sides]
        with self.connection.transaction():
            self.connection.execute(
                HEAD.encode(), (CLINIC, entry, patient, kind, f"act {entry}", reverses)
            )
            for posting, (account, whose, amount) in zip(postings, sides, strict=True):
                values = (CLINIC, posting, entry, account, whose, amount)
                self.connection.execute(POSTING.encode(), values)
        return entry, postings[0]

    def charge(self, patient: uuid.UUID, amount: int = 5000) -> tuple[uuid.UUID, uuid.UUID]:
        return self.post(
            patient, "charge", ("receivable", patient, amount), ("income", None, -amount)
        )


@pytest.fixture
def desk_as(database) -> Iterator[Any]:
    opened = []

    def connect(login: str) -> Desk:
        connection = open_connection(database.person(login))
        connection.execute("SET search_path = clinic, pg_catalog")
        opened.append(connection)
        return Desk(connection)

    yield connect
    for connection in opened:
        connection.close()


@pytest.fixture
def desk(desk_as) -> Desk:
    return desk_as("u_front")


def _refused(code: str, constraint: str | None = None) -> Any:
    def fits(error: psycopg.Error) -> bool:
        return error.sqlstate == code and constraint in {None, error.diag.constraint_name}

    return pytest.raises(psycopg.Error, check=fits)


class TestEntry:
    def test_nothing_is_added_to_an_entry_that_stands(self, desk, make) -> None:
        patient = make.patient()
        entry, _posting = desk.charge(patient)
        with _refused("CD002", "entry_stands"), desk.connection.transaction():
            for account, whose, amount in (("receivable", patient, 900), ("income", None, -900)):
                values = (CLINIC, new_id(), entry, account, whose, amount)
                desk.connection.execute(POSTING.encode(), values)

    def test_a_chosen_time_does_not_make_an_entry_new(self, desk, make) -> None:
        patient, entry = make.patient(), new_id()
        with desk.connection.transaction():
            desk.connection.execute(
                b"INSERT INTO journal_entry (clinic_id, id, patient_id, kind, day, act, created_at)"
                b" VALUES (%s, %s, %s, 'charge', '2026-03-12', 'x', '2030-01-01')",
                (CLINIC, entry, patient),
            )
            for account, whose, amount in (("receivable", patient, 900), ("income", None, -900)):
                values = (CLINIC, new_id(), entry, account, whose, amount)
                desk.connection.execute(POSTING.encode(), values)
        (made,) = desk.connection.execute(
            b"SELECT created_at <= now() FROM journal_entry WHERE id = %s", (entry,)
        ).fetchone()
        assert made

    def test_charges_its_own_patient_alone(self, desk, make) -> None:
        one, other = make.patient(), make.patient(given="Ben")
        with _refused("23514", "entry_of_one_patient"):
            desk.post(one, "charge", ("receivable", other, 5000), ("income", None, -5000))


class TestGiving:
    """What leaves the clinic needs the right to refund, whatever it is called."""

    @pytest.mark.parametrize(
        ("kind", "account", "given"),
        [
            ("refund", "cash", "receivable"),
            ("payment", "cash", "receivable"),
            ("payment", "bank", "receivable"),
            ("write_off", "receivable", "written_off"),
            ("adjustment", "receivable", "written_off"),
            ("charge", "receivable", "income"),
            ("adjustment", "receivable", "income"),
        ],
    )
    def test_only_with_the_right(self, desk, desk_as, make, kind, account, given) -> None:
        patient = make.patient()
        desk.charge(patient)
        sides = [
            (name, patient if name == "receivable" else None, amount)
            for name, amount in ((account, -700), (given, 700))
        ]
        with _refused("42501"):
            desk.post(patient, kind, *sides)
        desk_as("u_manager").post(patient, kind, *sides)

    def test_a_payment_is_taken_by_the_front_desk(self, desk, make) -> None:
        patient = make.patient()
        desk.charge(patient)
        desk.post(patient, "payment", ("cash", None, 700), ("receivable", patient, -700))

    def test_a_reversal_takes_back_exactly_what_was_done(self, desk, make) -> None:
        patient = make.patient()
        entry, _posting = desk.charge(patient, 5000)
        for kind, amount in (("charge", 6000), ("payment", 5000)):
            with _refused("23514", "reversal_mirrors"):
                desk.post(
                    patient,
                    kind,
                    ("receivable", patient, -amount),
                    ("income", None, amount),
                    reverses=entry,
                )
        with _refused("23514", "reversal_mirrors"):
            desk.post(
                patient, "charge", ("cash", None, -5000), ("income", None, 5000), reverses=entry
            )
        desk.post(
            patient,
            "charge",
            ("receivable", patient, -5000),
            ("income", None, 5000),
            reverses=entry,
        )

    def test_the_service_reverses_as_before(self, desk, make, sign_in) -> None:
        patient = make.patient()
        entry, _posting = desk.charge(patient)
        with sign_in("u_front").writing() as ctx:
            billing.reverse(ctx, entry, act="undo", day=ctx.now.date(), memo="typed wrongly")
            assert billing.ledger(ctx, patient).balance == 0


class TestInvoice:
    def test_bills_its_own_patients_charges_alone(self, desk, make) -> None:
        one, other, invoice = make.patient(), make.patient(given="Ben"), new_id()
        _entry, posting = desk.charge(one)
        desk.connection.execute(INVOICE.encode(), (CLINIC, invoice, other, 5000))
        with _refused("23514", "invoice_line_charge"):
            desk.connection.execute(LINE.encode(), (CLINIC, new_id(), invoice, posting, 5000))

    def test_a_draft_is_not_moved_to_another_patient(self, desk, make) -> None:
        one, other, invoice = make.patient(), make.patient(given="Ben"), new_id()
        _entry, posting = desk.charge(one)
        desk.connection.execute(INVOICE.encode(), (CLINIC, invoice, one, 5000))
        desk.connection.execute(LINE.encode(), (CLINIC, new_id(), invoice, posting, 5000))
        with _refused("CD002"):
            desk.connection.execute(
                b"UPDATE invoice SET patient_id = %s, version = version + 1 WHERE id = %s",
                (other, invoice),
            )

    @pytest.mark.parametrize(
        "change",
        [
            "bill_to = 'Somebody else'",
            "remark = 'x'",
            "due_on = '2030-01-01'",
            "total = 1",
            "number = 99",
            "year = 2020",
            "series = 'B'",
            "issued_at = now() - interval '1 day'",
            "issued_on = '2020-01-01'",
            "status = 'draft', number = NULL, year = NULL, issued_at = NULL, issued_on = NULL",
            "deleted_at = now()",
            "patient_id = (SELECT id FROM patient WHERE id <> patient_id LIMIT 1)",
        ],
    )
    def test_nothing_of_an_issued_one_moves(self, desk, make, change) -> None:
        patient, invoice = make.patient(), new_id()
        make.patient(given="Ben")
        _entry, posting = desk.charge(patient)
        desk.connection.execute(INVOICE.encode(), (CLINIC, invoice, patient, 5000))
        desk.connection.execute(LINE.encode(), (CLINIC, new_id(), invoice, posting, 5000))
        desk.connection.execute(ISSUE.encode(), (invoice,))
        with _refused("CD002"):
            desk.connection.execute(
                f"UPDATE invoice SET {change}, version = version + 1 WHERE id = %s".encode(),
                (invoice,),
            )

    def test_lines_of_an_issued_one_stay(self, desk, make) -> None:
        patient, invoice = make.patient(), new_id()
        _entry, posting = desk.charge(patient)
        _other, more = desk.charge(patient, 100)
        desk.connection.execute(INVOICE.encode(), (CLINIC, invoice, patient, 5000))
        desk.connection.execute(LINE.encode(), (CLINIC, new_id(), invoice, posting, 5000))
        desk.connection.execute(ISSUE.encode(), (invoice,))
        with _refused("CD002", "invoice_issued"):
            desk.connection.execute(LINE.encode(), (CLINIC, new_id(), invoice, more, 100))
        for statement in (b"UPDATE invoice_line SET amount = 1", b"DELETE FROM invoice_line"):
            with _refused("42501"):
                desk.connection.execute(statement)
