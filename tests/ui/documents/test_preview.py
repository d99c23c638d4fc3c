"""The preview, driven by its keys: look, print, save, and what is said when that fails."""

from pathlib import Path

import pytest
from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from clinic_desktop.documents.invoice import render_invoice
from clinic_desktop.documents.preview import Preview
from clinic_desktop.errors import InvalidError
from clinic_desktop.ui.documents.preview import PaperPreview, file_name, write_whole
from clinic_desktop.ui.theme.theme import Theme
from tests.documents.samples import invoice

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture(scope="module")
def paper() -> bytes:
    return render_invoice(invoice(count=30))


@pytest.fixture
def shown(qtbot: QtBot, theme: Theme, paper: bytes) -> PaperPreview:
    widget = PaperPreview(theme, own_keys=True)
    qtbot.addWidget(widget)
    widget.resize(1000, 700)
    widget.show()
    widget.show_paper(paper, "Invoice A-2026-004217")
    qtbot.waitExposed(widget)
    qtbot.waitUntil(lambda: widget.pages.drawn and widget.pages.hasFocus())
    return widget


def open_dialog(widget: QWidget, kind: type[QWidget], qtbot: QtBot) -> QWidget:
    qtbot.waitUntil(lambda: bool(widget.findChildren(kind)))
    dialog = widget.findChildren(kind)[-1]
    qtbot.waitUntil(dialog.isActiveWindow)
    return dialog


def save_as(widget: PaperPreview, qtbot: QtBot, path: Path) -> None:
    """Press Ctrl+S, type a path and press Enter."""
    qtbot.keyClick(widget.pages, Qt.Key.Key_S, CTRL)
    dialog = open_dialog(widget, QFileDialog, qtbot)
    line = dialog.findChild(QLineEdit, "fileNameEdit")
    line.selectAll()
    # The list of matching files would take the Enter for itself.
    line.setCompleter(None)
    qtbot.keyClicks(line, str(path))
    qtbot.keyClick(line, Qt.Key.Key_Return)


class TestPaperPreview:
    def test_shows_place_and_size(self, shown: PaperPreview, qtbot: QtBot) -> None:
        assert shown._place.text() == "Page 1 of 3"
        qtbot.keyClick(shown.pages, Qt.Key.Key_PageDown)
        assert shown._place.text() == "Page 2 of 3"
        qtbot.keyClick(shown.pages, Qt.Key.Key_0)
        assert shown._size.text() == f"{round(shown.pages.zoom * 100)} %"

    def test_buttons_do_what_keys_do(self, shown: PaperPreview, qtbot: QtBot) -> None:
        width = shown.pages.zoom
        qtbot.mouseClick(shown._whole, Qt.MouseButton.LeftButton)
        assert shown.pages.zoom < width
        qtbot.mouseClick(shown._wide, Qt.MouseButton.LeftButton)
        assert shown.pages.zoom == pytest.approx(width)

    def test_every_button_is_named_and_reached_by_tab(
        self, shown: PaperPreview, qtbot: QtBot
    ) -> None:
        met = []
        for _ in range(20):
            qtbot.keyClick(QApplication.focusWidget() or shown, Qt.Key.Key_Tab)
            focused = QApplication.focusWidget()
            if focused in met:
                break
            met.append(focused)
        assert {shown.save_button, shown.print_button, shown.pages} <= set(met)
        for button in shown.findChildren(QWidget):
            if button.focusPolicy() & Qt.FocusPolicy.TabFocus and button.isVisible():
                name = button.accessibleName() or getattr(button, "text", lambda: "")()
                assert name, button

    def test_a_narrow_place_leaves_out_what_keys_do(
        self, shown: PaperPreview, qtbot: QtBot
    ) -> None:
        shown.resize(700, 450)
        assert not shown._wide.isVisible()
        assert shown.print_button.isVisible()
        shown.resize(1000, 450)
        assert shown._wide.isVisible()

    def test_without_a_paper_nothing_can_be_printed(self, qtbot: QtBot, theme: Theme) -> None:
        widget = PaperPreview(theme)
        qtbot.addWidget(widget)
        assert not widget.print_button.isEnabled()
        assert not widget.save_button.isEnabled()
        widget.print_paper()
        widget.save_paper()
        widget.print_on(QPrinter())
        assert not widget.notice.isVisible()

    def test_what_is_no_paper_leaves_the_last_one(self, shown: PaperPreview) -> None:
        with pytest.raises(InvalidError):
            shown.show_paper(b"no paper", "x")
        assert shown.pages.count == 3

    def test_another_paper_replaces_the_last_one(self, shown: PaperPreview, qtbot: QtBot) -> None:
        shown.pages.go_to(2)
        shown.show_paper(render_invoice(invoice()), "Invoice 2")
        assert shown._place.text() == "Page 1 of 1"
        shown.clear()
        assert shown._place.text() == ""
        assert not shown.print_button.isEnabled()

    def test_esc_closes_the_innermost(self, shown: PaperPreview, qtbot: QtBot) -> None:
        shown.notice.tell("Saved.", "check", quiet=True)
        with qtbot.assertNotEmitted(shown.closed):
            qtbot.keyClick(shown.pages, Qt.Key.Key_Escape)
        assert not shown.notice.isVisible()
        with qtbot.waitSignal(shown.closed):
            qtbot.keyClick(shown.pages, Qt.Key.Key_Escape)


class TestPrint:
    def test_without_a_printer_a_sentence_and_the_file(
        self, shown: PaperPreview, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(QPrinterInfo, "availablePrinterNames", list)
        qtbot.keyClick(shown.pages, Qt.Key.Key_P, CTRL)
        assert "No printer is set up on this computer." in shown.notice.text()
        assert shown.notice.button.hasFocus()
        qtbot.keyClick(shown.notice.button, Qt.Key.Key_Space)
        dialog = open_dialog(shown, QFileDialog, qtbot)
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
        qtbot.waitUntil(lambda: not shown.findChildren(QFileDialog))

    def test_prints_and_says_so(self, shown: PaperPreview, qtbot: QtBot, tmp_path: Path) -> None:
        printer = QPrinter()
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(tmp_path / "printed.pdf"))
        with qtbot.waitSignal(shown.printed, timeout=60_000):
            shown.print_on(printer)
            assert not shown.print_button.isEnabled()
            shown.print_on(printer)
        assert shown.notice.text() == "Sent to the printer."
        assert shown.print_button.isEnabled()
        with Preview((tmp_path / "printed.pdf").read_bytes()) as printed:
            assert len(printed.sizes) == 3

    def test_esc_stops_a_print(self, shown: PaperPreview, qtbot: QtBot, tmp_path: Path) -> None:
        printer = QPrinter()
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(tmp_path / "printed.pdf"))
        shown.print_on(printer)
        qtbot.waitUntil(lambda: "Printing page" in shown.notice.text())
        qtbot.keyClick(shown.pages, Qt.Key.Key_Escape)
        assert "of 3 pages were printed." in shown.notice.text()
        assert shown.print_button.isEnabled()

    @pytest.mark.qt_log_ignore("QPainter::begin")
    def test_a_printer_that_does_not_answer(
        self, shown: PaperPreview, qtbot: QtBot, tmp_path: Path
    ) -> None:
        printer = QPrinter()
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(tmp_path / "missing" / "printed.pdf"))
        shown.print_on(printer)
        assert "The printer did not take the paper." in shown.notice.text()
        assert shown.notice.button.hasFocus()
        assert shown.print_button.isEnabled()

    def test_with_printers_the_systems_dialog_asks(
        self, shown: PaperPreview, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(QPrinterInfo, "availablePrinterNames", lambda: ["Front desk"])
        qtbot.keyClick(shown.pages, Qt.Key.Key_P, CTRL)
        dialog = open_dialog(shown, QPrintDialog, qtbot)
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
        qtbot.waitUntil(lambda: not shown.findChildren(QPrintDialog))


class TestSave:
    def test_keeps_the_paper_as_it_is(
        self, shown: PaperPreview, qtbot: QtBot, tmp_path: Path, paper: bytes
    ) -> None:
        with qtbot.waitSignal(shown.saved):
            save_as(shown, qtbot, tmp_path / "mine")
        assert (tmp_path / "mine.pdf").read_bytes() == paper
        assert shown.notice.text() == "Saved as mine.pdf."
        assert [path.name for path in tmp_path.iterdir()] == ["mine.pdf"]

    def test_offers_the_papers_name(self, shown: PaperPreview, qtbot: QtBot) -> None:
        qtbot.keyClick(shown.pages, Qt.Key.Key_S, CTRL)
        dialog = open_dialog(shown, QFileDialog, qtbot)
        assert dialog.selectedFiles()[0].endswith("Invoice A-2026-004217.pdf")
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)

    def test_says_why_it_was_not_saved(self, shown: PaperPreview, qtbot: QtBot) -> None:
        shown._save_at("/proc/nowhere/mine.pdf")
        assert shown.notice.text().startswith("The paper was not saved: ")
        assert shown.notice.text().endswith("Choose another place.")
        assert shown.notice.button.hasFocus()


class TestFileName:
    @pytest.mark.parametrize(
        ("name", "expected"),
        [
            ("Invoice A-1", "Invoice A-1.pdf"),
            ("../../etc/passwd", "-..-etc-passwd.pdf"),
            ('a<b>:"|?*\n', "a-b-------.pdf"),
            ("محمد 王", "محمد 王.pdf"),
            ("", "Paper.pdf"),
            (" . ", "Paper.pdf"),
            ("x" * 500, "x" * 120 + ".pdf"),
        ],
    )
    def test_is_one_on_every_system(self, name: str, expected: str) -> None:
        assert file_name(name) == expected


class TestWriteWhole:
    def test_replaces_a_file_in_one_step(self, tmp_path: Path) -> None:
        path = tmp_path / "paper.pdf"
        path.write_bytes(b"old")
        write_whole(path, b"new")
        assert path.read_bytes() == b"new"

    def test_a_place_that_cannot_be_written_is_left_as_it_was(self, tmp_path: Path) -> None:
        with pytest.raises(OSError, match="No such file"):
            write_whole(tmp_path / "missing" / "paper.pdf", b"new")
        folder = tmp_path / "folder.pdf"
        folder.mkdir()
        with pytest.raises(OSError, match="directory"):
            write_whole(folder, b"new")
        assert [path.name for path in tmp_path.iterdir()] == ["folder.pdf"]


def test_documents_folder_exists_for_the_dialog(qapp: QApplication) -> None:
    place = QStandardPaths.StandardLocation.DocumentsLocation
    assert QStandardPaths.writableLocation(place)
