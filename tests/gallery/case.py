"""What a picture shows: the place, the size of the window, the looks, and the way to get there."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from tests.gallery.window import Window

THEMES: Final = ("light", "dark", "contrast")
SCALES: Final = (100, 200)
WHOLE: Final = (1440, 900)
LARGE: Final = (1920, 1080)
NARROW: Final = (1024, 700)


@dataclass(frozen=True)
class Case:
    """One subject; ``show`` leads the window to it and returns when it can be seen.

    ``size`` is in dots of the screen, so that 200 % shows half as much of it.
    """

    name: str
    scene: str
    show: Callable[[Window, Any], None]
    login: str = "u_front"
    size: tuple[int, int] = WHOLE
    scales: tuple[int, ...] = (100,)
    themes: tuple[str, ...] = THEMES
    touch: bool = False
    held: str = ""
    """A table that nobody can read meanwhile."""
    before: Callable[[Any, Any], None] | None = field(default=None)
    """Prepares what this person finds: called with the place and the scene."""

    def file_name(self, theme: str, scale: int) -> str:
        """Return what the picture is called."""
        return f"{self.name}-{theme}-{scale}.png"
