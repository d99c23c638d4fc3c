"""The strip above each list to book from, which leads to the others."""

from typing import Final

from PySide6.QtWidgets import QHBoxLayout, QWidget

from clinic_desktop.i18n import N_, _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.segmented import Segmented

LISTS: Final = {
    "to_book": N_("Planned treatment"),
    "broken": N_("Broken appointments"),
    "recalls": N_("Recall due"),
    "waiting": N_("Waiting list"),
}


class ListsBar(QWidget):
    """Title and the four lists; the one that is shown is chosen."""

    def __init__(self, desk: Desk, shown: str) -> None:
        super().__init__()
        self._desk, self._shown = desk, shown
        books = desk.who.may("schedule.write")
        # What is planned in the chart is for those who book.
        names = [name for name in LISTS if books or name != "to_book"]
        self.lists = Segmented(
            [(_(LISTS[name]), name) for name in names],
            theme=desk.theme,
            value=shown,
            name=_("Lists to book from"),
        )
        self.lists.chosen.connect(self._go)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addWidget(Label(_("To book"), theme=desk.theme, size="title"))
        row.addWidget(self.lists)

    def _go(self, name: str) -> None:
        # The strip stays as it is: the other list has one of its own.
        self.lists.set_value(self._shown)
        if name != self._shown:
            self._desk.navigator.open_screen(name)
