"""The pages of a paper under one another, drawn band by band so that the window never waits."""

from collections import OrderedDict
from collections.abc import Callable
from math import ceil
from typing import Final, NamedTuple

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from clinic_desktop.documents.preview import Preview
from clinic_desktop.i18n import _
from clinic_desktop.ui.theme.theme import Theme

ZOOMS: Final = (0.25, 0.33, 0.5, 0.67, 0.75, 0.9, 1.0, 1.25, 1.5, 2.0, 3.0, 4.0)
_SCREEN_DPI: Final = 96
_POINTS_PER_INCH: Final = 72
_GAP: Final = 16
# A band of this many dots is drawn in well under the 50 ms in which the window answers.
_BAND_DOTS: Final = 500_000
_KEPT_BYTES: Final = 96 * 1024 * 1024


class _Band(NamedTuple):
    """A strip of a page at one size: the page's number, its dots per inch, its first row."""

    page: int
    dpi: int
    first: int


class PagesView(QAbstractScrollArea):
    """Shows the pages of a paper, black on white in every theme.

    ``zoom`` is 1.0 for the size of the paper, or follows the window: "width" or "page".
    """

    moved = Signal()
    """Page in view or zoom changed."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._preview: Preview | None = None
        self._fit = "width"
        self._zoom = 1.0
        self._bands: OrderedDict[_Band, QImage] = OrderedDict()
        self._wanted: list[_Band] = []
        self._in_view: set[_Band] = set()
        self._complete = True
        self._drawing = QTimer(self)
        self._drawing.setInterval(0)
        self._drawing.timeout.connect(self._draw_next)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.horizontalScrollBar().valueChanged.connect(self.viewport().update)
        theme.changed.connect(self.viewport().update)
        self.setAccessibleName(_("Pages of the paper"))

    # -- what is shown ----------------------------------------------------------------------

    def show_preview(self, preview: Preview | None) -> None:
        """Show another paper from its first page on; None shows nothing."""
        self._preview = preview
        self._bands.clear()
        self._wanted.clear()
        self.verticalScrollBar().setValue(0)
        self._apply_zoom(self._fitting_zoom() if self._fit else self._zoom)
        self.verticalScrollBar().setValue(0)

    @property
    def count(self) -> int:
        """How many pages there are."""
        return len(self._preview.sizes) if self._preview else 0

    @property
    def current(self) -> int:
        """The page that most of the view shows, counted from 0."""
        middle = self.verticalScrollBar().value() + self.viewport().height() // 2
        for number in range(self.count):
            if self._page_rect(number).bottom() + _GAP >= middle:
                return number
        return max(0, self.count - 1)

    @property
    def zoom(self) -> float:
        """The size on the screen, 1.0 being that of the paper."""
        return self._zoom

    @property
    def drawn(self) -> bool:
        """Whether everything in view has been drawn."""
        return self._complete

    def set_zoom(self, zoom: float) -> None:
        """Show the pages at a size of their own, keeping the place in view."""
        self._fit = ""
        self._apply_zoom(min(ZOOMS[-1], max(ZOOMS[0], zoom)))

    def zoom_in(self) -> None:
        """Go to the next larger size."""
        self.set_zoom(next((zoom for zoom in ZOOMS if zoom > self._zoom + 0.005), ZOOMS[-1]))

    def zoom_out(self) -> None:
        """Go to the next smaller size."""
        smaller = (zoom for zoom in reversed(ZOOMS) if zoom < self._zoom - 0.005)
        self.set_zoom(next(smaller, ZOOMS[0]))

    def fit(self, to: str) -> None:
        """Follow the window: its ``width``, or the whole ``page``."""
        self._fit = to
        self._apply_zoom(self._fitting_zoom())

    def go_to(self, number: int) -> None:
        """Bring the top of a page into view."""
        if 0 <= number < self.count:
            self.verticalScrollBar().setValue(self._page_rect(number).top() - _GAP)

    # -- layout -----------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        """Return the room for a readable page."""
        return QSize(640, 720)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit again to the new size."""
        super().resizeEvent(event)
        self._apply_zoom(self._fitting_zoom() if self._fit else self._zoom)

    def _fitting_zoom(self) -> float:
        if self._preview is None or not self._preview.sizes:
            return 1.0
        size = self._preview.sizes[self.current]
        unit = _SCREEN_DPI / _POINTS_PER_INCH
        room = self.viewport().size() - QSize(2 * _GAP, 2 * _GAP)
        zoom = room.width() / (max(each.width for each in self._preview.sizes) * unit)
        if self._fit == "page":
            zoom = min(zoom, room.height() / (size.height * unit))
        return min(ZOOMS[-1], max(ZOOMS[0], zoom))

    @property
    def _dpi(self) -> int:
        """Return the dots per inch at which pages are drawn: whole, so that none is resampled."""
        return int(_SCREEN_DPI * self._zoom * self.devicePixelRatioF())

    def _apply_zoom(self, zoom: float) -> None:
        number = self.current
        before = self._page_rect(number) if self.count else QRect()
        bar = self.verticalScrollBar()
        part = (bar.value() - before.top()) / max(1, before.height())
        self._zoom = zoom
        self._lay_out()
        if self.count:
            after = self._page_rect(number)
            bar.setValue(round(after.top() + part * after.height()))
        self._scrolled()

    def _lay_out(self) -> None:
        width = max((self._page_size(n).width() for n in range(self.count)), default=0)
        height = self._top(self.count)
        room = self.viewport().size()
        for bar, needed, seen in (
            (self.verticalScrollBar(), height, room.height()),
            (self.horizontalScrollBar(), width + 2 * _GAP, room.width()),
        ):
            bar.setRange(0, max(0, needed - seen))
            bar.setPageStep(seen)
            bar.setSingleStep(40)

    def _page_size(self, number: int) -> QSize:
        if self._preview is None:
            return QSize()
        width, height = self._preview.dots(number, self._dpi)
        ratio = self.devicePixelRatioF()
        return QSize(ceil(width / ratio), ceil(height / ratio))

    def _top(self, number: int) -> int:
        return _GAP + sum(self._page_size(n).height() + _GAP for n in range(number))

    def _page_rect(self, number: int) -> QRect:
        """Return where a page lies on the long sheet of all pages."""
        size = self._page_size(number)
        left = max(_GAP, (self.viewport().width() - size.width()) // 2)
        return QRect(QPoint(left, self._top(number)), size)

    # -- drawing ----------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the bands that are ready and ask for those that are not."""
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), self._theme.color("sunken"))
        shift = QPoint(self.horizontalScrollBar().value(), self.verticalScrollBar().value())
        seen = self.viewport().rect()
        wanted: list[_Band] = []
        self._in_view.clear()
        for number in range(self.count):
            page = self._page_rect(number).translated(-shift)
            if page.intersects(seen):
                painter.fillRect(page, QColor(Qt.GlobalColor.white))
                wanted += self._draw_bands(painter, number, page, seen)
                painter.setPen(self._theme.color("border_strong"))
                painter.drawRect(page.adjusted(-1, -1, 0, 0))
        painter.end()
        self._wanted = wanted
        self._complete = not wanted
        if wanted:
            self._drawing.start()

    def _draw_bands(self, painter: QPainter, number: int, page: QRect, seen: QRect) -> list[_Band]:
        """Draw what there is of a page; return the bands in view that are missing."""
        assert self._preview is not None  # noqa: S101 - asked only when there are pages
        ratio = self.devicePixelRatioF()
        width, height = self._preview.dots(number, self._dpi)
        step = self._band_height(width)
        missing = []
        for first in range(0, height, step):
            high = min(step, height - first) / ratio
            place = QRectF(page.left(), page.top() + first / ratio, page.width(), high)
            if not place.intersects(QRectF(seen)):
                continue
            band = _Band(number, self._dpi, first)
            self._in_view.add(band)
            image = self._bands.get(band)
            if image is None:
                missing.append(band)
                continue
            self._bands.move_to_end(band)
            painter.drawImage(place.topLeft(), image)
        return missing

    @staticmethod
    def _band_height(width: int) -> int:
        return max(16, _BAND_DOTS // max(1, width))

    @Slot()
    def _draw_next(self) -> None:
        """Draw one band and let the window answer before the next one."""
        if self._preview is None or not self._wanted:
            self._drawing.stop()
            return
        band = self._wanted.pop(0)
        width, height = self._preview.dots(band.page, band.dpi)
        rows = (band.first, min(height, band.first + self._band_height(width)))
        drawn = self._preview.picture(band.page, band.dpi, rows)
        image = QImage(
            drawn.data, drawn.width, drawn.height, drawn.stride, QImage.Format.Format_RGBX8888
        )
        # The bytes belong to Python; the picture keeps its own.
        kept = image.copy()
        kept.setDevicePixelRatio(self.devicePixelRatioF())
        self._bands[band] = kept
        self._forget_old()
        self.viewport().update()

    def _forget_old(self) -> None:
        """Let go of what was seen longest ago, but never of what is in view."""
        used = sum(image.sizeInBytes() for image in self._bands.values())
        for band in [band for band in self._bands if band not in self._in_view]:
            if used <= _KEPT_BYTES:
                break
            used -= self._bands.pop(band).sizeInBytes()

    # -- keys and wheel ---------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Zoom with + - 0 W, move with arrows, page keys, Home and End."""
        key = Qt.Key(event.key())
        acts: dict[Qt.Key, Callable[[], None]] = {
            Qt.Key.Key_Plus: self.zoom_in,
            Qt.Key.Key_Equal: self.zoom_in,
            Qt.Key.Key_Minus: self.zoom_out,
            Qt.Key.Key_0: lambda: self.fit("page"),
            Qt.Key.Key_W: lambda: self.fit("width"),
            Qt.Key.Key_Home: lambda: self.go_to(0),
            Qt.Key.Key_End: lambda: self.go_to(self.count - 1),
            Qt.Key.Key_PageDown: lambda: self.go_to(self.current + 1),
            Qt.Key.Key_PageUp: lambda: self.go_to(self.current - 1),
        }
        free = event.modifiers() & ~(
            Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
        )
        act = acts.get(key)
        if act is None or free:
            super().keyPressEvent(event)
            return
        act()
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom while Ctrl is held, scroll otherwise."""
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().wheelEvent(event)
            return
        if event.angleDelta().y():
            (self.zoom_in if event.angleDelta().y() > 0 else self.zoom_out)()
        event.accept()

    def scrollContentsBy(self, dx: int, dy: int) -> None:  # noqa: ARG002, N802 - Qt's signature
        """Draw anew; the pages are not a widget that could be moved."""
        self.viewport().update()

    @Slot()
    def _scrolled(self) -> None:
        self._complete = self.count == 0
        self.viewport().update()
        if self.count:
            self.setAccessibleDescription(
                _("Page {number} of {count}").format(number=self.current + 1, count=self.count)
            )
        self.moved.emit()
