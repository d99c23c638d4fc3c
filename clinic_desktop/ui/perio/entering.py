"""From the keys to the store, and back: what was left unsent, and what somebody else typed."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from clinic_desktop.domain.perio.exam import Exam
from clinic_desktop.domain.perio.words import place_words, value_words
from clinic_desktop.domain.teeth.numbering import written as tooth_number
from clinic_desktop.i18n import _, ngettext
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.perio.charting import Change
from clinic_desktop.ui.perio.frame import PerioFrame
from clinic_desktop.ui.perio.saving import Saving

if TYPE_CHECKING:  # the window is painted before the services are loaded
    from clinic_desktop.services.perio.schemas import Clash

_MOST_TOLD = 4


class Entering(QObject):
    """Stores what the grid types. ``changed`` says that the figures are others now, ``doubtful``
    that the exam should be read again.
    """

    changed = Signal()
    doubtful = Signal()

    def __init__(self, desk: Desk, frame: PerioFrame, saving: Saving) -> None:
        super().__init__(frame)
        self._desk, self._grid, self._notice = desk, frame.grid, frame.notice
        self._saving = saving
        frame.grid.typed.connect(self._typed)
        saving.clashed.connect(self._clashed)
        frame.notice.mine.clicked.connect(self._take_mine)

    def _typed(self, changes: tuple[Change, ...]) -> None:
        self._saving.put(changes, self._grid.charting.cursor)
        self.changed.emit()

    def send_what_was_left(self, left: tuple[Change, ...]) -> None:
        """Type again what an earlier session could not send, and go on where it stopped.

        What the server took before the program could hear of it is there already.
        """
        exam = self._grid.charting.exam
        left = tuple(
            one
            for one in left
            if one.cell.tooth in exam.teeth and exam.value(one.cell) != one.value
        )
        if not left:
            self._saving.forget_left()
            return
        for change in left:
            exam = exam.with_value(change.cell, change.value)
        self._grid.take(exam)
        if self._saving.left_at is not None:
            self._grid.resume(self._saving.left_at)
        self._saving.put(left, self._grid.charting.cursor)
        sentence = ngettext(
            "{count} value that was not stored before is stored now.",
            "{count} values that were not stored before are stored now.",
            len(left),
        )
        self._desk.messages.say(sentence.format(count=len(left)), "refresh-cw")

    def note_news(self, after: Exam) -> None:
        """Say on which teeth somebody else charted meanwhile."""
        here = self._grid.charting.exam
        teeth = [fdi for fdi, one in after.teeth.items() if here.teeth.get(fdi) not in (None, one)]
        if teeth:
            names = ", ".join(tooth_number(fdi, self._desk.who.notation) for fdi in sorted(teeth))
            self._desk.messages.say(
                _("Somebody else charted just now: {teeth}.").format(teeth=names), "refresh-cw"
            )

    def _clashed(self, clashes: "tuple[Clash, ...]") -> None:
        """Show what somebody else had filled, and offer to write the own value over it."""
        exam = self._grid.charting.exam
        for clash in clashes:
            exam = exam.with_value(clash.write.cell, clash.theirs)
        self._grid.take(exam)
        notation = self._desk.who.notation
        told = "; ".join(
            _("{cell}: yours {mine}, theirs {theirs}").format(
                cell=place_words(one.write.cell, notation),
                mine=value_words(one.write.cell, one.write.value),
                theirs=value_words(one.write.cell, one.theirs),
            )
            for one in clashes[:_MOST_TOLD]
        )
        who = ", ".join(dict.fromkeys(one.who for one in clashes))
        self._notice.tell(
            _("{who} filled this since you saw it. {what}.").format(who=who, what=told), clashes
        )
        self.doubtful.emit()

    def _take_mine(self) -> None:
        changes = tuple(
            Change(one.write.cell, one.theirs, one.write.value) for one in self._notice.clashes
        )
        exam = self._grid.charting.exam
        for change in changes:
            exam = exam.with_value(change.cell, change.value)
        self._grid.take(exam)
        self._notice.hide()
        self._typed(changes)
        self._grid.setFocus(Qt.FocusReason.OtherFocusReason)
