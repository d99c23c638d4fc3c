"""Reading a file ahead of its writing: one thread reads while the database works."""

from collections.abc import Iterator
from queue import Full, Queue
from threading import Event, Thread
from typing import Final, TypeVar

T = TypeVar("T")
_BATCHES: Final = 3
_LOOK_S: Final = 0.2


class _End:
    """The last thing on the queue; ``error`` is what ended the reading."""

    def __init__(self, error: BaseException | None = None) -> None:
        self.error = error


def ahead(batches: Iterator[T]) -> Iterator[T]:
    """Yield what the iterator gives, made on another thread, a few batches ahead.

    Raises here what it raised there; the thread ends when the reader of this one leaves.
    """
    queue: Queue[T | _End] = Queue(maxsize=_BATCHES)
    left = Event()

    def put(item: T | _End) -> bool:
        while not left.is_set():
            try:
                queue.put(item, timeout=_LOOK_S)
            except Full:
                continue
            return True
        return False

    def work() -> None:
        try:
            for batch in batches:
                if not put(batch):
                    return
        except BaseException as error:  # noqa: BLE001 - raised again where the batches are read
            put(_End(error))
        else:
            put(_End())

    thread = Thread(target=work, name="import-reader", daemon=True)
    thread.start()
    try:
        while True:
            item = queue.get()
            if isinstance(item, _End):
                if item.error is not None:
                    raise item.error
                return
            yield item
    finally:
        left.set()
        thread.join()
