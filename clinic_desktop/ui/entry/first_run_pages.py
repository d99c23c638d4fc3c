"""The pages of the first start: where the data live, the clinic, its first person, a server."""

import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from clinic_desktop.i18n import _
from clinic_desktop.ui.entry.assumed import AssumedPanel
from clinic_desktop.ui.entry.choice_card import ChoiceCard
from clinic_desktop.ui.entry.page import Page
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.asking_files import ask_file
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.fields import Field, LineEdit
from clinic_desktop.ui.widgets.secret import SecretLine

FORM_WIDTH: Final = 460
PLACES: Final = ("computer", "server", "sample")


def password_line(theme: Theme) -> LineEdit:
    """Return a line that shows dots."""
    return SecretLine(theme=theme)


def bare_line(theme: Theme, text: str = "", placeholder: str = "") -> LineEdit:
    """Return a line for names that machines compare: nothing is corrected or capitalised."""
    line = LineEdit(text, theme=theme, placeholder=placeholder)
    line.setInputMethodHints(
        Qt.InputMethodHint.ImhNoAutoUppercase | Qt.InputMethodHint.ImhNoPredictiveText
    )
    return line


class WherePage(Page):
    """Question 1: where the clinic's data will live."""

    chosen = Signal(str)
    """One of PLACES, when somebody goes on."""
    looked_at = Signal(str)
    """One of PLACES, while choosing."""
    restore_wanted = Signal()

    def __init__(self, *, theme: Theme, place: str) -> None:
        super().__init__(
            theme=theme,
            step=_("Question 1 of 3"),
            title=_("Where will the clinic’s data live?"),
        )
        self.cards = {
            "computer": ChoiceCard(
                _("On this computer"),
                _("One PC, ready in about a minute. More PCs can join later."),
                icon="monitor", number=1, theme=theme,
            ),
            "server": ChoiceCard(
                _("On our clinic server"),
                _("Join other PCs that already use Clinic Desktop."),
                _("You need the server’s address and your user name."),
                icon="server", number=2, theme=theme,
            ),
            "sample": ChoiceCard(
                _("Just look around"),
                _("A made-up clinic with sample patients. Nothing you do there touches real data."),
                icon="layout-dashboard", number=3, theme=theme,
            ),
        }  # fmt: skip
        self._group = QButtonGroup(self)
        for name, card in self.cards.items():
            self._group.addButton(card)
            self.body.addWidget(card)
            card.toggled.connect(lambda on, name=name: self.looked_at.emit(name) if on else None)
        self.assumed = AssumedPanel(theme=theme)
        self.body.addWidget(self.assumed)
        self.set_primary(_("Continue"), lambda: self.chosen.emit(self.place()))
        words, icon = _("Restore from a backup"), "hard-drive-download"
        self.restore = self.add_link(words, self.restore_wanted.emit, icon=icon, key="4")
        self.cards[place].setChecked(True)

    def place(self) -> str:
        """Return which choice holds."""
        return next(name for name, card in self.cards.items() if card.isChecked())

    def start_focus(self) -> None:
        """Begin on the choice that holds."""
        self.cards[self.place()].setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose with 1, 2 and 3; 4 is the way in with a backup."""
        number = event.key() - Qt.Key.Key_1
        if number == len(PLACES) and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.restore.click()
            event.accept()
            return
        if (
            0 <= number < len(PLACES)
            and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        ):
            card = self.cards[PLACES[number]]
            card.setChecked(True)
            card.setFocus(Qt.FocusReason.OtherFocusReason)
            event.accept()
            return
        super().keyPressEvent(event)


class ClinicPage(Page):
    """Question 2 on this computer: what the clinic is called."""

    answered = Signal(str)

    def __init__(self, *, theme: Theme, name: str, back: Callable[[], None]) -> None:
        super().__init__(
            theme=theme,
            step=_("Question 2 of 3"),
            title=_("What is the clinic called?"),
            sentence=_("The name stands at the top of the window and on every paper."),
            width=FORM_WIDTH,
        )
        self.name = LineEdit(name, theme=theme, longest=200, large=True)
        self.add_field(
            Field(
                _("Name of the clinic"), self.name, theme=theme, required=True, name="clinic_name"
            )
        )
        self.add_back(back)
        self.set_primary(_("Continue"), self._go_on)

    def _go_on(self) -> None:
        if self.check():
            self.answered.emit(self.name.text())


class PersonPage(Page):
    """Question 3 on this computer: the first person, who may do everything."""

    answered = Signal(str, str, str)
    """Name, user name, password."""

    def __init__(
        self, *, theme: Theme, name: str, user_name: str, back: Callable[[], None]
    ) -> None:
        super().__init__(
            theme=theme,
            step=_("Question 3 of 3"),
            title=_("Who looks after the clinic’s program?"),
            sentence=_("This person may do everything and invites the others."),
            width=FORM_WIDTH,
        )
        self.name = LineEdit(name, theme=theme, longest=120)
        self.user_name = bare_line(theme, user_name)
        self.password = password_line(theme)
        self.again = password_line(theme)
        self._own_user_name = bool(user_name)
        for field in (
            Field(_("Your name"), self.name, theme=theme, required=True, name="name"),
            Field(
                _("User name"), self.user_name, theme=theme, required=True, name="user_name",
                hint=_("What you type to sign in: letters a to z, digits and _."),
            ),
            Field(
                _("Password"), self.password, theme=theme, required=True, name="password",
                hint=_("At least 8 characters. Several words are easy to keep in mind."),
            ),
            Field(_("Password again"), self.again, theme=theme, required=True, name="again",
                  check=self._same),
        ):  # fmt: skip
            self.add_field(field)
        self.name.textEdited.connect(self._propose)
        self.user_name.textEdited.connect(self._keep_own)
        self.add_back(back)
        self.set_primary(_("Open the clinic"), self._go_on)

    def _propose(self, name: str) -> None:
        """Propose a user name until somebody types one."""
        if not self._own_user_name:
            self.user_name.setText(propose_user_name(name))

    def _keep_own(self, text: str) -> None:
        self._own_user_name = bool(text)

    def _same(self) -> str | None:
        if self.again.text() == self.password.text():
            return None
        return _("The two are not the same. Type it again.")

    def _go_on(self) -> None:
        if self.check():
            self.answered.emit(self.name.text(), self.user_name.text(), self.password.text())


def propose_user_name(name: str) -> str:
    """Return a user name made of a person's name: letters and digits only."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    words = ["".join(c for c in word if c.isascii() and c.isalnum()) for word in plain.split()]
    words = [word for word in words if word and word not in {"dr", "dra", "prof"}]
    return "_".join(words[:1] + words[-1:] if len(words) > 1 else words)[:40]


class ServerPage(Page):
    """Question 2 with a clinic server: where it is and whether it can be trusted."""

    answered = Signal(str, str, str, str)
    """Address, port, database, certificate file."""

    def __init__(
        self, *, theme: Theme, host: str, port: str, database: str, certificate: str,
        back: Callable[[], None],
    ) -> None:  # fmt: skip
        super().__init__(
            theme=theme,
            step=_("Question 2 of 3"),
            title=_("Which server is it?"),
            sentence=_("Whoever looks after the server knows this. It is tried before it is kept."),
            width=FORM_WIDTH,
        )
        self.host = bare_line(theme, host, "db.clinic.lan")
        self.port = bare_line(theme, port or "5432")
        self.port.setMaximumWidth(110)
        self.database = bare_line(theme, database or "clinic")
        self.certificate = bare_line(theme, certificate)
        hosts = Field(_("Address"), self.host, theme=theme, required=True, name="host")
        ports = Field(_("Port"), self.port, theme=theme, name="port")
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(hosts, 1)
        row.addWidget(ports)
        self.body.addLayout(row)
        for field in (hosts, ports):
            self.fields[field.name] = field
        self.add_field(
            Field(_("Name of the database"), self.database, theme=theme, required=True,
                  name="database")
        )  # fmt: skip
        self.body.addWidget(self._certificate_row())
        self.add_back(back)
        self.set_primary(_("Try it"), self._go_on)

    def _certificate_row(self) -> QWidget:
        field = Field(
            _("Certificate file"), self.certificate, theme=self.theme, optional=True,
            name="root_certificate",
            hint=_("Only where the clinic signs its own certificates."),
        )  # fmt: skip
        self.fields[field.name] = field
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(field, 1)
        browse = Button(_("Choose…"), theme=self.theme, icon="folder-open")
        browse.clicked.connect(self._browse)
        # As far down as the line beside it: below a label of the small type.
        beside = QVBoxLayout()
        beside.setContentsMargins(0, self.theme.line_height("small") + 4, 0, 0)
        beside.addWidget(browse)
        beside.addStretch(1)
        row.addLayout(beside)
        return holder

    def _browse(self) -> None:
        ask_file(
            self,
            _("Certificate file"),
            self.certificate.setText,
            filters=[_("Certificates (*.crt *.pem *.cer)")],
            folder=str(Path.home()),
        )

    def _go_on(self) -> None:
        if self.check():
            self.answered.emit(
                self.host.text(), self.port.text(), self.database.text(), self.certificate.text()
            )


class JoinPage(Page):
    """Question 3 with a clinic server: who joins."""

    answered = Signal(str, str, str)
    """User name, password, six digits or nothing."""

    def __init__(
        self, *, theme: Theme, host: str, user_name: str, back: Callable[[], None]
    ) -> None:
        super().__init__(
            theme=theme,
            step=_("Question 3 of 3"),
            title=_("Who are you?"),
            sentence=_("{host} was found and can be trusted. Sign in as on the other PCs.").format(
                host=host
            ),
            width=FORM_WIDTH,
        )
        self.user_name = bare_line(theme, user_name)
        self.password = password_line(theme)
        self.code = bare_line(theme, placeholder="000 000")
        self.add_field(
            Field(_("User name"), self.user_name, theme=theme, required=True, name="user_name")
        )
        self.add_field(
            Field(_("Password"), self.password, theme=theme, required=True, name="password")
        )
        code = self.add_field(
            Field(_("Six digits of your authenticator app"), self.code, theme=theme, name="code")
        )
        code.hide()
        self.add_back(back)
        self.set_primary(_("Join the clinic"), self._go_on)

    def ask_code(self) -> None:
        """Show the field for the second factor."""
        self.fields["code"].show()

    def _go_on(self) -> None:
        if self.check():
            self.answered.emit(self.user_name.text(), self.password.text(), self.code.text())
