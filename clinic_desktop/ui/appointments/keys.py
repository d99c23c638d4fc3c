"""The keys of the calendar: one table for what they do and for the key help."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget

from clinic_desktop.i18n import N_, _
from clinic_desktop.ui.keymap.keymap import meant_key
from clinic_desktop.ui.screen import KeyHelp

VIEW_KEYS: Final = ("F2", "F3", "F4", "F8", "F9", "F10", "F11", "F12")


@dataclass(frozen=True)
class CalendarKey:
    """A name, the keys that do it, and the words of the key help; no words, no line there."""

    name: str
    keys: tuple[str, ...]
    does: str = ""
    shown: str = ""
    """How the key help writes the keys, where the first of them would not say it."""


KEYS: Final = (
    CalendarKey("enter", ("Return", "Enter"), N_("book here, or open"), "Enter"),
    CalendarKey("find", ("F",), N_("find a slot")),
    CalendarKey("to_book", ("B",), N_("lists to book from")),
    CalendarKey("who", ("W",), N_("who to call about a free time")),
    CalendarKey("today", ("T",), N_("today")),
    CalendarKey("hold", ("Space",), N_("take hold: arrows, Enter puts it there, Esc does not")),
    CalendarKey("repeat", ("E",), N_("repeat, or change its series")),
    CalendarKey("anew", ("I",), N_("make anew for another time")),
    CalendarKey("park", ("P",), N_("park, to carry it to another day")),
    CalendarKey("put", ("V",), N_("put the parked one down here")),
    CalendarKey("book", ("N",), N_("book here")),
    CalendarKey("back", ("PgUp", "Ctrl+Left"), N_("earlier: day, days, week or month")),
    CalendarKey("forward", ("PgDown", "Ctrl+Right"), N_("later: day, days, week or month")),
    CalendarKey("week_back", ("Ctrl+Up",), N_("a week earlier")),
    CalendarKey("week_forward", ("Ctrl+Down",), N_("a week later")),
    CalendarKey("go_to", ("G",), N_("go to a date")),
    CalendarKey("day", ("1",), N_("day")),
    CalendarKey("three", ("3",), N_("three days")),
    CalendarKey("week", ("7",), N_("week")),
    CalendarKey("month", ("0",), N_("month")),
    CalendarKey("by", ("R",), N_("columns by provider or by chair")),
    CalendarKey("print_week", ("O",), N_("week on paper")),
    CalendarKey("finer", ("+",), N_("finer slots")),
    CalendarKey("coarser", ("-",), N_("coarser slots")),
    CalendarKey("up", ("Up",)),
    CalendarKey("down", ("Down",)),
    CalendarKey("left", ("Left",)),
    CalendarKey("right", ("Right",)),
    CalendarKey("first", ("Home",), N_("first place of the column")),
    CalendarKey("last", ("End",), N_("last place of the column")),
    CalendarKey("next_visit", ("J",), N_("next appointment")),
    CalendarKey("previous_visit", ("K",), N_("appointment before")),
    CalendarKey("move_up", ("Alt+Up",), N_("move by a slot or a column"), "Alt+arrows"),
    CalendarKey("move_down", ("Alt+Down",)),
    CalendarKey("move_left", ("Alt+Left",)),
    CalendarKey("move_right", ("Alt+Right",)),
    CalendarKey("longer", ("Alt+Shift+Down",), N_("make longer")),
    CalendarKey("shorter", ("Alt+Shift+Up",), N_("make shorter")),
    CalendarKey("stretch", ("Shift+Down",), N_("longer, while it is held")),
    CalendarKey("shrink", ("Shift+Up",), N_("shorter, while it is held")),
    CalendarKey("give_up", ("Esc",), N_("let it stay where it was")),
    *(CalendarKey(f"view_{key}", (key,)) for key in VIEW_KEYS),
)
STEPS: Final = {"up": (0, -1), "down": (0, 1), "left": (-1, 0), "right": (1, 0)}
WALKS: Final = frozenset({"back", "forward", "week_back", "week_forward", "today"})
MOVES: Final = {f"move_{name}": step for name, step in STEPS.items()}


def _combination(key: str) -> int:
    found: QKeyCombination = QKeySequence(key)[0]  # type: ignore[index]  # missing from the stubs
    return found.toCombined()


_LETTERS: Final = {key: one.name for one in KEYS for key in one.keys if len(key) == 1}
_COMBINATIONS: Final = {
    _combination(key): one.name for one in KEYS for key in one.keys if len(key) > 1
}


def act_of(widget: QWidget, event: QKeyEvent) -> str:
    """Return the name of what a key does in the calendar, or nothing."""
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    # A sign is what is typed, with or without Shift: keyboards differ in where they have it.
    found = _LETTERS.get(meant_key(widget, event))
    if found is not None:
        return found
    return _COMBINATIONS.get(QKeyCombination(modifiers, Qt.Key(event.key())).toCombined(), "")


def calendar_keys() -> list[KeyHelp]:
    """Return the keys of the calendar, those of its appointments among them."""
    area = _("Calendar")
    own = [KeyHelp(one.shown or one.keys[0], _(one.does), area) for one in KEYS if one.does]
    visits = [
        KeyHelp("C", _("confirm"), area),
        KeyHelp("A", _("arrived"), area),
        KeyHelp("S", _("seat"), area),
        KeyHelp("D", _("done"), area),
        KeyHelp("M", _("missed"), area),
        KeyHelp("X", _("cancel"), area),
    ]
    times = _("Free times")
    more = [
        KeyHelp("1…9", _("choose a free time"), times),
        KeyHelp("Enter", _("book it"), times),
        KeyHelp("Shift+Enter", _("book it by the form"), times),
        KeyHelp("Esc", _("look no more"), times),
        KeyHelp("Ctrl+P", _("day sheet"), area),
        KeyHelp("F2…F4, F8…F12", _("saved views"), area),
        KeyHelp("Ctrl+S", _("save this view on a key"), area),
    ]
    return [*own[:3], *visits, *own[3:], *more]
