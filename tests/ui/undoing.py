"""Taking back by the undo bar, as a person does: once it is offered."""

from pytestqt.qtbot import QtBot

from clinic_desktop.ui.desk import Desk


def take_back(qtbot: QtBot, desk: Desk) -> None:
    """Undo the latest act; the change itself may be seen before its answer is back."""
    qtbot.waitUntil(lambda: desk.messages.undo_left > 0)
    desk.messages.undo()
