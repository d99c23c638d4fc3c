"""How a patient is written: age, sex, dates of visits, amounts."""

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from clinic_desktop.domain.dates import format_date
from clinic_desktop.domain.money import format_money
from clinic_desktop.i18n import N_, _, ngettext
from clinic_desktop.services.context import Who

SEXES: Final = {
    "female": N_("female"),
    "male": N_("male"),
    "other": N_("other"),
    "unknown": N_("not recorded"),
}
STATUSES: Final = {
    "active": N_("Active"),
    "inactive": N_("Inactive"),
    "archived": N_("Archived"),
    "deceased": N_("Deceased"),
}
NOT_KNOWN: Final = "—"


class PatientWords:
    """Texts in the clinic's zone, locale and currency."""

    def __init__(self, who: Who) -> None:
        self._zone, self._locale, self._currency = ZoneInfo(who.zone), who.locale, who.currency

    def age(self, born: date | None, today: date) -> str:
        """Return the age in years, or in months under two years."""
        if born is None:
            return _("age not recorded")
        months = (today.year - born.year) * 12 + today.month - born.month - (today.day < born.day)
        if months < 24:
            return ngettext("{count} month", "{count} months", months).format(count=months)
        return ngettext("{count} year", "{count} years", months // 12).format(count=months // 12)

    def born(self, born: date | None, *, estimated: bool = False) -> str:
        """Return the birth date, said to be estimated where it is."""
        if born is None:
            return NOT_KNOWN
        text = format_date(born, self._locale)
        return _("about {date}").format(date=text) if estimated else text

    def day(self, at: datetime | None) -> str:
        """Return the date of an instant at the clinic."""
        return format_date(at.astimezone(self._zone).date(), self._locale) if at else NOT_KNOWN

    def moment(self, at: datetime | None) -> str:
        """Return date and time of an instant at the clinic."""
        if at is None:
            return NOT_KNOWN
        local = at.astimezone(self._zone)
        return f"{format_date(local.date(), self._locale)}, {local:%H:%M}"

    def clock(self, at: datetime) -> str:
        """Return the time of day at the clinic."""
        return f"{at.astimezone(self._zone):%H:%M}"

    def money(self, minor: int) -> str:
        """Return an amount with its currency."""
        return format_money(minor, self._currency, self._locale)

    def today(self, now: datetime) -> date:
        """Return the clinic's date."""
        return now.astimezone(self._zone).date()
