"""Stock in and out; quantities in units of the product, costs in minor units."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from clinic_desktop.services.schemas import Input, Line, Name, Row

Kind = Literal["purchase", "use", "sale", "waste", "transfer", "return"]


class ProductRow(Row):
    """A product and what is left of it; ``quantity`` None was never counted, which is not zero."""

    id: UUID
    version: int
    sku: str
    barcode: str
    name: str
    unit: str
    reorder_level: int
    cost: int | None
    active: bool
    quantity: int | None

    @property
    def low(self) -> bool:
        """Whether what is left is known and at or under the reorder level."""
        return self.quantity is not None and self.quantity <= self.reorder_level


class ProductValues(Input):
    """What a person types about a product."""

    sku: Annotated[Name, Field(max_length=40)]
    barcode: Line = ""
    name: Annotated[Name, Field(max_length=160)]
    unit: Annotated[Name, Field(max_length=40)]
    reorder_level: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    cost: Annotated[int, Field(ge=0, le=100_000_000_000)] | None = None
    active: bool = True


class NewMovement(Input):
    """Stock that comes or goes: ``quantity`` is positive, ``kind`` gives the direction."""

    id: UUID
    product_id: UUID
    kind: Kind
    quantity: Annotated[int, Field(ge=1, le=1_000_000)]
    reason: Line = ""


class MovementRow(Row):
    """One line of a product's ledger; ``quantity`` is negative for what went."""

    id: UUID
    kind: str
    quantity: int
    reason: str
    created_at: datetime


class Shortage(Row):
    """A product of which less was there than a treatment uses."""

    product_id: UUID
    name: str
    needed: int
    left: int
