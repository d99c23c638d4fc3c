"""What is open on an account by its age, each part with a bar of its share."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from clinic_desktop.domain.aging import Aging
from clinic_desktop.domain.money import format_amount, format_money
from clinic_desktop.i18n import _
from clinic_desktop.services.context import Who
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.rule import rule

_BAR: int = 6


class AgingStrip(QFrame):
    """Five cells: all that is open, then by age. Payments count for the oldest charges first."""

    def __init__(self, theme: Theme, who: Who, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._who = who
        self.setProperty("kind", "panel")
        self.setToolTip(_("Payments count for the oldest charges first."))
        row = QHBoxLayout(self)
        row.setContentsMargins(1, 1, 1, 1)
        row.setSpacing(0)
        self.open = _Cell(_("Open"), theme, figure=True)
        self.cells = [
            _Cell(words, theme) for words in (_("0–30 days"), _("31–60"), _("61–90"), _("Over 90"))
        ]
        row.addWidget(self.open, 3)
        for cell in self.cells:
            row.addWidget(rule(vertical=True))
            row.addWidget(cell, 2)

    def show_aging(self, found: Aging) -> None:
        """Show other sums."""
        who = self._who
        credit = found.credit > 0
        self.open.name.setText(_("Credit") if credit else _("Open"))
        self.open.show_part(format_money(found.credit or found.open, who.currency, who.locale), 0.0)
        for cell, minor in zip(
            self.cells, (found.to_30, found.to_60, found.to_90, found.older), strict=True
        ):
            part = minor / found.open if found.open else 0.0
            cell.show_part(format_amount(minor, who.currency, who.locale), part)


class _Cell(QWidget):
    """A name, an amount and a bar."""

    def __init__(self, words: str, theme: Theme, *, figure: bool = False) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 8, 14, 8)
        column.setSpacing(2)
        self.name = Label(words, theme=theme, size="small", role="text_2")
        self.amount = Label(theme=theme, size="title" if figure else "strong", tabular=True)
        self._bar = None if figure else _Share(theme)
        column.addWidget(self.name)
        column.addWidget(self.amount)
        if self._bar is not None:
            column.addWidget(self._bar)

    def show_part(self, amount: str, part: float) -> None:
        """Show an amount and its share of all that is open."""
        self.amount.setText(amount)
        if self._bar is not None:
            self.amount.set_role("text" if part else "text_3")
            self._bar.show_part(part)


class _Share(QWidget):
    """A bar that is filled as far as a part goes; the figure beside it says the same."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._part = 0.0
        self.setFixedHeight(_BAR)
        theme.changed.connect(self.update)

    def show_part(self, part: float) -> None:
        """Fill another part, from 0 to 1."""
        self._part = part
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Draw the bar."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._theme.color("surface"))
        whole = QRectF(0.5, 0.5, self.width() - 1, self.height() - 1)
        painter.setBrush(self._theme.color("sunken"))
        painter.drawRoundedRect(whole, 3, 3)
        if self._part > 0:
            painter.setBrush(self._theme.color("accent"))
            painter.drawRoundedRect(whole.adjusted(0, 0, (self._part - 1) * whole.width(), 0), 3, 3)
        painter.end()
