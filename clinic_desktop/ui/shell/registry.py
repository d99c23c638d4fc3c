"""What features hand to the window: screens, palette sources, actions on a patient, states."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol
from uuid import UUID

from PySide6.QtCore import QObject

from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.intent import BookingIntent
from clinic_desktop.ui.screen import PatientInView, Screen

if TYPE_CHECKING:  # the window is painted before the database libraries are loaded
    from clinic_desktop.services.context import Context

Place = Literal["top", "bottom"]
State = Literal["ok", "plain", "warning", "unknown"]


@dataclass(frozen=True)
class RailCount:
    """How many things of a screen need somebody; counted again when these tables change."""

    call: Callable[["Context"], int]
    topics: frozenset[str]


@dataclass(frozen=True)
class ScreenEntry:
    """A screen: made when first shown, in the rail if it has a place there.

    ``under`` names the rail entry that is lit for a screen without one of its own.
    """

    name: str
    title: str
    icon: str
    factory: Callable[[Desk], Screen]
    permission: str | None = None
    rail: Place | None = None
    count: RailCount | None = None
    under: str | None = None


@dataclass(frozen=True)
class PatientAction:
    """Something that can be done with the patient in view, from the palette."""

    title: str
    icon: str
    act: Callable[[Desk, UUID], None]
    key: str = ""
    permission: str | None = None


@dataclass(frozen=True)
class PaletteEntry:
    """One line of the palette; ``matches`` are (start, length) in the title to highlight.

    ``patient`` lets Tab show the actions on this patient.
    """

    title: str
    icon: str
    act: Callable[[], None]
    detail: str = ""
    key: str = ""
    matches: tuple[tuple[int, int], ...] = ()
    patient: PatientInView | None = None


@dataclass(frozen=True)
class Question:
    """What was typed: the prefix (``""``, ``>``, ``#`` or ``@``) and the text behind it.

    ``chosen`` is true when ``patient`` was chosen with Tab and only actions on it are wanted.
    """

    prefix: str
    text: str
    patient: PatientInView | None = None
    chosen: bool = False


class Answer(Protocol):
    """Takes the lines for one question; dropped when a newer question was asked meanwhile."""

    def __call__(self, entries: Sequence[PaletteEntry], note: str = "") -> None:
        """Show the lines under the source's heading, and a sentence that cannot be chosen."""


class PaletteSource(Protocol):
    """Answers the palette: patients (place 10), actions (20), screens (30)."""

    @property
    def place(self) -> int:
        """Where its lines stand, from the top."""

    @property
    def prefixes(self) -> frozenset[str]:
        """For which prefixes it is asked; ``""`` is text without one."""

    def heading(self, question: Question) -> str:
        """Return the heading of its lines."""

    def ask(self, owner: QObject, question: Question, answer: Answer) -> None:
        """Answer now or later, exactly once; ``owner`` is the owner for operations."""


@dataclass(frozen=True)
class StatusItem:
    """A fact in the bottom bar: icon, words and how sure or good it is."""

    icon: str
    text: str
    state: State = "plain"
    link: str = ""
    tip: str = ""


@dataclass(frozen=True)
class StatusSource:
    """A fact of the bottom bar that a service knows, asked again when these tables change."""

    name: str
    initial: Callable[[], StatusItem]
    call: Callable[["Context"], StatusItem] | None = None
    topics: frozenset[str] = frozenset()
    clicked: Callable[[Desk], None] | None = None


@dataclass(frozen=True)
class Registry:
    """Everything the window is made of; put together once where the program starts."""

    screens: Sequence[ScreenEntry]
    sources: Sequence[Callable[[Desk], PaletteSource]] = ()
    patient_actions: Sequence[PatientAction] = ()
    statuses: Sequence[StatusSource] = field(default_factory=tuple)
    book: Callable[[Desk, BookingIntent], None] | None = None
    new_patient: Callable[[Desk], None] | None = None

    def entry(self, name: str) -> ScreenEntry | None:
        """Return the screen of that name."""
        return next((entry for entry in self.screens if entry.name == name), None)
