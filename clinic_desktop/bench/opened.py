"""A record opened by Enter in the list of patients, until it is painted."""

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from cryptography.fernet import Fernet
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from clinic_desktop.bench.rows import Line, quantile
from clinic_desktop.bench.services import ServiceBench
from clinic_desktop.ui.drafts import Drafts
from clinic_desktop.ui.features_record import patient_screen
from clinic_desktop.ui.operations import Operations
from clinic_desktop.ui.patients.view import PatientsScreen
from clinic_desktop.ui.patients.workspace import PatientScreen
from clinic_desktop.ui.shell.registry import Registry, ScreenEntry
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.windows import Windows

ROUNDS: Final = 40
WARM: Final = 3
MOST_MS: Final = 80.0
_SECONDS: Final = 20.0


class _Painted(QObject):
    """Remembers when something in a widget was painted last."""

    def __init__(self, watched: QWidget) -> None:
        super().__init__(watched)
        self.at = 0.0
        watched.installEventFilter(self)

    def once(self) -> bool:
        """Return whether it was painted at all."""
        return self.at > 0.0

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Look at the clock; everything goes its way."""
        if event.type() == QEvent.Type.Paint:
            self.at = time.perf_counter()
        return False


def line(bench: ServiceBench) -> Line:
    """Return how long after Enter a record with its name, alerts and balance is painted."""
    app = QApplication.instance() or QApplication([])
    theme = Theme("light", "regular")
    theme.apply(app)  # type: ignore[arg-type]  # it is a QApplication
    with tempfile.TemporaryDirectory() as folder:
        operations = Operations(bench.signed_in)
        windows = _windows(bench, operations, theme, Path(folder))
        try:
            took = _rounds(windows, operations)
        finally:
            windows.close()
            operations.close()
    return Line(
        "a record opened, from Enter to its paint",
        statistics.median(took) * 1000,
        0.0,
        most=MOST_MS,
        more={"p95_ms": round(quantile(took, 0.95) * 1000, 3)},
    )


def _windows(bench: ServiceBench, operations: Operations, theme: Theme, home: Path) -> Windows:
    who = bench.signed_in.who
    screens = [
        ScreenEntry("patients", "Patients", "users", PatientsScreen, rail="top"),
        ScreenEntry(
            "patient", "Patient", "user", lambda desk: patient_screen(desk, home), under="patients"
        ),
    ]
    drafts = Drafts(person_id=who.person_id, key=Fernet.generate_key(), store={})
    return Windows(
        operations=operations, theme=theme, drafts=drafts, who=who,
        registry=Registry(screens=screens), home=home,
    )  # fmt: skip


def _rounds(windows: Windows, operations: Operations) -> list[float]:
    window = windows.open()
    patients = window.stack.screen_shown()
    assert isinstance(patients, PatientsScreen)  # noqa: S101 - the first of the registry
    _until(lambda: patients.model.rowCount() > ROUNDS + WARM)
    took: list[float] = []
    for number in range(ROUNDS + WARM):
        window.desk.navigator.open_screen("patients")
        table = patients.table
        table.choose_row(number)
        table.setFocus()
        _until(table.isVisible)
        began = time.perf_counter()
        QTest.keyClick(table, Qt.Key.Key_Return)
        record = window.stack.screen_shown()
        assert isinstance(record, PatientScreen)  # noqa: S101 - what Enter opens
        painted = _Painted(record.banner)
        _until(painted.once)
        if number >= WARM:
            took.append(painted.at - began)
        painted.deleteLater()
        _until(lambda: operations.quiet)
    return took


def _until(condition: Callable[[], bool]) -> None:
    began = time.monotonic()
    while not condition():
        QApplication.processEvents()
        if time.monotonic() - began > _SECONDS:
            raise RuntimeError("the record was not painted")
