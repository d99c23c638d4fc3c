"""The patients' screens in a real window over a real server."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from cryptography.fernet import Fernet
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QWidget

from clinic_desktop.domain.ids import new_id
from clinic_desktop.i18n import N_
from clinic_desktop.services import patients
from clinic_desktop.services.patients.schemas import NewPatient
from clinic_desktop.services.session import SignedIn
from clinic_desktop.ui import features
from clinic_desktop.ui.drafts import Drafts
from clinic_desktop.ui.operations import Operations
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.shell.registry import Registry, ScreenEntry
from clinic_desktop.ui.windows import Windows


@pytest.fixture
def make_named(signed_in: SignedIn) -> Callable[..., UUID]:
    """Register a patient through the service: ``make_named("Inês", "Carvalho", phone=...)``."""

    def register(given: str, family: str = "", **values: Any) -> UUID:
        fields: dict[str, Any] = {"born": date(1980, 1, 1), **values}
        if not fields.get("phone"):
            fields["no_phone_reason"] = "no phone"
        with signed_in.writing() as ctx:
            new = NewPatient(id=new_id(), given=given, family=family, **fields)
            return patients.register(ctx, new).id

    return register


class Booked(Screen):
    """Stands where the calendar will be, and writes down for whom it was opened."""

    title = N_("Calendar")

    def __init__(self, desk: Any) -> None:
        super().__init__(desk)
        self.asked: list[Any] = []

    def open_at(self, **where: Any) -> None:
        self.asked.append(where)


class Desktop:
    """A window with the patients' screens, over one sign-in."""

    def __init__(self, signed_in: SignedIn, theme: Any, home: Path, qtbot: Any) -> None:
        self.qtbot = qtbot
        self.operations = Operations(signed_in)
        self.bugs: list[Exception] = []
        self.operations.bug.connect(self.bugs.append)
        self.drafts = Drafts(person_id=signed_in.who.person_id, key=Fernet.generate_key(), store={})
        # Of a session these screens need the folder of this computer's settings alone.
        real = features.registry(SimpleNamespace(home=home))  # type: ignore[arg-type]
        mine = ("patients", "patient", "new_patient", "duplicates")
        self.windows = Windows(
            operations=self.operations,
            theme=theme,
            drafts=self.drafts,
            who=signed_in.who,
            registry=Registry(
                screens=[
                    *(entry for entry in real.screens if entry.name in mine),
                    ScreenEntry("calendar", N_("Calendar"), "calendar", Booked, None, "top"),
                ],
                sources=real.sources,
                new_patient=real.new_patient,
            ),
            home=home,
        )
        self.window = self.windows.open()
        self.desk = self.window.desk
        self.window.setMinimumSize(300, 300)
        self.window.resize(1440, 900)
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)

    def screen(self) -> Any:
        return self.window.stack.screen_shown()

    def go(self, name: str, **where: Any) -> Any:
        self.desk.navigator.open_screen(name, **where)
        self.wait(lambda: self.window.stack.name == name)
        return self.screen()

    def wait(self, condition: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(lambda: not self.bugs and condition(), timeout=10_000)

    def key(self, key: Qt.Key | str, *modifiers: Qt.KeyboardModifier) -> None:
        target = self._focused()
        mask = Qt.KeyboardModifier.NoModifier
        for modifier in modifiers:
            mask |= modifier
        self.qtbot.keyClick(target, key, mask)

    def _focused(self) -> QWidget:
        """Return who has the focus; between the phases of a test the window may lose it."""
        modal = QApplication.activeModalWidget()
        if modal is not None:
            modal.activateWindow()
            self.qtbot.waitUntil(modal.isActiveWindow)
            return modal.focusWidget() or modal
        self.window.activateWindow()
        self.wait(lambda: QApplication.focusWidget() is not None and self.window.isActiveWindow())
        focused = QApplication.focusWidget()
        assert isinstance(focused, QWidget)
        return focused

    def write(self, text: str) -> None:
        """Type a text; beyond ASCII as an input method gives it."""
        target = self._focused()
        for char in text:
            if char.isascii():
                self.qtbot.keyClicks(target, char)
            else:
                event = QInputMethodEvent()
                event.setCommitString(char)
                QApplication.sendEvent(target, event)

    def close(self) -> None:
        self.windows.close()
        assert self.operations.close()
        self.operations.deleteLater()
        self.windows.deleteLater()


@pytest.fixture
def open_desktop(
    qtbot: Any, sign_in: Callable[..., SignedIn], theme: Any, tmp_path: Path
) -> Iterator[Callable[..., Desktop]]:
    """Open a window for a login: ``open_desktop("u_front")``."""
    opened: list[Desktop] = []

    def open_one(login: str = "u_front") -> Desktop:
        desktop = Desktop(sign_in(login, device=f"pc-{login}"), theme, tmp_path / login, qtbot)
        opened.append(desktop)
        return desktop

    yield open_one
    for desktop in opened:
        desktop.close()


@pytest.fixture
def desktop(open_desktop: Callable[..., Desktop]) -> Desktop:
    """The front desk's window."""
    return open_desktop()
