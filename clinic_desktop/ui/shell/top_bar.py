"""The top bar: whose clinic, the search that opens the palette, New appointment, the person."""

from typing import Final

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QFontMetricsF, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QWidget

from clinic_desktop.i18n import _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.shell.bar import Bar, PaintedButton
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.painting import (
    draw_icon,
    draw_key,
    draw_text,
    key_height,
    key_width,
)

SEARCH_WIDTH: Final = 460
AROUND: Final = 6
SEARCH_KEY: Final = "Ctrl+K"
# Below these widths the person's name, then the words of New appointment, give way.
NAME_FROM: Final = 960
WORDS_FROM: Final = 820


class SearchButton(PaintedButton):
    """Looks like a field, opens the palette."""

    def __init__(self, *, theme: Theme) -> None:
        super().__init__(theme=theme)
        self.setText(_("Search patients, screens, actions"))
        self.setAccessibleName(self.text())
        self.setToolTip(f"{self.text()} ({SEARCH_KEY})")
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMaximumWidth(SEARCH_WIDTH)

    def sizeHint(self) -> QSize:
        """Return the width of the mockups and the height of a control."""
        return QSize(SEARCH_WIDTH, self._theme.height("control"))

    def minimumSizeHint(self) -> QSize:
        """Return the room for icon and key."""
        return QSize(110, self._theme.height("control"))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Draw the field with icon, words and key."""
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = "text_3" if self.underMouse() else "border_control"
        painter.setPen(QPen(theme.color(edge), 1))
        painter.setBrush(theme.color("surface"))
        rect = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(rect, theme.radius("control"), theme.radius("control"))
        draw_icon(
            painter, QPointF(11, round((self.height() - 16) / 2)), "search", "text_2", theme, 16
        )
        width, height = key_width(SEARCH_KEY, theme), key_height(theme)
        box = QRectF(self.width() - width - 7, (self.height() - height) / 2, width, height)
        draw_key(
            painter, box, SEARCH_KEY, theme,
            line=theme.color("border_strong"), ink=theme.color("text_2"),
        )  # fmt: skip
        words = QRectF(35, 0, box.left() - 43, self.height())
        if words.width() > 24:
            draw_text(painter, words, self.text(), theme.font("body"), theme.color("text_3"))
        painter.end()


class PersonButton(PaintedButton):
    """Initials, name and role of the signed-in person; opens the person's menu."""

    def __init__(self, *, initials: str, name: str, role: str, theme: Theme) -> None:
        super().__init__(theme=theme)
        self._initials = initials
        self._name = name
        self._role = role
        self._short = False
        self.setAccessibleName(_("{name}, {role}").format(name=name, role=role))
        self.setToolTip(self.accessibleName())
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set_short(self, short: bool) -> None:
        """Show the initials only."""
        if short != self._short:
            self._short = short
            self.updateGeometry()
            self.update()

    def _role_text(self) -> str:
        return f" · {self._role}" if self._role else ""

    def sizeHint(self) -> QSize:
        """Return the room for initials and words."""
        width = 36.0
        if not self._short:
            strong = QFontMetricsF(self._theme.font("strong"))
            body = QFontMetricsF(self._theme.font("body"))
            width += strong.horizontalAdvance(self._name) + 12
            width += body.horizontalAdvance(self._role_text())
        return QSize(round(width), 32)

    def minimumSizeHint(self) -> QSize:
        """Return the room for the initials."""
        return QSize(36, 32)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Draw the initials in their square, the name and the role."""
        theme = self._theme
        painter = QPainter(self)
        self.draw_hover(painter, QRectF(self.rect()), theme.radius("control"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        square = QRectF(4, 2, 28, 28)
        edge = QPen(theme.color("accent"), 1) if theme.is_contrast else Qt.PenStyle.NoPen
        painter.setPen(edge)
        painter.setBrush(theme.color("accent_soft"))
        painter.drawRoundedRect(square, theme.radius("control"), theme.radius("control"))
        draw_text(
            painter, square, self._initials, theme.font("micro", weight=700),
            theme.color("on_accent_soft"), align=Qt.AlignmentFlag.AlignHCenter,
        )  # fmt: skip
        if not self._short:
            words = QRectF(40, 0, self.width() - 44, self.height())
            width = draw_text(painter, words, self._name, theme.font("strong"), theme.color("text"))
            words.setLeft(words.left() + width)
            draw_text(painter, words, self._role_text(), theme.font("body"), theme.color("text_2"))
        painter.end()


class TopBar(Bar):
    """Emits what is wanted; the window does it."""

    search_wanted = Signal()
    appointment_wanted = Signal()
    lock_wanted = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__(theme=desk.theme, ground="surface", edge="bottom")
        theme, who = desk.theme, desk.who
        self.setAccessibleName(_("Clinic, search and person"))
        self.clinic = Label(who.clinic_name, theme=theme, size="strong")
        self.site = Label(f" · {who.site}" if who.site else "", theme=theme, role="text_2")
        self.search = SearchButton(theme=theme)
        self.search.clicked.connect(self.search_wanted)
        self.appointment = Button(
            _("New appointment"), theme=theme, icon="calendar-plus", key="Ctrl+N"
        )
        self.appointment.clicked.connect(self.appointment_wanted)
        self.appointment_short = Button(
            theme=theme, icon="calendar-plus", key="Ctrl+N", name=_("New appointment")
        )
        self.appointment_short.clicked.connect(self.appointment_wanted)
        self.person = PersonButton(initials=who.initials, name=who.name, role=who.job, theme=theme)
        self.lock = Button(theme=theme, icon="lock", kind="quiet", name=_("Lock (Ctrl+L)"))
        self.lock.clicked.connect(self.lock_wanted)
        self.menu = QMenu(self)
        self.person.clicked.connect(self.open_menu)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 8, 1)
        row.setSpacing(8)
        # The clinic takes as much as the right end, so that the search stands in the middle.
        whose = QWidget()
        whose.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        names = QHBoxLayout(whose)
        names.setContentsMargins(0, 0, 0, 0)
        names.setSpacing(0)
        names.addWidget(self.clinic)
        names.addWidget(self.site)
        names.addStretch(1)
        row.addWidget(whose, 7)
        row.addWidget(self.search, 11)
        row.addStretch(2)
        for button in (self.appointment, self.appointment_short, self.person, self.lock):
            row.addWidget(button)
        self._dress()
        theme.changed.connect(self._dress)
        may_book = who.may("schedule.write")
        self.appointment.setVisible(may_book)
        self.appointment_short.setVisible(False)
        self._may_book = may_book

    def set_menu(self, actions: list[QAction | None]) -> None:
        """Fill the person's menu; None is a dividing line."""
        self.menu.clear()
        for action in actions:
            if action is None:
                self.menu.addSeparator()
            else:
                self.menu.addAction(action)

    @Slot()
    def _dress(self) -> None:
        least = self._theme.height("button") + 2 * AROUND
        self.setFixedHeight(max(int(self._theme.layout("topbar")), least))

    def open_menu(self) -> None:
        """Open the person's menu below the name."""
        below = self.person.mapToGlobal(QPoint(0, self.person.height() + 4))
        self.menu.popup(below)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let words give way before controls do."""
        super().resizeEvent(event)
        width = self.width()
        self.person.set_short(width < NAME_FROM)
        self.site.setVisible(width >= NAME_FROM)
        if self._may_book:
            self.appointment.setVisible(width >= WORDS_FROM)
            self.appointment_short.setVisible(width < WORDS_FROM)
