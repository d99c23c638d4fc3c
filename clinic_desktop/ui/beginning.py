"""The window first: what is painted before the program itself is loaded, aside and while it shows.

Nothing is imported here that the first picture does not need.
"""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication

from clinic_desktop.homes import PROFILES_FILE
from clinic_desktop.i18n import use_language
from clinic_desktop.ui.entry.frame import EntryFrame
from clinic_desktop.ui.entry.opening import OpeningPage, opening_words
from clinic_desktop.ui.entry.tasks import Tasks, Tell
from clinic_desktop.ui.first_look import (
    FirstLook,
    Look,
    Start,
    dress,
    language_of,
    make_app,
    must_have_display,
    theme_of,
)
from clinic_desktop.ui.garbage import Garbage
from clinic_desktop.ui.theme.theme import Theme

if TYPE_CHECKING:  # loaded once the window is painted
    from clinic_desktop.ui.app import Program

# A window that nobody sees, for it began as a button of the task bar, is never painted.
UNSEEN_MS: Final = 300


def run(start: Start) -> int:
    """Open the program and return its exit code when the last window is closed."""
    must_have_display()
    look = FirstLook.of(start.home)
    beginning = Beginning(make_app(look), start, look)
    beginning.show()
    code = QApplication.exec()
    beginning.close()
    return code


class Beginning(QObject):
    """Shows the window, loads the program aside once it is painted, and hands the window over."""

    def __init__(self, app: QApplication, start: Start, look: Look) -> None:
        super().__init__()
        self.app, self.start = app, start
        self._garbage = Garbage(self)
        self.program: Program | None = None
        self._failure: Exception | None = None
        self._begun = False
        use_language(language_of(look))
        theme = Theme(theme_of(look))
        self._missing_fonts = dress(app, theme)
        self.frame = EntryFrame(theme=theme)
        known = start.demo or (start.home / PROFILES_FILE).exists()
        head, sentence, title = opening_words(sample=start.demo)
        self.frame.say(head, sentence if known else "")
        self.frame.show_page(OpeningPage(title if known else "Clinic Desktop", theme=theme))
        self._tasks = Tasks(self)
        self._tasks.bug.connect(self._broken)
        # What is chosen before anybody listens is told again then.
        self._chosen: dict[str, Callable[[], None]] = {}
        self.frame.language_chosen.connect(self._keep_language)
        self.frame.theme_chosen.connect(self._keep_theme)
        self.frame.closed.connect(app.quit)

    def show(self) -> None:
        """Show the window; the rest begins by itself."""
        self.frame.installEventFilter(self)
        self.frame.show()
        QTimer.singleShot(UNSEEN_MS, self._load)

    def close(self) -> None:
        """End what was begun; raises what kept the program from being loaded."""
        self.frame.hide()
        self._tasks.close()
        if self.program is not None:
            self.program.close()
        self._garbage.close()
        if self._failure is not None:
            raise self._failure

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Begin to load after the first painting; everything goes its way."""
        if event.type() == QEvent.Type.Paint:
            self.frame.removeEventFilter(self)
            self.frame.painted_at = time.monotonic()
            QTimer.singleShot(0, self._load)
        return False

    @Slot()
    def _load(self) -> None:
        if not self._begun:
            self._begun = True
            self._tasks.run(self, _load, self._loaded, self._broken)

    def _loaded(self, _none: None) -> None:
        from clinic_desktop.ui.app import take_over

        frame = self.frame
        frame.language_chosen.disconnect(self._keep_language)
        frame.theme_chosen.disconnect(self._keep_theme)
        frame.closed.disconnect(self.app.quit)
        self.program = take_over(self.app, self.start, frame, self._missing_fonts)
        for tell in self._chosen.values():
            tell()

    @Slot(object)
    def _broken(self, error: Exception) -> None:
        """End with the mistake: without its other half the program cannot even show a dialog."""
        self._failure = self._failure or error
        self.app.exit(1)

    @Slot(str)
    def _keep_language(self, code: str) -> None:
        self._chosen["language"] = lambda: self.frame.language_chosen.emit(code)

    @Slot(str)
    def _keep_theme(self, name: str) -> None:
        self._chosen["theme"] = lambda: self.frame.theme_chosen.emit(name)


def _load(_tell: Tell) -> None:
    """Load the program; called on a worker."""
    import clinic_desktop.ui.app  # noqa: F401 - for the sake of loading it
