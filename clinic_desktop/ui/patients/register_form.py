"""The form of a new patient: four things are needed, the rest can wait."""

import itertools
from collections.abc import Iterable
from datetime import date
from typing import Final
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QVBoxLayout, QWidget

from clinic_desktop.i18n import LANGUAGES, N_, _
from clinic_desktop.services.context import Who
from clinic_desktop.services.patients.schemas import DuplicateDraft, NewPatient
from clinic_desktop.ui.drafts import DraftKeeper
from clinic_desktop.ui.patients.editors import BirthEdit, EmailEdit, NameEdit, PhoneEdit
from clinic_desktop.ui.patients.words import SEXES, SPECIES
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.editors import Choice
from clinic_desktop.ui.widgets.fields import Field
from clinic_desktop.ui.widgets.line import LineEdit
from clinic_desktop.ui.widgets.segmented import Segmented

NO_PHONE_REASONS: Final = (
    N_("A child: the family's phone is used"),
    N_("An animal: the guardian's phone is used"),
    N_("Has no phone"),
    N_("Does not want to give it"),
    N_("Could not be asked"),
)
Editor = NameEdit | BirthEdit | PhoneEdit | EmailEdit


class RegisterForm(QWidget):
    """Enter goes on to the next needed field and from the last one to ``finished``."""

    edited = Signal()
    finished = Signal()

    def __init__(self, *, theme: Theme, who: Who, today: date) -> None:
        super().__init__()
        self.theme = theme
        self._locale, self._country = who.locale, who.country
        self.given = NameEdit("given", theme=theme)
        self.family = NameEdit("family", theme=theme)
        self.born = BirthEdit(theme=theme, locale=who.locale, today=today)
        self.phone = PhoneEdit(theme=theme, country=who.country)
        self.email = EmailEdit(theme=theme)
        self.other_name = NameEdit("other_name", theme=theme)
        self.one_name = QCheckBox(_("One name only"))
        self.no_phone = QCheckBox(_("No phone"))
        self.reason = Choice([(_(words), _(words)) for words in NO_PHONE_REASONS], theme=theme)
        self.sex = Segmented([(_(words), key) for key, words in SEXES.items()], theme=theme,
                             value="unknown", name=_("Sex"))  # fmt: skip
        self.species = Segmented([(_(words), key) for key, words in SPECIES.items()],
                                 theme=theme, value="human", name=_("Species"))  # fmt: skip
        self.language = Choice(
            [(_("Not recorded"), ""), *((words, key) for key, words in LANGUAGES.items())],
            theme=theme,
            value="",
        )
        self.fields = self._fields()
        self._lay_out()
        self._connect()
        self._look()

    def _fields(self) -> dict[str, Field]:
        def field(label: str, editor: QWidget, name: str, *, required: bool = False) -> Field:
            return Field(
                label, editor, theme=self.theme, name=name, required=required,
                optional=not required,
            )  # fmt: skip

        return {
            "given": field(_("First name"), self.given, "given", required=True),
            "family": field(_("Family name"), self.family, "family", required=True),
            "born": field(_("Birth date or age"), self.born, "born", required=True),
            "phone": field(_("Phone"), self.phone, "phone", required=True),
            "reason": field(_("Why is there no phone?"), self.reason, "reason", required=True),
            "sex": field(_("Sex"), self.sex, "sex"),
            "email": field(_("E-mail"), self.email, "email"),
            "other_name": field(_("Other spelling or nickname"), self.other_name, "other_name"),
            "language": field(_("Language"), self.language, "language"),
            "species": field(_("Species"), self.species, "species"),
        }

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        places = [
            ("given", 0, 0), ("family", 0, 1), ("born", 2, 0), ("phone", 2, 1), ("reason", 4, 1),
            ("sex", 5, 0), ("email", 5, 1), ("other_name", 6, 0), ("language", 6, 1),
            ("species", 7, 0),
        ]  # fmt: skip
        for name, row, column in places:
            grid.addWidget(self.fields[name], row, column)
        grid.addWidget(self.one_name, 1, 1)
        grid.addWidget(self.no_phone, 3, 1)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        column_layout = QVBoxLayout(self)
        column_layout.setContentsMargins(0, 0, 0, 0)
        column_layout.addLayout(grid)
        column_layout.addStretch(1)
        order = [self.given, self.family, self.one_name, self.born, self.phone, self.no_phone,
                 self.reason, self.sex, self.email, self.other_name, self.language,
                 self.species]  # fmt: skip
        for before, after in itertools.pairwise(order):
            QWidget.setTabOrder(before, after)

    def _connect(self) -> None:
        for field in self.fields.values():
            field.edited.connect(self.edited)
        self.sex.chosen.connect(self.edited)
        self.species.chosen.connect(self.edited)
        for box in (self.one_name, self.no_phone):
            box.toggled.connect(self._look)
            box.clicked.connect(self.edited)
        for editor in (self.given, self.family, self.other_name, self.phone):
            editor.left.connect(lambda editor=editor: self._doubt(editor))
        steps: list[LineEdit] = [self.given, self.family, self.born]
        for step in steps:
            step.returnPressed.connect(self._next)
        for last in (self.phone, self.email, self.other_name):
            last.returnPressed.connect(self.finished)

    def _next(self) -> None:
        """Go on to the next of the needed fields that can be typed into."""
        order: list[LineEdit] = [self.given, self.family, self.born, self.phone]
        at = next((n for n, editor in enumerate(order) if editor.hasFocus()), 0)
        for editor in order[at + 1 :]:
            if editor.isEnabled():
                editor.setFocus()
                editor.selectAll()
                return
        self.finished.emit()

    def _look(self) -> None:
        """Follow the two boxes that say that something is not there."""
        for box, name in ((self.one_name, "family"), (self.no_phone, "phone")):
            field = self.fields[name]
            field.editor.setEnabled(not box.isChecked())
            field.set_required(not box.isChecked())
            if box.isChecked():
                field.clear()
        self.fields["reason"].setVisible(self.no_phone.isChecked())
        self.fields["reason"].set_required(self.no_phone.isChecked())

    def _doubt(self, editor: NameEdit | PhoneEdit) -> None:
        field = next(field for field in self.fields.values() if field.editor is editor)
        words = editor.doubt()
        if words is not None and field.state() == "":
            field.show_warning(words)

    # -- what is typed ----------------------------------------------------------------------

    def typed(self) -> dict[str, str]:
        """Return everything as it stands there, for the draft."""
        return {
            "given": self.given.text(),
            "family": self.family.text(),
            "born": self.born.text(),
            "phone": self.phone.text(),
            "email": self.email.text(),
            "other_name": self.other_name.text(),
            "one_name": "1" if self.one_name.isChecked() else "",
            "no_phone": "1" if self.no_phone.isChecked() else "",
            "reason": self.reason.value() or "",
            "sex": self.sex.value(),
            "species": self.species.value(),
            "language": self.language.value() or "",
        }

    def fill(self, typed: dict[str, str]) -> None:
        """Write what was typed before; what is missing becomes empty."""
        for name in ("given", "family", "born", "phone", "email", "other_name"):
            editor = self.fields[name].editor
            if isinstance(editor, LineEdit):
                editor.setText(typed.get(name, ""))
        self.one_name.setChecked(bool(typed.get("one_name")))
        self.no_phone.setChecked(bool(typed.get("no_phone")))
        self.reason.set_value(typed.get("reason") or None)
        self.sex.set_value(typed.get("sex") or "unknown")
        self.species.set_value(typed.get("species") or "human")
        self.language.set_value(typed.get("language", ""))
        for field in self.fields.values():
            field.clear()

    def is_empty(self) -> bool:
        """Return whether nothing is typed."""
        return not any(self.typed()[name].strip() for name in ("given", "family", "born", "phone"))

    def follow(self, keeper: DraftKeeper) -> None:
        """Have a keeper keep this form."""
        self.edited.connect(keeper.touched)

    def draft(self) -> DuplicateDraft:
        """Return what can be compared with the records so far."""
        birth = self.born.birth()
        return DuplicateDraft(
            given=self.given.value(),
            family="" if self.one_name.isChecked() else self.family.value(),
            other_name=self.other_name.value(),
            born=birth.day if birth is not None else None,
            born_estimated=birth.estimated if birth is not None else False,
            phone="" if self.no_phone.isChecked() else self.phone.text(),
            email=self.email.text(),
        )

    def check(self) -> bool:
        """Check every field, show what is wrong, focus the first; return whether all is well."""
        wrong = [field for field in self._asked() if not field.validate()]
        if wrong:
            wrong[0].editor.setFocus()
        return not wrong

    def _asked(self) -> Iterable[Field]:
        for name, field in self.fields.items():
            if (name, True) not in (
                ("family", self.one_name.isChecked()),
                ("phone", self.no_phone.isChecked()),
                ("reason", not self.no_phone.isChecked()),
            ):
                yield field

    def new_patient(self, patient_id: UUID, family_of: UUID | None) -> NewPatient:
        """Return what was typed; only after ``check``."""
        birth = self.born.value()
        no_phone = self.no_phone.isChecked()
        return NewPatient(
            id=patient_id,
            given=self.given.value(),
            family="" if self.one_name.isChecked() else self.family.value(),
            other_name=self.other_name.value(),
            sex=self.sex.value(),
            species=self.species.value(),
            born=birth.day if birth is not None else None,
            born_estimated=birth.estimated if birth is not None else False,
            phone="" if no_phone else self.phone.text(),
            no_phone_reason=(self.reason.value() or "") if no_phone else "",
            email=self.email.text(),
            language=self.language.value() or "",
            same_family_as=family_of,
        )
