"""Patients with periodontal exams: whole, half typed, on implants, and six in a row."""

import random
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.perio.exam import Cell
from clinic_desktop.domain.perio.rules import Measure
from clinic_desktop.domain.perio.sites import Site, furcations
from clinic_desktop.domain.perio.walk import Walk
from clinic_desktop.models import ChartItem, Patient, PerioExam
from clinic_desktop.services.perio import service as perio
from clinic_desktop.services.perio.reading import exams_of
from clinic_desktop.services.perio.schemas import (
    BackgroundValues,
    CellWrite,
    Decision,
    ExamData,
    NewExam,
)
from clinic_desktop.services.rows import change_row
from tests.gallery.calendars import a_patient
from tests.gallery.place import Place

HALF: Final = 94
DEEPEST: Final = 9


class Gums:
    """Patients by the kind of their exams."""

    def __init__(self, place: Place) -> None:
        self._dentist = place.sign_in("u_dentist")
        self._place = place
        self.today = place.now().date()
        self.whole = self._patient("Inês", "Carvalho-Lindqvist")
        self._chart(self.whole, "MISSING", 18, 28, 46)
        self._signed(self.whole, days=0, worse=1.0)
        self.half = self._patient("Bartholomew Maximilian", "Featherstonehaugh-Okonkwo")
        self._typed(self.half, worse=0.8, upto=HALF)
        self.implants = self._patient("Nour", "Haddad")
        self._chart(self.implants, "MISSING", 17, 15, 25, 27, 37, 36, 47)
        self._chart(self.implants, "IMPLANT", 16, 26, 46, 11)
        self._signed(self.implants, days=0, worse=0.7)
        self.extra = self._patient("Uwe", "Öztürk-Şahin")
        self._chart(self.extra, "CARIES", 115, 116, 126, 136)
        self._typed(self.extra, worse=0.9)
        self.six = self._patient("Zofia", "Wiśniewska")
        self._chart(self.six, "MISSING", 18, 48)
        for n in range(6):
            self._signed(self.six, days=(5 - n) * 200, worse=1.2 - n * 0.18)
        self.unseen = self._patient("محمد", "الحسيني")

    def _patient(self, given: str, family: str) -> UUID:
        born = date(self.today.year - 52, 2, 3)
        return self._place.rows(Patient, [{**a_patient(given, family), "born": born}])[0]

    def _chart(self, patient: UUID, code: str, *teeth: int) -> None:
        since = self.today - timedelta(days=1500)
        self._place.rows(
            ChartItem,
            [
                {"patient_id": patient, "kind": "state", "code": code, "tooth": fdi,
                 "status": "condition", "since": since}
                for fdi in teeth
            ],
        )  # fmt: skip

    def _read(self, patient: UUID, exam: UUID) -> ExamData:
        with self._dentist.reading() as ctx:
            every = exams_of(ctx, patient)
        return next(one for one in every.exams if one.head.id == exam)

    def _typed(self, patient: UUID, *, worse: float, upto: int | None = None) -> UUID:
        """Begin an exam and type it, or its first sites."""
        with self._dentist.writing() as ctx:
            exam = perio.begin(ctx, NewExam(id=new_id(), patient_id=patient))
        data = self._read(patient, exam)
        probed = frozenset(one.tooth for one in data.exam.probed)
        sites = Walk(data.head.path, probed).sites
        done = sites if upto is None else sites[:upto]
        rng = random.Random(4)
        cells = [cell for site in done for cell in _site(rng, site, worse, data)]
        resume = None if upto is None else sites[upto]
        with self._dentist.writing() as ctx:
            perio.write(ctx, exam, cells, resume=resume)
        return exam

    def _signed(self, patient: UUID, *, days: int, worse: float) -> None:
        """Type an exam of so many days ago, decide and sign it."""
        exam = self._typed(patient, worse=worse)
        known = BackgroundValues(lost_teeth=2, bone_loss=35, smoking="light", diabetes="none")
        with self._dentist.writing() as ctx:
            version = perio.tell(ctx, exam, self._version(patient, exam), known)
            if days:
                day = self.today - timedelta(days=days)
                version = change_row(ctx, PerioExam, id=exam, version=version, on_day=day)
            decision = Decision(
                stage="3", grade="B", extent="generalized", reason="Looked at with the images"
            )
            version = perio.decide(ctx, exam, version, decision)
            perio.sign(ctx, exam, version)

    def _version(self, patient: UUID, exam: UUID) -> int:
        return self._read(patient, exam).head.version


def _site(rng: random.Random, cell: Cell, worse: float, data: ExamData) -> list[CellWrite]:
    """Return what is found at a site: deeper between the teeth and at the molars."""
    fdi, site = cell.tooth, Site(cell.place)
    molar = fdi % 10 >= 6
    between = 1.0 if site.interdental else 0.4
    more = max(0.0, rng.gauss(1.6, 1.3)) * worse * between * (1.7 if molar else 0.9)
    depth = min(DEEPEST, round(1.8 + more))
    found = [CellWrite(tooth=fdi, measure=Measure.DEPTH, place=cell.place, value=depth)]
    margin = rng.choice((0, 0, 1, -1, 2)) if depth < 7 else 3

    def also(measure: Measure, value: bool | int) -> None:
        found.append(CellWrite(tooth=fdi, measure=measure, place=cell.place, value=value))

    also(Measure.MARGIN, margin)
    if rng.random() < 0.08 + 0.14 * (depth - 2):
        also(Measure.BLEEDING, True)
    if depth >= 7 and rng.random() < 0.4:
        also(Measure.SUPPURATION, True)
    if rng.random() < 0.25:
        also(Measure.PLAQUE, True)
    there = furcations(fdi)
    implant = data.exam.teeth[fdi].standing.value == "implant"
    if there and depth >= 6 and site.facial and not implant:
        found.append(
            CellWrite(tooth=fdi, measure=Measure.FURCATION, place=there[0], value=2 - depth % 2)
        )
    return found
