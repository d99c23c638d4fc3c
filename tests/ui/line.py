"""A second opener for operations: contexts over a line that a test can cut."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from types import SimpleNamespace

from clinic_desktop.errors import UnreachableError

NOON = datetime(2026, 3, 12, 12, 0, tzinfo=UTC)


class Line:
    """Connected until ``up`` is set to false; remembers what was committed."""

    def __init__(self) -> None:
        self.up = True
        self.cancelled = threading.Event()
        self.log: list[str] = []
        self.reasons: list[str | None] = []
        self.tell: tuple[Callable[..., None], ...] = ()

    def _context(self) -> SimpleNamespace:
        if not self.up:
            raise UnreachableError("The server does not answer.")
        driver = SimpleNamespace(cancel_safe=lambda timeout: self.cancelled.set())
        pooled = SimpleNamespace(driver_connection=driver)
        return SimpleNamespace(now=NOON, connection=SimpleNamespace(connection=pooled), line=self)

    @contextmanager
    def reading(self) -> Iterator[SimpleNamespace]:
        yield self._context()

    @contextmanager
    def writing(self, reason: str | None = None) -> Iterator[SimpleNamespace]:
        self.reasons.append(reason)
        context = self._context()
        self.log.append("begin")
        try:
            yield context
        except BaseException:
            self.log.append("rollback")
            raise
        self.log.append("commit")

    @property
    def clock(self) -> SimpleNamespace:
        return SimpleNamespace(now=lambda: NOON)

    def ping(self) -> None:
        with self.reading():
            pass

    def listen(self, on_topics, on_lost, on_back) -> None:
        self.tell = (on_topics, on_lost, on_back)
