"""Which records are not merged or taken apart, and what the log says of those that are."""

from datetime import date

import pytest
from sqlalchemy import text

from clinic_desktop.domain.ids import new_id
from clinic_desktop.errors import ConflictError, NotAllowedError, NotFoundError
from clinic_desktop.models import PatientAlert
from clinic_desktop.services import patients
from clinic_desktop.services.notes import service as notes
from clinic_desktop.services.notes.schemas import NoteText
from tests.cluster import CLINIC


class TestRefusals:
    def test_oneself(self, make, merge) -> None:
        ana = make.patient()
        with pytest.raises(ConflictError, match="same record"):
            merge(ana, ana)

    def test_merged_already(self, make, merge, signed_in) -> None:
        ana, anna, other = make.patient("Ana"), make.patient("Anna"), make.patient("Other")
        merge(ana, anna)
        for survivor, merged in ((other, anna), (anna, other), (ana, anna)):
            with pytest.raises(ConflictError, match="already merged into No"):
                merge(survivor, merged)
        with signed_in.reading() as ctx, pytest.raises(ConflictError, match="already merged"):
            patients.preview_merge(ctx, other, anna)

    def test_a_person_and_an_animal(self, make, merge, signed_in) -> None:
        ana, rex = make.patient("Ana"), make.patient("Rex", species="dog")
        with pytest.raises(ConflictError, match="different species"):
            merge(ana, rex)
        with signed_in.reading() as ctx, pytest.raises(ConflictError, match="different species"):
            patients.preview_merge(ctx, ana, rex)

    def test_unmerge_twice(self, make, merge, unmerge) -> None:
        merge_id = merge(make.patient("Ana"), make.patient("Anna"))
        unmerge(merge_id)
        with pytest.raises(ConflictError, match="already taken apart"):
            unmerge(merge_id)

    def test_unmerge_of_a_survivor_merged_later(self, make, merge, unmerge) -> None:
        ana, anna, other = make.patient("Ana"), make.patient("Anna"), make.patient("Other")
        first = merge(ana, anna)
        second = merge(other, ana)
        with pytest.raises(ConflictError, match="merged into No"):
            unmerge(first)
        unmerge(second)
        unmerge(first)

    def test_nobody(self, make, merge) -> None:
        with pytest.raises(NotFoundError):
            merge(make.patient(), new_id())

    @pytest.mark.parametrize("login", ["u_front", "u_dentist", "u_compliance"])
    def test_right(self, make, merge, sign_in, login) -> None:
        with pytest.raises(NotAllowedError):
            merge(make.patient("Ana"), make.patient("Anna"), by=sign_in(login))

    def test_a_screen_that_is_still_open_writes_nothing_into_the_merged(
        self, make, merge, sign_in
    ) -> None:
        ana, anna = make.patient("Ana"), make.patient("Anna")
        merge(ana, anna)
        note = NoteText(id=new_id(), version_id=new_id(), patient_id=anna, body="half")
        dentist = sign_in("u_dentist")
        with pytest.raises(ConflictError, match="merged into another"), dentist.writing() as ctx:
            notes.write(ctx, note)
        with pytest.raises(ConflictError, match="merged into another"):
            make.row(
                PatientAlert,
                patient_id=anna,
                kind="other",
                severity="context",
                text="x",
                noted_on=date(2026, 1, 1),
            )


class TestLog:
    def test_who_merged_and_why_is_in_the_log(self, database, make, merge, signed_in) -> None:
        ana, anna = make.patient("Ana"), make.patient("Anna")
        make.row(
            PatientAlert,
            patient_id=anna,
            kind="other",
            severity="context",
            text="x",
            noted_on=date(2026, 1, 1),
        )
        merge_id = merge(ana, anna)
        with signed_in.reading() as ctx:
            (entry,) = ctx.connection.execute(
                text("SELECT * FROM read_history(:c, 'patient_merge', :m)"),
                {"c": CLINIC, "m": merge_id},
            ).all()
            moved = ctx.connection.execute(
                text(
                    "SELECT count(*) FROM change_log WHERE tbl = 'patient_alert'"
                    " AND 'patient_id' = ANY (fields) AND patient_id = :p"
                ),
                {"p": ana},
            ).scalar_one()
            (past,) = patients.merges(ctx, ana)
        assert (entry.login, entry.reason) == ("u_admin", "same person")
        assert moved == 1
        assert (past.patient_id, past.by) == (anna, signed_in.who.name)
