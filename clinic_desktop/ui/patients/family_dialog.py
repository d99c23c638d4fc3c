"""Guardian and family of a patient: named, joined, left, and who of them pays."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QWidget

from clinic_desktop.i18n import _
from clinic_desktop.services import patients
from clinic_desktop.services.patients.schemas import PatientCard, PatientRow, Relative
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.patients.find_dialog import FindPatient
from clinic_desktop.ui.patients.words import Looks, without_guardian
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.dialog import Dialog
from clinic_desktop.ui.widgets.labels import Label

if TYPE_CHECKING:  # asked on a worker; the window knows it by name
    from clinic_desktop.services.context import Context

_ID: Final = int(Qt.ItemDataRole.UserRole)


class FamilyDialog(Dialog):
    """Every act is kept at once; Esc goes back to the record."""

    def __init__(self, desk: Desk, parent: QWidget, card: PatientCard) -> None:
        super().__init__(
            _("Guardian and family of {name}").format(name=card.name),
            theme=desk.theme,
            parent=parent,
            icon="users",
            width=660,
            close_words=_("Close"),
        )
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.desk, self._behind, self._card = desk, parent, card
        theme = desk.theme
        self.guardian = Label(theme=theme, size="strong", wrap=True)
        self.minor = Label(theme=theme, size="small", role="warning", wrap=True)
        self.members = QListWidget()
        self.members.setAccessibleName(_("Family"))
        self.members.setMinimumHeight(140)
        self.refusal = Label(theme=theme, role="danger", wrap=True)
        self.refusal.hide()
        self.body.addWidget(Label(_("Guardian"), theme=theme, size="small", role="text_2"))
        self.body.addWidget(self.guardian)
        self.body.addWidget(self.minor)
        self.body.addLayout(
            self._row(
                (_("Name the guardian…"), "Alt+G", self.find_guardian),
                (_("No guardian"), "Alt+0", lambda: self._set_guardian(None)),
            )
        )
        self.body.addWidget(Label(_("Family"), theme=theme, size="small", role="text_2"))
        self.body.addWidget(self.members)
        self.body.addLayout(
            self._row(
                (_("Join a relative…"), "Alt+J", self.find_relative),
                (_("Pays for the family"), "Alt+P", self._pay),
                (_("Leave the family"), "Alt+L", self._leave),
            )
        )
        self.body.addWidget(self.refusal)
        self._show(card, ())
        self._ask()

    def _row(self, *acts: tuple[str, str, Callable[[], None]]) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        for words, key, act in acts:
            button = Button(words, theme=self.theme, key=key, small=True)
            button.clicked.connect(lambda _on=False, act=act: act())
            self._bind(key, button)
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _ask(self) -> None:
        patient = self._card.id

        def ask(ctx: "Context") -> tuple[PatientCard, tuple[Relative, ...]]:
            card = patients.open_patient(ctx, patient, access="refresh")
            return card, patients.overview(ctx, patient).relatives

        self.desk.operations.query(
            self, ask, lambda found: self._show(*found), failed=self._refused, key="family"
        )

    def _show(self, card: PatientCard, relatives: tuple[Relative, ...]) -> None:
        self._card = card
        looks = Looks.of(self.desk)
        self.guardian.setText(card.guardian or _("Nobody"))
        missing = without_guardian(card, looks)
        self.minor.setText(missing or "")
        self.minor.setVisible(missing is not None)
        chosen = self._chosen()
        self.members.clear()
        own = (card.id, card.name, card.born, card.born_estimated)
        shown = [own, *((one.id, one.name, one.born, one.born_estimated) for one in relatives)]
        for one, name, born, estimated in shown if card.household_id is not None else ():
            parts = [name]
            if born is not None:
                parts.append(looks.age(born, estimated=estimated))
            if one == card.payer_id:
                parts.append(_("pays for the family"))
            item = QListWidgetItem(" · ".join(parts))
            item.setData(_ID, str(one))
            self.members.addItem(item)
            if one == chosen:
                self.members.setCurrentItem(item)
        if self.members.currentRow() < 0 and self.members.count():
            self.members.setCurrentRow(0)

    def _chosen(self) -> UUID | None:
        item = self.members.currentItem()
        return UUID(item.data(_ID)) if item is not None else None

    # -- acts -------------------------------------------------------------------------------

    def find_guardian(self) -> None:
        """Ask who the guardian is."""
        FindPatient(
            self.desk, self, _("Who is the guardian?"), without=self._card.id,
            take=lambda row: self._set_guardian(row.id),
        ).open()  # fmt: skip

    def find_relative(self) -> None:
        """Ask whose family the patient belongs to."""

        def join(row: PatientRow) -> None:
            patient = self._card.id
            self._change(lambda ctx: patients.join_family(ctx, patient, row.id))

        FindPatient(
            self.desk, self, _("Whose family is it?"), without=self._card.id, take=join
        ).open()

    def _set_guardian(self, guardian: UUID | None) -> None:
        patient, desk, behind = self._card.id, self.desk, self._behind

        def told(before: UUID | None) -> None:
            def undo() -> None:
                desk.operations.change(
                    behind,
                    lambda ctx: patients.set_guardian(ctx, patient, before),
                    lambda _now: desk.messages.say(_("Changed back."), "undo-2"),
                )

            words = _("The guardian is named.") if guardian else _("There is no guardian now.")
            desk.messages.undoable(words, undo)

        self._change(lambda ctx: patients.set_guardian(ctx, patient, guardian), told)

    def _pay(self) -> None:
        payer = self._chosen()
        if payer is not None:
            self._change(lambda ctx: patients.set_payer(ctx, payer))

    def _leave(self) -> None:
        patient = self._chosen() or self._card.id
        self._change(lambda ctx: patients.leave_family(ctx, patient))

    def _change(
        self, call: Callable[["Context"], Any], told: Callable[[Any], None] | None = None
    ) -> None:
        self.refusal.hide()

        def done(answer: Any) -> None:
            if told is not None:
                told(answer)
            self._ask()

        self.desk.operations.change(self, call, done, failed=self._refused)

    def _refused(self, error: Exception) -> None:
        self.refusal.setText(str(error))
        self.refusal.show()
