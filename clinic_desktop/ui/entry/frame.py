"""The window of the entry: the dark panel at the left, one page at the right."""

from typing import Final

from PySide6.QtCore import QObject, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QCloseEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QMenu,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from clinic_desktop import i18n
from clinic_desktop.i18n import _
from clinic_desktop.ui.entry.ink_panel import InkPanel
from clinic_desktop.ui.entry.page import Page
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.buttons import Button

WANTED_SIZE: Final = QSize(1440, 900)
# Below this width the words have the window for themselves.
INK_FROM: Final = 900
THEME_ICONS: Final = {"light": "sun", "dark": "moon", "contrast": "contrast"}


class EntryFrame(QWidget):
    """Shows one page at a time; language and theme are chosen at the top right."""

    language_chosen = Signal(str)
    theme_chosen = Signal(str)
    closed = Signal()

    def __init__(self, *, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.page: Page | None = None
        self.painted_at: float | None = None
        """When the window was first painted, on the monotonic clock."""
        theme.dress(self)
        self.setWindowTitle("Clinic Desktop")
        self.setMinimumSize(480, 400)
        self.resize(WANTED_SIZE.boundedTo(self.screen().availableGeometry().size()))
        self.ink = InkPanel(theme=theme)
        self.language = Button(theme=theme, icon="chevron-down", name=_("Language"))
        self.look = Button(theme=theme, icon="sun", name=_("Theme"))
        self.look.clicked.connect(self._next_theme)
        self._menu = QMenu(self)
        self.language.clicked.connect(self._open_languages)
        self._build()
        next_theme = QAction(self)
        next_theme.setShortcut(QKeySequence("Ctrl+Shift+D"))
        next_theme.triggered.connect(self._next_theme)
        self.addAction(next_theme)
        theme.changed.connect(self._name_look)
        QApplication.instance().focusObjectChanged.connect(self._show_focused)  # type: ignore[union-attr]
        self.retranslate()

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.ink)
        ground = QFrame()
        ground.setProperty("kind", "sunken")
        row.addWidget(ground, 1)
        column = QVBoxLayout(ground)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        top = QHBoxLayout()
        top.setContentsMargins(24, 28, 32, 12)
        top.setSpacing(8)
        top.addStretch(1)
        top.addWidget(self.language)
        top.addWidget(self.look)
        column.addLayout(top)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._holder = QFrame()
        self._holder.setProperty("kind", "sunken")
        middle = QVBoxLayout(self._holder)
        middle.setContentsMargins(32, 8, 32, 32)
        middle.addStretch(2)
        self._place = QHBoxLayout()
        middle.addLayout(self._place)
        middle.addStretch(3)
        self._scroll.setWidget(self._holder)
        column.addWidget(self._scroll, 1)

    # -- pages ------------------------------------------------------------------------------

    def show_page(self, page: Page) -> None:
        """Show another page and put the focus where its answer begins."""
        old = self.page
        self.page = page
        while self._place.count():
            self._place.takeAt(0)
        if old is not None:
            old.hide()
            old.deleteLater()
        self._place.addStretch(1)
        self._place.addWidget(page, 1000)
        self._place.addStretch(1)
        page.show()
        # A sentence below a field must not move the field away from under the pointer.
        page.setMinimumHeight(page.sizeHint().height() + self.theme.line_height("body") + 6)
        if self.isVisible():
            page.start_focus()

    def say(self, head: str, sentence: str) -> None:
        """Set the words of the dark panel."""
        self.ink.say(head, sentence)

    def retranslate(self) -> None:
        """Name language and theme in the language in force."""
        self.language.setText(i18n.LANGUAGES[i18n.language()])
        self._name_look()

    @Slot(QObject)
    def _show_focused(self, focused: QObject | None) -> None:
        """Scroll to what has the focus, also when a refusal put it there."""
        if isinstance(focused, QWidget) and self._holder.isAncestorOf(focused):
            self._scroll.ensureWidgetVisible(focused, 0, 48)

    # -- language and theme -----------------------------------------------------------------

    def _open_languages(self) -> None:
        self._menu.clear()
        for code, name in i18n.LANGUAGES.items():
            action = self._menu.addAction(name)
            action.setCheckable(True)
            action.setChecked(code == i18n.language())
            action.triggered.connect(lambda _checked=False, c=code: self.language_chosen.emit(c))
        self._menu.popup(self.language.mapToGlobal(self.language.rect().bottomLeft()))

    def _next_theme(self) -> None:
        self.theme_chosen.emit(self.theme.use_next())

    def _name_look(self) -> None:
        names = {"light": _("Light"), "dark": _("Dark"), "contrast": _("High contrast")}
        self.look.setText(names[self.theme.name])
        self.look.set_icon(THEME_ICONS[self.theme.name])

    # -- Qt ---------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the dark panel out where the page needs the room."""
        super().resizeEvent(event)
        self.ink.setVisible(self.width() >= INK_FROM)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell the program that somebody leaves."""
        super().closeEvent(event)
        self.closed.emit()
