"""The look that tests of screens and widgets share: one theme, light and regular in each test."""

import pytest
from PySide6.QtWidgets import QApplication

from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.focus_ring import FocusRing


@pytest.fixture(scope="session")
def dressed(qapp: QApplication) -> tuple[Theme, FocusRing]:
    """The application in its look, with the ring that follows the focus."""
    theme = Theme()
    assert theme.apply(qapp) == []
    return theme, FocusRing(qapp, theme)


@pytest.fixture
def theme(dressed: tuple[Theme, FocusRing]) -> Theme:
    """The theme, light and of regular density."""
    shared = dressed[0]
    shared.use_less_motion(False)
    if shared.density != "regular":
        shared.use_density("regular")
    if shared.name != "light":
        shared.use("light")
    return shared


@pytest.fixture
def ring(dressed: tuple[Theme, FocusRing], theme: Theme) -> FocusRing:
    """The focus ring of the application."""
    return dressed[1]
