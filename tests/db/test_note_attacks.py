"""Raw SQL against drafts and templates: only their author writes and takes back a draft."""

import uuid

import psycopg
import pytest

from clinic_desktop.db.connect import open_connection
from clinic_desktop.domain.ids import new_id
from clinic_desktop.models import NoteTemplate
from clinic_desktop.services.chart import service as chart
from clinic_desktop.services.chart.complete import complete_visit
from clinic_desktop.services.chart.schemas import Completion, NewChartItem
from clinic_desktop.services.notes import service as notes
from clinic_desktop.services.notes.schemas import NoteText
from tests.cluster import CLINIC, OTHER_CLINIC
from tests.factories import Factory

VERSION = """
INSERT INTO note_version (clinic_id, id, patient_id, note_id, number, body)
SELECT clinic_id, %s, patient_id, id, %s, 'words of another' FROM note WHERE id = %s
"""
TAKE = "UPDATE note SET deleted_at = now(), version = version + 1 WHERE id = %s"
FILLED = "UPDATE note SET filled = filled + 1, version = version + 1 WHERE id = %s"
BACK = "UPDATE note SET deleted_at = NULL, version = version + 1 WHERE id = %s"


class Scene:
    """A draft that completing opened for a dentist, and one that the dentist wrote in."""

    def __init__(self, database, make, sign_in) -> None:
        self._database = database
        self.dentist = sign_in("u_dentist")
        self.patient = make.patient()
        self.treatment = make.treatment()
        self.untouched = self._complete(36)
        self.edited = self._complete(46)
        typed = NoteText(
            id=self.edited, version_id=new_id(), patient_id=self.patient, body="mine", after=1
        )
        with self.dentist.writing() as ctx:
            notes.write(ctx, typed)

    def _complete(self, tooth: int) -> uuid.UUID:
        item = NewChartItem(
            id=new_id(), kind="procedure", code="RST-030", tooth=tooth, surfaces="O",
            status="planned", treatment_id=self.treatment,
        )  # fmt: skip
        done = Completion(act=new_id(), patient_id=self.patient, item_ids=(item.id,))
        with self.dentist.writing() as ctx:
            chart.add(ctx, self.patient, [item])
        with self.dentist.writing() as ctx:
            complete_visit(ctx, done)
        return done.act

    def run(self, login: str, statement: str, values: tuple[object, ...]) -> int:
        """Run a statement as a login; return how many rows it touched."""
        with open_connection(self._database.person(login)) as connection:
            connection.execute("SET search_path = clinic, pg_catalog")
            return connection.execute(statement.encode(), values).rowcount

    def refused(self, login: str, statement: str, values: tuple[object, ...]) -> None:
        """Assert that our guards refuse it, or that the policies let it see nothing."""
        try:
            assert self.run(login, statement, values) == 0
        except psycopg.Error as error:
            assert error.sqlstate in ("42501", "CD002", "CD005"), str(error)  # noqa: PT017 - either way nothing happened


@pytest.fixture
def scene(database, make, sign_in) -> Scene:
    return Scene(database, make, sign_in)


LOGINS = ("u_dentist2", "u_hygienist", "u_assistant", "u_front", "u_manager", "u_admin")


class TestDrafts:
    @pytest.mark.parametrize("login", LOGINS)
    def test_nobody_writes_in_another_persons(self, scene, login) -> None:
        for note, number in ((scene.untouched, 2), (scene.edited, 3)):
            scene.refused(login, VERSION, (new_id(), number, note))
            scene.refused(login, FILLED, (note,))

    @pytest.mark.parametrize("login", LOGINS)
    def test_nobody_takes_back_what_another_wrote(self, scene, login) -> None:
        scene.refused(login, TAKE, (scene.edited,))

    def test_an_untouched_one_is_taken_by_who_may_take_work_back(self, scene) -> None:
        scene.refused("u_hygienist", TAKE, (scene.untouched,))
        assert scene.run("u_dentist2", TAKE, (scene.untouched,)) == 1
        scene.refused("u_hygienist", BACK, (scene.untouched,))

    def test_nothing_is_written_into_one_that_is_gone(self, scene) -> None:
        assert scene.run("u_dentist", TAKE, (scene.untouched,)) == 1
        scene.refused("u_dentist", VERSION, (new_id(), 2, scene.untouched))

    def test_the_program_does_not_say_for_a_person_that_a_note_is_new(self, scene) -> None:
        """A note begun by hand counts as written in, whatever its number."""
        mine = NoteText(
            id=new_id(), version_id=new_id(), patient_id=scene.patient, body="by hand", after=0
        )
        with scene.dentist.writing() as ctx:
            notes.write(ctx, mine)
        scene.refused("u_dentist2", TAKE, (mine.id,))


class TestTemplates:
    @pytest.fixture
    def theirs(self, sign_in) -> uuid.UUID:
        factory = Factory(sign_in("u_other"))
        return factory.row(NoteTemplate, name="Theirs", body="{tooth}")

    def test_another_clinics_are_not_seen_changed_or_named(self, scene, theirs) -> None:
        seen = "SELECT 1 FROM note_template WHERE id = %s"
        assert scene.run("u_admin", seen, (theirs,)) == 0
        change = "UPDATE note_template SET body = 'x', version = version + 1 WHERE id = %s"
        scene.refused("u_admin", change, (theirs,))
        add = "INSERT INTO note_template (clinic_id, id, name, body) VALUES (%s, %s, 'x', 'x')"
        scene.refused("u_admin", add, (OTHER_CLINIC, new_id()))
        name = "UPDATE treatment SET note_template_id = %s, version = version + 1 WHERE id = %s"
        with pytest.raises(psycopg.errors.ForeignKeyViolation):
            scene.run("u_admin", name, (theirs, scene.treatment))

    @pytest.mark.parametrize("login", ["u_dentist", "u_front", "u_assistant"])
    def test_only_who_keeps_the_price_list_changes_them(self, scene, login) -> None:
        add = "INSERT INTO note_template (clinic_id, id, name, body) VALUES (%s, %s, 'x', 'x')"
        scene.refused(login, add, (CLINIC, new_id()))
        change = "UPDATE note_template SET body = 'x', version = version + 1"
        scene.refused(login, change, ())

    @pytest.mark.parametrize("login", ["u_admin", "u_manager"])
    def test_nobody_deletes_them(self, scene, login) -> None:
        scene.refused(login, "DELETE FROM note_template", ())
