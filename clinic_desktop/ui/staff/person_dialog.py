"""Inviting somebody, or changing their details and roles."""

from collections.abc import Callable, Sequence
from uuid import UUID

from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from clinic_desktop.domain.ids import new_id
from clinic_desktop.errors import ClinicError
from clinic_desktop.i18n import LANGUAGES, _
from clinic_desktop.services.installation.first_run import initials_of
from clinic_desktop.services.staff.schemas import NewPerson, PersonChange, PersonRow, RoleRow
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.drafts import DraftKeeper
from clinic_desktop.ui.entry.first_run_pages import bare_line, propose_user_name
from clinic_desktop.ui.widgets.dialog import Dialog
from clinic_desktop.ui.widgets.fields import Choice, Field, LineEdit
from clinic_desktop.ui.widgets.labels import Label


class PersonDialog(Dialog):
    """The form of one person; what is typed is kept as a draft until it is saved."""

    def __init__(
        self,
        desk: Desk,
        roles: Sequence[RoleRow],
        *,
        parent: QWidget,
        person: PersonRow | None = None,
        save: Callable[["PersonDialog"], None],
    ) -> None:
        """``save`` is called with this dialog when everything is filled in."""
        title = _("Invite somebody") if person is None else person.name
        sentence = _("They get a word that signs them in once, within a week.")
        super().__init__(
            title,
            theme=desk.theme,
            parent=parent,
            sentence=sentence if person is None else "",
            icon="user-plus" if person is None else "user-cog",
            width=560,
        )
        self.person = person
        self.new_id = new_id()
        self._save = save
        self._own_initials = self._own_user = person is not None
        theme = desk.theme
        self.name = LineEdit(person.name if person else "", theme=theme, longest=120)
        self.initials = LineEdit(person.initials if person else "", theme=theme, longest=4)
        self.initials.setMaximumWidth(90)
        self.job = LineEdit(person.job if person else "", theme=theme, longest=120)
        self.email = bare_line(theme, person.email if person else "")
        self.user_name = bare_line(theme)
        languages = [(words, code) for code, words in LANGUAGES.items()]
        language = person.language if person else desk.who.language
        self.language = Choice(languages, theme=theme, value=language)
        self.fields = self._lay_out_fields()
        self.boxes = self._roles(roles)
        self.drafts = DraftKeeper(
            desk.drafts,
            form="person",
            key=str(person.id if person else "new"),
            read=self._typed,
            parent=self,
        )
        self._recall()
        self.drafts.follow(self.name, self.initials, self.job, self.email, self.user_name)
        self.drafts.follow(self.language)
        for box in self.boxes.values():
            box.clicked.connect(self.drafts.touched)
        self.name.textEdited.connect(self._propose)
        self.initials.textEdited.connect(self._keep_initials)
        self.user_name.textEdited.connect(self._keep_user)
        self.leaving.connect(self.drafts.keep_now)
        self.set_primary(_("Invite") if person is None else _("Save"), self._go_on)

    def _lay_out_fields(self) -> dict[str, Field]:
        theme = self.theme
        fields = [
            Field(_("Name"), self.name, theme=theme, required=True, name="name"),
            Field(_("Initials"), self.initials, theme=theme, required=True, name="initials"),
            Field(_("Job"), self.job, theme=theme, name="job", optional=True),
            Field(_("E-mail"), self.email, theme=theme, name="email", optional=True),
            Field(_("Language"), self.language, theme=theme, name="language"),
        ]
        if self.person is None:
            user = Field(
                _("User name"), self.user_name, theme=theme, required=True, name="user_name",
                hint=_("What they type to sign in: letters a to z, digits and _."),
            )  # fmt: skip
            fields.insert(2, user)
        named = {field.name: field for field in fields}
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(named["name"], 1)
        head.addWidget(named["initials"])
        self.body.addLayout(head)
        for name, field in named.items():
            if name not in ("name", "initials"):
                self.body.addWidget(field)
        return named

    def _roles(self, roles: Sequence[RoleRow]) -> dict[UUID, QCheckBox]:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        words = Label(_("Roles"), theme=self.theme, size="small", role="text_2", weight=500)
        column.addWidget(words)
        held = self.person.role_ids if self.person else ()
        boxes = {}
        for role in roles:
            box = QCheckBox(role.name.replace("&", "&&"))
            box.setChecked(role.id in held)
            boxes[role.id] = box
            column.addWidget(box)
        self._no_role = Label(theme=self.theme, size="small", role="danger", wrap=True)
        self._no_role.hide()
        column.addWidget(self._no_role)
        self.body.addWidget(holder)
        return boxes

    # -- what is typed ----------------------------------------------------------------------

    def _propose(self, name: str) -> None:
        if not self._own_initials:
            self.initials.setText(initials_of(name.strip()) if name.strip() else "")
        if not self._own_user:
            self.user_name.setText(propose_user_name(name))

    def _keep_initials(self, text: str) -> None:
        self._own_initials = bool(text)

    def _keep_user(self, text: str) -> None:
        self._own_user = bool(text)

    def _typed(self) -> dict[str, str]:
        return {
            "name": self.name.text(),
            "initials": self.initials.text(),
            "job": self.job.text(),
            "email": self.email.text(),
            "user_name": self.user_name.text(),
            "language": str(self.language.value()),
            "roles": " ".join(str(role) for role in self.role_ids()),
            "id": str(self.new_id),
        }

    def _recall(self) -> None:
        typed = self.drafts.recall()
        if typed is None:
            return
        for name in ("name", "initials", "job", "email", "user_name"):
            editor: LineEdit = getattr(self, name)
            editor.setText(typed.get(name, editor.text()))
        self.language.set_value(typed.get("language", "en"))
        self.new_id = UUID(typed["id"]) if typed.get("id") else self.new_id
        chosen = typed.get("roles", "").split()
        for role_id, box in self.boxes.items():
            box.setChecked(str(role_id) in chosen)
        self._own_initials = self._own_user = True
        self.set_sentence(_("What you had typed before is here again."))

    def role_ids(self) -> tuple[UUID, ...]:
        """Return the roles that are ticked."""
        return tuple(role_id for role_id, box in self.boxes.items() if box.isChecked())

    def invitation(self) -> NewPerson:
        """Return who is to be invited."""
        return NewPerson(
            id=self.new_id,
            name=self.name.text(),
            initials=self.initials.text(),
            job=self.job.text(),
            email=self.email.text(),
            language=self.language.value(),
            user_name=self.user_name.text(),
            role_ids=self.role_ids(),
        )

    def change(self, version: int) -> PersonChange:
        """Return the details as they are to be, over the given version."""
        if self.person is None:
            raise LookupError("nobody is being changed")
        return PersonChange(
            id=self.person.id,
            version=version,
            name=self.name.text(),
            initials=self.initials.text(),
            job=self.job.text(),
            email=self.email.text(),
            language=self.language.value(),
        )

    def take(self, field: str, value: str) -> None:
        """Put the value of another version into a field."""
        if field == "language":
            self.language.set_value(value)
        else:
            editor: LineEdit = getattr(self, field)
            editor.setText(value)

    # -- saving -----------------------------------------------------------------------------

    def _go_on(self) -> None:
        wrong = [field for field in self.fields.values() if not field.validate()]
        if wrong:
            wrong[0].editor.setFocus()
            return
        if not self.role_ids():
            self.refuse(ClinicError(_("Choose at least one role."), field="role_ids"))
            return
        self._no_role.hide()
        self.set_busy(True)
        self._save(self)

    def saved(self) -> None:
        """Close: everything is stored and the draft is no longer needed."""
        self.drafts.forget()
        self.accept()

    def refuse(self, error: Exception) -> None:
        """Show why it was not saved; everything typed stays."""
        self.set_busy(False)
        field = self.fields.get(getattr(error, "field", None) or "")
        if field is not None:
            field.show_error(str(error))
            field.editor.setFocus()
            return
        self._no_role.setText(str(error))
        self._no_role.show()
        next(iter(self.boxes.values())).setFocus()
