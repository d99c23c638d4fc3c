"""Keeps side panel and graph in step with the exam: what is due, indices, proposal, other exams."""

from typing import TYPE_CHECKING, Final
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Slot

from clinic_desktop.domain.perio.rules import MOST_COMPARED
from clinic_desktop.i18n import _
from clinic_desktop.ui.perio.charting import Row
from clinic_desktop.ui.perio.frame import PerioFrame
from clinic_desktop.ui.perio.saving import Saving
from clinic_desktop.ui.written import Written

if TYPE_CHECKING:  # the window is painted before the services are loaded
    from clinic_desktop.services.context import Who
    from clinic_desktop.services.perio.schemas import ExamData, PatientPerio

_MOST_CHIPS: Final = 3 * MOST_COMPARED
# Indices and proposal follow the typing; they are not in the way of the next key.
_FIGURES_MS: Final = 120
_ROWS: Final = {"M": Row.MARGIN, "F": Row.FURCATION, "O": Row.MOBILITY, "J": Row.MGJ}


class Telling(QObject):
    """Writes beside the grid what the grid shows; ``below`` are the exams drawn below this one."""

    def __init__(self, frame: PerioFrame, saving: Saving, written: Written, who: "Who") -> None:
        super().__init__(frame)
        self._frame, self._saving, self._written, self._who = frame, saving, written, who
        self._every: PatientPerio | None = None
        self._shown: ExamData | None = None
        self.below: tuple[UUID, ...] = ()
        self._counting = QTimer(self)
        self._counting.setSingleShot(True)
        self._counting.setInterval(_FIGURES_MS)
        self._counting.timeout.connect(self.figures)

    def show(self, every: "PatientPerio", shown: "ExamData", *, editing: bool) -> None:
        """Show another exam, or the same one as it was read again."""
        self._every, self._shown, self._editing = every, shown, editing
        side, draft = self._frame.side, every.draft
        others = [one for one in every.exams if one.head.id != shown.head.id]
        under_way = draft.head.id if draft is not None else None
        side.show_others(others[:_MOST_CHIPS], self.below, under_way)
        side.paths.set_value(shown.head.path)
        side.show_sign(every.margin_sign)
        self._frame.grid.use_sign(every.margin_sign)
        side.show_acts(
            signed=shown.head.signed,
            may_write=self._who.may("clinical.write"),
            may_sign=self._who.may("clinical.sign"),
            draft=draft is not None,
        )
        side.show_saving(self._saving)
        self._frame.grid.compare(
            tuple(one.exam for one in every.exams if one.head.id in self.below)
        )
        self.moved()
        self.figures()
        if shown.head.signed:
            self._show_signed(shown)

    def _show_signed(self, shown: "ExamData") -> None:
        head, side = shown.head, self._frame.side
        day = self._written.moment(head.signed_at or head.created_at)
        side.where.setText(
            _("Signed {day} by {name}. Read only.").format(day=day, name=head.signer or "")
        )
        if head.brought_from:
            side.where.setText(
                _("Signed {day} by {name}, {clinic}. Read only.").format(
                    day=day, name=head.signer or "", clinic=head.brought_from
                )
            )
        side.site.setText(_("Exam of {day}").format(day=self._written.day(head.on_day)))
        side.count(shown.exam)

    @Slot()
    def moved(self) -> None:
        """Say which site is due, and what the next digit means."""
        grid, side = self._frame.grid, self._frame.side
        if self._shown is None or self._shown.head.signed:
            return
        charting = grid.charting
        side.show_due(
            charting.cursor, charting.exam, at_end=charting.at_end, read_only=grid.read_only
        )
        measure = charting.cursor.measure.value if charting.cursor else ""
        side.keypad.show_modes(
            ten=charting.ten or charting.typed_sign == "+",
            minus=charting.typed_sign == "-",
            three=charting.three,
            **{key: row.value == measure for key, row in _ROWS.items()},
        )
        if grid.wrong is None:
            side.refuse("")
        side.doubt(grid.doubt)

    @Slot()
    def figures_soon(self) -> None:
        """Count anew soon, however fast the typing goes on: old figures would not be true."""
        if not self._counting.isActive():
            self._counting.start()

    @Slot()
    def figures(self) -> None:
        """Write indices and proposal of what stands in the grid."""
        from clinic_desktop.services.perio.reading import proposal_of

        shown, every, side = self._shown, self._every, self._frame.side
        if shown is None or every is None:
            return
        exam = self._frame.grid.charting.exam
        side.show_figures(shown.head, exam, self._earlier(every, shown))
        side.show_looked(exam, may=self._editing)
        side.show_proposal(proposal_of(self.now(), every.exams, every.born), shown.head)

    def _earlier(self, every: "PatientPerio", shown: "ExamData") -> "ExamData | None":
        """Return the exam whose figures stand beside: the one drawn below, or the one before."""
        if self.below:
            return next((one for one in every.exams if one.head.id in self.below), None)
        return next(
            (
                one
                for one in every.signed
                if one.head.id != shown.head.id and one.head.on_day <= shown.head.on_day
            ),
            None,
        )

    def now(self) -> "ExamData":
        """Return the exam as it stands on the screen."""
        from clinic_desktop.services.perio.schemas import ExamData

        assert self._shown is not None  # noqa: S101 - asked by those who show one
        exam = self._frame.grid.charting.exam
        looked = {"plaque_looked": exam.plaque_looked, "calculus_looked": exam.calculus_looked}
        head = self._shown.head.model_copy(update=looked)
        return ExamData(head, tuple(exam.teeth.values()), None)

    def compared(self) -> "list[ExamData]":
        """Return this exam and those chosen, or the latest, the oldest first; at most six."""
        shown, every = self._shown, self._every
        if shown is None or every is None:
            return []
        others = [one for one in every.exams if one.head.id != shown.head.id]
        chosen = [one for one in others if one.head.id in self.below] or others
        return sorted(
            (self.now(), *chosen[: MOST_COMPARED - 1]),
            key=lambda one: (one.head.on_day, one.head.created_at),
        )
