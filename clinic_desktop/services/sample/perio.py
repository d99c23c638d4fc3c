"""Periodontal exams of some adults of the sample clinic: three in a year, better each time."""

import random
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from clinic_desktop.domain.perio.exam import Exam, Standing, ToothReading
from clinic_desktop.domain.perio.facts import Background
from clinic_desktop.domain.perio.proposal import propose
from clinic_desktop.domain.perio.rules import Path
from clinic_desktop.domain.perio.sites import Site, furcations
from clinic_desktop.domain.perio.walk import Walk
from clinic_desktop.domain.teeth.dentition import PERMANENT
from clinic_desktop.domain.teeth.numbering import tooth
from clinic_desktop.services.sample.people import Ids
from clinic_desktop.services.sample.visits import Regular

EXAM_COLUMNS: Final = (
    "id", "patient_id", "person_id", "on_day", "status", "plaque_looked", "lost_teeth", "smoking",
    "diabetes", "stage", "grade", "extent", "proposed", "created_at", "signed_at", "signed_by",
)  # fmt: skip
TOOTH_COLUMNS: Final = (
    "id", "patient_id", "exam_id", "tooth", "standing", "depth", "margin", "bleeding",
    "suppuration", "plaque", "calculus", "furcation", "mobility", "resume", "updated_at",
)  # fmt: skip
# How many days ago the exams were made, and how much of the disease is left at each.
_AGO: Final = ((420, 1.0), (240, 0.72), (75, 0.58))
_FROM_AGE: Final = 32
_EVERY: Final = 5
_MOST: Final = 40
_HALF_DONE: Final = 94
# Where a probe finds its way between the roots.
_INTO_FURCATION: Final = 6
# Mild, moderate, severe: how many of ten, and mm beyond a healthy pocket of 2.
_SEVERITY: Final = (0.4,) * 5 + (1.1,) * 3 + (2.2,) * 2


@dataclass(frozen=True, slots=True)
class Mouths:
    """What exams are made from: who is examined by whom, and which teeth are not there."""

    regulars: Sequence[Regular]
    missing: Mapping[UUID, Collection[int]]
    people: Sequence[UUID]
    today: date
    zone: ZoneInfo

    def examined(self) -> list[Regular]:
        """Return every fifth adult, at most forty."""
        adults = [
            one for one in self.regulars if (self.today - one.born).days / 365.25 >= _FROM_AGE
        ]
        return adults[::_EVERY][:_MOST]


Rows = tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]


def exams(rng: random.Random, ids: Ids, mouths: Mouths) -> Rows:
    """Return the rows of exams and of their teeth; the first patient's last one is under way."""
    heads: list[tuple[Any, ...]] = []
    teeth: list[tuple[Any, ...]] = []
    for number, regular in enumerate(mouths.examined()):
        gone = frozenset(mouths.missing.get(regular.id, ()))
        mouth = _Mouth(rng, gone, rng.choice(_SEVERITY), _age(regular.born, mouths.today))
        person = mouths.people[number % len(mouths.people)]
        for ago, left in _AGO:
            day = mouths.today - timedelta(days=ago + rng.randint(-12, 12))
            _signed(ids, mouths, regular, person, day, mouth.exam(left), heads, teeth)
        if number == 0:
            _under_way(ids, mouths, regular, person, mouth.exam(_AGO[-1][1]), heads, teeth)
    return heads, teeth


def _age(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _signed(
    ids: Ids, mouths: Mouths, regular: Regular, person: UUID, day: date, exam: Exam,
    heads: list[tuple[Any, ...]], teeth: list[tuple[Any, ...]],
) -> None:  # fmt: skip
    found = propose(
        exam,
        Background(age=_age(regular.born, day), lost_teeth=0, smoking="none", diabetes="none"),
        on=day,
    )
    decided = ("" if found.stage is None else str(found.stage), found.grade, found.extent)
    at, key = datetime.combine(day, time(11, 20), mouths.zone), ids.new()
    heads.append(
        (key, regular.id, person, day, "signed", True, 0, "none", "none", *decided, found.text, at,
         at + timedelta(minutes=40), person)
    )  # fmt: skip
    teeth += _rows(ids, regular.id, key, exam, at, "")


def _under_way(
    ids: Ids, mouths: Mouths, regular: Regular, person: UUID, exam: Exam,
    heads: list[tuple[Any, ...]], teeth: list[tuple[Any, ...]],
) -> None:  # fmt: skip
    """Add an exam of today in which the first half of the sites is typed."""
    sites = Walk(Path.RIGHT_LEFT, frozenset(one.tooth for one in exam.probed)).sites
    done, due = set(sites[:_HALF_DONE]), sites[_HALF_DONE]
    kept = {}
    for fdi, one in exam.teeth.items():
        there = [any(c.tooth == fdi and c.place == site for c in done) for site in Site]
        kept[fdi] = ToothReading(
            fdi,
            one.standing,
            depth=_only(one.depth, there, None),
            margin=_only(one.margin, there, None),
            bleeding=_only(one.bleeding, there, False),
            plaque=_only(one.plaque, there, False),
        )
    at, key = datetime.combine(mouths.today, time(8, 10), mouths.zone), ids.new()
    heads.append(
        (key, regular.id, person, mouths.today, "draft", True, None, "", "", "", "", "", "", at,
         None, None)
    )  # fmt: skip
    resume = f"{due.tooth}:{due.measure.value}:{int(due.place)}"
    teeth += _rows(ids, regular.id, key, Exam(kept), at, resume)


def _only(values: Sequence[Any], there: Sequence[bool], none: Any) -> tuple[Any, ...]:
    return tuple(value if here else none for value, here in zip(values, there, strict=True))


def _rows(
    ids: Ids, patient: UUID, key: UUID, exam: Exam, at: datetime, resume: str
) -> Iterator[tuple[Any, ...]]:
    for one in exam.teeth.values():
        yield (
            ids.new(), patient, key, one.tooth, one.standing.value,
            *(list(values) for values in (one.depth, one.margin, one.bleeding, one.suppuration,
                                          one.plaque, one.calculus, one.furcation)),
            one.mobility, resume, at,
        )  # fmt: skip


class _Mouth:
    """One person's gums: where the disease sits stays the same from exam to exam."""

    def __init__(
        self, rng: random.Random, missing: Collection[int], severity: float, age: int
    ) -> None:
        self._rng, self._missing = rng, missing
        self._worse: dict[tuple[int, Site], float] = {}
        self._margin: dict[tuple[int, Site], int] = {}
        for fdi in PERMANENT:
            kind = tooth(fdi).tooth_class
            weight = {"molar": 1.35, "premolar": 0.9, "canine": 0.6, "incisor": 0.75}[kind]
            for site in Site:
                between = 1.0 if site.interdental else 0.35
                self._worse[fdi, site] = max(0.0, rng.gauss(severity, 0.7)) * weight * between
                receding = rng.random() < (age - 25) / 130 * (1.4 if site.facial else 0.8)
                self._margin[fdi, site] = rng.choice((1, 1, 2)) if receding else -rng.randint(1, 2)

    def exam(self, left: float) -> Exam:
        """Return what is found while this share of the disease is left."""
        return Exam({fdi: self._tooth(fdi, left) for fdi in PERMANENT}, plaque_looked=True)

    def _tooth(self, fdi: int, left: float) -> ToothReading:
        if fdi in self._missing:
            return ToothReading(fdi, Standing.MISSING)
        rng = self._rng
        depth = tuple(min(9, round(2 + self._worse[fdi, site] * left)) for site in Site)
        margin = tuple(self._margin[fdi, site] for site in Site)
        there = furcations(fdi)
        deep = max(depth)
        furcation: list[int | None] = [None] * 4
        if there and deep >= _INTO_FURCATION:
            furcation[there[0]] = 1 if deep == _INTO_FURCATION else 2
        return ToothReading(
            fdi,
            depth=depth,
            margin=margin,
            bleeding=tuple(rng.random() < 0.04 + 0.17 * (mm - 2) for mm in depth),
            suppuration=tuple(mm >= _INTO_FURCATION and rng.random() < 0.2 for mm in depth),
            plaque=tuple(rng.random() < 0.12 + 0.2 * left * (s.interdental) for s in Site),
            calculus=tuple(rng.random() < 0.05 * left for _s in Site),
            furcation=tuple(furcation),
            mobility=1 if deep > _INTO_FURCATION else 0,
        )
