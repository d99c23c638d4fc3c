"""Prescriptions on paper: what was signed, stored once, printed again byte for byte."""

from datetime import date

import pytest

from clinic_desktop.documents.of_prescription import prescription_paper
from clinic_desktop.domain.ids import new_id
from clinic_desktop.models import PatientAlert
from clinic_desktop.services.patients import add_alert
from clinic_desktop.services.patients.schemas import NewAlert
from clinic_desktop.services.prescriptions import service as prescriptions
from clinic_desktop.services.prescriptions.schemas import NewItem, NewPrescription
from tests.documents.reading import whole_text, words


@pytest.fixture
def dentist(sign_in, make):
    make.provider("Dr Tomás Echeverría", login="u_dentist", registration="IE-39216")
    return sign_in("u_dentist")


def _item(**values) -> NewItem:
    given = {
        "id": new_id(),
        "drug": "Ibuprofen",
        "form": "400 mg tablets",
        "dose": "1 tablet every 8 hours with food",
        "quantity": 12,
        "unit": "tablets",
        "days": 4,
        "instructions": "Not on an empty stomach.",
    }
    return NewItem(**{**given, **values})


def _issue(signed_in, patient, *items, **values):
    with signed_in.writing() as ctx:
        return prescriptions.issue(
            ctx,
            NewPrescription(id=new_id(), patient_id=patient, items=items or (_item(),), **values),
        )


def _paper(signed_in, issued) -> bytes:
    with signed_in.writing() as ctx:
        return prescription_paper(ctx, issued.patient_id, issued.id)


def _allergy(make, patient, substance="Penicillin", text="Penicillin: anaphylaxis (2019)") -> None:
    make.row(
        PatientAlert,
        patient_id=patient,
        kind="allergy",
        severity="stop",
        text=text,
        substance=substance,
        noted_on=date(2019, 1, 1),
    )


def test_says_what_was_signed(dentist, make) -> None:
    patient = make.patient("Mateo", "Quispe Huamán", born=date(2019, 2, 2))
    issued = _issue(dentist, patient, _item(arithmetic="22.4 kg × 10 mg/kg"), weight_grams=22400)
    text = words(whole_text(_paper(dentist, issued)))
    for part in (
        "Mateo Quispe Huamán",
        "Dr Tomás Echeverría",
        "Dentist, registration IE-39216",
        "Ibuprofen, 400 mg tablets",
        "1 tablet every 8 hours with food. For 4 days.",
        "12 tablets (twelve)",
        "22.4 kg × 10 mg/kg",
        "Weight 22.4 kg",
        "Not on an empty stomach.",
        "Allergies: not asked.",
        "1 item.",
        "Safety list 2026-11 of 1 November 2026",
        issued.label,
    ):
        assert part in text, part


def test_printed_again_it_is_the_same_bytes(dentist, make) -> None:
    patient = make.patient()
    issued = _issue(dentist, patient)
    first = _paper(dentist, issued)
    _allergy(make, patient)
    assert _paper(dentist, issued) == first


def test_allergy_and_reason(dentist, make) -> None:
    patient = make.patient()
    _allergy(make, patient)
    issued = _issue(dentist, patient, _item(drug="Amoxicillin"), override="Tested negative in 2025")
    text = words(whole_text(_paper(dentist, issued)))
    assert "Allergy: Penicillin (anaphylaxis (2019))" in text
    assert "Tested negative in 2025" in text


def test_asked_and_none(dentist, make, signed_in) -> None:
    patient = make.patient()
    with signed_in.writing() as ctx:
        add_alert(
            ctx,
            NewAlert(
                id=new_id(),
                patient_id=patient,
                kind="no_known_allergies",
                noted_on=date(2026, 3, 12),
            ),
        )
    text = words(whole_text(_paper(dentist, _issue(dentist, patient))))
    assert "No known allergies, asked 12 March 2026." in text


@pytest.mark.parametrize("name", ["<b>Ann</b> & Co", "עומר", "田辺"])
def test_any_script_and_markup_as_typed(dentist, make, name) -> None:
    issued = _issue(
        dentist,
        make.patient(name, ""),
        _item(drug="<i>Ibuprofen</i> & more", instructions="a < b & c"),
    )
    text = words(whole_text(_paper(dentist, issued)))
    assert "<i>Ibuprofen</i> & more" in text
    assert "a < b & c" in text
    assert name in text or name[::-1] in text
