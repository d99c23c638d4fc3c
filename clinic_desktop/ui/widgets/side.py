"""The side panel: beside the work where there is room, a drawer over it (F7) where not."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from clinic_desktop.i18n import _
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.scroll import scrolled

_WIDE: Final = 1800


class SideSplit(QWidget):
    """Work at the left, side panel at the right.

    Where the work would get narrower than ``least`` the side panel becomes a drawer: hidden
    until ``toggle`` (F7 in the shell) or its button shows it over the right edge, closed by
    Esc, and focus returns to where it was. ``drawer_changed`` tells whether it is one.
    """

    drawer_changed = Signal(bool)

    def __init__(
        self,
        work: QWidget,
        side: QWidget,
        *,
        theme: Theme,
        width: int = 0,
        least: int = 620,
        gutter: int = 16,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._work = work
        self._side = side
        self._width = width or int(theme.layout("side_panel"))
        self._least = least
        self._gutter = gutter
        self._drawer = False
        self._open = False
        self._wanted = True
        self._before: QWidget | None = None
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(gutter)
        self._row.addWidget(work, 1)
        self._holder = _Drawer(self)
        column = QVBoxLayout(self._holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._close = Button(
            _("Close"), theme=theme, icon="panel-right-close", key="Esc", kind="quiet", small=True
        )
        self._close.clicked.connect(self.close_drawer)
        self._close.hide()
        column.addWidget(self._close, 0, Qt.AlignmentFlag.AlignRight)
        column.addWidget(scrolled(side), 1)
        self._row.addWidget(self._holder)
        self._holder.escaped.connect(self.close_drawer)

    def is_drawer(self) -> bool:
        """Return whether there is no room for the panel beside the work."""
        return self._drawer

    def is_shown(self) -> bool:
        """Return whether the side panel can be seen."""
        return self._open if self._drawer else self._wanted

    def toggle(self) -> None:
        """Show or hide the side panel, as F7 does."""
        if not self._drawer:
            self._wanted = not self._wanted
            self._holder.setVisible(self._wanted)
        elif self._open:
            self.close_drawer()
        else:
            self._open_drawer()

    def close_drawer(self) -> None:
        """Close the drawer and give the focus back."""
        if not self._drawer or not self._open:
            return
        self._open = False
        self._holder.hide()
        if self._before is not None:
            self._before.setFocus(Qt.FocusReason.OtherFocusReason)

    def _open_drawer(self) -> None:
        self._before = QApplication.focusWidget()
        self._open = True
        self._lay_drawer()
        self._holder.show()
        self._holder.raise_()
        self._side.setFocus(Qt.FocusReason.OtherFocusReason)
        if not self._side.hasFocus():
            self._close.setFocus(Qt.FocusReason.OtherFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Decide again where the side panel has its place."""
        super().resizeEvent(event)
        width = self._side_width()
        drawer = self.width() - width - self._gutter < self._least
        if drawer != self._drawer:
            self._switch(drawer)
        if self._drawer:
            self._lay_drawer()
        else:
            self._holder.setFixedWidth(width)

    def _side_width(self) -> int:
        grown = self._width + 60 if self.window().width() >= _WIDE else self._width
        return min(grown, int(self._theme.layout("side_panel_max")))

    def _switch(self, drawer: bool) -> None:
        self._drawer = drawer
        self._open = False
        self._close.setVisible(drawer)
        if drawer:
            self._row.removeWidget(self._holder)
            self._holder.hide()
            self._holder.setProperty("kind", "panel")
        else:
            self._holder.setProperty("kind", "")
            self._row.addWidget(self._holder)
            self._holder.setVisible(self._wanted)
        self._holder.style().unpolish(self._holder)
        self._holder.style().polish(self._holder)
        self.drawer_changed.emit(drawer)

    def _lay_drawer(self) -> None:
        width = min(self._side_width(), self.width() - 48)
        self._holder.setFixedWidth(width)
        self._holder.setGeometry(self.width() - width, 0, width, self.height())


class _Drawer(QFrame):
    """Holds the side panel; Esc that nothing inside wanted asks to be closed."""

    escaped = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ask to be closed on Esc."""
        if event.key() == Qt.Key.Key_Escape and self.property("kind") == "panel":
            self.escaped.emit()
            event.accept()
            return
        super().keyPressEvent(event)
