"""Below a setting that was changed: what it usually is, and one act to have that again."""

from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QVBoxLayout

from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import _
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.fields import Choice, Field, LineEdit, NumberField


class Usual(Button):
    """Shown while the field says something else; pressing it is as if the value were typed."""

    def __init__(self, field: Field, value: Any, words: str, *, theme: Theme) -> None:
        super().__init__(
            _("Usual: {value}. Use it").format(value=words), theme=theme, icon="undo-2",
            kind="link", small=True,
        )  # fmt: skip
        self._editor, self._value = field.editor, value
        self.setAccessibleName(
            _("{label}: usual is {value}. Use it").format(label=field.label(), value=words)
        )
        column = field.layout()
        assert isinstance(column, QVBoxLayout)  # noqa: S101 - a field is a column
        column.insertWidget(column.indexOf(field.editor) + 1, self, 0, Qt.AlignmentFlag.AlignLeft)
        if isinstance(self._editor, Choice):
            self._editor.currentIndexChanged.connect(self._look)
        elif isinstance(self._editor, LineEdit):
            self._editor.textChanged.connect(self._look)
        else:
            raise TypeError(type(self._editor).__name__)
        self.clicked.connect(self.use)
        self._look()

    def _is_usual(self) -> bool:
        try:
            if isinstance(self._editor, Choice | NumberField):
                return bool(self._editor.value() == self._value)
        except InvalidError:
            return False
        return isinstance(self._editor, LineEdit) and self._editor.text() == self._value

    @Slot()
    def _look(self) -> None:
        self.setVisible(not self._is_usual())

    @Slot()
    def use(self) -> None:
        """Put the usual value in."""
        editor = self._editor
        editor.setFocus()
        if isinstance(editor, Choice):
            editor.set_value(self._value)
            editor.activated.emit(editor.currentIndex())
        elif isinstance(editor, NumberField):
            editor.set_value(self._value)
            editor.textEdited.emit(editor.text())
        elif isinstance(editor, LineEdit):
            editor.setText(self._value)
            editor.textEdited.emit(self._value)
            editor.editingFinished.emit()
