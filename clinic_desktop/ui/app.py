"""The composition root of the desktop: what the first window needs once it is painted."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QApplication

from clinic_desktop import config
from clinic_desktop.config import ComputerProfile, Profile, Settings
from clinic_desktop.errors import ClinicError, SetupError
from clinic_desktop.i18n import _, ngettext, use_language
from clinic_desktop.ui.crash import CrashReporter, active_window
from clinic_desktop.ui.entry.door import SAMPLE, Entered, Household, chosen_profile
from clinic_desktop.ui.entry.frame import EntryFrame
from clinic_desktop.ui.entry.ink_panel import greeting
from clinic_desktop.ui.entry.opening import FailedPage
from clinic_desktop.ui.entry.reception import Reception
from clinic_desktop.ui.entry.tasks import Tasks
from clinic_desktop.ui.first_look import Start, dress, language_of, theme_of
from clinic_desktop.ui.log_file import end_log, keep_log
from clinic_desktop.ui.theme.theme import Theme

if TYPE_CHECKING:  # the window is painted before what it holds is loaded
    from clinic_desktop.ui.lock import Guard
    from clinic_desktop.ui.main_window import MainWindow
    from clinic_desktop.ui.session import Session
    from clinic_desktop.ui.smoke import Smoke
    from clinic_desktop.ui.worker import WorkerProcess


def take_over(
    app: QApplication, start: Start, frame: EntryFrame, missing_fonts: Sequence[str]
) -> "Program":
    """Return the program that goes on in the window that is shown, begun."""
    try:
        settings = settings_of(start.home)
    except ClinicError:
        # The window says why, and asks again.
        settings = Settings.model_construct()
    program = Program(app, start, settings, frame=frame, missing_fonts=missing_fonts)
    program.begin()
    return program


def settings_of(home: Path) -> Settings:
    """Make the home, begin its log and return its settings; raises SetupError where refused."""
    config.make_home(home)
    settings = Settings.load(home)
    keep_log(home)
    return settings


def load_ahead() -> None:
    """Load what the sign-in and the first window need; called while the server starts."""
    import clinic_desktop.services.staff.mine
    import clinic_desktop.ui.lock
    import clinic_desktop.ui.today.view  # noqa: F401 - as those above, for the sake of loading it


def told_of_fonts(missing: Sequence[str]) -> str:
    """Return what to say about the program's own fonts that are not there, or nothing."""
    if not missing:
        return ""
    return ngettext(
        "A font of the program cannot be used ({names}): some letters may look different. "
        "Install the program again.",
        "{count} fonts of the program cannot be used ({names}): some letters may look different "
        "or be missing. Install the program again.",
        len(missing),
    ).format(count=len(missing), names=", ".join(missing))


class Program(QObject):
    """Owns what there is one of: frame, tasks, reception, and later the guard with its sessions."""

    def __init__(
        self,
        app: QApplication,
        start: Start,
        settings: Settings,
        theme: Theme | None = None,
        *,
        frame: EntryFrame | None = None,
        missing_fonts: Sequence[str] = (),
    ) -> None:
        """``frame`` is the window that is shown already; ``theme`` without one is for tests."""
        super().__init__()
        self.app, self.start, self.settings = app, start, settings
        self._missing_fonts = list(missing_fonts)
        use_language(language_of(settings))
        if frame is not None:
            theme = frame.theme
        elif theme is None:
            theme = Theme(theme_of(settings))
            self._missing_fonts = dress(app, theme)
        self.theme = theme
        self.crash = CrashReporter(theme, active_window, self)
        self.crash.close_program.connect(app.quit)
        self.tasks = Tasks(self)
        self.tasks.bug.connect(self.crash.report)
        self.frame = frame or EntryFrame(theme=theme)
        self.frame.language_chosen.connect(self._use_language)
        self.frame.theme_chosen.connect(self._keep_theme)
        self.frame.closed.connect(self._frame_closed)
        self.household = Household(
            start.home, settings.device_name, fast=start.fast, ahead=load_ahead
        )
        self.reception = Reception(self.frame, self.tasks, self.household, parent=self)
        self.guard: Guard | None = None
        self.reception.opened.connect(self._load_windows)
        self._keyring_told = False
        self.smoke: Smoke | None = None
        self.worker: WorkerProcess | None = None

    def begin(self) -> None:
        """Show the window and begin with what this start is for."""
        self.crash.install()
        self._first_page()
        self.frame.show()
        if self.frame.page is not None:
            self.frame.page.start_focus()
        if self.start.smoke:
            self._begin_smoke()

    def _begin_smoke(self) -> None:
        from clinic_desktop.ui.smoke import Smoke

        def window() -> "MainWindow | None":
            session = self.guard.active if self.guard is not None else None
            return None if session is None or self.tasks.busy else session.main

        self.smoke = Smoke(window, self, self.frame.painted_at)
        self.tasks.bug.connect(self.smoke.fail)

    def _first_page(self) -> None:
        try:
            self.settings = settings_of(self.start.home)
            profile = SAMPLE if self.start.demo else self._profile()
        except ClinicError as error:
            again = FailedPage(str(error), theme=self.theme, again=self._first_page)
            self.frame.say(greeting(), _("Nothing stored is lost."))
            self.frame.show_page(again)
            return
        if profile is None:
            self.reception.begin_first_run()
        else:
            self.reception.open(profile)

    def _profile(self) -> Profile | None:
        return chosen_profile(self.start.home, self.start.profile)

    def close(self) -> None:
        """End sessions and servers; called once after the last window is closed."""
        self.frame.hide()
        if self.worker is not None:
            self.worker.stop()
        if self.guard is not None:
            self.guard.close()
        self.tasks.close()
        self.reception.close()
        end_log(self.start.home)

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
            notice=told_of_fonts(self._missing_fonts),
            parent=self,
        )
        self._missing_fonts = []
        session.operations.bug.connect(self.crash.report)
        if self.smoke is not None:
            session.operations.bug.connect(self.smoke.fail)
        return session

    @Slot(object)
    def _began(self, session: "Session") -> None:
        """Keep what this person types when something goes wrong; let the worker begin."""
        self.crash.keep_with(session.drafts)
        profile = session.door.profile
        if isinstance(profile, ComputerProfile) and not (self.start.fast or self.start.smoke):
            from clinic_desktop.ui.worker import WorkerProcess

            self.worker = self.worker or WorkerProcess(self.start.home, profile.name)
            self.worker.start()

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
