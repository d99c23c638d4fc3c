"""The panel of the list of patients: how many are shown, or why nobody is and what helps then."""

from collections.abc import Callable

from clinic_desktop.i18n import _
from clinic_desktop.services.patients.list_schemas import ListFilter
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.patients.list_filters import ListFilters
from clinic_desktop.ui.patients.question import Answer
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.panel import StatePanel
from clinic_desktop.ui.widgets.table import TableView


class ListPanel(StatePanel):
    """``register`` is offered where somebody was looked for in vain."""

    def __init__(self, desk: Desk, filters: ListFilters, register: Callable[[], None]) -> None:
        super().__init__(theme=desk.theme)
        self._desk, self._filters, self._register = desk, filters, register
        theme = desk.theme
        self._count = Label(theme=theme, size="small", role="text_2", tabular=True)
        ignored = _("Accents and word order are ignored")
        self.add_foot(self._count, 1)
        self.add_foot(Label(ignored, theme=theme, size="small", role="text_2"))

    def show_answer(self, answer: Answer, table: TableView, *, typed: str) -> None:
        """Show the table and how many there are, or say that there is nobody."""
        self._count.setText(_count_words(answer))
        if answer.rows:
            self.show_content(table)
        elif answer.more:
            self.show_loading(_("Nobody yet; looking through more of the records…"))
        elif not self._filters.chosen.plain:
            self._tell_none_fits(typed)
        else:
            self._tell_nobody(typed)

    def _tell_none_fits(self, typed: str) -> None:
        """Say that nobody fits the conditions, which, and offer to take them away."""
        filters = self._filters
        act = Button(_("Show everybody"), theme=self._desk.theme, icon="filter")
        act.clicked.connect(lambda: filters.use(ListFilter()))
        asked = [*filters.conditions(), *([f"“{typed}”"] if typed else [])]
        self.show_empty(_("No patient fits the filter"), act, detail=" · ".join(asked))

    def _tell_nobody(self, typed: str) -> None:
        """Say that nobody matches what is typed, or is registered yet."""
        new: Button | None = None
        if self._desk.who.may("patients.write"):
            theme = self._desk.theme
            new = Button(_("New patient"), theme=theme, icon="user-plus", key="Ctrl+Shift+N")
            new.clicked.connect(self._register)
        if typed:
            sentence = _("No patient matches “{typed}”").format(typed=typed)
            self.show_empty(sentence, new, detail=_("Nobody sounds like it either."))
        else:
            detail = _("Patients appear here when they are registered.")
            self.show_empty(_("No patient yet"), new, detail=detail)


def _count_words(answer: Answer) -> str:
    shown = len(answer.rows)
    if not shown:
        return ""
    if answer.more:
        return _("First {count} shown, more load as you scroll").format(count=shown)
    return _("All {count} shown").format(count=shown)
