"""Screens whose data do not come: the server holds the table, as a long repair would."""

from collections.abc import Callable
from typing import Any, Final

from clinic_desktop.ui.widgets.panel import StatePanel
from tests.gallery.window import Window

# Bars come after 120 ms, the sentence after 2 s.
SENTENCE_SECONDS: Final = 2.3
# The server gives up after 5 s, and the program asks again a few times by itself.
GIVING_UP_SECONDS: Final = 150.0


def panel_of(window: Window) -> StatePanel:
    """Return the first panel that tells a state, of the tab or the screen in front."""
    tab = getattr(window.screen, "tab", None)
    front = tab() if tab is not None else window.screen
    found = [one for one in front.findChildren(StatePanel) if one.isVisible()]
    return found[0]


def loading(screen: str, tab: str = "", who: str = "patient") -> Callable[[Window, Any], None]:
    """Return what opens a screen whose table nobody can read, and waits for the sentence."""

    def show(window: Window, scene: Any) -> None:
        _open(window, scene, screen, tab, who)
        window.wait(lambda: panel_of(window).state in {"loading", "failed"}, "the screen to ask")
        if panel_of(window).state == "failed":
            # Where windows open slowly, the server has given up meanwhile.
            window.screen.refresh()
        window.sit(SENTENCE_SECONDS)

    return show


def failed(screen: str, tab: str = "", who: str = "patient") -> Callable[[Window, Any], None]:
    """Return what opens such a screen and waits until the server gave up."""

    def show(window: Window, scene: Any) -> None:
        _open(window, scene, screen, tab, who)
        window.wait(lambda: panel_of(window).state == "failed", "the failure", GIVING_UP_SECONDS)

    return show


def _open(window: Window, scene: Any, screen: str, tab: str, who: str) -> None:
    if tab:
        window.open_tab(getattr(scene, who), tab)
    else:
        window.open(screen)
