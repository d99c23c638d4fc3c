"""The call list: who is due, the longest overdue first; a figure says what came of a call."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from uuid import UUID

from clinic_desktop.domain.ids import new_id
from clinic_desktop.i18n import N_, _, ngettext
from clinic_desktop.services.context import Context
from clinic_desktop.services.recalls import service as recalls
from clinic_desktop.services.recalls.schemas import DueCount, DueRow, DueSearch, NewAttempt, Pause
from clinic_desktop.ui.calling.days import days_of
from clinic_desktop.ui.calling.screen import Act, CallList
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.intent import BookingIntent
from clinic_desktop.ui.recalls.dialogs import PauseDialog
from clinic_desktop.ui.recalls.due_model import Column, due_model
from clinic_desktop.ui.recalls.panel import RecallPanel
from clinic_desktop.ui.widgets.fields import Choice
from clinic_desktop.ui.widgets.segmented import Segmented


class RecallScreen(CallList[DueRow]):
    """A table of who is due; P holds a recall back."""

    title = N_("Call list")
    topics = frozenset({"recall", "recall_attempt", "recall_type", "appointment", "patient"})
    name = "recalls"
    stretched = Column.WHAT
    named = Column.PATIENT
    asking = N_("Asking who is due…")
    none = (
        N_("Nobody is due"),
        N_("Completed work sets the next date; a date can also be set by hand."),
    )
    side: RecallPanel

    def __init__(self, desk: Desk) -> None:
        days = days_of(desk)
        side = RecallPanel(desk, days)
        super().__init__(desk, due_model(days), days, side)
        side.held_back.connect(self._pause)
        theme = desk.theme
        self.until = Segmented(
            [(_("Overdue"), 0), (_("In 30 days"), 30), (_("In 90 days"), 90)],
            theme=theme,
            value=30,
            name=_("Due until"),
        )
        self.kind = Choice([(_("Every kind"), None)], theme=theme, value=None)
        self.kind.setAccessibleName(_("Kind of recall"))
        self.who = Segmented(
            [(_("To call"), ""), (_("Booked too"), "booked"), (_("Declined too"), "declined")],
            theme=theme,
            name=_("Who is shown"),
        )
        controls = (self.kind, self.until, self.who)
        for control in controls:
            control.chosen.connect(lambda _value: self.refresh())
        self.lay_out(below=controls)

    # -- what the list gives ----------------------------------------------------------------

    def patient_of(self, row: DueRow) -> tuple[UUID, str]:
        """Return the patient of a line and their name."""
        return row.patient_id, row.name

    def key_of(self, row: DueRow) -> UUID:
        """Return the recall."""
        return row.id

    def look_at(self, row: DueRow) -> None:
        """Show what the patient is due for, and what was tried."""
        self.side.show_due(row)

    def attempt(self, row: DueRow, outcome: str, remark: str) -> Callable[[Context], bool]:
        """Return the act that records what came of a call."""
        new = NewAttempt(
            id=new_id(),
            recall_id=row.id,
            patient_id=row.patient_id,
            outcome=outcome,
            channel=self.side.way(),
            remark=remark,
        )
        return lambda ctx: recalls.add_attempt(ctx, new)

    def intent_of(self, row: DueRow) -> BookingIntent:
        """Return what completes the recall."""
        return BookingIntent(
            row.patient_id,
            row.name,
            treatment_ids=row.treatment_ids,
            source="recall",
            recall_id=row.id,
            channel=self.side.way(),
            search=True,
        )

    def more_acts(self) -> Sequence[Act]:
        """Return that a recall can be held back."""
        return (Act("P", _("Hold back"), _("hold back"), self._pause),)

    def more_of(self, last: DueRow) -> Callable[[Context], tuple[DueRow, ...]]:
        """Return the question for the page behind a line."""
        search = self._search(self.page).model_copy(update={"after": last.place})
        return lambda ctx: recalls.due(ctx, search)

    # -- showing ----------------------------------------------------------------------------

    def reload(self) -> None:
        """Ask again for as many as are shown, as of the day it is by now."""
        search = self._search(self.shown_count())
        self.desk.operations.query(
            self,
            lambda ctx: (recalls.due(ctx, search), recalls.due_counts(ctx, search.until)),
            lambda found: self._show(search, *found),
            failed=self.show_failed,
            key="due",
        )

    def _search(self, limit: int) -> DueSearch:
        return DueSearch(
            until=self.days.today + timedelta(days=self.until.value()),
            recall_type_id=self.kind.value(),
            booked=self.who.value() == "booked",
            declined=self.who.value() == "declined",
            limit=limit,
        )

    def _show(
        self, search: DueSearch, rows: tuple[DueRow, ...], counts: tuple[DueCount, ...]
    ) -> None:
        self._offer_kinds(counts)
        self.show_rows(rows, more=len(rows) == search.limit)

    def _offer_kinds(self, counts: tuple[DueCount, ...]) -> None:
        waiting = sum(one.waiting for one in counts)
        every = (_("Every kind, {count}").format(count=waiting), None)
        self.kind.set_options(
            [every, *((f"{one.name}, {one.waiting}", one.recall_type_id) for one in counts)]
        )
        if self.kind.currentIndex() < 0:
            self.kind.set_value(None)
        more = waiting >= recalls.COUNTED_UP_TO
        words = ngettext("{count} waits for a call", "{count} wait for a call", waiting)
        if more:
            words = _("More than {count} wait for a call")
        self.count.setText(words.format(count=waiting))

    # -- acts -------------------------------------------------------------------------------

    def _pause(self) -> None:
        row = self.row()
        if row is None or not self.may_book:
            return

        def done(version: int) -> None:
            self.desk.messages.undoable(
                _("{name} is held back.").format(name=row.name),
                lambda: self._let_go(row.id, version),
            )
            self.refresh()

        PauseDialog(
            self.desk, row.id, row.version, row.name, done, today=self.days.today, parent=self
        ).open()

    def _let_go(self, recall_id: UUID, version: int) -> None:
        def call(ctx: Context) -> int:
            return recalls.pause(ctx, Pause(id=recall_id, version=version))

        self.desk.operations.change(self, call, lambda _version: self.refresh())
