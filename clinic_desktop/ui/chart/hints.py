"""How the vocabulary says a mark is drawn, and the kinds of drawing that go together."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPainterPath

from clinic_desktop.domain.teeth.chart import ChartMark
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
WHOLE_CROWN: Final = frozenset({"crown_overlay", "crown_overlay_link", "pontic", "screw_crown"})
SCREWS: Final = frozenset({"screw", "screw_crown"})
LESIONS: Final = frozenset({"lesion_fill", "lesion_fill_outline", "lesion_outline"})
PULP: Final = frozenset({"pulp_red", "pulp_grey", "chamber_fill"})
GONE: Final = "hide_tooth_keep_number"


def hint_of(mark: ChartMark) -> str:
    """Return the vocabulary's drawing hint of a mark, empty for one without."""
    term = terms().get(mark.paint)
    return term.hint if term else ""


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
