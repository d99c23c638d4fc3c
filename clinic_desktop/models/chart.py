"""What stands on a patient's teeth: findings and procedures, each with the dates it was true."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from clinic_desktop.models.base import (
    ClinicModel,
    Money,
    Protection,
    at_most,
    belongs_to,
    not_blank,
    one_of,
    sane,
)

PLANNED: Final = (
    "kind = 'procedure' AND status IN ('planned', 'in_progress') AND until IS NULL "
    "AND deleted_at IS NULL"
)
"""The condition that an entry is work still to be done."""


class ChartItem(ClinicModel):
    """A finding, a state or a procedure, on a tooth (FDI), its surfaces, or the mouth (no tooth).

    True from ``since`` until ``until`` (exclusive, open when null), so that the chart of any past
    date can be drawn. Completing closes the planned item and opens a done one that names it in
    ``fulfils_id``. ``fee`` is in minor units.
    """

    __tablename__ = "chart_item"
    protection = Protection(
        read="clinical.read",
        write=("clinical.write", "clinical.complete"),
        patient="patient_id",
    )

    patient_id: Mapped[UUID]
    kind: Mapped[str]
    code: Mapped[str]
    tooth: Mapped[int | None]
    surfaces: Mapped[str] = mapped_column(server_default="")
    detail: Mapped[str] = mapped_column(server_default="")
    """Words of the chart's details: material, roots, direction, grade."""
    status: Mapped[str]
    since: Mapped[date]
    until: Mapped[date | None]
    treatment_id: Mapped[UUID | None]
    provider_id: Mapped[UUID | None]
    appointment_id: Mapped[UUID | None]
    fulfils_id: Mapped[UUID | None]
    done_at: Mapped[datetime | None]
    fee: Mapped[int | None] = mapped_column(Money)
    remark: Mapped[str] = mapped_column(server_default="")
    act: Mapped[str] = mapped_column(server_default="")
    """Names what was last done to it, so that the log can take a whole act back."""

    __table_args__ = (
        belongs_to("patient"),
        belongs_to("treatment"),
        belongs_to("provider"),
        belongs_to("appointment"),
        belongs_to("chart_item", "fulfils_id"),
        one_of("kind", "condition", "state", "procedure"),
        one_of(
            "status",
            "condition",
            "planned",
            "in_progress",
            "done",
            "existing",
            "elsewhere",
            "referred",
        ),
        not_blank("code", 20),
        CheckConstraint("tooth BETWEEN 11 AND 39999", name="tooth"),
        CheckConstraint("surfaces ~ '^[MOIDBL5]*$'", name="surfaces"),
        CheckConstraint("until IS NULL OR until >= since", name="period"),
        CheckConstraint("fee BETWEEN 0 AND 100000000000", name="fee"),
        CheckConstraint(
            "kind <> 'procedure' OR treatment_id IS NOT NULL OR status IN "
            "('existing', 'elsewhere', 'referred')",
            name="priced",
        ),
        sane("since"),
        sane("until"),
        CheckConstraint("detail ~ '^[a-z0-9 ]{0,60}$'", name="detail"),
        at_most("remark", 1000),
        CheckConstraint("length(act) <= 40", name="act"),
        Index("ix_chart_item_patient", "clinic_id", "patient_id", "since"),
        Index("ix_chart_item_appointment", "clinic_id", "appointment_id"),
        # What is still to be done, by the day it was planned: the list to book from walks them.
        Index("ix_chart_item_planned", "clinic_id", "since", "id", postgresql_where=PLANNED),
        Index(
            "ix_chart_item_planned_provider",
            "clinic_id",
            "provider_id",
            "since",
            "id",
            postgresql_where=PLANNED,
        ),
        Index(
            "ix_chart_item_fulfils",
            "clinic_id",
            "fulfils_id",
            unique=True,
            postgresql_where="deleted_at IS NULL",
        ),
    )
