"""The right side of the notes: one page to read or write a note, with its acts below."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from clinic_desktop.i18n import _
from clinic_desktop.ui.notes.places import PlacesText
from clinic_desktop.ui.notes.rows import TAGS, NoteState
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.labels import Label, Tag
from clinic_desktop.ui.widgets.pictures import Icon

_LONGEST = 1_000_000


class NotePage(QWidget):
    """A note's head, its text, and a foot: the acts of a writer, or why it cannot be changed."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        inside = QVBoxLayout()
        inside.setContentsMargins(16, 14, 16, 12)
        inside.setSpacing(8)
        inside.addLayout(self._make_head())
        self.text = PlacesText(theme=theme, lines=4, longest=_LONGEST)
        self.text.setAccessibleName(_("Text of the note"))
        self.text.setProperty("keys_area", _("Note"))
        inside.addWidget(self.text, 1)
        inside.addWidget(self._make_open_line())
        self._refusal = Label(theme=theme, role="danger", wrap=True)
        self._refusal.hide()
        inside.addWidget(self._refusal)
        column.addLayout(inside, 1)
        column.addWidget(self._make_writing_foot())
        column.addWidget(self._make_reading_foot())

    def _make_open_line(self) -> QWidget:
        """Make the line that says which places of a template are still open."""
        self._open = QWidget()
        row = QHBoxLayout(self._open)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        icon = Icon("text-cursor-input", theme=self._theme, role="warning", size=16)
        row.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        self._open_words = Label(theme=self._theme, size="small", role="warning", wrap=True)
        row.addWidget(self._open_words, 1)
        self._open.hide()
        self.text.told.connect(self._tell_open)
        return self._open

    def _tell_open(self, sentence: str) -> None:
        self._open_words.setText(sentence)
        self._open.setVisible(bool(sentence))

    def _make_head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(8)
        self._title = Label(theme=self._theme, size="strong")
        self._tag = Tag("dashed", "pencil", _("Draft"), theme=self._theme)
        self._amended = Tag("info", None, _("Amended"), theme=self._theme)
        head.addWidget(self._title)
        head.addWidget(self._tag)
        head.addWidget(self._amended)
        head.addStretch(1)
        return head

    def _make_writing_foot(self) -> QFrame:
        self._writing = QFrame()
        self._writing.setProperty("kind", "panel_foot")
        row = QHBoxLayout(self._writing)
        row.setContentsMargins(16, 10, 16, 10)
        row.setSpacing(8)
        self.footer = Label(theme=self._theme, size="small", role="text_3", tabular=True)
        row.addWidget(self.footer, 1)
        self.discard = Button(
            theme=self._theme, kind="quiet", icon="trash-2", name=_("Discard the draft")
        )
        self.template = Button(
            _("Template"), theme=self._theme, icon="clipboard-list", key="Alt+T", kind="quiet"
        )
        self.save = Button(_("Save"), theme=self._theme, key="Ctrl+S")
        self.sign = Button(
            _("Sign"), theme=self._theme, icon="signature", key="Ctrl+Enter", kind="primary"
        )
        for button in (self.discard, self.template, self.save, self.sign):
            row.addWidget(button)
        return self._writing

    def _make_reading_foot(self) -> QFrame:
        self._reading = QFrame()
        self._reading.setProperty("kind", "panel_foot")
        row = QHBoxLayout(self._reading)
        row.setContentsMargins(16, 10, 16, 10)
        row.setSpacing(10)
        self._icon = Icon("lock", theme=self._theme)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        self._sentence = Label(theme=self._theme, role="text_2", wrap=True)
        row.addWidget(self._sentence, 1)
        self.addendum = Button(_("Add an addendum"), theme=self._theme, icon="plus", key="Alt+A")
        row.addWidget(self.addendum)
        return self._reading

    # -- content ----------------------------------------------------------------------------

    def show_head(self, title: str, state: NoteState, *, amended: bool = False) -> None:
        """Name the note and its state."""
        kind, icon, word = TAGS[state]
        self._title.setText(title)
        self._tag.set_tag(kind, icon, _(word))
        self._amended.setVisible(amended)

    def show_writing(self, text: str, *, may_sign: bool) -> None:
        """Show a note that is being written."""
        self._fill(text, read_only=False)
        self.text.setPlaceholderText(_("What was found, done, agreed."))
        self.sign.setVisible(may_sign)
        self._writing.show()
        self._reading.hide()

    def show_reading(self, text: str, sentence: str, *, may_amend: bool) -> None:
        """Show a note to read; the sentence says why it cannot be changed."""
        self._fill(text, read_only=True)
        self.text.setPlaceholderText("")
        self._sentence.setText(sentence)
        self._icon.set_icon("lock" if may_amend else "eye")
        self.addendum.setVisible(may_amend)
        self._writing.hide()
        self._reading.show()

    def _fill(self, text: str, *, read_only: bool) -> None:
        self.refuse("")
        self.text.setReadOnly(read_only)
        if self.text.text() != text:
            before = self.text.blockSignals(True)
            self.text.setText(text)
            self.text.blockSignals(before)
        self.text.mark()
        self.text.style().unpolish(self.text)
        self.text.style().polish(self.text)

    def title(self) -> str:
        """Return the head."""
        return self._title.text()

    def state_word(self) -> str:
        """Return the word of the state shown."""
        return self._tag.text()

    def sentence(self) -> str:
        """Return why the note cannot be changed, or nothing."""
        return self._sentence.text() if self._reading.isVisible() else ""

    def refuse(self, sentence: str) -> None:
        """Say below the text why it was not stored; an empty sentence takes that away."""
        self._refusal.setText(sentence)
        self._refusal.setVisible(bool(sentence))

    def open_sentence(self) -> str:
        """Return what is said about open places, nothing where none is."""
        return self._open_words.text() if self._open.isVisible() else ""

    def refusal(self) -> str:
        """Return what is said below the text."""
        return self._refusal.text() if self._refusal.isVisible() else ""

    def set_busy(self, busy: bool) -> None:
        """Switch the acts off from the press until the answer."""
        for button in (self.save, self.sign):
            button.setEnabled(not busy)
