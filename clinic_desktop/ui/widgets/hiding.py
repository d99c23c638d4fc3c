"""Leaving out of a screen what is not for this person."""

from PySide6.QtWidgets import QWidget


def hide_unless(widget: QWidget, wanted: bool) -> None:
    """Hide a part that is not wanted, at any time while a screen is put together.

    Saying "be visible" to one that is not laid out yet opens a window of its own, which flashes up
    and takes the keys of the one in front.
    """
    if not wanted:
        widget.hide()
