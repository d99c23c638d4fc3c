"""People of the clinic in the palette, behind ``@``."""

from functools import partial

from PySide6.QtCore import QObject

from clinic_desktop.i18n import _
from clinic_desktop.services.staff import service as staff
from clinic_desktop.services.staff.schemas import PersonRow
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.shell.matching import Ranges
from clinic_desktop.ui.shell.palette_sources import ranked
from clinic_desktop.ui.shell.registry import Answer, PaletteEntry, Question


class StaffInPalette:
    """A palette source: opens the person in the settings."""

    place = 40
    prefixes = frozenset({"@"})

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def heading(self, question: Question) -> str:  # noqa: ARG002 - the protocol's signature
        """Return what the lines are."""
        return _("People")

    def ask(self, owner: QObject, question: Question, answer: Answer) -> None:
        """Answer with those whose name matches; all of them while nothing is typed."""
        if question.chosen:
            answer(())
        elif not self._desk.who.may("staff.read"):
            answer((), note=_("Your roles do not show who works here."))
        else:
            self._desk.operations.query(
                owner,
                staff.people,
                lambda people: answer(self._entries(people, question.text)),
                failed=lambda error: answer((), note=str(error)),
                key="palette.people",
            )

    def _entries(self, people: tuple[PersonRow, ...], typed: str) -> list[PaletteEntry]:
        working = [person for person in people if person.active]
        return ranked([(person.name, partial(self._entry, person)) for person in working], typed)

    def _entry(self, person: PersonRow, matches: Ranges) -> PaletteEntry:
        return PaletteEntry(
            person.name,
            "user-cog",
            lambda: self._desk.navigator.open_screen(
                "settings", section="people", person_id=person.id
            ),
            detail=person.job or ", ".join(person.role_names),
            matches=matches,
        )
