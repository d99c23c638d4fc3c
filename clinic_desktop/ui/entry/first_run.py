"""The first start: at most three questions, everything else has a sensible start."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QLocale, QObject, QTimeZone, Signal, Slot

from clinic_desktop import i18n
from clinic_desktop.errors import ClinicError, ConflictError
from clinic_desktop.i18n import _
from clinic_desktop.ui.entry.assumed import AssumedDialog, facts_of
from clinic_desktop.ui.entry.first_run_pages import ClinicPage, PersonPage, WherePage
from clinic_desktop.ui.entry.frame import EntryFrame
from clinic_desktop.ui.entry.ink_panel import greeting
from clinic_desktop.ui.entry.joining import Joining
from clinic_desktop.ui.entry.page import Page
from clinic_desktop.ui.entry.restoring import Restoring
from clinic_desktop.ui.entry.tasks import Tasks, Tell

if TYPE_CHECKING:  # the window is painted before the services are loaded
    from clinic_desktop.services.installation.first_run import Assumed
    from clinic_desktop.services.installation.local import LocalInstallation


@dataclass
class Answers:
    """What was answered so far; a password is never kept here."""

    place: str = "computer"
    assumed: "Assumed | None" = None
    clinic_name: str = ""
    name: str = ""
    user_name: str = ""


def computer_country() -> str:
    """Return the country this computer is set to, or nothing."""
    parts = QLocale.system().name().split("_")
    return parts[1] if len(parts) > 1 else ""


def computer_zone() -> str:
    """Return the time zone this computer is set to, or nothing."""
    return bytes(QTimeZone.systemTimeZoneId().data()).decode("ascii", errors="ignore")


class FirstRun(QObject):
    """Asks, tries, makes or joins; the pages stay in its hands, the frame shows them."""

    made = Signal(object)
    """(installation, user name, password): the clinic of this computer is there, sign in."""
    joined = Signal(object, object)
    """Profile and SignedIn of a clinic server."""
    found_here = Signal()
    """This computer already holds a clinic: sign in."""
    sample_wanted = Signal()

    def __init__(
        self,
        frame: EntryFrame,
        tasks: Tasks,
        *,
        home: Path,
        device: str,
        local: Callable[[], "LocalInstallation"],
        parent: QObject | None = None,
    ) -> None:
        """``local`` returns this computer's installation, made once; called on a worker."""
        super().__init__(parent)
        self._frame, self._tasks = frame, tasks
        self._theme = frame.theme
        self._home, self._local = home, local
        self.answers = Answers()
        self._joining = Joining(
            frame, tasks, home=home, device=device, back=self.ask_where, parent=self
        )
        self._joining.joined.connect(self.joined)
        self._restoring = Restoring(
            frame, tasks, home=home, local=local, back=self.ask_where, parent=self
        )
        self._restoring.restored.connect(self.made)
        self._show: Callable[[], None] = self.ask_where
        self._prepared: bool | None = None
        self._preparing = False
        self._waiting: Callable[[], None] | None = None

    @Slot()
    def show_again(self) -> None:
        """Show the question again, because the language changed."""
        self._keep_typed()
        self._show()

    def start(self, *, at_clinic: bool = False) -> None:
        """Begin with the first question and find out what can be assumed.

        ``at_clinic`` goes on with the second one: the data of this computer are there, empty.
        """
        self.ask_where()
        if at_clinic:
            self._where("computer")
        country, zone, language = computer_country(), computer_zone(), i18n.language()

        def assume(_tell: Tell) -> Any:
            from clinic_desktop.services.installation import first_run

            return first_run.assume(country=country, zone=zone, language=language)

        self._tasks.run(self, assume, self._assume, self._refused)

    def _page(self) -> Page | None:
        return self._frame.page

    def _refused(self, error: ClinicError) -> None:
        page = self._page()
        if page is not None:
            page.refuse(error)

    # -- question 1 -------------------------------------------------------------------------

    def ask_where(self) -> None:
        """Ask where the data will live."""
        self._show = self.ask_where
        self._frame.say(
            greeting() + "\n" + _("Let’s open the clinic."),
            _(
                "One question now, at most three in all. Everything else has a sensible start and "
                "can be changed later in Settings."
            ),
        )
        page = WherePage(theme=self._theme, place=self.answers.place)
        page.looked_at.connect(self._looked_at)
        page.chosen.connect(self._where)
        page.assumed.change_wanted.connect(self._change_assumed)
        page.restore_wanted.connect(self.restore)
        self._frame.show_page(page)
        self._tell_assumed()

    @Slot(str)
    def _looked_at(self, place: str) -> None:
        self.answers.place = place
        self._tell_assumed()

    def _assume(self, assumed: "Assumed") -> None:
        if self.answers.assumed is None:
            self.answers.assumed = assumed
        self._tell_assumed()

    def _tell_assumed(self) -> None:
        page = self._page()
        if not isinstance(page, WherePage):
            return
        if self.answers.place == "server":
            page.assumed.show_facts(
                _("Country, currency, tooth numbers and hours come from the clinic’s server."),
                [
                    (
                        "shield-check",
                        _("On the network:"),
                        _("encrypted, the certificate is checked"),
                    )
                ],
                change=False,
            )
        elif self.answers.place == "sample":
            page.assumed.show_facts(
                _("The sample clinic stays on this computer and can be thrown away at any time."),
                [("users", _("You can be:"), _("front desk, dentist or anybody else there"))],
                change=False,
            )
        elif self.answers.assumed is not None:
            facts = facts_of(self.answers.assumed, str(self._home))
            page.assumed.show_facts(_("Assumed, until you change it:"), facts, change=True)
        else:
            page.assumed.show_facts(_("Looking at this computer’s settings…"), [], change=False)

    @Slot()
    def _change_assumed(self) -> None:
        if self.answers.assumed is not None:
            AssumedDialog(
                self.answers.assumed, theme=self._theme, parent=self._frame, done=self._changed
            ).open()

    def _changed(self, assumed: "Assumed") -> None:
        self.answers.assumed = assumed
        self._tell_assumed()

    @Slot(str)
    def _where(self, place: str) -> None:
        self.answers.place = place
        if place == "sample":
            self.sample_wanted.emit()
        elif place == "server":
            self._show = self._joining.show_again
            self._joining.ask_server()
        else:
            self._prepare()
            self.ask_clinic()

    @Slot()
    def restore(self) -> None:
        """Bring a clinic back from a backup instead of making one."""
        self._show = self._restoring.show_again
        self._restoring.ask()

    def go_on_restored(self) -> None:
        """Let somebody in where a restore was left."""
        self._show = self._restoring.show_again
        self._restoring.go_on()

    # -- on this computer -------------------------------------------------------------------

    def _prepare(self) -> None:
        """Make the server and its tables while somebody types the names."""
        if self._preparing or self._prepared is not None:
            return
        self._preparing = True

        def work(tell: Tell) -> bool:
            from clinic_desktop.services.installation import first_run

            return first_run.prepare(self._local(), tell)

        self._tasks.run(self, work, self._ready, self._not_ready, self._told)

    def _told(self, sentence: str) -> None:
        page = self._page()
        if self._waiting is not None and page is not None:
            page.tell(sentence)

    def _ready(self, has_clinic: bool) -> None:
        self._preparing, self._prepared = False, has_clinic
        if has_clinic:
            self.found_here.emit()
        elif self._waiting is not None:
            waiting, self._waiting = self._waiting, None
            waiting()

    def _not_ready(self, error: ClinicError) -> None:
        self._preparing = False
        self._waiting = None
        self._refused(error)

    def ask_clinic(self) -> None:
        """Ask what the clinic is called."""
        self._show = self.ask_clinic
        self._frame.say(
            _("Its own house."),
            _("The database is being made on this computer while you answer."),
        )
        page = ClinicPage(theme=self._theme, name=self.answers.clinic_name, back=self.ask_where)
        page.answered.connect(self._named)
        self._frame.show_page(page)

    @Slot(str)
    def _named(self, name: str) -> None:
        self.answers.clinic_name = name
        self.ask_person()

    def ask_person(self) -> None:
        """Ask for the first person."""
        self._show = self.ask_person
        self._frame.say(
            _("The first key."),
            _(
                "Everybody signs in with a name and password of their own, so that the history "
                "says who did what."
            ),
        )
        page = PersonPage(
            theme=self._theme,
            name=self.answers.name,
            user_name=self.answers.user_name,
            back=self._back_to_clinic,
        )
        page.answered.connect(self._make)
        self._frame.show_page(page)

    def _back_to_clinic(self) -> None:
        self._keep_typed()
        self.ask_clinic()

    def _keep_typed(self) -> None:
        """Keep what stands in the page's fields, all but passwords."""
        page = self._page()
        if isinstance(page, PersonPage):
            self.answers.name, self.answers.user_name = page.name.text(), page.user_name.text()
        elif isinstance(page, ClinicPage):
            self.answers.clinic_name = page.name.text()

    @Slot(str, str, str)
    def _make(self, name: str, user_name: str, password: str) -> None:
        self._keep_typed()
        page, answers, language = self._page(), self.answers, i18n.language()
        if page is None:
            return
        page.set_busy(True, _("Making the database of this computer…"))
        if self._prepared is None:
            # It comes back here as soon as the server is there.
            self._waiting = lambda: self._make(name, user_name, password)
            self._prepare()
            return

        def work(tell: Tell) -> Any:
            from clinic_desktop.services.installation import first_run

            local = self._local()
            assumed = answers.assumed or first_run.assume(country="", zone="", language=language)
            person = first_run.FirstPerson(
                name=name, user_name=user_name, password=password, language=language
            )
            first_run.make_first_clinic(
                local, name=answers.clinic_name, assumed=assumed, person=person, tell=tell
            )
            first_run.remember(self._home, first_run.this_computer())
            return local, user_name, password

        self._waiting = lambda: None
        self._tasks.run(self, work, self._made, self._not_made, self._told)

    def _made(self, made: Any) -> None:
        self._waiting = None
        self.made.emit(made)

    def _not_made(self, error: ClinicError) -> None:
        self._waiting = None
        if isinstance(error, ConflictError):
            self.found_here.emit()
        elif error.field == "clinic_name":
            self.ask_clinic()
            self._refused(error)
        else:
            self._refused(error)
