"""The bar above an open image: size, turn, light, what to draw."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSlider, QVBoxLayout

from clinic_desktop.i18n import N_, _
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.hiding import hide_unless
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.pictures import Icon
from clinic_desktop.ui.widgets.segmented import Segmented
from clinic_desktop.ui.widgets.shedding import fit_row

_LEAST: Final = 320
TOOLS: Final[dict[str, tuple[str, str]]] = {
    "": (N_("Look"), "V"),
    "arrow": (N_("Arrow"), "A"),
    "line": (N_("Line"), "L"),
    "text": (N_("Text"), "T"),
    "measure": (N_("Measure"), "M"),
    "scale": (N_("Calibrate"), "K"),
}


class Toolbar(QFrame):
    """Two rows; ``light`` carries brightness and contrast, the buttons belong to the viewer."""

    light = Signal(int, int)

    def __init__(self, theme: Theme, *, may_draw: bool) -> None:
        super().__init__()
        self.setProperty("kind", "panel_head")
        self._theme = theme
        self.back = Button(_("Back"), theme=theme, icon="arrow-left", key="Esc", small=True)
        self.name = Label(theme=theme, size="strong")
        self.facts = Label(theme=theme, role="text_2", tabular=True)
        self.tags = Button(_("File's own data"), theme=theme, key="D", small=True)
        self.about = Button(_("Describe"), theme=theme, icon="pencil", key="E", small=True)
        self.earlier = Button(
            theme=theme, icon="chevron-left", name=_("Previous frame"), small=True
        )
        self.later = Button(theme=theme, icon="chevron-right", name=_("Next frame"), small=True)
        self.frame = Label(theme=theme, role="text_2", tabular=True)
        self.smaller = self._quiet("zoom-out", _("Smaller"))
        self.larger = self._quiet("zoom-in", _("Larger"))
        self.percent = Label(theme=theme, role="text_2", tabular=True)
        self.whole = Button(_("Whole"), theme=theme, key="0", kind="quiet", small=True)
        self.left = self._quiet("rotate-ccw", _("Turn left"))
        self.right = self._quiet("rotate-cw", _("Turn right"))
        self.mirror = Button(_("Mirror"), theme=theme, key="F", kind="quiet", small=True)
        self.invert = self._quiet("contrast", _("Exchange black and white"))
        self.brightness = self._slider(_("Brightness"))
        self.contrast = self._slider(_("Contrast"))
        self.reset = Button(_("As taken"), theme=theme, key="R", kind="quiet", small=True)
        options = [(_(words), tool) for tool, (words, _key) in TOOLS.items()]
        self.tools = Segmented(options, theme=theme, value="", name=_("What to draw"), small=True)
        hide_unless(self.tools, may_draw)
        self._lay_out()

    def _quiet(self, icon: str, name: str) -> Button:
        return Button(theme=self._theme, icon=icon, name=name, kind="quiet", small=True)

    def _slider(self, name: str) -> QSlider:
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setRange(-100, 100)
        slider.setPageStep(10)
        slider.setFixedWidth(110)
        slider.setAccessibleName(name)
        slider.setToolTip(name)
        slider.valueChanged.connect(self._tell_light)
        return slider

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(8)
        top, bottom = QHBoxLayout(), QHBoxLayout()
        top.setSpacing(10)
        bottom.setSpacing(6)
        top.addWidget(self.back)
        top.addWidget(self.name)
        top.addWidget(self.facts, 1)
        for widget in (self.earlier, self.frame, self.later, self.tags, self.about):
            top.addWidget(widget)
        for widget in (
            self.smaller, self.percent, self.larger, self.whole, self.left, self.right, self.mirror,
            self.invert,
        ):  # fmt: skip
            bottom.addWidget(widget)
        sun = Icon("sun", theme=self._theme)
        steps = Icon("sliders-horizontal", theme=self._theme)
        light = (sun, self.brightness, steps, self.contrast)
        for part in (*light, self.reset):
            bottom.addWidget(part)
        bottom.addStretch(1)
        bottom.addWidget(self.tools)
        column.addLayout(top)
        column.addLayout(bottom)
        self._bottom = bottom
        self._spare = (
            light,
            (self.reset, self.mirror, self.invert),
            (self.whole,),
            (self.left, self.right),
        )
        self.setMinimumWidth(_LEAST)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what keys do as well where there is no room for it."""
        super().resizeEvent(event)
        fit_row(self._bottom, self.width() - 24, self._spare)

    def show_light(self, brightness: int, contrast: int) -> None:
        """Put the sliders where the image's light is, without a signal."""
        for slider, value in ((self.brightness, brightness), (self.contrast, contrast)):
            slider.blockSignals(True)
            slider.setValue(value)
            slider.blockSignals(False)

    def show_frames(self, frame: int, frames: int) -> None:
        """Say which frame of how many is shown; nothing where there is one."""
        several = frames > 1
        for widget in (self.earlier, self.frame, self.later):
            widget.setVisible(several)
        self.frame.setText(_("Frame {number} of {count}").format(number=frame + 1, count=frames))
        self.earlier.setEnabled(frame > 0)
        self.later.setEnabled(frame + 1 < frames)

    def _tell_light(self, _value: int) -> None:
        self.light.emit(self.brightness.value(), self.contrast.value())
