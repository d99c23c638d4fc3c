"""The theme: one object that every widget asks for its colours, fonts, icons and measures."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QFontMetricsF,
    QGuiApplication,
    QIcon,
    QPainter,
    QPalette,
    QPixmap,
)
from PySide6.QtWidgets import QApplication, QWidget

from clinic_desktop.ui.theme.fonts import (
    identifier_features,
    make_font,
    number_features,
    register_fonts,
    text_features,
)
from clinic_desktop.ui.theme.icons import draw_pixmap
from clinic_desktop.ui.theme.palette import make_palette
from clinic_desktop.ui.theme.patterns import pattern_brush
from clinic_desktop.ui.theme.stylesheet import make_stylesheet
from clinic_desktop.ui.theme.system import prefers_contrast, prefers_less_motion, system_colours
from clinic_desktop.ui.theme.tokens import DENSITIES, THEMES, tokens

__all__ = ["DENSITIES", "THEMES", "Face", "Theme"]

_UNDER_WORDS: Final = 0.4
_DRAWN_CACHE_LIMIT: Final = 2000
_KEPT_BYTES: Final = 48 * 1024 * 1024
_ICON_CACHE_LIMIT: Final = 4000


Draw = Callable[[QPainter], None]


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """A font with its measures, shared by everything that paints many texts; not to be changed."""

    font: QFont
    metrics: QFontMetricsF
    rise: float  # from the middle of a line down to its base


class Theme(QObject):
    """Colours, type, icons and measures in force; ``changed`` fires after any of them changed.

    The theme keeps its own state: the platform's colour scheme is asked for contrast only,
    because the offscreen platform ignores it.
    """

    changed = Signal()

    def __init__(
        self, name: str = "light", density: str = "regular", parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._app: QApplication | None = None
        self._name = name if name in THEMES else "light"
        self._density = density if density in DENSITIES else "regular"
        self._less_motion = False
        self._colours: dict[str, QColor] = {}
        self._faces: dict[tuple[str, bool, bool, int | None], Face] = {}
        self._pixmaps: dict[tuple[str, str, int, float], QPixmap] = {}
        self._drawn: dict[Hashable, QPixmap] = {}
        self._fresh: dict[Hashable, QPixmap] = {}
        self._older: dict[Hashable, QPixmap] = {}
        self._fresh_bytes = 0
        self._brushes: dict[tuple[str, str, float], QBrush] = {}
        self._sheet = ""
        self._read_colours()

    # -- state ------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        """``light``, ``dark`` or ``contrast``."""
        return self._name

    @property
    def density(self) -> str:
        """``compact``, ``regular`` or ``touch``."""
        return self._density

    @property
    def is_contrast(self) -> bool:
        """Whether selections are drawn as borders because soft fills are black."""
        return self._name == "contrast"

    def use(self, name: str) -> None:
        """Switch to another theme; an unknown name is a mistake of ours and raises."""
        if name not in THEMES:
            raise ValueError(name)
        self._name = name
        self._refresh()

    def use_next(self) -> str:
        """Switch to the next theme in turn and return its name."""
        self.use(THEMES[(THEMES.index(self._name) + 1) % len(THEMES)])
        return self._name

    def use_density(self, density: str) -> None:
        """Switch the density; an unknown name is a mistake of ours and raises."""
        if density not in DENSITIES:
            raise ValueError(density)
        self._density = density
        self._refresh()

    def use_less_motion(self, less: bool) -> None:
        """Turn movement off or on, whatever the system asks for."""
        self._less_motion = less

    # -- values -----------------------------------------------------------------------------

    def color(self, role: str) -> QColor:
        """Return the colour of a role of ``tokens.json``."""
        return QColor(self._colours[role])

    def font(
        self,
        token: str,
        tabular: bool = False,
        *,
        identifier: bool = False,
        weight: int | None = None,
    ) -> QFont:
        """Return a font of the type scale.

        ``tabular`` gives every digit one width (money, times, counts); ``identifier`` is for
        record and invoice numbers (slashed zero).
        """
        return QFont(self.face(token, tabular, identifier, weight).font)

    def face(
        self,
        token: str,
        tabular: bool = False,
        identifier: bool = False,
        weight: int | None = None,
    ) -> Face:
        """Return the same font with its measures, for painting many texts."""
        key = (token, tabular, identifier, weight)
        found = self._faces.get(key)
        if found is None:
            features = number_features() if tabular else text_features()
            if identifier:
                features = identifier_features()
            step = tokens().type[token]
            font = make_font(step, scale=self.scale, features=features, weight=weight)
            metrics = QFontMetricsF(font)
            found = Face(font, metrics, (metrics.ascent() - metrics.descent()) / 2)
            self._faces[key] = found
        return found

    def line_height(self, token: str) -> int:
        """Return the line height of a step of the type scale, in logical pixels."""
        return round(tokens().type[token].line * self.scale)

    @property
    def scale(self) -> float:
        """The factor the density applies to text."""
        return float(tokens().density[self._density]["scale"])

    def height(self, kind: str) -> int:
        """Return the height of a ``row``, ``control``, ``button``, ``tab`` or ``target``."""
        return int(tokens().density[self._density][kind])

    def icon_size(self) -> int:
        """Return the icon size that suits the density."""
        return int(tokens().density[self._density]["icon"])

    def space(self, step: int) -> int:
        """Return a step of the spacing scale: 0 2 4 8 12 16 24 32 48."""
        return tokens().space[str(step)]

    def radius(self, kind: str) -> int:
        """Return the corner radius of a ``tag``, ``control`` or ``panel``."""
        return tokens().radius[kind]

    def milliseconds(self, speed: str = "normal") -> int:
        """Return the length of a movement, 0 when the person or the system asks for none."""
        still = self._less_motion or prefers_less_motion()
        return 0 if still else int(tokens().motion[speed])

    def layout(self, name: str) -> Any:
        """Return a measure of the ``layout`` table."""
        return tokens().layout[name]

    # -- pictures ---------------------------------------------------------------------------

    def pixmap(self, name: str, role: str = "text_2", size: int = 16, dpr: float = 0) -> QPixmap:
        """Return an icon as a pixmap; without ``dpr`` for the sharpest screen attached."""
        ratio = dpr or self._dpr()
        colour = self._colours[role]
        key = (name, colour.name(), size, ratio)
        found = self._pixmaps.get(key)
        if found is None:
            if len(self._pixmaps) > _ICON_CACHE_LIMIT:
                self._pixmaps.clear()
            found = draw_pixmap(name, colour, size, ratio)
            self._pixmaps[key] = found
        return found

    def drawn(self, key: Hashable, size: QSize, dpr: float, draw: Draw) -> QPixmap:
        """Return what ``draw`` paints, painted once and kept until the look changes.

        For small pictures that tables and boards repeat in every row, such as tags.
        """
        found = self._drawn.get((key, size.width(), size.height(), dpr))
        if found is None:
            if len(self._drawn) > _DRAWN_CACHE_LIMIT:
                self._drawn.clear()
            found = paint_once(size, dpr, draw)
            self._drawn[key, size.width(), size.height(), dpr] = found
        return found

    def kept(self, key: Hashable, size: QSize, dpr: float, draw: Draw) -> QPixmap:
        """Return what ``draw`` paints as ``drawn`` does, for pictures larger than a word.

        Those of the last frames stay, within ``_KEPT_BYTES``.
        """
        whole = (key, size.width(), size.height(), dpr)
        found = self._fresh.get(whole)
        if found is None:
            found = self._older.pop(whole, None) or paint_once(size, dpr, draw)
            self._fresh_bytes += int(4 * size.width() * size.height() * dpr * dpr)
            if self._fresh_bytes > _KEPT_BYTES // 2:
                # Half of them grow old together: what is still shown is taken over next time.
                self._older, self._fresh, self._fresh_bytes = self._fresh, {}, 0
            self._fresh[whole] = found
        return found

    def icon(self, name: str, role: str = "text_2", size: int = 16) -> QIcon:
        """Return an icon with its disabled form, sharp on every attached screen."""
        icon = QIcon()
        for ratio in sorted({1.0, self._dpr()}):
            icon.addPixmap(self.pixmap(name, role, size, ratio))
            icon.addPixmap(self.pixmap(name, "text_disabled", size, ratio), QIcon.Mode.Disabled)
        return icon

    def hatch(self, role: str = "unknown_line", dpr: float = 0) -> QBrush:
        """Return the hatch that means "not known"; other roles for blocked time and the like."""
        return self.pattern("unknown" if role == "unknown_line" else "hatch", role, dpr)

    def pattern(self, pattern: str, role: str, dpr: float = 0) -> QBrush:
        """Return a brush of the ``pattern`` table: hatch-45, dots, lines-v, half, unknown."""
        ratio = dpr or self._dpr()
        key = (pattern, self._colours[role].name(), ratio)
        if key not in self._brushes:
            colour = self.color(role)
            if pattern in ("unknown", "hatch"):  # they lie under words
                colour.setAlphaF(_UNDER_WORDS)
            self._brushes[key] = pattern_brush(pattern, tokens().pattern[pattern], colour, ratio)
        return QBrush(self._brushes[key])

    def wash(self, role: str) -> QColor:
        """Return the pale tone of a chart colour on enamel; goes with a 2.4 px outline."""
        mix = float(tokens().pattern["wash"]["mix"])
        ink, ground = self._colours[role], self._colours["tooth_enamel"]
        return QColor.fromRgbF(
            mix * ink.redF() + (1 - mix) * ground.redF(),
            mix * ink.greenF() + (1 - mix) * ground.greenF(),
            mix * ink.blueF() + (1 - mix) * ground.blueF(),
        )

    # -- application ------------------------------------------------------------------------

    def stylesheet(self) -> str:
        """Return the style sheet of the whole program for the state in force."""
        if not self._sheet:
            touch = self._density == "touch"
            self._sheet = make_stylesheet(self.color, self.height, touch=touch)
        return self._sheet

    def apply(self, app: QApplication) -> list[str]:
        """Dress the application and return the shipped font files that could not be loaded."""
        self._app = app
        missing = register_fonts()
        app.setStyle("Fusion")
        hints = QGuiApplication.styleHints()
        hints.accessibility().contrastPreferenceChanged.connect(self._system_changed)
        self._refresh()
        return missing

    def dress(self, window: QWidget) -> None:
        """Give a window that has no other above it the style sheet, now and after each change.

        The application has none: with one, Qt works out the rules of all parts of a screen anew
        each time some of them are put together, which took half of the time to build it.
        """
        window.setStyleSheet(self.stylesheet())

    def _system_changed(self) -> None:
        self._refresh()

    def _refresh(self) -> None:
        self._faces.clear()
        self._brushes.clear()
        self._drawn.clear()
        self._fresh, self._older, self._fresh_bytes = {}, {}, 0
        self._sheet = ""
        self._read_colours()
        if self._app is not None:
            self._app.setPalette(make_palette(self.color))
            self._app.setFont(self.font("body"))
            for window in QApplication.topLevelWidgets():
                if window.styleSheet():
                    self.dress(window)
        self.changed.emit()

    def _read_colours(self) -> None:
        """Read the tokens, or the system's own colours where Windows runs a contrast theme."""
        values = _colours_of(self._name)
        if self._app is not None and prefers_contrast():
            self._name = "contrast"
            self._app.setPalette(QPalette())  # what is left is the system's own palette
            values = system_colours(self._app.palette(), _colours_of("contrast"))
        self._colours = values

    def _dpr(self) -> float:
        app = QGuiApplication.instance()
        return float(app.devicePixelRatio()) if isinstance(app, QGuiApplication) else 1.0


def paint_once(size: QSize, dpr: float, draw: Draw) -> QPixmap:
    """Return a picture of that logical size, transparent where ``draw`` paints nothing."""
    picture = QPixmap(size * dpr)
    picture.setDevicePixelRatio(dpr)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    draw(painter)
    painter.end()
    return picture


def _colours_of(name: str) -> dict[str, QColor]:
    return {role: _colour(value) for role, value in tokens().color[name].items()}


def _colour(value: str) -> QColor:
    """Read ``#RRGGBB`` or ``#RRGGBBAA``; Qt would take the latter as alpha first."""
    if len(value) == 9:
        colour = QColor(value[:7])
        colour.setAlpha(int(value[7:], 16))
        return colour
    return QColor(value)
