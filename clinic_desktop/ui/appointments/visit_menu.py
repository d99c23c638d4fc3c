"""The menu of one appointment in the calendar: its steps and what else keys do with it."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu, QWidget

from clinic_desktop.domain.visit_status import EXPECTED, OPEN, VisitStatus, before
from clinic_desktop.i18n import N_, _
from clinic_desktop.services.appointments.schemas import AppointmentRow
from clinic_desktop.ui.keymap.keymap import key_now

Act = Callable[[], object]

_STEPS = (
    ("C", N_("Confirm"), VisitStatus.CONFIRMED),
    ("A", N_("Arrived"), VisitStatus.ARRIVED),
    ("S", N_("Seat"), VisitStatus.IN_CHAIR),
    ("D", N_("Done"), VisitStatus.DONE),
    ("M", N_("Missed"), VisitStatus.MISSED),
    ("X", N_("Cancel appointment…"), VisitStatus.CANCELLED),
)


class VisitMenu:
    """Belongs to one screen; each entry names its key, as a person has set it."""

    def __init__(
        self,
        screen: QWidget,
        *,
        step: Callable[[AppointmentRow, VisitStatus], None],
        do: Callable[[str], object],
        may_write: bool,
    ) -> None:
        """``step`` gives a visit another status, ``do`` does what a key of that name does."""
        self._screen = screen
        self._step, self._do, self._may_write = step, do, may_write
        self.menu: QMenu | None = None
        """What is open now, or was last."""

    def show(self, visit: AppointmentRow, at: QPoint, opened: Act) -> None:
        """Show it at a point of the screen; ``opened`` opens the record."""
        menu = QMenu(self._screen)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._add(menu, _("Open the record"), "Enter", opened)
        if self._may_write:
            menu.addSeparator()
            status = VisitStatus(visit.status)
            for key, words, to in _STEPS:
                if status in before(to):
                    self._add(menu, _(words), key, partial(self._step, visit, to))
            menu.addSeparator()
            for name, key, words, when in self._others():
                if status in when:
                    self._add(menu, words, key, partial(self._do, name))
        menu.addSeparator()
        self._add(menu, _("History"), "Ctrl+H", partial(self._do, "history"))
        self.menu = menu
        menu.popup(at)

    def _others(self) -> Sequence[tuple[str, str, str, frozenset[VisitStatus]]]:
        return (
            ("anew", "I", _("Another time…"), EXPECTED),
            ("park", "P", _("Park, or let out"), OPEN),
            ("repeat", "E", _("Repeat, or change its series…"), OPEN | {VisitStatus.DONE}),
        )

    def _add(self, menu: QMenu, words: str, key: str, act: Act) -> None:
        entry = menu.addAction(f"{words}\t{key_now(self._screen, key)}")
        entry.triggered.connect(lambda _on=False: act())
