"""Fixtures of the services' tests."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest

from clinic_desktop.domain.ids import new_id
from clinic_desktop.services import patients
from clinic_desktop.services.patients.schemas import NewPatient
from clinic_desktop.services.session import SignedIn


@pytest.fixture
def make_named(signed_in: SignedIn) -> Callable[..., UUID]:
    """Register a patient through the service: ``make_named("Inês", "Carvalho", phone=...)``."""

    def register(given: str, family: str = "", **values: object) -> UUID:
        fields: dict[str, object] = {"born": date(1980, 1, 1), **values}
        if not fields.get("phone"):
            fields["no_phone_reason"] = "no phone"
        new = NewPatient(id=new_id(), given=given, family=family, **fields)  # type: ignore[arg-type]
        with signed_in.writing() as ctx:
            return patients.register(ctx, new).id

    return register
