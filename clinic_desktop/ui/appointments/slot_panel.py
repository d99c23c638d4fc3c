"""Looking for a free time, beside the calendar: what for, with whom, when; the answers below."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import get_day_names
from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QGridLayout, QVBoxLayout, QWidget

from clinic_desktop.i18n import N_, _, language, ngettext
from clinic_desktop.services.appointments.schemas import LONGEST_MINUTES
from clinic_desktop.services.appointments.slot_schemas import FreeSlot
from clinic_desktop.services.treatments.schemas import TreatmentRow
from clinic_desktop.ui.appointments.answers import AnswerList
from clinic_desktop.ui.appointments.looking import PAGE, Ask
from clinic_desktop.ui.appointments.period import within
from clinic_desktop.ui.appointments.words import when_words
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.intent import BookingIntent
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.fields import Choice, DateField, Field, NumberField
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.panel import Panel, StatePanel
from clinic_desktop.ui.widgets.segmented import Segmented, Several

_PAUSE_MS: Final = 200
_WEEKS: Final = (2, 4, 8, 26)
_MOST_VISITS: Final = 4
_AS_WANTED: Final = "wanted"
_WHY: Final = (
    N_("The patient asked for it"),
    N_("The clinic asked for it"),
    N_("The provider cannot"),
    N_("Other reason"),
)


class SlotForm(Panel):
    """What is looked for; ``changed`` a moment after something was chosen or typed."""

    changed = Signal()
    done = Signal()
    """Enter in a field: on to the answers."""
    left = Signal()

    def __init__(self, desk: Desk) -> None:
        theme = desk.theme
        super().__init__(_("Find a free slot"), theme=theme, icon="calendar-search")
        self._locale = desk.who.locale
        self._intent = BookingIntent()
        self._typed = self._filling = False
        """Whether the length was typed; else it is what the work takes."""
        self.close_button = Button(
            theme=theme, key="Esc", kind="quiet", small=True, name=_("Close the search")
        )
        self.close_button.setText(_("Close"))
        self.close_button.clicked.connect(self.left)
        self.add_head(self.close_button)
        self.whom = Label(theme=theme, size="strong", wrap=True)
        self.work = Label(theme=theme, size="small", role="text_2", wrap=True, lines=4)
        self.service = Choice([(_("No service yet"), None)], theme=theme, value=None)
        self.minutes = NumberField(
            theme=theme, least=5, most=LONGEST_MINUTES, unit=_("min"), step=5
        )
        self.provider = Choice([(_("Anybody"), None)], theme=theme, value=None)
        self.part = Segmented(
            [(_("Any"), ""), (_("Mornings"), "morning"), (_("Afternoons"), "afternoon")],
            theme=theme,
            name=_("When"),
            small=True,
        )
        self.weekdays = Several(_weekdays(), theme=theme, name=_("Weekdays"))
        today = desk.operations.now().astimezone(ZoneInfo(desk.who.zone)).date()
        self.first_day = DateField(theme=theme, locale=self._locale, today=today)
        self.weeks = Choice([(_weeks(one), one) for one in _WEEKS], theme=theme, value=8)
        self.visits = Choice([(_visits(one), one) for one in range(1, _MOST_VISITS + 1)],
                             theme=theme, value=1)  # fmt: skip
        self.between = NumberField(theme=theme, least=0, most=366, value=14, unit=_("days"))
        self.why = Choice([(_(one), _(one)) for one in _WHY], theme=theme, value=_(_WHY[0]))
        self.later = NumberField(theme=theme, least=5, most=LONGEST_MINUTES, unit=_("min"), step=5)
        for choice in (self.provider, self.weeks, self.visits):
            choice.setMinimumContentsLength(4)
        self.more = Button(_("More choices"), theme=theme, kind="link", small=True)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self.changed)
        self._lay_out(theme)
        self._watch()

    def _lay_out(self, theme: Any) -> None:
        self.body.setContentsMargins(12, 8, 12, 10)
        self.body.setSpacing(6)
        self.body.addWidget(self.whom)
        self.body.addWidget(self.work)
        self.fields = {
            "service": Field(_("Service"), self.service, theme=theme, name="service"),
            "minutes": Field(_("Length"), self.minutes, theme=theme, name="minutes"),
            "provider": Field(_("With"), self.provider, theme=theme, name="provider"),
            "first_day": Field(_("From"), self.first_day, theme=theme, name="first_day"),
            "weeks": Field(_("Within"), self.weeks, theme=theme, name="weeks"),
            "visits": Field(_("Visits"), self.visits, theme=theme, name="visits"),
            "between": Field(_("Days between"), self.between, theme=theme, name="between"),
            "later": Field(_("Later visits"), self.later, theme=theme, name="later"),
            "why": Field(_("Why another time"), self.why, theme=theme, name="why"),
        }
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        grid.addWidget(self.fields["service"], 0, 0, 1, 2)
        grid.addWidget(self.fields["provider"], 1, 0)
        grid.addWidget(self.fields["minutes"], 1, 1)
        grid.addWidget(self.part, 2, 0, 1, 2)
        grid.addWidget(self.fields["why"], 3, 0, 1, 2)
        self.body.addLayout(grid)
        self.rest = QWidget()
        rest = QGridLayout(self.rest)
        rest.setContentsMargins(0, 0, 0, 0)
        rest.setHorizontalSpacing(8)
        rest.setVerticalSpacing(6)
        rest.setColumnStretch(0, 1)
        rest.setColumnStretch(1, 1)
        rest.addWidget(self.weekdays, 0, 0, 1, 2)
        rest.addWidget(self.fields["first_day"], 1, 0)
        rest.addWidget(self.fields["weeks"], 1, 1)
        rest.addWidget(self.fields["visits"], 2, 0)
        rest.addWidget(self.fields["between"], 2, 1)
        rest.addWidget(self.fields["later"], 3, 0)
        self.body.addWidget(self.rest)
        self.body.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        self.rest.hide()
        self.more.clicked.connect(self._show_rest)
        self._several()

    def _watch(self) -> None:
        for choice in (self.service, self.provider, self.weeks, self.visits):
            choice.chosen.connect(lambda _value: self._pause.start())
        self.service.chosen.connect(lambda _value: self._forget_minutes())
        self.visits.chosen.connect(lambda _value: self._several())
        for control in (self.part, self.weekdays):
            control.chosen.connect(lambda _value: self._pause.start())
        self.minutes.textChanged.connect(self._minutes_typed)
        for line in (self.first_day, self.between, self.later):
            line.textChanged.connect(self._line_typed)

    # -- what is offered and set ---------------------------------------------------------------

    def offer(
        self, treatments: Sequence[TreatmentRow], providers: Sequence[tuple[UUID, str]]
    ) -> None:
        """Offer the price list and those who work here."""
        self._treatments = treatments
        options: list[tuple[str, object]] = []
        if self._intent.planned or self._intent.treatment_ids:
            options.append((_("As wanted"), _AS_WANTED))
        options.append((_("No service yet"), None))
        options += [(row.name, row.id) for row in treatments]
        self.service.set_options(options)
        if self.service.currentIndex() < 0:
            self.service.setCurrentIndex(0)
        self.provider.set_options(
            [(_("Anybody"), None), *((name, provider_id) for provider_id, name in providers)]
        )
        if self.provider.currentIndex() < 0:
            self.provider.setCurrentIndex(0)

    def set_people(self, providers: Sequence[tuple[UUID, str]]) -> None:
        """Offer those who work here, before the price list is read."""
        self.provider.set_options(
            [(_("Anybody"), None), *((name, provider_id) for provider_id, name in providers)]
        )

    def begin(
        self, intent: BookingIntent, *, provider_id: UUID | None, first_day: date, today: date
    ) -> None:
        """Start a new search for what is known."""
        self._intent = intent
        self._filling = True
        wanted = bool(intent.planned or intent.treatment_ids)
        if wanted and self.service.findData(_AS_WANTED) < 0:
            self.service.insertItem(0, _("As wanted"), _AS_WANTED)
        elif not wanted and self.service.findData(_AS_WANTED) >= 0:
            self.service.removeItem(self.service.findData(_AS_WANTED))
        self.service.set_value(_AS_WANTED if wanted else None)
        self.provider.set_value(provider_id)
        if self.provider.currentIndex() < 0:
            self.provider.setCurrentIndex(0)
        self.first_day.set_value(max(first_day, today))
        self.whom.setText(self._whom(intent))
        self.whom.setVisible(bool(intent.patient))
        self.fields["why"].setVisible(intent.moves is not None)
        self.why.set_value(_(_WHY[0]))
        self.work.hide()
        self._typed = intent.minutes is not None
        self.minutes.set_value(intent.minutes)
        self._filling = False

    def _whom(self, intent: BookingIntent) -> str:
        """Return for whom, and instead of which time where that is given up."""
        if intent.moves is None:
            return intent.patient
        return _("{name}, instead of {before}").format(
            name=intent.patient, before=when_words(intent.moves, self._locale)
        )

    def show_work(self, words: str, minutes: int) -> None:
        """Write what the work is and how long it takes."""
        self.work.setText(words)
        self.work.setVisible(bool(words))
        if not self._typed and not self.minutes.hasFocus():
            self._filling = True
            self.minutes.set_value(minutes)
            self._filling = False

    def ask(self) -> Ask | None:
        """Return what is looked for, None while a field says what is wrong with it."""
        if not all(field.validate() for field in self.fields.values()):
            return None
        service = self.service.value()
        first = self.first_day.value()
        if first is None:
            return None
        intent = self._intent
        if service != _AS_WANTED:
            # Another service than what was wanted stands in its place.
            intent = _without_work(intent)
        return Ask(
            first_day=within(first),
            intent=intent,
            treatment_id=service if isinstance(service, UUID) else None,
            minutes=self.minutes.value() if self._typed else None,
            provider_id=self.provider.value(),
            part=self.part.value(),
            weekdays=self.weekdays.values(),
            weeks=self.weeks.value(),
            visits=self.visits.value(),
            between=self.between.value() or 0,
            later_minutes=self.later.value() if self.visits.value() > 1 else None,
        )

    def _minutes_typed(self, text: str) -> None:
        if not self._filling:
            self._typed = bool(text.strip())
            self._pause.start()

    def _line_typed(self, _text: str) -> None:
        if not self._filling:
            self._pause.start()

    def _forget_minutes(self) -> None:
        self._typed = False

    def _several(self) -> None:
        for name in ("between", "later"):
            self.fields[name].setVisible(self.visits.value() > 1)

    def _show_rest(self) -> None:
        shown = self.rest.isHidden()
        self.rest.setVisible(shown)
        self.more.setText(_("Fewer choices") if shown else _("More choices"))
        if shown:
            self.weekdays.part(0).setFocus(Qt.FocusReason.TabFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go on to the answers with Enter, leave with Esc."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self._pause.isActive():
                self._pause.stop()
                self.changed.emit()
            self.done.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class SlotPanel(QWidget):
    """The form and its answers."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        theme = desk.theme
        self.form = SlotForm(desk)
        self.answers = AnswerList(theme, desk.who.locale)
        self.state = StatePanel(_("Free times"), theme=theme, icon="list-checks")
        self.state.set_note_right()
        self.more = Button(_("More…"), theme=theme, small=True)
        self.book = Button(_("Book"), theme=theme, key="Enter", kind="primary", small=True)
        self.state.add_foot(self.more)
        spring = QWidget()
        self.state.add_foot(spring, 1)
        self.state.add_foot(self.book)
        self.state.setMinimumHeight(210)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.form)
        column.addWidget(self.state, 1)
        self.more.clicked.connect(self.answers.ask_more)
        self.book.clicked.connect(lambda _on=False: self.answers.take())
        self.form.done.connect(self.answers.setFocus)
        self.answers.installEventFilter(self)

    def begin(self) -> None:
        """Show that nothing was found yet."""
        self.answers.show_slots((), more=False)
        self.more.hide()
        self.book.setEnabled(False)
        self.state.set_note("")
        self.state.show_content(self.answers)

    def show_slots(self, slots: Sequence[FreeSlot], *, whole: bool) -> None:
        """Show what was found; ``whole`` when the page is."""
        more = whole and len(slots) % PAGE == 0
        self.answers.show_slots(slots, more=more)
        self.more.setVisible(more)
        self.book.setEnabled(bool(slots))
        words = str(len(slots))
        if more or not whole:
            words = _("{count} so far").format(count=words)
        self.state.set_note(words)
        self.state.show_content(self.answers)

    def show_none(self) -> None:
        """Say that nothing is free."""
        self.answers.show_slots((), more=False)
        self.more.hide()
        self.book.setEnabled(False)
        self.state.set_note("")
        self.state.show_empty(
            _("Nothing is free in this time"),
            detail=_("Take anybody, other times of the day, or more weeks."),
        )

    def eventFilter(self, watched: Any, event: QEvent) -> bool:
        """Take letters in the list as the beginning of a service's name."""
        if watched is self.answers and event.type() == QEvent.Type.KeyPress:
            key: Any = event
            text = key.text()
            plain = key.modifiers() in (_NONE, Qt.KeyboardModifier.ShiftModifier)
            if plain and len(text) == 1 and text.isalpha():
                self.form.service.setFocus(Qt.FocusReason.OtherFocusReason)
                QApplication.sendEvent(self.form.service, key)
                return True
        return bool(super().eventFilter(watched, event))


def _without_work(intent: BookingIntent) -> BookingIntent:
    return replace(intent, planned=(), treatment_ids=())


def _weekdays() -> list[tuple[str, str, int]]:
    narrow = get_day_names("narrow", context="stand-alone", locale=language())
    wide = get_day_names("wide", context="stand-alone", locale=language())
    return [(str(narrow[day]), str(wide[day]), day) for day in range(7)]


def _weeks(count: int) -> str:
    return ngettext("{count} week", "{count} weeks", count).format(count=count)


def _visits(count: int) -> str:
    return ngettext("{count} visit", "{count} visits", count).format(count=count)


_NONE: Final = Qt.KeyboardModifier.NoModifier
