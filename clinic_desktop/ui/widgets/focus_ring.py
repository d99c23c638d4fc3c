"""The focus ring: one overlay that follows the focus and looks the same on every control."""

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QWidget
from shiboken6 import isValid

from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.theme.tokens import tokens

_WATCHED = frozenset(
    {
        QEvent.Type.Move,
        QEvent.Type.Resize,
        QEvent.Type.Show,
        QEvent.Type.Hide,
        QEvent.Type.ParentChange,
        QEvent.Type.ZOrderChange,
        QEvent.Type.EnabledChange,
    }
)


class FocusRing(QObject):
    """Draws 2 px around the focused widget, 2 px away from it, in whatever window it is.

    A widget with the property ``focus_ring`` set to ``none`` draws its own focus (cells of a
    table); ``inside`` puts the ring on its own edge (views that fill a panel).
    """

    def __init__(self, app: QApplication, theme: Theme) -> None:
        super().__init__(app)
        self._theme = theme
        self._target: QWidget | None = None
        self._watched: list[QWidget] = []
        self._overlays: list[_Overlay] = []
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(0)
        self._later.timeout.connect(self._place)
        app.focusChanged.connect(self._follow)
        theme.changed.connect(self._later.start)
        self._follow(None, app.focusWidget())

    def rect(self) -> QRect:
        """Return where the ring is in its window, or an empty rectangle when hidden."""
        shown = [overlay for overlay in self._overlays if isValid(overlay) and overlay.isVisible()]
        return shown[0].geometry() if shown else QRect()

    def _follow(self, _old: QWidget | None, new: QWidget | None) -> None:
        for widget in self._watched:
            if isValid(widget):
                widget.removeEventFilter(self)
        self._target = new
        self._watched = []
        link: QWidget | None = new
        while link is not None:
            link.installEventFilter(self)
            self._watched.append(link)
            link = None if link.isWindow() else link.parentWidget()
        self._later.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the widget when it or anything around it moves, and leave it all its events."""
        if event.type() in _WATCHED:
            self._later.start()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        for overlay in self._overlays:
            if isValid(overlay):
                overlay.hide()
        self._overlays = [overlay for overlay in self._overlays if isValid(overlay)]
        target = self._target
        if target is None or not isValid(target) or not target.isVisible():
            return
        how = target.property("focus_ring")
        if how == "none" or target.isWindow():
            return
        box = self._box(target, inside=how == "inside")
        if not box.isEmpty():
            self._overlay_in(target.window()).show_at(box)

    def _box(self, target: QWidget, *, inside: bool) -> QRect:
        """Return the ring's outer rectangle in the window, cut where a scroll area ends."""
        grow = 0 if inside else tokens().focus["width"] + tokens().focus["offset"]
        window = target.window()
        box = QRect(target.mapTo(window, QPoint(0, 0)), target.size())
        box.adjust(-grow, -grow, grow, grow)
        parent = target.parentWidget()
        while parent is not None and parent is not window:
            area = parent.parentWidget()
            if isinstance(area, QAbstractScrollArea) and area.viewport() is parent:
                room = QRect(area.mapTo(window, QPoint(0, 0)), area.size())
                box &= room.adjusted(-grow, -grow, grow, grow)
            parent = parent.parentWidget()
        return box & window.rect()

    def _overlay_in(self, window: QWidget) -> "_Overlay":
        for overlay in self._overlays:
            if overlay.parentWidget() is window:
                return overlay
        overlay = _Overlay(self._theme, window)
        self._overlays.append(overlay)
        return overlay


class _Overlay(QWidget):
    """The ring inside one window; it lets every click through."""

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._theme = theme
        self.setObjectName("focus_ring")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_at(self, box: QRect) -> None:
        """Put the ring around a rectangle of the window."""
        self.setGeometry(box)
        self.raise_()
        self.show()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Draw the ring on the inner edge of the overlay."""
        width = tokens().focus["width"]
        radius = self._theme.radius("control") + tokens().focus["offset"]
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.color("focus"), width))
        inset = width / 2
        painter.drawRoundedRect(
            QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), radius, radius
        )
        painter.end()
