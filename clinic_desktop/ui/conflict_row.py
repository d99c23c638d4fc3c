"""One line of a conflict: what it was, yours, theirs, and which of them is kept."""

from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Final

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QHBoxLayout, QRadioButton, QWidget

from clinic_desktop.i18n import _
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.labels import Label, Tag

LEAST: Final = (140, 90, 100, 100)


class Side(StrEnum):
    """Whose value of a line is kept."""

    YOURS = "yours"
    THEIRS = "theirs"


@dataclass(frozen=True)
class ConflictLine:
    """One field in three versions, as they are shown; an empty text is shown as a word."""

    field: str
    label: str
    before: str
    yours: str
    theirs: str

    @property
    def changed_by_you(self) -> bool:
        """Whether you changed it."""
        return self.yours != self.before

    @property
    def changed_by_them(self) -> bool:
        """Whether the other person changed it."""
        return self.theirs != self.before

    @property
    def differs(self) -> bool:
        """Whether there is anything to choose."""
        return self.yours != self.theirs

    @property
    def proposed(self) -> Side | None:
        """The side that is chosen beforehand; None when both changed it differently."""
        if self.differs and self.changed_by_you and self.changed_by_them:
            return None
        return Side.THEIRS if self.changed_by_them else Side.YOURS


class _Choice(QRadioButton):
    """Left and Right choose a side, Up and Down go to the line above or below."""

    stepped = Signal(int, int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move by the arrows; Space chooses, as everywhere."""
        steps = {
            Qt.Key.Key_Left: (-1, 0),
            Qt.Key.Key_Right: (1, 0),
            Qt.Key.Key_Up: (0, -1),
            Qt.Key.Key_Down: (0, 1),
        }
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.stepped.emit(*step)


class ConflictRow(QWidget):
    """One line: a soft ground marks what is chosen, amber what has to be."""

    choice_changed = Signal()
    left = Signal(object, int)
    """The side that had the focus, and 1 for the line below or -1 for the one above."""

    def __init__(self, line: ConflictLine, theme: Theme) -> None:
        super().__init__()
        self.line = line
        self._theme = theme
        self.side = line.proposed
        self.buttons: dict[Side, _Choice] = {}
        self._cells: dict[Side, QWidget] = {}
        grid = line_grid(self)
        weight = 600 if self.side is None else None
        self._tag = Tag("warning", "triangle-alert", _("Choose"), theme=theme)
        name = QHBoxLayout()
        name.setSpacing(6)
        role = "text" if self.side is None else "text_2"
        name.addWidget(Label(line.label, theme=theme, weight=weight, role=role))
        name.addWidget(self._tag)
        name.addStretch(1)
        grid.addLayout(name, 0, 0)
        grid.addWidget(Label(_shown(line.before), theme=theme, role="text_2", wrap=True), 0, 1)
        if line.differs:
            group = QButtonGroup(self)
            for column, side in ((2, Side.YOURS), (3, Side.THEIRS)):
                grid.addWidget(self._choice(side, group), 0, column)
        else:
            for column in (2, 3):
                grid.addWidget(Label(_shown(line.yours), theme=theme, wrap=True), 0, column)
        self.setMinimumHeight(36)
        self._show()

    def _choice(self, side: Side, group: QButtonGroup) -> QWidget:
        text = self.line.yours if side is Side.YOURS else self.line.theirs
        whose = _("Yours") if side is Side.YOURS else _("Theirs")
        button = _Choice()
        button.stepped.connect(partial(self._step, side))
        button.setAccessibleName(
            _("{field}, {whose}: {value}").format(
                field=self.line.label, whose=whose, value=_shown(text)
            )
        )
        button.toggled.connect(lambda on: self._chosen(side) if on else None)
        group.addButton(button)
        cell = _Cell(button)
        row = QHBoxLayout(cell)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(button)
        row.addWidget(Label(_shown(text), theme=self._theme, wrap=True), 1)
        self.buttons[side] = button
        self._cells[side] = cell
        if self.side is side:
            button.setChecked(True)
        return cell

    def _step(self, side: Side, across: int, down: int) -> None:
        if down:
            self.left.emit(side, down)
            return
        other = Side.THEIRS if across > 0 else Side.YOURS
        self.choose(other)
        self.buttons[other].setFocus(Qt.FocusReason.OtherFocusReason)

    def choose(self, side: Side) -> None:
        """Keep this side."""
        if self.line.differs:
            self.buttons[side].setChecked(True)

    def _chosen(self, side: Side) -> None:
        self.side = side
        self._show()
        self.choice_changed.emit()

    def _show(self) -> None:
        self._tag.setVisible(self.side is None)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Draw the grounds and the dividing line."""
        painter = QPainter(self)
        theme = self._theme
        for side, cell in self._cells.items():
            ground = QRectF(cell.geometry().adjusted(-10, 0, 10, 0))
            ground.setTop(0)
            ground.setBottom(self.height())
            if side is Side.THEIRS:
                ground.setRight(self.width())
            if self.side not in (None, side):
                continue
            soft, line = ("accent_soft", "accent") if self.side else ("warning_soft", "warning")
            painter.fillRect(ground, theme.color(soft))
            if theme.is_contrast:
                painter.setPen(QPen(theme.color(line), 2))
                painter.drawRect(ground.adjusted(1, 1, -1, -2))
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme.color("border"))
        painter.end()


class _Cell(QWidget):
    """A value and its button; a press anywhere on it chooses it."""

    def __init__(self, button: QRadioButton) -> None:
        super().__init__()
        self._button = button

    def mouseReleaseEvent(self, event: object) -> None:  # noqa: ARG002 - Qt's signature
        """Choose this value."""
        self._button.setChecked(True)


def _shown(text: str) -> str:
    return text or _("Not recorded")


def line_grid(widget: QWidget) -> QGridLayout:
    """Give a widget the four columns of a line."""
    grid = QGridLayout(widget)
    grid.setContentsMargins(20, 1, 20, 2)
    grid.setHorizontalSpacing(20)
    for column, stretch in enumerate((19, 19, 28, 24)):
        grid.setColumnStretch(column, stretch)
        grid.setColumnMinimumWidth(column, LEAST[column])
    return grid
