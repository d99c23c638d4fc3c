"""The golden paths: the most keys and clicks that the design allows each."""

from dataclasses import dataclass
from typing import Final

# A click, a chord or the key that commits what was typed is 1; typing is free. Each begins where a
# person already looks: at the card, the slot, the tab.
ALLOWED: Final = {
    "find and open a patient": 2,
    "register a patient": 6,  # two, and the commit of each of four fields
    "book a known patient into a visible slot": 2,
    "book the next free slot": 3,
    "move an appointment": 1,
    "confirm": 1,
    "check in": 1,
    "seat": 1,
    "dismiss": 1,
    "cancel an appointment": 2,
    "open the patient in the chair": 1,
    "chart a filling": 1,
    "chart an existing filling": 1,
    "chart several in one line": 1,
    "mark a tooth missing": 1,
    "complete the visit": 1,
    "prescribe a usual medicine": 2,
    "print the invoice": 1,
}


@dataclass
class Allowed:
    """The most that a path may take where it is walked now."""

    most: int


# One key each site, counted in the mouth at hand: 192 in one with 32 teeth.
SITES: Final = "probe every site"
PATHS: Final = (*ALLOWED, SITES)
