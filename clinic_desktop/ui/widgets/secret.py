"""A line for passwords and PINs."""

from PySide6.QtWidgets import QWidget

from clinic_desktop.domain.passwords import LONGEST, check_characters
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.line import LineEdit, problem_of


class SecretLine(LineEdit):
    """Shows dots; what a clipboard brings and no password can have is said at once."""

    def __init__(self, *, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme=theme, longest=LONGEST, parent=parent)
        self.setEchoMode(LineEdit.EchoMode.Password)

    def problem(self) -> str | None:
        """Return the sentence that says what is wrong, or None."""
        return problem_of(lambda: check_characters(self.text()))
