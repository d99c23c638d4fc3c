"""A patient's periodontal chart: grid, side panel, what is stored, decided, compared, printed."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import QPoint, Qt, Slot
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinic_desktop.domain.perio.rules import MOST_COMPARED, Path
from clinic_desktop.errors import StaleError
from clinic_desktop.i18n import N_, _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.patients.tab import PatientTab
from clinic_desktop.ui.perio.acts import ExamActs
from clinic_desktop.ui.perio.deciding import Deciding
from clinic_desktop.ui.perio.entering import Entering
from clinic_desktop.ui.perio.exam_at_hand import ExamAtHand
from clinic_desktop.ui.perio.exam_reading import ExamReading
from clinic_desktop.ui.perio.frame import PerioFrame
from clinic_desktop.ui.perio.keys import path_hint, perio_keys
from clinic_desktop.ui.perio.questions import ask_to_sign, tooth_menu
from clinic_desktop.ui.perio.saving import Saving
from clinic_desktop.ui.perio.telling import Telling
from clinic_desktop.ui.screen import KeyHelp
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.panel import StatePanel
from clinic_desktop.ui.written import Written

if TYPE_CHECKING:  # the window is painted before the services are loaded
    from clinic_desktop.services.context import Context
    from clinic_desktop.services.perio.schemas import PatientPerio


class PerioTab(PatientTab):
    """The tab Perio; ``open`` shows another patient's exams."""

    title = N_("Perio")
    topics = frozenset({"perio_exam", "perio_tooth", "clinic"})
    uses_letters = True

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        who = desk.who
        self._written = Written(who.locale, who.currency, who.zone)
        self._may_write = who.may("clinical.write")
        self._may_sign = who.may("clinical.sign")
        self._wants_focus = False
        self._seen = ""
        self.frame = PerioFrame(desk, self._written)
        self.grid, self.side, self.notice = self.frame.grid, self.frame.side, self.frame.notice
        self.paper, self.comparison = self.frame.paper, self.frame.comparison
        self.saving = Saving(desk, self)
        self.reading = ExamReading(desk, self.saving, self)
        self.acts = ExamActs(desk, self.saving, self)
        self.acts.seen = lambda: self.grid.charting.exam
        self.panel = StatePanel(theme=desk.theme, framed=False)
        self.begin_button = Button(
            _("Begin an exam"), theme=desk.theme, icon="plus", key="Ctrl+Enter", kind="primary"
        )
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.panel)
        # Wait beside the panel until the first exam is there.
        for waiting in (self.frame, self.begin_button):
            waiting.setParent(self)
            waiting.hide()
        self.telling = Telling(self.frame, self.saving, self._written, desk.who)
        self.entering = Entering(desk, self.frame, self.saving)
        self.at_hand = ExamAtHand(desk, self.frame, self.saving, self.entering)
        self.deciding = Deciding(desk, self.acts, self)
        self._connect()

    def _connect(self) -> None:
        side = self.side
        self.entering.changed.connect(self.telling.figures_soon)
        self.entering.doubtful.connect(self.reading.soon)
        self.reading.asking.connect(self._asking)
        self.reading.read.connect(self._loaded)
        self.reading.failed.connect(self._failed)
        self.grid.moved.connect(self.telling.moved)
        self.grid.refused.connect(side.refuse)
        self.grid.menu_asked.connect(self._tooth_menu)
        side.keypad.pressed.connect(self._touched)
        side.path_chosen.connect(self._use_path)
        side.compared.connect(self._compare)
        side.all_exams.clicked.connect(self.show_comparison)
        side.why.clicked.connect(self.open_decision)
        side.zero.clicked.connect(self.acts.zero_margins)
        side.again.clicked.connect(self.saving.send)
        side.discard.clicked.connect(self.acts.discard)
        side.print.clicked.connect(self.print_current)
        side.sign.clicked.connect(self.do_primary)
        side.begin.clicked.connect(self.begin)
        side.plaque_looked.clicked.connect(lambda on: self.acts.say(plaque_looked=on))
        side.calculus_looked.clicked.connect(lambda on: self.acts.say(calculus_looked=on))
        self.begin_button.clicked.connect(self.begin)
        self.saving.changed.connect(lambda: side.show_saving(self.saving))
        self.paper.left.connect(self._back)
        self.comparison.left.connect(self._back)
        self.acts.done.connect(self._acted)
        self.acts.refused.connect(self._refused)

    # -- what the workspace calls ---------------------------------------------------------------

    def open(self, patient_id: UUID, card: Any) -> None:
        """Show a patient's exams: the one under way, or the latest."""
        if patient_id != self.patient_id:
            self.leaving()
            self.at_hand.forget()
            self.telling.below = ()
            self.notice.hide()
            self.saving.open(None)
            self._back()
        super().open(patient_id, card)
        self.reading.open(patient_id)

    def reload(self) -> None:
        """Ask again, once the typing pauses: own writes are heard as well."""
        self.reading.soon()

    def start_focus(self) -> None:
        """Begin in the first empty site."""
        self._wants_focus = self.at_hand.exam is None
        if self.frame.currentWidget() is self.paper:
            self.paper.preview.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.at_hand.every is not None and self.at_hand.exam is None:
            self.begin_button.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.at_hand.exam is None:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def do_primary(self) -> None:
        """Sign the exam under way, or begin one."""
        if self.at_hand.exam is None or self.at_hand.exam.head.signed:
            self.begin()
        elif self._may_sign:
            self._ask_to_sign()
        else:
            self.desk.messages.say(_("Your roles do not include “Sign notes”."), "info")

    def toggle_side(self) -> None:
        """Show or hide the side panel."""
        self.frame.split.toggle()

    def panes(self) -> list[QWidget]:
        """Return grid and side panel."""
        return [self.grid, self.side]

    def keys(self) -> list[KeyHelp]:
        """Return the keys of the grid."""
        return perio_keys()

    def hint(self) -> str:
        """Return the path of the probe."""
        return path_hint(self.grid.charting.path) if self.at_hand.editing else ""

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
        if event.key() == Qt.Key.Key_Escape and not self.frame.at_grid:
            self._back()
            return
        super().keyPressEvent(event)

    # -- loading --------------------------------------------------------------------------------

    @Slot()
    def _asking(self) -> None:
        if self.at_hand.every is None:
            self.panel.show_loading(_("Asking for the exams…"))

    @Slot(object)
    def _failed(self, error: Exception) -> None:
        self.panel.show_failed(str(error), self.reading.ask, seen=self._seen)

    @Slot(object)
    def _loaded(self, every: "PatientPerio") -> None:
        first = self.at_hand.every is None
        self._seen = self._written.clock(self.desk.operations.now())
        self.at_hand.choose(every)
        exam = self.at_hand.exam
        self.acts.head = exam.head if exam is not None else None
        if exam is None:
            self._show_none()
        else:
            self._show()
        if first and self._wants_focus:
            self.start_focus()

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

    def _show(self) -> None:
        if self.panel.state != "content":
            self.frame.show()
            self.panel.show_content(self.frame)
        if self.at_hand.show() and self.isVisible() and self.frame.at_grid:
            self.start_focus()
        self._show_side()

    def _show_side(self) -> None:
        """Show the exam at hand in the side panel and below the graph."""
        every, exam = self.at_hand.every, self.at_hand.exam
        if every is not None and exam is not None:
            self.telling.show(every, exam, editing=self.at_hand.editing)
            if self.isVisible():
                self.desk.messages.hint(self.hint())

    # -- typing ---------------------------------------------------------------------------------

    def _touched(self, key: str) -> None:
        if key in ("Left", "Right"):
            self.grid.step(-1 if key == "Left" else 1)
        else:
            self.grid.act(key)
        self.grid.setFocus(Qt.FocusReason.OtherFocusReason)

    # -- acts -----------------------------------------------------------------------------------

    @Slot(object)
    def _acted(self, exam: UUID | None) -> None:
        """Show what an act left behind."""
        self.at_hand.wanted = exam
        self.reading.ask()

    @Slot(object)
    def _refused(self, error: Exception) -> None:
        if self.deciding.dialog is not None:
            self.deciding.dialog.refuse(error)
        else:
            self.desk.messages.warn(str(error))
        if isinstance(error, StaleError):
            self.reading.ask()

    @Slot()
    def begin(self) -> None:
        """Begin an exam, or go on with the one under way."""
        if self.patient_id is not None and self._may_write and not self.at_hand.editing:
            self._wants_focus = True
            self.acts.begin(self.patient_id, self.grid.charting.path)

    def _use_path(self, path: Path) -> None:
        if self.at_hand.editing:
            self.grid.charting.use_path(path)
            self.desk.messages.hint(self.hint())
            self.acts.say(path=path)

    def _tooth_menu(self, fdi: int, at: QPoint) -> None:
        notation, editing = self.desk.who.notation, self.at_hand.editing
        tooth_menu(self, self.grid, self.acts, fdi, notation, editing=editing).popup(at)

    @Slot()
    def open_decision(self) -> None:
        """Show why a stage is proposed, and take the decision."""
        if self.at_hand.every is not None and self.at_hand.exam is not None:
            self.deciding.open(self.telling.now(), self.at_hand.every)

    def _ask_to_sign(self) -> None:
        exam = self.grid.charting.exam
        ask_to_sign(exam, theme=self.desk.theme, parent=self, sign=self.acts.sign)

    # -- comparing and printing -----------------------------------------------------------------

    def _compare(self, exams: tuple[UUID, ...]) -> None:
        if len(exams) >= MOST_COMPARED:
            self.desk.messages.say(_("At most six exams are compared at once."), "info")
            exams = exams[: MOST_COMPARED - 1]
        self.telling.below = exams
        self._show_side()

    @Slot()
    def show_comparison(self) -> None:
        """Show this exam and those chosen, or the latest, side by side."""
        found = self.telling.compared()
        if len(found) > 1:
            self.frame.show_comparison(found)

    @Slot()
    def print_current(self) -> None:
        """Show the paper of this exam."""
        patient_id, shown = self.patient_id, self.at_hand.exam
        if patient_id is None or shown is None:
            self.desk.messages.say(_("There is nothing to print here."), "info")
            return
        name, exam = _("Periodontal exam"), shown.head.id
        self.saving.flush()

        def call(ctx: "Context") -> bytes:
            from clinic_desktop.documents.of_perio import perio_paper

            return perio_paper(ctx, patient_id, exam)

        def done(data: bytes) -> None:
            self.frame.show_paper(data, name)

        self.desk.operations.query(self, call, done, failed=self._refused, key="paper")

    @Slot()
    def _back(self) -> None:
        if not self.frame.at_grid:
            self.frame.setCurrentWidget(self.frame.split)
            self.start_focus()
