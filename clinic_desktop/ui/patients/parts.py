"""Small parts that several panels of a patient share: wrapped tags, lines of label and value."""

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLayout,
    QLayoutItem,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from clinic_desktop.ui.keymap.binding import bind_within
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.labels import Tag
from clinic_desktop.ui.widgets.painting import TagSpec

GAP = 6


class FlowLayout(QLayout):
    """Lays widgets side by side and goes on in the next line where the width ends."""

    def __init__(self, parent: QWidget | None = None, *, gap: int = GAP) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._gap = gap
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:  # noqa: N802 - Qt's name
        """Take another widget."""
        self._items.append(item)

    def count(self) -> int:
        """Return how many widgets there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:  # noqa: N802 - Qt's name
        """Return one of them."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:  # noqa: N802 - Qt's name
        """Give one of them away."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:  # noqa: N802 - Qt's name
        """Return that it takes no more room than it needs."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """Return that a narrower one is higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of all lines at a width."""
        return self._place(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:  # noqa: N802 - Qt's name
        """Put the widgets where they belong."""
        super().setGeometry(rect)
        self._place(rect, move=True)

    def sizeHint(self) -> QSize:
        """Return the size with everything in one line."""
        hints = [item.sizeHint() for item in self._items]
        width = sum(hint.width() for hint in hints) + self._gap * max(0, len(hints) - 1)
        return QSize(width, max((hint.height() for hint in hints), default=0))

    def minimumSize(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size of the widest widget at its least."""
        widths = [item.minimumSize().width() for item in self._items]
        return QSize(max(widths, default=0), self.sizeHint().height())

    def _place(self, rect: QRect, *, move: bool) -> int:
        left, top, line = rect.left(), rect.top(), 0
        for item in self._items:
            hint = item.sizeHint()
            width = min(hint.width(), max(rect.width(), 1))
            if left > rect.left() and left + width > rect.right() + 1:
                left, top, line = rect.left(), top + line + self._gap, 0
            if move:
                item.setGeometry(QRect(QPoint(left, top), QSize(width, hint.height())))
            left += width + self._gap
            line = max(line, hint.height())
        return top + line - rect.top()


class TagFlow(QWidget):
    """Tags in as many lines as they need; none is hidden behind a "more"."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._flow = FlowLayout(self)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_tags(self, tags: Sequence[TagSpec]) -> None:
        """Show other tags; those that are there already are used again."""
        while self._flow.count() > len(tags):
            item = self._flow.takeAt(self._flow.count() - 1)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for place, tag in enumerate(tags):
            item = self._flow.itemAt(place)
            known = item.widget() if item is not None else None
            if isinstance(known, Tag):
                known.set_tag(tag.kind, tag.icon, tag.text)
            else:
                self._flow.addWidget(Tag(tag.kind, tag.icon, tag.text, theme=self._theme))
        self.setAccessibleName(", ".join(tag.text for tag in tags))
        self._flow.invalidate()
        self.updateGeometry()

    def texts(self) -> list[str]:
        """Return the words of the tags."""
        items = (self._flow.itemAt(place) for place in range(self._flow.count()))
        widgets = (item.widget() for item in items if item is not None)
        return [widget.text() for widget in widgets if isinstance(widget, Tag)]


def on_ground(page: QWidget) -> QFrame:
    """Return the page lying on the window's own ground, as cards do."""
    ground = QFrame()
    ground.setProperty("kind", "sunken")
    column = QVBoxLayout(ground)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(page)
    return ground


def lay_page(owner: QWidget, panel: QWidget, leave: Callable[[], object]) -> None:
    """Lay one panel of moderate width on the ground of a page; Esc leaves the page."""
    page = QWidget()
    inner = QHBoxLayout(page)
    inner.setContentsMargins(16, 16, 16, 16)
    inner.addWidget(panel, 4)
    inner.addStretch(1)
    whole = QVBoxLayout(owner)
    whole.setContentsMargins(0, 0, 0, 0)
    whole.addWidget(on_ground(page))
    on_escape(owner, leave)


def on_escape(owner: QWidget, leave: Callable[[], object]) -> None:
    """Leave a page by Esc from anywhere within it."""
    bind_within(owner, "Esc", leave)


class AlertBand(QWidget):
    """The ground under alerts: toned by the gravest of them, a bar at its left for a stop."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._severity = ""
        theme.changed.connect(self.update)

    def set_severity(self, severity: str) -> None:
        """Tone the ground for ``stop``, ``caution``, or neither."""
        self._severity = severity
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Draw ground, bar and the lines above and below."""
        theme = self._theme
        painter = QPainter(self)
        ground = {"stop": "danger_soft", "caution": "warning_soft"}.get(self._severity, "surface")
        painter.fillRect(self.rect(), theme.color(ground))
        line = theme.color("border")
        painter.fillRect(0, 0, self.width(), 1, line)
        painter.fillRect(0, self.height() - 1, self.width(), 1, line)
        if self._severity == "stop":
            painter.fillRect(0, 0, 3, self.height(), theme.color("danger"))
        painter.end()


def gravest(severities: Iterable[str]) -> str:
    """Return the gravest of the severities, or an empty text for none."""
    found = set(severities)
    return next((one for one in ("stop", "caution", "context") if one in found), "")
