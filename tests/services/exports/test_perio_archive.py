"""Periodontal exams in the archive: out, into another clinic's tables, frozen as they were, out."""

import io
import zipfile
from datetime import timedelta

import pytest
from sqlalchemy import text

from clinic_desktop.documents.of_record import record_archive
from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.perio.exam import Cell, Standing
from clinic_desktop.domain.perio.rules import Measure
from clinic_desktop.domain.perio.sites import Furca, Site
from clinic_desktop.errors import ClinicError, ConflictError
from clinic_desktop.models import ChartItem
from clinic_desktop.services.exports.archive import pack, unpack, unseal
from clinic_desktop.services.exports.record import gather
from clinic_desktop.services.exports.take_in import take_in
from clinic_desktop.services.perio import service as perio
from clinic_desktop.services.perio.reading import exams_of
from clinic_desktop.services.perio.schemas import (
    BackgroundValues,
    CellWrite,
    Decision,
    ExamChange,
    NewExam,
)

PASSPHRASE = "correct horse battery staple"
D, G = Measure.DEPTH, Measure.MARGIN


def put(tooth, measure, place, value) -> CellWrite:
    return CellWrite(tooth=tooth, measure=measure, place=place, value=value)


@pytest.fixture
def patient(make, sign_in):
    """A signed exam with everything in it, and one under way; an implant, an extra tooth."""
    found = make.patient("Íñigo", "Reis-O'Brien", number="04711")
    hygienist, dentist = sign_in("u_hygienist"), sign_in("u_dentist")
    since = dentist.clock.now().date() - timedelta(days=3)
    for code, tooth in (("MISSING", 18), ("IMPLANT", 46), ("CARIES", 116)):
        make.row(
            ChartItem, patient_id=found, kind="state" if tooth < 100 else "condition", code=code,
            tooth=tooth, status="condition", since=since,
        )  # fmt: skip
    with hygienist.writing() as ctx:
        exam = perio.begin(ctx, NewExam(id=new_id(), patient_id=found))
        perio.write(
            ctx,
            exam,
            [
                *(put(16, D, site, 5 + site) for site in Site),
                *(put(16, G, site, site - 2) for site in Site),
                *(put(36, D, site, 4) for site in Site),
                *(put(36, G, site, 0) for site in Site),
                put(116, D, Site.DB, 3), put(46, D, Site.MB, 4), put(16, Measure.BLEEDING, 2, True),
                put(16, Measure.SUPPURATION, 1, True), put(16, Measure.PLAQUE, 0, True),
                put(36, Measure.CALCULUS, 5, True), put(16, Measure.FURCATION, Furca.D, 2),
                put(31, Measure.MOBILITY, 0, 1), put(31, Measure.MGJ, Site.L, 6),
            ],
            resume=Cell(36, D, Site.B),
        )  # fmt: skip
        version = perio.change(ctx, exam, 1, ExamChange(remark="Bled much"))
        version = perio.tell(
            ctx, exam, version,
            BackgroundValues(lost_teeth=1, smoking="light", complexity=("vertical_loss",)),
        )  # fmt: skip
    with dentist.writing() as ctx:
        decision = Decision(stage="4", grade="C", extent="localized", reason="Bone in radiographs")
        perio.sign(ctx, exam, perio.decide(ctx, exam, version, decision))
    for number, tooth in enumerate((17, 16)):
        with hygienist.writing() as ctx:
            draft = perio.begin(ctx, NewExam(id=new_id(), patient_id=found))
            perio.write(
                ctx, draft, [put(tooth, D, Site.B, 3)], resume=Cell(16 - number, D, Site.MB)
            )
    return found


def _packed(signed_in, patient) -> bytes:
    """What lies in the archive; encrypting takes a second on purpose and is shown once."""
    with signed_in.reading() as ctx:
        return pack(gather(ctx, patient), b"%PDF-")


@pytest.fixture
def brought(signed_in, patient, sign_in):
    """The record in an empty clinic, and who brought it there."""
    other = sign_in("u_other")
    record, summary = unpack(_packed(signed_in, patient))
    with other.writing() as ctx:
        take_in(ctx, record, summary)
    return other


def read(who, patient):
    with who.reading() as ctx:
        return exams_of(ctx, patient)


class TestRoundTrip:
    def test_the_exams_are_the_same_exams(self, signed_in, patient, brought) -> None:
        before, after = read(signed_in, patient), read(brought, patient)
        assert [one.head.status for one in before.exams] == ["draft", "signed"]
        for old, new in zip(before.exams, after.exams, strict=True):
            assert new.teeth == old.teeth
            assert new.resume == old.resume
            assert new.head.model_dump(exclude={"brought_from"}) == old.head.model_dump(
                exclude={"brought_from"}
            )
            assert (old.head.brought_from, new.head.brought_from) == ("", "Harbour Street Dental")
        assert after.draft.resume == Cell(15, D, Site.MB)
        signed = after.signed[0]
        assert (signed.head.person, signed.head.signer) == ("Lena Björk", "Dr Amara Nwosu")
        assert signed.exam.teeth[46].standing is Standing.IMPLANT
        assert signed.exam.teeth[116].depth[Site.DB] == 3

    def test_out_again_says_the_same(self, signed_in, patient, brought) -> None:
        with signed_in.reading() as ctx:
            first = gather(ctx, patient)
        with brought.reading() as ctx:
            second = gather(ctx, patient)
        here = {"person_id", "signed_by", "brought_from", "updated_at"}
        for table in ("perio_exam", "perio_tooth"):
            rows = [
                [{k: v for k, v in row.items() if k not in here} for row in one.rows(table)]
                for one in (first, second)
            ]
            assert rows[0] == rows[1], table
        assert len(first.rows("perio_tooth")) == 2 * 33
        assert {row["author"] for row in second.rows("perio_exam")} == {"Lena Björk"}

    def test_from_there_into_a_third_place_it_still_says_who(self, brought, patient) -> None:
        """What was brought twice still comes from where it was made."""
        record, _summary = unpack(_packed(brought, patient))
        assert {row["brought_from"] for row in record.rows("perio_exam")} == {
            "Harbour Street Dental"
        }

    def test_sealed_it_is_the_same(self, signed_in, patient) -> None:
        with signed_in.reading() as ctx:
            sealed = record_archive(ctx, patient, PASSPHRASE)
        record, summary = unseal(sealed, PASSPHRASE)
        plain, _none = unpack(_packed(signed_in, patient))
        assert record.tables == plain.tables
        assert summary.startswith(b"%PDF-")

    def test_an_archive_of_an_older_program_comes_in(self, signed_in, patient, sign_in) -> None:
        record, summary = unpack(_packed(signed_in, patient))
        lost = {"author", "signer", "brought_from"}
        older = {
            **record.tables,
            "perio_exam": tuple(
                {k: v for k, v in row.items() if k not in lost} for row in record.rows("perio_exam")
            ),
        }
        other = sign_in("u_other")
        with other.writing() as ctx:
            take_in(ctx, record.model_copy(update={"tables": older}), summary)
        signed = read(other, patient).signed[0]
        assert (signed.head.person, signed.head.signer) == ("Lena Björk", "Dr Amara Nwosu")


class TestFrozen:
    def test_what_was_signed_elsewhere_is_not_changed_here(self, brought, patient) -> None:
        signed = read(brought, patient).signed[0].head
        with pytest.raises(ConflictError, match="signed"), brought.writing() as ctx:
            perio.write(ctx, signed.id, [put(17, D, 0, 4)])
        with pytest.raises(ConflictError), brought.writing() as ctx:
            perio.change(ctx, signed.id, signed.version, ExamChange(remark="later"))
        with pytest.raises(ConflictError), brought.writing() as ctx:
            perio.discard(ctx, signed.id, signed.version)

    def test_what_was_under_way_goes_on_and_is_signed_here(self, brought, patient) -> None:
        draft = read(brought, patient).draft.head
        with brought.writing() as ctx:
            assert perio.begin(ctx, NewExam(id=new_id(), patient_id=patient)) == draft.id
            perio.write(ctx, draft.id, [put(15, D, Site.MB, 2)])
            perio.sign(ctx, draft.id, draft.version)
        (first, _second) = read(brought, patient).signed
        assert (first.head.person, first.head.signer) == ("Lena Björk", brought.who.name)

    FORGED = (
        "UPDATE perio_exam SET status = 'signed', signed_at = now(), signer = 'Dr No',"
        " version = version + 1 WHERE status = 'draft'",
        "UPDATE perio_exam SET status = 'signed', signed_at = now(), signer = 'Dr No',"
        " brought_from = 'X', author = 'Y', version = version + 1 WHERE status = 'draft'",
        "UPDATE perio_exam SET author = 'Dr No', version = version + 1 WHERE status = 'draft'",
        "UPDATE perio_exam SET brought_from = 'X', author = 'Y', version = version + 1"
        " WHERE status = 'draft'",
        "UPDATE perio_exam SET signer = 'X', version = version + 1 WHERE status = 'signed'",
        "UPDATE perio_exam SET brought_from = '', author = '', signer = '', version = version + 1"
        " WHERE status = 'signed'",
    )

    @pytest.mark.parametrize("statement", FORGED)
    def test_nobody_writes_anothers_name_into_an_exam(self, brought, statement) -> None:
        with pytest.raises(ClinicError), brought.writing() as ctx:
            ctx.connection.execute(text(statement))

    @pytest.mark.parametrize("statement", FORGED[:4])
    def test_nor_where_it_was_made(self, signed_in, patient, statement) -> None:
        with pytest.raises(ClinicError), signed_in.writing() as ctx:
            ctx.connection.execute(text(statement))

    def test_bringing_in_needs_the_right(self, patient, sign_in) -> None:
        dentist = sign_in("u_dentist")
        statement = text(
            "INSERT INTO perio_exam (clinic_id, id, patient_id, person_id, on_day, brought_from,"
            " author) VALUES (:clinic, gen_random_uuid(), :patient, :me, '2026-01-01', 'X', 'Y')"
        )
        who = dentist.who
        keys = {"clinic": who.clinic_id, "patient": patient, "me": who.person_id}
        with pytest.raises(ClinicError), dentist.writing() as ctx:
            ctx.connection.execute(statement, keys)


class TestBundle:
    def test_valid_by_its_models_with_what_was_measured(self, signed_in, patient) -> None:
        from fhir.resources.R4B.bundle import Bundle

        packed = zipfile.ZipFile(io.BytesIO(_packed(signed_in, patient)))
        bundle = Bundle.model_validate_json(packed.read("bundle.json"))
        found = [
            entry.resource
            for entry in bundle.entry
            if entry.resource.get_resource_type() == "Observation"
        ]
        whole = [one for one in found if one.hasMember]
        assert sorted(one.status for one in whole) == ["final", "preliminary"]
        signed = next(one for one in whole if one.status == "final")
        assert signed.performer[0].display == "Dr Amara Nwosu"
        members = {one.reference.removeprefix("urn:uuid:") for one in signed.hasMember}
        teeth = {one.bodySite.text: one for one in found if one.id in members}
        # Teeth in which nothing was measured say nothing.
        assert set(teeth) == {"tooth 16", "tooth 36", "tooth 116", "implant at 46", "tooth 31"}
        parts = {one.code.text: one for one in teeth["tooth 16"].component}
        assert parts["depth DB"].valueQuantity.value == 7
        assert parts["margin MB"].valueQuantity.value == -2
        assert parts["furcation D"].valueInteger == 2
        assert parts["bleeding DB"].valueBoolean is True
        assert "bleeding MB" not in parts
        said = {one.code.text: one.valueString for one in signed.component}
        assert said["stage, grade, extent"] == "4 C localized"
