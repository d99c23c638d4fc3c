"""Small files and folders: replaced in one step, for their account alone, in the way of others."""

import errno
from pathlib import Path

import pytest

from clinic_desktop import files
from clinic_desktop.errors import SetupError


class OfWindows:
    """``Path.replace`` as Windows has it: refused so many times while somebody reads the file."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, times: float, *, number: int = 5) -> None:
        self.left, self.number = times, number
        self._replace = Path.replace
        monkeypatch.setattr(Path, "replace", lambda one, other: self._tried(one, other))

    def _tried(self, one: Path, other: Path) -> Path:
        if self.left > 0:
            self.left -= 1
            refused = PermissionError(errno.EACCES, "Access is denied")
            refused.winerror = self.number  # type: ignore[attr-defined]  # only Windows has it
            raise refused
        return self._replace(one, other)


class TestPutInPlace:
    def test_a_reader_holds_it_up_for_a_moment(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "old").write_text("old")
        windows = OfWindows(monkeypatch, 3)
        files.replace_text(tmp_path / "old", "new")
        assert windows.left == 0
        assert (tmp_path / "old").read_text() == "new"
        assert [path.name for path in tmp_path.iterdir()] == ["old"]

    def test_a_file_that_stays_open_is_named_so(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(files, "BUSY_SECONDS", 0.05)
        (tmp_path / "old").write_text("old")
        OfWindows(monkeypatch, float("inf"), number=32)
        with pytest.raises(OSError, match="busy") as refused:
            files.replace_text(tmp_path / "old", "new")
        assert "open in another program" in str(files.refusal(refused.value, tmp_path))
        assert (tmp_path / "old").read_text() == "old"
        assert [path.name for path in tmp_path.iterdir()] == ["old"]

    def test_any_other_refusal_is_told_at_once(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        windows = OfWindows(monkeypatch, 2, number=19)
        with pytest.raises(PermissionError):
            files.replace_text(tmp_path / "new", "text")
        assert windows.left == 1


class TestMakeFolder:
    def test_for_this_account_alone(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(files, "is_root", lambda: False)
        files.make_folder(tmp_path / "home" / "data")
        for part in (tmp_path / "home", tmp_path / "home" / "data"):
            assert part.stat().st_mode & 0o777 == 0o700
        files.make_folder(tmp_path / "home" / "data")

    def test_another_program_makes_it_as_well(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ours = files.make_own

        def late(folder: Path, mode: int) -> None:
            folder.mkdir()
            ours(folder, mode)

        monkeypatch.setattr(files, "make_own", late)
        files.make_folder(tmp_path / "home")
        assert (tmp_path / "home").is_dir()

    def test_a_file_stands_there(self, tmp_path: Path) -> None:
        (tmp_path / "home").write_text("a file")
        with pytest.raises(SetupError, match="A file stands where"):
            files.make_folder(tmp_path / "home" / "data")
