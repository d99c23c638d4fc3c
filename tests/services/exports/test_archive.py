"""One patient's whole record: valid FHIR, encrypted, and equal again in an empty clinic."""

import io
import zipfile
from datetime import UTC, date, datetime

import pyrage
import pytest
from sqlalchemy import text

from clinic_desktop.documents.of_record import record_archive
from clinic_desktop.domain.ids import new_id
from clinic_desktop.errors import ConflictError, InvalidError, NotAllowedError
from clinic_desktop.models import ChartItem, Household, JournalEntry, PatientAlert, Posting
from clinic_desktop.services import patients
from clinic_desktop.services.documents import attachments, marks
from clinic_desktop.services.documents import service as documents
from clinic_desktop.services.documents.schemas import (
    About,
    NewAttachment,
    NewDocument,
    NewMark,
)
from clinic_desktop.services.exports import record as record_module
from clinic_desktop.services.exports.archive import unseal
from clinic_desktop.services.exports.fhir import bundle_of
from clinic_desktop.services.exports.record import gather
from clinic_desktop.services.exports.take_in import take_in
from clinic_desktop.services.notes import service as notes
from clinic_desktop.services.notes.schemas import NoteText
from clinic_desktop.services.patients.list_schemas import Crop, NewConsent, TagValues
from clinic_desktop.services.rows import add_rows
from tests.files import dicom, picture

PASSPHRASE = "correct horse battery staple"


@pytest.fixture
def patient(signed_in, make):
    """A child with everything: guardian, family, alert, visit, chart, money, note, paper."""
    household = make.row(Household, name="Reis", payer_id=None)
    mother = make.patient("Ana", "Reis", phone="+353865550143", born=date(1980, 1, 2))
    child = make.patient(
        "Íñigo", "Reis-O'Brien", number="04711", household_id=household, guardian_id=mother,
        address="1 Quay\nFlat 2", sticky_note="=cmd", other_name="Iñi", born=date(2015, 3, 4),
    )  # fmt: skip
    provider, treatment = make.provider(login="u_dentist"), make.treatment()
    visit = make.appointment(child, provider, chair_id=make.chair(), status="done")
    make.row(
        PatientAlert, patient_id=child, kind="allergy", severity="stop", text="Penicillin",
        substance="penicillin", noted_on=date(2026, 1, 1),
    )  # fmt: skip
    make.row(
        ChartItem, patient_id=child, kind="condition", code="caries", tooth=36, surfaces="MO",
        status="condition", since=date(2025, 1, 1),
    )  # fmt: skip
    item = make.row(
        ChartItem, patient_id=child, kind="procedure", code="RST-030", tooth=36, surfaces="MO",
        status="done", since=date(2026, 3, 12), treatment_id=treatment, provider_id=provider,
        appointment_id=visit, done_at=datetime(2026, 3, 12, 14, tzinfo=UTC), fee=14000,
    )  # fmt: skip
    entry = new_id()
    with signed_in.writing() as ctx:
        add_rows(ctx, JournalEntry, [{
            "id": entry, "patient_id": child, "kind": "charge", "day": date(2026, 3, 12),
            "act": "charge 1", "memo": ""}])  # fmt: skip
        sides = (("receivable", child, None, 14000), ("income", None, provider, -14000))
        for account, whose, earns, amount in sides:
            add_rows(ctx, Posting, [{
                "id": new_id(), "journal_entry_id": entry, "account": account, "patient_id": whose,
                "provider_id": earns, "amount": amount, "text": "Composite", "chart_item_id": item,
                "tooth": 36, "surfaces": "MO", "code": "RST-030"}])  # fmt: skip
        notes.write(
            ctx,
            NoteText(
                id=new_id(), version_id=new_id(), patient_id=child, body="Talked with the mother."
            ),
        )
        documents.store(
            ctx,
            NewDocument(
                id=new_id(), patient_id=child, kind="upload", title="../../X-ray",
                media_type="image/png", content=b"\x89PNG...",
            ),
        )  # fmt: skip
        tag, photo = new_id(), new_id()
        patients.add_tag(ctx, tag, TagValues(name="Anxious", colour="warning"))
        patients.set_tag(ctx, child, tag, on=True)
        patients.set_photo(ctx, child, new_id(), picture("PNG"), name="a.png", crop=Crop())
        patients.set_photo(ctx, child, photo, picture(), name="b.jpg", crop=Crop(side=0.5))
        for answer in ("given", "unknown", "refused"):
            patients.record_consent(
                ctx,
                NewConsent(
                    id=new_id(), patient_id=child, channel="sms", purpose="reminders",
                    answer=answer, how="form", remark="by her mother",
                ),
            )  # fmt: skip
    about = About(kind="panoramic", title="Panorama", taken_on=date(2026, 2, 3), teeth=(36,),
                  note="retake")  # fmt: skip
    for content, name, said in (
        (dicom(PatientName="", PatientID=""), "pan.dcm", about),
        (picture(size=(500, 300)), "../smile.jpg", None),
    ):
        new = NewAttachment(id=new_id(), patient_id=child, about=said)
        with signed_in.writing() as ctx:
            attached = attachments.attach_bytes(ctx, new, content, name)
            for shape, points, words, mm in (
                ("text", (4.5, 6.25), "caries", None), ("scale", (1, 2, 30, 40), "", 10.0),
            ):  # fmt: skip
                mark = NewMark(
                    id=new_id(), patient_id=child, attachment_id=attached.id, shape=shape,
                    points=points, words=words, mm=mm,
                )  # fmt: skip
                marks.draw(ctx, mark)
    return child


def _sealed(signed_in, patient) -> bytes:
    with signed_in.reading() as ctx:
        return record_archive(ctx, patient, PASSPHRASE)


def test_holds_a_valid_bundle_a_summary_and_the_papers(signed_in, patient) -> None:
    from fhir.resources.R4B.bundle import Bundle

    sealed = _sealed(signed_in, patient)
    assert b"Reis" not in sealed
    packed = zipfile.ZipFile(io.BytesIO(pyrage.passphrase.decrypt(sealed, PASSPHRASE)))
    bundle = Bundle.model_validate_json(packed.read("bundle.json"))
    kinds = sorted(entry.resource.get_resource_type() for entry in bundle.entry)
    assert kinds == [
        "AllergyIntolerance", "Appointment", "ChargeItem", "Condition", "Consent", "Consent",
        "DocumentReference", "DocumentReference", "DocumentReference", "DocumentReference",
        "Patient", "Procedure", "RelatedPerson",
    ]  # fmt: skip
    person = next(e.resource for e in bundle.entry if e.resource.id == str(patient))
    (shown,) = person.photo
    assert shown.data == packed.read(shown.url)
    assert [one.display for one in person.meta.tag] == ["Anxious"]
    consents = [e.resource for e in bundle.entry if e.resource.get_resource_type() == "Consent"]
    assert [(one.status, one.provision.type) for one in consents] == [
        ("inactive", "permit"),
        ("active", "deny"),
    ]
    assert packed.read("summary.pdf").startswith(b"%PDF")
    names = [name for name in packed.namelist() if name.startswith("documents/")]
    assert len(names) == 1
    assert ".." not in names[0]
    shown = {
        one.content[0].attachment.title: one.content[0].attachment
        for one in (e.resource for e in bundle.entry)
        if one.get_resource_type() == "DocumentReference"
    }
    assert shown["Panorama"].contentType == "application/dicom"
    for title, ending in (("Panorama", ".dcm"), ("smile", ".jpg")):
        assert shown[title].url.endswith(ending)
        assert len(packed.read(shown[title].url)) == shown[title].size


COMPARED = (
    "patient_alert", "appointment", "appointment_treatment", "chart_item", "journal_entry",
    "posting", "household", "guardian", "patient_photo",
    "attachment_mark",
)  # fmt: skip


def test_equal_again_in_an_empty_clinic(signed_in, patient, sign_in, database) -> None:
    with signed_in.reading() as ctx:
        before = gather(ctx, patient)
    record, summary = unseal(_sealed(signed_in, patient), PASSPHRASE)
    other = sign_in("u_other")
    with other.writing() as ctx:
        assert ctx.connection.execute(text("SELECT count(*) FROM patient")).scalar_one() == 0
        told = take_in(ctx, record, summary)
    assert told.kept_as_document == 2
    with other.reading() as ctx:
        after = gather(ctx, patient)
    changed = ("updated_at",)

    def plain(rows, *left_out):
        return [{k: v for k, v in row.items() if k not in (*changed, *left_out)} for row in rows]

    assert plain(after.rows("patient")) == plain(before.rows("patient"))
    for table in COMPARED:
        # Books say when an entry came into them; the day it is of stays.
        left = ("created_at",) if table in ("journal_entry", "posting") else ()
        assert plain(after.rows(table), *left) == plain(before.rows(table), *left), table
    # Images are the importer's here, in a file of this clinic; what they are and say is the same.
    images = [plain(one.rows("attachment"), "file_id", "added_by") for one in (after, before)]
    assert images[0] == images[1]
    assert len(images[0]) == 2
    with other.reading() as ctx:
        (first, *_more) = attachments.attachments(ctx, patient)
        assert first.added_by == other.who.name
        small = attachments.thumbnails(ctx, patient)
    assert len(small) == 2
    # Whoever wrote it down is nobody of this clinic; what was said and when is the same.
    said = [plain(one.rows("patient_consent"), "recorded_by") for one in (after, before)]
    assert said[0] == said[1]
    assert len(said[0]) == 3
    assert {row["recorded_by"] for row in after.rows("patient_consent")} == {None}
    assert after.names["patient_tag"] == before.names["patient_tag"]
    old, new = before.rows("document"), after.rows("document")
    assert [row for row in new if row["id"] in {one["id"] for one in old}] == list(old)
    assert len(new) == len(old) + 1
    assert all(after.files[key] == content for key, content in before.files.items())
    with pytest.raises(ConflictError), other.writing() as ctx:
        take_in(ctx, record, summary)


def test_an_animal_stays_one(signed_in, make, sign_in) -> None:
    keeper = make.patient("Ana", "Reis")
    rex = make.patient("Rex", "Reis", species="dog", guardian_id=keeper)
    record, summary = unseal(_sealed(signed_in, rex), PASSPHRASE)
    (patient,) = (
        e.resource for e in bundle_of(record).entry if e.resource.get_resource_type() == "Patient"
    )
    (animal,) = patient.extension
    assert animal.url == "http://hl7.org/fhir/StructureDefinition/patient-animal"
    assert animal.extension[0].valueCodeableConcept.text == "dog"
    other = sign_in("u_other")
    with other.writing() as ctx:
        take_in(ctx, record, summary)
    with other.reading() as ctx:
        card = patients.open_patient(ctx, rex)
        person = patients.open_patient(ctx, keeper)
    assert (card.species, card.guardian) == ("dog", "Ana Reis")
    assert person.species == "human"


def test_an_image_that_lies_is_not_brought_in(signed_in, patient, sign_in) -> None:
    record, summary = unseal(_sealed(signed_in, patient), PASSPHRASE)
    (one, *_more) = record.rows("attachment")
    forged = record.model_copy(update={"files": {**record.files, one["id"]: b"MZ" + b"\0" * 500}})
    with pytest.raises(InvalidError), sign_in("u_other").writing() as ctx:
        take_in(ctx, forged, summary)
    with sign_in("u_other").reading() as ctx:
        assert ctx.connection.execute(text("SELECT count(*) FROM patient")).scalar_one() == 0


def test_more_images_than_an_archive_takes(signed_in, patient, monkeypatch) -> None:
    monkeypatch.setattr(record_module, "MOST_IMAGES", 1000)
    with pytest.raises(InvalidError, match="Save copies"):
        _sealed(signed_in, patient)


def test_found_and_numbered_after(signed_in, patient, sign_in) -> None:
    from clinic_desktop.services import patients

    record, summary = unseal(_sealed(signed_in, patient), PASSPHRASE)
    other = sign_in("u_other")
    with other.writing() as ctx:
        take_in(ctx, record, summary)
    with other.writing() as ctx:
        (found,) = patients.find(ctx, "inigo")
        assert found.number == "04711"


@pytest.mark.parametrize("damage", ["wrong", "cut", "flipped", "other"])
def test_what_does_not_open_says_so(signed_in, patient, damage) -> None:
    sealed = _sealed(signed_in, patient)
    broken = {
        "wrong": sealed,
        "cut": sealed[:-200],
        "flipped": sealed[:500] + bytes([sealed[500] ^ 1]) + sealed[501:],
        "other": b"PK\x03\x04",
    }[damage]
    with pytest.raises(InvalidError):
        unseal(broken, "another passphrase" if damage == "wrong" else PASSPHRASE)


def test_export_is_written_down_and_needs_every_right(signed_in, patient, sign_in) -> None:
    _sealed(signed_in, patient)
    with signed_in.reading() as ctx:
        sql = "SELECT count(*) FROM access_log WHERE action = 'export' AND patient_id = :p"
        assert ctx.connection.execute(text(sql), {"p": patient}).scalar_one() == 1
    for login in ("u_front", "u_manager", "u_dentist"):
        with sign_in(login).reading() as ctx, pytest.raises(NotAllowedError):
            gather(ctx, patient)


def test_short_passphrase(signed_in, patient) -> None:
    with signed_in.writing() as ctx, pytest.raises(InvalidError, match="12"):
        record_archive(ctx, patient, "short")
