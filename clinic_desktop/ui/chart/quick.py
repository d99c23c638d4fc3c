"""Treatments to click: the usual ones as buttons, all of them in a menu."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from clinic_desktop.domain.chart_words import Entry, Lexicon
from clinic_desktop.domain.labels import SPECIES
from clinic_desktop.domain.teeth.numbering import Species
from clinic_desktop.domain.vocabulary import terms
from clinic_desktop.i18n import N_, _
from clinic_desktop.ui.chart.composing import words_of
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.labels import Label

# By the code of the vocabulary, or the shortcut that means the treatment in every language.
USUAL: Final = (
    ("COMP", N_("Composite")),
    ("GIC", N_("Glass ionomer")),
    ("AMAL", N_("Amalgam")),
    ("SEAL", N_("Sealant")),
    ("CROWN", N_("Crown")),
    ("RCT", N_("Root canal")),
    ("x", N_("Extraction")),
    ("MISSING", N_("Missing")),
    ("CARIES", N_("Caries")),
    ("FRACT", N_("Fracture")),
    ("WATCH", N_("Watch")),
)
_CATEGORIES: Final = {
    "EXM": N_("Examination"),
    "IMG": N_("Images"),
    "PRV": N_("Prevention"),
    "RST": N_("Restoration"),
    "END": N_("Root canals"),
    "PER": N_("Gums"),
    "PRS": N_("Dentures"),
    "FIX": N_("Bridges"),
    "IMP": N_("Implants"),
    "SUR": N_("Surgery"),
    "ORT": N_("Orthodontics"),
    "GEN": N_("General"),
}
_KINDS: Final = {
    "condition": N_("Conditions"),
    "state": N_("Tooth states"),
    "finding": N_("Findings"),
    "note": N_("Findings"),
    "restoration": N_("Work already there"),
}
_COLUMNS: Final = 3


def usual_words(code: str, lexicon: Lexicon) -> str:
    """Return what is typed for one of the usual buttons."""
    entry = lexicon.by_code(code)
    return code if entry is None else words_of(entry)


def treatment_menu(lexicon: Lexicon, chosen: Callable[[str], None], parent: QWidget) -> QMenu:
    """Return a menu of everything that can be charted, by category; it gives what is typed."""
    menu = QMenu(parent)
    priced = [one for one in lexicon.entries if one.priced]
    named = [one for one in lexicon.entries if not one.priced]
    for title, entries in _by(priced, lambda one: _category(one.code)).items():
        _add_menu(menu, title, entries, chosen)
    menu.addSeparator()
    for title, entries in _by(named, lambda one: _(_KINDS[terms()[one.code].kind])).items():
        _add_menu(menu, title, entries, chosen)
    return menu


def add_species(menu: QMenu, now: Species, chosen: Callable[[Species], None]) -> None:
    """Add whose teeth these are to a menu."""
    menu.addSeparator()
    below = menu.addMenu(_("Whose teeth"))
    for species in Species:
        action = below.addAction(_(SPECIES[species]))
        action.setCheckable(True)
        action.setChecked(species is now)
        action.triggered.connect(partial(_give_species, chosen, species))


def _give_species(
    chosen: Callable[[Species], None], species: Species, _checked: bool = False
) -> None:
    chosen(species)


def _category(code: str) -> str:
    known = _CATEGORIES.get(code[:3])
    return _("Other treatments") if known is None else _(known)


def _by(entries: Iterable[Entry], title: Callable[[Entry], str]) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = {}
    for one in entries:
        found.setdefault(title(one), []).append(one)
    return found


def _add_menu(
    menu: QMenu, title: str, entries: Iterable[Entry], chosen: Callable[[str], None]
) -> None:
    below = menu.addMenu(title.replace("&", "&&"))
    for entry in entries:
        name = entry.name[:1].upper() + entry.name[1:]
        action = below.addAction(name.replace("&", "&&"))
        action.triggered.connect(partial(_give, chosen, words_of(entry)))


def _give(chosen: Callable[[str], None], words: str, _checked: bool = False) -> None:
    chosen(words)


def usual_menu(lexicon: Lexicon, chosen: Callable[[str], None], parent: QWidget) -> QMenu:
    """Return the menu of a tooth: the usual treatments, then all of them."""
    menu = QMenu(parent)
    for code, words in USUAL:
        action = menu.addAction(_(words).replace("&", "&&"))
        action.triggered.connect(partial(_give, chosen, usual_words(code, lexicon)))
    menu.addSeparator()
    everything = treatment_menu(lexicon, chosen, menu)
    everything.setTitle(_("All treatments and findings"))
    menu.addMenu(everything)
    return menu


class QuickBox(QWidget):
    """Buttons of the usual treatments for the teeth that were clicked.

    ``chosen`` carries what is typed for the treatment, ``all_wanted`` asks for the menu.
    """

    chosen = Signal(str)
    all_wanted = Signal()
    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lexicon = Lexicon()
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 10)
        column.setSpacing(8)
        head = QHBoxLayout()
        self._title = Label(theme=theme, size="strong")
        self._detail = Label(theme=theme, role="text_2")
        head.addWidget(self._title)
        head.addWidget(self._detail, 1)
        close = Button(theme=theme, icon="x", name=_("Close"), kind="quiet", small=True)
        close.clicked.connect(self.closed)
        head.addWidget(close)
        column.addLayout(head)
        grid = QGridLayout()
        grid.setSpacing(6)
        for place, (code, words) in enumerate(USUAL):
            button = Button(_(words), theme=theme, small=True)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(partial(self._choose, code))
            grid.addWidget(button, *divmod(place, _COLUMNS))
        self.more = Button(_("All…"), theme=theme, small=True)
        self.more.clicked.connect(self.all_wanted)
        grid.addWidget(self.more, *divmod(len(USUAL), _COLUMNS))
        column.addLayout(grid)

    def _choose(self, code: str, _checked: bool = False) -> None:
        self.chosen.emit(usual_words(code, self._lexicon))

    def show_for(self, title: str, detail: str, lexicon: Lexicon) -> None:
        """Name the teeth and their surfaces, and show the buttons."""
        self._title.setText(title)
        self._detail.setText(detail)
        self._lexicon = lexicon
        self.show()
