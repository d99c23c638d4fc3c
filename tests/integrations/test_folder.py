"""A folder as a place: absent disks, read-only copies, shares that hang."""

import threading
from pathlib import Path

import pytest

from clinic_desktop.errors import SetupError, UnreachableError
from clinic_desktop.integrations.folder import MARK, FolderStore


@pytest.fixture
def source(tmp_path):
    file = tmp_path / "source"
    file.write_bytes(b"sealed" * 100_000)
    return file


@pytest.fixture
def disk(tmp_path):
    folder = tmp_path / "disk"
    folder.mkdir()
    return folder


class TestFolder:
    def test_there_and_back(self, disk, source, tmp_path) -> None:
        store = FolderStore(disk)
        store.choose()
        store.check()
        store.put(source, "one.age")
        assert [(one.name, one.size) for one in store.names()] == [("one.age", 600_000)]
        store.get("one.age", tmp_path / "back")
        assert (tmp_path / "back").read_bytes() == source.read_bytes()
        store.remove("one.age")
        assert store.names() == []

    def test_disk_that_is_not_plugged_in(self, disk, source) -> None:
        """Its folder may be there, empty: the mark tells that it is not the disk."""
        with pytest.raises(UnreachableError, match="Plug the disk in"):
            FolderStore(disk).put(source, "one.age")
        with pytest.raises(UnreachableError, match="Plug the disk in"):
            FolderStore(disk / "gone").choose()
        assert list(disk.iterdir()) == []

    @pytest.mark.parametrize("links", [True, False])
    def test_copy_that_is_kept_is_never_another(self, disk, source, monkeypatch, links) -> None:
        if not links:

            def refused(_self, _target) -> None:
                raise PermissionError(1, "Operation not permitted")

            monkeypatch.setattr(Path, "hardlink_to", refused)
        store = FolderStore(disk, keeps=True)
        store.choose()
        store.put(source, "one.age")
        there = disk / "one.age"
        assert there.stat().st_mode & 0o222 == 0
        before = (there.stat().st_ino, there.stat().st_mtime_ns, there.read_bytes())
        store.put(source, "one.age")
        source.write_bytes(b"something else")
        with pytest.raises(SetupError, match="Nothing there is overwritten"):
            store.put(source, "one.age")
        with pytest.raises(RuntimeError, match="only grows"):
            store.remove("one.age")
        store.choose()
        store.check()
        assert (there.stat().st_ino, there.stat().st_mtime_ns, there.read_bytes()) == before
        assert {one.name for one in disk.iterdir()} == {MARK, "one.age"}

    @pytest.mark.parametrize("links", [True, False])
    def test_windows_removes_no_name_of_a_read_only_file(
        self, disk, source, monkeypatch, links
    ) -> None:
        removed = Path.unlink

        def unlink(self, *, missing_ok: bool = False) -> None:
            if self.exists() and not self.stat().st_mode & 0o222:
                raise PermissionError(13, "Access is denied")
            removed(self, missing_ok=missing_ok)

        def refused(_self, _target) -> None:
            raise PermissionError(1, "Operation not permitted")

        monkeypatch.setattr(Path, "unlink", unlink)
        if not links:
            monkeypatch.setattr(Path, "hardlink_to", refused)
        store = FolderStore(disk, keeps=True)
        store.choose()
        store.put(source, "one.age")
        assert (disk / "one.age").stat().st_mode & 0o222 == 0
        assert {one.name for one in disk.iterdir()} == {MARK, "one.age"}

    @pytest.mark.parametrize("links", [True, False])
    def test_another_computer_is_first(self, disk, source, monkeypatch, links) -> None:
        """Its file appears while ours is still being copied."""
        store = FolderStore(disk, keeps=True)
        store.choose()
        linked = Path.hardlink_to

        def late(self, target) -> None:
            if not self.exists():
                self.write_bytes(b"of the other computer")
            if not links:
                raise PermissionError(1, "Operation not permitted")
            linked(self, target)

        monkeypatch.setattr(Path, "hardlink_to", late)
        with pytest.raises(SetupError, match="Nothing there is overwritten"):
            store.put(source, "one.age")
        assert (disk / "one.age").read_bytes() == b"of the other computer"
        assert {one.name for one in disk.iterdir()} == {MARK, "one.age"}

    def test_share_that_hangs(self, disk, source) -> None:
        store = FolderStore(disk, seconds=0.05)
        never = threading.Event()
        with pytest.raises(UnreachableError, match="does not answer"):
            store._in_time(never.wait, 0.05)
        never.set()

    def test_file_in_the_way(self, disk, source) -> None:
        store = FolderStore(disk)
        store.choose()
        (disk / "one.age").mkdir()
        with pytest.raises(SetupError):
            store.put(source, "one.age")
        assert [entry.name for entry in disk.iterdir() if "unfinished" in entry.name] == []
