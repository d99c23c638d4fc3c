"""A sentence above the pages with the one thing that can be done about it."""

from collections.abc import Callable

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.pictures import Icon


class Notice(QFrame):
    """Hidden until there is something to say; screen readers are told at once."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._act: Callable[[], None] | None = None
        self.setProperty("kind", "panel_head")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(8)
        self._icon = Icon("printer", theme=theme)
        self._words = Label(theme=theme, wrap=True)
        self.button = Button(theme=theme, name="", small=True)
        self.button.clicked.connect(self._do)
        row.addWidget(self._icon)
        row.addWidget(self._words, 1)
        row.addWidget(self.button)
        self.hide()

    def tell(
        self,
        sentence: str,
        icon: str,
        act: tuple[str, Callable[[], None]] | None = None,
        *,
        quiet: bool = False,
    ) -> None:
        """Show a sentence, and a button for ``act`` where there is one.

        What did not work is not ``quiet``: its icon has the colour of a warning.
        """
        self._icon.set_icon(icon, "text_2" if quiet else "warning")
        self._words.setText(sentence)
        self.button.setVisible(act is not None)
        self._act = act[1] if act else None
        if act is not None:
            self.button.setText(act[0])
        self.show()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, sentence))

    def text(self) -> str:
        """Return what is said."""
        return self._words.text()

    def focus_act(self) -> None:
        """Put the focus on what can be done."""
        self.button.setFocus()

    def _do(self) -> None:
        if self._act is not None:
            self._act()
