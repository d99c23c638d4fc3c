"""Work completed by mistake: the dialog asks why, then chart, account, stock and recall go back."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMenu

from clinic_desktop.domain.ids import new_id
from clinic_desktop.services.chart.complete import complete_visit
from clinic_desktop.services.chart.schemas import Completion
from clinic_desktop.ui.chart.list_rows import ListFilter
from tests.ui.chart.by_hand import items
from tests.ui.chart.test_completion import balance, left

ENTER, ESCAPE = Qt.Key.Key_Return, Qt.Key.Key_Escape
ACT = "Completed by mistake: take it back…"


@pytest.fixture
def done(open_chart, clinic, qtbot):
    """A chart with one filling that was completed, the list at what is done."""

    def one(login: str = "u_dentist"):
        item = clinic.item("RST-020", 36, "MOD", "done")
        with clinic.admin.writing() as ctx:
            complete_visit(
                ctx, Completion(act=new_id(), patient_id=clinic.patient, item_ids=(item,))
            )
        window, tab = open_chart(login)
        panel = tab.frame.list
        panel.filter.set_value(ListFilter.DONE)
        panel.filtered.emit(ListFilter.DONE)
        return window, tab

    return one


def menu_of(tab) -> QMenu | None:
    """The menu of the row of the filling, as a right click or the menu key opens it."""
    panel = tab.frame.list
    place = next(at for at, row in enumerate(panel.model.rows()) if row.id is not None)
    panel.list.setCurrentIndex(panel.model.index(place, 0))
    panel.list.menu_asked.emit(panel.list.currentIndex(), panel.list.mapToGlobal(panel.pos()))
    popup = QApplication.activePopupWidget()
    return popup if isinstance(popup, QMenu) else None


def begin(tab, qtbot):
    menu = menu_of(tab)
    next(one for one in menu.actions() if one.text() == ACT).trigger()
    menu.close()
    dialog = tab.mending.dialog
    qtbot.waitUntil(dialog.field.hasFocus)
    return dialog


class TestUncomplete:
    def test_a_reason_and_enter_take_everything_back(self, done, clinic, qtbot) -> None:
        window, tab = done()
        assert (balance(clinic), left(clinic)) == (14000, 2)
        dialog = begin(tab, qtbot)
        qtbot.keyClicks(dialog.field, "Wrong tooth")
        qtbot.keyClick(dialog.field, ENTER, Qt.KeyboardModifier.ControlModifier)
        qtbot.waitUntil(lambda: tab.mending.dialog is None)
        told = (
            "Not completed after all. €\xa0140.00 taken off the account. "
            "Its note was not touched and is gone too."
        )
        qtbot.waitUntil(lambda: window.message == told)
        assert (balance(clinic), left(clinic)) == (0, 3)
        assert [(row.status, row.done_at) for row in items(clinic)] == [("done", None)]
        qtbot.waitUntil(lambda: tab._shown.history.items[0].done_at is None)

    def test_without_a_reason_it_stays_open_and_says_so(self, done, clinic, qtbot) -> None:
        _window, tab = done()
        dialog = begin(tab, qtbot)
        qtbot.keyClick(dialog.field, ENTER, Qt.KeyboardModifier.ControlModifier)
        assert dialog.isVisible()
        assert dialog.field.accessibleDescription() == "Say why: it stands on the account."
        assert balance(clinic) == 14000
        qtbot.keyClick(dialog.field, ESCAPE)
        qtbot.waitUntil(lambda: tab.mending.dialog is None)
        assert balance(clinic) == 14000

    def test_who_may_not_reverse_is_not_offered_it(self, done) -> None:
        _window, tab = done("u_hygienist")
        menu = menu_of(tab)
        assert menu is None or ACT not in [one.text() for one in menu.actions()]
        if menu is not None:
            menu.close()
