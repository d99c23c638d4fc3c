"""Correcting a record: saved as a whole; when somebody saved first, both versions are shown."""

from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from clinic_desktop.domain.folding import isolate
from clinic_desktop.errors import ClinicError, StaleError
from clinic_desktop.i18n import _
from clinic_desktop.services import patients
from clinic_desktop.services.context import Context
from clinic_desktop.services.patients.schemas import PatientCard, PatientChange, Saved
from clinic_desktop.ui.conflict import ConflictDialog, ConflictLine, Side
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.drafts import DraftKeeper
from clinic_desktop.ui.patients.contact_form import (
    LABELS,
    ContactForm,
    Values,
    changes_of,
    shown,
    values_of,
)
from clinic_desktop.ui.patients.parts import lay_page
from clinic_desktop.ui.patients.tab import PatientTab
from clinic_desktop.ui.patients.words import Looks
from clinic_desktop.ui.screen import KeyHelp
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.line import LineEdit, TextArea
from clinic_desktop.ui.widgets.panel import Panel

_WIDEST = 760


class EditContact(PatientTab):
    """A page of the record, opened by E. What is typed survives leaving, closing and crashes."""

    uses_letters = True

    closed = Signal()
    """The person is done here, saved or not."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.conflict: ConflictDialog | None = None
        self._base: PatientCard | None = None
        self._drafts: DraftKeeper | None = None
        self._saving = False
        self._newer = ""
        self._as_loaded: dict[str, str] = {}
        self.form = ContactForm(theme=desk.theme, who=desk.who, looks=Looks.of(desk))
        self.form.edited.connect(self._touched)
        self._build()

    def _build(self) -> None:
        theme = self.desk.theme
        panel = Panel(_("Edit contact"), theme=theme)
        panel.setMaximumWidth(_WIDEST)
        page = QWidget()
        page.setProperty("kind", "page")
        column = QVBoxLayout(page)
        column.setContentsMargins(16, 16, 16, 16)
        column.addWidget(self.form)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(page)
        panel.body.addWidget(scroll, 1)
        close = Button(_("Close"), theme=theme, key="Esc")
        close.clicked.connect(self.close_page)
        self._discard = Button(_("Throw away"), theme=theme, kind="quiet")
        self._discard.clicked.connect(self._throw_away)
        self.note = Label(theme=theme, size="small", role="text_2", tabular=True)
        self.save = Button(_("Save"), theme=theme, key="Ctrl+Enter", kind="primary")
        self.save.clicked.connect(self.do_primary)
        panel.add_foot(close)
        panel.add_foot(self._discard)
        panel.add_foot(self.note, 1)
        panel.add_foot(self.save)
        lay_page(self, panel, self.close_page)

    # -- whose ------------------------------------------------------------------------------

    def open(self, patient_id: UUID, card: PatientCard) -> None:
        """Show a record to be corrected, with what was half-typed about it."""
        self.leaving()
        self.patient_id = patient_id
        self._base = card
        self._show_values(card)
        self._newer = ""
        self.note.setText("")
        self._drafts = DraftKeeper(
            self.desk.drafts, form="contact", key=str(patient_id), read=self._typed, parent=self
        )
        self._drafts.kept.connect(self._say)
        self._drafts.not_kept.connect(self._say)
        kept = self._drafts.recall()
        if kept is not None:
            # What was there when the typing began is needed to tell who changed what.
            self._base = PatientCard.model_validate_json(kept.pop("base"))
            self.form.fill(kept)
            self.note.setText(_("Your draft is back."))
        self._discard.setVisible(kept is not None)

    def card_changed(self, card: PatientCard) -> None:
        """Say that somebody saved meanwhile; what is typed stays."""
        if self._base is None or card.id != self._base.id or card.version == self._base.version:
            return
        if self._is_untouched():
            self._base = card
            self._newer = ""
            self._show_values(card)
        elif values_of(card) != values_of(self._base):
            self._newer = _("Somebody saved this record meanwhile. You choose when you save.")
            self.note.setText(self._newer)

    def _say(self, words: str) -> None:
        """Say what became of the draft; that somebody saved meanwhile stays beside it."""
        self.note.setText(" ".join(part for part in (self._newer, words) if part))

    def _show_values(self, card: PatientCard) -> None:
        self.form.write(values_of(card))
        self._as_loaded = self.form.texts()

    def _is_untouched(self) -> bool:
        return self.form.texts() == self._as_loaded

    def _typed(self) -> dict[str, str]:
        base = self._base.model_dump_json() if self._base is not None else ""
        return {**self.form.texts(), "base": base}

    def _touched(self) -> None:
        self._discard.show()
        if self._drafts is not None:
            self._drafts.touched()

    def leaving(self) -> None:
        """Keep what is half-typed."""
        if self._drafts is not None:
            self._drafts.keep_now()

    def close_page(self) -> None:
        """Go back to the record; what is typed stays as a draft."""
        self.leaving()
        self.closed.emit()

    def _throw_away(self) -> None:
        """Show the record as it is; what was typed can be taken back."""
        if self._base is None or self._drafts is None:
            return
        kept, drafts = self.form.texts(), self._drafts
        drafts.forget()
        self._show_values(self._base)
        self._discard.hide()

        def back() -> None:
            if self._drafts is drafts:
                self.form.fill(kept)
                self._touched()

        self.desk.messages.undoable(_("The draft was thrown away."), back)

    # -- saving -----------------------------------------------------------------------------

    def do_primary(self) -> None:
        """Save what was changed, or show what is wrong."""
        base = self._base
        if base is None or self._saving or not self.form.check():
            return
        changed = changes_of(values_of(base), self.form.read())
        if not changed:
            self._done()
            return
        self._send(base, changed)

    def save_now(self) -> None:
        """Save, as Ctrl+Enter does."""
        self.do_primary()

    def _send(self, base: PatientCard, changed: Values) -> None:
        asked = PatientChange(id=base.id, version=base.version, **changed)
        self._saving = True
        self.save.setEnabled(False)
        self.leaving()
        self.desk.operations.change(
            self,
            lambda ctx: patients.change(ctx, asked),
            lambda version: self._saved(base, changed, version),
            failed=self._refused,
        )

    def _saved(self, base: PatientCard, changed: Values, version: int) -> None:
        self._answered()
        before = {name: getattr(base, name) for name in changed}
        back = PatientChange(id=base.id, version=version, **before)
        operations, messages = self.desk.operations, self.desk.messages

        def undo() -> None:
            operations.change(
                self.window(),
                lambda ctx: patients.change(ctx, back),
                lambda _version: messages.say(_("Changed back."), "undo-2"),
            )

        messages.undoable(_("{name} is saved.").format(name=isolate(base.name)), undo)
        self._done()

    def _done(self) -> None:
        if self._drafts is not None:
            self._drafts.forget()
        self.closed.emit()

    def _answered(self) -> None:
        self._saving = False
        self.save.setEnabled(True)

    def _refused(self, error: Exception) -> None:
        self._answered()
        if isinstance(error, StaleError):
            self._ask_theirs()
            return
        field = self.form.fields.get((error.field if isinstance(error, ClinicError) else "") or "")
        if field is not None:
            field.show_error(str(error))
            field.editor.setFocus()
        else:
            self.note.setText(str(error))
            self.desk.messages.warn(str(error))

    # -- somebody saved first ---------------------------------------------------------------

    def _ask_theirs(self) -> None:
        patient_id = self.patient_id
        if patient_id is None:
            return

        def ask(ctx: Context) -> tuple[PatientCard, Saved | None]:
            card = patients.open_patient(ctx, patient_id, access="refresh")
            return card, patients.last_save(ctx, patient_id)

        self.desk.operations.query(self, ask, self._show_theirs, key="theirs")

    def _show_theirs(self, found: tuple[PatientCard, Saved | None]) -> None:
        """Show both versions, or save at once when they touched nothing that stands here."""
        theirs, saved = found
        base = self._base
        if base is None or theirs.id != base.id:
            return
        before, mine, other = values_of(base), self.form.read(), values_of(theirs)
        if other == before:
            self._base = theirs
            self.do_primary()
            return
        looks = Looks.of(self.desk)
        dialog = ConflictDialog(
            record=isolate(theirs.name),
            who=saved.by if saved is not None else _("Somebody"),
            saved_at=looks.time(saved.at) if saved is not None else "",
            theme=self.desk.theme,
            parent=self,
            lines=[
                ConflictLine(
                    name,
                    _(label),
                    shown(name, before[name], looks),
                    shown(name, mine[name], looks),
                    shown(name, other[name], looks),
                )
                for name, label in LABELS.items()
                if before[name] != mine[name] or before[name] != other[name]
            ],
        )
        dialog.chosen.connect(lambda sides: self._save_chosen(theirs, mine, sides))
        self.conflict = dialog
        dialog.open()

    def _save_chosen(self, theirs: PatientCard, mine: Values, sides: dict[str, Side]) -> None:
        """Save the chosen lines over the version that was there."""
        merged = values_of(theirs)
        for name, side in sides.items():
            if side is Side.YOURS:
                merged[name] = mine[name]
        self._base = theirs
        self.form.write(merged)
        self.do_primary()

    # -- what the record asks ---------------------------------------------------------------

    def start_focus(self, field: str = "phone") -> None:
        """Begin in a field; most corrections are of the phone."""
        editor = self.form.fields[field].editor
        editor.setFocus(Qt.FocusReason.OtherFocusReason)
        if isinstance(editor, LineEdit | TextArea):
            editor.selectAll()

    def keys(self) -> list[KeyHelp]:
        """Return the keys of the form."""
        return [
            KeyHelp("Ctrl+Enter", _("save")),
            KeyHelp("Esc", _("back; what is typed is kept")),
        ]
