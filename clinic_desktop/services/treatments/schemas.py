"""What goes into the price list and what comes out; prices in minor units, times in minutes."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from clinic_desktop.services.schemas import Input, Line, Name, Row


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
    materials: tuple[Material, ...] = ()


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
