"""What goes and what stays of a person, the number of the record to confirm, and the act."""

from typing import Final
from uuid import UUID

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from clinic_desktop.domain.ids import new_id
from clinic_desktop.i18n import _, ngettext
from clinic_desktop.services.context import Context
from clinic_desktop.services.erasure import service as erasure
from clinic_desktop.services.erasure.schemas import Erased, ErasureOrder, ErasurePreview
from clinic_desktop.services.progress import StoppedError
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.patients.erase_words import goes_words, stays_words
from clinic_desktop.ui.patients.words import Looks
from clinic_desktop.ui.widgets.dialog import Dialog
from clinic_desktop.ui.widgets.fields import Field, LineEdit
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.long_work import LongWork
from clinic_desktop.ui.widgets.panel import StatePanel

_WIDTH: Final = 720
_EDGES: Final = 60
_HIGHEST: Final = 560
_AIR: Final = 16


class EraseDialog(Dialog):
    """The one act that nothing brings back: it is asked, and its focus starts on the way out."""

    def __init__(self, desk: Desk, parent: QWidget, *, patient_id: UUID) -> None:
        super().__init__(
            _("Erase a person for good"),
            theme=desk.theme,
            parent=parent,
            sentence=_(
                "For somebody who asks to be forgotten. What the law keeps stays; everything else "
                "is gone in this clinic, and nobody can bring it back."
            ),
            icon="trash-2",
            icon_role="danger",
            width=_WIDTH,
            careful=True,
        )
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.desk = desk
        self._patient_id = patient_id
        self._erasure_id = new_id()
        self._found: ErasurePreview | None = None
        self._work: LongWork | None = None
        self.panel = StatePanel(theme=desk.theme, framed=False)
        self.body.addWidget(self.panel)
        self._make_fields()
        self.act = self.set_primary(_("Erase for good"), self._erase, icon="trash-2", danger=True)
        self.act.setEnabled(False)
        self._ask()

    def _make_fields(self) -> None:
        theme = self.desk.theme
        self.reason = LineEdit(theme=theme, longest=500)
        self.early = LineEdit(theme=theme, longest=500)
        self.number = LineEdit(theme=theme, longest=40)
        self.reason_field = Field(
            _("Why"), self.reason, theme=theme, required=True, name="reason",
            hint=_("Kept for good: leave the person's name, phone and e-mail out of it."),
        )  # fmt: skip
        self.early_field = Field(
            _("Why before its time"), self.early, theme=theme, required=True, name="early_reason"
        )
        self.number_field = Field(
            _("Number of the record, to confirm"), self.number, theme=theme, required=True,
            name="number",
        )  # fmt: skip
        self.refusal = Label(theme=theme, role="danger", wrap=True)
        self.form = QWidget(self)
        column = QVBoxLayout(self.form)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        for widget in (self.reason_field, self.early_field, self.number_field, self.refusal):
            column.addWidget(widget)
        self.refusal.hide()
        self.form.hide()
        self.body.addWidget(self.form)

    # -- what there is ------------------------------------------------------------------------

    def _ask(self) -> None:
        patient = self._patient_id
        self.panel.show_loading(_("Looking at everything there is of this person…"))
        self.desk.operations.query(
            self,
            lambda ctx: self._looked(ctx, patient),
            self._show,
            failed=self._not_shown,
            key="preview",
        )

    @staticmethod
    def _looked(ctx: Context, patient_id: UUID) -> tuple[ErasurePreview, list[str]]:
        found = erasure.preview(ctx, patient_id)
        return found, erasure.blocked(ctx, found)

    def _not_shown(self, error: Exception) -> None:
        self.panel.show_failed(str(error), self._ask, title=_("Not erased"))
        QTimer.singleShot(0, self, self.adjust)

    def _show(self, answer: tuple[ErasurePreview, list[str]]) -> None:
        found, blocked = answer
        self._found = found
        looks = Looks.of(self.desk)
        page = QWidget()
        grid = QGridLayout(page)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        who = _("{name} · No. {number}").format(name=found.name, number=found.number)
        grid.addWidget(Label(who, theme=self.desk.theme, size="strong", wrap=True), 0, 0, 1, 2)
        line = 1
        coming = [f"{looks.day_and_time(one.at)} · {one.provider}" for one in found.coming[:10]]
        for title, words, role in (
            (_("In the way"), [*blocked, *coming], "danger"),
            (_("Goes"), goes_words(found), "text"),
            (_("Stays"), stays_words(found, looks), "text"),
            (_("Before its time"), self._early_words(found, looks), "warning"),
        ):
            line = self._group(grid, line, title, words, role)
        grid.setRowStretch(line, 1)
        self.panel.show_content(page)
        height = grid.totalHeightForWidth(_WIDTH - _EDGES) + _AIR
        self.panel.setMinimumHeight(min(_HIGHEST, height))
        self.form.setVisible(not blocked)
        self.early_field.setVisible(found.before_its_time)
        self.act.setText(_("Erase No. {number} for good").format(number=found.number))
        self.act.setEnabled(not blocked)
        # The height of wrapped lines is known once they have their width.
        QTimer.singleShot(0, self, self.adjust)

    @staticmethod
    def _early_words(found: ErasurePreview, looks: Looks) -> list[str]:
        if not found.before_its_time or not found.early or found.care_until is None:
            return []
        words = _(
            "The clinic keeps records {years} years after the last visit, this one until {day}. "
            "Erased now, nobody can show later what was found and done."
        )
        return [words.format(years=found.clinical_years, day=looks.day(found.care_until))]

    def _group(self, grid: QGridLayout, line: int, title: str, words: list[str], role: str) -> int:
        theme = self.desk.theme
        for place, text in enumerate(words):
            if place == 0:
                head = Label(title, theme=theme, role="text_2")
                grid.addWidget(head, line, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(Label(text, theme=theme, role=role, wrap=True), line, 1)
            line += 1
        return line

    @Slot()
    def adjust(self) -> None:
        """Take the room of what is shown now."""
        # The layouts around a scrolled page do not hear of its new height by themselves.
        self._scroll.updateGeometry()
        card = self._scroll.parentWidget()
        if card is not None:
            card.updateGeometry()
        self._place()
        inside = self.focusWidget()
        if inside is None or not self.form.isAncestorOf(inside):
            self._set_focus()

    # -- erasing ------------------------------------------------------------------------------

    def _erase(self) -> None:
        found = self._found
        if found is None or self._work is not None or not self._complete():
            return
        self.refusal.hide()
        order = ErasureOrder(
            id=self._erasure_id, patient_id=found.patient_id, number=self.number.text(),
            reason=self.reason.text(), early_reason=self.early.text(),
        )  # fmt: skip
        self.set_busy(True)
        self._work = LongWork(_("Erasing…"), theme=self.desk.theme)
        self.form.hide()
        self.panel.show_content(self._work)
        steps = self.desk.operations.long(
            self,
            lambda ctx, steps: erasure.erase(ctx, order, steps),
            self._is_erased,
            progress=self._moved,
            failed=self._refused,
        )
        self._work.stopped.connect(steps.stop)

    def _complete(self) -> bool:
        for field, line in (
            (self.reason_field, self.reason),
            (self.early_field, self.early),
            (self.number_field, self.number),
        ):
            if field.isVisibleTo(self) and not field.validate():
                line.setFocus()
                return False
        return True

    @Slot(int, int)
    def _moved(self, done: int, total: int) -> None:
        if self._work is not None:
            self._work.show_progress(done, total)

    def _refused(self, error: Exception) -> None:
        """Show the form again with everything that was typed in it."""
        self._work = None
        self.set_busy(False)
        found = self._found
        if found is not None:
            self._show((found, []))
        fields = {f.name: f for f in (self.reason_field, self.early_field, self.number_field)}
        field = fields.get(getattr(error, "field", None) or "")
        if field is not None:
            field.show_error(str(error))
            field.editor.setFocus(Qt.FocusReason.OtherFocusReason)
        elif not isinstance(error, StoppedError):
            self.refusal.setText(str(error))
            self.refusal.show()
        QTimer.singleShot(0, self, self.adjust)

    def _is_erased(self, done: Erased) -> None:
        self._work = None
        self.desk.drafts.forget_about(self._patient_id)
        words = _("The record No. {number} was erased.").format(number=done.number)
        if done.invoices and done.kept_until is not None:
            kept = ngettext(
                "{count} invoice is kept until {day}.",
                "{count} invoices are kept, the last until {day}.",
                done.invoices,
            ).format(count=done.invoices, day=Looks.of(self.desk).day(done.kept_until))
            words = f"{words} {kept}"
        self.desk.messages.say(words, "trash-2")
        self.accept()
        self.desk.navigator.open_screen("patients")


def ask_erase(desk: Desk, parent: QWidget, patient_id: UUID) -> EraseDialog:
    """Open the dialog over the window of ``parent``."""
    dialog = EraseDialog(desk, parent, patient_id=patient_id)
    dialog.open()
    return dialog
