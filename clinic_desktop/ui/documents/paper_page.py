"""A paper in place of the screen that asked for it, with the way back above it."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from clinic_desktop.i18n import _
from clinic_desktop.ui.documents.preview import PaperPreview
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.labels import Label


class PaperPage(QFrame):
    """Shows one paper under its name; Esc or the button goes back."""

    left = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "panel")
        self._back = Button(_("Back"), theme=theme, icon="arrow-left", key="Esc", small=True)
        self._back.clicked.connect(self.close_paper)
        self._name = Label(theme=theme, size="strong")
        self.preview = PaperPreview(theme)
        self.preview.closed.connect(self.close_paper)
        head = QHBoxLayout()
        head.setContentsMargins(12, 8, 12, 8)
        head.setSpacing(12)
        head.addWidget(self._back)
        head.addWidget(self._name, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.preview, 1)

    def show_paper(self, data: bytes, name: str, *, to_print: bool) -> None:
        """Show a PDF under its name; ``to_print`` goes on to the printer at once.

        Raises InvalidError with a sentence when the bytes are no PDF.
        """
        self.preview.show_paper(data, name)
        self._name.setText(name)
        self.setAccessibleName(name)
        if to_print:
            self.preview.print_paper()

    @Slot()
    def close_paper(self) -> None:
        """Let go of the paper and tell who is behind it."""
        self.preview.clear()
        self.left.emit()
