"""Prescriptions: own name, allergies, numbers, frozen once issued."""

from datetime import date

import pytest
from sqlalchemy import text

from clinic_desktop.domain.formulary import allergy_conflicts, medicine_of
from clinic_desktop.domain.ids import new_id
from clinic_desktop.errors import ConflictError, InvalidError, NotAllowedError
from clinic_desktop.models import PatientAlert
from clinic_desktop.services.prescriptions import service as prescriptions
from clinic_desktop.services.prescriptions.schemas import NewItem, NewPrescription


def _new(patient, drug="ibuprofen 400 mg tablets", **values) -> NewPrescription:
    return NewPrescription(
        id=new_id(),
        patient_id=patient,
        items=(NewItem(id=new_id(), drug=drug, dose="1 tablet every 8 h", quantity=12, days=4),),
        **values,
    )


@pytest.fixture
def dentist(sign_in, make):
    make.provider(login="u_dentist", registration="IE-12345")
    return sign_in("u_dentist")


def _issue(signed_in, new):
    with signed_in.writing() as ctx:
        return prescriptions.issue(ctx, new)


class TestChecks:
    @pytest.mark.parametrize(
        ("drug", "allergy", "stops"),
        [
            ("amoxicillin 500 mg capsules", "Penicillin: anaphylaxis", True),
            ("co-amoxiclav 625", "penicillin", True),
            ("cefalexin 250 mg", "Penicillin: anaphylaxis", True),
            ("metronidazole 400 mg", "Penicillin: anaphylaxis", False),
            ("paracetamol 500 mg", "Latex: contact rash", False),
            ("Amoxicillin", "Amoxicilina: urticaria", True),
            ("unheard-of drug", "unheard-of", True),
        ],
    )
    def test_allergy(self, drug, allergy, stops) -> None:
        assert bool(allergy_conflicts(drug, [allergy])) is stops

    def test_longest_name_wins(self) -> None:
        assert medicine_of("amoxicillin + clavulanate 625 mg").id == "coamox"
        assert medicine_of("") is None


class TestIssue:
    def test_numbered_and_read_back(self, dentist, make) -> None:
        patient = make.patient()
        first, second = _issue(dentist, _new(patient)), _issue(dentist, _new(patient))
        assert (first.number, second.number) == (1, 2)
        assert first.items[0].quantity == 12
        assert first.registration == "IE-12345"
        with dentist.reading() as ctx:
            assert len(prescriptions.prescriptions_of(ctx, patient)) == 2

    def test_twice_is_once(self, dentist, make) -> None:
        new = _new(make.patient())
        assert _issue(dentist, new).number == _issue(dentist, new).number

    def test_allergy_needs_a_reason(self, dentist, make) -> None:
        patient = make.patient()
        make.row(
            PatientAlert,
            patient_id=patient,
            kind="allergy",
            severity="stop",
            text="anaphylaxis",
            substance="Penicillin",
            noted_on=date(2019, 1, 1),
        )
        with pytest.raises(ConflictError) as refused:
            _issue(dentist, _new(patient, drug="amoxicillin 500 mg"))
        assert refused.value.field == "override"
        issued = _issue(dentist, _new(patient, drug="amoxicillin 500 mg", override="tested 2025"))
        assert issued.overrides == "tested 2025"

    def test_not_without_being_a_provider(self, sign_in, make) -> None:
        with pytest.raises(NotAllowedError):
            _issue(sign_in("u_dentist2"), _new(make.patient()))

    def test_empty(self, dentist, make) -> None:
        with pytest.raises(InvalidError):
            _issue(dentist, _new(make.patient()).model_copy(update={"items": ()}))

    def test_frozen(self, dentist, make) -> None:
        issued = _issue(dentist, _new(make.patient()))
        with pytest.raises(ConflictError, match="issued"), dentist.writing() as ctx:
            ctx.connection.execute(
                text(
                    "UPDATE prescription SET weight_grams = 7000, version = version + 1"
                    " WHERE id = :id"
                ),
                {"id": issued.id},
            )
