"""Patients of the sample clinic: households, ages, contacts, habits and alerts."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from clinic_desktop.domain.names import search_words, sort_key
from clinic_desktop.services.sample.names import (
    STREETS,
    Culture,
    Name,
    family_name,
    person_name,
    pick_culture,
)

ALLERGIES: Final = (
    ("Penicillin", "anaphylaxis", "stop", 5),
    ("Latex", "contact rash", "caution", 3),
    ("Metronidazole", "urticaria", "caution", 1),
    ("Ibuprofen", "asthma", "stop", 2),
)


class Ids:
    """UUIDs of version 7 from the seed: the same clinic twice has the same keys."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._tick = 1_700_000_000_000

    def new(self) -> UUID:
        """Return the next key; they ascend as real ones do."""
        self._tick += 1
        bits = self._rng.getrandbits(74)
        value = (self._tick & 0xFFFFFFFFFFFF) << 80 | 0x7 << 76 | (bits >> 62 & 0xFFF) << 64
        return UUID(int=value | 0b10 << 62 | bits & 0x3FFFFFFFFFFFFFFF)


@dataclass(frozen=True, slots=True)
class SamplePatient:
    """A made-up patient; ``misses`` is how often they do not come, of 1."""

    id: UUID
    number: str
    name: Name
    born: date
    phone: str
    no_phone: str
    email: str
    address: str
    status: str
    household: UUID | None
    guardian: UUID | None
    language: str
    prefers: str
    note: str
    misses: float

    def age_on(self, day: date) -> int:
        """Return the age in years."""
        return day.year - self.born.year - ((day.month, day.day) < (self.born.month, self.born.day))

    def row(self) -> tuple[Any, ...]:
        """Return the columns of COLUMNS."""
        return (
            self.id,
            self.number,
            self.name.given,
            self.name.family,
            self.name.other,
            self.name.sex,
            self.born,
            self.phone,
            self.no_phone,
            self.email,
            self.address,
            "Harbour Town",
            "IE",
            self.language,
            self.prefers,
            self.status,
            self.household,
            self.guardian,
            self.note,
            sort_key(self.name.given, self.name.family),
            # The database adds the words of the number itself.
            search_words(
                given=self.name.given,
                family=self.name.family,
                other_name=self.name.other,
                phone=self.phone,
                email=self.email,
                born=self.born,
                number=self.number,
            ),
        )


COLUMNS: Final = (
    "id", "number", "given", "family", "other_name", "sex", "born", "phone", "no_phone_reason",
    "email", "address", "city", "country", "language", "prefers", "status", "household_id",
    "guardian_id", "sticky_note", "sort_key", "words",
)  # fmt: skip
_NOTES: Final = (
    "Prefers the chair half raised.",
    "Nervous: explain each step before it happens.",
    "Comes by bus, never before 10:00.",
    "Hears better on the left side.",
    "Sings in a choir on Thursdays: done by 17:30.",
)


class Town:
    """Makes patients household by household until there are enough."""

    def __init__(self, rng: random.Random, ids: Ids, today: date) -> None:
        self._rng, self._ids, self._today = rng, ids, today
        self._made = 0

    def patients(self, wanted: int) -> Iterator[tuple[UUID | None, str, list[SamplePatient]]]:
        """Yield (household or None, its name, its patients)."""
        while self._made < wanted:
            size = min(
                wanted - self._made, self._rng.choices((1, 2, 3, 4, 5), (48, 20, 14, 13, 5))[0]
            )
            yield self._household(size)

    def _household(self, size: int) -> tuple[UUID | None, str, list[SamplePatient]]:
        culture = pick_culture(self._rng)
        family = family_name(self._rng, culture)
        household = self._ids.new() if size > 1 else None
        address = f"{self._rng.randint(1, 140)} {self._rng.choice(STREETS)}"
        adult_age = min(94, max(19, round(self._rng.gauss(46, 17))))
        members: list[SamplePatient] = []
        for position in range(size):
            age, guardian = self._age(position, adult_age, members)
            members.append(self._patient(culture, family, age, household, guardian, address))
        return household, family or members[0].name.given, members

    def _age(
        self, position: int, adult_age: int, members: list[SamplePatient]
    ) -> tuple[int, UUID | None]:
        """The first is an adult, the second a partner, the others children."""
        if position == 0:
            return adult_age, None
        if position == 1 and self._rng.random() < 0.75:
            return max(19, min(95, adult_age + self._rng.randint(-6, 6))), None
        child = max(1, min(17, adult_age - self._rng.randint(24, 38)))
        return child, members[0].id

    def _patient(
        self,
        culture: Culture,
        family: str,
        age: int,
        household: UUID | None,
        guardian: UUID | None,
        address: str,
    ) -> SamplePatient:
        rng = self._rng
        self._made += 1
        sex = "female" if rng.random() < 0.52 else "male"
        name = person_name(rng, culture, family, sex=sex)
        has_phone = guardian is None and rng.random() < 0.97
        mail = f"{name.given}.{self._made}".lower().encode("ascii", "ignore").decode().strip("-")
        return SamplePatient(
            id=self._ids.new(),
            number=f"{self._made:05d}",
            name=name,
            born=self._today - timedelta(days=age * 365 + age // 4 + rng.randint(0, 364)),
            # 555 numbers belong to nobody.
            phone=f"+3538{rng.choice('3567')}555{rng.randint(0, 9999):04d}" if has_phone else "",
            no_phone=""
            if has_phone
            else ("Guardian's number is used" if guardian else "Has no phone"),
            email=f"{mail}@example.org" if rng.random() < 0.55 and guardian is None else "",
            address=address,
            status=rng.choices(("active", "inactive", "archived", "deceased"), (88, 8, 3, 1))[0],
            household=household,
            guardian=guardian,
            language=culture.language,
            prefers=rng.choice(("phone", "sms", "whatsapp", "email", "letter")),
            note=rng.choice(_NOTES) if rng.random() < 0.08 else "",
            misses=0.25 if rng.random() < 0.08 else 0.02,
        )


def alerts_of(
    rng: random.Random, ids: Ids, patient: SamplePatient, noted: date
) -> Iterator[tuple[Any, ...]]:
    """Yield (id, patient, kind, severity, text, substance, noted on); none for the never asked."""
    known = False
    for substance, text, severity, share in ALLERGIES:
        if rng.random() * 100 < share:
            known = True
            yield ids.new(), patient.id, "allergy", severity, text, substance, noted
    age = patient.age_on(noted)
    if age > 62 and rng.random() < 0.16:
        medicine = rng.choice(("Apixaban 5 mg", "Warfarin", "Rivaroxaban 20 mg"))
        yield ids.new(), patient.id, "anticoagulant", "stop", medicine, "", noted
    if age > 50 and rng.random() < 0.1:
        text = rng.choice(("Type 2 diabetes", "High blood pressure", "Artificial hip"))
        yield ids.new(), patient.id, "condition", "context", text, "", noted
    if not known and rng.random() < 0.7:
        text = "No known allergies"
        yield ids.new(), patient.id, "no_known_allergies", "context", text, "", noted


ALERT_COLUMNS: Final = (
    "id",
    "patient_id",
    "kind",
    "severity",
    "text",
    "substance",
    "noted_on",
)
