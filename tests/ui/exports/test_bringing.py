"""A record exported in one clinic comes back in another, from the settings."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from clinic_desktop.documents.of_record import record_archive
from clinic_desktop.domain.ids import new_id
from clinic_desktop.services import patients
from clinic_desktop.services.documents import attachments
from clinic_desktop.services.documents.schemas import NewAttachment
from clinic_desktop.ui.exports.bringing import BringInDialog
from clinic_desktop.ui.imports.section import TransferSection
from tests.files import picture

PASSPHRASE = "correct horse battery"


@pytest.fixture
def archive(signed_in, make, tmp_path):
    patient = make.patient("Ana", "Reis")
    with signed_in.writing() as ctx:
        new = NewAttachment(id=new_id(), patient_id=patient)
        attachments.attach_bytes(ctx, new, picture(), "smile.jpg")
    path = tmp_path / "record.age"
    with signed_in.reading() as ctx:
        path.write_bytes(record_archive(ctx, patient, PASSPHRASE))
    return path, patient


def dialog_of(qtbot, desk) -> BringInDialog:
    section = TransferSection(desk)
    qtbot.addWidget(section)
    section.resize(1000, 700)
    section.show()
    qtbot.waitUntil(lambda: section.panel.state == "empty")
    section.bring.click()
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), BringInDialog))
    dialog = QApplication.activeModalWidget()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    return dialog


def test_comes_back_whole_by_keys(qtbot, desk_of, archive, sign_in) -> None:
    path, patient = archive
    desk = desk_of("u_other")
    opened: list[object] = []
    desk.navigator.wanted.connect(lambda _screen, where: opened.append(where["patient_id"]))
    dialog = dialog_of(qtbot, desk)
    qtbot.keyClicks(dialog.path, str(path))
    qtbot.keyClicks(dialog.phrase, "another passphrase")
    qtbot.keyClick(dialog.phrase, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: "does not open" in dialog.field_phrase.sentence())
    dialog.phrase.clear()
    qtbot.keyClicks(dialog.phrase, PASSPHRASE)
    qtbot.keyClick(dialog.phrase, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: opened == [patient])
    assert "Ana Reis" in desk.messages.current.text
    with sign_in("u_other").reading() as ctx:
        assert patients.open_patient(ctx, patient).family == "Reis"
        (image,) = attachments.attachments(ctx, patient)
        assert attachments.content(ctx, patient, image.id) == picture()


@pytest.mark.parametrize(
    ("content", "sentence"), [(None, "cannot be opened"), (b"PK..", "does not open this file")]
)
def test_what_is_no_archive(qtbot, desk_of, tmp_path, content, sentence) -> None:
    dialog = dialog_of(qtbot, desk_of("u_other"))
    dialog.bring_in()
    assert "needed" in dialog.field.sentence()
    path = tmp_path / "x.age"
    if content is not None:
        path.write_bytes(content)
    dialog.path.setText(str(path))
    dialog.phrase.setText(PASSPHRASE)
    dialog.bring_in()
    qtbot.waitUntil(lambda: sentence in dialog.field.sentence() + dialog.field_phrase.sentence())
    assert dialog.isVisible()


def test_who_is_here_already(qtbot, desk_of, archive) -> None:
    path, _patient = archive
    dialog = dialog_of(qtbot, desk_of("u_admin"))
    dialog.path.setText(str(path))
    dialog.phrase.setText(PASSPHRASE)
    dialog.bring_in()
    qtbot.waitUntil(dialog.refusal.isVisible)
    assert "already" in dialog.refusal.text()


def test_front_desk_does_not_see_it(qtbot, desk_of) -> None:
    section = TransferSection(desk_of("u_manager"))
    qtbot.addWidget(section)
    section.show()
    assert not section.bring.isVisible()
    section.bring_record()
    assert section.findChild(BringInDialog) is None
