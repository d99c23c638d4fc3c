"""How the clinic writes amounts, dates and times, for views that show many of them."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from clinic_desktop.domain.dates import format_date
from clinic_desktop.domain.money import format_amount, format_money
from clinic_desktop.domain.times import format_time
from clinic_desktop.i18n import _


@dataclass(frozen=True, slots=True)
class Written:
    """The clinic's locale, currency and time zone."""

    locale: str
    currency: str
    zone: str

    def money(self, minor: int) -> str:
        """Return an amount of minor units with its sign."""
        return format_money(minor, self.currency, self.locale)

    def amount(self, minor: int) -> str:
        """Return an amount of minor units for a column."""
        return format_amount(minor, self.currency, self.locale)

    def day(self, day: date | None) -> str:
        """Return a date; None is today."""
        return _("Today") if day is None else format_date(day, self.locale)

    def clock(self, moment: datetime) -> str:
        """Return the time of a moment on the clinic's clocks."""
        local = moment if moment.tzinfo is None else moment.astimezone(ZoneInfo(self.zone))
        return format_time(local.time(), self.locale)

    def clock_exact(self, moment: datetime) -> str:
        """Return the time with seconds, for the foot of a form: 14:07:12."""
        return moment.astimezone(ZoneInfo(self.zone)).strftime("%H:%M:%S")

    def moment(self, moment: datetime) -> str:
        """Return date and time of a moment on the clinic's clocks."""
        local = moment.astimezone(ZoneInfo(self.zone))
        return _("{day}, {time}").format(
            day=format_date(local.date(), self.locale), time=format_time(local.time(), self.locale)
        )
