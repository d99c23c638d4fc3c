"""Work before anybody is signed in: off the GUI thread, telling sentences on the way."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

from PySide6.QtCore import QObject, QRunnable, Qt, QThreadPool, Signal, Slot
from shiboken6 import isValid

from clinic_desktop.errors import ClinicError
from clinic_desktop.ui.mistake import mistake

T = TypeVar("T")
Tell = Callable[[str], None]

THREADS: Final = 3


class StoppedError(Exception):
    """Raised inside a task by ``tell`` after somebody pressed Stop."""


class _Relay(QObject):
    told = Signal(object, str)
    finished = Signal(object)


class Task(QRunnable):
    """One piece of work; ``stop`` ends it at its next sentence."""

    def __init__(
        self,
        relay: _Relay,
        owner: QObject,
        call: Callable[[Tell], Any],
        done: Callable[[Any], None],
        failed: Callable[[ClinicError], None],
        told: Callable[[str], None] | None,
    ) -> None:
        super().__init__()
        # Qt would delete the runnable on the worker while Python still holds it.
        self.setAutoDelete(False)
        self.owner, self.done, self.failed, self.told = owner, done, failed, told
        self.result: Any = None
        self.error: Exception | None = None
        self.stopped = False
        self._relay = relay
        self._call = call

    def stop(self) -> None:
        """Ask it to end; its outcome is dropped."""
        self.stopped = True

    def run(self) -> None:
        """Work, and hand the outcome to the GUI thread."""
        try:
            self.result = self._call(self._tell)
        except StoppedError:
            self.stopped = True
        except Exception as error:  # noqa: BLE001 - handed to the GUI thread, which tells of it
            self.error = error
        self._relay.finished.emit(self)

    def _tell(self, sentence: str) -> None:
        if self.stopped:
            raise StoppedError
        self._relay.told.emit(self, sentence)


class Tasks(QObject):
    """Runs tasks; ``done``, ``failed`` and ``told`` are called on the GUI thread.

    Anything that is no ClinicError is a mistake of ours and goes to ``bug``.
    """

    bug = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(THREADS)
        self._relay = _Relay(self)
        self._relay.told.connect(self._told, Qt.ConnectionType.QueuedConnection)
        self._relay.finished.connect(self._finished, Qt.ConnectionType.QueuedConnection)
        self._under_way: set[Task] = set()

    def run(
        self,
        owner: QObject,
        call: Callable[[Tell], T],
        done: Callable[[T], None],
        failed: Callable[[ClinicError], None],
        told: Callable[[str], None] | None = None,
    ) -> Task:
        """Start a piece of work; nothing is told once its owner is gone."""
        task = Task(self._relay, owner, call, done, failed, told)
        self._under_way.add(task)
        self._pool.start(task)
        return task

    @property
    def busy(self) -> bool:
        """Whether anything is under way."""
        return bool(self._under_way)

    def close(self, wait_ms: int = 60_000) -> bool:
        """Ask everything to stop and wait for it; return whether all came to an end."""
        for task in self._under_way:
            task.stop()
        return self._pool.waitForDone(wait_ms)

    @Slot(object, str)
    def _told(self, task: Task, sentence: str) -> None:
        if task.told is not None and not task.stopped and isValid(task.owner):
            task.told(sentence)

    @Slot(object)
    def _finished(self, task: Task) -> None:
        self._under_way.discard(task)
        if task.error is not None and not isinstance(task.error, ClinicError):
            self.bug.emit(task.error)
        if task.stopped or not isValid(task.owner):
            return
        if task.error is None:
            task.done(task.result)
        elif isinstance(task.error, ClinicError):
            task.failed(task.error)
        else:
            task.failed(mistake())
