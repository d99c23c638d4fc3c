"""A patient's timeline: everything that happened, in order, page by page, under one's rights."""

from datetime import UTC, date, datetime

import pytest

from clinic_desktop.domain.ids import new_id
from clinic_desktop.models import ChartItem, PatientAlert
from clinic_desktop.services import patients
from clinic_desktop.services.billing import invoices
from clinic_desktop.services.billing import service as billing
from clinic_desktop.services.billing.schemas import Charge, NewInvoice
from clinic_desktop.services.notes import service as notes
from clinic_desktop.services.notes.schemas import NoteText
from clinic_desktop.services.patients.schemas import PatientChange
from clinic_desktop.services.timeline.service import timeline


@pytest.fixture
def patient(make, make_named, sign_in, signed_in):
    """A patient with whom a bit of everything happened."""
    provider = make.provider(login="u_dentist")
    who = make_named("Ana", "Reis")
    now = datetime(2026, 3, 12, 14, 0, tzinfo=UTC)
    make.appointment(who, provider, status="done", arrived_at=now, done_at=now)
    make.appointment(who, provider, starts_at=datetime(2099, 1, 5, 9, 0, tzinfo=UTC))
    for tooth in (36, 37):
        make.row(
            ChartItem, patient_id=who, kind="condition", code="CAR", tooth=tooth,
            status="condition", since=date(2026, 3, 12),
        )  # fmt: skip
    make.row(
        PatientAlert, patient_id=who, kind="allergy", severity="stop", text="Latex",
        noted_on=date(2026, 3, 12),
    )  # fmt: skip
    dentist = sign_in("u_dentist")
    note = NoteText(id=new_id(), version_id=new_id(), patient_id=who, body="Secret words")
    with dentist.writing() as ctx:
        notes.write(ctx, note)
    with dentist.writing() as ctx:
        notes.sign(ctx, note.id, 1)
    charge = Charge(
        posting_id=new_id(), chart_item_id=None, provider_id=None, text="Composite", amount=14000
    )
    with signed_in.writing() as ctx:
        billing.post_charges(ctx, patient_id=who, act="t", day=date(2026, 3, 12), charges=[charge])
    with signed_in.writing() as ctx:
        new = NewInvoice(id=new_id(), patient_id=who, posting_ids=(charge.posting_id,))
        invoices.issue_invoice(ctx, new)
        version = patients.open_patient(ctx, who).version
        patients.change(ctx, PatientChange(id=who, version=version, city="Dublin"))
    return who


def _page(signed_in, patient, **values):
    with signed_in.reading() as ctx:
        return timeline(ctx, patient, **values)


class TestTimeline:
    def test_everything_newest_first(self, signed_in, patient) -> None:
        page = _page(signed_in, patient)
        found = {(entry.kind, entry.event) for entry in page.entries}
        assert found == {
            ("visit", "booked"), ("visit", "arrived"), ("visit", "done"), ("note", "opened"),
            ("note", "signed"), ("chart", "condition"), ("money", "charge"),
            ("invoice", "issued"), ("alert", "added"), ("record", "registered"),
            ("record", "changed"),
        }  # fmt: skip
        moments = [entry.at for entry in page.entries]
        assert moments == sorted(moments, reverse=True)
        assert (page.next, page.missing) == (None, ())
        charge = next(entry for entry in page.entries if entry.kind == "money")
        assert (charge.subject, charge.amount, charge.by) == (
            "Composite", 14000, signed_in.who.name,
        )  # fmt: skip
        changed = next(entry for entry in page.entries if entry.event == "changed")
        assert changed.subject == "city"

    @pytest.mark.parametrize("limit", [1, 2, 5])
    def test_pages_join_without_gap_or_repeat(self, signed_in, patient, limit) -> None:
        whole = _page(signed_in, patient).entries
        found, place = [], None
        while True:
            page = _page(signed_in, patient, limit=limit, before=place)
            found += page.entries
            place = page.next
            if place is None:
                break
        assert tuple(found) == whole

    def test_filters(self, signed_in, patient) -> None:
        money = _page(signed_in, patient, show="money").entries
        assert {entry.kind for entry in money} == {"money", "invoice"}
        clinical = _page(signed_in, patient, show="clinical").entries
        assert {entry.kind for entry in clinical} == {"visit", "note", "chart", "alert"}
        assert _page(signed_in, patient, show="messages").entries == ()

    def test_rights(self, sign_in, patient) -> None:
        page = _page(sign_in("u_front"), patient)
        assert {"note", "chart", "prescription"} <= set(page.missing)
        assert not {"note", "chart", "prescription"} & {entry.kind for entry in page.entries}

    def test_no_text_of_a_note(self, signed_in, patient) -> None:
        assert "Secret" not in _page(signed_in, patient).model_dump_json()

    def test_another_clinics_patient(self, sign_in, patient) -> None:
        assert _page(sign_in("u_other"), patient).entries == ()

    def test_of_a_merged_record(self, signed_in, make_named, patient) -> None:
        survivor = make_named("Anna", "Reis")
        with signed_in.writing() as ctx:
            patients.merge(ctx, id=new_id(), survivor_id=survivor, merged_id=patient)
        page = _page(signed_in, patient)
        assert page.entries[0].event == "merged"
        assert ("money", "charge") in {(entry.kind, entry.event) for entry in page.entries}
