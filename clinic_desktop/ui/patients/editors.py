"""Editors of a patient's form: a name, a birth date or age, a phone number, an e-mail address."""

from datetime import date

from PySide6.QtWidgets import QWidget

from clinic_desktop.domain.births import Birth, age_text, read_birth
from clinic_desktop.domain.dates import format_date, parse_date
from clinic_desktop.domain.names import tidy
from clinic_desktop.domain.phones import doubt_about, read_phone, show_phone
from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import _
from clinic_desktop.services.patients import checks
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.line import LineEdit


class NameEdit(LineEdit):
    """A name; what nobody can see is left out of it, which is said."""

    def __init__(self, field: str, *, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme=theme, longest=600, parent=parent)
        self._field = field

    def value(self) -> str:
        """Return the name as it is kept."""
        return tidy(self.text())

    def problem(self) -> str | None:
        """Return what is wrong with the name, or None."""
        value = self.value()
        if not value:
            return None
        if self._field == "given":
            return checks.problem_of(lambda: checks.given_name(value))
        return checks.problem_of(lambda: checks.text_of(self._field, value))

    def doubt(self) -> str | None:
        """Return what is worth knowing though it blocks nothing."""
        return checks.unseen_marks(self.text())


class BirthEdit(LineEdit):
    """A birth date in any usual form, an age or a year; the age stands at the right."""

    def __init__(
        self, *, theme: Theme, locale: str, today: date, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme=theme, longest=80, parent=parent)
        self._locale, self.today = locale, today
        self.setPlaceholderText(_("3 Sep 1984, or an age such as 41"))
        self.textChanged.connect(self._tell_age)
        self.left.connect(self._write_out)

    def value(self) -> Birth | None:
        """Return the birth, None for an empty line, or raise InvalidError with a sentence."""
        if not self.text().strip():
            return None
        return read_birth(self.text(), locale=self._locale, today=self.today)

    def birth(self) -> Birth | None:
        """Return the birth, or None while it cannot be read."""
        try:
            return self.value()
        except InvalidError:
            return None

    def set_value(self, born: date | None, *, estimated: bool) -> None:
        """Show a birth date; one that was estimated stands as its year."""
        if born is None:
            self.setText("")
        else:
            self.setText(str(born.year) if estimated else format_date(born, self._locale))

    def problem(self) -> str | None:
        """Return the sentence that says what is wrong, or None."""
        return checks.problem_of(self.value)

    def _tell_age(self) -> None:
        birth = self.birth()
        if birth is None:
            self.set_note("")
        else:
            self.set_note(age_text(birth.day, self.today, estimated=birth.estimated))

    def _write_out(self) -> None:
        birth = self.birth()
        if birth is not None and not birth.estimated:
            self.setText(format_date(birth.day, self._locale))


class PhoneEdit(LineEdit):
    """A phone number of the clinic's country, or of another one with its code."""

    def __init__(self, *, theme: Theme, country: str, parent: QWidget | None = None) -> None:
        super().__init__(theme=theme, longest=80, parent=parent)
        self._country = country
        self.left.connect(self._write_out)

    def value(self) -> str:
        """Return the number as it is stored, empty for none, or raise InvalidError."""
        typed = self.text().strip()
        return read_phone(typed, self._country) if typed else ""

    def set_value(self, stored: str) -> None:
        """Show a stored number."""
        self.setText(show_phone(stored))

    def problem(self) -> str | None:
        """Return the sentence that says what is wrong, or None."""
        return checks.problem_of(self.value)

    def doubt(self) -> str | None:
        """Return what is worth knowing though it blocks nothing."""
        if not self.text().strip() or self.problem() is not None:
            return None
        return doubt_about(self.text().strip(), self._country)

    def _write_out(self) -> None:
        if self.text().strip() and self.problem() is None:
            self.setText(show_phone(self.value()))


class DayEdit(LineEdit):
    """A day as a person types it, or none."""

    def __init__(
        self, *, theme: Theme, locale: str, today: date, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme=theme, longest=40, placeholder="3.9.2026", parent=parent)
        self._locale, self._today = locale, today
        self.left.connect(self._write_out)

    def value(self) -> date | None:
        """Return the day, None for none, or raise InvalidError with a sentence."""
        typed = self.text().strip()
        if not typed:
            return None
        return parse_date(typed, locale=self._locale, today=self._today, latest=self._today)

    def set_value(self, day: date | None) -> None:
        """Show a day."""
        self.setText(format_date(day, self._locale) if day is not None else "")

    def problem(self) -> str | None:
        """Return the sentence that says what is wrong, or None."""
        return checks.problem_of(self.value)

    def _write_out(self) -> None:
        if self.problem() is None:
            self.set_value(self.value())


class EmailEdit(LineEdit):
    """One e-mail address."""

    def __init__(self, *, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme=theme, longest=300, placeholder="name@example.org", parent=parent)

    def value(self) -> str:
        """Return the address, empty for none, or raise InvalidError with a sentence."""
        return checks.email_address(self.text().strip())

    def problem(self) -> str | None:
        """Return the sentence that says what is wrong, or None."""
        return checks.problem_of(self.value)
