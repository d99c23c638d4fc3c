"""All keys (F1): those of the focused part first, then the screen's, then the window's."""

from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from clinic_desktop.i18n import _
from clinic_desktop.ui.screen import KeyHelp
from clinic_desktop.ui.shell.matching import find
from clinic_desktop.ui.shell.overlay import Overlay
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.labels import KeyHint, Label

WIDTH: Final = 760
TOP: Final = 60
TWO_COLUMNS_FROM: Final = 620


class KeysHelp(Overlay):
    """A list of keys that can be searched."""

    def __init__(self, window: QWidget, *, theme: Theme) -> None:
        super().__init__(window, theme=theme, width=WIDTH, top=TOP)
        self._keys: list[KeyHelp] = []
        self._first = ""
        self.setAccessibleName(_("Keys"))
        self.search = QLineEdit()
        self.search.setProperty("kind", "bare")
        self.search.setProperty("focus_ring", "none")
        self.search.setPlaceholderText(_("Find a key or what it does"))
        self.search.setAccessibleName(_("Find a key or what it does"))
        self.search.textChanged.connect(self._fill)
        head = QFrame()
        head.setProperty("kind", "panel_head")
        head.setFixedHeight(52)
        row = QHBoxLayout(head)
        row.setContentsMargins(16, 0, 14, 0)
        row.setSpacing(16)
        row.addWidget(Label(_("Keys"), theme=theme, size="heading"))
        row.addWidget(self.search, 1)
        row.addWidget(KeyHint(_("Esc"), theme=theme))
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._area.setAccessibleName(_("Keys"))
        column = QVBoxLayout(self.card)
        column.setContentsMargins(1, 1, 1, 6)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(self._area, 1)

    def start(self, keys: Iterable[KeyHelp], *, first_area: str = "") -> None:
        """Open with these keys; those of ``first_area``, which has the focus, come first."""
        self._keys = list(keys)
        self._first = first_area
        self.search.clear()
        self._fill()
        self.open()
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def shown(self) -> list[KeyHelp]:
        """Return the keys that match what is typed, in the order they are shown."""
        typed = self.search.text()
        hits = [key for key in self._keys if find(f"{key.key} {key.does}", typed) is not None]
        return sorted(hits, key=lambda key: key.area != self._first)

    def wanted_height(self) -> int:
        """Return the height of all keys."""
        inner = self._area.widget()
        return 72 + (inner.sizeHint().height() if inner is not None else 0)

    def _fill(self) -> None:
        groups: dict[str, list[KeyHelp]] = {}
        for key in self.shown():
            groups.setdefault(key.area, []).append(key)
        inner = QWidget()
        inner.setProperty("kind", "page")
        column = QVBoxLayout(inner)
        column.setContentsMargins(16, 8, 16, 8)
        column.setSpacing(4)
        for area, keys in groups.items():
            name = area or _("This screen")
            column.addWidget(Label(name, theme=self._theme, size="micro", role="text_2"))
            column.addLayout(self._grid(keys))
            column.addSpacing(10)
        if not groups:
            text = _("No key matches “{text}”.").format(text=self.search.text())
            column.addWidget(Label(text, theme=self._theme, role="text_2"))
        column.addStretch(1)
        self._area.setWidget(inner)
        if self.is_open:
            self.place()

    def _grid(self, keys: list[KeyHelp]) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        columns = 2 if self._window.width() >= TWO_COLUMNS_FROM else 1
        rows = -(-len(keys) // columns)
        for number, key in enumerate(keys):
            row, column = number % rows, 2 * (number // rows)
            grid.addWidget(
                KeyHint(key.key, theme=self._theme), row, column, Qt.AlignmentFlag.AlignLeft
            )
            grid.addWidget(Label(key.does, theme=self._theme), row, column + 1)
        for column in range(columns):
            grid.setColumnMinimumWidth(2 * column, 96)
            grid.setColumnStretch(2 * column + 1, 1)
        return grid
