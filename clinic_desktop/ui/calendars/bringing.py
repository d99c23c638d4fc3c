"""What both windows that bring a calendar in share: a file, what it holds, two ways to store it."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from clinic_desktop.i18n import _
from clinic_desktop.services.context import Context
from clinic_desktop.services.progress import StoppedError
from clinic_desktop.services.working_time.schemas import BookingsAheadError
from clinic_desktop.ui.calendars.preview_panel import PreviewPanel, reading_words
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.keymap.binding import bind
from clinic_desktop.ui.widgets.announce import announce
from clinic_desktop.ui.widgets.asking_files import ask_file
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.dialog import Dialog
from clinic_desktop.ui.widgets.labels import Label

_TOLD: Final = 58
T = TypeVar("T")


class BringingDialog(Dialog):
    """Nothing is written before the last button; Space decides about the chosen row."""

    def __init__(
        self,
        desk: Desk,
        *,
        owner: QWidget,
        title: str,
        sentence: str,
        panel: PreviewPanel,
        width: int,
    ) -> None:
        super().__init__(
            title,
            theme=desk.theme,
            parent=owner,
            sentence=sentence,
            icon="calendar-off",
            width=width,
        )
        self._desk, self._owner, self.panel = desk, owner, panel
        self._path = ""
        self._looked = 0
        """How often was looked: an answer to an earlier look is void."""
        theme = desk.theme
        self.choose_button = Button(_("Choose a file…"), theme=theme, icon="folder-open")
        self.choose_button.clicked.connect(self.choose)
        self.file = Label(theme=theme, role="text_2")
        self.told = Label(theme=theme, role="text_2", wrap=True)
        # The dialog takes its size before there is anything to tell.
        self.told.setMinimumHeight(_TOLD)
        self.leaving.connect(self._stop)
        panel.table.opened.connect(lambda _index: self.turn())
        bind(panel.table, "Space", self.turn)

    def file_row(self) -> QHBoxLayout:
        """Return the button that asks for a file, and its name."""
        files = QHBoxLayout()
        files.setContentsMargins(0, 0, 0, 0)
        files.setSpacing(12)
        files.addWidget(self.choose_button)
        files.addWidget(self.file, 1)
        return files

    def lay_end(self, go: str, keep: str) -> None:
        """Put what was found below, and the ways to store it: as asked, or bookings or not."""
        self.body.addWidget(self.panel, 1)
        self.body.addWidget(self.told)
        self.keep = self.add_act(keep, lambda: self.write(keep_bookings=True))
        self.keep.hide()
        self.go = self.set_primary(go, lambda: self.write(keep_bookings=False))
        self.go.setEnabled(False)

    # -- what a window gives --------------------------------------------------------------------

    def look(self, _value: object = None) -> None:
        """Read with what is chosen now; nothing is written."""
        raise NotImplementedError

    def turn(self) -> None:
        """Decide otherwise about the chosen row."""

    def write(self, *, keep_bookings: bool) -> None:
        """Store what was found; ``keep_bookings`` lets bookings stand in closed time."""
        raise NotImplementedError

    # -- the file -------------------------------------------------------------------------------

    @Slot()
    def choose(self) -> None:
        """Ask for the file."""
        filters = [_("Calendars (*.ics *.ical *.ifb)"), _("All files (*)")]
        ask_file(self, _("Choose the calendar file"), self.take, filters=filters)

    @Slot(str)
    def take(self, path: str) -> None:
        """Look at a file."""
        self._path = path
        self.file.setText(path.replace("\\", "/").rpartition("/")[2])
        self.file.set_tip(path)
        self.look()

    # -- looking --------------------------------------------------------------------------------

    def forget_look(self) -> None:
        """Forget what was found, and whatever is still read."""
        self._stop()
        self._looked += 1
        self.tell("")
        self.go.setEnabled(False)

    def read(self, call: Callable[[Context, Any], T], show: Callable[[T], None]) -> None:
        """Read off the screen, with a bar and Stop; ``show`` is told what was found."""
        looked = self._looked

        def came(found: T) -> None:
            if looked == self._looked:  # chosen anew meanwhile
                show(found)

        steps = self._desk.operations.long(
            self,
            call,
            came,
            progress=self.panel.moved,
            failed=lambda error: self._not_read(looked, error),
            writes=False,
        )
        self.panel.show_work(reading_words(), steps)

    def _not_read(self, looked: int, error: Exception) -> None:
        if looked != self._looked:
            return
        if isinstance(error, StoppedError):
            self.panel.steps = None
            self.panel.show_empty(_("Stopped. Choose a file again."))
        else:
            self.panel.show_problem(str(error), self.look)

    @Slot()
    def _stop(self) -> None:
        if self.panel.steps is not None:
            self.panel.steps.stop()
            self.panel.steps = None

    # -- storing --------------------------------------------------------------------------------

    def send(self, call: Callable[[Context], T], done: Callable[[T], None]) -> None:
        """Store it; a refusal is said below, with the second way where bookings stand against."""
        self.tell("")
        self.set_busy(True)
        self._desk.operations.change(self, call, done, failed=self._refused)

    def _refused(self, error: Exception) -> None:
        self.set_busy(False)
        self.tell(str(error), "danger")
        may_keep = isinstance(error, BookingsAheadError) and error.may_keep
        self.keep.setVisible(may_keep)
        if may_keep:
            self.keep.setFocus()

    def tell(self, words: str, role: str = "text_2") -> None:
        """Say what was found, or what stands against storing it."""
        self.keep.hide()
        self.told.set_role(role)
        self.told.setText(words)
        if words:
            announce(self.panel, words)
