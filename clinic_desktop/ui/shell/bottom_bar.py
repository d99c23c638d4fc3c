"""The bottom bar: the message line, and always Server, Sync, Backup and the clinic's clock."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from PySide6.QtCore import (
    QDate,
    QDateTime,
    QLocale,
    QPointF,
    QRectF,
    QSize,
    Qt,
    QTime,
    QTimer,
    Slot,
)
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy

from clinic_desktop.i18n import N_, _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.shell.bar import Bar, PaintedButton
from clinic_desktop.ui.shell.message_line import MessageLine
from clinic_desktop.ui.shell.registry import StatusItem, StatusSource
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.painting import draw_icon, draw_text

if TYPE_CHECKING:  # the window is painted before the database libraries are loaded
    from clinic_desktop.services.session import Topic

PADDING: Final = 12
ICON_GAP: Final = 7
CLOCK_MS: Final = 1000
FACTS_AGAIN_MS: Final = 5 * 60 * 1000
# Below this width the words of facts that are well give way to the message.
MESSAGE_ROOM: Final = 280
_ICON_ROLES: Final = {"ok": "success", "warning": "warning", "unknown": "unknown"}

CONNECTED: Final = StatusItem("server", N_("Server connected"), "ok")
LOST: Final = StatusItem("server-off", N_("Server not reached"), "unknown", link=N_("Try now"))


class StatusButton(PaintedButton):
    """One fact: icon and words; hatched when it is not known."""

    def __init__(self, item: StatusItem, *, theme: Theme) -> None:
        super().__init__(theme=theme)
        self._short = False
        self.item = item
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.show_item(item)

    def show_item(self, item: StatusItem) -> None:
        """Show another fact."""
        self.item = item
        words = f"{item.text} · {item.link}" if item.link else item.text
        self.setAccessibleName(words)
        self.setToolTip(item.tip or words)
        self._restyle()

    def set_short(self, short: bool) -> None:
        """Leave the words out; what is not well keeps them."""
        short = short and self.item.state in ("ok", "plain") and bool(self.item.icon)
        if short != self._short:
            self._short = short
            self._restyle()

    def sizeHint(self) -> QSize:
        """Return the room for icon and words."""
        width: float = 2 * PADDING + (16 if self.item.icon else 0)
        if not self._short:
            width += self._words_width() + (ICON_GAP if self.item.icon else 0)
        return QSize(round(width + 1), 30)

    def full_width(self) -> int:
        """Return the width with all words."""
        icon = 16 + ICON_GAP if self.item.icon else 0
        return round(2 * PADDING + icon + self._words_width() + 1)

    def _words_width(self) -> float:
        metrics = QFontMetricsF(self._theme.font("small", tabular=True))
        words = f"{self.item.text} · {self.item.link}" if self.item.link else self.item.text
        return metrics.horizontalAdvance(words) + 2

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Draw ground, dividing line, icon and words."""
        theme = self._theme
        painter = QPainter(self)
        rect = QRectF(self.rect())
        unknown = self.item.state == "unknown"
        if unknown:
            painter.fillRect(rect, theme.color("unknown_soft"))
            painter.fillRect(rect, theme.hatch(dpr=self.devicePixelRatioF()))
        elif self.isEnabled():
            self.draw_hover(painter, rect, 0)
        painter.fillRect(QRectF(0, 0, 1, rect.height()), theme.color("border"))
        left = float(PADDING)
        if self.item.icon:
            role = _ICON_ROLES.get(self.item.state, "text_2")
            at = QPointF(left, round((rect.height() - 16) / 2))
            draw_icon(painter, at, self.item.icon, role, theme, 16)
            left += 16 + ICON_GAP
        if not self._short:
            self._draw_words(painter, QRectF(left, 0, rect.width() - left, rect.height()))
        painter.end()

    def _draw_words(self, painter: QPainter, rect: QRectF) -> None:
        ink = self._theme.color("on_unknown_soft" if self.item.state == "unknown" else "text_2")
        font = self._theme.font("small", tabular=True)
        text = f"{self.item.text} · " if self.item.link else self.item.text
        draw_text(painter, rect, text, font, ink)
        if self.item.link:
            width = QFontMetricsF(font).horizontalAdvance(text)
            font.setUnderline(True)
            draw_text(painter, rect.adjusted(width, 0, 0, 0), self.item.link, font, ink)


class BottomBar(Bar):
    """Messages left, facts right."""

    def __init__(self, desk: Desk, sources: Sequence[StatusSource]) -> None:
        super().__init__(theme=desk.theme, ground="surface", edge="top")
        self._desk = desk
        self._sources = sources
        self.setAccessibleName(_("Messages and state"))
        self._zone = ZoneInfo(desk.who.zone)
        self._locale = QLocale(desk.who.locale)
        self.line = MessageLine(desk.messages, theme=desk.theme)
        self.server = StatusButton(_said(CONNECTED), theme=desk.theme)
        self.server.clicked.connect(desk.operations.try_now)
        self.facts = {
            source.name: StatusButton(source.initial(), theme=desk.theme) for source in sources
        }
        self.clock = StatusButton(StatusItem("", ""), theme=desk.theme)
        self.clock.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.clock.setEnabled(False)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 1, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.line, 1)
        for button in (self.server, *self.facts.values(), self.clock):
            row.addWidget(button)
        for source in sources:
            if source.clicked is not None:
                # The signal's own argument would take the place of the desk.
                self.facts[source.name].clicked.connect(partial(_call, source.clicked, desk))
        self._dress()
        desk.theme.changed.connect(self._dress)
        desk.operations.connection.connect(self.show_connection)
        desk.operations.changed.connect(self._changed)
        self._ticks = QTimer(self)
        self._ticks.setInterval(CLOCK_MS)
        self._ticks.timeout.connect(self.tell_time)
        self._ticks.start()
        self._again = QTimer(self)
        self._again.setInterval(FACTS_AGAIN_MS)
        self._again.timeout.connect(self.ask)
        self._again.start()
        self.show_connection(desk.operations.connected)
        self.tell_time()

    @Slot()
    def ask(self) -> None:
        """Ask for the facts that services know."""
        self._changed(None)

    @Slot(bool)
    def show_connection(self, connected: bool) -> None:
        """Show whether the server answers."""
        self.server.show_item(_said(CONNECTED if connected else LOST))
        self._shorten()

    def show_fact(self, name: str, item: StatusItem) -> None:
        """Show a fact by the name of its source."""
        self.facts[name].show_item(item)
        self._shorten()

    def _lose_fact(self, source: StatusSource, _error: Exception) -> None:
        self.show_fact(source.name, source.initial())

    @Slot()
    def tell_time(self) -> None:
        """Show the server's time in the clinic's zone."""
        text = self._time_text(self._desk.operations.now().astimezone(self._zone))
        if text != self.clock.item.text:
            self.clock.show_item(StatusItem("", text))
            self._shorten()

    def _time_text(self, now: datetime) -> str:
        at = QDateTime(QDate(now.year, now.month, now.day), QTime(now.hour, now.minute))
        time = self._locale.toString(at.time(), QLocale.FormatType.ShortFormat)
        if self.width() < 2 * MESSAGE_ROOM + 400:
            return time
        date = self._locale.toString(at.date(), "ddd d MMM yyyy")
        return f"{date}, {time}"

    @Slot(object)
    def _changed(self, topics: "frozenset[Topic] | None") -> None:
        for source in self._sources:
            if source.call is None:
                continue
            if topics is not None and not any(t.table in source.topics for t in topics):
                continue
            button = self.facts[source.name]
            self._desk.operations.query(
                button,
                source.call,
                partial(self.show_fact, source.name),
                failed=partial(self._lose_fact, source),
                key="fact",
            )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the message its room first."""
        super().resizeEvent(event)
        self.tell_time()
        self._shorten()

    def _shorten(self) -> None:
        buttons = [*reversed(self.facts.values()), self.server]
        wanted = sum(b.full_width() for b in (*buttons, self.clock))
        over = wanted + MESSAGE_ROOM - self.width()
        # The facts give way from the one that changes least: backup last, server at the very end.
        for button in sorted(buttons, key=lambda b: b is self.server):
            button.set_short(over > 0)
            if over > 0:
                over -= button.full_width() - button.sizeHint().width()

    def _dress(self) -> None:
        touch = self._theme.density == "touch"
        self.setFixedHeight(int(self._theme.layout("bottombar_touch" if touch else "bottombar")))


def _call(clicked: Callable[[Desk], None], desk: Desk, _checked: bool = False) -> None:
    clicked(desk)


def _said(item: StatusItem) -> StatusItem:
    """Return a fact of this module in the language in force."""
    return StatusItem(
        item.icon, _(item.text), item.state, link=_(item.link) if item.link else "", tip=item.tip
    )
