"""Where the appointments of a series are to stand: the fields of day, time, length and whom."""

from collections.abc import Collection
from datetime import date, datetime

from clinic_desktop.domain.dates import format_date
from clinic_desktop.domain.times import format_time
from clinic_desktop.i18n import _
from clinic_desktop.services.appointments.schemas import LONGEST_MINUTES, AppointmentRow
from clinic_desktop.services.appointments.sheet_schemas import People
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.fields import Choice, DateField, NumberField, TimeField

NAMES = ("day", "time", "minutes", "provider", "chair")
"""The fields in their order, as a conflict lists them."""


class PlaceFields:
    """Five fields that belong together; the form lays them out."""

    def __init__(self, theme: Theme, locale: str, people: People, today: date) -> None:
        self._locale = locale
        self.day = DateField(theme=theme, locale=locale, today=today)
        self.time = TimeField(theme=theme)
        self.minutes = NumberField(
            theme=theme, least=5, most=LONGEST_MINUTES, unit=_("min"), step=5
        )
        self.provider = Choice([(name, one) for one, name in people.providers], theme=theme)
        chairs: list[tuple[str, object]] = [(_("Chosen at arrival"), None)]
        chairs += [(name, one) for one, name in people.chairs]
        self.chair = Choice(chairs, theme=theme)

    def fill(self, start: datetime, minutes: int, provider_id: object, chair_id: object) -> None:
        """Write a place into the fields."""
        self.day.set_value(start.date())
        self.time.set_value(start.time())
        self.minutes.set_value(minutes)
        self.provider.set_value(provider_id)
        self.chair.set_value(chair_id)

    def take(self, visit: AppointmentRow, names: Collection[str]) -> None:
        """Write how an appointment stands into some of the fields."""
        if "day" in names:
            self.day.set_value(visit.local_start.date())
        if "time" in names:
            self.time.set_value(visit.local_start.time())
        if "minutes" in names:
            self.minutes.set_value(visit.minutes)
        if "provider" in names:
            self.provider.set_value(visit.provider_id)
        if "chair" in names:
            self.chair.set_value(visit.chair_id)

    def shown(self) -> tuple[str, ...]:
        """Return what the fields show."""
        return (
            self.day.text(),
            self.time.text(),
            self.minutes.text(),
            self.provider.currentText(),
            self.chair.currentText(),
        )

    def shown_of(self, visit: AppointmentRow) -> tuple[str, ...]:
        """Return an appointment as the fields would show it."""
        return (
            format_date(visit.local_start.date(), self._locale),
            format_time(visit.local_start.time()),
            str(visit.minutes),
            self.provider.itemText(self.provider.findData(visit.provider_id)),
            self.chair.itemText(self.chair.findData(visit.chair_id)),
        )
