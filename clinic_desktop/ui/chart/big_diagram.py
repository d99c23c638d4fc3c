"""One tooth's surfaces large enough for a gloved finger; shown in touch sizes alone."""

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from clinic_desktop.domain.teeth.surfaces import letters
from clinic_desktop.i18n import _
from clinic_desktop.ui.chart.inks import make_inks
from clinic_desktop.ui.chart.tooth_paths import DiagramPaths, diagram_paths
from clinic_desktop.ui.theme.theme import Theme

_HEIGHT: Final = 184
_LEAST: Final = 124
_MARGIN: Final = 8.0


class BigDiagram(QWidget):
    """The five surfaces; ``tapped`` carries the one let go over; moved off, a finger cancels."""

    tapped = Signal(str)

    def __init__(self, theme: Theme, locale: str = "en", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._locale = locale
        self._tooth: int | None = None
        self._picked = ""
        self._pressed = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setMaximumHeight(_HEIGHT)
        self.setAccessibleName(_("Surfaces of the tooth"))
        theme.changed.connect(self.update)

    def show_tooth(self, fdi: int | None, picked: str) -> None:
        """Show a tooth with the surfaces picked so far; none hides it."""
        self._tooth, self._picked = fdi, picked
        self.setVisible(fdi is not None)
        self.update()

    def sizeHint(self) -> QSize:
        """Return room for faces of 48 and more."""
        return QSize(220, _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """Return room for faces that a finger still meets where the window is low."""
        return QSize(160, _LEAST)

    def paths(self) -> DiagramPaths | None:
        """Return the faces at the size of the widget, around its middle."""
        if self._tooth is None:
            return None
        bare = diagram_paths(self._tooth, 1.0).box
        wide = (self.width() - 2 * _MARGIN) / bare.width()
        tall = (self.height() - 2 * _MARGIN) / bare.height()
        # In steps, so that few sizes are kept.
        return diagram_paths(self._tooth, max(1.0, int(min(wide, tall) * 2) / 2))

    def face_at(self, at: QPointF) -> str:
        """Return the surface at a point, or nothing."""
        paths = self.paths()
        inside = at - QRectF(self.rect()).center()
        faces = paths.faces.items() if paths is not None else ()
        return next((code for code, face in faces if face.contains(inside)), "")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember what was pressed."""
        self._pressed = self.face_at(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Tell the surface when it is still the one that was pressed."""
        pressed, self._pressed = self._pressed, ""
        if pressed and self.face_at(event.position()) == pressed:
            self.tapped.emit(pressed)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the faces with their letters, those picked in the colour of what is chosen."""
        paths = self.paths()
        if paths is None or self._tooth is None:
            return
        theme, inks = self._theme, make_inks(self._theme)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(QRectF(self.rect()).center())
        painter.setFont(theme.font("heading"))
        # Those picked come last: their edge lies over that of the others.
        for code in sorted(paths.faces, key=lambda code: code in self._picked):
            face, picked = paths.faces[code], code in self._picked
            painter.setPen(
                QPen(theme.color("accent"), 2) if picked else QPen(inks.rim.color(), 1.4)
            )
            painter.setBrush(theme.color("accent_soft") if picked else inks.enamel.color())
            painter.drawPath(face)
            painter.setPen(theme.color("on_accent_soft") if picked else inks.tooth_letter)
            at = paths.middles[code]
            box = QRectF(at.x() - 20, at.y() - 14, 40, 28)
            words = letters(code, self._tooth, self._locale) + (" ✓" if picked else "")
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
        painter.end()
