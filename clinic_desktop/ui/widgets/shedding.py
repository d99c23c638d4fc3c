"""A row of acts in too little room: what a key does as well goes first."""

from collections.abc import Sequence

from PySide6.QtWidgets import QBoxLayout, QWidget

Group = Sequence[QWidget]


def fit_row(row: QBoxLayout, room: int, groups: Sequence[Group]) -> None:
    """Show all groups, then hide one after the other until the row fits into ``room`` px."""
    for group in groups:
        for widget in group:
            widget.show()
    for group in groups:
        row.invalidate()
        if row.minimumSize().width() <= room:
            return
        for widget in group:
            widget.hide()
