"""The fields of a record that anybody may correct: read, written, compared with another version."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from clinic_desktop.domain.births import Birth
from clinic_desktop.domain.phones import show_phone
from clinic_desktop.i18n import LANGUAGES, N_, _
from clinic_desktop.services.context import Who
from clinic_desktop.services.patients import checks
from clinic_desktop.services.patients.schemas import PatientFields
from clinic_desktop.services.schemas import clean, clean_line
from clinic_desktop.ui.patients.editors import BirthEdit, DayEdit, EmailEdit, NameEdit, PhoneEdit
from clinic_desktop.ui.patients.words import CHANNELS, SEXES, SPECIES, STATUSES, Looks
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.editors import Choice
from clinic_desktop.ui.widgets.fields import Field
from clinic_desktop.ui.widgets.line import LineEdit, TextArea

LABELS: Final = {
    "given": N_("First name"),
    "family": N_("Family name"),
    "other_name": N_("Other spelling or nickname"),
    "born": N_("Birth date or age"),
    "sex": N_("Sex"),
    "species": N_("Species"),
    "phone": N_("Phone"),
    "no_phone_reason": N_("Why there is no phone"),
    "email": N_("E-mail"),
    "prefers": N_("Prefers"),
    "language": N_("Language"),
    "address": N_("Address"),
    "postcode": N_("Postcode"),
    "city": N_("Town"),
    "country": N_("Country"),
    "status": N_("Status"),
    "deceased_on": N_("Day of death"),
    "sticky_note": N_("Sticky note"),
}
Values = dict[str, Any]


def values_of(record: PatientFields) -> Values:
    """Return a record's values by field; a birth date and whether it is estimated are one."""
    values = {name: getattr(record, name) for name in LABELS if name != "born"}
    values["born"] = Birth(record.born, record.born_estimated) if record.born else None
    return values


def changes_of(before: Values, after: Values) -> Values:
    """Return what differs, as ``PatientChange`` takes it."""
    changed = {name: after[name] for name in LABELS if after[name] != before[name]}
    if "born" in changed:
        birth = changed.pop("born")
        changed["born"] = birth.day if birth is not None else None
        changed["born_estimated"] = birth.estimated if birth is not None else False
    return changed


def shown(name: str, value: Any, looks: Looks) -> str:
    """Return a value as a person reads it, for the conflict screen."""
    words: dict[str, dict[str, str]] = {
        "sex": SEXES, "species": SPECIES, "prefers": CHANNELS, "status": STATUSES,
    }  # fmt: skip
    if name in words:
        return _(words[name][value])
    if name == "phone":
        return show_phone(value)
    if name == "language":
        return LANGUAGES.get(str(value), str(value))
    if name == "deceased_on":
        return looks.day(value) if value is not None else ""
    if name == "born":
        if value is None:
            return ""
        day = looks.day(value.day)
        return _("about {day}").format(day=day) if value.estimated else day
    return str(value)


@dataclass(frozen=True)
class _Read:
    """How an editor's value is read and written."""

    read: Callable[[], Any]
    write: Callable[[Any], None]


class ContactForm(QWidget):
    """One or two columns of fields, by the room there is."""

    edited = Signal()

    def __init__(self, *, theme: Theme, who: Who, looks: Looks) -> None:
        super().__init__()
        self.theme = theme
        self._who, self._looks = who, looks
        self._access: dict[str, _Read] = {}
        self.fields: dict[str, Field] = {}
        self._build()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(6)
        for place, name in enumerate(name for name in LABELS if name != "sticky_note"):
            self._grid.addWidget(self.fields[name], place // 2, place % 2)
        self._grid.addWidget(self.fields["sticky_note"], len(LABELS), 0, 1, 2)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1)

    def _build(self) -> None:
        theme = self.theme
        names = {name: NameEdit(name, theme=theme) for name in ("given", "family", "other_name")}
        for name, editor in names.items():
            self._put(name, editor, _Read(editor.value, editor.setText), required=name == "given")
        born = BirthEdit(theme=theme, locale=self._who.locale, today=self._looks.today)
        self._put("born", born, _Read(born.value, lambda birth: _write_birth(born, birth)))
        died = DayEdit(theme=theme, locale=self._who.locale, today=self._looks.today)
        self._put("deceased_on", died, _Read(died.value, died.set_value))
        phone = PhoneEdit(theme=theme, country=self._who.country)
        self._put("phone", phone, _Read(phone.value, phone.set_value))
        email = EmailEdit(theme=theme)
        self._put("email", email, _Read(email.value, email.setText))
        for name in ("no_phone_reason", "postcode", "city", "country"):
            self._put_text(name, LineEdit(theme=theme))
        for name in ("address", "sticky_note"):
            self._put_text(name, TextArea(theme=theme, lines=2))
        choices = {"sex": SEXES, "species": SPECIES, "prefers": CHANNELS, "status": STATUSES}
        for name, options in choices.items():
            self._put_choice(name, [(_(words), key) for key, words in options.items()])
        languages = [(words, key) for key, words in LANGUAGES.items()]
        self._put_choice("language", [(_("Not recorded"), ""), *languages])
        status = self.fields["status"].editor
        if isinstance(status, Choice):
            status.chosen.connect(self._show_death)
        self.fields["no_phone_reason"].set_check(self._reason_missing)

    def _put(self, name: str, editor: QWidget, access: _Read, *, required: bool = False) -> None:
        field = Field(_(LABELS[name]), editor, theme=self.theme, name=name, required=required)
        field.edited.connect(self.edited)
        self.fields[name] = field
        self._access[name] = access

    def _put_text(self, name: str, editor: LineEdit | TextArea) -> None:
        cleaned = clean_line if isinstance(editor, LineEdit) else clean
        self._put(name, editor, _Read(lambda: str(cleaned(editor.text())), editor.setText))
        self.fields[name].set_check(
            lambda: checks.problem_of(lambda: checks.text_of(name, str(cleaned(editor.text()))))
        )

    def _put_choice(self, name: str, options: list[tuple[str, str]]) -> None:
        choice = Choice(options, theme=self.theme)
        self._put(name, choice, _Read(lambda: choice.value() or "", choice.set_value))

    def _show_death(self, status: object) -> None:
        """Ask for the day of death of who is dead; a day that is there is shown in any case."""
        field = self.fields["deceased_on"]
        editor = field.editor
        written = isinstance(editor, DayEdit) and bool(editor.text().strip())
        field.setVisible(status == "deceased" or written)

    def _reason_missing(self) -> str | None:
        phone = self.fields["phone"].editor
        editor = self.fields["no_phone_reason"].editor
        if not isinstance(phone, PhoneEdit) or not isinstance(editor, LineEdit):
            return None
        if phone.text().strip() or editor.text().strip():
            return None
        return _("A phone number is needed, or the reason why there is none.")

    # -- values -----------------------------------------------------------------------------

    def write(self, values: Values) -> None:
        """Show these values."""
        for name, access in self._access.items():
            access.write(values[name])
            self.fields[name].clear()
        self._show_death(values["status"])

    def read(self) -> Values:
        """Return the values typed; only after ``check``."""
        return {name: access.read() for name, access in self._access.items()}

    def check(self) -> bool:
        """Check every field, show what is wrong, focus the first; return whether all is well."""
        wrong = [field for field in self.fields.values() if not field.validate()]
        if wrong:
            wrong[0].editor.setFocus()
        return not wrong

    def texts(self) -> dict[str, str]:
        """Return everything as it stands there, for the draft."""
        texts: dict[str, str] = {}
        for name, field in self.fields.items():
            editor = field.editor
            if isinstance(editor, Choice):
                texts[name] = editor.value() or ""
            elif isinstance(editor, LineEdit | TextArea):
                texts[name] = editor.text()
        return texts

    def fill(self, texts: dict[str, str]) -> None:
        """Write what stood there when the draft was kept."""
        for name, text in texts.items():
            field = self.fields.get(name)
            editor = field.editor if field is not None else None
            if isinstance(editor, Choice):
                editor.set_value(text)
            elif isinstance(editor, LineEdit | TextArea):
                editor.setText(text)
        self._show_death(texts.get("status"))


def _write_birth(editor: BirthEdit, birth: Birth | None) -> None:
    if birth is None:
        editor.set_value(None, estimated=False)
    else:
        editor.set_value(birth.day, estimated=birth.estimated)
