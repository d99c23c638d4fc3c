"""What a section of the settings is, and the list that the features register theirs in."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.screen import Screen

FORM_WIDTH: Final = 640


class Section(Screen):
    """One section: a Screen that stands in the settings screen instead of the window.

    ``reload`` runs when it is first shown and when its ``topics`` change; ``leaving`` when
    another section or screen is shown. The settings screen hands on every key of the window.
    """

    wide: bool = False
    """Whether it takes the whole width (tables, a matrix) and not 640 px (forms)."""
    sentence: str = ""
    """Untranslated words below the title, marked with N_()."""


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
