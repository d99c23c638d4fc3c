"""What the window itself answers in the palette: screens, its own acts, acts on a patient."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from PySide6.QtCore import QObject

from clinic_desktop.i18n import _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.shell.matching import Ranges, find
from clinic_desktop.ui.shell.registry import (
    Answer,
    PaletteEntry,
    PatientAction,
    Question,
    ScreenEntry,
)

TEXT_AND_ACTIONS: Final = frozenset({"", ">"})


@dataclass(frozen=True)
class WindowAct:
    """Something the window does itself; ``title`` is already in the language in force."""

    title: str
    icon: str
    act: Callable[[], None]
    key: str = ""


def ranked(
    candidates: Sequence[tuple[str, Callable[[Ranges], PaletteEntry]]], typed: str
) -> list[PaletteEntry]:
    """Return the entries whose title matches, those matched at beginnings of words first."""
    found = []
    for place, (title, make) in enumerate(candidates):
        match = find(title, typed)
        if match is not None:
            found.append((match[0], place, make(match[1])))
    return [entry for _rank, _place, entry in sorted(found, key=lambda item: item[:2])]


def _act_entry(act: WindowAct, matches: Ranges) -> PaletteEntry:
    return PaletteEntry(act.title, act.icon, act.act, key=act.key, matches=matches)


class PatientActionsSource:
    """The actions on the patient in view, or on the one chosen with Tab."""

    place = 20
    prefixes = TEXT_AND_ACTIONS

    def __init__(self, desk: Desk, actions: Sequence[PatientAction]) -> None:
        self._desk = desk
        self._actions = [
            action
            for action in actions
            if action.permission is None or desk.who.may(action.permission)
        ]

    def heading(self, question: Question) -> str:
        """Return whose actions they are."""
        if question.patient is None:
            return ""
        return _("With {patient}").format(patient=question.patient.name)

    def ask(self, owner: QObject, question: Question, answer: Answer) -> None:  # noqa: ARG002
        """Answer at once: all actions when the patient is meant, else those that match."""
        patient = question.patient
        if patient is None:
            answer(())
            return
        # Typing the patient's own name means the patient, not the name of an action.
        meant = question.text and find(patient.name, question.text) is not None
        desk, patient_id = self._desk, patient.patient_id

        def entry(action: PatientAction, matches: Ranges) -> PaletteEntry:
            return PaletteEntry(
                title=_(action.title),
                icon=action.icon,
                key=desk.keymap.now(["patient"], action.key),
                matches=matches,
                act=lambda: action.act(desk, patient_id),
            )

        candidates = [(_(action.title), partial(entry, action)) for action in self._actions]
        if meant and not question.chosen:
            answer([make(()) for _title, make in candidates])
        else:
            answer(ranked(candidates, question.text))


class ScreensSource:
    """The screens and what the window does itself."""

    place = 30
    prefixes = TEXT_AND_ACTIONS

    def __init__(
        self, desk: Desk, screens: Sequence[ScreenEntry], acts: Callable[[], Sequence[WindowAct]]
    ) -> None:
        self._desk = desk
        self._screens = [
            entry
            for entry in screens
            if entry.rail is not None
            and (entry.permission is None or desk.who.may(entry.permission))
        ]
        self._acts = acts

    def heading(self, question: Question) -> str:
        """Return the heading."""
        return _("Actions") if question.prefix == ">" else _("Screens and actions")

    def ask(self, owner: QObject, question: Question, answer: Answer) -> None:  # noqa: ARG002
        """Answer at once."""
        if question.chosen:
            answer(())
            return
        candidates: list[tuple[str, Callable[[Ranges], PaletteEntry]]] = []
        if question.prefix != ">":
            candidates += [
                (_(entry.title), partial(self._screen, entry, number))
                for number, entry in enumerate(self._screens, start=1)
            ]
        candidates += [(act.title, partial(_act_entry, act)) for act in self._acts()]
        answer(ranked(candidates, question.text))

    def _screen(self, entry: ScreenEntry, number: int, matches: Ranges) -> PaletteEntry:
        keyed = entry.rail == "top" and number <= 7
        return PaletteEntry(
            title=_(entry.title),
            icon=entry.icon,
            act=lambda: self._desk.navigator.open_screen(entry.name),
            key=f"Ctrl+{number}" if keyed else "",
            matches=matches,
        )
