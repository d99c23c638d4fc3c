"""The composition root of the desktop: the window first, then everything it needs."""

import logging
import os
import sys
from dataclasses import dataclass
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Qt, QTimer, Slot
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication

from clinic_desktop.config import Settings
from clinic_desktop.errors import SetupError
from clinic_desktop.i18n import LANGUAGES, _, use_language
from clinic_desktop.ui.crash import CrashReporter, active_window
from clinic_desktop.ui.entry.door import SAMPLE, Entered, Household, chosen_profile
from clinic_desktop.ui.entry.frame import EntryFrame
from clinic_desktop.ui.entry.reception import Reception
from clinic_desktop.ui.entry.tasks import Tasks
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.focus_ring import FocusRing

if TYPE_CHECKING:  # the window is painted before what it holds is loaded
    from clinic_desktop.ui.lock import Guard
    from clinic_desktop.ui.session import Session

SMOKE_LOOK_MS: Final = 100
SMOKE_LIMIT_MS: Final = 180_000
LOG_BYTES: Final = 1_000_000


@dataclass(frozen=True)
class Start:
    """How the program was started: its home, the connection named, sample clinic, smoke test."""

    home: Path
    profile: str | None = None
    demo: bool = False
    smoke: bool = False
    fast: bool = False
    """Gives up durability of a server of its own; for tests alone."""


def run(start: Start) -> int:
    """Open the program and return its exit code when the last window is closed."""
    _must_have_display()
    keep_log(start.home)
    settings = Settings.load(start.home)
    program = Program(make_app(settings), start, settings)
    program.begin()
    code = QApplication.exec()
    program.close()
    return code


def _must_have_display() -> None:
    """Raise SetupError where no window can be shown; Qt itself would end the program."""
    named = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    if sys.platform.startswith("linux") and not any(os.environ.get(name) for name in named):
        raise SetupError(
            _("This computer shows no windows: there is no display. Try “clinic-desktop tour”.")
        )


def keep_log(home: Path) -> None:
    """Write warnings into a file of the home: where something went wrong, never with what data."""
    try:
        handler = RotatingFileHandler(
            home / "clinic-desktop.log", maxBytes=LOG_BYTES, backupCount=2, encoding="utf-8"
        )
    except OSError as error:
        # A program that cannot write its log can still do its work.
        logging.getLogger(__name__).warning("No log is kept: %s", error.strerror)
        return
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    handler.setLevel(logging.WARNING)
    logging.getLogger().addHandler(handler)


def make_app(settings: Settings) -> QApplication:
    """Return the application in the size that the settings ask for."""
    found = QApplication.instance()
    if isinstance(found, QApplication):
        app = found
    else:
        if settings.scale != 100:
            os.environ.setdefault("QT_SCALE_FACTOR", str(settings.scale / 100))
        QGuiApplication.setHighDpiScaleFactorRoundingPolicy(
            Qt.HighDpiScaleFactorRoundingPolicy.PassThrough
        )
        app = QApplication(sys.argv[:1])
    app.setApplicationName("Clinic Desktop")
    app.setDesktopFileName("clinic-desktop")
    # The lock hides every window for a moment; the program ends when we say so.
    app.setQuitOnLastWindowClosed(False)
    return app


def language_of(settings: Settings) -> str:
    """Return the language chosen for this computer, or the system's if we have it."""
    from PySide6.QtCore import QLocale

    chosen = settings.language or QLocale.system().name()[:2]
    return chosen if chosen in LANGUAGES else "en"


def theme_of(settings: Settings) -> str:
    """Return the theme chosen for this computer, or what the system prefers."""
    if settings.theme != "system":
        return settings.theme
    dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
    return "dark" if dark else "light"


class Program(QObject):
    """Owns what there is one of: frame, tasks, reception, and later the guard with its sessions."""

    def __init__(
        self, app: QApplication, start: Start, settings: Settings, theme: Theme | None = None
    ) -> None:
        """``theme`` is given by tests, which share one."""
        super().__init__()
        self.app, self.start, self.settings = app, start, settings
        use_language(language_of(settings))
        if theme is None:
            theme = Theme(theme_of(settings))
            theme.apply(app)
            FocusRing(app, theme)
            app.setWindowIcon(QIcon(theme.pixmap("tooth", "accent", 64, 1.0)))
        self.theme = theme
        self.crash = CrashReporter(theme, active_window, self)
        self.crash.close_program.connect(app.quit)
        self.tasks = Tasks(self)
        self.tasks.bug.connect(self.crash.report)
        self.frame = EntryFrame(theme=theme)
        self.frame.language_chosen.connect(self._use_language)
        self.frame.theme_chosen.connect(self._keep_theme)
        self.frame.closed.connect(self._frame_closed)
        self.household = Household(start.home, settings.device_name, fast=start.fast)
        self.reception = Reception(self.frame, self.tasks, self.household, parent=self)
        self.guard: Guard | None = None
        self.reception.opened.connect(self._load_windows)
        self._keyring_told = False
        self._smoke_left = SMOKE_LIMIT_MS

    def begin(self) -> None:
        """Show the window and begin with what this start is for."""
        self.crash.install()
        self._first_page()
        self.frame.show()
        if self.frame.page is not None:
            self.frame.page.start_focus()
        if self.start.smoke:
            self._smoke_timer = QTimer(self)
            self._smoke_timer.setInterval(SMOKE_LOOK_MS)
            self._smoke_timer.timeout.connect(self._smoke)
            self._smoke_timer.start()
            self.tasks.bug.connect(self._smoke_failed)

    def _first_page(self) -> None:
        if self.start.demo:
            self.reception.open(SAMPLE)
            return
        profile = chosen_profile(self.start.home, self.start.profile)
        if profile is None:
            self.reception.begin_first_run()
        else:
            self.reception.open(profile)

    def close(self) -> None:
        """End sessions and servers; called once after the last window is closed."""
        self.frame.hide()
        if self.guard is not None:
            self.guard.close()
        self.tasks.close()
        self.reception.close()

    # -- after the data are open ------------------------------------------------------------

    @Slot()
    def _load_windows(self) -> None:
        """Load the shell while somebody types the password."""
        if self.guard is not None:
            return
        from clinic_desktop.ui.lock import Guard

        self.guard = Guard(self.app, self.frame, self.reception, self._make_session, parent=self)
        self.guard.all_closed.connect(self.app.quit)
        self.guard.began.connect(self._began)
        self.guard.emptied.connect(lambda: use_language(language_of(self.settings)))

    def _make_session(self, entered: Entered) -> "Session":
        from clinic_desktop.ui.features import registry
        from clinic_desktop.ui.session import Session

        # Once is enough, and in the sample clinic nothing typed is worth keeping.
        tell, self._keyring_told = not (self._keyring_told or entered.door.people), True
        session = Session(
            entered,
            theme=self.theme,
            tasks=self.tasks,
            home=self.start.home,
            features=registry,
            tell_keyring=tell,
            parent=self,
        )
        session.operations.bug.connect(self.crash.report)
        if self.start.smoke:
            session.operations.bug.connect(self._smoke_failed)
        return session

    @Slot(object)
    def _began(self, session: "Session") -> None:
        """Keep what this person types when something goes wrong."""
        self.crash.keep_with(session.drafts)

    # -- language, theme, leaving -----------------------------------------------------------

    def _keep(self, **changes: str) -> None:
        """Remember a choice of this computer; a disk that refuses costs the choice only."""
        try:
            self.settings = self.settings.save(self.start.home, **changes)
        except SetupError as error:
            if self.frame.page is not None:
                self.frame.page.note(str(error))

    @Slot(str)
    def _use_language(self, code: str) -> None:
        use_language(code)
        self._keep(language=code)
        self.frame.retranslate()
        self.reception.show_again()

    @Slot(str)
    def _keep_theme(self, name: str) -> None:
        self._keep(theme=name)

    @Slot()
    def _frame_closed(self) -> None:
        """Somebody closed the entry or the lock."""
        if self.guard is None or self.guard.active is None:
            self.app.quit()

    @Slot(object)
    def _smoke_failed(self, _error: object) -> None:
        self.app.exit(1)

    # -- smoke ------------------------------------------------------------------------------

    def _smoke(self) -> None:
        """End with 0 once the first screen is painted, with 1 when it takes too long."""
        self._smoke_left -= SMOKE_LOOK_MS
        session = self.guard.active if self.guard is not None else None
        main = session.main if session is not None else None
        shown = main.stack.screen_shown() if main is not None else None
        if main is not None and shown is not None and shown.isVisible() and not self.tasks.busy:
            picture = main.grab()
            self._smoke_timer.stop()
            self.app.exit(1 if picture.isNull() else 0)
        elif self._smoke_left <= 0:
            self.app.exit(1)
