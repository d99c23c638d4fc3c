"""A field: its label above, its editor, and below it the sentence that says what is wrong."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinic_desktop.domain.folding import is_blank
from clinic_desktop.i18n import _
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.editors import Choice, SearchField
from clinic_desktop.ui.widgets.figures import MoneyField, NumberField
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.line import LineEdit, TextArea
from clinic_desktop.ui.widgets.moments import DateField, TimeField
from clinic_desktop.ui.widgets.pictures import Icon

__all__ = [
    "Choice",
    "DateField",
    "Field",
    "LineEdit",
    "MoneyField",
    "NumberField",
    "SearchField",
    "TextArea",
    "TimeField",
]

Check = Callable[[], str | None]
Offer = tuple[str, Callable[[], None]]
"""What a button beside the sentence is called, and what it does."""

_LOOKS: Final = {
    "error": ("danger", "circle-alert"),
    "warning": ("warning", "triangle-alert"),
    "hint": ("text_3", ""),
}


class Field(QWidget):
    """Label, editor and sentence.

    The value is checked when the person leaves the editor, and while typing once it is wrong.
    The check is the editor's own ``problem()``, then the one given by ``check``. A sentence set
    from outside (``show_error`` after a refusal of the server) goes when the text changes.
    """

    edited = Signal()

    def __init__(
        self,
        label: str,
        editor: QWidget,
        *,
        theme: Theme,
        required: bool = False,
        optional: bool = False,
        hint: str = "",
        name: str = "",
        check: Check | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.editor = editor
        self.name = name
        self._label = label
        self._required = required
        self._hint = hint
        self._check = check
        self._state = ""
        self._from_outside = False
        self._on_act: Callable[[], None] | None = None
        self._offer: Callable[[], Offer | None] = lambda: None
        self._build(label, theme, required=required, optional=optional)
        self._watch(editor)
        self.clear()

    def _build(self, label: str, theme: Theme, *, required: bool, optional: bool) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        head = QHBoxLayout()
        head.setSpacing(4)
        self._words = Label(label, theme=theme, size="small", role="text_2", weight=500)
        self._words.setBuddy(self.editor)
        head.addWidget(self._words)
        if required:
            head.addWidget(Label("*", theme=theme, size="small", role="danger", weight=600))
        if optional:
            head.addWidget(Label(_("optional"), theme=theme, size="small", role="text_3"))
        head.addStretch(1)
        if label:  # in a grid the heads of row and column say it
            column.addLayout(head)
        column.addWidget(self.editor, 1 if isinstance(self.editor, TextArea) else 0)
        self._foot = QWidget()
        foot = QHBoxLayout(self._foot)
        foot.setContentsMargins(0, 0, 0, 0)
        foot.setSpacing(4)
        self._icon = Icon("circle-alert", theme=theme, role="danger", size=14)
        self._sentence = Label(theme=theme, size="small", wrap=True)
        self._act = Button(theme=theme, kind="link", small=True)
        self._act.clicked.connect(self._do_act)
        self._act.hide()
        foot.addWidget(self._icon)
        foot.addWidget(self._sentence)
        foot.addWidget(self._act)
        foot.addStretch(1)
        column.addWidget(self._foot)
        if not isinstance(self.editor, TextArea):
            column.addStretch(1)
        spoken = _("{label}, required").format(label=label) if required else label
        self.editor.setAccessibleName(spoken)
        self.setFocusProxy(self.editor)

    def _watch(self, editor: QWidget) -> None:
        if isinstance(editor, LineEdit):
            editor.textEdited.connect(self._typed)
            editor.left.connect(self._left)
        elif isinstance(editor, TextArea):
            editor.textChanged.connect(self._typed)
            editor.left.connect(self._left)
        elif isinstance(editor, Choice):
            editor.chosen.connect(self._chose)

    # -- state ------------------------------------------------------------------------------

    def label(self) -> str:
        """Return the words above the editor."""
        return self._label

    def set_check(self, check: Check | None) -> None:
        """Set the check of this form: returns a sentence, or None when all is well."""
        self._check = check

    def set_offer(self, offer: Callable[[], Offer | None]) -> None:
        """Set what is asked for a way out, to stand beside the sentence that says what is wrong."""
        self._offer = offer

    def set_required(self, required: bool) -> None:
        """Change whether an empty value is refused; the mark stays as it was built."""
        self._required = required

    def state(self) -> str:
        """Return ``error``, ``warning`` or nothing."""
        return self._state

    def sentence(self) -> str:
        """Return the sentence shown below the editor."""
        return self._sentence.text()

    def validate(self) -> bool:
        """Check the value, show what is wrong, and return whether nothing is.

        What was refused from outside is forgotten: whoever asks again, of a server that has come
        back, is to be answered again.
        """
        problem = self.problem()
        self._from_outside = False
        if problem is not None:
            self._show("error", problem)
            offer = self._offer()
            if offer is not None:
                self._show_act(*offer)
        elif self._state == "error":
            self.clear()
        return problem is None

    def problem(self) -> str | None:
        """Return what is wrong with the value now, without showing it."""
        own = getattr(self.editor, "problem", None)
        if own is not None and (found := own()) is not None:
            return str(found)
        if self._required and self._is_empty():
            return _("{label} is needed.").format(label=self._label)
        return self._check() if self._check is not None else None

    def show_error(self, sentence: str) -> None:
        """Show why the value was refused, until it is changed."""
        self._from_outside = True
        self._show("error", sentence)

    def show_warning(
        self, sentence: str, act: str = "", on_act: Callable[[], None] | None = None
    ) -> None:
        """Show something worth knowing that does not block; ``act`` offers what to do."""
        self._show("warning", sentence)
        if act and on_act is not None:
            self._show_act(act, on_act)

    def clear(self) -> None:
        """Take the sentence away; the hint comes back."""
        self._from_outside = False
        self._act.hide()
        self._show("hint" if self._hint else "", self._hint)
        self._state = ""

    def _show(self, state: str, sentence: str) -> None:
        self._state = state
        role, icon = _LOOKS.get(state, ("text_3", ""))
        self._act.hide()
        self._sentence.setText(sentence)
        self._sentence.set_role(role)
        self._foot.setVisible(bool(sentence))
        inside = isinstance(self.editor, LineEdit)
        self._icon.setVisible(bool(icon) and not inside)
        if icon:
            self._icon.set_icon(icon, role)
        if isinstance(self.editor, LineEdit):
            self.editor.mark(icon, role)
        self.editor.setProperty("state", state)
        self.editor.style().unpolish(self.editor)
        self.editor.style().polish(self.editor)
        if self.editor.accessibleDescription() != sentence:
            self.editor.setAccessibleDescription(sentence)
            event = QAccessibleEvent(self.editor, QAccessible.Event.DescriptionChanged)
            QAccessible.updateAccessibility(event)

    def _show_act(self, words: str, act: Callable[[], None]) -> None:
        self._act.setText(words)
        self._act.show()
        self._on_act = act

    def _do_act(self) -> None:
        if self._on_act is not None:
            self._on_act()

    def _left(self) -> None:
        if not (self._from_outside and self._state == "error"):
            self.validate()

    def _typed(self) -> None:
        if self._from_outside:
            self.clear()
        elif self._state == "error":
            self.validate()
        self.edited.emit()

    def _chose(self, _value: object) -> None:
        self._from_outside = False
        self.validate()
        self.edited.emit()

    def _is_empty(self) -> bool:
        if isinstance(self.editor, Choice):
            return self.editor.currentIndex() < 0
        if isinstance(self.editor, LineEdit | TextArea):
            # A mark that nobody can see is not a name.
            return is_blank(self.editor.text())
        return False
