"""The sample clinic's people, rooms, price list and stock."""

from dataclasses import dataclass
from typing import Final

from clinic_desktop.domain.vocabulary import procedures
from clinic_desktop.i18n import in_language

NAME: Final = "Harbour Street Dental"


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody on the staff; ``column`` is the kind of provider they are, or empty."""

    login: str
    name: str
    initials: str
    role: str
    job: str
    column: str = ""
    colour: str = ""
    registration: str = ""
    also: tuple[str, ...] = ()


STAFF: Final = (
    Member("u_siobhan", "Siobhán Keane", "SK", "front_desk", "Front desk"),
    Member("u_amara", "Dr Amara Nwosu", "AN", "dentist", "Dentist", "dentist", "svc_restore",
           "IE-40718"),
    Member("u_tomas", "Dr Tomás Echeverría", "TE", "dentist", "Dentist", "dentist", "svc_endo",
           "IE-39216"),
    Member("u_hyejin", "Dr Hyejin Park", "HP", "dentist", "Orthodontist", "specialist",
           "svc_ortho", "IE-42077"),
    Member("u_lena", "Lena Björk", "LB", "hygienist", "Hygienist", "hygienist", "svc_hygiene",
           "IE-H-1180"),
    Member("u_rui", "Rui Tavares", "RT", "hygienist", "Hygienist", "hygienist", "svc_hygiene",
           "IE-H-1203"),
    Member("u_ana", "Ana Reis", "AR", "manager", "Manager"),
    Member("u_maeve", "Maeve Quinn", "MQ", "admin", "Owner"),
)  # fmt: skip

CATEGORY_COLOUR: Final = {
    "EXM": "svc_exam",
    "IMG": "svc_exam",
    "PRV": "svc_hygiene",
    "PER": "svc_hygiene",
    "RST": "svc_restore",
    "END": "svc_endo",
    "SUR": "svc_surgery",
    "IMP": "svc_surgery",
    "PRS": "svc_prostho",
    "FIX": "svc_prostho",
    "ORT": "svc_ortho",
    "GEN": "svc_exam",
}
# A price for each quarter of an hour at the chair, minor units, by category.
_QUARTER: Final = {
    "EXM": 2200,
    "IMG": 3000,
    "PRV": 2400,
    "PER": 2800,
    "RST": 4200,
    "END": 6800,
    "SUR": 5200,
    "IMP": 24000,
    "PRS": 16000,
    "FIX": 13500,
    "ORT": 5000,
    "GEN": 2500,
}
_LAB_WORK: Final = 42000


@dataclass(frozen=True, slots=True)
class Service:
    """A line of the price list."""

    code: str
    name: str
    category: str
    area: str
    minutes: int
    price: int
    paint: str


def price_list() -> tuple[Service, ...]:
    """Return the neutral procedures with the prices of the sample clinic."""
    with in_language("en"):
        return tuple(
            Service(
                code=one.code,
                name=one.name,
                category=one.category,
                area=one.area,
                minutes=max(5, one.minutes),
                price=_price(one.category, one.minutes, one.paint),
                paint=one.paint,
            )
            for one in procedures().values()
            if one.minutes > 0
        )


def _price(category: str, minutes: int, paint: str) -> int:
    quarters = max(1, round(minutes / 15))
    made_in_a_laboratory = _LAB_WORK if paint in {"CROWN", "INLAY", "VENEER"} else 0
    return _QUARTER[category] * quarters + made_in_a_laboratory


@dataclass(frozen=True, slots=True)
class Good:
    """A product with what is left of it; ``left`` None was never counted."""

    sku: str
    name: str
    unit: str
    reorder: int
    left: int | None
    cost: int
    used_by: tuple[str, ...] = ()


GOODS: Final = (
    Good("ANA-ART4", "Articaine 4 % with epinephrine", "cartridge", 50, 46, 62,
         ("RST", "END", "SUR")),
    Good("ANA-LID2", "Lidocaine 2 % with epinephrine", "cartridge", 40, 180, 55),
    Good("NDL-30S", "Needles 30 G short", "piece", 100, 420, 11, ("RST", "END", "SUR")),
    Good("CMP-A2", "Composite capsules A2", "capsule", 30, 88, 240, ("RST",)),
    Good("CMP-A3", "Composite capsules A3", "capsule", 30, 24, 240),
    Good("BND-UNI", "Universal bond, single dose", "dose", 40, 130, 190, ("RST",)),
    Good("GIC-CAP", "Glass ionomer capsules", "capsule", 20, 61, 310),
    Good("GLV-S", "Gloves nitrile S", "pair", 400, 1250, 9),
    Good("GLV-M", "Gloves nitrile M", "pair", 400, 2300, 9,
         ("EXM", "PRV", "PER", "RST", "END", "SUR")),
    Good("MSK-II", "Masks type IIR", "piece", 300, 940, 7, ("EXM", "PRV", "RST")),
    Good("CUP-180", "Cups 180 ml", "piece", 300, 1600, 2),
    Good("PRO-PST", "Prophylaxis paste, single dose", "dose", 80, 310, 18, ("PRV",)),
    Good("FLU-VAR", "Fluoride varnish, single dose", "dose", 40, 96, 85),
    Good("ALG-450", "Alginate", "bag", 6, 9, 780),
    Good("SIL-PUT", "Silicone putty", "set", 4, 3, 2650),
    Good("FIL-K25", "Endodontic files 25 mm", "set", 12, 19, 3100, ("END",)),
    Good("GUT-025", "Gutta-percha points", "box", 8, 12, 1250),
    Good("NAO-500", "Sodium hypochlorite 3 %", "bottle", 4, 7, 690),
    Good("SUT-40", "Sutures 4-0 resorbable", "piece", 24, 40, 320, ("SUR",)),
    Good("GAU-STE", "Gauze sterile", "piece", 200, 760, 6),
    Good("STE-POU", "Sterilisation pouches", "piece", 300, 1100, 8),
    Good("DIS-SUR", "Surface disinfectant", "bottle", 6, 14, 1150),
    Good("IMP-BUR", "Implant burs", "piece", 4, None, 8900),
    Good("BRK-MBT", "Brackets MBT", "set", 5, 8, 12400),
)  # fmt: skip
