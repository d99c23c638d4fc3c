"""Before an administrator works on a clinic's server: a second factor beside the password."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal

from clinic_desktop.i18n import _
from clinic_desktop.ui.entry.first_run_pages import bare_line
from clinic_desktop.ui.entry.page import Page
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.fields import Field, LineEdit
from clinic_desktop.ui.widgets.qr import QrCode


class SecondFactorPage(Page):
    """Shows what the app scans and asks for the digits it shows then."""

    answered = Signal(str)

    def __init__(self, *, theme: Theme, seed: str, address: str, left: Callable[[], None]) -> None:
        super().__init__(
            theme=theme,
            title=_("Set up the authenticator app"),
            sentence=_(
                "You may change everything at this clinic, over the network: a stolen password "
                "alone must not be enough."
            ),
            width=460,
        )
        self.seed = seed
        qr = QrCode()
        qr.show_text(address)
        self.body.addWidget(qr, 0, Qt.AlignmentFlag.AlignLeft)
        letters = " ".join(seed[i : i + 4] for i in range(0, len(seed), 4))
        self.letters = LineEdit(letters, theme=theme)
        self.letters.setReadOnly(True)
        self.letters.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.body.addWidget(Field(_("Or type these letters"), self.letters, theme=theme))
        self.code = bare_line(theme, placeholder="000 000")
        self.add_field(
            Field(
                _("Six digits that the app shows"),
                self.code,
                theme=theme,
                required=True,
                name="code",
            )
        )
        self.add_back(left)
        self.set_primary(_("Turn it on"), self._go_on)

    def _go_on(self) -> None:
        if self.check():
            self.answered.emit(self.code.text())
