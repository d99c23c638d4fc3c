"""What a DICOM file says about itself, as it stands in the file."""

from enum import IntEnum
from typing import Final

from PySide6.QtWidgets import QWidget

from clinic_desktop.domain.dicom import Tag
from clinic_desktop.i18n import N_, _
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.cells import Cell, none_cell
from clinic_desktop.ui.widgets.dialog import Dialog
from clinic_desktop.ui.widgets.rows_model import RowsModel
from clinic_desktop.ui.widgets.table import TableView


class Column(IntEnum):
    """The columns of the file's own data."""

    NUMBER = 0
    NAME = 1
    VALUE = 2


_TITLES: Final = {
    Column.NUMBER: N_("Tag"),
    Column.NAME: N_("Name"),
    Column.VALUE: N_("Value"),
}


def tags_model() -> RowsModel[Tag]:
    """Return the model of the lines."""
    return RowsModel(_TITLES, _cell, key=lambda tag: tag.number)


def _cell(tag: Tag, column: Column) -> Cell:
    if column == Column.NUMBER:
        return Cell(tag.number, identifier=True, role="text_2")
    if column == Column.NAME:
        return Cell(tag.name)
    return Cell(tag.value) if tag.value else none_cell()


class TagsDialog(Dialog):
    """A list to read and to copy from."""

    def __init__(self, tags: tuple[Tag, ...], *, theme: Theme, parent: QWidget) -> None:
        super().__init__(
            _("File's own data"),
            theme=theme,
            parent=parent,
            icon="info",
            width=760,
            sentence=_("As the X-ray program wrote it. The record does not change it."),
            close_words=_("Close"),
        )
        self.model = tags_model()
        self.model.set_rows(tags)
        self.table = TableView(theme=theme, name=_("File's own data"))
        self.table.setModel(self.model)
        self.table.fit_columns(stretch=Column.VALUE)
        self.table.setMinimumHeight(360)
        self.body.addWidget(self.table)
        self.finished.connect(self.deleteLater)
