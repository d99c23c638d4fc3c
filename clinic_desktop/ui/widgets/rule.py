"""The thin line between two parts of a screen."""

from PySide6.QtWidgets import QFrame


def rule(*, vertical: bool = False) -> QFrame:
    """Return a thin line, lying or standing."""
    line = QFrame()
    line.setProperty("kind", "line")
    if vertical:
        line.setFixedWidth(1)
    else:
        line.setFixedHeight(1)
    return line
