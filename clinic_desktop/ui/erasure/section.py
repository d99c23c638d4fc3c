"""For how long papers and records are kept, and the list of what was erased."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import N_, _, ngettext
from clinic_desktop.services.context import Context
from clinic_desktop.services.erasure import service as erasure
from clinic_desktop.services.erasure.schemas import ErasureRow, ErasureRules, ErasureRuleValues
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.patients.words import Looks
from clinic_desktop.ui.settings.section import Section
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.fields import Field, NumberField
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.panel import Panel, StatePanel

Found = tuple[ErasureRules, list[ErasureRow], int]


class ErasureSection(Section):
    """Two numbers of years and a choice; below them every erasure with its reason."""

    title = N_("Keeping and erasing")
    sentence = N_(
        "How long the law of your country makes the clinic keep papers and records. Ask whoever "
        "advises you; nothing is erased by itself."
    )
    topics = frozenset({"setting", "erasure"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        theme = desk.theme
        self._version = 0
        self._typed = False
        years = _("years")
        self.fiscal = NumberField(theme=theme, least=0, most=100, unit=years)
        self.clinical = NumberField(theme=theme, least=0, most=100, unit=years)
        self.early = QCheckBox(_("A person may be erased before that, with a reason of its own"))
        self.fields = {
            "fiscal_years": Field(
                _("Invoices and receipts"), self.fiscal, theme=theme, required=True,
                name="fiscal_years", hint=_("With the buyer's name, after the day of issue."),
            ),
            "clinical_years": Field(
                _("Records of treatment"), self.clinical, theme=theme, required=True,
                name="clinical_years",
                hint=_("After the last care; a child's from their 18th birthday."),
            ),
        }  # fmt: skip
        self.save = Button(_("Save"), theme=theme, kind="primary", key="Ctrl+S")
        self.save.clicked.connect(self.save_now)
        self.refusal = Label(theme=theme, role="danger", wrap=True)
        form = Panel(_("Kept for"), theme=theme, padded=True)
        for field in self.fields.values():
            form.body.addWidget(field)
            field.edited.connect(self._touched)
        form.body.addWidget(self.early)
        self.early.clicked.connect(self._touched)
        form.body.addWidget(self.refusal)
        self.refusal.hide()
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.save)
        form.body.addLayout(foot)
        self.panel = StatePanel(_("Erased"), theme=theme)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        self.over = Button(theme=theme, icon="trash-2", kind="danger")
        self.over.clicked.connect(self.let_go)
        self.over.hide()
        column.addWidget(form)
        column.addWidget(self.over, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.panel, 1)

    def reload(self) -> None:
        """Ask again; what is being typed stays."""
        self.panel.show_loading()

        def found(ctx: Context) -> Found:
            may = ctx.who.may("patients.erase") and ctx.who.may("billing.read")
            over = erasure.papers_over(ctx) if may else 0
            return erasure.rules(ctx), erasure.erasures(ctx), over

        self.desk.operations.query(
            self, found, self._show,
            failed=lambda error: self.panel.show_failed(str(error), self.reload), key="erasures",
        )  # fmt: skip

    def _show(self, found: Found) -> None:
        rules, rows, over = found
        words = ngettext(
            "Erase the buyer of {count} invoice whose time is over",
            "Erase the buyers of {count} invoices whose time is over",
            over,
        )
        self.over.setText(words.format(count=over))
        self.over.setVisible(over > 0)
        if not self._typed:
            self._version = rules.version
            self.fiscal.set_value(rules.fiscal_years)
            self.clinical.set_value(rules.clinical_years)
            self.early.setChecked(rules.early)
        if not rows:
            self.panel.show_empty(_("Nobody was erased."))
            return
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        looks = Looks.of(self.desk)
        for row in rows:
            for words, role in _lines(row, looks):
                column.addWidget(
                    Label(words, theme=self.desk.theme, role=role, wrap=True, tabular=True)
                )
        column.addStretch(1)
        self.panel.show_content(page)

    @Slot()
    def _touched(self) -> None:
        self._typed = True

    @Slot()
    def let_go(self) -> None:
        """Empty the invoices that have been kept as long as the law wanted."""
        self.over.setEnabled(False)
        self.desk.operations.change(self, erasure.let_go, self._let_go, failed=self._refused)

    def _let_go(self, count: int) -> None:
        self.over.setEnabled(True)
        words = ngettext("{count} invoice emptied.", "{count} invoices emptied.", count)
        self.desk.messages.say(words.format(count=count), "trash-2")
        self.reload()

    def save_now(self) -> None:
        """Save the years."""
        self.refusal.hide()
        valid = [field.validate() for field in self.fields.values()]
        if not all(valid):
            return
        try:
            values = ErasureRuleValues(
                fiscal_years=self.fiscal.value() or 0,
                clinical_years=self.clinical.value() or 0,
                early=self.early.isChecked(),
            )
        except InvalidError as error:
            self._refused(error)
            return
        version = self._version
        self.save.setEnabled(False)
        self.desk.operations.change(
            self, lambda ctx: erasure.change_rules(ctx, version, values), self._saved,
            failed=self._refused,
        )  # fmt: skip

    def _saved(self, _none: None) -> None:
        self._typed = False
        self.save.setEnabled(True)
        self.desk.messages.say(_("Saved."), "check")
        self.reload()

    def _refused(self, error: Exception) -> None:
        self.save.setEnabled(True)
        self.over.setEnabled(True)
        self.refusal.setText(str(error))
        self.refusal.show()

    def start_focus(self) -> None:
        """Begin in the first field."""
        self.fiscal.setFocus()


def _lines(row: ErasureRow, looks: Looks) -> list[tuple[str, str]]:
    """Return what is told of one erasure: which record, when and by whom; why; what is kept."""
    by = row.by or _("after a restore")
    head = _("No. {number} · {day} · {by}").format(number=row.number, day=looks.day(row.at), by=by)
    lines = [(head, "text"), (row.reason, "text_2")]
    if row.early_reason and row.care_until is not None:
        words = _("Before {day}, because: {reason}")
        lines.append(
            (words.format(day=looks.day(row.care_until), reason=row.early_reason), "text_2")
        )
    if row.kept_until is not None:
        words = _("Invoices kept: {count}, the last until {day}")
        day = looks.day(row.kept_until)
        lines.append((words.format(count=row.invoices_kept, day=day), "text_2"))
    return lines
