"""What a person does on the chart, and what is stored of it."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from clinic_desktop.services.chart import service as chart

ENTER, ALT = Qt.Key.Key_Return, Qt.KeyboardModifier.AltModifier
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def items(clinic, patient=None):
    with clinic.admin.reading() as ctx:
        return chart.chart_of(ctx, patient or clinic.patient).items


def stored(clinic) -> list[tuple]:
    return [(row.status, row.tooth, row.surfaces, row.code) for row in items(clinic)]


def add(qtbot, tab, text: str) -> None:
    """Type a line, press Enter, and wait until it is stored and shown."""
    before = tab._shown.history.items
    qtbot.keyClicks(tab.frame.line, text)
    qtbot.keyClick(tab.frame.line, ENTER)
    # Another reading of the same chart may be on its way: what is shown has to be another one.
    qtbot.waitUntil(lambda: tab._shown.history.items != before and not tab.acts.busy)


def press(qtbot, window, key, held=Qt.KeyboardModifier.NoModifier) -> None:
    """Press a key where the focus is, as a person does."""
    qtbot.keyClick(QApplication.focusWidget() or window.window, key, held)


def surface(qtbot, tab, fdi: int, code: str, held=Qt.KeyboardModifier.NoModifier) -> None:
    teeth = tab.frame.teeth
    at, middle = teeth.surface_point(fdi, code), teeth.picture().by_tooth[fdi].middle.toPoint()
    if code in "MDBL":
        at = QPoint((at.x() * 3 + middle.x()) // 4, (at.y() * 3 + middle.y()) // 4)
    qtbot.mouseClick(teeth, Qt.MouseButton.LeftButton, held, at)
