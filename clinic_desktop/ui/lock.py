"""The lock: after idle minutes on every window, by key, and back with PIN or password."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QElapsedTimer, QEvent, QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication

from clinic_desktop.i18n import _, ngettext, use_language
from clinic_desktop.ui.entry.door import Entered
from clinic_desktop.ui.entry.frame import EntryFrame
from clinic_desktop.ui.entry.reception import Reception
from clinic_desktop.ui.session import Session

LOOK_MS: Final = 1000
# A session in memory outlives a lunch, not a night: after that the full sign-in is asked for.
KEPT_MS: Final = 8 * 60 * 60 * 1000

_INPUT: Final = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseMove,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TouchUpdate,
        QEvent.Type.TabletMove,
        QEvent.Type.TabletPress,
    }
)


class IdleWatch(QObject):
    """Notices that nobody has touched keyboard, mouse or screen for a while, in any window."""

    idle = Signal()

    def __init__(self, app: QApplication, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._app = app
        self._limit_ms = 0
        self._since = QElapsedTimer()
        self._looks = QTimer(self)
        self._looks.setInterval(LOOK_MS)
        self._looks.timeout.connect(self._look)

    def start(self, limit_ms: int) -> None:
        """Watch for so many milliseconds without input."""
        self._limit_ms = limit_ms
        self._since.start()
        self._looks.setInterval(min(LOOK_MS, max(10, limit_ms // 4)))
        self._looks.start()
        self._app.installEventFilter(self)

    def stop(self) -> None:
        """Stop watching."""
        self._looks.stop()
        self._app.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002 - Qt's signature
        """Note that somebody is there; every event goes on."""
        if event.type() in _INPUT:
            self._since.restart()
        return False

    @Slot()
    def _look(self) -> None:
        if self._since.elapsed() >= self._limit_ms:
            self.stop()
            self.idle.emit()


class Guard(QObject):
    """Holds the sessions in memory: one is worked in, the others wait behind the lock."""

    all_closed = Signal()
    """The last window was closed and nobody else's session waits."""
    began = Signal(object)
    """The ``Session`` that is worked in from now on."""
    emptied = Signal()
    """Nobody's session is in memory any more."""

    def __init__(
        self,
        app: QApplication,
        frame: EntryFrame,
        reception: Reception,
        make_session: Callable[[Entered], Session],
        *,
        minutes_ms: int = 60_000,
        parent: QObject | None = None,
    ) -> None:
        """``minutes_ms`` is the length of a minute; tests make it shorter."""
        super().__init__(parent)
        self._frame, self._reception, self._make_session = frame, reception, make_session
        self._minute = minutes_ms
        self.sessions: dict[str, Session] = {}
        self.active: Session | None = None
        self.watch = IdleWatch(app, self)
        self.watch.idle.connect(self._idle)
        self._expiries: dict[str, QTimer] = {}
        reception.entered.connect(self.enter)
        reception.resumed.connect(self.resume)

    # -- in ---------------------------------------------------------------------------------

    @Slot(object)
    def enter(self, entered: Entered) -> None:
        """Open the windows of somebody who was let in."""
        login = entered.signed_in.who.login
        older = self.sessions.pop(login, None)
        if older is not None:
            older.close()
            older.deleteLater()
        session = self._make_session(entered)
        self.sessions[login] = session
        session.lock_wanted.connect(self.lock)
        session.switch_wanted.connect(self.switch)
        session.sign_out_wanted.connect(self.sign_out)
        session.put_out.connect(self._put_out)
        session.all_closed.connect(self._closed)
        self._begin(session)
        session.open()
        self._frame.hide()

    @Slot(str)
    def resume(self, login: str) -> None:
        """Go on with a session as it was left."""
        session = self.sessions.get(login)
        if session is None:
            return
        self._begin(session)
        session.uncover()
        self._frame.hide()

    def _begin(self, session: Session) -> None:
        self.active = session
        timer = self._expiries.pop(session.who.login, None)
        if timer is not None:
            timer.stop()
        if not session.door.people:
            # In the sample clinic the language stays what was chosen for looking around.
            use_language(session.who.language)
        self.watch.start(session.who.lock_minutes * self._minute)
        self.began.emit(session)

    # -- out --------------------------------------------------------------------------------

    @Slot()
    def _idle(self) -> None:
        if self.active is None:
            return
        minutes = self.active.who.lock_minutes
        self._cover(
            ngettext(
                "Locked after {count} minute.", "Locked after {count} minutes.", minutes
            ).format(count=minutes)
        )

    @Slot()
    def lock(self) -> None:
        """Lock now."""
        self._cover(_("Nobody sees or changes anything until you are back."))

    @Slot()
    def switch(self) -> None:
        """Let somebody else work; this session waits behind the lock."""
        self._cover("", switching=True)

    def _cover(self, sentence: str, *, switching: bool = False) -> None:
        session = self.active
        if session is None:
            return
        self.watch.stop()
        # A menu or list that hangs open would come back without its window.
        while (popup := QApplication.activePopupWidget()) is not None:
            popup.close()
        self._stand_in_for(session)
        session.cover()
        self.active = None
        self._expire_later(session)
        kept = session.drafts.half_typed()
        if kept and sentence:
            sentence += " " + ngettext(
                "Your half-written form is kept.", "Your {count} half-written forms are kept.", kept
            ).format(count=kept)
        login = session.who.login
        others = [known for known in self._logins() if known != login]
        chosen = (others[0] if others else "") if switching else login
        self._ask(chosen=chosen, locked=sentence)

    def _logins(self) -> list[str]:
        door = self._reception.door
        if door is None:
            return []
        return [p.login for p in door.people] or [one["login"] for one in door.doorkeeper.names]

    def _ask(self, *, chosen: str = "", locked: str = "", note: str = "") -> None:
        sessions = {login: session.resumable() for login, session in self.sessions.items()}
        self._reception.ask_who(sessions, chosen=chosen, locked=locked, note=note)
        self._frame.retranslate()
        self._frame.show()
        self._frame.raise_()
        self._frame.activateWindow()
        if self._frame.page is not None:
            self._frame.page.start_focus()

    def _stand_in_for(self, session: Session) -> None:
        """Take the place of the window, so that the lock covers what was seen."""
        main = session.main
        if main is None:
            return
        self._frame.setWindowState(main.windowState())
        if not (main.isMaximized() or main.isFullScreen()):
            self._frame.setGeometry(main.geometry())

    @Slot()
    def sign_out(self) -> None:
        """End the session; half-typed text stays kept for the next time."""
        self._end(self.active, note="")

    @Slot(str)
    def _put_out(self, sentence: str) -> None:
        session = self.sender()
        if not isinstance(session, Session) or session.who.login not in self.sessions:
            return
        session.drafts.keep_all()
        if session.drafts.half_typed():
            sentence += " " + _("What you typed is kept on this computer.")
        self._end(session, note=sentence)

    def _end(self, session: Session | None, *, note: str) -> None:
        if session is None:
            return
        worked_in = session is self.active
        if worked_in:
            self.watch.stop()
            self._stand_in_for(session)
            self.active = None
        self._drop(session)
        if not self.sessions:
            self.emptied.emit()
        if worked_in or self._frame.isVisible():
            self._ask(note=note)

    def _drop(self, session: Session) -> None:
        login = session.who.login
        self.sessions.pop(login, None)
        timer = self._expiries.pop(login, None)
        if timer is not None:
            timer.stop()
        session.close()
        session.deleteLater()

    def _expire_later(self, session: Session) -> None:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(KEPT_MS)
        timer.timeout.connect(lambda: self._end(session, note=""))
        timer.start()
        self._expiries[session.who.login] = timer

    @Slot()
    def _closed(self) -> None:
        """Somebody closed the last window: the others' sessions still wait, or the program ends."""
        session = self.sender()
        if not isinstance(session, Session):
            return
        self.watch.stop()
        self.active = None
        self._drop(session)
        if self.sessions:
            self._ask()
        else:
            self.all_closed.emit()

    def close(self) -> None:
        """End every session."""
        self.watch.stop()
        for session in list(self.sessions.values()):
            self._drop(session)
