"""The typed entry line of the tooth chart: tags and a grey completion while one types."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from clinic_desktop.domain.chart_examples import usual_example
from clinic_desktop.domain.chart_line import Parsed, parse
from clinic_desktop.domain.chart_words import Entry, Lexicon, neutral_lexicon
from clinic_desktop.domain.teeth.chart import MarkStatus
from clinic_desktop.i18n import _
from clinic_desktop.ui.chart.composing import Writing, rewritten, words_of
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.announce import announce
from clinic_desktop.ui.widgets.painting import TagSpec, draw_tag, draw_text, tag_height, tag_width

_LONGEST: Final = 200
_EDGE: Final = 10
_GAP: Final = 4
# The tags never take more than this share of the line from what is typed.
_TAGS_SHARE: Final = 0.62
# What is typed has this much at least, before the first tag gives way.
_LEAST_TYPED: Final = 190
_WIDEST_TAG: Final = 190
_STEPS: Final = {
    Qt.Key.Key_Left: (-1, False),
    Qt.Key.Key_Right: (1, False),
    Qt.Key.Key_Up: (0, True),
    Qt.Key.Key_Down: (0, True),
}
_TURNS: Final = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
_KEPT_MODIFIERS: Final = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.MetaModifier
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What the line is read with beside its text."""

    writing: Writing
    lexicon: Lexicon = field(default_factory=neutral_lexicon)
    status: MarkStatus = MarkStatus.DONE
    selected: tuple[int, ...] = ()
    present: frozenset[int] = frozenset()
    today: date | None = None


class EntryLine(QLineEdit):
    """Reads what is typed at every key.

    ``understood`` carries the Parsed; ``added`` a finished one on Enter; ``refused`` the sentence
    on Enter when it is not finished. While the line is empty the arrows are ``moved``, Delete is
    ``missing_wanted``. Tab and Right accept the grey completion; Up and Down go through the other
    things that the last word can mean.
    """

    understood = Signal(object)
    added = Signal(object)
    refused = Signal(str)
    moved = Signal(int, bool, bool)
    missing_wanted = Signal()

    def __init__(
        self,
        theme: Theme,
        writing: Writing,
        money: Callable[[int], str],
        parent: QWidget | None = None,
    ) -> None:
        """``money`` writes a fee in minor units."""
        super().__init__(parent)
        self._theme = theme
        self._money = money
        self._reading = Reading(writing)
        self._parsed = self._parse()
        self._turning: tuple[tuple[Entry, ...], int] | None = None
        self._tags: tuple[TagSpec, ...] = ()
        self._picked = ""
        self.setMaxLength(_LONGEST)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._show_example()
        self.setAccessibleName(_("Chart entry"))
        self.textChanged.connect(self._read)
        self.textEdited.connect(self._forget_turn)
        self.cursorPositionChanged.connect(self.update)
        theme.changed.connect(self._restyle)
        self._restyle()

    # -- what the line knows ----------------------------------------------------------------

    def parsed(self) -> Parsed:
        """Return what was understood of the text."""
        return self._parsed

    def reading(self) -> Reading:
        """Return what the line is read with."""
        return self._reading

    def read_with(
        self,
        *,
        lexicon: Lexicon | None = None,
        status: MarkStatus | None = None,
        selected: tuple[int, ...] | None = None,
        present: frozenset[int] | None = None,
        today: date | None = None,
        writing: Writing | None = None,
    ) -> None:
        """Read the text again with another price list, status, selection or other teeth."""
        new = Reading(
            writing if writing is not None else self._reading.writing,
            lexicon if lexicon is not None else self._reading.lexicon,
            status if status is not None else self._reading.status,
            selected if selected is not None else self._reading.selected,
            present if present is not None else self._reading.present,
            today if today is not None else self._reading.today,
        )
        if new != self._reading:
            self._reading = new
            self._show_example()
            self._read()

    def _show_example(self) -> None:
        """Say what is typed, with a tooth that this kind of patient has."""
        words = _("Tooth, surfaces, what: {example}")
        self.setPlaceholderText(words.format(example=usual_example(self._reading.writing.notation)))

    def write(self, text: str) -> None:
        """Put a text into the line; the cursor goes to its end, nothing before can be undone."""
        if not text:
            self._turning = None
        self.setText(text)
        self.setCursorPosition(len(text))

    def show_picked(self, surfaces: str) -> None:
        """Show surfaces that were clicked while nothing is typed, as a tag."""
        if surfaces != self._picked:
            self._picked = surfaces
            self._tell_tags()

    def complaint(self) -> str:
        """Return what is wrong with the text and will not come right by typing on, or nothing."""
        problem = self._parsed.problem
        if problem is None or self._parsed.unfinished or not self.text().strip():
            return ""
        return problem.sentence

    def submit(self) -> None:
        """Do what Enter does: add the line, or say what is missing."""
        if self._parsed.line is not None and self.text().strip():
            self.added.emit(self._parsed)
            return
        problem = self._parsed.problem
        if problem is not None:
            self.refused.emit(problem.sentence)
            announce(self, problem.sentence, urgent=True)

    # -- reading ----------------------------------------------------------------------------

    def _parse(self) -> Parsed:
        reading = self._reading
        return parse(
            self.text(),
            notation=reading.writing.notation,
            locale=reading.writing.locale,
            lexicon=reading.lexicon,
            default_status=reading.status,
            selected=reading.selected,
            present=reading.present,
            today=reading.today,
        )

    def _read(self) -> None:
        self._parsed = self._parse()
        wrong = bool(self.complaint())
        if wrong != (self.property("state") == "error"):
            self.setProperty("state", "error" if wrong else "")
            self.style().unpolish(self)
            self.style().polish(self)
        self._tell_tags()
        self.understood.emit(self._parsed)

    def _tell_tags(self) -> None:
        self._tags = self._all_tags()
        words = self.complaint() or ", ".join(tag.text for tag in self._tags)
        if self.accessibleDescription() != words:
            self.setAccessibleDescription(words)
        self._fit()

    def _all_tags(self) -> tuple[TagSpec, ...]:
        if not self.text().strip():
            return self._picked_tags()
        tags = [TagSpec("accent", tag.text) for tag in self._parsed.tags]
        fees = [one.fee for one in self._parsed.each()]
        known = [fee for fee in fees if fee is not None]
        fee = sum(known) if known and self._parsed.line is not None else None
        if fee is not None:
            tags.append(TagSpec("plain", self._money(fee)))
        if self._turning is not None:
            entries, place = self._turning
            tags.append(TagSpec("soft", f"{place + 1}/{len(entries)} ↓"))
        elif self._parsed.choices and self._parsed.entry is not None:
            tags.append(TagSpec("soft", f"1/{len(self._parsed.choices) + 1} ↓"))
        return tuple(tags)

    def _picked_tags(self) -> tuple[TagSpec, ...]:
        selected, writing = self._reading.selected, self._reading.writing
        if not self._picked or not selected:
            return ()
        surfaces = " ".join(writing.surfaces(self._picked, selected).upper())
        teeth = writing.teeth(selected).upper()
        return (TagSpec("accent", teeth), TagSpec("accent", surfaces))

    # -- keys -------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Take Tab while there is something to complete; leave undo and redo to the screen."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.ShortcutOverride:
            undo = event.matches(QKeySequence.StandardKey.Undo) and not self.isUndoAvailable()
            redo = event.matches(QKeySequence.StandardKey.Redo) and not self.isRedoAvailable()
            if undo or redo:
                event.ignore()
                return True
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            plain = not event.modifiers() & _KEPT_MODIFIERS
            if event.key() == Qt.Key.Key_Tab and plain and self._completes():
                self._complete()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Add on Enter, complete on Right, move the tooth while the line is empty."""
        key, held = Qt.Key(event.key()), event.modifiers()
        if held & _KEPT_MODIFIERS:
            self._with_modifier(event)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.submit()
        elif not self.text() and (key in _STEPS or key == Qt.Key.Key_Delete):
            self._move(key, extend=bool(held & Qt.KeyboardModifier.ShiftModifier))
        elif key in _TURNS:
            self._turn(_TURNS[key])
        elif key == Qt.Key.Key_Right and self._completes():
            self._complete()
        elif key == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _with_modifier(self, event: QKeyEvent) -> None:
        """Leave Alt and Ctrl with Enter and arrows to the screen."""
        screen = (*_STEPS, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Home)
        alt = event.modifiers() & Qt.KeyboardModifier.AltModifier
        if Qt.Key(event.key()) in screen and (alt or not self.text()):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _move(self, key: Qt.Key, *, extend: bool) -> None:
        if key == Qt.Key.Key_Delete:
            self.missing_wanted.emit()
            return
        columns, other_jaw = _STEPS[key]
        self.moved.emit(columns, other_jaw, extend)

    def _completes(self) -> bool:
        at_end = self.cursorPosition() == len(self.text())
        return bool(self._parsed.completion) and at_end and not self.hasSelectedText()

    def _complete(self) -> None:
        self.insert(self._parsed.completion)

    def _turn(self, by: int) -> None:
        """Write the next of the things that the last word can mean."""
        if self._turning is None:
            if self._parsed.entry is None or not self._parsed.choices:
                return
            self._turning = ((self._parsed.entry, *self._parsed.choices), 0)
        entries, place = self._turning
        place = (place + by) % len(entries)
        self._turning = (entries, place)
        self.write(
            rewritten(self._parsed, self._reading.writing, what=words_of(entries[place]).lower())
        )

    def _forget_turn(self) -> None:
        self._turning = None

    # -- drawing ----------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        """Return the height of an entry line."""
        return QSize(420, self._height())

    def minimumSizeHint(self) -> QSize:
        """Return the room for a short line."""
        return QSize(180, self._height())

    def _height(self) -> int:
        return self._theme.height("control") + 8

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the tags their room again."""
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the line, then the completion behind the text and the tags at the right."""
        super().paintEvent(event)
        painter = QPainter(self)
        if self._completes() and self.hasFocus():
            self._draw_completion(painter)
        height = tag_height(self._theme)
        right: float = self.width() - _EDGE
        for tag, width in reversed(self._placed()):
            box = QRectF(round(right - width), (self.height() - height) // 2, width, height)
            draw_tag(painter, box, tag, self._theme)
            right -= width + _GAP
        painter.end()

    def _draw_completion(self, painter: QPainter) -> None:
        # The cursor's rectangle is wider than the cursor, which stands in its middle.
        cursor = self.cursorRect()
        left = QPointF(cursor.center()).x() + 1
        room = self.width() - self.textMargins().right() - _EDGE - left
        if room > 0:
            box = QRectF(left, 0, room, self.height())
            font = self._theme.font("large", weight=400)
            ink = self._theme.color("text_3")
            draw_text(painter, box, self._parsed.completion, font, ink)

    def _placed(self) -> list[tuple[TagSpec, float]]:
        """Return the tags that have room, those at the end first to go, never the first."""
        room = min(self.width() * _TAGS_SHARE, self.width() - _LEAST_TYPED)
        placed: list[tuple[TagSpec, float]] = []
        for tag in self._tags:
            width = min(tag_width(tag, self._theme), _WIDEST_TAG)
            if placed and sum(one + _GAP for _tag, one in placed) + width > room:
                break
            placed.append((tag, width))
        return placed

    def _fit(self) -> None:
        taken = sum(width + _GAP for _tag, width in self._placed())
        self.setTextMargins(0, 0, round(taken), 0)
        self.update()

    def _restyle(self) -> None:
        self.setFont(self._font())
        self.updateGeometry()
        self._fit()

    def _font(self) -> QFont:
        return self._theme.font("large", weight=500)

    def text_width(self) -> float:
        """Return the width of what is typed."""
        return QFontMetricsF(self._font()).horizontalAdvance(self.text())

    def wrong_at(self) -> int:
        """Return where the word that is wrong begins, in pixels from the left."""
        problem = self._parsed.problem
        if problem is None:
            return 0
        metrics = QFontMetricsF(self._font())
        return round(_EDGE + metrics.horizontalAdvance(self.text()[: problem.start]))
