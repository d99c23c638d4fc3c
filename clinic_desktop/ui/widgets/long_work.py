"""Work that takes longer than two seconds: how far it is, how long it still takes, and Stop."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from clinic_desktop.domain.money import format_number
from clinic_desktop.i18n import _, language, ngettext
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.labels import Label

_STEPS = 1000


class LongWork(QWidget):
    """Title, count, bar, note and the acts; what is done stays when it is stopped.

    ``stopped`` is emitted once by the Stop button, which is then off: the work ends by itself.
    """

    stopped = Signal()

    def __init__(
        self, title: str, *, theme: Theme, stop_words: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(4)
        self._title = Label(title, theme=theme, size="strong")
        self._count = Label(theme=theme, role="text_2", tabular=True)
        self._bar = QProgressBar()
        self._bar.setRange(0, 0)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(title)
        self._note = Label(theme=theme, size="small", role="text_2", wrap=True)
        self._note.hide()
        for widget in (self._title, self._count, self._bar, self._note):
            column.addWidget(widget)
        self._acts = QHBoxLayout()
        self._acts.setContentsMargins(0, 8, 0, 0)
        self.stop_button = Button(stop_words or _("Stop"), theme=theme)
        self.stop_button.clicked.connect(self._stop)
        self._acts.addWidget(self.stop_button)
        self._acts.addStretch(1)
        column.addLayout(self._acts)
        column.addStretch(1)

    def show_progress(self, done: int, total: int, *, seconds_left: float | None = None) -> None:
        """Show ``done`` of ``total``, and the time left once it can be told."""
        self._bar.setRange(0, _STEPS)
        self._bar.setValue(round(_STEPS * min(1.0, done / total)) if total > 0 else _STEPS)
        count = _("{done} of {total}").format(
            done=format_number(done, language()), total=format_number(total, language())
        )
        if seconds_left is not None:
            count = f"{count} · {time_left(seconds_left)}"
        self._count.setText(count)

    def show_note(self, note: str) -> None:
        """Show what needs a look so far."""
        self._note.setText(note)
        self._note.setVisible(bool(note))

    def set_stop_words(self, words: str) -> None:
        """Say what is kept when stopped: Stop and keep 18,240."""
        self.stop_button.setText(words)

    def add_act(self, words: str, act: Callable[[], None]) -> Button:
        """Offer another act beside Stop, for example to go on in the background."""
        button = Button(words, theme=self._theme)
        button.clicked.connect(act)
        self._acts.insertWidget(self._acts.count() - 1, button)
        return button

    def _stop(self) -> None:
        self.stop_button.setEnabled(False)
        self.stopped.emit()


def time_left(seconds: float) -> str:
    """Return the time left in words, in steps a person can use."""
    if seconds < 10:
        return _("a few seconds left")
    if seconds < 60:
        return _("less than a minute left")
    minutes = round(seconds / 60)
    return ngettext("about {count} min left", "about {count} min left", minutes).format(
        count=minutes
    )
