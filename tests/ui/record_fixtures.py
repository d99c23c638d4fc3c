"""Fixtures of a patient's record: the clinic, a window of somebody, the chart that is open."""

from collections.abc import Callable, Iterator

import pytest

from clinic_desktop.ui.chart.view import ChartTab
from clinic_desktop.ui.notes.view import NotesTab
from tests.ui.record import Clinic, Opened


@pytest.fixture
def clinic(make, signed_in) -> Clinic:
    return Clinic(make, signed_in)


@pytest.fixture
def open_as(clinic, sign_in, theme, tmp_path, qtbot) -> Iterator[Callable[..., Opened]]:
    """Open a window for a login: ``open_as("u_dentist")``."""
    opened: list[Opened] = []

    def one(login: str = "u_dentist", *, device: str = "desk", **more) -> Opened:
        window = Opened(
            sign_in(login, device=device),
            theme,
            tmp_path,
            {"chart": ChartTab, "notes": NotesTab},
            **more,
        )
        opened.append(window)
        qtbot.waitExposed(window.window)
        window.window.activateWindow()
        return window

    yield one
    for window in opened:
        window.close()


@pytest.fixture
def open_chart(open_as, clinic, qtbot) -> Callable[..., tuple[Opened, ChartTab]]:
    """Open the patient's chart and wait until it is there and the line is ready."""

    def one(login: str = "u_dentist", patient=None, **more) -> tuple[Opened, ChartTab]:
        window = open_as(login, **more)
        tab = window.open(patient or clinic.patient)
        qtbot.waitUntil(lambda: tab.panel.state == "content")
        return window, tab

    return one
