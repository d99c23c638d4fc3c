"""What came of trying, importing or taking back: counts in one line, the rows behind them."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from clinic_desktop.domain.money import format_number
from clinic_desktop.i18n import _, language, ngettext
from clinic_desktop.services.imports.schemas import Report, Undone
from clinic_desktop.ui.imports.tables import RowTold, row_model, rows_told
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.announce import announce
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.panel import StatePanel
from clinic_desktop.ui.widgets.segmented import Segmented
from clinic_desktop.ui.widgets.table import TableView


class Outcome(StatePanel):
    """A panel that waits, shows progress, or shows a report."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(_("What becomes of the rows"), theme=theme)
        self._report: Report | None = None
        self.model = row_model()
        self.table: TableView | None = None
        self.which = Segmented(
            [
                (_("Problems"), "problems"),
                (_("Known already"), "known"),
                (_("First rows"), "first"),
            ],
            theme=theme,
            name=_("Which rows"),
        )
        self.which.chosen.connect(lambda _value: self._fill())
        self.add_head(self.which)
        self.counts = Label(theme=theme, tabular=True)
        self.undo = Button(_("Undo this run"), theme=theme, icon="undo-2")
        self.add_foot(self.counts, 1)
        self.add_foot(self.undo)
        self.forget()

    def forget(self) -> None:
        """Show that nothing was tried yet with what is chosen now."""
        self._report = None
        self.which.hide()
        self.undo.hide()
        self.counts.setText("")
        self.show_empty(
            _("Not tried yet"),
            detail=_("Trying reads every row and says which ones would be left out, and why."),
        )

    def show_work(self, work: QWidget) -> None:
        """Show how far it is."""
        self.which.hide()
        self.undo.hide()
        self.table = None
        self.show_content(work)

    def show_report(self, report: Report) -> None:
        """Show the rows of a report, those with problems first."""
        self._report = report
        problems = bool(report.problems)
        self.which.set_value("problems" if problems else "known" if report.duplicates else "first")
        self.which.show()
        self.undo.setVisible(not report.dry and report.added > 0)
        words = self._counts(report)
        self.counts.setText(words)
        self._fill()
        announce(self, words)

    def show_undone(self, undone: Undone) -> None:
        """Show what went and what stayed."""
        self._report = None
        self.which.hide()
        self.undo.hide()
        words = ngettext(
            "{count} record is taken back.", "{count} records are taken back.", undone.removed
        ).format(count=_number(undone.removed))
        self.counts.setText(words)
        if not undone.stays:
            self.show_empty(words, detail=_("Everything is as it was before."))
            return
        self._show_rows(
            tuple(
                RowTold(0, n, one.name, one.reason, "known") for n, one in enumerate(undone.stays)
            )
        )
        stayed = ngettext(
            "{count} stays, because it was used since.",
            "{count} stay, because they were used since.",
            undone.kept,
        )
        self.counts.setText(f"{words} {stayed.format(count=_number(undone.kept))}")

    def _counts(self, report: Report) -> str:
        added = (
            ngettext("{count} would be added", "{count} would be added", report.added)
            if report.dry
            else ngettext("{count} added", "{count} added", report.added)
        )
        parts = [
            ngettext("{count} record read", "{count} records read", report.records).format(
                count=_number(report.records)
            ),
            added.format(count=_number(report.added)),
            _("{count} known").format(count=_number(report.known)),
            _("{count} left out").format(count=_number(report.refused)),
        ]
        if report.doubts:
            parts.append(_("{count} to look at").format(count=_number(report.doubts)))
        if report.totals:
            words = ngettext("{count} line of totals", "{count} lines of totals", report.totals)
            parts.append(words.format(count=_number(report.totals)))
        return " · ".join(parts)

    def _fill(self) -> None:
        if self._report is None:
            return
        rows = rows_told(self._report, str(self.which.value()))
        if not rows:
            self.show_empty(
                {
                    "problems": _("No row has a problem."),
                    "known": _("Nobody in the file is known already."),
                    "first": _("No row would be taken."),
                }[str(self.which.value())]
            )
            return
        self._show_rows(rows)

    def _show_rows(self, rows: tuple[RowTold, ...]) -> None:
        if self.table is None:
            self.table = TableView(theme=self.theme, name=_("Rows of the file"))
            self.table.setModel(self.model)
        self.model.set_rows(rows)
        self.show_content(self.table)
        self.table.choose_row(0)
        QTimer.singleShot(0, self.table, self.table.fit_columns)


def _number(count: int) -> str:
    return format_number(count, language())
