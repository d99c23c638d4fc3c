"""The fonts that ship with the program: Inter first, then one family for each script it lacks."""

from typing import Final

from PySide6.QtGui import QFont, QFontDatabase

from clinic_desktop.resources import resource
from clinic_desktop.ui.theme.tokens import TypeToken, tokens

FILES: Final = (
    "Inter-Regular.ttf",
    "Inter-Medium.ttf",
    "Inter-SemiBold.ttf",
    "Inter-Bold.ttf",
    "NotoSansArabic-Regular.ttf",
    "NotoSansArabic-Bold.ttf",
    "NotoSansHebrew-Regular.ttf",
    "NotoSansHebrew-Bold.ttf",
    "NotoSansDevanagari-Regular.ttf",
    "NotoSansDevanagari-Bold.ttf",
    "NotoSansThai-Regular.ttf",
    "NotoSansThai-Bold.ttf",
    "DroidSansFallback.ttf",
    "NotoEmoji-Regular.ttf",
)
# What our files lack (Tamil, Georgian, Ethiopic ...) comes from the system where it has it.
FAMILIES: Final = (
    "Inter",
    "Noto Sans Arabic",
    "Noto Sans Hebrew",
    "Noto Sans Devanagari",
    "Noto Sans Thai",
    "Droid Sans Fallback",
    "Noto Emoji",
    "Noto Sans",
    "Segoe UI",
)


def register_fonts() -> list[str]:
    """Make the shipped fonts known to Qt and return the files that could not be loaded.

    Registering the same file twice is harmless; a file that is missing leaves the system's
    fonts in its place, so the program still starts.
    """
    failed = []
    for name in FILES:
        path = resource("fonts", name)
        if not path.is_file() or QFontDatabase.addApplicationFont(str(path)) < 0:
            failed.append(name)
    return failed


def make_font(
    step: TypeToken, *, scale: float, features: tuple[str, ...], weight: int | None = None
) -> QFont:
    """Return the font of one step of the scale with OpenType features switched on."""
    font = QFont()
    font.setFamilies(list(FAMILIES))
    font.setPixelSize(max(1, round(step.size * scale)))
    font.setWeight(QFont.Weight(weight or step.weight))
    font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, step.tracking * step.size * scale)
    for tag in features:
        font.setFeature(QFont.Tag(tag), 1)
    return font


def text_features() -> tuple[str, ...]:
    """Return the features of running text."""
    return tokens().features["text"]


def number_features() -> tuple[str, ...]:
    """Return the features of columns of figures: every digit has the same width."""
    return text_features() + tokens().features["numbers"]


def identifier_features() -> tuple[str, ...]:
    """Return the features of record and invoice numbers: slashed zero, unmistakable letters."""
    return tokens().features["identifiers"]
