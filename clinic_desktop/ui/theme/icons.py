"""Icons: the Lucide outlines drawn in one colour, once for each colour, size and pixel density."""

from functools import cache
from typing import Final

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from clinic_desktop.resources import resource

STROKE: Final = "1.75"
STROKE_SMALL: Final = "2"
SMALL: Final = 14


@cache
def outline(name: str) -> str:
    """Return the SVG text of a shipped icon; an unknown name is our mistake and raises."""
    path = resource("icons", f"{name}.svg")
    if not path.is_file():
        raise LookupError(f"There is no icon named {name!r} in resources/icons.")
    return path.read_text(encoding="utf-8")


def coloured_svg(name: str, colour: QColor, size: int) -> bytes:
    """Return the SVG with its colour filled in and the stroke that suits the size."""
    stroke = STROKE_SMALL if size <= SMALL else STROKE
    text = outline(name).replace("currentColor", colour.name())
    return text.replace('stroke-width="2"', f'stroke-width="{stroke}"').encode()


def draw_pixmap(name: str, colour: QColor, size: int, dpr: float) -> QPixmap:
    """Return a square pixmap of ``size`` logical pixels for a screen of that pixel ratio."""
    pixmap = QPixmap(max(1, round(size * dpr)), max(1, round(size * dpr)))
    pixmap.setDevicePixelRatio(dpr)
    pixmap.fill(Qt.GlobalColor.transparent)
    renderer = QSvgRenderer(QByteArray(coloured_svg(name, colour, size)))
    painter = QPainter(pixmap)
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    return pixmap
