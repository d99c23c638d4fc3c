"""The front desk's steps: confirm, check in, seat, book, move, cancel."""

from functools import partial
from typing import Final, cast

from PySide6.QtCore import QPoint

from clinic_desktop.domain.schedule import Span
from clinic_desktop.domain.visit_status import EXPECTED, VisitStatus
from clinic_desktop.tour.hands import StuckError
from clinic_desktop.tour.sight import act_on, board, card, dialogs, first_is
from clinic_desktop.tour.walk import Walk
from clinic_desktop.ui.appointments.booking import BookingDialog
from clinic_desktop.ui.appointments.cancel import CancelDialog
from clinic_desktop.ui.appointments.geometry import AXIS, HEAD
from clinic_desktop.ui.appointments.grid import DayGrid
from clinic_desktop.ui.appointments.view import CalendarScreen
from clinic_desktop.ui.today.card_model import Roles
from clinic_desktop.ui.today.cards import Card, Lane

HALF_HOUR: Final = 30
DAYS_LOOKED_AT: Final = 7


def confirm(walk: Walk) -> None:
    """Somebody who is expected later confirms."""

    def pending(one: Card) -> bool:
        return one.act is not None and one.act.to == VisitStatus.CONFIRMED

    name = act_on(
        walk, Lane.EXPECTED, pending, "C", "a visit that is not confirmed", path="confirm"
    )
    walk.hands.wait(lambda: name in walk.message, "the message that they confirmed")


def done(walk: Walk) -> None:
    """Whoever sits in the first chair goes, and the next one for it is named."""

    def seated(one: Card) -> bool:
        return one.visit is not None

    name = act_on(walk, Lane.CHAIRS, seated, "D", "somebody in a chair", path="dismiss")
    walk.hands.wait(lambda: name in walk.message, "the message that they are done")
    walk.hands.wait(lambda: next_ones(walk), "a chair that is ready for the next one")


def next_ones(walk: Walk) -> list[str]:
    """Return what the empty chairs say about who is next."""
    cards = board(walk).lanes[Lane.CHAIRS].list.cards
    seen = (cards.card(row) for row in range(cards.rowCount()))
    return [one.line for one in seen if one is not None and one.visit is None]


def check_in(walk: Walk) -> None:
    """The next one for an empty chair arrives, or whoever is expected first."""
    lines = next_ones(walk)
    expected = board(walk).lanes[Lane.EXPECTED].list.cards
    names = [
        str(expected.index(row, 0).data(Roles.CARD).name) for row in range(expected.rowCount())
    ]
    arriving = next((n for n in names if any(n in line for line in lines)), names[0])

    def them(one: Card) -> bool:
        return one.name == arriving

    act_on(walk, Lane.EXPECTED, them, "A", "somebody who is expected", path="check in")
    card(walk, Lane.WAITING, them, "them in the waiting room")
    walk.shot("arrived")


def seat(walk: Walk) -> None:
    """Who is next for an empty chair is shown to it."""
    lines = next_ones(walk)

    def next_in(one: Card) -> bool:
        return any(one.name in line for line in lines)

    name = act_on(walk, Lane.WAITING, next_in, "S", "somebody whose chair is empty", path="seat")
    walk.said["patient"] = name
    card(walk, Lane.CHAIRS, lambda one: one.visit is not None and one.name == name, "them seated")
    walk.shot("seated")


def book(walk: Walk) -> None:
    """A free time on the sheet, the patient's name, booked."""
    walk.hands.key(walk.number_of("calendar"))
    screen = cast(CalendarScreen, walk.screen("calendar"))
    walk.shot("calendar")
    _choose_free(walk, screen, HALF_HOUR)
    with walk.golden("book a known patient into a visible slot"):
        walk.hands.key("Enter")
        _name_and_book(walk, "booking")
    walk.shot("booked")


def next_free(walk: Walk) -> None:
    """The first free time that a search finds, booked."""
    hands = walk.hands
    hands.key(walk.number_of("calendar"))
    screen = cast(CalendarScreen, walk.screen("calendar"))
    with walk.golden("book the next free slot"):
        hands.key("F")
        hands.wait(lambda: bool(screen.side.search.answers.slots), "a free time to be found")
        walk.shot("free-times")
        hands.key("Enter")
        _name_and_book(walk, "")


def move(walk: Walk) -> None:
    """An appointment in two weeks goes to the next slot."""
    hands = walk.hands
    hands.key(walk.number_of("calendar"))
    screen = cast(CalendarScreen, walk.screen("calendar"))
    hands.key("Ctrl+Down", "Ctrl+Down")
    walk.settle()
    _choose_free(walk, screen, 2 * HALF_HOUR)
    hands.key("Enter")
    _name_and_book(walk, "")
    walk.settle()
    before = hands.wait(screen.grid.chosen, "the new appointment to be chosen").local_start
    with walk.golden("move an appointment"):
        hands.key("Alt+Down")

    def moved() -> bool:
        now = screen.grid.chosen()
        return now is not None and now.local_start > before

    hands.wait(moved, "the appointment in the next slot")
    walk.shot("moved")


def cancel(walk: Walk) -> None:
    """Somebody who is expected later will not come."""
    hands = walk.hands
    now = walk.session.operations.now()

    def later(one: Card) -> bool:
        free = one.visit is not None and one.visit.starts_at > now
        return free and one.visit is not None and one.visit.status in EXPECTED

    cards, row = card(walk, Lane.EXPECTED, later, "somebody who is still to come")
    name = str(cards.cards.index(row, 0).data(Roles.CARD).name)
    hands.click_row(cards, cards.cards.index(row, 0))
    with walk.golden("cancel an appointment"):
        hands.key("X")
        hands.find(walk.window, CancelDialog)
        hands.key("Ctrl+Enter")
        hands.wait(lambda: not dialogs(), "the appointment to be cancelled")
        hands.wait(lambda: name in walk.message, "the message that it is cancelled")
    walk.shot("cancelled")


def _choose_free(walk: Walk, screen: CalendarScreen, minutes: int) -> None:
    """Click a free time in sight, on the day shown or on one that follows."""
    for _day in range(DAYS_LOOKED_AT):
        place = free_place(screen.grid, minutes)
        if place is not None:
            walk.hands.click(screen.grid.viewport(), place)
            return
        walk.hands.key("PgDown")
        walk.settle()
    raise StuckError("No free time is in sight.")


def _name_and_book(walk: Walk, shot: str) -> None:
    """Type the new patient's name into the booking and press Enter."""
    hands = walk.hands
    dialog = hands.find(walk.window, BookingDialog)
    name = walk.said["new patient"]
    hands.write(name)
    hands.wait(partial(first_is, dialog.form.patient.finds, name), "the patient found")
    if shot:
        walk.shot(shot)
    hands.key("Enter")
    hands.wait(lambda: not dialog.isVisible(), "the appointment to be booked")
    hands.wait(lambda: name in walk.message, "the message that it is booked")


def free_place(grid: DayGrid, minutes: int) -> QPoint | None:
    """Return a place on the sheet, in sight, where so much working time is free."""
    day = grid.geometry_of_day
    if day is None:
        return None
    now = day.columns[0].minute_of(day.columns[0].sheet.now)
    view, left, top = grid.viewport(), grid.horizontalScrollBar(), grid.verticalScrollBar()
    first = max(day.first, day.snapped(now) + grid.slot)
    for minute in range(first, day.last - minutes, grid.slot):
        wanted = Span(minute, minute + minutes)
        for number, column in enumerate(day.columns):
            taken = [pause.span for pause in column.pauses]
            taken += [b.span for b in day.blocks if b.column == number]
            free = any(span.contains(wanted) for span in column.working)
            if not free or any(span.overlaps(wanted) for span in taken):
                continue
            middle, slot = day.x_of(number) + day.column_width / 2, day.y_of(minute) + day.row / 2
            # A short visit is drawn higher than it lasts and may reach over the free time.
            if day.block_at(middle, slot) is not None:
                continue
            x, y = middle - left.value(), slot + HEAD - top.value()
            place = QPoint(int(x), int(y))
            if x > AXIS and y > HEAD and view.rect().contains(place):
                return place
    return None
