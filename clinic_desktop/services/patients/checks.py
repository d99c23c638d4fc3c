"""What is right in a patient's fields; the form asks the same before anything is sent."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Final

from clinic_desktop.domain.births import earliest_birth
from clinic_desktop.domain.dates import format_date
from clinic_desktop.domain.names import tidy
from clinic_desktop.domain.phones import read_phone
from clinic_desktop.domain.teeth.numbering import Species
from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import N_, _

SEXES: Final = ("female", "male", "other", "unknown")
SPECIES: Final = tuple(one.value for one in Species)
CHANNELS: Final = ("phone", "sms", "whatsapp", "email", "letter")
STATUSES: Final = ("active", "inactive", "deceased", "archived")
NAME_LENGTH: Final = 100
_LENGTHS: Final = {
    "given": NAME_LENGTH,
    "family": NAME_LENGTH,
    "other_name": 200,
    "no_phone_reason": 200,
    "address": 500,
    "city": 120,
    "postcode": 20,
    "country": 80,
    "sticky_note": 4000,
}
_CHOICES: Final = {"sex": SEXES, "species": SPECIES, "prefers": CHANNELS, "status": STATUSES}
# One address as people have them; whether it is reached is another question.
_EMAIL: Final = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\".]+(\.[^@\s,;<>\".]+)+")
_LONGEST_EMAIL: Final = 254
_UNSEEN: Final = N_("Marks that nobody can see were left out of this name.")


def given_name(text: str) -> str:
    """Return the first name as it is kept; raises InvalidError (``given``)."""
    name = text_of("given", tidy(text))
    if not _has_substance(name):
        raise InvalidError(_("A first name is needed. One name goes here as well."), field="given")
    return name


def family_name(text: str) -> str:
    """Return the family name as it is kept, empty for somebody with one name."""
    return text_of("family", tidy(text))


def _has_substance(name: str) -> bool:
    return any(unicodedata.category(char) == "So" or char.isalnum() for char in name)


def unseen_marks(text: str) -> str | None:
    """Return a sentence when a typed name holds marks that are left out, else None."""
    plain = " ".join(unicodedata.normalize("NFC", text).split())
    return _(_UNSEEN) if plain != tidy(text) else None


def text_of(field: str, text: str) -> str:
    """Return a text that fits its field; raises InvalidError with the field's name."""
    longest = _LENGTHS[field]
    if len(text) > longest:
        raise InvalidError(
            _("This is {length} characters long. {longest} fit here.").format(
                length=len(text), longest=longest
            ),
            field=field,
        )
    return text


def phone_number(typed: str, country: str) -> str:
    """Return a phone number as it is stored, empty for none; raises InvalidError (``phone``)."""
    if not typed:
        return ""
    try:
        return read_phone(typed, country)
    except InvalidError as refused:
        raise InvalidError(str(refused), field="phone") from refused


def email_address(typed: str) -> str:
    """Return an e-mail address, empty for none; raises InvalidError (``email``)."""
    if not typed:
        return ""
    if len(typed) > _LONGEST_EMAIL or _EMAIL.fullmatch(typed) is None:
        raise InvalidError(
            _("Write one address such as name@example.org."),
            field="email",
        )
    return typed


def birth_date(born: date | None, today: date, locale: str) -> date | None:
    """Return a birth date that can be true; raises InvalidError (``born``)."""
    if born is None:
        return None
    first = earliest_birth(today)
    if born < first:
        raise InvalidError(
            _("The date has to be {day} or later.").format(day=format_date(first, locale)),
            field="born",
        )
    if born > today:
        raise InvalidError(
            _("This day is still to come. Today is {day}.").format(day=format_date(today, locale)),
            field="born",
        )
    return born


def reason_for_no_phone(phone: str, reason: str) -> str:
    """Return why there is no number, needed when there is none (InvalidError ``phone``)."""
    if phone:
        return ""
    if not reason:
        raise InvalidError(
            _("A phone number is needed, or the reason why there is none."), field="phone"
        )
    return text_of("no_phone_reason", reason)


def choice(field: str, value: str) -> str:
    """Return a word that the field knows; another one is a mistake of ours."""
    if value not in _CHOICES[field]:
        raise ValueError(f"{value!r} is no {field}")
    return value


def problem_of(check: Callable[[], object]) -> str | None:
    """Return the sentence a check refuses with, or None; for the fields of a form."""
    try:
        check()
    except InvalidError as refused:
        return str(refused)
    return None
