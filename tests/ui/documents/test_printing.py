"""Printing, on a printer that writes a file: every page, at its size, or as many as were wanted."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMarginsF, QObject
from PySide6.QtGui import QPageLayout, QPageSize
from PySide6.QtPrintSupport import QPrinter
from pytestqt.qtbot import QtBot

from clinic_desktop.documents.day_sheet import render_day_sheet
from clinic_desktop.documents.invoice import render_invoice
from clinic_desktop.documents.papers import DayColumn
from clinic_desktop.documents.preview import Preview
from clinic_desktop.ui.documents.printing import PrintRun, fit_printer, printer_names
from tests.documents.samples import day_sheet, head, invoice, logo, visit


@pytest.fixture(scope="module")
def preview() -> Iterator[Preview]:
    with Preview(render_invoice(invoice(count=30, head=head(logo=logo())))) as opened:
        yield opened


@pytest.fixture
def printer(qapp: QObject, tmp_path: Path) -> QPrinter:
    """A printer of 150 dots an inch that writes ``printed.pdf``."""
    made = QPrinter(QPrinter.PrinterMode.HighResolution)
    made.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    made.setOutputFileName(str(tmp_path / "printed.pdf"))
    made.setResolution(150)
    return made


def printed(tmp_path: Path) -> Preview:
    return Preview((tmp_path / "printed.pdf").read_bytes())


def run(qtbot: QtBot, preview: Preview, printer: QPrinter) -> list[int]:
    owner = QObject()
    job = PrintRun(preview, printer, owner)
    with qtbot.waitSignal(job.ended, timeout=60_000) as ended:
        assert job.start()
    return list(ended.args)


class TestPrintRun:
    def test_prints_every_page_where_it_belongs(
        self, qtbot: QtBot, preview: Preview, printer: QPrinter, tmp_path: Path
    ) -> None:
        fit_printer(printer, preview.sizes[0])
        assert run(qtbot, preview, printer) == [3, 3]
        with printed(tmp_path) as paper:
            assert len(paper.sizes) == 3
            assert paper.sizes[0] == pytest.approx(preview.sizes[0], abs=2)
            for number in range(3):
                was, now = preview.picture(number, 36), paper.picture(number, 36)
                rows = min(was.height, now.height)
                stride = min(was.stride, now.stride)
                apart = sum(
                    abs(a - b)
                    for row in range(0, rows, 3)
                    for a, b in zip(
                        was.data[row * was.stride : row * was.stride + stride],
                        now.data[row * now.stride : row * now.stride + stride],
                        strict=True,
                    )
                )
                assert apart / (rows / 3 * stride) < 6

    def test_prints_the_pages_that_were_asked_for(
        self, qtbot: QtBot, preview: Preview, printer: QPrinter, tmp_path: Path
    ) -> None:
        printer.setFromTo(2, 3)
        printer.setPageOrder(QPrinter.PageOrder.LastPageFirst)
        assert run(qtbot, preview, printer) == [2, 2]
        with printed(tmp_path) as paper:
            assert len(paper.sizes) == 2

    def test_makes_a_page_smaller_rather_than_cutting_it(
        self, qtbot: QtBot, preview: Preview, printer: QPrinter, tmp_path: Path
    ) -> None:
        small = QPageSize(QPageSize.PageSizeId.A5)
        printer.setPageLayout(
            QPageLayout(small, QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0))
        )
        printer.setFullPage(True)
        printer.setFromTo(1, 1)
        assert run(qtbot, preview, printer) == [1, 1]
        with printed(tmp_path) as paper:
            drawn = paper.picture(0, 72)
        # The foot's rule is 279 mm down on A4 and 70.7 % of that on A5.
        row = round(279 * 0.707 / 25.4 * 72)
        near = drawn.data[(row - 4) * drawn.stride : (row + 4) * drawn.stride]
        assert min(near) < 240

    def test_lying_papers_are_printed_lying(
        self, qtbot: QtBot, printer: QPrinter, tmp_path: Path
    ) -> None:
        day = day_sheet(DayColumn(title="Park", visits=(visit(),)))
        with Preview(render_day_sheet(day)) as preview:
            fit_printer(printer, preview.sizes[0])
            assert run(qtbot, preview, printer) == [1, 1]
        with printed(tmp_path) as paper:
            assert paper.sizes[0].width > paper.sizes[0].height

    def test_can_be_stopped(self, qtbot: QtBot, preview: Preview, printer: QPrinter) -> None:
        owner = QObject()
        job = PrintRun(preview, printer, owner)
        ended: list[tuple[int, int]] = []
        job.ended.connect(lambda done, count: ended.append((done, count)))
        job.progress.connect(lambda page, _count: job.stop() if page == 2 else None)
        assert job.start()
        qtbot.waitUntil(lambda: bool(ended))
        assert ended == [(1, 3)]
        job.stop()
        assert len(ended) == 1

    @pytest.mark.qt_log_ignore("QPainter::begin")
    def test_says_when_the_printer_does_not_take_it(
        self, preview: Preview, printer: QPrinter, tmp_path: Path
    ) -> None:
        printer.setOutputFileName(str(tmp_path / "missing" / "printed.pdf"))
        owner = QObject()
        assert not PrintRun(preview, printer, owner).start()


class TestPrinterNames:
    def test_is_a_list_even_without_printers(self, qapp: QObject) -> None:
        assert isinstance(printer_names(), list)
