"""The steps of the working day, in order; each finds its way by what the screens show."""

from typing import Final

from clinic_desktop.tour import accounts, chairside, evening, front_desk, morning
from clinic_desktop.tour.walk import OPENING_SECONDS, Step

STEPS: Final = (
    Step("opening", morning.opening, seconds=OPENING_SECONDS),
    Step("today", morning.today, needs=("opening",)),
    Step("palette", morning.palette, needs=("opening",)),
    Step("search", morning.search, needs=("opening",)),
    Step("register", morning.register, needs=("opening",)),
    Step("confirm", front_desk.confirm, needs=("opening",)),
    Step("done", front_desk.done, needs=("opening",)),
    Step("check-in", front_desk.check_in, needs=("done",)),
    Step("seat", front_desk.seat, needs=("check-in",)),
    Step("book", front_desk.book, needs=("register",)),
    Step("next-free", front_desk.next_free, needs=("register",)),
    Step("move", front_desk.move, needs=("register",)),
    Step("cancel", front_desk.cancel, needs=("opening",)),
    Step("switch", chairside.switch, needs=("opening",)),
    Step("stock", accounts.stock, needs=("switch",)),
    Step("record", chairside.record, needs=("seat", "switch")),
    Step("chart", chairside.chart, needs=("record",)),
    Step("complete", chairside.complete, needs=("chart",)),
    Step("note", chairside.note, needs=("complete",)),
    Step("probe", chairside.probe, needs=("record",)),
    Step("prescribe", chairside.prescribe, needs=("record",)),
    Step("invoice", accounts.invoice, needs=("complete",)),
    Step("stock-after", accounts.stock_after, needs=("stock", "complete")),
    Step("settings", evening.settings, needs=("opening",)),
    Step("keys", evening.keys, needs=("opening",)),
    Step("lock", evening.lock, needs=("opening",)),
)
