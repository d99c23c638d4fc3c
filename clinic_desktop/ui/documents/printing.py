"""A paper to a printer, band by band: the window answers meanwhile, and it can be stopped."""

from collections.abc import Iterator
from typing import Final

from PySide6.QtCore import QMarginsF, QObject, QRectF, QSizeF, QTimer, Signal, Slot
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo
from PySide6.QtWidgets import QApplication

from clinic_desktop.documents.preview import PageSize, Preview

_MOST_DPI: Final = 300
_POINTS_PER_INCH: Final = 72
_BAND_DOTS: Final = 1_000_000


def printer_names() -> list[str]:
    """Return the printers of this computer; none is a usual answer."""
    return list(QPrinterInfo.availablePrinterNames())


def printers_found() -> list[str]:
    """Return the printers also where no program with windows runs, for checks."""
    # Qt asks the printing system through its platform, which needs an application; there is one
    # for each program, so it must be of the kind that windows need as well.
    application = QApplication.instance() or QApplication([])
    names = printer_names()
    del application
    return names


def fit_printer(printer: QPrinter, size: PageSize) -> None:
    """Set the printer to the paper's own size and to its very edges, so that nothing shifts."""
    lying = size.width > size.height
    short, long = sorted((size.width, size.height))
    page = QPageSize(QSizeF(short, long), QPageSize.Unit.Point)
    turned = QPageLayout.Orientation.Landscape if lying else QPageLayout.Orientation.Portrait
    printer.setPageLayout(QPageLayout(page, turned, QMarginsF(0, 0, 0, 0)))
    printer.setFullPage(True)


class PrintRun(QObject):
    """Prints pages one band at a time; ``ended`` tells how many pages went out.

    The number is that of the pages wanted when all did, and less when it was stopped or the
    printer went away.
    """

    progress = Signal(int, int)
    """Which page is being printed, and of how many."""
    ended = Signal(int, int)
    """How many pages were printed, and of how many."""

    def __init__(self, preview: Preview, printer: QPrinter, parent: QObject) -> None:
        super().__init__(parent)
        self._preview = preview
        self._printer = printer
        self._pages = _wanted(printer, len(preview.sizes))
        self._done = 0
        self._painter = QPainter()
        self._steps: Iterator[None] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._step)

    def start(self) -> bool:
        """Begin; False when the printer does not take the paper."""
        if not self._painter.begin(self._printer):
            return False
        self._steps = self._bands()
        self._timer.start()
        return True

    def stop(self) -> None:
        """Give up what has not been printed yet."""
        if self._steps is not None:
            self._printer.abort()
            self._end()

    @Slot()
    def _step(self) -> None:
        assert self._steps is not None  # noqa: S101 - the timer runs between start and end only
        if next(self._steps, self) is self:
            self._end()

    def _end(self) -> None:
        self._timer.stop()
        self._steps = None
        if self._painter.isActive():
            self._painter.end()
        self.ended.emit(self._done, len(self._pages))

    def _bands(self) -> Iterator[None]:
        for place, number in enumerate(self._pages):
            if place and not self._printer.newPage():
                return
            self.progress.emit(place + 1, len(self._pages))
            yield from self._page(number)
            self._done += 1

    def _page(self, number: int) -> Iterator[None]:
        """Draw one page; what the printer's paper has no room for is made smaller, never cut."""
        size = self._preview.sizes[number]
        resolution = self._printer.resolution()
        room = self._printer.pageLayout().fullRectPixels(resolution)
        natural = resolution / _POINTS_PER_INCH
        scale = min(natural, room.width() / size.width, room.height() / size.height)
        dpi = min(_MOST_DPI, resolution)
        width, height = self._preview.dots(number, dpi)
        step = max(16, _BAND_DOTS // max(1, width))
        for first in range(0, height, step):
            drawn = self._preview.picture(number, dpi, (first, min(height, first + step)))
            image = QImage(
                drawn.data, drawn.width, drawn.height, drawn.stride, QImage.Format.Format_RGBX8888
            )
            unit = scale * _POINTS_PER_INCH / dpi
            place = QRectF(0, first * unit, width * unit, drawn.height * unit)
            self._painter.drawImage(place, image)
            yield


def _wanted(printer: QPrinter, count: int) -> list[int]:
    """Return the pages that the person asked for in the printer's dialog, from 0."""
    first = max(1, printer.fromPage())
    last = min(count, printer.toPage() or count)
    pages = list(range(first - 1, last))
    backward = printer.pageOrder() == QPrinter.PageOrder.LastPageFirst
    return pages[::-1] if backward else pages
