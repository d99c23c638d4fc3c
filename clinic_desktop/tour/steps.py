"""The steps of the working day, in order; each finds its way by what the screens show."""

from collections.abc import Callable
from functools import partial
from typing import Final, TypeVar, cast

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QListWidget, QWidget

from clinic_desktop.domain.schedule import Span
from clinic_desktop.domain.teeth.chart import ToothState
from clinic_desktop.domain.visit_status import VisitStatus
from clinic_desktop.domain.weights import usual
from clinic_desktop.i18n import _
from clinic_desktop.tour.hands import StuckError, visible
from clinic_desktop.tour.walk import OPENING_SECONDS, Step, Walk
from clinic_desktop.ui.appointments.booking import BookingDialog
from clinic_desktop.ui.appointments.geometry import AXIS, HEAD
from clinic_desktop.ui.appointments.grid import DayGrid
from clinic_desktop.ui.appointments.view import CalendarScreen
from clinic_desktop.ui.billing.ledger_tab import LedgerTab
from clinic_desktop.ui.chart.complete import CompletionDialog
from clinic_desktop.ui.chart.view import ChartTab
from clinic_desktop.ui.inventory.stock_model import Column
from clinic_desktop.ui.inventory.view import StockScreen
from clinic_desktop.ui.notes.pages import NotePage
from clinic_desktop.ui.notes.view import NotesTab
from clinic_desktop.ui.patients.register import RegisterScreen
from clinic_desktop.ui.patients.view import PatientsScreen
from clinic_desktop.ui.patients.workspace import PatientScreen
from clinic_desktop.ui.perio.view import PerioTab
from clinic_desktop.ui.prescriptions.prescribe_tab import PrescribeTab
from clinic_desktop.ui.settings.screen import SettingsScreen
from clinic_desktop.ui.today.card_model import Roles
from clinic_desktop.ui.today.cards import Card, Lane
from clinic_desktop.ui.today.lane import CardList
from clinic_desktop.ui.today.view import TodayScreen
from clinic_desktop.ui.widgets.labels import Label

S = TypeVar("S", bound=QWidget)

HALF_HOUR: Final = 30
SOME_LETTERS: Final = 5
SAID: Final = "as discussed"
NEW_GIVEN, NEW_FAMILY, NEW_BORN, NEW_PHONE = "Benedita", "Amostra", "14/02/1991", "087 555 0199"
# Depths with a B where it bled and an L where plaque was seen.
PROBED: Final = "324B333425LB323212312222B323"
SITES_PROBED: Final = sum(sign.isdigit() for sign in PROBED)
# Teeth for a filling on three surfaces, the usual one first; some are gone in some mouths.
WANTED_TEETH: Final = (36, 46, 26, 16, 37, 47, 27, 17, 75, 85, 65, 55, 74, 84)
THERE: Final = frozenset({ToothState.PRESENT, ToothState.NOT_EXAMINED})


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


def search(walk: Walk) -> None:
    """Somebody on the phone is found by the beginning of a name, and their record opened."""
    hands = walk.hands
    expected = board(walk).lanes[Lane.EXPECTED].list.cards
    name = str(expected.index(0, 0).data(Roles.CARD).name)
    hands.key(walk.number_of("patients"))
    screen = cast(PatientsScreen, walk.screen("patients"))
    hands.wait(screen.search.hasFocus, "the search field to take what is typed")
    hands.write(name.split()[-1][:SOME_LETTERS])

    def found() -> bool:
        rows = range(screen.model.rowCount())
        return any(name in str(screen.model.index(row, 0).data()) for row in rows)

    hands.wait(found, f"“{name}” in the list")
    first = str(screen.model.index(0, 0).data())

    def glanced() -> bool:
        return any(label.text() in first for label in visible(screen.peek, Label) if label.text())

    # In a narrow window the glance is a drawer, and closed.
    if screen.peek.isVisible():
        hands.wait(glanced, "the first one at a glance")
    walk.shot("search")
    hands.key("Enter")
    patient_screen(walk)
    walk.shot("found")


def register(walk: Walk) -> None:
    """Somebody new, with the four things that are needed; Enter goes on and saves."""
    hands = walk.hands
    hands.key("Ctrl+Shift+N")
    screen = cast(RegisterScreen, walk.screen("new_patient"))
    form = screen.form
    for editor, text in ((form.given, NEW_GIVEN), (form.family, NEW_FAMILY),
                         (form.born, NEW_BORN), (form.phone, NEW_PHONE)):  # fmt: skip
        hands.wait(editor.hasFocus, "the next field of the form")
        hands.write(text)
        if editor is form.phone:
            walk.shot("register")
        hands.key("Enter")
    patient_screen(walk)
    walk.said["new patient"] = f"{NEW_GIVEN} {NEW_FAMILY}"
    hands.wait(lambda: walk.said["new patient"] in walk.message, "the message that they are here")
    walk.shot("registered")


def confirm(walk: Walk) -> None:
    """Somebody who is expected later confirms."""

    def pending(one: Card) -> bool:
        return one.act is not None and one.act.to == VisitStatus.CONFIRMED

    name = act_on(walk, Lane.EXPECTED, pending, "C", "a visit that is not confirmed")
    walk.hands.wait(lambda: name in walk.message, "the message that they confirmed")


def done(walk: Walk) -> None:
    """Whoever sits in the first chair goes, and the next one for it is named."""

    def seated(one: Card) -> bool:
        return one.visit is not None

    name = act_on(walk, Lane.CHAIRS, seated, "D", "somebody in a chair")
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

    act_on(walk, Lane.EXPECTED, them, "A", "somebody who is expected")
    card(walk, Lane.WAITING, them, "them in the waiting room")
    walk.shot("arrived")


def seat(walk: Walk) -> None:
    """Who is next for an empty chair is shown to it."""
    lines = next_ones(walk)

    def next_in(one: Card) -> bool:
        return any(one.name in line for line in lines)

    name = act_on(walk, Lane.WAITING, next_in, "S", "somebody whose chair is empty")
    walk.said["patient"] = name
    card(walk, Lane.CHAIRS, lambda one: one.visit is not None and one.name == name, "them seated")
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
        hands.wait(lambda: bool(screen.side.search.answers.slots), "a free time to be found")
        hands.key("Enter")
    dialog = hands.find(walk.window, BookingDialog)
    name = walk.said["new patient"]
    hands.write(name)
    hands.wait(partial(first_is, dialog.patient.finds, name), "the patient found")
    walk.shot("booking")
    hands.key("Enter")
    hands.wait(lambda: not dialog.isVisible(), "the appointment to be booked")
    hands.wait(lambda: name in walk.message, "the message that it is booked")
    walk.shot("booked")


def first_is(finds: QListWidget, name: str) -> bool:
    """Return whether somebody is the first that was found."""
    return finds.count() > 0 and finds.item(0).text().startswith(name)


def free_place(grid: DayGrid) -> QPoint | None:
    """Return a place on the sheet, in sight, where half an hour of working time is free."""
    day = grid.geometry_of_day
    if day is None:
        return None
    now = day.columns[0].minute_of(day.columns[0].sheet.now)
    view, left, top = grid.viewport(), grid.horizontalScrollBar(), grid.verticalScrollBar()
    for minute in range(day.snapped(now) + grid.slot, day.last - HALF_HOUR, grid.slot):
        wanted = Span(minute, minute + HALF_HOUR)
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


def switch(walk: Walk) -> None:
    """The dentist goes on at this computer; the front desk's session waits."""
    hands, guard, frame = walk.hands, walk.program.guard, walk.program.frame
    front = walk.session.who.login
    hands.key("Ctrl+K")
    overlay = walk.window.palette_overlay
    hands.wait(lambda: overlay.is_open, "the palette")
    act = _("Switch person…")
    hands.write(">" + act.rstrip("…"))

    def found() -> bool:
        line = overlay.model.line(overlay.view.currentIndex().row())
        return getattr(line, "title", "") == act

    hands.wait(found, "the act found")
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


def on_hand(walk: Walk) -> dict[str, str]:
    """Open the stock and return what it says is left of each product."""
    walk.hands.key(walk.number_of("stock"))
    screen = cast(StockScreen, walk.screen("stock"))
    model = screen.model

    def text(row: int, column: int) -> str:
        return str(model.index(row, column).data())

    walk.hands.wait(lambda: model.rowCount() > 0, "products")
    return {text(row, Column.NAME): text(row, Column.LEFT) for row in range(model.rowCount())}


def stock(walk: Walk) -> None:
    """What is left before the day's work takes from it."""
    for name, left in on_hand(walk).items():
        walk.said[f"left of {name}"] = left
    walk.shot("stock")


def stock_after(walk: Walk) -> None:
    """Less is left of what the completed visit took."""
    after = on_hand(walk)
    walk.shot("stock-after")
    taken = [name for name in after if f"{name}," in walk.said["stock"]]
    same = [name for name in taken if after[name] == walk.said[f"left of {name}"]]
    if not taken or len(same) == len(taken):
        raise StuckError(f"Nothing was taken from stock: {walk.said['stock']}")


def record(walk: Walk) -> None:
    """The dentist opens the record of whoever sits in the chair."""

    def them(one: Card) -> bool:
        return one.visit is not None and one.name == walk.said["patient"]

    act_on(walk, Lane.CHAIRS, them, "Enter", "the patient in the chair")
    patient_screen(walk)
    walk.shot("record")


def chart(walk: Walk) -> None:
    """A filling by typed line: tooth, surfaces, what; planned and done."""
    hands = walk.hands
    tab = show_tab(walk, ChartTab, _("Chart"))
    line = tab.frame.line
    hands.wait(line.hasFocus, "the entry line to take what is typed")
    before = tab.frame.list.model.rowCount()
    seen = tab.frame.teeth.chart()
    sound = [t for t in WANTED_TEETH if (tooth := seen.view(t)) and tooth.state in THERE]
    hands.write(f"p {sound[1]} do comp")
    hands.key("Enter")
    hands.wait(lambda: tab.frame.list.model.rowCount() > before, "the planned filling in the list")
    walk.settle()
    between = tab.frame.list.model.rowCount()
    hands.write(f"{sound[0]} mod comp")
    walk.shot("chart-typed")
    hands.key("Enter")
    hands.wait(lambda: tab.frame.list.model.rowCount() > between, "the filling in the list")
    walk.shot("chart")


def complete(walk: Walk) -> None:
    """Teeth, account and stock in one act."""
    hands, tab = walk.hands, walk.hands.find(patient_screen(walk), ChartTab)
    hands.key("Ctrl+Enter")
    dialog = hands.find(walk.window, CompletionDialog)
    walk.said["charged"] = dialog.total.text()
    walk.said["stock"] = "; ".join(dialog.stock_words())
    walk.shot("complete")
    hands.key("Ctrl+Enter")
    hands.wait(lambda: not tab.isVisible() and not dialogs(), "the visit to be completed")


def note(walk: Walk) -> None:
    """The note that completing opened: its open places by Tab, finished, signed and locked."""
    hands = walk.hands
    tab = hands.find(patient_screen(walk), NotesTab)
    walk.settle()
    page = hands.find(tab, NotePage)
    hands.wait(page.sign.isVisible, "a note to write")
    if not page.text.hasFocus():
        hands.click(page.text)
    if page.text.open_words():
        hands.key("Tab")
    while (place := page.text.place_selected()) is not None:
        # An answer by its figure goes on by itself.
        hands.write("1" if place.choices else SAID)
        if not place.choices and page.text.open_words():
            hands.key("Tab")
    hands.key("Ctrl+End")
    hands.write(" Bite checked, no complaints.")
    walk.shot("note")
    hands.key("Ctrl+Enter")
    hands.wait(dialogs, "the question whether to sign and lock")
    walk.shot("note-sign")
    hands.key("Ctrl+Enter")
    hands.wait(lambda: bool(page.sentence()), "the note to be signed and locked")
    walk.shot("note-signed")


def probe(walk: Walk) -> None:
    """A quarter of the mouth probed, one key a site, each stored as it is typed."""
    hands = walk.hands
    tab = show_tab(walk, PerioTab, _("Perio"))
    hands.wait(lambda: tab.panel.state in ("empty", "content"), "what is known of the gums")
    if tab.grid.read_only:
        hands.key("Ctrl+Enter")
    hands.wait(lambda: not tab.grid.read_only and tab.grid.hasFocus(), "an exam to type into")
    before = tab.grid.charting.exam.entered
    hands.write(PROBED)
    hands.wait(
        lambda: tab.saving.quiet and tab.grid.charting.exam.entered == before + SITES_PROBED,
        "every site to be stored",
    )
    walk.settle()
    walk.shot("perio")


def prescribe(walk: Walk) -> None:
    """A usual medicine by its number, signed and printed."""
    hands = walk.hands
    tab = show_tab(walk, PrescribeTab, _("Prescribe"))
    hands.wait(tab.writing.entry.hasFocus, "the line to take a medicine")
    hands.write("1")
    hands.key("Enter")
    walk.settle()
    if not tab.writing.cards:
        # A child: the dose is by weight, and the line asks for it.
        hands.wait(tab.writing.weight.hasFocus, "the field for the weight")
        hands.write(str(usual(tab.writing.age) // 1000))
        hands.key("Shift+Tab")
        hands.retype("1")
        hands.key("Enter")
    hands.wait(lambda: tab.writing.cards, "the medicine as a card")
    walk.shot("prescribe")
    hands.wait(tab.writing.sign.isEnabled, "a prescription that can be signed")
    hands.key("Ctrl+Enter")
    hands.wait(tab.paper.isVisible, "the paper of the prescription")
    walk.save_paper(tab.paper.preview, "prescription")


def invoice(walk: Walk) -> None:
    """What was done today becomes an invoice, printed."""
    hands = walk.hands
    tab = show_tab(walk, LedgerTab, _("Ledger"))
    if not tab.issue.isVisible():
        # In a narrow window the work to invoice is a drawer.
        hands.key("F7")
    hands.wait(
        lambda: tab.issue.issue.isVisible() and tab.issue.issue.isEnabled(), "work to invoice"
    )
    walk.shot("ledger")
    hands.key("Ctrl+Enter")
    hands.wait(tab.paper.isVisible, "the paper of the invoice")
    walk.save_paper(tab.paper.preview, "invoice")
    hands.key("Esc", "Esc")
    hands.wait(lambda: not tab.paper.isVisible(), "the ledger again")
    walk.shot("ledger-invoiced")


def dialogs() -> list[QWidget]:
    """Return the dialogs that are open."""
    return [w for w in QApplication.topLevelWidgets() if w.isModal() and w.isVisible()]


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
    Step("search", search, needs=("opening",)),
    Step("register", register, needs=("opening",)),
    Step("confirm", confirm, needs=("opening",)),
    Step("done", done, needs=("opening",)),
    Step("check-in", check_in, needs=("done",)),
    Step("seat", seat, needs=("check-in",)),
    Step("book", book, needs=("register",)),
    Step("switch", switch, needs=("opening",)),
    Step("stock", stock, needs=("switch",)),
    Step("record", record, needs=("seat", "switch")),
    Step("chart", chart, needs=("record",)),
    Step("complete", complete, needs=("chart",)),
    Step("note", note, needs=("complete",)),
    Step("probe", probe, needs=("record",)),
    Step("prescribe", prescribe, needs=("record",)),
    Step("invoice", invoice, needs=("complete",)),
    Step("stock-after", stock_after, needs=("stock", "complete")),
    Step("settings", settings, needs=("opening",)),
    Step("keys", keys, needs=("opening",)),
    Step("lock", lock, needs=("opening",)),
)
