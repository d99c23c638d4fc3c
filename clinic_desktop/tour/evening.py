"""The end of the day: settings, keys, the lock."""

from functools import partial
from typing import cast

from clinic_desktop.i18n import _
from clinic_desktop.tour.walk import Walk
from clinic_desktop.ui.settings.screen import SettingsScreen


def section_is(screen: SettingsScreen, row: int) -> bool:
    """Return whether a section of the settings is the one in front."""
    return screen.list.current_row().row() == row


def settings(walk: Walk) -> None:
    """Every section of the settings, by the arrow keys."""
    hands, window = walk.hands, walk.window
    rail = hands.button(window.rail, _("Settings"))
    hands.click(rail)
    screen = cast(SettingsScreen, walk.screen("settings"))
    for row in range(screen.model.rowCount()):
        if row:
            hands.key("Down")
        hands.wait(partial(section_is, screen, row), "the next section")
        walk.shot(f"settings-{screen.key}")


def keys(walk: Walk) -> None:
    """F1 lists the keys of what is in front."""
    walk.hands.key(walk.number_of("today"))
    walk.screen("today")
    walk.hands.key("F1")
    overlay = walk.window.keys_help
    walk.hands.wait(lambda: overlay.is_open and overlay.shown(), "the list of keys")
    walk.shot("keys")
    walk.hands.key("Esc")
    walk.hands.wait(lambda: not overlay.is_open, "the list of keys to close")


def lock(walk: Walk) -> None:
    """The window is locked; who worked comes back."""
    who = walk.session.who.login
    guard, frame = walk.program.guard, walk.program.frame
    walk.hands.key("Ctrl+L")
    walk.hands.wait(lambda: guard is not None and guard.active is None, "the lock")
    walk.hands.wait(lambda: frame.isVisible() and frame.page is not None, "the list of people")
    walk.shot("locked")
    walk.hands.key("Enter")
    walk.hands.wait(
        lambda: guard is not None and guard.active is not None and guard.active.who.login == who,
        "the window as it was left",
    )
