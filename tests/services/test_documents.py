"""Stored papers come back byte for byte, and only to those who may read them."""

import pytest

from clinic_desktop.domain.ids import new_id
from clinic_desktop.errors import NotAllowedError, NotFoundError
from clinic_desktop.services.documents import service as documents
from clinic_desktop.services.documents.schemas import NewDocument


def _store(signed_in, patient, content=b"%PDF-1.7 x", document_id=None):
    new = NewDocument(
        id=document_id or new_id(), patient_id=patient, kind="invoice", title="A", content=content
    )
    with signed_in.writing() as ctx:
        return documents.store(ctx, new)


class TestDocuments:
    def test_round_trip(self, sign_in, make) -> None:
        front, patient = sign_in("u_front"), make.patient()
        document = _store(front, patient)
        _store(front, patient, document_id=document)
        with front.reading() as ctx:
            assert documents.content(ctx, patient, document) == b"%PDF-1.7 x"
            assert [row.id for row in documents.of_patient(ctx, patient)] == [document]

    def test_another_patients(self, sign_in, make) -> None:
        front = sign_in("u_front")
        document = _store(front, make.patient())
        with pytest.raises(NotFoundError), front.reading() as ctx:
            documents.content(ctx, make.patient(given="Other"), document)

    def test_without_the_right(self, sign_in, make) -> None:
        patient = make.patient()
        document = _store(sign_in("u_front"), patient)
        with pytest.raises(NotAllowedError), sign_in("u_compliance").reading() as ctx:
            documents.content(ctx, patient, document)
