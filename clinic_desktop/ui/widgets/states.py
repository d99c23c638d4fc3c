"""What a panel shows instead of its data: bars, a sentence, a hatched reason."""

from typing import Final

from PySide6.QtCore import QAbstractAnimation, QEvent, QObject, QRectF, Qt, QVariantAnimation
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from clinic_desktop.i18n import _
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.painting import draw_bar
from clinic_desktop.ui.widgets.pictures import Icon

SKELETON: Final = (0.62, 0.84, 0.48, 0.72)  # widths of the bars, as parts of the panel
_BAR: Final = 10
_OLD_DATA: Final = 0.62
_BUSY_ROUND_MS: Final = 1400


class HatchBox(QFrame):
    """A box in the violet hatch that means "not known"; ``framed`` draws its border."""

    def __init__(self, theme: Theme, *, framed: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._framed = framed
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Draw ground, hatch and border."""
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        radius = theme.radius("control") if self._framed else 0
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5) if self._framed else self.rect()
        painter.setPen(Qt.PenStyle.NoPen)
        for brush in (theme.color("unknown_soft"), theme.hatch(dpr=self.devicePixelRatioF())):
            painter.setBrush(brush)
            painter.drawRoundedRect(box, radius, radius)
        if self._framed:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.color("unknown_line"), 1))
            painter.drawRoundedRect(box, radius, radius)
        painter.end()


class FailedBox(QWidget):
    """The hatched reason with its two acts, in the margins of a panel."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(12, 12, 12, 12)
        box = HatchBox(theme)
        outer.addWidget(box)
        row = QHBoxLayout(box)
        row.setContentsMargins(12, 12, 12, 12)
        row.setSpacing(10)
        self._icon = Icon("cloud-off", theme=theme, role="on_unknown_soft", size=18)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(0)
        row.addLayout(words, 1)
        self._title = Label(theme=theme, size="strong", role="on_unknown_soft")
        self._sentence = Label(theme=theme, role="on_unknown_soft", wrap=True)
        words.addWidget(self._title)
        words.addWidget(self._sentence)
        self.again = Button(_("Try again"), theme=theme, icon="refresh-cw", key="F5", small=True)
        self.more = Button(_("Details"), theme=theme, small=True)
        self._acts = QWidget()
        acts = QHBoxLayout(self._acts)
        acts.setContentsMargins(0, 8, 0, 0)
        acts.setSpacing(8)
        acts.addWidget(self.again)
        acts.addWidget(self.more)
        acts.addStretch(1)
        words.addWidget(self._acts)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def tell(
        self,
        title: str,
        sentence: str,
        *,
        icon: str = "cloud-off",
        again: bool = False,
        more: bool = False,
    ) -> None:
        """Write the reason and offer the acts that exist."""
        self._icon.set_icon(icon)
        self._title.setText(title)
        self._sentence.setText(sentence)
        self._sentence.setVisible(bool(sentence))
        self.again.setVisible(again)
        self.more.setVisible(more)
        self._acts.setVisible(again or more)
        self.setAccessibleName(f"{title}. {sentence}")


class LoadingPage(QWidget):
    """Skeleton bars where the rows will be, and a sentence when it takes long."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.addStretch(1)
        self._words = Label(theme=theme, size="small", role="text_2")
        column.addWidget(self._words)
        theme.changed.connect(self.update)

    def say(self, sentence: str) -> None:
        """Write the sentence below the bars."""
        self._words.setText(sentence)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Draw the bars at the distance of rows."""
        painter = QPainter(self)
        step = self._theme.height("row")
        colour = self._theme.color("grid" if self._theme.is_contrast else "sunken")
        room = self.width() - 24
        for number, part in enumerate(SKELETON):
            top = 21 + number * step
            draw_bar(painter, QRectF(12, top, room * part, _BAR), colour)
        painter.end()


class EmptyPage(QWidget):
    """One sentence, a line that explains, and the one act."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(4)
        column.addStretch(1)
        middle = Qt.AlignmentFlag.AlignHCenter
        self._sentence = Label(theme=theme, size="large", weight=600, wrap=True, align=middle)
        self._detail = Label(theme=theme, role="text_2", wrap=True, align=middle)
        column.addWidget(self._sentence)
        column.addWidget(self._detail)
        self._place = QHBoxLayout()
        self._place.setContentsMargins(0, 8, 0, 0)
        column.addLayout(self._place)
        column.addStretch(1)
        self._action: Button | None = None

    def tell(self, sentence: str, detail: str, action: Button | None) -> None:
        """Write the sentence and offer the act; an earlier act is taken away."""
        self._sentence.setText(sentence)
        self._detail.setText(detail)
        self._detail.setVisible(bool(detail))
        if action is self._action:
            return
        if self._action is not None:
            self._place.removeWidget(self._action)
            self._action.deleteLater()
        self._action = action
        if action is not None:
            self._place.addWidget(action, 0, Qt.AlignmentFlag.AlignHCenter)


class Veil(QWidget):
    """Pales what lies below it to 62 % without touching it: old data stay readable."""

    def __init__(self, theme: Theme, over: QWidget) -> None:
        super().__init__(over)
        self._theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        over.installEventFilter(self)
        self.hide()

    def cover(self) -> None:
        """Lay the veil over the whole widget."""
        self.resize(self._over().size())
        self.show()
        self.raise_()

    def _over(self) -> QWidget:
        over = self.parentWidget()
        assert over is not None  # noqa: S101 - given by the constructor and never changed
        return over

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of the widget below."""
        if event.type() == QEvent.Type.Resize:
            self.resize(self._over().size())
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Draw the veil in the colour of the ground."""
        ground = self._theme.color("surface")
        ground.setAlphaF(1 - _OLD_DATA)
        painter = QPainter(self)
        painter.fillRect(self.rect(), ground)
        painter.end()


class BusyLine(QWidget):
    """A thin line at the top of a panel that is being asked again."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._moving = QVariantAnimation(self)
        self._moving.setStartValue(0.0)
        self._moving.setEndValue(1.0)
        self._moving.setDuration(_BUSY_ROUND_MS)
        self._moving.setLoopCount(-1)
        self._moving.valueChanged.connect(self.update)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def start(self) -> None:
        """Show the line; it stands still when less motion is asked for."""
        self.show()
        self.raise_()
        if self._theme.milliseconds() > 0:
            self._moving.start()

    def stop(self) -> None:
        """Take the line away."""
        self._moving.stop()
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Draw a third of the line where the movement stands, or all of it."""
        painter = QPainter(self)
        accent = self._theme.color("accent")
        if self._moving.state() == QAbstractAnimation.State.Running:
            part = self.width() / 3
            left = float(self._moving.currentValue()) * (self.width() + part) - part
            painter.fillRect(QRectF(left, 0, part, self.height()), accent)
        else:
            painter.fillRect(self.rect(), accent)
        painter.end()
