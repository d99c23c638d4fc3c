"""Beside the grid: the site that is due, keypad, indices, proposal, comparison, signing."""

from collections.abc import Collection, Sequence
from typing import Final
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from clinic_desktop.domain.perio.evidence import missing_words, proposal_words, stage_words
from clinic_desktop.domain.perio.exam import Cell, Exam
from clinic_desktop.domain.perio.figures import figure_rows
from clinic_desktop.domain.perio.indices import Indices, indices
from clinic_desktop.domain.perio.margins import LEGENDS, MarginSign
from clinic_desktop.domain.perio.proposal import Proposal
from clinic_desktop.domain.perio.rules import PATH_WORDS, Measure
from clinic_desktop.domain.perio.sites import Site
from clinic_desktop.domain.perio.words import place_words
from clinic_desktop.domain.teeth.numbering import tooth
from clinic_desktop.i18n import _
from clinic_desktop.services.perio.schemas import ExamData, ExamRow
from clinic_desktop.ui.perio.keypad import Keypad
from clinic_desktop.ui.perio.saving import Saving
from clinic_desktop.ui.perio.words import saved_text
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.editors import Choice
from clinic_desktop.ui.widgets.labels import Label, Tag
from clinic_desktop.ui.widgets.pictures import Icon
from clinic_desktop.ui.widgets.rule import rule
from clinic_desktop.ui.widgets.scroll import scrolled
from clinic_desktop.ui.written import Written

_CHIPS: Final = 2


def row_name(cell: Cell) -> str:
    """Return jaw, side and row of a cell: ``lower, buccal side: margin``."""
    upper = tooth(cell.tooth).upper
    jaw = _("upper") if upper else _("lower")
    rows = {
        Measure.DEPTH: _("depth"),
        Measure.MARGIN: _("margin"),
        Measure.MGJ: _("mucogingival junction"),
        Measure.FURCATION: _("furcation, class 0 to 3"),
        Measure.MOBILITY: _("mobility, grade 0 to 3"),
    }
    if cell.measure in (Measure.FURCATION, Measure.MOBILITY):
        return _("{jaw}: {row}").format(jaw=jaw, row=rows[cell.measure])
    oral = _("palatal side") if upper else _("lingual side")
    side = _("buccal side") if Site(cell.place).facial else oral
    return _("{jaw}, {side}: {row}").format(jaw=jaw, side=side, row=rows[cell.measure])


class PerioSide(QFrame):
    """Shows what is due and what was found; every act is a signal."""

    path_chosen = Signal(object)
    compared = Signal(tuple)
    """The ids of the exams to be drawn below."""

    def __init__(self, theme: Theme, written: Written, notation: str) -> None:
        super().__init__()
        self._theme, self._written, self._notation = theme, written, notation
        self.setProperty("kind", "surface")
        self.setAccessibleName(_("Exam"))
        page = QWidget()
        page.setProperty("kind", "page")
        self.column = QVBoxLayout(page)
        self.column.setContentsMargins(14, 12, 14, 12)
        self.column.setSpacing(10)
        self._due()
        self.keypad = Keypad(theme)
        self.column.addWidget(self.keypad)
        self.refusal = Label(theme=theme, role="danger", wrap=True)
        self.refusal.hide()
        self.column.addWidget(self.refusal)
        self.doubted = Label(theme=theme, role="warning", wrap=True)
        self.doubted.hide()
        self.column.addWidget(self.doubted)
        self.legend = Label(theme=theme, size="small", role="text_2", wrap=True)
        self.column.addWidget(self.legend)
        self.paths = Choice([(_(words), path) for path, words in PATH_WORDS.items()], theme=theme)
        self.paths.setAccessibleName(_("Path of the probe"))
        self.paths.chosen.connect(self.path_chosen)
        self.column.addWidget(self.paths)
        self.column.addWidget(rule())
        self._figures()
        self.column.addWidget(rule())
        self._proposal()
        self.column.addWidget(rule())
        self._compare()
        self.column.addStretch(1)
        # Saving and signing stay in sight, whatever the rest is scrolled to.
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(scrolled(page), 1)
        whole.addWidget(rule())
        whole.addLayout(self._foot())

    # -- building -------------------------------------------------------------------------------

    def _due(self) -> None:
        theme = self._theme
        head = QHBoxLayout()
        left, right = QVBoxLayout(), QVBoxLayout()
        left.setSpacing(0)
        right.setSpacing(0)
        self.where = Label(theme=theme, size="small", role="text_2", wrap=True, lines=3)
        self.site = Label(theme=theme, size="title", wrap=True, lines=2)
        align = Qt.AlignmentFlag.AlignRight
        self.entered_word = Label(
            _("Entered"), theme=theme, size="small", role="text_2", align=align
        )
        self.entered = Label(theme=theme, size="strong", tabular=True, align=align)
        for column, labels in ((left, (self.where, self.site)),
                               (right, (self.entered_word, self.entered))):  # fmt: skip
            for label in labels:
                column.addWidget(label)
        head.addLayout(left, 1)
        head.addLayout(right)
        self.column.addLayout(head)

    def _figures(self) -> None:
        self._table = QWidget()
        self._cells = QGridLayout(self._table)
        self._cells.setContentsMargins(0, 0, 0, 0)
        self._cells.setHorizontalSpacing(10)
        self._cells.setVerticalSpacing(5)
        self._cells.setColumnStretch(0, 1)
        self._labels: dict[tuple[int, int], Label] = {}
        self.column.addWidget(self._table)
        looked = QHBoxLayout()
        self.looked = Label(_("Looked for"), theme=self._theme, size="small", role="text_2")
        looked.addWidget(self.looked)
        self.plaque_looked = Button(_("Plaque"), theme=self._theme, small=True)
        self.plaque_looked.setAccessibleName(_("Plaque looked for"))
        self.calculus_looked = Button(_("Calculus"), theme=self._theme, small=True)
        self.calculus_looked.setAccessibleName(_("Calculus looked for"))
        for button in (self.plaque_looked, self.calculus_looked):
            button.setCheckable(True)
            looked.addWidget(button)
        looked.addStretch(1)
        self.column.addLayout(looked)

    def _proposal(self) -> None:
        theme = self._theme
        head = QHBoxLayout()
        self.proposal_title = Label(_("Proposed stage and grade"), theme=theme, size="strong")
        self.final = Tag("unknown", None, _("Not final"), theme=theme)
        head.addWidget(self.proposal_title, 1)
        head.addWidget(self.final)
        self.column.addLayout(head)
        self.proposed = Label(theme=theme, wrap=True)
        self.missing = Label(theme=theme, size="small", role="text_2", wrap=True)
        self.decided = Label(theme=theme, role="text_2", wrap=True)
        for label in (self.proposed, self.missing, self.decided):
            self.column.addWidget(label)
        self.why = Button(_("Why, decide"), theme=theme, small=True)
        self.zero = Button(_("Other margins at the CEJ"), theme=theme, small=True)
        for button in (self.why, self.zero):
            self.column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)

    def _compare(self) -> None:
        head = QHBoxLayout()
        head.addWidget(Label(_("Compare"), theme=self._theme, size="strong"), 1)
        self.all_exams = Button(_("Side by side"), theme=self._theme, small=True)
        head.addWidget(self.all_exams)
        self.column.addLayout(head)
        self._chips = QWidget()
        self._chip_grid = QGridLayout(self._chips)
        self._chip_grid.setContentsMargins(0, 0, 0, 0)
        self._chip_grid.setSpacing(6)
        self.chips: dict[UUID, Button] = {}
        self.column.addWidget(self._chips)
        self.no_other = Label(
            _("There is no earlier exam."), theme=self._theme, size="small", role="text_2"
        )
        self.column.addWidget(self.no_other)

    def _foot(self) -> QVBoxLayout:
        theme = self._theme
        foot = QVBoxLayout()
        foot.setContentsMargins(14, 8, 14, 10)
        foot.setSpacing(8)
        row = QHBoxLayout()
        self.saved_icon = Icon("check", theme=theme)
        self.saved = Label(theme=theme, size="small", role="text_2", wrap=True, tabular=True)
        self.again = Button(_("Try again"), theme=theme, small=True)
        self.again.hide()
        row.addWidget(self.saved_icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.saved, 1)
        row.addWidget(self.again)
        foot.addLayout(row)
        acts = QHBoxLayout()
        self.discard = Button(theme=theme, icon="trash-2", kind="quiet", name=_("Discard the exam"))
        self.print = Button(
            theme=theme, icon="printer", kind="quiet", name=_("Print the exam (Ctrl+P)")
        )
        self.sign = Button(
            _("Sign"), theme=theme, icon="signature", key="Ctrl+Enter", kind="primary"
        )
        self.begin = Button(
            _("New exam"), theme=theme, icon="plus", key="Ctrl+Enter", kind="primary"
        )
        for button in (self.discard, self.print):
            acts.addWidget(button)
        acts.addStretch(1)
        for button in (self.begin, self.sign):
            acts.addWidget(button)
        foot.addLayout(acts)
        return foot

    # -- showing --------------------------------------------------------------------------------

    def show_due(self, cell: Cell | None, exam: Exam, *, at_end: bool, read_only: bool) -> None:
        """Say which site is due and how many are entered."""
        if cell is None:
            self.where.setText("")
            self.site.setText(_("No tooth to probe"))
        else:
            due = _("Now: {row}").format(row=row_name(cell))
            self.where.setText(row_name(cell).capitalize() if read_only else due)
            name = place_words(cell, self._notation)
            self.site.setText(_("All sites done") if at_end else name)
        self.count(exam)

    def count(self, exam: Exam) -> None:
        """Write how many sites are entered."""
        self.entered.setText(_("{count} of {n}").format(count=exam.entered, n=exam.wanted))
        self.entered.setAccessibleName(
            _("{count} of {n} sites entered").format(count=exam.entered, n=exam.wanted)
        )

    def refuse(self, sentence: str) -> None:
        """Say why a key wrote nothing; an empty sentence takes it away."""
        if self.refusal.text() != sentence:
            self.refusal.setText(sentence)
            self.refusal.setVisible(bool(sentence))

    def doubt(self, sentence: str) -> None:
        """Say why what was typed may have the wrong sign; an empty sentence takes it away."""
        if self.doubted.text() != sentence:
            self.doubted.setText(sentence)
            self.doubted.setVisible(bool(sentence))

    def show_sign(self, sign: MarginSign) -> None:
        """Say which sign recession has, in words and on the keys."""
        self.legend.setText(_(LEGENDS[sign]))
        self.keypad.use_sign(sign)

    def show_figures(self, head: ExamRow, exam: Exam, earlier: ExamData | None) -> None:
        """Write the indices of the exam, beside those of an earlier one."""
        found: list[Indices] = [indices(exam)]
        days = [_("This exam") if not head.signed else self._written.day(head.on_day)]
        if earlier is not None:
            found.append(indices(earlier.exam))
            days.append(self._written.day(earlier.head.on_day))
        rows = [("", tuple(days)), *figure_rows(found)]
        for place, (name, values) in enumerate(rows):
            self._write(place, 0, name, strong=False)
            for column in (1, 2):
                text = values[column - 1] if column <= len(values) else ""
                self._write(place, column, text, strong=column == 1 and place > 0)

    def _write(self, row: int, column: int, text: str, *, strong: bool) -> None:
        label = self._labels.get((row, column))
        if label is None:
            label = Label(
                theme=self._theme,
                size="small",
                weight=600 if strong else None,
                role="text" if strong else "text_2",
                tabular=column > 0,
                wrap=column == 0,
                align=Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft,
            )
            self._labels[row, column] = label
            self._cells.addWidget(label, row, column)
        if label.text() != text:
            label.setText(text)

    def show_looked(self, exam: Exam, *, may: bool) -> None:
        """Press down what was looked for; a mark says it by itself."""
        for button, looked in (
            (self.plaque_looked, exam.plaque_looked),
            (self.calculus_looked, exam.calculus_looked),
        ):
            button.setChecked(looked)
            button.setVisible(may)
        self.looked.setVisible(may)

    def show_proposal(self, proposal: Proposal, head: ExamRow) -> None:
        """Write what is proposed and what was decided."""
        self.proposed.setText(proposal_words(proposal))
        self.missing.setText(missing_words(proposal.missing))
        self.missing.setVisible(proposal.missing > 0)
        self.final.setVisible(not head.stage)
        decided = ""
        if head.stage:
            decided = _("Decided: {what}.").format(
                what=stage_words(head.stage, head.grade, head.extent)
            )
            if head.reason:
                decided += " " + _("Reason: {reason}").format(reason=head.reason)
            if not head.signed and head.proposed != proposal.text:
                decided += " " + _("The figures changed since: look at it again.")
        self.decided.setText(decided)
        self.decided.setVisible(bool(decided))

    def show_others(
        self, others: Sequence[ExamData], shown: Collection[UUID], under_way: UUID | None
    ) -> None:
        """Offer other exams; those that are drawn below are pressed down."""
        if [one.head.id for one in others] != list(self.chips):
            self._make_chips(others)
        for one in others:
            day = self._written.day(one.head.on_day)
            chip = self.chips[one.head.id]
            chip.setText(_("Under way") if one.head.id == under_way else day)
            chip.setChecked(one.head.id in shown)
        self._chips.setVisible(bool(others))
        self.no_other.setVisible(not others)
        self.all_exams.setEnabled(bool(others))

    def _make_chips(self, others: Sequence[ExamData]) -> None:
        for button in self.chips.values():
            self._chip_grid.removeWidget(button)
            button.deleteLater()
        self.chips = {}
        for place, one in enumerate(others):
            button = Button(theme=self._theme, small=True, name=_("Exam"))
            button.setCheckable(True)
            button.clicked.connect(self._chip)
            self.chips[one.head.id] = button
            self._chip_grid.addWidget(button, place // _CHIPS, place % _CHIPS)

    def _chip(self) -> None:
        self.compared.emit(tuple(key for key, one in self.chips.items() if one.isChecked()))

    def show_saving(self, saving: Saving) -> None:
        """Say whether what was typed is stored."""
        icon, sentence, role = saved_text(saving, self._written)
        self.saved_icon.set_icon(icon, role)
        self.saved.set_role(role)
        self.saved.setText(sentence)
        self.again.setVisible(saving.state.value in ("waiting", "failed"))

    def show_acts(self, *, signed: bool, may_write: bool, may_sign: bool, draft: bool) -> None:
        """Show what can be done with this exam."""
        typing = may_write and not signed
        for widget in (self.keypad, self.paths, self.zero, self.discard, self.saved,
                       self.saved_icon):  # fmt: skip
            widget.setVisible(typing)
        self.again.setVisible(self.again.isVisibleTo(self) and typing)
        self.sign.setVisible(typing)
        self.sign.setEnabled(may_sign)
        self.sign.setToolTip("" if may_sign else _("Your roles do not include “Sign notes”."))
        self.begin.setVisible(signed and may_write)
        self.begin.setText(_("Go on with the exam under way") if draft else _("New exam"))
        self.entered_word.setVisible(True)
