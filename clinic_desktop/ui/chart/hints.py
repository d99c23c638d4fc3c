"""How the vocabulary says a mark is drawn, and the kinds of drawing that go together."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPainterPath

from clinic_desktop.domain.chart_details import has, sign_of
from clinic_desktop.domain.teeth.chart import ChartMark, ToothState, ToothView
from clinic_desktop.domain.vocabulary import terms
from clinic_desktop.ui.chart.inks import Ink

# A treatment without a drawing of its own is drawn as a filling of its surfaces.
FILLINGS: Final = frozenset(
    {
        "",
        "fill_dark",
        "fill_light",
        "fill_hatch",
        "fill_outline",
        "fill_gold",
        "fill_light_border",
        "S_mark",
    }
)
DENTURES: Final = frozenset({"denture_bar", "denture_bar_clasp"})
CROWNS: Final = frozenset({"crown_overlay", "crown_overlay_link", "pontic", "screw_crown"})
# What covers the crown wholly, seen from above and from the cheek.
WHOLE_CROWN: Final = CROWNS | DENTURES
SCREWS: Final = frozenset({"screw", "screw_crown"})
WEAR: Final = frozenset({"wear_flat", "wear_notch", "wear_scoop"})
# The letters of fillings; the usual one, composite, has none.
_MATERIALS: Final = {
    "fill_dark": "A",
    "fill_hatch": "G",
    "fill_outline": "T",
    "fill_gold": "Au",
    "fill_light_border": "In",
}
FACIAL: Final = frozenset({"facial_overlay"})
LESIONS: Final = frozenset({"lesion_fill", "lesion_fill_outline", "lesion_outline"})
PULP: Final = frozenset({"pulp_red", "pulp_half", "pulp_grey", "chamber_fill"})
_LEANING: Final = frozenset({ToothState.IMPACTED, ToothState.UNERUPTED})
GONE: Final = "hide_tooth_keep_number"


def hint_of(mark: ChartMark) -> str:
    """Return the vocabulary's drawing hint of a mark, empty for one without."""
    term = terms().get(mark.paint)
    return term.hint if term else ""


def covers_crown(mark: ChartMark) -> bool:
    """Return whether a mark covers the whole crown; a clasp only holds on to it."""
    hint = hint_of(mark)
    return hint in CROWNS or (hint in DENTURES and not has(mark.detail, "clasp"))


def letter_of_material(mark: ChartMark) -> str:
    """Return the letter that tells one filling or crown from another, or nothing."""
    hint = hint_of(mark)
    if hint in _MATERIALS:
        return _MATERIALS[hint] + sign_of(mark.paint, mark.detail)
    if hint in CROWNS or hint in FACIAL:
        return sign_of(mark.paint, mark.detail)
    return ""


def fill_area(painter: QPainter, area: QPainterPath, ink: Ink) -> None:
    """Fill an area as its status is drawn: ground, pattern, edge."""
    fill_ground(painter, area, ink)
    edge_area(painter, area, ink)


def fill_ground(painter: QPainter, area: QPainterPath, ink: Ink) -> None:
    """Fill an area with ground and pattern, without its edge."""
    painter.setPen(Qt.PenStyle.NoPen)
    if ink.patterned:
        painter.setBrush(ink.ground)
        painter.drawPath(area)
    painter.setBrush(ink.fill)
    painter.drawPath(area)


def edge_area(painter: QPainter, area: QPainterPath, ink: Ink) -> None:
    """Draw the edge of an area."""
    painter.setPen(ink.edge)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(area)


def stays_inside(view: ToothView) -> bool:
    """Return whether a tooth is drawn within its column: not joined to others, not moved."""
    if view.state in _LEANING:
        return False
    scopes = (terms()[mark.paint].scope for mark in view.marks if mark.paint in terms())
    return all(scope.startswith("surface") for scope in scopes)
