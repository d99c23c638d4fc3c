"""A clinic with fourteen providers and chairs and a month of visits of every length and kind."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from clinic_desktop.models import (
    Appointment,
    AppointmentTreatment,
    Chair,
    Patient,
    PatientAlert,
    Provider,
    SpecialTime,
    Treatment,
    WorkingTime,
)
from tests.gallery.people import NAMES
from tests.gallery.place import Place

COLUMNS: Final = 14
_FULL: Final = 7
PROVIDERS: Final = (
    "Dr Amara Nwosu",
    "Dr Tomás Echeverría",
    "Lena Björk",
    "Dr Maximiliana Featherstonehaugh-Okonkwo",
    "د. محمد الحسيني",
    "陳美玲",
    "Rui Tavares",
)
COLOURS: Final = ("svc_restore", "svc_endo", "svc_hygiene", "svc_surgery", "svc_prostho",
                  "svc_ortho", "svc_exam")  # fmt: skip
SERVICES: Final = (
    ("EXM-010", "Check-up", "svc_exam", 20),
    ("PRV-040", "Scale and polish", "svc_hygiene", 45),
    ("RST-020", "Composite, three surfaces", "svc_restore", 60),
    ("END-060", "Root canal treatment, molar, first of two visits", "svc_endo", 90),
    ("SUR-040", "Surgical extraction of an impacted lower third molar", "svc_surgery", 180),
)
STATUSES: Final = ("done", "missed", "in_chair", "arrived", "confirmed", "pending", "cancelled")


@dataclass(frozen=True)
class Slot:
    """A visit of a pattern: hour and minutes, who, what, and how it went."""

    hour: float
    minutes: int
    who: int
    what: int
    status: str
    more: dict[str, Any]


def slot(hour: float, minutes: int, who: int, what: int, status: str, **more: Any) -> Slot:
    """Return a visit of a pattern."""
    return Slot(hour, minutes, who, what, status, more)


# Quick ones of 5 minutes, one of 3 hours in which an assistant works alone at both ends, the rest.
DENSE: Final = (
    *(slot(8 + n / 12, 5, n, 0, ("done", "done", "missed", "done")[n % 4]) for n in range(9)),
    slot(9, 180, 1, 4, "in_chair", assist="0-30,140-180"),
    slot(13, 30, 2, 1, "arrived"),
    slot(13.5, 15, 3, 0, "confirmed"),
    slot(13.75, 15, 4, 0, "pending"),
    slot(14, 60, 5, 2, "confirmed", remark="Nervous, wants the window open"),
    slot(15, 10, 6, 0, "pending"),
    slot(15 + 1 / 6, 5, 7, 0, "confirmed"),
    slot(15.25, 45, 8, 1, "cancelled", reason="Ill, will call again"),
    slot(16, 90, 1, 3, "pending", assist="0-15"),
)
SQUEEZED: Final = slot(14.25, 20, 9, 0, "pending", squeeze_reason="Lost a crown, in pain")
USUAL: Final = (
    slot(8.5, 45, 3, 1, "done"),
    slot(9.25, 60, 9, 2, "done"),
    slot(10.5, 90, 2, 3, "in_chair", assist="0-15,75-90"),
    slot(13, 60, 4, 2, "confirmed"),
    slot(14, 20, 6, 0, "confirmed"),
    slot(14.5, 90, 10, 3, "pending"),
    slot(16.25, 45, 11, 1, "pending"),
)


class Calendars:
    """``providers`` and ``chairs`` in their order, ``day`` the clinic's own today."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self.now = place.now()
        self.day: date = self.now.date()
        self.chairs = place.rows(
            Chair, [{"name": f"Operatory {n + 1}", "position": n} for n in range(COLUMNS)]
        )
        self.providers = place.rows(
            Provider,
            [
                {"name": name, "short_name": name[:40], "chair_id": self.chairs[n], "position": n,
                 "colour": COLOURS[n % len(COLOURS)]}
                for n in range(COLUMNS)
                for name in [PROVIDERS[n] if n < len(PROVIDERS) else f"Dr Locum {n + 1}"]
            ],
        )  # fmt: skip
        # Each column has its own, with the same names: most come once a day.
        self.patients = place.rows(Patient, [a_patient(*name) for name in NAMES * COLUMNS])
        self.treatments = place.rows(
            Treatment,
            [
                {"code": code, "name": name, "category": code[:3], "area": "mouth",
                 "minutes": minutes, "price": 9000, "colour": colour}
                for code, name, colour, minutes in SERVICES
            ],
        )  # fmt: skip
        self._alerts()
        self._hours()
        self._visits()

    def _alerts(self) -> None:
        self._place.rows(
            PatientAlert,
            [
                {"patient_id": self.patients[1], "kind": "allergy", "severity": "stop",
                 "text": "Latex", "noted_on": self.day},
                {"patient_id": self.patients[3], "kind": "anticoagulant", "severity": "caution",
                 "text": "Apixaban", "noted_on": self.day},
            ],
        )  # fmt: skip

    def _hours(self) -> None:
        """Everybody works and has lunch; some come late, one is away, a chair is mended."""
        hours = []
        for n, provider in enumerate(self.providers):
            for weekday in range(7):
                starts = time(8) if n % 3 else time(7, 30)
                own = {"provider_id": provider, "weekday": weekday}
                hours.append({**own, "starts": starts, "ends": time(18) if n % 4 else time(17)})
                lunch = {"starts": time(12), "ends": time(13), "kind": "break", "label": "Lunch"}
                hours.append({**own, **lunch})
        self._place.rows(WorkingTime, hours)
        self._place.rows(
            SpecialTime,
            [
                self._special(11, 12, "blockout", "Staff meeting", provider_id=self.providers[2]),
                self._special(
                    16, 18, "blockout",
                    "Compressor is being replaced, no water and no suction until it is done",
                    chair_id=self.chairs[1],
                ),
                self._special(8, 18, "time_off", "Course in Porto", provider_id=self.providers[5]),
                self._special(0, 24, "holiday", "Clinic closed: Saint Elsewhere", days=9),
            ],
        )  # fmt: skip

    def _special(
        self, first: int, last: int, kind: str, label: str, *, days: int = 0, **owner: Any
    ) -> dict[str, Any]:
        start = datetime.combine(self.day, time()) + timedelta(days=days)
        return {
            "kind": kind, "label": label, "starts": start + timedelta(hours=first),
            "ends": start + timedelta(hours=last), **owner,
        }  # fmt: skip

    def _visits(self) -> None:
        rows: list[dict[str, Any]] = []
        what: list[int] = []
        for days in range(-14, 15):
            if (self.day + timedelta(days=days)).weekday() == 6 and days:
                continue
            # Around today everybody is booked, so that views of fourteen columns are full.
            for n in range(COLUMNS if abs(days) < _FULL else 3):
                if n == 5 or (days and (n + days) % 6 == 4):
                    continue
                for one in DENSE if n == 0 else USUAL:
                    rows.append(self._visit(days, n, one))
                    what.append(one.what)
        # Their provider is taken, so another chair has room for whoever is in pain.
        rows.append({**self._visit(0, 0, SQUEEZED), "chair_id": self.chairs[5]})
        what.append(SQUEEZED.what)
        ids = self._place.rows(Appointment, rows)
        self._place.rows(
            AppointmentTreatment,
            [
                {"appointment_id": one, "treatment_id": self.treatments[kind]}
                for one, kind in zip(ids, what, strict=True)
            ],
        )

    def _visit(self, days: int, column: int, one: Slot) -> dict[str, Any]:
        zone = self._place.zone
        local = datetime.combine(self.day, time()) + timedelta(days=days, minutes=one.hour * 60)
        starts = local.replace(tzinfo=zone).astimezone(UTC)
        status = one.status
        if days < 0:
            status = "missed" if status == "missed" else "done"
        elif days > 0:
            status = "confirmed" if status in {"done", "in_chair", "confirmed"} else "pending"
        row = {
            "patient_id": self.patients[len(NAMES) * column + (one.who + column) % len(NAMES)],
            "provider_id": self.providers[column],
            "chair_id": self.chairs[column],
            "starts_at": starts,
            "ends_at": starts + timedelta(minutes=one.minutes),
            "local_start": local,
            "zone": zone.key,
            "status": status,
            "outside_reason": "as it was",
            "source": "backdated" if starts < self.now else "desk",
            **one.more,
        }
        if status in {"in_chair", "arrived"}:
            row["arrived_at"] = self.now - timedelta(minutes=25)
        if status == "in_chair":
            row["seated_at"] = self.now - timedelta(minutes=12)
        if status != "cancelled":
            row.pop("reason", None)
        return row


def a_patient(given: str, family: str) -> dict[str, Any]:
    """Return the columns of a patient."""
    key = f"{family} {given}".casefold()
    return {
        "given": given, "family": family, "number": "", "born": date(1984, 9, 3),
        "phone": "+353865550142", "sort_key": key, "words": key.split(),
    }  # fmt: skip
