"""Ctrl+Enter: what is listed, what can be left out, and what completing leaves everywhere."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from sqlalchemy import text

from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.teeth.chart import MarkStatus
from clinic_desktop.models import AppointmentTreatment
from clinic_desktop.services.billing import service as billing
from clinic_desktop.services.chart import service as chart
from clinic_desktop.services.chart.complete import complete_visit
from clinic_desktop.services.chart.schemas import Completion
from clinic_desktop.services.inventory import service as inventory
from clinic_desktop.services.notes.service import notes_of

CONTROL = Qt.KeyboardModifier.ControlModifier


def press_complete(qtbot, window) -> None:
    qtbot.keyClick(QApplication.focusWidget() or window.window, Qt.Key.Key_Return, CONTROL)


def open_sheet(qtbot, window, tab):
    """Look first."""
    qtbot.waitUntil(tab.frame.line.hasFocus)
    held = CONTROL | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return, held)
    qtbot.waitUntil(lambda: tab.finishing.dialog is not None)
    dialog = tab.finishing.dialog
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None
                    and dialog.isAncestorOf(QApplication.focusWidget()))  # fmt: skip
    return dialog


def statuses(clinic) -> dict[int | None, str]:
    with clinic.admin.reading() as ctx:
        return {row.tooth: row.status for row in chart.chart_of(ctx, clinic.patient).items}


def balance(clinic) -> int:
    with clinic.admin.reading() as ctx:
        return billing.ledger(ctx, clinic.patient).balance


def left(clinic) -> int | None:
    with clinic.admin.reading() as ctx:
        return {row.id: row.quantity for row in inventory.products(ctx)}[clinic.product]


def notes_now(clinic):
    with clinic.admin.reading() as ctx:
        return notes_of(ctx, clinic.patient)


class TestOneKey:
    def test_completes_what_needs_no_decision(self, open_chart, clinic, qtbot) -> None:
        visit = clinic.visit()
        clinic.item("RST-020", 36, "MOD", "done", appointment_id=visit)
        clinic.item("RST-080", 17, status="planned")
        window, tab = open_chart()
        qtbot.waitUntil(tab.frame.line.hasFocus)
        press_complete(qtbot, window)
        qtbot.waitUntil(lambda: window.record.shown is window.record.made("notes"))
        assert tab.finishing.dialog is None
        assert statuses(clinic) == {36: "done", 17: "planned"}
        assert (balance(clinic), left(clinic)) == (14000, 2)
        assert window.message == "Completed. €\xa0140.00 charged."
        assert len(notes_now(clinic)) == 1

    def test_pressed_fast_it_is_once(self, open_chart, clinic, qtbot) -> None:
        clinic.item("RST-020", 36, "MOD", "done")
        window, tab = open_chart()
        qtbot.waitUntil(tab.frame.line.hasFocus)
        for _press in range(3):
            press_complete(qtbot, window)
        qtbot.waitUntil(lambda: window.record.shown is window.record.made("notes"))
        assert (balance(clinic), left(clinic), len(notes_now(clinic))) == (14000, 2, 1)

    def test_what_is_only_planned_is_asked_about(self, open_chart, clinic, qtbot) -> None:
        clinic.item("RST-080", 17, status="planned")
        window, tab = open_chart()
        qtbot.waitUntil(tab.frame.line.hasFocus)
        press_complete(qtbot, window)
        qtbot.waitUntil(lambda: tab.finishing.dialog is not None)
        assert balance(clinic) == 0
        tab.finishing.dialog.reject()

    def test_too_little_stock_is_asked_about(self, open_chart, clinic, qtbot) -> None:
        for tooth in (36, 37, 46, 47):
            clinic.item("RST-020", tooth, "O", "done")
        window, tab = open_chart()
        qtbot.waitUntil(tab.frame.line.hasFocus)
        press_complete(qtbot, window)
        qtbot.waitUntil(lambda: tab.finishing.dialog is not None)
        assert (balance(clinic), left(clinic)) == (0, 3)
        tab.finishing.dialog.reject()


class TestSheet:
    def test_looked_at_it_writes_teeth_ledger_stock_visit_and_begin_a_note(
        self, open_chart, clinic, qtbot
    ) -> None:
        visit = clinic.visit()
        clinic.item("RST-020", 36, "MOD", "done", appointment_id=visit)
        clinic.item("RST-070", 16, status="planned", appointment_id=visit)
        clinic.item("RST-080", 17, status="planned")
        window, tab = open_chart()
        dialog = open_sheet(qtbot, window, tab)
        assert [(line.tooth, row.is_chosen()) for row in dialog.rows for line in [row.line]] == [
            (36, True),
            (16, True),
            (17, False),
        ]
        assert dialog.total.text() == "€\xa0660.00"
        assert dialog.stock_words() == ["Articaine 4 %, 1 cartridge"]
        press_complete(qtbot, window)
        qtbot.waitUntil(lambda: window.record.shown is window.record.made("notes"))
        assert statuses(clinic) == {36: "done", 16: "done", 17: "planned"}
        assert (balance(clinic), left(clinic)) == (66000, 2)
        with clinic.admin.reading() as ctx:
            status = ctx.connection.execute(
                text("SELECT status FROM appointment WHERE id = :id"), {"id": visit}
            ).scalar_one()
        assert status == "done"
        assert window.message == "Completed. €\xa0660.00 charged."
        notes = window.record.shown
        window.window.activateWindow()  # a desktop does this when a dialog closes
        qtbot.waitUntil(lambda: notes.page.text.text() != "")
        qtbot.waitUntil(notes.page.text.hasFocus)
        assert notes.page.text.text() == "36 MOD Composite filling.\n\n16 Crown, ceramic."
        assert notes.writing.draft.appointment_id == visit
        window.open(clinic.patient)
        qtbot.waitUntil(lambda: tab.frame.teeth.chart().view(16).marks[0].status is MarkStatus.DONE)

    def test_a_line_can_be_left_out(self, open_chart, clinic, qtbot) -> None:
        clinic.item("RST-020", 36, "MOD", "done")
        clinic.item("RST-030", 45, "DO", "done")
        window, tab = open_chart()
        dialog = open_sheet(qtbot, window, tab)
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
        assert dialog.total.text() == "€\xa085.00"
        assert dialog.stock_words() == []
        qtbot.mouseClick(dialog.rows[0], Qt.MouseButton.LeftButton)
        assert dialog.total.text() == "€\xa0225.00"
        qtbot.mouseClick(dialog.rows[1], Qt.MouseButton.LeftButton)
        press_complete(qtbot, window)
        qtbot.waitUntil(lambda: tab.finishing.dialog is None)
        assert balance(clinic) == 14000

    def test_a_shortage_is_foreseen_and_told(self, open_chart, clinic, qtbot) -> None:
        for tooth in (36, 37, 46, 47):
            clinic.item("RST-020", tooth, "O", "done")
        window, tab = open_chart()
        dialog = open_sheet(qtbot, window, tab)
        assert dialog.stock_words() == ["Articaine 4 %, 4 cartridge, only 3 left"]
        press_complete(qtbot, window)
        qtbot.waitUntil(lambda: tab.finishing.dialog is None)
        assert window.message == (
            "Completed. €\xa0560.00 charged. Articaine 4 %: 3 left, 4 needed: count it."
        )
        assert left(clinic) == 0

    def test_escape_completes_nothing(self, open_chart, clinic, qtbot) -> None:
        clinic.item("RST-020", 36, "MOD", "done")
        window, tab = open_chart()
        open_sheet(qtbot, window, tab)
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
        qtbot.waitUntil(lambda: tab.finishing.dialog is None)
        assert balance(clinic) == 0

    def test_nothing_to_complete_is_said(self, open_chart, qtbot) -> None:
        window, tab = open_chart()
        qtbot.waitUntil(tab.frame.line.hasFocus)
        press_complete(qtbot, window)
        qtbot.waitUntil(lambda: window.message.startswith("Nothing to complete"))

    def test_a_line_that_is_not_added_yet_is_named(self, open_chart, clinic, qtbot) -> None:
        clinic.item("RST-020", 36, "MOD", "done")
        window, tab = open_chart()
        qtbot.waitUntil(tab.frame.line.hasFocus)
        qtbot.keyClicks(tab.frame.line, "37 o comp")
        press_complete(qtbot, window)
        assert tab.frame.bubble.text().startswith("This line is not added yet")
        assert tab.finishing.dialog is None

    def test_the_button_over_the_list(self, open_chart, clinic, qtbot) -> None:
        clinic.item("RST-020", 36, "MOD", "done")
        _window, tab = open_chart()
        qtbot.mouseClick(tab.frame.list.complete, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: balance(clinic) == 14000)

    def test_booked_work_is_offered_and_needs_its_tooth(self, open_chart, clinic, qtbot) -> None:
        visit = clinic.visit()
        for code in ("EXM-020", "IMG-010"):
            clinic.make.row(
                AppointmentTreatment, appointment_id=visit, treatment_id=clinic.treatments[code]
            )
        window, tab = open_chart()
        dialog = open_sheet(qtbot, window, tab)
        assert [(row.line.name, row.is_chosen()) for row in dialog.rows] == [
            ("Recall examination", True),
            ("Periapical image", False),
        ]
        assert dialog.rows[1].tick is None
        press_complete(qtbot, window)
        qtbot.waitUntil(lambda: tab.finishing.dialog is None)
        assert (balance(clinic), statuses(clinic)) == (4000, {None: "done"})

    @pytest.mark.parametrize("status", ["done", "planned"])
    def test_somebody_completed_it_meanwhile(self, status, open_chart, clinic, qtbot) -> None:
        item = clinic.item("RST-020", 36, "MOD", status, appointment_id=clinic.visit())
        window, tab = open_chart()
        open_sheet(qtbot, window, tab)
        with clinic.admin.writing() as ctx:
            complete_visit(
                ctx, Completion(act=new_id(), patient_id=clinic.patient, item_ids=(item,))
            )
        press_complete(qtbot, window)
        qtbot.waitUntil(lambda: tab.finishing.dialog is None)
        # The feed brings the other's act at about the same moment: either is the last word.
        told = ("Nothing to complete", "Somebody else charted just now")
        qtbot.waitUntil(lambda: window.message.startswith(told))
        qtbot.waitUntil(lambda: window.desk.operations.quiet)
        assert (balance(clinic), tab.finishing.dialog) == (14000, None)

    def test_a_note_that_is_half_written_stays_a_note_of_its_own(
        self, open_chart, clinic, qtbot
    ) -> None:
        clinic.item("RST-020", 36, "MOD", "done")
        window, tab = open_chart()
        notes = window.open(clinic.patient, "notes")
        qtbot.waitUntil(lambda: notes.panel.state == "content")
        notes.begin_note()
        qtbot.keyClicks(notes.page.text, "Anaesthesia")
        window.open(clinic.patient)
        qtbot.waitUntil(lambda: not notes.writing.busy and not notes.writing.is_dirty)
        open_sheet(qtbot, window, tab)
        press_complete(qtbot, window)
        qtbot.waitUntil(lambda: window.record.shown is notes)
        qtbot.waitUntil(lambda: notes.page.text.text() == "36 MOD Composite filling.")
        assert {row.body for row in notes_now(clinic)} == {
            "Anaesthesia",
            "36 MOD Composite filling.",
        }


@pytest.mark.parametrize("login", ["u_assistant", "u_compliance"])
def test_without_the_right_there_is_no_completing(open_chart, clinic, qtbot, login) -> None:
    clinic.item("RST-020", 36, "MOD", "done")
    window, tab = open_chart(login)
    window.record.do_primary()
    assert tab.finishing.dialog is None
    assert not tab.frame.list.complete.isVisible()
