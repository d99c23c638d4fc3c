"""An appointment made anew for another time: the search opens with all of it, both come back."""

from collections.abc import Callable
from typing import Final

from PySide6.QtWidgets import QWidget

from clinic_desktop.domain.folding import isolate
from clinic_desktop.domain.visit_status import EXPECTED, VisitStatus, word
from clinic_desktop.i18n import _
from clinic_desktop.services.appointments.schemas import AppointmentRow
from clinic_desktop.services.context import Context
from clinic_desktop.services.to_book import anew
from clinic_desktop.services.to_book.schemas import MadeAnew, Swap, WorkOf
from clinic_desktop.ui.appointments.sending import Booked
from clinic_desktop.ui.appointments.words import when_words
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.intent import BookingIntent

Told = Callable[[AppointmentRow], None]
_SOURCE: Final = "rebooked"


class MakingAnew:
    """``find`` opens the search for a wish, ``shown`` is told which appointment to show."""

    def __init__(
        self, desk: Desk, screen: QWidget, find: Callable[[BookingIntent], None], shown: Told
    ) -> None:
        self._desk, self._screen, self._find, self._shown = desk, screen, find, shown

    def begin(self, visit: AppointmentRow | None) -> None:
        """Look for another time for an appointment that still stands, with all that it is."""
        messages = self._desk.messages
        if visit is None:
            messages.say(_("Choose the appointment that is to be at another time."), "info")
        elif not self._desk.who.may("schedule.write"):
            messages.warn(_("Your roles do not allow booking."))
        elif VisitStatus(visit.status) not in EXPECTED:
            words = _("{name} is {status}. The appointment stays where it was.")
            messages.warn(words.format(name=isolate(visit.patient), status=word(visit.status)))
        else:
            visit_id = visit.id
            self._desk.operations.query(
                self._screen,
                lambda ctx: anew.work_of(ctx, visit_id),
                self._look,
                failed=lambda error: messages.warn(str(error)),
                key="anew",
            )

    def _look(self, work: WorkOf) -> None:
        visit = work.visit
        self._find(
            BookingIntent(
                visit.patient_id,
                visit.patient,
                planned=tuple(one.chart_item_id for one in work.planned),
                treatment_ids=work.treatment_ids,
                minutes=visit.minutes,
                provider_id=visit.provider_id,
                source=_SOURCE,
                moves=visit,
                search=True,
            )
        )

    # -- once it is done ----------------------------------------------------------------------

    def tell(self, booked: Booked, why: str) -> None:
        """Say from when to when; taking it back brings both back as they were."""
        before, after, row = booked.before, booked.after, booked.row
        if before is None or after is None:
            raise ValueError(row.id)
        latest = [MadeAnew(after, row)]

        def send(call: Callable[[Context, Swap], MadeAnew], status: str, reason: str) -> None:
            old, new = latest[0]
            swap = Swap(
                old_id=old.id,
                old_version=old.version,
                new_id=new.id,
                new_version=new.version,
                status=VisitStatus(status),
                reason=reason,
            )
            self._desk.operations.change(self._screen, lambda ctx: call(ctx, swap), came)

        def came(made: MadeAnew) -> None:
            latest[0] = made
            stands_again = VisitStatus(made.old.status) in EXPECTED
            self._shown(made.old if stands_again else made.new)

        words = _("{name} has another time: {after} instead of {before}.").format(
            name=isolate(row.patient),
            before=when_words(before, self._desk.who.locale),
            after=when_words(row, self._desk.who.locale),
        )
        self._desk.messages.undoable(
            words,
            lambda: send(anew.take_back, before.status, ""),
            lambda: send(anew.do_again, row.status, why),
        )
