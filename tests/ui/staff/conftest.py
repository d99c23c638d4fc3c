"""Settings sections of people, over a real sign-in."""

from collections.abc import Callable, Iterator

import pytest
from cryptography.fernet import Fernet
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.drafts import Drafts
from clinic_desktop.ui.messages import Messages
from clinic_desktop.ui.navigator import Navigator
from clinic_desktop.ui.operations import Operations


class Stand:
    """A window with one section in it, and what was refused or went wrong."""

    def __init__(self, qtbot, theme, signed_in) -> None:
        self.qtbot, self.signed_in = qtbot, signed_in
        self.operations = Operations(signed_in)
        self.bugs: list[Exception] = []
        self.operations.bug.connect(self.bugs.append)
        drafts = Drafts(person_id=signed_in.who.person_id, key=Fernet.generate_key(), store={})
        self.desk = Desk(
            operations=self.operations,
            theme=theme,
            messages=Messages(),
            navigator=Navigator(),
            drafts=drafts,
            who=signed_in.who,
        )
        self.operations.refused.connect(lambda _owner, error: self.desk.messages.refuse(error))
        self.window = QWidget()
        self.window.resize(1100, 800)
        self.column = QVBoxLayout(self.window)
        qtbot.addWidget(self.window)

    def show(self, section) -> None:
        self.column.addWidget(section)
        self.window.show()
        self.be_active(self.window)
        section.start_focus()

    def be_active(self, window) -> None:
        window.activateWindow()
        self.qtbot.waitUntil(lambda: QApplication.activeWindow() is window)

    def dialog(self, kind):
        """Wait for a dialog of this kind and make it take the keys."""

        def found():
            return [d for d in self.window.findChildren(kind) if d.isVisible()]

        self.qtbot.waitUntil(lambda: bool(found()), timeout=10_000)
        self.be_active(found()[-1])
        return found()[-1]

    def press(self, key, *modifier) -> None:
        self.qtbot.keyClick(QApplication.focusWidget(), key, *modifier)

    def type(self, text: str) -> None:
        self.qtbot.keyClicks(QApplication.focusWidget(), text)

    def said(self, words: str) -> None:
        def shown() -> None:
            assert words in self.desk.messages.current.text

        self.qtbot.waitUntil(shown, timeout=10_000)

    def close(self) -> None:
        self.window.close()
        assert self.operations.close()
        assert self.bugs == []


@pytest.fixture
def stand(qtbot, theme, sign_in) -> Iterator[Callable[..., Stand]]:
    """Stand before a section as somebody: ``stand("u_admin")``."""
    made: list[Stand] = []

    def one(login: str = "u_admin") -> Stand:
        made.append(Stand(qtbot, theme, sign_in(login)))
        return made[-1]

    yield one
    for each in made:
        each.close()
