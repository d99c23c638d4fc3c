"""Planned treatment that nobody booked: whom to call, and one key to look for a time."""

from typing import Any
from uuid import UUID

from clinic_desktop.domain.money import format_money
from clinic_desktop.i18n import N_, _
from clinic_desktop.services.context import Context
from clinic_desktop.services.to_book import service as to_book
from clinic_desktop.services.to_book.schemas import PlannedRow, PlannedSearch, Reach
from clinic_desktop.ui.calling.days import days_of
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.intent import BookingIntent
from clinic_desktop.ui.to_book.models import PlannedColumn, planned_model
from clinic_desktop.ui.to_book.screen import BookingList
from clinic_desktop.ui.widgets.painting import TagSpec


class PlannedScreen(BookingList[PlannedRow]):
    """Patients with work in their chart that no appointment still to come holds."""

    title = N_("Planned treatment")
    topics = frozenset(
        {"chart_item", "appointment", "appointment_treatment", "contact_attempt", "patient"}
    )
    name = "to_book"
    stretched = PlannedColumn.WHAT
    none = (
        N_("Nothing planned waits to be booked"),
        N_("Work that is planned in a chart stands here until an appointment holds it."),
    )

    def __init__(self, desk: Desk) -> None:
        days = days_of(desk)
        super().__init__(desk, planned_model(days, desk.who.currency), days)

    def ask(
        self, ctx: Context, values: dict[str, Any], after: PlannedRow | None
    ) -> tuple[PlannedRow, ...]:
        """Return the rows behind one."""
        place = after.place if after is not None else None
        return to_book.planned(ctx, PlannedSearch(**values, after=place))

    def reach_of(self, row: PlannedRow) -> Reach:
        """Return who the patient is."""
        return row.who

    def id_of(self, row: PlannedRow) -> UUID:
        """Return the patient."""
        return row.patient_id

    def broken_of(self, _row: PlannedRow) -> UUID | None:
        """Return None: it is about what is planned."""
        return None

    def key_of(self, row: PlannedRow) -> UUID:
        """Return the patient: each stands here once."""
        return row.patient_id

    def facts_of(self, row: PlannedRow) -> tuple[str, list[tuple[str, str | TagSpec]]]:
        """Return all of the work, its value and its length."""
        who = self.desk.who
        minutes = sum(one.minutes for one in row.work)
        facts: list[tuple[str, str | TagSpec]] = [
            (_("Value"), format_money(row.fee, who.currency, who.locale)),
            (_("Length"), _("{count} min").format(count=minutes)),
            (_("Planned since"), self.days.day(row.since)),
        ]
        return "\n".join(one.words for one in row.work), facts

    def intent_of(self, row: PlannedRow) -> BookingIntent:
        """Return all of the work with the provider who planned it, where it is one."""
        providers = {one.provider_id for one in row.work}
        return BookingIntent(
            row.patient_id,
            row.who.name,
            planned=tuple(one.item_id for one in row.work),
            provider_id=providers.pop() if len(providers) == 1 else None,
            source="planned",
            channel=self.side.way(),
            search=True,
        )
