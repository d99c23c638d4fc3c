"""Facts under one another: a grey label at the left, its value at the right."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.labels import Label, Tag
from clinic_desktop.ui.widgets.painting import TagSpec


class Facts(QWidget):
    """Lines of a grey label at the left and its value at the right."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._lines: list[_Fact] = []

    def set_facts(self, facts: Sequence[tuple[str, str | TagSpec]]) -> None:
        """Show other lines; a value that is nothing but a tag is drawn as one."""
        for line in self._lines[len(facts) :]:
            line.hide()
        for place, (label, value) in enumerate(facts):
            if place == len(self._lines):
                self._lines.append(_Fact(self._theme))
                self._column.addWidget(self._lines[-1])
            self._lines[place].tell(label, value)
            self._lines[place].show()

    def values(self) -> dict[str, str]:
        """Return the lines shown, for tests and screen readers."""
        return dict(line.told for line in self._lines if not line.isHidden())


class _Fact(QWidget):
    """One line; a value that is cut shows whole in its tooltip."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.told = ("", "")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 3, 0, 3)
        row.setSpacing(12)
        self._label = Label(theme=theme, role="text_2")
        self._value = Label(theme=theme, tabular=True, align=Qt.AlignmentFlag.AlignRight)
        self._tag = Tag("unknown", "circle-help", "", theme=theme)
        self._label.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        row.addWidget(self._label, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._value, 1)
        row.addWidget(self._tag, 1, Qt.AlignmentFlag.AlignRight)

    def tell(self, label: str, value: str | TagSpec) -> None:
        is_tag = isinstance(value, TagSpec)
        self._label.setText(label)
        self._value.setVisible(not is_tag)
        self._tag.setVisible(is_tag)
        if isinstance(value, TagSpec):
            self._tag.set_tag(value.kind, value.icon, value.text)
        else:
            self._value.setText(value)
        self.told = (label, value.text if isinstance(value, TagSpec) else value)
        self.setAccessibleName(f"{label}: {self.told[1]}")
