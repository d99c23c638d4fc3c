"""The whole way in over a test's own database: frame, reception, guard, and small windows."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QVBoxLayout

from clinic_desktop.config import ComputerProfile
from clinic_desktop.i18n import N_, use_language
from clinic_desktop.services.installation.local import LocalInstallation
from clinic_desktop.services.installation.sign_in import Doorkeeper
from clinic_desktop.ui.drafts import DraftKeeper
from clinic_desktop.ui.entry.door import Entered, Household
from clinic_desktop.ui.entry.frame import EntryFrame
from clinic_desktop.ui.entry.reception import Reception
from clinic_desktop.ui.entry.tasks import Tasks
from clinic_desktop.ui.lock import Guard
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.session import Session
from clinic_desktop.ui.shell.registry import Registry, ScreenEntry
from tests.cluster import PASSWORD
from tests.places import place_of


class Paper(Screen):
    """A screen with one field whose text is kept as a draft."""

    def __init__(self, desk) -> None:
        super().__init__(desk)
        self.line = QLineEdit()
        column = QVBoxLayout(self)
        column.addWidget(self.line)
        self.keeper = DraftKeeper(
            desk.drafts, form="note", key="1", read=lambda: {"text": self.line.text()}, parent=self
        )
        self.keeper.follow(self.line)
        typed = self.keeper.recall()
        if typed is not None:
            self.line.setText(typed["text"])

    def start_focus(self) -> None:
        self.line.setFocus()


class Charts(Screen):
    """A screen for which a right is needed."""

    def __init__(self, desk) -> None:
        super().__init__(desk)
        QVBoxLayout(self).addWidget(QLabel("charts"))


def small_registry(_session) -> Registry:
    return Registry(
        screens=[
            ScreenEntry("paper", N_("Today"), "sun", Paper, rail="top"),
            ScreenEntry("charts", N_("Calendar"), "tooth", Charts, "clinical.read", rail="top"),
        ]
    )


class TestHousehold(Household):
    """Opens the run's own cluster, which nobody starts or stops."""

    __test__ = False
    database = None

    def local(self, profile) -> LocalInstallation:
        place = place_of(self.database)
        place.start = lambda _tell: place
        place.leave = lambda: None
        place.has_clinic = lambda: True
        return place


class House:
    """What a test of the way in holds in its hands."""

    def __init__(self, qtbot, theme, home: Path, database) -> None:
        self.qtbot, self.home, self.database = qtbot, home, database
        self.bugs: list[Exception] = []
        self.frame = EntryFrame(theme=theme)
        qtbot.addWidget(self.frame)
        self.frame.resize(1200, 800)
        self.tasks = Tasks()
        self.tasks.bug.connect(self.bugs.append)
        household = TestHousehold(home, "pc-1")
        household.database = database
        self.household = household
        self.reception = Reception(self.frame, self.tasks, household)
        app = QApplication.instance()
        self.guard = Guard(app, self.frame, self.reception, self._session, minutes_ms=60_000)
        self.theme = theme
        self.quits: list[bool] = []
        self.guard.all_closed.connect(lambda: self.quits.append(True))

    def _session(self, entered: Entered) -> Session:
        session = Session(
            entered,
            theme=self.theme,
            tasks=self.tasks,
            home=self.home,
            features=small_registry,
        )
        session.operations.bug.connect(self.bugs.append)
        return session

    def open(self) -> None:
        """Open the clinic and wait for the list of names."""
        self.reception.open(ComputerProfile(name="computer"))
        self.frame.show()
        self.qtbot.waitUntil(lambda: self.page_is("SignInPage"), timeout=20_000)
        self.be_active(self.frame)
        self.page.start_focus()

    @property
    def page(self):
        return self.frame.page

    def page_is(self, name: str) -> bool:
        return type(self.frame.page).__name__ == name

    def press(self, key: Qt.Key, modifier=Qt.KeyboardModifier.NoModifier) -> None:
        self.qtbot.keyClick(QApplication.focusWidget(), key, modifier)

    def type(self, text: str) -> None:
        self.qtbot.keyClicks(QApplication.focusWidget(), text)

    def enter(self, text: str) -> None:
        self.type(text)
        self.press(Qt.Key.Key_Return)

    def wait_idle(self) -> None:
        self.qtbot.waitUntil(lambda: not self.tasks.busy, timeout=20_000)

    def wait_in(self) -> Session:
        """Wait until somebody works in a window."""
        self.qtbot.waitUntil(
            lambda: self.guard.active is not None and self.guard.active.main is not None,
            timeout=20_000,
        )
        session = self.guard.active
        self.qtbot.waitExposed(session.main)
        self.be_active(session.main)
        self.qtbot.waitUntil(lambda: session.main.stack.screen_shown() is not None)
        session.main.stack.screen_shown().start_focus()
        return session

    def wait_page(self) -> None:
        """Wait until nobody works in a window and the list is shown."""
        self.qtbot.waitUntil(
            lambda: self.guard.active is None and self.frame.isVisible(), timeout=20_000
        )
        self.be_active(self.frame)
        self.page.start_focus()

    def be_active(self, window) -> None:
        """Make a window the one that takes the keys."""
        window.activateWindow()
        self.qtbot.waitUntil(lambda: QApplication.activeWindow() is window)

    def sign_in(self, user_name: str = "front", password: str = PASSWORD) -> Session:
        """Sign in as somebody not in the list, by keys."""
        while self.page.face().login:
            self.press(Qt.Key.Key_Down)
        self.type(user_name)
        self.press(Qt.Key.Key_Tab)
        self.enter(password)
        return self.wait_in()

    def close(self) -> None:
        self.guard.close()
        assert self.tasks.close()
        self.reception.close()
        self.frame.close()
        assert self.bugs == []


@pytest.fixture
def house(qtbot, theme, tmp_path, database) -> Iterator[House]:
    one = House(qtbot, theme, tmp_path, database)
    yield one
    one.close()
    use_language("en")


@pytest.fixture
def known(tmp_path) -> Callable[..., None]:
    """Put names on the list of this PC."""

    def put(*people: tuple[str, str, str]) -> None:
        keeper = Doorkeeper.of(tmp_path)
        for login, name, initials in reversed(people):
            keeper.let_in(login, name, initials)

    return put


FRONT = ("u_front", "Siobhán Keane", "SK")
DENTIST = ("u_dentist", "Dr Amara Nwosu", "AN")
