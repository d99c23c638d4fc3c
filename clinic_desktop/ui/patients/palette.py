"""Patients in the palette: those found by what is typed, or those opened last at this window."""

from collections import deque
from typing import Any, Final
from uuid import UUID

from PySide6.QtCore import QObject

from clinic_desktop.domain.names import highlights
from clinic_desktop.domain.search_terms import beginnings_of, read_terms
from clinic_desktop.i18n import _, ngettext
from clinic_desktop.services import patients
from clinic_desktop.services.patients.schemas import PatientRow
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.patients.words import STATUSES, Looks
from clinic_desktop.ui.screen import PatientInView
from clinic_desktop.ui.shell.registry import Answer, PaletteEntry, Question

SHOWN: Final = 8
REMEMBERED: Final = 6


class PatientsInPalette:
    """A palette source; it remembers in memory alone who was opened, never on the disk."""

    place = 10
    prefixes = frozenset({"", "#"})

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._recent: deque[UUID] = deque(maxlen=REMEMBERED)
        desk.navigator.wanted.connect(self._remember)

    def _remember(self, screen: str, where: dict[str, Any]) -> None:
        patient_id = where.get("patient_id")
        if screen == "patient" and isinstance(patient_id, UUID):
            if patient_id in self._recent:
                self._recent.remove(patient_id)
            self._recent.appendleft(patient_id)

    def heading(self, question: Question) -> str:
        """Return what the lines are."""
        return _("Patients") if question.text else _("Opened last")

    def ask(self, owner: QObject, question: Question, answer: Answer) -> None:
        """Answer with those found, or with those opened last while nothing is typed."""
        recent = tuple(self._recent)
        allowed = self._desk.who.may("patients.read")
        if question.chosen or not allowed or (not question.text and not recent):
            answer(())
            return
        typed = question.prefix + question.text if question.text else ""
        self._desk.operations.query(
            owner,
            lambda ctx: (
                patients.find(ctx, typed, limit=SHOWN) if typed else patients.some(ctx, recent)
            ),
            lambda rows: self._tell(rows, question.text, answer),
            failed=lambda error: answer((), note=str(error)),
            key="palette.patients",
        )

    def _tell(self, rows: tuple[PatientRow, ...], typed: str, answer: Answer) -> None:
        looks = Looks.of(self._desk)
        beginnings = beginnings_of(read_terms(typed, locale=looks.locale, today=looks.today))
        exact = [row for row in rows if not row.sounds_like]
        shown = (exact or list(rows))[:SHOWN]
        note = ""
        if typed and not exact:
            alike = len(shown)
            note = _("No patient matches “{typed}”.").format(typed=typed)
            if alike:
                note += " " + ngettext(
                    "{count} sounds like it.", "{count} sound like it.", alike
                ).format(count=alike)
        answer([self._entry(row, beginnings, looks) for row in shown], note=note)

    def _entry(self, row: PatientRow, beginnings: tuple[str, ...], looks: Looks) -> PaletteEntry:
        parts = []
        if row.born is not None:
            parts.append(looks.age(row.born, estimated=row.born_estimated))
        parts.append(_("No. {number}").format(number=row.number))
        if row.status != "active":
            parts.append(_(STATUSES[row.status]))
        return PaletteEntry(
            row.name,
            "user",
            lambda: self._desk.navigator.open_patient(row.id),
            detail=" · ".join(parts),
            matches=() if row.sounds_like else highlights(row.name, beginnings),
            patient=PatientInView(row.id, row.name),
        )
