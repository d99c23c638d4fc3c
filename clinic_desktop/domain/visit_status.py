"""The life of an appointment: its statuses, which may follow which, and what each is called."""

from enum import StrEnum
from typing import Final

from clinic_desktop.i18n import N_, _


class VisitStatus(StrEnum):
    """Where a visit stands; the database knows the same words."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    ARRIVED = "arrived"
    IN_CHAIR = "in_chair"
    DONE = "done"
    MISSED = "missed"
    CANCELLED = "cancelled"
    RESCHEDULED = "rescheduled"


S = VisitStatus

# The patient is still to come, is here, or was here: in the order of a visit.
COURSE: Final = (S.PENDING, S.CONFIRMED, S.ARRIVED, S.IN_CHAIR, S.DONE)
# The provider and the chair are free at the booked time.
NOT_BLOCKING: Final = frozenset({S.MISSED, S.CANCELLED, S.RESCHEDULED})
EXPECTED: Final = frozenset({S.PENDING, S.CONFIRMED})
# May still be moved, resized or cancelled.
OPEN: Final = frozenset({S.PENDING, S.CONFIRMED, S.ARRIVED, S.IN_CHAIR})

# Somebody marked as missed may come late after all.
_FORWARD: Final[dict[VisitStatus, frozenset[VisitStatus]]] = {
    S.CONFIRMED: frozenset({S.PENDING}),
    S.ARRIVED: frozenset({S.PENDING, S.CONFIRMED, S.MISSED}),
    S.IN_CHAIR: frozenset({S.PENDING, S.CONFIRMED, S.ARRIVED, S.MISSED}),
    S.DONE: OPEN,
    S.MISSED: EXPECTED,
    S.CANCELLED: frozenset({S.PENDING, S.CONFIRMED, S.ARRIVED}),
    # Another appointment is made in its place, by the same act.
    S.RESCHEDULED: EXPECTED,
}
# Taking a step back, as undo does.
_BACK: Final[dict[VisitStatus, frozenset[VisitStatus]]] = {
    S.PENDING: frozenset(
        {S.CONFIRMED, S.ARRIVED, S.IN_CHAIR, S.DONE, S.MISSED, S.CANCELLED, S.RESCHEDULED}
    ),
    S.CONFIRMED: frozenset({S.ARRIVED, S.IN_CHAIR, S.DONE, S.MISSED, S.CANCELLED, S.RESCHEDULED}),
    S.ARRIVED: frozenset({S.IN_CHAIR, S.DONE, S.CANCELLED}),
    S.IN_CHAIR: frozenset({S.DONE}),
    S.MISSED: frozenset({S.ARRIVED, S.IN_CHAIR}),
}
# One key each: the letters of the key map.
KEYS: Final[dict[str, VisitStatus]] = {
    "C": S.CONFIRMED,
    "A": S.ARRIVED,
    "S": S.IN_CHAIR,
    "D": S.DONE,
    "M": S.MISSED,
    "X": S.CANCELLED,
}
WORDS: Final[dict[VisitStatus, str]] = {
    S.PENDING: N_("not confirmed"),
    S.CONFIRMED: N_("confirmed"),
    S.ARRIVED: N_("arrived"),
    S.IN_CHAIR: N_("in the chair"),
    S.DONE: N_("done"),
    S.MISSED: N_("missed"),
    S.CANCELLED: N_("cancelled"),
    S.RESCHEDULED: N_("moved to another time"),
}


def before(to: VisitStatus, *, back: bool = False) -> frozenset[VisitStatus]:
    """Return the statuses from which a visit may come to ``to``; ``back`` allows undoing."""
    return (_BACK if back else _FORWARD).get(to, frozenset())


def word(status: str) -> str:
    """Return what a status is called inside a sentence, in the interface language."""
    return _(WORDS[VisitStatus(status)])
