"""Asks for the patients of the list, page after page; answers to an older question are void."""

from PySide6.QtCore import QObject, QTimer, Signal

from clinic_desktop.services.patients.list_schemas import ListFilter
from clinic_desktop.services.patients.schemas import Place
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.patients.question import Answer, Question


class ListAsking(QObject):
    """``question`` is the one in force; a page that found few is followed by the next."""

    answered = Signal(object, bool)
    """The first page, and whether it is of the same question as the one shown."""
    more_came = Signal(object)
    """A page behind those that are shown."""
    failed = Signal(object)
    more_failed = Signal()

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self.question = Question()
        self._answered: Question | None = None
        self._next: Place | None = None

    @property
    def begun(self) -> bool:
        """Whether anything was answered yet."""
        return self._answered is not None

    @property
    def waits(self) -> bool:
        """Whether the answer to the question in force is still on its way."""
        return self.question != self._answered

    def type(self, text: str) -> bool:
        """Ask for another text; return whether it is another one."""
        if text == self.question.typed:
            return False
        self.question = Question(text, self.question.chosen)
        return True

    def choose(self, chosen: ListFilter) -> None:
        """Ask by another filter."""
        self.question = Question(self.question.typed, chosen)

    def ask(self, *, least: int = 0) -> None:
        """Ask for the first page, of ``least`` rows where so many are shown."""
        question = self.question
        self._desk.operations.query(
            self,
            lambda ctx: question.ask(ctx, least=least if question == self._answered else 0),
            lambda answer: self._came(question, answer),
            failed=self.failed.emit,
            key="find",
        )

    def ask_more(self) -> None:
        """Ask for the next page, if there is one."""
        question = self.question
        place = self._next
        if place is None or question != self._answered:
            return
        self._desk.operations.query(
            self,
            lambda ctx: question.ask(ctx, after=place),
            lambda answer: self._more_came(question, answer),
            failed=lambda _error: self.more_failed.emit(),
            key="more",
        )

    def _came(self, question: Question, answer: Answer) -> None:
        if question != self.question:
            return
        same = question == self._answered
        self._answered, self._next = question, answer.next
        self.answered.emit(answer, same)
        self._look_on(answer)

    def _more_came(self, question: Question, answer: Answer) -> None:
        if question == self._answered:
            self._next = answer.next
            self.more_came.emit(answer)
            self._look_on(answer)

    def _look_on(self, answer: Answer) -> None:
        """Go on where a page looked through many records and found few of them fit."""
        if answer.more and len(answer.rows) < self.question.page // 2:
            QTimer.singleShot(0, self, self.ask_more)
