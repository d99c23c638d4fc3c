"""The scenes by name, each set up once in a clinic of its own."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from tests.gallery.bookings import Bookings
from tests.gallery.calendars import Calendars
from tests.gallery.clocks import NIGHTS, Clocks
from tests.gallery.gums import Gums
from tests.gallery.mouths import Mouths
from tests.gallery.place import Place
from tests.gallery.records import Records
from tests.gallery.todays import Board


class Nobody:
    """A clinic on its first day: nobody is booked, nothing is charted."""

    def __init__(self, place: Place) -> None:
        self.patient = place.make.patient("Benedita", "Amostra")


SCENES: Final[dict[str, Callable[[Place], Any]]] = {
    "calendars": Calendars,
    "bookings": Bookings,
    "board": Board,
    "mouths": Mouths,
    "gums": Gums,
    "records": Records,
    "nobody": Nobody,
    **{zone: partial(Clocks, zone=zone) for zone in NIGHTS},
}
