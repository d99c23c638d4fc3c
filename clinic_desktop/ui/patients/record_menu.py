"""The … menu of a patient's record: history, who opened it, merging, taking apart, erasing."""

from collections.abc import Callable, Sequence
from functools import partial
from uuid import UUID

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLineEdit, QMenu, QWidget

from clinic_desktop.i18n import _
from clinic_desktop.services import patients
from clinic_desktop.services.patients.merge_schemas import PastMerge
from clinic_desktop.services.patients.schemas import PatientCard, PatientRow
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.history.view import show_history
from clinic_desktop.ui.patients.erase_dialog import ask_erase
from clinic_desktop.ui.patients.merge_dialog import ask_merge, take_apart
from clinic_desktop.ui.patients.words import Looks
from clinic_desktop.ui.widgets.dialog import Dialog
from clinic_desktop.ui.widgets.fields import Field


class RecordMenu:
    """Belongs to the screen of the record; merges are asked for when the menu opens."""

    def __init__(
        self,
        desk: Desk,
        screen: QWidget,
        opened_by: Callable[[Desk, QWidget, UUID, str], None] | None = None,
        acts: Sequence[tuple[str, Callable[[], None]]] = (),
    ) -> None:
        """``opened_by`` shows who opened a record, where there is such a view.

        ``acts`` are the record's own: words with their key, and what they do.
        """
        self.desk = desk
        self._screen = screen
        self._opened_by = opened_by
        self._acts = acts

    def popup_for(self, card: PatientCard, place: QPoint) -> None:
        """Show the menu of a record."""
        menu = QMenu(self._screen)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for words, act in self._acts:
            self._add(menu, words, act)
        menu.addSeparator()
        self._add(menu, _("History") + "\tCtrl+H", partial(self.show_history, card))
        if self._opened_by is not None and self.desk.who.may("audit.read"):
            show = partial(self._opened_by, self.desk, self._screen, card.id, card.name)
            self._add(menu, _("Who opened it"), show)
        if self.desk.who.may("patients.merge"):
            menu.addSeparator()
            self._add(menu, _("Merge another record into this one…"), partial(self.ask, card))
            self.desk.operations.query(
                menu,
                lambda ctx: patients.merges(ctx, card.id),
                partial(self._add_merges, menu),
                failed=lambda _error: None,
            )
        if self.desk.who.may("patients.erase"):
            menu.addSeparator()
            erase = partial(ask_erase, self.desk, self._screen, card.id)
            self._add(menu, _("Erase this person for good…"), erase)
        menu.popup(place)

    def _add(self, menu: QMenu, words: str, act: Callable[[], object]) -> None:
        menu.addAction(words).triggered.connect(lambda _on=False: act())

    def _add_merges(self, menu: QMenu, merges: tuple[PastMerge, ...]) -> None:
        looks = Looks.of(self.desk)
        for one in merges:
            words = _("Take No. {number} apart again, merged {day}").format(
                number=one.number, day=looks.day(one.at)
            )
            self._add(menu, words, partial(take_apart, self.desk, one.id, self._open))

    def _open(self, patient_id: UUID) -> None:
        self.desk.navigator.open_patient(patient_id)

    def show_history(self, card: PatientCard) -> None:
        """Show who changed the record, when, before and after."""
        show_history(self.desk, self._screen, name=card.name, table="patient", row_id=card.id)

    def ask(self, card: PatientCard) -> None:
        """Ask for the number of the other record."""
        OtherRecord(self.desk, self._screen, card).open()


class OtherRecord(Dialog):
    """Takes the number of the record to be merged, then shows both."""

    def __init__(self, desk: Desk, parent: QWidget, card: PatientCard) -> None:
        super().__init__(
            _("Which record is merged into No. {number}?").format(number=card.number),
            theme=desk.theme,
            parent=parent,
            sentence=_("Both are shown side by side before anything happens."),
            icon="layers",
            width=460,
        )
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.desk = desk
        self._card = card
        self._behind = parent
        self.line = QLineEdit()
        self.field = Field(_("Number of the other record"), self.line, theme=desk.theme)
        self.body.addWidget(self.field)
        self.line.returnPressed.connect(self._look)
        self.set_primary(_("Compare"), self._look, key="Ctrl+Enter")

    def _look(self) -> None:
        number = self.line.text().strip().lstrip("#")
        if not number:
            self.field.show_error(_("Type a record number, for example 00012."))
            return
        self.set_busy(True)
        self.desk.operations.query(
            self,
            lambda ctx: patients.find(ctx, f"#{number.zfill(5)}", limit=1),
            partial(self._found, number),
            failed=self._failed,
        )

    def _failed(self, error: Exception) -> None:
        self.set_busy(False)
        self.field.show_error(str(error))

    def _found(self, number: str, rows: tuple[PatientRow, ...]) -> None:
        self.set_busy(False)
        if not rows:
            words = _("There is no record No. {number}.").format(number=number)
            self.field.show_error(words)
            return
        if rows[0].id == self._card.id:
            self.field.show_error(_("These are the same record. Choose another one."))
            return
        self.accept()
        ask_merge(self.desk, self._behind, self._card.id, rows[0].id)
