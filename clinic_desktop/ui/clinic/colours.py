"""The colours of services and providers: each a word with its swatch, never the colour alone."""

from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap

from clinic_desktop.i18n import N_, _
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.fields import Choice

COLOURS: Final = {
    "svc_exam": N_("Blue"),
    "svc_hygiene": N_("Green"),
    "svc_restore": N_("Ochre"),
    "svc_endo": N_("Rust"),
    "svc_surgery": N_("Crimson"),
    "svc_prostho": N_("Violet"),
    "svc_ortho": N_("Slate"),
    "svc_emergency": N_("Red"),
}
_SWATCH: Final = 16


class ColourChoice(Choice):
    """One of the theme's colours by its name."""

    def __init__(self, theme: Theme) -> None:
        super().__init__([(_(words), role) for role, words in COLOURS.items()], theme=theme)
        self._paint_swatches()
        theme.changed.connect(self._paint_swatches)

    def _paint_swatches(self) -> None:
        for place in range(self.count()):
            self.setItemIcon(place, swatch(self.theme, str(self.itemData(place))))


def swatch(theme: Theme, role: str) -> QIcon:
    """Return a small square of a colour."""
    pixmap = QPixmap(_SWATCH * 2, _SWATCH * 2)
    pixmap.setDevicePixelRatio(2)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(theme.color("border_control"))
    painter.setBrush(theme.color(role))
    painter.drawRoundedRect(QRectF(1.5, 1.5, _SWATCH - 3, _SWATCH - 3), 3, 3)
    painter.end()
    return QIcon(pixmap)
