"""Usual ways to give the medicines of the list: dose, how often, how long, and its arithmetic.

Every figure stays within the row of the shipped list that it names; like the list, none of them
replaces the prescriber, who signs what stands on the paper.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import Final

from babel.numbers import format_decimal

from clinic_desktop.domain.formulary import Medicine, allergy_conflicts, medicine_of, medicines
from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import N_, _, ngettext

ADULT: Final = 18
LIGHTEST: Final = 200
HEAVIEST: Final = 650_000
# A child's spoon or syringe shows halves of a millilitre; a dose is never rounded up.
_HALF: Final = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Regimen:
    """One usual way; ``per_unit`` is mg in a tablet or in one ml.

    ``units`` is an adult's dose in tablets or ml. A child's is ``mg_per_kg`` for each dose, at
    most ``most_mg``, and ``day_most_mg_per_kg`` in 24 hours.
    """

    medicine: str
    form: str
    unit: str
    times: int
    days: int
    per_unit: Decimal | None = None
    units: int = 0
    mg_per_kg: Decimal | None = None
    most_mg: Decimal | None = None
    day_most_mg_per_kg: Decimal | None = None
    instructions: str = ""

    @property
    def by_weight(self) -> bool:
        """Whether the dose follows from the weight."""
        return self.mg_per_kg is not None


@dataclass(frozen=True, slots=True)
class Proposal:
    """A medicine ready to be looked at and signed; texts are in the language in force."""

    medicine: str
    drug: str
    form: str
    dose: str
    arithmetic: tuple[str, ...]
    quantity: int | None
    unit: str
    days: int | None
    instructions: str


_TABLETS: Final = N_("tablets")
_CAPSULES: Final = N_("capsules")
_FOOD: Final = N_("Take with food.")
_ADULT: Final = (
    Regimen("paracetamol", N_("500 mg tablets"), _TABLETS, 4, 3, Decimal(500), 2),
    Regimen("ibuprofen", N_("400 mg tablets"), _TABLETS, 3, 3, Decimal(400), 1, instructions=_FOOD),
    Regimen("amox", N_("500 mg capsules"), _CAPSULES, 3, 5, Decimal(500), 1),
    Regimen(
        "metro", N_("400 mg tablets"), _TABLETS, 3, 5, Decimal(400), 1,
        instructions=N_("No alcohol until 48 hours after the last dose."),
    ),
    Regimen("clarithro", N_("250 mg tablets"), _TABLETS, 2, 5, Decimal(250), 1),
    Regimen(
        "nystatin", N_("100,000 units/ml oral suspension"), "ml", 4, 7, None, 5,
        instructions=N_("Hold in the mouth as long as possible, then swallow."),
    ),
)  # fmt: skip
_CHILD: Final = (
    Regimen(
        "paracetamol", N_("120 mg/5 ml oral suspension"), "ml", 4, 3, Decimal(24),
        mg_per_kg=Decimal(15), most_mg=Decimal(650), day_most_mg_per_kg=Decimal(75),
    ),
    Regimen(
        "ibuprofen", N_("100 mg/5 ml oral suspension"), "ml", 3, 2, Decimal(20),
        mg_per_kg=Decimal(10), most_mg=Decimal(400), day_most_mg_per_kg=Decimal(40),
        instructions=_FOOD,
    ),
    Regimen(
        "amox", N_("250 mg/5 ml oral suspension"), "ml", 3, 5, Decimal(50),
        mg_per_kg=Decimal(13), most_mg=Decimal(500), day_most_mg_per_kg=Decimal(40),
    ),
    Regimen(
        "metro_perio_child", N_("200 mg/5 ml oral suspension"), "ml", 3, 7, Decimal(40),
        mg_per_kg=Decimal(10), most_mg=Decimal(250), day_most_mg_per_kg=Decimal(50),
    ),
)  # fmt: skip
# What is offered in place of a medicine that stands against an allergy.
_INSTEAD: Final = {
    "amox": "clarithro",
    "penv": "clarithro",
    "coamox": "clarithro",
    "cefalexin": "clarithro",
    "ibuprofen": "paracetamol",
    "aspirin": "paracetamol",
}
_DAYS: Final = re.compile(
    r"(?:\bfor\s+|\bpor\s+|\bdurante\s+)?\b(\d{1,3})\s*(?:d|days?|d[ií]as?)\b", re.I
)
_WEIGHT: Final = re.compile(r"(\d{1,3})(?:[.,](\d{1,3}))?")


def usual(age: int | None) -> tuple[Regimen, ...]:
    """Return the usual ways for an age in years; an unknown age gets an adult's."""
    return _CHILD if age is not None and age < ADULT else _ADULT


def by_id(medicine_id: str) -> Medicine:
    """Return a medicine of the list; KeyError when there is none of that id."""
    return {one.id: one for one in medicines()}[medicine_id]


def propose(regimen: Regimen, *, weight_grams: int | None, locale: str) -> Proposal:
    """Return a medicine in its usual way.

    Raises InvalidError (``weight``) when the dose follows from a weight that is not known.
    """
    arithmetic: tuple[str, ...] = ()
    if not regimen.by_weight:
        amount = Decimal(regimen.units)
    elif weight_grams is None:
        raise InvalidError(_("Write the weight first: this dose follows from it."), field="weight")
    else:
        amount, arithmetic = _by_weight(regimen, Decimal(weight_grams) / 1000, locale)
    return Proposal(
        medicine=regimen.medicine,
        drug=name_of(by_id(regimen.medicine)),
        form=_(regimen.form),
        dose=_sentence(regimen, amount, locale),
        arithmetic=arithmetic,
        quantity=int((amount * regimen.times * regimen.days).to_integral_value("ROUND_CEILING")),
        unit=_(regimen.unit) if regimen.unit != "ml" else "ml",
        days=regimen.days,
        instructions=_(regimen.instructions) if regimen.instructions else "",
    )


def _by_weight(regimen: Regimen, kilos: Decimal, locale: str) -> tuple[Decimal, tuple[str, ...]]:
    """Return the ml of one dose and the lines that show how they were found."""
    assert regimen.mg_per_kg is not None  # noqa: S101 - asked by the caller
    assert regimen.per_unit is not None  # noqa: S101 - every row by weight has a strength

    def number(value: Decimal) -> str:
        return str(format_decimal(value.normalize(), locale=locale))

    wanted = kilos * regimen.mg_per_kg
    found = [
        _("{kilos} kg × {per_kilo} mg/kg = {dose} mg").format(
            kilos=number(kilos), per_kilo=number(regimen.mg_per_kg), dose=number(wanted)
        )
    ]
    allowed = wanted
    if regimen.most_mg is not None and allowed > regimen.most_mg:
        allowed = regimen.most_mg
        found.append(_("at most {most} mg for one dose").format(most=number(allowed)))
    if regimen.day_most_mg_per_kg is not None:
        daily = regimen.day_most_mg_per_kg * kilos / regimen.times
        if allowed > daily:
            allowed = daily
            found.append(
                _("at most {most} mg/kg in 24 hours").format(
                    most=number(regimen.day_most_mg_per_kg)
                )
            )
    amount = (allowed / regimen.per_unit / _HALF).to_integral_value(ROUND_DOWN) * _HALF
    if not amount:
        raise InvalidError(
            _("A dose for this weight is less than half a millilitre. Write it yourself."),
            field="weight",
        )
    found.append(
        _("{amount} ml of {strength} mg/ml = {dose} mg").format(
            amount=number(amount),
            strength=number(regimen.per_unit),
            dose=number(amount * regimen.per_unit),
        )
    )
    found.append(
        _("{times} × {dose} mg = {day} mg in 24 hours").format(
            times=regimen.times,
            dose=number(amount * regimen.per_unit),
            day=number(amount * regimen.per_unit * regimen.times),
        )
    )
    return amount, tuple(found)


def _sentence(regimen: Regimen, amount: Decimal, locale: str) -> str:
    """Return the dose as the patient reads it."""
    count = str(format_decimal(amount.normalize(), locale=locale))
    plural = 1 if amount == 1 else 2
    if regimen.unit == _TABLETS:
        taken = ngettext("{count} tablet", "{count} tablets", plural).format(count=count)
    elif regimen.unit == _CAPSULES:
        taken = ngettext("{count} capsule", "{count} capsules", plural).format(count=count)
    else:
        taken = _("{count} ml").format(count=count)
    if regimen.per_unit is not None:
        milligrams = format_decimal((amount * regimen.per_unit).normalize(), locale=locale)
        taken = _("{amount} ({milligrams} mg)").format(amount=taken, milligrams=milligrams)
    return _("{amount} by mouth every {hours} hours, at most {times} times a day.").format(
        amount=taken, hours=24 // regimen.times, times=regimen.times
    )


def name_of(medicine: Medicine) -> str:
    """Return a medicine's name as it is written on paper, without the list's remarks."""
    bare = medicine.name.split(" (")[0]
    return bare[:1].upper() + bare[1:]


def instead_of(drug: str, *, age: int | None, allergies: tuple[str, ...]) -> Regimen | None:
    """Return what could be given in place of a medicine, itself against no recorded allergy."""
    medicine = medicine_of(drug)
    wanted = _INSTEAD.get(medicine.id) if medicine is not None else None
    for regimen in usual(age):
        if regimen.medicine == wanted and not allergy_conflicts(by_id(wanted).name, allergies):
            return regimen
    return None


def read_line(text: str, *, age: int | None, weight_grams: int | None, locale: str) -> Proposal:
    """Read what was typed into the entry line: a medicine, then strength and "for 5 days".

    A medicine of the list by the beginning of its name; any other text is taken as it is and
    known to be on no list. Raises InvalidError for an empty line.
    """
    typed = " ".join(text.split())
    days_found = _DAYS.search(typed)
    days = int(days_found[1]) if days_found and 1 <= int(days_found[1]) <= 366 else None
    if days_found:
        typed = f"{typed[: days_found.start()]} {typed[days_found.end() :]}".strip()
    if not typed:
        raise InvalidError(_("Write a medicine, or the number of a usual one."), field="drug")
    medicine, rest = _begun(typed)
    if medicine is None:
        return Proposal("", typed[:200], "", "", (), None, "", days, "")
    regimen = next((one for one in usual(age) if one.medicine == medicine.id), None)
    if regimen is not None and not rest and (weight_grams or not regimen.by_weight):
        proposal = propose(regimen, weight_grams=weight_grams, locale=locale)
        if days is None or days == proposal.days:
            return proposal
    adult = age is None or age >= ADULT
    dose = medicine.adult_dose if adult else ""
    return Proposal(medicine.id, name_of(medicine), rest, dose, (), None, "", days, "")


def _begun(typed: str) -> tuple[Medicine | None, str]:
    """Return the medicine whose name was typed or begun, and what follows it."""
    medicine = medicine_of(typed)
    if medicine is not None:
        for name in (medicine.name.split(" (")[0], medicine.other_name):
            if name and _fold(typed).startswith(_fold(name)):
                return medicine, typed[len(name) :].strip(" ,")
        return medicine, ""
    first, _space, rest = typed.partition(" ")
    found = matches(first)
    return (found[0], rest.strip(" ,")) if found and len(first) >= 3 else (None, "")


def matches(text: str) -> list[Medicine]:
    """Return the medicines of the list whose name begins with what was typed, by name."""
    wanted = _fold(text)
    return [
        one
        for one in medicines()
        if wanted and any(_fold(name).startswith(wanted) for name in (one.name, one.other_name))
    ]


def completion(medicine: Medicine, text: str) -> str:
    """Return what is missing of the name that the text begins, in the letters of the list."""
    for name in (name_of(medicine), medicine.other_name):
        if name and _fold(name).startswith(_fold(text)):
            return name[len(text) :]
    return ""


def _fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return "".join(char for char in decomposed if not unicodedata.combining(char)).strip()


def parse_weight(text: str) -> int:
    """Read a weight in kilograms, 22.4 or 22,4, and return grams.

    Raises InvalidError (``weight``) for anything that is not the weight of a patient.
    """
    bare = unicodedata.normalize("NFKC", text).casefold().removesuffix("kg").strip()
    found = _WEIGHT.fullmatch(bare)
    if found is None:
        raise InvalidError(_("Write the weight in kilograms, for example 22.4."), field="weight")
    grams = int(found[1]) * 1000 + int((found[2] or "0").ljust(3, "0"))
    if not LIGHTEST <= grams <= HEAVIEST:
        raise InvalidError(_("The weight has to be from 0.2 to 650 kg."), field="weight")
    return grams
