"""What the calendar does for a key, the toolbar or a menu, by the name of the act."""

from collections.abc import Callable
from datetime import date
from typing import Protocol

from clinic_desktop.services.appointments.schemas import AppointmentRow
from clinic_desktop.ui.appointments.carrying import Carrying
from clinic_desktop.ui.appointments.choices import Choices, Kind
from clinic_desktop.ui.appointments.columns import By
from clinic_desktop.ui.appointments.making_anew import MakingAnew
from clinic_desktop.ui.appointments.repeats import Repeats
from clinic_desktop.ui.appointments.switching import Switching
from clinic_desktop.ui.appointments.walking import Walking
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.intent import BookingIntent


class Acting(Protocol):
    """What acts need of the screen."""

    desk: Desk

    def chosen(self) -> AppointmentRow | None:
        """Return the appointment that keys act on."""

    def find_here(self) -> None:
        """Find a free slot."""

    def save_now(self) -> None:
        """Save what is shown as a view on a key."""

    def show_history(self) -> None:
        """Show who changed the chosen visit."""

    def call(self) -> None:
        """Show whom to call about a time that is free."""


class Doing:
    """Knows the acts of one calendar by their names."""

    def __init__(
        self,
        screen: Acting,
        choices: Choices,
        walking: Walking,
        switching: Switching,
        carrying: Carrying,
        repeats: Repeats,
        anew: MakingAnew,
    ) -> None:
        self._screen, self._choices, self._walking = screen, choices, walking
        self._switching = switching
        self._kinds = {kind.value: kind for kind in Kind}
        self._acts: dict[str, Callable[[], object]] = {
            "today": walking.go_today,
            "back": lambda: walking.step(-1),
            "forward": lambda: walking.step(1),
            "week_back": lambda: walking.step_days(-7),
            "week_forward": lambda: walking.step_days(7),
            "go_to": walking.ask_date,
            "find": screen.find_here,
            "by": switching.turn,
            "finer": lambda: switching.step_zoom(-1),
            "coarser": lambda: switching.step_zoom(1),
            "repeat": lambda: repeats.repeat(screen.chosen()),
            "anew": lambda: anew.begin(screen.chosen()),
            "park": carrying.park,
            "put": carrying.put_parked,
            "save_view": screen.save_now,
            "print_day": self.print_day,
            "print_week": self.print_week,
            "who": screen.call,
            "history": screen.show_history,
            "to_book": lambda: screen.desk.navigator.open_screen("to_book"),
        }

    def do(self, name: str) -> bool:
        """Do an act; return whether there is one of that name here."""
        if name in self._kinds:
            self._switching.to(kind=self._kinds[name])
        elif name in self._acts:
            self._acts[name]()
        else:
            return False
        return True

    def _day(self) -> date | None:
        return self._switching.here() or self._walking.day

    def print_day(self) -> None:
        """Show the sheet of the day on paper."""
        self._open("day_sheet", date=self._day())

    def print_week(self) -> None:
        """Show the week on paper: of the one provider in view, or of all."""
        view = self._choices.view
        one = view.shown[0] if view.by is By.PROVIDER and len(view.shown) == 1 else None
        self._open("week_sheet", date=self._day(), provider=one)

    def _open(self, name: str, **where: object) -> None:
        self._screen.desk.navigator.open_screen(name, **where, back="calendar")


def known(intent: BookingIntent) -> bool:
    """Return whether a wish holds all that is known, or only which appointment is meant."""
    return intent.moves is None or intent.patient_id is not None
