"""Clinics elsewhere, on the days on which their clocks are changed: one chair, open all night."""

from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from clinic_desktop.db.connect import open_connection
from clinic_desktop.domain.local_time import LocalDay, local_of
from clinic_desktop.models import Appointment, Chair, Patient, Provider, SpecialTime
from tests.gallery.calendars import a_patient
from tests.gallery.people import NAMES
from tests.gallery.place import Place

# The day with an hour less, and one with an hour more; Kathmandu has known the first one alone.
NIGHTS: Final = {
    "Europe/Madrid": (date(2027, 3, 28), date(2027, 10, 31)),
    "Australia/Lord_Howe": (date(2027, 10, 3), date(2027, 4, 4)),
    "America/Sao_Paulo": (date(2018, 11, 4), date(2019, 2, 16)),
    "Asia/Kathmandu": (date(1986, 1, 1), date(1986, 1, 2)),
}
_HOURS: Final = (-90, -30, 15, 60, 180)


class Clocks:
    """``forward`` and ``back`` are the days; visits stand before, over and behind the change."""

    def __init__(self, place: Place, zone: str) -> None:
        with open_connection(place.database.superuser()) as connection:
            connection.execute("SET ROLE clinic_owner")
            connection.execute("UPDATE clinic.clinic SET zone = %s, version = version + 1", (zone,))
        self._place, self._zone = place, ZoneInfo(zone)
        self.forward, self.back = NIGHTS[zone]
        self.chairs = place.rows(Chair, [{"name": "Operatory 1", "position": 1}])
        self.providers = place.rows(
            Provider,
            [{"name": "Dr Amara Nwosu", "short_name": "Dr Nwosu", "chair_id": self.chairs[0],
              "position": 1, "colour": "svc_endo"}],
        )  # fmt: skip
        self.patients = place.rows(Patient, [a_patient(*name) for name in NAMES])
        for day in (self.forward, self.back):
            self._open(day)
            self._visits(day)

    def _open(self, day: date) -> None:
        rows = []
        for days in range(-6, 7):
            start = datetime.combine(day + timedelta(days=days), time())
            rows.append(
                {"provider_id": self.providers[0], "kind": "open", "starts": start,
                 "ends": start + timedelta(hours=23, minutes=59)}
            )  # fmt: skip
        self._place.rows(SpecialTime, rows)

    def _visits(self, day: date) -> None:
        local_day = LocalDay(day, self._zone)
        change = local_day.change
        middle = change.minute if change is not None else 180
        starts = [middle + minute for minute in _HOURS if 0 <= middle + minute < local_day.minutes]
        self._place.rows(
            Appointment,
            [self._visit(local_day.instant_at(one), n) for n, one in enumerate(starts)],
        )

    def _visit(self, starts: datetime, n: int) -> dict[str, Any]:
        return {
            "patient_id": self.patients[n],
            "provider_id": self.providers[0],
            "chair_id": self.chairs[0],
            "starts_at": starts,
            "ends_at": starts + timedelta(minutes=30 if n else 45),
            "local_start": local_of(starts, self._zone),
            "zone": self._zone.key,
            "status": "confirmed",
            "outside_reason": "as it was",
            "source": "backdated" if starts < self._place.now() else "desk",
        }
