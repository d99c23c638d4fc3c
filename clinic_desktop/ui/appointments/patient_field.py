"""Choosing a patient by typing: the first finds below the field, the first of them on Enter."""

from collections.abc import Sequence
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from clinic_desktop.domain.dates import format_date
from clinic_desktop.i18n import _
from clinic_desktop.services.patients.schemas import PatientRow
from clinic_desktop.services.patients.search import find
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.widgets.fields import SearchField

SHOWN = 6


class PatientField(QWidget):
    """``chosen`` is told with the patient's id and name."""

    chosen = Signal(object, str)
    likely = Signal(str)
    """The name that Enter would take, or nothing."""
    resized = Signal()
    """The list of finds came, went or has another length."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.patient_id: UUID | None = None
        self.search = SearchField(_("Name, phone, birth date or number"), theme=desk.theme)
        self.search.searched.connect(self._ask)
        self.search.went_down.connect(self._into_list)
        self.finds = QListWidget()
        self.finds.setAccessibleName(_("Patients found"))
        self.finds.itemActivated.connect(self._take)
        self.finds.currentItemChanged.connect(self._point_at)
        self.finds.itemClicked.connect(self._take)
        self.finds.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.search)
        column.addWidget(self.finds)
        self.setFocusProxy(self.search)

    def set_patient(self, patient_id: UUID, name: str) -> None:
        """Take a patient who is known already."""
        self.patient_id = patient_id
        self.search.blockSignals(True)
        self.search.setText(name)
        self.search.setCursorPosition(0)
        self.search.blockSignals(False)
        self._show_finds(0)
        self.likely.emit(name)
        self.chosen.emit(patient_id, name)

    def take_first(self) -> bool:
        """Choose the first find; return whether there is one."""
        item = self.finds.currentItem() or self.finds.item(0)
        if self.patient_id is None and item is not None and self.finds.isVisible():
            self._take(item)
            return True
        return False

    def _ask(self, text: str) -> None:
        self.patient_id = None
        if not text.strip():
            self._show_finds(0)
            self.likely.emit("")
            return
        self._desk.operations.query(
            self, lambda ctx: find(ctx, text, limit=SHOWN), self._show, key="find"
        )

    def _show(self, found: Sequence[PatientRow]) -> None:
        self.finds.clear()
        for row in found[:SHOWN]:
            born = format_date(row.born, self._desk.who.locale) if row.born else "—"
            item = QListWidgetItem(f"{row.name}   {born}   {row.number}")
            item.setData(Qt.ItemDataRole.UserRole, (row.id, row.name))
            self.finds.addItem(item)
        self.likely.emit(found[0].name if found else "")
        if found:
            self.finds.setCurrentRow(0)
        self._show_finds(self.finds.count())

    def _show_finds(self, count: int) -> None:
        """Show as many lines as there are, none without any."""
        if count:
            edges = 2 * self.finds.frameWidth()
            self.finds.setFixedHeight(count * self.finds.sizeHintForRow(0) + edges)
        self.finds.setVisible(count > 0)
        self.resized.emit()

    def _into_list(self) -> None:
        if self.finds.isVisible():
            self.finds.setFocus()

    def _point_at(self, item: QListWidgetItem | None) -> None:
        if item is not None and self.finds.hasFocus():
            self.likely.emit(item.data(Qt.ItemDataRole.UserRole)[1])

    def _take(self, item: QListWidgetItem) -> None:
        patient_id, name = item.data(Qt.ItemDataRole.UserRole)
        self.set_patient(patient_id, name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.take_first():
            return
        super().keyPressEvent(event)
