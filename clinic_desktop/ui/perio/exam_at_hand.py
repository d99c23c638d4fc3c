"""Which of a patient's exams is in the grid, and how one that was read comes into it."""

from typing import TYPE_CHECKING
from uuid import UUID

from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.perio.entering import Entering
from clinic_desktop.ui.perio.frame import PerioFrame
from clinic_desktop.ui.perio.saving import Saving

if TYPE_CHECKING:  # the window is painted before the services are loaded
    from clinic_desktop.services.perio.schemas import ExamData, PatientPerio


class ExamAtHand:
    """``exam`` of ``every``; ``wanted`` is the id of one that was asked for.

    Both are None until they were read, ``exam`` also where none was ever begun.
    """

    def __init__(self, desk: Desk, frame: PerioFrame, saving: Saving, entering: Entering) -> None:
        self._may_write = desk.who.may("clinical.write")
        self._grid, self._saving, self._entering = frame.grid, saving, entering
        self._before: UUID | None = None
        self.every: PatientPerio | None = None
        self.exam: ExamData | None = None
        self.wanted: UUID | None = None

    @property
    def editing(self) -> bool:
        """Whether it can be typed into."""
        return self.exam is not None and not self.exam.head.signed and self._may_write

    def forget(self) -> None:
        """Have none until those of another patient are read."""
        self.every = self.exam = self.wanted = None

    def choose(self, every: "PatientPerio") -> None:
        """Take the exam asked for, the one under way, or the latest."""
        self._before = self.exam.head.id if self.exam is not None else None
        self.every = every
        wanted = next((one for one in every.exams if one.head.id == self.wanted), None)
        self.exam = wanted or every.draft or next(iter(every.exams), None)

    def show(self) -> bool:
        """Show it in the grid, typing where it may be; return whether it is another one now."""
        exam = self.exam
        assert exam is not None  # noqa: S101 - asked by the caller
        head, same = exam.head, exam.head.id == self._before
        read_only = not self.editing
        if same and self._grid.read_only is read_only:
            if not read_only:
                self._entering.note_news(exam.exam)
            self._grid.take(exam.exam)
            self._grid.charting.use_path(head.path)
        else:
            self._grid.show_exam(exam.exam, head.path, resume=exam.resume, read_only=read_only)
            left = self._saving.open(None if read_only else head.id)
            if left:
                self._entering.send_what_was_left(left)
        return not same
