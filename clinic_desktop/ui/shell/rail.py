"""The rail: the screens this person may open, each with icon, word and what needs somebody."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QScrollArea,
    QSizePolicy,
    QSpacerItem,
    QVBoxLayout,
    QWidget,
)

from clinic_desktop.i18n import _, ngettext
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.shell.bar import Bar, PaintedButton
from clinic_desktop.ui.shell.registry import RailCount, ScreenEntry
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.painting import draw_icon, draw_text

if TYPE_CHECKING:  # the window is painted before the database libraries are loaded
    from clinic_desktop.services.session import Topic

MOST_KEYS: Final = 7
MOST_SHOWN: Final = 99
TALL: Final = 56
LOW: Final = 44
LOGO: Final = 52
WORD_ROOM: Final = 8
# A language with long words gets a wider rail, up to here; then the word is cut.
WIDEST: Final = 104


class RailButton(PaintedButton):
    """One entry; checked while its screen is shown."""

    def __init__(self, *, icon: str, text: str, tip: str, theme: Theme) -> None:
        super().__init__(theme=theme)
        self._icon = icon
        self._count: int | None = 0
        self._cell = TALL
        self.setText(text)
        self.setToolTip(tip)
        self.setAccessibleName(text)

    def set_cell(self, height: int) -> None:
        """Take this height; below 50 px the icon moves closer to its word."""
        self._cell = height
        self.updateGeometry()

    def set_count(self, count: int | None) -> None:
        """Show how many things need somebody; None is not known, 0 shows nothing."""
        self._count = count
        if count is None:
            self.setAccessibleDescription(_("How many need somebody is not known."))
        elif count:
            self.setAccessibleDescription(
                ngettext("{count} needs somebody.", "{count} need somebody.", count).format(
                    count=count
                )
            )
        else:
            self.setAccessibleDescription("")
        self.update()

    def lose_count(self, _error: Exception) -> None:
        """Show that the count could not be asked."""
        self.set_count(None)

    def sizeHint(self) -> QSize:
        """Return the cell."""
        return QSize(self.wanted_width(), self._cell)

    def wanted_width(self) -> int:
        """Return the width at which the word is whole."""
        word = QFontMetricsF(self._theme.font("micro", weight=600)).horizontalAdvance(self.text())
        return round(word) + 2 * WORD_ROOM

    def minimumSizeHint(self) -> QSize:
        """Return the cell."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Draw cell, icon, word and count."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        cell = QRectF(self.rect()).adjusted(5, 2, -4, -2)
        if self.isChecked():
            self._draw_chosen(painter, cell)
        else:
            self.draw_hover(painter, cell, self._theme.radius("panel"))
        role = "accent" if self.isChecked() else "text_2"
        size = 24 if self._theme.density == "touch" else 20
        word = self._theme.line_height("micro")
        top = (self.height() - size - word - 3) / 2
        left = cell.center().x() - size / 2
        draw_icon(painter, QPointF(round(left), round(top)), self._icon, role, self._theme, size)
        font = self._theme.font("micro", weight=600 if self.isChecked() else 500)
        words = QRectF(cell.left(), top + size + 3, cell.width(), word)
        draw_text(
            painter, words, self.text(), font, self._theme.color(role),
            align=Qt.AlignmentFlag.AlignHCenter,
        )  # fmt: skip
        if self._count != 0:
            self._draw_count(painter, QPointF(left + size + 6, max(top + 1, 8.5)))
        painter.end()

    def _draw_chosen(self, painter: QPainter, cell: QRectF) -> None:
        theme = self._theme
        radius = theme.radius("panel")
        edge = "accent" if theme.is_contrast else "border"
        painter.setPen(QPen(theme.color(edge), 2 if theme.is_contrast else 1))
        painter.setBrush(theme.color("surface"))
        painter.drawRoundedRect(cell.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        bar = QRectF(0, cell.top() + 8, 3, cell.height() - 16)
        painter.fillRect(bar, theme.color("accent"))

    def _draw_count(self, painter: QPainter, centre: QPointF) -> None:
        theme = self._theme
        text = "?" if self._count is None else str(min(self._count, MOST_SHOWN))
        if self._count is not None and self._count > MOST_SHOWN:
            text += "+"
        font = theme.font("micro", tabular=True, weight=600)
        width = max(16.0, QFontMetricsF(font).horizontalAdvance(text) + 8)
        box = QRectF(centre.x() - width / 2, centre.y() - 8, width, 16)
        box.moveRight(min(box.right(), self.width() - 5.0))
        known = self._count is not None
        painter.setPen(Qt.PenStyle.NoPen if known else QPen(theme.color("unknown_line"), 1))
        painter.setBrush(theme.color("danger" if known else "unknown_soft"))
        painter.drawRoundedRect(box, 8, 8)
        if not known:
            painter.setBrush(theme.hatch(dpr=self.devicePixelRatioF()))
            painter.drawRoundedRect(box, 8, 8)
        ink = theme.color("on_danger" if known else "on_unknown_soft")
        draw_text(painter, box, text, font, ink, align=Qt.AlignmentFlag.AlignHCenter)


class Rail(Bar):
    """All entries; Ctrl+1 to Ctrl+7 are the first seven."""

    chosen = Signal(str)
    """Name of the screen to open."""
    keys_wanted = Signal()

    def __init__(self, desk: Desk, entries: Sequence[ScreenEntry]) -> None:
        super().__init__(theme=desk.theme, ground="rail", edge="right")
        self._desk = desk
        self._buttons: dict[str, RailButton] = {}
        self._counts: dict[str, RailCount] = {}
        self._group = QButtonGroup(self)
        self.setAccessibleName(_("Screens"))
        allowed = [e for e in entries if e.permission is None or desk.who.may(e.permission)]
        self.order = [e.name for e in allowed if e.rail == "top"]
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 4)
        self._column.setSpacing(0)
        self._logo = QSpacerItem(0, LOGO, vData=QSizePolicy.Policy.Fixed)
        self._column.addItem(self._logo)
        self._column.addWidget(self._upper([e for e in allowed if e.rail == "top"]), 1)
        self.keys_button = self._button(
            "circle-help", _("Keys F1"), _("All keys of this screen (F1)")
        )
        self.keys_button.clicked.connect(self.keys_wanted)
        self._column.addWidget(self.keys_button)
        for entry in allowed:
            if entry.rail == "bottom":
                self._column.addWidget(self._entry_button(entry, None))
        self._dress()
        desk.theme.changed.connect(self._dress)
        desk.operations.changed.connect(self._recount)

    def _upper(self, entries: Sequence[ScreenEntry]) -> QScrollArea:
        inner = QWidget()
        inner.setProperty("kind", "page")
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 1, 0)
        column.setSpacing(0)
        for number, entry in enumerate(entries, start=1):
            column.addWidget(self._entry_button(entry, number if number <= MOST_KEYS else None))
        column.addStretch(1)
        area = QScrollArea()
        area.setWidget(inner)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return area

    def _entry_button(self, entry: ScreenEntry, number: int | None) -> RailButton:
        text = _(entry.title)
        tip = text if number is None else f"{text} (Ctrl+{number})"
        button = self._button(entry.icon, text, tip)
        button.setCheckable(True)
        self._group.addButton(button)
        button.clicked.connect(lambda: self.chosen.emit(entry.name))
        self._buttons[entry.name] = button
        if entry.count is not None:
            self._counts[entry.name] = entry.count
        return button

    def _button(self, icon: str, text: str, tip: str) -> RailButton:
        return RailButton(icon=icon, text=text, tip=tip, theme=self._desk.theme)

    @Slot()
    def _dress(self) -> None:
        touch = self._theme.density == "touch"
        least = int(self._theme.layout("rail_touch" if touch else "rail"))
        buttons = (*self._buttons.values(), self.keys_button)
        words = max(button.wanted_width() for button in buttons)
        self.setFixedWidth(min(max(least, words), max(least, WIDEST)))

    def button(self, name: str) -> RailButton | None:
        """Return the button of a screen, if it is in this person's rail."""
        return self._buttons.get(name)

    def light(self, name: str) -> None:
        """Mark the entry whose screen is shown; a screen without one leaves none marked."""
        button = self._buttons.get(name)
        self._group.setExclusive(button is not None)
        for other in self._buttons.values():
            other.setChecked(other is button)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lower the cells, then leave the mark out, before anything has to scroll."""
        super().resizeEvent(event)
        cells = len(self._buttons) + 1
        room = self.height() - 4
        tall = room >= cells * TALL + LOGO
        cell = TALL if tall else max(LOW, min(TALL, room // max(1, cells)))
        shown = LOGO if room >= cells * cell + LOGO else 0
        self._logo.changeSize(0, shown, vData=QSizePolicy.Policy.Fixed)
        for button in (*self._buttons.values(), self.keys_button):
            button.set_cell(cell)
        self._column.invalidate()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ground and, where there is room, the mark of the program."""
        super().paintEvent(event)
        if self._logo.sizeHint().height() < LOGO:
            return
        painter = QPainter(self)
        at = QPointF((self.width() - 28) / 2, (LOGO - 28) / 2)
        draw_icon(painter, at, "tooth", "accent", self._theme, 28)
        painter.end()

    # Counts

    def count(self) -> None:
        """Ask for every count."""
        self._recount(None)

    @Slot(object)
    def _recount(self, topics: "frozenset[Topic] | None") -> None:
        for name, count in self._counts.items():
            if topics is not None and not any(t.table in count.topics for t in topics):
                continue
            button = self._buttons[name]
            self._desk.operations.query(
                button,
                count.call,
                button.set_count,
                failed=button.lose_count,
                key="count",
            )
