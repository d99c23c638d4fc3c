"""What stands above the teeth: the entry bar of today, or the bar that names a past date."""

from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from clinic_desktop.i18n import _
from clinic_desktop.ui.chart.entry_line import EntryLine
from clinic_desktop.ui.chart.status_switch import StatusSwitch
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.pictures import Icon
from clinic_desktop.ui.widgets.segmented import Segmented

_NARROW: Final = 800
# Narrower still: buttons leave out their keys, and the words that stand elsewhere too.
_TIGHT: Final = 700
_BUBBLE_WIDEST: Final = 560


class EntryBar(QFrame):
    """The status switch, the line, the menu of everything, and Add."""

    def __init__(self, theme: Theme, line: EntryLine) -> None:
        super().__init__()
        self.setProperty("kind", "surface")
        self.setProperty("keys_area", _("Entry line"))
        self.line = line
        self.switch = StatusSwitch(theme)
        self.menu = Button(theme=theme, icon="list", name=_("All treatments and findings"))
        self.help = Button(
            theme=theme, icon="circle-help", name=_("What can be typed"), key="Alt+H"
        )
        self.add = Button(_("Add"), theme=theme, key="Enter", kind="primary")
        self.side = Button(theme=theme, icon="panel-right-open", name=_("List"), key="F7")
        self.side.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(10)
        row.addWidget(self.switch)
        row.addWidget(line, 1)
        row.addWidget(self.menu)
        row.addWidget(self.help)
        row.addWidget(self.add)
        row.addWidget(self.side)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the words of the switch out where the line would have no room, then the keys."""
        super().resizeEvent(event)
        self.switch.set_narrow(self.width() < _NARROW)
        for button in (self.menu, self.help, self.add, self.side):
            _leave_out_key(button, out=self.width() < _TIGHT)


class PastBar(QFrame):
    """Says which date is shown and that it is read only; leads back to today.

    ``side_chosen`` carries ``then`` or ``now`` while two dates are compared; ``other_wanted`` asks
    for the dates to compare with.
    """

    side_chosen = Signal(object)
    other_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("kind", "surface")
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(12)
        self._icon = Icon("history", theme=theme, role="text", size=18)
        row.addWidget(self._icon)
        words = QVBoxLayout()
        words.setSpacing(0)
        self._title = Label(theme=theme, size="strong")
        self._sentence = Label(theme=theme, role="text_2", size="small")
        words.addWidget(self._title)
        words.addWidget(self._sentence)
        row.addLayout(words, 1)
        options = [("", "then"), (_("Today"), "now")]
        self.sides = Segmented(options, theme=theme, name=_("Date shown"))
        self.sides.chosen.connect(self.side_chosen)
        row.addWidget(self.sides)
        self.other = Button(theme=theme, icon="calendar", name=_("Compare with…"))
        self.other.clicked.connect(lambda _checked=False: self.other_wanted.emit())
        row.addWidget(self.other)
        self.back = Button(_("Back to today"), theme=theme, key="Esc", kind="primary")
        row.addWidget(self.back)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give what names the date the room of icon and keys where there is little."""
        super().resizeEvent(event)
        self._icon.setVisible(self.width() >= _NARROW)
        self.other.setText(_("Compare with…") if self.width() >= _TIGHT else "")
        _leave_out_key(self.back, out=self.width() < _NARROW)

    def show_date(
        self, title: str, sentence: str, day: str, *, compared: bool, other: str = ""
    ) -> None:
        """Name the date; while comparing, offer to look at either."""
        self._title.setText(title)
        self._sentence.setText(sentence)
        self.sides.setVisible(compared)
        self.sides.set_words("then", day)
        self.sides.set_words("now", other or _("Today"))
        self.other.setVisible(compared)

    def sentence(self) -> str:
        """Return what is written below the title."""
        return self._sentence.text()

    def title(self) -> str:
        """Return the title."""
        return self._title.text()


def _leave_out_key(button: Button, *, out: bool) -> None:
    """Let a button be as wide as its words alone; its tooltip names the key all the same."""
    words = button.minimumSizeHint().width()
    button.setMaximumWidth(words if out else button.sizeHint().width())


class Bubble(QFrame):
    """The sentence below the entry line that names the unknown word; it covers, nothing moves."""

    def __init__(self, theme: Theme, over: QWidget) -> None:
        super().__init__(over)
        self.setProperty("kind", "panel")
        self.setProperty("tone", "danger")
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 6, 12, 6)
        row.setSpacing(8)
        row.addWidget(Icon("circle-alert", theme=theme, role="on_danger_soft"))
        self._words = Label(theme=theme, role="on_danger_soft")
        row.addWidget(self._words)
        self._line: EntryLine | None = None
        over.installEventFilter(self)
        self.hide()

    def text(self) -> str:
        """Return the sentence shown, or nothing."""
        return self._words.text() if self.isVisible() else ""

    def say(self, sentence: str, line: EntryLine) -> None:
        """Show the sentence below the word of the line it is about; an empty one hides it."""
        self._line = line
        self.setVisible(bool(sentence))
        if sentence:
            self._words.setText(sentence)
            self._place()
            self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay below the line when the window changes."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        over = self.parentWidget()
        if self._line is None or over is None:
            return
        width = min(self.sizeHint().width(), _BUBBLE_WIDEST, over.width() - 16)
        self.resize(width, self.sizeHint().height())
        if not self._line.isVisible():
            self.resize(width, self.sizeHint().height())
            self.move(8, 8)
            return
        at = self._line.mapTo(over, QPoint(self._line.wrong_at() - 12, self._line.height() + 3))
        self.move(max(8, min(at.x(), over.width() - width - 8)), at.y())
