"""The tooth chart alone on the screen."""

import pytest
from pytestqt.qtbot import QtBot

from clinic_desktop.domain.teeth.chart import ToothChart, ToothState, adult_chart
from clinic_desktop.ui.chart.odontogram import Odontogram
from clinic_desktop.ui.theme.theme import Theme
from tests.ui.chart.odontogram.charts import Making


@pytest.fixture
def make(qtbot: QtBot, theme: Theme) -> Making:
    """A chart of present teeth on the screen, 1028 by 542."""

    def made(chart: ToothChart | None = None, *, mini: bool = False) -> Odontogram:
        teeth = Odontogram(theme, mini=mini)
        qtbot.addWidget(teeth)
        teeth.resize(640, 190) if mini else teeth.resize(1028, 542)
        teeth.set_chart(chart or adult_chart(ToothState.PRESENT))
        teeth.show()
        return teeth

    return made
