"""What can be imported: one declaration for each kind, its fields and who writes it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from clinic_desktop.domain.imported import aliases
from clinic_desktop.domain.permissions import Permission
from clinic_desktop.i18n import N_


@dataclass(frozen=True)
class Target:
    """One kind of record: what its columns are called elsewhere and here, and how they are read.

    ``needs`` names for each record the fields of which one must be mapped.
    """

    kind: str
    title: str
    permission: Permission
    aliases: Mapping[str, tuple[str, ...]]
    labels: Mapping[str, str]
    needs: tuple[tuple[str, ...], ...]
    dates: frozenset[str] = frozenset()
    amounts: frozenset[str] = frozenset()
    sexes: frozenset[str] = field(default=frozenset())


_WHO: Final = {
    "patient_number": N_("Patient’s number there"),
    "patient_name": N_("Patient’s name"),
    "patient_born": N_("Patient’s birth date"),
}

TARGETS: Final[dict[str, Target]] = {
    "patients": Target(
        "patients",
        N_("Patients"),
        Permission.PATIENTS_WRITE,
        aliases.PATIENTS,
        {
            "number": N_("Record number"),
            "name": N_("Whole name"),
            "given": N_("First name"),
            "family": N_("Family name"),
            "family2": N_("Second family name"),
            "other_name": N_("Other name"),
            "title": N_("Title"),
            "sex": N_("Sex"),
            "born": N_("Birth date"),
            "mobile": N_("Mobile phone"),
            "phone": N_("Phone"),
            "email": N_("E-mail"),
            "address": N_("Address"),
            "city": N_("City"),
            "postcode": N_("Postcode"),
            "country": N_("Country"),
            "language": N_("Language"),
            "status": N_("Status"),
            "household": N_("Family’s number there"),
            "allergies": N_("Allergies"),
            "tags": N_("Tags"),
            "note": N_("Note"),
        },
        needs=(("name", "given", "family"),),
        dates=frozenset({"born"}),
        sexes=frozenset({"sex"}),
    ),
    "appointments": Target(
        "appointments",
        N_("Appointments"),
        Permission.SCHEDULE_WRITE,
        aliases.APPOINTMENTS,
        {
            **_WHO,
            "starts": N_("Day or start"),
            "clock": N_("Time of day"),
            "ends": N_("End"),
            "minutes": N_("Minutes"),
            "provider": N_("Provider"),
            "chair": N_("Chair"),
            "status": N_("Status"),
            "remark": N_("Remark"),
        },
        needs=(("patient_number", "patient_name"), ("starts",), ("provider",)),
        dates=frozenset({"starts", "patient_born"}),
    ),
    "balances": Target(
        "balances",
        N_("Balances"),
        Permission.BILLING_POST,
        aliases.BALANCES,
        {**_WHO, "amount": N_("Balance"), "day": N_("Day"), "memo": N_("Remark")},
        needs=(("patient_number", "patient_name"), ("amount",)),
        dates=frozenset({"day", "patient_born"}),
        amounts=frozenset({"amount"}),
    ),
    "treatments": Target(
        "treatments",
        N_("Price list"),
        Permission.CATALOGUE_WRITE,
        aliases.TREATMENTS,
        {
            "code": N_("Code"),
            "name": N_("Name"),
            "category": N_("Category"),
            "price": N_("Price"),
            "minutes": N_("Minutes"),
        },
        needs=(("code",), ("name",)),
        amounts=frozenset({"price"}),
    ),
    "stock": Target(
        "stock",
        N_("Stock"),
        Permission.STOCK_WRITE,
        aliases.STOCK,
        {
            "sku": N_("Article number"),
            "barcode": N_("Barcode"),
            "name": N_("Name"),
            "unit": N_("Unit"),
            "quantity": N_("Counted"),
            "reorder_level": N_("Reorder at"),
            "cost": N_("Cost"),
        },
        needs=(("sku",), ("name",)),
        amounts=frozenset({"cost"}),
    ),
}
