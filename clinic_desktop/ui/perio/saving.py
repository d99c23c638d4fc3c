"""Every cell typed is stored, in order, while typing goes on; none is lost when the server is away.

One write is under way at a time. What is typed meanwhile waits and goes together with the next one.
What could not be sent is kept encrypted on this computer and sent when the server is back.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Final
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from clinic_desktop.domain.perio.exam import Cell
from clinic_desktop.domain.perio.rules import Measure
from clinic_desktop.errors import BusyError, UnreachableError
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.drafts import DraftKeeper
from clinic_desktop.ui.perio.charting import Change

if TYPE_CHECKING:  # the window is painted before the services are loaded
    from clinic_desktop.services.context import Context
    from clinic_desktop.services.perio.schemas import Typed

RETRY_MS: Final = 2000
FORM: Final = "perio"


class State(StrEnum):
    """What the foot says of what was typed."""

    IDLE = "idle"
    SAVING = "saving"
    SAVED = "saved"
    WAITING = "waiting"
    FAILED = "failed"


class Saving(QObject):
    """Stores the changes of one exam; ``open`` takes up another one."""

    changed = Signal()
    """The state is another one."""
    clashed = Signal(object)
    """The ``Clash``es of a write: somebody else filled these cells."""

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._exam: UUID | None = None
        self._keeper: DraftKeeper | None = None
        self._waiting: list[Change] = []
        self._sent: list[Change] = []
        self._behind: dict[UUID, int] = {}
        self._resume: Cell | None = None
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(RETRY_MS)
        self._again.timeout.connect(self.send)
        desk.operations.connection.connect(self._connection)
        self.state = State.IDLE
        self.sentence = ""
        self.at: datetime | None = None
        self._on_disk = False
        self.left_at: Cell | None = None
        """Where typing stood when what another session could not send was kept."""
        self.typed = 0
        """How many changes were ever given: an answer read before the last one is out of date."""

    def open(self, exam: UUID | None) -> tuple[Change, ...]:
        """Store from here on into this exam; return what another session could not send."""
        if exam == self._exam:
            return ()
        self.flush()
        self._leave_behind()
        self._exam, self.left_at, self._on_disk = exam, None, False
        if self._keeper is not None:
            self._keeper.deleteLater()
            self._keeper = None
        self._tell(State.IDLE)
        if exam is None:
            return ()
        self._keeper = DraftKeeper(
            self._desk.drafts, form=FORM, key=str(exam), read=self._kept, parent=self
        )
        self._keeper.kept.connect(self._kept_on_disk)
        found = self._keeper.recall() or {}
        if "resume" in found:
            tooth, measure, place = json.loads(found["resume"])
            self.left_at = Cell(tooth, Measure(measure), place)
        return _changes(found["cells"]) if "cells" in found else ()

    def _leave_behind(self) -> None:
        """Keep on this computer what is still under way into the exam that is left."""
        if not self.quiet and self._exam is not None:
            self._keep_now()
            self._behind[self._exam] = len(self._sent)
        self._waiting, self._sent = [], []
        self._again.stop()

    @property
    def quiet(self) -> bool:
        """Whether everything typed is stored."""
        return not self._waiting and not self._sent

    def put(self, changes: Sequence[Change], resume: Cell | None) -> None:
        """Store these as well."""
        if not changes:
            return
        self.typed += len(changes)
        self._waiting += changes
        self._resume = resume
        if self.state is State.WAITING:
            # "Kept here" is said of every key: the power may go before the typing pauses.
            self._keep_now()
        elif self._keeper is not None:
            self._keeper.touched()
        if not self._sent and not self._again.isActive():
            self.send()
        elif self.state is not State.WAITING:
            self._tell(State.SAVING)

    @Slot()
    def send(self) -> None:
        """Send what waits; what is typed until the answer goes with the next write."""
        self._again.stop()
        if self._sent or not self._waiting or self._exam is None:
            return
        self._sent, self._waiting = self._waiting, []
        if self.state is not State.WAITING:
            self._tell(State.SAVING)
        self._write(self._exam, self._sent, self._resume)

    def flush(self) -> None:
        """Send what waits at once, behind what is under way: the screen is about to go."""
        if self._waiting and self._exam is not None:
            if self.state in (State.WAITING, State.FAILED):
                self._keep_now()
                return
            batch, self._waiting = self._waiting, []
            self._sent += batch
            self._write(self._exam, batch, self._resume)

    def _write(self, exam: UUID, batch: Sequence[Change], resume: Cell | None) -> None:
        def call(ctx: "Context") -> "Typed":
            from clinic_desktop.services.perio.schemas import CellWrite
            from clinic_desktop.services.perio.service import write

            cells = [
                CellWrite(
                    tooth=one.cell.tooth,
                    measure=one.cell.measure,
                    place=one.cell.place,
                    value=one.value,
                    before=one.before,
                )
                for one in batch
            ]
            return write(ctx, exam, cells, resume=resume)

        count = len(batch)
        self._desk.operations.change(
            self,
            call,
            lambda typed: self._stored(exam, count, typed),
            failed=lambda error: self._failed(exam, error),
        )

    def _stored(self, exam: UUID, count: int, typed: "Typed") -> None:
        if exam != self._exam:
            self._stored_behind(exam, count)
            return
        del self._sent[:count]
        self.at = typed.at
        if self.quiet:
            if self._keeper is not None:
                self._keeper.forget()
            self._on_disk = False
            self._tell(State.SAVED)
        else:
            if self._on_disk:
                # What is stored by now must not come back from the draft.
                self._keep_now()
            self._tell(State.SAVING)
            self.send()
        if typed.clashes:
            self.clashed.emit(typed.clashes)

    def _stored_behind(self, exam: UUID, count: int) -> None:
        """Forget what was kept of an exam that was left, once all of it is stored."""
        left = self._behind.pop(exam, 0) - count
        if left > 0:
            self._behind[exam] = left
        elif left == 0:
            self._desk.drafts.forget(FORM, str(exam))

    def _failed(self, exam: UUID, error: Exception) -> None:
        if exam != self._exam:
            return
        # In its order, before what was typed since; sent twice it is stored once.
        self._waiting = [*self._sent, *self._waiting]
        self._sent = []
        self._keep_now()
        self.sentence = str(error)
        if isinstance(error, UnreachableError | BusyError):
            self._tell(State.WAITING)
            self._again.start()
        else:
            self._tell(State.FAILED)

    @Slot(bool)
    def _connection(self, connected: bool) -> None:
        if connected and self.state is State.WAITING:
            self.send()

    def give_up(self) -> tuple[Change, ...]:
        """Let go of what could not be stored, and return it."""
        left = (*self._sent, *self._waiting)
        self._sent, self._waiting = [], []
        if self._keeper is not None:
            self._keeper.forget()
        self._tell(State.IDLE)
        return left

    def forget_left(self) -> None:
        """Let go of what was left: the server has it."""
        if self._keeper is not None:
            self._keeper.forget()

    def _keep_now(self) -> None:
        """Keep on this computer what is not stored, without waiting for the typing to pause."""
        if self._keeper is not None:
            self._keeper.touched()
            self._keeper.keep_now()

    @Slot()
    def _kept_on_disk(self) -> None:
        self._on_disk = True

    def _tell(self, state: State) -> None:
        self.state = state
        self.changed.emit()

    def _kept(self) -> dict[str, str]:
        cells = [
            [one.cell.tooth, one.cell.measure.value, int(one.cell.place), one.before, one.value]
            for one in (*self._sent, *self._waiting)
        ]
        kept = {"cells": json.dumps(cells)}
        at = self._resume
        if at is not None:
            kept["resume"] = json.dumps([at.tooth, at.measure.value, int(at.place)])
        return kept


def _changes(kept: str) -> tuple[Change, ...]:
    return tuple(
        Change(Cell(tooth, Measure(measure), place), before, value)
        for tooth, measure, place, before, value in json.loads(kept)
    )
