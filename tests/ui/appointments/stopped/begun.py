"""Something begun on a screen of booking, and done while the server stops and starts again.

Each case begins something, the server stops, the act fails with a sentence at its place, what was
typed stands as it was; the server starts again, and the same act goes through.
"""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from clinic_desktop.services.appointments import service as appointments

# What the program says of a server that is away; never a driver's words.
SAID = ("server", "connection")
DRIVERS = ("psycopg", "socket", "FATAL", "Traceback", "sqlalchemy")


@dataclass
class Begun:
    """Something half done: its act, where it says why not, what was typed, and how it ended."""

    act: Callable[[], None]
    said: Callable[[], str]
    typed: Callable[[], object]
    done: Callable[[], bool]
    operations: object
    ready: Callable[[], bool] = lambda: True
    """Whether the act can be pressed again."""


class Hand:
    """What a test needs to begin something: the clinic, its screens, and keys."""

    def __init__(self, request, qtbot, desk_of, signed_in, make) -> None:
        self.request, self.qtbot, self.desk_of = request, qtbot, desk_of
        self.signed_in, self.make = signed_in, make

    def screen(self, kind, count: int):
        """Return a list in front, with so many lines."""
        screen = kind(self.desk_of("u_front"))
        self.qtbot.addWidget(screen)
        screen.resize(1368, 800)
        screen.show()
        screen.activateWindow()
        self.qtbot.waitUntil(screen.isActiveWindow)
        screen.refresh()
        self.qtbot.waitUntil(
            lambda: screen.model.rowCount() == count and screen.desk.operations.quiet
        )
        screen.start_focus()
        return screen

    def calendar(self):
        """Return the calendar with an appointment at nine chosen, and its id."""
        clinic = self.request.getfixturevalue("clinic")
        visit = clinic.visit(9, chair_id=clinic.chair)
        screen = self.request.getfixturevalue("open_calendar")("u_front")
        self.qtbot.waitUntil(lambda: screen.desk.operations.quiet)
        screen.grid.choose(visit)
        screen.grid.setFocus()
        return screen, visit

    def dialog(self, kind):
        def found():
            shown = [one for one in QApplication.topLevelWidgets() if isinstance(one, kind)]
            return next((one for one in shown if one.isVisible() and one.isActiveWindow()), None)

        self.qtbot.waitUntil(lambda: found() is not None)
        return found()

    def key(self, key, held=Qt.KeyboardModifier.NoModifier) -> None:
        self.qtbot.keyClick(QApplication.focusWidget(), key, held)

    def stored(self, visit):
        with self.signed_in.reading() as ctx:
            return appointments.appointment(ctx, visit)

    def read(self, call):
        with self.signed_in.reading() as ctx:
            return call(ctx)


def said_by(screen) -> str:
    current = screen.desk.messages.current
    return current.text if current is not None else ""


def failure_of(panel) -> str:
    return panel._failed._sentence.text() if panel.state == "failed" else ""


def goes_through_later(hand: Hand, server, begin: Callable[[Hand], Begun]) -> None:
    """Begin something and do it while the server is away, then once more when it is back."""
    begun = begin(hand)
    qtbot = hand.qtbot
    operations, bugs = begun.operations, []
    operations.bug.connect(bugs.append)
    refused: list[Exception] = []
    # What a screen leaves to its window, which says it below.
    operations.refused.connect(lambda _owner, error: refused.append(error))

    quiet = begun.said()

    def said() -> str:
        own = begun.said()
        return own if own != quiet else "".join(str(one) for one in refused[-1:])

    before = begun.typed()
    server.stop()
    try:
        begun.act()
        qtbot.waitUntil(lambda: bool(said()))
        words = said()
        assert any(one in words.casefold() for one in SAID), words
        assert not any(one in words for one in DRIVERS), words
        assert words.rstrip().endswith("."), words
        assert begun.typed() == before
        qtbot.waitUntil(lambda: not operations.connected)
    finally:
        server.start()
    operations.try_now()
    qtbot.waitUntil(lambda: operations.connected and operations.quiet)
    assert begun.typed() == before, "it is still there when the screens ask anew"
    if not begun.done():
        qtbot.waitUntil(begun.ready)
        begun.act()
    qtbot.waitUntil(begun.done)
    assert not bugs
