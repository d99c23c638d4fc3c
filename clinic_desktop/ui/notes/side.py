"""The left side of the notes: the filter, the way to a new note, and the list."""

from collections.abc import Sequence
from uuid import UUID

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QHeaderView, QVBoxLayout

from clinic_desktop.i18n import _
from clinic_desktop.ui.notes.list_model import NotesModel
from clinic_desktop.ui.notes.rows import NoteFilter, NoteLine, filtered
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.rule import rule
from clinic_desktop.ui.widgets.segmented import Segmented
from clinic_desktop.ui.widgets.table import TableView


class NotesSide(QFrame):
    """``moved_to`` carries the id of the note that a person, not the program, went to."""

    moved_to = Signal(object)

    def __init__(self, theme: Theme, model: NotesModel) -> None:
        super().__init__()
        self._model = model
        self._showing = False
        self.setProperty("kind", "surface")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._make_head(theme))
        column.addWidget(rule())
        self.list = TableView(theme=theme, two_lines=True, name=_("Notes"))
        self.list.setModel(model)
        self.list.horizontalHeader().hide()
        self.list.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setProperty("keys_area", _("List"))
        self.list.row_changed.connect(self._row_changed)
        column.addWidget(self.list, 1)

    def _make_head(self, theme: Theme) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setContentsMargins(12, 10, 12, 10)
        head.setSpacing(8)
        options = [
            (_("All"), NoteFilter.ALL),
            (_("Mine"), NoteFilter.MINE),
            (_("Unsigned"), NoteFilter.UNSIGNED),
        ]
        self.filter = Segmented(options, theme=theme, name=_("Notes shown"), small=True)
        head.addWidget(self.filter)
        head.addStretch(1)
        self.new = Button(_("New"), theme=theme, icon="plus", key="Alt+N", small=True)
        head.addWidget(self.new)
        return head

    def show_lines(self, lines: Sequence[NoteLine], chosen: UUID | None) -> UUID | None:
        """Show what passes the filter; return the note chosen now, the first where it is gone."""
        shown = filtered(lines, self.filter.value())
        if chosen is None or all(line.id != chosen for line in lines):
            chosen = shown[0].id if shown else None
        at = self.list.verticalScrollBar().value()
        self._showing = True
        self._model.show(shown)
        place = self._place_of(chosen)
        if place >= 0:
            self.list.setCurrentIndex(self._model.index(place, 0))
        self.list.verticalScrollBar().setValue(at)
        self._showing = False
        return chosen

    def go_back_to(self, chosen: UUID | None) -> None:
        """Mark the note that is still shown on the right; nobody went there."""
        self._showing = True
        self.list.setCurrentIndex(self._model.index(self._place_of(chosen), 0))
        self._showing = False

    def _place_of(self, chosen: UUID | None) -> int:
        return self._model.place_of(chosen) if chosen is not None else -1

    def _row_changed(self, index: QModelIndex) -> None:
        line = self._model.line_at(index)
        if not self._showing and line is not None:
            self.moved_to.emit(line.id)
