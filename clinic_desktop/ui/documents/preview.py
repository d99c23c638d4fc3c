"""A paper before it is printed: its pages, their size, the printer, or a file."""

import os
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from clinic_desktop.documents.preview import Preview
from clinic_desktop.files import put_in_place
from clinic_desktop.i18n import _
from clinic_desktop.ui.documents.notice import Notice
from clinic_desktop.ui.documents.pages import PagesView
from clinic_desktop.ui.documents.printing import PrintRun, fit_printer, printer_names
from clinic_desktop.ui.keymap.binding import bind_within
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.asking_files import ask_where, papers_folder
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.labels import Label

_NOT_IN_NAMES: Final = '<>:"/\\|?*'
_LONGEST_NAME: Final = 120
_ROOM_FOR_ALL: Final = 860


class PaperPreview(QWidget):
    """Shows a PDF and prints or saves it. Keys: Ctrl+P, Ctrl+S, Esc, and those of PagesView.

    ``own_keys`` is for places that no Screen hands Ctrl+P and Ctrl+S to, such as a dialog.
    """

    closed = Signal()
    """Esc was pressed and nothing is under way."""
    printed = Signal()
    """All pages wanted went to the printer."""
    saved = Signal(str)
    """The paper was kept as a file, by its path."""

    def __init__(
        self, theme: Theme, *, own_keys: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._data = b""
        self._name = ""
        self._preview: Preview | None = None
        self._run: PrintRun | None = None
        self.pages = PagesView(theme)
        self.notice = Notice(theme)
        self._build()
        self.pages.moved.connect(self._tell_place)
        self._keys(own_keys)
        self._tell_place()

    def _build(self) -> None:
        theme = self._theme
        self._place = Label(theme=theme, role="text_2", tabular=True)
        self._size = Label(theme=theme, role="text_2", tabular=True)
        smaller = Button(theme=theme, icon="zoom-out", name=_("Smaller"), kind="quiet")
        larger = Button(theme=theme, icon="zoom-in", name=_("Larger"), kind="quiet")
        self._wide = Button(_("Page width"), theme=theme, key="W", kind="quiet")
        self._whole = Button(_("Whole page"), theme=theme, key="0", kind="quiet")
        self.save_button = Button(_("Save as PDF"), theme=theme, icon="download", key="Ctrl+S")
        self.print_button = Button(
            _("Print"), theme=theme, icon="printer", key="Ctrl+P", kind="primary"
        )
        smaller.clicked.connect(self.pages.zoom_out)
        larger.clicked.connect(self.pages.zoom_in)
        self._wide.clicked.connect(lambda: self.pages.fit("width"))
        self._whole.clicked.connect(lambda: self.pages.fit("page"))
        self.save_button.clicked.connect(self.save_paper)
        self.print_button.clicked.connect(self.print_paper)
        head = QFrame()
        head.setProperty("kind", "panel_head")
        bar = QHBoxLayout(head)
        bar.setContentsMargins(12, 8, 12, 8)
        bar.setSpacing(8)
        bar.addWidget(self._place)
        bar.addStretch(1)
        for widget in (smaller, self._size, larger, self._wide, self._whole):
            bar.addWidget(widget)
        bar.addStretch(1)
        bar.addWidget(self.save_button)
        bar.addWidget(self.print_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(self.notice)
        column.addWidget(self.pages, 1)
        self.setFocusProxy(self.pages)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what keys do as well where there is no room for it."""
        super().resizeEvent(event)
        for button in (self._wide, self._whole):
            button.setVisible(self.width() >= _ROOM_FOR_ALL)

    def _keys(self, own: bool) -> None:
        acts = {"Esc": self._leave}
        if own:
            acts |= {"Ctrl+P": self.print_paper, "Ctrl+S": self.save_paper}
        for key, act in acts.items():
            bind_within(self, key, act)

    # -- what is shown ----------------------------------------------------------------------

    def show_paper(self, data: bytes, name: str) -> None:
        """Show a PDF; ``name`` is what its file is called without an ending.

        Raises InvalidError with a sentence when it is not one; what was shown before stays.
        """
        preview = Preview(data)
        self._stop()
        before, self._preview = self._preview, preview
        self._data, self._name = data, name
        self.pages.show_preview(preview)
        if before is not None:
            before.close()
        self.notice.hide()
        self.pages.setFocus()

    def clear(self) -> None:
        """Show nothing and let go of the paper."""
        self._stop()
        self.pages.show_preview(None)
        if self._preview is not None:
            self._preview.close()
        self._preview, self._data, self._name = None, b"", ""
        self.notice.hide()

    @Slot()
    def _tell_place(self) -> None:
        some = self.pages.count > 0
        self.save_button.setEnabled(some)
        self.print_button.setEnabled(some and self._run is None)
        self._size.setText(_("{percent} %").format(percent=round(self.pages.zoom * 100)))
        self._place.setText(
            _("Page {number} of {count}").format(
                number=self.pages.current + 1, count=self.pages.count
            )
            if some
            else ""
        )

    @Slot()
    def _leave(self) -> None:
        """Close the innermost: first what is under way, then the notice, then the preview."""
        if self._run is not None:
            self._stop()
        elif self.notice.isVisible():
            self.notice.hide()
            self.pages.setFocus()
        else:
            self.closed.emit()

    # -- printing ---------------------------------------------------------------------------

    @Slot()
    def print_paper(self) -> None:
        """Ask for the printer and print; without one say so and offer the file."""
        if self._preview is None or self._run is not None:
            return
        if not printer_names():
            self._offer_file(
                _(
                    "No printer is set up on this computer. "
                    "Save the paper as a PDF, or set up a printer and print again."
                )
            )
            return
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        fit_printer(printer, self._preview.sizes[0])
        printer.setDocName(self._name)
        dialog = QPrintDialog(printer, self)
        dialog.setMinMax(1, self.pages.count)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self.print_on(printer))
        QDialog.open(dialog)

    def print_on(self, printer: QPrinter) -> None:
        """Print on a printer that was chosen and set."""
        if self._preview is None or self._run is not None:
            return
        run = PrintRun(self._preview, printer, self)
        if not run.start():
            run.deleteLater()
            self._offer_file(
                _(
                    "The printer did not take the paper. "
                    "Look whether it is switched on, or save the paper as a PDF."
                )
            )
            return
        self._run = run
        run.progress.connect(self._tell_progress)
        run.ended.connect(self._print_ended)
        self._tell_place()

    def _offer_file(self, sentence: str) -> None:
        self.notice.tell(sentence, "printer", (_("Save as PDF"), self.save_paper))
        self.notice.focus_act()

    @Slot(int, int)
    def _tell_progress(self, page: int, count: int) -> None:
        sentence = _("Printing page {page} of {count}").format(page=page, count=count)
        self.notice.tell(sentence, "printer", (_("Stop"), self._stop), quiet=True)

    @Slot(int, int)
    def _print_ended(self, done: int, count: int) -> None:
        if self._run is not None:
            self._run.deleteLater()
        self._run = None
        self._tell_place()
        self.pages.setFocus()
        if done == count:
            self.notice.tell(_("Sent to the printer."), "printer-check", quiet=True)
            self.printed.emit()
            return
        sentence = _("{done} of {count} pages were printed.").format(done=done, count=count)
        self.notice.tell(sentence, "printer", (_("Print"), self.print_paper))

    def _stop(self) -> None:
        if self._run is not None:
            self._run.stop()

    # -- a file -----------------------------------------------------------------------------

    @Slot()
    def save_paper(self) -> None:
        """Ask where and keep the paper as a PDF."""
        if self._preview is None:
            return
        ask_where(
            self,
            _("Save as PDF"),
            self._save_at,
            name=file_name(self._name),
            filters=[_("PDF papers (*.pdf)")],
            folder=papers_folder(),
        )

    @Slot(str)
    def _save_at(self, path: str) -> None:
        try:
            write_whole(Path(path), self._data)
        except OSError as error:
            sentence = _("The paper was not saved: {reason}. Choose another place.")
            reason = error.strerror or str(error)
            again = (_("Save as PDF"), self.save_paper)
            self.notice.tell(sentence.format(reason=reason), "save-off", again)
            self.notice.focus_act()
            return
        sentence = _("Saved as {file}.").format(file=Path(path).name)
        self.notice.tell(sentence, "check", quiet=True)
        self.pages.setFocus()
        self.saved.emit(path)


def file_name(name: str) -> str:
    """Return a paper's name as a file may be called on every system, with its ending."""
    kept = "".join(
        "-" if char in _NOT_IN_NAMES or not char.isprintable() else char for char in name
    )
    return f"{kept[:_LONGEST_NAME].strip(' .') or _('Paper')}.pdf"


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that it is either whole or as it was. Raises OSError."""
    with NamedTemporaryFile(dir=path.parent, prefix=".clinic-", delete=False) as stream:
        beside = Path(stream.name)
        try:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
            stream.close()
            put_in_place(beside, path)
        except OSError:
            stream.close()
            beside.unlink()
            raise
