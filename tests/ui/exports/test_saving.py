"""The list and the record given out from the screens."""

import pytest
from PySide6.QtWidgets import QWidget
from sqlalchemy import text

from clinic_desktop.services.exports.archive import unseal
from clinic_desktop.services.patients.list_schemas import ListFilter
from clinic_desktop.ui.exports.saving import RecordDialog, export_list


@pytest.fixture
def window(qtbot):
    shown = QWidget()
    qtbot.addWidget(shown)
    shown.resize(900, 600)
    shown.show()
    return shown


def test_list(desk_of, make, window, qtbot, tmp_path) -> None:
    make.patient("Ana", "Reis")
    desk, path = desk_of("u_manager"), tmp_path / "list.csv"
    with qtbot.waitSignal(desk.messages.said) as told:
        export_list(window, desk, str(path), typed="", chosen=ListFilter(status="active"))
    assert told.args[0] == "1 patient written to list.csv."
    assert "Reis" in path.read_text(encoding="utf-8-sig")


def test_record(desk_of, make, window, qtbot, tmp_path) -> None:
    patient = make.patient("Ana", "Reis")
    desk, path = desk_of("u_admin"), tmp_path / "record.age"
    dialog = RecordDialog(desk, patient, parent=window)
    dialog.open()
    dialog.phrase.setText("short")
    dialog.again.setText("other")
    dialog._choose()
    assert not dialog.field_again.validate()
    dialog.save(str(path))
    qtbot.waitUntil(lambda: dialog.phrase.hasFocus() or dialog.isEnabled(), timeout=60_000)
    dialog.phrase.setText("correct horse battery")
    dialog.again.setText("correct horse battery")
    with qtbot.waitSignal(desk.messages.said, timeout=120_000):
        dialog.save(str(path))
    record, _summary = unseal(path.read_bytes(), "correct horse battery")
    assert record.patient["family"] == "Reis"


def test_who_may_not_read_all_is_told(desk_of, make, window, qtbot, tmp_path, signed_in) -> None:
    dialog = RecordDialog(desk_of("u_manager"), make.patient("Ana", "Reis"), parent=window)
    dialog.open()
    dialog.phrase.setText("correct horse battery")
    dialog.save(str(tmp_path / "record.age"))
    qtbot.waitUntil(dialog.refusal.isVisible, timeout=60_000)
    assert "Read charts and notes" in dialog.refusal.text()
    assert list(tmp_path.iterdir()) == []
    with signed_in.reading() as ctx:
        sql = "SELECT count(*) FROM access_log WHERE action = 'export'"
        assert ctx.connection.execute(text(sql)).scalar_one() == 0
