"""The list of accounts that need somebody."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton

from clinic_desktop.domain.ids import new_id
from clinic_desktop.services.billing import invoices
from clinic_desktop.services.billing import service as billing
from clinic_desktop.services.billing.schemas import NewInvoice
from clinic_desktop.ui.billing.view import BillingScreen, Column
from tests.ui.billing.test_ledger_tab import charge
from tests.ui.stage import Elsewhere


@pytest.fixture
def today(signed_in):
    return signed_in.clock.now().date()


def issue(signed_in, patient) -> None:
    with signed_in.writing() as ctx:
        chosen = tuple(one.posting_id for one in billing.open_charges(ctx, patient))
        invoices.issue_invoice(ctx, NewInvoice(id=new_id(), patient_id=patient, posting_ids=chosen))


@pytest.fixture
def accounts(signed_in, make, today):
    """Two with work to invoice, one invoiced and owing, one even."""
    first, second, third = (
        make.patient("Zoë <b>", "Łuczak"),
        make.patient("Rui", "Tavares"),
        make.patient("Yuki", "Tanabe"),
    )
    make.patient("Nobody", "Owes")
    charge(signed_in, first, 5000, day=today - timedelta(days=3))
    charge(signed_in, second, 9000, day=today - timedelta(days=9))
    charge(signed_in, second, 1000, day=today)
    charge(signed_in, third, 70000, day=today)
    issue(signed_in, third)
    return first, second, third


class TestNotInvoiced:
    def test_oldest_work_first(self, accounts, stage) -> None:
        screen = stage(BillingScreen).screen
        shown = [[screen.model.index(row, column).data() for column in Column] for row in range(2)]
        assert [row[Column.NAME] for row in shown] == ["Rui Tavares", "Zoë <b> Łuczak"]
        assert shown[0][Column.WORK] == "2 charges"
        assert shown[0][Column.TO_INVOICE] == "100.00"
        assert screen.sum.text().endswith("150.00")

    def test_enter_opens_the_ledger(self, accounts, stage) -> None:
        one = stage(BillingScreen)
        one.type("luczak")
        one.qtbot.waitUntil(lambda: one.screen.model.rowCount() == 1)
        one.key(Qt.Key.Key_Return)
        assert Elsewhere.where[-1] == {"patient_id": accounts[0], "tab": "ledger"}

    def test_no_match_and_none(self, accounts, stage, signed_in) -> None:
        one = stage(BillingScreen)
        one.type("<i>nobody")
        one.qtbot.waitUntil(lambda: one.screen.panel.state == "empty")
        one.key(Qt.Key.Key_Escape)
        one.qtbot.waitUntil(lambda: one.screen.panel.state == "content")
        issue(signed_in, accounts[0])
        issue(signed_in, accounts[1])
        one.qtbot.waitUntil(lambda: one.screen.panel.state == "empty", timeout=5000)

    def test_work_that_was_reversed_is_gone(self, accounts, stage, signed_in, today) -> None:
        with signed_in.writing() as ctx:
            line = billing.ledger(ctx, accounts[0]).lines[0]
            billing.reverse(ctx, line.entry_id, act="back", day=today, memo="typed twice")
        assert stage(BillingScreen).screen.model.rowCount() == 1


class TestOwing:
    def test_largest_first(self, accounts, stage) -> None:
        one = stage(BillingScreen)
        one.click(one.screen.which.findChildren(QAbstractButton)[1])
        one.settle()
        assert one.texts(one.screen.table, Column.NAME) == [
            "Yuki Tanabe",
            "Rui Tavares",
            "Zoë <b> Łuczak",
        ]
        assert one.screen.table.isColumnHidden(Column.WORK)

    def test_a_link_opens_it(self, accounts, stage) -> None:
        one = stage(BillingScreen)
        one.screen.open_at(accounts="owing")
        one.settle()
        assert one.screen.model.rowCount() == 3
