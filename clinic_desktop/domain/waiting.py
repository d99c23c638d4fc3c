"""Whom to call when a time becomes free: who can come at all, and in which order to ask."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from clinic_desktop.i18n import N_

MORNING_ENDS: Final = time(12, 0)
# Points, so that urgent goes before overdue, and both before a day more of waiting.
URGENT: Final = 1000
OVERDUE: Final = 200
FITS_EXACTLY: Final = 60
OWN_PROVIDER: Final = 80
WISHED_TIME: Final = 40
A_DAY_WAITED: Final = 2
_MOST_DAYS: Final = 180
TRIED_TODAY: Final = -400

REASONS: Final[dict[str, str]] = {
    "urgent": N_("urgent"),
    "overdue": N_("recall overdue"),
    "fits": N_("fits the length"),
    "shorter": N_("leaves {count} min"),
    "provider": N_("wants this provider"),
    "mornings": N_("prefers mornings"),
    "afternoons": N_("prefers afternoons"),
    "weekday": N_("can come that day"),
    "sooner": N_("would come sooner"),
    "waits": N_("waits for {count} days"),
    "tried": N_("was asked today"),
}
BARS: Final[dict[str, str]] = {
    "long": N_("needs {count} min more"),
    "provider": N_("wants another provider"),
    "weekday": N_("cannot come on that day"),
    "time": N_("cannot come at that time"),
    "early": N_("not before {day}"),
    "late": N_("not after {day}"),
    "notice": N_("has to know {count} min before"),
    "later": N_("has an earlier visit already"),
    "declined": N_("declined this time"),
}


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody who waits needs, and when they can come; times are the clinic's."""

    minutes: int
    weekdays: tuple[int, ...] = ()
    not_before: time | None = None
    not_after: time | None = None
    first_day: date | None = None
    last_day: date | None = None
    notice: int = 60
    urgent: bool = False
    wants_provider: bool | None = None
    """Whether the provider of the free time is the one they want; None when any will do."""
    waits_since: date | None = None
    overdue: bool = False
    has_visit_at: datetime | None = None
    """The local start of the later visit that would be brought on."""
    tried_today: bool = False
    declined_this: bool = False


@dataclass(frozen=True, slots=True)
class Gap:
    """A free time: its local start, its length, and what the clinic's clocks show now."""

    start: datetime
    minutes: int
    now: datetime


@dataclass(frozen=True, slots=True)
class Note:
    """A reason or a bar by its key, with the figure or day in it."""

    key: str
    count: int = 0
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """How well a wish fits a gap: points with their reasons, or what stands against it."""

    points: int
    reasons: tuple[Note, ...]
    bar: Note | None = None


def judge(wish: Wish, gap: Gap) -> Judgement:
    """Return how well a free time fits somebody who waits."""
    bar = _bar(wish, gap)
    reasons = tuple(_reasons(wish, gap))
    return Judgement(sum(points for points, _note in reasons), tuple(n for _p, n in reasons), bar)


def _bar(wish: Wish, gap: Gap) -> Note | None:
    """Return what stands against it; the first that a person would name."""
    if wish.declined_this:
        return Note("declined")
    if wish.has_visit_at is not None and wish.has_visit_at <= gap.start:
        return Note("later")
    if wish.minutes > gap.minutes:
        return Note("long", count=wish.minutes - gap.minutes)
    if wish.wants_provider is False:
        return Note("provider")
    return _bar_of_day(wish, gap.start.date()) or _bar_of_time(wish, gap)


def _bar_of_day(wish: Wish, day: date) -> Note | None:
    if wish.first_day is not None and day < wish.first_day:
        return Note("early", day=wish.first_day)
    if wish.last_day is not None and day > wish.last_day:
        return Note("late", day=wish.last_day)
    if wish.weekdays and day.weekday() not in wish.weekdays:
        return Note("weekday")
    return None


def _bar_of_time(wish: Wish, gap: Gap) -> Note | None:
    ends = gap.start + timedelta(minutes=wish.minutes)
    if wish.not_before is not None and gap.start.time() < wish.not_before:
        return Note("time")
    past_midnight = ends.date() > gap.start.date()
    if wish.not_after is not None and (past_midnight or ends.time() > wish.not_after):
        return Note("time")
    if gap.start - gap.now < timedelta(minutes=wish.notice):
        return Note("notice", count=wish.notice)
    return None


def _reasons(wish: Wish, gap: Gap) -> list[tuple[int, Note]]:
    """Return what speaks for it, each with its points."""
    found = [
        (URGENT, Note("urgent"), wish.urgent),
        (OVERDUE, Note("overdue"), wish.overdue),
        (*_of_length(wish, gap), True),
        (OWN_PROVIDER, Note("provider"), bool(wish.wants_provider)),
        *_of_wishes(wish),
        (0, Note("sooner"), wish.has_visit_at is not None),
        (*_of_waiting(wish, gap), _days_waited(wish, gap) > 0),
        (TRIED_TODAY, Note("tried"), wish.tried_today),
    ]
    return [(points, note) for points, note, holds in found if holds]


def _of_length(wish: Wish, gap: Gap) -> tuple[int, Note]:
    # The more of the gap is left, the worse it is used.
    left = max(0, gap.minutes - wish.minutes)
    return max(0, FITS_EXACTLY - left), Note("shorter", count=left) if left else Note("fits")


def _of_wishes(wish: Wish) -> list[tuple[int, Note, bool]]:
    mornings = wish.not_after is not None and wish.not_after <= MORNING_ENDS
    afternoons = wish.not_before is not None and wish.not_before >= MORNING_ENDS
    return [
        (WISHED_TIME, Note("mornings"), mornings),
        (WISHED_TIME, Note("afternoons"), afternoons),
        (WISHED_TIME, Note("weekday"), bool(wish.weekdays)),
    ]


def _days_waited(wish: Wish, gap: Gap) -> int:
    since = wish.waits_since or gap.now.date()
    return max(0, (gap.now.date() - since).days)


def _of_waiting(wish: Wish, gap: Gap) -> tuple[int, Note]:
    days = _days_waited(wish, gap)
    return min(days, _MOST_DAYS) * A_DAY_WAITED, Note("waits", count=days)
