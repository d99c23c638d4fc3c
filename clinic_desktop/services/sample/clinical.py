"""What visits leave behind: teeth that fit the age, work done and planned, charges, notes."""

import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from clinic_desktop.domain.teeth.dentition import expected_teeth
from clinic_desktop.domain.teeth.numbering import tooth
from clinic_desktop.domain.teeth.surfaces import tidy
from clinic_desktop.services.sample.people import Ids
from clinic_desktop.services.sample.visits import Regular, Visit

Rows = defaultdict[str, list[tuple[Any, ...]]]

COLUMNS: Final = {
    "chart_item": (
        "id", "patient_id", "kind", "code", "tooth", "surfaces", "status", "since", "until",
        "treatment_id", "provider_id", "appointment_id", "fulfils_id", "done_at", "fee",
    ),
    "appointment_treatment": ("id", "appointment_id", "treatment_id", "chart_item_id", "position"),
    "note": (
        "id", "patient_id", "appointment_id", "author_id", "status", "signed_at", "signed_by",
        "created_at",
    ),
    "note_version": ("id", "patient_id", "note_id", "number", "body", "created_at"),
    "journal_entry": ("id", "patient_id", "kind", "day", "act", "memo"),
    "posting": (
        "id", "journal_entry_id", "account", "patient_id", "provider_id", "chart_item_id", "amount",
        "text", "tooth", "surfaces", "code",
    ),
    "invoice": (
        "id", "patient_id", "series", "year", "number", "status", "issued_at", "issued_on", "total",
    ),
    "invoice_line": (
        "id", "invoice_id", "position", "posting_id", "day", "tooth", "surfaces", "text", "amount",
    ),
}  # fmt: skip

_EXTRACTION: Final = "SUR-010"
_CHEWING: Final = (16, 26, 36, 46, 37, 47, 15, 25, 35, 45)
_USUAL_TEETH: Final = {
    "END-050": (14, 15, 24, 25, 34, 35, 44, 45),
    _EXTRACTION: (18, 28, 38, 48, 17, 27),
}
_SURFACES: Final = ("O", "MO", "DO", "MOD", "B", "BO")
_NOTES: Final = (
    "{work}. Anaesthesia 1.7 ml articaine 4 %. No complications. Review in {months} months.",
    "{work}. Patient comfortable throughout. Oral hygiene good, interdental brushes shown.",
    "{work}. Discussed options and costs, patient agrees. Next visit booked.",
    "{work}. Sensitivity to cold for three days expected, to call when it lasts longer.",
)


class Histories:
    """Turns visits into rows of the chart, the notes and the ledger."""

    def __init__(
        self,
        rng: random.Random,
        ids: Ids,
        *,
        now: datetime,
        zone: ZoneInfo,
        treatments: dict[str, UUID],
    ) -> None:
        self._rng, self._ids, self._now, self._zone = rng, ids, now, zone
        self._treatments = treatments
        self._seen: set[UUID] = set()
        self._gone: defaultdict[UUID, set[int]] = defaultdict(set)
        self.numbers: defaultdict[int, int] = defaultdict(int)
        """The last invoice number of each year."""

    def of_visit(self, visit: Visit, rows: Rows, *, detailed: bool) -> None:
        """Add what a visit left behind; only what was planned for one that is still to come."""
        day = visit.starts.astimezone(self._zone).date()
        if detailed and visit.patient.id not in self._seen and visit.status != "cancelled":
            self._seen.add(visit.patient.id)
            self._first_chart(visit.patient, min(day, self._today), rows)
        if visit.status == "done" and detailed:
            self._done(visit, day, rows)
            return
        planned = self._plan(visit, rows) if detailed and visit.status not in _OVER else None
        rows["appointment_treatment"].append(
            (self._ids.new(), visit.id, self._treatments[visit.service.code], planned, 0)
        )

    @property
    def _today(self) -> date:
        return self._now.astimezone(self._zone).date()

    def _first_chart(self, patient: Regular, day: date, rows: Rows) -> None:
        """The chart as the first examination found it: what fits the age."""
        age = (day - patient.born).days / 365.25
        for expected in expected_teeth(int(age * 12)):
            if tooth(expected.tooth).dentition == "permanent":
                for finding in self._finding(expected.tooth, age):
                    kind, code, surfaces, status = finding
                    if code == "MISSING":
                        self._gone[patient.id].add(expected.tooth)
                    treatment = self._treatments.get(code)
                    rows["chart_item"].append(
                        (self._ids.new(), patient.id, kind, code, expected.tooth, surfaces, status,
                         day, None, treatment, None, None, None, None, None)
                    )  # fmt: skip
        if age < 9:
            rows["chart_item"].append(
                (self._ids.new(), patient.id, "condition", "I0", 36 if age > 6 else 75, "O",
                 "condition", day, None, None, None, None, None, None, None)
            )  # fmt: skip

    def _finding(self, fdi: int, age: float) -> Iterator[tuple[str, str, str, str]]:
        rng, place = self._rng, fdi % 10
        wear = max(0.0, (age - 14) / 70)
        if place == 8:
            fate = rng.random()
            if fate < 0.45:
                yield "state", "MISSING", "", "condition"
            elif fate < 0.52:
                yield "condition", "IMPACT", "", "condition"
            return
        if rng.random() < wear * wear * 0.35:
            yield "state", "MISSING", "", "condition"
            return
        chewing = place >= 4
        if rng.random() < wear * (0.5 if chewing else 0.14):
            surfaces = tidy(rng.choice(_SURFACES)) if chewing else rng.choice(("M", "D", "B"))
            yield "procedure", "RST-020", surfaces, rng.choice(("existing", "elsewhere"))
        elif chewing and rng.random() < wear * 0.13:
            yield "procedure", "RST-080", "", rng.choice(("existing", "elsewhere"))
        if rng.random() < 0.02:
            grade = rng.choice(("I2", "I3", "I4", "I5"))
            yield "condition", grade, "O" if chewing else "M", "condition"

    def _where(self, visit: Visit, day: date) -> tuple[int | None, str]:
        """Return a tooth that is there and surfaces that a treatment makes sense on."""
        service = visit.service
        if service.area not in {"tooth", "surface"}:
            return None, ""
        there = _erupted((day - visit.patient.born).days * 12 // 365) - self._gone[visit.patient.id]
        usual = _USUAL_TEETH.get(service.code, _CHEWING)
        # Somebody young has none of the usual teeth yet, somebody old none any more.
        fdi = self._rng.choice(
            [tooth for tooth in usual if tooth in there] or sorted(there) or usual
        )
        if service.code == _EXTRACTION:
            self._gone[visit.patient.id].add(fdi)
        surfaces = tidy(self._rng.choice(_SURFACES)) if service.area == "surface" else ""
        return fdi, surfaces

    def _plan(self, visit: Visit, rows: Rows) -> UUID | None:
        """Add the planned item that an expected visit is for."""
        fdi, surfaces = self._where(visit, self._today)
        if fdi is None:
            return None
        item = self._ids.new()
        since = self._today - timedelta(days=self._rng.randint(5, 60))
        rows["chart_item"].append(
            (item, visit.patient.id, "procedure", visit.service.code, fdi, surfaces, "planned",
             since, None, self._treatments[visit.service.code], visit.seat.provider, visit.id, None,
             None, visit.service.price)
        )  # fmt: skip
        return item

    def _done(self, visit: Visit, day: date, rows: Rows) -> None:
        fdi, surfaces = self._where(visit, day)
        item = self._ids.new()
        rows["chart_item"].append(
            (item, visit.patient.id, "procedure", visit.service.code, fdi, surfaces, "done", day,
             None,
             self._treatments[visit.service.code], visit.seat.provider, visit.id, None, visit.done,
             visit.service.price)
        )  # fmt: skip
        rows["appointment_treatment"].append(
            (self._ids.new(), visit.id, self._treatments[visit.service.code], item, 0)
        )
        work = " ".join(filter(None, (str(fdi or ""), surfaces, visit.service.name)))
        self._charge(visit, day, item, fdi, surfaces, rows)
        if visit.seat.person is not None:
            self._note(visit, work, rows)

    def _charge(
        self,
        visit: Visit,
        day: date,
        item: UUID,
        fdi: int | None,
        surfaces: str,
        rows: Rows,
    ) -> None:
        amount, patient = visit.service.price, visit.patient.id
        if amount == 0:
            return
        entry, owed = self._ids.new(), self._ids.new()
        provider = visit.seat.provider
        rows["journal_entry"].append((entry, patient, "charge", day, f"sample:{entry}", ""))
        work, code = visit.service.name, visit.service.code
        rows["posting"].append(
            (owed, entry, "receivable", patient, provider, item, amount, work, fdi, surfaces, code)
        )
        rows["posting"].append(
            (self._ids.new(), entry, "income", None, provider, item, -amount, work, fdi, surfaces,
             code)
        )  # fmt: skip
        today = day == self._today
        if self._rng.random() < (0.3 if today else 0.9):
            self._invoice(visit, day, owed, fdi, surfaces, work, amount, rows)
        if self._rng.random() < (0.4 if today else 0.87):
            self._payment(patient, day, amount, rows)

    def _invoice(
        self, visit: Visit, day: date, owed: UUID, fdi: int | None, surfaces: str, work: str,
        amount: int, rows: Rows,
    ) -> None:  # fmt: skip
        self.numbers[day.year] += 1
        invoice = self._ids.new()
        rows["invoice"].append(
            (invoice, visit.patient.id, "A", day.year, self.numbers[day.year], "issued", visit.done,
             day, amount)
        )  # fmt: skip
        rows["invoice_line"].append(
            (self._ids.new(), invoice, 1, owed, day, fdi, surfaces, work, amount)
        )

    def _payment(self, patient: UUID, day: date, amount: int, rows: Rows) -> None:
        entry, way = self._ids.new(), self._rng.choice(("card", "card", "cash", "bank"))
        text = {"card": "Card", "cash": "Cash", "bank": "Transfer"}[way]
        rows["journal_entry"].append((entry, patient, "payment", day, f"sample:{entry}", text))
        rows["posting"].append(
            (self._ids.new(), entry, "receivable", patient, None, None, -amount, text, None, "", "")
        )
        rows["posting"].append(
            (self._ids.new(), entry, way, None, None, None, amount, text, None, "", "")
        )

    def _note(self, visit: Visit, work: str, rows: Rows) -> None:
        note, written = self._ids.new(), visit.done or visit.ends
        signed = self._rng.random() < 0.93
        body = self._rng.choice(_NOTES).format(work=work, months=self._rng.choice((3, 6, 12)))
        rows["note"].append(
            (note, visit.patient.id, visit.id, visit.seat.person, "signed" if signed else "draft",
             written if signed else None, visit.seat.person if signed else None, written)
        )  # fmt: skip
        rows["note_version"].append((self._ids.new(), visit.patient.id, note, 1, body, written))


@cache
def _erupted(age_months: int) -> frozenset[int]:
    """Return the teeth that have usually come through at an age."""
    return frozenset(one.tooth for one in expected_teeth(age_months) if one.erupted)


_OVER: Final = frozenset({"done", "missed", "cancelled"})
