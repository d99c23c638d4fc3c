"""What goes into the price list and what comes out; prices in minor units, times in minutes."""

from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BeforeValidator, Field, model_validator

from clinic_desktop.domain.assist import check_assist, read_assist, write_assist
from clinic_desktop.services.schemas import Input, Line, Name, Row, Words


class Material(Row):
    """What one treatment takes from stock, in units of the product."""

    product_id: UUID
    quantity: int


class TreatmentRow(Row):
    """A treatment on the price list; Settings calls it a service."""

    id: UUID
    version: int
    code: str
    name: str
    category: str
    area: str
    minutes: int
    price: int
    colour: str
    paint: str
    active: bool
    assist: str = ""
    skills: tuple[str, ...] = ()
    equipment: tuple[str, ...] = ()
    materials: tuple[Material, ...] = ()
    note_template_id: UUID | None = None


def _assist(value: Any) -> Any:
    return write_assist(read_assist(value)) if isinstance(value, str) else value


class TreatmentValues(Input):
    """What a person types about a treatment."""

    code: Annotated[Name, Field(max_length=20)]
    name: Annotated[Name, Field(max_length=160)]
    category: Line = ""
    area: str = "mouth"
    minutes: Annotated[int, Field(ge=5, le=600)] = 30
    price: Annotated[int, Field(ge=0, le=100_000_000_000)] = 0
    colour: str = "svc_exam"
    paint: str = ""
    active: bool = True
    assist: Annotated[str, BeforeValidator(_assist)] = ""
    """Minutes from the start in which an assistant alone works: ``0-10,50-60``."""
    skills: Words = ()
    """What its provider must be able to do."""
    equipment: Words = ()
    """What must stand at its chair."""
    note_template_id: UUID | None = None
    """What the note begins with that completing it opens."""

    @model_validator(mode="after")
    def _provider_is_needed(self) -> Self:
        check_assist(read_assist(self.assist), self.minutes)
        return self
