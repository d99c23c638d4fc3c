"""Bringing busy times of another calendar in: whose, from which file, what it changes, do it."""

from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QWidget

from clinic_desktop.i18n import _, ngettext
from clinic_desktop.services.calendars import busy
from clinic_desktop.services.calendars.schemas import BusyPreview, BusyWanted, TakenIn
from clinic_desktop.services.clinic import service as clinic
from clinic_desktop.services.clinic.schemas import ProviderRow
from clinic_desktop.ui.calendars import told
from clinic_desktop.ui.calendars.bringing import BringingDialog
from clinic_desktop.ui.calendars.preview_panel import PreviewPanel
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.widgets.fields import Choice, Field

MONTHS: Final = (3, 6, 12)


class BusyDialog(BringingDialog):
    """Space takes the calendar's time where somebody here changed it; undo is offered after."""

    def __init__(self, desk: Desk, *, owner: QWidget, provider_id: UUID | None = None) -> None:
        theme = desk.theme
        panel = PreviewPanel(
            theme,
            name=_("What the calendar changes"),
            nothing=_("Choose whose time it is, and the file."),
        )
        super().__init__(
            desk,
            owner=owner,
            title=_("Bring in busy times"),
            sentence=_(
                "From a calendar file (.ics) of another program. A newer file of the same calendar "
                "moves what moved, and takes away what is gone there."
            ),
            panel=panel,
            width=820,
        )
        self._wanted_provider = provider_id
        self.found: BusyPreview | None = None
        self._theirs: set[str] = set()
        """Uids of those changed here of which the calendar's time is taken."""
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
        self._lay_out()
        desk.operations.query(self, clinic.providers, self._offer, key="providers")

    def _lay_out(self) -> None:
        theme = self._desk.theme
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(Field(_("Whose time"), self.provider, theme=theme), 2)
        row.addWidget(Field(_("How far ahead"), self.months, theme=theme), 1)
        self.body.addLayout(row)
        files = self.file_row()
        files.addWidget(self.titles)
        self.body.addLayout(files)
        self.lay_end(_("Block these times"), _("Block, the bookings stay"))
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
    def look(self, _value: object = None) -> None:
        """Read the file with what is chosen now; nothing is written."""
        self.forget_look()
        self.found = None
        self._theirs.clear()
        if not self._path or self.provider.value() is None:
            return
        wanted = BusyWanted(
            path=self._path,
            provider_id=self.provider.value(),
            first=self._today(),
            last=self._today() + timedelta(days=31 * self.months.value()),
            titles=self.titles.isChecked(),
        )
        self.read(lambda ctx, steps: busy.preview(ctx, wanted, steps), self._show)

    def _today(self) -> date:
        now = self._desk.operations.now()
        return now.astimezone(ZoneInfo(self._desk.who.zone)).date()

    def _show(self, found: BusyPreview) -> None:
        self.found = found
        self._fill()
        if self.go.isEnabled() or found.kept:
            # There is something to block, or to decide by a key of the list.
            self.panel.table.setFocus()

    def _fill(self) -> None:
        found = self.found
        if found is None:
            return
        locale = self._desk.who.locale
        rows = [
            *told.bookings(found.stranded, locale),
            *told.problems(found.problems, found.more_problems),
            *told.by_hand(found.kept, self._theirs, locale),
            *told.blocks("changed", found.changed, locale),
            *told.blocks("new", found.new, locale),
        ]
        words = told.summary(found, locale)
        if found.kept:
            how = _("Space takes the time of the calendar.")
            words = f"{words} {how}"
        none = (
            _("Everything stands here as it does there.") if found.same else _("Nothing is busy.")
        )
        self.panel.show_rows(rows, none)
        self.tell(words)
        self.go.setEnabled(bool(found.new or found.changed or found.gone or self._theirs))

    @Slot()
    def turn(self) -> None:
        """Take the calendar's time of the chosen row, or let the one of here stay."""
        row = self.panel.row()
        if row is not None and row.kind in ("hand", "theirs"):
            self._theirs ^= {row.key}
            self._fill()

    # -- bringing in ------------------------------------------------------------------------

    def write(self, *, keep_bookings: bool) -> None:
        """Block the times that were found."""
        if self.found is None:
            return
        plan = self.found.plan.model_copy(update={"taken": frozenset(self._theirs)})
        self.send(lambda ctx: busy.take_in(ctx, plan, keep_bookings=keep_bookings), self._taken)

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
