"""After a first sign-in: a password that nobody else knows."""

from collections.abc import Callable

from PySide6.QtCore import Signal

from clinic_desktop.i18n import _
from clinic_desktop.ui.entry.first_run_pages import password_line
from clinic_desktop.ui.entry.page import Page
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.fields import Field


class OwnPasswordPage(Page):
    """Asks for a new password twice."""

    answered = Signal(str, str)

    def __init__(self, name: str, *, theme: Theme, left: Callable[[], None]) -> None:
        super().__init__(
            theme=theme,
            title=_("Welcome, {name}").format(name=name),
            sentence=_("The word you were given works once. Choose a password that only you know."),
            width=460,
        )
        self.password = password_line(theme)
        self.again = password_line(theme)
        self.add_field(
            Field(
                _("New password"), self.password, theme=theme, required=True, name="password",
                hint=_("At least 8 characters. Several words are easy to keep in mind."),
            )
        )  # fmt: skip
        self.add_field(
            Field(_("New password again"), self.again, theme=theme, required=True, name="again")
        )
        self.add_back(left)
        self.set_primary(_("Keep it and go on"), self._go_on)

    def _go_on(self) -> None:
        if self.check():
            self.answered.emit(self.password.text(), self.again.text())
