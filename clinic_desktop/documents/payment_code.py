"""The square code that a banking app reads (EPC 069-12, version 2), for transfers in euro."""

import re
from typing import Final

from segno.encoder import DataOverflowError
from segno.helpers import make_epc_qr

from clinic_desktop.documents.papers import Payment
from clinic_desktop.domain.money import to_decimal

_IBAN: Final = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
_LONGEST_NAME: Final = 70
_LARGEST_MINOR: Final = 99_999_999_999


def is_iban(text: str) -> bool:
    """Say whether a text is an IBAN whose check digits are right (ISO 13616, modulo 97)."""
    bare = re.sub(r"\s", "", text).upper()
    if _IBAN.fullmatch(bare) is None:
        return False
    figures = "".join(str(int(char, 36)) for char in bare[4:] + bare[:4])
    return int(figures) % 97 == 1


def payment_code(payment: Payment, currency: str, minor: int) -> tuple[tuple[int, ...], ...]:
    """Return the rows of the code, 1 for a dark square; empty where none can be made.

    None is made for another currency than euro, without a right IBAN, or for what the standard
    has no room for: a code that a bank misreads is worse than none.
    """
    bare = re.sub(r"\s", "", payment.iban).upper()
    # The fields of the code are its lines, so none may hold a line end.
    holder, text = (" ".join(part.split()) for part in (payment.holder, payment.reference))
    fits = 0 < minor <= _LARGEST_MINOR and 0 < len(holder) <= _LONGEST_NAME
    if currency != "EUR" or not fits or not is_iban(bare):
        return ()
    try:
        code = make_epc_qr(
            name=holder,
            iban=bare,
            amount=to_decimal(minor, currency),
            text=text,
            bic=payment.bic or None,
            encoding="utf-8",
        )
    except (ValueError, DataOverflowError):
        return ()
    return tuple(tuple(row) for row in code.matrix)
