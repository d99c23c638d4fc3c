"""What the eye waits for: a table paged, a day of many boxes, the odontogram, a paper."""

import itertools
import statistics
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from PySide6.QtCore import QAbstractTableModel, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap, QPolygonF, QRegion
from PySide6.QtWidgets import QApplication, QTableView, QWidget

from clinic_desktop.bench import dragging
from clinic_desktop.bench.papers import bare_invoice, our_invoice
from clinic_desktop.bench.pictures import Pictures
from clinic_desktop.bench.probing import Bare, Probing
from clinic_desktop.bench.rows import Line, line, turns
from clinic_desktop.domain.schedule import Span
from clinic_desktop.domain.teeth.chart import (
    ChartMark,
    MarkStatus,
    ToothState,
    ToothView,
    adult_chart,
)
from clinic_desktop.domain.teeth.dentition import PERMANENT
from clinic_desktop.services.appointments.schemas import AppointmentRow
from clinic_desktop.services.appointments.sheet_schemas import DaySheet, ProviderColumn
from clinic_desktop.services.chart.schemas import ChartHistory, ChartItemRow
from clinic_desktop.services.patients.schemas import PatientRow, Place
from clinic_desktop.ui.appointments.grid import DayGrid
from clinic_desktop.ui.chart.odontogram import Odontogram
from clinic_desktop.ui.chart.shown import Shown
from clinic_desktop.ui.patients.table_model import PatientTableModel
from clinic_desktop.ui.patients.words import Looks
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.table import TableView

FRAMES: Final = 60
KEYS: Final = 192
FRAME_MS: Final = 16.0
TOOTH_MS: Final = 0.5
DATE_MS: Final = 5.0
_DONE: Final = MarkStatus.DONE
ROWS: Final = 1_000_000
_DISTINCT: Final = 2_000
COLUMNS: Final = 35
EACH: Final = 30
DAY: Final = date(2026, 3, 12)
_SIZE: Final = (1280, 800)


def lines() -> Iterator[Line]:
    """Yield what is drawn, each beside bare Qt or the bare library."""
    app = QApplication.instance() or QApplication([])
    theme = Theme("light", "regular")
    theme.apply(app)  # type: ignore[arg-type]  # it is a QApplication
    yield _table(theme)
    yield _boxes(theme)
    yield dragging.line(theme, lambda day: sheet_of(dragging.COLUMNS, dragging.EACH, day), DAY)
    yield _odontogram(theme)
    yield _one_tooth(theme)
    yield _another_date()
    yield _probing(theme)
    yield from _thumbnails(theme)
    ours, limit = turns(our_invoice, bare_invoice, 30)
    yield line("one invoice as PDF, 10 lines", ours, limit, 3.0)


def _frame(
    name: str, ours: Callable[[], object], limit: Callable[[], object], **more: object
) -> Line:
    """Return a line that is bounded by the limit and by what a screen shows in one frame."""
    took, bare = turns(ours, limit, FRAMES, warm=5)
    return Line(
        name,
        statistics.median(took) * 1000,
        statistics.median(bare) * 1000,
        goal=1.5,
        most=FRAME_MS,
        more={"quiet_ratio": round(min(took) / min(bare), 2), **more},
    )


# -- a page of a table with a million rows ----------------------------------------------------


class _BareModel(QAbstractTableModel):
    """A million rows of plain texts."""

    def __init__(self, columns: int) -> None:
        super().__init__()
        self._columns = columns

    def rowCount(self, _parent: Any = None) -> int:
        return ROWS

    def columnCount(self, _parent: Any = None) -> int:
        return self._columns

    def data(self, index: Any, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        return f"{index.row()} text" if role == Qt.ItemDataRole.DisplayRole else None


def _table(theme: Theme) -> Line:
    looks = Looks(ZoneInfo("Europe/Dublin"), "en_IE", "EUR", DAY)
    model = PatientTableModel(currency_sign="€")
    model.set_rows(list(map(_patient, range(_DISTINCT))) * (ROWS // _DISTINCT), looks=looks)
    ours = TableView(theme=theme, name="bench")
    ours.setModel(model)
    bare = QTableView()
    bare.setModel(_BareModel(model.columnCount()))
    for view in (ours, bare):
        theme.dress(view)
        view.resize(*_SIZE)
        view.show()
    pages = _Pages(ours), _Pages(bare)
    made = _frame("a page of a table of a million rows", *(page.turn for page in pages))
    for view in (ours, bare):
        view.close()
        view.setModel(None)
    return made


def _patient(number: int) -> PatientRow:
    key, day = UUID(int=number + 1), timedelta(days=number)
    return PatientRow(
        key, f"{number:05}", "Inês", f"Carvalho-{number}", "", date(1990, 9, 3) - day, False,
        f"+35386555{number:04}", "", "active", 1,
        datetime(2026, 3, 12, 14, 0, tzinfo=UTC) + day, "confirmed",
        datetime(2026, 1, 27, 9, 0, tzinfo=UTC) - day, 14400 + number, 3, "stop",
        Place(0, "", "", key),
    )  # fmt: skip


class _Pages:
    """Turns the pages of a view and paints each."""

    def __init__(self, view: QTableView | TableView) -> None:
        self._view, self._target = view, QPixmap(view.size())

    def turn(self) -> None:
        """Show and paint the next page."""
        bar = self._view.verticalScrollBar()
        bar.setValue((bar.value() + bar.pageStep()) % max(1, bar.maximum()))
        self._view.viewport().render(self._target)


# -- a sheet of many boxes --------------------------------------------------------------------


def sheet_of(columns: int, each: int, day: date = DAY) -> DaySheet:
    """Return a day with so many providers, each with so many visits of 15 minutes."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    providers = tuple(
        ProviderColumn(
            UUID(int=column), f"Provider {column}", f"P {column}", "dentist", "svc_restore", None,
            "", True, (Span(8 * 60, 16 * 60),), (), 80,
        )
        for column in range(columns)
    )  # fmt: skip
    visits = tuple(
        _visit(
            day.toordinal() * _DISTINCT + column * each + place,
            UUID(int=column),
            midnight + timedelta(hours=8),
            place,
        )
        for column in range(columns)
        for place in range(each)
    )
    return DaySheet(day, "UTC", midnight + timedelta(hours=11), 15, providers, (), visits)


def _visit(number: int, provider: UUID, opens: datetime, place: int) -> AppointmentRow:
    start = opens + timedelta(minutes=15 * place)
    return AppointmentRow(
        UUID(int=number), 1, UUID(int=number), provider, None, start, start + timedelta(minutes=15),
        start.replace(tzinfo=None), "UTC", "confirmed", None, None, None, None, "", "", "", "desk",
        "Inês Carvalho-Lindqvist", "", "+353865550142", "P", "Composite", "svc_restore",
    )  # fmt: skip


def _boxes(theme: Theme) -> Line:
    grid = DayGrid(theme, "en_IE")
    theme.dress(grid)
    grid.resize(COLUMNS * 150 + 60, 1000)
    sheet = sheet_of(COLUMNS, EACH)
    grid.set_sheet(sheet, sheet.now)
    grid.show()
    viewport = grid.viewport()
    target = QPixmap(viewport.size())
    blocks = grid.geometry_of_day.blocks if grid.geometry_of_day is not None else []
    boxes = [QRectF(b.box.x, b.box.y, b.box.width, b.box.height) for b in blocks]

    def bare() -> None:
        with QPainter(target) as painter:
            painter.fillRect(target.rect(), QColor("white"))
            painter.setPen(QColor("black"))
            for box in boxes:
                painter.fillRect(box, QColor(240, 230, 200))
                painter.drawRect(box)
                painter.drawText(box, Qt.AlignmentFlag.AlignLeft, "Inês Carvalho")

    made = _frame(
        "a sheet of 1,050 boxes painted", lambda: viewport.render(target), bare, boxes=len(boxes)
    )
    grid.close()
    return made


# -- the odontogram ---------------------------------------------------------------------------


def _odontogram(theme: Theme) -> Line:
    widget = Odontogram(theme)
    theme.dress(widget)
    widget.resize(1000, 560)
    widget.set_chart(adult_chart(ToothState.PRESENT))
    target = QPixmap(widget.size())
    shape = QPolygonF([QPointF(x, y) for x, y in ((0, 0), (20, 2), (26, 20), (14, 34), (2, 22))])

    def bare() -> None:
        with QPainter(target) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillRect(target.rect(), QColor("white"))
            for index in range(256):
                painter.setBrush(QColor(240, 230, 200 + index % 50))
                painter.drawPolygon(shape.translated(index % 16 * 60, index // 16 * 34))

    return _frame("an odontogram painted", lambda: _painted(widget, target), bare)


def _one_tooth(theme: Theme) -> Line:
    """Return what one changed tooth takes, from the new chart to its pixels."""
    widget = Odontogram(theme)
    theme.dress(widget)
    widget.resize(1000, 560)
    sound = adult_chart(ToothState.PRESENT)
    filled = sound.with_views(
        ToothView(36, ToothState.PRESENT, (ChartMark(36, "MO", "COMP", _DONE, "COMP", ""),))
    )
    widget.set_chart(sound)
    target = QPixmap(widget.size())
    widget.render(target)
    column = QRegion(widget.tooth_rect(36))
    turn = itertools.cycle((filled, sound))

    def ours() -> None:
        widget.set_chart(next(turn))
        widget.render(target, column.boundingRect().topLeft(), column)

    took, _bare = turns(ours, lambda: None, FRAMES, warm=5)
    return Line("one changed tooth", statistics.median(took) * 1000, 0.0, most=TOOTH_MS)


def _another_date() -> Line:
    """Return what the picture of another date takes, of a chart with 200 entries."""
    items = tuple(
        ChartItemRow(
            UUID(int=number + 1), 1, "condition", "CARIES", tooth, "M", "", "condition",
            DAY - timedelta(days=10 * number), None, None, None, None, None, None, None, None,
            None, "", "", datetime(2026, 3, 12, tzinfo=UTC),
        )
        for number, tooth in enumerate(itertools.islice(itertools.cycle(PERMANENT), 200))
    )  # fmt: skip
    history = ChartHistory(patient_id=UUID(int=1), born=None, today=DAY, items=items)
    days = itertools.cycle(history.changed_on[::7])
    shown = Shown(history)

    def ours() -> None:
        _ = shown.at(next(days)).chart

    took, _bare = turns(ours, lambda: None, FRAMES, warm=5)
    return Line("a chart of 200 entries on another date", statistics.median(took) * 1000, 0.0,
                most=DATE_MS)  # fmt: skip


# -- a key of the periodontal chart -----------------------------------------------------------


def _probing(theme: Theme) -> Line:
    """Return a key to paint; the limit knows no exam, so that the frame is what bounds it."""
    ours, bare = Probing(theme), Bare()
    took, least = turns(ours.key, bare.key, KEYS, warm=5)
    slowest = sorted(took)[int(len(took) * 0.95)]
    made = Line(
        "a key of the periodontal chart, to paint",
        statistics.median(took) * 1000,
        statistics.median(least) * 1000,
        goal=6.0,
        most=FRAME_MS,
        more={"p95_ms": round(slowest * 1000, 2), "keys": KEYS},
    )
    ours.grid.close()
    bare.close()
    return made


def _thumbnails(theme: Theme) -> Iterator[Line]:
    pictures = Pictures(theme)
    yield _frame(
        "500 small pictures in view, painted", pictures.frame, pictures.bare, shown=pictures.shown
    )
    pictures.on_a_screen()
    shown = pictures.shown
    yield _frame(
        "500 small pictures scrolled past, 1920 by 1080", pictures.scrolled,
        lambda: pictures.bare(shown), shown=shown,
    )  # fmt: skip
    pictures.view.close()
    pictures.view.setModel(None)


def _painted(widget: QWidget, target: QPixmap) -> None:
    widget.render(target)
