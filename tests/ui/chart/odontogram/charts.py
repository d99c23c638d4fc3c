"""Charts to be drawn, and pictures and clicks of one tooth."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from clinic_desktop.domain.teeth.chart import (
    ChartMark,
    MarkStatus,
    ToothChart,
    ToothState,
    ToothView,
    adult_chart,
)
from clinic_desktop.ui.chart.odontogram import Odontogram

Making = Callable[..., Odontogram]


def mark(fdi: int, code: str, status: str = "done", surfaces: str = "") -> ChartMark:
    return ChartMark(fdi, surfaces, code, MarkStatus(status), code, code.lower())


def with_marks(fdi: int, *marks: ChartMark, state: ToothState = ToothState.PRESENT) -> ToothChart:
    return adult_chart(ToothState.PRESENT).with_views(ToothView(fdi, state, marks))


def picture(teeth: Odontogram) -> QImage:
    return teeth.grab().toImage()


def of_tooth(teeth: Odontogram, fdi: int) -> QImage:
    """One column and its surroundings, in grey: colour alone must not tell things apart."""
    box = teeth.tooth_rect(fdi).adjusted(-12, -4, 12, 4)
    return picture(teeth).copy(box).convertToFormat(QImage.Format.Format_Grayscale8)


def click(
    qtbot: QtBot,
    teeth: Odontogram,
    fdi: int,
    held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    qtbot.mouseClick(teeth, Qt.MouseButton.LeftButton, held, teeth.tooth_rect(fdi).center())
