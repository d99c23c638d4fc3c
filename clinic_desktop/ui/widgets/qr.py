"""A QR code drawn in black on white, whatever the theme: cameras want it so."""

from typing import Final

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from clinic_desktop.i18n import _

MODULE: Final = 5
QUIET: Final = 4  # modules of white around it, ISO/IEC 18004


class QrCode(QWidget):
    """Shows a text as a QR code."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[bytes] = []
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(_("QR code for the authenticator app"))

    def show_text(self, text: str) -> None:
        """Show another text."""
        # Few people ever need one; the window is there before it is loaded.
        import segno

        self._rows = [bytes(row) for row in segno.make(text, error="m", micro=False).matrix]
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the room for code and quiet zone."""
        side = (len(self._rows) + 2 * QUIET) * MODULE
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Draw the modules."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), Qt.GlobalColor.white)
        for y, row in enumerate(self._rows):
            for x, dark in enumerate(row):
                if dark:
                    place = QRect((x + QUIET) * MODULE, (y + QUIET) * MODULE, MODULE, MODULE)
                    painter.fillRect(place, Qt.GlobalColor.black)
        painter.end()
