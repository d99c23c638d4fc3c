"""Two people changed one record: Before, Yours and Theirs, line by line; nothing is overwritten."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from clinic_desktop.i18n import _, ngettext
from clinic_desktop.ui.conflict_row import ConflictLine, ConflictRow, Side, line_grid
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.dialog import Dialog
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.pictures import Icon

__all__ = ["ConflictDialog", "ConflictLine", "Side"]

WIDTH: Final = 960


class ConflictDialog(Dialog):
    """Save stays off until every line that both changed is chosen; Keep editing loses nothing."""

    # As ``dict`` it would travel through Qt, which makes plain texts of the sides.
    chosen = Signal(object)
    """field -> ``Side`` of every line, when Save is pressed."""

    def __init__(
        self,
        *,
        record: str,
        lines: Sequence[ConflictLine],
        who: str,
        saved_at: str,
        theme: Theme,
        parent: QWidget,
    ) -> None:
        """``record`` names it, ``who`` saved it first, at ``saved_at`` (a clock time)."""
        super().__init__(
            _("Two versions of {record}").format(record=record),
            theme=theme,
            parent=parent,
            sentence=_(
                "{who} saved this record at {time} while you were editing it. "
                "Nothing is lost: choose what to keep, line by line."
            ).format(who=who, time=saved_at),
            icon="git-compare-arrows",
            icon_role="warning",
            width=WIDTH,
            close_words=_("Keep editing"),
        )
        # What nobody changed is not in the way of what has to be chosen.
        self.rows = [
            ConflictRow(line, theme) for line in sorted(lines, key=lambda ln: not ln.differs)
        ]
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(0)
        self.body.addWidget(self._heads(who, saved_at))
        for row in self.rows:
            row.choice_changed.connect(self._look)
            row.left.connect(partial(self._next_row, row))
            self.body.addWidget(row)
        self._note = Label("", theme=theme, role="text_2", wrap=True)
        self._note_icon = Icon("triangle-alert", theme=theme, role="warning")
        foot = QHBoxLayout()
        foot.setContentsMargins(20, 12, 20, 12)
        foot.setSpacing(8)
        foot.addWidget(self._note_icon)
        foot.addWidget(self._note, 1)
        self.body.addLayout(foot)
        self.set_primary(_("Save the chosen lines"), self._save)
        self.add_act(_("All mine"), lambda: self._take(Side.YOURS), key="Alt+M")
        self.add_act(_("All theirs"), lambda: self._take(Side.THEIRS), key="Alt+T")
        self._look()
        self._start_focus()

    def _heads(self, who: str, saved_at: str) -> QWidget:
        head = QWidget()
        head.setFixedHeight(30)
        grid = line_grid(head)
        yours = _("Yours, not saved yet")
        theirs = _("{who}, saved {time}").format(who=who, time=saved_at)
        for column, text in enumerate((_("Field"), _("Before both"), yours, theirs)):
            label = Label(text, theme=self.theme, size="micro", role="text_2")
            grid.addWidget(label, 0, column)
        return head

    def _start_focus(self) -> None:
        first = next((row for row in self.rows if row.side is None), None)
        if first is not None:
            first.buttons[Side.YOURS].setFocus(Qt.FocusReason.OtherFocusReason)

    def _next_row(self, row: ConflictRow, side: Side, step: int) -> None:
        open_rows = [other for other in self.rows if other.buttons]
        at = (open_rows.index(row) + step) % len(open_rows)
        open_rows[at].buttons[side].setFocus(Qt.FocusReason.OtherFocusReason)

    def missing(self) -> list[ConflictLine]:
        """Return the lines that still have to be chosen."""
        return [row.line for row in self.rows if row.side is None]

    def _look(self) -> None:
        missing = self.missing()
        primary = self.primary()
        if primary is not None:
            primary.setEnabled(not missing)
        decided = sum(row.line.differs for row in self.rows) - len(missing)
        self._note_icon.setVisible(bool(missing))
        if missing:
            names = ", ".join(line.label for line in missing)
            sentence = ngettext(
                "{count} line needs your choice: {fields}.",
                "{count} lines need your choice: {fields}.",
                len(missing),
            ).format(count=len(missing), fields=names)
            if decided:
                sentence += " " + ngettext(
                    "{count} other line is chosen.", "{count} other lines are chosen.", decided
                ).format(count=decided)
            self._note.setText(sentence)
        else:
            self._note.setText(_("Every line is chosen."))

    def _take(self, side: Side) -> None:
        for row in self.rows:
            row.choose(side)

    def _save(self) -> None:
        if not self.missing():
            self.accept()
            self.chosen.emit({row.line.field: row.side for row in self.rows})
