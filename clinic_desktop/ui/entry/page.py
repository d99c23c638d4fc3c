"""One question of the entry: words, fields, a refusal in its place, one button that goes on."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from clinic_desktop.errors import ClinicError
from clinic_desktop.i18n import _
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.panel import Panel
from clinic_desktop.ui.widgets.pictures import Icon
from clinic_desktop.ui.widgets.states import BusyLine

if TYPE_CHECKING:  # the first page of all has no fields
    from clinic_desktop.ui.widgets.fields import Field

WIDTH: Final = 660


class Page(QWidget):
    """Subclasses fill ``body`` and answer with signals; Enter presses the primary button."""

    def __init__(
        self, *, theme: Theme, title: str, step: str = "", sentence: str = "", width: int = WIDTH
    ) -> None:
        super().__init__()
        self.theme = theme
        self.fields: dict[str, Field] = {}
        self._back: Callable[[], None] | None = None
        self._primary: Button | None = None
        self._links: list[Button] = []
        self._busy = False
        self.setMaximumWidth(WIDTH)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setAccessibleName(title)
        # Every page begins at the same edge; a form is narrower than the cards.
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        inside = QWidget()
        inside.setMaximumWidth(width)
        row.addWidget(inside, 1000)
        row.addStretch(1)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        if step:
            column.addWidget(Label(step, theme=theme, role="text_2"))
        self.title = Label(title, theme=theme, size="title", wrap=True)
        column.addWidget(self.title)
        self.sentence = Label(sentence, theme=theme, role="text_2", wrap=True)
        column.addWidget(self.sentence)
        # Only now: a label without a parent would be a window of its own for a moment.
        self.sentence.setVisible(bool(sentence))
        column.addSpacing(16)
        self._refusal = _Refusal(theme)
        column.addWidget(self._refusal)
        self.body = QVBoxLayout()
        self.body.setSpacing(14)
        column.addLayout(self.body)
        column.addSpacing(16)
        self._under_way = QWidget(inside)
        self._under_way.hide()
        self._told = Label(theme=theme, role="text_2", wrap=True)
        self._line = BusyLine(theme, self._under_way)
        self._line.setFixedHeight(2)
        told = QVBoxLayout(self._under_way)
        told.setContentsMargins(0, 0, 0, 12)
        told.setSpacing(8)
        told.addWidget(self._told)
        told.addWidget(self._line)
        column.addWidget(self._under_way)
        self._foot = QHBoxLayout()
        self._foot.setSpacing(12)
        self._foot.addStretch(1)
        column.addLayout(self._foot)
        column.addStretch(1)

    # -- building ---------------------------------------------------------------------------

    def add_field(self, field: "Field") -> "Field":
        """Add a field; a refusal that names it is shown below it."""
        self.fields[field.name] = field
        field.edited.connect(self._refusal.hide)
        self.body.addWidget(field)
        return field

    def set_primary(self, words: str, act: Callable[[], None]) -> Button:
        """Add the button that goes on."""
        button = _GoOn(words, theme=self.theme, key="Enter", kind="primary")
        button.clicked.connect(act)
        self._foot.addWidget(button)
        self._primary = button
        return button

    def add_link(
        self, words: str, act: Callable[[], None], *, icon: str = "", key: str | None = None
    ) -> Button:
        """Add another way beside it, at the left."""
        button = Button(words, theme=self.theme, icon=icon or None, key=key, kind="link")
        button.clicked.connect(act)
        self._links.append(button)
        self._foot.insertWidget(self._foot.count() - (2 if self._primary else 1), button)
        return button

    def add_back(self, act: Callable[[], None]) -> Button:
        """Add the way back; Esc goes there too."""
        self._back = act
        return self.add_link(_("Back"), act, icon="arrow-left", key="Esc")

    @property
    def primary(self) -> Button | None:
        """The button that goes on."""
        return self._primary

    # -- what happens -----------------------------------------------------------------------

    def start_focus(self) -> None:
        """Put the focus where the answer begins."""
        first = next((f for f in self.fields.values() if f.isVisibleTo(self)), None)
        target: QWidget | None = first.editor if first is not None else self._primary
        if target is not None:
            target.setFocus(Qt.FocusReason.OtherFocusReason)

    def check(self) -> bool:
        """Check every field that is shown; return whether nothing is wrong, else focus it."""
        self._refusal.hide()
        wrong = [f for f in self.fields.values() if f.isVisibleTo(self) and not f.validate()]
        if wrong:
            wrong[0].editor.setFocus(Qt.FocusReason.OtherFocusReason)
        return not wrong

    def refuse(self, error: ClinicError) -> None:
        """Show a refusal at the field it names, or above all of them."""
        self.set_busy(False)
        field = self.fields.get(error.field or "")
        if field is None or not field.isVisibleTo(self):
            self._refusal.say(str(error))
            self.start_focus()
            return
        field.show_error(str(error))
        field.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def note(self, sentence: str) -> None:
        """Show something worth knowing above the fields."""
        self._refusal.say(sentence, tone="info", icon="info")

    def set_busy(self, busy: bool, sentence: str = "") -> None:
        """Show that work is under way, and with which step."""
        self._busy = busy
        if self._primary is not None:
            self._primary.setEnabled(not busy)
        for part in (*self.fields.values(), *self._links):
            part.setEnabled(not busy)
        self.tell(sentence if busy else "")
        self._under_way.setVisible(busy)
        if busy:
            self._line.start()
        else:
            self._line.stop()

    @property
    def busy(self) -> bool:
        """Whether work is under way."""
        return self._busy

    def tell(self, sentence: str) -> None:
        """Show the step that the work has come to."""
        self._told.setText(sentence)
        self._told.setVisible(bool(sentence))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes on, or presses the button that has the focus; Esc goes back."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            focused = QApplication.focusWidget()
            if isinstance(focused, QPushButton) and self.isAncestorOf(focused):
                focused.click()
            elif self._primary is not None and self._primary.isEnabled():
                self._primary.click()
        elif event.key() == Qt.Key.Key_Escape and self._back is not None and not self._busy:
            self._back()
        else:
            super().keyPressEvent(event)
            return
        event.accept()


class _GoOn(Button):
    """The one button of a page, larger than those of a form."""

    def sizeHint(self) -> QSize:
        """Return the button with more room around its words."""
        usual = super().sizeHint()
        return QSize(usual.width() + 16, max(44, usual.height()))


class _Refusal(Panel):
    """A sentence above the fields that belongs to none of them."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme=theme)
        row = QHBoxLayout()
        row.setContentsMargins(14, 12, 14, 12)
        row.setSpacing(10)
        self._icon = Icon("octagon-alert", theme=theme, role="danger", size=18)
        self._words = Label(theme=theme, wrap=True)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._words, 1)
        self.body.addLayout(row)
        self.hide()

    def say(self, sentence: str, *, tone: str = "danger", icon: str = "octagon-alert") -> None:
        """Show the sentence in a tone."""
        self._icon.set_icon(icon, tone)
        self._words.setText(sentence)
        self._words.set_role(f"on_{tone}_soft")
        self.set_tone(tone)
        self.setAccessibleName(sentence)
        self.setContentsMargins(0, 0, 0, 12)
        self.show()
