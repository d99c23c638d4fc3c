"""What is booked, as the service takes it: new appointments, or one in the place of another."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from clinic_desktop.services.appointments.schemas import AppointmentRow, Booking
from clinic_desktop.services.context import Context
from clinic_desktop.services.to_book import anew
from clinic_desktop.services.to_book import service as to_book
from clinic_desktop.services.to_book.schemas import Anew
from clinic_desktop.ui.appointments.words import answering
from clinic_desktop.ui.intent import BookingIntent


class Booked(NamedTuple):
    """The first appointment that was made; of one made anew, the old one before and after."""

    row: AppointmentRow
    before: AppointmentRow | None = None
    after: AppointmentRow | None = None


def booking_act(
    bookings: Sequence[Booking], intent: BookingIntent, *, planned: bool
) -> Callable[[Context], Booked]:
    """Return the act that books these for a wish; ``planned`` when they hold planned work."""
    answers = answering(intent, planned=planned)
    moves = intent.moves

    def book(ctx: Context) -> Booked:
        if moves is None:
            return Booked(to_book.book_all(ctx, bookings, answers)[0])
        wanted = Anew(id=moves.id, version=moves.version, booking=bookings[0], reason=intent.why)
        made = anew.make_anew(ctx, wanted, bookings[1:])
        return Booked(made.new, moves, made.old)

    return book
