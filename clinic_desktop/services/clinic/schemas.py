"""The clinic's card, chairs, providers and hours, in and out."""

from datetime import time
from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import Field

from clinic_desktop.i18n import N_
from clinic_desktop.services.schemas import Input, Line, Name, Row, Text, Words

PROVIDER_KINDS: Final = {
    "dentist": N_("Dentist"),
    "specialist": N_("Specialist"),
    "hygienist": N_("Hygienist"),
    "assistant": N_("Assistant"),
}


class ClinicCard(Row):
    """What stands at the head of papers, and how the clinic counts and writes."""

    id: UUID
    version: int
    name: str
    site: str
    address: str
    phone: str
    email: str
    tax_number: str
    legal_line: str
    bank_account: str
    logo: bytes | None
    zone: str
    locale: str
    country: str
    currency: str
    notation: str
    margin_sign: str
    paper: str
    slot_minutes: int
    lock_minutes: int


class ClinicValues(Input):
    """What a person types about the clinic; currency and zone are fixed at set-up."""

    name: Annotated[Name, Field(max_length=200)]
    site: Line = ""
    address: Text = ""
    phone: Line = ""
    email: Line = ""
    tax_number: Line = ""
    legal_line: Line = ""
    bank_account: Line = ""
    locale: str = "en_IE"
    notation: str = "fdi"
    margin_sign: Literal["recession_plus", "recession_minus"] = "recession_plus"
    paper: str = "A4"
    slot_minutes: int = 15
    lock_minutes: Annotated[int, Field(ge=1, le=60)] = 10


class InvoiceRules(Row):
    """What every invoice says beside its lines; ``version`` is 0 while the defaults stand."""

    version: int = 0
    exemption: str = ""
    due_days: int | None = 14
    pay_note: str = ""


class InvoiceRuleValues(Input):
    """What a person types about invoices; ``due_days`` None prints no date to pay by."""

    exemption: Annotated[Line, Field(max_length=300)] = ""
    due_days: Annotated[int, Field(ge=0, le=365)] | None = 14
    pay_note: Annotated[Line, Field(max_length=300)] = ""


class ChairRow(Row):
    """A chair; Settings calls it a room."""

    id: UUID
    version: int
    name: str
    position: int
    active: bool
    equipment: tuple[str, ...] = ()


class ChairValues(Input):
    """What a person types about a chair."""

    name: Annotated[Name, Field(max_length=80)]
    position: int = 0
    active: bool = True
    equipment: Words = ()


class ProviderRow(Row):
    """Somebody whose time is booked; ``colour`` is a role of the theme."""

    id: UUID
    version: int
    person_id: UUID | None
    chair_id: UUID | None
    name: str
    short_name: str
    kind: str
    registration: str
    colour: str
    position: int
    active: bool
    skills: tuple[str, ...] = ()


class ProviderValues(Input):
    """What a person types about a provider."""

    person_id: UUID | None = None
    chair_id: UUID | None = None
    name: Annotated[Name, Field(max_length=120)]
    short_name: Annotated[Name, Field(max_length=40)]
    kind: str = "dentist"
    registration: Line = ""
    colour: str = "svc_exam"
    position: int = 0
    active: bool = True
    skills: Words = ()


class WorkingSpan(Row):
    """A weekly span, local time, Monday = 0; of the clinic when neither owner is named."""

    provider_id: UUID | None = None
    chair_id: UUID | None = None
    weekday: int
    starts: time
    ends: time
    kind: str = "open"
    label: str = ""
