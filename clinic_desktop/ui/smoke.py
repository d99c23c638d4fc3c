"""A check that needs nobody: the program opens, paints its first screen, says when, and ends."""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import psutil
from PySide6.QtCore import QCoreApplication, QObject, QTimer, Slot

from clinic_desktop.ui.main_window import MainWindow

LOOK_MS: Final = 100
LIMIT_MS: Final = 180_000


def _age() -> float:
    """Return the seconds since the process began, so that loading the program counts as well."""
    if sys.platform != "linux":
        return time.time() - psutil.Process().create_time()
    # The system knows to a whole second when it was booted, and reckons the beginning from that.
    stat = Path("/proc/self/stat").read_text(encoding="ascii")
    ticks = int(stat.rpartition(")")[2].split()[19])
    return time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK")


class Smoke(QObject):
    """Ends the program with 0 once a screen is painted, with 1 after a mistake or too long."""

    def __init__(
        self,
        window: Callable[[], MainWindow | None],
        parent: QObject,
        painted_at: float | None = None,
    ) -> None:
        """``window`` returns the window once everything in it is under way, None before.

        ``painted_at`` says on the monotonic clock when the first picture was seen.
        """
        super().__init__(parent)
        self._window = window
        self._painted_at = painted_at
        self._left = LIMIT_MS
        self._looks = QTimer(self)
        self._looks.setInterval(LOOK_MS)
        self._looks.timeout.connect(self._look)
        self._looks.start()

    @Slot(object)
    def fail(self, _error: object = None) -> None:
        """End with 1."""
        self._looks.stop()
        QCoreApplication.exit(1)

    @Slot()
    def _look(self) -> None:
        self._left -= LOOK_MS
        window = self._window()
        shown = window.stack.screen_shown() if window is not None else None
        if window is not None and shown is not None and shown.isVisible():
            self._looks.stop()
            painted = not window.grab().isNull()
            if painted:
                now, age = time.monotonic(), _age()
                if self._painted_at is not None:
                    sys.stdout.write(f"window after {age - (now - self._painted_at):.1f} s\n")
                sys.stdout.write(f"first screen after {age:.1f} s\n")
            QCoreApplication.exit(0 if painted else 1)
        elif self._left <= 0:
            self.fail()
