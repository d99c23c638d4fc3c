"""The doctor finds what is wrong with an installation, each way tried on a real one."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from clinic_desktop.db.connect import open_connection
from clinic_desktop.services.installation.doctor import Check, examine
from clinic_desktop.services.installation.local import LocalInstallation


@pytest.fixture(scope="module")
def installation() -> Iterator[LocalInstallation]:
    root = Path(tempfile.mkdtemp(prefix="doctor-"))
    root.chmod(0o711)
    made = LocalInstallation(root / "clinic", fast=True).start()
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
            "UPDATE clinic.alembic_version SET version_num = '2026_11_30_tamper'",
            "migrations",
        ),
        (
            "ALTER ROLE postgres SET log_statement = 'all'",
            "ALTER ROLE postgres RESET log_statement",
            "log settings",
        ),
        ("ALTER ROLE clinic_backup NOLOGIN", "ALTER ROLE clinic_backup LOGIN", "roles"),
    ],
)
def test_named_with_what_to_do(installation, damage, repair, name) -> None:
    with open_connection(installation.superuser()) as connection:
        connection.execute(damage.encode())
        try:
            if name == "migrations":
                # Starting would upgrade it: ask as the check itself does.
                from clinic_desktop.services.installation import doctor

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
