"""What a person does with a series by keys, and what is stored of it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from clinic_desktop.services.appointments import service as appointments

K = Qt.Key


def settled(qtbot, screen) -> None:
    qtbot.waitUntil(lambda: screen.desk.operations.quiet, timeout=10_000)


def dialog_of(qtbot, kind):
    found: list = []

    def look() -> bool:
        found[:] = [one for one in QApplication.topLevelWidgets() if isinstance(one, kind)]
        found[:] = [one for one in found if one.isVisible() and one.isActiveWindow()]
        return bool(found)

    qtbot.waitUntil(look)
    return found[0]


def press(qtbot, key, modifier=Qt.KeyboardModifier.NoModifier) -> None:
    qtbot.keyClick(QApplication.focusWidget(), key, modifier)


def write(qtbot, editor, text: str) -> None:
    editor.setFocus()
    editor.selectAll()
    qtbot.keyClick(editor, K.Key_Delete)
    qtbot.keyClicks(editor, text)


def choose(qtbot, screen, visit_id) -> None:
    screen.refresh()
    settled(qtbot, screen)
    screen.activateWindow()
    qtbot.waitUntil(screen.isActiveWindow)
    screen.grid.choose(visit_id)
    screen.grid.setFocus()


def planned(qtbot, dialog):
    qtbot.waitUntil(lambda: dialog.dates.plan is not None and not dialog._ask_soon.isActive())
    qtbot.waitUntil(lambda: dialog._desk.operations.quiet)
    return dialog.dates.plan


def of_patient(signed_in, clinic) -> list:
    with signed_in.reading() as ctx:
        return list(reversed(appointments.visits_of(ctx, clinic.patient)))


def hours(signed_in, clinic) -> list[str]:
    return [f"{one.local_start:%H:%M}" for one in of_patient(signed_in, clinic)]
