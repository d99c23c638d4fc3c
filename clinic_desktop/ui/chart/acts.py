"""What the chart screen writes: entries, taking them back, completing; each told in the bar."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from clinic_desktop.domain.chart_line import Parsed
from clinic_desktop.i18n import _
from clinic_desktop.ui.chart.composing import Writing, line_again, new_items, said
from clinic_desktop.ui.desk import Desk

if TYPE_CHECKING:  # the window is painted before pydantic is loaded
    from clinic_desktop.services.chart.schemas import Completed, Completion, NewChartItem, VisitNow
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
        self._kept: dict[str, tuple[NewChartItem, ...]] = {}
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

    # -- adding -----------------------------------------------------------------------------

    def add(self, parsed: Parsed) -> None:
        """Add a finished line to today's chart; the undo bar takes it back."""
        patient_id = self.patient_id
        if patient_id is None:
            return
        text = line_again(parsed, self._writing)
        # A line whose answer was lost is the same act when it is sent again.
        items = self._kept.pop(text, None) or self._items(parsed)
        words = said(parsed, self._writing)

        def call(ctx: "Context") -> None:
            from clinic_desktop.services.chart.service import add

            add(ctx, patient_id, items)

        def failed(error: Exception) -> None:
            self._kept = {text: items}
            self._ended()
            self.returned.emit(text, str(error))

        ids = tuple(item.id for item in items)
        self.own.update(ids)
        self._change(call, partial(self._added, ids, words), failed)

    def _items(self, parsed: Parsed) -> "tuple[NewChartItem, ...]":
        who, visit = self._desk.who, self.visit
        provider = who.provider_id or (visit.provider_id if visit is not None else None)
        return new_items(
            parsed, provider_id=provider, visit_id=visit.id if visit is not None else None
        )

    def _added(self, ids: tuple[UUID, ...], words: str, _result: object) -> None:
        self._ended()
        self._desk.messages.undoable(
            _("Charted: {what}.").format(what=words),
            partial(self._withdraw, ids, words),
            partial(self._restore, ids, words),
        )
        self.written.emit()

    def say_examined(self, item: "NewChartItem") -> None:
        """Record that the whole mouth was looked at."""
        patient_id = self.patient_id
        if patient_id is None:
            return

        def call(ctx: "Context") -> None:
            from clinic_desktop.services.chart.service import add

            add(ctx, patient_id, [item])

        self.own.add(item.id)
        self._change(call, partial(self._added, (item.id,), _("whole mouth examined")))

    # -- taking back ------------------------------------------------------------------------

    def take_back(self, item_id: UUID, words: str) -> None:
        """Take back an entry made by mistake; the bar puts it there again."""
        ids = (item_id,)

        def done(_result: object) -> None:
            self._ended()
            self._desk.messages.undoable(
                _("Taken back: {what}.").format(what=words),
                partial(self._restore, ids, words),
                partial(self._withdraw, ids, words),
            )
            self.written.emit()

        self.own.update(ids)
        self._change(partial(_withdraw, ids), done)

    def _withdraw(self, ids: tuple[UUID, ...], words: str) -> None:
        text = _("Taken back: {what}.").format(what=words)
        self.own.update(ids)
        self._change(partial(_withdraw, ids), partial(self._told, text))

    def _restore(self, ids: tuple[UUID, ...], words: str) -> None:
        def done(_result: object) -> None:
            self._ended()
            self._desk.messages.undoable(
                _("Charted again: {what}.").format(what=words),
                partial(self._withdraw, ids, words),
                partial(self._restore, ids, words),
            )
            self.written.emit()

        self.own.update(ids)
        self._change(partial(_restore, ids), done)

    def end(self, item_id: UUID, version: int, words: str) -> None:
        """Say that a finding is no longer true; the past keeps it."""

        def call(ctx: "Context") -> int:
            from clinic_desktop.services.chart.service import end

            return end(ctx, item_id, version)

        def done(now: int) -> None:
            self._ended()
            self._desk.messages.undoable(
                _("No longer true from today: {what}.").format(what=words),
                partial(self._reopen, item_id, now, words),
            )
            self.written.emit()

        self.own.add(item_id)
        self._change(call, done)

    def _reopen(self, item_id: UUID, version: int, words: str) -> None:
        def call(ctx: "Context") -> None:
            from clinic_desktop.services.chart.service import reopen

            reopen(ctx, item_id, version)

        text = _("Still true: {what}.").format(what=words)
        self.own.add(item_id)
        self._change(call, partial(self._told, text))

    def _told(self, text: str, _result: object) -> None:
        self._ended()
        self._desk.messages.say(text, "undo-2")
        self.written.emit()

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


def _withdraw(ids: tuple[UUID, ...], ctx: "Context") -> None:
    from clinic_desktop.services.chart.service import withdraw

    withdraw(ctx, ids)


def _restore(ids: tuple[UUID, ...], ctx: "Context") -> None:
    from clinic_desktop.services.chart.service import restore

    restore(ctx, ids)
