"""What the backup section asks: a key, a place, another passphrase; and the sheet to print."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from clinic_desktop.errors import ClinicError
from clinic_desktop.i18n import _
from clinic_desktop.services.backup.keys import SHORTEST, NewKey
from clinic_desktop.services.backup.settings import FolderPlace, S3Place
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.asking_files import ask_folder
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.dialog import Dialog
from clinic_desktop.ui.widgets.fields import Choice, Field, LineEdit
from clinic_desktop.ui.widgets.labels import Label


def secret_line(theme: Theme) -> LineEdit:
    """Return a line whose text is not shown."""
    line = LineEdit(theme=theme)
    line.setEchoMode(LineEdit.EchoMode.Password)
    return line


class PassphraseDialog(Dialog):
    """A passphrase twice, and the old one first where there is one."""

    def __init__(
        self,
        title: str,
        sentence: str,
        act: Callable[[str, str], None],
        *,
        theme: Theme,
        parent: QWidget,
        old: bool = False,
    ) -> None:
        super().__init__(title, theme=theme, parent=parent, sentence=sentence, icon="key-round")
        self._act = act
        self.old = secret_line(theme) if old else None
        self.new, self.again = secret_line(theme), secret_line(theme)
        self.fields: dict[str, Field] = {}
        if self.old is not None:
            self.fields["old"] = Field(
                _("Passphrase until now"), self.old, theme=theme, required=True
            )
        self.fields["passphrase"] = Field(
            _("New passphrase"), self.new, theme=theme, required=True,
            hint=_("Four or five words that nobody would guess. Without it no backup opens."),
        )  # fmt: skip
        self.fields["again"] = Field(_("The same again"), self.again, theme=theme, required=True)
        for field in self.fields.values():
            self.body.addWidget(field)
        self.set_primary(_("Keep it"), self._keep)

    def _keep(self) -> None:
        wrong = [field for field in self.fields.values() if not field.validate()]
        if wrong:
            return
        if self.new.text() != self.again.text():
            self.fields["again"].show_error(_("The two passphrases differ."))
            return
        try:
            self._act(self.old.text() if self.old is not None else "", self.new.text())
        except ClinicError as error:
            # A passphrase that does not open the key is the old one.
            old = self.old is not None and len(self.new.text().strip()) >= SHORTEST
            self.fields["old" if old else "passphrase"].show_error(str(error))
            return
        self.accept()


class RecoverySheet(Dialog):
    """The recovery key to print, once: after this only its public half is on this computer."""

    def __init__(
        self, key: NewKey, print_sheet: Callable[[str], None], *, theme: Theme, parent: QWidget
    ) -> None:
        super().__init__(
            _("Your recovery key"),
            theme=theme,
            parent=parent,
            sentence=_(
                "Print it and keep it away from this computer. It opens every backup, also when "
                "the passphrase is forgotten. It is shown only now."
            ),
            icon="key-round",
            icon_role="warning",
            close_words=_("Close"),
        )
        self.secret = key.secret
        shown = Label(_grouped(key.secret), theme=theme, size="strong", wrap=True, tabular=True)
        self.body.addWidget(shown)
        copy = Button(_("Copy"), theme=theme, icon="copy")
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(key.secret))
        self.body.addWidget(copy)
        self.set_primary(_("Print"), lambda: print_sheet(key.secret))


def _grouped(secret: str) -> str:
    """Return the key in groups that can be typed from paper."""
    body = secret.removeprefix("AGE-SECRET-KEY-")
    groups = [body[at : at + 6] for at in range(0, len(body), 6)]
    return "AGE-SECRET-KEY- " + " ".join(groups)


class PlaceDialog(Dialog):
    """A folder, a USB disk, a share or a bucket."""

    def __init__(
        self,
        add: Callable[[FolderPlace | S3Place, str], None],
        *,
        theme: Theme,
        parent: QWidget,
    ) -> None:
        super().__init__(
            _("Add a place"),
            theme=theme,
            parent=parent,
            sentence=_("Backups go to every place. One of them should be outside the house."),
            icon="hard-drive",
        )
        self._add = add
        kinds = [
            (_("USB disk"), "usb"),
            (_("Network share"), "share"),
            (_("Folder"), "folder"),
            (_("S3 storage"), "s3"),
        ]
        self.kind = Choice(kinds, theme=theme, value="usb")
        self.keeps = Choice(
            [(_("By the rules of retention"), False), (_("Never"), True)], theme=theme, value=False
        )
        self.lines = {
            name: LineEdit(theme=theme)
            for name in ("name", "folder", "bucket", "endpoint", "access_key")
        }
        self.secret = secret_line(theme)
        self.fields = {
            "name": Field(_("Name"), self.lines["name"], theme=theme, required=True),
            "kind": Field(_("What it is"), self.kind, theme=theme),
            "folder": Field(_("Folder"), self.lines["folder"], theme=theme, required=True),
            "bucket": Field(_("Bucket"), self.lines["bucket"], theme=theme, required=True),
            "endpoint": Field(
                _("Address"), self.lines["endpoint"], theme=theme, optional=True,
                hint=_("Empty for Amazon's own."),
            ),
            "access_key": Field(
                _("Access key"), self.lines["access_key"], theme=theme, required=True
            ),
            "secret": Field(_("Secret key"), self.secret, theme=theme, required=True),
            "keeps": Field(_("Old backups are removed"), self.keeps, theme=theme),
        }  # fmt: skip
        self.browse = Button(_("Choose the folder…"), theme=theme, icon="folder-open")
        self.browse.clicked.connect(self._browse)
        for name, field in self.fields.items():
            self.body.addWidget(field)
            if name == "folder":
                self.body.addWidget(self.browse)
        self.kind.chosen.connect(lambda _kind: self._show_kind())
        self.set_primary(_("Add"), self._keep)
        self._show_kind()

    def _show_kind(self) -> None:
        bucket = self.kind.value() == "s3"
        for name in ("bucket", "endpoint", "access_key", "secret"):
            self.fields[name].setVisible(bucket)
        self.fields["folder"].setVisible(not bucket)
        self.browse.setVisible(not bucket)

    def _browse(self) -> None:
        ask_folder(self, _("Choose the folder…"), self.lines["folder"].setText)

    def _keep(self) -> None:
        bucket = self.kind.value() == "s3"
        wanted = ["name", *(("bucket", "access_key", "secret") if bucket else ("folder",))]
        for name in wanted:
            # The disk may have been plugged in meanwhile, without another letter typed.
            self.fields[name].clear()
        wrong = [name for name in wanted if not self.fields[name].validate()]
        if wrong:
            return
        texts = {name: line.text().strip() for name, line in self.lines.items()}
        keeps = bool(self.keeps.value())
        place: FolderPlace | S3Place
        if bucket:
            place = S3Place(
                name=texts["name"],
                bucket=texts["bucket"],
                endpoint=texts["endpoint"],
                access_key=texts["access_key"],
                keeps=keeps,
            )
        else:
            place = FolderPlace(
                name=texts["name"],
                kind=self.kind.value(),
                folder=Path(texts["folder"]),
                keeps=keeps,
            )
        self.set_busy(True)
        self._add(place, self.secret.text())

    def refuse(self, error: ClinicError) -> None:
        """Show why the place was not taken; what was typed stays."""
        self.set_busy(False)
        bucket = self.kind.value() == "s3"
        where = error.field or ("bucket" if bucket else "folder")
        self.fields[where].show_error(str(error))
