"""What the lists to book from share: filters by provider and age, and the way up or down."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Generic, TypeVar
from uuid import UUID

from clinic_desktop.domain.ids import new_id
from clinic_desktop.i18n import N_, _, ngettext
from clinic_desktop.services.appointments import service as appointments
from clinic_desktop.services.appointments.sheet_schemas import People
from clinic_desktop.services.context import Context
from clinic_desktop.services.recalls.schemas import Attempt
from clinic_desktop.services.to_book import service as to_book
from clinic_desktop.services.to_book.schemas import NewAttempt, Reach
from clinic_desktop.ui.calling.days import Days
from clinic_desktop.ui.calling.panel import CallPanel
from clinic_desktop.ui.calling.screen import CallList
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.widgets.fields import Choice
from clinic_desktop.ui.widgets.paged_model import PagedModel
from clinic_desktop.ui.widgets.painting import TagSpec
from clinic_desktop.ui.widgets.segmented import Segmented

T = TypeVar("T")


class BookingList(CallList[T], Generic[T]):
    """A list of work that nobody booked; N looks for a time with everything filled in."""

    asking = N_("Asking whom to book…")

    def __init__(self, desk: Desk, model: PagedModel[T], days: Days) -> None:
        super().__init__(desk, model, days, CallPanel(desk, days))
        theme = desk.theme
        self.provider = Choice([(_("Every provider"), None)], theme=theme, value=None)
        self.provider.setAccessibleName(_("Provider"))
        self.age = Choice(
            [
                (_("Of any age"), ""),
                (_("Last 30 days"), "30"),
                (_("Last 90 days"), "90"),
                (_("Last year"), "365"),
                (_("Older than 90 days"), "old"),
            ],
            theme=theme,
            value="",
        )
        self.age.setAccessibleName(_("Age of the entry"))
        self.order = Segmented(
            [(_("Newest first"), True), (_("Oldest first"), False)], theme=theme, name=_("Order")
        )
        self.who = Segmented(
            [(_("To call"), False), (_("Declined too"), True)],
            theme=theme,
            name=_("Who is shown"),
        )
        controls = (self.provider, self.age, self.order, self.who)
        for control in controls:
            control.chosen.connect(lambda _value: self._filter())
        self.lay_out(below=controls)

    # -- what a list gives --------------------------------------------------------------------

    def ask(self, ctx: Context, values: dict[str, Any], after: T | None) -> tuple[T, ...]:
        """Return the rows behind one, from the first on where it is None."""
        raise NotImplementedError

    def reach_of(self, row: T) -> Reach:
        """Return who the patient of a row is."""
        raise NotImplementedError

    def id_of(self, row: T) -> UUID:
        """Return the patient's id of a row."""
        raise NotImplementedError

    def broken_of(self, row: T) -> UUID | None:
        """Return the broken appointment of a row, where it is one."""
        raise NotImplementedError

    def facts_of(self, row: T) -> tuple[str, list[tuple[str, str | TagSpec]]]:
        """Return the work in words, and what is known of it."""
        raise NotImplementedError

    def patient_of(self, row: T) -> tuple[UUID, str]:
        """Return the patient of a row and their name."""
        return self.id_of(row), self.reach_of(row).name

    def attempt(self, row: T, outcome: str, remark: str) -> Callable[[Context], bool]:
        """Return the act that records what came of a call."""
        new = NewAttempt(
            id=new_id(),
            patient_id=self.id_of(row),
            appointment_id=self.broken_of(row),
            outcome=outcome,
            channel=self.side.way(),
            remark=remark,
        )
        return lambda ctx: to_book.add_attempt(ctx, new)

    # -- showing ------------------------------------------------------------------------------

    def _filter(self) -> None:
        self.table.verticalScrollBar().setValue(0)
        self.model.set_rows((), more=False)
        self.refresh()

    def _values(self, limit: int) -> dict[str, Any]:
        today, age = self.days.today, self.age.value()
        first = last = None
        if age == "old":
            last = today - timedelta(days=90)
        elif age:
            first = today - timedelta(days=int(age))
        return {
            "provider_id": self.provider.value(),
            "first_day": first,
            "last_day": last,
            "newest": self.order.value(),
            "declined": self.who.value(),
            "limit": limit,
        }

    def reload(self) -> None:
        """Ask again for as many as are shown, as of the day it is by now."""
        values = self._values(self.shown_count())
        self.desk.operations.query(
            self,
            lambda ctx: (self.ask(ctx, values, None), appointments.people(ctx)),
            lambda found: self._show(values["limit"], *found),
            failed=self.show_failed,
            key="rows",
        )

    def _show(self, limit: int, rows: tuple[T, ...], people: People) -> None:
        self.provider.set_options(
            [(_("Every provider"), None), *((name, one) for one, name in people.providers)]
        )
        if self.provider.currentIndex() < 0:
            self.provider.setCurrentIndex(0)
        self.show_rows(rows, more=len(rows) == limit)
        self._tell_count()

    def _tell_count(self) -> None:
        count = len(self.model.rows())
        words = ngettext("{count} to book", "{count} to book", count)
        if self.model.more:
            words = _("The first {count}; more as you scroll")
        self.count.setText(words.format(count=count))

    def more_of(self, last: T) -> Callable[[Context], tuple[T, ...]]:
        """Return the question for the page behind a row."""
        values = self._values(self.page)
        return lambda ctx: self.ask(ctx, values, last)

    def show_more(self, found: tuple[T, ...]) -> None:
        """Put the next page below, and say how many there are now."""
        super().show_more(found)
        self._tell_count()

    def look_at(self, row: T) -> None:
        """Show the work, and ask for what was tried."""
        key, patient_id, broken_id = self.key_of(row), self.id_of(row), self.broken_of(row)
        work, facts = self.facts_of(row)
        self.side.show_row(key, self.reach_of(row), work, facts)

        def read(ctx: Context) -> tuple[Attempt, ...]:
            return to_book.attempts_of(ctx, patient_id, broken_id)

        self.desk.operations.query(
            self.side,
            read,
            lambda found: self.side.show_tries(key, found),
            failed=lambda _error: None,
            key="tries",
        )
