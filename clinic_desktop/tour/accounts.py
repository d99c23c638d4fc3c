"""What comes after the work: the invoice, and what was taken from stock."""

from typing import cast

from clinic_desktop.i18n import _
from clinic_desktop.tour.hands import StuckError
from clinic_desktop.tour.sight import show_tab
from clinic_desktop.tour.walk import Walk
from clinic_desktop.ui.billing.ledger_tab import LedgerTab
from clinic_desktop.ui.inventory.stock_model import Column
from clinic_desktop.ui.inventory.view import StockScreen


def on_hand(walk: Walk) -> dict[str, str]:
    """Open the stock and return what it says is left of each product."""
    walk.hands.key(walk.number_of("stock"))
    screen = cast(StockScreen, walk.screen("stock"))
    model = screen.model

    def text(row: int, column: int) -> str:
        return str(model.index(row, column).data())

    walk.hands.wait(lambda: model.rowCount() > 0, "products")
    return {text(row, Column.NAME): text(row, Column.LEFT) for row in range(model.rowCount())}


def stock(walk: Walk) -> None:
    """What is left before the day's work takes from it."""
    for name, left in on_hand(walk).items():
        walk.said[f"left of {name}"] = left
    walk.shot("stock")


def stock_after(walk: Walk) -> None:
    """Less is left of what the completed visit took."""
    after = on_hand(walk)
    walk.shot("stock-after")
    taken = [name for name in after if f"{name}," in walk.said["stock"]]
    same = [name for name in taken if after[name] == walk.said[f"left of {name}"]]
    if not taken or len(same) == len(taken):
        raise StuckError(f"Nothing was taken from stock: {walk.said['stock']}")


def invoice(walk: Walk) -> None:
    """What was done today becomes an invoice, printed."""
    hands = walk.hands
    tab = show_tab(walk, LedgerTab, _("Ledger"))
    if not tab.issue.isVisible():
        # In a narrow window the work to invoice is a drawer.
        hands.key("F7")
    hands.wait(
        lambda: tab.issue.issue.isVisible() and tab.issue.issue.isEnabled(), "work to invoice"
    )
    walk.shot("ledger")
    with walk.golden("print the invoice"):
        hands.key("Ctrl+Enter")
        hands.wait(tab.paper.isVisible, "the paper of the invoice")
    walk.save_paper(tab.paper.preview, "invoice")
    hands.key("Esc", "Esc")
    hands.wait(lambda: not tab.paper.isVisible(), "the ledger again")
    walk.shot("ledger-invoiced")
