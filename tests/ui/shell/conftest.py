"""A whole window over a line that a test can cut, with small screens of its own."""

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.fernet import Fernet
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLineEdit, QListWidget, QVBoxLayout

from clinic_desktop.i18n import N_
from clinic_desktop.services.context import Who
from clinic_desktop.ui.drafts import DraftFolder, Drafts
from clinic_desktop.ui.operations import Operations
from clinic_desktop.ui.screen import KeyHelp, PatientInView, Screen
from clinic_desktop.ui.shell.matching import find
from clinic_desktop.ui.shell.registry import (
    PaletteEntry,
    PatientAction,
    Question,
    RailCount,
    Registry,
    ScreenEntry,
    StatusItem,
    StatusSource,
)
from clinic_desktop.ui.windows import Windows
from tests.ui.line import Line

ALL = frozenset(
    {"schedule.read", "schedule.write", "patients.read", "patients.write", "stock.read"}
)
INES = PatientInView(UUID(int=10), "Inês Carvalho-Lindqvist")


def a_person(permissions: frozenset[str] = ALL, **changes: object) -> Who:
    values = {
        "person_id": UUID(int=1),
        "login": "u_front",
        "name": "Siobhán Keane",
        "initials": "SK",
        "job": "Front desk",
        "language": "en",
        "clinic_id": UUID(int=2),
        "clinic_name": "Harbour Street Dental",
        "site": "Main clinic",
        "zone": "Europe/Dublin",
        "locale": "en_IE",
        "country": "IE",
        "currency": "EUR",
        "notation": "fdi",
        "paper": "a4",
        "slot_minutes": 15,
        "lock_minutes": 10,
        "provider_id": None,
        "must_change_password": False,
        "permissions": permissions,
    }
    return Who.model_validate({**values, **changes})


class Notebook(Screen):
    """A screen that writes down what was asked of it."""

    topics = frozenset({"appointment"})

    def __init__(self, desk) -> None:
        super().__init__(desk)
        self.asked: list[object] = []
        self.search = QLineEdit()
        self.board = QListWidget()
        self.board.addItems(["Yuki Tanabe", "Zofia Wiśniewska"])
        self.board.setProperty("keys_area", "Board")
        column = QVBoxLayout(self)
        column.addWidget(self.search)
        column.addWidget(self.board)
        seat = QShortcut(QKeySequence("S"), self.board)
        seat.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        seat.activated.connect(lambda: self.asked.append("seat"))

    def reload(self) -> None:
        self.asked.append("reload")

    def open_at(self, **where) -> None:
        self.asked.append(where)
        self.refresh()

    def start_focus(self) -> None:
        self.board.setFocus()

    def panes(self):
        return [self.search, self.board]

    def keys(self):
        return [KeyHelp("F", "find a slot"), KeyHelp("S", "seat", "Board")]

    def patient_in_view(self):
        return INES

    def print_current(self) -> None:
        self.asked.append("print")

    def do_primary(self) -> None:
        self.asked.append("primary")


class People:
    """A palette source that answers at once, or when a test says so."""

    place = 10
    prefixes = frozenset({"", "#"})
    names = ("Inês Carvalho-Lindqvist", "Marines Oduya-Price", "Thu Hà Ines Tran")

    def __init__(self) -> None:
        self.late: list[Callable[[], None]] | None = None
        self.opened: list[str] = []

    def heading(self, question: Question) -> str:
        return "Patients"

    def ask(self, owner: QObject, question: Question, answer) -> None:
        entries = []
        if question.text and not question.chosen:
            for number, name in enumerate(self.names):
                match = find(name, question.text)
                if match is not None:
                    patient = PatientInView(UUID(int=number), name)
                    entries.append(
                        PaletteEntry(
                            name,
                            "users",
                            lambda name=name: self.opened.append(name),
                            matches=match[1],
                            patient=patient,
                        )
                    )
        if self.late is None:
            answer(entries)
        else:
            self.late.append(lambda: answer(entries))


class Shell:
    """What a test of the window holds in its hands."""

    def __init__(self, line: Line, theme, home: Path, who: Who, keyring: bool) -> None:
        self.line = line
        self.theme = theme
        self.people = People()
        self.done: list[object] = []
        self.counted = 3
        self.operations = Operations(line)
        store = DraftFolder(home / "drafts") if keyring else {}
        self.drafts = Drafts(person_id=who.person_id, key=Fernet.generate_key(), store=store)
        self.windows = Windows(
            operations=self.operations,
            theme=theme,
            drafts=self.drafts,
            who=who,
            registry=self._registry(),
            home=home,
        )
        self.window = self.windows.open()
        self.desk = self.window.desk

    def _count(self, _ctx) -> int:
        if self.counted < 0:
            raise ZeroDivisionError
        return self.counted

    def _registry(self) -> Registry:
        return Registry(
            screens=[
                ScreenEntry("today", N_("Today"), "sun", Notebook, "schedule.read", "top"),
                ScreenEntry("calendar", N_("Calendar"), "calendar", Notebook, None, "top"),
                ScreenEntry("patients", N_("Patients"), "users", Notebook, "patients.read", "top"),
                ScreenEntry("patient", N_("Patient"), "user", Notebook, under="patients"),
                ScreenEntry(
                    "stock",
                    N_("Stock"),
                    "package",
                    Notebook,
                    "stock.read",
                    "top",
                    RailCount(self._count, frozenset({"stock_balance"})),
                ),
                ScreenEntry("billing", N_("Billing"), "wallet", Notebook, "billing.read", "top"),
                ScreenEntry("settings", N_("Settings"), "settings", Notebook, rail="bottom"),
            ],
            sources=[lambda _desk: self.people],
            patient_actions=[
                PatientAction(
                    N_("Take payment"),
                    "banknote",
                    lambda _desk, patient_id: self.done.append(("pay", patient_id)),
                    "Y",
                ),
                PatientAction(N_("Open chart"), "tooth", lambda *_: None, permission="no.right"),
            ],
            statuses=[
                StatusSource(
                    "backup", lambda: StatusItem("shield-alert", "No backup yet", "warning")
                )
            ],
            book=lambda _desk, intent: self.done.append(("book", intent.patient_id)),
            new_patient=lambda _desk: self.done.append("new patient"),
        )

    def screen(self) -> Notebook:
        return self.window.stack.screen_shown()


@pytest.fixture
def line() -> Line:
    return Line()


@pytest.fixture
def open_shell(qtbot, line, theme, tmp_path) -> Iterator[Callable[..., Shell]]:
    opened: list[Shell] = []

    def open_one(
        who: Who | None = None, size: tuple[int, int] = (1440, 900), *, keyring: bool = True
    ) -> Shell:
        shell = Shell(line, theme, tmp_path, who or a_person(), keyring)
        opened.append(shell)
        shell.window.setMinimumSize(300, 300)
        shell.window.resize(*size)
        qtbot.waitExposed(shell.window)
        shell.window.activateWindow()
        qtbot.waitUntil(lambda: shell.screen().board.hasFocus())
        return shell

    yield open_one
    for shell in opened:
        shell.windows.close()
        assert shell.operations.close()
        shell.operations.deleteLater()
        shell.windows.deleteLater()


@pytest.fixture
def shell(open_shell) -> Shell:
    return open_shell()
