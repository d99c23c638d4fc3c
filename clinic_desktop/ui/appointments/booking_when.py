"""When somebody is booked: changed clocks, and what else the patient has on that day."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject

from clinic_desktop.domain.dates import format_date
from clinic_desktop.domain.folding import isolate
from clinic_desktop.domain.local_time import instead_of_missing, is_doubled
from clinic_desktop.domain.times import format_time
from clinic_desktop.i18n import _
from clinic_desktop.services.to_book.schemas import VisitAhead
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.widgets.fields import DateField, Field, NumberField, TimeField
from clinic_desktop.ui.widgets.segmented import Segmented


class WhenFields(QObject):
    """Day, time and length of a form, and of a time that comes twice which of the two is meant.

    ``which`` is the field that asks for that; the form shows it where the others stand.
    """

    def __init__(
        self,
        desk: Desk,
        day: DateField,
        time: TimeField,
        minutes: NumberField,
        *,
        resized: Callable[[], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._day, self._time, self._minutes = day, time, minutes
        self._zone, self._locale, self._resized = ZoneInfo(desk.who.zone), desk.who.locale, resized
        self._patient = ""
        self._visits: tuple[VisitAhead, ...] = ()
        self._hours = Segmented(
            [("", False), ("", True)], theme=desk.theme, value=False, name=_("Which of the two")
        )
        self.which = Field(
            _("Which of the two"),
            self._hours,
            theme=desk.theme,
            hint=_("The clocks go back on this day and show this time twice."),
            name="which",
        )
        self.which.hide()
        self._fields: tuple[Field, Field] | None = None

    def watch(self, day: Field, time: Field) -> None:
        """Say at these fields what stands against what is typed in them."""
        self._fields = day, time
        time.set_check(self._missing)
        time.set_offer(self._offer)
        for line in (self._day, self._time, self._minutes):
            line.textChanged.connect(lambda _text: self.look())
        self._day.left.connect(self._day_left)
        self.look()

    # -- clocks that are changed --------------------------------------------------------------

    @property
    def second(self) -> bool:
        """Whether it is the second of two equal times."""
        return not self.which.isHidden() and bool(self._hours.value())

    def choose(self, *, second: bool) -> None:
        """Let it be the first or the second, where the time comes twice."""
        self._hours.set_value(second)

    def local(self) -> datetime | None:
        """Return what is typed, naive; None while it is no day and time."""
        if self._day.problem() is not None or self._time.problem() is not None:
            return None
        day, time = self._day.value(), self._time.value()
        return datetime.combine(day, time) if day is not None and time is not None else None

    def look(self) -> None:
        """Ask which time is meant where there are two, and tell what else there is that day."""
        local = self.local()
        doubled = local is not None and is_doubled(local, self._zone)
        if local is not None and doubled:
            words = format_time(local.time(), self._locale)
            self._hours.set_words(False, words)
            self._hours.set_words(True, _("{time} again").format(time=words))
        if doubled == self.which.isHidden():
            self.which.setVisible(doubled)
            self._resized()
        self._tell_others(local)

    def _missing(self) -> str | None:
        local = self.local()
        if local is None or instead_of_missing(local, self._zone) is None:
            return None
        # What to take in its place stands beside the sentence, as a button.
        return _("The clocks go forward on {day}: {time} does not exist.").format(
            day=format_date(local.date(), self._locale),
            time=format_time(local.time(), self._locale),
        )

    def _offer(self) -> tuple[str, Callable[[], None]] | None:
        local = self.local()
        shown = instead_of_missing(local, self._zone) if local is not None else None
        if shown is None:
            return None

        def take() -> None:
            self._time.set_value(shown.time())
            self._time.setFocus()
            if self._fields is not None:
                self._fields[1].validate()

        return _("Take {time}").format(time=format_time(shown.time(), self._locale)), take

    def _day_left(self) -> None:
        """Whether there is such a time depends on the day as well."""
        if self._fields is not None and (self._missing() or self._fields[1].state() == "error"):
            self._fields[1].validate()
            self._resized()

    # -- what else there is that day ----------------------------------------------------------

    def set_patient(self, name: str, visits: Sequence[VisitAhead], *, but: UUID | None) -> None:
        """Take what the patient has ahead, without the one that gives way to this booking."""
        self._patient = name
        self._visits = tuple(one for one in visits if one.id != but)
        self.look()

    def _tell_others(self, local: datetime | None) -> None:
        if self._fields is None:
            return
        day, words = self._fields[0], self._others_words(local)
        if words and day.state() != "error":
            if day.sentence() != words:
                day.show_warning(words)
                self._resized()
        elif day.state() == "warning":
            day.clear()
            self._resized()

    def _others_words(self, local: datetime | None) -> str:
        same = [one for one in self._visits if local and one.local_start.date() == local.date()]
        if local is None or not same:
            return ""
        length = 0 if self._minutes.problem() else self._minutes.value() or 0
        end = local + timedelta(minutes=length)
        meeting = [
            one
            for one in same
            if one.local_start < end and local < one.local_start + timedelta(minutes=one.minutes)
        ]
        times = ", ".join(
            _("{time} with {provider}").format(
                time=format_time(one.local_start.time(), self._locale), provider=one.provider
            )
            for one in meeting or same
        )
        if meeting:
            words = _("{name} is somewhere else at this time: {times}.")
        else:
            words = _("{name} is here that day already: {times}.")
        return words.format(name=isolate(self._patient), times=times)
