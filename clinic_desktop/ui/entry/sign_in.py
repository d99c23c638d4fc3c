"""Signing in and coming back: who it is out of the names last used here, then the secret."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QElapsedTimer, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QScrollArea, QVBoxLayout, QWidget

from clinic_desktop.i18n import _, ngettext
from clinic_desktop.ui.entry.faces import Face, FaceCard
from clinic_desktop.ui.entry.first_run_pages import bare_line, password_line
from clinic_desktop.ui.entry.page import Page
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.fields import Field

WIDTH: Final = 460
SHOWN: Final = 5
TICK_MS: Final = 250


class SignInPage(Page):
    """The list, and below it the field that the chosen person needs."""

    submitted = Signal(object, str, str, str)
    """Face, user name, secret (password or PIN), six digits or nothing."""
    forgotten = Signal(str)
    """Login to take off this PC's list."""
    connections_wanted = Signal()

    def __init__(
        self,
        faces: Sequence[Face],
        *,
        theme: Theme,
        title: str,
        sentence: str = "",
        chosen: str = "",
        other: bool = True,
        connections: bool = False,
    ) -> None:
        """``chosen`` is the login to begin with; ``other`` offers somebody not in the list."""
        super().__init__(theme=theme, title=title, sentence=sentence, width=WIDTH)
        self._with_password = False
        self._until = QElapsedTimer()
        self._wait_ms = 0
        self._ticks = QTimer(self)
        self._ticks.setInterval(TICK_MS)
        self._ticks.timeout.connect(self._count_down)
        faces = [*faces]
        if other:
            faces.append(Face("", _("Somebody else") if faces else _("Sign in by user name")))
        self.cards = [FaceCard(face, theme=theme) for face in faces]
        self._group = QButtonGroup(self)
        self.body.addWidget(self._list())
        self.user_name = bare_line(theme)
        self.secret = password_line(theme)
        self.code = bare_line(theme, placeholder="000 000")
        self.add_field(
            Field(_("User name"), self.user_name, theme=theme, required=True, name="user_name")
        )
        self._secret_field = Field(_("Password"), self.secret, theme=theme, name="password")
        self._pin = password_line(theme)
        self._pin.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
        self._pin_field = Field(_("PIN"), self._pin, theme=theme, name="pin")
        self.add_field(self._secret_field)
        self.add_field(self._pin_field)
        self.add_field(
            Field(_("Six digits of your authenticator app"), self.code, theme=theme, name="code")
        )
        self._switch = self.add_link(_("Use the password"), self._use_password, icon="key-round")
        self.forget = self.add_link(_("Take off this list"), self._forget, icon="x")
        if connections:
            self.add_link(_("Another connection"), self.connections_wanted.emit, icon="plug")
        self.set_primary(_("Sign in"), self._go_on)
        start = next((c for c in self.cards if c.face.login == chosen), self.cards[0])
        start.setChecked(True)
        self._chose()
        self._group.buttonToggled.connect(self._toggled)

    def _list(self) -> QWidget:
        """Return the cards, in an area that scrolls when there are many."""
        inside = QFrame()
        inside.setProperty("kind", "sunken")
        column = QVBoxLayout(inside)
        # Room for the ring around a focused card.
        column.setContentsMargins(4, 4, 4, 4)
        column.setSpacing(8)
        for card in self.cards:
            self._group.addButton(card)
            column.addWidget(card)
        self._area = QScrollArea()
        self._area.setWidget(inside)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        rows = min(SHOWN, len(self.cards))
        self._area.setFixedHeight(rows * (self.cards[0].sizeHint().height() + 8) + 2)
        return self._area

    # -- who --------------------------------------------------------------------------------

    def face(self) -> Face:
        """Return who is chosen."""
        return self._card().face

    def _card(self) -> FaceCard:
        return next(card for card in self.cards if card.isChecked())

    def _toggled(self, _card: object, on: bool) -> None:
        if on:
            self._with_password = False
            self._chose()

    def _chose(self) -> None:
        """Show what this person has to type."""
        face = self.face()
        pin = face.takes_pin and not self._with_password
        self.fields["user_name"].setVisible(not face.login)
        self._pin_field.setVisible(pin)
        self._secret_field.setVisible(not pin and not face.known)
        self.fields["code"].hide()
        for field in self.fields.values():
            field.clear()
        for line in (self.secret, self._pin, self.code):
            line.clear()
        self._switch.setVisible(pin)
        self.forget.setVisible(bool(face.login) and not face.open and not face.known)
        self._refusal.hide()
        self.set_wait(0)
        if self.primary is not None:
            self.primary.setText(_("Go on") if face.open else _("Sign in"))
        self._area.ensureWidgetVisible(self._card())

    def _use_password(self) -> None:
        self.ask_password("")

    def ask_password(self, sentence: str) -> None:
        """Ask for the password in place of the PIN; ``sentence`` says why."""
        self._with_password = True
        self._chose()
        if sentence:
            self.note(sentence)
        self.start_focus()

    def ask_code(self) -> None:
        """Ask for the second factor; the password stays as typed."""
        self.fields["code"].show()

    def start_focus(self) -> None:
        """Begin where the chosen person types, on the card where nothing is to be typed."""
        for field in self.fields.values():
            if field.isVisibleTo(self):
                field.editor.setFocus(Qt.FocusReason.OtherFocusReason)
                return
        self._card().setFocus(Qt.FocusReason.OtherFocusReason)

    def _step(self, step: int) -> None:
        place = self.cards.index(self._card()) + step
        if 0 <= place < len(self.cards):
            self.cards[place].setChecked(True)
            self.start_focus()

    def _forget(self) -> None:
        self.forgotten.emit(self.face().login)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go up and down the list from the field as well."""
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and not self.busy:
            self._step(-1 if event.key() == Qt.Key.Key_Up else 1)
            event.accept()
            return
        super().keyPressEvent(event)

    # -- the secret -------------------------------------------------------------------------

    @Slot()
    def _go_on(self) -> None:
        if self.busy or self._wait_ms or not self.check():
            return
        face = self.face()
        secret = self._pin if self._pin_field.isVisibleTo(self) else self.secret
        self.submitted.emit(face, self.user_name.text(), secret.text(), self.code.text())

    def set_busy(self, busy: bool, sentence: str = "") -> None:
        """Keep the list still while somebody is being let in."""
        super().set_busy(busy, sentence)
        self._area.setEnabled(not busy)

    @property
    def with_pin(self) -> bool:
        """Whether the PIN is what is typed."""
        return self._pin_field.isVisibleTo(self)

    def wrong(self) -> None:
        """Take the secret out, so that it can be typed again at once."""
        self.secret.clear()
        self._pin.clear()

    def set_wait(self, seconds: float) -> None:
        """Count down until the next try is allowed; 0 ends it."""
        self._wait_ms = int(seconds * 1000)
        if self._wait_ms > 0:
            self._until.start()
            self._ticks.start()
            self._count_down()
        else:
            self._ticks.stop()
            if self.primary is not None and not self.busy:
                self.primary.setEnabled(True)

    @Slot()
    def _count_down(self) -> None:
        left = self._wait_ms - self._until.elapsed()
        if left <= 0:
            self.set_wait(0)
            self._secret_field.clear()
            return
        if self.primary is not None:
            self.primary.setEnabled(False)
        seconds = -(-left // 1000)
        self._secret_field.show_error(
            ngettext(
                "Too many tries. Wait {count} second, then type the password again.",
                "Too many tries. Wait {count} seconds, then type the password again.",
                seconds,
            ).format(count=seconds)
        )
