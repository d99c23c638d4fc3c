"""A board in the middle of a day: expected, late, waiting too long, running over, leaving."""

from datetime import UTC, datetime, time, timedelta
from typing import Any, Final

from clinic_desktop.models import (
    Appointment,
    AppointmentTreatment,
    Chair,
    Patient,
    PatientAlert,
    Provider,
    Treatment,
    WorkingTime,
)
from tests.gallery.calendars import SERVICES, a_patient
from tests.gallery.people import NAMES
from tests.gallery.place import Place

# Minutes from now to the start, length, provider, service, status, what is known of it in minutes
# from now: arrived, seated, done.
VISITS: Final = (
    (-140, 60, 0, 2, "done", (-150, -140, -75)),
    (-90, 30, 1, 0, "done", (-95, -88, -60)),
    (-75, 30, 0, 0, "in_chair", (-80, -70, None)),
    (-30, 45, 1, 1, "in_chair", (-45, -25, None)),
    (-5, 90, 2, 3, "in_chair", (-20, -4, None)),
    (-40, 30, 0, 2, "arrived", (-42, None, None)),
    (-10, 45, 1, 1, "arrived", (-20, None, None)),
    (5, 20, 2, 0, "arrived", (-3, None, None)),
    (-25, 20, 3, 0, "confirmed", ()),
    (15, 180, 3, 4, "confirmed", ()),
    (35, 45, 1, 1, "pending", ()),
    (50, 60, 0, 2, "confirmed", ()),
    (95, 20, 2, 0, "pending", ()),
    (110, 60, 1, 2, "pending", ()),
)
# Who has two of them: one after the other, and at the same time with two providers.
TWICE: Final = {11: 5, 10: 9}
CHAIRS: Final = 5


class Board:
    """The day around the server's time of now; near midnight less of it fits into the day."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self.now = place.now()
        self.chairs = place.rows(
            Chair, [{"name": f"Operatory {n + 1}", "position": n} for n in range(CHAIRS)]
        )
        names = ("Dr Amara Nwosu", "Lena Björk", "Dr Tomás Echeverría",
                 "Dr Maximiliana Featherstonehaugh-Okonkwo")  # fmt: skip
        self.providers = place.rows(
            Provider,
            [
                {"name": name, "short_name": name, "chair_id": self.chairs[n], "position": n}
                for n, name in enumerate(names)
            ],
        )
        place.rows(
            WorkingTime,
            [
                {"provider_id": provider, "weekday": weekday, "starts": time(6), "ends": time(22)}
                for provider in self.providers
                for weekday in range(7)
            ],
        )
        self.patients = place.rows(Patient, [a_patient(*name) for name in NAMES])
        place.rows(
            PatientAlert,
            [
                {"patient_id": self.patients[n], "kind": "allergy", "severity": "stop",
                 "text": "Penicillin", "noted_on": self.now.date()}
                for n in (1, 5, 9)
            ],
        )  # fmt: skip
        self._visits()

    def _visits(self) -> None:
        treatments = self._place.rows(
            Treatment,
            [
                {"code": code, "name": name, "category": code[:3], "area": "mouth",
                 "minutes": minutes, "price": 9000, "colour": colour}
                for code, name, colour, minutes in SERVICES
            ],
        )  # fmt: skip
        ids = self._place.rows(Appointment, [self._visit(n, *one) for n, one in enumerate(VISITS)])
        self._place.rows(
            AppointmentTreatment,
            [
                {"appointment_id": one, "treatment_id": treatments[visit[3]]}
                for one, visit in zip(ids, VISITS, strict=True)
            ],
        )

    def _visit(
        self, n: int, start: int, minutes: int, provider: int, _service: int, status: str,
        known: tuple[int | None, ...],
    ) -> dict[str, Any]:  # fmt: skip
        zone = self._place.zone
        begin = _five(self.now) + timedelta(minutes=start)
        local = begin.astimezone(zone).replace(tzinfo=None)
        stamps = {
            name: self.now + timedelta(minutes=ago)
            for name, ago in zip(("arrived_at", "seated_at", "done_at"), known, strict=False)
            if ago is not None
        }
        # Of two in one chair the one who waits is given another later.
        waits = status == "arrived"
        return {
            "patient_id": self.patients[TWICE.get(n, n) % len(NAMES)],
            "provider_id": self.providers[provider],
            "chair_id": None if waits or n == 8 else self.chairs[provider],
            "starts_at": begin,
            "ends_at": begin + timedelta(minutes=minutes),
            "local_start": local,
            "zone": zone.key,
            "status": status,
            "outside_reason": "as it was",
            "squeeze_reason": "In pain" if waits or n == 8 else "",
            "source": "backdated" if begin < self.now else "desk",
            **stamps,
        }


def _five(now: datetime) -> datetime:
    """Return the last full five minutes."""
    return now.astimezone(UTC).replace(minute=now.minute // 5 * 5, second=0, microsecond=0)
