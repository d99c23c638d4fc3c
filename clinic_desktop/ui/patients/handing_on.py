"""A screen of tabs: what the window asks of it is handed on to the tab in view."""

from collections.abc import Callable

from PySide6.QtWidgets import QStackedWidget, QWidget

from clinic_desktop.ui.patients.tab import PatientTab
from clinic_desktop.ui.screen import Screen

Tab = Screen | PatientTab


class HandingOn(Screen):
    """Hands on to whichever of ``pages`` is in view."""

    pages: QStackedWidget

    def tab(self) -> Tab | None:
        """Return the tab or page in view."""
        shown = self.pages.currentWidget()
        return shown if isinstance(shown, Screen | PatientTab) else None

    def start_focus(self) -> None:
        """Begin where the tab begins."""
        tab = self.tab()
        if tab is not None:
            tab.start_focus()

    def key_scopes(self) -> list[str]:
        """Return that of the tab, then that of the record."""
        tab = self.tab()
        return [*(tab.key_scopes() if tab else []), *super().key_scopes()]

    def hint(self) -> str:
        """Return the tab's own line of keys, or the usual one."""
        tab = self.tab()
        return (tab.hint() if tab is not None else "") or super().hint()

    def panes(self) -> list[QWidget]:
        """Return the tab's panes."""
        tab = self.tab()
        return tab.panes() if tab else [self]

    def toggle_side(self) -> None:
        """Hand on."""
        self._on_tab(lambda tab: tab.toggle_side())

    def find_here(self) -> None:
        """Hand on."""
        self._on_tab(lambda tab: tab.find_here())

    def print_current(self) -> None:
        """Hand on."""
        self._on_tab(lambda tab: tab.print_current())

    def save_now(self) -> None:
        """Hand on."""
        self._on_tab(lambda tab: tab.save_now())

    def do_primary(self) -> None:
        """Hand on."""
        self._on_tab(lambda tab: tab.do_primary())

    def leaving(self) -> None:
        """Hand on."""
        self._on_tab(lambda tab: tab.leaving())

    def _on_tab(self, act: Callable[[Tab], None]) -> None:
        tab = self.tab()
        if tab is not None:
            act(tab)
