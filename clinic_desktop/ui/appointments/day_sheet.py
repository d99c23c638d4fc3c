"""The day on paper: shown before it is printed, from Today and from the calendar."""

from datetime import date
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinic_desktop.documents.of_day import day_sheet_paper
from clinic_desktop.domain.dates import format_long_date
from clinic_desktop.i18n import N_, _
from clinic_desktop.services.context import Context
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.documents.paper_page import PaperPage
from clinic_desktop.ui.screen import KeyHelp, Screen
from clinic_desktop.ui.widgets.panel import StatePanel


class DaySheetScreen(Screen):
    """One paper; ``open_at`` takes a day, and the screen that Esc goes back to."""

    title = N_("Day sheet")

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._day: date | None = None
        self._from = "calendar"
        self._state = StatePanel("", theme=desk.theme, framed=False)
        self.paper = PaperPage(desk.theme)
        self.paper.left.connect(self._go_back)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.addWidget(self._state)

    def open_at(self, **where: Any) -> None:
        """Draw the sheet of ``date`` (without one, of today) for the screen ``back``."""
        self._day = where.get("date")
        self._from = str(where.get("back") or self._from)
        self.refresh()

    def reload(self) -> None:
        """Draw the day as it stands now."""
        wanted = self._day
        self._state.show_loading(_("Drawing the day sheet…"))

        def draw(ctx: Context) -> tuple[date, bytes]:
            day = wanted or ctx.now.astimezone(ctx.zone).date()
            return day, day_sheet_paper(ctx, day)

        self.desk.operations.query(self, draw, self._show, failed=self._failed, key="sheet")

    def _show(self, drawn: tuple[date, bytes]) -> None:
        day, data = drawn
        self.paper.show_paper(data, self._name(day), to_print=False)
        self._state.show_content(self.paper)
        if self.isVisible():
            self.start_focus()

    def _name(self, day: date) -> str:
        return _("Day sheet, {date}").format(date=format_long_date(day, self.desk.who.locale))

    def _failed(self, error: Exception) -> None:
        self._state.show_failed(str(error), self.refresh)

    def _go_back(self) -> None:
        self.desk.navigator.open_screen(self._from)

    def start_focus(self) -> None:
        """Begin in the pages."""
        self.paper.preview.setFocus()

    def panes(self) -> list[QWidget]:
        """Return the paper."""
        return [self.paper.preview]

    def keys(self) -> list[KeyHelp]:
        """Return the keys of a paper."""
        return [
            KeyHelp("Ctrl+P", _("print")),
            KeyHelp("Ctrl+S", _("save as PDF")),
            KeyHelp("Esc", _("back")),
        ]

    def print_current(self) -> None:
        """Print the sheet."""
        self.paper.preview.print_paper()

    def save_now(self) -> None:
        """Keep the sheet as a file."""
        self.paper.preview.save_paper()
