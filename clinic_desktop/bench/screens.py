"""What the eye waits for: the odontogram, a paper, memory."""

import statistics
import time
from collections.abc import Callable, Iterator
from typing import Final

import psutil

from clinic_desktop.bench.rows import Line

FRAMES: Final = 40


def _seconds(call: Callable[[], object], rounds: int) -> float:
    took = []
    for _round in range(rounds):
        began = time.perf_counter()
        call()
        took.append(time.perf_counter() - began)
    return statistics.median(took)


def lines() -> Iterator[Line]:
    """Yield what is drawn, each beside bare Qt or the bare library."""
    yield _odontogram()
    yield _invoice()


def _odontogram() -> Line:
    from PySide6.QtCore import QPointF
    from PySide6.QtGui import QColor, QPainter, QPixmap, QPolygonF
    from PySide6.QtWidgets import QApplication

    from clinic_desktop.domain.teeth.chart import ToothState, adult_chart
    from clinic_desktop.ui.chart.odontogram import Odontogram
    from clinic_desktop.ui.theme.theme import Theme

    app = QApplication.instance() or QApplication([])
    theme = Theme("light", "regular")
    theme.apply(app)  # type: ignore[arg-type]  # it is a QApplication
    widget = Odontogram(theme)
    widget.resize(1000, 560)
    widget.set_chart(adult_chart(ToothState.PRESENT))
    target = QPixmap(widget.size())
    widget.render(target)
    ours = _seconds(lambda: widget.render(target), FRAMES)
    shape = QPolygonF([QPointF(x, y) for x, y in ((0, 0), (20, 2), (26, 20), (14, 34), (2, 22))])

    def bare() -> None:
        with QPainter(target) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillRect(target.rect(), QColor("white"))
            for index in range(256):
                painter.setBrush(QColor(240, 230, 200 + index % 50))
                painter.drawPolygon(shape.translated(index % 16 * 60, index // 16 * 34))

    limit = _seconds(bare, FRAMES)
    return Line("an odontogram painted", ours * 1000, limit * 1000, 1.5)


def _invoice() -> Line:
    from clinic_desktop.bench.papers import bare_invoice, our_invoice

    our_invoice()
    bare_invoice()
    return Line(
        "one invoice as PDF, 10 lines", _seconds(our_invoice, 20) * 1000,
        _seconds(bare_invoice, 20) * 1000, 3.0,
    )  # fmt: skip


def memory_mb() -> float:
    """Return what this process holds, in MB."""
    return float(psutil.Process().memory_info().rss) / 1_048_576
