"""Keeps the large buttons and the tooth in hand in step with the line, in touch sizes alone."""

from PySide6.QtCore import QObject, Qt

from clinic_desktop.domain.chart_line import Parsed
from clinic_desktop.i18n import _
from clinic_desktop.ui.chart.composing import said
from clinic_desktop.ui.chart.entering import Entering
from clinic_desktop.ui.chart.frame import ChartFrame
from clinic_desktop.ui.chart.quick import usual_words
from clinic_desktop.ui.messages import Messages
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.written import Written


class AtChair(QObject):
    """Three taps and Add: tooth, surfaces, treatment. The line is written as by hand."""

    def __init__(
        self,
        frame: ChartFrame,
        entering: Entering,
        messages: Messages,
        theme: Theme,
        written: Written,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._frame = frame
        self._entering = entering
        self._messages = messages
        self._written = written
        buttons, panel = frame.buttons, frame.chairside
        buttons.chosen.connect(self._choose)
        buttons.all_wanted.connect(lambda: entering.show_all(buttons.more))
        panel.diagram.tapped.connect(entering.tap)
        panel.status_chosen.connect(entering.choose_status)
        panel.add_wanted.connect(frame.line.submit)
        panel.undo_wanted.connect(messages.undo)
        panel.closed.connect(self._close)
        frame.line.understood.connect(self.show)
        frame.line.refused.connect(self.show)
        frame.teeth.selection_changed.connect(self.show)
        entering.picked.connect(self.show)
        theme.changed.connect(self.show)
        self.show()

    def show(self, _news: object = None) -> None:
        """Show what is in hand: teeth, surfaces, status, and what Add would chart."""
        frame, entering = self._frame, self._entering
        frame.lay_for_touch()
        if not frame.is_touch:
            return
        selected, parsed = frame.teeth.selection(), frame.line.parsed()
        typed = bool(frame.line.text().strip())
        in_hand = entering.active and (bool(selected) or typed)
        if in_hand:
            title, detail = entering.name_of(selected)
            only = selected[0] if len(selected) == 1 else None
            frame.chairside.show_teeth(title, detail, only, entering.surfaces())
            frame.chairside.show_status(parsed.status)
            self._say(parsed, typed=typed)
        frame.buttons.setEnabled(entering.active)
        if not typed or parsed.entry is None:
            frame.buttons.mark("")
        frame.show_in_hand(in_hand)

    def _say(self, parsed: Parsed, *, typed: bool) -> None:
        panel = self._frame.chairside
        if not typed:
            panel.show_said(_("Tap surfaces, then a treatment."), "", ready=False)
        elif parsed.line is None:
            words = parsed.problem.sentence if parsed.problem is not None else ""
            panel.show_said(words, "", ready=False)
        else:
            fees = [one.fee for one in parsed.each() if one.fee is not None]
            fee = self._written.money(sum(fees)) if fees else ""
            panel.show_said(said(parsed, self._frame.line.reading().writing), fee, ready=True)

    def _choose(self, code: str) -> None:
        """Write the tapped treatment; one for a tooth needs a tooth."""
        lexicon = self._frame.line.reading().lexicon
        what = usual_words(code, lexicon)
        found = lexicon.exact(what)
        if not self._frame.teeth.selection() and found and found[0].needs_tooth:
            self._messages.say(_("Tap a tooth first, then the treatment."), "info")
            return
        self._entering.choose(what)
        self._frame.buttons.mark(code)

    def _close(self) -> None:
        """Put the tooth down: what was tapped for it goes."""
        self._frame.line.write("")
        self._entering.let_go()
        self._frame.teeth.setFocus(Qt.FocusReason.OtherFocusReason)
