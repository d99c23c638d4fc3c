"""The field for the weight: read as it is typed, asked about where it does not fit the age."""

from PySide6.QtCore import Signal

from clinic_desktop.domain.regimens import parse_weight
from clinic_desktop.domain.weights import question
from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import _
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.announce import announce
from clinic_desktop.ui.widgets.line import LineEdit

_WIDTH = 110


class WeightLine(LineEdit):
    """``doubted`` carries what is asked about the weight, empty when nothing is; it blocks nothing.

    It is asked on leaving, and once it was asked at every key.
    """

    doubted = Signal(str)

    def __init__(self, theme: Theme, locale: str) -> None:
        super().__init__(theme=theme, longest=12, large=True, placeholder=_("Weight"))
        self._locale = locale
        self._doubt = ""
        self.age: int | None = None
        self.set_note(_("kg"))
        self.setFixedWidth(_WIDTH)
        self.setAccessibleName(_("Weight in kilograms"))
        self.left.connect(self.ask)
        self.textChanged.connect(self._changed)

    def grams(self) -> int | None:
        """Return the weight, None where none is typed; raises InvalidError (``weight``)."""
        return parse_weight(self.text()) if self.text().strip() else None

    def problem(self) -> str | None:
        """Return why the weight cannot be read, None where it can."""
        try:
            self.grams()
        except InvalidError as refused:
            return str(refused)
        return None

    def doubt(self) -> str:
        """Return what is asked about it now."""
        return self._doubt

    def ask(self) -> None:
        """Ask about a weight that does not fit the age."""
        grams = self.grams() if self.problem() is None else None
        sentence = "" if grams is None else question(grams, self.age, self._locale)
        if sentence == self._doubt:
            return
        self._doubt = sentence
        self.mark("triangle-alert" if sentence else "", "warning")
        self.setAccessibleDescription(sentence)
        self.doubted.emit(sentence)
        if sentence:
            announce(self, sentence)

    def _changed(self) -> None:
        if self._doubt:
            self.ask()
