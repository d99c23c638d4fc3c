"""The keypad: the same keys as on the keyboard, for fingers and gloves."""

from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from clinic_desktop.domain.perio.margins import MarginSign
from clinic_desktop.i18n import N_, _
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.buttons import Button

_COLUMNS: Final = 5
_TEN: Final = N_("Adds 10 to the next digit (+)")
_CORONAL: Final = N_("The next margin lies coronal to the CEJ (-)")


class Keypad(QWidget):
    """``pressed`` carries the usual key of what was touched. It takes no focus from the grid."""

    pressed = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._turned = self._at_margin = False
        self.setAccessibleName(_("Keypad"))
        self.buttons: dict[str, Button] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        for place, (key, words, name) in enumerate(self._keys()):
            button = Button(words, theme=theme, name=name, small=True)
            button.setAccessibleName(name)
            button.setToolTip(name)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            button.clicked.connect(partial(self.pressed.emit, key))
            self.buttons[key] = button
            grid.addWidget(button, place // _COLUMNS, place % _COLUMNS)
        for key in ("+", "-", "Space", "M", "F", "O", "J"):
            self.buttons[key].setCheckable(True)
        self._grid = grid
        theme.changed.connect(self._restyle)
        self._restyle()

    def _keys(self) -> list[tuple[str, str, str]]:
        digits = [(str(n % 10), str(n % 10), str(n % 10)) for n in range(1, 11)]
        return [
            *digits,
            ("+", "10+", _(_TEN)),
            ("-", "\N{MINUS SIGN}", _(_CORONAL)),
            ("Space", "×3", _("Three sites at once (Space)")),
            ("Enter", "↷", _("Skips to the next tooth (Enter)")),
            ("Backspace", "⌫", _("Goes back and takes out (Backspace)")),
            # Translators: labels of keys, four letters at most: bleeding, pus, plaque, calculus.
            ("B", _("Bl"), _("Bleeding (B)")),
            ("U", _("Pus"), _("Suppuration (U)")),
            ("L", _("Pl"), _("Plaque (L)")),
            ("K", _("Cal"), _("Calculus (K)")),
            # Translators: as before: margin, furcation, mobility, mucogingival junction.
            ("M", _("Mar"), _("Row of the margin (M)")),
            ("F", _("Fur"), _("Row of the furcations (F)")),
            ("O", _("Mob"), _("Row of the mobility (O)")),
            ("J", _("MGJ"), _("Row of the mucogingival junction (J)")),
            ("Left", "←", _("One site back, without writing")),
            ("Right", "→", _("One site on, without writing")),
        ]

    def use_sign(self, sign: MarginSign) -> None:
        """Say on the keys of the signs what they mean for a margin."""
        self._turned = sign is MarginSign.MINUS
        self._say_signs()

    def _say_signs(self) -> None:
        turned, plus = self._turned, self.buttons["+"]
        # Where a margin coronal to the CEJ is +, that is what the key says in its row.
        plus.setText("+" if turned and self._at_margin else "10+")
        coronal = _("The next margin lies coronal to the CEJ, twice adds 10 (+)")
        names = {
            "-": _("The next margin is recession (-)") if turned else _(_CORONAL),
            "+": coronal if turned else _(_TEN),
        }
        for key, name in names.items():
            self.buttons[key].setAccessibleName(name)
            self.buttons[key].setToolTip(name)

    def show_modes(self, **modes: bool) -> None:
        """Press down what is in force: ``ten``, ``minus``, ``three`` and the row's letter."""
        if self._at_margin is not modes.get("M", False):
            self._at_margin = not self._at_margin
            self._say_signs()
        named = {"ten": "+", "minus": "-", "three": "Space"}
        for name, on in modes.items():
            self.buttons[named.get(name, name)].setChecked(on)

    def _restyle(self) -> None:
        touch = self._theme.density == "touch"
        self._grid.setSpacing(8 if touch else 6)
        for button in self.buttons.values():
            button.setFixedHeight(max(self._theme.height("control"), 52 if touch else 32))
