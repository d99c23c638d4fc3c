"""Every way to tamper with the logs is named by verify; what the law erases is not tampering."""

import threading

import psycopg
import pytest
from sqlalchemy import text

from clinic_desktop.db.connect import open_connection
from clinic_desktop.domain.ids import new_id
from clinic_desktop.errors import ClinicError, NotAllowedError, SetupError
from clinic_desktop.models import Patient
from clinic_desktop.services.installation.anchors import Anchors, note, seal
from clinic_desktop.services.installation.verify import verify
from clinic_desktop.services.notes import service as notes
from clinic_desktop.services.notes.schemas import NoteText
from clinic_desktop.services.rows import change_row
from tests.cluster import CLINIC, OTHER_CLINIC


@pytest.fixture
def anchors(tmp_path) -> Anchors:
    return Anchors(tmp_path / "anchors.json")


@pytest.fixture
def log(database, make):
    """A log with a few entries, and a superuser who can get around every trigger."""
    for name in ("Ana", "Ben", "Cy"):
        make.patient(given=name)

    def tamper(*statements: str) -> None:
        with open_connection(database.superuser()) as connection:
            connection.execute("SET session_replication_role = replica")
            connection.execute("SET search_path = clinic, pg_catalog")
            for statement in statements:
                connection.execute(statement.replace("$CLINIC", f"'{CLINIC}'").encode())

    return tamper


def _found(database, anchors):
    results = verify(database.machine("clinic_backup"), anchors)
    return next((r.finding for r in results if r.finding is not None), None)


def _settle(database) -> None:
    """Seal everything read: a transaction of any database that is open holds seals back."""
    with open_connection(database.superuser()) as connection:
        for _attempt in range(400):
            seal(connection)
            (open_ones,) = connection.execute(
                "SELECT count(*) FROM clinic.access_log a WHERE a.id > coalesce("
                " (SELECT h.last FROM clinic.access_head h WHERE h.clinic_id = a.clinic_id), 0)"
            ).fetchone()
            if not open_ones:
                return
            threading.Event().wait(0.05)
    raise AssertionError("never sealed")


REHASH = """
DO $$
DECLARE r record; running bytea := '\\x00';
BEGIN
    FOR r IN SELECT * FROM change_log WHERE clinic_id = $CLINIC ORDER BY seq LOOP
        running := entry_hash(running, r.seq, r.clinic_id, r.at, r.login, r.person_id, r.device,
            r.tbl, r.op, r.row_id, r.patient_id, r.permission, r.fields, r.seen, r.digest);
        UPDATE change_log SET hash = running WHERE clinic_id = $CLINIC AND seq = r.seq;
    END LOOP;
    UPDATE log_head SET hash = running WHERE clinic_id = $CLINIC;
END $$
"""


class TestVerify:
    def test_whole(self, database, anchors, log) -> None:
        assert _found(database, anchors) is None
        assert anchors.read()[CLINIC][0].seq > 30

    @pytest.mark.parametrize(
        ("statement", "kind", "seq"),
        [
            (
                "UPDATE change_log SET login = 'x' WHERE clinic_id = $CLINIC AND seq = 5",
                "altered",
                5,
            ),
            (
                "UPDATE change_log SET at = at - interval '1 day' WHERE clinic_id = $CLINIC"
                " AND seq = 7",
                "altered",
                7,
            ),
            (
                "UPDATE change_log SET fields = '{x}' WHERE clinic_id = $CLINIC AND seq = 2",
                "altered",
                2,
            ),
            (
                "UPDATE change_value SET after = '{}' WHERE clinic_id = $CLINIC AND seq = 6",
                "altered",
                6,
            ),
            (
                "UPDATE change_value SET reason = 'x' WHERE clinic_id = $CLINIC AND seq = 6",
                "altered",
                6,
            ),
            ("DELETE FROM change_log WHERE clinic_id = $CLINIC AND seq = 4", "missing", 4),
            ("DELETE FROM change_log WHERE clinic_id = $CLINIC AND seq = 1", "missing", 1),
        ],
    )
    def test_named(self, database, anchors, log, statement, kind, seq) -> None:
        log(statement)
        finding = _found(database, anchors)
        assert (finding.kind, finding.seq) == (kind, seq)

    def test_tail_cut(self, database, anchors, log) -> None:
        log("DELETE FROM change_log WHERE clinic_id = $CLINIC AND seq > 20")
        assert _found(database, anchors).kind == "cut"

    def test_tail_cut_together_with_the_head(self, database, anchors, log) -> None:
        assert _found(database, anchors) is None
        log(
            "DELETE FROM change_log WHERE clinic_id = $CLINIC AND seq > 20",
            "UPDATE log_head h SET seq = 20, hash = (SELECT l.hash FROM change_log l"
            " WHERE l.clinic_id = h.clinic_id AND l.seq = 20) WHERE clinic_id = $CLINIC",
        )
        finding = _found(database, anchors)
        assert (finding.kind, finding.seq) == ("cut", 21)

    def test_everything_hashed_again(self, database, anchors, log) -> None:
        assert _found(database, anchors) is None
        log("UPDATE change_log SET login = 'x' WHERE clinic_id = $CLINIC AND seq = 5", REHASH)
        assert _found(database, anchors).kind == "rewritten"

    def test_anchor_stays_where_the_log_was_whole(self, database, anchors, log) -> None:
        assert _found(database, anchors) is None
        before = anchors.read()
        log("UPDATE change_log SET login = 'x' WHERE clinic_id = $CLINIC AND seq = 5")
        assert _found(database, anchors) is not None
        assert anchors.read() == before

    def test_log_of_a_clinic_removed_whole(self, database, anchors, log) -> None:
        assert _found(database, anchors) is None
        log(
            "DELETE FROM change_log WHERE clinic_id = $CLINIC",
            "DELETE FROM log_head WHERE clinic_id = $CLINIC",
        )
        assert _found(database, anchors).kind == "cut"

    def test_values_that_only_vanished(self, database, anchors, log) -> None:
        log("DELETE FROM change_value WHERE clinic_id = $CLINIC AND seq = 6")
        finding = _found(database, anchors)
        assert (finding.kind, finding.seq) == ("missing", 6)

    def test_all_values_wiped(self, database, anchors, log) -> None:
        log("DELETE FROM change_value")
        assert _found(database, anchors).kind == "missing"


GRANT = "GRANT EXECUTE ON FUNCTION clinic.erase_values(uuid, uuid) TO clinic_staff"
ERASE = text("SELECT erase_values(:clinic, :patient)")


def _erase(ctx, patient, clinic=CLINIC) -> int:
    return ctx.connection.execute(ERASE, {"clinic": clinic, "patient": patient}).scalar_one()


class TestErasure:
    """Values, reasons and salts of one patient go; the chain verifies and shows how many."""

    @pytest.fixture(autouse=True)
    def given_here(self, database) -> None:
        """Give people what nobody of a clinic may: a part of an erasure by itself."""
        with open_connection(database.superuser()) as connection:
            connection.execute(GRANT)

    def _kept(self, database, patient) -> list[str]:
        with open_connection(database.superuser()) as connection:
            return [
                str(row)
                for row in connection.execute(
                    "SELECT v.before, v.after, v.reason FROM clinic.change_value v"
                    " JOIN clinic.change_log l USING (clinic_id, seq)"
                    " WHERE l.patient_id = %s ORDER BY l.seq",
                    (patient,),
                )
            ]

    def test_shown_as_erased(self, database, anchors, log, make, sign_in) -> None:
        patient = make.patient(given="Ottilie", family="Zwingli")
        other = make.patient(given="Pau")
        note_of_patient = NoteText(
            id=new_id(), version_id=new_id(), patient_id=patient, body="Zwingli said so"
        )
        with sign_in("u_dentist").writing(reason="Zwingli asked") as ctx:
            notes.write(ctx, note_of_patient)
        with sign_in("u_admin").writing(reason="Article 17") as ctx:
            change_row(ctx, Patient, id=patient, version=1, given="Erased", family="")
            erased = _erase(ctx, patient)
        assert erased == 3
        assert not any("Zwingli" in row for row in self._kept(database, patient))
        assert any("Pau" in row for row in self._kept(database, other))
        (result,) = [
            one
            for one in verify(database.machine("clinic_backup"), anchors)
            if one.clinic_id == CLINIC
        ]
        assert result.finding is None
        assert result.erased == 3
        with open_connection(database.superuser()) as connection:
            told = connection.execute(
                "SELECT l.login, l.row_id, v.after, v.reason FROM clinic.change_log l"
                " JOIN clinic.change_value v USING (clinic_id, seq) WHERE l.op = 'E'"
            ).fetchall()
        assert told == [("u_admin", patient, {"entries": 3}, "Article 17")]

    def test_covers_no_later_value_and_nobody_else(
        self, database, anchors, log, make, sign_in
    ) -> None:
        patient, other = make.patient(), make.patient(given="Pau")
        with sign_in("u_admin").writing() as ctx:
            _erase(ctx, patient)
        with sign_in("u_front").writing() as ctx:
            change_row(ctx, Patient, id=patient, version=1, phone="+353865550143")
        assert _found(database, anchors) is None
        for whose, op in ((patient, "U"), (other, "I")):
            log(
                "CREATE TABLE kept AS SELECT v.* FROM change_value v JOIN change_log l"
                f" USING (clinic_id, seq) WHERE l.patient_id = '{whose}' AND l.op = '{op}'",
                "DELETE FROM change_value v USING kept k WHERE v.seq = k.seq"
                " AND v.clinic_id = k.clinic_id",
            )
            assert _found(database, anchors).kind == "missing"
            log("INSERT INTO change_value SELECT * FROM kept", "DROP TABLE kept")
        assert _found(database, anchors) is None

    def test_the_entry_that_tells_of_it_is_not_erased(
        self, database, anchors, log, make, sign_in
    ) -> None:
        patient = make.patient()
        for _again in range(2):
            with sign_in("u_admin").writing() as ctx:
                _erase(ctx, patient)
        assert _found(database, anchors) is None
        log(
            "DELETE FROM change_value v USING change_log l WHERE l.op = 'E'"
            " AND l.clinic_id = v.clinic_id AND l.seq = v.seq"
        )
        assert _found(database, anchors).kind == "missing"

    @pytest.mark.parametrize("login", ["u_front", "u_dentist", "u_manager", "u_other"])
    def test_only_by_an_administrator_of_the_clinic(self, sign_in, make, login) -> None:
        patient = make.patient()
        with pytest.raises(NotAllowedError), sign_in(login).writing() as ctx:
            _erase(ctx, patient)
        with pytest.raises(ClinicError), sign_in("u_admin").writing() as ctx:
            _erase(ctx, patient, OTHER_CLINIC)

    def test_not_by_itself(self, database, sign_in, make) -> None:
        patient = make.patient()
        with open_connection(database.superuser()) as connection:
            connection.execute(GRANT.replace("GRANT", "REVOKE").replace(" TO ", " FROM "))
        with pytest.raises(NotAllowedError), sign_in("u_admin").writing() as ctx:
            _erase(ctx, patient)

    def test_a_superuser_does_not_delete_by_mistake(self, database, make) -> None:
        make.patient()
        with (
            open_connection(database.superuser()) as connection,
            pytest.raises(psycopg.Error, match="append-only"),
        ):
            connection.execute("DELETE FROM clinic.change_value")


READ = "SELECT clinic.log_access(%s, %s, 'open', 'patient')"


class TestReading:
    """The log of reading stands under seals: an entry altered, removed or added is named."""

    @pytest.fixture
    def read(self, database, make):
        """Read a record some times; returns the numbers of the entries."""
        patient = make.patient()

        def one(times: int = 5) -> list[int]:
            with open_connection(database.person("u_front")) as connection:
                for _time in range(times):
                    connection.execute(READ, (CLINIC, patient))
            with open_connection(database.superuser()) as connection:
                found = connection.execute(
                    "SELECT id FROM clinic.access_log WHERE patient_id = %s ORDER BY id", (patient,)
                )
                return [row[0] for row in found]

        return one

    @pytest.mark.parametrize(
        ("statement", "kind"),
        [
            ("UPDATE access_log SET login = 'u_other' WHERE id = $ID", "altered"),
            ("UPDATE access_log SET at = at - interval '1 day' WHERE id = $ID", "altered"),
            ("UPDATE access_log SET patient_id = NULL WHERE id = $ID", "altered"),
            ("UPDATE access_log SET device = 'pc-9' WHERE id = $ID", "altered"),
            ("DELETE FROM access_log WHERE id = $ID", "missing"),
            ("DELETE FROM access_log", "missing"),
            (
                "DELETE FROM access_log WHERE id = $ID + 1; UPDATE access_log SET id = $ID + 1"
                " WHERE id = $ID",
                "missing",
            ),
        ],
    )
    def test_named(self, database, anchors, log, read, statement, kind) -> None:
        ids = read()
        _settle(database)
        assert _found(database, anchors) is None
        with open_connection(database.superuser()) as connection:
            connection.execute("ALTER TABLE clinic.access_log ALTER id SET GENERATED BY DEFAULT")
        log(statement.replace("$ID", str(ids[2])))
        finding = _found(database, anchors)
        assert finding.kind == f"access {kind}"
        assert finding.seq == ids[2] or statement == "DELETE FROM access_log"

    def test_added_later(self, database, anchors, log, read) -> None:
        ids = read()
        _settle(database)
        assert _found(database, anchors) is None
        log(
            f"INSERT INTO access_log OVERRIDING SYSTEM VALUE SELECT clinic_id, {ids[0] - 9}, at,"
            f" login, device, patient_id, action, category FROM access_log WHERE id = {ids[0]}",
        )
        finding = _found(database, anchors)
        assert (finding.kind, finding.seq) == ("access added", ids[0] - 9)

    @pytest.mark.parametrize(
        ("statement", "kind"),
        [
            ("UPDATE access_seal SET digests = substr(digests, 17) WHERE n = 1", "altered"),
            ("UPDATE access_seal SET ids = ids[2:] WHERE n = 1", "altered"),
            ("DELETE FROM access_seal WHERE n = 1", "missing"),
            ("DELETE FROM access_seal WHERE n = 2", "cut"),
            ("DELETE FROM access_seal; DELETE FROM access_head", "cut"),
            ("DELETE FROM access_head", "head"),
            (
                "UPDATE access_seal SET hash = seal_hash(substr(hash, 1, 2), n, clinic_id, ids,"
                " digests) WHERE n = 2",
                "altered",
            ),
        ],
    )
    def test_seals_themselves(self, database, anchors, log, read, statement, kind) -> None:
        for _time in range(2):
            read()
            _settle(database)
            assert _found(database, anchors) is None
        log(statement)
        assert _found(database, anchors).kind == f"access {kind}"

    def test_all_sealed_again(self, database, anchors, log, read) -> None:
        read()
        _settle(database)
        assert _found(database, anchors) is None
        log("DELETE FROM access_seal", "DELETE FROM access_head", "DELETE FROM access_log")
        read()
        _settle(database)
        assert _found(database, anchors).kind in {"access rewritten", "access cut"}

    def test_seals_follow_reading_by_themselves(self, database, log, read) -> None:
        # Another test's database may be in the making, which holds seals back meanwhile.
        for _attempt in range(10):
            ids = read(times=600)
            with open_connection(database.superuser()) as connection:
                (sealed,) = connection.execute(
                    "SELECT max(last) FROM clinic.access_head WHERE clinic_id = %s", (CLINIC,)
                ).fetchone()
            if ids[-1] - sealed <= 512:
                return
        raise AssertionError((ids[-1], sealed))

    def test_an_entry_that_commits_late_is_sealed_all_the_same(
        self, database, anchors, log, read
    ) -> None:
        backup = database.machine("clinic_backup")
        with open_connection(database.person("u_dentist"), autocommit=False) as late:
            late.execute(READ, (CLINIC, None))
            ids = read()
            note(backup, anchors)
            assert _found(database, anchors) is None
            late.commit()
        _settle(database)
        assert _found(database, anchors) is None
        log(f"DELETE FROM access_log WHERE id = {ids[0] - 1}")
        finding = _found(database, anchors)
        assert (finding.kind, finding.seq) == ("access missing", ids[0] - 1)

    def test_sealing_waits_for_nobody(self, database, read) -> None:
        ask = "SELECT clinic.seal_access(%s, 10000)"
        backup = database.machine("clinic_backup")
        with open_connection(backup, autocommit=False) as holding, open_connection(backup) as other:
            holding.execute(ask, (CLINIC,))
            holding.commit()
            read()
            holding.execute(ask, (CLINIC,))
            other.execute("SET statement_timeout = '2s'")
            assert other.execute(ask, (CLINIC,)).fetchone() == (0,)
            read(times=300)

    def test_nobody_seals_or_edits_seals(self, database) -> None:
        for login in ("u_front", "u_admin", "clinic_worker", "clinic_api"):
            with open_connection(database.person(login)) as connection:
                for statement in (
                    f"SELECT clinic.seal_access('{CLINIC}', 1)",
                    "SELECT * FROM clinic.access_seal",
                    "DELETE FROM clinic.access_seal",
                    "UPDATE clinic.access_head SET seals = 0",
                ):
                    with pytest.raises(psycopg.errors.InsufficientPrivilege):
                        connection.execute(statement.encode())


class TestAnchors:
    def test_noted_without_a_walk(self, database, anchors, log, make) -> None:
        backup = database.machine("clinic_backup")
        assert note(backup, anchors) == []
        first = anchors.read()[CLINIC][0]
        make.patient()
        assert note(backup, anchors) == []
        assert anchors.read()[CLINIC][0].seq > first.seq
        assert _found(database, anchors) is None

    def test_stays_where_the_log_no_longer_fits(self, database, anchors, log) -> None:
        backup = database.machine("clinic_backup")
        note(backup, anchors)
        before = anchors.read()
        log("UPDATE change_log SET login = 'x' WHERE clinic_id = $CLINIC AND seq = 5", REHASH)
        assert {finding.kind for finding in note(backup, anchors)} == {"rewritten"}
        assert anchors.read() == before

    def test_the_copy_outside_remembers_when_the_one_beside_the_data_is_gone(
        self, database, tmp_path, log
    ) -> None:
        anchors = Anchors(tmp_path / "data" / "anchors.json", tmp_path / "elsewhere" / "a.json")
        assert _found(database, anchors) is None
        log("UPDATE change_log SET login = 'x' WHERE clinic_id = $CLINIC AND seq = 5", REHASH)
        anchors.path.unlink()
        assert _found(database, anchors).kind == "rewritten"

    def test_both_copies_are_asked(self, database, tmp_path, log) -> None:
        anchors = Anchors(tmp_path / "a.json", tmp_path / "b.json")
        assert _found(database, anchors) is None
        log("UPDATE change_log SET login = 'x' WHERE clinic_id = $CLINIC AND seq = 5", REHASH)
        # As whoever rewrites log and anchor beside the data would leave them.
        anchors.path.unlink()
        assert note(database.machine("clinic_backup"), Anchors(anchors.path)) == []
        assert _found(database, anchors).kind == "rewritten"

    @pytest.mark.parametrize("content", ["{", "[]", '{"x": 1}', '{"x": [1, "00"]}', "\x00"])
    def test_a_damaged_file_is_told(self, database, anchors, content) -> None:
        anchors.path.write_text(content)
        with pytest.raises(SetupError, match=r"anchors\.json"):
            verify(database.machine("clinic_backup"), anchors)

    def test_one_of_an_older_program_is_read(self, database, anchors, log) -> None:
        anchors.path.write_text(f'{{"{CLINIC}": [3, "00"]}}')
        finding = _found(database, anchors)
        assert (finding.kind, finding.seq) == ("rewritten", 3)
