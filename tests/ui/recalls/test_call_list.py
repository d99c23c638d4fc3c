"""The call list by keys and clicks, on a real clinic."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester

from clinic_desktop.domain.ids import new_id
from clinic_desktop.services.recalls import service as recalls
from clinic_desktop.services.recalls import types
from clinic_desktop.services.recalls.schemas import NewRecall
from clinic_desktop.ui.recalls.dialogs import PauseDialog, RecallDialog
from clinic_desktop.ui.recalls.view import RecallScreen
from tests.ui.undoing import take_back


@pytest.fixture
def due(signed_in, make):
    """Three patients due for hygiene: today, a week ago, two hundred days ago."""

    class Due:
        def __init__(self) -> None:
            self.patients = {}
            with signed_in.writing() as ctx:
                types.add_usual_types(ctx)
                self.kind = next(one for one in types.recall_types(ctx) if one.code == "HYG")
                self.today = recalls.today(ctx)
            for name, days in (("Today", 0), ("Week", 7), ("Long", 200)):
                self.add(name, days)

        def add(self, name, days) -> None:
            patient = make.patient(given=name, family="Quinn")
            self.patients[name] = patient
            with signed_in.writing() as ctx:
                recalls.set_recall(
                    ctx,
                    NewRecall(
                        id=new_id(),
                        patient_id=patient,
                        recall_type_id=self.kind.id,
                        due_on=self.today - timedelta(days=days),
                    ),
                )

        def of(self, name):
            with signed_in.reading() as ctx:
                return recalls.recalls_of(ctx, self.patients[name])[0]

    return Due()


@pytest.fixture
def screen(qtbot, desk_of, due) -> RecallScreen:
    """The call list of the front desk, loaded."""
    shown = RecallScreen(desk_of("u_front"))
    qtbot.addWidget(shown)
    shown.resize(1300, 760)
    shown.show()
    shown.reload()
    qtbot.waitUntil(lambda: len(shown.model.rows()) == 3)
    shown.start_focus()
    return shown


def _names(screen: RecallScreen) -> list[str]:
    return [row.given for row in screen.model.rows()]


class TestCallList:
    def test_longest_overdue_first(self, screen) -> None:
        QAbstractItemModelTester(screen.model)
        assert _names(screen) == ["Long", "Week", "Today"]
        assert screen.row().given == "Long"
        assert "200 days over" in screen.model.index(0, 0).data()

    def test_a_figure_records_the_call_and_goes_on(self, screen, qtbot, due) -> None:
        screen.side.remark.setText("after five")
        qtbot.keyClick(screen.table, Qt.Key.Key_2)
        qtbot.waitUntil(lambda: len(due.of("Long").attempts) == 1)
        attempt = due.of("Long").attempts[0]
        assert (attempt.outcome, attempt.remark) == ("message_left", "after five")
        qtbot.waitUntil(lambda: "Message left" in screen.model.index(0, 4).data())
        qtbot.waitUntil(lambda: screen.row().given == "Week")
        qtbot.waitUntil(lambda: screen.side.remark.text() == "")

    def test_who_declined_leaves_the_list(self, screen, qtbot) -> None:
        qtbot.keyClick(screen.table, Qt.Key.Key_4)
        qtbot.waitUntil(lambda: _names(screen) == ["Week", "Today"])
        screen.who.set_value("declined")
        screen.reload()
        qtbot.waitUntil(lambda: len(_names(screen)) == 3)

    def test_held_back_and_undone(self, screen, qtbot, due) -> None:
        qtbot.keyClick(screen.table, Qt.Key.Key_P)
        dialog = screen.findChild(PauseDialog)
        qtbot.waitUntil(dialog.isActiveWindow)
        qtbot.keyClick(dialog.reason, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        assert dialog.fields["reason"].state() == "error", "a reason is needed"
        qtbot.keyClicks(dialog.reason, "Abroad")
        qtbot.keyClick(dialog.reason, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        qtbot.waitUntil(lambda: _names(screen) == ["Week", "Today"])
        assert due.of("Long").pause_reason == "Abroad"
        take_back(qtbot, screen.desk)
        qtbot.waitUntil(lambda: len(_names(screen)) == 3)

    def test_booking_is_one_key(self, screen, qtbot, due) -> None:
        with qtbot.waitSignal(screen.desk.navigator.booking_wanted) as wanted:
            qtbot.keyClick(screen.table, Qt.Key.Key_N)
        (intent,) = wanted.args
        assert (intent.patient_id, intent.source) == (due.patients["Long"], "recall")
        assert intent.recall_id == due.of("Long").id
        assert intent.search

    def test_due_later_and_of_one_kind(self, screen, qtbot, due) -> None:
        due.add("Later", -60)
        screen.until.set_value(90)
        screen.reload()
        qtbot.waitUntil(lambda: _names(screen)[-1] == "Later")
        screen.until.set_value(0)
        screen.reload()
        qtbot.waitUntil(lambda: len(_names(screen)) == 3)
        assert screen.kind.itemText(1) == "Hygiene, 3"

    def test_the_list_pages(self, screen, qtbot, due, monkeypatch) -> None:
        monkeypatch.setattr(RecallScreen, "page", 2)
        screen.model.set_rows(())
        screen.reload()
        qtbot.waitUntil(lambda: len(screen.model.rows()) == 2)
        assert screen.model.more
        screen._ask_more()
        qtbot.waitUntil(lambda: _names(screen) == ["Long", "Week", "Today"])

    def test_another_pc(self, screen, qtbot, sign_in, due) -> None:
        row = due.of("Week")
        with sign_in("u_hygienist", device="chair").writing() as ctx:
            recalls.remove_recall(ctx, row.id, row.version)
        qtbot.waitUntil(lambda: _names(screen) == ["Long", "Today"], timeout=8000)

    def test_nobody_due(self, screen, qtbot, due, signed_in) -> None:
        with signed_in.writing() as ctx:
            for name in due.patients:
                row = due.of(name)
                recalls.remove_recall(ctx, row.id, row.version)
        screen.reload()
        qtbot.waitUntil(lambda: screen.panel.state == "empty")


class TestDialog:
    @pytest.fixture
    def dialog(self, screen, due, qtbot) -> RecallDialog:
        self.saved = []
        form = RecallDialog(
            screen.desk,
            due.patients["Today"],
            (due.kind,),
            lambda: self.saved.append(True),
            row=due.of("Today"),
            today=due.today,
            parent=screen,
        )
        form.open()
        qtbot.waitUntil(form.isVisible)
        return form

    def test_an_interval_of_ones_own(self, dialog, qtbot, due) -> None:
        assert not dialog.every.isVisible()
        dialog.often.set_value("month")
        dialog._unit_chosen("month")
        dialog.every.setText("3")
        dialog.save()
        qtbot.waitUntil(lambda: self.saved == [True])
        row = due.of("Today")
        assert (row.every, row.unit, row.own_interval) == (3, "month", True)

    def test_a_wrong_date_is_said_at_its_field(self, dialog, qtbot, due) -> None:
        dialog.due.setText("31/02/2027")
        dialog.save()
        assert dialog.fields["due_on"].state() == "error"
        assert due.of("Today").due_on == due.today
