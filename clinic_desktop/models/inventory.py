"""Stock: products, the append-only ledger of their movements, and what is left."""

from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from clinic_desktop.models.base import (
    ClinicModel,
    DerivedModel,
    Money,
    Protection,
    at_most,
    belongs_to,
    not_blank,
    of_clinic,
    one_of,
)


class Product(ClinicModel):
    """Something the clinic keeps and uses; ``cost`` in minor units per unit."""

    __tablename__ = "product"
    protection = Protection(
        read="stock.read", write=("stock.write", "catalogue.write"), patient=None
    )

    sku: Mapped[str]
    barcode: Mapped[str] = mapped_column(server_default="")
    name: Mapped[str]
    unit: Mapped[str]
    reorder_level: Mapped[int] = mapped_column(server_default="0")
    cost: Mapped[int | None] = mapped_column(Money)
    active: Mapped[bool] = mapped_column(server_default="true")

    __table_args__ = (
        of_clinic(),
        UniqueConstraint("clinic_id", "sku"),
        not_blank("sku", 40),
        not_blank("name", 160),
        not_blank("unit", 40),
        at_most("barcode", 64),
        CheckConstraint("reorder_level BETWEEN 0 AND 1000000", name="reorder_level"),
        CheckConstraint("cost BETWEEN 0 AND 100000000000", name="cost"),
    )


class StockMovement(ClinicModel):
    """Stock that came or went, in units of the product; never changed, corrected by another."""

    __tablename__ = "stock_movement"
    protection = Protection(
        read="stock.read", write=("stock.write", "clinical.complete"), append_only=True
    )

    product_id: Mapped[UUID]
    kind: Mapped[str]
    quantity: Mapped[int]
    chart_item_id: Mapped[UUID | None]
    reason: Mapped[str] = mapped_column(server_default="")

    __table_args__ = (
        belongs_to("product"),
        belongs_to("chart_item"),
        one_of("kind", "purchase", "use", "sale", "waste", "count", "transfer", "return"),
        CheckConstraint(
            "(quantity <> 0 OR kind = 'count') AND abs(quantity) <= 1000000", name="quantity"
        ),
        CheckConstraint("kind NOT IN ('use', 'sale', 'waste') OR quantity < 0", name="direction"),
        at_most("reason", 300),
        Index("ix_stock_movement_product", "clinic_id", "product_id", "created_at"),
    )


class StockBalance(DerivedModel):
    """What is left of a product; no row means that it was never counted, which is not zero."""

    __tablename__ = "stock_balance"
    read = "stock.read"

    product_id: Mapped[UUID] = mapped_column(primary_key=True)
    quantity: Mapped[int]

    __table_args__ = (
        belongs_to("product"),
        CheckConstraint("quantity >= 0", name="never_negative"),
    )
