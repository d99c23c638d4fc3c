"""The sign of a margin: one is stored, a clinic chooses which it types, sees and prints.

Stored is recession as positive (perio_rules.json, ``sign_convention``). A digit alone is recession
in every display; a sign before it means what it means in the figures of the grid.
"""

from enum import StrEnum
from typing import Final

from clinic_desktop.domain.perio.exam import ToothReading
from clinic_desktop.i18n import N_, _

MINUS: Final = "\N{MINUS SIGN}"


class MarginSign(StrEnum):
    """Which sign recession has where margins are typed and shown."""

    PLUS = "recession_plus"
    MINUS = "recession_minus"


SIGNS: Final = {
    MarginSign.PLUS: N_("Recession +, coronal to the CEJ −"),
    MarginSign.MINUS: N_("Recession −, coronal to the CEJ +"),
}
LEGENDS: Final = {
    MarginSign.PLUS: N_("Margin: + recession, − coronal to the CEJ"),
    MarginSign.MINUS: N_("Margin: − recession, + coronal to the CEJ"),
}
# Translators: label of a row, 16 letters at most: the margin, and which sign recession has.
ROW_LABELS: Final = {
    MarginSign.PLUS: N_("Margin (rec. +)"),
    MarginSign.MINUS: N_("Margin (rec. −)"),
}


def signed(mm: int, sign: MarginSign = MarginSign.PLUS) -> str:
    """Return a stored margin as it is shown: ``+2``, ``−2`` or ``0``."""
    shown = -mm if sign is MarginSign.MINUS else mm
    return f"+{shown}" if shown > 0 else f"{MINUS}{-shown}" if shown < 0 else "0"


def stored(mm: int, typed: str, sign: MarginSign = MarginSign.PLUS) -> int:
    """Return what is stored of mm typed behind ``+``, ``-`` or no sign."""
    coronal = "-" if sign is MarginSign.PLUS else "+"
    return -mm if typed == coronal else mm


def on_enamel(reading: ToothReading, site: int) -> bool:
    """Return whether the pocket would end coronal to the junction: often a wrong sign."""
    loss = reading.loss(site)
    return loss is not None and loss < 0


def doubt(place: str, reading: ToothReading, site: int) -> str:
    """Return why the sign of a margin may be wrong, with what to type; empty where it may not.

    Nothing is refused: where a tooth is still coming through, attachment lies on the enamel.
    """
    margin, depth = reading.margin[site], reading.depth[site]
    if margin is None or depth is None or not on_enamel(reading, site):
        return ""
    return _(
        "{place}: a margin {mm} mm coronal to the CEJ and a pocket of {depth} mm put the"
        " attachment on the enamel. It is stored. If it is recession, type {mm} without a sign."
    ).format(place=place, mm=-margin, depth=depth)
