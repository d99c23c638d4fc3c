"""Each date of a series before it is written: what stands against it, and what may be done."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from clinic_desktop.domain.assist import own_minutes
from clinic_desktop.domain.dates import format_date
from clinic_desktop.domain.local_time import LocalDay, instant_of, is_doubled
from clinic_desktop.domain.permissions import Permission
from clinic_desktop.domain.schedule import Span, free_starts, is_inside, subtract
from clinic_desktop.domain.times import format_time
from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import _
from clinic_desktop.services.appointments.asked import AHEAD
from clinic_desktop.services.context import Context
from clinic_desktop.services.series.days import Days, Visit
from clinic_desktop.services.series.schemas import (
    Answer,
    Answers,
    Choice,
    OnClosed,
    PlannedDate,
    State,
)

_LEFT: Final = (Choice.LEAVE_OUT,)


@dataclass(frozen=True, slots=True)
class Wish:
    """Where a date of the rule wants its appointment; ``visit_id`` is one that is there already.

    ``stands`` is how that one stands now, so that nothing is asked where nothing changes.
    """

    date: date
    local: datetime
    provider_id: UUID
    chair_id: UUID | None
    minutes: int
    assist: str = ""
    squeezed: bool = False
    visit_id: UUID | None = None
    stands: tuple[datetime, int, UUID, UUID | None] | None = None

    @property
    def place(self) -> tuple[datetime, int, UUID, UUID | None]:
        """Local start, minutes, provider and chair."""
        return self.local, self.minutes, self.provider_id, self.chair_id


@dataclass(frozen=True, slots=True)
class _Hindrance:
    state: State
    sentence: str
    must_answer: bool = True


def plan_dates(
    ctx: Context, wishes: Sequence[Wish], answers: Answers, *, patient_id: UUID
) -> tuple[PlannedDate, ...]:
    """Return every wished date in order, with what stands against it as things are now.

    Nothing is kept for whoever asks: the database decides when the series is written. Raises
    InvalidError for a provider or chair that takes none, and for dates too far ahead.
    """
    planner = _Planner(ctx, wishes, answers, patient_id)
    return planner.planned()


class _Planner:
    """One plan: days are read once, then each date is judged beside those judged before."""

    def __init__(
        self, ctx: Context, wishes: Sequence[Wish], answers: Answers, patient_id: UUID
    ) -> None:
        self._ctx, self._patient_id = ctx, patient_id
        self._on_closed = answers.on_closed
        self._answers = {one.date: one for one in answers.answers}
        self._may = ctx.who.may(Permission.SCHEDULE_OVERRIDE)
        self._wishes = wishes
        days = [one.local.date() for one in wishes]
        latest = (ctx.now + AHEAD).date()
        if max(days) > latest:
            raise InvalidError(
                _("Appointments are booked up to {day}.").format(
                    day=format_date(latest, ctx.who.locale)
                ),
                field="until",
            )
        self._days = Days(ctx, min(days), max(days))
        self._check_people()
        self._planned: dict[date, list[tuple[Wish, Span]]] = {}

    def _check_people(self) -> None:
        for wish in self._wishes:
            worker = self._days.workers.get(wish.provider_id)
            if worker is None or not worker.active:
                raise InvalidError(
                    _("This provider takes no appointments any more. Choose somebody else."),
                    field="provider",
                )
            if wish.chair_id is not None and wish.chair_id not in self._days.chairs:
                raise InvalidError(
                    _("This chair is not in use. Choose another one."), field="chair"
                )

    def planned(self) -> tuple[PlannedDate, ...]:
        """Return all dates; those that keep their day are judged before those sent to another."""
        landed = [self._landing(wish) for wish in self._wishes]
        leaving = {
            asked.visit_id
            for asked, wish in zip(self._wishes, landed, strict=True)
            if asked.visit_id is not None and not self._stays(asked, wish)
        }
        self._leaving = leaving
        self._days.read(
            {one.local.date() for one in landed} | {one.local.date() for one in self._wishes},
            providers={one.provider_id for one in self._wishes},
            chairs={one.chair_id for one in self._wishes if one.chair_id is not None},
            patient_id=self._patient_id,
        )
        order = sorted(
            range(len(landed)),
            key=lambda number: landed[number].local.date() != self._wishes[number].local.date(),
        )
        found = {number: self._judge(landed[number], self._wishes[number]) for number in order}
        return tuple(found[number] for number in range(len(landed)))

    def _stays(self, asked: Wish, landed: Wish) -> bool:
        """Return whether an appointment keeps its place, which then is free for no other."""
        choice = self._choice_of(asked)
        if choice is Choice.LEAVE_OUT:
            return True
        there_anyway = choice is Choice.OUTSIDE and self._may
        left = self._on_closed is OnClosed.LEAVE_OUT and not there_anyway
        return left and self._is_closed(landed)

    def _choice_of(self, wish: Wish) -> Choice | None:
        answer = self._answers.get(wish.date)
        return answer.choice if answer is not None else None

    # -- which day ----------------------------------------------------------------------------

    def _landing(self, wish: Wish) -> Wish:
        """Return the wish on the day that was chosen for it."""
        answer = self._answers.get(wish.date)
        if answer is not None and answer.choice is Choice.SHIFT and answer.local_start is not None:
            day = answer.local_start.date()
            return replace(wish, local=datetime.combine(day, wish.local.time()))
        chosen = answer.choice if answer is not None else None
        by_rule = self._on_closed is OnClosed.NEXT_DAY and chosen is None
        if (chosen is Choice.NEXT_DAY or by_rule) and self._is_closed(wish):
            other = self._days.next_worked(wish.provider_id, wish.local, wish.minutes)
            if other is not None:
                return replace(wish, local=datetime.combine(other, wish.local.time()))
        return wish

    def _is_closed(self, wish: Wish) -> bool:
        return not self._days.worked(wish.provider_id, wish.local.date()).working

    # -- one date -----------------------------------------------------------------------------

    def _judge(self, wish: Wish, asked: Wish) -> PlannedDate:
        if wish.stands is not None and wish.place == wish.stands:
            # It is there already: nothing is written, so nothing can stand against it.
            self._take(wish, self._span(wish))
            return self._date(wish, asked, _Hindrance(State.FREE, ""), (), None)
        try:
            starts_at = instant_of(wish.local, self._ctx.zone, locale=self._ctx.who.locale)
        except InvalidError as error:
            nearest = self._nearest(wish, ())
            skipped = _Hindrance(State.SKIPPED, str(error).rstrip("."))
            return self._date(wish, asked, skipped, self._ways(State.SKIPPED, nearest), nearest)
        hindrance = self._hindrance(wish, starts_at)
        if hindrance is None:
            return self._date(wish, asked, _Hindrance(State.FREE, ""), (Choice.BOOK, *_LEFT), None)
        elsewhere = self._of_patient(wish) if hindrance.state is State.ELSEWHERE else ()
        nearest = self._nearest(wish, elsewhere)
        ways = self._ways(hindrance.state, nearest)
        return self._date(wish, asked, hindrance, ways, nearest)

    def _ways(self, state: State, nearest: datetime | None) -> tuple[Choice, ...]:
        ways = [*_LEFT]
        if nearest is not None:
            ways.append(Choice.SHIFT)
        if state is State.CLOSED:
            ways.append(Choice.NEXT_DAY)
        if state in (State.OUTSIDE, State.CLOSED, State.PAST) and self._may:
            ways.append(Choice.OUTSIDE)
        if state is State.ELSEWHERE:
            ways.append(Choice.BOOK)
        return tuple(ways)

    def _date(
        self,
        wish: Wish,
        asked: Wish,
        hindrance: _Hindrance,
        ways: tuple[Choice, ...],
        nearest: datetime | None,
    ) -> PlannedDate:
        choice = self._chosen(wish, asked, hindrance, ways, nearest)
        lands = None
        if choice is Choice.SHIFT:
            lands = nearest
        elif choice not in (None, Choice.LEAVE_OUT):
            lands = wish.local
        if lands is not None:
            self._take(wish, self._span(replace(wish, local=lands)))
        return PlannedDate(
            date=wish.date,
            wanted=wish.local,
            state=hindrance.state,
            sentence=hindrance.sentence,
            choices=ways,
            choice=choice,
            lands=lands,
            nearest=nearest,
            note=self._note(asked, lands),
            visit_id=wish.visit_id,
        )

    def _chosen(
        self,
        wish: Wish,
        asked: Wish,
        hindrance: _Hindrance,
        ways: tuple[Choice, ...],
        nearest: datetime | None,
    ) -> Choice | None:
        answer = self._answers.get(wish.date)
        if not ways:
            return Choice.BOOK
        if answer is not None and self._holds(answer, ways, nearest):
            return answer.choice
        if hindrance.state is State.FREE or not hindrance.must_answer:
            moved = wish.local.date() != asked.local.date()
            return Choice.NEXT_DAY if moved else Choice.BOOK
        if hindrance.state is State.CLOSED and self._on_closed is OnClosed.LEAVE_OUT:
            return Choice.LEAVE_OUT
        return None

    @staticmethod
    def _holds(answer: Answer, ways: tuple[Choice, ...], nearest: datetime | None) -> bool:
        """Return whether an answer still fits: the time that was shown is still the next free."""
        if answer.choice not in ways:
            return False
        if answer.choice is Choice.SHIFT:
            return answer.local_start in (None, nearest)
        # A worked day was found elsewhere: what is judged here has no other day to go to.
        return answer.choice is not Choice.NEXT_DAY

    def _note(self, asked: Wish, lands: datetime | None) -> str:
        if lands is not None and lands.date() != asked.local.date():
            words = _("instead of {day}, on which nobody works")
            return words.format(day=format_date(asked.local.date(), self._ctx.who.locale))
        if lands is not None and is_doubled(lands, self._ctx.zone):
            return _("the clocks show this time twice that day; the first one is meant")
        return ""

    # -- what stands against it ---------------------------------------------------------------

    def _span(self, wish: Wish) -> Span:
        start = self._days.local_day(wish.local.date()).minute_at(wish.local.time())
        return Span(start, start + wish.minutes)

    def _hindrance(self, wish: Wish, starts_at: datetime) -> _Hindrance | None:
        span, day = self._span(wish), wish.local.date()
        taken = self._taken(wish, span)
        if taken:
            return _Hindrance(State.TAKEN, taken)
        if starts_at < self._ctx.now - timedelta(minutes=self._ctx.who.slot_minutes):
            return _Hindrance(State.PAST, _("this time is past"))
        if self._is_closed(wish):
            return _Hindrance(State.CLOSED, self._closed_words(wish))
        working = self._days.working(wish.provider_id, wish.chair_id, day)
        if not is_inside(span, working):
            return _Hindrance(State.OUTSIDE, self._outside_words(wish, span))
        return self._elsewhere(wish, span)

    def _others(self, day: date) -> Iterator[Visit]:
        return (one for one in self._days.there(day) if one.id not in self._leaving)

    def _taken(self, wish: Wish, span: Span) -> str:
        day = self._days.local_day(wish.local.date())
        own = () if wish.squeezed else own_minutes(span, wish.assist)
        for one in self._others(day.day):
            if one.provider_id == wish.provider_id and _meet(own, one.own_spans(day)):
                return self._holder(_("{provider} has {patient} at {time}"), one)
            same_chair = wish.chair_id is not None and one.chair_id == wish.chair_id
            if same_chair and one.span(day).overlaps(span):
                words = _("{chair} is taken by {patient} at {time}")
                chair = self._days.chairs[wish.chair_id] if wish.chair_id is not None else ""
                return self._holder(words, one, chair=chair)
        for other, there in self._planned.get(day.day, ()):
            of_provider = other.provider_id == wish.provider_id and not other.squeezed
            of_chair = wish.chair_id is not None and other.chair_id == wish.chair_id
            if (of_provider and _meet(own, own_minutes(there, other.assist))) or (
                of_chair and there.overlaps(span)
            ):
                return _("another date of this series stands there")
        return ""

    def _holder(self, words: str, one: Visit, **more: str) -> str:
        at = format_time(one.local_start.time(), self._ctx.who.locale)
        return words.format(provider=one.provider, patient=one.patient, time=at, **more)

    def _closed_words(self, wish: Wish) -> str:
        pauses = self._days.worked(wish.provider_id, wish.local.date()).pauses
        label = next((one.label for one in pauses if one.kind != "break" and one.label), "")
        name = self._days.workers[wish.provider_id].short_name
        if label:
            return _("{provider} does not work that day ({label})").format(
                provider=name, label=label
            )
        return _("{provider} does not work that day").format(provider=name)

    def _outside_words(self, wish: Wish, span: Span) -> str:
        on_day = self._days.worked(wish.provider_id, wish.local.date())
        name = self._days.workers[wish.provider_id].short_name
        pause = next((one for one in on_day.pauses if one.span.overlaps(span)), None)
        if pause is not None:
            return _("{provider} is not there then ({label})").format(
                provider=name, label=pause.label or _("Break")
            )
        if is_inside(span, on_day.working) and wish.chair_id is not None:
            return _("{chair} is not in use then").format(chair=self._days.chairs[wish.chair_id])
        day, locale = self._days.local_day(wish.local.date()), self._ctx.who.locale
        hours = ", ".join(
            f"{format_time(day.local_at(one.start).time(), locale)}–"
            f"{format_time(day.local_at(one.end).time(), locale)}"
            for one in on_day.working
        )
        return _("{provider} works {hours} that day").format(provider=name, hours=hours)

    def _of_patient(self, wish: Wish) -> list[Visit]:
        day = wish.local.date()
        return [one for one in self._others(day) if one.patient_id == self._patient_id]

    def _elsewhere(self, wish: Wish, span: Span) -> _Hindrance | None:
        there = self._of_patient(wish)
        if not there:
            return None
        day = self._days.local_day(wish.local.date())
        meeting = [one for one in there if one.span(day).overlaps(span)]
        words = _("the patient is with {provider} at {time} that day")
        at = (meeting or there)[0]
        return _Hindrance(State.ELSEWHERE, self._holder(words, at), must_answer=bool(meeting))

    # -- another time of the day --------------------------------------------------------------

    def _nearest(self, wish: Wish, besides: Collection[Visit]) -> datetime | None:
        """Return the next free start of the day, else the last one before; None without any."""
        day = self._days.local_day(wish.local.date())
        starts = list(
            free_starts(
                subtract(
                    self._days.working(wish.provider_id, wish.chair_id, day.day),
                    [*self._busy(wish, day), *(one.span(day) for one in besides)],
                ),
                length=wish.minutes,
                step=self._ctx.who.slot_minutes,
                earliest=max(0, day.minute_of(self._ctx.now)),
            )
        )
        # Of an hour that comes twice the first one is meant, as everywhere in a series.
        starts = [one for one in starts if not day.is_second(one)]
        wanted = day.minute_at(wish.local.time())
        later = (one for one in starts if one >= wanted)
        minute = next(later, starts[-1] if starts else None)
        return day.local_at(minute) if minute is not None else None

    def _busy(self, wish: Wish, day: LocalDay) -> Iterator[Span]:
        for one in self._others(day.day):
            if one.provider_id == wish.provider_id:
                yield from one.own_spans(day)
            if wish.chair_id is not None and one.chair_id == wish.chair_id:
                yield one.span(day)
        for other, there in self._planned.get(day.day, ()):
            if other.provider_id == wish.provider_id or (
                wish.chair_id is not None and other.chair_id == wish.chair_id
            ):
                yield there

    def _take(self, wish: Wish, span: Span) -> None:
        self._planned.setdefault(wish.local.date(), []).append((wish, span))


def _meet(some: Collection[Span], others: Collection[Span]) -> bool:
    return any(one.overlaps(other) for one in some for other in others)
