"""What stands in the list where nobody is: why, and the one act that helps."""

from collections.abc import Callable

from clinic_desktop.i18n import _
from clinic_desktop.services.patients.list_schemas import ListFilter
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.patients.list_filters import ListFilters
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.panel import StatePanel


def tell_none_fits(desk: Desk, panel: StatePanel, filters: ListFilters, typed: str) -> None:
    """Say that nobody fits the conditions, which, and offer to take them away."""
    act = Button(_("Show everybody"), theme=desk.theme, icon="filter")
    act.clicked.connect(lambda: filters.use(ListFilter()))
    asked = [*filters.conditions(), *([f"“{typed}”"] if typed else [])]
    panel.show_empty(_("No patient fits the filter"), act, detail=" · ".join(asked))


def tell_nobody(desk: Desk, panel: StatePanel, typed: str, register: Callable[[], None]) -> None:
    """Say that nobody matches what is typed, or is registered yet."""
    new: Button | None = None
    if desk.who.may("patients.write"):
        new = Button(_("New patient"), theme=desk.theme, icon="user-plus", key="Ctrl+Shift+N")
        new.clicked.connect(register)
    if typed:
        sentence = _("No patient matches “{typed}”").format(typed=typed)
        panel.show_empty(sentence, new, detail=_("Nobody sounds like it either."))
    else:
        detail = _("Patients appear here when they are registered.")
        panel.show_empty(_("No patient yet"), new, detail=detail)
