"""How a long service tells how far it is, and learns that it is to stop."""

from typing import Protocol

from clinic_desktop.errors import ClinicError
from clinic_desktop.i18n import _


class StoppedError(ClinicError):
    """Somebody pressed Stop; the transaction is undone whole."""

    def __init__(self) -> None:
        super().__init__(_("Stopped. Nothing was changed."))


class Steps(Protocol):
    """Given to a service by who started it."""

    def tell(self, done: int, total: int) -> None:
        """Say how far it is; raises StoppedError when it is to stop."""


class Silent:
    """Steps that nobody looks at."""

    def tell(self, done: int, total: int) -> None:
        """Go on."""


SILENT = Silent()
