"""Colours, pens and fonts of the grid, made from the theme once."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtGui import QBrush, QColor, QPen

from clinic_desktop.ui.chart.inks import Inks, make_inks
from clinic_desktop.ui.theme.theme import Face, Theme

_DASH: Final = [2.5, 2.0]
_WASH: Final = 0.22


@dataclass(frozen=True, slots=True)
class PerioInks:
    """Everything that grid and graph are drawn with."""

    teeth: Inks
    surface: QColor
    text: QColor
    quiet: QColor
    faint: QColor
    accent: QColor
    accent_soft: QColor
    focus: QColor
    grid: QPen
    grid_strong: QPen
    deep: QColor
    on_deep: QColor
    margin: QColor
    bleed: QColor
    plaque: QColor
    pus: QColor
    calculus: QColor
    unknown: QColor
    warning: QColor
    line_margin: QPen
    line_depth: QPen
    line_deep: QPen
    line_assumed: QPen
    line_before: QPen
    line_junction: QPen
    halo: QPen
    ruler: QPen
    ruler_strong: QPen
    shade: QBrush
    shade_deep: QBrush
    face: Face
    strong: Face
    small: Face
    tight: Face
    hair: QPen
    due: Face


def _pen(colour: QColor, width: float, dashes: list[float] | None = None) -> QPen:
    pen = QPen(colour, width)
    if dashes:
        pen.setDashPattern(dashes)
    return pen


def _washed(colour: QColor) -> QBrush:
    washed = QColor(colour)
    washed.setAlphaF(_WASH)
    return QBrush(washed)


def perio_inks(theme: Theme) -> PerioInks:
    """Return the inks of the theme in force."""
    color = theme.color
    return PerioInks(
        teeth=make_inks(theme),
        surface=color("surface"),
        text=color("text"),
        quiet=color("text_2"),
        faint=color("text_3"),
        accent=color("accent"),
        accent_soft=color("accent_soft"),
        focus=color("focus"),
        grid=QPen(color("grid"), 1),
        grid_strong=QPen(color("border_strong"), 1.4),
        deep=color("perio_deep"),
        on_deep=color("on_danger"),
        margin=color("perio_margin"),
        bleed=color("perio_bleed"),
        plaque=color("perio_plaque"),
        pus=color("warning_line"),
        calculus=color("text_2"),
        unknown=color("unknown"),
        warning=color("warning_line"),
        line_margin=_pen(color("perio_margin"), 1.6),
        line_depth=_pen(color("perio_depth"), 1.6),
        line_deep=_pen(color("perio_deep"), 1.6),
        line_assumed=_pen(color("unknown_line"), 1.4, _DASH),
        line_before=_pen(color("text_3"), 1.3, [1.2, 1.6]),
        line_junction=_pen(color("success_line"), 1.3, [4.0, 2.0]),
        halo=_pen(color("surface"), 3.4),
        ruler=QPen(color("grid"), 1),
        ruler_strong=QPen(color("grid_strong"), 1),
        shade=_washed(color("perio_depth")),
        shade_deep=_washed(color("perio_deep")),
        face=theme.face("small", tabular=True),
        strong=theme.face("small", tabular=True, weight=700),
        tight=theme.face("micro", tabular=True),
        hair=QPen(color("border"), 1),
        small=theme.face("micro"),
        due=theme.face("strong", tabular=True),
    )
