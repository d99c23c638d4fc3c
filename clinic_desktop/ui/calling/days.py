"""How days are written in a list of people to call."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from clinic_desktop.domain.dates import format_date
from clinic_desktop.ui.desk import Desk


@dataclass(slots=True)
class Days:
    """How days are written at the clinic, and which one it is there; the screen moves it on."""

    today: date
    zone: ZoneInfo
    locale: str

    def day(self, day: date) -> str:
        """Return a day as the clinic writes it."""
        return format_date(day, self.locale)

    def of(self, at: datetime) -> date:
        """Return the clinic's date of an instant."""
        return at.astimezone(self.zone).date()


def days_of(desk: Desk) -> Days:
    """Return how days are written at the clinic of a desk, as of today."""
    zone = ZoneInfo(desk.who.zone)
    return Days(desk.operations.now().astimezone(zone).date(), zone, desk.who.locale)
