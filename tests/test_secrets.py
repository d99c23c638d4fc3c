"""The keyring of a person and the secret files of machines."""

import os
import stat
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import keyring.backend
import keyring.errors
import pytest

from clinic_desktop.secrets import LONGEST, Keyring, OwnerFile


class _Memory(keyring.backend.KeyringBackend):
    """A keyring as a system has it, for as long as the test runs."""

    priority = 5

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


class _Weak(_Memory):
    """A keyring that its own makers do not recommend."""

    priority = 0.5


class _PlainText(_Memory):
    """What keyrings.alt brings: high in rank, and readable by everybody."""

    priority = 9


_PlainText.__module__ = "keyrings.alt.file"


class _Locked(_Memory):
    """A keyring that the person refused to unlock."""

    def get_password(self, service: str, username: str) -> str | None:
        raise keyring.errors.KeyringLocked("locked")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise keyring.errors.KeyringLocked("locked")


class _Silent(_Memory):
    """A keyring whose service hangs."""

    def __init__(self, released: threading.Event) -> None:
        super().__init__()
        self.released = released

    def get_password(self, service: str, username: str) -> str | None:
        self.released.wait(30)
        return None


# The classes register themselves with the library; another test must not find them there.
for one in (_Memory, _Weak, _PlainText, _Locked, _Silent):
    keyring.backend.KeyringBackend._classes.discard(one)


class TestKeyring:
    def test_remembers_recalls_and_forgets(self) -> None:
        system = _Memory()
        ours = Keyring(service="Clinic Desktop /a", backends=[_Weak(), system])
        assert ours.available
        assert ours.remember("drafts", "niño 秘密")
        assert ours.recall("drafts") == "niño 秘密"
        assert system.kept == {("Clinic Desktop /a", "drafts"): "niño 秘密"}
        assert Keyring(service="Clinic Desktop /b", backends=[system]).recall("drafts") is None
        ours.forget("drafts")
        ours.forget("drafts")
        assert ours.recall("drafts") is None
        assert ours.available
        assert ours.reason is None

    @pytest.mark.parametrize("others", [[], [_Weak()], [_PlainText()], [_Weak(), _PlainText()]])
    def test_without_a_safe_keyring_secrets_stay_in_memory(self, others: list[_Memory]) -> None:
        ours = Keyring(backends=others)
        assert not ours.available
        assert "no keyring" in str(ours.reason)
        assert not ours.remember("drafts", "x")
        assert ours.recall("drafts") == "x"
        assert all(not other.kept for other in others)
        assert Keyring(backends=others).recall("drafts") is None
        ours.forget("drafts")
        assert ours.recall("drafts") is None

    def test_a_keyring_that_refuses_is_said_and_left_alone(self) -> None:
        ours = Keyring(backends=[_Locked()])
        assert ours.available
        assert not ours.remember("drafts", "x")
        assert "KeyringLocked" in str(ours.reason)
        assert not ours.available
        assert ours.recall("drafts") == "x"

    def test_a_keyring_that_hangs_is_asked_once(self) -> None:
        released = threading.Event()
        ours = Keyring(seconds=0.1, backends=[_Silent(released)])
        assert ours.recall("drafts") is None
        assert "does not answer" in str(ours.reason)
        assert ours.recall("drafts") is None
        assert not ours.remember("drafts", "x")
        assert ours.recall("drafts") == "x"
        released.set()

    def test_a_secret_too_long_for_windows_is_our_mistake_everywhere(self) -> None:
        with pytest.raises(ValueError, match="at most"):
            Keyring(backends=[]).remember("drafts", "x" * (LONGEST + 1))

    def test_what_the_environment_prefers_is_not_asked(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
        system = _Memory()
        assert Keyring(backends=[system]).remember("drafts", "x")
        assert system.kept


@pytest.fixture
def open_umask() -> Iterator[None]:
    """A computer whose new files everybody may read."""
    before = os.umask(0)
    yield
    os.umask(before)


class TestOwnerFile:
    @pytest.mark.usefixtures("open_umask")
    def test_only_the_owner_reads_it(self, tmp_path: Path) -> None:
        file = OwnerFile(tmp_path / "worker.secret")
        assert file.read() is None
        file.write("first")
        file.write("second ✓")
        assert file.read() == "second ✓"
        if sys.platform != "win32":
            assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
        assert list(tmp_path.iterdir()) == [file.path]
        file.remove()
        file.remove()
        assert file.read() is None

    def test_a_refused_write_leaves_the_old_secret(self, tmp_path: Path) -> None:
        file = OwnerFile(tmp_path / "worker.secret")
        file.write("first")
        with pytest.raises(UnicodeEncodeError):
            file.write("\ud800")
        assert file.read() == "first"
        assert list(tmp_path.iterdir()) == [file.path]
