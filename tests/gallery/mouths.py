"""Patients whose mouths show all that can be charted, and the kinds of mouth there are."""

from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from clinic_desktop.domain.vocabulary import terms
from clinic_desktop.models import ChartItem, Patient, PatientAlert, Treatment
from tests.gallery.calendars import a_patient
from tests.gallery.place import Place

Entry = tuple[int | None, str, str, str, str]

# Tooth, word of the vocabulary, surfaces, status and detail: each word is there at least once.
EVERYTHING: Final[tuple[Entry, ...]] = (
    (18, "IMPACT", "", "condition", "horizontal"),
    (17, "AMAL", "MOD", "existing", ""),
    (17, "CARIES_SEC", "B", "condition", ""),
    (16, "RCT", "", "done", "complete"),
    (16, "POST", "", "done", ""),
    (16, "CROWN", "", "done", "zirconia"),
    (15, "COMP", "MO", "planned", ""),
    (15, "I4", "M", "condition", ""),
    (14, "COMP", "MOD", "done", ""),
    (14, "APICAL", "", "condition", ""),
    (13, "DISC", "", "condition", ""),
    (13, "CARIES_ROOT", "B", "condition", ""),
    (12, "FRACT", "I", "condition", "dentine"),
    (11, "VENEER", "B", "existing", "ceramic"),
    (21, "CROWN", "", "planned", "ceramic"),
    (22, "ROT", "", "condition", "mesial"),
    (22, "HYPO", "B", "condition", ""),
    (23, "CRACK", "", "condition", ""),
    (23, "FLUOROSIS", "", "condition", ""),
    (24, "INLAY", "MOD", "in_progress", "ceramic"),
    (25, "GIC", "O", "elsewhere", ""),
    (25, "DIASTEMA", "", "condition", ""),
    (26, "SEAL", "O", "existing", ""),
    (26, "I2", "D", "condition", ""),
    (27, "GOLD", "MO", "elsewhere", ""),
    (27, "RESORB", "", "condition", ""),
    (28, "UNERUPT", "", "condition", ""),
    (118, "COMP", "O", "planned", ""),
    (38, "PARTERUPT", "", "condition", ""),
    (37, "TEMP", "MO", "done", ""),
    (37, "PULPITIS_IRREV", "", "condition", ""),
    (36, "I5", "O", "condition", ""),
    (36, "I6", "D", "condition", ""),
    (36, "PULPITIS_REV", "", "condition", ""),
    (35, "DRIFT", "", "condition", "mesial"),
    (35, "CARIES", "D", "condition", ""),
    (34, "EXTRUDE", "", "condition", ""),
    (34, "WATCH", "", "condition", ""),
    (33, "ORTHO", "", "existing", "bracket"),
    (33, "WEAR_ABR", "B", "condition", ""),
    (32, "ORTHO", "", "existing", "bracket"),
    (31, "SPLINT", "", "existing", ""),
    (31, "MOB", "", "condition", "2"),
    (41, "SPLINT", "", "existing", ""),
    (41, "WEAR_ATT", "I", "condition", "2"),
    (42, "NECROSIS", "", "condition", ""),
    (42, "ABSCESS_SINUS", "", "condition", ""),
    (43, "APICO", "", "done", ""),
    (43, "RCT", "", "existing", "short"),
    (43, "TTP", "", "condition", ""),
    (44, "BR_ABUT", "", "planned", "pfm"),
    (45, "MISSING", "", "condition", "extracted"),
    (45, "BR_PONT", "", "planned", "pfm"),
    (46, "BR_ABUT", "", "planned", "pfm"),
    (46, "ABSCESS", "", "condition", ""),
    (46, "VITAL", "", "condition", "cold negative"),
    (47, "IMPLANT", "", "existing", ""),
    (47, "ABUT_IMP", "", "referred", "zirconia"),
    (48, "RETROOT", "", "condition", ""),
)  # fmt: skip
# What else there is does not fit into the same mouth: it is in the others.
CHILD: Final[tuple[Entry, ...]] = (
    (None, "EXAMINED", "", "condition", ""),
    (55, "SEAL", "O", "existing", ""),
    (54, "COMP", "DO", "done", ""),
    (64, "CROWN", "", "existing", "steel"),
    (65, "PULPOTOMY", "", "done", ""),
    (65, "CROWN", "", "planned", "steel"),
    (74, "MISSING", "", "condition", "extracted"),
    (74, "SPACE", "", "existing", ""),
    (75, "CARIES", "MO", "condition", ""),
    (85, "I3", "O", "condition", ""),
    (84, "CARIES_ARR", "O", "condition", ""),
    (16, "SEAL", "O", "planned", ""),
    (26, "I1", "O", "condition", ""),
    (36, "I0", "O", "condition", ""),
    (46, "I0", "O", "condition", ""),
    (46, "SEAL", "O", "existing", ""),
    (11, "FRACT", "MI", "condition", "enamel"),
    (11, "SUPER", "", "condition", ""),
    (22, "WEAR_ERO", "B", "condition", "1"),
)
_UPPER: Final = (17, 16, 15, 14, 13, 12, 11, 21, 22, 23, 24, 25, 26, 27)
_LOWER: Final = (37, 36, 35, 34, 33, 32, 31, 41, 42, 43, 44, 45, 46, 47)
_ROOTS: Final = (16, 14, 12, 22, 24, 26)
EDENTULOUS: Final[tuple[Entry, ...]] = (
    *((n, "MISSING", "", "condition", "extracted") for n in (18, 28, 38, 48)),
    *((n, "MISSING", "", "condition", "extracted") for n in (*_UPPER, *_LOWER)),
    *((n, "IMPLANT", "", "existing", "") for n in _ROOTS),
    *((n, "BR_ABUT", "", "done", "zirconia") for n in _ROOTS),
    *((n, "BR_PONT", "", "done", "zirconia") for n in _UPPER if n not in (*_ROOTS, 17, 27)),
    (43, "IMPLANT", "", "existing", ""),
    (33, "IMPLANT", "", "existing", ""),
    *((n, "DENT_F", "", "planned", "") for n in _LOWER),
)
# By the number that is stored: a thousand for dogs and two for cats, and the Triadan one.
DOG: Final[tuple[Entry, ...]] = (
    (None, "EXAMINED", "", "condition", ""),
    (1104, "FRACT", "", "condition", "pulp"),
    (1104, "RCT", "", "done", ""),
    (1108, "FRACT", "", "condition", "enamel"),
    (1208, "CROWN", "", "planned", "metal"),
    (1206, "MISSING", "", "condition", "congenital"),
    (1305, "MISSING", "", "condition", "unknown"),
    (1309, "MOB", "", "condition", "1"),
    (1409, "APICAL", "", "condition", ""),
    (1401, "WEAR_ATT", "", "condition", "2"),
)
CAT: Final[tuple[Entry, ...]] = (
    (None, "EXAMINED", "", "condition", ""),
    (2307, "RESORB", "", "condition", ""),
    (2407, "RETROOT", "", "condition", ""),
    (2104, "FRACT", "", "condition", "pulp"),
    (2204, "EXTRUDE", "", "condition", ""),
)


class Mouths:
    """Patients by name of their mouth."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self.today = place.now().date()
        self.provider = place.make.provider(login="u_dentist")
        self.treatments = self._treatments()
        self.everything = self.patient("Inês", "Carvalho-Lindqvist", 41)
        self.chart(self.everything, EVERYTHING)
        self.child = self.patient("Erik", "Lindqvist", 8)
        self.chart(self.child, CHILD)
        self.edentulous = self.patient("Bartholomew Maximilian", "Featherstonehaugh-Okonkwo", 74)
        self.chart(self.edentulous, EDENTULOUS)
        self.dog = self.patient("Bruno", "Lindqvist", 6, species="dog")
        self.chart(self.dog, DOG)
        self.cat = self.patient("Мурка", "Wiśniewska", 9, species="cat")
        self.chart(self.cat, CAT)
        self.unseen = self.patient("محمد", "الحسيني", 34)
        self.changed = self.patient("Zofia", "Wiśniewska", 52)
        self._years(self.changed)
        place.make.row(
            PatientAlert, patient_id=self.everything, kind="allergy", severity="stop",
            text="Penicillin: anaphylaxis in 2014", noted_on=self.today,
        )  # fmt: skip

    def _treatments(self) -> dict[str, UUID]:
        """A treatment for each thing that can be made, drawn as that."""
        made = [one for one in terms().values() if not one.is_finding]
        areas = {"surface": "surface", "root": "root", "arch": "arch"}
        ids = self._place.rows(
            Treatment,
            [
                {"code": f"X-{one.code}"[:20], "name": one.name, "category": "RST",
                 "area": areas.get(one.scope, "tooth"), "minutes": 45, "price": 14000,
                 "paint": one.code}
                for one in made
            ],
        )  # fmt: skip
        return {one.code: key for one, key in zip(made, ids, strict=True)}

    def patient(self, given: str, family: str, age: int, **more: Any) -> UUID:
        """Add somebody of an age in years."""
        born = date(self.today.year - age, 2, 3)
        values = {**a_patient(given, family), "born": born, **more}
        return self._place.rows(Patient, [values])[0]

    def chart(self, patient: UUID, entries: tuple[Entry, ...], *, days: int = 0) -> None:
        """Chart entries as of so many days ago."""
        since = self.today - timedelta(days=days)
        self._place.rows(ChartItem, [self._row(patient, since, *one) for one in entries])

    def _row(
        self, patient: UUID, since: date, tooth: int | None, code: str, surfaces: str, status: str,
        detail: str,
    ) -> dict[str, Any]:  # fmt: skip
        term = terms().get(code)
        made = term is not None and not term.is_finding
        states = {"EXAMINED"}
        kind = "procedure" if made else "condition"
        if code in states or (term is not None and term.kind == "state"):
            kind = "state"
        row = {
            "patient_id": patient, "kind": kind, "code": code, "tooth": tooth,
            "surfaces": surfaces, "status": status, "detail": detail, "since": since,
        }  # fmt: skip
        if made and status in {"planned", "in_progress", "done"}:
            row |= {
                "treatment_id": self.treatments[code], "code": f"X-{code}"[:20], "fee": 14000,
                "provider_id": self.provider,
            }  # fmt: skip
        return row

    def _years(self, patient: UUID) -> None:
        """A mouth that changed: caries, a filling, a lost tooth, an implant in its place."""
        looked = (None, "EXAMINED", "", "condition", "")
        self.chart(patient, (looked, (36, "I5", "O", "condition", "")), days=2200)
        self.chart(patient, ((36, "COMP", "MO", "done", ""),), days=2100)
        self.chart(patient, ((26, "CRACK", "", "condition", ""),), days=1300)
        self.chart(patient, ((26, "MISSING", "", "condition", "extracted"),), days=900)
        self.chart(patient, ((26, "IMPLANT", "", "done", ""),), days=600)
        self.chart(patient, ((26, "ABUT_IMP", "", "done", "zirconia"),), days=420)
        self.chart(patient, ((14, "COMP", "DO", "planned", ""),), days=20)
