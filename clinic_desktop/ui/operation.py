"""One call of a service on its way: asked on the GUI thread, done on a worker, answered back."""

import logging
import random
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from threading import Event, Lock
from typing import TYPE_CHECKING, Any, Final, Protocol

from PySide6.QtCore import QObject, QRunnable, Signal
from shiboken6 import isValid

from clinic_desktop.errors import BusyError
from clinic_desktop.services.progress import StoppedError

if TYPE_CHECKING:  # the window is painted before the database libraries are loaded
    from clinic_desktop.services.context import Context
    from clinic_desktop.services.session import Topic

log = logging.getLogger(__name__)

TRIES: Final = 3
CANCEL_WAIT_S: Final = 2.0
TELL_S: Final = 0.1


class Clock(Protocol):
    """Tells the server's time without asking the server."""

    def now(self) -> datetime:
        """Return the server's time, aware, in UTC."""


class Opener(Protocol):
    """What operations need of an open sign-in; ``services.session.SignedIn`` is the real one."""

    def reading(self) -> AbstractContextManager["Context"]:
        """Return a context that only reads."""

    def writing(self, reason: str | None = None) -> AbstractContextManager["Context"]:
        """Return a context that is one transaction, committed when the block ends well."""

    @property
    def clock(self) -> Clock:
        """The server's time."""

    def ping(self) -> None:
        """Ask the server the smallest question."""

    def listen(
        self,
        on_topics: Callable[[frozenset["Topic"]], None],
        on_lost: Callable[[], None],
        on_back: Callable[[], None],
    ) -> None:
        """Start to tell of committed changes; the callbacks run on a thread of the listener."""


class Relay(QObject):
    """Carries finished operations from the workers to the GUI thread."""

    finished = Signal(object)


class Progress(QObject):
    """How far a long call is, told across threads a few times a second, and how it is stopped.

    It is what services call ``Steps``: ``tell`` raises StoppedError there once ``stop`` was
    called here, and the transaction is undone whole.
    """

    moved = Signal(int, int)
    """How much is done, and of how much."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._stopped = Event()
        self._told_at = 0.0

    def stop(self) -> None:
        """Ask the call to end where it stands."""
        self._stopped.set()

    def tell(self, done: int, total: int) -> None:
        """Called on the worker; raises StoppedError when it is to stop."""
        if self._stopped.is_set():
            raise StoppedError
        now = time.monotonic()
        # Every step would fill the queue of the window with pictures nobody sees.
        if now - self._told_at >= TELL_S or done >= total:
            self._told_at = now
            if isValid(self):
                self.moved.emit(done, total)


class Operation(QRunnable):
    """One call, its owner, and what came of it.

    A read can be made void: its answer is then dropped and the server is asked to stop working
    on it. A write that has begun is never void, because nobody could say what became of it.
    """

    def __init__(
        self,
        *,
        relay: Relay,
        open_context: Callable[[], AbstractContextManager["Context"]],
        owner: QObject,
        call: Callable[["Context"], Any],
        done: Callable[[Any], None] | None,
        failed: Callable[[Exception], None] | None,
        key: str | None,
        writes: bool,
    ) -> None:
        super().__init__()
        # Qt would delete the runnable on the worker while Python still holds it.
        self.setAutoDelete(False)
        self.owner = owner
        self.call = call
        self.done = done
        self.failed = failed
        self.key = key
        self.writes = writes
        self.asked_at = time.monotonic()
        self.started_at: float | None = None
        self.result: Any = None
        self.error: Exception | None = None
        self.told = 0
        self._relay = relay
        self._open_context = open_context
        self._lock = Lock()
        self._context: Context | None = None
        self._void = False

    @property
    def void(self) -> bool:
        """Whether nobody waits for the answer any more."""
        return self._void

    def age(self) -> float:
        """Return the seconds since it was asked."""
        return time.monotonic() - self.asked_at

    def make_void(self) -> bool:
        """Drop the answer; return whether the server is working on it and should be told."""
        self._void = True
        return self._context is not None and not self.writes

    def cancel_in_server(self) -> None:
        """Ask the server to stop; called on a worker, because it waits for the network.

        The lock keeps the connection ours meanwhile: once it is back in the pool, the same
        request would stop somebody else's statement.
        """
        with self._lock:
            if self._context is None:
                return
            try:
                driver: Any = self._context.connection.connection.driver_connection
                driver.cancel_safe(timeout=CANCEL_WAIT_S)
            except Exception as error:  # noqa: BLE001 - the answer is dropped in any case
                log.info("A void read could not be stopped in the server: %s", type(error).__name__)

    def renew(self) -> None:
        """Make it ready to be asked once more, after it could not reach the server."""
        self.asked_at = time.monotonic()
        self.started_at = None
        self.error = None
        self.told = 0

    def run(self) -> None:
        """Do the call on the worker and hand the outcome to the GUI thread."""
        self.started_at = time.monotonic()
        try:
            if not self._void:
                self.result = self._attempts()
        except Exception as error:  # noqa: BLE001 - handed to the GUI thread, which tells of it
            self.error = error
        # A window that closed meanwhile took its relay along; nobody waits for this answer.
        if isValid(self._relay):
            self._relay.finished.emit(self)

    def _attempts(self) -> Any:
        """Do the call, again when another transaction was in the way and undid ours."""
        for left in reversed(range(TRIES)):
            try:
                return self._once()
            except BusyError:
                if not left:
                    raise
                # Two that met once must not meet again at the same moment.
                time.sleep(random.uniform(0.01, 0.05))  # noqa: S311 - a pause, not a secret
        raise AssertionError

    def _once(self) -> Any:
        with self._open_context() as context:
            self._context = context
            try:
                return None if self._void else self.call(context)
            finally:
                with self._lock:
                    self._context = None
