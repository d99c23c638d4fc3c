"""Registering a patient: the form, and beside it who may be here already."""

from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from clinic_desktop.domain.folding import isolate
from clinic_desktop.domain.ids import new_id
from clinic_desktop.errors import ClinicError, UnreachableError
from clinic_desktop.i18n import N_, _
from clinic_desktop.services import patients
from clinic_desktop.services.patients.schemas import Duplicate, Registered
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.drafts import DraftKeeper
from clinic_desktop.ui.patients.look_alikes import LookAlikes
from clinic_desktop.ui.patients.parts import on_escape
from clinic_desktop.ui.patients.register_form import RegisterForm
from clinic_desktop.ui.patients.words import Looks
from clinic_desktop.ui.screen import KeyHelp, Screen
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.panel import Panel
from clinic_desktop.ui.widgets.side import SideSplit


class RegisterScreen(Screen):
    """Nothing typed is lost: it is kept as a draft until it is saved or thrown away."""

    title = N_("New patient")

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        # Made when the form opens, so that a second Enter is the same act.
        self._id = new_id()
        self._family: Duplicate | None = None
        self._saving = False
        self.form = RegisterForm(theme=desk.theme, who=desk.who, today=Looks.of(desk).today)
        self.look_alikes = LookAlikes(desk)
        self._build()
        self._drafts = DraftKeeper(
            desk.drafts, form="patient", key="new", read=self._typed, parent=self
        )
        self.form.follow(self._drafts)
        self.form.edited.connect(self._compare)
        self.form.finished.connect(self.do_primary)
        self.look_alikes.opened.connect(desk.navigator.open_patient)
        self.look_alikes.family_chosen.connect(self._join)
        self.look_alikes.found.connect(self._same_phone)
        self._drafts.kept.connect(self._note.setText)
        self._drafts.not_kept.connect(self._note.setText)
        self._recall()

    def _build(self) -> None:
        theme = self.desk.theme
        panel = Panel(_("New patient"), theme=theme)
        page = QWidget()
        page.setProperty("kind", "page")
        column = QVBoxLayout(page)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        self.form.setMaximumWidth(720)
        column.addWidget(self.form)
        self._joined = QWidget()
        joined = QHBoxLayout(self._joined)
        joined.setContentsMargins(0, 0, 0, 0)
        self._joined_words = Label(theme=theme, wrap=True)
        leave = Button(_("Not the same family"), theme=theme, kind="link", small=True)
        leave.clicked.connect(lambda: self._join(None))
        joined.addWidget(self._joined_words, 1)
        joined.addWidget(leave)
        self._joined.hide()
        column.addWidget(self._joined)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(page)
        panel.body.addWidget(scroll, 1)
        cancel = Button(_("Back to the list"), theme=theme, key="Esc")
        cancel.clicked.connect(self._back)
        self._discard = Button(_("Throw away"), theme=theme, kind="quiet")
        self._discard.clicked.connect(self._throw_away)
        self._note = Label(theme=theme, size="small", role="text_2", tabular=True)
        self.save = Button(_("Register"), theme=theme, key="Ctrl+Enter", kind="primary")
        self.save.clicked.connect(self.do_primary)
        panel.add_foot(cancel)
        panel.add_foot(self._discard)
        panel.add_foot(self._note, 1)
        panel.add_foot(self.save)
        self.split = SideSplit(panel, self.look_alikes, theme=theme, width=360, least=460)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 16, 16, 16)
        whole.addWidget(self.split)
        on_escape(self, self._back)

    # -- drafts -----------------------------------------------------------------------------

    def _typed(self) -> dict[str, str]:
        return {**self.form.typed(), "id": str(self._id)}

    def _recall(self) -> None:
        """Bring back what was half-typed, as the same act it was."""
        kept = self._drafts.recall()
        if kept is None:
            return
        self._id = UUID(kept["id"]) if kept.get("id") else self._id
        self.form.fill(kept)
        self._note.setText(_("Your draft is back."))
        self._compare()

    def _throw_away(self) -> None:
        """Empty the form; it can be taken back."""
        kept = self._typed()
        self._start_anew()

        def back() -> None:
            self._id = UUID(kept["id"])
            self.form.fill(kept)
            self._drafts.touched()
            self._compare()
            self.desk.navigator.open_screen("new_patient")

        self.desk.messages.undoable(_("The draft was thrown away."), back)
        self.start_focus()

    def _start_anew(self) -> None:
        self._drafts.forget()
        self._id = new_id()
        self.form.fill({})
        self._join(None)
        self._note.setText("")
        self._compare()

    def leaving(self) -> None:
        """Keep what is half-typed."""
        self._drafts.keep_now()

    # -- who may be here already ------------------------------------------------------------

    def _compare(self) -> None:
        self.look_alikes.compare(self.form.draft())

    def _same_phone(self, found: tuple[Duplicate, ...]) -> None:
        """Ask at the phone whether somebody with the same number is of the same family."""
        field = self.form.fields["phone"]
        other = next((one for one in found if "same_phone" in one.reasons), None)
        if other is None:
            if field.state() == "warning":
                field.clear()
        elif field.state() != "error" and self._family is None:
            field.show_warning(
                _("{name} has this number too.").format(name=isolate(other.name)),
                _("Same family?"),
                lambda: self._join(other),
            )

    def _join(self, other: Duplicate | None) -> None:
        self._family = other
        self._joined.setVisible(other is not None)
        if other is not None:
            self._joined_words.setText(
                _("Joins the family of {name}, No. {number}.").format(
                    name=isolate(other.name), number=other.number
                )
            )
            if self.form.fields["phone"].state() == "warning":
                self.form.fields["phone"].clear()

    # -- saving -----------------------------------------------------------------------------

    def do_primary(self) -> None:
        """Register who is typed, or show what is missing."""
        if self._saving or not self.form.check():
            return
        family_of = self._family.id if self._family is not None else None
        new = self.form.new_patient(self._id, family_of)
        self._saving = True
        self.save.setEnabled(False)
        self._drafts.keep_now()
        self.desk.operations.change(
            self, lambda ctx: patients.register(ctx, new), self._saved, failed=self._refused
        )

    def save_now(self) -> None:
        """Register, as Ctrl+Enter does."""
        self.do_primary()

    def _saved(self, made: Registered) -> None:
        self._saving = False
        self.save.setEnabled(True)
        self._start_anew()
        self.desk.messages.say(
            _("{name} is registered as No. {number}.").format(
                name=isolate(made.name), number=made.number
            ),
            "user-check",
        )
        self.desk.navigator.open_patient(made.id)

    def _refused(self, error: Exception) -> None:
        self._saving = False
        self.save.setEnabled(True)
        name = error.field if isinstance(error, ClinicError) else None
        field = self.form.fields.get(name or "")
        if field is not None:
            field.show_error(str(error))
            field.editor.setFocus()
        elif isinstance(error, UnreachableError):
            self._note.setText(_("Not saved yet: the server did not answer. Nothing is lost."))
            self.desk.messages.warn(str(error))
        else:
            # Also beside the button: the line below may say something newer soon.
            self._note.setText(str(error))
            self.desk.messages.warn(str(error))

    def _back(self) -> None:
        self.desk.navigator.open_screen("patients")

    # -- what the window asks ---------------------------------------------------------------

    def open_at(self, *, typed: str = "", **_where: Any) -> None:
        """Begin with a name that was searched for in vain."""
        words = typed.split()
        if words and self.form.is_empty() and not any(c.isdigit() for c in typed):
            self.form.fill({"given": words[0].title(), "family": " ".join(words[1:]).title()})
            self._compare()

    def start_focus(self) -> None:
        """Begin in the first needed field that is empty."""
        form = self.form
        order = (form.given, form.family, form.born, form.phone)
        empty = (editor for editor in order if not editor.text() and editor.isEnabled())
        next(empty, form.given).setFocus(Qt.FocusReason.OtherFocusReason)

    def toggle_side(self) -> None:
        """Show or hide who may be here already."""
        self.split.toggle()

    def panes(self) -> list[QWidget]:
        """Return form and look-alikes."""
        return [self.form, self.look_alikes]

    def keys(self) -> list[KeyHelp]:
        """Return the keys of the form."""
        return [
            KeyHelp("Enter", _("next field")),
            KeyHelp("Ctrl+Enter", _("register")),
            KeyHelp("F6", _("who may be here already")),
            KeyHelp("Esc", _("back; what is typed is kept")),
        ]
