"""A patient's periodontal chart: grid, side panel, what is stored, decided, compared, printed."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from PySide6.QtCore import QPoint, Qt, QTimer, Slot
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.perio.exam import Cell, Exam, Standing
from clinic_desktop.domain.perio.rules import MOST_COMPARED, Path
from clinic_desktop.domain.perio.words import STANDINGS, place_words, value_words
from clinic_desktop.domain.teeth.numbering import written as tooth_number
from clinic_desktop.errors import StaleError
from clinic_desktop.i18n import N_, _, ngettext
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.documents.paper_page import PaperPage
from clinic_desktop.ui.patients.tab import PatientTab
from clinic_desktop.ui.perio.charting import Change, Row
from clinic_desktop.ui.perio.compare import ComparePage
from clinic_desktop.ui.perio.decide import DecideDialog
from clinic_desktop.ui.perio.grid import PerioGrid
from clinic_desktop.ui.perio.keys import path_hint, perio_keys
from clinic_desktop.ui.perio.saving import Saving, State
from clinic_desktop.ui.perio.side import PerioSide
from clinic_desktop.ui.screen import KeyHelp
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.dialog import Dialog
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.panel import StatePanel
from clinic_desktop.ui.widgets.side import SideSplit
from clinic_desktop.ui.written import Written

if TYPE_CHECKING:  # the window is painted before the services are loaded
    from clinic_desktop.services.context import Context
    from clinic_desktop.services.perio.schemas import (
        BackgroundValues,
        Clash,
        Decision,
        ExamData,
        PatientPerio,
    )

_SIDE: Final = 324
_LEAST_WORK: Final = 840
# Own writes are heard as changes as well: the answer is asked for when the typing pauses.
_PAUSE_MS: Final = 700
_FIGURES_MS: Final = 120


class PerioTab(PatientTab):
    """The tab Perio; ``open`` shows another patient's exams."""

    title = N_("Perio")
    topics = frozenset({"perio_exam", "perio_tooth"})
    uses_letters = True

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        who = desk.who
        self._written = Written(who.locale, who.currency, who.zone)
        self._may_write = who.may("clinical.write")
        self._may_sign = who.may("clinical.sign")
        self._every: PatientPerio | None = None
        self._shown: ExamData | None = None
        self._wanted: UUID | None = None
        self._below: tuple[UUID, ...] = ()
        self._wants_focus = False
        self._asked_at = -1
        self._seen = ""
        self.dialog: DecideDialog | None = None
        self.grid = PerioGrid(desk.theme, who.notation)
        self.side = PerioSide(desk.theme, self._written, who.notation)
        self.saving = Saving(desk, self)
        self.paper = PaperPage(desk.theme)
        self.comparison = ComparePage(desk.theme, self._written, who.notation)
        self._lay_out()
        self._timers()
        self._connect()

    def _lay_out(self) -> None:
        theme = self.desk.theme
        self.notice = _Notice(self.desk)
        work = QFrame()
        work.setProperty("kind", "surface")
        column = QVBoxLayout(work)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.notice)
        column.addWidget(self.grid, 1)
        self.split = SideSplit(
            work, self.side, theme=theme, width=_SIDE, least=_LEAST_WORK, gutter=0
        )
        self.pages = QStackedWidget()
        for page in (self.split, self.paper, self.comparison):
            self.pages.addWidget(page)
        self.panel = StatePanel(theme=theme, framed=False)
        self.begin_button = Button(
            _("Begin an exam"), theme=theme, icon="plus", key="Ctrl+Enter", kind="primary"
        )
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.panel)
        # Wait beside the panel until the first exam is there.
        for waiting in (self.pages, self.begin_button):
            waiting.setParent(self)
            waiting.hide()

    def _timers(self) -> None:
        self._reload_soon = QTimer(self)
        self._reload_soon.setSingleShot(True)
        self._reload_soon.setInterval(_PAUSE_MS)
        self._reload_soon.timeout.connect(self._ask)
        # Indices and proposal follow the typing; they are not in the way of the next key.
        self._figures_soon = QTimer(self)
        self._figures_soon.setSingleShot(True)
        self._figures_soon.setInterval(_FIGURES_MS)
        self._figures_soon.timeout.connect(self._show_figures)

    def _connect(self) -> None:
        side = self.side
        self.grid.typed.connect(self._typed)
        self.grid.moved.connect(self._moved)
        self.grid.refused.connect(side.refuse)
        self.grid.menu_asked.connect(self._tooth_menu)
        side.keypad.pressed.connect(self._touched)
        side.path_chosen.connect(self._use_path)
        side.compared.connect(self._compare)
        side.all_exams.clicked.connect(self.show_comparison)
        side.why.clicked.connect(self.open_decision)
        side.zero.clicked.connect(self._zero_margins)
        side.again.clicked.connect(self.saving.send)
        side.discard.clicked.connect(self._discard)
        side.print.clicked.connect(self.print_current)
        side.sign.clicked.connect(self.do_primary)
        side.begin.clicked.connect(self.begin)
        side.plaque_looked.clicked.connect(partial(self._looked, "plaque_looked"))
        side.calculus_looked.clicked.connect(partial(self._looked, "calculus_looked"))
        self.begin_button.clicked.connect(self.begin)
        self.saving.changed.connect(self._saving_changed)
        self.saving.clashed.connect(self._clashed)
        self.paper.left.connect(self._back)
        self.comparison.left.connect(self._back)
        self.notice.mine.clicked.connect(self._take_mine)
        self.notice.theirs.clicked.connect(self.notice.hide)

    # -- what the workspace calls ---------------------------------------------------------------

    def open(self, patient_id: UUID, card: Any) -> None:
        """Show a patient's exams: the one under way, or the latest."""
        if patient_id != self.patient_id:
            self.leaving()
            self._every = self._shown = self._wanted = None
            self._below = ()
            self.notice.hide()
            self.saving.open(None)
            self._back()
        super().open(patient_id, card)
        self._ask()

    def reload(self) -> None:
        """Ask again, once the typing pauses: own writes are heard as well."""
        self._reload_soon.start()

    def start_focus(self) -> None:
        """Begin in the first empty site."""
        self._wants_focus = self._shown is None
        if self.pages.currentWidget() is self.paper:
            self.paper.preview.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self._every is not None and self._shown is None:
            self.begin_button.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self._shown is None:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def do_primary(self) -> None:
        """Sign the exam under way, or begin one."""
        if self._shown is None or self._shown.head.signed:
            self.begin()
        elif self._may_sign:
            self._ask_to_sign()
        else:
            self.desk.messages.say(_("Your roles do not include “Sign notes”."), "info")

    def toggle_side(self) -> None:
        """Show or hide the side panel."""
        self.split.toggle()

    def panes(self) -> list[QWidget]:
        """Return grid and side panel."""
        return [self.grid, self.side]

    def keys(self) -> list[KeyHelp]:
        """Return the keys of the grid."""
        return perio_keys()

    def hint(self) -> str:
        """Return the path of the probe."""
        return path_hint(self.grid.charting.path) if self._editing else ""

    def leaving(self) -> None:
        """Send what is not stored yet."""
        self.saving.flush()

    def hideEvent(self, event: QHideEvent) -> None:
        """Send what is not stored yet when another tab or screen is shown."""
        super().hideEvent(event)
        self.leaving()

    def showEvent(self, event: QShowEvent) -> None:
        """Say the path."""
        super().showEvent(event)
        self.desk.messages.hint(self.hint())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go back from paper and comparison by Esc."""
        if event.key() == Qt.Key.Key_Escape and self.pages.currentWidget() is not self.split:
            self._back()
            return
        super().keyPressEvent(event)

    @property
    def _editing(self) -> bool:
        return self._shown is not None and not self._shown.head.signed and self._may_write

    # -- loading --------------------------------------------------------------------------------

    @Slot()
    def _ask(self) -> None:
        patient_id = self.patient_id
        if patient_id is None:
            return
        if not self.saving.quiet:
            if self.saving.state is not State.WAITING:
                self._reload_soon.start()
            return
        if self._every is None:
            self.panel.show_loading(_("Asking for the exams…"))
        self._asked_at = self.saving.typed

        def call(ctx: "Context") -> "PatientPerio":
            from clinic_desktop.services.perio.reading import exams_of

            return exams_of(ctx, patient_id)

        self.desk.operations.query(self, call, self._loaded, failed=self._failed, key="exams")

    def _failed(self, error: Exception) -> None:
        self.panel.show_failed(str(error), self._ask, seen=self._seen)

    def _loaded(self, every: "PatientPerio") -> None:
        if every.patient_id != self.patient_id:
            return
        if self._asked_at != self.saving.typed or not self.saving.quiet:
            # Something was typed since it was asked: this answer is older than the screen.
            self._reload_soon.start()
            return
        first, self._every = self._every is None, every
        self._seen = self._written.clock(self.desk.operations.now())
        before = self._shown
        self._shown = self._choose(every)
        if self._shown is None:
            self._show_none()
        else:
            self._show(before)
        if first and self._wants_focus:
            self.start_focus()

    def _choose(self, every: "PatientPerio") -> "ExamData | None":
        """Return the exam to show: the one asked for, the one under way, or the latest."""
        wanted = next((one for one in every.exams if one.head.id == self._wanted), None)
        return wanted or every.draft or next(iter(every.exams), None)

    def _show_none(self) -> None:
        self.saving.open(None)
        button = self.begin_button if self._may_write else None
        self.panel.show_empty(
            _("No periodontal exam yet."),
            button,
            detail=_("Not examined: nothing is known of these gums."),
        )
        self.begin_button.setVisible(self._may_write)
        if self._wants_focus and button is not None:
            button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show(self, before: "ExamData | None") -> None:
        shown = self._shown
        assert shown is not None  # noqa: S101 - asked by the caller
        same = before is not None and before.head.id == shown.head.id
        head = shown.head
        read_only = head.signed or not self._may_write
        if self.panel.state != "content":
            self.pages.show()
            self.panel.show_content(self.pages)
        if same and self.grid.read_only is read_only:
            self._note_news(before, shown)
            self.grid.take(shown.exam)
            self.grid.charting.use_path(head.path)
        else:
            self.grid.show_exam(shown.exam, head.path, resume=shown.resume, read_only=read_only)
            left = self.saving.open(None if read_only else head.id)
            if left:
                self._send_what_was_left(left)
            if not same and self.isVisible() and self.pages.currentWidget() is self.split:
                self.start_focus()
        self._show_side()

    def _send_what_was_left(self, left: tuple[Change, ...]) -> None:
        """Type again what an earlier session could not send."""
        exam = self.grid.charting.exam
        for change in left:
            if change.cell.tooth in exam.teeth:
                exam = exam.with_value(change.cell, change.value)
        self.grid.take(exam)
        self.saving.put(left, self.grid.charting.cursor)
        sentence = ngettext(
            "{count} value that was not stored before is stored now.",
            "{count} values that were not stored before are stored now.",
            len(left),
        )
        self.desk.messages.say(sentence.format(count=len(left)), "refresh-cw")

    def _note_news(self, before: "ExamData | None", after: "ExamData") -> None:
        """Say on which teeth somebody else charted meanwhile."""
        here = self.grid.charting.exam
        teeth = [
            fdi for fdi, one in after.exam.teeth.items() if here.teeth.get(fdi) not in (None, one)
        ]
        if teeth and before is not None and not after.head.signed:
            names = ", ".join(tooth_number(fdi, self.desk.who.notation) for fdi in sorted(teeth))
            self.desk.messages.say(
                _("Somebody else charted just now: {teeth}.").format(teeth=names), "refresh-cw"
            )

    # -- showing --------------------------------------------------------------------------------

    def _show_side(self) -> None:
        shown, every = self._shown, self._every
        if shown is None or every is None:
            return
        others = [one for one in every.exams if one.head.id != shown.head.id]
        draft = every.draft
        self.side.show_others(
            others[: 3 * MOST_COMPARED], self._below, draft.head.id if draft else None
        )
        self.side.paths.set_value(shown.head.path)
        self.side.show_acts(
            signed=shown.head.signed,
            may_write=self._may_write,
            may_sign=self._may_sign,
            draft=draft is not None,
        )
        self.side.show_saving(self.saving)
        self._moved()
        self._show_below()
        self._show_figures()
        if self.isVisible():
            self.desk.messages.hint(self.hint())
        if shown.head.signed:
            self.side.where.setText(
                _("Signed {day} by {name}. Read only.").format(
                    day=self._written.moment(shown.head.signed_at or shown.head.created_at),
                    name=shown.head.signer or "",
                )
            )
            self.side.site.setText(
                _("Exam of {day}").format(day=self._written.day(shown.head.on_day))
            )

    def _show_below(self) -> None:
        every = self._every
        if every is not None:
            self.grid.compare(tuple(
                one.exam for one in every.exams if one.head.id in self._below
            ))  # fmt: skip

    @Slot()
    def _show_figures(self) -> None:
        shown, every = self._shown, self._every
        if shown is None or every is None:
            return
        exam = self.grid.charting.exam
        earlier = next((one for one in every.exams if one.head.id in self._below), None)
        if earlier is None and not self._below:
            earlier = next(
                (one for one in every.signed if one.head.id != shown.head.id
                 and one.head.on_day <= shown.head.on_day), None,
            )  # fmt: skip
        self.side.show_figures(shown.head, exam, earlier)
        self.side.show_looked(exam, may=self._editing)
        self.side.show_proposal(self._proposal(exam), shown.head)

    def _now(self, exam: Exam) -> "ExamData":
        """Return the exam as it stands on the screen."""
        from clinic_desktop.services.perio.schemas import ExamData

        shown = self._shown
        assert shown is not None  # noqa: S101 - asked by the caller
        head = shown.head.model_copy(
            update={
                "plaque_looked": exam.plaque_looked, "calculus_looked": exam.calculus_looked,
            }
        )  # fmt: skip
        return ExamData(head, tuple(exam.teeth.values()), None)

    def _proposal(self, exam: Exam) -> Any:
        from clinic_desktop.services.perio.reading import proposal_of

        every = self._every
        assert every is not None  # noqa: S101 - asked by the caller
        return proposal_of(self._now(exam), every.exams, every.born)

    @Slot()
    def _moved(self) -> None:
        charting = self.grid.charting
        if self._shown is None or self._shown.head.signed:
            return
        self.side.show_due(
            charting.cursor, charting.exam, at_end=charting.at_end, read_only=self.grid.read_only
        )
        rows = {"M": Row.MARGIN, "F": Row.FURCATION, "O": Row.MOBILITY, "J": Row.MGJ}
        measure = charting.cursor.measure.value if charting.cursor else ""
        self.side.keypad.show_modes(
            ten=charting.ten,
            minus=charting.minus,
            three=charting.three,
            **{key: row.value == measure for key, row in rows.items()},
        )
        if self.grid.wrong is None:
            self.side.refuse("")

    # -- typing ---------------------------------------------------------------------------------

    def _typed(self, changes: tuple[Change, ...]) -> None:
        self.saving.put(changes, self.grid.charting.cursor)
        self._figures_soon.start()

    def _touched(self, key: str) -> None:
        if key in ("Left", "Right"):
            self.grid.step(-1 if key == "Left" else 1)
        else:
            self.grid.act(key)
        self.grid.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _saving_changed(self) -> None:
        self.side.show_saving(self.saving)

    def _clashed(self, clashes: "tuple[Clash, ...]") -> None:
        """Show what somebody else had filled, and offer to write the own value over it."""
        exam = self.grid.charting.exam
        for clash in clashes:
            exam = exam.with_value(clash.write.cell, clash.theirs)
        self.grid.take(exam)
        notation = self.desk.who.notation
        told = "; ".join(
            _("{cell}: yours {mine}, theirs {theirs}").format(
                cell=place_words(one.write.cell, notation),
                mine=value_words(one.write.cell, one.write.value),
                theirs=value_words(one.write.cell, one.theirs),
            )
            for one in clashes[:4]
        )
        self.notice.tell(
            _("Somebody else filled this at the same time. {what}.").format(what=told), clashes
        )
        self._reload_soon.start()

    def _take_mine(self) -> None:
        changes = tuple(
            Change(one.write.cell, one.theirs, one.write.value) for one in self.notice.clashes
        )
        exam = self.grid.charting.exam
        for change in changes:
            exam = exam.with_value(change.cell, change.value)
        self.grid.take(exam)
        self.notice.hide()
        self._typed(changes)
        self.grid.setFocus(Qt.FocusReason.OtherFocusReason)

    # -- acts -----------------------------------------------------------------------------------

    def _change(
        self, call: "Callable[[Context], Any]", done: Callable[[Any], None] | None = None
    ) -> None:
        """Write behind everything that was typed, then ask again."""
        self.saving.flush()
        self.desk.operations.change(
            self, call, done or (lambda _result: self._ask()), failed=self._refused
        )

    def _refused(self, error: Exception) -> None:
        if self.dialog is not None:
            self.dialog.refuse(error)
        else:
            self.desk.messages.warn(str(error))
        if isinstance(error, StaleError):
            self._ask()

    @Slot()
    def begin(self) -> None:
        """Begin an exam, or go on with the one under way."""
        patient_id = self.patient_id
        if patient_id is None or not self._may_write or self._editing:
            return
        exam_id, path = new_id(), self.grid.charting.path

        def call(ctx: "Context") -> UUID:
            from clinic_desktop.services.perio.schemas import NewExam
            from clinic_desktop.services.perio.service import begin

            return begin(ctx, NewExam(id=exam_id, patient_id=patient_id, path=path))

        def done(begun: UUID) -> None:
            self._wanted, self._wants_focus = begun, True
            self._ask()

        self._change(call, done)

    def _head(self) -> "tuple[UUID, int] | None":
        return (self._shown.head.id, self._shown.head.version) if self._shown else None

    def _use_path(self, path: Path) -> None:
        head = self._head()
        if head is None or not self._editing:
            return
        self.grid.charting.use_path(path)
        self.desk.messages.hint(self.hint())

        def call(ctx: "Context") -> int:
            from clinic_desktop.services.perio.schemas import ExamChange
            from clinic_desktop.services.perio.service import change

            return change(ctx, *head, ExamChange(path=path))

        self._change(call)

    def _looked(self, what: str, looked: bool) -> None:
        head = self._head()
        if head is None or not self._editing:
            return

        def call(ctx: "Context") -> int:
            from clinic_desktop.services.perio.schemas import ExamChange
            from clinic_desktop.services.perio.service import change

            return change(ctx, *head, ExamChange(**{what: looked}))

        self._change(call)

    def _zero_margins(self) -> None:
        head = self._head()
        if head is None or not self._editing:
            return

        def call(ctx: "Context") -> int:
            from clinic_desktop.services.perio.service import zero_margins

            return zero_margins(ctx, head[0])

        def done(count: int) -> None:
            sentence = ngettext(
                "{count} margin was set to the CEJ: only where a depth was typed and no margin.",
                "{count} margins were set to the CEJ: only where a depth was typed and no margin.",
                count,
            )
            self.desk.messages.say(sentence.format(count=count))
            self._ask()

        self._change(call, done)

    def _tooth_menu(self, fdi: int, at: QPoint) -> None:
        """Say of a tooth that it is there, an implant, or missing; or turn the graph's side."""
        from clinic_desktop.domain.teeth.numbering import tooth

        menu = QMenu(self)
        upper = tooth(fdi).upper
        menu.addAction(_("Other side on the graph"), partial(self.grid.turn_face, upper=upper))
        if self._editing:
            menu.addSeparator()
            now = self.grid.charting.exam.teeth[fdi].standing
            for standing, words in STANDINGS.items():
                action = menu.addAction(
                    _("{tooth}: {what}").format(
                        tooth=tooth_number(fdi, self.desk.who.notation), what=_(words)
                    ),
                    partial(self._stand, fdi, standing),
                )
                action.setCheckable(True)
                action.setChecked(standing is now)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(at)

    def _stand(self, fdi: int, standing: Standing) -> None:
        head = self._head()
        if head is None:
            return

        def call(ctx: "Context") -> None:
            from clinic_desktop.services.perio.schemas import StandingChange
            from clinic_desktop.services.perio.service import stand

            stand(ctx, head[0], StandingChange(tooth=fdi, standing=standing))

        self._change(call)

    def _discard(self) -> None:
        head = self._head()
        if head is None or not self._editing:
            return

        def call(ctx: "Context") -> int:
            from clinic_desktop.services.perio.service import discard

            return discard(ctx, *head)

        def done(version: int) -> None:
            self.desk.messages.undoable(
                _("Exam discarded."), partial(self._bring_back, head[0], version)
            )
            self._wanted = None
            self._ask()

        self._change(call, done)

    def _bring_back(self, exam: UUID, version: int) -> None:
        def call(ctx: "Context") -> int:
            from clinic_desktop.services.perio.service import bring_back

            return bring_back(ctx, exam, version)

        def done(_version: int) -> None:
            self._wanted = exam
            self._ask()

        self._change(call, done)

    # -- deciding and signing -------------------------------------------------------------------

    @Slot()
    def open_decision(self) -> None:
        """Show why a stage is proposed, and take the decision."""
        if self._shown is None or self._every is None or self.dialog is not None:
            return
        dialog = DecideDialog(
            self._now(self.grid.charting.exam),
            self._every,
            theme=self.desk.theme,
            parent=self,
            notation=self.desk.who.notation,
            may=self._may_write,
            told=self._decide,
        )
        dialog.finished.connect(self._decision_closed)
        self.dialog = dialog
        dialog.open()

    def _decision_closed(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
        self.dialog = None

    def _decide(self, said: "BackgroundValues", decision: "Decision") -> None:
        head = self._head()
        if head is None:
            return

        def call(ctx: "Context") -> int:
            from clinic_desktop.services.perio.service import decide, tell

            version = tell(ctx, *head, said)
            return decide(ctx, head[0], version, decision)

        def done(_version: int) -> None:
            if self.dialog is not None:
                self.dialog.accept()
            self._ask()

        self._change(call, done)

    def _ask_to_sign(self) -> None:
        exam = self.grid.charting.exam
        missing = exam.wanted - exam.entered
        sentence = _("Nothing of a signed exam is changed any more, by nobody.")
        if missing:
            sentence += " " + ngettext(
                "{count} site has no depth: it stays “not measured”.",
                "{count} sites have no depth: they stay “not measured”.",
                missing,
            ).format(count=missing)
        dialog = Dialog(
            _("Sign this exam?"),
            theme=self.desk.theme,
            parent=self,
            sentence=sentence,
            icon="signature",
            careful=True,
        )
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.set_primary(_("Sign the exam"), lambda: (dialog.accept(), self._sign()))
        dialog.open()

    def _sign(self) -> None:
        head = self._head()
        if head is None:
            return

        def call(ctx: "Context") -> None:
            from clinic_desktop.services.perio.service import sign

            sign(ctx, *head)

        def done(_result: object) -> None:
            self._wanted = head[0]
            self.desk.messages.say(_("Exam signed."), "signature")
            self._ask()

        if self.saving.state in (State.WAITING, State.FAILED):
            self.desk.messages.warn(_("Not everything typed is stored yet. Sign when it is."))
            return
        self._change(call, done)

    # -- comparing and printing -----------------------------------------------------------------

    def _compare(self, exams: tuple[UUID, ...]) -> None:
        if len(exams) >= MOST_COMPARED:
            self.desk.messages.say(_("At most six exams are compared at once."), "info")
            exams = exams[: MOST_COMPARED - 1]
        self._below = exams
        self._show_side()

    @Slot()
    def show_comparison(self) -> None:
        """Show this exam and those chosen, or the latest, side by side."""
        shown, every = self._shown, self._every
        if shown is None or every is None:
            return
        others = [one for one in every.exams if one.head.id != shown.head.id]
        chosen = [one for one in others if one.head.id in self._below] or others
        now = self._now(self.grid.charting.exam)
        found = sorted(
            (now, *chosen[: MOST_COMPARED - 1]),
            key=lambda one: (one.head.on_day, one.head.created_at),
        )
        self.comparison.show_exams(found)
        self.pages.setCurrentWidget(self.comparison)
        self.comparison.back.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def print_current(self) -> None:
        """Show the paper of this exam."""
        patient_id, head = self.patient_id, self._head()
        if patient_id is None or head is None:
            self.desk.messages.say(_("There is nothing to print here."), "info")
            return
        name = _("Periodontal exam")
        self.saving.flush()

        def call(ctx: "Context") -> bytes:
            from clinic_desktop.documents.of_perio import perio_paper

            return perio_paper(ctx, patient_id, head[0])

        def done(data: bytes) -> None:
            self.paper.show_paper(data, name, to_print=False)
            self.pages.setCurrentWidget(self.paper)
            self.paper.preview.setFocus(Qt.FocusReason.OtherFocusReason)

        self.desk.operations.query(self, call, done, failed=self._refused, key="paper")

    @Slot()
    def _back(self) -> None:
        if self.pages.currentWidget() is not self.split:
            self.pages.setCurrentWidget(self.split)
            self.start_focus()

    def show_exam(self, exam: UUID) -> None:
        """Show another exam of this patient."""
        self._wanted = exam
        self._ask()

    def cursor(self) -> Cell | None:
        """Return the cell that is due."""
        return self.grid.charting.cursor


class _Notice(QFrame):
    """Says that somebody else filled the same cells, with both values and both ways on."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        theme = desk.theme
        self.setProperty("kind", "panel")
        self.setProperty("tone", "warning")
        self.clashes: tuple[Clash, ...] = ()
        self.words = Label(theme=theme, wrap=True)
        self.mine = Button(_("Write mine"), theme=theme, small=True)
        self.theirs = Button(_("Keep theirs"), theme=theme, small=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(8)
        row.addWidget(self.words, 1)
        row.addWidget(self.theirs)
        row.addWidget(self.mine)
        self.hide()

    def tell(self, sentence: str, clashes: "tuple[Clash, ...]") -> None:
        """Show the sentence until one of both was chosen."""
        self.clashes = clashes
        self.words.setText(sentence)
        self.setAccessibleName(sentence)
        self.show()
