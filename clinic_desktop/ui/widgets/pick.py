"""Choosing one thing by typing: a line, a list below it, Enter takes what is chosen."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from clinic_desktop.domain.folding import fold
from clinic_desktop.i18n import _
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.dialog import Dialog
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.line_over_list import PAGE, LineOverList

_PLACE: Final = int(Qt.ItemDataRole.UserRole)


@dataclass(frozen=True, slots=True)
class Option:
    """What can be chosen; ``second`` is read below ``words`` and searched as well."""

    words: str
    value: Any
    second: str = ""


class PickDialog(Dialog):
    """``picked`` carries the value; Esc chooses nothing and goes back to where one was."""

    picked = Signal(object)

    def __init__(
        self,
        title: str,
        options: Sequence[Option] = (),
        *,
        theme: Theme,
        parent: QWidget,
        sentence: str = "",
        icon: str = "list",
        placeholder: str = "",
        none: str = "",
    ) -> None:
        """``none`` is said where there is nothing to choose from."""
        super().__init__(title, theme=theme, parent=parent, sentence=sentence, icon=icon, width=520)
        self._options: tuple[Option, ...] = ()
        self._none = none
        self.list = QListWidget()
        self.line = LineOverList(self.list, theme=theme, longest=60, placeholder=placeholder)
        self.line.setAccessibleName(placeholder or title)
        self.list.setAccessibleName(title)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setMinimumHeight(theme.height("row") * PAGE)
        self.note = Label(theme=theme, size="small", role="text_2", wrap=True)
        for widget in (self.line, self.list, self.note):
            self.body.addWidget(widget)
        self.line.textChanged.connect(self._fill)
        self.line.returnPressed.connect(self.take)
        self.list.itemClicked.connect(lambda _item: self.take())
        self.list.currentItemChanged.connect(self._tell)
        self.set_primary(_("Insert"), self.take)
        self.show_options(options)

    def show_options(self, options: Sequence[Option]) -> None:
        """Offer these."""
        self._options = tuple(options)
        self._fill()

    def say(self, sentence: str) -> None:
        """Say something below the list."""
        self.note.setText(sentence)
        self.note.setVisible(bool(sentence))

    def _fill(self) -> None:
        wanted = fold(self.line.text()).strip()
        self.list.clear()
        for place, option in enumerate(self._options):
            if wanted and wanted not in fold(f"{option.words} {option.second}"):
                continue
            words = f"{option.words}\n{option.second}" if option.second else option.words
            item = QListWidgetItem(words)
            item.setData(_PLACE, place)
            if option.second:
                lines = self.theme.line_height("body")
                item.setSizeHint(QSize(0, 2 * lines + 8))
            self.list.addItem(item)
        # What begins with the typed words is meant before what has them somewhere.
        first = next((n for n in range(self.list.count())
                      if fold(self.list.item(n).text()).startswith(wanted)), 0)  # fmt: skip
        if self.list.count():
            self.list.setCurrentRow(first)
            self.say("")
        elif self._options:
            self.say(_("Nothing here is called “{text}”.").format(text=self.line.text()))
        else:
            self.say(self._none)
        primary = self.primary()
        if primary is not None:
            primary.setEnabled(self.list.count() > 0)

    def _tell(self) -> None:
        """Let a screen reader that stays in the line say what Enter would take."""
        item = self.list.currentItem()
        self.line.setAccessibleDescription(item.text() if item is not None else "")
        # The focus stays in the line, so the list does not draw what is chosen by itself.
        for place in range(self.list.count()):
            one, chosen = self.list.item(place), place == self.list.currentRow()
            one.setBackground(self.theme.color("accent_soft" if chosen else "surface"))
            one.setFont(self.theme.font("body", weight=600 if chosen else 400))

    def shown(self) -> list[str]:
        """Return what is listed."""
        return [self.list.item(place).text() for place in range(self.list.count())]

    def take(self) -> None:
        """Take what is chosen."""
        item = self.list.currentItem()
        if item is None:
            return
        option = self._options[item.data(_PLACE)]
        self.accept()
        self.picked.emit(option.value)
