"""The week on paper: shown before it is printed, from the calendar."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from clinic_desktop.documents.of_week import week_of, week_paper
from clinic_desktop.domain.dates import format_days
from clinic_desktop.i18n import N_, _
from clinic_desktop.services.context import Context
from clinic_desktop.ui.appointments.day_sheet import DaySheetScreen
from clinic_desktop.ui.desk import Desk


class WeekSheetScreen(DaySheetScreen):
    """One paper; ``open_at`` takes a day of the week and, of one provider, ``provider``."""

    title = N_("Week overview")

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._provider: UUID | None = None

    def open_at(self, **where: Any) -> None:
        """Draw the week of ``date`` (without one, of today) for the screen ``back``."""
        self._provider = where.get("provider")
        super().open_at(**where)

    def reload(self) -> None:
        """Draw the week as it stands now."""
        wanted, provider = self._day, self._provider
        self._state.show_loading(_("Drawing the week…"))

        def draw(ctx: Context) -> tuple[date, bytes]:
            day = wanted or ctx.now.astimezone(ctx.zone).date()
            return week_of(day, ctx.who.locale), week_paper(ctx, day, provider_id=provider)

        self.desk.operations.query(self, draw, self._show, failed=self._failed, key="sheet")

    def _name(self, day: date) -> str:
        locale = self.desk.who.locale
        return _("Week overview, {days}").format(days=format_days(day, _last(day), locale))


def _last(first: date) -> date:
    return first + timedelta(days=6)
