"""Keeps the entry line, the teeth and the clicks in step: every click can be read as text."""

import re

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QMenu, QWidget

from clinic_desktop.domain.chart_line import Parsed, parse
from clinic_desktop.domain.chart_prerequisites import questions
from clinic_desktop.domain.chart_words import Lexicon
from clinic_desktop.domain.teeth.chart import ChartMark, MarkStatus, ToothState
from clinic_desktop.domain.teeth.describe import tooth_words
from clinic_desktop.domain.teeth.numbering import species_of
from clinic_desktop.i18n import _, ngettext
from clinic_desktop.ui.chart.composing import (
    Writing,
    common_surfaces,
    picked_marks,
    rewritten,
    span_of,
    toggled,
    words_again,
)
from clinic_desktop.ui.chart.frame import ChartFrame
from clinic_desktop.ui.chart.quick import add_species, treatment_menu, usual_menu
from clinic_desktop.ui.messages import Messages


class Entering(QObject):
    """What is being charted and not added yet.

    ``wanted`` carries a finished Parsed to add; ``preview`` the Parsed to show in the list, or
    None; ``selected`` tells that other teeth are selected; ``touched`` that a person typed;
    ``species_wanted`` carries whose teeth these are; ``picked`` tells that other surfaces are.
    """

    wanted = Signal(object)
    preview = Signal(object)
    selected = Signal()
    touched = Signal()
    species_wanted = Signal(object)
    picked = Signal()

    def __init__(
        self, frame: ChartFrame, writing: Writing, messages: Messages, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._frame = frame
        self._writing = writing
        self._messages = messages
        self._picked = ""
        self._from_line = False
        self._asked = ""
        self._last: Parsed | None = None
        self._on_way: tuple[ChartMark, ...] = ()
        self.active = False
        """Off while a past date is shown or the person may not chart."""
        self._connect()

    def _connect(self) -> None:
        frame = self._frame
        frame.line.understood.connect(self._understood)
        frame.line.textEdited.connect(self._typed)
        frame.line.added.connect(self._add)
        frame.line.refused.connect(self.complain)
        frame.line.moved.connect(self._move)
        frame.line.missing_wanted.connect(self.mark_missing)
        frame.entry.switch.chosen.connect(self._status_chosen)
        frame.entry.add.clicked.connect(frame.line.submit)
        frame.entry.menu.clicked.connect(self._show_menu)
        frame.teeth.typed.connect(self.type)
        frame.teeth.tooth_clicked.connect(self._clicked)
        frame.teeth.tooth_activated.connect(self._activated)
        frame.teeth.selection_changed.connect(self._selection_changed)
        frame.teeth.menu_asked.connect(self._tooth_menu)
        frame.list.typed.connect(self.type)
        frame.list.quick.chosen.connect(self.choose)
        frame.list.quick.all_wanted.connect(lambda: self.show_all(frame.list.quick.more))
        frame.list.quick.closed.connect(self._close_quick)

    def write_with(self, writing: Writing) -> None:
        """Write teeth another way: another kind of patient is shown."""
        self._writing = writing

    # -- from outside -----------------------------------------------------------------------

    def use(self, lexicon: Lexicon) -> None:
        """Read with another price list."""
        self._frame.line.read_with(lexicon=lexicon)

    def chart_changed(self, *, active: bool) -> None:
        """Read again with the teeth that are shown now; the preview of what was added goes."""
        self.active = active
        self._on_way = ()
        line, teeth = self._frame.line, self._frame.teeth
        line.read_with(present=teeth.chart().numbers, selected=teeth.selection())
        self._show_ghost()
        if not active:
            self._frame.bubble.say("", line)
            self._frame.list.hide_quick()

    def start_over(self) -> None:
        """Forget everything: another patient is shown."""
        self._picked, self._on_way = "", ()
        self._frame.line.write("")
        self._frame.line.show_picked("")
        self._frame.teeth.set_selection(())
        self._frame.entry.switch.set_value(MarkStatus.DONE)
        self._frame.line.read_with(status=MarkStatus.DONE)
        self._frame.list.hide_quick()

    def give_back(self, text: str, sentence: str) -> None:
        """Put back a line that was not stored, and say why."""
        self._on_way = ()
        line = self._frame.line
        if not line.text():
            line.write(text)
            self.complain(sentence)
        else:
            self._messages.warn(
                _("Not charted: {line}. {reason}").format(line=text, reason=sentence)
            )
        self._show_ghost()

    def type(self, text: str) -> None:
        """Put typed letters into the line, wherever they were typed."""
        line = self._frame.line
        if not self.active:
            self._messages.say(_("The past is read only. Esc goes back to today."), "history")
            return
        self._frame.show_line()
        line.setFocus(Qt.FocusReason.OtherFocusReason)
        line.end(False)
        line.insert(text)
        self._typed(line.text())

    def choose_status(self, status: MarkStatus) -> None:
        """Set the status switch."""
        self._frame.entry.switch.choose(status)

    def complain(self, sentence: str) -> None:
        """Show a sentence below the line."""
        self._frame.bubble.say(sentence, self._frame.line)

    def step_back(self) -> bool:
        """Do what Esc does here, the innermost first; return whether there was anything."""
        frame = self._frame
        if frame.bubble.text():
            self.complain("")
        elif self._picked or frame.list.quick.isVisible():
            self._close_quick()
        elif frame.teeth.selection():
            frame.teeth.set_selection(())
        else:
            return False
        return True

    def mark_missing(self) -> None:
        """Chart the selected teeth as missing: one key."""
        teeth = self._frame.teeth
        if not self.active:
            return
        if not teeth.selection():
            self._messages.say(_("Select a tooth first: arrows, a click, or its number."), "info")
            return
        views = [teeth.chart().view(fdi) for fdi in teeth.selection()]
        if all(view is not None and view.state is ToothState.MISSING for view in views):
            self._messages.say(_("Charted as missing already."), "info")
            return
        reading = self._frame.line.reading()
        self._add(
            parse(
                "/m",
                notation=self._writing.notation,
                locale=self._writing.locale,
                lexicon=reading.lexicon,
                selected=teeth.selection(),
                present=reading.present,
            )
        )

    # -- the line ---------------------------------------------------------------------------

    def _understood(self, parsed: Parsed) -> None:
        line, teeth = self._frame.line, self._frame.teeth
        if not self.active:
            return
        self._frame.bubble.say(line.complaint(), line)
        if span_of(parsed, "teeth") and parsed.teeth and parsed.teeth != teeth.selection():
            self._from_line = True
            teeth.set_selection(parsed.teeth)
            self._from_line = False
        self._show_ghost()
        self.preview.emit(parsed if parsed.line is not None and line.text().strip() else None)

    def _typed(self, text: str) -> None:
        """Write down the surfaces that were clicked before what is typed now."""
        selected = self._frame.teeth.selection()
        if self._picked and text.strip() and selected:
            clicked = [
                self._writing.teeth(selected),
                self._writing.surfaces(self._picked, selected),
                text.strip(),
            ]
            self._pick("")
            self._frame.line.write(" ".join(clicked))
        if self._last is not None and re.search(r"(^|[\s;])\.$", text):
            # A full stop says the last thing again, where it can be read before Enter.
            again = words_again(self._last, self._writing)
            self._frame.line.write(self._frame.line.text()[:-1] + again)
        self.touched.emit()

    def _show_ghost(self) -> None:
        """Preview on the teeth what the line would add, or the surfaces picked so far."""
        teeth, line = self._frame.teeth, self._frame.line
        if not self.active:
            teeth.set_ghost(())
            return
        parsed = line.parsed()
        marks: tuple[ChartMark, ...] = ()
        if line.text().strip():
            marks = parsed.marks()
            if not marks:
                named = parsed.teeth or teeth.selection()
                marks = picked_marks(named, parsed.surfaces, parsed.status)
        elif self._picked:
            marks = picked_marks(teeth.selection(), self._picked, self._frame.entry.switch.value())
        teeth.set_ghost((*self._on_way, *marks))

    def _add(self, parsed: Parsed) -> None:
        """Hand a finished line on; its preview stays until the chart shows it."""
        entries = [one.entry for one in parsed.each() if one.entry is not None]
        if any(entry.priced and entry.treatment_id is None for entry in entries):
            self.complain(_("The price list is not loaded. F5 asks for it again."))
            return
        if self._must_ask(parsed):
            return
        self._on_way = parsed.marks()
        self._last = parsed
        self._pick("")
        self._frame.line.write("")
        self._show_ghost()
        self.wanted.emit(parsed)

    def _must_ask(self, parsed: Parsed) -> bool:
        """Ask about what does not fit the tooth; the same line entered again is the answer."""
        asked = questions(self._frame.teeth.chart(), parsed.marks(), self._writing.notation)
        if not asked or self._asked == parsed.text:
            self._asked = ""
            return False
        self._asked = parsed.text
        self.complain(
            _("{question} Enter again charts it all the same.").format(question=" ".join(asked))
        )
        return True

    def _status_chosen(self, status: MarkStatus) -> None:
        self._frame.line.read_with(status=status)
        self._show_ghost()
        self._frame.focus_line()

    def _move(self, columns: int, other_jaw: bool, extend: bool) -> None:
        self._frame.teeth.move_current(columns, other_jaw=other_jaw, extend=extend)

    # -- clicks -----------------------------------------------------------------------------

    def _pick(self, surfaces: str) -> None:
        self._picked = surfaces
        self._frame.line.show_picked(surfaces)
        self._show_ghost()
        self.picked.emit()

    def _selection_changed(self, teeth: tuple[int, ...]) -> None:
        line = self._frame.line
        if not self._from_line and self.active:
            if self._picked:
                self._pick("")
            parsed = line.parsed()
            if teeth and span_of(parsed, "teeth"):
                line.write(rewritten(parsed, self._writing, teeth=teeth))
        line.read_with(selected=teeth)
        current = self._frame.teeth.current()
        if not teeth:
            self._frame.list.hide_quick()
        elif current is not None:
            self._frame.reveal(current)
        self.selected.emit()

    def _activated(self, _fdi: int) -> None:
        if not self._frame.focus_line() and self._frame.line.text().strip():
            self._frame.line.submit()

    def _clicked(self, _fdi: int, surface: str) -> None:
        """Take a surface of the diagram into the line, or hold it until something is chosen."""
        if not self.active:
            return
        selected = self._frame.teeth.selection()
        if surface and selected:
            self._toggle(surface, selected)
        if selected:
            self._offer_quick(selected)
        self._frame.focus_line(Qt.FocusReason.MouseFocusReason)

    def tap(self, surface: str) -> None:
        """Take a surface of the large diagram as one of the small one."""
        selected = self._frame.teeth.selection()
        if self.active and selected:
            self._toggle(surface, selected)

    def surfaces(self) -> str:
        """Return the surfaces that were clicked or typed so far."""
        return self._picked or self._frame.line.parsed().surfaces

    def _toggle(self, surface: str, selected: tuple[int, ...]) -> None:
        line = self._frame.line
        if not line.text().strip():
            self._pick(common_surfaces(toggled(self._picked, surface), selected))
            return
        parsed = line.parsed()
        if parsed.entry is None or parsed.entry.takes_surfaces:
            surfaces = common_surfaces(toggled(parsed.surfaces, surface), selected)
            teeth = selected if span_of(parsed, "teeth") else None
            line.write(rewritten(parsed, self._writing, teeth=teeth, surfaces=surfaces))

    def _offer_quick(self, selected: tuple[int, ...]) -> None:
        if self._frame.is_touch:
            return
        title, detail = self.name_of(selected)
        self._frame.list.show_quick()
        self._frame.list.quick.show_for(title, detail, self._lexicon())

    def name_of(self, selected: tuple[int, ...]) -> tuple[str, str]:
        """Return what is in hand in words: a number and its name, or how many teeth."""
        if not selected:
            return _("Whole mouth"), ""
        if len(selected) == 1:
            number, _comma, name = tooth_words(selected[0], self._writing.notation).partition(", ")
            return number, name
        count = len(selected)
        title = ngettext("{count} tooth", "{count} teeth", count).format(count=count)
        return title, self._writing.teeth(selected).upper()

    def _close_quick(self) -> None:
        self._pick("")
        self._frame.list.hide_quick()
        self._frame.focus_line()

    def let_go(self) -> None:
        """Put down the teeth that are in hand, with their surfaces."""
        self._pick("")
        self._frame.teeth.set_selection(())

    def choose(self, what: str) -> None:
        """Write a treatment chosen by click into the line, with the teeth and surfaces clicked."""
        line, selected = self._frame.line, self._frame.teeth.selection()
        parsed = line.parsed()
        found = line.reading().lexicon.exact(what)
        surfaces = self._picked or parsed.surfaces
        if found and not found[0].takes_surfaces:
            surfaces = ""
        teeth = selected or None
        if found and not found[0].needs_tooth:
            teeth, surfaces = (), ""
        text = rewritten(parsed, self._writing, teeth=teeth, surfaces=surfaces, what=what.lower())
        self._pick("")
        line.write(text)
        self._frame.focus_line()
        self.touched.emit()

    # -- menus ------------------------------------------------------------------------------

    def _tooth_menu(self, _fdi: int, at: QPoint) -> None:
        if self.active:
            self._pop_up(usual_menu(self._lexicon(), self.choose, self._frame), at)

    def _show_menu(self) -> None:
        button = self._frame.entry.menu
        at = button.mapToGlobal(button.rect().bottomLeft())
        menu = treatment_menu(self._lexicon(), self.choose, self._frame)
        add_species(menu, species_of(self._writing.notation), self.species_wanted.emit)
        self._pop_up(menu, at)

    def show_all(self, button: QWidget) -> None:
        """Show the menu of everything at a button."""
        at = button.mapToGlobal(button.rect().topLeft())
        self._pop_up(treatment_menu(self._lexicon(), self.choose, self._frame), at)

    def _lexicon(self) -> Lexicon:
        return self._frame.line.reading().lexicon

    def _pop_up(self, menu: QMenu, at: QPoint) -> None:
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(at)
