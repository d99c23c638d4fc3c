"""What a gloved finger uses at the chair: treatments below the teeth, the tooth in hand beside."""

from functools import partial
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from clinic_desktop.domain.teeth.chart import MarkStatus
from clinic_desktop.i18n import N_, _
from clinic_desktop.ui.chart.big_diagram import BigDiagram
from clinic_desktop.ui.chart.quick import USUAL
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.rule import rule

TALL: Final = 72
"""The height of a button for a gloved finger; where a window is low it shrinks to ``_LEAST``."""
_LEAST: Final = 56
_GAP: Final = 8
_EDGE: Final = 12
_AROUND: Final = 8
_COLUMNS: Final = 6
# So wide is a button with words that are read; a narrow window has fewer of them in a row.
_WIDE: Final = 130
_STATUSES: Final = (
    (MarkStatus.DONE, N_("Done"), "check"),
    (MarkStatus.PLANNED, N_("Planned"), "circle-dashed"),
    (MarkStatus.EXISTING, N_("Existing"), "history"),
    (MarkStatus.ELSEWHERE, N_("Elsewhere"), "map-pin"),
)


class TallButton(Button):
    """A button for a gloved finger; it keeps the focus where it is."""

    def __init__(
        self,
        text: str = "",
        *,
        theme: Theme,
        icon: str | None = None,
        name: str | None = None,
        kind: str = "plain",
    ) -> None:
        super().__init__(text, theme=theme, icon=icon, name=name, kind=kind)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.setMaximumHeight(TALL)

    def sizeHint(self) -> QSize:
        """Return a square at least."""
        return super().sizeHint().expandedTo(QSize(TALL, TALL))

    def minimumSizeHint(self) -> QSize:
        """Return what a finger still meets where the window is low."""
        return super().minimumSizeHint().expandedTo(QSize(_LEAST, _LEAST))


class ChairsideButtons(QFrame):
    """The usual treatments, twelve large buttons; dates and legend wait behind a switch.

    ``chosen`` carries the code of a treatment, ``all_wanted`` asks for the menu, ``line_wanted``
    for the line to type into.
    """

    chosen = Signal(str)
    all_wanted = Signal()
    line_wanted = Signal(bool)

    def __init__(self, theme: Theme, dates: QWidget) -> None:
        super().__init__()
        self.setProperty("kind", "sunken")
        self.setProperty("keys_area", _("Treatments"))
        self._last = ""
        self.usual = {code: TallButton(_(words), theme=theme) for code, words in USUAL}
        self.more = TallButton(_("All…"), theme=theme)
        self.more.clicked.connect(self.all_wanted)
        self.pages = QStackedWidget()
        self.pages.addWidget(self._make_grid())
        self.pages.addWidget(dates)
        self.dates = TallButton(theme=theme, icon="history", name=_("Dates and legend"))
        self.line = TallButton(theme=theme, icon="keyboard", name=_("Line to type into"))
        row = QHBoxLayout(self)
        row.setContentsMargins(_EDGE, _AROUND, _EDGE, _AROUND)
        row.setSpacing(_GAP)
        row.addWidget(self.pages, 1)
        switches = QVBoxLayout()
        switches.setSpacing(_GAP)
        for button in (self.dates, self.line):
            button.setCheckable(True)
            switches.addWidget(button)
        row.addLayout(switches)
        self.dates.toggled.connect(lambda on: self.pages.setCurrentIndex(int(on)))
        self.line.toggled.connect(self.line_wanted)

    def _make_grid(self) -> QWidget:
        page = QWidget()
        self._grid = QGridLayout(page)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(_GAP)
        for code, button in self.usual.items():
            button.setCheckable(True)
            button.clicked.connect(partial(self._choose, code))
        self._columns = 0
        self.set_columns(_COLUMNS)
        return page

    def fit(self, width: int) -> None:
        """Put as many buttons into a row as can be read in this width."""
        room = width - 2 * _EDGE - TALL - _GAP
        self.set_columns(max(2, min(_COLUMNS, room // (_WIDE + _GAP))))

    def set_columns(self, columns: int) -> None:
        """Put so many buttons into a row."""
        if columns == self._columns:
            return
        self._columns = columns
        for place, button in enumerate((*self.usual.values(), self.more)):
            self._grid.addWidget(button, *divmod(place, columns))
        for column in range(_COLUMNS):
            self._grid.setColumnStretch(column, int(column < columns))

    def _choose(self, code: str, _checked: bool = False) -> None:
        self.mark(self._last)  # it is held when the line has taken it
        self.chosen.emit(code)

    def mark(self, code: str) -> None:
        """Show which treatment was tapped and is in the line; an empty code marks none."""
        self._last = code
        for one, button in self.usual.items():
            button.setChecked(one == code)


class ChairsidePanel(QFrame):
    """The tooth in hand: its surfaces, the status, what would be charted, Add and back.

    ``status_chosen`` carries a MarkStatus.
    """

    status_chosen = Signal(object)
    add_wanted = Signal()
    undo_wanted = Signal()
    closed = Signal()

    def __init__(self, theme: Theme, locale: str) -> None:
        super().__init__()
        self.setProperty("kind", "surface")
        self.setProperty("keys_area", _("Tooth in hand"))
        self._theme = theme
        self.diagram = BigDiagram(theme, locale)
        self._title = Label(theme=theme, size="figure", tabular=True)
        self._detail = Label(theme=theme, role="text_2", wrap=True)
        self._what = Label(theme=theme, role="text_2", wrap=True)
        self._fee = Label(theme=theme, size="strong", tabular=True)
        self._group = QButtonGroup(self)
        self.statuses: dict[MarkStatus, TallButton] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(rule(vertical=True))
        column = QVBoxLayout()
        row.addLayout(column, 1)
        column.setContentsMargins(16, _EDGE, 16, _AROUND)
        column.setSpacing(_EDGE)
        column.addLayout(self._make_head())
        column.addWidget(self.diagram, 2)
        column.addLayout(self._make_statuses())
        column.addStretch(1)
        said = QHBoxLayout()
        said.addWidget(self._what, 1)
        said.addWidget(self._fee)
        column.addLayout(said)
        column.addLayout(self._make_acts())

    def _make_head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(_GAP)
        head.addWidget(self._title)
        head.addWidget(self._detail, 1)
        close = Button(theme=self._theme, icon="x", name=_("Close"), kind="quiet")
        close.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        close.clicked.connect(self.closed)
        head.addWidget(close)
        return head

    def _make_statuses(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(_GAP)
        for place, (status, words, icon) in enumerate(_STATUSES):
            button = TallButton(_(words), theme=self._theme, icon=icon)
            button.setCheckable(True)
            button.clicked.connect(partial(self._tell_status, status))
            self._group.addButton(button)
            self.statuses[status] = button
            grid.addWidget(button, *divmod(place, 2))
        return grid

    def _make_acts(self) -> QHBoxLayout:
        acts = QHBoxLayout()
        acts.setSpacing(_GAP)
        self.undo = TallButton(theme=self._theme, icon="undo-2", name=_("Undo"))
        self.undo.clicked.connect(self.undo_wanted)
        self.add = TallButton(_("Add to chart"), theme=self._theme, kind="primary")
        self.add.clicked.connect(self.add_wanted)
        acts.addWidget(self.undo)
        acts.addWidget(self.add, 1)
        return acts

    def _tell_status(self, status: MarkStatus, _checked: bool = False) -> None:
        self.status_chosen.emit(status)

    # -- content ----------------------------------------------------------------------------

    def show_teeth(self, title: str, detail: str, fdi: int | None, picked: str) -> None:
        """Name the teeth in hand; the surfaces of one are shown large."""
        self._title.setText(title)
        self._detail.setText(detail)
        self.diagram.show_tooth(fdi, picked)

    def show_status(self, status: MarkStatus) -> None:
        """Show the status that holds; the rare ones are chosen by typing."""
        self._group.setExclusive(False)
        for one, button in self.statuses.items():
            button.setChecked(one is status)
        self._group.setExclusive(True)

    def show_said(self, what: str, fee: str, *, ready: bool) -> None:
        """Say what Add would chart, and what it costs."""
        self._what.setText(what)
        self._fee.setText(fee)
        self.add.setEnabled(ready)

    def said(self) -> tuple[str, str]:
        """Return what is said beside Add."""
        return self._what.text(), self._fee.text()
