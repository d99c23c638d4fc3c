"""What the chart screen writes: entries, taking them back, completing; each told in the bar."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from clinic_desktop.domain.chart_line import Parsed
from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.teeth.numbering import Species
from clinic_desktop.domain.teeth.of_items import mark_of
from clinic_desktop.i18n import _
from clinic_desktop.ui.chart.composing import Writing, line_again, new_items, said
from clinic_desktop.ui.desk import Desk

if TYPE_CHECKING:  # the window is painted before pydantic is loaded
    from clinic_desktop.services.chart.schemas import (
        Completed,
        Completion,
        NewChartItem,
        Uncompleted,
        Uncompletion,
        Undone,
        VisitNow,
    )
    from clinic_desktop.services.context import Context


class ChartActs(QObject):
    """Writes for one patient at a time.

    ``written`` tells that the chart is to be read again; ``returned`` that a line was not stored:
    its text and the sentence that says why.
    """

    written = Signal()
    returned = Signal(str, str)

    def __init__(self, desk: Desk, writing: Writing, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._writing = writing
        self._under_way = 0
        self._kept: dict[str, tuple[UUID, tuple[NewChartItem, ...]]] = {}
        self.patient_id: UUID | None = None
        self.visit: VisitNow | None = None
        self.own: set[UUID] = set()
        """What was written here since the chart was last read."""

    @property
    def desk(self) -> Desk:
        """What the acts are done with."""
        return self._desk

    @property
    def busy(self) -> bool:
        """Whether something of ours is on its way, which is no news when it comes back."""
        return self._under_way > 0

    def write_with(self, writing: Writing) -> None:
        """Write teeth another way: another kind of patient is shown."""
        self._writing = writing

    # -- adding -----------------------------------------------------------------------------

    def add(self, parsed: Parsed) -> None:
        """Add a finished line to the chart; the undo bar takes it back."""
        patient_id = self.patient_id
        if patient_id is None:
            return
        text = line_again(parsed, self._writing)
        # A line whose answer was lost is the same act when it is sent again.
        kept = self._kept.pop(text, None)
        act, items = kept if kept is not None else (new_id(), self._items(parsed))
        words = said(parsed, self._writing)

        def call(ctx: "Context") -> None:
            from clinic_desktop.services.chart.service import add

            add(ctx, patient_id, items, act=act)

        def failed(error: Exception) -> None:
            self._kept = {text: (act, items)}
            self._ended()
            self.returned.emit(text, str(error))

        self.own.update(item.id for item in items)
        told = _("Charted: {what}.").format(what=words)
        self._change(call, partial(self._offer, act, words, told), failed)

    def _items(self, parsed: Parsed) -> "tuple[NewChartItem, ...]":
        who, visit = self._desk.who, self.visit
        provider = who.provider_id or (visit.provider_id if visit is not None else None)
        return new_items(
            parsed, provider_id=provider, visit_id=visit.id if visit is not None else None
        )

    def set_species(self, species: Species) -> None:
        """Say whose teeth these are."""
        patient_id = self.patient_id
        if patient_id is None:
            return

        def call(ctx: "Context") -> None:
            from clinic_desktop.services.chart.service import set_species

            set_species(ctx, patient_id, species)

        def done(_result: object) -> None:
            self._ended()
            self.written.emit()

        self._change(call, done)

    def say_examined(self, item: "NewChartItem") -> None:
        """Record that the whole mouth was looked at."""
        patient_id, act = self.patient_id, new_id()
        if patient_id is None:
            return

        def call(ctx: "Context") -> None:
            from clinic_desktop.services.chart.service import add

            add(ctx, patient_id, [item], act=act)

        self.own.add(item.id)
        words = _("whole mouth examined")
        told = _("Charted: {what}.").format(what=words)
        self._change(call, partial(self._offer, act, words, told))

    def change_day(self, item_id: UUID, version: int, since: date, words: str) -> None:
        """Say from when an entry is true."""
        act = new_id()

        def call(ctx: "Context") -> int:
            from clinic_desktop.services.chart.service import change_day

            return change_day(ctx, item_id, version, since, act=act)

        self.own.add(item_id)
        told = _("Another day: {what}.").format(what=words)
        self._change(call, partial(self._offer, act, words, told))

    # -- taking back ------------------------------------------------------------------------

    def take_back(self, seen: Mapping[UUID, int], words: str) -> None:
        """Take back entries made by mistake, as they were seen; the bar puts them there again."""
        act = new_id()

        def call(ctx: "Context") -> None:
            from clinic_desktop.services.chart.service import withdraw

            withdraw(ctx, tuple(seen), act=act, seen=seen)

        self.own.update(seen)
        told = _("Taken back: {what}.").format(what=words)
        self._change(call, partial(self._offer, act, words, told))

    def end(self, item_id: UUID, version: int, words: str) -> None:
        """Say that a finding is no longer true; the past keeps it."""
        act = new_id()

        def call(ctx: "Context") -> int:
            from clinic_desktop.services.chart.service import end

            return end(ctx, item_id, version, act=act)

        self.own.add(item_id)
        told = _("No longer true from today: {what}.").format(what=words)
        self._change(call, partial(self._offer, act, words, told))

    def _offer(self, act: UUID, words: str, told: str, _result: object) -> None:
        """Tell what was done and offer to take it back."""
        self._ended()
        self._desk.messages.undoable(
            told,
            partial(self._turn, act, words, back=True),
            partial(self._redo, act, words, _("Done again: {what}.").format(what=words)),
        )
        self.written.emit()

    def _redo(self, act: UUID, words: str, told: str) -> None:
        def over(undone: "Undone") -> None:
            self.own.update(item.id for item in undone.items)
            self._offer(act, words, told, undone)

        self._turn(act, words, back=False, done=over)

    def _turn(
        self,
        act: UUID | None,
        words: str,
        *,
        back: bool,
        done: Callable[..., None] | None = None,
    ) -> None:
        """Take an act back or do it again; without one the last one the log knows."""
        patient_id = self.patient_id
        if patient_id is None:
            return

        def call(ctx: "Context") -> "Undone":
            from clinic_desktop.services.chart.undo import redo, undo

            return (undo if back else redo)(ctx, patient_id, act)

        self._change(call, done or partial(self._turned, words, back=back))

    def _turned(self, words: str, undone: "Undone", *, back: bool) -> None:
        self._ended()
        self.own.update(item.id for item in undone.items)
        told = words or self._words_of(undone)
        sentence = _("Taken back: {what}.") if back else _("Done again: {what}.")
        self._desk.messages.say(sentence.format(what=told), "undo-2")
        self.written.emit()

    def _words_of(self, undone: "Undone") -> str:
        words = [
            f"{self._writing.where(item.tooth, item.surfaces)} {mark_of(item).label}".strip()
            for item in undone.items
        ]
        return ", ".join(dict.fromkeys(words))

    def undo_further(self) -> None:
        """Take back what the log knows of, after a restart or when this screen forgot."""
        self._turn(None, "", back=True)

    def redo_further(self) -> None:
        """Do again what the log knows was taken back."""
        self._turn(None, "", back=False)

    # -- completed by mistake ---------------------------------------------------------------

    def uncomplete(self, asked: "Uncompletion", done: "Callable[[Uncompleted], None]") -> None:
        """Take the completion of one piece of work back."""

        def call(ctx: "Context") -> "Uncompleted":
            from clinic_desktop.services.chart.uncomplete import uncomplete

            return uncomplete(ctx, asked)

        def over(result: "Uncompleted") -> None:
            self._ended()
            done(result)
            self.written.emit()

        self.own.add(asked.item_id)
        self._change(call, over)

    # -- completing -------------------------------------------------------------------------

    def complete(
        self,
        completion: "Completion",
        done: "Callable[[Completed], None]",
        failed: Callable[[Exception], None],
    ) -> None:
        """Complete a visit in one transaction."""

        def call(ctx: "Context") -> "Completed":
            from clinic_desktop.services.chart.complete import complete_visit

            return complete_visit(ctx, completion)

        def over(completed: "Completed") -> None:
            self._ended()
            self.own.update((*completion.item_ids, *completed.item_ids))
            done(completed)
            self.written.emit()

        def refused(error: Exception) -> None:
            self._ended()
            failed(error)

        self._change(call, over, refused)

    # -- on the way -------------------------------------------------------------------------

    def _change(
        self,
        call: "Callable[[Context], object]",
        done: Callable[..., None],
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        self._under_way += 1
        self._desk.operations.change(self, call, done, failed=failed or self._refused)

    def _refused(self, error: Exception) -> None:
        self._ended()
        self._desk.messages.warn(str(error))
        self.written.emit()

    def _ended(self) -> None:
        self._under_way -= 1
