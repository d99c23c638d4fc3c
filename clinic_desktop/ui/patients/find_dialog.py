"""Choosing one patient out of all: typed, chosen with the arrows, taken with Enter."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from clinic_desktop.i18n import _
from clinic_desktop.services import patients
from clinic_desktop.services.patients.schemas import PatientRow
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.patients.words import Looks
from clinic_desktop.ui.widgets.dialog import Dialog
from clinic_desktop.ui.widgets.editors import SearchField
from clinic_desktop.ui.widgets.labels import Label

_SHOWN: Final = 8


class FindPatient(Dialog):
    """Hands the chosen patient to ``take``; ``without`` is never offered."""

    def __init__(
        self,
        desk: Desk,
        parent: QWidget,
        title: str,
        *,
        without: UUID,
        take: Callable[[PatientRow], None],
    ) -> None:
        super().__init__(title, theme=desk.theme, parent=parent, icon="search", width=480)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.desk, self._without, self._take = desk, without, take
        self._typed = self._answered = ""
        self._waits = False
        self._rows: list[PatientRow] = []
        self.line = SearchField(_("Name, birth date, phone, number, e-mail"), theme=desk.theme)
        self.list = QListWidget()
        self.list.setAccessibleName(_("Patients found"))
        self.list.setMinimumHeight(32 * _SHOWN)
        self.note = Label(theme=desk.theme, size="small", role="text_2", wrap=True)
        for widget in (self.line, self.list, self.note):
            self.body.addWidget(widget)
        self.line.searched.connect(self._ask)
        self.line.returnPressed.connect(self._enter)
        self.line.went_down.connect(self._into_list)
        self.list.itemActivated.connect(lambda _item: self._choose())
        self.set_primary(_("Choose"), self._choose, key="Ctrl+Enter")

    def _ask(self, typed: str) -> None:
        self._typed = typed.strip()
        if not self._typed:
            self.list.clear()
            return
        wanted = self._typed
        self.desk.operations.query(
            self,
            lambda ctx: patients.find(ctx, wanted, limit=_SHOWN + 1),
            lambda rows: self._show(wanted, rows),
            failed=lambda error: self.note.setText(str(error)),
            key="find",
        )

    def _show(self, typed: str, rows: tuple[PatientRow, ...]) -> None:
        looks = Looks.of(self.desk)
        self.list.clear()
        self._rows, self._answered = [], typed
        for row in rows:
            if row.id == self._without or self.list.count() == _SHOWN:
                continue
            parts = [row.name, _("No. {number}").format(number=row.number)]
            if row.born is not None:
                parts.insert(1, looks.age(row.born, estimated=row.born_estimated))
            self._rows.append(row)
            self.list.addItem(QListWidgetItem(" · ".join(parts)))
        if self.list.count():
            self.list.setCurrentRow(0)
            self.note.setText("")
        else:
            self.note.setText(_("No patient matches “{typed}”.").format(typed=self._typed))
        if self._waits:
            self._waits = False
            self._choose()

    def _into_list(self) -> None:
        if self.list.count():
            self.list.setFocus()

    def _enter(self) -> None:
        """Take the first find, of what is typed now even while its answer is on its way."""
        typed = self.line.text().strip()
        if typed == self._answered:
            self._choose()
            return
        self._waits = True
        if typed != self._typed:
            self._ask(typed)

    def _choose(self) -> None:
        place = self.list.currentRow()
        if 0 <= place < len(self._rows):
            self.accept()
            self._take(self._rows[place])
