"""What a mark still needs when its points are set: words, or a known length."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout

from clinic_desktop.i18n import _
from clinic_desktop.ui.keymap.binding import bind_within
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.line import LineEdit


class MarkForm(QFrame):
    """One line below the bar: Enter draws, Esc leaves it out."""

    left = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("kind", "panel_head")
        self._done: Callable[[str], None] | None = None
        self._question = Label(theme=theme)
        self.line = LineEdit(theme=theme, longest=500)
        self.refusal = Label(theme=theme, role="danger")
        self.draw = Button(_("Draw"), theme=theme, key="Enter", kind="primary", small=True)
        self.draw.clicked.connect(self._finish)
        self.line.returnPressed.connect(self._finish)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 12, 6)
        row.setSpacing(10)
        row.addWidget(self._question)
        row.addWidget(self.line, 1)
        row.addWidget(self.refusal)
        row.addWidget(self.draw)
        bind_within(self, "Esc", self.close_form)
        self.hide()

    def ask(self, question: str, done: Callable[[str], None]) -> None:
        """Ask for one line of text; ``done`` gets it."""
        self._done = done
        self._question.setText(question)
        self.line.setAccessibleName(question)
        self.line.clear()
        self.refusal.hide()
        self.show()
        self.line.setFocus()

    def refuse(self, sentence: str) -> None:
        """Say why it cannot be drawn; what was typed stays."""
        self.refusal.setText(sentence)
        self.refusal.show()
        self.line.setFocus()

    def close_form(self) -> None:
        """Ask no more."""
        self._done = None
        self.hide()
        self.left.emit()

    def _finish(self) -> None:
        if self._done is not None:
            self._done(self.line.text().strip())
