"""The perio tab in a window over a real clinic, with a patient in the chair."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from PySide6.QtWidgets import QApplication

from clinic_desktop.documents.of_perio import perio_paper
from clinic_desktop.models import ChartItem
from clinic_desktop.services.perio.reading import exams_of
from clinic_desktop.services.session import SignedIn
from clinic_desktop.ui.perio.view import PerioTab
from tests.ui.record import Opened


class Chairside:
    """A patient, optionally with teeth that are not there, and the windows opened on them."""

    def __init__(self, qtbot, make, sign_in, theme, home) -> None:
        self.qtbot, self.make, self.sign_in = qtbot, make, sign_in
        self.theme, self.home = theme, home
        self.patient = make.patient("Inês", "Carvalho-Lindqvist")
        self.opened: list[Opened] = []
        self._people: list[SignedIn] = []

    def chart(self, code: str, *teeth: int) -> None:
        today = self.sign_in("u_dentist").clock.now().date() - timedelta(days=2)
        for fdi in teeth:
            self.make.row(
                ChartItem, patient_id=self.patient, kind="state", code=code, tooth=fdi,
                status="condition", since=today,
            )  # fmt: skip

    def open(self, login: str = "u_hygienist", *, begin: bool = True, **more) -> PerioTab:
        """Open a window; with ``begin`` an exam is begun or gone on with, ready for keys."""
        signed_in = self.sign_in(login)
        window = Opened(signed_in, self.theme, self.home, {"perio": PerioTab}, **more)
        self.opened.append(window)
        self._people.append(signed_in)
        self.qtbot.waitExposed(window.window)
        window.window.activateWindow()
        tab = window.open(self.patient, "perio")
        self.qtbot.waitUntil(lambda: tab.panel.state in ("content", "empty"))
        if begin and not tab.at_hand.editing:
            tab.begin()
            self.qtbot.waitUntil(lambda: tab.at_hand.editing)
        if begin:
            self.qtbot.waitUntil(lambda: tab.grid.hasFocus())
        return tab

    @property
    def window(self) -> Opened:
        return self.opened[-1]

    def settle(self, tab: PerioTab) -> None:
        """Wait until everything typed is stored."""
        self.qtbot.waitUntil(lambda: tab.saving.quiet, timeout=20_000)
        QApplication.processEvents()

    def stored(self):
        with self.sign_in("u_dentist").reading() as ctx:
            return exams_of(ctx, self.patient)

    def paper(self) -> bytes:
        """The printed exam under way."""
        exam = self.stored().draft.head.id
        with self.sign_in("u_dentist").reading() as ctx:
            return perio_paper(ctx, self.patient, exam)

    def drop(self) -> None:
        """Close the last window and its lines to the server, as the end of a program does."""
        self.opened.pop().close()
        self._people.pop().close()

    def close(self) -> None:
        for window in self.opened:
            window.close()


@pytest.fixture
def chairside(qtbot, make, sign_in, theme, tmp_path) -> Iterator[Chairside]:
    scene = Chairside(qtbot, make, sign_in, theme, tmp_path)
    yield scene
    scene.close()


Open = Callable[..., PerioTab]
