"""The dentist's steps at the chair: record, chart, completing, note, probe, prescription."""

from typing import Final

from clinic_desktop.domain.teeth.chart import ToothState
from clinic_desktop.domain.weights import usual
from clinic_desktop.i18n import _
from clinic_desktop.tour.golden import SITES
from clinic_desktop.tour.sight import act_on, dialogs, dress, patient_screen, show_tab
from clinic_desktop.tour.walk import Walk
from clinic_desktop.ui.chart.complete import CompletionDialog
from clinic_desktop.ui.chart.view import ChartTab
from clinic_desktop.ui.notes.pages import NotePage
from clinic_desktop.ui.notes.view import NotesTab
from clinic_desktop.ui.perio.view import PerioTab
from clinic_desktop.ui.prescriptions.prescribe_tab import PrescribeTab
from clinic_desktop.ui.today.cards import Card, Lane

SAID: Final = "as discussed"
# Depths with a B where it bled and an L where plaque was seen.
PROBED: Final = "324B333425LB323212312222B323"
DEPTHS: Final = "3233232"
SITES_PROBED: Final = sum(sign.isdigit() for sign in PROBED)
# Teeth for a filling on three surfaces, the usual one first; some are gone in some mouths.
WANTED_TEETH: Final = (36, 46, 26, 16, 37, 47, 27, 17, 75, 85, 65, 55, 74, 84)
THERE: Final = frozenset({ToothState.PRESENT, ToothState.NOT_EXAMINED})


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


def record(walk: Walk) -> None:
    """The dentist opens the record of whoever sits in the chair."""

    def them(one: Card) -> bool:
        return one.visit is not None and one.name == walk.said["patient"]

    act_on(walk, Lane.CHAIRS, them, "Enter", "the patient in the chair",
           path="open the patient in the chair")  # fmt: skip
    patient_screen(walk)
    walk.shot("record")


def chart(walk: Walk) -> None:
    """Fillings by typed line: planned, done, there before; several at once; a tooth lost."""
    hands = walk.hands
    tab = show_tab(walk, ChartTab, _("Chart"))
    line = tab.frame.line
    hands.wait(line.hasFocus, "the entry line to take what is typed")
    before = tab.frame.list.model.rowCount()
    sound = [tooth for tooth in WANTED_TEETH if is_there(tab, tooth)]
    hands.write(f"p {sound[1]} do comp")
    hands.key("Enter")
    hands.wait(lambda: tab.frame.list.model.rowCount() > before, "the planned filling in the list")
    walk.settle()
    between = tab.frame.list.model.rowCount()
    with walk.golden("chart a filling"):
        hands.write(f"{sound[0]} mod comp")
        walk.shot("chart-typed")
        hands.key("Enter")
        hands.wait(lambda: tab.frame.list.model.rowCount() > between, "the filling in the list")
    _chart_more(walk, tab, sound)
    walk.shot("chart")


def is_there(tab: ChartTab, number: int) -> bool:
    """Return whether a tooth can be worked on."""
    view = tab.frame.teeth.chart().view(number)
    return view is not None and view.state in THERE


def _chart_more(walk: Walk, tab: ChartTab, sound: list[int]) -> None:
    """What else is said in one line: there before, several, missing (and taken back)."""
    hands = walk.hands

    def marks(tooth: int) -> int:
        view = tab.frame.teeth.chart().view(tooth)
        return len(view.marks) if view is not None else 0

    def is_missing() -> bool:
        view = tab.frame.teeth.chart().view(lost)
        return view is not None and view.state is ToothState.MISSING

    # In a small mouth the front teeth have to do for what back teeth are not left for.
    rest = [t for t in tab.frame.teeth.chart().numbers if t not in sound]
    there, one, other, lost = [*sound, *(t for t in sorted(rest) if is_there(tab, t))][2:6]
    faces = "mod" if there in WANTED_TEETH else "d"
    counts = {tooth: marks(tooth) for tooth in (there, one, other)}
    with walk.golden("chart an existing filling"):
        hands.write(f"e {there} {faces} comp")
        hands.key("Enter")
        hands.wait(lambda: marks(there) > counts[there], "the filling that was there")
    with walk.golden("chart several in one line"):
        hands.write(f"c {one} d caries; c {other} d caries")
        hands.key("Enter")
        hands.wait(
            lambda: all(marks(tooth) > counts[tooth] for tooth in (one, other)), "both findings"
        )
    with walk.golden("mark a tooth missing"):
        hands.write(f"{lost} /m")
        hands.key("Enter")
        hands.wait(is_missing, "the tooth to be missing")
    walk.settle()
    hands.key("Ctrl+Z")
    hands.wait(lambda: not is_missing(), "the tooth back again")


def complete(walk: Walk) -> None:
    """Teeth, account and stock in one act."""
    hands, tab = walk.hands, walk.hands.find(patient_screen(walk), ChartTab)
    hands.key("Ctrl+Shift+Enter")
    dialog = hands.find(walk.window, CompletionDialog)
    walk.said["charged"] = dialog.total.text()
    walk.said["stock"] = "; ".join(dialog.stock_words())
    walk.shot("complete")
    hands.key("Esc")
    hands.wait(lambda: not dialogs(), "the sheet to close")
    with walk.golden("complete the visit") as allowed:
        hands.key("Ctrl+Enter")
        hands.wait(lambda: not tab.isVisible() or dialogs(), "the visit to be completed")
        if dialogs():
            # A tooth or the stock leaves something to decide, and the sheet asks.
            allowed.most += 1
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
    """The whole mouth probed, one key a site, each stored as it is typed."""
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
    exam = tab.grid.charting.exam
    due = exam.wanted - exam.entered
    with walk.golden(SITES) as allowed:
        allowed.most = due
        hands.strike("".join(DEPTHS[n % len(DEPTHS)] for n in range(due)))
        hands.wait(
            lambda: tab.saving.quiet and tab.grid.charting.exam.entered == exam.wanted,
            "every site of the mouth to be stored",
        )
    walk.settle()
    walk.shot("perio")


def prescribe(walk: Walk) -> None:
    """A usual medicine by its number, signed and printed."""
    hands = walk.hands
    tab = show_tab(walk, PrescribeTab, _("Prescribe"))
    hands.wait(tab.writing.entry.hasFocus, "the line to take a medicine")
    with walk.golden("prescribe a usual medicine") as allowed:
        hands.write("1")
        hands.key("Enter")
        walk.settle()
        if not tab.writing.cards:
            # A child: the dose is by weight, and the line asks for it.
            hands.wait(tab.writing.weight.hasFocus, "the field for the weight")
            hands.write(str(usual(tab.writing.age) // 1000))
            allowed.most += 2  # the weight is committed, and the medicine once more
            hands.key("Shift+Tab")
            hands.retype("1")
            hands.key("Enter")
        hands.wait(lambda: tab.writing.cards, "the medicine as a card")
        walk.shot("prescribe")
        hands.wait(tab.writing.sign.isEnabled, "a prescription that can be signed")
        hands.key("Ctrl+Enter")
        hands.wait(tab.paper.isVisible, "the paper of the prescription")
    walk.save_paper(tab.paper.preview, "prescription")
