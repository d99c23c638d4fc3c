"""What leaves the clinic as calendar feeds: what they tell, one file, or a folder kept fresh."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout

from clinic_desktop.errors import ClinicError, StaleError
from clinic_desktop.i18n import N_, _, ngettext
from clinic_desktop.services.calendars import feeds
from clinic_desktop.services.calendars.folder import FeedFolder
from clinic_desktop.services.calendars.schemas import (
    SHOWN_WORDS,
    FeedRules,
    FeedRuleValues,
    Shown,
)
from clinic_desktop.services.clinic.schemas import ProviderRow
from clinic_desktop.services.context import Context
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.widgets.asking_files import ask_folder, ask_where
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.fields import Choice, Field
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.panel import Panel
from clinic_desktop.ui.written import Written

_HINTS: Final = {
    Shown.BUSY: N_("Whoever reads the feed sees when a provider is taken, and nothing else."),
    Shown.TREATMENT: N_("Treatments leave the clinic. Nobody is named, but few may be meant."),
    Shown.NAMES: N_(
        "Names of patients leave the clinic, and with them that they are treated. Whoever writes "
        "such a feed needs the right to export patients."
    ),
}


class FeedsPanel(Panel):
    """``root`` is where this computer keeps the data; elsewhere no folder can be kept."""

    changed = Signal()
    """What feeds tell was saved, or is another by now."""

    def __init__(self, desk: Desk, root: Path | None) -> None:
        theme = desk.theme
        super().__init__(_("Feeds of appointments"), theme=theme, padded=True)
        self.desk = desk
        self._folder = FeedFolder(root) if root is not None else None
        self._rules = FeedRules()
        self._typed = False
        self._written = Written(desk.who.locale, desk.who.currency, desk.who.zone)
        self.shown = Choice([(_(words), one) for one, words in SHOWN_WORDS.items()], theme=theme)
        self.meaning = Label(theme=theme, size="small", role="text_2", wrap=True)
        self.refusal = Label(theme=theme, role="danger", wrap=True)
        self.save_button = Button(_("Save"), theme=theme, kind="primary", key="Ctrl+S")
        self.provider = Choice(theme=theme)
        self.provider.setMinimumContentsLength(20)
        self.write_button = Button(
            _("Write a file…"), theme=theme, icon="download", key="W", small=True
        )
        self.folder_button = Button(_("Keep in a folder…"), theme=theme, icon="folder", small=True)
        self.no_folder = Button(_("Keep none"), theme=theme, kind="plain", small=True)
        self.kept = Label(theme=theme, role="text_2", wrap=True)
        # What a role cannot do is seen and says why it is off.
        self.may_decide = desk.who.may("settings.write")
        self._lay_out()
        self.shown.chosen.connect(self._touched)
        self.save_button.clicked.connect(self.save_now)
        self.write_button.clicked.connect(self.write)
        self.folder_button.clicked.connect(self.ask_folder)
        self.no_folder.clicked.connect(lambda: self.keep_in(None))

    def _lay_out(self) -> None:
        theme = self.desk.theme
        self.body.setSpacing(10)
        first = QHBoxLayout()
        first.setSpacing(12)
        field = Field(_("What a feed tells"), self.shown, theme=theme)
        first.addWidget(field, 1)
        first.addWidget(self.save_button, 0, Qt.AlignmentFlag.AlignBottom)
        self.body.addLayout(first)
        self.body.addWidget(self.meaning)
        self.body.addWidget(Field(_("Whose appointments"), self.provider, theme=theme))
        # Below the field, not beside it: at twice the size there is no room for both.
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.write_button, self.folder_button, self.no_folder):
            buttons.addWidget(button)
        buttons.addStretch(1)
        self.body.addLayout(buttons)
        self.body.addWidget(self.kept)
        self.body.addWidget(self.refusal)
        self.refusal.hide()
        for widget in (self.shown, self.save_button):
            widget.setEnabled(self.may_decide)
        self.folder_button.setVisible(self._folder is not None and self.may_decide)
        self.save_button.hide()

    # -- what is shown ----------------------------------------------------------------------

    def show_rules(self, rules: FeedRules, providers: tuple[ProviderRow, ...]) -> None:
        """Show what feeds tell and whose there are; what is being chosen stays."""
        if not self._typed:
            self._rules = rules
            self.shown.set_value(rules.shown)
        self._show_hint()
        self.provider.set_options([(row.name, row.id) for row in providers])
        if self.provider.value() is None and providers:
            mine = self.desk.who.provider_id
            self.provider.set_value(mine or providers[0].id)
        self.write_button.setEnabled(bool(providers))
        self._show_folder()

    def _show_hint(self) -> None:
        shown = self.shown.value() or Shown.BUSY
        self.meaning.setText(_(_HINTS[shown]))
        self.meaning.set_role("warning" if shown == Shown.NAMES else "text_2")
        self.save_button.setVisible(self._typed)

    def _show_folder(self) -> None:
        """Say where feeds are kept, since when, and what went wrong."""
        self.no_folder.hide()
        if self._folder is None:
            self.kept.setText(_("Feeds are kept in a folder by the computer that has the data."))
            return
        try:
            where = self._folder.read().folders.get(self.desk.who.clinic_id)
        except ClinicError as error:
            self.refuse(str(error))
            return
        if where is None:
            self.kept.setText(_("No folder is kept up to date. A file can be written at any time."))
            return
        self.no_folder.setVisible(self.may_decide)
        last = self._folder.written()
        self.kept.set_role("danger" if last.error else "text_2")
        if last.error:
            self.kept.setText(last.error)
            return
        when = self._written.moment(last.at) if last.at is not None else _("not yet")
        self.kept.setText(
            _("Every 15 minutes into {folder}. Last: {when}.").format(folder=where, when=when)
        )

    def refuse(self, sentence: str) -> None:
        """Say what stands against what was asked."""
        self.refusal.setText(sentence)
        self.refusal.setVisible(bool(sentence))

    # -- what feeds tell --------------------------------------------------------------------

    @Slot()
    def _touched(self, _value: object = None) -> None:
        self._typed = self.shown.value() != self._rules.shown
        self.refuse("")
        self._show_hint()

    def save_now(self) -> None:
        """Let feeds tell what is chosen, from the next time they are written."""
        if not self._typed:
            return
        version, values = self._rules.version, FeedRuleValues(shown=self.shown.value())
        self.save_button.setEnabled(False)
        self.desk.operations.change(
            self, lambda ctx: feeds.change_rules(ctx, version, values), self._saved,
            failed=self._not_saved,
        )  # fmt: skip

    def _saved(self, _none: None) -> None:
        self._typed = False
        self.save_button.setEnabled(True)
        self.desk.messages.say(_("Saved."), "check")
        self.changed.emit()

    def _not_saved(self, error: Exception) -> None:
        self.save_button.setEnabled(True)
        self.refuse(str(error))
        if isinstance(error, StaleError):
            self._typed = False
            self.changed.emit()

    # -- writing them -----------------------------------------------------------------------

    @Slot()
    def write(self) -> None:
        """Ask where the feed of the chosen provider is to stand."""
        provider = self.provider.value()
        if provider is None:
            return
        name = feeds.file_name(self.provider.currentText(), provider)
        ask_where(
            self,
            _("Where the feed is to stand"),
            self.write_to,
            name=name,
            filters=[_("Calendar (*.ics)")],
        )

    @Slot(str)
    def write_to(self, path: str) -> None:
        """Write the feed of the chosen provider to a file."""
        provider, whose = self.provider.value(), self.provider.currentText()
        self.refuse("")

        def call(ctx: Context) -> int:
            made = feeds.feed(ctx, provider, before=Path(path))
            feeds.put(made, Path(path))
            return made.events

        def done(count: int) -> None:
            words = ngettext(
                "{count} appointment of {name} written to {file}.",
                "{count} appointments of {name} written to {file}.",
                count,
            )
            self.desk.messages.say(
                words.format(count=count, name=whose, file=Path(path).name), "check"
            )

        self.desk.operations.query(self, call, done, failed=lambda e: self.refuse(str(e)))

    @Slot()
    def ask_folder(self) -> None:
        """Ask for the folder in which feeds are kept."""
        ask_folder(self, _("The folder for the feeds"), self.keep_in)

    def keep_in(self, path: str | None) -> None:
        """Keep every provider's feed in a folder from now on, written at once; or in none."""
        folder = self._folder
        if folder is None:
            return
        self.refuse("")
        clinic_id = self.desk.who.clinic_id

        def call(ctx: Context) -> int:
            ctx.need("settings.write")
            folder.choose(clinic_id, Path(path) if path else None)
            if path is None:
                return 0
            count = feeds.write_all(ctx, Path(path))
            folder.note(ctx.now)
            return count

        def done(count: int) -> None:
            if path is not None:
                words = ngettext("{count} feed written.", "{count} feeds written.", count)
                self.desk.messages.say(words.format(count=count), "check")
            self._show_folder()

        self.desk.operations.query(self, call, done, failed=self._not_kept, key="folder")

    def _not_kept(self, error: Exception) -> None:
        self.refuse(str(error))
        self._show_folder()
