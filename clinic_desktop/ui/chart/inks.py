"""The colours, pens and patterns of the tooth chart, made from the theme once."""

from dataclasses import dataclass, replace
from typing import Final

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QGuiApplication,
    QPainter,
    QPen,
    QPixmap,
    QTransform,
)

from clinic_desktop.domain.teeth.chart import MarkStatus
from clinic_desktop.ui.theme.patterns import pattern_brush
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.theme.tokens import tokens

_ROLES: Final = {
    MarkStatus.PLANNED: "chart_planned",
    MarkStatus.IN_PROGRESS: "chart_progress",
    MarkStatus.DONE: "chart_done",
    MarkStatus.EXISTING: "chart_existing",
    MarkStatus.ELSEWHERE: "chart_elsewhere",
    MarkStatus.REFERRED: "chart_referred",
    MarkStatus.CONDITION: "chart_condition",
}
_PATTERNS: Final = {
    MarkStatus.PLANNED: "hatch-45",
    MarkStatus.IN_PROGRESS: "half",
    MarkStatus.REFERRED: "lines-v",
}
_EDGES: Final = {MarkStatus.PLANNED: 1.8, MarkStatus.EXISTING: 2.4, MarkStatus.ELSEWHERE: 1.6}
_PLAIN_EDGE: Final = 1.3
_LINE: Final = 2.8
# A tile of the dots of work from elsewhere: two of them, staggered, so that no lines appear.
_DOT_TILE: Final = 5
_DOT: Final = 0.95
# How far a tooth in the bone fades into the ground.
_PALE: Final = 0.55
# Dashes in multiples of the pen's width.
_DASHES: Final = [3.0, 2.0]
# Attrition, abrasion, erosion: told apart by the direction of the lines.
_WEAR: Final = {
    "wear_flat": Qt.BrushStyle.HorPattern,
    "wear_notch": Qt.BrushStyle.BDiagPattern,
    "wear_scoop": Qt.BrushStyle.DiagCrossPattern,
}
_LINE_DASHES: Final = {
    MarkStatus.PLANNED: [2.0, 1.2],
    MarkStatus.IN_PROGRESS: [4.0, 1.0, 1.0, 1.0],
    MarkStatus.ELSEWHERE: [1.0, 0.8],
    MarkStatus.REFERRED: [1.0, 1.6],
}


@dataclass(frozen=True, slots=True)
class Ink:
    """How one status is drawn: areas (ground, then fill, then edge) and thick lines."""

    ground: QBrush
    fill: QBrush
    edge: QPen
    line: QPen
    colour: QColor

    @property
    def patterned(self) -> bool:
        """Whether the ground shows through the fill."""
        return self.fill.style() is not Qt.BrushStyle.SolidPattern


@dataclass(frozen=True, slots=True)
class Inks:
    """Everything the chart is drawn with in one theme."""

    by_status: dict[MarkStatus, Ink]
    enamel: QBrush
    root: QBrush
    root_back: QBrush
    metal: QBrush
    unknown: QBrush
    unknown_soft: QBrush
    outline: QPen
    inner: QPen
    rim: QPen
    absent: QPen
    cross: QPen
    gum: QPen
    unknown_line: QPen
    finding: QPen
    worn: dict[str, Ink]
    condition: QColor
    on_condition: QColor
    text: QColor
    text_quiet: QColor
    unknown_text: QColor
    tooth_letter: QColor
    accent: QColor
    accent_soft: QColor
    focus: QColor
    warning: QColor
    on_warning: QColor
    border: QColor
    surface: QColor
    number_font: QFont
    sign_font: QFont
    edge_font: QFont


def _pen(colour: QColor, width: float, dashes: list[float] | None = None) -> QPen:
    pen = QPen(colour, width)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap if dashes else Qt.PenCapStyle.RoundCap)
    if dashes:
        pen.setDashPattern(dashes)
    return pen


def _ink(theme: Theme, status: MarkStatus) -> Ink:
    role = _ROLES[status]
    colour, pattern = theme.color(role), _PATTERNS.get(status)
    fill = QBrush(colour)
    if status is MarkStatus.EXISTING:
        fill = QBrush(theme.wash(role))
    elif status is MarkStatus.ELSEWHERE:
        fill = _dots(colour)
    elif pattern is not None:
        fill = theme.pattern(pattern, role)
    ground = theme.wash(role) if status is MarkStatus.ELSEWHERE else theme.color("tooth_enamel")
    dashes = _DASHES if status is MarkStatus.PLANNED else None
    return Ink(
        ground=QBrush(ground),
        fill=fill,
        edge=_pen(colour, _EDGES.get(status, _PLAIN_EDGE), dashes),
        line=_pen(colour, _LINE, _LINE_DASHES.get(status)),
        colour=colour,
    )


def _dots(colour: QColor) -> QBrush:
    """Return the dots of work from elsewhere, sharp on the screen they are drawn on."""
    ratio = float(QGuiApplication.primaryScreen().devicePixelRatio())
    side = round(_DOT_TILE * ratio)
    tile = QPixmap(side, side)
    tile.fill(Qt.GlobalColor.transparent)
    painter = QPainter(tile)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    for at in (side * 0.25, side * 0.75):
        painter.drawEllipse(QPointF(at, at), _DOT * ratio, _DOT * ratio)
    painter.end()
    brush = QBrush(tile)
    brush.setTransform(QTransform.fromScale(1 / ratio, 1 / ratio))
    return brush


def _unknown(theme: Theme) -> QBrush:
    """Return the hatch of what nobody has looked at, in full strength: one sign stands on it."""
    ratio = float(QGuiApplication.primaryScreen().devicePixelRatio())
    colour = theme.color("unknown_line")
    return pattern_brush("unknown", tokens().pattern["unknown"], colour, ratio)


def _mixed(colour: QColor, ground: QColor) -> QColor:
    """Return a colour faded into the ground."""
    return QColor.fromRgbF(
        colour.redF() + (ground.redF() - colour.redF()) * _PALE,
        colour.greenF() + (ground.greenF() - colour.greenF()) * _PALE,
        colour.blueF() + (ground.blueF() - colour.blueF()) * _PALE,
    )


def pale(inks: Inks, ground: QColor) -> Inks:
    """Return the inks of a tooth in the bone; faded, not transparent, so that roots cover."""
    return replace(
        inks,
        enamel=QBrush(_mixed(inks.enamel.color(), ground)),
        root=QBrush(_mixed(inks.root.color(), ground)),
        root_back=QBrush(_mixed(inks.root_back.color(), ground)),
        outline=_pen(_mixed(inks.outline.color(), ground), 1.0),
    )


def _finding_pen(theme: Theme) -> QPen:
    """Return the pen of cracks, breaks and arrows: sharp corners."""
    pen = QPen(theme.color("chart_condition"), 1.8)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    return pen


def _worn(theme: Theme, pattern: Qt.BrushStyle) -> Ink:
    """Return the ink of worn surfaces: brown lines on enamel."""
    colour = theme.color("chart_condition")
    return Ink(
        ground=QBrush(theme.color("tooth_enamel")),
        fill=QBrush(colour, pattern),
        edge=_pen(colour, 1.0),
        line=_pen(colour, 1.0),
        colour=colour,
    )


def make_inks(theme: Theme) -> Inks:
    """Return the inks of the theme in force."""
    line, ghost = theme.color("tooth_line"), theme.color("tooth_ghost")
    sign = theme.font("micro", weight=700)
    return Inks(
        by_status={status: _ink(theme, status) for status in MarkStatus},
        enamel=QBrush(theme.color("tooth_enamel")),
        root=QBrush(theme.color("tooth_root")),
        root_back=QBrush(theme.color("tooth_root_back")),
        metal=QBrush(theme.color("chart_metal")),
        unknown=_unknown(theme),
        unknown_soft=QBrush(theme.color("unknown_soft")),
        outline=_pen(line, 1.0),
        inner=_pen(line, 0.8),
        rim=_pen(line, 1.4),
        absent=_pen(ghost, 1.0, [2.5, 2.5]),
        cross=_pen(ghost, 1.6),
        gum=_pen(theme.color("text_3"), 1.4),
        unknown_line=_pen(theme.color("unknown_line"), 1.3),
        finding=_finding_pen(theme),
        worn={hint: _worn(theme, pattern) for hint, pattern in _WEAR.items()},
        condition=theme.color("chart_condition"),
        on_condition=theme.color("tooth_enamel"),
        text=theme.color("text"),
        text_quiet=theme.color("text_3"),
        unknown_text=theme.color("on_unknown_soft"),
        tooth_letter=theme.color("tooth_line"),
        accent=theme.color("accent"),
        accent_soft=theme.color("accent_soft"),
        focus=theme.color("focus"),
        warning=theme.color("warning_line"),
        on_warning=theme.color("on_warning"),
        border=theme.color("border"),
        surface=theme.color("surface"),
        number_font=theme.font("strong", tabular=True),
        sign_font=sign,
        edge_font=theme.font("micro"),
    )
