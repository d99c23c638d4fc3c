"""What the operating system asks for: a contrast theme of its own, or less motion."""

import sys
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

_GROUNDS: Final = ("canvas", "surface", "sunken", "hover", "rail", "inverse_accent")
_INKS: Final = ("text", "text_2", "text_3", "border", "border_strong", "border_control", "inverse")


def prefers_contrast() -> bool:
    """Return whether Windows runs a contrast theme; its colours then replace ours."""
    if sys.platform != "win32" or QGuiApplication.instance() is None:
        return False
    preference = QGuiApplication.styleHints().accessibility().contrastPreference()
    return preference == Qt.ContrastPreference.HighContrast


def prefers_less_motion() -> bool:
    """Return whether the person switched animations off in Windows."""
    if sys.platform != "win32" or QGuiApplication.instance() is None:
        return False
    return not QApplication.isEffectEnabled(Qt.UIEffect.UI_AnimateMenu)


def system_colours(palette: QPalette, base: dict[str, QColor]) -> dict[str, QColor]:
    """Return ``base`` with every ground, ink and selection taken from the system's palette.

    Meanings (danger, warning, chart statuses) keep our colours where they stand out from the
    system's ground, and become the system's ink where they do not: icons and words carry them.
    """
    ground = palette.color(QPalette.ColorRole.Window)
    ink = palette.color(QPalette.ColorRole.WindowText)
    chosen = palette.color(QPalette.ColorRole.Highlight)
    on_chosen = palette.color(QPalette.ColorRole.HighlightedText)
    colours = {
        role: colour if role.startswith(("tooth_", "chart_")) else readable(colour, ground, ink)
        for role, colour in base.items()
    }
    colours.update(dict.fromkeys(_GROUNDS, ground))
    colours.update(dict.fromkeys(_INKS, ink))
    colours.update({role: ground for role in base if role.endswith("_soft") and "on_" not in role})
    colours.update({role: ground for role in base if role in _ON_FILLED})
    colours.update(dict.fromkeys(("accent", "accent_hover", "accent_pressed"), chosen))
    colours.update({"on_accent": on_chosen, "on_accent_soft": ink, "on_inverse": ground})
    colours["text_disabled"] = palette.color(
        QPalette.ColorGroup.Disabled, QPalette.ColorRole.WindowText
    )
    colours["focus"] = readable(base["focus"], ground, ink)
    colours["scrim"] = base["scrim"]
    return colours


_ON_FILLED: Final = ("on_danger", "on_warning", "on_success", "on_info")


def readable(colour: QColor, ground: QColor, ink: QColor) -> QColor:
    """Return ``colour`` where it can be read on ``ground`` (4.5 : 1), else ``ink``."""
    return colour if contrast_ratio(colour, ground) >= 4.5 else ink


def contrast_ratio(one: QColor, other: QColor) -> float:
    """Return the contrast of two colours as WCAG 2.2 defines it, from 1 to 21."""
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def luminance(colour: QColor) -> float:
    """Return the relative luminance of an sRGB colour as WCAG 2.2 defines it."""

    def linear(channel: float) -> float:
        return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4

    return (
        0.2126 * linear(colour.redF())
        + 0.7152 * linear(colour.greenF())
        + 0.0722 * linear(colour.blueF())
    )
