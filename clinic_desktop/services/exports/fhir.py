"""A record as a FHIR R4B bundle, each resource checked by the models of ``fhir.resources``."""

import base64
import hashlib
from collections.abc import Iterator
from typing import Any, Final

from clinic_desktop.domain.money import to_decimal
from clinic_desktop.services.exports.fhir_parts import SYSTEM, concept, filled, image_name, subject
from clinic_desktop.services.exports.fhir_perio import perio_resources
from clinic_desktop.services.exports.schemas import RecordData

_SCOPES: Final = "http://terminology.hl7.org/CodeSystem/consentscope"
_ANIMAL: Final = "http://hl7.org/fhir/StructureDefinition/patient-animal"
_ANIMALS: Final = {
    "dog": ("448771007", "Canis lupus subspecies familiaris"),
    "cat": ("448169003", "Felis catus"),
}
_GENDER: Final = {"female": "female", "male": "male", "other": "other"}
_APPOINTMENT: Final = {
    "pending": "pending",
    "confirmed": "booked",
    "arrived": "arrived",
    "in_chair": "checked-in",
    "done": "fulfilled",
    "missed": "noshow",
    "cancelled": "cancelled",
    "rescheduled": "cancelled",
}
_PROCEDURE: Final = {
    "planned": "preparation",
    "in_progress": "in-progress",
    "done": "completed",
    "existing": "completed",
    "elsewhere": "completed",
    "referred": "not-done",
}


def bundle_of(record: RecordData) -> Any:
    """Return the bundle; raises pydantic's error where a resource would not be valid."""
    # Loaded when something is exported: the models take a second.
    from fhir.resources.R4B.bundle import Bundle

    entries = [
        {"fullUrl": f"urn:uuid:{resource['id']}", "resource": resource}
        for resource in _resources(record)
    ]
    return Bundle.model_validate({"resourceType": "Bundle", "type": "collection", "entry": entries})


def _resources(record: RecordData) -> Iterator[dict[str, Any]]:
    yield _patient(record)
    for make in (
        _guardian,
        _alerts,
        _consents,
        _appointments,
        _chart,
        perio_resources,
        _notes,
        _papers,
        _images,
        _medicines,
        _money,
    ):
        yield from make(record)


def _names(record: RecordData, table: str) -> dict[str, str]:
    return {row["id"]: row["name"] for row in record.names.get(table, ())}


def _patient(record: RecordData) -> dict[str, Any]:
    row = record.patient
    telecom = [
        {"system": system, "value": row[column]}
        for system, column in (("phone", "phone"), ("email", "email"))
        if row[column]
    ]
    address = filled(
        {
            "text": row["address"],
            "city": row["city"],
            "postalCode": row["postcode"],
            "country": row["country"],
        }
    )
    names = [filled({"family": row["family"], "given": row["given"].split()})]
    if row["other_name"]:
        names.append({"use": "nickname", "text": row["other_name"]})
    died = row["deceased_on"] if row["status"] in ("deceased", "archived") else None
    known = _names(record, "patient_tag")
    tags = [
        {"system": f"{SYSTEM}/tag", "code": tag, "display": known[tag]}
        for tag in row["tags"]
        if tag in known
    ]
    language = {"language": {"text": row["language"]}, "preferred": True}
    return filled(
        {
            "resourceType": "Patient",
            "id": row["id"],
            "identifier": [{"system": f"{SYSTEM}/record-number", "value": row["number"]}],
            "active": row["status"] == "active",
            "name": names,
            "extension": _animal(row["species"]),
            "gender": _GENDER.get(row["sex"], "unknown"),
            "birthDate": row["born"],
            "deceasedBoolean": True if row["status"] == "deceased" and not died else None,
            "deceasedDateTime": died,
            "telecom": telecom,
            "address": [address] if address else [],
            "communication": [language] if row["language"] else [],
            "photo": [_photo(record, row["photo_id"])] if row["photo_id"] else [],
            "meta": {"tag": tags} if tags else None,
        }
    )


def _animal(species: str) -> list[dict[str, Any]]:
    """Return what says that the patient is an animal: the extension that FHIR has for it."""
    if species == "human":
        return []
    code, name = _ANIMALS[species]
    coding = {"system": "http://snomed.info/sct", "code": code, "display": name}
    kind = {"url": "species", "valueCodeableConcept": {"coding": [coding], "text": species}}
    return [{"url": _ANIMAL, "extension": [kind]}]


def _photo(record: RecordData, photo_id: str) -> dict[str, Any]:
    content = record.files[photo_id]
    digest = hashlib.sha1(content, usedforsecurity=False).digest()
    return {
        "contentType": "image/jpeg",
        "url": f"photos/{photo_id}.jpg",
        "data": base64.b64encode(content).decode(),
        "size": len(content),
        "hash": base64.b64encode(digest).decode(),
    }


def _consents(record: RecordData) -> Iterator[dict[str, Any]]:
    last: dict[tuple[str, str], str] = {}
    for row in record.rows("patient_consent"):
        last[row["channel"], row["purpose"]] = row["id"]
    for row in record.rows("patient_consent"):
        if row["answer"] == "unknown":
            continue  # nothing was said, and a resource would say something
        current = last[row["channel"], row["purpose"]] == row["id"]
        words = f"contact by {row['channel']} for {row['purpose']}"
        yield {
            "resourceType": "Consent",
            "id": row["id"],
            "status": "active" if current else "inactive",
            "scope": {"coding": [{"system": _SCOPES, "code": "patient-privacy"}]},
            "category": [concept(words, f"{row['channel']}-{row['purpose']}")],
            "patient": subject(record),
            "dateTime": row["said_on"],
            "policyRule": {"text": words},
            "provision": {"type": "permit" if row["answer"] == "given" else "deny"},
        }


def _guardian(record: RecordData) -> Iterator[dict[str, Any]]:
    for row in record.rows("guardian"):
        yield filled(
            {
                "resourceType": "RelatedPerson",
                "id": row["id"],
                "patient": subject(record),
                "relationship": [concept("guardian")],
                "name": [filled({"family": row["family"], "given": row["given"].split()})],
                "telecom": [{"system": "phone", "value": row["phone"]}] if row["phone"] else [],
            }
        )


def _alerts(record: RecordData) -> Iterator[dict[str, Any]]:
    for row in record.rows("patient_alert"):
        if row["kind"] in ("allergy", "no_known_allergies"):
            yield {
                "resourceType": "AllergyIntolerance",
                "id": row["id"],
                "patient": subject(record),
                "code": concept(row["substance"] or row["text"], row["kind"]),
                "recordedDate": row["noted_on"],
                "note": [{"text": row["text"]}],
            }
        else:
            yield {
                "resourceType": "Flag",
                "id": row["id"],
                "status": "active",
                "code": concept(row["text"], row["kind"]),
                "subject": subject(record),
                "period": {"start": row["noted_on"]},
            }


def _appointments(record: RecordData) -> Iterator[dict[str, Any]]:
    providers = _names(record, "provider")
    treatments = _names(record, "treatment")
    for row in record.rows("appointment"):
        planned = [
            {"text": treatments.get(one["treatment_id"], "?")}
            for one in record.rows("appointment_treatment")
            if one["appointment_id"] == row["id"]
        ]
        doctor = {"display": providers.get(row["provider_id"], "?")}
        yield filled(
            {
                "resourceType": "Appointment",
                "id": row["id"],
                "status": _APPOINTMENT[row["status"]],
                "start": row["starts_at"],
                "end": row["ends_at"],
                "serviceType": planned,
                "comment": row["remark"],
                "participant": [
                    {"actor": subject(record), "status": "accepted"},
                    {"actor": doctor, "status": "accepted"},
                ],
            }
        )


def _chart(record: RecordData) -> Iterator[dict[str, Any]]:
    treatments = _names(record, "treatment")
    for row in record.rows("chart_item"):
        site = f"{row['tooth'] or ''} {row['surfaces']}".strip()
        words = treatments.get(row["treatment_id"] or "", str(row["code"]))
        common = {
            "id": row["id"],
            "subject": subject(record),
            "code": concept(words, row["code"]),
            "bodySite": [{"text": site}] if site else [],
            "note": [{"text": row["remark"]}] if row["remark"] else [],
        }
        if row["kind"] == "procedure":
            done = {"performedDateTime": row["since"]} if row["status"] == "done" else {}
            status = _PROCEDURE.get(row["status"], "unknown")
            made = {"resourceType": "Procedure", "status": status, **common, **done}
            yield filled(made)
        else:
            end = {"abatementDateTime": row["until"]} if row["until"] else {}
            made = {"resourceType": "Condition", **common, "onsetDateTime": row["since"], **end}
            yield filled(made)


def _notes(record: RecordData) -> Iterator[dict[str, Any]]:
    people = _names(record, "person")
    notes = {row["id"]: row for row in record.rows("note")}
    for row in record.rows("note_version"):
        note = notes.get(row["note_id"], {})
        body = base64.b64encode(row["body"].encode()).decode()
        signed = note.get("status") == "signed"
        yield {
            "resourceType": "DocumentReference",
            "id": row["id"],
            "status": "current",
            "docStatus": "final" if signed else "preliminary",
            "type": concept("clinical note"),
            "subject": subject(record),
            "date": row["created_at"],
            "author": [{"display": people.get(note.get("author_id", ""), "?")}],
            "content": [{"attachment": {"contentType": "text/plain", "data": body}}],
        }


def _papers(record: RecordData) -> Iterator[dict[str, Any]]:
    for row in record.rows("document"):
        content = record.files[row["id"]]
        # The bytes stand once, beside the bundle; their hash says which they are.
        digest = hashlib.sha1(content, usedforsecurity=False).digest()
        yield {
            "resourceType": "DocumentReference",
            "id": row["id"],
            "status": "current",
            "type": concept(row["kind"]),
            "subject": subject(record),
            "date": row["created_at"],
            "content": [
                {
                    "attachment": {
                        "contentType": row["media_type"],
                        "url": f"documents/{row['id']}",
                        "size": row["size"],
                        "hash": base64.b64encode(digest).decode(),
                        "title": row["title"],
                    }
                }
            ],
        }


def _images(record: RecordData) -> Iterator[dict[str, Any]]:
    for row in record.rows("attachment"):
        digest = hashlib.sha1(record.files[row["id"]], usedforsecurity=False).digest()
        taken = {"period": {"start": row["taken_on"]}} if row["taken_on"] else {}
        yield filled(
            {
                "resourceType": "DocumentReference",
                "id": row["id"],
                "status": "current",
                "type": concept(row["kind"], row["kind"]),
                "subject": subject(record),
                "date": row["created_at"],
                "description": row["note"],
                "context": taken,
                "content": [
                    {
                        "attachment": {
                            "contentType": row["media_type"],
                            "url": image_name(row),
                            "size": row["size"],
                            "hash": base64.b64encode(digest).decode(),
                            "title": row["title"],
                        }
                    }
                ],
            }
        )


def _medicines(record: RecordData) -> Iterator[dict[str, Any]]:
    providers = _names(record, "provider")
    papers = {row["id"]: row for row in record.rows("prescription")}
    for row in record.rows("prescription_item"):
        paper = papers[row["prescription_id"]]
        words = " · ".join(text for text in (row["dose"], row["instructions"]) if text)
        yield filled(
            {
                "resourceType": "MedicationRequest",
                "id": row["id"],
                "status": "active" if paper["status"] == "issued" else "draft",
                "intent": "order",
                "subject": subject(record),
                "authoredOn": paper["issued_at"],
                "requester": {"display": providers.get(paper["provider_id"], "?")},
                "medicationCodeableConcept": concept(row["drug"], row["drug_id"]),
                "dosageInstruction": [{"text": words}] if words else [],
                "dispenseRequest": {"quantity": {"value": row["quantity"]}},
            }
        )


def _money(record: RecordData) -> Iterator[dict[str, Any]]:
    currency = record.clinic["currency"]

    def money(minor: int) -> dict[str, Any]:
        return {"value": str(to_decimal(minor, currency)), "currency": currency}

    entries = {row["id"]: row for row in record.rows("journal_entry")}
    for row in record.rows("posting"):
        entry = entries[row["journal_entry_id"]]
        if row["account"] == "receivable" and entry["kind"] == "charge":
            yield {
                "resourceType": "ChargeItem",
                "id": row["id"],
                "status": "billable",
                "code": concept(row["text"] or entry["kind"], row["code"]),
                "subject": subject(record),
                "occurrenceDateTime": entry["day"],
                "priceOverride": money(row["amount"]),
            }
    for row in record.rows("invoice"):
        yield filled(
            {
                "resourceType": "Invoice",
                "id": row["id"],
                "status": "issued" if row["status"] == "issued" else "draft",
                "subject": subject(record),
                "date": row["issued_on"],
                "identifier": (
                    [{"value": f"{row['series']}/{row['year']}/{row['number']}"}]
                    if row["number"]
                    else []
                ),
                "totalGross": money(row["total"]),
            }
        )
