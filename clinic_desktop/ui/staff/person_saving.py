"""Storing the form of a person; where somebody else saved them first, both versions are shown."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from PySide6.QtWidgets import QWidget

from clinic_desktop.domain.times import format_time
from clinic_desktop.errors import ClinicError, StaleError
from clinic_desktop.i18n import LANGUAGES, _
from clinic_desktop.services.context import Context
from clinic_desktop.services.staff import service as staff
from clinic_desktop.services.staff.schemas import Invitation, PersonChange, PersonRow
from clinic_desktop.ui.conflict import ConflictDialog, ConflictLine, Side
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.staff.person_dialog import PersonDialog


class PersonSaving:
    """Stores for one section; ``invited`` is told word and name, ``changed`` that all is stored."""

    def __init__(
        self,
        desk: Desk,
        section: QWidget,
        *,
        invited: Callable[[Invitation, str], None],
        changed: Callable[[], None],
    ) -> None:
        self._desk, self._section = desk, section
        self._invited, self._changed = invited, changed

    def invite(self, dialog: PersonDialog) -> None:
        """Let somebody new sign in."""
        wanted = dialog.invitation()

        def done(invitation: Invitation) -> None:
            dialog.saved()
            self._invited(invitation, wanted.name)

        self._desk.operations.change(
            dialog, lambda ctx: staff.invite(ctx, wanted), done, failed=dialog.refuse
        )

    def change(self, dialog: PersonDialog) -> None:
        """Store the details and roles of somebody who works here."""
        if dialog.person is not None:
            self._change(dialog, dialog.person.version)

    def _change(self, dialog: PersonDialog, version: int) -> None:
        change, role_ids = dialog.change(version), dialog.role_ids()

        def call(ctx: Context) -> None:
            staff.change_person(ctx, change)
            staff.set_roles(ctx, change.id, role_ids)

        def done(_none: None) -> None:
            dialog.saved()
            self._changed()
            self._desk.messages.say(_("{name} is saved.").format(name=change.name))

        def failed(error: Exception) -> None:
            if isinstance(error, StaleError):
                self._compare(dialog)
            else:
                dialog.refuse(error)

        self._desk.operations.change(dialog, call, done, failed=failed)

    def _compare(self, dialog: PersonDialog) -> None:
        """Somebody saved this person first: fetch their version and show both."""

        def show(people: tuple[PersonRow, ...]) -> None:
            before = dialog.person
            theirs = next((p for p in people if before is not None and p.id == before.id), None)
            if before is None or theirs is None:
                dialog.refuse(ClinicError(_("This person is no longer there.")))
                return
            self._show_conflict(dialog, before, theirs)

        self._desk.operations.query(dialog, staff.people, show, failed=dialog.refuse, key="newer")

    def _show_conflict(self, dialog: PersonDialog, before: PersonRow, theirs: PersonRow) -> None:
        dialog.set_busy(False)
        zone = ZoneInfo(self._desk.who.zone)
        conflict = ConflictDialog(
            record=before.name,
            lines=_lines(before, dialog.change(before.version), theirs),
            who=_("Somebody else"),
            saved_at=format_time(self._desk.operations.now().astimezone(zone).time()),
            theme=self._desk.theme,
            parent=self._section,
        )

        def chosen(sides: dict[str, Side]) -> None:
            for field, side in sides.items():
                if side is Side.THEIRS:
                    dialog.take(field, getattr(theirs, field))
            dialog.set_busy(True)
            self._change(dialog, theirs.version)

        conflict.chosen.connect(chosen)
        conflict.open()


def _lines(before: PersonRow, yours: PersonChange, theirs: PersonRow) -> list[ConflictLine]:
    names = {
        "name": _("Name"),
        "initials": _("Initials"),
        "job": _("Job"),
        "email": _("E-mail"),
        "language": _("Language"),
    }

    def text(row: Any, field: str) -> str:
        value = str(getattr(row, field))
        return LANGUAGES.get(value, value) if field == "language" else value

    return [
        ConflictLine(field, label, text(before, field), text(yours, field), text(theirs, field))
        for field, label in names.items()
    ]
