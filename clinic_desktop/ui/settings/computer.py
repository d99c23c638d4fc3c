"""What belongs to this computer and not to the clinic: language, theme, size, its name."""

from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QVBoxLayout

from clinic_desktop.config import Settings
from clinic_desktop.i18n import LANGUAGES, N_, _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.settings.kept_here import KeptHere
from clinic_desktop.ui.widgets.fields import Choice, Field, LineEdit
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.usual import Usual

FIELDS: Final = frozenset({"language", "theme", "scale", "device_name"})
SCALES = (100, 110, 125, 150, 175, 200)


class ComputerSection(KeptHere):
    """Each choice is kept as it is made; one sentence says when it takes effect."""

    title = N_("This computer")
    sentence = N_("Kept on this computer only; the clinic's data know nothing of it.")
    kept = FIELDS

    def __init__(self, desk: Desk, home: Path) -> None:
        super().__init__(desk, home)
        settings = Settings.load(home)
        theme = desk.theme
        languages = [(_("As the system"), None), *((name, c) for c, name in LANGUAGES.items())]
        themes = [
            (_("As the system"), "system"),
            (_("Light"), "light"),
            (_("Dark"), "dark"),
            (_("High contrast"), "contrast"),
        ]
        scales = [(_("{count} %").format(count=scale), scale) for scale in SCALES]
        self.language = Choice(languages, theme=theme)
        self.language.setCurrentIndex([code for _name, code in languages].index(settings.language))
        self.look = Choice(themes, theme=theme, value=settings.theme)
        self.scale = Choice(scales, theme=theme, value=settings.scale)
        self.device = LineEdit(settings.device_name, theme=theme, longest=60)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        hint = _("For whoever signs in next; each person's windows are in that person's language.")
        at_start = _("At the next start of the program.")
        self.fields = [
            Field(_("Language before sign-in"), self.language, theme=theme, hint=hint),
            Field(_("Theme before sign-in"), self.look, theme=theme, hint=at_start),
            Field(_("Size of everything"), self.scale, theme=theme, hint=at_start),
            Field(
                _("Name of this computer"),
                self.device,
                theme=theme,
                required=True,
                hint=_("Stands in the history beside who changed what. At the next sign-in."),
            ),
        ]
        for field in self.fields:
            column.addWidget(field)
        folder = _("The program's files on this computer: {folder}").format(folder=home)
        column.addWidget(Label(folder, theme=theme, role="text_2", wrap=True))
        column.addStretch(1)
        usual = Settings.model_fields
        for field, editor, name in (
            (self.fields[0], self.language, "language"),
            (self.fields[1], self.look, "theme"),
            (self.fields[2], self.scale, "scale"),
        ):
            value = usual[name].default
            Usual(field, value, editor.itemText(editor.findData(value)), theme=theme)
        own = usual["device_name"].get_default(call_default_factory=True)
        Usual(self.fields[3], own, own, theme=theme)
        self.language.chosen.connect(lambda code: self.keep(language=code))
        self.look.chosen.connect(lambda name: self.keep(theme=name))
        self.scale.chosen.connect(lambda scale: self.keep(scale=scale))
        self.device.editingFinished.connect(self._name)

    def _name(self) -> None:
        name = self.device.text().strip()
        if self.fields[-1].validate() and name != Settings.load(self._home).device_name:
            self.keep(device_name=name)

    def show_settings(self, settings: Settings) -> None:
        """Show what is kept by now."""
        self.language.set_value(settings.language)
        self.look.set_value(settings.theme)
        self.scale.set_value(settings.scale)
        self.device.setText(settings.device_name)

    def start_focus(self) -> None:
        """Begin with the language."""
        self.language.setFocus()
