"""Saving what is shown: the list of patients as a table, a record as an encrypted archive."""

from pathlib import Path
from uuid import UUID

from PySide6.QtWidgets import QWidget

from clinic_desktop.domain.money import format_number
from clinic_desktop.i18n import _, language, ngettext
from clinic_desktop.services.context import Context
from clinic_desktop.services.patients.list_schemas import ListFilter
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.widgets.asking_files import ask_where, papers_folder
from clinic_desktop.ui.widgets.dialog import Dialog
from clinic_desktop.ui.widgets.fields import Field, LineEdit
from clinic_desktop.ui.widgets.labels import Label


def export_list(owner: QWidget, desk: Desk, path: str, *, typed: str, chosen: ListFilter) -> None:
    """Write the patients of a search or filter to a file, and say how many they were."""

    def call(ctx: Context, steps: object) -> int:
        from clinic_desktop.services.exports.lists import patients_list

        return patients_list(ctx, path, typed=typed, chosen=chosen, steps=steps)  # type: ignore[arg-type]  # Progress is Steps

    def done(count: int) -> None:
        words = ngettext(
            "{count} patient written to {file}.", "{count} patients written to {file}.", count
        )
        name = Path(path).name
        desk.messages.say(words.format(count=format_number(count, language()), file=name))

    desk.operations.long(
        owner, call, done, progress=lambda _done, _total: None, writes=False,
        failed=lambda error: desk.messages.warn(str(error)),
    )  # fmt: skip


class RecordDialog(Dialog):
    """The passphrase of the archive, typed twice, and then where it is to stand."""

    def __init__(self, desk: Desk, patient_id: UUID, *, parent: QWidget) -> None:
        super().__init__(
            _("Export this record"),
            theme=desk.theme,
            parent=parent,
            sentence=_(
                "Everything about the patient in one encrypted file: a FHIR bundle, a summary as "
                "PDF, documents and images. The export is written to the access log."
            ),
            icon="download",
            width=520,
        )
        self._desk = desk
        self._patient_id = patient_id
        self.phrase = LineEdit(theme=desk.theme, longest=200)
        self.phrase.setEchoMode(LineEdit.EchoMode.Password)
        self.again = LineEdit(theme=desk.theme, longest=200)
        self.again.setEchoMode(LineEdit.EchoMode.Password)
        self.field = Field(
            _("Passphrase"), self.phrase, theme=desk.theme, required=True, name="passphrase",
            hint=_("12 characters or more. Nobody can open the file without it."),
        )  # fmt: skip
        self.field_again = Field(
            _("The same again"), self.again, theme=desk.theme, required=True, check=self._differs
        )
        self.body.addWidget(self.field)
        self.body.addWidget(self.field_again)
        self.refusal = Label(theme=desk.theme, role="danger", wrap=True)
        self.refusal.hide()
        self.body.addWidget(self.refusal)
        self.set_primary(_("Choose where…"), self._choose)

    def _differs(self) -> str | None:
        if self.phrase.text() != self.again.text():
            return _("The two passphrases differ.")
        return None

    def _choose(self) -> None:
        for field, editor in ((self.field, self.phrase), (self.field_again, self.again)):
            if not field.validate():
                editor.setFocus()
                return
        ask_where(
            self,
            _("Where the archive is to stand"),
            self.save,
            name="record.age",
            filters=[_("Encrypted archive (*.age)")],
            folder=papers_folder(),
        )

    def save(self, path: str) -> None:
        """Make the archive and put it there."""
        self.refusal.hide()
        self.set_busy(True)
        phrase, patient_id = self.phrase.text(), self._patient_id

        def call(ctx: Context, _steps: object) -> None:
            from clinic_desktop.documents.of_record import record_archive
            from clinic_desktop.services.exports.archive import write

            write(Path(path), record_archive(ctx, patient_id, phrase))

        def done(_none: None) -> None:
            name = Path(path).name
            self._desk.messages.say(_("The record is written to {file}.").format(file=name))
            self.accept()

        self._desk.operations.long(
            self, call, done, progress=lambda _done, _total: None, writes=False,
            failed=self._failed,
        )  # fmt: skip

    def _failed(self, error: Exception) -> None:
        self.set_busy(False)
        if getattr(error, "field", None) == "passphrase":
            self.field.show_error(str(error))
            self.phrase.setFocus()
            return
        self.refusal.setText(str(error))
        self.refusal.show()
