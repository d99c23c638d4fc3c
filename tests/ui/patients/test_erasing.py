"""A person erased from the record's menu by keys: what is shown, what is asked, what is left."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QMenu

from clinic_desktop.errors import NotFoundError
from clinic_desktop.services import patients
from clinic_desktop.ui.billing.kept_papers import KeptPapers
from clinic_desktop.ui.patients.erase_dialog import EraseDialog
from clinic_desktop.ui.widgets.labels import Label
from tests import files as made
from tests.services.erasing import MARK, People

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def people(database, make, sign_in) -> People:
    return People(database, make, sign_in)


@pytest.fixture
def opened(open_desktop):
    """``opened(patient)`` opens the dialog from the menu of the record."""

    def one(patient, login="u_admin"):
        desktop = open_desktop(login)
        screen = desktop.go("patient", patient_id=patient)
        desktop.wait(lambda: screen.patient_in_view() is not None)
        screen.menu.popup_for(screen._card, QPoint(10, 10))
        menu = next(m for m in screen.findChildren(QMenu) if m.isVisible())
        act = next((a for a in menu.actions() if "Erase" in a.text()), None)
        menu.close()
        if act is None:
            return desktop, None
        act.trigger()
        desktop.wait(lambda: _dialog() is not None and _dialog()._found is not None)
        return desktop, _dialog()

    return one


def _dialog():
    shown = (w for w in QApplication.topLevelWidgets() if isinstance(w, EraseDialog))
    return next((w for w in shown if w.isVisible()), None)


def _words(dialog) -> str:
    return "\n".join(label.text() for label in dialog.panel.findChildren(Label))


class TestErasing:
    def test_by_keys_alone(self, opened, people) -> None:
        who = people.full()
        number = people.number(who)
        desktop, dialog = opened(who)
        # Nothing happens by a key pressed too early: the focus is on the way out.
        desktop.wait(dialog.close_button.hasFocus)
        words = _words(dialog)
        assert f"{MARK} {MARK}son · No. {number}" in words
        assert "1 issued invoice with its buyer and its paper, until" in words
        assert "this one until" in words
        desktop.desk.drafts.keep("note", str(who), {"body": f"{MARK} half-typed"})
        dialog.reason.setFocus()
        for words in ("Asked in writing", "Insists on it", "777"):
            desktop.qtbot.keyClicks(dialog.focusWidget(), words)
            if words != "777":
                desktop.qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab)
        desktop.qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_Return, CTRL)
        desktop.wait(lambda: dialog.number_field.state() == "error")
        # What was typed is still there, and the focus is where the mistake is.
        assert (dialog.reason.text(), dialog.focusWidget()) == ("Asked in writing", dialog.number)
        desktop.qtbot.keyClick(dialog.number, "a", CTRL)
        desktop.qtbot.keyClicks(dialog.number, number)
        desktop.qtbot.keyClick(dialog.number, Qt.Key.Key_Return, CTRL)
        desktop.wait(lambda: desktop.window.stack.name == "patients")
        with people.admin.reading() as ctx, pytest.raises(NotFoundError, match="was erased"):
            patients.open_patient(ctx, who)
        assert desktop.desk.drafts.recall("note", str(who)) is None
        desktop.wait(lambda: desktop.screen().model.rowCount() == 0)

    def test_what_is_in_the_way_is_said_and_nothing_can_be_pressed(self, opened, people) -> None:
        who = people.full(paid=False)
        desktop, dialog = opened(who)
        assert "is still to be paid. Settle the account first." in _words(dialog)
        assert not dialog.act.isEnabled()
        assert not dialog.form.isVisible()
        desktop.key(Qt.Key.Key_Escape)
        desktop.wait(lambda: _dialog() is None)

    def test_a_name_in_the_reason(self, opened, people) -> None:
        who = people.full()
        desktop, dialog = opened(who)
        dialog.reason.setText(f"{MARK} asked")
        dialog.early.setText("insists")
        dialog.number.setText(people.number(who))
        dialog.act.click()
        desktop.wait(lambda: dialog.reason_field.state() == "error")
        assert dialog.act.isEnabled()
        desktop.key(Qt.Key.Key_Escape)
        with people.admin.reading() as ctx:
            assert patients.open_patient(ctx, who).given == MARK

    def test_only_who_may_sees_it(self, opened, people) -> None:
        _desktop, dialog = opened(people.full(), "u_manager")
        assert dialog is None

    def test_an_erased_record_opens_to_what_is_kept(self, open_desktop, people) -> None:
        people.paper = made.pdf()
        who = people.full()
        people.erase(who)
        desktop = open_desktop("u_front")
        screen = desktop.go("patient", patient_id=who, tab="ledger")
        desktop.wait(lambda: bool(screen.findChildren(KeptPapers)))
        kept = screen.findChildren(KeptPapers)[0]
        desktop.wait(lambda: bool(kept.papers))
        texts = [label.text() for label in kept.panel.findChildren(Label)]
        assert any("was erased on" in text for text in texts)
        year = people.admin.clock.now().year
        assert f"A-{year}-000001" in kept.papers[0].text()
        desktop.qtbot.mouseClick(kept.papers[0], Qt.MouseButton.LeftButton)
        desktop.wait(lambda: kept.pages.currentWidget() is kept.paper)
        kept.paper.close_paper()
        # Another record opens as always, and nobody without accounts sees what is kept.
        other = people.make.patient(given="Ana")
        desktop.go("patient", patient_id=other)
        desktop.wait(lambda: screen.patient_in_view() is not None)
        desktop = open_desktop("u_assistant")
        screen = desktop.go("patient", patient_id=who)
        desktop.wait(lambda: screen._state.state == "failed")
        assert not screen.findChildren(KeptPapers)
