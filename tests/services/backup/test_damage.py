"""Every kind of damage and every wrong key is found before anything is written."""

import errno
import json

import pytest

from clinic_desktop.db import cluster as db_cluster
from clinic_desktop.db.connect import open_connection
from clinic_desktop.errors import InvalidError, SetupError
from clinic_desktop.services.backup.dump import make_full
from clinic_desktop.services.backup.keys import identity_of, make_key, open_key
from clinic_desktop.services.backup.replay import replay
from clinic_desktop.services.backup.restore import _may_be_gone, read_chain, restore
from clinic_desktop.services.backup.schemas import manifest_name
from clinic_desktop.services.backup.tail import make_tail


@pytest.fixture
def made(ground, make):
    make.patient(given="Eulalia", family="Quartermain")
    manifest = make_full(ground.dsn, ground.folder, ground.recipients)
    return ground.folder / manifest.name


def flip(path, at: int) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(bytes(content))


def nothing_made(ground) -> bool:
    admin = ground.database.cluster.address.superuser_dsn()
    return not any(
        db_cluster.has_database(admin, name) for name in (ground.copy, "clinic_restoring")
    )


class TestAProgramThatHasEnded:
    @pytest.mark.parametrize("said", [errno.EPIPE, errno.EINVAL])
    def test_its_exit_code_tells_and_not_its_pipe(self, said: int) -> None:
        """Linux calls the pipe broken, Windows the argument invalid."""
        with _may_be_gone():
            raise OSError(said, "closed at the other end")

    def test_another_failure_is_told(self) -> None:
        with pytest.raises(OSError, match="full"), _may_be_gone():
            raise OSError(errno.ENOSPC, "full")


class TestDamage:
    @pytest.mark.parametrize("with_manifest", [True, False])
    def test_flipped_bits(self, ground, made, with_manifest) -> None:
        if not with_manifest:
            made.with_name(manifest_name(made.name)).unlink()
        whole, size = made.read_bytes(), made.stat().st_size
        # In the key's envelope, the first block, the middle and the last byte.
        for at in (5, 150, 700, size // 2, size - 1):
            flip(made, at)
            with pytest.raises(SetupError, match=r"damaged|does not open"):
                read_chain([made], ground.identities)
            made.write_bytes(whole)
        assert read_chain([made], ground.identities).last.kind == "full"

    @pytest.mark.parametrize("with_manifest", [True, False])
    def test_cut_short(self, ground, made, with_manifest) -> None:
        if not with_manifest:
            made.with_name(manifest_name(made.name)).unlink()
        whole = made.read_bytes()
        for kept in (0, 10, 400, 65_536 + 300, len(whole) // 2, len(whole) - 1):
            made.write_bytes(whole[:kept])
            with pytest.raises(SetupError, match=r"damaged|does not open"):
                read_chain([made], ground.identities)
        assert nothing_made(ground)

    def test_another_key(self, ground, made) -> None:
        other = identity_of(make_key("another passphrase").secret)
        with pytest.raises(SetupError, match="does not open"):
            read_chain([made], [other])

    def test_wrong_passphrase(self, key) -> None:
        with pytest.raises(InvalidError, match="does not open"):
            open_key(key.sealed, "four words and less")

    def test_manifest_of_another(self, ground, made) -> None:
        beside = made.with_name(manifest_name(made.name))
        told = json.loads(beside.read_text())
        told["counts"]["patient"] += 1
        beside.write_text(json.dumps(told))
        with pytest.raises(SetupError, match="damaged"):
            read_chain([made], ground.identities)

    def test_no_backup_at_all(self, ground, tmp_path) -> None:
        other = tmp_path / "clinic-x-20260101T000000Z-full.age"
        other.write_bytes(b"%PDF-1.7 something else")
        with pytest.raises(SetupError, match="damaged"):
            read_chain([other], ground.identities)

    def test_newer_version(self, ground, database, make) -> None:
        with open_connection(database.superuser()) as connection:
            connection.execute("UPDATE clinic.alembic_version SET version_num = '2099_future'")
        manifest = make_full(ground.dsn, ground.folder, ground.recipients)
        with pytest.raises(SetupError, match="newer version"):
            read_chain([ground.folder / manifest.name], ground.identities)

    def test_another_clinic(self, ground, made) -> None:
        with pytest.raises(SetupError, match="another clinic"):
            read_chain(
                [made], ground.identities, of_clinics=["0190a000-0000-7000-8000-0000000000ff"]
            )

    def test_segment_that_is_missing(self, ground, made, make) -> None:
        first = read_chain([made], ground.identities).last
        make.patient(given="Ben")
        second = make_tail(ground.dsn, ground.folder, ground.recipients, first)
        make.patient(given="Cy")
        third = make_tail(ground.dsn, ground.folder, ground.recipients, second)
        with pytest.raises(SetupError, match="does not continue"):
            read_chain([made, ground.folder / third.name], ground.identities)
        with pytest.raises(SetupError, match="segment"):
            read_chain([ground.folder / second.name], ground.identities)
        with pytest.raises(SetupError, match="does not continue"):
            replay(ground.database.superuser(), ground.folder / second.name, ground.identities)

    def test_rows_that_do_not_come_back(self, ground, made) -> None:
        """What a restore loses is found by the counts, and the new database is gone again."""
        chain = read_chain([made], ground.identities)
        wrong = chain.last.model_copy(
            update={"counts": {**chain.last.counts, "patient": chain.last.counts["patient"] + 1}}
        )
        lying = type(chain)(chain.files, (wrong,))
        with pytest.raises(SetupError, match="patient has"):
            restore(lying, ground.identities, ground.target)
        assert nothing_made(ground)

    def test_names_of_patients_are_nowhere(self, ground, made, make) -> None:
        make.patient(given="Eulalia", family="Featherstonehaugh")
        last = read_chain([made], ground.identities).last
        make_tail(ground.dsn, ground.folder, ground.recipients, last)
        for file in ground.folder.rglob("*"):
            if file.is_file():
                content = file.read_bytes().lower()
                for name in (b"eulalia", b"quartermain", b"featherstonehaugh", b"harbour street"):
                    assert name not in content, file
