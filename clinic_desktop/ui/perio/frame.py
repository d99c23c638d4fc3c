"""The parts of the perio tab and where they stand; what they do is said elsewhere."""

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout

from clinic_desktop.i18n import _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.documents.paper_page import PaperPage
from clinic_desktop.ui.perio.at_site import SiteBubble
from clinic_desktop.ui.perio.compare import ComparePage
from clinic_desktop.ui.perio.grid import PerioGrid
from clinic_desktop.ui.perio.side import PerioSide
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.announce import announce
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.side import SideSplit
from clinic_desktop.ui.written import Written

if TYPE_CHECKING:  # the window is painted before the services are loaded
    from clinic_desktop.services.perio.schemas import Clash, ExamData

_SIDE: Final = 324
_LEAST_WORK: Final = 840


class PerioFrame(QStackedWidget):
    """The grid with its side panel, or in its place a paper or the comparison."""

    def __init__(self, desk: Desk, written: Written) -> None:
        super().__init__()
        theme, notation = desk.theme, desk.who.notation
        self.grid = PerioGrid(theme, notation)
        self.side = PerioSide(theme, written, notation)
        self.notice = Notice(theme)
        self.paper = PaperPage(theme)
        self.comparison = ComparePage(theme, written, notation)
        work = QFrame()
        work.setProperty("kind", "surface")
        column = QVBoxLayout(work)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.notice)
        column.addWidget(self.grid, 1)
        self.split = SideSplit(
            work, self.side, theme=theme, width=_SIDE, least=_LEAST_WORK, gutter=0
        )
        for page in (self.split, self.paper, self.comparison):
            self.addWidget(page)
        self.bubble = SiteBubble(theme, self.grid)
        self._refused = ""
        self.grid.refused.connect(self._refuse)
        self.grid.moved.connect(self._say_at_the_site)
        self.split.drawer_changed.connect(self._say_at_the_site)

    @property
    def at_grid(self) -> bool:
        """Whether the grid is in sight."""
        return self.currentWidget() is self.split

    def show_comparison(self, exams: "list[ExamData]") -> None:
        """Show exams side by side in place of the grid."""
        self.comparison.show_exams(exams)
        self.setCurrentWidget(self.comparison)
        self.comparison.back.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_paper(self, data: bytes, name: str) -> None:
        """Show a paper in place of the grid."""
        self.paper.show_paper(data, name, to_print=False)
        self.setCurrentWidget(self.paper)
        self.paper.preview.setFocus(Qt.FocusReason.OtherFocusReason)

    def _refuse(self, sentence: str) -> None:
        self._refused = sentence
        announce(self.grid, sentence)

    def _say_at_the_site(self) -> None:
        """Say beside the site what the panel says where it is in sight."""
        grid, cell = self.grid, self.grid.wrong
        if self.split.is_shown():
            self.bubble.say("", None)
        elif cell is not None:
            self.bubble.say(self._refused, cell)
        else:
            self.bubble.say(grid.doubt, grid.cursor_cell, "warning")


class Notice(QFrame):
    """Says that somebody else filled the same cells, with both values and both ways on."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("kind", "panel")
        self.setProperty("tone", "warning")
        self.clashes: tuple[Clash, ...] = ()
        self.words = Label(theme=theme, wrap=True)
        self.mine = Button(_("Write mine"), theme=theme, small=True)
        self.theirs = Button(_("Keep theirs"), theme=theme, small=True)
        self.theirs.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(8)
        row.addWidget(self.words, 1)
        row.addWidget(self.theirs)
        row.addWidget(self.mine)
        self.hide()

    def tell(self, sentence: str, clashes: "tuple[Clash, ...]") -> None:
        """Show the sentence until one of both was chosen."""
        self.clashes = clashes
        self.words.setText(sentence)
        self.setAccessibleName(sentence)
        self.show()
