"""The change feed: a thread that hears commits of any program and tells what they touched."""

import logging
import re
import selectors
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final, NamedTuple
from uuid import UUID

import psycopg

from clinic_desktop.db.connect import Dsn, open_connection
from clinic_desktop.db.engine import session_options

log = logging.getLogger(__name__)

WAIT_S: Final = 1.0
RETRY_S: Final = (0.2, 0.5, 1.0, 2.0, 5.0)
# After a long gap everything is read again anyway; naming each row would only delay that.
MOST: Final = 2000

_SETTINGS: Final = session_options({"search_path": "clinic,pg_catalog", "timezone": "UTC"})

# As the database writes it. A longer one is nobody's, and slow to turn into a number.
_NUMBER: Final = re.compile(r"[0-9]{1,19}\Z", re.ASCII)
_READ: Final = """
SELECT seq, tbl, row_id, patient_id FROM clinic.change_log
WHERE clinic_id = %s AND seq > %s ORDER BY seq LIMIT %s
"""
_HEAD: Final = "SELECT coalesce(max(seq), 0) FROM clinic.change_log WHERE clinic_id = %s"


class Topic(NamedTuple):
    """A row that somebody changed, and whose record it belongs to."""

    table: str
    row_id: UUID
    patient_id: UUID | None


def newest(connection: psycopg.Connection[Any], clinic_id: UUID) -> int:
    """Return the number of the clinic's last entry in the log, 0 while it has none."""
    row = connection.execute(_HEAD.encode(), (clinic_id,)).fetchone()
    return int(row[0]) if row else 0


class Feed(threading.Thread):
    """Listens as one login to one clinic; every callback runs on this thread.

    ``since`` is the last entry that whoever listens has seen: what came after it and before the
    first listening is told as well. ``on_topics`` gets what was committed, ``on_lost`` and
    ``on_back`` tell of the connection. After ``on_back`` nothing is known of the time between:
    everything is to be read again.
    """

    def __init__(
        self,
        dsn: Dsn,
        clinic_id: UUID,
        *,
        since: int,
        on_topics: Callable[[frozenset[Topic]], None],
        on_lost: Callable[[], None],
        on_back: Callable[[], None],
    ) -> None:
        super().__init__(name="change-feed", daemon=True)
        self._dsn = dsn
        self._clinic_id = clinic_id
        self._on_topics, self._on_lost, self._on_back = on_topics, on_lost, on_back
        self._ended = threading.Event()
        # Whoever leaves does not wait for the next look at the line.
        self._wake, self._woken = socket.socketpair()
        self._seq = since

    @property
    def heard(self) -> int:
        """The number of the last entry that was told."""
        return self._seq

    def stop(self) -> None:
        """End the thread; returns when it has ended."""
        self._ended.set()
        with suppress(OSError):
            self._wake.send(b"!")
        if self.is_alive() and threading.current_thread() is not self:
            self.join(timeout=WAIT_S + 2)
        self._wake.close()

    def run(self) -> None:
        """Listen until stopped, connecting again whenever the line is lost."""
        with self._woken:
            self._keep_listening()

    def _keep_listening(self) -> None:
        failures = 0
        first = True
        while not self._ended.is_set():
            try:
                with open_connection(self._dsn, settings=_SETTINGS) as connection:
                    connection.execute("LISTEN clinic_feed")
                    if first:
                        self._tell(connection)
                    else:
                        self._seq = newest(connection, self._clinic_id)
                        self._on_back()
                    first, failures = False, 0
                    self._listen(connection)
            except psycopg.Error as error:
                if self._ended.is_set():
                    return
                if failures == 0:
                    # Only the kind is written: a message of the server may quote values.
                    log.warning("The change feed was lost: %s", type(error).__name__)
                    self._on_lost()
                first = False
                self._ended.wait(RETRY_S[min(failures, len(RETRY_S) - 1)])
                failures += 1

    def _listen(self, connection: psycopg.Connection) -> None:
        with selectors.DefaultSelector() as waiting:
            for source in (connection.fileno(), self._woken):
                waiting.register(source, selectors.EVENT_READ)
            while not self._ended.is_set():
                # What came with an answer is no longer on the line: looked for before waiting.
                # The generator holds the connection: end it before asking anything else.
                notices = list(connection.notifies(timeout=0))
                if any(self._is_news(notice.payload) for notice in notices):
                    self._tell(connection)
                elif not notices:
                    waiting.select(WAIT_S)

    def _is_news(self, payload: str) -> bool:
        """Return whether a notice names an entry not read yet; any login may send any text."""
        clinic, _, seq = payload.partition(" ")
        return (
            clinic == str(self._clinic_id)
            and _NUMBER.match(seq) is not None
            and (int(seq) > self._seq)
        )

    def _tell(self, connection: psycopg.Connection) -> None:
        """Read the entries since the last ones and hand over what they touched."""
        while not self._ended.is_set():
            rows = connection.execute(_READ.encode(), (self._clinic_id, self._seq, MOST)).fetchall()
            if rows:
                self._on_topics(frozenset(Topic(row[1], row[2], row[3]) for row in rows))
                self._seq = rows[-1][0]
            if len(rows) < MOST:
                return
