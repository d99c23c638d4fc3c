"""Sets a scene once, opens a window for each case, and keeps a picture in each of its colours."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from clinic_desktop.services.session import SignedIn
from tests.gallery.case import Case
from tests.gallery.of_booking import CASES as BOOKING
from tests.gallery.of_calendar import CASES as CALENDAR
from tests.gallery.of_clocks import CASES as CLOCKS
from tests.gallery.of_gums import CASES as GUMS
from tests.gallery.of_mouth import CASES as MOUTHS
from tests.gallery.of_records import CASES as RECORDS
from tests.gallery.of_today import CASES as TODAY
from tests.gallery.place import Place
from tests.gallery.scenes import SCENES
from tests.gallery.window import Window

CASES: Final = (*CALENDAR, *CLOCKS, *TODAY, *BOOKING, *MOUTHS, *GUMS, *RECORDS)


class Painter:
    """``place_of`` gives a scene a clinic of its own; ``scale`` is what Qt was started with."""

    def __init__(self, out: Path, scale: int, place_of: Callable[[str], Place]) -> None:
        self._out, self._scale, self._place_of = out, scale, place_of
        self._set: dict[str, tuple[Place, Any]] = {}

    def keep(self, case: Case, themes: Sequence[str] = ()) -> list[Path]:
        """Draw a case in these themes, or all of its own, and return its pictures."""
        if case.scene not in self._set:
            place = self._place_of(case.scene)
            self._set[case.scene] = place, SCENES[case.scene](place)
        place, scene = self._set[case.scene]
        # Of its own, so that nobody remembers what was shown on another picture.
        home = place.home / case.name
        home.mkdir(parents=True, exist_ok=True)
        if case.before is not None:
            case.before((home, _person(place.sign_in(case.login))), scene)
        width, height = (dots * 100 // self._scale for dots in case.size)
        with place.held(case.held):
            window = Window(place, home, case.login, (width, height), touch=case.touch)
            try:
                window.desk.messages.clear()
                case.show(window, scene)
                return [self._keep_in(case, window, theme) for theme in themes or case.themes]
            finally:
                window.close()

    def _keep_in(self, case: Case, window: Window, theme: str) -> Path:
        if window.desk.theme.name != theme:
            window.desk.theme.use(theme)
        path = self._out / case.file_name(theme, self._scale)
        assert window.picture().save(str(path)), path
        return path


def _person(signed_in: SignedIn) -> Any:
    person = signed_in.who.person_id
    signed_in.close()
    return person


def chosen(only: Sequence[str], scale: int) -> list[Case]:
    """Return the cases of a scale whose names begin with one of the words, or all of them."""
    fit = (case for case in CASES if scale in case.scales)
    return [case for case in fit if not only or case.name.startswith(tuple(only))]
