"""Raw SQL against periodontal exams: whatever the login, a signed one is as it was signed."""

from collections.abc import Iterator

import psycopg
import pytest

from clinic_desktop.db.connect import open_connection
from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.perio.rules import Measure
from clinic_desktop.services.perio import service as perio
from clinic_desktop.services.perio.schemas import CellWrite, NewExam
from tests.cluster import CLINIC

LOGINS = (
    "u_dentist",
    "u_dentist2",
    "u_hygienist",
    "u_assistant",
    "u_front",
    "u_manager",
    "u_admin",
)
OURS = ("42501", "CD002", "CD005", "23514", "23502")


class Scene:
    """A signed exam and a draft of one patient."""

    def __init__(self, database, make, sign_in) -> None:
        self.database = database
        self.patient, self.other = make.patient(), make.patient(given="Otto")
        self.dentist = sign_in("u_dentist")
        self.signed = self._exam()
        with self.dentist.writing() as ctx:
            perio.sign(ctx, self.signed, 1)
        self.draft = self._exam()
        self.before = self.stored()

    def _exam(self):
        with self.dentist.writing() as ctx:
            exam = perio.begin(ctx, NewExam(id=new_id(), patient_id=self.patient))
            perio.write(ctx, exam, [CellWrite(tooth=16, measure=Measure.DEPTH, value=5)])
        return exam

    def stored(self) -> list:
        with open_connection(self.database.superuser()) as connection:
            found = connection.execute(
                "SELECT e::text FROM clinic.perio_exam e UNION ALL"
                " SELECT t::text FROM clinic.perio_tooth t"
            ).fetchall()
        return sorted(found)

    def filled(self, statement: str) -> bytes:
        """Put the keys of the scene into a statement."""
        for name in ("signed", "draft", "patient", "other"):
            statement = statement.replace(f"${name}", str(getattr(self, name)))
        return statement.replace("$clinic", str(CLINIC)).encode()

    def attack(self, login: str, statement: str, *, machine: bool = False) -> None:
        """Try a statement; whatever happens, nothing stored may differ."""
        who = self.database.machine(login) if machine else self.database.person(login)
        with open_connection(who, autocommit=True) as connection:
            connection.execute("SET search_path = clinic, pg_catalog")
            code, changed = "", 0
            try:
                changed = connection.execute(self.filled(statement)).rowcount
            except psycopg.Error as error:
                code = error.sqlstate or "?"
        assert code in OURS if code else changed == 0, (login, statement, code)
        assert self.stored() == self.before, (login, statement)


@pytest.fixture
def scene(database, make, sign_in) -> Iterator[Scene]:
    return Scene(database, make, sign_in)


EXAM = "UPDATE perio_exam SET {what}, version = version + 1 WHERE id = '$signed'"
TOOTH = "UPDATE perio_tooth SET {what}, version = version + 1 WHERE exam_id = '$signed'"
FROZEN = (
    EXAM.format(what="remark = 'x'"),
    EXAM.format(what="stage = '1', grade = 'A', extent = 'localized', reason = 'x'"),
    EXAM.format(what="status = 'draft', signed_at = NULL, signed_by = NULL"),
    EXAM.format(what="deleted_at = now()"),
    EXAM.format(what="patient_id = '$other'"),
    EXAM.format(what="on_day = '2020-01-01'"),
    EXAM.format(what="signed_at = '2020-01-01'"),
    "DELETE FROM perio_exam WHERE id = '$signed'",
    "TRUNCATE perio_exam, perio_tooth",
    TOOTH.format(what="depth = '{1,1,1,1,1,1}'") + " AND tooth = 16",
    TOOTH.format(what="bleeding = '{t,t,t,t,t,t}'"),
    TOOTH.format(what="mobility = 3"),
    TOOTH.format(what="standing = 'missing'"),
    TOOTH.format(what="exam_id = '$draft'"),
    TOOTH.format(what="deleted_at = now()"),
    TOOTH.format(what="patient_id = '$other'"),
    "DELETE FROM perio_tooth WHERE exam_id = '$signed'",
    "INSERT INTO perio_tooth (clinic_id, id, patient_id, exam_id, tooth)"
    " VALUES ('$clinic', gen_random_uuid(), '$patient', '$signed', 55)",
    "ALTER TABLE perio_tooth DISABLE TRIGGER ALL",
)


class TestSigned:
    @pytest.mark.parametrize("login", LOGINS)
    def test_nobody_changes_or_deletes_it(self, scene, login) -> None:
        for statement in FROZEN:
            scene.attack(login, statement)

    @pytest.mark.parametrize("machine", ["clinic_worker", "clinic_api", "clinic_backup"])
    def test_no_machine_either(self, scene, machine) -> None:
        for statement in FROZEN:
            scene.attack(machine, statement, machine=True)

    def test_not_even_the_owner_of_the_tables(self, scene) -> None:
        """The owner's own login does not exist; a superuser in its role meets the same guards."""
        for statement in FROZEN[:-1]:
            with open_connection(scene.database.superuser(), autocommit=True) as connection:
                connection.execute("SET ROLE clinic_owner")
                connection.execute("SET search_path = clinic, pg_catalog")
                with pytest.raises(psycopg.Error) as caught:
                    connection.execute(scene.filled(statement))
                assert caught.value.sqlstate in OURS, (statement, caught.value.sqlstate)
        assert scene.stored() == scene.before


DRAFT = "UPDATE perio_tooth SET {what}, version = version + 1 WHERE exam_id = '$draft'"
IMPOSSIBLE = (
    DRAFT.format(what="depth = '{99,1,1,1,1,1}'"),
    DRAFT.format(what="depth = '{-1,1,1,1,1,1}'"),
    DRAFT.format(what="depth = '{1,NULL,20,1,1,1}'"),
    DRAFT.format(what="depth = '{1,1,1}'"),
    DRAFT.format(what="depth = NULL"),
    DRAFT.format(what="margin = '{-10,1,1,1,1,1}'"),
    DRAFT.format(what="bleeding = '{t,NULL,t,t,t,t}'"),
    DRAFT.format(what="mobility = 4"),
    DRAFT.format(what="furcation = '{1,NULL,NULL,NULL}'") + " AND tooth = 15",
    DRAFT.format(what="furcation = '{NULL,1,NULL,NULL}'") + " AND tooth = 16",
    DRAFT.format(what="furcation = '{NULL,NULL,1,NULL}'") + " AND tooth = 36",
    DRAFT.format(what="furcation = '{4,NULL,NULL,NULL}'") + " AND tooth = 36",
    DRAFT.format(what="mgj = '{1,1,1,NULL,3,NULL}'") + " AND tooth = 11",
    DRAFT.format(what="tooth = 26") + " AND tooth = 16",
    DRAFT.format(what="exam_id = '$signed'"),
    "INSERT INTO perio_tooth (clinic_id, id, patient_id, exam_id, tooth)"
    " VALUES ('$clinic', gen_random_uuid(), '$other', '$draft', 55)",
    "INSERT INTO perio_tooth (clinic_id, id, patient_id, exam_id, tooth)"
    " VALUES ('$clinic', gen_random_uuid(), '$patient', '$draft', 19)",
    "UPDATE perio_exam SET stage = '4', grade = 'C', extent = 'localized', version = version + 1"
    " WHERE id = '$draft'",
    "UPDATE perio_exam SET stage = '4', proposed = '4', version = version + 1 WHERE id = '$draft'",
    "UPDATE perio_exam SET lost_teeth = 33, version = version + 1 WHERE id = '$draft'",
    "UPDATE perio_exam SET complexity = '{nonsense}', version = version + 1 WHERE id = '$draft'",
    "UPDATE perio_exam SET patient_id = '$other', version = version + 1 WHERE id = '$draft'",
    "UPDATE perio_exam SET status = 'signed', signed_at = now(), signed_by = (SELECT id FROM person"
    " WHERE login = 'u_front'), version = version + 1 WHERE id = '$draft'",
    "INSERT INTO perio_exam (clinic_id, id, patient_id, person_id, on_day) SELECT '$clinic',"
    " gen_random_uuid(), '$patient', id, '2026-01-01' FROM person WHERE login = 'u_front'",
)


class TestDraft:
    @pytest.mark.parametrize("statement", IMPOSSIBLE)
    def test_what_no_mouth_has(self, scene, statement) -> None:
        scene.attack("u_dentist", statement)

    def test_an_assistant_does_not_sign(self, scene) -> None:
        scene.attack(
            "u_assistant",
            "UPDATE perio_exam SET status = 'signed', signed_at = now(), signed_by = (SELECT id"
            " FROM person WHERE login = 'u_assistant'), version = version + 1 WHERE id = '$draft'",
        )

    @pytest.mark.parametrize("login", ["u_front", "u_manager", "u_compliance"])
    def test_without_the_right_nothing_is_typed(self, scene, login) -> None:
        for statement in (
            DRAFT.format(what="depth = '{1,1,1,1,1,1}'"),
            "INSERT INTO perio_exam (clinic_id, id, patient_id, person_id, on_day) SELECT"
            " '$clinic', gen_random_uuid(), '$patient', id, '2026-01-01' FROM person"
            f" WHERE login = '{login}'",
        ):
            scene.attack(login, statement)

    def test_the_front_desk_reads_none(self, scene) -> None:
        with open_connection(scene.database.person("u_front"), autocommit=True) as connection:
            for table in ("perio_exam", "perio_tooth"):
                found = connection.execute(f"SELECT 1 FROM clinic.{table}".encode()).fetchall()
                assert found == []
