"""What every screen does with the keys of the window, and with data that grew old."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QVBoxLayout

from clinic_desktop.ui.patients.tab import PatientTab
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.panel import StatePanel

SILENT = ["toggle_side", "print_current", "show_history", "save_now", "do_primary"]


@pytest.fixture(params=[Screen, PatientTab])
def plain(request, qtbot, desk_of) -> Screen | PatientTab:
    """A screen, or a tab, that has nothing of its own behind the keys."""
    made: Callable[..., Screen | PatientTab] = request.param
    screen = made(desk_of("u_front"))
    qtbot.addWidget(screen)
    return screen


@pytest.mark.parametrize("act", SILENT)
def test_a_key_without_an_act_says_so(plain, act) -> None:
    getattr(plain, act)()
    assert plain.desk.messages.current.kind == "event"
    assert plain.desk.messages.current.text.endswith(".")


def test_without_a_search_field_the_palette_finds(qtbot, plain) -> None:
    with qtbot.waitSignal(plain.desk.navigator.palette_wanted):
        plain.find_here()


class TestOld:
    @pytest.fixture
    def panel(self, qtbot, desk_of) -> StatePanel:
        screen = Screen(desk_of("u_front"))
        qtbot.addWidget(screen)
        panel = StatePanel(theme=screen.desk.theme)
        QVBoxLayout(screen).addWidget(panel)
        panel.show_content(Label("Ana", theme=screen.desk.theme))
        screen.show()
        self.screen = screen
        return panel

    def test_its_time_stands_beside_it_until_the_server_is_back(self, panel) -> None:
        operations = self.screen.desk.operations
        operations.connection.emit(False)
        assert not panel._stale.isVisible()
        # The half minute that nobody answers.
        self.screen._old_soon.timeout.emit()
        assert panel._stale.isVisible()
        assert panel._stale.text().startswith("As of ")
        operations.connection.emit(True)
        assert not panel._stale.isVisible()

    def test_what_is_not_there_is_not_old(self, panel) -> None:
        panel.show_unknown("Nobody asked yet.")
        self.screen.desk.operations.connection.emit(False)
        self.screen._old_soon.timeout.emit()
        assert not panel._stale.isVisible()
