"""Rows for tests, each made in a committed transaction of its own."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from clinic_desktop.domain.ids import new_id
from clinic_desktop.models import (
    Appointment,
    Chair,
    ClinicModel,
    Patient,
    Person,
    Product,
    Provider,
    StockMovement,
    Treatment,
)
from clinic_desktop.services.rows import add_row
from clinic_desktop.services.session import SignedIn


class Factory:
    """``make.patient(given="Ana")`` returns the new row's id."""

    def __init__(self, signed_in: SignedIn) -> None:
        self.signed_in = signed_in

    def row(self, model: type[ClinicModel], **values: Any) -> UUID:
        row_id = values.pop("id", None) or new_id()
        with self.signed_in.writing() as ctx:
            assert add_row(ctx, model, id=row_id, **values)
        return row_id

    def patient(self, given: str = "Inês", family: str = "Carvalho", **values: Any) -> UUID:
        key = f"{family} {given}".casefold()
        return self.row(
            Patient,
            **{
                "given": given,
                "family": family,
                "number": "",
                "born": date(1984, 9, 3),
                "phone": "+353865550142",
                "sort_key": key,
                "words": key.split(),
                **values,
            },
        )

    def provider(
        self, name: str = "Dr Amara Nwosu", *, login: str | None = None, **values: Any
    ) -> UUID:
        """A provider; ``login`` names the person (u_dentist, ...) behind it."""
        if login is not None:
            with self.signed_in.reading() as ctx:
                values["person_id"] = ctx.connection.execute(
                    select(Person.id).where(
                        Person.clinic_id == ctx.clinic_id, Person.login == login
                    )
                ).scalar_one()
        return self.row(Provider, **{"name": name, "short_name": name, **values})

    def chair(self, name: str = "Chair 2", **values: Any) -> UUID:
        return self.row(Chair, name=name, **values)

    def treatment(
        self, code: str = "RST-030", name: str = "Composite, 3 surfaces", **values: Any
    ) -> UUID:
        return self.row(
            Treatment,
            **{
                "code": code,
                "name": name,
                "category": code[:3],
                "area": "surface",
                "minutes": 45,
                "price": 14000,
                "paint": "",
                **values,
            },
        )

    def appointment(
        self,
        patient_id: UUID,
        provider_id: UUID,
        *,
        chair_id: UUID | None = None,
        starts_at: datetime | None = None,
        minutes: int = 30,
        **values: Any,
    ) -> UUID:
        starts = starts_at or datetime(2026, 3, 12, 14, 0, tzinfo=UTC)
        past = starts < self.signed_in.clock.now()
        return self.row(
            Appointment,
            **{
                "patient_id": patient_id,
                "provider_id": provider_id,
                "chair_id": chair_id,
                "starts_at": starts,
                "ends_at": starts + timedelta(minutes=minutes),
                "local_start": starts.astimezone(ZoneInfo("Europe/Dublin")).replace(tzinfo=None),
                "zone": "Europe/Dublin",
                # Stories are told of any day: the database asks why, and as what they came.
                "outside_reason": "as it was",
                "source": "backdated" if past else "desk",
                **values,
            },
        )

    def product(
        self,
        sku: str = "ART4",
        name: str = "Articaine 4 %",
        *,
        counted: int | None = 20,
        **values: Any,
    ) -> UUID:
        """A product; ``counted`` None leaves its stock unknown."""
        product_id = self.row(Product, **{"sku": sku, "name": name, "unit": "cartridge", **values})
        if counted is not None:
            self.row(StockMovement, product_id=product_id, kind="count", quantity=counted)
        return product_id
