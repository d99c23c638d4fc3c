"""The way in: opens the clinic's data, shows who can sign in, lets people in and back."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

from clinic_desktop.config import ComputerProfile, Profile, SampleProfile
from clinic_desktop.errors import ClinicError
from clinic_desktop.i18n import _
from clinic_desktop.ui.entry.door import (
    SAMPLE,
    Door,
    Household,
    Resumable,
    open_door,
    sign_in_at,
)
from clinic_desktop.ui.entry.faces import Face
from clinic_desktop.ui.entry.frame import EntryFrame
from clinic_desktop.ui.entry.ink_panel import greeting
from clinic_desktop.ui.entry.opening import FailedPage, OpeningPage, opening_words
from clinic_desktop.ui.entry.sign_in import SignInPage
from clinic_desktop.ui.entry.tasks import Task, Tasks, Tell
from clinic_desktop.ui.entry.welcome import Welcome

if TYPE_CHECKING:  # the window is painted before the services are loaded
    from clinic_desktop.services.installation.local import LocalInstallation
    from clinic_desktop.services.installation.place import Installation
    from clinic_desktop.services.sample.opening import SamplePerson
    from clinic_desktop.services.session import SignedIn
    from clinic_desktop.ui.entry.first_run import FirstRun


class Reception(QObject):
    """Decides which page stands in the frame until somebody is let in."""

    entered = Signal(object)
    """``Entered``."""
    resumed = Signal(str)
    """Login of the session that goes on."""
    opened = Signal()
    """The data are open; whoever signs in next is let in quickly."""

    def __init__(
        self,
        frame: EntryFrame,
        tasks: Tasks,
        household: Household,
        *,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._frame, self._tasks, self._household = frame, tasks, household
        self._theme = frame.theme
        self.door: Door | None = None
        self._show: Callable[[], None] = self.begin_first_run
        self._opening: Task | None = None
        self._first_run: FirstRun | None = None
        self._sessions: dict[str, Resumable] = {}
        self._welcome = Welcome(frame, tasks, household, self)
        self._welcome.entered.connect(self.entered)
        self._welcome.left.connect(self.ask_who_again)
        self._welcome.failed.connect(self._not_let_in)
        self._started: list[Any] = []
        self._own: str | None = None

    @Slot()
    def show_again(self) -> None:
        """Show the page again, because the language changed."""
        if self._frame.page is not None and self._frame.page.busy:
            return
        if self._first_run is not None:
            self._first_run.show_again()
        elif self._opening is None and not self._welcome.under_way:
            self._show()

    def close(self) -> None:
        """Leave every server that was started; the last program to leave stops it."""
        self._welcome.close()
        for installation in self._started:
            installation.leave()
        self._started = []

    # -- opening ----------------------------------------------------------------------------

    def begin_first_run(self, *, at_clinic: bool = False, restored: bool = False) -> None:
        """Ask where the data live, or go on where a set-up or a restore was left."""
        from clinic_desktop.ui.entry.first_run import FirstRun

        self._first_run = FirstRun(
            self._frame,
            self._tasks,
            home=self._household.home,
            device=self._household.device,
            local=self._this_computer,
            parent=self,
        )
        self._first_run.made.connect(self._made)
        self._first_run.joined.connect(self._joined)
        self._first_run.found_here.connect(self._found_here)
        self._first_run.sample_wanted.connect(lambda: self.open(SAMPLE))
        self._first_run.start(at_clinic=at_clinic)
        if restored:
            self._first_run.go_on_restored()

    def _this_computer(self) -> "LocalInstallation":
        """Return this computer's installation, one for the program; called on a worker."""
        profile = ComputerProfile(name="computer")
        root = profile.folder(self._household.home)
        known = [one for one in self._started if getattr(one, "root", None) == root]
        if not known:
            known = [self._household.local(profile)]
            self._started += known
        return known[0]  # type: ignore[no-any-return]  # a list of both kinds

    def _end_first_run(self) -> None:
        if self._first_run is not None:
            self._first_run.deleteLater()
            self._first_run = None

    def open(self, profile: Profile) -> None:
        """Open a place and show who can sign in."""
        self._end_first_run()
        self._show = lambda: self.open(profile)
        sample = isinstance(profile, SampleProfile)
        head, sentence, title = opening_words(sample=sample)
        self._frame.say(head, sentence)
        page = OpeningPage(title, theme=self._theme, on_stop=self._stop_opening if sample else None)
        self._frame.show_page(page)

        def work(tell: Tell) -> Door:
            return open_door(self._household, profile, tell, self._started)

        self._opening = self._tasks.run(
            self, work, self._opened, lambda error: self._not_opened(profile, error), page.tell
        )

    def _stop_opening(self) -> None:
        if self._opening is not None:
            self._opening.stop()
            self._opening = None
        self.begin_first_run()

    def _opened(self, door: Door) -> None:
        self._opening = None
        if not door.has_clinic:
            self.begin_first_run(at_clinic=True)
            return
        if isinstance(door.profile, ComputerProfile) and _waits(door.place):
            self.begin_first_run(restored=True)
            return
        self.door = door
        self.opened.emit()
        if door.people:
            self._let_in_sample(door.people[0])
        else:
            self.ask_who()

    def _not_opened(self, profile: Profile, error: ClinicError) -> None:
        self._opening = None
        self._frame.say(greeting(), _("Nothing stored is lost."))
        page = FailedPage(
            str(error),
            theme=self._theme,
            again=lambda: self.open(profile),
            other=self.begin_first_run,
        )
        self._frame.show_page(page)

    def _found_here(self) -> None:
        from clinic_desktop.services.installation import first_run

        profile = first_run.this_computer()
        first_run.remember(self._household.home, profile)
        self.open(profile)

    def _made(self, made: Any) -> None:
        """Go straight in as the person who has just set the clinic up."""
        from clinic_desktop.services.installation.sign_in import Doorkeeper

        place, user_name, password = made
        self._end_first_run()
        doorkeeper = Doorkeeper.of(self._household.home)
        self.door = Door(ComputerProfile(name="computer"), place, doorkeeper)
        self.opened.emit()
        self.ask_who()
        self._submitted(Face("", ""), user_name, password, "")

    def _joined(self, profile: Profile, signed_in: "SignedIn") -> None:
        from clinic_desktop.services.installation.place import installation_of
        from clinic_desktop.services.installation.sign_in import Doorkeeper

        self._end_first_run()
        home = self._household.home
        self.door = Door(profile, installation_of(home, profile), Doorkeeper.of(home))
        self.opened.emit()
        self.ask_who()
        self._greet(signed_in)

    # -- who --------------------------------------------------------------------------------

    def ask_who(
        self,
        sessions: dict[str, Resumable] | None = None,
        *,
        chosen: str = "",
        locked: str = "",
        note: str = "",
    ) -> None:
        """Show who can sign in or come back; ``locked`` says why a session waits here."""
        if self.door is None:
            return
        if sessions is not None:
            self._sessions = sessions
        self._show = lambda: self.ask_who(chosen=chosen, locked=locked, note=note)
        faces = self._faces(self.door)
        clinic = next((one.signed_in.who.clinic_name for one in self._sessions.values()), "")
        if locked:
            self._frame.say(_("Locked."), locked)
        else:
            self._frame.say(greeting(), clinic or _("Everybody signs in with a name of their own."))
        page = SignInPage(
            faces,
            theme=self._theme,
            title=_("Who goes on?") if self._sessions else _("Who is signing in?"),
            chosen=chosen or next((f.login for f in faces if f.login), ""),
            other=not self.door.people,
            connections=not self._sessions,
        )
        page.submitted.connect(self._submitted)
        page.forgotten.connect(self._forget)
        page.connections_wanted.connect(self._other_connection)
        self._frame.show_page(page)
        if note:
            page.note(note)

    def _faces(self, door: Door) -> list[Face]:
        faces = [
            Face(
                login,
                one.signed_in.who.name,
                one.signed_in.who.initials,
                one.detail,
                open=True,
                takes_pin=one.lock.takes_pin,
                known=bool(door.people),
            )
            for login, one in self._sessions.items()
        ]
        known = [Face(p.login, p.name, p.initials, p.job, known=True) for p in door.people] or [
            Face(one["login"], one["name"], one["initials"]) for one in door.doorkeeper.names
        ]
        return [*faces, *(face for face in known if face.login not in self._sessions)]

    def _page(self) -> SignInPage | None:
        page = self._frame.page
        return page if isinstance(page, SignInPage) else None

    @Slot(str)
    def _forget(self, login: str) -> None:
        if self.door is not None:
            self.door.doorkeeper.forget(login)
            self.ask_who()

    @Slot()
    def _other_connection(self) -> None:
        self.begin_first_run()

    @Slot(object, str, str, str)
    def _submitted(self, face: Face, user_name: str, secret: str, code: str) -> None:
        page, door = self._page(), self.door
        if page is None or door is None:
            return
        if face.known:
            self._let_in_sample(next(p for p in door.people if p.login == face.login))
        elif face.open:
            self._resume(page, door, face, secret)
        else:
            name = user_name or face.login.removeprefix("u_")
            page.set_busy(True, _("Signing in…"))
            self._tasks.run(
                self,
                lambda _tell: sign_in_at(self._household, door, name, secret, code),
                self._greet,
                lambda error: self._refused(error, face.login or f"u_{name.strip().casefold()}"),
            )

    def _refused(self, error: ClinicError, login: str) -> None:
        page = self._page()
        if page is None or self.door is None:
            return
        if error.field == "code":
            page.ask_code()
        elif error.field in ("password", "pin"):
            page.wrong()
        page.refuse(error)
        page.set_wait(self.door.doorkeeper.wait(login).total_seconds())

    # -- in and back ------------------------------------------------------------------------

    def _let_in_sample(self, person: "SamplePerson") -> None:
        """Let somebody of the sample clinic in, whose password this installation made itself."""
        if person.login in self._sessions:
            self.resumed.emit(person.login)
            return
        door, page = self.door, self._frame.page
        if door is None or page is None:
            return
        page.set_busy(True, _("Signing in as {name}…").format(name=person.name))
        name = person.login.removeprefix("u_")
        self._tasks.run(
            self,
            lambda _tell: sign_in_at(self._household, door, name, person.password, ""),
            self._greet,
            lambda error: self._not_opened(door.profile, error),
        )

    def _resume(self, page: SignInPage, door: Door, face: Face, secret: str) -> None:
        session = self._sessions[face.login]
        with_pin = page.with_pin
        page.set_busy(True, _("One moment…"))

        def work(_tell: Tell) -> None:
            from clinic_desktop.services.installation.resume import resume_with_password

            if with_pin:
                session.lock.resume(secret)
            else:
                resume_with_password(
                    door.place, door.doorkeeper, session.signed_in, password=secret
                )

        def failed(error: ClinicError) -> None:
            page.set_busy(False)
            self._refused(error, face.login)
            if with_pin and not session.lock.takes_pin:
                page.ask_password(_("The PIN was wrong five times. Type your password."))

        self._tasks.run(page, work, lambda _none: self.resumed.emit(face.login), failed)

    def _greet(self, signed_in: "SignedIn") -> None:
        if self.door is None:
            signed_in.close()
        else:
            self._welcome.greet(self.door, signed_in)

    @Slot()
    def ask_who_again(self) -> None:
        """Show the list as it was shown last."""
        self.ask_who()

    @Slot(object)
    def _not_let_in(self, error: ClinicError) -> None:
        if self.door is not None:
            self._not_opened(self.door.profile, error)


def _waits(place: "Installation") -> bool:
    """Return whether a clinic was restored there and nobody was let in yet."""
    from clinic_desktop.services.backup.bringing_back import is_waiting
    from clinic_desktop.services.installation.local import LocalInstallation

    return isinstance(place, LocalInstallation) and is_waiting(place.root)
