"""Patients from the files of other systems: as they truly are, whole or not at all, undone."""

from uuid import UUID

import pytest
from sqlalchemy import text

from clinic_desktop.domain.ids import new_id
from clinic_desktop.errors import ConflictError, InvalidError, NotAllowedError
from clinic_desktop.services import imports, patients
from clinic_desktop.services.imports.schemas import MappedColumn
from clinic_desktop.services.patients.list_schemas import TagValues
from clinic_desktop.services.patients.schemas import PatientChange
from clinic_desktop.services.progress import StoppedError
from tests.exports_of_others import FORMS


def _bring(signed_in, path, **kwargs):
    with signed_in.reading() as ctx:
        plan = imports.look(ctx, path, **kwargs).plan()
    with signed_in.writing() as ctx:
        return plan, imports.run(ctx, new_id(), plan)


def _all(signed_in, sql="SELECT * FROM patient WHERE deleted_at IS NULL"):
    with signed_in.reading() as ctx:
        return [row._mapping for row in ctx.connection.execute(text(sql))]


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_truth(form, sign_in, file, in_country) -> None:
    export = FORMS[form](120, 7)
    in_country(export.country)
    signed_in = sign_in("u_admin")
    _plan, report = _bring(signed_in, file(export.name, export.content))
    assert report.problems == ()
    truth = {
        (one.given, one.family, one.sex, one.born, one.phone, one.email)
        for person in export.people
        for one in (person, *person.children)
    }
    found = _all(signed_in)
    kept = {(p["given"], p["family"], p["sex"], p["born"], p["phone"], p["email"]) for p in found}
    assert kept == truth
    assert report.added == len(found) == len(truth)
    numbers = {one.number.zfill(5) for one in export.people if one.number}
    assert numbers <= {p["number"] for p in found}


def test_families_have_a_payer_and_guardians(sign_in, file, in_country) -> None:
    in_country("PT")
    signed_in = sign_in("u_admin")
    export = FORMS["families_in_rows"](9, 3)
    _bring(signed_in, file(export.name, export.content))
    rows = {(p["given"], p["born"]): p for p in _all(signed_in)}
    for parent in export.people:
        adult = rows[parent.given, parent.born]
        for child in parent.children:
            member = rows[child.given, child.born]
            assert member["household_id"] == adult["household_id"] is not None
            assert member["guardian_id"] == adult["id"]
    payers = _all(signed_in, "SELECT payer_id FROM household")
    assert {one["payer_id"] for one in payers} == {
        rows[p.given, p.born]["id"] for p in export.people if p.children
    }


def test_found_as_soon_as_imported(signed_in, file) -> None:
    _bring(signed_in, file("a.csv", "Name,DOB,Phone\nInês Carvalho,1984-09-03,086 555 0142\n"))
    with signed_in.reading() as ctx:
        (found,) = patients.find(ctx, "carv")
        assert (found.given, found.family, found.phone) == ("Inês", "Carvalho", "+353865550142")


class TestRows:
    def test_problems_name_row_and_column(self, signed_in, file) -> None:
        path = file(
            "a.csv",
            "First name,Last name,DOB,Phone,Email\n"
            "Ana,Reis,31/02/1990,086 555 0142,\n"
            ",,01/02/1990,,\n"
            "Rui,Sá,01/02/1990,12,nobody\n"
            "Eva,Gil,01/02/2990,086 555 0143,\n",
        )
        with signed_in.reading() as ctx:
            report = imports.check(ctx, imports.look(ctx, path).plan())
        assert [(p.row, p.header, p.refused) for p in report.problems] == [
            (2, "DOB", True),
            (3, "First name", True),
            (4, "Email", False),
            (5, "DOB", True),
        ]
        assert (report.records, report.added, report.refused, report.doubts) == (4, 1, 3, 1)
        assert _all(signed_in) == []

    def test_what_cannot_be_dialled_stays_readable(self, signed_in, file) -> None:
        _bring(signed_in, file("a.csv", "Name;Phone;Mobile\nAna Reis;123456;086 555 0142\n"))
        (one,) = _all(signed_in)
        assert one["phone"] == "+353865550142"
        assert "123456" in one["sticky_note"]

    def test_doubtful_dates_and_codes_are_told(self, signed_in, file) -> None:
        path = file("a.csv", "Name,DOB,Sex\nAna Reis,03/04/1990,M\nEva Sá,05/06/1991,M\n")
        with signed_in.reading() as ctx:
            seen = {one.field: one for one in imports.look(ctx, path).columns}
        assert seen["born"].note.startswith("2 dates")
        assert "mujer" in seen["sex"].note

    def test_allergies_become_alerts(self, signed_in, file) -> None:
        _bring(
            signed_in, file("a.csv", "Name,Allergies\nAna Reis,Penicillin\nEva Sá,NKDA\nRui Gil,\n")
        )
        kinds = sorted(a["kind"] for a in _all(signed_in, "SELECT kind FROM patient_alert"))
        assert kinds == ["allergy", "no_known_allergies"]

    def test_tags_are_put_on_and_added(self, signed_in, file) -> None:
        with signed_in.writing() as ctx:
            patients.add_tag(ctx, new_id(), TagValues(name="VIP"))
        _bring(
            signed_in,
            file("a.csv", "Name,Tags\nAna Reis,vip; Ortho\nEva Sá,ORTHO|ortho\nRui Gil,\n"),
        )
        names = {t["id"]: t["name"] for t in _all(signed_in, "SELECT id, name FROM patient_tag")}
        carried = {p["given"]: [names[t] for t in p["tags"]] for p in _all(signed_in)}
        assert carried == {"Ana": ["VIP", "Ortho"], "Eva": ["Ortho"], "Rui": []}
        with signed_in.reading() as ctx:
            assert {t.name: t.patients for t in patients.tags_in_use(ctx)} == {"VIP": 1, "Ortho": 2}

    def test_tag_that_is_too_long_stays_readable(self, signed_in, file) -> None:
        name = "Orthodontics, second opinion wanted by the family".replace(",", "")
        _plan, report = _bring(signed_in, file("a.csv", f"Name,Tags\nAna Reis,{name}\n"))
        (one,) = _all(signed_in)
        assert (one["tags"], name in one["sticky_note"], report.doubts) == ([], True, 1)


class TestKnown:
    def test_who_is_there_is_left_as_they_are(self, signed_in, file, make) -> None:
        with signed_in.writing() as ctx:
            patients.register(
                ctx,
                patients.schemas.NewPatient(
                    id=new_id(), given="Inês", family="Carvalho", born="1984-09-03",
                    phone="086 555 0142",
                ),
            )  # fmt: skip
        path = file(
            "a.csv",
            "Name,DOB\nInês Carvalho,1984-09-03\nInes CARVALHO,1984-09-03\nAna Gil,1990-01-01\n"
            "Ana Gil,1990-01-01\nInês Carvalho,2001-01-01\n",
        )
        _plan, report = _bring(signed_in, path)
        assert [(k.row, k.there) for k in report.duplicates] == [
            (2, "00001 · Inês Carvalho"),
            (3, "00001 · Inês Carvalho"),
            (5, "row 4"),
        ]
        assert report.added == 2

    def test_the_same_file_again_adds_nobody(self, signed_in, file) -> None:
        path = file("a.csv", "No;Name;DOB\n7;Ana Gil;1990-01-01\n8;Rui Sá;\n")
        _bring(signed_in, path)
        _plan, report = _bring(signed_in, path)
        assert (report.added, report.known) == (0, 2)

    def test_a_taken_number_is_replaced_and_the_old_one_still_found(self, signed_in, file) -> None:
        _bring(signed_in, file("a.csv", "No;Name;DOB\n1;Ana Gil;1990-01-01\n"))
        _bring(signed_in, file("b.csv", "No;Name;DOB\n1;Rui Sá;1991-01-01\n"))
        assert sorted(p["number"] for p in _all(signed_in)) == ["00001", "00002"]
        _bring(signed_in, file("c.csv", "Patient ID;Balance\n1;12,50\n"), kind="balances")
        (posting,) = _all(
            signed_in,
            "SELECT given, amount FROM posting JOIN patient p ON p.id = patient_id",
        )
        assert (posting["given"], posting["amount"]) == ("Rui", 1250)

    def test_next_registration_gets_a_free_number(self, signed_in, file) -> None:
        _bring(signed_in, file("a.csv", "No;Name\n41;Ana Gil\n;Rui Sá\n"))
        with signed_in.writing() as ctx:
            made = patients.register(
                ctx,
                patients.schemas.NewPatient(
                    id=new_id(), given="Eva", born="1984-09-03", phone="086 555 0142"
                ),
            )
        assert made.number == "00043"


class TestWhole:
    def test_stopped_leaves_nothing(self, signed_in, file) -> None:
        class Stop:
            def tell(self, done, total):
                raise StoppedError

        rows = "".join(f"Ana{n} Gil,{1950 + n % 50}-01-01\n" for n in range(2500))
        path = file("a.csv", "Name,DOB\n" + rows)
        with signed_in.reading() as ctx:
            plan = imports.look(ctx, path).plan()
        with pytest.raises(StoppedError), signed_in.writing() as ctx:
            imports.run(ctx, new_id(), plan, Stop())
        assert _all(signed_in) == []
        assert _all(signed_in, "SELECT id FROM import_run") == []

    @pytest.mark.parametrize("line", ["\n", "Total,3\n", "Ana Gil,31/02/1990\n"])
    def test_stopped_where_no_record_is(self, signed_in, file, line) -> None:
        told = []

        class Stop:
            def tell(self, done, total):
                told.append(done)
                raise StoppedError

        path = file("a.csv", "Name,DOB\nAna Gil,1990-01-01\n" + line * 30_000)
        with signed_in.reading() as ctx:
            plan = imports.look(ctx, path).plan()
            with pytest.raises(StoppedError):
                imports.check(ctx, plan, Stop())
        assert told[0] < 10_000

    def test_same_run_twice_is_one(self, signed_in, file) -> None:
        run_id, path = new_id(), file("a.csv", "Name,DOB\nAna Gil,1990-01-01\n")
        with signed_in.reading() as ctx:
            plan = imports.look(ctx, path).plan()
        with signed_in.writing() as ctx:
            imports.run(ctx, run_id, plan)
        with pytest.raises(ConflictError), signed_in.writing() as ctx:
            imports.run(ctx, run_id, plan)

    def test_needs_the_right(self, sign_in, file) -> None:
        path = file("a.csv", "Name,DOB\nAna Gil,1990-01-01\n")
        with pytest.raises(NotAllowedError), sign_in("u_front").reading() as ctx:
            imports.look(ctx, path)

    def test_needs_a_name(self, signed_in, file) -> None:
        path = file("a.csv", "Name,DOB\nAna Gil,1990-01-01\n")
        with signed_in.reading() as ctx:
            plan = imports.look(ctx, path).plan()
            bare = plan.model_copy(update={"columns": (MappedColumn(column=1, field="born"),)})
            with pytest.raises(InvalidError, match="Whole name"):
                imports.check(ctx, bare)


class TestUndo:
    def test_exact_and_what_was_changed_stays(self, signed_in, file, make) -> None:
        before = _all(signed_in, "SELECT * FROM patient_word ORDER BY word")
        export = FORMS["families_in_rows"](12, 3)
        _plan, report = _bring(signed_in, file(export.name, export.content))
        people = _all(signed_in, "SELECT * FROM patient ORDER BY sort_key, id")
        alone = [p for p in people if p["guardian_id"] is None]
        changed, booked = alone[0], alone[1]
        with signed_in.writing() as ctx:
            patients.change(ctx, PatientChange(id=changed["id"], version=1, city="Faro"))
        make.appointment(booked["id"], make.provider())
        with signed_in.writing() as ctx:
            undone = imports.undo(ctx, report.run_id)
        kept = {one["id"] for one in _all(signed_in)}
        assert {changed["id"], booked["id"]} <= kept
        assert undone.kept == len(kept)
        assert undone.removed == report.added - len(kept)
        reasons = {one.id: one.reason for one in undone.stays}
        assert "changed since" in reasons[changed["id"]]
        assert "appointment" in reasons[booked["id"]]
        words = {
            row["patient_id"] for row in _all(signed_in, "SELECT patient_id FROM patient_word")
        }
        assert words == kept | {row["patient_id"] for row in before}
        with signed_in.reading() as ctx:
            (run,) = imports.runs(ctx)
        assert (run.state, run.kept, run.by) == ("undone", len(kept), "Maeve Quinn")

    def test_once(self, signed_in, file) -> None:
        _plan, report = _bring(signed_in, file("a.csv", "No,Name\n3,Ana Gil\n"))
        with signed_in.writing() as ctx:
            imports.undo(ctx, report.run_id)
        with pytest.raises(ConflictError), signed_in.writing() as ctx:
            imports.undo(ctx, report.run_id)
        _plan, again = _bring(signed_in, file("a.csv", "No,Name\n3,Ana Gil\n"))
        assert again.added == 1
        assert [p["number"] for p in _all(signed_in)] == ["00003"]


def test_a_run_is_in_the_log(signed_in, file, database) -> None:
    _plan, report = _bring(signed_in, file("a.csv", "Name\nAna Gil\n"))
    tables = _all(signed_in, "SELECT tbl, row_id FROM change_log ORDER BY seq")
    assert [row["tbl"] for row in tables][-2:] == ["patient", "import_run"]
    assert UUID(str(tables[-1]["row_id"])) == report.run_id
