"""A section whose settings stay on this computer and are kept as they are made."""

from datetime import datetime
from pathlib import Path

from clinic_desktop.config import Settings
from clinic_desktop.errors import ClinicError
from clinic_desktop.i18n import _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.settings.local_history import LocalHistoryDialog
from clinic_desktop.ui.settings.local_log import LocalLog
from clinic_desktop.ui.settings.section import Section


class KeptHere(Section):
    """Keeps each change in the folder of this computer, and shows who made the last one."""

    kept: frozenset[str] = frozenset()
    """The names of its settings in ``Settings``."""

    def __init__(self, desk: Desk, home: Path) -> None:
        super().__init__(desk)
        self._home = home

    def show_settings(self, settings: Settings) -> None:
        """Show what is kept by now, after an earlier value was put back."""
        raise NotImplementedError

    def keep(self, **changes: object) -> None:
        """Keep what was changed, or say why it could not be kept."""
        try:
            LocalLog(self._home).keep(self.desk.who.name, self.desk.operations.now(), **changes)
        except ClinicError as error:
            self.desk.messages.warn(str(error))
        else:
            self.desk.messages.say(_("Kept on this computer."))
            self.changed_here.emit()

    def last_change(self) -> tuple[str, datetime] | None:
        """Return who changed these settings last, and when."""
        found = LocalLog(self._home).changes(self.kept)
        return (found[0].by, found[0].at) if found else None

    def show_changes(self) -> None:
        """Show what was changed on this computer."""
        LocalHistoryDialog(
            self.desk, self, home=self._home, fields=self.kept, renewed=self._renew
        ).open()

    def _renew(self) -> None:
        self.show_settings(Settings.load(self._home))
        self.changed_here.emit()
