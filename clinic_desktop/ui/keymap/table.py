"""The one table of keys: where each acts, what it does, and why some of them must stay.

Views bind and write the key of this table; ``Keymap`` puts what a person chose in its place.
"""

from dataclasses import dataclass
from typing import Final

from clinic_desktop.i18n import N_

WINDOW: Final = "window"

_TYPING: Final = N_("Every text field and every list uses this key in the same way.")
_HELP: Final = N_("Whoever helps somebody by telephone counts on this key.")
_LOCK: Final = N_("Whoever leaves in a hurry, at whichever computer, must find it blindly.")
_UNDO: Final = N_("Text fields undo with the same key.")
_MAIN: Final = N_("Dialogs and forms press their main button with it.")
_PLACE: Final = N_("The digit is the place on the screen.")
_READER: Final = N_("Readers of PDF files use the same keys.")
_WORDS: Final = N_("The same letters are words of the entry line.")


@dataclass(frozen=True)
class Act:
    """Something a key does. ``scope`` is the screen, tab or section in which the key acts.

    ``keys`` are as Qt writes them. ``fixed`` says why the key must stay; such an act is only
    listed, and ``shown`` is how its key is written when ``keys`` does not say it.
    """

    scope: str
    name: str
    keys: tuple[str, ...]
    does: str
    fixed: str = ""
    shown: str = ""

    @property
    def id(self) -> str:
        """What the act is called in the file that keeps the keys."""
        return f"{self.scope}.{self.name}"


# The words of each scope, untranslated, in the order in which they are listed.
SCOPES: Final[dict[str, str]] = {
    WINDOW: N_("Everywhere"),
    "today": N_("Today"),
    "calendar": N_("Calendar"),
    "patients": N_("Patients"),
    "to_book": N_("Planned treatment"),
    "broken": N_("Broken appointments"),
    "waiting": N_("Waiting list"),
    "recalls": N_("Call list"),
    "duplicates": N_("Possible duplicates"),
    "patient": N_("Patient"),
    "chart": N_("Chart"),
    "perio": N_("Perio"),
    "notes": N_("Notes"),
    "prescribe": N_("Prescribe"),
    "ledger": N_("Ledger"),
    "images": N_("Images"),
    "image": N_("Open image"),
    "documents": N_("Documents"),
    "stock": N_("Stock"),
    "import": N_("Import"),
    "settings": N_("Settings"),
    "settings.people": N_("People"),
    "settings.services": N_("Services"),
    "settings.note_templates": N_("Note templates"),
    "settings.rooms": N_("Rooms and chairs"),
    "settings.providers": N_("Providers"),
    "settings.days_off": N_("Days off"),
    "settings.calendars": N_("Calendars"),
    "settings.transfer": N_("Import and export"),
    "settings.integrations": N_("Integrations"),
    "settings.keys": N_("Keys"),
}

# Where the letters of the record act as well. The other tabs keep plain letters to themselves.
_WITHIN: Final = {"prescribe": "patient", "ledger": "patient"}


def overlapping(one: str, other: str) -> bool:
    """Return whether a key of one scope would be heard in the other as well."""
    return (
        one == other or WINDOW in (one, other) or _WITHIN.get(one) == other
        or _WITHIN.get(other) == one or one.startswith(f"{other}.") or other.startswith(f"{one}.")
    )  # fmt: skip


def _acts(scope: str, *acts: tuple[str, str, str]) -> tuple[Act, ...]:
    return tuple(Act(scope, name, (key,), does) for name, key, does in acts)


_VISIT: Final = (
    ("confirm", "C", N_("confirm")),
    ("arrived", "A", N_("arrived")),
    ("seat", "S", N_("seat")),
    ("done", "D", N_("done")),
    ("missed", "M", N_("missed")),
    ("cancel", "X", N_("cancel")),
)

ACTS: Final[tuple[Act, ...]] = (
    Act(WINDOW, "palette", ("Ctrl+K",), N_("Find a patient, action or screen"), _HELP),
    Act(WINDOW, "rail", (), N_("Screens of the rail, from the top"), _PLACE, "Ctrl+1…7"),
    Act(WINDOW, "help", ("F1",), N_("Show the keys"), _HELP),
    Act(WINDOW, "next_pane", ("F6",), N_("Next part of the window")),
    Act(WINDOW, "previous_pane", ("Shift+F6",), N_("Part of the window before")),
    Act(WINDOW, "side", ("F7",), N_("Show or hide the side panel")),
    Act(WINDOW, "book", ("Ctrl+N",), N_("New appointment")),
    Act(WINDOW, "new_patient", ("Ctrl+Shift+N",), N_("New patient")),
    Act(WINDOW, "find", ("Ctrl+F",), N_("Find on this screen")),
    Act(WINDOW, "print", ("Ctrl+P",), N_("Print this")),
    Act(WINDOW, "undo", ("Ctrl+Z",), N_("Undo"), _UNDO),
    Act(WINDOW, "redo", ("Ctrl+Y",), N_("Do again"), _UNDO),
    Act(WINDOW, "history", ("Ctrl+H",), N_("History of this")),
    Act(WINDOW, "save", ("Ctrl+S",), N_("Save now")),
    Act(WINDOW, "primary", ("Ctrl+Enter", "Ctrl+Return"), N_("Press the main button"), _MAIN),
    Act(WINDOW, "lock", ("Ctrl+L",), N_("Lock"), _LOCK),
    Act(WINDOW, "touch", ("Ctrl+Shift+T",), N_("Touch sizes on or off")),
    Act(WINDOW, "theme", ("Ctrl+Shift+D",), N_("Next theme: light, dark, high contrast")),
    Act(WINDOW, "reload", ("F5",), N_("Ask again")),
    Act(WINDOW, "leave", (), N_("Close the innermost; typed text is kept"), _TYPING, "Esc"),
    Act(WINDOW, "remove", (), N_("Put away or take out what is chosen"), _TYPING, "Del"),
    Act(WINDOW, "select", (), N_("Select what the focus is on"), _TYPING, "Space"),
    Act(WINDOW, "open", (), N_("Open what is chosen, go to the next field"), _TYPING, "Enter"),
    *_acts("today", *_VISIT, ("settle", "Y", N_("settle")),
           ("next", "N", N_("book the next visit")), ("note", "G", N_("note")),
           ("free", "F", N_("book the next free time")), ("layout", "L", N_("board or list")),
           ("call", "W", N_("who to call about a free time")),
           ("anew", "I", N_("make anew for another time"))),
    *_acts("calendar", ("new", "N", N_("book here")), ("find", "F", N_("find a slot")),
           ("to_book", "B", N_("lists to book from")),
           ("who", "W", N_("who to call about a free time")),
           ("today", "T", N_("today")), ("go_to", "G", N_("go to a date")),
           ("day", "1", N_("day")), ("three", "3", N_("three days")), ("week", "7", N_("week")),
           ("month", "0", N_("month")), ("by", "R", N_("columns by provider or by chair")),
           ("print_week", "O", N_("week on paper")),
           ("repeat", "E", N_("repeat, or change its series")),
           ("anew", "I", N_("make anew for another time")),
           ("park", "P", N_("park, to carry it to another day")),
           ("put", "V", N_("put the parked one down here")),
           ("next_visit", "J", N_("next appointment")),
           ("previous_visit", "K", N_("appointment before")), ("finer", "+", N_("finer slots")),
           ("coarser", "-", N_("coarser slots")), *_VISIT),
    Act("calendar", "walk", (), N_("another day; with Alt the visit moves"), _TYPING, "Ctrl+→"),
    *_acts("patients", ("chart", "Alt+2", N_("chart")), ("book", "N", N_("book")),
           ("star", "S", N_("star")), ("tags", "T", N_("tags")), ("filter", "Alt+F", N_("filter")),
           ("saved", "Alt+S", N_("saved filters; then their number"))),
    *_acts("recalls", ("book", "N", N_("book")), ("hold", "P", N_("hold back"))),
    *_acts("to_book", ("book", "N", N_("book"))),
    Act("to_book", "outcome", (), N_("what came of the call"), _PLACE, "1…5"),
    *_acts("broken", ("book", "N", N_("book"))),
    Act("broken", "outcome", (), N_("what came of the call"), _PLACE, "1…5"),
    *_acts("waiting", ("book", "B", N_("book")), ("add", "N", N_("put on the list")),
           ("change", "E", N_("change")), ("withdraw", "X", N_("take off the list"))),
    Act("recalls", "outcome", (), N_("what came of the call"), _PLACE, "1…5"),
    *_acts("duplicates", ("apart", "X", N_("not the same person")),
           ("first", "1", N_("open the one")), ("second", "2", N_("open the other"))),
    *_acts("patient", ("edit", "E", N_("edit contact")), ("alerts", "A", N_("alerts")),
           ("book", "N", N_("book")), ("star", "S", N_("star")),
           ("consents", "C", N_("consents to contact")), ("tags", "T", N_("tags")),
           ("photo", "P", N_("photo")), ("family", "G", N_("guardian and family")),
           ("previous", "Ctrl+PgUp", N_("patient of the list before")),
           ("next", "Ctrl+PgDown", N_("next patient of the list"))),
    Act("patient", "tabs", (), N_("tabs"), _PLACE, "Alt+1…9"),
    Act("chart", "status", (), N_("status: done, planned, existing, elsewhere…"), _WORDS,
        "Alt+D P E W C R I"),
    *_acts("chart", ("help", "Alt+H", N_("what can be typed")),
           ("known", "Alt+K", N_("when it was known"))),
    Act("chart", "look", ("Ctrl+Shift+Return", "Ctrl+Shift+Enter"),
        N_("see first what completing writes")),
    Act("chart", "surfaces", (), N_("surfaces of the tooth; Space picks one"), _TYPING,
        "Ctrl+arrows"),
    Act("chart", "dates", (), N_("earlier, later date; Home is the first"), _TYPING, "Alt+Left"),
    *_acts("perio", ("ten", "+", N_("adds 10 to the next digit")),
           ("bleeding", "B", N_("bleeding")),
           ("suppuration", "U", N_("suppuration")), ("plaque", "L", N_("plaque")),
           ("calculus", "K", N_("calculus")), ("margin", "M", N_("row of the margin, and back")),
           ("minus", "-", N_("the next margin lies coronal to the CEJ")),
           ("furcation", "F", N_("row of the furcations, and back")),
           ("mobility", "O", N_("row of the mobility, and back")),
           ("junction", "J", N_("row of the mucogingival junction, and back")),
           ("half", "H", N_("the other half of the mouth, where one is shown at a time"))),
    Act("perio", "depth", (), N_("depth, and on to the next site"), _PLACE, "0…9"),
    Act("perio", "three", (), N_("three sites at once, and one again"), _TYPING, "Space"),
    Act("perio", "back", (), N_("goes back and takes out"), _TYPING, "Backspace"),
    Act("perio", "skip", (), N_("skips to the next tooth"), _TYPING, "Enter"),
    Act("perio", "pages", (), N_("shows more above or below; the cursor stays"), _TYPING,
        "PgUp, PgDown"),
    *_acts("notes", ("new", "Alt+N", N_("new note")),
           ("addendum", "Alt+A", N_("add an addendum to a signed note")),
           ("template", "Alt+T", N_("insert a template"))),
    Act("notes", "open_place", (), N_("the next open place of a template"), _TYPING, "Tab"),
    Act("notes", "answer", (), N_("an answer that the open place offers"), _PLACE, "1…9"),
    *_acts("prescribe", ("instead", "Alt+A", N_("take the alternative"))),
    *_acts("ledger", ("reverse", "R", N_("reverse a payment"))),
    *_acts("images", ("add", "Alt+N", N_("add files")), ("compare", "C", N_("compare two")),
           ("xray", "X", N_("open the X-ray program")),
           ("scans", "S", N_("add the waiting scans")), ("about", "E", N_("describe"))),
    *_acts("image", ("larger", "+", N_("larger")), ("smaller", "-", N_("smaller")),
           ("whole", "0", N_("whole image")), ("exact", "1", N_("one dot to one dot")),
           ("left", "[", N_("turn left")), ("right", "]", N_("turn right")),
           ("mirror", "F", N_("mirror")), ("invert", "I", N_("invert")),
           ("reset", "R", N_("as taken")), ("marks", "H", N_("hide what is drawn")),
           ("tags", "D", N_("file's own data")), ("about", "E", N_("describe")),
           ("lighter", "B", N_("lighter")), ("darker", "Shift+B", N_("darker")),
           ("harder", "C", N_("more contrast")), ("softer", "Shift+C", N_("less contrast")),
           ("look", "V", N_("look")), ("arrow", "A", N_("arrow")), ("line", "L", N_("line")),
           ("text", "T", N_("text")), ("measure", "M", N_("measure")),
           ("scale", "K", N_("calibrate"))),
    Act("documents", "zoom", (), N_("zoom; W page width, 0 whole page"), _READER, "+ −"),
    *_acts("documents", ("add", "Alt+N", N_("add files")), ("about", "E", N_("describe"))),
    *_acts("stock", ("use", "U", N_("use")), ("receive", "R", N_("receive")),
           ("waste", "W", N_("waste")), ("count", "C", N_("count")),
           ("find", "B", N_("search or scan")), ("new", "N", N_("new product"))),
    *_acts("import", ("choose", "Ctrl+O", N_("choose a file")),
           ("try", "Ctrl+T", N_("try without importing"))),
    *_acts("settings", ("changes", "Alt+H", N_("what was changed in the section"))),
    *_acts("settings.people", ("invite", "I", N_("invite")), ("word", "W", N_("new word"))),
    *_acts("settings.services", ("new", "N", N_("new"))),
    *_acts("settings.note_templates", ("new", "N", N_("new")),
           ("place", "Alt+P", N_("insert a place"))),
    *_acts("settings.rooms", ("new", "N", N_("new"))),
    *_acts("settings.providers", ("new", "N", N_("new"))),
    *_acts("settings.days_off", ("new", "N", N_("new")), ("holidays", "H", N_("holidays")),
           ("bring", "B", N_("bring busy times in"))),
    *_acts("settings.calendars", ("write", "W", N_("write a feed")),
           ("bring", "N", N_("bring a calendar in"))),
    *_acts("settings.integrations", ("try", "T", N_("try it"))),
    *_acts("settings.keys", ("reset", "R", N_("usual key"))),
    *_acts("settings.transfer", ("begin", "N", N_("import a file")),
           ("bring", "B", N_("bring in a record"))),
)  # fmt: skip
