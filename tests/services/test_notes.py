"""Notes on a real clinic: versions, signature, who may read."""

import pytest
from sqlalchemy import text

from clinic_desktop.domain.ids import new_id
from clinic_desktop.errors import ConflictError, InvalidError, NotAllowedError, StaleError
from clinic_desktop.services.notes import service as notes
from clinic_desktop.services.notes.schemas import NoteText


def _write(signed_in, patient, body, note_id=None, version_id=None, after=None):
    note = NoteText(
        id=note_id or new_id(),
        version_id=version_id or new_id(),
        patient_id=patient,
        body=body,
        after=after,
    )
    with signed_in.writing() as ctx:
        notes.write(ctx, note)
    return note


def _read(signed_in, patient):
    with signed_in.reading() as ctx:
        return notes.notes_of(ctx, patient)


class TestNotes:
    def test_versions_then_signature_then_lock(self, sign_in, make) -> None:
        dentist, patient = sign_in("u_dentist"), make.patient()
        note = _write(dentist, patient, "Anaesthesia 36")
        _write(dentist, patient, "Anaesthesia 36, composite MOD", note_id=note.id)
        (row,) = _read(dentist, patient)
        assert (row.number, row.body) == (2, "Anaesthesia 36, composite MOD")
        with dentist.writing() as ctx:
            notes.sign(ctx, note.id, row.version)
        with pytest.raises(ConflictError, match="signed"):
            _write(dentist, patient, "something else", note_id=note.id)
        assert _read(dentist, patient)[0].signer == "Dr Amara Nwosu"

    def test_same_version_sent_twice_is_one(self, sign_in, make) -> None:
        dentist, patient = sign_in("u_dentist"), make.patient()
        note = _write(dentist, patient, "x")
        _write(dentist, patient, "x", note.id, note.version_id)
        assert _read(dentist, patient)[0].number == 1

    def test_empty(self, sign_in, make) -> None:
        with pytest.raises(InvalidError):
            _write(sign_in("u_dentist"), make.patient(), " \x00\n ")

    def test_somebody_elses_draft(self, sign_in, make) -> None:
        patient = make.patient()
        note = _write(sign_in("u_dentist"), patient, "mine")
        with pytest.raises(NotAllowedError, match="author"):
            _write(sign_in("u_dentist2"), patient, "yours", note_id=note.id)

    def test_reading_is_logged(self, sign_in, signed_in, make) -> None:
        dentist, patient = sign_in("u_dentist", device="chair-2"), make.patient()
        _write(dentist, patient, "x")
        _read(dentist, patient)
        with signed_in.reading() as ctx:
            entries = ctx.connection.execute(
                text(
                    "SELECT login, device, action, category FROM access_log WHERE patient_id = :p"
                ),
                {"p": patient},
            ).all()
        assert ("u_dentist", "chair-2", "read", "note_version") in [tuple(e) for e in entries]

    def test_front_desk_reads_nothing(self, sign_in, make) -> None:
        with pytest.raises(NotAllowedError):
            _read(sign_in("u_front"), make.patient())

    def test_two_windows_of_one_author(self, sign_in, make) -> None:
        dentist, patient = sign_in("u_dentist"), make.patient()
        note = _write(dentist, patient, "one", after=0)
        _write(dentist, patient, "two", note.id, after=1)
        with pytest.raises(StaleError):
            _write(dentist, patient, "also two", note.id, after=1)

    def test_text_and_signature_in_one_act(self, sign_in, make) -> None:
        dentist, patient = sign_in("u_dentist"), make.patient()
        note = NoteText(id=new_id(), version_id=new_id(), patient_id=patient, body="done", after=0)
        for _again in range(2):
            with dentist.writing() as ctx:
                notes.sign_text(ctx, note)
        (row,) = _read(dentist, patient)
        assert (row.number, row.status, row.body) == (1, "signed", "done")

    def test_an_assistant_writes_but_does_not_sign(self, sign_in, make) -> None:
        assistant, patient = sign_in("u_assistant"), make.patient()
        note = NoteText(id=new_id(), version_id=new_id(), patient_id=patient, body="x")
        with pytest.raises(NotAllowedError), assistant.writing() as ctx:
            notes.sign_text(ctx, note)
        assert _read(assistant, patient) == ()
