"""The documents tab by keys: papers and files in one list, their pages beside."""

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication

from clinic_desktop.domain.ids import new_id
from clinic_desktop.services.documents import attachments
from clinic_desktop.services.documents import service as documents
from clinic_desktop.services.documents.schemas import NewAttachment, NewDocument
from clinic_desktop.ui.documents.tab import DocumentsTab
from tests import files
from tests.ui.record import Opened
from tests.ui.record_fixtures import clinic
from tests.ui.undoing import take_back

__all__ = ["clinic"]


@pytest.fixture
def open_documents(clinic, sign_in, theme, tmp_path, qtbot):
    opened: list[Opened] = []

    def one(login: str = "u_dentist", *, state: str = "content"):
        window = Opened(sign_in(login), theme, tmp_path, {"documents": DocumentsTab})
        opened.append(window)
        qtbot.waitExposed(window.window)
        window.window.activateWindow()
        tab = window.open(clinic.patient, "documents")
        qtbot.waitUntil(lambda: tab.list_panel.state == state)
        return window, tab

    yield one
    for window in opened:
        window.close()


@pytest.fixture
def stored(clinic, sign_in):
    """An invoice that was issued, then a letter that was handed in, and a picture."""
    with sign_in("u_front").writing() as ctx:
        paper = NewDocument(
            id=new_id(), patient_id=clinic.patient, kind="invoice", title="Invoice 2026-1",
            content=files.pdf("Invoice"),
        )  # fmt: skip
        documents.store(ctx, paper)
    with sign_in("u_front").writing() as ctx:
        new = NewAttachment(id=new_id(), patient_id=clinic.patient)
        attachments.attach_bytes(ctx, new, files.pdf("Letter", 3), "Letter_of_referral.pdf")
        other = NewAttachment(id=new_id(), patient_id=clinic.patient)
        attachments.attach_bytes(ctx, other, files.picture(), "photo.jpg")


def press(qtbot, key) -> None:
    qtbot.keyClick(QApplication.focusWidget(), key)


def titles(tab) -> list[str]:
    return [line.title for line in tab.model.rows()]


class TestDocuments:
    def test_list_and_pages(self, open_documents, stored, qtbot, qtmodeltester) -> None:
        _window, tab = open_documents()
        assert titles(tab) == ["Letter of referral", "Invoice 2026-1"]
        cells = [tab.model.index(row, 0).data() for row in range(2)]
        assert cells == [
            "Letter of referral, Scan · handed in",
            "Invoice 2026-1, Invoice · issued here",
        ]
        qtmodeltester.check(tab.model)
        qtbot.waitUntil(lambda: tab.preview.pages.count == 3)
        qtbot.waitUntil(tab.table.hasFocus)
        press(qtbot, Qt.Key.Key_Down)
        qtbot.waitUntil(lambda: tab.preview.pages.count == 2)
        assert tab.table.hasFocus()

    def test_take_out_and_undo_but_not_a_paper(self, open_documents, stored, qtbot) -> None:
        window, tab = open_documents()
        qtbot.waitUntil(tab.table.hasFocus)
        press(qtbot, Qt.Key.Key_Delete)
        qtbot.waitUntil(lambda: titles(tab) == ["Invoice 2026-1"])
        take_back(qtbot, window.desk)
        qtbot.waitUntil(lambda: len(titles(tab)) == 2)
        tab.table.choose_row(1)
        tab.table.setFocus()
        press(qtbot, Qt.Key.Key_Delete)
        assert window.message == "This paper was issued here and stays as it is."

    def test_dropped_into_an_empty_one(self, open_documents, qtbot, tmp_path) -> None:
        _window, tab = open_documents(state="empty")
        good, cut = tmp_path / "good.pdf", tmp_path / "cut.pdf"
        good.write_bytes(files.pdf())
        cut.write_bytes(files.pdf()[:-300])
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path)) for path in (cut, good)])
        action, button = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
        none = Qt.KeyboardModifier.NoModifier
        tab.dropEvent(QDropEvent(QPointF(9, 9), action, data, button, none))
        qtbot.waitUntil(lambda: titles(tab) == ["good"])
        qtbot.waitUntil(tab.refusals.isVisible)
        assert tab.refusals.words.text().startswith("cut.pdf: This PDF is damaged")
