"""A window in a process of its own, which says when it was painted and how much memory it holds.

``python -m clinic_desktop.bench.shown bare|window|day HOME``. Nothing is loaded here that the
window itself does not need: loading is part of what is measured.
"""

import sys
import time
from pathlib import Path

import psutil
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget


class Watch(QObject):
    """Tells once after the first window was painted, and ends the program."""

    def __init__(self, app: QCoreApplication) -> None:
        super().__init__(app)
        self._seen = False
        app.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Wait for the first painting; everything goes its way."""
        if event.type() == QEvent.Type.Paint and not self._seen:
            self._seen = True
            QTimer.singleShot(0, self._painted)
        return False

    def _painted(self) -> None:
        tell()
        QCoreApplication.exit(0)


def tell() -> None:
    """Say when it is and what is held now."""
    mb = psutil.Process().memory_info().rss / 1_048_576
    sys.stdout.write(f'{{"painted": {time.time()}, "mb": {mb:.1f}}}\n')
    sys.stdout.flush()


def bare() -> int:
    """Show an empty window of the same size and nothing else."""
    app = QApplication([])
    window = QWidget()
    window.resize(1080, 720)
    Watch(app)
    window.show()
    return app.exec()


def window(home: Path) -> int:
    """Show the program's first page as it does itself."""
    from clinic_desktop.ui.beginning import Beginning
    from clinic_desktop.ui.first_look import FirstLook, Start, make_app

    look = FirstLook.of(home)
    shown = Beginning(make_app(look), Start(home=home), look)
    Watch(shown.app)
    shown.show()
    code = shown.app.exec()
    shown.close()
    return code


def day(home: Path) -> int:
    """Open the sample clinic, wait for its first screen, and say what is held then."""
    from clinic_desktop.ui.beginning import run
    from clinic_desktop.ui.first_look import Start

    code = run(Start(home=home, demo=True, smoke=True))
    tell()
    return code


def main(what: str, home: Path) -> int:
    """Show what was asked for."""
    if what == "bare":
        return bare()
    return window(home) if what == "window" else day(home)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
