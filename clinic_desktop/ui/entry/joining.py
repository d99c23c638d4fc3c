"""Joining a clinic's server: where it is, whether it can be trusted, who joins."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from clinic_desktop.config import ServerProfile, load_profiles, server_profile
from clinic_desktop.errors import ClinicError
from clinic_desktop.i18n import _
from clinic_desktop.ui.entry.first_run_pages import JoinPage, ServerPage
from clinic_desktop.ui.entry.frame import EntryFrame
from clinic_desktop.ui.entry.tasks import Tasks, Tell

SERVER_FIELDS = ("host", "port", "database", "root_certificate")


@dataclass
class ServerAnswers:
    """What was answered so far; a password is never kept here."""

    host: str = ""
    port: str = ""
    database: str = ""
    certificate: str = ""
    user_name: str = ""
    profile: ServerProfile | None = None


def known_server(home: Path) -> ServerAnswers:
    """Return answers that begin with the server this computer joined before, if any."""
    servers = [one for one in load_profiles(home) if isinstance(one, ServerProfile)]
    if not servers:
        return ServerAnswers()
    known = servers[-1]
    return ServerAnswers(
        host=known.host,
        port=str(known.port),
        database=known.database,
        certificate=str(known.root_certificate or ""),
    )


class Joining(QObject):
    """Two pages; everything is tried before it is kept."""

    joined = Signal(object, object)
    """Profile and SignedIn."""

    def __init__(
        self,
        frame: EntryFrame,
        tasks: Tasks,
        *,
        home: Path,
        device: str,
        back: Callable[[], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._frame, self._tasks = frame, tasks
        self._home, self._device, self._back = home, device, back
        self.answers = known_server(home)
        self._show: Callable[[], None] = self.ask_server

    def show_again(self) -> None:
        """Show the question again, because the language changed."""
        self._keep_typed()
        self._show()

    def _keep_typed(self) -> None:
        page, answers = self._frame.page, self.answers
        if isinstance(page, ServerPage):
            answers.host, answers.port = page.host.text(), page.port.text()
            answers.database, answers.certificate = page.database.text(), page.certificate.text()
        elif isinstance(page, JoinPage):
            answers.user_name = page.user_name.text()

    def _refused(self, error: ClinicError) -> None:
        if self._frame.page is not None:
            self._frame.page.refuse(error)

    # -- where ------------------------------------------------------------------------------

    def ask_server(self) -> None:
        """Ask where the clinic's server is."""
        self._show = self.ask_server
        self._frame.say(
            _("One clinic,\nmany PCs."),
            _("The connection is encrypted, and the server has to show that it is the right one."),
        )
        answers = self.answers
        page = ServerPage(
            theme=self._frame.theme,
            host=answers.host,
            port=answers.port,
            database=answers.database,
            certificate=answers.certificate,
            back=self._go_back,
        )
        page.answered.connect(self._try_server)
        self._frame.show_page(page)

    def _go_back(self) -> None:
        self._keep_typed()
        self._back()

    @Slot(str, str, str, str)
    def _try_server(self, host: str, port: str, database: str, certificate: str) -> None:
        page = self._frame.page
        if page is None:
            return
        self._keep_typed()
        try:
            profile = server_profile(
                name=host, host=host, port=port, database=database, root_certificate=certificate
            )
        except ClinicError as error:
            page.refuse(error)
            return
        self.answers.profile = profile
        page.set_busy(True, _("Trying {host}…").format(host=profile.host))

        def work(_tell: Tell) -> None:
            from clinic_desktop.services.installation import first_run

            first_run.try_address(profile)

        self._tasks.run(self, work, lambda _none: self.ask_joining(), self._refused)

    # -- who --------------------------------------------------------------------------------

    def ask_joining(self) -> None:
        """Ask who joins."""
        self._show = self.ask_joining
        profile = self.answers.profile
        if profile is None:
            self.ask_server()
            return
        page = JoinPage(
            theme=self._frame.theme,
            host=profile.host,
            user_name=self.answers.user_name,
            back=self._back_to_server,
        )
        page.answered.connect(self._join)
        self._frame.show_page(page)

    def _back_to_server(self) -> None:
        self._keep_typed()
        self.ask_server()

    @Slot(str, str, str)
    def _join(self, user_name: str, password: str, code: str) -> None:
        self._keep_typed()
        page, profile = self._frame.page, self.answers.profile
        if page is None or profile is None:
            return
        page.set_busy(True, _("Signing in at {host}…").format(host=profile.host))

        def work(_tell: Tell) -> Any:
            from clinic_desktop.services.installation import first_run

            return first_run.join(
                self._home,
                profile,
                user_name=user_name,
                password=password,
                code=code or None,
                device=self._device,
            )

        self._tasks.run(
            self, work, lambda signed_in: self.joined.emit(profile, signed_in), self._not_joined
        )

    def _not_joined(self, error: ClinicError) -> None:
        page = self._frame.page
        if error.field in SERVER_FIELDS:
            self.ask_server()
        elif error.field == "code" and isinstance(page, JoinPage):
            page.ask_code()
        self._refused(error)
