"""The lists to book from by keys and clicks, on a real clinic."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QSignalSpy

from clinic_desktop.services.appointments.schemas import PlannedTreatment
from clinic_desktop.services.to_book import service as to_book
from clinic_desktop.ui.booking_lists import ListsBar
from clinic_desktop.ui.recalls.view import RecallScreen
from clinic_desktop.ui.to_book.broken import BrokenScreen
from clinic_desktop.ui.to_book.models import BrokenColumn, PlannedColumn
from clinic_desktop.ui.to_book.planned import PlannedScreen
from clinic_desktop.ui.waiting.view import WaitingScreen
from tests.services.to_book.conftest import Clinic

K = Qt.Key


@pytest.fixture
def clinic(make, sign_in) -> Clinic:
    return Clinic(make, sign_in)


@pytest.fixture
def open_list(qtbot, desk_of):
    def open_one(kind, count: int, login: str = "u_front"):
        screen = kind(desk_of(login))
        qtbot.addWidget(screen)
        screen.resize(1368, 800)
        screen.show()
        screen.activateWindow()
        qtbot.waitUntil(screen.isActiveWindow)
        qtbot.waitUntil(
            lambda: len(screen.model.rows()) == count and screen.desk.operations.quiet,
            timeout=10_000,
        )
        screen.start_focus()
        return screen

    return open_one


def names(screen) -> list[str]:
    return [row.who.given for row in screen.model.rows()]


def cells(screen, place: int = 0) -> dict[str, str]:
    model = screen.model
    count = model.columnCount()
    return {
        model.headerData(column, Qt.Orientation.Horizontal): model.index(place, column).data()
        for column in range(count)
    }


class TestPlanned:
    @pytest.fixture
    def screen(self, open_list, clinic, make) -> PlannedScreen:
        for name, days in (("Ana", 5), ("Rui", 40), ("Zoe", 200)):
            patient = make.patient(name, "Quinn")
            clinic.plan(patient, days_ago=days)
        clinic.plan(patient, 16, days_ago=201, treatment_id=clinic.filling, surfaces="MOD")
        return open_list(PlannedScreen, 3)

    def test_cells(self, screen) -> None:
        QAbstractItemModelTester(screen.model)
        assert names(screen) == ["Ana", "Rui", "Zoe"]
        found = cells(screen, 2)
        assert found["Planned"] == "16 MOD Composite, 3 surfaces, 36 Crown, 105 min"
        assert found["Value"].endswith("790.00")
        assert found["Since"].endswith("200 days ago")
        assert "086 555 0142" in found["Phone"] or "0142" in found["Phone"]
        assert found["Last try"] == "Not called yet"
        assert found["Next visit"] == "—"

    def test_one_key_books_with_everything_filled_in(self, screen, qtbot, clinic) -> None:
        qtbot.keyClick(screen.table, K.Key_End)
        with qtbot.waitSignal(screen.desk.navigator.booking_wanted) as wanted:
            qtbot.keyClick(screen.table, K.Key_N)
        (intent,) = wanted.args
        row = screen.row()
        assert intent.patient_id == row.patient_id
        assert set(intent.planned) == {one.item_id for one in row.work}
        assert (intent.provider_id, intent.source, intent.search) == (clinic.one, "planned", True)

    def test_one_key_records_a_try_and_goes_on(self, screen, qtbot, clinic) -> None:
        screen.side.remark.setText("after five")
        qtbot.keyClick(screen.table, K.Key_2)
        qtbot.waitUntil(lambda: "Message left" in cells(screen)["Last try"])
        assert screen.row().who.given == "Rui"
        assert screen.side.remark.text() == ""
        first = screen.model.rows()[0]
        with clinic.front.reading() as ctx:
            (attempt,) = to_book.attempts_of(ctx, first.patient_id)
        assert (attempt.outcome, attempt.remark) == ("message_left", "after five")

    def test_who_declined_is_shown_when_asked(self, screen, qtbot) -> None:
        qtbot.keyClick(screen.table, K.Key_4)
        qtbot.waitUntil(lambda: names(screen) == ["Rui", "Zoe"])
        screen.who.set_value(True)
        screen.who.chosen.emit(True)
        qtbot.waitUntil(lambda: len(names(screen)) == 3)

    def test_filters_and_order(self, screen, qtbot, clinic) -> None:
        screen.order.set_value(False)
        screen.order.chosen.emit(False)
        qtbot.waitUntil(lambda: names(screen) == ["Zoe", "Rui", "Ana"])
        screen.age.set_value("old")
        screen.age.chosen.emit("old")
        qtbot.waitUntil(lambda: names(screen) == ["Zoe"])
        screen.age.set_value("")
        screen.provider.set_value(clinic.other)
        screen.provider.chosen.emit(clinic.other)
        qtbot.waitUntil(lambda: screen.panel.state == "empty")

    def test_pages_come_as_they_are_wanted(self, screen, qtbot, monkeypatch) -> None:
        monkeypatch.setattr(type(screen), "page", 2)
        screen.model.set_rows(())
        screen.reload()
        qtbot.waitUntil(lambda: names(screen) == ["Ana", "Rui"])
        assert screen.model.more
        spy = QSignalSpy(screen.model.rowsInserted)
        screen._ask_more()
        qtbot.waitUntil(lambda: names(screen) == ["Ana", "Rui", "Zoe"])
        assert spy.count() == 1

    def test_another_pc_books_and_the_chosen_line_stays(self, screen, qtbot, clinic) -> None:
        qtbot.keyClick(screen.table, K.Key_Down)
        first = screen.model.rows()[0]
        item = first.work[0]
        clinic.book(
            first.patient_id,
            planned=(PlannedTreatment(chart_item_id=item.item_id, treatment_id=clinic.crown),),
        )
        qtbot.waitUntil(lambda: names(screen) == ["Rui", "Zoe"], timeout=8000)
        assert screen.row().who.given == "Rui"

    def test_beside_it_stands_all_of_the_work(self, screen, qtbot) -> None:
        qtbot.keyClick(screen.table, K.Key_End)
        values = screen.side.facts.values()
        assert values["Length"] == "105 min"
        assert values["Value"].endswith("790.00")
        assert "16 MOD Composite, 3 surfaces\n36 Crown" in screen.side._work.text()


class TestBroken:
    @pytest.fixture
    def screen(self, open_list, clinic, make) -> BrokenScreen:
        ana = make.patient("Ana", "Quinn")
        clinic.broke(ana, -40)
        clinic.broke(ana, -4, status="cancelled", reason="Ill")
        clinic.broke(make.patient("Rui", "Quinn"), -10)
        return open_list(BrokenScreen, 2)

    def test_cells(self, screen) -> None:
        QAbstractItemModelTester(screen.model)
        found = cells(screen)
        assert found["What happened"] == "Ill · 1 missed, 1 cancelled in 2 years, cancelled"
        assert found["Patient"].startswith("Ana Quinn")
        assert cells(screen, 1)["What happened"] == "missed"
        assert screen.side.facts.values()["Reason"] == "Ill"

    def test_one_key_books_it_anew(self, screen, qtbot, clinic) -> None:
        with qtbot.waitSignal(screen.desk.navigator.booking_wanted) as wanted:
            qtbot.keyClick(screen.table, K.Key_N)
        (intent,) = wanted.args
        row = screen.row()
        assert (intent.broken_id, intent.minutes, intent.source) == (row.id, 30, "rebooked")
        assert intent.provider_id == clinic.one

    def test_a_try_is_about_this_one(self, screen, qtbot, clinic) -> None:
        row = screen.row()
        qtbot.keyClick(screen.table, K.Key_1)
        qtbot.waitUntil(lambda: "No answer" in cells(screen)["Last try"])
        with clinic.front.reading() as ctx:
            assert len(to_book.attempts_of(ctx, row.patient_id, row.id)) == 1

    def test_who_only_reads(self, open_list, screen, qtbot) -> None:
        reader = open_list(BrokenScreen, 2, "u_compliance")
        assert [help_.key for help_ in reader.keys_now()] == ["Enter"]
        spy = QSignalSpy(reader.desk.navigator.booking_wanted)
        qtbot.keyClick(reader.table, K.Key_N)
        assert spy.count() == 0
        strip = reader.findChild(ListsBar)
        assert [button.text() for button in strip.lists._group.buttons()] == [
            "Broken appointments", "Recall due", "Waiting list",
        ]  # fmt: skip


class TestStrip:
    @pytest.mark.parametrize("kind", [PlannedScreen, BrokenScreen, RecallScreen, WaitingScreen])
    def test_leads_to_the_others(self, qtbot, desk_of, kind) -> None:
        screen = kind(desk_of("u_front"))
        qtbot.addWidget(screen)
        screen.resize(1368, 700)
        screen.show()
        strip = screen.findChild(ListsBar)
        here = strip.lists.value()
        for name, button in zip(
            ("to_book", "broken", "recalls", "waiting"), strip.lists._group.buttons(), strict=True
        ):
            spy = QSignalSpy(screen.desk.navigator.wanted)
            button.click()
            assert spy.count() == (0 if name == here else 1)
            if name != here:
                assert spy.at(0)[0] == name
            assert strip.lists.value() == here


def test_columns_have_their_titles(open_list, clinic) -> None:
    planned, broken = open_list(PlannedScreen, 0), open_list(BrokenScreen, 0)
    assert planned.model.columnCount() == len(PlannedColumn)
    assert broken.model.columnCount() == len(BrokenColumn)
    assert planned.panel.state == broken.panel.state == "empty"
