"""What a section of the settings is, and the list that the features register theirs in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from PySide6.QtCore import Signal

from clinic_desktop.i18n import _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.settings.sought import SOUGHT, Sought

FORM_WIDTH: Final = 640


class Section(Screen):
    """One section: a Screen that stands in the settings screen instead of the window.

    ``reload`` runs when it is first shown and when its ``topics`` change; ``leaving`` when
    another section or screen is shown. The settings screen hands on every key of the window.
    """

    changed_here = Signal()
    """Something was changed that the clinic's log does not tell of."""
    wide: bool = False
    """Whether it takes the whole width (tables, a matrix) and not 640 px (forms)."""
    sentence: str = ""
    """Untranslated words below the title, marked with N_()."""
    logged: tuple[str, ...] = ()
    """The tables whose changes are this section's: who changed it last stands below the title."""

    def last_change(self) -> tuple[str, datetime] | None:
        """Return who changed it last and when, where the clinic's log does not know."""
        return None

    def show_changes(self) -> None:
        """Show everything that was changed in this section (Alt+H)."""
        if self.logged:
            from clinic_desktop.ui.history.section import SectionHistoryDialog

            SectionHistoryDialog(self.desk, self, name=_(self.title), tables=self.logged).open()


@dataclass(frozen=True)
class SectionEntry:
    """A section in the list: made when first shown, for those with the permission.

    ``words`` are untranslated words that the search finds it by, beside its title.
    """

    key: str
    title: str
    factory: Callable[[Desk], Section]
    permission: str | None = None
    icon: str = "settings"
    words: tuple[str, ...] = ()

    @property
    def settings(self) -> tuple[Sought, ...]:
        """The settings in it that the search finds."""
        return SOUGHT.get(self.key, ())


class Sections:
    """The sections in the order of their registration; put together where the program starts."""

    def __init__(self) -> None:
        self.entries: list[SectionEntry] = []

    def register_section(
        self,
        key: str,
        title: str,
        factory: Callable[[Desk], Section],
        permission: str | None = None,
        *,
        icon: str = "settings",
        words: tuple[str, ...] = (),
    ) -> None:
        """Add a section; ``title`` and ``words`` are marked with N_()."""
        if any(entry.key == key for entry in self.entries):
            raise ValueError(key)
        self.entries.append(SectionEntry(key, title, factory, permission, icon, words))

    def for_desk(self, desk: Desk) -> list[SectionEntry]:
        """Return the sections that this person may open."""
        return [e for e in self.entries if e.permission is None or desk.who.may(e.permission)]
