"""Every way to tamper with the change log is named by verify."""

import pytest

from clinic_desktop.db.connect import open_connection
from clinic_desktop.services.installation.verify import Anchors, verify
from tests.cluster import CLINIC


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
        assert anchors.read()[CLINIC][0] > 30

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

    def test_erased_values_are_not_altered_ones(self, database, anchors, log) -> None:
        log("DELETE FROM change_value WHERE clinic_id = $CLINIC AND seq = 6")
        assert _found(database, anchors) is None
