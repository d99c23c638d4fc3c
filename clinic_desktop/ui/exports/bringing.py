"""Bringing in the archive of a record that another clinic exported: the file and its passphrase."""

from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtWidgets import QWidget

from clinic_desktop.domain.folding import isolate
from clinic_desktop.errors import ClinicError
from clinic_desktop.i18n import _, ngettext
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.widgets.asking_files import ask_file
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.dialog import Dialog
from clinic_desktop.ui.widgets.fields import Field, LineEdit
from clinic_desktop.ui.widgets.labels import Label

if TYPE_CHECKING:  # asked on a worker; the dialog knows them by name
    from clinic_desktop.services.context import Context
    from clinic_desktop.services.exports.schemas import RecordData, TakenIn


class BringInDialog(Dialog):
    """Nothing is written until the archive opened whole; then the record is shown."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(
            _("Bring in a record"),
            theme=desk.theme,
            parent=parent,
            sentence=_(
                "A record that this program exported here or in another clinic comes back with "
                "visits, chart, account, documents and images. Signed notes, invoices and "
                "prescriptions come as papers."
            ),
            icon="upload",
            width=520,
        )
        self._desk = desk
        self.path = LineEdit(theme=desk.theme, longest=4000)
        self.phrase = LineEdit(theme=desk.theme, longest=200)
        self.phrase.setEchoMode(LineEdit.EchoMode.Password)
        self.field = Field(
            _("File"), self.path, theme=desk.theme, required=True, name="file",
            hint=_("An encrypted archive, for example record.age."),
        )  # fmt: skip
        self.field_phrase = Field(
            _("Passphrase"), self.phrase, theme=desk.theme, required=True, name="passphrase"
        )
        self.choose = Button(
            _("Choose a file…"), theme=desk.theme, icon="folder-open", key="Ctrl+O"
        )
        self.choose.clicked.connect(self._choose)
        self._bind("Ctrl+O", self.choose)
        self.refusal = Label(theme=desk.theme, role="danger", wrap=True)
        self.refusal.hide()
        for widget in (self.field, self.choose, self.field_phrase, self.refusal):
            self.body.addWidget(widget)
        self.set_primary(_("Bring it in"), self.bring_in)

    def _choose(self) -> None:
        filters = [_("Encrypted archive (*.age)"), _("All files (*)")]
        ask_file(self, _("The archive of a record"), self._chosen, filters=filters)

    def _chosen(self, path: str) -> None:
        self.path.setText(path)
        self.phrase.setFocus()

    def bring_in(self) -> None:
        """Open the archive and write what it holds, or say what is wrong."""
        self.refusal.hide()
        for field, editor in ((self.field, self.path), (self.field_phrase, self.phrase)):
            if not field.validate():
                editor.setFocus()
                return
        self.set_busy(True)
        path, phrase = Path(self.path.text().strip()), self.phrase.text()

        def call(_ctx: "Context", _steps: object) -> "tuple[RecordData, bytes]":
            # Loaded when an archive is opened: what it is checked by takes a second.
            from clinic_desktop.services.exports.archive import read_sealed, unseal

            return unseal(read_sealed(path), phrase)

        # Opened before anything is written: no transaction waits while a large file is unpacked.
        self._desk.operations.long(
            self, call, self._opened, progress=lambda _done, _total: None, writes=False,
            failed=self._failed,
        )  # fmt: skip

    def _opened(self, found: "tuple[RecordData, bytes]") -> None:
        record, summary = found

        def call(ctx: "Context") -> "TakenIn":
            from clinic_desktop.services.exports.take_in import take_in

            return take_in(ctx, record, summary)

        self._desk.operations.change(self, call, self._done, failed=self._failed)

    def _done(self, told: "TakenIn") -> None:
        self.accept()
        words = _("{name} is in the records.").format(name=isolate(told.name))
        if told.kept_as_document:
            papers = ngettext(
                "{count} note, invoice or prescription came as paper.",
                "{count} notes, invoices and prescriptions came as papers.",
                told.kept_as_document,
            )
            words = f"{words} {papers.format(count=told.kept_as_document)}"
        self._desk.messages.say(words, "user-check")
        self._open(told.patient_id)

    def _open(self, patient_id: UUID) -> None:
        self._desk.navigator.open_patient(patient_id)

    def _failed(self, error: Exception) -> None:
        self.set_busy(False)
        where = error.field if isinstance(error, ClinicError) else None
        for name, field in (("passphrase", self.field_phrase), ("file", self.field)):
            if where == name:
                field.show_error(str(error))
                field.editor.setFocus()
                return
        self.refusal.setText(str(error))
        self.refusal.show()
