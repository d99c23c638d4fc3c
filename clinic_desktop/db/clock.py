"""The server's time, known without asking: measured now and then, counted by the steady clock."""

import time
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import Connection, text

# A person reads minutes; a network that is slow for a moment costs seconds.
SKEW_ALLOWED: Final = timedelta(minutes=2)

_NOW = text("SELECT clock_timestamp()")


def _steady() -> float:
    """Return seconds that go on while the computer sleeps, whatever its clock is set to."""
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boot is None else time.clock_gettime(boot)


def _here() -> datetime:
    """Return the time that this computer's clock shows."""
    return datetime.fromtimestamp(time.time(), UTC)


class ServerClock:
    """Tells the server's time; a jump of this computer's clock does not touch it.

    A jump of the server's clock is found by measuring again.
    """

    def __init__(self, connection: Connection) -> None:
        self.measure(connection)

    def measure(self, connection: Connection) -> None:
        """Ask the server for its time; called on any thread."""
        before = _steady()
        server: datetime = connection.execute(_NOW).scalar_one()
        at = (before + _steady()) / 2
        # One assignment: whoever reads meanwhile has the pair of before or the new one.
        self._measured = (at, server.astimezone(UTC))
        self.skew = _here() - self._measured[1]
        """How far this computer's clock is ahead of the server's."""

    @property
    def agrees(self) -> bool:
        """Whether this computer's clock and the server's show the same time, within two minutes."""
        return abs(self.skew) <= SKEW_ALLOWED

    def now(self) -> datetime:
        """Return the server's time, aware, in UTC."""
        at, server = self._measured
        return server + timedelta(seconds=_steady() - at)
