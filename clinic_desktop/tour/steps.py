"""The steps of the working day, in order; each finds its way by what the screens show."""

from collections.abc import Callable
from functools import partial
from typing import Final, cast

from PySide6.QtCore import QPoint

from clinic_desktop.domain.schedule import Span
from clinic_desktop.domain.visit_status import VisitStatus
from clinic_desktop.i18n import _
from clinic_desktop.tour.walk import OPENING_SECONDS, Step, Walk
from clinic_desktop.ui.appointments.booking import BookingDialog
from clinic_desktop.ui.appointments.geometry import AXIS, HEAD
from clinic_desktop.ui.appointments.grid import DayGrid
from clinic_desktop.ui.appointments.view import CalendarScreen
from clinic_desktop.ui.settings.screen import SettingsScreen
from clinic_desktop.ui.today.card_model import Roles
from clinic_desktop.ui.today.cards import Card, Lane
from clinic_desktop.ui.today.lane import CardList
from clinic_desktop.ui.today.view import TodayScreen

HALF_HOUR: Final = 30


def opening(walk: Walk) -> None:
    """The sample clinic opens with the front desk at work."""
    walk.said["front desk"] = walk.session.who.name
    walk.screen(walk.window.stack.name)
    walk.fit()
    dress(walk)


def dress(walk: Walk) -> None:
    """Turn to the wanted colours: a home that was used before remembers each person's."""
    while walk.window.desk.theme.name != walk.report.theme:
        walk.hands.key("Ctrl+Shift+D")


def today(walk: Walk) -> None:
    """The board of the day."""
    walk.hands.key(walk.number_of("today"))
    walk.screen("today")
    walk.window.desk.messages.clear()
    walk.shot("today")


def palette(walk: Walk) -> None:
    """One line finds people, acts and screens."""
    walk.hands.key("Ctrl+K")
    overlay = walk.window.palette_overlay
    walk.hands.wait(lambda: overlay.is_open and overlay.model.rowCount() > 0, "the palette")
    walk.shot("palette")
    walk.hands.key("Esc")
    walk.hands.wait(lambda: not overlay.is_open, "the palette to close")


def keys(walk: Walk) -> None:
    """F1 lists the keys of what is in front."""
    walk.hands.key(walk.number_of("today"))
    walk.screen("today")
    walk.hands.key("F1")
    overlay = walk.window.keys_help
    walk.hands.wait(lambda: overlay.is_open and overlay.shown(), "the list of keys")
    walk.shot("keys")
    walk.hands.key("Esc")
    walk.hands.wait(lambda: not overlay.is_open, "the list of keys to close")


def board(walk: Walk) -> TodayScreen:
    """Return the board in front."""
    if walk.window.stack.name != "today":
        walk.hands.key(walk.number_of("today"))
    return cast(TodayScreen, walk.screen("today"))


def card(walk: Walk, lane: Lane, fits: Callable[[Card], bool], what: str) -> tuple[CardList, int]:
    """Return the list and the row of a card that is seen in a lane."""
    found = board(walk).lanes[lane].list

    def row() -> list[int]:
        cards = (found.cards.card(row) for row in range(found.cards.rowCount()))
        return [number for number, one in enumerate(cards) if one is not None and fits(one)]

    return found, walk.hands.wait(row, what)[0]


def act_on(walk: Walk, lane: Lane, fits: Callable[[Card], bool], key: str, what: str) -> str:
    """Choose a card with one click, press its letter and return whose it is."""
    cards, row = card(walk, lane, fits, what)
    name = cards.cards.index(row, 0).data(Roles.CARD).name
    walk.hands.click_row(cards, cards.cards.index(row, 0))
    walk.hands.key(key)
    return str(name)


def confirm(walk: Walk) -> None:
    """Somebody who is expected later confirms."""

    def pending(one: Card) -> bool:
        return one.act is not None and one.act.to == VisitStatus.CONFIRMED

    name = act_on(walk, Lane.EXPECTED, pending, "C", "a visit that is not confirmed")
    walk.hands.wait(lambda: name in walk.message, "the message that they confirmed")


def check_in(walk: Walk) -> None:
    """The next one for an empty chair arrives."""
    screen = board(walk)
    chairs = screen.lanes[Lane.CHAIRS].list.cards
    lines = [
        one.line
        for n in range(chairs.rowCount())
        if (one := chairs.card(n)) is not None and one.visit is None
    ]

    def next_in(one: Card) -> bool:
        return any(one.name in line for line in lines)

    walk.said["patient"] = act_on(
        walk, Lane.EXPECTED, next_in, "A", "somebody whose chair is empty"
    )
    card(
        walk, Lane.WAITING, lambda one: one.name == walk.said["patient"], "them in the waiting room"
    )
    walk.shot("arrived")


def seat(walk: Walk) -> None:
    """They are shown to their chair."""

    def them(one: Card) -> bool:
        return one.visit is not None and one.name == walk.said["patient"]

    act_on(walk, Lane.WAITING, them, "S", "them in the waiting room")
    card(walk, Lane.CHAIRS, them, "them in the chair")
    walk.shot("seated")


def book(walk: Walk) -> None:
    """A free time on the sheet, the patient's name, booked."""
    hands = walk.hands
    hands.key(walk.number_of("calendar"))
    screen = cast(CalendarScreen, walk.screen("calendar"))
    walk.shot("calendar")
    place = free_place(screen.grid)
    if place is not None:
        hands.click(screen.grid.viewport(), place)
        hands.key("Enter")
    else:
        hands.key("F")
    dialog = hands.find(walk.window, BookingDialog)
    name = walk.said["patient"]
    hands.write(name)
    finds = dialog.patient.finds
    hands.wait(lambda: finds.count() and finds.item(0).text().startswith(name), "the patient found")
    hands.key("Enter")
    walk.shot("booking")
    hands.key("Ctrl+Enter")
    hands.wait(lambda: not dialog.isVisible(), "the appointment to be booked")
    hands.wait(lambda: name in walk.message, "the message that it is booked")
    walk.shot("booked")


def free_place(grid: DayGrid) -> QPoint | None:
    """Return a place on the sheet, in sight, where half an hour of working time is free."""
    day = grid.geometry_of_day
    if day is None:
        return None
    now = day.day.minute_of(day.sheet.now)
    view, left, top = grid.viewport(), grid.horizontalScrollBar(), grid.verticalScrollBar()
    for minute in range(day.snapped(now) + grid.slot, day.last - HALF_HOUR, grid.slot):
        wanted = Span(minute, minute + HALF_HOUR)
        for number, column in enumerate(day.sheet.columns):
            taken = [pause.span for pause in column.pauses]
            taken += [b.visit.span(day.day) for b in day.blocks if b.column == number]
            free = any(span.contains(wanted) for span in column.working)
            if not free or any(span.overlaps(wanted) for span in taken):
                continue
            x = day.x_of(number) + day.column_width / 2 - left.value()
            y = day.y_of(minute) + day.row / 2 + HEAD - top.value()
            place = QPoint(int(x), int(y))
            if x > AXIS and y > HEAD and view.rect().contains(place):
                return place
    return None


def switch(walk: Walk) -> None:
    """The dentist goes on at this computer; the front desk's session waits."""
    hands, guard, frame = walk.hands, walk.program.guard, walk.program.frame
    front = walk.session.who.login
    hands.key("Ctrl+K")
    overlay = walk.window.palette_overlay
    hands.wait(lambda: overlay.is_open, "the palette")
    hands.write(_("Switch person…").rstrip("…"))
    hands.wait(lambda: overlay.model.rowCount() in (1, 2), "the act found")
    hands.key("Enter")
    hands.wait(
        lambda: guard is not None and guard.active is None and frame.page, "the list of people"
    )
    walk.shot("switch")
    hands.key("Enter")
    hands.wait(
        lambda: guard is not None and guard.active is not None and guard.active.who.login != front,
        "the dentist's window",
    )
    walk.said["dentist"] = walk.session.who.name
    walk.fit()
    dress(walk)


def section_is(screen: SettingsScreen, row: int) -> bool:
    """Return whether a section of the settings is the one in front."""
    return screen.list.current_row().row() == row


def settings(walk: Walk) -> None:
    """Every section of the settings, by the arrow keys."""
    hands, window = walk.hands, walk.window
    rail = hands.button(window.rail, _("Settings"))
    hands.click(rail)
    screen = cast(SettingsScreen, walk.screen("settings"))
    for row in range(screen.model.rowCount()):
        if row:
            hands.key("Down")
        hands.wait(partial(section_is, screen, row), "the next section")
        walk.shot(f"settings-{screen.key}")


def lock(walk: Walk) -> None:
    """The window is locked; who worked comes back."""
    who = walk.session.who.login
    guard, frame = walk.program.guard, walk.program.frame
    walk.hands.key("Ctrl+L")
    walk.hands.wait(lambda: guard is not None and guard.active is None, "the lock")
    walk.hands.wait(lambda: frame.isVisible() and frame.page is not None, "the list of people")
    walk.shot("locked")
    walk.hands.key("Enter")
    walk.hands.wait(
        lambda: guard is not None and guard.active is not None and guard.active.who.login == who,
        "the window as it was left",
    )


STEPS: Final = (
    Step("opening", opening, seconds=OPENING_SECONDS),
    Step("today", today, needs=("opening",)),
    Step("palette", palette, needs=("opening",)),
    Step("confirm", confirm, needs=("opening",)),
    Step("check-in", check_in, needs=("opening",)),
    Step("seat", seat, needs=("check-in",)),
    Step("book", book, needs=("check-in",)),
    Step("switch", switch, needs=("opening",)),
    Step("settings", settings, needs=("opening",)),
    Step("keys", keys, needs=("opening",)),
    Step("lock", lock, needs=("opening",)),
)
