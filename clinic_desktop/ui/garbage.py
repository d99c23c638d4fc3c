"""Garbage is collected by the thread of the windows alone.

Python collects cycles in whichever thread allocates next. Where that is a worker, it takes apart
widgets of a window that is gone, and Qt lets nobody do that but the thread that made them: the
program ends. So nothing is collected by itself, and this looks now and then from the right thread.
"""

import gc
from typing import Final

from PySide6.QtCore import QObject, QTimer, Slot

LOOK_MS: Final = 1_000
# Among what is being loaded there is no garbage; looking for it took a tenth of the start.
LOADED_MS: Final = 8_000
# As many new objects as Python's own rule waits for, and as many younger looks before an older.
_YOUNG: Final = 700
_LOOKS: Final = 10


class Garbage(QObject):
    """Collects on the thread it lives in for as long as it lives."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._begun = False
        gc.disable()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)
        self._timer.start(LOADED_MS)

    def close(self) -> None:
        """Leave it to Python again."""
        self._timer.stop()
        gc.enable()

    @Slot()
    def _look(self) -> None:
        if not self._begun:
            # What was loaded stays to the end: it need never be looked through.
            self._begun = True
            gc.freeze()
            self._timer.start(LOOK_MS)
            return
        young, middle, old = gc.get_count()
        if young < _YOUNG:
            return
        gc.collect(2 if old > _LOOKS else 1 if middle > _LOOKS else 0)
