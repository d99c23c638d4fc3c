"""Between the password and the window: a password of one's own, a second factor, the keyring."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from clinic_desktop.errors import ClinicError
from clinic_desktop.i18n import _
from clinic_desktop.ui.entry.door import Door, Household, factor_needed, furnish
from clinic_desktop.ui.entry.frame import EntryFrame
from clinic_desktop.ui.entry.own_password import OwnPasswordPage
from clinic_desktop.ui.entry.second_factor import SecondFactorPage
from clinic_desktop.ui.entry.tasks import Tasks, Tell

if TYPE_CHECKING:  # the window is painted before the services are loaded
    from clinic_desktop.services.session import SignedIn


class Welcome(QObject):
    """Takes somebody who was let in as far as their windows, or lets them go again."""

    entered = Signal(object)
    """``Entered``."""
    left = Signal()
    """They went back; nobody is signed in."""
    failed = Signal(object)
    """ClinicError: what the windows need could not be had; nobody is signed in."""

    def __init__(
        self, frame: EntryFrame, tasks: Tasks, household: Household, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._frame, self._tasks, self._household = frame, tasks, household
        self._door: Door | None = None
        self._signed_in: SignedIn | None = None

    @property
    def under_way(self) -> bool:
        """Whether somebody stands between the password and the window."""
        return self._signed_in is not None

    def close(self) -> None:
        """Let go of whoever stands there."""
        if self._signed_in is not None:
            self._signed_in.close()
            self._signed_in = None

    def greet(self, door: Door, signed_in: "SignedIn") -> None:
        """Begin; a first sign-in chooses a password of its own."""
        self.close()
        self._door, self._signed_in = door, signed_in
        if signed_in.who.must_change_password:
            self._ask_own_password(signed_in)
        else:
            self._check_factor()

    def _leave(self) -> None:
        self.close()
        self.left.emit()

    def _fail(self, error: ClinicError) -> None:
        self.close()
        self.failed.emit(error)

    # -- a password of one's own ------------------------------------------------------------

    def _ask_own_password(self, signed_in: "SignedIn") -> None:
        page = OwnPasswordPage(signed_in.who.name, theme=self._frame.theme, left=self._leave)
        page.answered.connect(self._keep_own_password)
        self._frame.say(_("Welcome."), signed_in.who.clinic_name)
        self._frame.show_page(page)

    @Slot(str, str)
    def _keep_own_password(self, new: str, again: str) -> None:
        signed_in, page = self._signed_in, self._frame.page
        if signed_in is None or page is None:
            return
        page.set_busy(True, _("Keeping the password…"))

        def work(_tell: Tell) -> None:
            from clinic_desktop.services.installation.resume import change_password

            change_password(signed_in, old=None, new=new, again=again)

        self._tasks.run(self, work, lambda _none: self._check_factor(), page.refuse)

    # -- a second factor --------------------------------------------------------------------

    def _check_factor(self) -> None:
        door, signed_in = self._door, self._signed_in
        if door is None or signed_in is None:
            return

        def done(needed: tuple[str, str] | None) -> None:
            if needed is None:
                self._furnish()
            else:
                self._ask_factor(signed_in, *needed)

        self._tasks.run(self, lambda _tell: factor_needed(door, signed_in), done, self._fail)

    def _ask_factor(self, signed_in: "SignedIn", seed: str, address: str) -> None:
        page = SecondFactorPage(
            theme=self._frame.theme, seed=seed, address=address, left=self._leave
        )

        def answered(code: str) -> None:
            page.set_busy(True, _("One moment…"))

            def work(_tell: Tell) -> None:
                from clinic_desktop.services.installation.sign_in import confirm_totp

                with signed_in.writing() as ctx:
                    confirm_totp(ctx, seed, code)

            self._tasks.run(self, work, lambda _none: self._furnish(), page.refuse)

        page.answered.connect(answered)
        self._frame.say(_("Two keys."), signed_in.who.clinic_name)
        self._frame.show_page(page)

    # -- what the windows need --------------------------------------------------------------

    def _furnish(self) -> None:
        """The keyring may wait for its owner."""
        door, signed_in, page = self._door, self._signed_in, self._frame.page
        if door is None or signed_in is None:
            return
        if page is not None:
            page.set_busy(True, _("Opening the window…"))
        self._tasks.run(
            self,
            lambda _tell: furnish(self._household, door, signed_in),
            self._furnished,
            self._fail,
        )

    def _furnished(self, entered: object) -> None:
        self._signed_in = None
        self.entered.emit(entered)
