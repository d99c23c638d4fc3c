"""A person with one of everything, all of it marked so that it can be looked for, and the act."""

import subprocess
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import text

from clinic_desktop.db.connect import open_connection
from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.names import search_words
from clinic_desktop.models import ChartItem, Household, PatientAlert, StockMovement
from clinic_desktop.services.backup.programs import connection as tool_connection
from clinic_desktop.services.backup.programs import fitting
from clinic_desktop.services.billing import invoices
from clinic_desktop.services.billing import service as billing
from clinic_desktop.services.billing.schemas import Charge, NewInvoice
from clinic_desktop.services.documents import attachments, marks
from clinic_desktop.services.documents import service as documents
from clinic_desktop.services.documents.schemas import About, NewAttachment, NewDocument, NewMark
from clinic_desktop.services.erasure import service as erasure
from clinic_desktop.services.erasure.schemas import Erased, ErasureOrder
from clinic_desktop.services.notes import service as notes
from clinic_desktop.services.notes.schemas import NoteText
from clinic_desktop.services.prescriptions import service as prescriptions
from clinic_desktop.services.prescriptions.schemas import NewItem, NewPrescription
from tests import files as made
from tests.factories import Factory

MARK = "Qzwinglikov"
PHONE = "+353857700911"
EMAIL = "qz@erase.example"
PAPER = b"%PDF-1.4 qz-invoice-paper-of-the-person"
LETTER = b"%PDF-1.4 qz-letter-about-the-person"
_ENTRY = text(
    """
    WITH entry AS (
        INSERT INTO journal_entry (clinic_id, id, patient_id, kind, day, act, memo)
        VALUES (:clinic, :entry, :patient, 'payment', :day, :act, :memo) RETURNING id
    )
    INSERT INTO posting (clinic_id, id, journal_entry_id, account, patient_id, amount, text)
    SELECT :clinic, gen_random_uuid(), e.id, s.account, s.whose, s.amount, :memo
    FROM entry e CROSS JOIN (VALUES ('receivable', CAST(:patient AS uuid),
                              -CAST(:amount AS bigint)), ('cash', NULL, CAST(:amount AS bigint)))
         AS s(account, whose, amount)
    """
)


class People:
    """``people.full()`` makes a person; ``people.erase(id)`` erases one."""

    def __init__(self, database: Any, make: Factory, sign_in: Callable[..., Any]) -> None:
        self.database, self.make = database, make
        self.provider = make.provider(login="u_dentist", registration="IE-1")
        self.admin, self.dentist = sign_in("u_admin"), sign_in("u_dentist")
        self.treatment, self.product = make.treatment(), make.product()
        self._visits = 0
        self.paper: bytes | None = None

    def full(
        self, mark: str = MARK, *, phone: str = PHONE, email: str = EMAIL,
        data: bytes | None = None, paid: bool = True,
    ) -> UUID:  # fmt: skip
        """Return a patient with a row of every table, ``mark`` in every text of it."""
        make, admin, dentist = self.make, self.admin, self.dentist
        words = search_words(
            given=mark, family=f"{mark}son", other_name=f"van {mark}", phone=phone, email=email,
            born=date(1971, 2, 3), number="",
        )  # fmt: skip
        who = make.patient(
            given=mark, family=f"{mark}son", other_name=f"van {mark}", phone=phone, email=email,
            address=f"{mark} street 5", city=f"{mark}town", postcode="Q1", country="IE",
            born=date(1971, 2, 3), sticky_note=f"{mark} likes jazz", words=words,
            sort_key=f"{mark}son".casefold(),
        )  # fmt: skip
        home = make.row(Household, name=f"{mark}son", payer_id=who)
        with admin.writing(reason=f"{mark} moved in") as ctx:
            ctx.connection.execute(
                text("UPDATE patient SET household_id = :home, version = version + 1"
                     " WHERE id = :who"), {"home": home, "who": who},
            )  # fmt: skip
        self._visits += 1
        slot = make.appointment(
            who, self.provider, status="done", remark=f"{mark} is afraid",
            squeeze_reason=f"{mark} in pain",
            starts_at=datetime(2026, 3, 2, 8, tzinfo=UTC) + timedelta(days=self._visits),
        )  # fmt: skip
        make.appointment(
            who, self.provider, status="cancelled", reason=f"{mark} is ill",
            starts_at=datetime(2026, 4, 2, 8, tzinfo=UTC) + timedelta(days=self._visits),
        )  # fmt: skip
        item, _finding = (
            make.row(
                ChartItem, patient_id=who, kind=kind, code=code, tooth=36, status=status,
                since=date(2026, 3, 2), treatment_id=treatment, remark=f"{mark} said",
            )
            for kind, code, status, treatment in (
                ("procedure", "FILL", "done", self.treatment),
                ("condition", "CAR", "condition", None),
            )
        )  # fmt: skip
        del slot
        make.row(
            StockMovement, product_id=self.product, kind="use", quantity=-1, chart_item_id=item
        )
        make.row(
            PatientAlert, patient_id=who, kind="allergy", severity="stop", text=f"{mark} latex",
            noted_on=date(2026, 1, 1),
        )  # fmt: skip
        note = NoteText(id=new_id(), version_id=new_id(), patient_id=who, body=f"{mark} signed.")
        draft = NoteText(id=new_id(), version_id=new_id(), patient_id=who, body=f"{mark} draft.")
        for one in (note, draft):
            with dentist.writing() as ctx:
                notes.write(ctx, one)
        with dentist.writing() as ctx:
            notes.sign(ctx, note.id, 1)
        self._money(who, item, mark, paid=paid)
        new = NewItem(
            id=new_id(), drug="ibuprofen 400 mg", dose="1 every 8 h", quantity=12,
            instructions=f"{mark}: after eating",
        )  # fmt: skip
        with dentist.writing() as ctx:
            prescriptions.issue(ctx, NewPrescription(id=new_id(), patient_id=who, items=(new,)))
        self._papers(who, mark, data)
        return who

    def _money(self, who: UUID, item: UUID, mark: str, *, paid: bool) -> None:
        with self.admin.writing() as ctx:
            charge = Charge(
                posting_id=new_id(), chart_item_id=item, provider_id=self.provider,
                text="Composite", amount=14000,
            )  # fmt: skip
            billing.post_charges(
                ctx, patient_id=who, act=f"t:{who}", day=date(2026, 3, 2), charges=[charge]
            )
        paper = NewDocument(
            id=new_id(), patient_id=who, kind="invoice", title=f"Invoice of {mark}",
            media_type="application/pdf", content=self.paper or PAPER + who.bytes,
        )  # fmt: skip
        with self.admin.writing() as ctx:
            documents.store(ctx, paper)
            new = NewInvoice(
                id=new_id(), patient_id=who, posting_ids=(charge.posting_id,),
                bill_to=f"{mark} Buyer, Kept Street 1", remark="thank you",
            )  # fmt: skip
            issued = invoices.issue_invoice(ctx, new)
            invoices.attach_paper(ctx, issued.id, issued.version, paper.id)
        if paid:
            self.pay(who, 14000, memo=f"{mark} paid in coins")

    def pay(self, who: UUID, amount: int, memo: str = "") -> None:
        with self.admin.writing() as ctx:
            ctx.connection.execute(
                _ENTRY,
                {
                    "clinic": ctx.clinic_id, "entry": new_id(), "patient": who,
                    "day": date(2026, 3, 2), "act": f"p:{new_id()}", "memo": memo, "amount": amount,
                },
            )  # fmt: skip

    def _papers(self, who: UUID, mark: str, data: bytes | None) -> None:
        letter = NewDocument(
            id=new_id(), patient_id=who, kind="upload", title=f"Letter of {mark}",
            media_type="application/pdf", content=LETTER + who.bytes,
        )  # fmt: skip
        picture = NewAttachment(
            id=new_id(), patient_id=who,
            about=About(kind="photo", title=f"{mark} smiling", note=f"{mark} in March"),
        )  # fmt: skip
        with self.admin.writing() as ctx:
            documents.store(ctx, letter)
            content = data or made.picture()
            attached = attachments.attach_bytes(ctx, picture, content, f"{mark}.jpg")
            marks.draw(
                ctx, NewMark(id=new_id(), patient_id=who, attachment_id=attached.id, shape="text",
                             points=(10, 10), words=f"{mark} here"),
            )  # fmt: skip

    def number(self, who: UUID) -> str:
        with open_connection(self.database.superuser()) as connection:
            row = connection.execute(
                "SELECT number FROM clinic.patient WHERE id = %s", (who,)
            ).fetchone()
            return str(row[0]) if row else ""

    def erase(
        self, who: UUID, *, by: Any = None, reason: str = "Asked in writing",
        early: str = "The patient insists", number: str | None = None, order_id: UUID | None = None,
    ) -> Erased:  # fmt: skip
        """Erase as the administrator, or whoever is given."""
        order = ErasureOrder(
            id=order_id or new_id(), patient_id=who, number=number or self.number(who),
            reason=reason, early_reason=early,
        )  # fmt: skip
        with (by or self.admin).writing() as ctx:
            return erasure.erase(ctx, order)

    def tamper(self, *statements: str) -> None:
        """Change what time alone would: as a superuser around every trigger."""
        with open_connection(self.database.superuser()) as connection:
            connection.execute("SET session_replication_role = replica")
            connection.execute("SET search_path = clinic, pg_catalog")
            for statement in statements:
                connection.execute(statement.encode())


def dumped(dsn: dict[str, str], folder: Path) -> bytes:
    """Return the whole database as pg_dump writes it in plain text."""
    with open_connection(dsn) as connection:
        programs = fitting(connection.info.server_version // 10_000)
    where, environment = tool_connection(dsn, programs)
    target = folder / "whole.sql"
    subprocess.run(
        [programs.path("pg_dump"), f"--dbname={where}", "--format=plain", f"--file={target}",
         "--no-password"],
        check=True, env=environment,
    )  # fmt: skip
    return target.read_bytes()


def traces(whole: bytes, *needles: str | bytes) -> dict[str, list[str]]:
    """Return where each needle stands in a dump: as text in any case, or as the hex of bytes."""
    lines = whole.splitlines()
    found = {}
    for needle in needles:
        as_text = needle if isinstance(needle, bytes) else needle.casefold().encode()
        in_hex = as_text.hex().encode()
        raw = needle.hex().encode() if isinstance(needle, bytes) else needle.encode().hex().encode()
        found[str(needle)] = [
            line[:300].decode("utf-8", "replace")
            for line in lines
            if as_text in line.lower() or in_hex in line or raw in line
        ]
    return found
