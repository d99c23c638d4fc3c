"""The only way from a screen to a service: off the GUI thread, in one transaction, in order."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, TypeVar

from PySide6.QtCore import QObject, Qt, QThreadPool, QTimer, Signal, Slot
from shiboken6 import isValid

from clinic_desktop.errors import ClinicError, UnreachableError
from clinic_desktop.i18n import _
from clinic_desktop.ui.mistake import mistake
from clinic_desktop.ui.operation import Opener, Operation, Progress, Relay
from clinic_desktop.ui.reach import Reach

if TYPE_CHECKING:  # the window is painted before the database libraries are loaded
    from clinic_desktop.services.context import Context

log = logging.getLogger(__name__)
T = TypeVar("T")

READERS: Final = 4
TICK_MS: Final = 100
BUSY_AFTER_S: Final = 0.3
LONG_AFTER_S: Final = 2.0


class Operations(QObject):
    """Runs service calls for the windows of one signed-in person.

    ``call`` runs on a worker with a Context; ``done`` and ``failed`` run on the GUI thread and
    only while their owner lives. A call may be done up to three times when transactions clash,
    so it does nothing but call services.
    """

    changed = Signal(object)
    """``frozenset[Topic]`` that were committed anywhere, or None: everything may have changed."""
    connection = Signal(bool)
    """Whether the server answers, told when it changes."""
    busy = Signal(bool)
    """Whether something has been under way for more than 0.3 s."""
    aged = Signal(object)
    """The ``Operation`` that passed 0.3 s, and again when it passed 2 s."""
    ended = Signal(object)
    """The ``Operation`` that was aged before and is over now."""
    refused = Signal(object, object)
    """Owner and ClinicError of an operation that had no ``failed`` of its own."""
    bug = Signal(object)
    """An exception that nobody can act on: the crash dialog."""

    _topics = Signal(object)
    _feed = Signal(bool)

    def __init__(self, opener: Opener, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._opener = opener
        self._relay = Relay(self)
        self._relay.finished.connect(self._finished, Qt.ConnectionType.QueuedConnection)
        self._readers = self._pool(READERS)
        self._writer = self._pool(1)
        self._long = self._pool(1)
        self._running_long: list[Progress] = []
        # Cancels must get through when every reader waits for a slow server.
        self._side = self._pool(1)
        self._closed = False
        self._under_way: set[Operation] = set()
        self._latest: dict[tuple[int, str], Operation] = {}
        self._waiting: list[Operation] = []
        self._feed_lost = False
        self._busy = False
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)
        self.reach = Reach(opener.ping, self)
        self.reach.connection.connect(self._connection_changed)
        self._topics.connect(self.changed, Qt.ConnectionType.QueuedConnection)
        self._feed.connect(self._feed_changed, Qt.ConnectionType.QueuedConnection)
        opener.listen(
            self._topics.emit, lambda: self._feed.emit(False), lambda: self._feed.emit(True)
        )

    def _pool(self, threads: int) -> QThreadPool:
        pool = QThreadPool(self)
        pool.setMaxThreadCount(threads)
        return pool

    # What screens call

    def query(
        self,
        owner: QObject,
        call: Callable[["Context"], T],
        done: Callable[[T], None],
        *,
        failed: Callable[[Exception], None] | None = None,
        key: str | None = None,
    ) -> Operation:
        """Read. A newer read with the same owner and key makes this one void.

        When the server cannot be reached, ``failed`` is told and the read is asked again by
        itself as soon as it can be.
        """
        operation = self._operation(owner, call, done, failed, key=key)
        if self._closed:
            # A screen that is about to go may still want to read again: nobody looks at it.
            return operation
        if key is not None:
            older = self._latest.get((id(owner), key))
            if older is not None:
                self.stop(older)
            self._latest[id(owner), key] = operation
        self._start(operation)
        return operation

    def change(
        self,
        owner: QObject,
        call: Callable[["Context"], T],
        done: Callable[[T], None] | None = None,
        *,
        failed: Callable[[Exception], None] | None = None,
        reason: str | None = None,
    ) -> Operation:
        """Write, after the writes asked before. It is never sent again by itself."""
        operation = self._operation(owner, call, done, failed, writes=True, reason=reason)
        self._start(operation)
        return operation

    def long(
        self,
        owner: QObject,
        call: Callable[["Context", Progress], T],
        done: Callable[[T], None],
        *,
        progress: Callable[[int, int], None],
        failed: Callable[[Exception], None] | None = None,
        writes: bool = True,
    ) -> Progress:
        """Read or write for as long as it takes; return what stops it.

        It has a thread of its own: what is saved meanwhile does not wait for it. A stopped call
        ends in ``failed`` with StoppedError, and nothing of it is kept.
        """
        steps = Progress(owner)
        steps.moved.connect(progress, Qt.ConnectionType.QueuedConnection)
        operation = self._operation(
            owner, lambda ctx: call(ctx, steps), done, failed, writes=writes
        )
        self._under_way.add(operation)
        self._running_long.append(steps)
        self._long.start(operation)
        self._timer.start()
        return steps

    def stop(self, operation: Operation) -> None:
        """Make a read void: its answer is dropped and the server stops working on it."""
        if operation.writes:
            return
        if operation in self._waiting:
            self._waiting.remove(operation)
        if operation.make_void():
            self._side.start(operation.cancel_in_server)

    @property
    def connected(self) -> bool:
        """Whether the server answered when it was last asked."""
        return self.reach.connected

    @property
    def quiet(self) -> bool:
        """Whether nothing is under way."""
        return not self._under_way

    def now(self) -> datetime:
        """Return the server's time, aware, in UTC."""
        return self._opener.clock.now()

    @Slot()
    def try_now(self) -> None:
        """Ask the server a small question at once, to learn whether it can be reached."""
        self._timer.start()
        self.reach.try_now()

    def close(self, wait_ms: int = 5000) -> bool:
        """Make every read void, wait for writes under way; return whether all came to an end."""
        self._closed = True
        self._timer.stop()
        self._waiting.clear()
        for operation in self._under_way:
            self.stop(operation)
        for steps in self._running_long:
            if isValid(steps):
                steps.stop()
        pools = (self._writer, self._long, self._readers, self._side)
        ended = [pool.waitForDone(wait_ms) for pool in pools]
        return self.reach.close(wait_ms) and all(ended)

    # The way there and back

    def _operation(
        self,
        owner: QObject,
        call: Callable[["Context"], Any],
        done: Callable[[Any], None] | None,
        failed: Callable[[Exception], None] | None = None,
        *,
        key: str | None = None,
        writes: bool = False,
        reason: str | None = None,
    ) -> Operation:
        opener = self._opener
        return Operation(
            relay=self._relay,
            open_context=(lambda: opener.writing(reason)) if writes else opener.reading,
            owner=owner,
            call=call,
            done=done,
            failed=failed,
            key=key,
            writes=writes,
        )

    def _start(self, operation: Operation) -> None:
        self._under_way.add(operation)
        (self._writer if operation.writes else self._readers).start(operation)
        self._timer.start()

    @Slot(object)
    def _finished(self, operation: Operation) -> None:
        self._under_way.discard(operation)
        if operation.told:
            self.ended.emit(operation)
            self._tell_busy()
        unreachable = isinstance(operation.error, UnreachableError)
        waits = unreachable and self._wanted(operation) and not operation.writes
        if waits:
            self._waiting.append(operation)
            # What a refused act is told of typed text would mean nothing here.
            operation.error = UnreachableError(
                _("The server does not answer. It is asked again as soon as it does.")
            )
        else:
            self._forget(operation)
        self._judge(operation, unreachable=unreachable)
        if operation.error is not None:
            self._failed(operation, operation.error)
        elif self._wanted(operation) and operation.done is not None:
            operation.done(operation.result)

    def _wanted(self, operation: Operation) -> bool:
        return not operation.void and isValid(operation.owner)

    def _judge(self, operation: Operation, *, unreachable: bool) -> None:
        """Draw from how it ended whether the server is there."""
        if unreachable:
            self.reach.lost()
        elif operation.error is None and not operation.void:
            self.reach.heard()

    def _failed(self, operation: Operation, error: Exception) -> None:
        if operation.void:
            log.debug("Nobody waits for a read that ended with %s", type(error).__name__)
        elif not isinstance(error, ClinicError):
            self.bug.emit(error)
            if isValid(operation.owner) and operation.failed is not None:
                operation.failed(mistake())
        elif isValid(operation.owner) and operation.failed is not None:
            operation.failed(error)
        elif operation.writes or (
            isValid(operation.owner) and not isinstance(error, UnreachableError)
        ):
            # A write whose form is gone still has to be told of.
            self.refused.emit(operation.owner, error)

    def _forget(self, operation: Operation) -> None:
        if operation.key is not None:
            place = (id(operation.owner), operation.key)
            if self._latest.get(place) is operation:
                del self._latest[place]

    # Is the server there

    @Slot(bool)
    def _connection_changed(self, connected: bool) -> None:
        self._timer.start()
        self.connection.emit(connected)
        if not connected:
            return
        waiting, self._waiting = self._waiting, []
        for operation in waiting:
            if self._wanted(operation):
                operation.renew()
                self._start(operation)
        # With the feed lost as well, its return says when nothing can be missed any more.
        if not self._feed_lost:
            self.changed.emit(None)

    @Slot(bool)
    def _feed_changed(self, back: bool) -> None:
        if not back:
            self._feed_lost = True
            self.try_now()
            return
        missed, self._feed_lost = self._feed_lost, False
        if not self.connected:
            self.reach.heard()
        elif missed:
            self.changed.emit(None)

    @Slot()
    def _tick(self) -> None:
        self._tell_ages()
        self.reach.tick(o.started_at for o in self._under_way if o.started_at is not None)
        if not self._under_way and not self.reach.watching:
            self._timer.stop()

    def _tell_ages(self) -> None:
        for operation in list(self._under_way):
            age = operation.age()
            level = 2 if age >= LONG_AFTER_S else 1 if age >= BUSY_AFTER_S else 0
            if level > operation.told and not operation.void:
                operation.told = level
                self.aged.emit(operation)
        self._tell_busy()

    def _tell_busy(self) -> None:
        busy = any(operation.told for operation in self._under_way)
        if busy != self._busy:
            self._busy = busy
            self.busy.emit(busy)
