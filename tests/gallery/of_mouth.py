"""The tooth chart: every kind of mouth, the past, and its states."""

from collections.abc import Callable
from typing import Final

from clinic_desktop.ui.chart.view import ChartTab
from tests.gallery.case import LARGE, NARROW, Case
from tests.gallery.mouths import Mouths
from tests.gallery.states import failed, loading
from tests.gallery.window import Window

DENTIST: Final = "u_dentist"
BOTH: Final = (100, 200)


def _open(window: Window, scene: Mouths, who: str) -> ChartTab:
    tab: ChartTab = window.open_tab(getattr(scene, who), "chart")
    window.wait(lambda: tab.panel.state == "content", "the chart")
    window.settle()
    tab.start_focus()
    return tab


def of(who: str) -> Callable[[Window, Mouths], None]:
    """Return what opens somebody's chart."""

    def show(window: Window, scene: Mouths) -> None:
        _open(window, scene, who)

    return show


def _typed(window: Window, scene: Mouths) -> None:
    _open(window, scene, "everything")
    window.write("p 47 mod comp; 26 endo")
    window.settle()


def _wrong(window: Window, scene: Mouths) -> None:
    _open(window, scene, "everything")
    window.write("36 mod cmop")
    window.key("Enter")
    window.settle()


def _in_hand(window: Window, scene: Mouths) -> None:
    tab = _open(window, scene, "everything")
    tab.frame.teeth.set_selection((14,))
    window.settle()


def _treatments(window: Window, scene: Mouths) -> None:
    _in_hand(window, scene)
    frame = window.screen.tab().frame
    frame.area.ensureWidgetVisible(frame.buttons.more)
    window.settle()


def _past(window: Window, scene: Mouths) -> None:
    _open(window, scene, "changed")
    window.key("Alt+Left", "Alt+Left", "Alt+Left", "Alt+Left")
    window.settle()


def _compared(window: Window, scene: Mouths) -> None:
    _past(window, scene)
    window.screen.tab().frame.history.compare.click()
    window.settle()


CASES: Final = (
    Case("chart-everything", "mouths", of("everything"), DENTIST, scales=BOTH),
    Case("chart-everything-large", "mouths", of("everything"), DENTIST, size=LARGE),
    Case("chart-everything-touch", "mouths", of("everything"), DENTIST, touch=True, scales=BOTH),
    Case("chart-everything-narrow", "mouths", of("everything"), DENTIST, size=NARROW),
    Case("chart-typed", "mouths", _typed, DENTIST, scales=BOTH),
    Case("chart-wrong", "mouths", _wrong, DENTIST, scales=BOTH),
    Case("chart-in-hand-touch", "mouths", _in_hand, DENTIST, touch=True, scales=BOTH),
    Case("chart-in-hand-treatments-touch", "mouths", _treatments, DENTIST, touch=True,
         scales=(200,)),
    Case("chart-child", "mouths", of("child"), DENTIST, scales=BOTH),
    Case("chart-child-touch", "mouths", of("child"), DENTIST, touch=True),
    Case("chart-implants", "mouths", of("edentulous"), DENTIST, scales=BOTH),
    Case("chart-implants-touch", "mouths", of("edentulous"), DENTIST, touch=True),
    Case("chart-dog", "mouths", of("dog"), DENTIST, scales=BOTH),
    Case("chart-dog-touch", "mouths", of("dog"), DENTIST, touch=True),
    Case("chart-cat", "mouths", of("cat"), DENTIST, scales=BOTH),
    Case("chart-past", "mouths", _past, DENTIST, scales=BOTH),
    Case("chart-compared", "mouths", _compared, DENTIST, scales=BOTH),
    Case("chart-unseen", "mouths", of("unseen"), DENTIST, scales=BOTH),
    Case("chart-reading-only", "mouths", of("everything"), "u_compliance", themes=("light",)),
    Case(
        "chart-loading", "mouths", loading("", "chart", "everything"), DENTIST,
        themes=("light",), held="chart_item",
    ),
    Case("chart-failed", "mouths", failed("", "chart", "everything"), DENTIST,
         held="chart_item"),
)  # fmt: skip
