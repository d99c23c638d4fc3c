"""Free times and what is booked into them: in words, and as the services take them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import uuid5

from clinic_desktop.domain.dates import format_weekday_date
from clinic_desktop.domain.local_time import ClockChange
from clinic_desktop.domain.times import format_time
from clinic_desktop.i18n import _
from clinic_desktop.services.appointments.doubles import meet
from clinic_desktop.services.appointments.schemas import AppointmentRow, Booking
from clinic_desktop.services.appointments.slot_schemas import FreeSlot
from clinic_desktop.services.to_book.schemas import Answering
from clinic_desktop.ui.appointments.columns import By
from clinic_desktop.ui.intent import BookingIntent


def time_words(slot: FreeSlot, locale: str) -> str:
    """Return day and time of a free time: ``Fri 13 Mar, 09:45–10:45``."""
    start = slot.local_start
    end = start + timedelta(minutes=slot.minutes)
    return _("{day}, {start}–{end}").format(
        day=format_weekday_date(start.date(), locale),
        start=clock_words(start, locale, second=slot.second_hour),
        end=format_time(end.time(), locale),
    )


def when_words(visit: AppointmentRow, locale: str) -> str:
    """Return day and time of an appointment: ``Fri 13 Mar, 09:45``."""
    return _("{day}, {time}").format(
        day=format_weekday_date(visit.local_start.date(), locale), time=begin_words(visit, locale)
    )


def moment_words(local: datetime, locale: str) -> str:
    """Return day and time of a local moment: ``Fri 13 Mar, 09:45``."""
    return _("{day}, {time}").format(
        day=format_weekday_date(local.date(), locale), time=format_time(local.time(), locale)
    )


def clock_words(local: datetime, locale: str, *, second: bool = False) -> str:
    """Return a time of day; of one that comes twice, the second says so: ``02:30 again``."""
    words = format_time(local.time(), locale)
    return _("{time} again").format(time=words) if second else words


def begin_words(visit: AppointmentRow, locale: str) -> str:
    """Return when an appointment begins: ``09:45``, or ``02:30 again``."""
    return clock_words(visit.local_start, locale, second=visit.is_second_hour)


def change_words(change: ClockChange, locale: str, *, short: bool = False) -> str:
    """Return how the clocks are changed; ``short`` is in figures alone: ``02:00 → 03:00``."""
    before, after = (format_time(one, locale) for one in (change.before, change.after))
    if short:
        return f"{before} → {after}"
    if change.forward:
        words = _("The clocks go forward: {before} is {after}")
    else:
        words = _("The clocks go back: {before} is {after} again")
    return words.format(before=before, after=after)


def also_words(visit: AppointmentRow, others: Sequence[AppointmentRow], locale: str) -> str:
    """Return what else the patient has that day; mostly nothing.

    Those at the same time come first: nobody sits in two chairs.
    """
    told = []
    for other in sorted(others, key=lambda one: not meet(visit, one)):
        if meet(visit, other):
            words = _("at the same time {time} with {provider}")
        else:
            words = _("also {time} with {provider}")
        told.append(words.format(time=begin_words(other, locale), provider=other.provider))
    return ", ".join(told)


def visit_words(slots: Sequence[FreeSlot], locale: str) -> str:
    """Return the visits that follow in one sentence."""
    times = "; ".join(time_words(one, locale) for one in slots)
    return _("then {times}").format(times=times)


def following(first: Booking, slot: FreeSlot) -> Booking:
    """Return the booking of a visit that follows another one, of the same work."""
    return first.model_copy(
        update={
            # The same form sent twice is the same visits.
            "id": uuid5(first.id, slot.starts_at.isoformat()),
            "provider_id": slot.provider_id,
            "chair_id": slot.chair_id,
            "local_start": slot.local_start,
            "second_hour": slot.second_hour,
            "minutes": slot.minutes,
            "instead_of_id": None,
            "reason": "",
        }
    )


def answering(intent: BookingIntent, *, planned: bool) -> Answering | None:
    """Return what a booking of this wish answers, None where it came from no list."""
    if not intent.answers:
        return None
    return Answering(
        recall_id=intent.recall_id,
        request_id=intent.request_id,
        broken_id=intent.broken_id,
        planned=planned and intent.source == "planned",
        channel=intent.channel,
    )


def nobody_words(by: By) -> str:
    """Return why there is no column to book in, and where one is made."""
    if by is By.CHAIR:
        return _("There is no chair yet. Settings, Rooms and chairs adds one.")
    return _("No provider works here yet. Settings, Providers adds one.")
