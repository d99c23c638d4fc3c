"""From a clinic to a disk and back in another home, by the command line."""

from pathlib import Path

import pytest

from clinic_desktop.__main__ import main
from clinic_desktop.config import load_profiles
from clinic_desktop.db.connect import open_connection
from clinic_desktop.services.backup.dump import make_full
from clinic_desktop.services.backup.tail import make_tail
from clinic_desktop.services.installation.local import LocalInstallation
from tests.places import open_folder

PASSWORD = "correct horse battery"
PASSPHRASE = "four words and more"


@pytest.fixture
def homes(monkeypatch):
    with open_folder() as folder:
        (folder / "usb").mkdir()
        (folder / "pw").write_text(PASSWORD + "\n")
        (folder / "pp").write_text(PASSPHRASE + "\n")
        (folder / "wrong").write_text("four words and less\n")
        yield folder


def command(folder: Path, home: str, *words: str) -> int:
    return main([f"--home={folder / home}", *words])


class TestCommands:
    def test_there_and_back(self, homes, capsys) -> None:
        def run(home: str, *words: str) -> tuple[int, str]:
            code = command(homes, home, *words)
            told = capsys.readouterr()
            return code, told.out + told.err

        first = ("--clinic=Harbour", "--admin=Maeve", f"--password-file={homes / 'pw'}")
        assert run("a", "db", "init", "--login=maeve", *first)[0] == 0
        code, told = run("a", "backup")
        assert code == 1
        assert "recovery key" in told
        key = f"--passphrase-file={homes / 'pp'}"
        assert "AGE-SECRET-KEY-" in run("a", "backup", "key", key)[1]
        assert run("a", "backup", "place", "USB", f"--folder={homes / 'usb'}")[0] == 0
        assert run("a", "db", "downgrade", "2026_11_20_protection", "--yes")[0] == 0
        assert run("a", "db", "upgrade")[0] == 0
        kept = homes / "a" / "computer" / "backup" / "before-upgrade"
        assert len(list(kept.glob("clinic-*-full.age"))) == 1
        assert "USB: stored" in run("a", "backup")[1]
        file = str(next((homes / "usb").glob("clinic-*-full.age")))
        assert Path(file).name in run("a", "backup", "list")[1]

        code, told = run("a", "restore", file, key)
        assert code == 1
        assert "has a clinic already" in told
        code, told = run("b", "restore", file, f"--passphrase-file={homes / 'wrong'}")
        assert code == 1
        assert "passphrase does not open" in told
        code, told = run(
            "b", "restore", file, key, "--admin=maeve", f"--password-file={homes / 'pw'}"
        )
        assert code == 0, told
        assert [one.kind for one in load_profiles(homes / "b")] == ["computer"]
        assert "whole" in run("b", "verify")[1]


def flipped(whole: bytes) -> bytes:
    at = len(whole) // 2
    return whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]


def test_restore_says_what_is_wrong(homes, ground, make, capsys) -> None:
    """Each refusal is one sentence at the end, and the folder stays without a clinic."""
    (ground.folder / "recovery-key-x.age").write_bytes(ground.key.sealed)
    key = f"--passphrase-file={homes / 'pp'}"

    def restore(file: Path, *words: str) -> tuple[int, str]:
        code = command(homes, "b", "restore", str(file), *(words or (key,)))
        told = capsys.readouterr()
        return code, told.out + told.err

    def refused(file: Path, sentence: str, *words: str) -> None:
        code, told = restore(file, *words)
        assert (code, sentence in told.splitlines()[-1]) == (1, True), told
        assert not here.has_clinic()

    make.patient(given="Ben")
    last = make_full(ground.dsn, ground.folder, ground.recipients)
    full = ground.folder / last.name
    make.patient(given="Cy")
    first = make_tail(ground.dsn, ground.folder, ground.recipients, last)
    make.patient(given="Di")
    second = make_tail(ground.dsn, ground.folder, ground.recipients, first)
    whole = full.read_bytes()
    # Joined for the whole test, so that each command does not start the server anew.
    here = LocalInstallation(homes / "b" / "computer").start()
    try:
        refused(full, "passphrase does not open", f"--passphrase-file={homes / 'wrong'}")
        for broken in (whole[: len(whole) // 2], flipped(whole)):
            full.write_bytes(broken)
            refused(full, f"{full.name} is damaged. Nothing was restored")
        full.write_bytes(whole)
        refused(ground.folder / first.name, "is a segment")
        newer = ground.folder / "newer"
        newer.mkdir()
        with open_connection(ground.database.superuser()) as connection:
            connection.execute("UPDATE clinic.alembic_version SET version_num = '2099_future'")
            made = make_full(ground.dsn, newer, ground.recipients)
            connection.execute(
                "UPDATE clinic.alembic_version SET version_num = %s", (last.schema_version,)
            )
        (newer / "recovery-key-x.age").write_bytes(ground.key.sealed)
        refused(newer / made.name, "made by a newer version")

        segment = ground.folder / second.name
        segment.write_bytes(flipped(segment.read_bytes()))
        code, told = restore(full)
        assert code == 0, told
        assert f"The segment {second.name} is damaged" in told
        with open_connection(here.superuser()) as connection:
            found = connection.execute("SELECT given FROM clinic.patient ORDER BY given")
            assert [row[0] for row in found] == ["Ben", "Cy"]

        code, told = restore(full)
        assert (code, "has a clinic already" in told.splitlines()[-1]) == (1, True), told
        with open_connection(here.superuser()) as connection:
            connection.execute("SET session_replication_role = replica")
            connection.execute(
                "UPDATE clinic.clinic SET (id, clinic_id) = (SELECT u, u FROM"
                " CAST(overlay(id::text PLACING 'ffff' FROM 1) AS uuid) u)"
            )
        code, told = restore(full)
        assert (code, "backup of another clinic" in told.splitlines()[-1]) == (1, True), told
    finally:
        here.leave()
