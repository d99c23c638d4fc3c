"""Whether the server answers, and what time it is there."""

import time
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot

# A long statement is not a lost server: before the sentence comes out, a small question is asked.
PROBE_AFTER_S: Final = 4.0
SILENT_AFTER_S: Final = 5.0
PROBE_PAUSE_S: Final = 1.0
PROBE_AGAIN_S: Final = 5.0


class Reach(QObject):
    """Judges by what operations report; asks a small question of its own when they are silent."""

    connection = Signal(bool)
    """Told on every change: the server answers, or it does not."""

    def __init__(self, probe: Callable[[], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._probe = probe
        self._probing_since: float | None = None
        self._probed_at = float("-inf")
        self._heard_at = time.monotonic()
        self._clock: tuple[datetime, float] | None = None
        self._connected = True

    @property
    def connected(self) -> bool:
        """Whether the server answered when it was last asked."""
        return self._connected

    @property
    def watching(self) -> bool:
        """Whether it wants its tick although nothing is under way."""
        return not self._connected or self._probing_since is not None

    def now(self) -> datetime | None:
        """Return the server's time as last heard and moved on since, or None before any answer.

        The computer's own clock may be an hour off; its monotonic clock is not.
        """
        if self._clock is None:
            return None
        heard, at = self._clock
        return heard + timedelta(seconds=time.monotonic() - at)

    def learn_time(self, server_time: datetime, at: float) -> None:
        """Take the server's time that was right at this monotonic second."""
        self._clock = (server_time, at)

    def heard(self) -> None:
        """Say that the server has just answered."""
        self._heard_at = time.monotonic()
        self._set(True)

    def lost(self) -> None:
        """Say that the server could not be reached."""
        self._set(False)

    @Slot()
    def try_now(self) -> None:
        """Ask the small question at once."""
        if self._probing_since is None:
            self._probing_since = self._probed_at = time.monotonic()
            self._probe()

    def probe_ended(self) -> None:
        """Say that the small question came back, one way or the other."""
        self._probing_since = None

    def tick(self, begun: Iterable[float]) -> None:
        """Judge the silence of what is under way; ``begun`` are its monotonic seconds."""
        now = time.monotonic()
        since = [*begun] if self._probing_since is None else [*begun, self._probing_since]
        silent = max((now - max(at, self._heard_at) for at in since), default=0.0)
        if silent >= SILENT_AFTER_S:
            self.lost()
        pause = now - self._probed_at
        if (silent >= PROBE_AFTER_S and pause >= PROBE_PAUSE_S) or (
            not self._connected and pause >= PROBE_AGAIN_S
        ):
            self.try_now()

    def _set(self, connected: bool) -> None:
        if connected != self._connected:
            self._connected = connected
            self.connection.emit(connected)
