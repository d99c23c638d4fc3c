"""The board as cards in four lanes: what each shows, and the one next act with its key."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from clinic_desktop.domain.money import format_money
from clinic_desktop.domain.visit_status import VisitStatus
from clinic_desktop.i18n import _
from clinic_desktop.services.appointments.schemas import AppointmentRow
from clinic_desktop.services.today.schemas import Board
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


@dataclass(frozen=True, slots=True)
class Act:
    """The next thing to do with a visit: its word, its letter and the status it leads to."""

    word: str
    key: str
    to: VisitStatus


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
    act: Act | None = None
    share: float | None = None
    """How much of the booked time has passed, for those in a chair."""
    after: str = ""
    tooltip: str = ""


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


def cards_of(board: Board, looks: Looks) -> dict[Lane, tuple[Card, ...]]:
    """Return the cards of each lane, by time."""
    by_status: dict[str, list[AppointmentRow]] = {}
    for visit in board.visits:
        by_status.setdefault(visit.status, []).append(visit)
    expected = [visit for visit in board.visits if visit.status in {"pending", "confirmed"}]
    waiting = sorted(by_status.get("arrived", []), key=lambda v: v.arrived_at or v.starts_at)
    return {
        Lane.EXPECTED: tuple(_expected(visit, board, looks) for visit in expected),
        Lane.WAITING: tuple(_waiting(visit, board, looks) for visit in waiting),
        Lane.CHAIRS: _chairs(board, looks),
        Lane.LEAVING: tuple(
            card
            for visit in by_status.get("done", [])
            if (card := _leaving(visit, board, looks)) is not None
        ),
    }


def settled(board: Board, looks: Looks) -> int:
    """Return how many visits are done with nothing left open."""
    done = [visit for visit in board.visits if visit.status == "done"]
    return sum(_leaving(visit, board, looks) is None for visit in done)


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
            "tooltip": visit.patient,
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
    return _card(visit, looks, dashed=pending, tag=tag, act=act)


def _waiting(visit: AppointmentRow, board: Board, looks: Looks) -> Card:
    since = visit.arrived_at or board.now
    minutes = max(0, int((board.now - since).total_seconds() // 60))
    if minutes >= TOO_LONG_WAIT:
        tag = TagSpec("danger", _("{count} min, too long").format(count=minutes), "clock")
    elif minutes >= LONG_WAIT:
        tag = TagSpec("warning", _("{count} min, long").format(count=minutes), "clock")
    else:
        tag = TagSpec("soft", _("{count} min").format(count=minutes), "clock")
    return _card(visit, looks, tag=tag, act=Act(_("Seat"), "S", VisitStatus.IN_CHAIR))


def _chairs(board: Board, looks: Looks) -> tuple[Card, ...]:
    """Return each chair: who sits in it, or who is next."""
    cards: list[Card] = []
    seated = [visit for visit in board.visits if visit.status == VisitStatus.IN_CHAIR]
    for chair in board.sheet.chairs:
        here = [visit for visit in seated if visit.chair_id == chair.chair_id]
        cards += [_in_chair(visit, chair.name, board, looks) for visit in here]
        if not here:
            following = [
                visit
                for visit in board.visits
                if visit.chair_id == chair.chair_id
                and visit.status in {"pending", "confirmed", "arrived"}
            ]
            if following:
                words = _("Next: {name}, {time}").format(
                    name=following[0].patient, time=looks.clock(following[0].starts_at)
                )
                cards.append(
                    Card(None, _("{chair} ready").format(chair=chair.name), words, "", "armchair",
                         dashed=True)
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
        share=min(1.0, passed / max(1, visit.minutes)),
        after=_("{passed} of {booked} min").format(passed=passed, booked=visit.minutes),
        act=Act(_("Done"), "D", VisitStatus.DONE),
    )


def _leaving(visit: AppointmentRow, board: Board, looks: Looks) -> Card | None:
    """Return what is still open about a visit that is done, or None when all is settled."""
    left = board.leaving.get(visit.id)
    if left is None:
        return None
    line = f"{looks.clock(visit.starts_at)}  {visit.service}"
    if visit.done_at:
        line += " · " + _("done {time}").format(time=looks.clock(visit.done_at))
    if left.to_pay is not None and left.to_pay > 0:
        amount = format_money(left.to_pay, looks.currency, looks.locale)
        tag = TagSpec("warning", _("{amount} to pay").format(amount=amount), "wallet")
    elif left.unsigned_note:
        tag = TagSpec("warning", _("Note unsigned"), "square-pen")
    elif not left.has_next_visit:
        tag = TagSpec("soft", _("No next visit"), "calendar-plus")
    else:
        return None
    return _card(visit, looks, line=line, tag=tag)
