"""The number strip over the board: each number filters the lanes when it is pressed."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QWidget

from clinic_desktop.i18n import _
from clinic_desktop.services.today.schemas import Board
from clinic_desktop.ui.theme.theme import Theme


class NumberStrip(QFrame):
    """Numbers of the day as buttons; ``filtered`` carries the statuses to show, or None for all."""

    filtered = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setProperty("kind", "panel")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(4, 4, 4, 4)
        self._row.setSpacing(0)
        self._buttons: dict[str, QToolButton] = {}
        self._words: dict[str, tuple[int, str]] = {}
        self._chosen = ""
        self._statuses: dict[str, frozenset[str]] = {
            "booked": frozenset(),
            "waiting": frozenset({"arrived"}),
            "in_chair": frozenset({"in_chair"}),
            "done": frozenset({"done"}),
            "missed": frozenset({"missed"}),
            "unconfirmed": frozenset({"pending"}),
        }
        self._icons = {
            "booked": "calendar",
            "waiting": "door-open",
            "in_chair": "armchair",
            "done": "check-check",
            "missed": "user-x",
            "unconfirmed": "circle-dashed",
        }
        for name, icon in self._icons.items():
            button = QToolButton(self)
            button.setProperty("kind", "quiet")
            button.setCheckable(True)
            button.setIcon(theme.icon(icon, "text_2", 18))
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.clicked.connect(lambda _checked=False, name=name: self._press(name))
            self._row.addWidget(button)
            self._buttons[name] = button
        self._row.addStretch(1)
        # A method and not a lambda: Qt lets go of it with the strip, and the theme lives longer.
        theme.changed.connect(self._paint)

    def show_numbers(self, board: Board) -> None:
        """Show the numbers of this board."""
        count = dict.fromkeys(self._statuses, 0)
        for visit in board.visits:
            if visit.status not in {"cancelled", "rescheduled"}:
                count["booked"] += 1
            for name, statuses in self._statuses.items():
                count[name] += visit.status in statuses
        words = {
            "booked": _("{count} booked"),
            "waiting": _("{count} waiting"),
            "in_chair": _("{count} in chair, {chairs} chairs"),
            "done": _("{count} done"),
            "missed": _("{count} missed"),
            "unconfirmed": _("{count} unconfirmed today"),
        }
        for name, button in self._buttons.items():
            text = words[name].format(count=count[name], chairs=len(board.sheet.chairs))
            self._words[name] = count[name], text
            button.setAccessibleName(text)
            button.setToolTip(text)
        self._write()

    def _write(self) -> None:
        """Write the words beside the numbers where there is room for all of them."""
        for name, (_count, text) in self._words.items():
            self._buttons[name].setText(f" {text}")
        if self._row.sizeHint().width() > self.width():
            for name, (number, _text) in self._words.items():
                self._buttons[name].setText(f" {number}")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give up the words, or take them back; tooltips still say them."""
        super().resizeEvent(event)
        self._write()

    def widgets(self) -> list[QWidget]:
        """Return the buttons in reading order."""
        return list(self._buttons.values())

    def _press(self, name: str) -> None:
        self._chosen = "" if name in (self._chosen, "booked") else name
        for other, button in self._buttons.items():
            button.setChecked(other == self._chosen)
        self.filtered.emit(self._statuses[self._chosen] if self._chosen else None)

    @Slot()
    def _paint(self) -> None:
        for name, button in self._buttons.items():
            button.setIcon(self._theme.icon(self._icons[name], "text_2", 18))
