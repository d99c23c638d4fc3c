"""The note being written: kept while one types, saved as a version, signed, amended."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from clinic_desktop.domain.ids import new_id
from clinic_desktop.errors import StaleError
from clinic_desktop.i18n import _
from clinic_desktop.ui.conflict import ConflictDialog, ConflictLine, Side
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.drafts import DraftKeeper
from clinic_desktop.ui.notes.drafting import FORM, NoteDraft, kept_draft
from clinic_desktop.ui.notes.pages import NotePage
from clinic_desktop.ui.written import Written

if TYPE_CHECKING:  # the window is painted before pydantic is loaded
    from clinic_desktop.services.context import Context
    from clinic_desktop.services.notes.schemas import NoteRow, NoteText


class NoteWriting(QObject):
    """At most one note is written at a time.

    ``stored`` tells the id of a note that became a version; ``signed`` one that was signed;
    ``dropped`` that a draft was thrown away.
    """

    stored = Signal(object)
    signed = Signal(object)
    dropped = Signal()

    def __init__(self, desk: Desk, page: NotePage, written: Written, screen: QWidget) -> None:
        super().__init__(screen)
        self._desk = desk
        self._page = page
        self._written = written
        self._screen = screen
        self._keeper: DraftKeeper | None = None
        self._patient_id: UUID | None = None
        self._base = ""
        self._version_id = new_id()
        self._sent = ""
        self._busy = False
        self.draft: NoteDraft | None = None
        page.text.textChanged.connect(self._touched)

    # -- which note ---------------------------------------------------------------------------

    def use_patient(self, patient_id: UUID) -> None:
        """Keep drafts of this patient from now on."""
        if self._keeper is not None:
            self._keeper.deleteLater()
        self._patient_id = patient_id
        self.draft = None
        self._keeper = DraftKeeper(
            self._desk.drafts,
            form=FORM,
            key=str(patient_id),
            read=self._data,
            parent=self,
        )
        self._keeper.kept.connect(self._page.footer.setText)
        self._keeper.not_kept.connect(self._page.refuse)

    def kept(self) -> NoteDraft | None:
        """Return what is half-written for this patient on this computer."""
        if self._patient_id is None:
            return None
        return kept_draft(self._desk.drafts, self._patient_id)

    def begin(self, draft: NoteDraft, base: str) -> None:
        """Write this note; ``base`` is the text of the version it goes on from."""
        self.draft, self._base = draft, base
        self._version_id, self._sent = new_id(), ""
        self._page.footer.setText("")
        self._page.show_writing(draft.body, may_sign=self._desk.who.may("clinical.sign"))

    def leave(self) -> None:
        """Stop writing; what is typed was saved before."""
        self.draft = None

    @property
    def is_dirty(self) -> bool:
        """Whether something is typed that is no version yet."""
        if self.draft is None:
            return False
        text = self._page.text.text().strip()
        return bool(text) and text != self._base.strip()

    @property
    def busy(self) -> bool:
        """Whether the text is on its way to the server."""
        return self._busy

    def _data(self) -> dict[str, str]:
        draft = self.draft
        if draft is None:
            return {}
        return self._as_typed(draft).to_data()

    def _as_typed(self, draft: NoteDraft) -> NoteDraft:
        return NoteDraft(
            draft.id, self._page.text.text(), draft.after, draft.appointment_id, draft.amends_id
        )

    def _touched(self) -> None:
        if self.draft is None or self._keeper is None or self._page.text.isReadOnly():
            return
        self._page.refuse("")
        if self.is_dirty:
            self._keeper.touched()
        else:
            self._keeper.forget()

    def keep_now(self) -> None:
        """Keep the draft on this computer at once."""
        if self._keeper is not None and self.draft is not None:
            self._keeper.keep_now()

    # -- storing ------------------------------------------------------------------------------

    def save(self, then: Callable[[], None] | None = None) -> None:
        """Store the text as a version, then go on; without anything new just go on."""
        if not self.is_dirty or self._busy:
            if then is not None and not self._busy:
                then()
            return
        note = self._note()

        def call(ctx: "Context") -> int:
            from clinic_desktop.services.notes.service import write

            return write(ctx, note)

        self._send(call, partial(self._saved, note, then))

    def sign(self) -> None:
        """Store what is new and sign, in one act."""
        draft, text = self.draft, self._page.text.text().strip()
        if draft is None or self._busy:
            return
        if not text:
            self._page.refuse(_("The note is empty. Write what was done, then sign."))
            return
        note = self._note()
        unchanged = text == self._base.strip() and draft.after > 0

        def call(ctx: "Context") -> None:
            from clinic_desktop.services.notes.service import sign_last, sign_text

            if unchanged:
                sign_last(ctx, note.id, draft.after)
            else:
                sign_text(ctx, note)

        self._send(call, partial(self._was_signed, note))

    def _note(self) -> "NoteText":
        from clinic_desktop.services.notes.schemas import NoteText

        draft, patient_id = self.draft, self._patient_id
        assert draft is not None  # noqa: S101 - asked only while something is written
        assert patient_id is not None  # noqa: S101 - a note is written for a patient
        body = self._page.text.text()
        if body != self._sent:
            # Another text is another version; the same text sent again is the same one.
            self._version_id, self._sent = new_id(), body
        return NoteText(
            id=draft.id,
            version_id=self._version_id,
            patient_id=patient_id,
            body=body,
            appointment_id=draft.appointment_id,
            amends_id=draft.amends_id,
            after=draft.after,
        )

    def _send(self, call: "Callable[[Context], object]", done: Callable[..., None]) -> None:
        self._busy = True
        self._page.set_busy(True)
        self._desk.operations.change(self, call, done, failed=self._failed)

    def _over(self) -> None:
        self._busy = False
        self._page.set_busy(False)

    def _saved(self, note: "NoteText", then: Callable[[], None] | None, number: int) -> None:
        self._over()
        self._drop_kept(note)
        draft = self.draft
        if draft is not None and draft.id == note.id:
            self._base = note.body
            self.draft = NoteDraft(
                draft.id, note.body, number, draft.appointment_id, draft.amends_id
            )
            if self._keeper is not None and not self.is_dirty:
                self._keeper.forget()
            now = self._desk.operations.now()
            self._page.footer.setText(_("Saved {time}").format(time=self._written.clock_exact(now)))
        self.stored.emit(note.id)
        if then is not None:
            then()

    def _drop_kept(self, note: "NoteText") -> None:
        """Forget the draft of what is stored now; another patient may be shown meanwhile."""
        kept = kept_draft(self._desk.drafts, note.patient_id)
        if kept is not None and kept.id == note.id and kept.body.strip() == note.body:
            self._desk.drafts.forget(FORM, str(note.patient_id))

    def _was_signed(self, note: "NoteText", _result: object) -> None:
        self._over()
        if self._keeper is not None:
            self._keeper.forget()
        self.draft = None
        self._desk.messages.say(_("Signed and locked. It is amended by an addendum."), "lock")
        self.signed.emit(note.id)

    def _failed(self, error: Exception) -> None:
        self._over()
        self.keep_now()
        if isinstance(error, StaleError) and self.draft is not None:
            self._ask_which(self.draft)
            return
        sentence = str(error)
        self._page.refuse(sentence)
        if not self._screen.isVisible():
            self._desk.messages.warn(
                _("Note not saved, your text is kept here: {reason}").format(reason=sentence)
            )

    # -- two windows ----------------------------------------------------------------------------

    def _ask_which(self, draft: NoteDraft) -> None:
        """Show both texts when the same note was saved at another window meanwhile."""
        patient_id = self._patient_id

        def call(ctx: "Context") -> "tuple[NoteRow, ...]":
            from clinic_desktop.services.notes.service import notes_of

            assert patient_id is not None  # noqa: S101 - a note is written for a patient
            return notes_of(ctx, patient_id)

        self._desk.operations.query(self, call, partial(self._show_both, draft), key="both")

    def _show_both(self, draft: NoteDraft, notes: "tuple[NoteRow, ...]") -> None:
        theirs = next((note for note in notes if note.id == draft.id), None)
        if theirs is None or self.draft is None or self.draft.id != draft.id:
            return
        dialog = ConflictDialog(
            record=_("this note"),
            who=theirs.author,
            saved_at=self._written.clock(self._desk.operations.now()),
            theme=self._desk.theme,
            parent=self._screen,
            lines=[
                ConflictLine("body", _("Text"), self._base, self._page.text.text(), theirs.body)
            ],
        )
        dialog.chosen.connect(partial(self._chosen, draft, theirs))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _chosen(self, draft: NoteDraft, theirs: "NoteRow", sides: dict[str, Side]) -> None:
        if sides["body"] is Side.THEIRS:
            if self._keeper is not None:
                self._keeper.forget()
            self.begin(
                NoteDraft(draft.id, theirs.body, theirs.number, draft.appointment_id), theirs.body
            )
            self.stored.emit(draft.id)
            return
        self._base = theirs.body
        self.draft = NoteDraft(
            draft.id,
            self._page.text.text(),
            theirs.number,
            draft.appointment_id,
            draft.amends_id,
        )
        self.save()

    # -- throwing away --------------------------------------------------------------------------

    def discard(self) -> None:
        """Throw away what is typed and not saved; the undo bar brings it back."""
        draft = self.draft
        if draft is None:
            return
        typed = self._as_typed(draft)
        patient_id = self._patient_id
        if self._keeper is not None:
            self._keeper.forget()
        self.draft = None
        if self.is_worth_keeping(typed):
            self._desk.messages.undoable(
                _("Draft discarded."), partial(self._bring_back, typed, patient_id)
            )
        self.dropped.emit()

    def is_worth_keeping(self, typed: NoteDraft) -> bool:
        """Return whether somebody would miss the text."""
        return bool(typed.body.strip()) and typed.body.strip() != self._base.strip()

    def _bring_back(self, typed: NoteDraft, patient_id: UUID | None) -> None:
        if patient_id is not None:
            self._desk.drafts.keep(FORM, str(patient_id), typed.to_data())
            self.dropped.emit()
