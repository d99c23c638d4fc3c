"""Asked beside the place where an appointment of a series is put: this, following, or all?"""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QVBoxLayout, QWidget

from clinic_desktop.i18n import N_, _
from clinic_desktop.services.series.schemas import Scope
from clinic_desktop.ui.keymap.keymap import meant_key
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.announce import announce
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.labels import Label

_GAP: Final = 8
_WAYS: Final = (
    ("1", Scope.THIS, N_("This one alone")),
    ("2", Scope.FOLLOWING, N_("This and following")),
    ("3", Scope.ALL, N_("The whole series")),
)


class SeriesQuestion(QFrame):
    """Lies over its window without stopping it: 1, 2 and 3 answer, Esc and leaving let it stay."""

    def __init__(
        self,
        sentence: str,
        on_scope: Callable[[Scope], None],
        on_stay: Callable[[], None],
        *,
        theme: Theme,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._over = parent
        self._on_scope, self._on_stay = on_scope, on_stay
        self._sentence = sentence
        self._answered = False
        self._came_from = QApplication.focusWidget()
        self.setProperty("kind", "dialog")
        self.setAccessibleName(sentence)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 12)
        column.setSpacing(6)
        column.addWidget(Label(sentence, theme=theme, weight=600))
        self.buttons: dict[Scope, Button] = {}
        for key, scope, words in _WAYS:
            button = Button(_(words), theme=theme, key=key, small=True)
            button.clicked.connect(lambda _checked=False, one=scope: self._answer(one))
            button.installEventFilter(self)
            self.buttons[scope] = button
            column.addWidget(button)
        self.stay = Button(_("Let it stay"), theme=theme, key="Esc", kind="quiet", small=True)
        self.stay.clicked.connect(lambda: self._answer(None))
        self.stay.installEventFilter(self)
        column.addWidget(self.stay)

    def ask_at(self, at: QPoint) -> None:
        """Show it beside a point of its parent, inside of it, and take the keys."""
        self.adjustSize()
        room = self._over.rect().adjusted(_GAP, _GAP, -_GAP, -_GAP)
        left = at.x() + _GAP
        if left + self.width() > room.right():
            left = at.x() - _GAP - self.width()
        top = min(max(at.y() - self.height() // 2, room.top()), room.bottom() - self.height())
        self.move(max(room.left(), left), max(room.top(), top))
        self.show()
        self.raise_()
        self.buttons[Scope.THIS].setFocus(Qt.FocusReason.PopupFocusReason)
        announce(self, self._sentence, urgent=True)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hear the keys on its buttons; whoever goes elsewhere lets the appointment stay."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._heard(event)
        if event.type() == QEvent.Type.FocusOut and isinstance(event, QFocusEvent):
            reason = event.reason()
            if reason != Qt.FocusReason.ActiveWindowFocusReason:
                self._look_where(QApplication.focusWidget())
        return super().eventFilter(watched, event)

    def _look_where(self, focused: QWidget | None) -> None:
        if focused is None or not (focused is self or self.isAncestorOf(focused)):
            self._answer(None)

    def _heard(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Escape:
            self._answer(None)
            return True
        for key, scope, _words in _WAYS:
            if meant_key(self, event) == key:
                self._answer(scope)
                return True
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        if step is not None:
            order = [*self.buttons.values(), self.stay]
            here = next((n for n, one in enumerate(order) if one.hasFocus()), 0)
            order[(here + step) % len(order)].setFocus(Qt.FocusReason.TabFocusReason)
            return True
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            focused = QApplication.focusWidget()
            if isinstance(focused, Button):
                focused.click()
            return True
        return False

    def _answer(self, scope: Scope | None) -> None:
        if self._answered:
            return
        self._answered = True
        back = self._came_from
        self.hide()
        self.deleteLater()
        if back is not None and back.isVisible():
            back.setFocus()
        if scope is None:
            self._on_stay()
        else:
            self._on_scope(scope)
