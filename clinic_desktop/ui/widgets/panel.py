"""Panels: a bordered card with a head, and one that shows the five states its data can be in."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QRect, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from clinic_desktop.i18n import _
from clinic_desktop.ui.keymap.dress import dress
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.theme.tokens import tokens
from clinic_desktop.ui.widgets.announce import announce
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.labels import Label, Tag
from clinic_desktop.ui.widgets.pictures import Icon
from clinic_desktop.ui.widgets.states import BusyLine, EmptyPage, FailedBox, LoadingPage, Veil

_HEAD: Final = 40
_SENTENCE_AFTER: Final = 2000
_OWN_IN_HEAD: Final = 3


class Panel(QFrame):
    """A card: a head with title, note and acts, a body, and a foot; all but the body optional.

    ``body`` is the layout of the content and has no margins; ``padded`` gives it the usual 12.
    """

    def __init__(
        self,
        title: str = "",
        *,
        theme: Theme,
        note: str = "",
        icon: str | None = None,
        padded: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.theme = theme
        self.setProperty("kind", "panel")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(1, 1, 1, 1)
        self._column.setSpacing(0)
        self._head = _Strip("panel_head")
        self._head.setMinimumHeight(_HEAD)
        self._title = Label(title, theme=theme, size="strong")
        self._note = Label(note, theme=theme, role="text_3", tabular=True)
        self._note.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._note.setMinimumWidth(0)
        if icon is not None:
            self._head.row.addWidget(Icon(icon, theme=theme))
        self._head.row.addWidget(self._title)
        self._head.row.addWidget(self._note, 1)
        self._column.addWidget(self._head)
        # Not before it has its place: without a parent it would flash as a window of its own.
        self._head.setVisible(bool(title))
        holder = QWidget()
        self.body = QVBoxLayout(holder)
        self.body.setSpacing(8)
        margin = 12 if padded else 0
        self.body.setContentsMargins(margin, margin, margin, margin)
        self._column.addWidget(holder, 1)
        self._foot = _Strip("panel_foot")
        self._foot.hide()
        self._column.addWidget(self._foot)
        if title:
            self.setAccessibleName(title)

    def title(self) -> str:
        """Return the title."""
        return self._title.text()

    def set_title(self, title: str) -> None:
        """Show another title; without one the head is hidden."""
        self._title.setText(title)
        self._head.setVisible(bool(title))
        self.setAccessibleName(title)

    def set_note(self, note: str) -> None:
        """Show another grey note beside the title."""
        self._note.setText(note)

    def set_note_right(self) -> None:
        """Put the note at the right end of the head, for a count or a date."""
        self._note.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def add_head(self, widget: QWidget) -> None:
        """Add an act (a small button, a segmented control) at the right end of the head."""
        self._head.row.addWidget(widget)
        self._head.show()

    def add_foot(self, widget: QWidget, stretch: int = 0) -> None:
        """Add a widget to the foot."""
        self._foot.row.addWidget(widget, stretch)
        self._foot.show()

    def set_content(self, widget: QWidget) -> None:
        """Put one widget into the body."""
        self.body.addWidget(widget)

    def set_tone(self, tone: str) -> None:
        """Colour the card: ``info``, ``warning``, ``danger``, ``strong`` or empty."""
        self.setProperty("tone", tone)
        self._polish()

    def set_selected(self, selected: bool) -> None:
        """Draw the card as the chosen one."""
        self.setProperty("state", "selected" if selected else "")
        self._polish()

    def _polish(self) -> None:
        self.style().unpolish(self)
        self.style().polish(self)
        self.update()


class _Strip(QFrame):
    """The head or foot of a panel."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.setProperty("kind", kind)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(12, 4, 12, 4)
        self.row.setSpacing(8)


class StatePanel(Panel):
    """A panel whose data are loading, there, really none, not loaded, not known, or old.

    Starts blank. ``show_loading`` keeps content that is already there and draws a thin line
    above it; a first load shows nothing, then skeleton bars, then a sentence. ``framed`` off
    leaves out the border, for a panel inside another.
    """

    def __init__(
        self,
        title: str = "",
        *,
        theme: Theme,
        note: str = "",
        icon: str | None = None,
        framed: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title, theme=theme, note=note, icon=icon, parent=parent)
        if not framed:
            self.setProperty("kind", "surface")
            self._column.setContentsMargins(0, 0, 0, 0)
        self.state = "blank"
        self._has_icon = icon is not None
        self._content: QWidget | None = None
        self._retry: Callable[[], None] | None = None
        self._details: Callable[[], None] | None = None
        self._stale = Tag("soft", "clock", "", theme=theme)
        self._stale.hide()
        self.add_head(self._stale)
        self._head.setVisible(bool(title))
        self._busy = BusyLine(theme, self)
        self._failed = FailedBox(theme)
        self._failed.again.clicked.connect(self._try_again)
        self._failed.more.clicked.connect(self._show_details)
        self._seen = Label(theme=theme, size="small", role="text_2", tabular=True)
        self._seen.setContentsMargins(12, 0, 12, 8)
        self._stack = QStackedWidget()
        self._loading = LoadingPage(theme)
        self._empty = EmptyPage(theme)
        self._blank = QWidget()
        for page in (self._blank, self._loading, self._empty):
            self._stack.addWidget(page)
        self._veil = Veil(theme, self._stack)
        self.body.setSpacing(0)
        self.body.addWidget(self._failed)
        self.body.addWidget(self._seen)
        self.body.addWidget(self._stack, 1)
        self._failed.hide()
        self._seen.hide()
        self._skeleton_timer = self._timer(self._show_skeleton)
        self._sentence_timer = self._timer(self._show_sentence)
        self._busy_timer = self._timer(self._busy.start)
        self._sentence = ""

    # -- the five states --------------------------------------------------------------------

    def show_loading(self, sentence: str = "") -> None:
        """Say nothing for 120 ms, then draw bars, then after 2 s a sentence.

        Content that is there stays, with a line that moves above it from 300 ms on.
        """
        self._enter("loading")
        self._sentence = sentence or _("Asking the server…")
        if self._content is not None:
            self._stack.setCurrentWidget(self._content)
            self._busy_timer.start(tokens().time["spinner_after_ms"])
            return
        self._stack.setCurrentWidget(self._blank)
        self._skeleton_timer.start(tokens().time["skeleton_after_ms"])
        self._sentence_timer.start(_SENTENCE_AFTER)

    def show_content(self, widget: QWidget | None = None) -> None:
        """Show the data; the first call gives the widget, later ones may leave it out."""
        self._enter("content")
        if widget is not None and widget is not self._content:
            if self._content is not None:
                self._stack.removeWidget(self._content)
                self._content.deleteLater()
            self._content = widget
            self._stack.addWidget(widget)
            dress(widget)  # only now it is known where it stands
        if self._content is not None:
            self._stack.setCurrentWidget(self._content)
        self.mark_stale(None)

    def show_empty(self, sentence: str, action: Button | None = None, *, detail: str = "") -> None:
        """Say that the answer is really nothing, with the one act that helps."""
        self._enter("empty")
        self._empty.tell(sentence, detail, action)
        self._stack.setCurrentWidget(self._empty)

    def show_failed(
        self,
        sentence: str,
        retry: Callable[[], None] | None = None,
        *,
        title: str = "",
        seen: str = "",
        details: Callable[[], None] | None = None,
        keep: bool = True,
    ) -> None:
        """Say why the data are not there; content loaded before stays below, paled.

        ``seen`` is the time of the older data as it is written, for example 13:40. ``keep`` off
        hides what was loaded before, where it is not what was asked for now.
        """
        asked = self._failed.again.hasFocus()
        self._enter("failed")
        self._retry, self._details = retry, details
        self._failed.tell(
            title or _("Not loaded"), sentence, again=retry is not None, more=details is not None
        )
        self._failed.show()
        if asked:
            # Whoever tried again in vain can try once more.
            self.focus_again()
        announce(self, f"{self.title()}. {sentence}")
        if self._content is None or not keep:
            self._stack.setCurrentWidget(self._blank)
            return
        self._stack.setCurrentWidget(self._content)
        self._seen.setText(
            _("Last seen at {time}, may have changed:").format(time=seen)
            if seen
            else _("Loaded before, may have changed:")
        )
        self._seen.show()
        self._veil.cover()

    def focus_again(self) -> None:
        """Put the keyboard on the act that asks once more."""
        self._failed.again.setFocus()

    def show_unknown(self, sentence: str, *, title: str = "") -> None:
        """Say that the fact is not recorded: hatched, never zero and never healthy."""
        self._enter("unknown")
        self._failed.tell(title or _("Not recorded"), sentence, icon="circle-help")
        self._failed.show()
        self._stack.setCurrentWidget(self._blank)

    def mark_stale(self, since: str | None) -> None:
        """Put the time of the last answer beside the title, or take it away."""
        self._stale.setVisible(since is not None)
        self._head.setVisible(since is not None or bool(self.title()) or self._has_acts())
        if since is not None:
            self._stale.set_tag("soft", "clock", _("As of {time}").format(time=since))

    # -- inside -----------------------------------------------------------------------------

    def _has_acts(self) -> bool:
        """Return whether the head holds more than title, note and the tag of its age."""
        return self._head.row.count() > _OWN_IN_HEAD + self._has_icon

    def _timer(self, act: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.timeout.connect(act)
        return timer

    def _enter(self, state: str) -> None:
        """Leave whatever was shown before."""
        self.state = state
        for timer in (self._skeleton_timer, self._sentence_timer, self._busy_timer):
            timer.stop()
        self._busy.stop()
        self._failed.hide()
        self._seen.hide()
        self._veil.hide()
        self._loading.say("")

    def _show_skeleton(self) -> None:
        self._stack.setCurrentWidget(self._loading)

    def _show_sentence(self) -> None:
        self._loading.say(self._sentence)

    def _try_again(self) -> None:
        if self._retry is not None:
            self._retry()

    def _show_details(self) -> None:
        if self._details is not None:
            self._details()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the busy line at the top of the body."""
        super().resizeEvent(event)
        top = self._head.geometry().bottom() if self._head.isVisible() else 1
        self._busy.setGeometry(QRect(1, top, self.width() - 2, 2))
