"""Secrets of people and machines: the system's keyring, and files only their owner reads."""

import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from clinic_desktop import files
from clinic_desktop.i18n import _

if TYPE_CHECKING:  # loaded when a keyring is first asked
    from keyring.backend import KeyringBackend

T = TypeVar("T")

# Windows keeps 2,560 bytes and keyring writes two for a letter, a few for itself.
LONGEST: Final = 1_200


@dataclass(frozen=True)
class OwnerFile:
    """A secret in a file that only its owner reads: machines have no keyring.

    On Windows the file takes the rights of its folder, which is below the person's own profile;
    nothing more is done there.
    """

    path: Path

    def read(self) -> str | None:
        """Return the secret, or None when there is no file."""
        try:
            return self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return None

    def write(self, secret: str) -> None:
        """Put the secret in place of the old one in one step; raises OSError as the system does."""
        files.replace_text(self.path, secret)

    def remove(self) -> None:
        """Remove the secret; removing what is not there is nothing."""
        self.path.unlink(missing_ok=True)


class Keyring:
    """The secrets of the person at this computer, in the keyring of the operating system.

    Where there is no safe keyring, or it does not answer within ``seconds``, secrets stay in
    memory until the program ends: ``available`` is then False and ``reason`` is a sentence to
    show. Every method may wait for the person to unlock the keyring, so none is called on the GUI
    thread. ``service`` keeps two installations of one account apart; ``backends`` are the
    keyrings to choose from, by default those of this computer.
    """

    def __init__(
        self,
        *,
        service: str = "Clinic Desktop",
        seconds: float = 30.0,
        backends: "Sequence[KeyringBackend] | None" = None,
    ) -> None:
        self.service = service
        self.seconds = seconds
        self.reason: str | None = None
        self._backends = backends
        self._backend: KeyringBackend | None = None
        self._memory: dict[str, str] = {}
        # One call after the other: not every keyring stands two at once.
        self._turn = threading.Lock()

    @property
    def available(self) -> bool:
        """Say whether secrets outlive the program; asks the computer the first time."""
        with self._turn:
            return self._ready()

    def remember(self, service_key: str, value: str) -> bool:
        """Keep a secret under its name; False when it stays only until the program ends.

        Raises ValueError for a value too long for some system's keyring: keep a key here and
        encrypt the rest with it.
        """
        if len(value) > LONGEST:
            raise ValueError(f"a secret has at most {LONGEST} characters, this one {len(value)}")
        with self._turn:
            backend = self._backend if self._ready() else None
            if backend is not None:
                self._ask(lambda: backend.set_password(self.service, service_key, value))
            if self.reason is None:
                self._memory.pop(service_key, None)
                return True
            self._memory[service_key] = value
            return False

    def recall(self, service_key: str) -> str | None:
        """Return the secret of that name, or None."""
        with self._turn:
            if service_key in self._memory:
                return self._memory[service_key]
            backend = self._backend if self._ready() else None
            if backend is None:
                return None
            return self._ask(lambda: backend.get_password(self.service, service_key))

    def forget(self, service_key: str) -> None:
        """Remove the secret of that name; removing what is not there is nothing."""
        with self._turn:
            self._memory.pop(service_key, None)
            backend = self._backend if self._ready() else None
            if backend is None:
                return

            def remove() -> None:
                # Asked for first, because a keyring may raise for what it does not have.
                if backend.get_password(self.service, service_key) is not None:
                    backend.delete_password(self.service, service_key)

            self._ask(remove)

    def _ready(self) -> bool:
        """Choose the keyring once; False when there is none or it has failed before."""
        if self._backend is None and self.reason is None:
            given = self._backends
            self._backend = self._ask(
                lambda: _best(_of_this_computer() if given is None else given)
            )
            if self._backend is None and self.reason is None:
                self.reason = _(
                    "This computer has no keyring, so you are asked for your secrets again "
                    "the next time you open the program."
                )
        return self.reason is None

    def _ask(self, question: Callable[[], T]) -> T | None:
        """Return the answer; a failure or a long silence ends the use of the keyring."""
        answer: queue.SimpleQueue[tuple[T | None, Exception | None]] = queue.SimpleQueue()

        def work() -> None:
            try:
                answer.put((question(), None))
            except Exception as error:  # noqa: BLE001 - keyrings raise what their libraries raise
                answer.put((None, error))

        # A daemon, so that a keyring that never answers does not keep the program from closing.
        threading.Thread(target=work, name="keyring", daemon=True).start()
        try:
            result, failure = answer.get(timeout=self.seconds)
        except queue.Empty:
            self.reason = _(
                "The keyring of this computer does not answer, so you are asked for your secrets "
                "again the next time you open the program."
            )
            return None
        if failure is not None:
            self.reason = _(
                "The keyring of this computer refused ({reason}), so you are asked for your "
                "secrets again the next time you open the program."
            ).format(reason=type(failure).__name__)
        return result


def _of_this_computer() -> "Sequence[KeyringBackend]":
    """Return the keyrings that could work here; slow, since each asks its own system service."""
    from keyring.backend import get_all_keyring

    return get_all_keyring()


def _best(
    candidates: "Sequence[KeyringBackend]",
) -> "KeyringBackend | None":
    """Return the keyring to trust, or None.

    What the person's environment prefers is not asked: it may name one that writes plain text.
    """
    trusted = [candidate for candidate in candidates if _is_safe(candidate)]
    return max(trusted, key=lambda candidate: candidate.priority, default=None)


def _is_safe(candidate: "KeyringBackend") -> bool:
    """Say whether a keyring may hold secrets.

    keyrings.alt writes them in plain text, and the chain of all keyrings may contain it.
    """
    module = type(candidate).__module__
    if module.startswith(("keyrings.alt", "keyring.backends.chainer")):
        return False
    return candidate.priority >= 1
