"""The board of the day: waiting, late, running over, and its states."""

from typing import Any, Final

from tests.gallery.case import LARGE, NARROW, Case
from tests.gallery.states import failed, loading
from tests.gallery.window import Window


def show(window: Window, _scene: Any) -> None:
    """Open the board."""
    window.open("today")
    window.settle()
    window.screen.start_focus()


def _list(window: Window, scene: Any) -> None:
    show(window, scene)
    window.screen.switch.set_value("list")
    window.screen.switch.chosen.emit("list")
    window.settle()


CASES: Final = (
    Case("today", "board", show, scales=(100, 200)),
    Case("today-large", "board", show, size=LARGE),
    Case("today-narrow", "board", show, size=NARROW),
    Case("today-touch", "board", show, touch=True),
    Case("today-manager", "board", show, login="u_manager"),
    Case("today-empty", "nobody", show),
    Case("today-loading", "board", loading("today"), themes=("light",), held="appointment"),
    Case("today-failed", "board", failed("today"), held="appointment"),
)
