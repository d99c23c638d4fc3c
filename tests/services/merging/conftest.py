"""Records of one person, merged and taken apart."""

import hashlib
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from clinic_desktop.domain.ids import new_id
from clinic_desktop.models import ChartItem, Document, Household, PatientAlert, StockMovement
from clinic_desktop.services import patients
from clinic_desktop.services.billing import invoices
from clinic_desktop.services.billing import service as billing
from clinic_desktop.services.billing.schemas import Charge, NewInvoice
from clinic_desktop.services.notes import service as notes
from clinic_desktop.services.notes.schemas import NoteText
from clinic_desktop.services.prescriptions import service as prescriptions
from clinic_desktop.services.prescriptions.schemas import NewItem, NewPrescription


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
