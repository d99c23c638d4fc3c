"""One's own password, PIN and authenticator app."""

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinic_desktop.domain.passwords import check_pin, user_name_of
from clinic_desktop.errors import ClinicError, InvalidError
from clinic_desktop.i18n import N_, _
from clinic_desktop.services.context import Context
from clinic_desktop.services.installation import sign_in as entry
from clinic_desktop.services.staff.mine import Factors, my_factors
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.settings.section import Section
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.fields import Field, LineEdit
from clinic_desktop.ui.widgets.labels import Label, Tag
from clinic_desktop.ui.widgets.panel import Panel
from clinic_desktop.ui.widgets.qr import QrCode
from clinic_desktop.ui.widgets.secret import SecretLine

if TYPE_CHECKING:  # a session makes the section
    from collections.abc import Callable


class Account(Protocol):
    """What only the holder of the open session can do; ``ui.session.Session`` is the real one."""

    def change_password(
        self,
        *,
        old: str,
        new: str,
        again: str,
        done: "Callable[[], None]",
        failed: "Callable[[ClinicError], None]",
    ) -> None:
        """Change the password of the person and of the open connections."""

    def pin_changed(self) -> None:
        """Read the PIN again, so that the next lock takes the new one."""


def secret_line(desk: Desk) -> LineEdit:
    """Return a line that shows dots."""
    return SecretLine(theme=desk.theme)


class MySignInSection(Section):
    """Three cards; nothing typed here is ever kept as a draft."""

    title = N_("My sign-in")
    sentence = N_("How you sign in and come back. Nobody else sees or sets these.")

    def __init__(self, desk: Desk, account: Account) -> None:
        super().__init__(desk)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        self.password = PasswordCard(desk, account)
        self.pin = PinCard(desk, account, self.refresh)
        self.app = AppCard(desk, self.refresh)
        for card in (self.password, self.pin, self.app):
            column.addWidget(card)
        column.addStretch(1)

    def reload(self) -> None:
        """Ask which of them are set up."""
        self.desk.operations.query(self, my_factors, self._show, key="factors")

    def _show(self, factors: Factors) -> None:
        self.pin.show_state(factors.pin)
        self.app.show_state(factors.totp)

    def start_focus(self) -> None:
        """Begin with the password."""
        self.password.old.setFocus(Qt.FocusReason.OtherFocusReason)


class _Card(Panel):
    """A card with fields of its own, and one button that keeps them."""

    def __init__(self, title: str, desk: Desk) -> None:
        super().__init__(title, theme=desk.theme, padded=True)
        self.desk = desk
        self.fields: dict[str, Field] = {}

    def field(self, label: str, name: str, *, hint: str = "") -> LineEdit:
        """Add a secret field and return its line."""
        line = secret_line(self.desk)
        self.fields[name] = Field(label, line, theme=self.desk.theme, name=name, hint=hint)
        self.body.addWidget(self.fields[name])
        return line

    def refuse(self, error: Exception) -> None:
        """Show a refusal at its field, or in the message line."""
        field = self.fields.get(getattr(error, "field", None) or "")
        if field is None:
            self.desk.messages.warn(str(error))
            return
        field.show_error(str(error))
        field.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def row(self, *buttons: Button) -> QWidget:
        """Return the buttons side by side."""
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 4, 0, 0)
        row.setSpacing(8)
        for button in buttons:
            row.addWidget(button)
        row.addStretch(1)
        return holder


class PasswordCard(_Card):
    """The old password, and the new one twice."""

    def __init__(self, desk: Desk, account: Account) -> None:
        super().__init__(_("Password"), desk)
        self._account = account
        self.old = self.field(_("Password now"), "old")
        hint = _("At least 8 characters. Several words are easy to keep in mind.")
        self.new = self.field(_("New password"), "password", hint=hint)
        self.again = self.field(_("New password again"), "again")
        self.save = Button(_("Change password"), theme=desk.theme)
        self.save.clicked.connect(self._change)
        self.again.returnPressed.connect(self.save.click)
        self.body.addWidget(self.row(self.save))

    def _change(self) -> None:
        self.save.setEnabled(False)
        self._account.change_password(
            old=self.old.text(),
            new=self.new.text(),
            again=self.again.text(),
            done=self._changed,
            failed=self._refused,
        )

    def _changed(self) -> None:
        self.save.setEnabled(True)
        for line in (self.old, self.new, self.again):
            line.clear()
        self.desk.messages.say(_("Your password is changed. This window goes on."), "key-round")

    def _refused(self, error: ClinicError) -> None:
        self.save.setEnabled(True)
        self.refuse(error)


class PinCard(_Card):
    """A few digits that resume a locked session on this PC."""

    def __init__(self, desk: Desk, account: Account, changed: "Callable[[], None]") -> None:
        super().__init__(_("PIN"), desk)
        self._account, self._reload = account, changed
        self.state = Tag("unknown", None, _("Not loaded"), theme=desk.theme)
        self.add_head(self.state)
        words = _(
            "After a lock the PIN brings your open session back, five tries; it never signs you in."
        )
        self.body.addWidget(Label(words, theme=desk.theme, role="text_2", wrap=True))
        self.pin = self.field(_("New PIN"), "pin", hint=_("4 to 12 digits"))
        self.pin.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
        self.again = self.field(_("New PIN again"), "again")
        self.save = Button(_("Keep this PIN"), theme=desk.theme)
        self.save.clicked.connect(self._keep)
        self.again.returnPressed.connect(self.save.click)
        self.remove = Button(_("Remove the PIN"), theme=desk.theme, kind="quiet")
        self.remove.clicked.connect(self._remove)
        self.remove.hide()
        self.body.addWidget(self.row(self.save, self.remove))

    def show_state(self, there: bool) -> None:
        """Say whether a PIN is set."""
        if there:
            self.state.set_tag("success", "check", _("Set"))
        else:
            self.state.set_tag("plain", None, _("None"))
        self.remove.setVisible(there)

    def _keep(self) -> None:
        pin = self.pin.text()
        try:
            check_pin(pin)
        except InvalidError as error:
            self.refuse(error)
            return
        if pin != self.again.text():
            self.refuse(InvalidError(_("The two are not the same. Type it again."), field="again"))
            return
        self._set(pin, _("The PIN is kept. It brings you back after the next lock."))

    def _remove(self) -> None:
        self._set(None, _("The PIN is removed. After a lock the password is asked for."))

    def _set(self, pin: str | None, said: str) -> None:
        def call(ctx: Context) -> None:
            entry.set_pin(ctx, pin)

        def done(_none: None) -> None:
            self.pin.clear()
            self.again.clear()
            self._account.pin_changed()
            self._reload()
            self.desk.messages.say(said, "key-round")

        self.desk.operations.change(self, call, done, failed=self.refuse)


class AppCard(_Card):
    """The second factor: scan, type six digits, done."""

    def __init__(self, desk: Desk, changed: "Callable[[], None]") -> None:
        super().__init__(_("Authenticator app"), desk)
        self._reload = changed
        self._seed = ""
        self.state = Tag("unknown", None, _("Not loaded"), theme=desk.theme)
        self.add_head(self.state)
        self.words = Label(theme=desk.theme, role="text_2", wrap=True)
        self.body.addWidget(self.words)
        self.begin = Button(_("Set it up"), theme=desk.theme, icon="qr-code")
        self.begin.clicked.connect(self._begin)
        self.body.addWidget(self.row(self.begin))
        self._steps = QWidget()
        steps = QVBoxLayout(self._steps)
        steps.setContentsMargins(0, 4, 0, 0)
        steps.setSpacing(8)
        scan = _("1. Scan this with the app, or type the letters into it.")
        steps.addWidget(Label(scan, theme=desk.theme, wrap=True))
        self.qr = QrCode()
        steps.addWidget(self.qr, 0, Qt.AlignmentFlag.AlignLeft)
        self.letters = LineEdit(theme=desk.theme)
        self.letters.setReadOnly(True)
        self.letters.setAccessibleName(_("Letters to type into the app"))
        steps.addWidget(self.letters)
        self.code = LineEdit(theme=desk.theme, placeholder="000 000", longest=12)
        self.fields["code"] = Field(
            _("2. Type the six digits it shows"), self.code, theme=desk.theme, name="code"
        )
        steps.addWidget(self.fields["code"])
        self.keep = Button(_("Turn it on"), theme=desk.theme)
        self.keep.clicked.connect(self._keep)
        self.code.returnPressed.connect(self.keep.click)
        steps.addWidget(self.row(self.keep))
        self._steps.hide()
        self.body.addWidget(self._steps)

    def show_state(self, there: bool) -> None:
        """Say whether signing in asks for the app."""
        admin = self.desk.who.may("staff.write")
        if there:
            self.state.set_tag("success", "check", _("On"))
            self.words.setText(
                _(
                    "Signing in asks for its six digits. If the phone is lost, an administrator "
                    "takes it away and you set it up anew."
                )
            )
            self.begin.setText(_("Set it up anew"))
            return
        self.begin.setText(_("Set it up"))
        if admin:
            self.state.set_tag("warning", "triangle-alert", _("Needed"))
            words = _("You may change everything here: a stolen password alone must not be enough.")
        else:
            self.state.set_tag("plain", None, _("Off"))
            words = _("Six digits from your phone, beside the password, each time you sign in.")
        self.words.setText(words)

    def _begin(self) -> None:
        who = self.desk.who
        self._seed = entry.new_totp_seed()
        address = entry.totp_address(
            self._seed, user_name=user_name_of(who.login), clinic_name=who.clinic_name
        )
        self.qr.show_text(address)
        self.letters.setText(" ".join(self._seed[i : i + 4] for i in range(0, len(self._seed), 4)))
        self._steps.show()
        self.code.setFocus(Qt.FocusReason.OtherFocusReason)

    def _keep(self) -> None:
        seed, code = self._seed, self.code.text()

        def call(ctx: Context) -> None:
            entry.confirm_totp(ctx, seed, code)

        def done(_none: None) -> None:
            self._seed = ""
            self.code.clear()
            self.letters.clear()
            self._steps.hide()
            self._reload()
            self.desk.messages.say(_("From now on signing in asks for the app."), "shield-check")

        self.desk.operations.change(self, call, done, failed=self.refuse)
