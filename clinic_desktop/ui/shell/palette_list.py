"""The lines of the palette: a model that holds them and a delegate that draws them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from clinic_desktop.i18n import _
from clinic_desktop.ui.shell.registry import PaletteEntry
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.painting import (
    draw_highlights,
    draw_icon,
    draw_key,
    draw_text,
    key_height,
    key_width,
)

Index = QModelIndex | QPersistentModelIndex
LINE_ROLE: Final = Qt.ItemDataRole.UserRole
HEADING_HEIGHT: Final = 30
NOTE_HEIGHT: Final = 34
ENTRY_HEIGHT: Final = 44


@dataclass(frozen=True)
class Heading:
    """The name of a group."""

    text: str


@dataclass(frozen=True)
class Note:
    """A sentence that cannot be chosen; ``unknown`` when something could not be asked."""

    text: str
    unknown: bool = False


Line = Heading | Note | PaletteEntry


class PaletteModel(QAbstractListModel):
    """Holds the lines, fetches nothing."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: Sequence[Line] = ()

    def set_lines(self, lines: Sequence[Line]) -> None:
        """Show these lines instead."""
        self.beginResetModel()
        self._lines = tuple(lines)
        self.endResetModel()

    def line(self, row: int) -> Line | None:
        """Return a line by its number."""
        return self._lines[row] if 0 <= row < len(self._lines) else None

    def next_entry(self, row: int, step: int) -> int:
        """Return the row of the next line that can be chosen, going round; -1 if none can."""
        for distance in range(1, len(self._lines) + 1):
            at = (row + step * distance) % len(self._lines)
            if isinstance(self._lines[at], PaletteEntry):
                return at
        return -1

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Return the number of lines."""
        return 0 if parent.isValid() else len(self._lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the line itself, or its words for a screen reader."""
        line = self.line(index.row()) if index.isValid() else None
        if line is None:
            return None
        if role == LINE_ROLE:
            return line
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return spoken(line)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Only answers can be chosen."""
        if index.isValid() and isinstance(self.line(index.row()), PaletteEntry):
            return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return Qt.ItemFlag.NoItemFlags


def spoken(line: Line) -> str:
    """Return the words of a line in one sentence."""
    if isinstance(line, PaletteEntry):
        return f"{line.title}, {line.detail}" if line.detail else line.title
    return line.text


def utf16_range(text: str, start: int, length: int) -> tuple[int, int]:
    """Return a range of characters as Qt counts it: an emoji is two of its units."""
    before = len(text[:start].encode("utf-16-le", "surrogatepass")) // 2
    return before, len(text[start : start + length].encode("utf-16-le", "surrogatepass")) // 2


class PaletteDelegate(QStyledItemDelegate):
    """Draws icon, title with what was found, detail and key."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the height of the kind of line."""
        line = index.data(LINE_ROLE)
        height = ENTRY_HEIGHT
        if isinstance(line, Heading):
            height = HEADING_HEIGHT
        elif isinstance(line, Note):
            height = NOTE_HEIGHT
        return QSize(option.rect.width(), height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one line."""
        line = index.data(LINE_ROLE)
        rect = QRectF(option.rect)
        painter.save()
        if isinstance(line, PaletteEntry):
            chosen = bool(option.state & QStyle.StateFlag.State_Selected)
            self._draw_entry(painter, rect, line, chosen=chosen)
        elif isinstance(line, Heading):
            font = self._theme.font("micro", weight=600)
            words = rect.adjusted(14, 6, -14, 0)
            draw_text(painter, words, line.text, font, self._theme.color("text_2"))
        elif isinstance(line, Note):
            self._draw_note(painter, rect, line)
        painter.restore()

    def _draw_note(self, painter: QPainter, rect: QRectF, note: Note) -> None:
        theme = self._theme
        if note.unknown:
            box = rect.adjusted(14, 3, -14, -3)
            painter.fillRect(box, theme.color("unknown_soft"))
            painter.fillRect(box, theme.hatch(dpr=painter.device().devicePixelRatioF()))
        role = "on_unknown_soft" if note.unknown else "text_2"
        words = rect.adjusted(24 if note.unknown else 14, 0, -24, 0)
        draw_text(painter, words, note.text, theme.font("small"), theme.color(role))

    def _draw_entry(
        self, painter: QPainter, rect: QRectF, entry: PaletteEntry, *, chosen: bool
    ) -> None:
        theme = self._theme
        if chosen:
            painter.fillRect(rect, theme.color("accent_soft"))
            painter.fillRect(
                QRectF(rect.left(), rect.top(), 3, rect.height()), theme.color("accent")
            )
            if theme.is_contrast:
                painter.setPen(QPen(theme.color("accent"), 2))
                painter.drawRect(rect.adjusted(1, 1, -1, -1))
        at = QPointF(rect.left() + 14, round(rect.center().y() - 9))
        draw_icon(painter, at, entry.icon, "text" if chosen else "text_2", theme, 18)
        right = rect.right() - 14
        # The chosen line shows the key that opens it.
        key = _("Enter") if chosen else entry.key
        if key:
            width, height = key_width(key, theme), key_height(theme)
            box = QRectF(right - width, round(rect.center().y() - height / 2), width, height)
            line, ink = theme.color("border_control"), theme.color("text_2")
            draw_key(painter, box, key, theme, line=line, ink=ink)
            right = box.left() - 12
        self._draw_words(painter, rect, right, entry)

    def _draw_words(
        self, painter: QPainter, rect: QRectF, right: float, entry: PaletteEntry
    ) -> None:
        theme = self._theme
        font = theme.font("strong")
        words = QRectF(rect.left() + 44, rect.top(), right - rect.left() - 44, rect.height())
        if entry.matches:
            ranges = [utf16_range(entry.title, *match) for match in entry.matches]
            draw_highlights(painter, words, entry.title, font, ranges, theme)
        draw_text(painter, words, entry.title, font, theme.color("text"))
        used = QFontMetricsF(font).horizontalAdvance(entry.title) + 10
        words.setLeft(words.left() + used)
        if entry.detail and words.width() > 30:
            font = theme.font("small", tabular=True)
            draw_text(painter, words, entry.detail, font, theme.color("text_2"))
