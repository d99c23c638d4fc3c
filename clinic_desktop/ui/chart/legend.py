"""The row below the chart that says what each pattern and letter means."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from clinic_desktop.domain.teeth.chart import STATUS_LETTERS, MarkStatus
from clinic_desktop.domain.teeth.describe import STATUS_WORDS
from clinic_desktop.i18n import N_, _
from clinic_desktop.ui.chart.inks import Inks, make_inks
from clinic_desktop.ui.theme.theme import Theme

_SWATCH: Final = QRectF(0, 0, 18, 13)
_AFTER_SWATCH: Final = 6.0
_AFTER_LETTER: Final = 5.0
_BETWEEN: Final = 14.0
_LINE: Final = 24.0
_MARGIN: Final = 16.0
_ORDER: Final = (
    MarkStatus.PLANNED,
    MarkStatus.IN_PROGRESS,
    MarkStatus.DONE,
    MarkStatus.EXISTING,
    MarkStatus.ELSEWHERE,
    MarkStatus.REFERRED,
)
_CONDITION: Final = N_("Condition, ICDAS 0–6")
_UNKNOWN: Final = N_("Not examined")


@dataclass(frozen=True, slots=True)
class _Item:
    """One entry: a status, or None for what nobody has looked at."""

    status: MarkStatus | None
    letter: str
    words: str


def _items() -> tuple[_Item, ...]:
    letters = {status: letter.upper() for letter, status in STATUS_LETTERS.items()}
    known = tuple(_Item(one, letters[one], _(STATUS_WORDS[one])) for one in _ORDER)
    return (
        *known,
        _Item(MarkStatus.CONDITION, "4", _(_CONDITION)),
        _Item(None, "?", _(_UNKNOWN)),
    )


class Legend(QWidget):
    """The legend of the tooth chart; breaks into lines where it is narrow."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._inks: Inks = make_inks(theme)
        self._items = _items()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(_("Legend of the tooth chart"))
        self.setAccessibleDescription(
            ", ".join(f"{item.letter} {item.words}" for item in self._items)
        )
        theme.changed.connect(self._restyle)

    def _restyle(self) -> None:
        self._inks = make_inks(self._theme)
        self.updateGeometry()
        self.update()

    def _places(self, width: float) -> list[QPointF]:
        """Return where each item begins in this width."""
        letters, words = self._metrics()
        x, y, found = _MARGIN, 0.0, []
        for item in self._items:
            wide = _width(item, letters, words)
            if x > _MARGIN and x + wide > width - _MARGIN:
                x, y = _MARGIN, y + _LINE
            found.append(QPointF(x, y))
            x += wide + _BETWEEN
        return found

    def _metrics(self) -> tuple[QFontMetricsF, QFontMetricsF]:
        return QFontMetricsF(self._theme.font("strong")), QFontMetricsF(self._theme.font("small"))

    def hasHeightForWidth(self) -> bool:
        """Return that a narrow legend is taller."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of the lines it takes."""
        return round(self._places(width)[-1].y() + _LINE + 6)

    def sizeHint(self) -> QSize:
        """Return the room of one line."""
        letters, words = self._metrics()
        wide = sum(_width(item, letters, words) + _BETWEEN for item in self._items)
        return QSize(round(wide - _BETWEEN + 2 * _MARGIN), round(_LINE + 6))

    def minimumSizeHint(self) -> QSize:
        """Return the room of the widest item."""
        letters, words = self._metrics()
        widest = max(_width(item, letters, words) for item in self._items)
        return QSize(round(widest + 2 * _MARGIN), self.heightForWidth(self.width()))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the items."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        letters, _words = self._metrics()
        for item, at in zip(self._items, self._places(self.width()), strict=True):
            painter.save()
            painter.translate(at.x(), at.y() + 3)
            self._swatch(painter, item)
            x = _SWATCH.width() + _AFTER_SWATCH
            painter.setFont(self._theme.font("strong"))
            painter.setPen(self._theme.color("text"))
            painter.drawText(QRectF(x, 0, 30, _LINE), Qt.AlignmentFlag.AlignVCenter, item.letter)
            x += letters.horizontalAdvance(item.letter) + _AFTER_LETTER
            painter.setFont(self._theme.font("small"))
            painter.setPen(self._theme.color("text_2"))
            painter.drawText(QRectF(x, 0, 600, _LINE), Qt.AlignmentFlag.AlignVCenter, item.words)
            painter.restore()
        painter.end()

    def _swatch(self, painter: QPainter, item: _Item) -> None:
        box = _SWATCH.translated(0, (_LINE - _SWATCH.height()) / 2)
        if item.status is None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._inks.unknown_soft)
            painter.drawRoundedRect(box, 3, 3)
            painter.setPen(self._inks.unknown_line)
            painter.setBrush(self._inks.unknown)
            painter.drawRoundedRect(box, 3, 3)
            return
        ink = self._inks.by_status[item.status]
        if item.status is MarkStatus.CONDITION:
            # A disc on enamel, as in the chart: dark brown alone would drown on a dark ground.
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._inks.enamel)
            painter.drawRoundedRect(box, 3, 3)
            painter.setBrush(ink.fill)
            painter.drawEllipse(box.center(), 5.0, 5.0)
            painter.setPen(self._inks.outline)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box, 3, 3)
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink.ground)
        painter.drawRoundedRect(box, 3, 3)
        edge = QPen(ink.edge)
        edge.setWidthF(min(edge.widthF(), 2.0))
        painter.setPen(edge)
        painter.setBrush(ink.fill)
        painter.drawRoundedRect(box, 3, 3)


def _width(item: _Item, letters: QFontMetricsF, words: QFontMetricsF) -> float:
    return (
        _SWATCH.width()
        + _AFTER_SWATCH
        + letters.horizontalAdvance(item.letter)
        + _AFTER_LETTER
        + words.horizontalAdvance(item.words)
        + 1.0
    )
