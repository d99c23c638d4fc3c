"""The board as cards in four lanes: what each shows, and the one next act with its key."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from clinic_desktop.domain.money import format_money
from clinic_desktop.domain.visit_status import VisitStatus
from clinic_desktop.i18n import _, ngettext
from clinic_desktop.services.appointments.doubles import Others, others_of_day
from clinic_desktop.services.appointments.schemas import AppointmentRow
from clinic_desktop.services.appointments.sheet_schemas import ChairSlot
from clinic_desktop.services.today.schemas import Board, Opened
from clinic_desktop.ui.appointments.block_painter import also_icons
from clinic_desktop.ui.appointments.tips import tip_of_visit
from clinic_desktop.ui.appointments.words import also_words
from clinic_desktop.ui.widgets.painting import TagSpec

# Waiting this long turns amber, this long red; minutes.
LONG_WAIT: Final = 15
TOO_LONG_WAIT: Final = 30


class Lane(StrEnum):
    """Where a visit stands on the board."""

    EXPECTED = "expected"
    WAITING = "waiting"
    CHAIRS = "chairs"
    LEAVING = "leaving"


class Errand(StrEnum):
    """What there is to do about a visit beside its status."""

    LEDGER = "ledger"
    BOOK = "book"
    NOTES = "notes"
    CALL = "call"
    ANEW = "anew"


ERRAND_KEYS: Final = {
    "Y": Errand.LEDGER,
    "N": Errand.BOOK,
    "G": Errand.NOTES,
    "W": Errand.CALL,
    "I": Errand.ANEW,
}


@dataclass(frozen=True, slots=True)
class Act:
    """The next thing to do with a visit: its word, its letter, and what it leads to.

    ``chair_id`` is where a patient is seated when their own chair is in use or was left open.
    """

    word: str
    key: str
    to: VisitStatus | Errand
    chair_id: UUID | None = None
    short: str = ""
    """The word where there is little room."""


@dataclass(frozen=True, slots=True)
class Card:
    """One card. ``visit`` is None for an empty chair, which names who is next."""

    visit: AppointmentRow | None
    name: str
    line: str
    band: str
    icon: str
    stop: bool = False
    dashed: bool = False
    tag: TagSpec | None = None
    brief: str = ""
    """What the tag says where there is little room."""
    act: Act | None = None
    share: float | None = None
    """How much of the booked time has passed, for those in a chair."""
    after: str = ""
    tip: str = ""
    """The whole of what a card has room to write a part of."""
    also: str = ""
    """What else the patient has today, in words, and the icon that says it in brief."""
    also_icon: str = ""
    chair_id: UUID | None = None
    """The chair whose card this is; None on the other lanes."""
    opened: Opened | None = None
    """The free time whose card this is."""


@dataclass(frozen=True, slots=True)
class Looks:
    """How texts are written: the clinic's zone, locale and currency."""

    zone: ZoneInfo
    locale: str
    currency: str

    def clock(self, at: datetime) -> str:
        """Return the time of day at the clinic."""
        return f"{at.astimezone(self.zone):%H:%M}"


_ICONS: Final = {
    VisitStatus.PENDING: "circle-dashed",
    VisitStatus.CONFIRMED: "circle-check",
    VisitStatus.ARRIVED: "door-open",
    VisitStatus.IN_CHAIR: "armchair",
    VisitStatus.DONE: "check-check",
}


def of_provider(board: Board, provider_id: UUID | None) -> Board:
    """Return the board with the visits of one provider alone, or as it is."""
    if provider_id is None:
        return board
    visits = tuple(visit for visit in board.visits if visit.provider_id == provider_id)
    opened = tuple(one for one in board.opened if one.visit.provider_id == provider_id)
    return replace(board, sheet=replace(board.sheet, visits=visits), opened=opened)


def waited(visit: AppointmentRow, board: Board) -> int:
    """Return for how many minutes somebody who has arrived has been waiting."""
    since = visit.arrived_at or board.now
    return max(0, int((board.now - since).total_seconds() // 60))


def free_chairs(board: Board) -> tuple[ChairSlot, ...]:
    """Return the chairs in which nobody sits."""
    taken = {visit.chair_id for visit in board.visits if visit.status == VisitStatus.IN_CHAIR}
    return tuple(chair for chair in board.sheet.chairs if chair.chair_id not in taken)


def chair_for(visit: AppointmentRow, board: Board) -> ChairSlot | None:
    """Return where to seat somebody: the booked chair, the provider's own, any that is free."""
    free = {chair.chair_id: chair for chair in free_chairs(board)}
    own = next(
        (c.chair_id for c in board.sheet.columns if c.provider_id == visit.provider_id), None
    )
    for wanted in (visit.chair_id, own):
        if wanted is not None and wanted in free:
            return free[wanted]
    return next(iter(free.values()), None)


def cards_of(
    board: Board, looks: Looks, whole: Board | None = None
) -> dict[Lane, tuple[Card, ...]]:
    """Return the cards of each lane, by time.

    ``whole`` is the board of all providers when this is of one: chairs are taken by anybody.
    """
    by_status: dict[str, list[AppointmentRow]] = {}
    for visit in board.visits:
        by_status.setdefault(visit.status, []).append(visit)
    expected = [visit for visit in board.visits if visit.status in {"pending", "confirmed"}]
    waiting = sorted(by_status.get("arrived", []), key=lambda v: v.arrived_at or v.starts_at)
    lanes: dict[Lane, tuple[Card, ...]] = {
        Lane.EXPECTED: tuple(_expected(visit, board, looks) for visit in expected),
        Lane.WAITING: (
            *(_waiting(visit, whole or board, looks) for visit in waiting),
            *(_opened(one, looks) for one in board.opened),
        ),
        Lane.CHAIRS: _chairs(board, looks, whole or board),
        Lane.LEAVING: tuple(
            card
            for visit in by_status.get("done", [])
            if (card := _leaving(visit, board, looks)) is not None
        ),
    }
    # Somebody is expected twice whoever the other provider is, also where one alone is shown.
    others = others_of_day((whole or board).visits)
    return {
        lane: tuple(_told(card, others, looks) for card in cards) for lane, cards in lanes.items()
    }


def _told(card: Card, others: Others, looks: Looks) -> Card:
    """Return a visit's card that says what else its patient has today, and all of it on resting."""
    visit = card.visit
    if visit is None:
        return card
    also = others.get(visit.id, ())
    return replace(
        card,
        also=also_words(visit, also, looks.locale),
        also_icon=next(iter(also_icons(visit, also)), ""),
        tip=tip_of_visit(visit, looks.locale, also),
    )


def _opened(one: Opened, looks: Looks) -> Card:
    """Return the card of a time that became free."""
    fits = ngettext("{count} who waits can have it", "{count} who wait can have it", one.fitting)
    return Card(
        None,
        _("Free at {time}, {count} min").format(
            time=looks.clock(one.visit.starts_at), count=one.free.minutes
        ),
        f"{one.visit.provider} · {fits.format(count=one.fitting)}",
        "info",
        "list-checks",
        act=Act(_("Who to call"), "W", Errand.CALL),
        opened=one,
    )


def card_of_visit(visit: AppointmentRow, board: Board, looks: Looks) -> Card:
    """Return the card of one visit, wherever it stands."""
    status = VisitStatus(visit.status)
    if status in {VisitStatus.PENDING, VisitStatus.CONFIRMED}:
        return _expected(visit, board, looks)
    if status == VisitStatus.ARRIVED:
        return _waiting(visit, board, looks)
    if status == VisitStatus.IN_CHAIR:
        chair = next((c.name for c in board.sheet.chairs if c.chair_id == visit.chair_id), "")
        return _in_chair(visit, chair or _("No chair"), board, looks)
    leaving = _leaving(visit, board, looks) if status == VisitStatus.DONE else None
    return leaving or _card(visit, looks)


def gone_cards(board: Board, looks: Looks, whole: Board | None = None) -> tuple[Card, ...]:
    """Return the visits that are done with nothing left open, the latest first."""
    done = [
        visit
        for visit in board.visits
        if visit.status == VisitStatus.DONE and _leaving(visit, board, looks) is None
    ]
    done.sort(key=lambda visit: visit.done_at or visit.ends_at, reverse=True)
    others = others_of_day((whole or board).visits)
    return tuple(
        _told(_card(visit, looks, line=_done_line(visit, looks)), others, looks) for visit in done
    )


def _card(visit: AppointmentRow, looks: Looks, **values: object) -> Card:
    who = " · ".join(filter(None, (visit.service, visit.provider)))
    return Card(
        **{  # type: ignore[arg-type]  # the defaults of every card, some replaced
            "visit": visit,
            "name": visit.patient,
            "line": f"{looks.clock(visit.starts_at)}  {who}",
            "band": visit.colour,
            "icon": _ICONS.get(VisitStatus(visit.status), "circle"),
            "stop": visit.alert == "stop",
            **values,
        }
    )


def _expected(visit: AppointmentRow, board: Board, looks: Looks) -> Card:
    late = int((board.now - visit.starts_at).total_seconds() // 60)
    tag = None
    if late > 0:
        tag = TagSpec("warning", _("{count} min late").format(count=late), "clock")
    pending = visit.status == VisitStatus.PENDING
    act = (
        Act(_("Confirm"), "C", VisitStatus.CONFIRMED)
        if pending and late < 0
        else Act(_("Arrived"), "A", VisitStatus.ARRIVED)
    )
    return _card(visit, looks, dashed=pending, tag=tag, brief=_minutes(late), act=act)


def _waiting(visit: AppointmentRow, board: Board, looks: Looks) -> Card:
    minutes = waited(visit, board)
    if minutes >= TOO_LONG_WAIT:
        tag = TagSpec("danger", _("{count} min, too long").format(count=minutes), "clock")
    elif minutes >= LONG_WAIT:
        tag = TagSpec("warning", _("{count} min, long").format(count=minutes), "clock")
    else:
        tag = TagSpec("soft", _minutes(minutes), "clock")
    return _card(visit, looks, tag=tag, brief=_minutes(minutes), act=_seat(visit, board))


def _minutes(count: int) -> str:
    return _("{count} min").format(count=count)


def _seat(visit: AppointmentRow, board: Board) -> Act:
    """Return the act that seats somebody; it names the chair where it is not the booked one."""
    chair = chair_for(visit, board)
    if chair is None or chair.chair_id == visit.chair_id:
        return Act(_("Seat"), "S", VisitStatus.IN_CHAIR)
    word = _("Seat in {chair}").format(chair=chair.name)
    return Act(word, "S", VisitStatus.IN_CHAIR, chair.chair_id, short=_("Seat"))


def _chairs(board: Board, looks: Looks, whole: Board) -> tuple[Card, ...]:
    """Return each chair: who sits in it, or who is next."""
    cards: list[Card] = []
    seated = [visit for visit in board.visits if visit.status == VisitStatus.IN_CHAIR]
    free = {chair.chair_id for chair in free_chairs(whole)}
    for chair in board.sheet.chairs:
        here = [visit for visit in seated if visit.chair_id == chair.chair_id]
        cards += [
            replace(_in_chair(visit, chair.name, board, looks), chair_id=chair.chair_id)
            for visit in here
        ]
        if chair.chair_id in free:
            following = [
                visit
                for visit in board.visits
                if visit.chair_id == chair.chair_id
                and visit.status in {"pending", "confirmed", "arrived"}
            ]
            words = _("Nobody else is booked here today")
            if following:
                words = _("Next: {name}, {time}").format(
                    name=following[0].patient, time=looks.clock(following[0].starts_at)
                )
            cards.append(
                Card(None, _("{chair} ready").format(chair=chair.name), words, "", "armchair",
                     dashed=True, chair_id=chair.chair_id)
            )  # fmt: skip
    homeless = [
        visit for visit in seated if visit.chair_id not in {c.chair_id for c in board.sheet.chairs}
    ]
    cards += [_in_chair(visit, _("No chair"), board, looks) for visit in homeless]
    return tuple(cards)


def _in_chair(visit: AppointmentRow, chair: str, board: Board, looks: Looks) -> Card:
    since = visit.seated_at or visit.starts_at
    passed = max(0, int((board.now - since).total_seconds() // 60))
    over = int((board.now - visit.ends_at).total_seconds() // 60)
    tag = (
        TagSpec("warning", _("{count} min over").format(count=over), "triangle-alert")
        if over > 0
        else None
    )
    return _card(
        visit,
        looks,
        line=f"{looks.clock(visit.starts_at)} · {chair}  {visit.service}",
        tag=tag,
        brief=_minutes(over),
        share=min(1.0, passed / max(1, visit.minutes)),
        # What is over is said by the tag alone.
        after=""
        if tag is not None
        else _("{passed} of {booked} min").format(passed=passed, booked=visit.minutes),
        act=Act(_("Done"), "D", VisitStatus.DONE),
    )


def _leaving(visit: AppointmentRow, board: Board, looks: Looks) -> Card | None:
    """Return what is still open about a visit that is done, or None when all is settled."""
    left = board.leaving.get(visit.id)
    if left is None:
        return None
    act = None
    if left.to_pay is not None and left.to_pay > 0:
        amount = format_money(left.to_pay, looks.currency, looks.locale)
        tag = TagSpec("warning", _("{amount} to pay").format(amount=amount), "wallet")
        act = Act(_("Settle"), "Y", Errand.LEDGER)
    elif left.unsigned_note:
        tag = TagSpec("warning", _("Note unsigned"), "square-pen")
        act = Act(_("Note"), "G", Errand.NOTES)
    elif not left.has_next_visit:
        tag = TagSpec("soft", _("No next visit"), "calendar-plus")
        act = Act(_("Book"), "N", Errand.BOOK)
    else:
        return None
    return _card(visit, looks, line=_done_line(visit, looks), tag=tag, act=act)


def _done_line(visit: AppointmentRow, looks: Looks) -> str:
    line = f"{looks.clock(visit.starts_at)}  {visit.service}"
    if visit.done_at:
        line += " · " + _("done {time}").format(time=looks.clock(visit.done_at))
    return line
