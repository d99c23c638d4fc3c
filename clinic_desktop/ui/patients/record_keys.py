"""The keys of a patient's record: numbers for its tabs, letters for its acts, steps in the list."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from clinic_desktop.i18n import _
from clinic_desktop.ui.screen import KeyHelp

_MOST_TABS: Final = 9


@dataclass(frozen=True)
class Letter:
    """A plain letter that acts on the record from any tab, and what it does in the help."""

    key: str
    does: str
    act: Callable[[], None]


class RecordKeys(QObject):
    """Binds the keys on the screen of the record; letters give way to a tab that uses them."""

    def __init__(
        self,
        screen: QWidget,
        *,
        tabs: Sequence[Callable[[], None]],
        step: Callable[[int], None],
        letters: Sequence[Letter],
    ) -> None:
        """``tabs`` show one each, in order; ``step`` goes to the previous or next patient."""
        super().__init__(screen)
        self._screen = screen
        for number, show in enumerate(tabs[:_MOST_TABS], start=1):
            self._bind(f"Alt+{number}", show)
        self._bind("Ctrl+PgUp", lambda: step(-1))
        self._bind("Ctrl+PgDown", lambda: step(1))
        self._letters = [(self._bind(one.key, one.act), one) for one in letters]

    def _bind(self, keys: str, act: Callable[[], None]) -> QShortcut:
        shortcut = QShortcut(QKeySequence(keys), self._screen)
        shortcut.setProperty("usual_key", keys)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(act)
        return shortcut

    def give_letters(self, *, to_tab: bool) -> None:
        """Leave plain letters to the tab in view, or take them back."""
        for shortcut, _letter in self._letters:
            shortcut.setEnabled(not to_tab)

    def help(self) -> list[KeyHelp]:
        """Return the keys that work now, for the help."""
        area = _("Patient")
        return [
            KeyHelp("Alt+1…9", _("tabs"), area),
            *(KeyHelp(one.key, one.does, area) for keys, one in self._letters if keys.isEnabled()),
            KeyHelp("Ctrl+PgDn", _("next patient of the list"), area),
        ]
