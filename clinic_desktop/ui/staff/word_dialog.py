"""The word of an invitation: shown once, to be said, copied or printed."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from PySide6.QtCore import QMarginsF, QRectF, Qt
from PySide6.QtGui import QFont, QGuiApplication, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QDialog, QGridLayout, QWidget

from clinic_desktop.domain.dates import format_long_date
from clinic_desktop.i18n import _
from clinic_desktop.services.staff.schemas import Invitation
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.widgets.asking_files import ask_where, papers_folder
from clinic_desktop.ui.widgets.dialog import Dialog
from clinic_desktop.ui.widgets.labels import Label

POINTS: Final = 12


class WordDialog(Dialog):
    """Nobody can read the word again later; a new one can be given at any time."""

    def __init__(self, desk: Desk, invitation: Invitation, *, name: str, parent: QWidget) -> None:
        super().__init__(
            _("The word for {name}").format(name=name),
            theme=desk.theme,
            parent=parent,
            sentence=_("It is shown this once. It signs in once and asks for a password then."),
            icon="key-round",
            width=520,
            close_words=_("Close"),
        )
        self._desk = desk
        day = invitation.ends_at.astimezone(ZoneInfo(desk.who.zone)).date()
        self._lines = [
            (_("Clinic"), desk.who.clinic_name),
            (_("Name"), name),
            (_("User name"), invitation.user_name),
            (_("Word"), invitation.password),
            (_("Good until"), format_long_date(day, desk.who.locale)),
        ]
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        for row, (what, value) in enumerate(self._lines):
            grid.addWidget(Label(what, theme=desk.theme, role="text_2"), row, 0)
            size = "title" if value == invitation.password else "strong"
            label = Label(value, theme=desk.theme, size=size, wrap=True)
            label.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse
                | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
            label.setAccessibleName(f"{what}: {value}")
            grid.addWidget(label, row, 1)
        self.body.addLayout(grid)
        self.copy = self.add_act(_("Copy"), self._copy, key="Ctrl+Shift+C")
        self.set_primary(_("Print"), self._print, key="Ctrl+P", icon="printer")

    def text(self) -> str:
        """Return everything as lines of text."""
        return "\n".join(f"{what}: {value}" for what, value in self._lines)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text())
        self._desk.messages.say(_("User name and word are on the clipboard."), "copy")

    def _print(self) -> None:
        printer = QPrinter()
        if QPrinterInfo.availablePrinterNames():
            if QPrintDialog(printer, self).exec() != QDialog.DialogCode.Accepted:
                return
        else:
            # Without a printer a file can be carried to one.
            ask_where(
                self,
                _("This computer has no printer. Save as PDF"),
                self._print_into,
                name=f"{_('First sign-in')}.pdf",
                filters=[_("PDF papers (*.pdf)")],
                folder=papers_folder(),
            )
            return
        self.print_on(printer)

    def _print_into(self, path: str) -> None:
        printer = QPrinter()
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(path)
        self.print_on(printer)

    def print_on(self, printer: QPrinter) -> None:
        """Print the slip; the word stays on the screen when the printer does not take it."""
        if print_slip(printer, _("Your first sign-in"), self._lines):
            self._desk.messages.say(_("The slip is printed."), "printer")
            return
        if printer.outputFileName():
            words = _("The file {name} cannot be written here. Choose another folder.").format(
                name=Path(printer.outputFileName()).name
            )
        else:
            words = _(
                "The printer {name} does not take the page. Look at it, or copy the word instead."
            ).format(name=printer.printerName())
        self.set_sentence(words)
        self._desk.messages.warn(words)


def print_slip(printer: QPrinter, title: str, lines: Sequence[tuple[str, str]]) -> bool:
    """Print a few lines on one page; return whether the printer took it."""
    a4 = QPageSize(QPageSize.PageSizeId.A4)
    margins = QMarginsF(20, 20, 20, 20)
    printer.setPageLayout(
        QPageLayout(a4, QPageLayout.Orientation.Portrait, margins, QPageLayout.Unit.Millimeter)
    )
    painter = QPainter()
    if not painter.begin(printer):
        return False
    unit = printer.resolution() / 72
    page = printer.pageLayout().paintRectPixels(printer.resolution())
    font = QFont("Inter")
    font.setPointSizeF(POINTS + 6)
    painter.setFont(font)
    painter.drawText(QRectF(0, 0, page.width(), 40 * unit), title)
    font.setPointSizeF(POINTS)
    painter.setFont(font)
    top = 52 * unit
    for what, value in lines:
        painter.drawText(QRectF(0, top, 120 * unit, 24 * unit), what)
        painter.drawText(QRectF(130 * unit, top, page.width() - 130 * unit, 24 * unit), value)
        top += 26 * unit
    return painter.end()
