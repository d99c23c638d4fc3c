"""Prescriptions in and out; weight in grams, duration in days."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from clinic_desktop.services.schemas import Input, Line, Row, Text


class PrescriptionItem(Row):
    """One medicine with its dose in words, the arithmetic behind it and the quantity."""

    position: int
    drug_id: str
    drug: str
    form: str
    dose: str
    arithmetic: str
    quantity: int
    unit: str
    days: int | None
    instructions: str


class PrescriptionRow(Row):
    """An issued prescription with its items."""

    id: UUID
    version: int
    patient_id: UUID
    provider_id: UUID
    provider: str
    registration: str
    year: int
    number: int
    issued_at: datetime
    weight_grams: int | None
    allergies: str
    overrides: str
    list_version: str
    document_id: UUID | None
    items: tuple[PrescriptionItem, ...]

    @property
    def label(self) -> str:
        """The number as people read it."""
        return f"Rx-{self.year}-{self.number:05d}"


class NewItem(Input):
    """One medicine as it is typed."""

    id: UUID
    drug_id: str = ""
    drug: Annotated[Line, Field(min_length=1, max_length=200)]
    form: Line = ""
    dose: Annotated[Line, Field(min_length=1, max_length=500)]
    arithmetic: Line = ""
    quantity: Annotated[int, Field(ge=1, le=10_000)] = 1
    unit: Line = ""
    days: Annotated[int, Field(ge=1, le=366)] | None = None
    instructions: Annotated[Text, Field(max_length=1000)] = ""


class NewPrescription(Input):
    """What a provider prescribes; ``override`` is the reason to do so against an allergy."""

    id: UUID
    patient_id: UUID
    items: tuple[NewItem, ...]
    weight_grams: Annotated[int, Field(ge=200, le=650_000)] | None = None
    override: Annotated[Line, Field(max_length=1000)] = ""
