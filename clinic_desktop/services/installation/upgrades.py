"""What is done with a clinic's data before their schema changes; said once by the command line.

The installation does not know of backups, which know of it.
"""

from collections.abc import Callable
from typing import Any

Before = Callable[[Any], None]
"""Takes the started installation; where it raises, nothing is upgraded."""

_before: list[Before] = []


def do_before(act: Before) -> None:
    """Do this before every upgrade of this program's run."""
    _before[:] = [act]


def before(place: object) -> None:
    """Do what was said to be done."""
    for act in _before:
        act(place)
