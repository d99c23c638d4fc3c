"""Patients' files between two dumps: each segment brings the pieces that its entries name."""

import hashlib
import random
import re
from pathlib import Path
from typing import Final

import pytest

from clinic_desktop.db.connect import open_connection
from clinic_desktop.domain.ids import new_id
from clinic_desktop.errors import SetupError
from clinic_desktop.services.backup.dump import make_full
from clinic_desktop.services.backup.restore import read_chain, restore
from clinic_desktop.services.backup.schemas import manifest_name
from clinic_desktop.services.backup.tail import make_tail
from clinic_desktop.services.documents import attachments
from clinic_desktop.services.documents.schemas import NewAttachment
from clinic_desktop.services.session import SignedIn
from tests import files as made
from tests.cluster import PASSWORD

MEGABYTE: Final = 1 << 20
STATUS: Final = Path("/proc/self/status")


@pytest.fixture
def attach(sign_in):
    """``attach(patient, path)`` as the front desk; the attachment's id."""
    front = sign_in("u_front")

    def one(patient, path):
        new = NewAttachment(id=new_id(), patient_id=patient)
        with front.writing() as ctx:
            return attachments.attach(ctx, new, path).id

    return one


@pytest.fixture
def restored(ground):
    """``restored(files)`` restores them; what is told, and the people's sign-in to the copy."""
    opened: list[SignedIn] = []

    def of(files):
        chain = read_chain(files, ground.identities)
        back = restore(chain, ground.identities, ground.target, people=False)
        dsn = ground.database.cluster.address.dsn("u_front", PASSWORD, ground.copy)
        opened.append(SignedIn(dsn, device="pc-2"))
        return back, opened[-1]

    yield of
    for one in opened:
        one.close()


def written(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def fresh(n: int) -> bytes:
    """A picture of several pieces that is like no other."""
    return made.picture("BMP", (1100, 900), shade=40 + n)


def peak() -> int:
    """Return the most memory this process had since the last call, in bytes."""
    found = re.search(r"VmHWM:\s+(\d+) kB", STATUS.read_text())
    Path("/proc/self/clear_refs").write_text("5")
    assert found is not None
    return int(found.group(1)) * 1024


def resident() -> int:
    found = re.search(r"VmRSS:\s+(\d+) kB", STATUS.read_text())
    assert found is not None
    return int(found.group(1)) * 1024


class TestFiles:
    def test_dump_and_segments_give_every_file_back(
        self, ground, make, attach, restored, tmp_path
    ) -> None:
        patient, other = make.patient(), make.patient(given="Other")
        kept = {}
        kept[attach(patient, written(tmp_path, "0.bmp", fresh(0)))] = fresh(0)
        last = make_full(ground.dsn, ground.folder, ground.recipients)
        files = [ground.folder / last.name]
        for n in (1, 2):
            kept[attach(patient, written(tmp_path, f"{n}.bmp", fresh(n)))] = fresh(n)
            last = make_tail(ground.dsn, ground.folder, ground.recipients, last)
            files.append(ground.folder / last.name)
        back, copy = restored(files)
        assert back.segments == 2
        assert ground.rows(ground.copy) == ground.rows(ground.database.name)
        with copy.reading() as ctx:
            for attachment, data in kept.items():
                assert attachments.content(ctx, patient, attachment) == data
            assert attachments.attachments(ctx, other) == ()

    def test_a_file_that_the_clinic_has_is_not_carried_again(
        self, ground, make, attach, restored, tmp_path
    ) -> None:
        data = random.Random(1).randbytes(3 * MEGABYTE)
        path = written(tmp_path, "scan.bmp", _bmp(data))
        first, second = make.patient(), make.patient(given="Other")
        attach(first, path)
        full = make_full(ground.dsn, ground.folder, ground.recipients)
        attachment = attach(second, path)
        tail = make_tail(ground.dsn, ground.folder, ground.recipients, full)
        assert tail.counts["file_piece"] == full.counts["file_piece"] == 4
        assert tail.size < 200_000
        _back, copy = restored([ground.folder / full.name, ground.folder / tail.name])
        with copy.reading() as ctx:
            assert attachments.content(ctx, second, attachment) == path.read_bytes()

    @pytest.mark.skipif(not STATUS.exists(), reason="memory is asked of Linux")
    def test_two_hundred_megabytes_with_flat_memory(
        self, ground, make, attach, restored, tmp_path
    ) -> None:
        path, size = tmp_path / "volume.bmp", 200 * MEGABYTE
        chance = random.Random(2)
        with path.open("wb") as stream:
            stream.write(_bmp(b""))
            # Half of it as pictures are, half of it empty, which a segment packs a thousandfold.
            for n in range(199):
                stream.write(chance.randbytes(MEGABYTE) if n % 2 else bytes(MEGABYTE))
            stream.truncate(size)
        full = make_full(ground.dsn, ground.folder, ground.recipients)
        patient = make.patient()
        attachment = attach(patient, path)
        peak()
        before = resident()
        tail = make_tail(ground.dsn, ground.folder, ground.recipients, full)
        assert peak() - before < 48 * MEGABYTE
        assert 100 * MEGABYTE < tail.size < 140 * MEGABYTE
        _back, copy = restored([ground.folder / full.name, ground.folder / tail.name])
        assert peak() - before < 96 * MEGABYTE
        digest = hashlib.sha256()
        with copy.reading() as ctx:
            attachments.save_copy(ctx, patient, attachment, _Into(digest))
        with path.open("rb") as stream:
            assert hashlib.file_digest(stream, "sha256").digest() == digest.digest()

    @pytest.mark.parametrize("damage", ["cut", "flipped"])
    @pytest.mark.parametrize("with_manifest", [True, False])
    def test_damaged_segment_is_named_and_ends_it(
        self, ground, make, attach, restored, tmp_path, damage, with_manifest
    ) -> None:
        patient = make.patient()
        last = make_full(ground.dsn, ground.folder, ground.recipients)
        files, kept, rows = [ground.folder / last.name], [], {}
        for n in range(3):
            kept.append(attach(patient, written(tmp_path, f"{n}.bmp", fresh(n))))
            last = make_tail(ground.dsn, ground.folder, ground.recipients, last)
            files.append(ground.folder / last.name)
            if n == 0:
                rows = ground.rows(ground.database.name)
        broken = files[2]
        whole = broken.read_bytes()
        if damage == "cut":
            broken.write_bytes(whole[: len(whole) // 2])
        else:
            at = len(whole) // 2
            broken.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        if not with_manifest:
            broken.with_name(manifest_name(broken.name)).unlink()
        back, copy = restored(files)
        assert broken.name in back.missing
        assert back.segments == 1
        assert ground.rows(ground.copy) == rows
        with copy.reading() as ctx:
            (there,) = attachments.attachments(ctx, patient)
            assert there.id == kept[0]
            assert attachments.content(ctx, patient, kept[0]) == fresh(0)

    def test_file_that_lost_a_piece_is_found(self, ground, make, attach, tmp_path) -> None:
        """A dump of data that were broken before is refused by the file's own fingerprint."""
        attach(make.patient(), written(tmp_path, "Panoramic.bmp", fresh(0)))
        with open_connection(ground.database.superuser()) as connection:
            connection.execute("SET session_replication_role = replica")
            connection.execute("DELETE FROM clinic.file_piece WHERE number = 1")
        full = make_full(ground.dsn, ground.folder, ground.recipients)
        chain = read_chain([ground.folder / full.name], ground.identities)
        with pytest.raises(SetupError, match=r"Panoramic\.bmp.*not whole"):
            restore(chain, ground.identities, ground.target, people=False)


class _Into:
    """An open file that only hashes."""

    def __init__(self, digest) -> None:
        self._digest = digest

    def write(self, block: bytes) -> int:
        self._digest.update(block)
        return len(block)


def _bmp(data: bytes) -> bytes:
    """Return a picture whose file goes on with data, as long as its head says."""
    return made.picture("BMP", (1, 1)) + data
