"""The pages of restoring: which backup with which key, and who is let in afterwards."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout

from clinic_desktop.errors import SetupError
from clinic_desktop.i18n import _
from clinic_desktop.ui.entry.first_run_pages import FORM_WIDTH, bare_line, password_line
from clinic_desktop.ui.entry.page import Page
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.asking_files import ask_file, ask_folder
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.fields import Choice, Field, LineEdit


class RestorePage(Page):
    """Which backup, and what opens it. A folder with several offers them by their day."""

    answered = Signal(str, str, str)
    """The backup's file or folder, the file of the key (or nothing), the passphrase."""
    looked = Signal(str)
    """A file or folder was named; the backups in it are wanted."""

    def __init__(
        self, *, theme: Theme, source: str, key: str, back: Callable[[], None],
        stop: Callable[[], None],
    ) -> None:  # fmt: skip
        super().__init__(
            theme=theme,
            title=_("Restore from a backup"),
            sentence=_(
                "The clinic comes back as it was, on this computer. Everything is read and "
                "checked before anything is written."
            ),
            width=FORM_WIDTH,
        )
        self.source = bare_line(theme, source)
        self.which = Choice([], theme=theme)
        self.passphrase = password_line(theme)
        self.key = bare_line(theme, key)
        self.add_field(
            Field(
                _("Backup"), self.source, theme=theme, required=True, name="source",
                hint=_("A file clinic-…-full.age, or the folder or disk it lies on."),
            )
        )  # fmt: skip
        self._choosers(
            (_("Choose a folder"), "folder-open", self._choose_folder),
            (_("Choose a file"), "archive", self._choose_file),
        )
        self.which_field = self.add_field(
            Field(_("Which one"), self.which, theme=theme, name="which")
        )
        self.which_field.hide()
        self.add_field(
            Field(
                _("Passphrase of the recovery key"), self.passphrase, theme=theme,
                name="passphrase", optional=True, hint=_("The words chosen with the key."),
            )
        )  # fmt: skip
        self.add_field(
            Field(
                _("File of the recovery key"), self.key, theme=theme, name="key", optional=True,
                hint=_("Only when the passphrase is not known: the key itself."),
            )
        )  # fmt: skip
        self._choosers((_("Choose the key"), "key-round", self._choose_key))
        self.add_back(back)
        self.stop = self.add_link(_("Stop"), stop, icon="x")
        self.stop.hide()
        self.set_primary(_("Restore"), self._go_on)
        self.source.left.connect(self._look)
        self.source.textChanged.connect(self._forget_found)

    def _choosers(self, *acts: tuple[str, str, Callable[[], None]]) -> None:
        row = QHBoxLayout()
        row.setSpacing(12)
        for words, icon, act in acts:
            button = Button(words, theme=self.theme, icon=icon, kind="link", small=True)
            button.clicked.connect(act)
            self._links.append(button)
            row.addWidget(button)
        row.addStretch(1)
        self.body.addLayout(row)

    def set_busy(self, busy: bool, sentence: str = "") -> None:
        """Leave the way out open while the backup is brought back."""
        super().set_busy(busy, sentence)
        self.stop.setVisible(busy)
        self.stop.setEnabled(busy)
        if busy:
            self.stop.setFocus()

    def show_found(self, found: Sequence[tuple[str, str]]) -> None:
        """Offer the backups of a folder: words and file."""
        self.which.set_options(found)
        if self.which.currentIndex() < 0 and found:
            self.which.setCurrentIndex(0)
        self.which_field.setVisible(len(found) > 1)
        self.fields["source"].clear()

    def _forget_found(self) -> None:
        """Offer nothing of another folder: what is named now is what is restored."""
        self.which.set_options([])
        self.which_field.hide()

    def _look(self) -> None:
        if self.source.text().strip():
            self.looked.emit(self.source.text().strip())

    def _choose_folder(self) -> None:
        ask_folder(self, _("Backup"), partial(self._take, self.source), folder=self.source.text())

    def _choose_file(self) -> None:
        ask_file(
            self,
            _("Backup"),
            partial(self._take, self.source),
            filters=[f"{_('Backups')} (*-full.age)"],
            folder=self.source.text(),
        )

    def _choose_key(self) -> None:
        ask_file(
            self,
            _("File of the recovery key"),
            partial(self._take, self.key),
            folder=str(Path(self.source.text()).parent),
        )

    def _take(self, line: LineEdit, chosen: str) -> None:
        line.setText(chosen)
        line.setFocus()
        if line is self.source:
            self._look()

    def _go_on(self) -> None:
        for field in self.fields.values():
            field.clear()  # a disk may have been plugged in since, or another key chosen
        if self.check():
            self.answered.emit(
                self.which.value() or self.source.text().strip(),
                self.key.text().strip(),
                self.passphrase.text(),
            )


class LetInPage(Page):
    """After a restore nobody may sign in: one administrator gets a new password."""

    answered = Signal(str, str)
    """Login and new password."""

    def __init__(self, people: Sequence[tuple[str, str]], *, theme: Theme, sentence: str) -> None:
        super().__init__(
            theme=theme, title=_("The clinic is back"), sentence=sentence, width=FORM_WIDTH
        )
        names = [(f"{name} · {login.removeprefix('u_')}", login) for login, name in people]
        self.who = Choice(names, theme=theme, value=names[0][1] if names else None)
        self.password = password_line(theme)
        self.again = password_line(theme)
        for field in (
            Field(
                _("Who is let in first"), self.who, theme=theme, required=True, name="who",
                hint=_("The others get a new word from this person, in Settings, People."),
            ),
            Field(
                _("New password"), self.password, theme=theme, required=True, name="password",
                hint=_("At least 8 characters. Several words are easy to keep in mind."),
            ),
            Field(_("Password again"), self.again, theme=theme, required=True, name="again",
                  check=self._same),
        ):  # fmt: skip
            self.add_field(field)
        self.set_primary(_("Sign in"), self._go_on)
        if not names:
            self.refuse(
                SetupError(_("The backup names nobody who may manage people. Take an older one."))
            )

    def _same(self) -> str | None:
        if self.again.text() == self.password.text():
            return None
        return _("The two are not the same. Type it again.")

    def _go_on(self) -> None:
        if self.check():
            self.answered.emit(self.who.value(), self.password.text())
