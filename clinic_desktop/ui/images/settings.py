"""Images and X-ray on this computer: the scan folder and the programs that take pictures."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinic_desktop.config import Settings, XrayProgram
from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import N_, _
from clinic_desktop.integrations import xray
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.settings.kept_here import KeptHere
from clinic_desktop.ui.widgets.asking_files import ask_folder
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.fields import Field, LineEdit
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.panel import Panel

if TYPE_CHECKING:
    from clinic_desktop.services.context import Context

KEPT: Final = frozenset({"scan_folder", "xray_programs"})
_MOST: Final = 10
_EXAMPLE: Final = 'C:\\Xray\\xray.exe -id {number} -name "{family}^{given}" -born {born:%d.%m.%Y}'


class ProgramCard(Panel):
    """One program: its name, its command line, Test, and the way to take it off the list."""

    def __init__(self, desk: Desk, program: XrayProgram | None) -> None:
        super().__init__(_("X-ray program"), theme=desk.theme, padded=True)
        self._desk = desk
        theme = desk.theme
        self.name = LineEdit(program.name if program else "", theme=theme, longest=60)
        self.command = LineEdit(program.command if program else "", theme=theme, longest=2000)
        self.command.setPlaceholderText(_EXAMPLE)
        self.fields = {
            "name": Field(_("Name on the button"), self.name, theme=theme, required=True),
            "command": Field(
                _("Command line"),
                self.command,
                theme=theme,
                required=True,
                hint=_(
                    "Known: {number} {family} {given} {born:%d.%m.%Y} {sex}. No shell reads it."
                ),
                check=self._problem,
            ),
        }
        self.test = Button(_("Test"), theme=theme, icon="external-link", small=True)
        self.remove = Button(_("Take off"), theme=theme, icon="trash-2", kind="quiet", small=True)
        self.said = Label(theme=theme, role="text_2", wrap=True)
        column = QVBoxLayout()
        column.setSpacing(10)
        for field in self.fields.values():
            column.addWidget(field)
        foot = QHBoxLayout()
        foot.addWidget(self.test)
        foot.addWidget(self.said, 1)
        foot.addWidget(self.remove)
        column.addLayout(foot)
        self.body.addLayout(column)
        self.test.clicked.connect(self.try_it)

    def _problem(self) -> str | None:
        if not self.command.text().strip():
            return None
        try:
            xray.arguments(self.command.text(), xray.EXAMPLE)
        except InvalidError as error:
            return str(error)
        return None

    def program(self) -> XrayProgram | None:
        """Return what is typed, or None while something is wrong with it."""
        valid = [field.validate() for field in self.fields.values()]
        if not all(valid):
            return None
        return XrayProgram(name=self.name.text().strip(), command=self.command.text().strip())

    def try_it(self) -> None:
        """Start the program with a made-up patient and say what happened."""
        if self.program() is None:
            return
        command = self.command.text()
        self.test.setEnabled(False)

        def call(_ctx: "Context") -> str:
            return xray.start(command, xray.EXAMPLE)

        def done(program: str) -> None:
            self.test.setEnabled(True)
            self.said.setText(
                _("{program} was started with the made-up patient Test, Patient.").format(
                    program=program
                )
            )

        def failed(error: Exception) -> None:
            self.test.setEnabled(True)
            self.said.setText("")
            self.fields["command"].show_error(str(error))

        self._desk.operations.query(self, call, done, failed=failed, key="test")


class ImagesSection(KeptHere):
    """Each change is kept on this computer as soon as it is whole."""

    title = N_("Images and X-ray")
    sentence = N_("Kept on this computer only: another PC has other devices.")
    kept = KEPT
    wide = False

    def __init__(self, desk: Desk, home: Path) -> None:
        super().__init__(desk, home)
        settings = Settings.load(home)
        theme = desk.theme
        self.folder = LineEdit(settings.scan_folder, theme=theme, longest=1000)
        self.choose = Button(_("Choose"), theme=theme, icon="folder-open")
        hint = _("Scanner and camera write here; what arrives is offered in the open record.")
        self.folder_field = Field(
            _("Scan folder"), self.folder, theme=theme, hint=hint, check=self._folder_problem
        )
        self.cards: list[ProgramCard] = []
        self.add = Button(_("Add an X-ray program"), theme=theme, icon="plus")
        self._programs = QVBoxLayout()
        self._programs.setSpacing(12)
        self._lay_out()
        for program in settings.xray_programs:
            self._show(program)
        self.folder.editingFinished.connect(self.keep_folder)
        self.choose.clicked.connect(self._choose_folder)
        self.add.clicked.connect(self.add_program)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        column.addWidget(self.folder_field)
        row = QHBoxLayout()
        row.addWidget(self.choose)
        row.addStretch(1)
        column.addLayout(row)
        column.addLayout(self._programs)
        more = QHBoxLayout()
        more.addWidget(self.add)
        more.addStretch(1)
        column.addLayout(more)
        column.addStretch(1)

    # -- the folder -------------------------------------------------------------------------

    def _folder_problem(self) -> str | None:
        text = self.folder.text().strip()
        if text and not Path(text).is_absolute():
            return _("Write the folder with its whole path.")
        if text and not Path(text).is_dir():
            return _("This folder is not there.")
        return None

    def _choose_folder(self) -> None:
        ask_folder(self, _("Scan folder"), self._take_folder, folder=self.folder.text())

    def _take_folder(self, chosen: str) -> None:
        self.folder.setText(chosen)
        self.keep_folder()

    def keep_folder(self) -> None:
        """Keep the folder, or say what is wrong with it."""
        text = self.folder.text().strip()
        if self.folder_field.validate() and text != Settings.load(self._home).scan_folder:
            self.keep(scan_folder=text)

    # -- the programs -----------------------------------------------------------------------

    def add_program(self) -> None:
        """Ask for one more program."""
        if len(self.cards) >= _MOST:
            self.desk.messages.say(_("Ten programs are the most."), "info")
            return
        self._show(None).name.setFocus()

    def _show(self, program: XrayProgram | None) -> ProgramCard:
        card = ProgramCard(self.desk, program)
        self.cards.append(card)
        self._programs.addWidget(card)
        card.name.editingFinished.connect(self.keep_programs)
        card.command.editingFinished.connect(self.keep_programs)
        card.remove.clicked.connect(lambda: self._take_off(card))
        return card

    def _take_off(self, card: ProgramCard) -> None:
        before = Settings.load(self._home).xray_programs
        self.cards.remove(card)
        card.hide()
        card.deleteLater()
        self.keep_programs()
        self.desk.messages.undoable(_("X-ray program taken off."), lambda: self._put_back(before))
        self.add.setFocus()

    def _put_back(self, programs: tuple[XrayProgram, ...]) -> None:
        for card in self.cards:
            card.hide()
            card.deleteLater()
        self.cards = []
        for program in programs:
            self._show(program)
        self.keep(xray_programs=[one.model_dump() for one in programs])

    def keep_programs(self) -> None:
        """Keep the programs that are whole; one that is half-typed waits."""
        begun = [c for c in self.cards if c.name.text().strip() and c.command.text().strip()]
        programs = [card.program() for card in begun]
        whole = [program for program in programs if program is not None]
        if len(whole) < len(programs):
            return  # the field says what is wrong; what was kept before stays
        if tuple(whole) != Settings.load(self._home).xray_programs:
            self.keep(xray_programs=[program.model_dump() for program in whole])

    def show_settings(self, settings: Settings) -> None:
        """Show what is kept by now."""
        self.folder.setText(settings.scan_folder)
        for card in self.cards:
            card.hide()
            card.deleteLater()
        self.cards = []
        for program in settings.xray_programs:
            self._show(program)

    def panes(self) -> list[QWidget]:
        """Return the form."""
        return [self]

    def start_focus(self) -> None:
        """Begin with the folder."""
        self.folder.setFocus()
