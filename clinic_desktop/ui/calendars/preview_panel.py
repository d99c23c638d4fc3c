"""The panel of both dialogs: nothing yet, reading with a bar and Stop, or what was found."""

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtWidgets import QStackedWidget

from clinic_desktop.i18n import _
from clinic_desktop.ui.calendars.told import TITLES, Column, Told, cell_of
from clinic_desktop.ui.operation import Progress
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.announce import announce
from clinic_desktop.ui.widgets.long_work import LongWork
from clinic_desktop.ui.widgets.panel import StatePanel
from clinic_desktop.ui.widgets.rows_model import RowsModel, keep_place
from clinic_desktop.ui.widgets.table import TableView

_HEIGHT: Final = 270


class PreviewPanel(StatePanel):
    """Shows rows; it keeps its height, so that the dialog does not jump."""

    def __init__(self, theme: Theme, *, name: str, nothing: str) -> None:
        super().__init__(theme=theme)
        self._nothing = nothing
        self.steps: Progress | None = None
        self._work: LongWork | None = None
        self.model: RowsModel[Told] = RowsModel(TITLES, cell_of, key=lambda row: row.key)
        self.table = TableView(theme=theme, name=name)
        self.table.setModel(self.model)
        # What the panel no longer shows is gone: table and bar stand in pages of one content.
        self._pages = QStackedWidget()
        self._pages.addWidget(self.table)
        self.show_content(self._pages)
        self.setMinimumHeight(_HEIGHT)
        self.forget()

    def forget(self) -> None:
        """Show that nothing was looked at yet."""
        self.model.set_rows(())
        self.show_empty(self._nothing)

    def show_work(self, title: str, steps: Progress) -> None:
        """Show how far reading is, with a button that stops it."""
        self.steps = steps
        self._end_work()
        self._work = LongWork(title, theme=self.theme)
        self._work.stopped.connect(steps.stop)
        self._pages.addWidget(self._work)
        self._pages.setCurrentWidget(self._work)
        self.show_content(self._pages)

    def _end_work(self) -> None:
        if self._work is not None:
            self._pages.removeWidget(self._work)
            self._work.deleteLater()
            self._work = None

    def moved(self, done: int, total: int) -> None:
        """Show how much of the file was read."""
        if self._work is not None:
            self._work.show_progress(done, total)

    def show_rows(self, rows: Sequence[Told], none: str) -> None:
        """Show what was found, or the sentence that there is none."""
        self.steps = None
        self._end_work()
        if not rows:
            self.model.set_rows(())
            self.show_empty(none)
            return
        keep_place(self.table, self.model, rows)
        self._pages.setCurrentWidget(self.table)
        self.show_content(self._pages)
        if not self.table.current_row().isValid():
            self.table.choose_row(0)
        self.table.fit_columns(stretch=Column.WORDS)

    def show_problem(self, sentence: str, again: Callable[[], None]) -> None:
        """Show why there is nothing to show."""
        self.steps = None
        self._end_work()
        self.show_failed(sentence, again)
        announce(self, sentence)

    def row(self) -> Told | None:
        """Return the chosen row."""
        return self.model.row(self.table.current_row().row())


def reading_words() -> str:
    """Return what stands above the bar."""
    return _("Reading the calendar…")
