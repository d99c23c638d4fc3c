"""The periodontal chart: whole, half typed, on implants, six exams compared, and its states."""

from collections.abc import Callable
from typing import Final

from clinic_desktop.ui.perio.view import PerioTab
from tests.gallery.case import LARGE, NARROW, Case
from tests.gallery.gums import Gums
from tests.gallery.states import failed, loading
from tests.gallery.window import Window

WHO: Final = "u_hygienist"
BOTH: Final = (100, 200)


def _open(window: Window, scene: Gums, who: str) -> PerioTab:
    tab: PerioTab = window.open_tab(getattr(scene, who), "perio")
    window.wait(lambda: tab.panel.state in ("content", "empty"), "the exams")
    window.settle()
    tab.start_focus()
    return tab


def of(who: str) -> Callable[[Window, Gums], None]:
    """Return what opens somebody's exams."""

    def show(window: Window, scene: Gums) -> None:
        _open(window, scene, who)

    return show


def _compared(window: Window, scene: Gums) -> None:
    tab = _open(window, scene, "six")
    tab._compare(tuple(one.head.id for one in tab.at_hand.every.exams[1:6]))
    tab.show_comparison()
    window.settle()


def _figures(window: Window, scene: Gums) -> None:
    _compared(window, scene)
    page = window.screen.tab().comparison
    if page.parts.isVisible():
        page.parts.set_value(True)
        page._share()
    window.settle()


def _below(window: Window, scene: Gums) -> None:
    tab = _open(window, scene, "six")
    tab._compare(tuple(one.head.id for one in tab.at_hand.every.exams[1:3]))
    window.settle()


def _turned(window: Window, scene: Gums) -> None:
    _open(window, scene, "whole")
    window.key("H", "PgDown")
    window.settle()


def _refused(window: Window, scene: Gums) -> None:
    _open(window, scene, "half")
    window.key("-")
    window.settle()


def _with_panel(window: Window, scene: Gums) -> None:
    _open(window, scene, "half")
    window.key("F7")
    window.settle()


def _why(window: Window, scene: Gums) -> None:
    tab = _open(window, scene, "whole")
    tab.open_decision()
    window.wait(
        lambda: tab.deciding.dialog is not None and tab.deciding.dialog.isVisible(), "the evidence"
    )


CASES: Final = (
    Case("perio-whole", "gums", of("whole"), WHO, scales=BOTH),
    Case("perio-whole-touch", "gums", of("whole"), WHO, touch=True),
    Case("perio-whole-large", "gums", of("whole"), WHO, size=LARGE),
    Case("perio-whole-narrow", "gums", of("whole"), WHO, size=NARROW),
    Case("perio-half", "gums", of("half"), WHO, scales=BOTH),
    Case("perio-half-touch", "gums", of("half"), WHO, touch=True, scales=BOTH),
    Case("perio-refused", "gums", _refused, WHO, size=NARROW, scales=BOTH),
    Case("perio-turned", "gums", _turned, WHO, scales=(200,)),
    Case("perio-panel", "gums", _with_panel, WHO, scales=(200,)),
    Case("perio-extra", "gums", of("extra"), WHO, scales=BOTH),
    Case("perio-implants", "gums", of("implants"), WHO, scales=BOTH),
    Case("perio-below", "gums", _below, WHO, scales=BOTH),
    Case("perio-compared", "gums", _compared, WHO, scales=BOTH),
    Case("perio-compared-figures", "gums", _figures, WHO, scales=(200,)),
    Case("perio-compared-figures-touch", "gums", _figures, WHO, touch=True, scales=(200,)),
    Case("perio-compared-touch", "gums", _compared, WHO, touch=True, scales=BOTH),
    Case("perio-why", "gums", _why, WHO, scales=BOTH),
    Case("perio-unseen", "gums", of("unseen"), WHO, scales=BOTH),
    Case("perio-loading", "gums", loading("", "perio", "whole"), WHO,
         themes=("light",), held="perio_exam"),
    Case("perio-failed", "gums", failed("", "perio", "whole"), WHO, held="perio_exam"),
)  # fmt: skip
