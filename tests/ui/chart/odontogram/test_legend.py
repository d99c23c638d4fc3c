"""The legend below the tooth chart."""

from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from clinic_desktop.ui.chart.legend import Legend
from clinic_desktop.ui.theme.theme import Theme


class TestLegend:
    def test_names_every_sign(self, qtbot: QtBot, theme: Theme) -> None:
        legend = Legend(theme)
        qtbot.addWidget(legend)
        assert legend.accessibleDescription() == (
            "P Planned, I In progress, D Done, E Existing here, W Existing elsewhere, "
            "R Referred, 4 Condition, ICDAS 0–6, ? Not examined"
        )

    def test_breaks_where_it_is_narrow(self, qtbot: QtBot, theme: Theme) -> None:
        legend = Legend(theme)
        qtbot.addWidget(legend)
        assert legend.sizeHint().width() <= 1028
        assert legend.heightForWidth(1028) == legend.sizeHint().height()
        assert legend.heightForWidth(500) > legend.heightForWidth(1028)
        assert legend.hasHeightForWidth()

    def test_takes_on_a_theme(self, qtbot: QtBot, theme: Theme) -> None:
        box = QWidget()
        qtbot.addWidget(box)
        layout = QVBoxLayout(box)
        legend = Legend(theme, box)
        layout.addWidget(legend)
        box.resize(900, 120)
        box.show()
        light = legend.grab().toImage()
        theme.use("contrast")
        assert legend.grab().toImage() != light
        assert legend.minimumSizeHint().width() < 250
