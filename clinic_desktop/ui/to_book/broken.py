"""Broken appointments that were not made anew: with the reason, how often, and one key to book."""

from typing import Any
from uuid import UUID

from clinic_desktop.domain.visit_status import word
from clinic_desktop.i18n import N_, _
from clinic_desktop.services.context import Context
from clinic_desktop.services.to_book import service as to_book
from clinic_desktop.services.to_book.schemas import BrokenRow, BrokenSearch, Reach
from clinic_desktop.ui.calling.days import days_of
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.intent import BookingIntent
from clinic_desktop.ui.to_book.models import BrokenColumn, broken_model, often_words
from clinic_desktop.ui.to_book.screen import BookingList
from clinic_desktop.ui.widgets.painting import TagSpec


class BrokenScreen(BookingList[BrokenRow]):
    """The last missed or cancelled appointment of each patient, until another one is made."""

    title = N_("Broken appointments")
    topics = frozenset(
        {"appointment", "appointment_treatment", "contact_attempt", "patient", "provider"}
    )
    name = "broken"
    stretched = BrokenColumn.WHY
    named = BrokenColumn.PATIENT
    none = (
        N_("No broken appointment waits to be made anew"),
        N_("Whoever missed or cancelled stands here until they are booked again."),
    )

    def __init__(self, desk: Desk) -> None:
        days = days_of(desk)
        super().__init__(desk, broken_model(days), days)

    def ask(
        self, ctx: Context, values: dict[str, Any], after: BrokenRow | None
    ) -> tuple[BrokenRow, ...]:
        """Return the rows behind one."""
        place = after.place if after is not None else None
        return to_book.broken(ctx, BrokenSearch(**values, after=place))

    def reach_of(self, row: BrokenRow) -> Reach:
        """Return who the patient is."""
        return row.who

    def id_of(self, row: BrokenRow) -> UUID:
        """Return the patient."""
        return row.patient_id

    def broken_of(self, row: BrokenRow) -> UUID | None:
        """Return the appointment."""
        return row.id

    def key_of(self, row: BrokenRow) -> UUID:
        """Return the appointment."""
        return row.id

    def facts_of(self, row: BrokenRow) -> tuple[str, list[tuple[str, str | TagSpec]]]:
        """Return what it was for, with whom, and what happened."""
        facts: list[tuple[str, str | TagSpec]] = [
            (_("Was on"), self.days.day(row.local_start.date())),
            (_("Provider"), row.provider),
            (_("What happened"), word(row.status)),
        ]
        if row.reason:
            facts.append((_("Reason"), row.reason))
        if often_words(row):
            facts.append((_("How often"), often_words(row)))
        return row.service or _("No service yet"), facts

    def intent_of(self, row: BrokenRow) -> BookingIntent:
        """Return the same work, as long as before, with the same provider if still here."""
        return BookingIntent(
            row.patient_id,
            row.who.name,
            planned=tuple(one.chart_item_id for one in row.planned),
            treatment_ids=row.treatment_ids,
            minutes=row.minutes,
            provider_id=row.provider_id if row.provider_active else None,
            source="rebooked",
            broken_id=row.id,
            channel=self.side.way(),
            search=True,
        )
