"""The calendars' clinic with everything to book from: recalls, wishes, planned and broken work."""

from datetime import date, datetime, time, timedelta
from typing import Final

from clinic_desktop.domain.ids import new_id
from clinic_desktop.models import Appointment, ChartItem, Patient
from clinic_desktop.services.recalls import service as recalls
from clinic_desktop.services.recalls import types
from clinic_desktop.services.recalls.schemas import NewRecall
from clinic_desktop.services.waiting import service as waiting
from clinic_desktop.services.waiting.schemas import FreeTime, NewRequest
from tests.gallery.calendars import Calendars, a_patient, slot
from tests.gallery.people import NAMES
from tests.gallery.place import Place

LONG: Final = (
    "Only comes with her sister, who drives, and needs the chair by the window; "
    "the interpreter has to be asked two days before"
)


class Bookings(Calendars):
    """``free`` is a time that nobody has yet, ``work`` the day after tomorrow."""

    def __init__(self, place: Place) -> None:
        super().__init__(place)
        self._recalls()
        self._wishes()
        self._plans()
        self._broken()
        self.free = FreeTime(
            local_start=datetime.combine(self.workday, time(13)),
            provider_id=self.providers[6],
            chair_id=self.chairs[6],
            minutes=60,
        )

    @property
    def workday(self) -> date:
        """A day ahead that is no Sunday."""
        ahead = self.day + timedelta(days=2)
        return ahead if ahead.weekday() < 6 else ahead + timedelta(days=1)

    def _recalls(self) -> None:
        with self._place.make.signed_in.writing() as ctx:
            types.add_usual_types(ctx)
            kinds = types.recall_types(ctx)
            for n, patient in enumerate(self.patients):
                for kind in kinds[: 1 + n % 3]:
                    new = NewRecall(
                        id=new_id(),
                        patient_id=patient,
                        recall_type_id=kind.id,
                        due_on=self.day + timedelta(days=(5, -7, -45, -400)[n % 4]),
                        remark=LONG if n % 5 == 1 else "",
                    )
                    recalls.set_recall(ctx, new)

    def _wishes(self) -> None:
        wishes = (
            {"urgent": True, "remark": "Lost a filling, in pain"},
            {"weekdays": (0, 1, 2, 3), "not_before": time(8), "not_after": time(12),
             "first_day": self.day, "last_day": self.day + timedelta(days=60), "remark": LONG},
            {"provider_id": self.providers[3], "minutes": 90},
            {"notice": 48 * 60, "not_before": time(14)},
            {"minutes": 20},
        )  # fmt: skip
        with self._place.make.signed_in.writing() as ctx:
            for n, wish in enumerate(wishes):
                new = NewRequest(
                    id=new_id(),
                    patient_id=self.patients[n],
                    treatment_id=self.treatments[n] if n != 4 else None,
                    **wish,
                )
                waiting.add_request(ctx, new)

    def _plans(self) -> None:
        rows = [
            {"patient_id": self.patients[n], "kind": "procedure", "code": "crown", "tooth": tooth,
             "status": "planned", "since": self.day - timedelta(days=12 * n + tooth),
             "treatment_id": self.treatments[2 + tooth % 3], "provider_id": self.providers[n % 4]}
            for n in range(8)
            for tooth in (16, 26, 36, 46)[: 1 + n % 4]
        ]  # fmt: skip
        self._place.rows(ChartItem, rows)

    def _broken(self) -> None:
        """Add people who missed or cancelled and have nothing booked since."""
        people = self._place.rows(
            Patient, [a_patient(given, f"{family} Jr") for given, family in NAMES[1:6]]
        )
        reason = "Had to fly to a funeral at short notice and did not know when she is back"
        rows = [
            {**self._visit(-3 - n, n % 3, slot(18 + n / 4, 15, 0, n, "missed")),
             "patient_id": patient, "squeeze_reason": "as it was",
             "status": "cancelled" if n % 2 else "missed", "reason": reason if n % 2 else "",
             "created_at": self.now - timedelta(days=90), "status_at": self.now - timedelta(days=1)}
            for n, patient in enumerate(people)
        ]  # fmt: skip
        self._place.rows(Appointment, rows)
