"""How the program was started and how it looks: what the first picture and the program share."""

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication

from clinic_desktop.errors import SetupError
from clinic_desktop.homes import ENVIRONMENT, SETTINGS_FILE
from clinic_desktop.i18n import LANGUAGES, _
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.theme.tokens import THEMES
from clinic_desktop.ui.widgets.focus_ring import FocusRing


@dataclass(frozen=True)
class Start:
    """How the program was started: its home, the connection named, sample clinic, smoke test."""

    home: Path
    profile: str | None = None
    demo: bool = False
    smoke: bool = False
    fast: bool = False
    """Gives up durability of a server of its own; for tests alone."""


class Look(Protocol):
    """What a window looks like, by the settings."""

    @property
    def language(self) -> str | None: ...
    @property
    def theme(self) -> str: ...
    @property
    def scale(self) -> int: ...


@dataclass(frozen=True)
class FirstLook:
    """The look as file and environment say it; what is damaged there is told by the settings."""

    language: str | None = None
    theme: str = "system"
    scale: int = 100

    @classmethod
    def of(cls, home: Path) -> "FirstLook":
        """Return the look for the first picture: what cannot be read or used counts as usual."""
        try:
            found = json.loads((home / SETTINGS_FILE).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            found = {}
        kept = found if isinstance(found, dict) else {}

        def asked(name: str) -> object:
            return os.environ.get(ENVIRONMENT + name.upper()) or kept.get(name)

        language, theme, scale = asked("language"), asked("theme"), str(asked("scale"))
        return cls(
            language=language if isinstance(language, str) else None,
            theme=theme if isinstance(theme, str) and theme in THEMES else "system",
            scale=int(scale) if scale.isdecimal() and 100 <= int(scale) <= 200 else 100,
        )


def must_have_display() -> None:
    """Raise SetupError where no window can be shown; Qt itself would end the program."""
    named = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    if sys.platform.startswith("linux") and not any(os.environ.get(name) for name in named):
        raise SetupError(
            _("This computer shows no windows: there is no display. Try “clinic-desktop tour”.")
        )


def make_app(look: Look) -> QApplication:
    """Return the application in the size that the settings ask for."""
    found = QApplication.instance()
    if isinstance(found, QApplication):
        app = found
    else:
        if look.scale != 100:
            os.environ.setdefault("QT_SCALE_FACTOR", str(look.scale / 100))
        QGuiApplication.setHighDpiScaleFactorRoundingPolicy(
            Qt.HighDpiScaleFactorRoundingPolicy.PassThrough
        )
        app = QApplication(sys.argv[:1])
    app.setApplicationName("Clinic Desktop")
    app.setDesktopFileName("clinic-desktop")
    # The lock hides every window for a moment; the program ends when we say so.
    app.setQuitOnLastWindowClosed(False)
    return app


def language_of(look: Look) -> str:
    """Return the language chosen for this computer, or the system's if we have it."""
    chosen = look.language or QLocale.system().name()[:2]
    return chosen if chosen in LANGUAGES else "en"


def theme_of(look: Look) -> str:
    """Return the theme chosen for this computer, or what the system prefers."""
    if look.theme != "system":
        return look.theme
    dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
    return "dark" if dark else "light"


def dress(app: QApplication, theme: Theme) -> list[str]:
    """Give the application its colours and its icon; return which fonts are missing."""
    missing = theme.apply(app)
    FocusRing(app, theme)
    app.setWindowIcon(QIcon(theme.pixmap("tooth", "accent", 64, 1.0)))
    return missing
