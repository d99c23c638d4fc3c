"""Puts what is typed to the sources of the palette; keeps the answers to the newest question."""

from collections.abc import Callable, Sequence
from functools import cached_property, partial
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from clinic_desktop.i18n import _
from clinic_desktop.ui.screen import PatientInView
from clinic_desktop.ui.shell.palette_list import Heading, Line, Note
from clinic_desktop.ui.shell.registry import PaletteEntry, PaletteSource, Question

PREFIXES: Final = (">", "#", "@")
# A silence this long is worth a sentence, and what belongs to older typing goes.
WAITING_MS: Final = 300


def read_question(text: str, patient: PatientInView | None, *, chosen: bool) -> Question:
    """Return the question that a line of the palette asks."""
    prefix = text[0] if text.startswith(PREFIXES) else ""
    return Question(prefix, text[len(prefix) :].strip(), patient, chosen=chosen)


class Inquiry(QObject):
    """Numbers the questions: an answer to an older one is dropped."""

    answered = Signal()
    """The lines have changed."""

    def __init__(self, sources: Callable[[], Sequence[PaletteSource]], parent: QObject) -> None:
        """``sources`` are made for the first question: the window does not wait for them."""
        super().__init__(parent)
        self._make_sources = sources
        self._number = 0
        self._question = Question("", "")
        self._answers: dict[int, tuple[Sequence[PaletteEntry], str]] = {}
        self._outstanding: set[int] = set()
        self._silent: set[int] = set()
        self._waiting = QTimer(self)
        self._waiting.setSingleShot(True)
        self._waiting.setInterval(WAITING_MS)
        self._waiting.timeout.connect(self._say_waiting)

    @cached_property
    def _sources(self) -> list[PaletteSource]:
        return sorted(self._make_sources(), key=lambda source: source.place)

    @property
    def outstanding(self) -> bool:
        """Whether a source has still to answer: lines shown may belong to older typing."""
        return bool(self._outstanding)

    def ask(self, question: Question) -> None:
        """Ask every source that knows the prefix; ``answered`` tells of each answer."""
        self._question = question
        self._number += 1
        asked = [n for n, s in enumerate(self._sources) if question.prefix in s.prefixes]
        self._answers = {n: answer for n, answer in self._answers.items() if n in asked}
        self._outstanding = set(asked)
        self._silent.clear()
        self._waiting.start()
        for place in asked:
            answer = partial(self._answer, self._number, place)
            self._sources[place].ask(self, question, answer)
        self.answered.emit()

    def forget(self) -> None:
        """Drop every answer, also those still to come."""
        self._number += 1
        self._waiting.stop()
        self._answers.clear()
        self._outstanding.clear()
        self._silent.clear()

    def lines(self) -> list[Line]:
        """Return what is to be shown now, in the order of the sources."""
        lines: list[Line] = []
        for place, source in enumerate(self._sources):
            entries, note = self._answers.get(place, ((), ""))
            if place in self._silent:
                note = _("Asking the server…")
            if entries or note:
                heading = source.heading(self._question)
                lines += [Heading(heading)] if heading else []
                lines += entries
                lines += [Note(note)] if note else []
        if not lines and not self._outstanding:
            lines.append(Note(self._nothing()))
        return lines

    def _nothing(self) -> str:
        if not self._question.text:
            return _("Begin to type a name, a number, an action or a screen.")
        return _("No patient, action or screen matches “{text}”.").format(text=self._question.text)

    def _answer(
        self, number: int, place: int, entries: Sequence[PaletteEntry], note: str = ""
    ) -> None:
        if number != self._number:
            return
        self._outstanding.discard(place)
        self._silent.discard(place)
        self._answers[place] = (entries, note)
        self.answered.emit()

    def _say_waiting(self) -> None:
        self._silent = set(self._outstanding)
        for place in self._silent:
            self._answers.pop(place, None)
        if self._silent:
            self.answered.emit()
