"""The doctor finds what is wrong with an installation, each way tried on a real one."""

import shutil
import threading
from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest

from clinic_desktop.db import migrate
from clinic_desktop.db.connect import open_connection
from clinic_desktop.services.installation import doctor, judgements, provision
from clinic_desktop.services.installation.anchors import Finding
from clinic_desktop.services.installation.doctor import Check, examine
from clinic_desktop.services.installation.local import MIGRATOR, LocalInstallation
from tests.cluster import CLINIC
from tests.scratch import scratch


@pytest.fixture(scope="module")
def installation() -> Iterator[LocalInstallation]:
    root = scratch("doctor-")
    made = LocalInstallation(root / "clinic", outside=root / "elsewhere.json", fast=True).start()
    provision.make_clinic(
        made.machine(MIGRATOR),
        provision.NewClinic(name="Harbour Street Dental"),
        provision.NewAdmin(
            name="Maeve Quinn", initials="MQ", login="u_maeve", password="word " * 5
        ),
    )
    yield made
    made.leave()
    shutil.rmtree(root)


def _checks(installation: LocalInstallation) -> dict[str, Check]:
    return {check.name: check for check in examine(installation, installation.root)}


def test_healthy(installation) -> None:
    checks = _checks(installation)
    assert [check.name for check in checks.values() if check.state == "wrong"] == []
    assert {"server", "migrations", "catalogue", "roles", "disk", "clock", "fonts"} <= checks.keys()


@pytest.mark.parametrize(
    ("damage", "repair", "name"),
    [
        (
            "ALTER TABLE clinic.patient DISABLE TRIGGER z_stage_change",
            "ALTER TABLE clinic.patient ENABLE TRIGGER z_stage_change",
            "catalogue",
        ),
        (
            "ALTER ROLE clinic_api BYPASSRLS",
            "ALTER ROLE clinic_api NOBYPASSRLS",
            "catalogue",
        ),
        (
            "UPDATE clinic.alembic_version SET version_num = '2026_11_20_tables'",
            f"UPDATE clinic.alembic_version SET version_num = '{migrate.head()}'",
            "migrations",
        ),
        (
            "ALTER ROLE postgres SET log_statement = 'all'",
            "ALTER ROLE postgres RESET log_statement",
            "log settings",
        ),
        ("ALTER ROLE clinic_backup NOLOGIN", "ALTER ROLE clinic_backup LOGIN", "roles"),
        (
            "ALTER ROLE ALL SET session_replication_role = replica",
            "ALTER ROLE ALL RESET session_replication_role",
            "settings",
        ),
        (
            "ALTER DATABASE clinic SET zero_damaged_pages = on",
            "ALTER DATABASE clinic RESET zero_damaged_pages",
            "settings",
        ),
        (
            "INSERT INTO clinic.staff_right SELECT 'u_maeve', 'made.up', id FROM clinic.clinic",
            "DELETE FROM clinic.staff_right WHERE permission = 'made.up'",
            "catalogue",
        ),
    ],
)
def test_named_with_what_to_do(installation, damage, repair, name) -> None:
    with open_connection(installation.superuser()) as connection:
        connection.execute(damage.encode())
        try:
            if name == "migrations":
                # Starting would upgrade it: ask as the check itself does.
                check = doctor._migrations(connection)
            else:
                check = _checks(installation)[name]
        finally:
            connection.execute(repair.encode())
    assert check.state == "wrong"
    assert check.advice


def test_server_that_cannot_start(tmp_path) -> None:
    in_the_way = tmp_path / "clinic"
    in_the_way.write_text("a file where the data should be")
    checks = {check.name: check for check in examine(LocalInstallation(in_the_way), tmp_path)}
    assert checks["server"].state == "wrong"
    assert "disk" in checks


LOG = {name: sorted(good)[0] for name, good in judgements.LOG_SETTINGS.items()}
SAFE = {name: sorted(good)[0] for name, good in judgements.SAFE_SETTINGS.items()}
FINDING = Finding(CLINIC, 7, "cut", "The log was cut: entry 7 is missing.")


@pytest.mark.parametrize(
    ("check", "state"),
    [
        (judgements.version(14, "14.9"), "wrong"),
        (judgements.version(15, "15.4"), "good"),
        (judgements.version(19, "19.0"), "wrong"),
        (judgements.clock(timedelta(minutes=1)), "good"),
        (judgements.clock(timedelta(minutes=3)), "wrong"),
        (judgements.clock(timedelta(minutes=-3)), "wrong"),
        (judgements.disk(2 * 1024**3), "good"),
        (judgements.disk(2 * 1024**3 - 1), "wrong"),
        (judgements.disk(0), "wrong"),
        (judgements.flush(timedelta(milliseconds=1)), "good"),
        (judgements.flush(timedelta(milliseconds=40)), "note"),
        (judgements.damage(checksums=True, failures=0), "good"),
        (judgements.damage(checksums=False, failures=0), "note"),
        (judgements.damage(checksums=True, failures=1), "wrong"),
        (judgements.near_alone(""), "good"),
        (judgements.near_alone("127.0.0.1"), "good"),
        (judgements.near_alone("*"), "wrong"),
        (judgements.near_alone("127.0.0.1, 192.168.1.5"), "wrong"),
        (judgements.rules([(1, "scram-sha-256", ""), (2, "peer", "")]), "good"),
        *[(judgements.rules([(1, one, "")]), "wrong") for one in ("trust", "md5", "password")],
        (judgements.rules([(3, "", "invalid connection type")]), "wrong"),
        (judgements.log_settings(LOG), "good"),
        *[
            (judgements.log_settings({**LOG, name: value}), "wrong")
            for name, value in (
                ("log_statement", "all"),
                ("log_min_error_statement", "error"),
                ("log_error_verbosity", "default"),
                ("log_parameter_max_length_on_error", "-1"),
                ("log_min_duration_statement", "100"),
            )
        ],
        (judgements.safe_settings(SAFE), "good"),
        *[
            (judgements.safe_settings({**SAFE, name: value}), "wrong")
            for name, value in (
                ("session_replication_role", "replica"),
                ("row_security", "off"),
                ("allow_system_table_mods", "on"),
                ("ignore_checksum_failure", "on"),
                ("zero_damaged_pages", "on"),
                ("session_preload_libraries", "evil"),
                ("local_preload_libraries", "evil"),
            )
        ],
        (judgements.safe_settings(SAFE, ["listen_addresses"]), "wrong"),
        (judgements.logs([], known=2), "good"),
        (judgements.logs([], known=0), "note"),
        (judgements.logs([FINDING], known=2, files=["a.json"]), "wrong"),
    ],
    ids=lambda value: f"{value.name}: {value.found}" if isinstance(value, Check) else value,
)
def test_judged(check, state) -> None:
    assert check.state == state
    assert bool(check.advice) is (state != "good")


def test_fonts_that_are_missing(tmp_path) -> None:
    check = doctor._fonts(tmp_path)
    assert (check.state, check.found) == ("wrong", "Inter-Regular.ttf, Inter-SemiBold.ttf")
    assert check.advice


def test_folder_that_takes_nothing(tmp_path) -> None:
    check = doctor._flush(tmp_path / "gone")
    assert (check.name, check.state) == ("flush", "wrong")


def test_sign_in_rule_that_asks_nothing(installation) -> None:
    rules = installation.server.layout.data / "pg_hba.conf"
    before = rules.read_text()
    rules.write_text(f"local all all trust\n{before}")
    try:
        check = _checks(installation)["sign-in rules"]
    finally:
        rules.write_text(before)
    assert (check.state, check.found) == ("wrong", "1: trust")
    assert _checks(installation)["sign-in rules"].state == "good"


def test_setting_of_alter_system(installation) -> None:
    def found(statement: str, state: str) -> Check:
        with open_connection(installation.superuser()) as connection:
            connection.execute(statement.encode())
            connection.execute("SELECT pg_reload_conf()")
        for _attempt in range(200):
            check = _checks(installation)["settings"]
            if check.state == state:
                break
            threading.Event().wait(0.05)  # the server reads its settings when it comes to it
        return check

    check = found("ALTER SYSTEM SET work_mem = '5MB'", "wrong")
    assert (check.state, check.found) == ("wrong", "ALTER SYSTEM SET work_mem")
    assert found("ALTER SYSTEM RESET ALL", "good").state == "good"


class TestLogs:
    def test_rewritten_since_they_were_noted(self, installation) -> None:
        installation.note_logs().join()
        assert _checks(installation)["logs"].state == "good"
        installation.anchors.path.unlink()
        with open_connection(installation.superuser()) as connection:
            connection.execute("SET session_replication_role = replica")
            (last, digest) = connection.execute(
                "SELECT seq, hash FROM clinic.change_log ORDER BY seq DESC LIMIT 1"
            ).fetchone()
            change = "UPDATE clinic.change_log SET hash = %s WHERE seq = %s"
            connection.execute(change, (b"other", last))
            try:
                check = _checks(installation)["logs"]
            finally:
                connection.execute(change, (digest, last))
        assert check.state == "wrong"
        assert str(installation.anchors.outside) in check.advice

    def test_file_that_was_damaged(self, installation) -> None:
        outside = installation.anchors.outside
        before = outside.read_text()
        outside.write_text("{")
        try:
            assert _checks(installation)["logs"].state == "wrong"
        finally:
            outside.write_text(before)


def test_damaged_page(installation) -> None:
    """Written over on disk while the server is down, as a failing disk would."""
    with open_connection(installation.superuser()) as connection:
        connection.execute("CREATE TABLE public.lost AS SELECT 1 AS x")
        (path,) = connection.execute("SELECT pg_relation_filepath('public.lost')").fetchone()
    installation.leave()
    with (installation.server.layout.data / path).open("r+b") as file:
        file.seek(4000)
        file.write(b"\xff" * 64)
    installation.start()
    with open_connection(installation.superuser()) as connection:
        with pytest.raises(psycopg.errors.DataCorrupted):
            connection.execute("SELECT * FROM public.lost")
        connection.execute("DROP TABLE public.lost")
    check = _checks(installation)["data"]
    assert check.state == "wrong"
    assert check.advice
