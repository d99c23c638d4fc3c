"""Duplicates found, compared, merged and taken apart by keys; the record's history and timeline."""

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from clinic_desktop.domain.ids import new_id
from clinic_desktop.services import patients
from clinic_desktop.services.patients.schemas import PatientChange
from clinic_desktop.ui.history.view import HistoryDialog
from clinic_desktop.ui.patients.merge_dialog import MergeDialog
from clinic_desktop.ui.widgets.cells import Cell, Roles
from clinic_desktop.ui.widgets.paged_model import PagedModel
from tests.ui.undoing import take_back

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def pair(make_named):
    """Two records of one person, the older first."""
    one = make_named("Ana", "Reis", phone="086 555 0142", born=date(1984, 3, 9))
    other = make_named(
        "Ana", "Reis", phone="086 555 0142", email="ana@example.org", born=date(1984, 3, 9)
    )
    return one, other


def _dialog(desktop, kind):
    def found():
        return next((w for w in QApplication.topLevelWidgets() if isinstance(w, kind)
                     and w.isVisible()), None)  # fmt: skip

    desktop.wait(lambda: found() is not None)
    return found()


def _list(desktop):
    screen = desktop.go("duplicates")
    desktop.wait(lambda: screen.search.complete and bool(screen.model.rows()))
    screen.start_focus()
    return screen


class TestDuplicates:
    def test_the_button_counts(self, desktop, pair) -> None:
        screen = desktop.go("patients")
        desktop.wait(lambda: screen.head.duplicates.text() == "Duplicates 1")
        desktop.qtbot.mouseClick(screen.head.duplicates, Qt.MouseButton.LeftButton)
        desktop.wait(lambda: desktop.window.stack.name == "duplicates")

    def test_compare_merge_and_take_back(self, open_desktop, pair, sign_in) -> None:
        desktop = open_desktop("u_manager")
        screen = _list(desktop)
        desktop.key(Qt.Key.Key_Return)
        dialog = _dialog(desktop, MergeDialog)
        desktop.wait(dialog.act.isEnabled)
        # The act is named, and the focus is on the way out.
        assert "into No. 00001" in dialog.act.text()
        desktop.wait(dialog.close_button.hasFocus)
        assert dialog.taken() == ("email",)
        desktop.key(Qt.Key.Key_Return, CTRL)
        desktop.wait(lambda: not screen.model.rows())
        one, other = pair
        with sign_in("u_front").reading() as ctx:
            card = patients.open_patient(ctx, other)
        assert (card.id, card.email) == (one, "ana@example.org")
        take_back(desktop.qtbot, desktop.desk)
        with sign_in("u_front").reading() as ctx:
            desktop.wait(lambda: patients.open_patient(ctx, other).id == other)
            assert patients.open_patient(ctx, one).email == ""

    def test_escape_merges_nothing(self, open_desktop, pair, sign_in) -> None:
        desktop = open_desktop("u_manager")
        _list(desktop)
        desktop.key(Qt.Key.Key_Return)
        dialog = _dialog(desktop, MergeDialog)
        desktop.wait(dialog.act.isEnabled)
        desktop.key(Qt.Key.Key_Escape)
        with sign_in("u_front").reading() as ctx:
            assert patients.open_patient(ctx, pair[1]).id == pair[1]

    def test_not_the_same_person_and_undo(self, desktop, pair) -> None:
        screen = _list(desktop)
        desktop.key("x")
        desktop.wait(lambda: not screen.model.rows())
        take_back(desktop.qtbot, desktop.desk)
        desktop.wait(lambda: len(screen.model.rows()) == 1)

    def test_front_desk_does_not_merge(self, desktop, pair) -> None:
        screen = _list(desktop)
        assert screen.merge.isHidden()
        assert "Enter" not in [key.key for key in screen.keys()]  # noqa: SIM118 - not a mapping


class TestRecord:
    def test_an_old_record_opens_the_survivor(self, desktop, pair, signed_in) -> None:
        one, other = pair
        with signed_in.writing() as ctx:
            patients.merge(ctx, id=new_id(), survivor_id=one, merged_id=other)
        screen = desktop.go("patient", patient_id=other)
        desktop.wait(lambda: screen.patient_in_view() is not None)
        assert screen.patient_in_view().patient_id == one

    def test_history_and_a_value_put_back(self, desktop, pair, sign_in) -> None:
        one, _other = pair
        with sign_in("u_assistant").writing() as ctx:
            version = patients.open_patient(ctx, one).version
            patients.change(ctx, PatientChange(id=one, version=version, phone="086 555 0199"))
        screen = desktop.go("patient", patient_id=one)
        desktop.wait(lambda: screen.patient_in_view() is not None)
        desktop.wait(lambda: not desktop.operations._under_way)
        screen.show_history()
        dialog = _dialog(desktop, HistoryDialog)
        desktop.wait(lambda: dialog.chosen() is not None)
        assert dialog.chosen().field.field == "phone"
        assert "Rui Tavares" in dialog.heading(dialog.chosen())
        desktop.wait(dialog.back.isEnabled)
        desktop.key(Qt.Key.Key_Return, CTRL)
        with sign_in("u_front").reading() as ctx:
            desktop.wait(lambda: patients.open_patient(ctx, one).phone.endswith("0142"))
        dialog.reject()

    def test_timeline_on_overview_and_tab(self, desktop, pair) -> None:
        screen = desktop.go("patient", patient_id=pair[0])
        desktop.wait(lambda: screen.patient_in_view() is not None)
        overview = screen.tab()
        desktop.wait(lambda: bool(overview.timeline.model.rows()))
        (entry,) = overview.timeline.model.rows()
        assert (entry.kind, entry.event) == ("record", "registered")
        # Front desk reads no charts: there is no picture of teeth, and it is said what is missing.
        assert overview.teeth is None
        assert "notes" in overview.timeline._note.text()
        screen.show_tab("timeline")
        tab = screen.tab()
        desktop.wait(lambda: bool(tab.list.model.rows()))
        tab.list.filter.set_value("messages")
        tab.list._ask()
        desktop.wait(lambda: tab.list.state == "empty")


class TestPagedModel:
    @pytest.fixture
    def model(self):
        return PagedModel(
            {0: "What"}, lambda row, _column: Cell(row), key=lambda row: row,
            heading=lambda row: row[0],
        )  # fmt: skip

    def test_rows_headings_and_pages(self, model, qtbot, qtmodeltester) -> None:
        with qtbot.waitSignal(model.modelReset):
            model.set_rows(["a1", "a2", "b1"], more=True)
        assert [model.index(row, 0).data() for row in range(model.rowCount())] == [
            "a", "a1", "a2", "b", "b1", None, None,
        ]  # fmt: skip
        with qtbot.waitSignal(model.wanted_more):
            model.fetchMore(model.index(-1, -1))
        with qtbot.waitSignal(model.rowsInserted):
            model.add_rows(["b1", "b2", "c1"], more=False)
        assert [model.index(row, 0).data() for row in range(model.rowCount())] == [
            "a", "a1", "a2", "b", "b1", "b2", "c", "c1",
        ]  # fmt: skip
        assert model.row(0) is None
        assert model.row_of("b2") == 5
        assert model.index(5, 0).data(Roles.CELL) == Cell("b2")
        assert not model.flags(model.index(0, 0)) & Qt.ItemFlag.ItemIsSelectable
        qtmodeltester.check(model)
