"""One image on its ground: zoomed, turned, lightened, and drawn over; the pixels never change."""

from collections.abc import Sequence
from math import ceil, floor, log2
from typing import Final
from uuid import UUID

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from clinic_desktop.domain.measuring import Spacing
from clinic_desktop.i18n import _
from clinic_desktop.services.documents.schemas import MarkRow
from clinic_desktop.ui.images.loading import Levels, table, to_image
from clinic_desktop.ui.images.mark_painter import draw_mark, draw_pointer, near
from clinic_desktop.ui.theme.theme import Theme

GROUND: Final = QColor(16, 18, 18)
MOST_ZOOM: Final = 16.0
LEAST_ZOOM: Final = 0.01
STEP: Final = 1.25
_REACH: Final = 10.0
_NOBODY: Final = UUID(int=0)


class Canvas(QWidget):
    """Shows one image. ``tool`` is empty to look and pan, or the shape that is drawn.

    With a tool, two clicks (or arrows and Space) set its points; ``drawn`` carries them. Turning,
    zoom and light are how it is looked at, not what is stored.
    """

    drawn = Signal(str, object)
    """Shape and points of the image's own pixels."""
    looked = Signal()
    """Zoom, turn or light changed."""
    picked = Signal(object)
    """The ``MarkRow`` that was clicked, or None."""
    entered = Signal()
    """This image has the focus now."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._levels: Levels = ()
        self._marks: tuple[MarkRow, ...] = ()
        self.spacing: Spacing | None = None
        self.tool = ""
        self.chosen: MarkRow | None = None
        self.show_marks = True
        self._points: list[float] = []
        self._pointer: QPointF | None = None
        self._pan_from: QPointF | None = None
        self._reset_look()
        self._fitted = True
        self._drawn_for: tuple[object, ...] = ()
        self._drawn = QImage()
        self._drawn_at = QRectF()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 120)
        self.setAccessibleName(_("Image"))
        theme.changed.connect(self.update)

    def _reset_look(self) -> None:
        self._scale = 1.0
        self._centre = QPointF(0, 0)
        self.turns = 0
        self.mirrored = False
        self.brightness = 0
        self.contrast = 0
        self.inverted = False

    # -- what is shown ----------------------------------------------------------------------

    def show_image(self, levels: Levels, marks: Sequence[MarkRow], *, keep_look: bool) -> None:
        """Show an image; ``keep_look`` leaves zoom, turn and light as they are."""
        self._levels, self._marks = levels, tuple(marks)
        self._drawn_for = ()
        self._points, self.chosen, self._pointer = [], None, None
        if not keep_look:
            self._reset_look()
            self.fit()
        if self.tool:
            self.use_tool(self.tool)
        self.update()

    def show_marks_of(self, marks: Sequence[MarkRow]) -> None:
        """Show other marks over the same image."""
        self._marks = tuple(marks)
        kept = {mark.id for mark in marks}
        if self.chosen is not None and self.chosen.id not in kept:
            self.chosen = None
        self.update()

    @property
    def image_size(self) -> QSize:
        """Width and height in the image's own pixels."""
        if not self._levels:
            return QSize(0, 0)
        height, width = self._levels[0].shape[:2]
        return QSize(width, height)

    @property
    def zoom(self) -> float:
        """Dots of the screen for each pixel of the image."""
        return self._scale

    # -- how it is looked at ----------------------------------------------------------------

    def fit(self) -> None:
        """Show the whole image."""
        size = self._turned_size()
        if size.width() and size.height():
            self._scale = min(self.width() / size.width(), self.height() / size.height(), MOST_ZOOM)
        self._centre = QPointF(self.image_size.width() / 2, self.image_size.height() / 2)
        self._fitted = True
        self._changed()

    def set_zoom(self, zoom: float, at: QPointF | None = None) -> None:
        """Show it at another size; the point ``at`` of the widget stays where it is."""
        spot = at or QPointF(self.rect().center())
        before = self.to_image(spot)
        self._scale = min(MOST_ZOOM, max(LEAST_ZOOM, zoom))
        self._centre += before - self.to_image(spot)
        self._fitted = False
        self._changed()

    def turn(self, quarters: int) -> None:
        """Turn by quarters, to the right when positive."""
        self.turns = (self.turns + quarters) % 4
        if self._fitted:
            self.fit()
        self._changed()

    def mirror(self) -> None:
        """Exchange left and right."""
        self.mirrored = not self.mirrored
        self._changed()

    def invert(self) -> None:
        """Exchange black and white."""
        self.inverted = not self.inverted
        self._changed()

    def set_light(self, brightness: int, contrast: int) -> None:
        """Lighten and harden, each from -100 to 100."""
        self.brightness, self.contrast = brightness, contrast
        self._changed()

    def pan(self, by: QPointF) -> None:
        """Move the image by dots of the screen."""
        back = self._turning().inverted()[0]
        self._centre -= back.map(by) / self._scale
        self._fitted = False
        self._changed()

    def _changed(self) -> None:
        self.update()
        self.looked.emit()

    def _turned_size(self) -> QSize:
        size = self.image_size
        return size.transposed() if self.turns % 2 else size

    def _turning(self) -> QTransform:
        turning = QTransform().rotate(90 * self.turns)
        return QTransform().scale(-1, 1) * turning if self.mirrored else turning

    def transform(self) -> QTransform:
        """Return the way from the image's pixels to the widget."""
        middle = QPointF(self.width() / 2, self.height() / 2)
        return (
            QTransform().translate(-self._centre.x(), -self._centre.y())
            * QTransform().scale(self._scale, self._scale)
            * self._turning()
            * QTransform().translate(middle.x(), middle.y())
        )

    def to_image(self, spot: QPointF) -> QPointF:
        """Return the point of the image below a point of the widget."""
        return self.transform().inverted()[0].map(spot)

    def to_widget(self, x: float, y: float) -> QPointF:
        """Return where a point of the image is on the widget."""
        return self.transform().map(QPointF(x, y))

    # -- drawing ----------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Draw ground, image, marks and what is being drawn."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), GROUND)
        if not self._levels:
            return
        way = self.transform()
        self._prepare(way)
        painter.save()
        painter.setTransform(way)
        # Pixels larger than dots are shown as they are: nothing is made up between them.
        smooth = self._scale < 2
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        painter.drawImage(self._drawn_at, self._drawn)
        painter.restore()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.show_marks:
            for mark in self._marks:
                chosen = self.chosen is not None and mark.id == self.chosen.id
                draw_mark(painter, mark, way, self._theme, self.spacing, chosen=chosen)
        self._draw_pending(painter, way)

    def _draw_pending(self, painter: QPainter, way: QTransform) -> None:
        if not self.tool or self._pointer is None:
            return
        if self._points:
            now = (*self._points, self._pointer.x(), self._pointer.y())
            pending = MarkRow(
                id=_NOBODY, version=0, frame=0, shape=self.tool, points=now, words="", mm=None
            )
            draw_mark(painter, pending, way, self._theme, self.spacing, chosen=True)
        if self.hasFocus():
            draw_pointer(painter, way.map(self._pointer))

    def _prepare(self, way: QTransform) -> None:
        """Make the part in view ready: the level that fits, with its light."""
        level = min(len(self._levels) - 1, max(0, floor(-log2(max(self._scale, 1e-6)))))
        factor = 2**level
        pixels = self._levels[level]
        seen = way.inverted()[0].mapRect(QRectF(self.rect()))
        left, top = max(0, floor(seen.left() / factor) - 1), max(0, floor(seen.top() / factor) - 1)
        right = min(pixels.shape[1], ceil(seen.right() / factor) + 1)
        bottom = min(pixels.shape[0], ceil(seen.bottom() / factor) + 1)
        light = (self.brightness, self.contrast, self.inverted)
        wanted = (level, left, top, right, bottom, light)
        if wanted == self._drawn_for:
            return
        self._drawn_for = wanted
        part = pixels[top : max(top, bottom), left : max(left, right)]
        if light != (0, 0, False) and part.size:
            shades = table(self.brightness, self.contrast)
            part = (255 - shades if self.inverted else shades)[part]
        self._drawn = to_image(part)
        across, down = max(0, right - left), max(0, bottom - top)
        self._drawn_at = QRectF(QRect(left * factor, top * factor, across * factor, down * factor))

    # -- hands ------------------------------------------------------------------------------

    def use_tool(self, tool: str) -> None:
        """Draw this shape from now on; empty looks and pans."""
        self.tool, self._points = tool, []
        if tool and self._levels:
            self._pointer = self.to_image(QPointF(self.rect().center()))
        self.setCursor(Qt.CursorShape.CrossCursor if tool else Qt.CursorShape.OpenHandCursor)
        self.update()

    def cancel(self) -> bool:
        """Take back a point that was set; return whether there was one."""
        had, self._points = bool(self._points), []
        self.update()
        return had

    def _set_point(self, spot: QPointF) -> None:
        self._points += [spot.x(), spot.y()]
        if self.tool == "text" or len(self._points) == 4:
            points, self._points = tuple(self._points), []
            self.drawn.emit(self.tool, points)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Set a point, choose a mark, or begin to move the image."""
        if event.button() != Qt.MouseButton.LeftButton or not self._levels:
            return
        if self.tool:
            self._set_point(self.to_image(event.position()))
            return
        way = self.transform()
        hit = (mark for mark in reversed(self._marks) if near(mark, way, event.position(), _REACH))
        self.chosen = next(hit, None) if self.show_marks else None
        self.picked.emit(self.chosen)
        if self.chosen is None:
            self._pan_from = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the pointer."""
        if self._pan_from is not None:
            self.pan(event.position() - self._pan_from)
            self._pan_from = event.position()
        elif self.tool:
            self._pointer = self.to_image(event.position())
            self.update()

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Let go of the image."""
        self._pan_from = None
        if not self.tool:
            self.setCursor(Qt.CursorShape.OpenHandCursor)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom where the pointer is."""
        steps = event.angleDelta().y() / 120
        if steps:
            self.set_zoom(self._scale * STEP**steps, event.position())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the image, or with a tool the pointer; Space sets a point."""
        moves = {
            Qt.Key.Key_Left: QPointF(-1, 0),
            Qt.Key.Key_Right: QPointF(1, 0),
            Qt.Key.Key_Up: QPointF(0, -1),
            Qt.Key.Key_Down: QPointF(0, 1),
        }
        fine = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        by = moves.get(Qt.Key(event.key()))
        if by is not None and self.tool and self._pointer is not None:
            back = self._turning().inverted()[0]
            self._pointer += back.map(by) * (1 if fine else 12) / self._scale
            self.update()
        elif by is not None:
            self.pan(-by * (8 if fine else 60))
        elif event.key() == Qt.Key.Key_Space and self.tool and self._pointer is not None:
            self._set_point(self._pointer)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tell that acts are meant for this image."""
        super().focusInEvent(event)
        self.entered.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the whole image in view where it was."""
        super().resizeEvent(event)
        if self._fitted:
            self.fit()
