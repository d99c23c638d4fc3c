"""What is said about a file: title, kind, day, teeth, note."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QGridLayout, QWidget

from clinic_desktop.errors import InvalidError, StaleError
from clinic_desktop.i18n import _
from clinic_desktop.services.documents import attachments
from clinic_desktop.services.documents.schemas import About, AttachmentRow
from clinic_desktop.services.history.service import Saved, last_save
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.documents.words import KINDS, read_teeth, teeth_words
from clinic_desktop.ui.record_form import RecordForm
from clinic_desktop.ui.widgets.dialog import Dialog
from clinic_desktop.ui.widgets.fields import Choice, DateField, Field, LineEdit, TextArea
from clinic_desktop.ui.widgets.labels import Label

if TYPE_CHECKING:
    from clinic_desktop.services.context import Context


class AboutDialog(Dialog):
    """Changes what is said; the file itself never changes. What is typed is kept until saved."""

    def __init__(
        self,
        desk: Desk,
        row: AttachmentRow,
        *,
        patient_id: Any,
        parent: QWidget,
        done: Callable[[], None],
    ) -> None:
        super().__init__(
            row.title,
            theme=desk.theme,
            parent=parent,
            icon="file-image",
            sentence=_("{name}, added by {person}.").format(name=row.name, person=row.added_by),
        )
        self._desk = desk
        self._done = done
        self._patient_id = patient_id
        self.form = RecordForm(desk, "attachment", self._make_fields(), self)
        self.refusal = Label(theme=desk.theme, role="danger", wrap=True)
        self.body.addWidget(self.refusal)
        self.refusal.hide()
        self.form.begin(row, self._values(row))
        self.leaving.connect(self.form.keep)
        self.finished.connect(self.deleteLater)
        self.set_primary(_("Save"), self._save)

    def _make_fields(self) -> dict[str, Field]:
        theme, who = self._desk.theme, self._desk.who
        today = self._desk.operations.now().date()
        self.title_line = LineEdit(theme=theme, longest=200)
        self.kind = Choice([(_(words), kind) for kind, words in KINDS.items()], theme=theme)
        self.taken_on = DateField(theme=theme, locale=who.locale, today=today, latest=today)
        self.teeth = LineEdit(theme=theme, longest=200, placeholder="16, 17")
        self.note = TextArea(theme=theme, longest=4000)
        fields = {
            "title": Field(_("Title"), self.title_line, theme=theme, required=True),
            "kind": Field(_("Kind"), self.kind, theme=theme),
            "taken_on": Field(_("Taken on"), self.taken_on, theme=theme, optional=True),
            "teeth": Field(
                _("Teeth"), self.teeth, theme=theme, optional=True, check=self._teeth_problem
            ),
            "note": Field(_("Note"), self.note, theme=theme, optional=True),
        }
        places = {
            "title": (0, 0, 2), "kind": (1, 0, 1), "taken_on": (1, 1, 1),
            "teeth": (2, 0, 2), "note": (3, 0, 2),
        }  # fmt: skip
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(10)
        for name, (row, column, span) in places.items():
            grid.addWidget(fields[name], row, column, 1, span)
        self.body.addLayout(grid)
        return fields

    def _teeth_problem(self) -> str | None:
        try:
            read_teeth(self.teeth.text(), self._desk.who.notation)
        except InvalidError as error:
            return str(error)
        return None

    def _values(self, row: AttachmentRow) -> dict[str, Any]:
        return {
            "title": row.title,
            "kind": row.kind,
            "taken_on": row.taken_on,
            "teeth": teeth_words(row.teeth, self._desk.who.notation),
            "note": row.note,
        }

    def _save(self) -> None:
        if not self.form.validate():
            return
        typed = self.form.values()
        about = About(**{**typed, "teeth": read_teeth(typed["teeth"], self._desk.who.notation)})
        row = self.form.row
        self.set_busy(True)
        self._desk.operations.change(
            self,
            lambda ctx: attachments.describe(ctx, row.id, row.version, about),
            self._saved,
            failed=self._refused,
        )

    def _saved(self, _version: int) -> None:
        self.form.saved()
        self.accept()
        self._done()

    def _refused(self, error: Exception) -> None:
        self.set_busy(False)
        if isinstance(error, StaleError):
            self._compare()
        elif not self.form.refuse(error):
            self.refusal.setText(str(error))
            self.refusal.show()

    def _compare(self) -> None:
        row, before = self.form.row, self._values(self.form.row)
        patient_id = self._patient_id

        def call(ctx: "Context") -> tuple[AttachmentRow | None, Saved | None]:
            rows = attachments.attachments(ctx, patient_id)
            newer = next((one for one in rows if one.id == row.id), None)
            return newer, last_save(ctx, "attachment", row.id)

        def show(found: tuple[AttachmentRow | None, Saved | None]) -> None:
            newer, saved = found
            if newer is None:
                self.refusal.setText(_("This file was taken out of the record meanwhile."))
                self.refusal.show()
                return
            self.form.compare(
                record=newer.title,
                before=before,
                theirs=self._values(newer),
                newer=newer,
                saved=saved,
                again=self._save,
            )

        self._desk.operations.query(self, call, show, failed=self._refused, key="newer")
