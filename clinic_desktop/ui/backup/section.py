"""Settings: where backups go, the recovery key, what became of the last ones, and making one."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Slot
from PySide6.QtGui import QTextDocument
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout

from clinic_desktop.errors import ClinicError
from clinic_desktop.i18n import N_, _
from clinic_desktop.services.backup import service as backups
from clinic_desktop.services.backup.downtime import set_passphrase
from clinic_desktop.services.backup.keys import make_key
from clinic_desktop.services.backup.local import drill, site_of
from clinic_desktop.services.backup.run import Site, back_up
from clinic_desktop.services.backup.schemas import Outcome, RunRow, Status
from clinic_desktop.services.backup.settings import BackupSettings, FolderPlace, S3Place
from clinic_desktop.services.backup.taking import change_passphrase, set_key
from clinic_desktop.services.context import Context
from clinic_desktop.services.installation.local import LocalInstallation
from clinic_desktop.ui.backup.dialogs import PassphraseDialog, PlaceDialog, RecoverySheet
from clinic_desktop.ui.backup.lists import MEGABYTE, PlaceActs, place_list, run_list
from clinic_desktop.ui.backup.retention import RetentionDialog
from clinic_desktop.ui.backup.words import item_of, moment
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.entry.tasks import Task, Tasks, Tell
from clinic_desktop.ui.settings.section import Section
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.hiding import hide_unless
from clinic_desktop.ui.widgets.labels import Label, Tag
from clinic_desktop.ui.widgets.long_work import LongWork
from clinic_desktop.ui.widgets.panel import Panel, StatePanel

if TYPE_CHECKING:
    from clinic_desktop.services.installation.place import Installation

Found = tuple[Status, tuple[RunRow, ...]]


class BackupSection(Section):
    """Places and key are those of this computer; what became of backups is the clinic's."""

    title = N_("Backup")
    topics = frozenset({"backup_run"})
    sentence = N_("Every night a whole backup, every 15 minutes what changed; each is tried.")

    def __init__(self, desk: Desk, place: "Installation") -> None:
        super().__init__(desk)
        self._place = place if isinstance(place, LocalInstallation) else None
        self._tasks = Tasks(self)
        self._tasks.bug.connect(desk.operations.bug)
        self._task: Task | None = None
        self._results: dict[str, tuple[bool, str]] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        self.state = self._state_card(column)
        self.key = self._key_card(column)
        self.places = self._places_card(column)
        self.runs = StatePanel(_("What was done"), theme=desk.theme)
        column.addWidget(self.runs)
        column.addStretch(1)

    # -- cards ------------------------------------------------------------------------------

    def _button(self, words: str, act: Callable[[], None], icon: str | None = None) -> Button:
        button = Button(words, theme=self.desk.theme, icon=icon, small=True)
        button.clicked.connect(lambda _checked=False: act())
        return button

    def _state_card(self, column: QVBoxLayout) -> Panel:
        theme = self.desk.theme
        card = Panel(_("The newest backup"), theme=theme, padded=True)
        self.fact = Tag("plain", None, _("Not known"), theme=theme)
        card.body.addWidget(self.fact)
        self.detail = Label(theme=theme, role="text_2", wrap=True)
        card.body.addWidget(self.detail)
        self.now = Button(_("Back up now"), theme=theme, icon="save", kind="primary")
        self.now.clicked.connect(self.back_up_now)
        self.test = Button(_("Test now"), theme=theme, icon="shield-check")
        self.test.clicked.connect(self.test_now)
        row = QHBoxLayout()
        for button in (self.now, self.test):
            row.addWidget(button)
        row.addStretch(1)
        card.body.addLayout(row)
        self.work: LongWork | None = None
        column.addWidget(card)
        return card

    def _key_card(self, column: QVBoxLayout) -> Panel:
        theme = self.desk.theme
        card = Panel(_("Recovery key"), theme=theme, padded=True)
        self.key_words = Label(theme=theme, role="text_2", wrap=True)
        card.body.addWidget(self.key_words)
        self.make = self._button(_("Make a key…"), self.ask_key, "key-round")
        self.change = self._button(_("Change the passphrase…"), self.ask_passphrase)
        self.pack = self._button(_("Pack for tomorrow…"), self.ask_pack, "archive")
        row = QHBoxLayout()
        for button in (self.make, self.change, self.pack):
            row.addWidget(button)
        row.addStretch(1)
        card.body.addLayout(row)
        hide_unless(card, self._place is not None)
        column.addWidget(card)
        return card

    def _places_card(self, column: QVBoxLayout) -> StatePanel:
        card = StatePanel(_("Places"), theme=self.desk.theme)
        self.add = self._button(_("Add a place…"), self.ask_place, "plus")
        card.add_head(self.add)
        hide_unless(card, self._place is not None)
        column.addWidget(card)
        return card

    # -- what is shown ----------------------------------------------------------------------

    def reload(self) -> None:
        """Read settings of this computer and results of the clinic."""
        self.runs.show_loading()
        self.desk.operations.query(
            self,
            lambda ctx: (backups.status(ctx), backups.runs(ctx, most=12)),
            self._show_found,
            failed=self._not_found,
            key="runs",
        )
        if self._place is None:
            self.test.hide()
            return
        try:
            self._show_settings(self._place_settings())
        except ClinicError as error:
            self.places.show_failed(str(error), self.reload)

    def _site(self) -> Site:
        if self._place is None:
            raise RuntimeError("the data are on a server")
        return site_of(self._place)

    def _place_settings(self) -> BackupSettings:
        return self._site().kept.read()

    def _not_found(self, error: Exception) -> None:
        self.fact.set_tag("plain", "circle-help", _("Not known"))
        self.runs.show_failed(str(error), self.reload)

    def _show_found(self, found: Found) -> None:
        status, rows = found
        who = self.desk.who
        item = item_of(status, who.zone, who.locale)
        self.fact.set_tag("success" if item.state == "ok" else "warning", item.icon, item.text)
        full = status.full
        self._results = {one.place: (one.good, one.sentence) for one in full.places} if full else {}
        self.detail.setText(self._detail(status))
        if not rows:
            self.runs.show_empty(_("Nothing was backed up yet."))
        else:
            self.runs.show_content(run_list(rows, status.now, who, self.desk.theme))
        if self._place is not None:
            self._show_settings(self._place_settings())

    def _detail(self, status: Status) -> str:
        if self._place is None:
            return _("The clinic's server makes its backups; here is what became of them.")
        kept = [one for one in (status.tail, status.good_full) if one is not None and one.good]
        newest = max(kept, key=lambda one: one.ended_at, default=None)
        if newest is None:
            return _("Nothing protects the clinic's data against a broken disk yet.")
        when = moment(newest.ended_at, status.now, self.desk.who.zone, self.desk.who.locale)
        return _("Everything is kept up to {time}.").format(time=when)

    def _show_settings(self, settings: BackupSettings) -> None:
        if settings.recipient:
            self.key_words.setText(
                _("Key …{end}. Backups are sealed for it; this computer cannot open them.").format(
                    end=settings.recipient[-8:]
                )
            )
        else:
            self.key_words.setText(_("Without a key no backup is made. It takes a minute."))
        self.make.setText(_("Make another key…") if settings.recipient else _("Make a key…"))
        self.change.setEnabled(bool(settings.sealed))
        free = self._task is None
        self.now.setEnabled(settings.ready and free)
        self.test.setEnabled(bool(self._results) and free)
        if not settings.places:
            self.places.show_empty(_("Choose at least one place: a USB disk, a share, a storage."))
            return
        self.places.show_content(
            place_list(
                settings,
                self._results,
                PlaceActs(self.forget, self.ask_rules),
                self.desk.theme,
            )
        )

    @property
    def rules(self) -> Button:
        """The button that changes how long backups are kept, as it is shown now."""
        return self.places.findChildren(Button, "backup.rules")[-1]

    # -- acts -------------------------------------------------------------------------------

    def ask_key(self) -> None:
        """Ask for the passphrase of a new key, then show the key to print."""
        PassphraseDialog(
            _("Make a recovery key"),
            _("The passphrase opens the key that lies beside every backup."),
            self._make_key,
            theme=self.desk.theme,
            parent=self,
        ).open()

    def _make_key(self, _old: str, passphrase: str) -> None:
        key = make_key(passphrase)
        set_key(self._site().kept, key, again=True)
        self.reload()
        RecoverySheet(key, self._print_key, theme=self.desk.theme, parent=self).open()

    def _print_key(self, secret: str) -> None:
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        if QPrintDialog(printer, self).exec() != QDialog.DialogCode.Accepted:
            return
        paper = QTextDocument()
        paper.setPlainText("\n\n".join((self.desk.who.clinic_name, _("Your recovery key"), secret)))
        paper.print_(printer)

    def ask_passphrase(self) -> None:
        """Ask for the old and the new passphrase."""
        PassphraseDialog(
            _("Change the passphrase"),
            _("Keys beside older backups still open with the old one."),
            lambda old, new: change_passphrase(self._site().kept, old=old, new=new),
            theme=self.desk.theme,
            parent=self,
            old=True,
        ).open()

    def ask_pack(self) -> None:
        """Ask for the passphrase of tomorrow's pack."""
        PassphraseDialog(
            _("Pack for tomorrow"),
            _("Each night tomorrow's visits on paper, sealed, beside the backups."),
            lambda _old, new: set_passphrase(self._site().kept, new),
            theme=self.desk.theme,
            parent=self,
        ).open()

    def ask_place(self) -> None:
        """Ask for a place, try it and keep it."""
        dialog = PlaceDialog(self._try_place, theme=self.desk.theme, parent=self)
        self._dialog = dialog
        dialog.open()

    def _try_place(self, place: FolderPlace | S3Place, secret: str) -> None:
        dialog, site = self._dialog, self._site()

        def taken(_none: None) -> None:
            dialog.accept()
            self.reload()

        self._tasks.run(
            dialog,
            lambda _tell: site.kept.add_place(place, secret=secret),
            taken,
            dialog.refuse,
        )

    def ask_rules(self, place: str | None = None) -> None:
        """Ask how long backups are kept, in all places or in one."""
        try:
            dialog = RetentionDialog(
                self.desk, self._site().kept, self._tasks, self.reload, parent=self, place=place
            )
        except ClinicError as error:
            self.desk.messages.warn(str(error))
            return
        dialog.open()

    def forget(self, name: str) -> None:
        """Take a place off the list; what lies there stays, and it can be added again."""
        self._site().kept.remove_place(name)
        self.desk.messages.say(_("{name} is forgotten; its backups stay there.").format(name=name))
        self.reload()

    @Slot()
    def back_up_now(self) -> None:
        """Make a whole backup, here or by asking the server's worker."""
        if self._place is None:
            self.desk.operations.change(
                self,
                _ask_full,
                lambda _none: self.desk.messages.say(_("Asked for. The server's worker does it.")),
            )
            return
        site = self._site()

        def work(tell: Tell) -> Outcome | None:
            return back_up(site, tell=_seldom(tell))

        self._start(_("Backing up"), work, self._backed_up)

    @Slot()
    def test_now(self) -> None:
        """Restore the newest backup on a scratch server and compare."""
        site = self._site()
        self._start(
            _("Testing the newest backup"),
            lambda tell: drill(site, tell=tell),
            lambda _back: self.desk.messages.say(_("The newest backup restores whole.")),
        )

    def _start(self, title: str, work: Callable[[Tell], Any], done: Callable[[Any], None]) -> None:
        self.work = LongWork(title, theme=self.desk.theme)
        self.state.body.addWidget(self.work)

        def ended(result: Any) -> None:
            self._end()
            done(result)

        def failed(error: ClinicError) -> None:
            self._end()
            self.desk.messages.warn(str(error))

        self._task = self._tasks.run(self, work, ended, failed, self.work.show_note)
        self.work.stopped.connect(self._stop)
        self.now.setEnabled(False)
        self.test.setEnabled(False)

    def _stop(self) -> None:
        if self._task is not None:
            self._task.stop()
        self._end()
        self.desk.messages.say(_("Stopped. What was stored before stays."))

    def _end(self) -> None:
        self._task = None
        if self.work is not None:
            self.work.hide()
            self.work.deleteLater()
            self.work = None
        self.reload()

    def _backed_up(self, outcome: Outcome | None) -> None:
        wrong = [one for one in outcome.places if not one.good] if outcome else []
        if wrong:
            self.desk.messages.warn(f"{wrong[0].place}: {wrong[0].sentence}")
        else:
            self.desk.messages.say(_("Backed up to every place."))

    def start_focus(self) -> None:
        """Begin on what is to be done next."""
        (self.now if self.now.isEnabled() else self.make).setFocus()

    def do_primary(self) -> None:
        """Back up now."""
        if self.now.isEnabled():
            self.back_up_now()


def _ask_full(ctx: Context) -> None:
    backups.ask(ctx, "backup.full")


def _seldom(tell: Tell) -> Callable[[str, int], None]:
    """Return what tells the megabytes so far, a few times a second."""
    last = 0.0

    def told(sentence: str, done: int) -> None:
        nonlocal last
        if done == 0 or time.monotonic() - last > 0.2:
            last = time.monotonic()
            size = _("{size} MB").format(size=done // MEGABYTE)
            tell(f"{sentence} {size}" if done else sentence)

    return told
