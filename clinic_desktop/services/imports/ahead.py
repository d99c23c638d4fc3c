"""Reading a file ahead of its writing: one thread reads while the database works."""

from collections.abc import Iterator
from queue import Full, Queue
from threading import Event, Thread
from typing import Final, Generic, TypeVar

T = TypeVar("T")
_BATCHES: Final = 3
_LOOK_S: Final = 0.2


class _End:
    """The last thing on the queue; ``error`` is what ended the reading."""

    def __init__(self, error: BaseException | None = None) -> None:
        self.error = error


class _Reader(Thread, Generic[T]):
    """The thread that reads; it waits while enough is ready, and ends when nobody wants more."""

    def __init__(self, batches: Iterator[T]) -> None:
        super().__init__(name="import-reader", daemon=True)
        self.queue: Queue[T | _End] = Queue(maxsize=_BATCHES)
        self.left = Event()
        self._batches = batches

    def run(self) -> None:
        """Put batch after batch on the queue, and how it ended."""
        try:
            for batch in self._batches:
                if not self._put(batch):
                    return
        except BaseException as error:  # noqa: BLE001 - raised again where the batches are read
            self._put(_End(error))
        else:
            self._put(_End())

    def _put(self, item: T | _End) -> bool:
        while not self.left.is_set():
            try:
                self.queue.put(item, timeout=_LOOK_S)
            except Full:
                continue
            return True
        return False


def ahead(batches: Iterator[T]) -> Iterator[T]:
    """Yield what the iterator gives, made on another thread, a few batches ahead.

    Raises here what it raised there; the thread ends when the reader of this one leaves.
    """
    reader = _Reader(batches)
    reader.start()
    try:
        while True:
            item = reader.queue.get()
            if not isinstance(item, _End):
                yield item
            elif item.error is not None:
                raise item.error
            else:
                return
    finally:
        reader.left.set()
        reader.join()
