"""Importing by keys and clicks on a real clinic: mapped, tried dry, stopped, done, undone."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from sqlalchemy import text

from clinic_desktop.services.imports.schemas import MappedColumn
from clinic_desktop.ui.imports.section import TransferSection
from clinic_desktop.ui.imports.tables import MapColumn, RowColumn, RunColumn
from clinic_desktop.ui.imports.view import ImportScreen
from clinic_desktop.ui.widgets.cells import Roles
from tests.exports_of_others import FORMS


@pytest.fixture
def screen(desk_of, qtbot):
    shown = ImportScreen(desk_of("u_manager"))
    qtbot.addWidget(shown)
    shown.resize(1180, 760)
    shown.show()
    return shown


@pytest.fixture
def names(signed_in):
    def ask() -> list[str]:
        with signed_in.reading() as ctx:
            sql = "SELECT given FROM patient WHERE deleted_at IS NULL ORDER BY given"
            return list(ctx.connection.execute(text(sql)).scalars())

    return ask


def _file(tmp_path: Path, content: str | bytes, name: str = "a.csv") -> str:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return str(path)


def _words(model) -> list[list[str]]:
    return [
        [model.index(r, c).data() for c in range(model.columnCount())]
        for r in range(model.rowCount())
    ]


ROWS = "Name,DOB,Phone\nAna Reis,1990-02-01,086 555 0142\nRui Sá,31/02/1990,\nEva Gil,1991-02-01,\n"


def _taken(screen, qtbot, path: str) -> None:
    screen.take(path)
    qtbot.waitUntil(lambda: screen.looked is not None)


def test_nothing_before_a_file(screen) -> None:
    assert screen.columns.state == "empty"
    assert not screen.go.isEnabled()
    assert screen.outcome.state == "empty"


def test_dry_then_done_then_undone(screen, qtbot, tmp_path, names) -> None:
    _taken(screen, qtbot, _file(tmp_path, ROWS))
    assert [row[2] for row in _words(screen.model)] == ["Whole name", "Birth date", "Phone"]
    qtbot.keyClick(screen, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: screen.report is not None)
    assert screen.report.dry
    assert names() == []
    (row,) = _words(screen.outcome.model)
    assert row[:2] == ["3", "DOB"]
    assert "would be added" in screen.outcome.counts.text()
    screen.do_primary()
    qtbot.waitUntil(lambda: not screen.report.dry)
    assert names() == ["Ana", "Eva"]
    assert screen.outcome.undo.isVisible()
    qtbot.mouseClick(screen.outcome.undo, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: screen.report is None)
    assert names() == []


def test_a_column_is_what_the_person_says(screen, qtbot, tmp_path, names) -> None:
    _taken(screen, qtbot, _file(tmp_path, "Who,What,DOB\nAna Reis,Faro,03/04/1990\n"))
    assert screen.looked.columns[0].field == ""
    first = screen.looked
    screen.table.choose_row(0)
    screen.form.field.set_value(("name", 0))
    screen.form.field.activated.emit(0)
    qtbot.waitUntil(lambda: screen.looked is not first)
    second = screen.looked
    screen.table.choose_row(2)
    assert screen.form.note.text().startswith("1 date can be read either way")
    screen.form.style_choice.set_value("mdy")
    screen.form.style_choice.activated.emit(1)
    qtbot.waitUntil(lambda: screen.looked is not second)
    assert MappedColumn(column=2, field="born", style="mdy") in screen.looked.plan().columns
    assert screen.form.note.text() == ""


def test_without_a_needed_column_says_which(screen, qtbot, tmp_path) -> None:
    _taken(screen, qtbot, _file(tmp_path, "Colour,DOB\nred,1990-01-01\n"))
    screen.do_primary()
    qtbot.waitUntil(screen.refusal.isVisible)
    assert "Whole name" in screen.refusal.text()


def test_a_file_that_is_none_says_so(screen, qtbot, tmp_path) -> None:
    screen.take(_file(tmp_path, b"%PDF-1.7", "list.csv"))
    qtbot.waitUntil(lambda: screen.columns.state == "failed")
    assert not screen.go.isEnabled()


def test_stop_leaves_nothing(screen, qtbot, tmp_path, names) -> None:
    export = FORMS["portuguese_merged"](6000, 4)
    _taken(screen, qtbot, _file(tmp_path, export.content))
    screen.do_primary()
    qtbot.waitUntil(lambda: screen._work is not None)
    qtbot.mouseClick(screen._work.stop_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: screen._steps is None, timeout=60_000)
    assert screen.report is None
    assert names() == []


def test_dropped(screen, qtbot, tmp_path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(_file(tmp_path, ROWS))])
    event = QDropEvent(
        QPointF(20, 20), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    screen.dropEvent(event)
    qtbot.waitUntil(lambda: screen.looked is not None)


class TestSection:
    def test_runs_are_listed_and_undone(self, screen, qtbot, tmp_path, names, desk_of) -> None:
        section = TransferSection(desk_of("u_admin"))
        qtbot.addWidget(section)
        section.show()
        qtbot.waitUntil(lambda: section.panel.state == "empty")
        _taken(screen, qtbot, _file(tmp_path, ROWS))
        screen.do_primary()
        qtbot.waitUntil(lambda: screen.report is not None)
        qtbot.waitUntil(lambda: section.model.rowCount() == 1)
        row = _words(section.model)[0]
        assert row[RunColumn.ADDED] == "2"
        assert row[RunColumn.STATE] == "In the records"
        assert "Ana Reis" in row[RunColumn.WHEN]
        section.table.setFocus()
        qtbot.keyClick(section.table, Qt.Key.Key_Delete)
        qtbot.waitUntil(lambda: _words(section.model)[0][RunColumn.STATE] == "Undone")
        assert names() == []
        assert not section.undo.isEnabled()


def test_models(screen, qtbot, qtmodeltester, tmp_path) -> None:
    with qtbot.waitSignal(screen.model.modelReset):
        screen.take(_file(tmp_path, ROWS))
    qtmodeltester.check(screen.model)
    cell = screen.model.index(0, MapColumn.STATE).data(Roles.CELL)
    assert cell.tags[0].text == "Sure"
    assert screen.outcome.model.columnCount() == len(RowColumn)
