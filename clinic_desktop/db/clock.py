"""The server's time, known without asking: measured once, then counted by the steady clock."""

import time
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, text

_NOW = text("SELECT clock_timestamp()")


def _steady() -> float:
    """Return seconds that go on while the computer sleeps, whatever its clock is set to."""
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boot is None else time.clock_gettime(boot)


class ServerClock:
    """Tells the server's time; a jump of this computer's clock does not touch it."""

    def __init__(self, connection: Connection) -> None:
        before = _steady()
        server: datetime = connection.execute(_NOW).scalar_one()
        after = _steady()
        self._at = (before + after) / 2
        self._server = server.astimezone(UTC)
        local = datetime.fromtimestamp(time.time(), UTC)
        self.skew = local - self._server
        """How far this computer's clock is ahead of the server's."""

    def now(self) -> datetime:
        """Return the server's time, aware, in UTC."""
        return self._server + timedelta(seconds=_steady() - self._at)
