"""Restoring a backup on the first start: choose it, open it, bring it back, let somebody in."""

import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeGuard

from PySide6.QtCore import QDateTime, QLocale, QObject, Signal, Slot

from clinic_desktop import i18n
from clinic_desktop.errors import ClinicError
from clinic_desktop.i18n import _
from clinic_desktop.ui.entry.frame import EntryFrame
from clinic_desktop.ui.entry.page import Page
from clinic_desktop.ui.entry.restore_pages import LetInPage, RestorePage
from clinic_desktop.ui.entry.tasks import Task, Tasks, Tell

if TYPE_CHECKING:  # the window is painted before the services are loaded
    from clinic_desktop.services.backup.bringing_back import Back, FoundBackup
    from clinic_desktop.services.installation.local import LocalInstallation


class Restoring(QObject):
    """Two pages; what is typed stays, secrets only as long as their page is shown."""

    restored = Signal(object)
    """(installation, user name, password): sign in."""

    def __init__(
        self,
        frame: EntryFrame,
        tasks: Tasks,
        *,
        home: Path,
        local: Callable[[], "LocalInstallation"],
        back: Callable[[], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._frame, self._tasks = frame, tasks
        self._home, self._local, self._back = home, local, back
        self._source = self._key = ""
        self._found: Back | None = None
        self._task: Task | None = None
        # A restore that was stopped still takes away what it had begun.
        self._over = threading.Event()
        self._over.set()
        self._show: Callable[[], None] = self.ask

    def show_again(self) -> None:
        """Show the question again, because the language changed."""
        self._keep_typed()
        self._show()

    def _keep_typed(self) -> None:
        page = self._frame.page
        if isinstance(page, RestorePage):
            self._source, self._key = page.source.text(), page.key.text()

    def _refused(self, error: ClinicError) -> None:
        self._task = None
        if self._frame.page is not None:
            self._frame.page.refuse(error)

    # -- which ------------------------------------------------------------------------------

    def ask(self) -> None:
        """Ask for the backup and what opens it."""
        self._show = self.ask
        self._frame.say(
            _("Everything\nis still there."),
            _("A backup and its recovery key are enough, on any computer."),
        )
        page = RestorePage(
            theme=self._frame.theme, source=self._source, key=self._key, back=self._go_back,
            stop=self._stop,
        )  # fmt: skip
        page.looked.connect(self._look)
        page.answered.connect(self._restore)
        self._frame.show_page(page)
        if self._source:
            self._look(self._source)

    def _go_back(self) -> None:
        self._keep_typed()
        self._back()

    @Slot(str)
    def _look(self, source: str) -> None:
        page = self._frame.page

        def work(_tell: Tell) -> "tuple[FoundBackup, ...]":
            from clinic_desktop.services.backup import bringing_back as restored

            return restored.backups_in(Path(source))

        def found(backups: "tuple[FoundBackup, ...]") -> None:
            if self._still_named(page, source):
                several = len({one.clinic for one in backups}) > 1
                page.show_found([(_words(one, several), str(one.file)) for one in backups])

        def failed(error: ClinicError) -> None:
            if self._still_named(page, source) and not page.busy:
                page.fields["source"].show_error(str(error))

        self._tasks.run(self, work, found, failed)

    def _still_named(self, page: Page | None, source: str) -> TypeGuard[RestorePage]:
        """Return whether that is still what the page names: an answer may come late."""
        return (
            isinstance(page, RestorePage)
            and page is self._frame.page
            and page.source.text().strip() == source
        )

    @Slot(str, str, str)
    def _restore(self, source: str, key: str, passphrase: str) -> None:
        page = self._frame.page
        if page is None or page.busy:
            return
        self._keep_typed()
        page.set_busy(True, _("Looking at the backup…"))
        over, self._over = self._over, threading.Event()
        mine = self._over

        def work(tell: Tell) -> Any:
            from clinic_desktop.services.backup import bringing_back as restored

            try:
                over.wait()
                newest = restored.backups_in(Path(source))[0].file
                place = self._local()
                return restored.bring_back(
                    place, newest, key=Path(key) if key else None, passphrase=passphrase, tell=tell
                )
            finally:
                mine.set()

        self._task = self._tasks.run(self, work, self._is_back, self._refused, page.tell)

    @Slot()
    def _stop(self) -> None:
        """Stop; what was made of the clinic so far is taken away again."""
        page = self._frame.page
        if self._task is not None and page is not None:
            self._task.stop()
            self._task = None
            page.set_busy(False)
            page.note(_("Stopped. Nothing was restored."))
            page.start_focus()

    # -- who --------------------------------------------------------------------------------

    def go_on(self) -> None:
        """Go on where a restore was left: the clinic is back, nobody may sign in yet."""

        def work(tell: Tell) -> Any:
            from clinic_desktop.services.backup import bringing_back as restored

            return restored.waiting(self._local(), tell)

        self._tasks.run(self, work, self._is_back, self._refused)

    def _is_back(self, found: "Back") -> None:
        self._task = None
        self._found = found
        self.ask_who()

    def ask_who(self) -> None:
        """Ask which administrator is let in, and for the new password."""
        self._show = self.ask_who
        found = self._found
        if found is None:
            self.ask()
            return
        self._frame.say(_("Welcome back."), _("One new password, and the clinic is open again."))
        page = LetInPage(found.administrators, theme=self._frame.theme, sentence=_sentence(found))
        page.answered.connect(self._let_in)
        self._frame.show_page(page)

    @Slot(str, str)
    def _let_in(self, login: str, password: str) -> None:
        page = self._frame.page
        if page is None or page.busy:
            return
        page.set_busy(True, _("Keeping the password…"))

        def work(_tell: Tell) -> Any:
            from clinic_desktop.services.backup import bringing_back as restored
            from clinic_desktop.services.installation import first_run

            place = self._local()
            restored.let_first_in(place, login, password)
            first_run.remember(self._home, first_run.this_computer())
            return place, login.removeprefix("u_"), password

        self._tasks.run(self, work, self.restored.emit, self._refused)


def _moment(at: datetime) -> str:
    """Return a moment in this computer's zone and the language in force."""
    local = QDateTime.fromSecsSinceEpoch(int(at.timestamp()))
    return QLocale(i18n.language()).toString(local, QLocale.FormatType.ShortFormat)


def _words(one: "FoundBackup", several: bool) -> str:
    moment = _moment(one.made_at)
    return f"{moment} · {one.clinic}" if several else moment


def _sentence(found: "Back") -> str:
    if found.until is None:
        return _("It was restored on this computer. Nobody may sign in yet.")
    words = _("As it was on {time}, {rows} rows, all of them compared.").format(
        time=_moment(found.until), rows=found.rows
    )
    if found.missing:
        words += " " + _(
            "The segment {file} is missing; what was done after it was not restored."
        ).format(file=found.missing)
    return words
