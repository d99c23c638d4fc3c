"""Two records side by side: which one stays, which value of each field, and what moves."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QHBoxLayout, QRadioButton, QWidget

from clinic_desktop.domain.ids import new_id
from clinic_desktop.i18n import _
from clinic_desktop.services import patients
from clinic_desktop.services.patients.merge_schemas import Merged, MergePreview, MergeSide
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.patients.merge_words import FieldPair, moving_words, pairs_of
from clinic_desktop.ui.patients.parts import TagFlow
from clinic_desktop.ui.patients.words import Looks
from clinic_desktop.ui.widgets.dialog import Dialog
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.painting import TagSpec
from clinic_desktop.ui.widgets.panel import StatePanel

_WIDTH: Final = 860
_EDGES: Final = 60
_HIGHEST: Final = 520
_AIR: Final = 16


class MergeDialog(Dialog):
    """The act is named on its button and the focus starts on Cancel; a merge can be taken apart.

    ``merged`` is called with the survivor's id when it is done.
    """

    def __init__(
        self,
        desk: Desk,
        parent: QWidget,
        *,
        survivor_id: UUID,
        merged_id: UUID,
        merged: Callable[[UUID], None] | None = None,
    ) -> None:
        super().__init__(
            _("Merge two records of one person"),
            theme=desk.theme,
            parent=parent,
            sentence=_(
                "Everything of the record at the right moves to the one at the left, issued papers "
                "and signed notes as they are. Both numbers find the person afterwards."
            ),
            icon="layers",
            width=_WIDTH,
            careful=True,
        )
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.desk = desk
        self._ids = (survivor_id, merged_id)
        self._merge_id = new_id()
        self._done = merged
        self._preview: MergePreview | None = None
        self.choices: dict[str, tuple[QRadioButton, QRadioButton]] = {}
        self.panel = StatePanel(theme=desk.theme, framed=False)
        self.body.addWidget(self.panel)
        self.act = self.set_primary(_("Merge"), self._merge, icon="layers", danger=True)
        self.act.setEnabled(False)
        self.swap = self.add_act(_("Keep the other one"), self._swap, key="Alt+K")
        self._ask()

    def _ask(self) -> None:
        survivor, merged = self._ids
        self.panel.show_loading(_("Asking for both records…"))
        self.desk.operations.query(
            self,
            lambda ctx: patients.preview_merge(ctx, survivor, merged),
            self._show,
            failed=self._refused,
            key="preview",
        )

    def _swap(self) -> None:
        self._ids = (self._ids[1], self._ids[0])
        self.act.setEnabled(False)
        self._ask()

    def _refused(self, error: Exception) -> None:
        self.set_busy(False)
        self.act.setEnabled(False)
        self.panel.show_failed(str(error), self._ask, title=_("Not merged"))

    # -- showing ----------------------------------------------------------------------------

    def _show(self, preview: MergePreview) -> None:
        if (preview.survivor.id, preview.merged.id) != self._ids:
            return
        self._preview = preview
        looks = Looks.of(self.desk)
        self.choices = {}
        page = QWidget()
        grid = QGridLayout(page)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(6)
        for column, share in enumerate((2, 4, 4)):
            grid.setColumnStretch(column, share)
        kept, other = preview.survivor, preview.merged
        self._side_head(grid, 1, _("Stays"), kept, looks)
        self._side_head(grid, 2, _("Is merged into it"), other, looks)
        line = 2
        same: list[str] = []
        for pair in pairs_of(preview, looks):
            if pair.differs:
                self._choice(grid, line, pair)
                line += 1
            elif pair.kept:
                same.append(pair.label)
        theme = self.desk.theme
        if same:
            words = _("The same on both: {fields}.").format(fields=", ".join(same))
            grid.addWidget(
                Label(words, theme=theme, size="small", role="text_2", wrap=True), line, 0, 1, 3
            )
            line += 1
        grid.addWidget(Label(_("What moves"), theme=theme, size="strong"), line, 0)
        moving = TagFlow(theme)
        words_of = moving_words(other, looks) or (_("nothing but the record itself"),)
        moving.set_tags([TagSpec("soft", words) for words in words_of])
        grid.addWidget(moving, line, 1, 1, 2)
        self.panel.show_content(page)
        wrapped = grid.totalHeightForWidth(_WIDTH - _EDGES) if grid.hasHeightForWidth() else 0
        height = max(wrapped, page.sizeHint().height()) + _AIR
        self.panel.setMinimumHeight(min(_HIGHEST, height))
        self.act.setText(
            _("Merge No. {number} into No. {other}").format(number=other.number, other=kept.number)
        )
        self.act.setEnabled(True)
        # The height of wrapped lines is known once they have their width.
        QTimer.singleShot(0, self, self.adjust)

    def adjust(self) -> None:
        """Take the room of what is shown now."""
        # The layouts around a scrolled page do not hear of its new height by themselves.
        self._scroll.updateGeometry()
        card = self._scroll.parentWidget()
        if card is not None:
            card.updateGeometry()
        self._place()
        self._set_focus()

    def _side_head(
        self, grid: QGridLayout, column: int, title: str, side: MergeSide, looks: Looks
    ) -> None:
        theme = self.desk.theme
        name = _("{name} · No. {number}").format(name=side.name, number=side.number)
        grid.addWidget(Label(title, theme=theme, size="micro", role="text_2"), 0, column)
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 6)
        row.addWidget(Label(name, theme=theme, size="strong", wrap=True, tabular=True), 1)
        since = _("since {day}").format(day=looks.day(side.created_at))
        row.addWidget(Label(since, theme=theme, size="small", role="text_2"))
        grid.addWidget(box, 1, column)

    def _choice(self, grid: QGridLayout, line: int, pair: FieldPair) -> None:
        theme = self.desk.theme
        grid.addWidget(Label(pair.label, theme=theme, role="text_2"), line, 0)
        group = QButtonGroup(self)
        buttons = []
        for column, text in ((1, pair.kept), (2, pair.other)):
            button = QRadioButton()
            shown = text or _("Not recorded")
            button.setAccessibleName(f"{pair.label}: {shown}")
            group.addButton(button)
            cell = QWidget()
            row = QHBoxLayout(cell)
            row.setContentsMargins(0, 0, 0, 0)
            row.addWidget(button)
            role = "text" if text else "text_3"
            row.addWidget(Label(shown, theme=theme, wrap=True, role=role, tabular=True), 1)
            grid.addWidget(cell, line, column)
            buttons.append(button)
        buttons[1 if pair.take else 0].setChecked(True)
        self.choices[pair.name] = (buttons[0], buttons[1])

    # -- merging ----------------------------------------------------------------------------

    def taken(self) -> tuple[str, ...]:
        """Return the fields of which the merged record's value is kept."""
        return tuple(name for name, (_kept, other) in self.choices.items() if other.isChecked())

    def _merge(self) -> None:
        (survivor, merged), take, merge_id = self._ids, self.taken(), self._merge_id
        self.set_busy(True)
        self.desk.operations.change(
            self,
            lambda ctx: patients.merge(
                ctx, id=merge_id, survivor_id=survivor, merged_id=merged, take=take
            ),
            self._is_merged,
            failed=self._refused,
        )

    def _is_merged(self, done: Merged) -> None:
        preview, desk = self._preview, self.desk
        if preview is not None:
            undo = _undo(desk, done.id)
            desk.messages.undoable(
                _("No. {number} was merged into {name}, No. {other}.").format(
                    number=preview.merged.number,
                    name=preview.survivor.name,
                    other=preview.survivor.number,
                ),
                undo,
            )
        self.accept()
        if self._done is not None:
            self._done(done.survivor_id)


def _undo(desk: Desk, merge_id: UUID) -> Callable[[], None]:
    """Return the act that takes a merge apart; it outlives the dialog."""

    def undo() -> None:
        take_apart(desk, merge_id)

    return undo


def take_apart(desk: Desk, merge_id: UUID, done: Callable[[UUID], None] | None = None) -> None:
    """Take a merge apart and say so; ``done`` is told whose record is in use again."""
    desk.operations.change(
        desk.messages,
        lambda ctx: patients.unmerge(ctx, merge_id),
        lambda parted: _parted(desk, parted.patient_id, done),
        failed=lambda error: desk.messages.warn(str(error)),
    )


def _parted(desk: Desk, patient_id: UUID, done: Callable[[UUID], None] | None) -> None:
    desk.messages.say(
        _("The two records are apart again. What was written since stayed with the one kept."),
        "unlink",
    )
    if done is not None:
        done(patient_id)


def ask_merge(
    desk: Desk,
    parent: QWidget,
    survivor_id: UUID,
    merged_id: UUID,
    merged: Callable[[UUID], None] | None = None,
) -> MergeDialog:
    """Open the dialog over the window of ``parent``."""
    dialog = MergeDialog(desk, parent, survivor_id=survivor_id, merged_id=merged_id, merged=merged)
    dialog.open()
    return dialog
