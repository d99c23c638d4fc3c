"""The morning: the window opens, people are looked for, somebody new comes."""

from typing import Final, cast

from clinic_desktop.tour.hands import visible
from clinic_desktop.tour.sight import board, dress, patient_screen
from clinic_desktop.tour.walk import Walk
from clinic_desktop.ui.patients.register import RegisterScreen
from clinic_desktop.ui.patients.view import PatientsScreen
from clinic_desktop.ui.today.card_model import Roles
from clinic_desktop.ui.today.cards import Lane
from clinic_desktop.ui.widgets.labels import Label

SOME_LETTERS: Final = 5
NEW_GIVEN, NEW_FAMILY, NEW_BORN, NEW_PHONE = "Benedita", "Amostra", "14/02/1991", "087 555 0199"


def opening(walk: Walk) -> None:
    """The sample clinic opens with the front desk at work."""
    walk.said["front desk"] = walk.session.who.name
    walk.screen(walk.window.stack.name)
    walk.fit()
    dress(walk)


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


def search(walk: Walk) -> None:
    """Somebody on the phone is found by the beginning of a name, and their record opened."""
    hands = walk.hands
    expected = board(walk).lanes[Lane.EXPECTED].list.cards
    name = str(expected.index(0, 0).data(Roles.CARD).name)
    with walk.golden("find and open a patient"):
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
            return any(
                label.text() in first for label in visible(screen.peek, Label) if label.text()
            )

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
    with walk.golden("register a patient"):
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
