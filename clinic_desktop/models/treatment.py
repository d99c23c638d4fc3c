"""The price list: treatments the clinic offers, and the materials each of them uses."""

from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from clinic_desktop.models.base import (
    ClinicModel,
    Money,
    Protection,
    belongs_to,
    few_words,
    not_blank,
    of_clinic,
    one_of,
    spans_of_minutes,
)


class Treatment(ClinicModel):
    """A treatment with its price (minor units) and time (minutes); Settings calls it a service."""

    __tablename__ = "treatment"
    protection = Protection(read="catalogue.read", write=("catalogue.write",))

    code: Mapped[str]
    name: Mapped[str]
    category: Mapped[str]
    area: Mapped[str] = mapped_column(server_default="mouth")
    minutes: Mapped[int]
    price: Mapped[int] = mapped_column(Money)
    colour: Mapped[str] = mapped_column(server_default="svc_exam")
    paint: Mapped[str] = mapped_column(server_default="")
    active: Mapped[bool] = mapped_column(server_default="true")
    assist: Mapped[str] = mapped_column(server_default="")
    """Minutes from the start in which an assistant alone works: ``0-10,50-60``."""
    skills: Mapped[list[str]] = mapped_column(server_default="{}")
    """What its provider must be able to do."""
    equipment: Mapped[list[str]] = mapped_column(server_default="{}")
    """What must stand at its chair."""
    note_template_id: Mapped[UUID | None]
    """What the note says that completing it opens; its name alone where None."""

    __table_args__ = (
        of_clinic(),
        belongs_to("note_template"),
        spans_of_minutes("assist"),
        few_words("skills"),
        few_words("equipment"),
        UniqueConstraint("clinic_id", "code"),
        not_blank("code", 20),
        not_blank("name", 160),
        one_of(
            "area",
            "none",
            "mouth",
            "arch",
            "quadrant",
            "sextant",
            "tooth_range",
            "tooth",
            "surface",
            "root",
        ),
        CheckConstraint("minutes BETWEEN 5 AND 600", name="minutes"),
        CheckConstraint("price BETWEEN 0 AND 100000000000", name="price"),
    )


class TreatmentMaterial(ClinicModel):
    """What one treatment takes from stock."""

    __tablename__ = "treatment_material"
    protection = Protection(read="catalogue.read", write=("catalogue.write",))

    treatment_id: Mapped[UUID]
    product_id: Mapped[UUID]
    quantity: Mapped[int]

    __table_args__ = (
        belongs_to("treatment"),
        belongs_to("product"),
        CheckConstraint("quantity BETWEEN 1 AND 10000", name="quantity"),
        Index("ix_treatment_material_treatment", "clinic_id", "treatment_id"),
    )
