"""Whether the server answers: judged by silence and failures, asked when in doubt."""

import logging
import time
from collections.abc import Callable, Iterable
from typing import Final

from PySide6.QtCore import QObject, QRunnable, Qt, QThreadPool, Signal, Slot

from clinic_desktop.errors import ClinicError

log = logging.getLogger(__name__)

# A long statement is not a lost server: before the sentence comes out, a small question is asked.
PROBE_AFTER_S: Final = 4.0
SILENT_AFTER_S: Final = 5.0
PROBE_PAUSE_S: Final = 1.0
PROBE_AGAIN_S: Final = 5.0


class _Probe(QRunnable):
    """The small question, on a worker of its own: it may hang as long as the network does."""

    def __init__(self, ping: Callable[[], None], ended: Callable[[bool], None]) -> None:
        super().__init__()
        self.setAutoDelete(False)
        self._ping = ping
        self._ended = ended

    def run(self) -> None:
        """Ask, and tell whether anybody answered."""
        try:
            self._ping()
        except ClinicError:
            self._ended(False)
        except Exception as error:  # noqa: BLE001 - what it means is the same: no answer
            log.warning("The question whether the server is there failed: %s", type(error).__name__)
            self._ended(False)
        else:
            self._ended(True)


class Reach(QObject):
    """Judges by what operations report; asks a small question of its own when they are silent."""

    connection = Signal(bool)
    """Told on every change: the server answers, or it does not."""

    _answered = Signal(bool)

    def __init__(self, ping: Callable[[], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._probe = _Probe(ping, self._answered.emit)
        self._probing_since: float | None = None
        self._ask_again = False
        self._probed_at = float("-inf")
        self._heard_at = time.monotonic()
        self._connected = True
        self._answered.connect(self._probe_ended, Qt.ConnectionType.QueuedConnection)

    @property
    def connected(self) -> bool:
        """Whether the server answered when it was last asked."""
        return self._connected

    @property
    def asking(self) -> bool:
        """Whether the small question is under way."""
        return self._probing_since is not None

    @property
    def watching(self) -> bool:
        """Whether it wants its tick although nothing is under way."""
        return not self._connected or self.asking

    def heard(self) -> None:
        """Say that the server has just answered."""
        self._heard_at = time.monotonic()
        self._set(True)

    def lost(self) -> None:
        """Say that the server could not be reached; a server that only restarted is found now."""
        if self._connected:
            self._set(False)
            self.try_now()

    @Slot()
    def try_now(self) -> None:
        """Ask the small question at once; one under way may be older than what makes us ask."""
        if self._probing_since is not None:
            self._ask_again = True
            return
        self._probing_since = self._probed_at = time.monotonic()
        self._pool.start(self._probe)

    @Slot(bool)
    def _probe_ended(self, answered: bool) -> None:
        self._probing_since = None
        again, self._ask_again = self._ask_again, False
        if answered:
            self.heard()
        elif again:
            self._set(False)
            self.try_now()
        else:
            self.lost()

    def tick(self, begun: Iterable[float]) -> None:
        """Judge the silence of what is under way; ``begun`` are its monotonic seconds."""
        now = time.monotonic()
        since = [*begun] if self._probing_since is None else [*begun, self._probing_since]
        silent = max((now - max(at, self._heard_at) for at in since), default=0.0)
        if silent >= SILENT_AFTER_S:
            self.lost()
        pause = now - self._probed_at
        wanted = (silent >= PROBE_AFTER_S and pause >= PROBE_PAUSE_S) or (
            not self._connected and pause >= PROBE_AGAIN_S
        )
        if wanted and not self.asking:
            self.try_now()

    def close(self, wait_ms: int) -> bool:
        """Wait for the question under way; return whether it came to an end."""
        return self._pool.waitForDone(wait_ms)

    def _set(self, connected: bool) -> None:
        if connected != self._connected:
            self._connected = connected
            self.connection.emit(connected)
