"""The sheet before a visit is completed: what is charged and taken from stock, line by line.

It comes where something is to be decided, and for whoever wants to look first.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.teeth.chart import MarkStatus
from clinic_desktop.domain.teeth.describe import STATUS_WORDS
from clinic_desktop.i18n import N_, _, ngettext
from clinic_desktop.ui.chart.composing import Writing
from clinic_desktop.ui.chart.letter_badge import Badge, letter_of
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.dialog import Dialog
from clinic_desktop.ui.widgets.labels import Label, Tag
from clinic_desktop.ui.widgets.pictures import Icon
from clinic_desktop.ui.widgets.rule import rule

if TYPE_CHECKING:  # the window is painted before pydantic is loaded
    from clinic_desktop.services.chart.schemas import CompletionSheet, MaterialNeed, WorkLine

_WIDTH: Final = 620
_SOURCES: Final = {
    "charted": N_("charted as done"),
    "planned": N_("planned"),
    "booked": N_("booked for this visit"),
}


class CompletionDialog(Dialog):
    """Lists the work; each line can be left out. ``confirmed`` when the person says so.

    ``act`` names this completing, so that pressing twice is once.
    """

    confirmed = Signal()

    def __init__(
        self,
        sheet: "CompletionSheet",
        *,
        writing: Writing,
        money: Callable[[int], str],
        theme: Theme,
        parent: QWidget,
    ) -> None:
        super().__init__(
            _("Complete today's work"),
            theme=theme,
            parent=parent,
            sentence=_("Teeth, account and stock are written together, or not at all."),
            icon="check-check",
            width=_WIDTH,
        )
        self.act = new_id()
        self.sheet = sheet
        self._writing = writing
        self._money = money
        self.rows: list[WorkRow] = []
        self._refusal = Label(theme=theme, role="danger", wrap=True)
        self._refusal.hide()
        self.body.setSpacing(0)
        self.body.addWidget(self._refusal)
        today = [line for line in sheet.lines if line.today]
        other = [line for line in sheet.lines if not line.today]
        self._add_group("", today)
        self._add_group(_("Also planned"), other)
        self._add_sums()
        self.set_primary(_("Complete"), self._confirm, icon="check-check")
        self._count()
        if self.rows:
            first = next((row for row in self.rows if row.tick is not None), None)
            if first is not None and first.tick is not None:
                first.tick.setFocus(Qt.FocusReason.OtherFocusReason)

    # -- content ----------------------------------------------------------------------------

    def _add_group(self, title: str, lines: "list[WorkLine]") -> None:
        if title and lines:
            head = Label(title, theme=self.theme, size="small", role="text_2", weight=600)
            head.setContentsMargins(0, 12, 0, 4)
            self.body.addWidget(head)
        for line in lines:
            row = WorkRow(line, self._writing, self._money, self.theme)
            row.changed.connect(self._count)
            self.rows.append(row)
            self.body.addWidget(row)

    def _add_sums(self) -> None:
        self.body.addSpacing(8)
        self.body.addWidget(rule())
        self.body.addSpacing(8)
        charged = QHBoxLayout()
        charged.addWidget(Label(_("Charged to the account"), theme=self.theme), 1)
        self.total = Label(theme=self.theme, size="heading", tabular=True)
        charged.addWidget(self.total)
        self.body.addLayout(charged)
        self._stock_words = Label(
            _("Taken from stock"), theme=self.theme, size="small", role="text_2", weight=600
        )
        self._stock_words.setContentsMargins(0, 8, 0, 2)
        self.body.addWidget(self._stock_words)
        self._stock = QVBoxLayout()
        self._stock.setSpacing(2)
        self.body.addLayout(self._stock)

    # -- what is chosen ---------------------------------------------------------------------

    def chosen(self) -> "list[WorkLine]":
        """Return the lines that will be completed."""
        return [row.line for row in self.rows if row.is_chosen()]

    def stock_words(self) -> list[str]:
        """Return the lines about stock as they are read."""
        items = [self._stock.itemAt(place) for place in range(self._stock.count())]
        widgets = [item.widget() for item in items if item is not None]
        return [one.accessibleName() for one in widgets if one is not None]

    def refuse(self, sentence: str) -> None:
        """Say why it was not completed, and let the person try again."""
        self._refusal.setText(sentence)
        self._refusal.show()
        self.set_busy(False)

    def _confirm(self) -> None:
        self._refusal.hide()
        self.set_busy(True)
        self.confirmed.emit()

    def _count(self) -> None:
        chosen = self.chosen()
        self.total.setText(self._money(sum(line.fee for line in chosen)))
        self._show_stock(_needs_of(chosen))
        primary = self.primary()
        if primary is not None:
            primary.setEnabled(bool(chosen))

    def _show_stock(self, needs: "list[tuple[MaterialNeed, int]]") -> None:
        while (item := self._stock.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        self._stock_words.setVisible(bool(needs))
        for need, quantity in needs:
            self._stock.addWidget(_StockRow(need, quantity, self.theme))


class WorkRow(QFrame):
    """One piece of work with its tick; a click anywhere on it ticks."""

    changed = Signal()

    def __init__(
        self, line: "WorkLine", writing: Writing, money: Callable[[int], str], theme: Theme
    ) -> None:
        super().__init__()
        self.line = line
        self.tick: QCheckBox | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 3, 0, 3)
        row.setSpacing(10)
        where = writing.where(line.tooth, line.surfaces)
        if line.needs_tooth:
            row.addWidget(Icon("circle-help", theme=theme, role="warning", size=16))
        else:
            self.tick = QCheckBox()
            # What does not fit its tooth is completed by somebody who read why.
            self.tick.setChecked(line.today and not line.questions)
            words = [where, line.name, money(line.fee), _(_SOURCES[line.source]), *line.questions]
            self.tick.setAccessibleName(", ".join(word for word in words if word))
            self.tick.toggled.connect(self.changed)
            row.addWidget(self.tick)
        place = Label(where, theme=theme, size="strong", tabular=True)
        place.setFixedWidth(round(76 * theme.scale))
        row.addWidget(place)
        words_column = QVBoxLayout()
        words_column.setSpacing(0)
        words_column.addWidget(Label(line.name, theme=theme))
        second = [_(_SOURCES[line.source]), line.provider or ""]
        if line.needs_tooth:
            second = [_("Booked without its tooth: chart it first, then complete.")]
        words_column.addWidget(
            Label(" · ".join(filter(None, second)), theme=theme, size="small", role="text_2")
        )
        for sentence in line.questions:
            words_column.addWidget(
                Label(
                    _("{sentence} Tick it if it was done all the same.").format(sentence=sentence),
                    theme=theme,
                    size="small",
                    role="warning",
                    wrap=True,
                )
            )
        row.addLayout(words_column, 1)
        status = MarkStatus(line.status)
        row.addWidget(Badge(status, letter_of(status), _(STATUS_WORDS[status]), theme))
        fee = Label(money(line.fee), theme=theme, tabular=True, align=Qt.AlignmentFlag.AlignRight)
        fee.setMinimumWidth(round(84 * theme.scale))
        row.addWidget(fee)

    def is_chosen(self) -> bool:
        """Return whether it will be completed."""
        return self.tick is not None and self.tick.isChecked()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Tick or untick."""
        if self.tick is not None and event.button() is Qt.MouseButton.LeftButton:
            self.tick.toggle()


class _StockRow(QWidget):
    """One product: how much is taken, and a warning where less is left or nobody has counted."""

    def __init__(self, need: "MaterialNeed", quantity: int, theme: Theme) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(Label(need.name, theme=theme, size="small"), 1)
        words = f"{quantity} {need.unit}"
        row.addWidget(Label(words, theme=theme, size="small", role="text_2", tabular=True))
        said = [need.name, words]
        if need.left is None:
            row.addWidget(Tag("unknown", None, _("not counted"), theme=theme))
            said.append(_("not counted"))
        elif need.left < quantity:
            short = ngettext("only {left} left", "only {left} left", need.left).format(
                left=need.left
            )
            row.addWidget(Tag("warning", "triangle-alert", short, theme=theme))
            said.append(short)
        self.setAccessibleName(", ".join(said))


def is_plain(sheet: "CompletionSheet") -> bool:
    """Return whether there is nothing to decide: today's work fits its teeth and the stock."""
    today = [line for line in sheet.lines if line.today]
    if not today or any(line.questions or line.needs_tooth for line in today):
        return False
    return all(need.left is None or need.left >= quantity for need, quantity in _needs_of(today))


def _needs_of(lines: "list[WorkLine]") -> "list[tuple[MaterialNeed, int]]":
    """Return what the lines take together, by product in order of name."""
    first: dict[UUID, MaterialNeed] = {}
    totals: dict[UUID, int] = {}
    for line in lines:
        for need in line.materials:
            first.setdefault(need.product_id, need)
            totals[need.product_id] = totals.get(need.product_id, 0) + need.quantity
    return sorted(
        ((first[product], total) for product, total in totals.items()),
        key=lambda found: found[0].name,
    )
