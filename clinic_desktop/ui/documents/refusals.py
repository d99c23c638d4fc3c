"""What was not stored and why, or stored but needs a look; it stays until it is read."""

from collections.abc import Sequence

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from clinic_desktop.i18n import _
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.pictures import Icon

_MOST = 5


class Refusals(QFrame):
    """One line for each file, name and sentence; the button closes it."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "panel_head")
        self.words = Label(theme=theme, wrap=True)
        self.close_button = Button(_("Close"), theme=theme, small=True)
        self.close_button.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(10)
        row.addWidget(Icon("triangle-alert", theme=theme, role="warning"))
        column = QVBoxLayout()
        column.addWidget(self.words)
        row.addLayout(column, 1)
        row.addWidget(self.close_button)
        self.hide()

    def tell(self, told: Sequence[tuple[str, str]]) -> None:
        """Show the files and their sentences; none hides it."""
        lines = [f"{name}: {sentence}" for name, sentence in told[:_MOST]]
        if len(told) > _MOST:
            lines.append(_("And {count} more.").format(count=len(told) - _MOST))
        text = "\n".join(lines)
        self.words.setText(text)
        self.setVisible(bool(told))
        if told:
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))
