"""The clinic's card as the head of its papers, and the language in which a paper is written."""

from typing import Literal, cast

from clinic_desktop.documents.papers import ClinicHead
from clinic_desktop.i18n import LANGUAGES
from clinic_desktop.services.clinic.schemas import ClinicCard


def head_of(card: ClinicCard) -> ClinicHead:
    """Return what stands at the head and foot of the clinic's papers."""
    return ClinicHead(
        name=card.name,
        address=lines_of(card.address),
        phone=card.phone,
        email=card.email,
        tax_id=card.tax_number,
        legal_line=card.legal_line,
        logo=card.logo,
        locale=card.locale,
        currency=card.currency,
        zone=card.zone,
        paper=cast("Literal['A4', 'Letter']", card.paper),
    )


def language_of(patient_language: str, card: ClinicCard) -> str:
    """Return the patient's language where the papers exist in it, else the clinic's."""
    if patient_language[:2] in LANGUAGES:
        return patient_language[:2]
    return card.locale[:2]


def lines_of(text: str) -> tuple[str, ...]:
    """Return the lines of an address that say something."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())
