"""One signed-in person: operations, drafts and windows, and what may end or change them."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout

from clinic_desktop.domain.times import format_time
from clinic_desktop.errors import ClinicError, NotAllowedError
from clinic_desktop.i18n import _, ngettext
from clinic_desktop.ui.entry.door import Entered, Resumable
from clinic_desktop.ui.entry.tasks import Tasks, Tell
from clinic_desktop.ui.main_window import MainWindow
from clinic_desktop.ui.operations import Operations
from clinic_desktop.ui.shell.registry import Registry
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.labels import Tag
from clinic_desktop.ui.windows import Windows

if TYPE_CHECKING:  # the window is painted before the services are loaded
    from uuid import UUID

    from clinic_desktop.services.context import Context, Who
    from clinic_desktop.services.installation.sign_in import Lock
    from clinic_desktop.services.session import Topic
    from clinic_desktop.services.staff.schemas import EmergencyRow

RIGHTS: Final = frozenset({"person", "person_role", "staff_role", "emergency_access", "clinic"})
CLOSE_WAIT_MS: Final = 5_000
MEASURE_MS: Final = 5 * 60_000


class Session(QObject):
    """Made after somebody was let in; ``close`` ends it. The guard locks and resumes it."""

    lock_wanted = Signal()
    switch_wanted = Signal()
    sign_out_wanted = Signal()
    all_closed = Signal()
    put_out = Signal(str)
    """The server lets this person in no more; the sentence says why."""

    def __init__(
        self,
        entered: Entered,
        *,
        theme: Theme,
        tasks: Tasks,
        home: Path,
        features: Callable[["Session"], Registry],
        tell_keyring: bool = True,
        notice: str = "",
        parent: QObject | None = None,
    ) -> None:
        """``tell_keyring`` lets the window say that this computer has no keyring.

        ``notice`` is said once, in the first window.
        """
        super().__init__(parent)
        self._tell_keyring, self._notice = tell_keyring, notice
        admin = entered.signed_in.who.may("staff.write") and not entered.door.people
        self._needs_factor = admin and not entered.has_second_factor
        self.door, self.signed_in = entered.door, entered.signed_in
        self.lock, self.drafts = entered.lock, entered.drafts
        self.home = home
        self._theme, self._tasks, self._features = theme, tasks, features
        self.operations = Operations(self.signed_in, self)
        self.operations.changed.connect(self._changed)
        self.operations.connection.connect(self._connection_changed)
        self.windows: Windows | None = None
        self.locked_at = ""
        self._look = (theme.name, theme.density)
        self._emergency: EmergencyRow | None = None
        self._rebuild_wanted = False
        self._notices: list[Tag] = []
        self._clock_told = False
        self._clock_looks = QTimer(self)
        self._clock_looks.setInterval(MEASURE_MS)
        self._clock_looks.timeout.connect(self.measure_clock)
        self._clock_looks.start()
        self._ending = QTimer(self)
        self._ending.setSingleShot(True)
        self._ending.timeout.connect(self.rights_changed)

    @property
    def who(self) -> "Who":
        """Who is signed in, with the rights of now."""
        return self.signed_in.who

    @property
    def main(self) -> MainWindow | None:
        """The first window still open."""
        return self.windows.main if self.windows is not None else None

    # -- windows ----------------------------------------------------------------------------

    def open(self, names: Sequence[str] = ()) -> None:
        """Open the windows as this person left them, or those that are named."""
        windows = Windows(
            operations=self.operations,
            theme=self._theme,
            drafts=self.drafts,
            who=self.who,
            registry=self._features(self),
            home=self.home,
            parent=self,
        )
        windows.lock_wanted.connect(self.lock_wanted)
        windows.switch_wanted.connect(self.switch_wanted)
        windows.sign_out_wanted.connect(self.sign_out_wanted)
        windows.all_closed.connect(self._all_closed)
        windows.opened.connect(self._tell_emergency)
        self._forget_erased()
        self.windows = windows
        window = windows.open(names)
        if not self._tell_keyring:
            window.desk.messages.clear()
        self._tell_keyring = False
        if self._needs_factor:
            window.desk.messages.warn(
                _("You may change everything here: set up the authenticator app in Settings.")
            )
        if self._notice:
            window.desk.messages.warn(self._notice)
            self._notice = ""
        self._tell_clock()

    def cover(self) -> None:
        """Hide every window and dialog; what is typed is kept."""
        if self.windows is None:
            return
        self._look = (self._theme.name, self._theme.density)
        self.locked_at = self._clock_time()
        self.windows.cover()

    def uncover(self) -> None:
        """Show again what was hidden, in this person's colours and with the rights of now."""
        name, density = self._look
        if self._theme.name != name:
            self._theme.use(name)
        if self._theme.density != density:
            self._theme.use_density(density)
        self.locked_at = ""
        if self.windows is not None:
            self.windows.uncover()
        if self._rebuild_wanted:
            self._rebuild()

    def resumable(self) -> Resumable:
        """Return what the list of people shows of this session."""
        kept = self.drafts.half_typed()
        parts = [_("Locked at {time}").format(time=self.locked_at)] if self.locked_at else []
        if kept:
            parts.append(
                ngettext(
                    "{count} form not saved, kept", "{count} forms not saved, kept", kept
                ).format(count=kept)
            )
        return Resumable(self.signed_in, self.lock, " · ".join(parts))

    def close(self) -> None:
        """Close the windows and the connections; half-typed text stays kept."""
        self.drafts.keep_all()
        self._ending.stop()
        self._clock_looks.stop()
        if self.windows is not None:
            windows, self.windows = self.windows, None
            windows.all_closed.disconnect(self._all_closed)
            windows.close()
            windows.deleteLater()
        self.signed_in.close()
        self.operations.close(CLOSE_WAIT_MS)

    @Slot()
    def _all_closed(self) -> None:
        self.all_closed.emit()

    def _rebuild(self) -> None:
        """Open the windows anew, because what this person may do has changed."""
        self._rebuild_wanted = False
        if self.windows is None:
            return
        old = self.windows
        old.all_closed.disconnect(self._all_closed)
        self.drafts.keep_all()
        places = {window.name: window.patient_in_view() for window in old.windows}
        for window in old.windows:
            window.remember()
        self.open(tuple(places))
        for window in self.windows.windows:
            patient = places[window.name]
            if patient is not None and window.stack.allowed("patient"):
                window.desk.navigator.open_patient(patient.patient_id)
        old.close()
        old.deleteLater()

    def _clock_time(self) -> str:
        zone = ZoneInfo(self.who.zone)
        return format_time(self.operations.now().astimezone(zone).time())

    # -- one's own sign-in ------------------------------------------------------------------

    def change_password(
        self,
        *,
        old: str,
        new: str,
        again: str,
        done: Callable[[], None],
        failed: Callable[[ClinicError], None],
    ) -> None:
        """Change the person's password; the open connections go on with the new one."""

        def work(_tell: Tell) -> None:
            from clinic_desktop.services.installation.resume import change_password

            change_password(self.signed_in, old=old, new=new, again=again)

        self._tasks.run(self, work, lambda _none: done(), failed)

    def pin_changed(self) -> None:
        """Read the PIN again, so that the next lock takes the new one."""
        from clinic_desktop.services.installation.sign_in import lock_of

        self.operations.query(self, lock_of, self._take_lock, key="lock")

    def _take_lock(self, lock: "Lock") -> None:
        self.lock = lock

    # -- what changes -----------------------------------------------------------------------

    @Slot(object)
    def _changed(self, topics: "frozenset[Topic] | None") -> None:
        if topics is None or any(topic.table in RIGHTS for topic in topics):
            self.rights_changed()
        if topics is None or any(topic.table == "erasure" for topic in topics):
            self._forget_erased()

    def _forget_erased(self) -> None:
        """Drop what is half-typed here about people who were erased, on whichever computer."""
        if self.drafts.empty or not self.who.may("patients.read"):
            return

        def erased(ctx: "Context") -> "tuple[UUID, ...]":
            from clinic_desktop.services.erasure.service import erasures

            return tuple(one.patient_id for one in erasures(ctx))

        self.operations.query(
            self, erased, lambda ids: self.drafts.forget_about(*ids), failed=lambda _error: None,
            key="erased",
        )  # fmt: skip

    @Slot()
    def rights_changed(self) -> None:
        """Read name, clinic and rights again and let the windows follow."""
        before = self.who

        def work(_tell: Tell) -> "tuple[Who, EmergencyRow | None]":
            from clinic_desktop.services.staff.mine import my_emergency

            now = self.signed_in.refresh_who()
            with self.signed_in.reading() as ctx:
                return now, my_emergency(ctx)

        self._tasks.run(self, work, lambda read: self._rights_read(before, *read), self._not_read)

    def _rights_read(self, before: "Who", now: "Who", emergency: "EmergencyRow | None") -> None:
        if self.windows is None:
            return
        began_or_ended = (self._emergency is None) != (emergency is None)
        self._emergency = emergency
        if emergency is not None:
            left = emergency.ends_at - self.operations.now() + timedelta(seconds=1)
            self._ending.start(max(1000, int(left.total_seconds() * 1000)))
        if (before.permissions, before.name) != (now.permissions, now.name):
            self._rebuild_wanted = True
            if not self.locked_at:
                self._follow_rights(at_once=began_or_ended)
        for window in self.windows.windows:
            self._tell_emergency(window)

    def _follow_rights(self, *, at_once: bool) -> None:
        """Open the windows anew where the person expects it, else say that rights changed."""
        if at_once:
            self._rebuild()
            self._say_emergency()
        elif self.main is not None:
            self.main.desk.messages.warn(
                _("Your rights were changed. Lock with Ctrl+L and come back to see the new ones.")
            )

    def _not_read(self, error: ClinicError) -> None:
        if isinstance(error, NotAllowedError):
            self.put_out.emit(str(error))

    @Slot(bool)
    def _connection_changed(self, connected: bool) -> None:
        if connected:
            self._tell_clock()
            return

        def ask(_tell: Tell) -> ClinicError | None:
            from clinic_desktop.services.installation.resume import why_out

            return why_out(self.signed_in)

        self._tasks.run(self, ask, self._ended, lambda _error: None)

    def _ended(self, why: ClinicError | None) -> None:
        if why is not None:
            self.put_out.emit(str(why))

    # -- the clock --------------------------------------------------------------------------

    @Slot()
    def measure_clock(self) -> None:
        """Measure the server's time again, and say when this computer's differs."""
        if self.operations.connected:
            self._tasks.run(
                self,
                lambda _tell: self.signed_in.ping(),
                lambda _none: self._tell_clock(),
                lambda _error: None,
            )

    def _tell_clock(self) -> None:
        """Say once that the clocks differ; what is stored follows the server's."""
        clock = self.signed_in.clock
        if clock.agrees or self.main is None:
            self._clock_told = False
            return
        if self._clock_told:
            return
        self._clock_told = True
        minutes = round(abs(clock.skew).total_seconds() / 60)
        words = (
            ngettext(
                "This computer’s clock is {count} minute ahead of the server’s. Times here follow "
                "the server. Set the clock of whichever is wrong.",
                "This computer’s clock is {count} minutes ahead of the server’s. Times here follow "
                "the server. Set the clock of whichever is wrong.",
                minutes,
            )
            if clock.skew > timedelta(0)
            else ngettext(
                "This computer’s clock is {count} minute behind the server’s. Times here follow "
                "the server. Set the clock of whichever is wrong.",
                "This computer’s clock is {count} minutes behind the server’s. Times here follow "
                "the server. Set the clock of whichever is wrong.",
                minutes,
            )
        )
        self.main.desk.messages.warn(words.format(count=minutes))

    # -- emergency access -------------------------------------------------------------------

    def _say_emergency(self) -> None:
        if self.main is None:
            return
        if self._emergency is None:
            self.main.desk.messages.say(_("Emergency access has ended."), "shield")
        else:
            self.main.desk.messages.warn(
                _("Emergency access has begun. Everything you open is written down.")
            )

    @Slot(object)
    def _tell_emergency(self, window: MainWindow) -> None:
        """Show in the top bar until when the emergency access lasts."""
        notice = window.top.findChild(Tag, "emergency")
        if self._emergency is None:
            if notice is not None:
                notice.hide()
            return
        zone = ZoneInfo(self.who.zone)
        end = format_time(self._emergency.ends_at.astimezone(zone).time())
        words = _("Emergency access until {time}").format(time=end)
        if notice is None:
            notice = Tag("warning", "shield-alert", words, theme=self._theme)
            notice.setObjectName("emergency")
            row = window.top.layout()
            if isinstance(row, QHBoxLayout):
                row.insertWidget(row.indexOf(window.top.appointment), notice)
        notice.set_tag("warning", "shield-alert", words)
        notice.setToolTip(self._emergency.reason)
        notice.show()
