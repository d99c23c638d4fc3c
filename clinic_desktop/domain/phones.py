"""Phone numbers: read as people type them, stored as E.164, shown so that they can be dialled."""

from functools import lru_cache
from typing import Final

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, ValidationResult

from clinic_desktop.domain.plain_phones import dialled_inside, plain_parts
from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import N_, _

_LONGEST_TYPED: Final = 40
_SHORTEST_RUN: Final = 3
_NO_FIGURES: Final = {code: None for code in range(128) if not chr(code).isdecimal()}
_REASONS: Final = {
    ValidationResult.TOO_SHORT: N_("This phone number is too short."),
    ValidationResult.TOO_LONG: N_("This phone number is too long."),
    ValidationResult.INVALID_COUNTRY_CODE: N_("No country has this code. Write + and the code."),
    ValidationResult.INVALID_LENGTH: N_("No phone number has this length."),
    ValidationResult.IS_POSSIBLE_LOCAL_ONLY: N_("The area code is missing."),
}


def read_phone(text: str, country: str) -> str:
    """Read a typed phone number and return it as E.164, an extension behind ``;ext=``.

    ``country`` is the clinic's, two letters; a number that begins with + or 00 may be from
    anywhere. Raises ``InvalidError`` with a sentence for what no phone could dial.
    """
    plain = plain_parts(_foreign(text), country)
    if plain is not None and len(text) <= _LONGEST_TYPED:
        return "+" + "".join(plain)
    return _stored(_parsed(text, country))


def _parsed(text: str, country: str) -> PhoneNumber:
    if len(text) > _LONGEST_TYPED:
        raise InvalidError(_("This phone number is too long."))
    try:
        number = phonenumbers.parse(_foreign(text), country or None)
    except NumberParseException as refused:
        raise InvalidError(_why(refused)) from refused
    reason = phonenumbers.is_possible_number_with_reason(number)
    if reason != ValidationResult.IS_POSSIBLE:
        raise InvalidError(_(_REASONS[reason]))
    return number


def _foreign(text: str) -> str:
    """Return the number with + where 00 stands for it, which the library knows by country only."""
    stripped = text.strip()
    return "+" + stripped[2:] if stripped.startswith("00") else stripped


def _why(refused: NumberParseException) -> str:
    if refused.error_type == NumberParseException.INVALID_COUNTRY_CODE:
        return _("No country has this code. Write + and the code.")
    if refused.error_type == NumberParseException.TOO_LONG:
        return _("This phone number is too long.")
    if refused.error_type == NumberParseException.NOT_A_NUMBER:
        return _("Write the phone number in figures, for example 086 555 0142.")
    return _("This phone number is too short.")


def _stored(number: PhoneNumber) -> str:
    stored = str(phonenumbers.format_number(number, PhoneNumberFormat.E164))
    return f"{stored};ext={number.extension}" if number.extension else stored


def doubt_about(text: str, country: str) -> str | None:
    """Return a sentence when a number could be dialled but no network is known to use it."""
    number = _parsed(text, country)
    if phonenumbers.is_valid_number(number):
        return None
    return _("No network is known to use this number. Check it with the patient.")


@lru_cache(maxsize=4096)
def show_phone(stored: str) -> str:
    """Return a stored number with its spaces: +353 86 555 0142; anything else as it is."""
    number = _read_stored(stored)
    if number is None:
        return stored
    return str(phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL))


def _read_stored(stored: str) -> PhoneNumber | None:
    if not stored.startswith("+"):
        return None
    try:
        return phonenumbers.parse(stored.replace(";ext=", " ext. "), None)
    except NumberParseException:
        return None


def digits_of(text: str) -> str:
    """Return the figures of a text as ASCII digits."""
    if text.isascii():
        return text.translate(_NO_FIGURES)
    return "".join(str(int(char)) for char in text if char.isdecimal())


@lru_cache(maxsize=2048)
def number_words(stored: str) -> tuple[str, ...]:
    """Return what a phone number is found by: any run of its figures begins one of these.

    The number as it is dialled inside the country stands beside the ends of the E.164 form.
    """
    digits = digits_of(stored.partition(";")[0])
    if not digits:
        return ()
    ends = [digits[start:] for start in range(max(1, len(digits) - _SHORTEST_RUN + 1))]
    inside = _dialled_inside(stored)
    if inside is not None:
        ends.append(inside)
    return tuple(dict.fromkeys(ends))


def _dialled_inside(stored: str) -> str | None:
    """Return the figures by which a number is dialled in its country."""
    plain = plain_parts(stored, "") if stored.startswith("+") else None
    inside = dialled_inside(*plain) if plain is not None else None
    if inside is not None:
        return inside
    number = _read_stored(stored)
    if number is None:
        return None
    return digits_of(phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL))
