"""Files on their way into a record: dropped, pasted, chosen, scanned; one after the other."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import UUID

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.uploads import ENDINGS
from clinic_desktop.errors import ClinicError
from clinic_desktop.i18n import _, ngettext
from clinic_desktop.services.documents import attachments
from clinic_desktop.services.documents.schemas import Attached, NewAttachment
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.handed_in import Source
from clinic_desktop.ui.widgets.asking_files import ask_files, pictures_folder

if TYPE_CHECKING:
    from clinic_desktop.services.context import Context

_MOST_AT_ONCE: Final = 500


class Adder(QObject):
    """Stores files one by one, each in a transaction of its own; refusals are told at the end.

    One failing leaves the others: nothing chosen is lost without a sentence. ``shows`` says
    whether the tab in view shows a media type; where it does not, the message says where it is.
    """

    progressed = Signal(int, int)
    """How many are done, of how many."""
    ended = Signal(object)
    """The sentences of what was refused or needs a look, as (name, sentence)."""
    stored = Signal(object)
    """The ``Source`` that is now part of the record."""

    def __init__(self, desk: Desk, parent: QWidget, shows: Callable[[str], bool]) -> None:
        super().__init__(parent)
        self._shows = shows
        self._desk = desk
        self._parent = parent
        self._waiting: list[tuple[UUID, UUID, Source]] = []
        self._added: list[tuple[UUID, Attached]] = []
        self._told: list[tuple[str, str]] = []
        self._total = 0

    @property
    def busy(self) -> bool:
        """Whether files are on their way."""
        return self._total > 0

    def add(self, patient_id: UUID, sources: Sequence[Source]) -> None:
        """Store these files in a patient's record, after those that are on their way."""
        if not sources:
            return
        if len(sources) > _MOST_AT_ONCE:
            self._desk.messages.warn(
                _("Add at most {count} files at once.").format(count=_MOST_AT_ONCE)
            )
            return
        idle = not self._waiting and not self.busy
        # The ids are made here, so that a file that is sent twice is stored once.
        self._waiting += [(patient_id, new_id(), source) for source in sources]
        self._total += len(sources)
        self.progressed.emit(self._total - len(self._waiting), self._total)
        if idle:
            self._next()

    def stop(self) -> None:
        """Leave out those that have not begun; what is stored stays."""
        self._total -= len(self._waiting)
        self._waiting.clear()

    def choose(self, patient_id: UUID) -> None:
        """Ask which files, in the system's own window."""
        endings = " ".join(f"*.{ending}" for all_ in ENDINGS.values() for ending in all_)
        ask_files(
            self._parent,
            _("Add files"),
            lambda names: self.add(patient_id, [Source(Path(n).name, Path(n)) for n in names]),
            filters=[f"{_('Images and documents')} ({endings})", _("All files (*)")],
            folder=pictures_folder(),
        )

    def _next(self) -> None:
        if not self._waiting:
            self._end()
            return
        patient, attachment, source = self._waiting.pop(0)
        new = NewAttachment(id=attachment, patient_id=patient)

        def call(ctx: "Context") -> Attached:
            if source.path is not None:
                return attachments.attach(ctx, new, source.path)
            return attachments.attach_bytes(ctx, new, source.data, source.name)

        self._desk.operations.change(
            self,
            call,
            partial(self._one_stored, patient, source),
            failed=partial(self._one_refused, source),
        )

    def _one_stored(self, patient: UUID, source: Source, attached: Attached) -> None:
        if attached.already:
            title = attached.title
            self._told.append(
                (source.name, _("This record has it already: {title}.").format(title=title))
            )
        else:
            self._added.append((patient, attached))
        if attached.differs:
            what = ", ".join(attached.differs)
            sentence = _("The file says {what}. Check that it belongs to this patient.")
            self._told.append((source.name, sentence.format(what=what)))
        self.stored.emit(source)
        self._go_on()

    def _one_refused(self, source: Source, error: Exception) -> None:
        self._told.append((source.name, str(error)))
        self._go_on()

    def _go_on(self) -> None:
        self.progressed.emit(self._total - len(self._waiting), self._total)
        self._next()

    def _end(self) -> None:
        added, told = tuple(self._added), tuple(self._told)
        self._added, self._told, self._total = [], [], 0
        if added:
            words = ngettext("{count} file added.", "{count} files added.", len(added))
            said = words.format(count=len(added))
            if not all(self._shows(one.media_type) for _patient, one in added):
                said += " " + _("Pictures stand under Images, the rest under Documents.")
            self._desk.messages.undoable(said, partial(self._take_back, added))
        self.ended.emit(told)

    def _take_back(self, added: tuple[tuple[UUID, Attached], ...]) -> None:
        def call(ctx: "Context") -> int:
            for _patient, one in added:
                attachments.remove(ctx, one.id, one.version)
            return len(added)

        def done(count: int) -> None:
            words = ngettext(
                "{count} file taken out again.", "{count} files taken out again.", count
            )
            self._desk.messages.say(words.format(count=count), "undo-2")

        def failed(error: Exception) -> None:
            if isinstance(error, ClinicError):
                self._desk.messages.refuse(error)

        self._desk.operations.change(self._parent, call, done, failed=failed)
