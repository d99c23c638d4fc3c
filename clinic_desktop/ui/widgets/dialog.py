"""Dialogs: for conflicts and acts that cannot be taken back; everything else stays in its panel."""

from collections.abc import Callable
from itertools import pairwise
from typing import Final

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPaintEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from clinic_desktop.i18n import _
from clinic_desktop.ui.keymap.dress import dress
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.hiding import hide_unless
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.pictures import Icon
from clinic_desktop.ui.widgets.rule import rule
from clinic_desktop.ui.widgets.tab_stops import tab_stops, takes_focus

_EDGE: Final = 20
_ROOM: Final = 32  # the least that is seen of the window around the dialog
_PRIMARY_KEY: Final = "Ctrl+Enter"


class Dialog(QDialog):
    """Title, sentence, content and a foot with the acts, in the middle of its window.

    ``body`` is the layout of the content, which scrolls when the window is small. Esc closes
    and emits ``leaving`` first, so that a form keeps what was typed; nothing is thrown away.
    ``careful`` is for acts that cannot be taken back: the focus starts on the way out.
    """

    leaving = Signal()

    def __init__(
        self,
        title: str,
        *,
        theme: Theme,
        parent: QWidget,
        sentence: str = "",
        icon: str | None = None,
        icon_role: str = "text_2",
        width: int = 560,
        careful: bool = False,
        close_words: str = "",
    ) -> None:
        super().__init__(parent, Qt.WindowType.Dialog | Qt.WindowType.FramelessWindowHint)
        self.theme = theme
        self._parent = parent
        self._careful = careful
        self._width = width
        self._scrim: _Scrim | None = None
        self._primary: Button | None = None
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setAccessibleDescription(sentence)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setModal(True)
        self._build(title, sentence, icon, icon_role, close_words or _("Cancel"))

    def _build(
        self, title: str, sentence: str, icon: str | None, icon_role: str, close_words: str
    ) -> None:
        self._outer = outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        card = QFrame()
        card.setProperty("kind", "dialog")
        outer.addWidget(card)
        column = QVBoxLayout(card)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addLayout(self._head(title, sentence, icon, icon_role))
        column.addWidget(rule())
        page = QWidget()
        page.setProperty("kind", "page")
        self.body = QVBoxLayout(page)
        self.body.setContentsMargins(_EDGE, 16, _EDGE, 16)
        self.body.setSpacing(12)
        self._scroll = _Fitting(page)
        column.addWidget(self._scroll, 1)
        foot = QFrame()
        foot.setProperty("kind", "dialog_foot")
        self._acts = QHBoxLayout(foot)
        self._acts.setContentsMargins(_EDGE, 14, _EDGE, 14)
        self._acts.setSpacing(8)
        self.close_button = Button(close_words, theme=self.theme, key="Esc")
        self.close_button.clicked.connect(self.reject)
        self._acts.addWidget(self.close_button)
        self._acts.addStretch(1)
        column.addWidget(foot)

    def _head(self, title: str, sentence: str, icon: str | None, role: str) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setContentsMargins(_EDGE, 16, _EDGE, 14)
        head.setSpacing(16)
        if icon is not None:
            head.addWidget(
                Icon(icon, theme=self.theme, role=role, size=24), 0, Qt.AlignmentFlag.AlignTop
            )
        words = QVBoxLayout()
        words.setSpacing(0)
        self._title = Label(title, theme=self.theme, size="heading", wrap=True)
        self._sentence = Label(sentence, theme=self.theme, role="text_2", wrap=True)
        words.addWidget(self._title)
        words.addWidget(self._sentence)
        hide_unless(self._sentence, bool(sentence))
        head.addLayout(words, 1)
        return head

    # -- acts -------------------------------------------------------------------------------

    def set_primary(
        self,
        words: str,
        act: Callable[[], None],
        *,
        key: str = _PRIMARY_KEY,
        icon: str | None = None,
        danger: bool = False,
    ) -> Button:
        """Add the act this dialog is for; its key works from every field of the dialog."""
        kind = "danger" if danger else "primary"
        button = Button(words, theme=self.theme, icon=icon, key=key, kind=kind)
        button.clicked.connect(act)
        self._acts.addWidget(button)
        self._primary = button
        self._bind(key, button)
        return button

    def add_act(self, words: str, act: Callable[[], None], *, key: str | None = None) -> Button:
        """Add another act beside the way out."""
        button = Button(words, theme=self.theme, key=key)
        button.clicked.connect(act)
        self._acts.insertWidget(self._acts.count() - (2 if self._primary else 1), button)
        if key is not None:
            self._bind(key, button)
        return button

    def primary(self) -> Button | None:
        """Return the primary button."""
        return self._primary

    def set_busy(self, busy: bool) -> None:
        """Switch the acts off from the press until the answer."""
        if self._primary is not None:
            self._primary.setEnabled(not busy)

    def set_sentence(self, sentence: str) -> None:
        """Show another sentence below the title."""
        self._sentence.setText(sentence)
        self._sentence.setVisible(bool(sentence))

    def _bind(self, key: str, button: Button) -> None:
        names = {key, key.replace("Enter", "Return")}
        for name in sorted(names):
            shortcut = QShortcut(QKeySequence(name), self)
            shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
            shortcut.activated.connect(button.click)

    # -- opening and leaving ----------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Darken the window, take the middle of it, and put the focus where work starts."""
        super().showEvent(event)
        window = self._parent.window()
        if self._scrim is None:
            self._scrim = _Scrim(self.theme, window)
        self._scrim.cover()
        window.installEventFilter(self)
        self._place()
        self._set_focus()
        dress(self)

    def _set_focus(self) -> None:
        """Put the acts after the content in the tab order and start where work starts."""
        items = [self._acts.itemAt(place) for place in range(self._acts.count())]
        acts = [act for item in items if item is not None and (act := item.widget()) is not None]
        # What is added now is the last that Tab comes to; it is never shown.
        last = QWidget(self)
        last.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for one, other in pairwise([last, *acts]):
            QWidget.setTabOrder(one, other)
        last.deleteLater()
        first = next((stop for stop in tab_stops(self._scroll) if takes_focus(stop)), acts[0])
        start = self.close_button if self._careful else first
        inside = self.focusWidget()
        if self._careful or inside is None or inside in acts:
            start.setFocus(Qt.FocusReason.OtherFocusReason)

    def done(self, result: int) -> None:
        """Close; ``leaving`` comes first when nothing was decided."""
        if result == QDialog.DialogCode.Rejected:
            self.leaving.emit()
        if self._scrim is not None:
            self._scrim.hide()
            self._scrim.deleteLater()
            self._scrim = None
        self._parent.window().removeEventFilter(self)
        super().done(result)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves; Enter is for the fields and never presses a button by itself."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
            return
        super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in the middle when the window changes its size."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move):
            self._place()
        return super().eventFilter(watched, event)

    def refit(self) -> None:
        """Take another height once the content has changed."""
        if self.isVisible():
            # A scroll area does not ask for another size when its page does.
            self._scroll.updateGeometry()
            # Only once the layouts around it know of it.
            QTimer.singleShot(0, self, self._place)

    def _place(self) -> None:
        window = self._parent.window()
        width = min(self._width, window.width() - _ROOM)
        wanted = self._outer.totalHeightForWidth(width)
        if wanted <= 0:
            wanted = self.sizeHint().height()
        height = min(wanted, window.height() - _ROOM)
        self.setFixedSize(width, height)
        middle = window.mapToGlobal(window.rect().center())
        top = max(window.mapToGlobal(window.rect().topLeft()).y() + _ROOM // 2,
                  middle.y() - height // 2 - window.height() // 20)  # fmt: skip
        self.move(middle.x() - width // 2, top)
        focused = self.focusWidget()
        if focused is not None and self._scroll.isAncestorOf(focused):
            # What has come above it may have pushed it out of view.
            self._scroll.ensureWidgetVisible(focused, 0, _ROOM // 2)


class _Fitting(QScrollArea):
    """A scroll area that asks for the whole height of its page at its width."""

    def __init__(self, page: QWidget) -> None:
        super().__init__()
        self._page = page
        self.setWidget(page)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:
        """Return the whole page."""
        return self._page.sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Return a strip: the rest can be scrolled to."""
        return QSize(self._page.minimumSizeHint().width(), 96)

    def heightForWidth(self, width: int) -> int:
        """Return the height at which nothing has to be scrolled."""
        layout = self._page.layout()
        if layout is not None and layout.hasHeightForWidth():
            return layout.totalHeightForWidth(width)
        return self._page.sizeHint().height()


class _Scrim(QWidget):
    """Darkens the window behind a dialog."""

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._theme = theme
        self._window = window

    def cover(self) -> None:
        """Lie over the whole window."""
        self.setGeometry(self._window.rect())
        self.show()
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Draw the tone."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color("scrim"))
        painter.end()
