"""The left side of the notes: the filter, the way to a new note, and the list."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QHeaderView, QVBoxLayout

from clinic_desktop.i18n import _
from clinic_desktop.ui.notes.list_model import NotesModel
from clinic_desktop.ui.notes.rows import NoteFilter
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.rule import rule
from clinic_desktop.ui.widgets.segmented import Segmented
from clinic_desktop.ui.widgets.table import TableView


class NotesSide(QFrame):
    """``filter``, ``new`` and ``list`` are what the view listens to."""

    def __init__(self, theme: Theme, model: NotesModel) -> None:
        super().__init__()
        self.setProperty("kind", "surface")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
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
        column.addLayout(head)
        column.addWidget(rule())
        self.list = TableView(theme=theme, two_lines=True, name=_("Notes"))
        self.list.setModel(model)
        self.list.horizontalHeader().hide()
        self.list.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setProperty("keys_area", _("List"))
        column.addWidget(self.list, 1)
