"""What is done with an exam beside typing: each an operation behind everything that was typed."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.perio.exam import Exam, Standing
from clinic_desktop.domain.perio.rules import Path
from clinic_desktop.i18n import _, ngettext
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.perio.saving import Saving, State

if TYPE_CHECKING:  # the window is painted before the services are loaded
    from clinic_desktop.services.context import Context
    from clinic_desktop.services.perio.schemas import BackgroundValues, Decision, ExamRow


class ExamActs(QObject):
    """Acts on the exam of ``head``.

    ``done`` carries the id of the exam to show next, or None for whichever is under way;
    ``refused`` the error of an act.
    """

    done = Signal(object)
    refused = Signal(object)

    def __init__(self, desk: Desk, saving: Saving, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._saving = saving
        self.head: ExamRow | None = None
        self.seen: Callable[[], Exam] | None = None
        """The exam as it stands on the screen: what is signed or discarded is what was seen."""

    def _change(self, call: "Callable[[Context], Any]", done: Callable[[Any], None]) -> None:
        self._saving.flush()
        self._desk.operations.change(self, call, done, failed=self.refused.emit)

    def _on_head(self, name: str, *values: Any, done: Callable[[Any], None] | None = None) -> None:
        """Call a service on the exam as it was read; afterwards the exam is read again."""
        head = self.head
        if head is None or head.signed:
            return
        exam, version = head.id, head.version

        def call(ctx: "Context") -> Any:
            from clinic_desktop.services.perio import service

            return getattr(service, name)(ctx, exam, version, *values)

        self._change(call, done or (lambda _result: self.done.emit(exam)))

    def begin(self, patient_id: UUID, path: Path) -> None:
        """Begin an exam, or go on with the one under way."""
        exam_id = new_id()

        def call(ctx: "Context") -> UUID:
            from clinic_desktop.services.perio.schemas import NewExam
            from clinic_desktop.services.perio.service import begin

            return begin(ctx, NewExam(id=exam_id, patient_id=patient_id, path=path))

        self._change(call, self.done.emit)

    def say(self, **values: Any) -> None:
        """Change the path, or what was looked for."""
        from clinic_desktop.services.perio.schemas import ExamChange

        self._on_head("change", ExamChange(**values))

    def zero_margins(self) -> None:
        """Put the margins that nobody typed to the junction, where a depth was typed."""
        head = self.head
        if head is None or head.signed:
            return
        exam = head.id

        def call(ctx: "Context") -> int:
            from clinic_desktop.services.perio.service import zero_margins

            return zero_margins(ctx, exam)

        def done(count: int) -> None:
            sentence = ngettext(
                "{count} margin was set to the CEJ: only where a depth was typed and no margin.",
                "{count} margins were set to the CEJ: only where a depth was typed and no margin.",
                count,
            )
            self._desk.messages.say(sentence.format(count=count))
            self.done.emit(exam)

        self._change(call, done)

    def stand(self, fdi: int, standing: Standing) -> None:
        """Say whether a tooth is there to be probed."""
        head = self.head
        if head is None or head.signed:
            return
        exam = head.id

        def call(ctx: "Context") -> None:
            from clinic_desktop.services.perio.schemas import StandingChange
            from clinic_desktop.services.perio.service import stand

            stand(ctx, exam, StandingChange(tooth=fdi, standing=standing))

        self._change(call, lambda _result: self.done.emit(exam))

    def discard(self) -> None:
        """Discard the draft; the undo bar brings it back."""
        head = self.head
        if head is None:
            return
        exam = head.id

        def done(version: int) -> None:
            self._desk.messages.undoable(
                _("Exam discarded."), partial(self._bring_back, exam, version)
            )
            self.done.emit(None)

        self._on_head("discard", self._seen(), done=done)

    def _seen(self) -> Exam | None:
        """Return what is on the screen, None while some of it is not stored."""
        if self.seen is None or self._saving.state in (State.WAITING, State.FAILED):
            return None
        return self.seen()

    def _bring_back(self, exam: UUID, version: int) -> None:
        def call(ctx: "Context") -> int:
            from clinic_desktop.services.perio.service import bring_back

            return bring_back(ctx, exam, version)

        self._change(call, lambda _version: self.done.emit(exam))

    def decide(
        self, said: "BackgroundValues", decision: "Decision", kept: Callable[[], None]
    ) -> None:
        """Keep what else is known, and the decision, in one act."""
        head = self.head
        if head is None or head.signed:
            return
        exam, version = head.id, head.version

        def call(ctx: "Context") -> int:
            from clinic_desktop.services.perio.service import decide, tell

            return decide(ctx, exam, tell(ctx, exam, version, said), decision)

        def done(_version: int) -> None:
            kept()
            self.done.emit(exam)

        self._change(call, done)

    def sign(self) -> None:
        """Sign the exam; what is not stored yet holds it back."""
        head = self.head
        if head is None:
            return
        exam = head.id
        if self._saving.state in (State.WAITING, State.FAILED):
            self._desk.messages.warn(_("Not everything typed is stored yet. Sign when it is."))
            return

        def done(_result: object) -> None:
            self._desk.messages.say(_("Exam signed."), "signature")
            self.done.emit(exam)

        self._on_head("sign", self._seen(), done=done)
