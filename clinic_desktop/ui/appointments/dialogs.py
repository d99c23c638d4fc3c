"""Two small questions of the calendar: which date, and which key and name for this view."""

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtWidgets import QWidget

from clinic_desktop.i18n import _
from clinic_desktop.services.schemas import clean_line
from clinic_desktop.ui.appointments.choices import CalendarView, SavedView
from clinic_desktop.ui.appointments.keys import VIEW_KEYS
from clinic_desktop.ui.appointments.period import FIRST_DAY, LAST_DAY
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.dialog import Dialog
from clinic_desktop.ui.widgets.fields import Choice, DateField, Field, LineEdit

LONGEST_NAME = 40


class GoToDialog(Dialog):
    """Takes a date in any usual way of writing it."""

    def __init__(
        self,
        on_date: Callable[[date], None],
        *,
        today: date,
        locale: str,
        theme: Theme,
        parent: QWidget,
    ) -> None:
        super().__init__(
            _("Go to a date"), theme=theme, parent=parent, icon="calendar-days", width=380
        )
        self._on_date = on_date
        self.date = DateField(
            theme=theme, locale=locale, today=today, earliest=FIRST_DAY, latest=LAST_DAY
        )
        self._field = Field(_("Date"), self.date, theme=theme, required=True, name="date")
        self.body.addWidget(self._field)
        self.set_primary(_("Show"), self._take, key="Enter")
        self.date.setFocus()

    def _take(self) -> None:
        if not self._field.validate():
            return
        day = self.date.value()
        if day is not None:
            self.accept()
            self._on_date(day)


class SaveViewDialog(Dialog):
    """Takes a name and a key for the view that is shown; a key that is in use says so."""

    def __init__(
        self,
        view: CalendarView,
        saved: Sequence[SavedView],
        on_saved: Callable[[SavedView], None],
        *,
        theme: Theme,
        parent: QWidget,
    ) -> None:
        super().__init__(
            _("Save this view"),
            theme=theme,
            parent=parent,
            sentence=_("Its key brings back days, columns, who is shown, and the zoom."),
            icon="layout-grid",
            width=440,
        )
        self._view, self._on_saved = view, on_saved
        used = {one.key: one.name for one in saved}
        free = next((key for key in VIEW_KEYS if key not in used), VIEW_KEYS[0])
        self.name = LineEdit(theme=theme, longest=LONGEST_NAME)
        words = {
            key: _("{key}, now {name}").format(key=key, name=used[key]) if key in used else key
            for key in VIEW_KEYS
        }
        self.key = Choice([(words[key], key) for key in VIEW_KEYS], theme=theme, value=free)
        self._field = Field(_("Name"), self.name, theme=theme, required=True, name="name")
        self.body.addWidget(self._field)
        self.body.addWidget(Field(_("Key"), self.key, theme=theme, name="key"))
        self.set_primary(_("Save view"), self._take, key="Enter")
        self.name.setFocus()

    def _take(self) -> None:
        if not self._field.validate():
            return
        self.accept()
        self._on_saved(SavedView(str(self.key.value()), clean_line(self.name.text()), self._view))
