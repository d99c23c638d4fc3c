"""The tooth chart of a patient: entry line, teeth, dates and the list, kept in step."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.teeth.chart import STATUS_LETTERS
from clinic_desktop.domain.teeth.numbering import notation_for
from clinic_desktop.domain.teeth.of_items import EXAMINED
from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import N_, _
from clinic_desktop.ui.chart.acts import ChartActs
from clinic_desktop.ui.chart.at_chair import AtChair
from clinic_desktop.ui.chart.composing import Writing
from clinic_desktop.ui.chart.dates import ChartDates
from clinic_desktop.ui.chart.entering import Entering
from clinic_desktop.ui.chart.finishing import Finishing
from clinic_desktop.ui.chart.frame import ChartFrame
from clinic_desktop.ui.chart.half_typed import HalfTyped
from clinic_desktop.ui.chart.keys import chart_keys, past_hint, typing_hint
from clinic_desktop.ui.chart.listing import ListKeeper
from clinic_desktop.ui.chart.loading import ChartLoading
from clinic_desktop.ui.chart.looking import Looking
from clinic_desktop.ui.chart.mending import Mending
from clinic_desktop.ui.chart.on_paper import OnPaper
from clinic_desktop.ui.chart.shown import Shown, news
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.keymap.binding import bind_within
from clinic_desktop.ui.patients.tab import PatientTab
from clinic_desktop.ui.screen import KeyHelp
from clinic_desktop.ui.widgets.panel import StatePanel
from clinic_desktop.ui.written import Written

if TYPE_CHECKING:  # the window is painted before the services are loaded
    from clinic_desktop.services.chart.schemas import ChartHistory, OpenChart
    from clinic_desktop.services.session import Topic


class ChartTab(PatientTab):
    """A patient's tooth chart; ``open`` shows another patient's."""

    title = N_("Chart")
    topics = frozenset({"chart_item", "appointment", "patient"})
    uses_letters = True

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        who = desk.who
        self._writing = Writing(who.notation, who.locale)
        self._written = Written(who.locale, who.currency, who.zone)
        self._may_write = who.may("clinical.write")
        self._may_complete = who.may("clinical.complete")
        self._wants_focus = False
        self._seen = ""
        self.panel = StatePanel(theme=desk.theme, framed=False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.printed = OnPaper(desk, self.panel, self)
        self.printed.left.connect(self.start_focus)
        column.addWidget(self.printed.pages)
        self.frame = ChartFrame(desk.theme, self._writing, self._written)
        self._half_typed = HalfTyped(desk.drafts, self.frame.line, self)
        self.loading = ChartLoading(desk, self)
        self.acts = ChartActs(desk, self._writing, self)
        self.entering = Entering(self.frame, self._writing, desk.messages, self)
        self.rows = ListKeeper(self.frame, self.acts, self._writing, self._written, who, self)
        self.finishing = Finishing(desk, self._writing, self._written, self.acts, self)
        self.dates = ChartDates(desk, self.frame, self._written, self)
        self.looking = Looking(self.frame, self.dates, self._written, self)
        self.at_chair = AtChair(
            self.frame, self.entering, desk.messages, desk.theme, self._written, self
        )
        self.mending = Mending(desk, self._writing, self._written, self.acts, self)
        self._connect()
        self._bind_keys()
        # Waits beside the panel until the first chart is there.
        self.frame.setParent(self)
        self.frame.hide()

    def _connect(self) -> None:
        frame = self.frame
        self.loading.priced.connect(self.entering.use)
        self.loading.loaded.connect(self._loaded)
        self.loading.failed.connect(self._failed)
        self.entering.wanted.connect(self.acts.add)
        self.entering.preview.connect(self.rows.show_preview)
        self.entering.selected.connect(self._selection_changed)
        self.entering.touched.connect(self._half_typed.touched)
        self.entering.species_wanted.connect(self.acts.set_species)
        self.acts.written.connect(self.reload)
        self.acts.returned.connect(self.entering.give_back)
        frame.past.back.clicked.connect(self.back_to_today)
        frame.history.print.clicked.connect(self.print_current)
        self.looking.moved.connect(self._show)
        self.rows.reversal_wanted.connect(self.mending.reverse)
        self.rows.day_wanted.connect(self.mending.change_day)
        frame.entry.help.clicked.connect(self.show_help)
        frame.list.complete_wanted.connect(self.do_primary)
        frame.list.examined_wanted.connect(self._say_examined)
        self.desk.operations.changed.connect(self._changed)
        self.rows.went_back.connect(self.start_focus)
        self.rows.past_touched.connect(self._say_read_only)

    def _bind_keys(self) -> None:
        """Bind the status letters and the dates; arrows and letters belong to the parts."""
        slider = self.frame.history.slider
        acts: dict[str, Callable[[], None]] = {
            f"Alt+{key.upper()}": partial(self.entering.choose_status, status)
            for key, status in STATUS_LETTERS.items()
        }
        acts["Alt+Left"] = partial(slider.step, -1)
        acts["Alt+Right"] = partial(slider.step, 1)
        acts["Alt+Home"] = partial(slider.setValue, 0)
        acts["Alt+H"] = self.show_help
        acts["Alt+K"] = self.dates.offer_known
        acts["Ctrl+Shift+Return"] = acts["Ctrl+Shift+Enter"] = self.look_first
        for key, act in acts.items():
            bind_within(self, key, act)

    @property
    def _shown(self) -> Shown | None:
        """What is looked at, None before the chart is there."""
        return self.looking.shown

    # -- what the workspace calls -----------------------------------------------------------

    def open(self, patient_id: UUID, card: Any) -> None:
        """Show a patient's chart of today."""
        if patient_id != self.patient_id:
            self.leaving()
            self.acts.patient_id = patient_id
            self.acts.visit = None
            self.acts.own.clear()
            self.looking.start_over(patient_id)
            self.printed.forget()
            self.rows.start_over()
            self.entering.start_over()
            if self._may_write:
                self._half_typed.take_up(patient_id)
        super().open(patient_id, card)
        self.reload()

    def start_focus(self) -> None:
        """Begin in the entry line, as soon as the chart is there."""
        self._wants_focus = self._shown is None
        if self._shown is None:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self._shown.is_past:
            self.frame.teeth.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self._may_write:
            self.frame.focus_line()
        else:
            self.frame.teeth.setFocus(Qt.FocusReason.OtherFocusReason)

    def do_primary(self) -> None:
        """Complete today's work."""
        self._complete()

    def look_first(self) -> None:
        """Show what completing would write, to complete it from there."""
        self._complete(look=True)

    def _complete(self, *, look: bool = False) -> None:
        if self._shown is None or not self._may_complete:
            return
        if self._shown.is_past:
            self._say_read_only()
        elif self.frame.line.text().strip():
            self.entering.complain(_("This line is not added yet: Enter adds it, then complete."))
        else:
            self.finishing.begin(look=look)

    def show_help(self) -> None:
        """Show everything that can be typed, on one page."""
        from clinic_desktop.ui.chart.help_page import HelpPage

        page = HelpPage(
            self._writing, self.frame.line.reading().lexicon, theme=self.desk.theme, parent=self
        )
        page.finished.connect(page.deleteLater)
        page.finished.connect(self.start_focus)
        page.open()

    def toggle_side(self) -> None:
        """Show or hide the list."""
        self.frame.split.toggle()

    def show_history(self) -> None:
        """Go to the dates."""
        self.frame.history.slider.setFocus(Qt.FocusReason.OtherFocusReason)

    def panes(self) -> list[QWidget]:
        """Return entry line, teeth, dates and list."""
        frame = self.frame
        return [frame.bars, frame.teeth, frame.history, frame.list]

    def leaving(self) -> None:
        """Keep the half-typed line."""
        self._half_typed.keep_now()

    def hideEvent(self, event: QHideEvent) -> None:
        """Keep the half-typed line when another tab or screen is shown."""
        super().hideEvent(event)
        self.leaving()

    def showEvent(self, event: QShowEvent) -> None:
        """Say what is selected and what can be typed."""
        super().showEvent(event)
        self.desk.messages.hint(self.hint())
        if self._may_write:
            self.desk.messages.go_on_with(self.acts.undo_further, self.acts.redo_further)

    def keys(self) -> list[KeyHelp]:
        """Return the keys of the chart."""
        return chart_keys(self._writing.notation)

    def hint(self) -> str:
        """Return what is selected and what can be typed."""
        if self._shown is not None and self._shown.is_past:
            return past_hint()
        return typing_hint(self.frame.teeth.selection(), self._writing)

    # -- loading ----------------------------------------------------------------------------

    def _changed(self, topics: "frozenset[Topic] | None") -> None:
        """Read the price list again when it changed: it belongs to no patient."""
        if topics is None or any(topic.table == "treatment" for topic in topics):
            self.loading.prices_changed()
            if self.isVisible() and self._shown is not None:
                self.loading.ask_for_prices()

    def reload(self) -> None:
        """Ask for the chart, and for the price list when it is not known."""
        patient_id = self.patient_id
        if not self.desk.who.may("clinical.read"):
            self.panel.show_empty(
                _("Tooth charts are read by those who treat."),
                detail=_(
                    "Your roles do not include “Read charts and notes”. Ask an administrator."
                ),
            )
            return
        if patient_id is None:
            return
        if self._shown is None:
            self.panel.show_loading(_("Asking for the chart…"))
        self.loading.ask(patient_id)

    def _loaded(self, opened: "OpenChart") -> None:
        history = opened.history
        if history.patient_id != self.patient_id:
            return
        before = self._shown
        self.acts.visit = opened.visit
        if before is not None:
            self._note_news(before, history)
        self._use_species(history.species)
        self.looking.take(history)
        try:
            # Drawn before it comes into view: what cannot be drawn must not look like a mouth.
            _ = self._shown and self._shown.chart
        except InvalidError as error:
            self._failed(error)
            return
        self._seen = self._written.clock(self.desk.operations.now())
        if self.panel.state != "content":
            self.panel.show_content(self.frame)
        self._show()
        if self._wants_focus:
            self.start_focus()

    def _use_species(self, species: str) -> None:
        """Write teeth as they are written of this kind of patient."""
        notation = notation_for(species, self.desk.who.notation)
        if notation != self._writing.notation:
            self._writing = replace(self._writing, notation=notation)
            for part in (self.acts, self.entering, self.rows, self.finishing, self.mending):
                part.write_with(self._writing)
            self.frame.line.read_with(writing=self._writing)
            self.frame.teeth.set_notation(notation)

    def _note_news(self, before: Shown, history: "ChartHistory") -> None:
        """Let what somebody else just charted flash once, and name its teeth."""
        if self.acts.busy:
            return
        fresh = [row for row in news(before.history, history) if row.id not in self.acts.own]
        self.acts.own.clear()
        if not fresh:
            return
        self.rows.flash(frozenset(row.id for row in fresh))
        teeth = sorted({row.tooth for row in fresh if row.tooth is not None})
        sentence = _("Somebody else charted just now.")
        if teeth:
            sentence = _("Somebody else charted just now: {teeth}.").format(
                teeth=self._writing.teeth(teeth).upper()
            )
        self.desk.messages.say(sentence, "refresh-cw")

    def _failed(self, error: Exception) -> None:
        self.panel.show_failed(str(error), self.reload, seen=self._seen)

    # -- showing ----------------------------------------------------------------------------

    def _show(self) -> None:
        """Show the date that is looked at in every part."""
        shown = self._shown
        if shown is None:
            return
        frame = self.frame
        bar = frame.past if shown.is_past else frame.entry if self._may_write else frame.reading
        # The focus would go anywhere with the line it was in.
        moved = frame.bars.currentWidget() is not bar and frame.bars.has_focus_inside()
        frame.bars.setCurrentWidget(bar)
        frame.teeth.set_chart(shown.chart)
        self.looking.show()
        frame.line.read_with(today=shown.history.today)
        self.entering.chart_changed(active=self._may_write and not shown.is_past)
        self.rows.show(shown)
        self.at_chair.show()
        if moved:
            self.start_focus()
        if self.isVisible():
            self.desk.messages.hint(self.hint())

    def print_current(self, _checked: bool = False) -> None:
        """Make the paper of what is shown: today, a past date, or two compared."""
        if self.printed.in_view:
            self.printed.print_again()
        elif self._shown is not None and self.patient_id is not None:
            self.printed.make(
                self.patient_id, self._shown, self._writing, self._written, self.dates.words()
            )

    def back_to_today(self) -> None:
        """Show today's chart again."""
        if self.looking.back():
            self.start_focus()

    def _say_read_only(self) -> None:
        self.desk.messages.say(_("The past is read only. Esc goes back to today."), "history")

    def _selection_changed(self) -> None:
        if self._shown is not None and self._shown.is_past:
            self.rows.show(self._shown)
        if self.isVisible():
            self.desk.messages.hint(self.hint())

    def _say_examined(self) -> None:
        from clinic_desktop.services.chart.schemas import NewChartItem

        self.acts.say_examined(
            NewChartItem(id=new_id(), kind="state", code=EXAMINED, status="condition")
        )
        self.start_focus()

    # -- keys -------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take what no part wanted: letters for the line, Delete, Esc."""
        text = event.text()
        command = event.modifiers() & (
            Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
        )
        if self._shown is None:
            event.ignore()
        elif event.key() == Qt.Key.Key_Escape:
            self._escape(event)
        elif event.key() == Qt.Key.Key_Delete and not command:
            if self._shown.is_past:
                self._say_read_only()
            self.entering.mark_missing()
        elif text.isprintable() and text.strip() and not command:
            self.entering.type(text)
        else:
            event.ignore()

    def _escape(self, event: QKeyEvent) -> None:
        if self._shown is not None and self._shown.is_past:
            self.back_to_today()
        elif not self.entering.step_back():
            event.ignore()
