"""What the steps find on the screens: cards, records, tabs, dialogs."""

from collections.abc import Callable
from typing import TypeVar, cast

from PySide6.QtWidgets import QApplication, QListWidget, QWidget

from clinic_desktop.tour.walk import Walk
from clinic_desktop.ui.patients.workspace import PatientScreen
from clinic_desktop.ui.today.card_model import Roles
from clinic_desktop.ui.today.cards import Card, Lane
from clinic_desktop.ui.today.lane import CardList
from clinic_desktop.ui.today.view import TodayScreen

S = TypeVar("S", bound=QWidget)


def dress(walk: Walk) -> None:
    """Turn to the wanted colours: a home that was used before remembers each person's."""
    while walk.window.desk.theme.name != walk.report.theme:
        walk.hands.key("Ctrl+Shift+D")


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


def act_on(
    walk: Walk, lane: Lane, fits: Callable[[Card], bool], key: str, what: str, *, path: str
) -> str:
    """Choose a card with one click, press its letter and return whose it is.

    ``path`` is the golden path that begins on the chosen card.
    """
    cards, row = card(walk, lane, fits, what)
    name = cards.cards.index(row, 0).data(Roles.CARD).name
    walk.hands.click_row(cards, cards.cards.index(row, 0))
    with walk.golden(path):
        walk.hands.key(key)
    return str(name)


def patient_screen(walk: Walk) -> PatientScreen:
    """Return the record in front."""
    return cast(PatientScreen, walk.screen("patient"))


def show_tab(walk: Walk, kind: type[S], title: str) -> S:
    """Go to a tab of the record by its key and return it."""
    screen = patient_screen(walk)
    titles = [screen.tabs.tabText(place) for place in range(screen.tabs.count())]
    walk.hands.key(f"Alt+{titles.index(title) + 1}")
    tab = walk.hands.find(screen, kind)
    walk.settle()
    return tab


def dialogs() -> list[QWidget]:
    """Return the dialogs that are open."""
    return [w for w in QApplication.topLevelWidgets() if w.isModal() and w.isVisible()]


def first_is(finds: QListWidget, name: str) -> bool:
    """Return whether somebody is the first that was found."""
    return finds.count() > 0 and finds.item(0).text().startswith(name)
