"""Bringing busy times of another calendar in: whose, from which file, what it changes, do it."""

from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QCheckBox, QFileDialog, QHBoxLayout, QWidget

from clinic_desktop.i18n import _, ngettext
from clinic_desktop.services.calendars import busy
from clinic_desktop.services.calendars.schemas import BusyPreview, BusyWanted, TakenIn
from clinic_desktop.services.clinic import service as clinic
from clinic_desktop.services.clinic.schemas import ProviderRow
from clinic_desktop.services.progress import StoppedError
from clinic_desktop.services.working_time.schemas import BookingsAheadError
from clinic_desktop.ui.calendars import told
from clinic_desktop.ui.calendars.preview_panel import PreviewPanel, reading_words
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.widgets.announce import announce
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.dialog import Dialog
from clinic_desktop.ui.widgets.fields import Choice, Field
from clinic_desktop.ui.widgets.labels import Label

_TOLD: Final = 58
MONTHS: Final = (3, 6, 12)


class BusyDialog(Dialog):
    """Nothing is written before the last button; taking it back is in the undo bar after."""

    def __init__(self, desk: Desk, *, owner: QWidget, provider_id: UUID | None = None) -> None:
        super().__init__(
            _("Bring in busy times"),
            theme=desk.theme,
            parent=owner,
            sentence=_(
                "From a calendar file (.ics) of another program. A newer file of the same calendar "
                "moves what moved, and takes away what is gone there."
            ),
            icon="calendar-off",
            width=820,
        )
        self._desk, self._owner = desk, owner
        self._path = ""
        self._wanted_provider = provider_id
        self.found: BusyPreview | None = None
        self._asked: BusyWanted | None = None
        theme = desk.theme
        self.provider = Choice(theme=theme)
        self.provider.setMinimumContentsLength(18)
        self.months = Choice(
            [(ngettext("{count} month", "{count} months", n).format(count=n), n) for n in MONTHS],
            theme=theme,
            value=6,
        )
        self.titles = QCheckBox(_("Keep the titles of the events"))
        self.titles.setToolTip(
            _("Without them the clinic sees that the time is taken, and not by what.")
        )
        self.choose_button = Button(_("Choose a file…"), theme=theme, icon="folder-open")
        self.choose_button.clicked.connect(self.choose)
        self.file = Label(theme=theme, role="text_2")
        self.panel = PreviewPanel(
            theme,
            name=_("What the calendar changes"),
            nothing=_("Choose whose time it is, and the file."),
        )
        self.told = Label(theme=theme, role="text_2", wrap=True)
        # The dialog takes its size before there is anything to tell.
        self.told.setMinimumHeight(_TOLD)
        self._lay_out()
        self.keep = self.add_act(_("Block, the bookings stay"), self._keep)
        self.keep.hide()
        self.go = self.set_primary(_("Block these times"), self._take)
        self.go.setEnabled(False)
        self.leaving.connect(self._stop)
        desk.operations.query(self, clinic.providers, self._offer, key="providers")

    def _lay_out(self) -> None:
        theme = self._desk.theme
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(Field(_("Whose time"), self.provider, theme=theme), 2)
        row.addWidget(Field(_("How far ahead"), self.months, theme=theme), 1)
        self.body.addLayout(row)
        files = QHBoxLayout()
        files.setSpacing(12)
        files.addWidget(self.choose_button)
        files.addWidget(self.file, 1)
        files.addWidget(self.titles)
        self.body.addLayout(files)
        self.body.addWidget(self.panel, 1)
        self.body.addWidget(self.told)
        self.provider.chosen.connect(self.look)
        self.months.chosen.connect(self.look)
        self.titles.clicked.connect(self.look)

    def _offer(self, rows: tuple[ProviderRow, ...]) -> None:
        self.provider.set_options([(row.name, row.id) for row in rows])
        if self._wanted_provider is not None:
            self.provider.set_value(self._wanted_provider)
        elif rows and self.provider.value() is None:
            self.provider.set_value(rows[0].id)
        if not rows:
            self.panel.show_empty(_("There is no provider yet."))

    # -- looking ----------------------------------------------------------------------------

    @Slot()
    def choose(self) -> None:
        """Ask for the file."""
        dialog = QFileDialog(self, _("Choose the calendar file"))
        dialog.setNameFilters([_("Calendars (*.ics *.ical *.ifb)"), _("All files (*)")])
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.take)
        dialog.open()

    @Slot(str)
    def take(self, path: str) -> None:
        """Look at a file."""
        self._path = path
        self.file.setText(path.replace("\\", "/").rpartition("/")[2])
        self.file.set_tip(path)
        self.look()

    @Slot()
    def look(self, _value: object = None) -> None:
        """Read the file with what is chosen now; nothing is written."""
        self._stop()
        self.found = None
        self._tell("")
        self.go.setEnabled(False)
        if not self._path or self.provider.value() is None:
            return
        wanted = BusyWanted(
            path=self._path,
            provider_id=self.provider.value(),
            first=self._today(),
            last=self._today() + timedelta(days=31 * self.months.value()),
            titles=self.titles.isChecked(),
        )
        steps = self._desk.operations.long(
            self,
            lambda ctx, steps: busy.preview(ctx, wanted, steps),
            lambda found: self._show(wanted, found),
            progress=self.panel.moved,
            failed=lambda error: self._not_read(wanted, error),
            writes=False,
        )
        self._asked = wanted
        self.panel.show_work(reading_words(), steps)

    def _today(self) -> date:
        now = self._desk.operations.now()
        return now.astimezone(ZoneInfo(self._desk.who.zone)).date()

    def _show(self, wanted: BusyWanted, found: BusyPreview) -> None:
        if wanted is not self._asked:
            return  # chosen anew meanwhile
        self.found = found
        locale = self._desk.who.locale
        rows = [
            *told.bookings(found.stranded, locale),
            *told.problems(found.problems, found.more_problems),
            *told.blocks("changed", found.changed, locale),
            *told.blocks("new", found.new, locale),
        ]
        words = told.summary(found, locale)
        none = (
            _("Everything stands here as it does there.") if found.same else _("Nothing is busy.")
        )
        self.panel.show_rows(rows, none)
        self._tell(words)
        self.go.setEnabled(bool(found.new or found.changed or found.gone))
        if self.go.isEnabled():
            self.panel.table.setFocus()

    def _not_read(self, wanted: BusyWanted, error: Exception) -> None:
        if wanted is not self._asked:
            return
        if isinstance(error, StoppedError):
            self.panel.steps = None
            self.panel.show_empty(_("Stopped. Choose a file again."))
            return
        self.panel.show_problem(str(error), self.look)

    @Slot()
    def _stop(self) -> None:
        if self.panel.steps is not None:
            self.panel.steps.stop()
            self.panel.steps = None

    # -- bringing in ------------------------------------------------------------------------

    def _take(self) -> None:
        self._write(keep_bookings=False)

    def _keep(self) -> None:
        self._write(keep_bookings=True)

    def _write(self, *, keep_bookings: bool) -> None:
        if self.found is None:
            return
        plan = self.found.plan
        self._tell("")
        self.set_busy(True)
        self._desk.operations.change(
            self,
            lambda ctx: busy.take_in(ctx, plan, keep_bookings=keep_bookings),
            self._taken,
            failed=self._refused,
        )

    def _refused(self, error: Exception) -> None:
        self.set_busy(False)
        self._tell(str(error), "danger")
        may_keep = isinstance(error, BookingsAheadError) and error.may_keep
        self.keep.setVisible(may_keep)
        if may_keep:
            self.keep.setFocus()

    def _tell(self, words: str, role: str = "text_2") -> None:
        self.keep.hide()
        self.told.set_role(role)
        self.told.setText(words)
        if words:
            announce(self.panel, words)

    def _taken(self, taken: TakenIn) -> None:
        offer_undo(self._desk, self._owner, taken, _taken_words(taken))
        self.accept()


def _taken_words(taken: TakenIn) -> str:
    count = len(taken.added) + len(taken.changed)
    words = ngettext(
        "“{name}”: {count} time blocked.", "“{name}”: {count} times blocked.", count
    ).format(name=taken.source, count=count)
    if taken.removed:
        gone = ngettext("{count} taken away.", "{count} taken away.", len(taken.removed))
        words = f"{words} {gone.format(count=len(taken.removed))}"
    return words


def offer_undo(desk: Desk, owner: QWidget, taken: TakenIn, words: str) -> None:
    """Say what was done with a calendar, and take it back when somebody asks for it."""

    def undone(left: Any) -> None:
        if left:
            desk.messages.warn(
                ngettext(
                    "{count} stays: it was changed since.",
                    "{count} stay: they were changed since.",
                    left,
                ).format(count=left)
            )

    def undo() -> None:
        desk.operations.change(owner, lambda ctx: busy.undo(ctx, taken), undone)

    desk.messages.undoable(words, undo)
