"""A patient's account, by keys and clicks on the real books."""

from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt

from clinic_desktop.documents.of_invoice import invoice_paper
from clinic_desktop.domain.ids import new_id
from clinic_desktop.services.billing import invoices
from clinic_desktop.services.billing import service as billing
from clinic_desktop.services.billing.schemas import Charge, NewInvoice
from clinic_desktop.services.documents import service as documents
from clinic_desktop.ui.billing.ledger_model import Column, OpenColumn
from clinic_desktop.ui.billing.ledger_tab import LedgerTab
from clinic_desktop.ui.billing.reverse_dialog import ReverseDialog
from tests.documents.reading import whole_text, words
from tests.ui.stage import opener

DAY = date(2026, 3, 12)


def charge(signed_in, patient, amount=14000, text="Composite", day=DAY, **values):
    with signed_in.writing() as ctx:
        return billing.post_charges(
            ctx,
            patient_id=patient,
            act=f"test:{new_id()}",
            day=day,
            charges=[
                Charge(
                    posting_id=new_id(),
                    chart_item_id=None,
                    provider_id=None,
                    text=text,
                    amount=amount,
                    **values,
                )
            ],
        )


def issued_to(signed_in, patient):
    with signed_in.reading() as ctx:
        return invoices.invoices_of(ctx, patient)


@pytest.fixture
def patient(make):
    return make.patient("Zoë <b>Ann</b>", "O'Brien & Söhne")


@pytest.fixture
def account(signed_in, patient, stage):
    charge(signed_in, patient, 14000, "Composite, 3 surfaces", tooth=36, surfaces="MOD")
    charge(signed_in, patient, 6000, "Cleaning & <polish>")
    return stage(opener(LedgerTab, patient))


class TestIssue:
    def test_one_chord_issues_and_shows_the_paper(self, account, signed_in, patient) -> None:
        account.primary()
        account.settle()
        (issued,) = issued_to(signed_in, patient)
        assert issued.total == 20000
        tab = account.screen
        assert tab.pages.currentWidget() is tab.paper
        assert "No printer" in tab.paper.preview.notice.text()
        assert issued.label in account.said
        with signed_in.reading() as ctx:
            stored = documents.content(ctx, patient, issued_to(signed_in, patient)[0].document_id)
        text = words(whole_text(stored))
        for part in ("Zoë <b>Ann</b>", "O'Brien & Söhne", "Cleaning & <polish>", "36 Composite"):
            assert part in text, part

    def test_pressing_twice_is_one_invoice(self, account, signed_in, patient) -> None:
        account.primary()
        account.primary()
        account.settle()
        assert len(issued_to(signed_in, patient)) == 1

    def test_printing_again_shows_the_same_bytes(self, account, signed_in, patient) -> None:
        account.primary()
        account.settle()
        tab = account.screen
        first = tab.paper.preview._data
        account.key(Qt.Key.Key_Escape)  # the notice
        account.key(Qt.Key.Key_Escape)  # the paper
        assert tab.pages.currentWidget() is tab.split
        tab.table.setFocus()
        account.key(Qt.Key.Key_Return)
        account.settle()
        assert tab.paper.preview._data == first
        assert len(issued_to(signed_in, patient)) == 1

    def test_what_is_not_ticked_stays_open(self, account, signed_in, patient) -> None:
        tab = account.screen
        tab.issue.table.setFocus()
        account.key(Qt.Key.Key_Space)
        assert "not on the invoice" in account.texts(tab.issue.table, OpenColumn.WHAT)[0]
        account.primary()
        account.settle()
        assert issued_to(signed_in, patient)[0].total == 6000
        account.key(Qt.Key.Key_Escape)
        account.key(Qt.Key.Key_Escape)
        account.settle()
        assert [one.amount for one in tab.issue.model.rows()] == [14000]

    def test_a_click_ticks_too(self, account) -> None:
        tab = account.screen
        account.click_row(tab.issue.table, 1)
        assert [one.amount for one in tab.issue.ticked()] == [14000]
        account.click_row(tab.issue.table, 1)
        assert len(tab.issue.ticked()) == 2

    def test_nothing_ticked_nothing_issued(self, account, signed_in, patient) -> None:
        for row in (0, 1):
            account.click_row(account.screen.issue.table, row)
        account.primary()
        account.settle()
        assert not account.screen.issue.issue.isEnabled()
        assert issued_to(signed_in, patient) == ()

    def test_a_wrong_date_is_said_at_its_field(self, account, signed_in, patient) -> None:
        tab = account.screen
        account.into(tab.issue.due, "31/02/2027")
        account.primary()
        account.settle()
        assert "February" in tab.issue.fields["due_on"].sentence()
        assert issued_to(signed_in, patient) == ()

    def test_billed_elsewhere_meanwhile(self, account, signed_in, patient) -> None:
        tab = account.screen
        chosen = tuple(one.posting_id for one in tab.issue.ticked())
        account.operations.changed.disconnect(tab._changed)
        with signed_in.writing() as ctx:
            invoices.issue_invoice(
                ctx, NewInvoice(id=new_id(), patient_id=patient, posting_ids=chosen[:1])
            )
        account.primary()
        account.settle()
        assert "billed already" in tab.issue.refusal.text()
        assert len(issued_to(signed_in, patient)) == 1

    def test_a_childs_bill_goes_to_the_guardian(self, stage, signed_in, make) -> None:
        rosa = make.patient("Rosa", "Huamán Ccori")
        child = make.patient(
            "Mateo", "Quispe", born=date(2024, 2, 2), guardian_id=rosa, address="3 Orchard Row"
        )
        charge(signed_in, child)
        account = stage(opener(LedgerTab, child))
        assert account.screen.issue.bill_to.text() == "Rosa Huamán Ccori\n3 Orchard Row"
        account.primary()
        account.settle()
        assert "Rosa Huamán Ccori" in issued_to(signed_in, child)[0].bill_to

    def test_half_typed_text_is_kept(self, account, stage, patient) -> None:
        account.into(account.screen.issue.remark, "Thank you & see you soon")
        account.screen.leaving()
        again = stage(opener(LedgerTab, patient))
        assert again.screen.issue.remark.text() == "Thank you & see you soon"


class TestLedger:
    def test_newest_first_with_running_balance(self, account) -> None:
        table = account.screen.table
        assert account.texts(table, Column.BALANCE) == ["200.00", "140.00"]
        assert account.texts(table, Column.WHAT) == [
            "Cleaning & <polish>",
            "36 MOD Composite, 3 surfaces",
        ]
        assert account.texts(table, Column.INVOICE) == ["Not invoiced", "Not invoiced"]

    def test_aging(self, signed_in, patient, stage, sign_in) -> None:
        today = sign_in("u_admin").clock.now().date()
        charge(signed_in, patient, 9000, day=today - timedelta(days=45))
        charge(signed_in, patient, 1000, day=today)
        strip = stage(opener(LedgerTab, patient)).screen.strip
        shown = [cell.amount.text() for cell in strip.cells]
        assert shown == ["10.00", "90.00", "0.00", "0.00"]
        assert strip.open.amount.text() == "€ 100.00".replace(" ", "\u00a0")

    def test_another_pcs_invoice_appears_by_itself(self, account, sign_in, patient) -> None:
        front = sign_in("u_front", device="pc-2")
        with front.writing() as ctx:
            chosen = tuple(one.posting_id for one in billing.open_charges(ctx, patient))
            issued = invoices.issue_invoice(
                ctx, NewInvoice(id=new_id(), patient_id=patient, posting_ids=chosen)
            )
            invoice_paper(ctx, issued.id)
        table = account.screen.table
        account.qtbot.waitUntil(
            lambda: account.texts(table, Column.INVOICE) == [issued.label, issued.label],
            timeout=5000,
        )
        assert account.screen.issue.state == "empty"

    def test_reversed_with_a_reason(self, account, signed_in, patient) -> None:
        tab = account.screen
        tab.table.setFocus()
        account.key(Qt.Key.Key_Home)
        account.key(Qt.Key.Key_R)
        dialog = tab.findChild(ReverseDialog)
        account.qtbot.waitUntil(dialog.reason.hasFocus)
        account.key(Qt.Key.Key_Return)
        assert "needed" in dialog.field.sentence()
        account.type("Typed twice")
        account.key(Qt.Key.Key_Return)
        account.settle()
        account.qtbot.waitUntil(lambda: tab.model.rowCount() == 3)
        with signed_in.reading() as ctx:
            assert billing.ledger(ctx, patient).balance == 14000
        assert "Typed twice" in account.texts(tab.table, Column.WHAT)[0]

    def test_reason_half_typed_is_kept(self, account) -> None:
        tab = account.screen
        tab.table.setFocus()
        account.key(Qt.Key.Key_Home)
        account.key(Qt.Key.Key_R)
        account.qtbot.waitUntil(lambda: tab.findChild(ReverseDialog) is not None)
        dialog = tab.findChild(ReverseDialog)
        account.qtbot.waitUntil(dialog.reason.hasFocus)
        account.type("charged tw")
        account.key(Qt.Key.Key_Escape)
        account.qtbot.waitUntil(lambda: tab.findChild(ReverseDialog) is None)
        account.window.activateWindow()
        account.qtbot.waitUntil(account.window.isActiveWindow)
        tab.table.setFocus()
        account.key(Qt.Key.Key_Home)
        account.key(Qt.Key.Key_R)
        account.qtbot.waitUntil(lambda: tab.findChild(ReverseDialog) is not None)
        assert tab.findChild(ReverseDialog).reason.text() == "charged tw"

    def test_what_is_invoiced_is_not_reversed(self, account) -> None:
        account.primary()
        account.settle()
        account.key(Qt.Key.Key_Escape)
        account.key(Qt.Key.Key_Escape)
        account.screen.table.setFocus()
        account.key(Qt.Key.Key_R)
        assert "credit note" in account.said

    def test_empty(self, stage, make) -> None:
        tab = stage(opener(LedgerTab, make.patient())).screen
        assert tab.panel.state == "empty"
        assert tab.issue.state == "empty"
        assert not tab.strip.isVisible()


class TestRights:
    def test_who_only_reads_sees_why(self, stage, sign_in, signed_in, patient) -> None:
        charge(signed_in, patient)
        account = stage(opener(LedgerTab, patient), sign_in("u_compliance"))
        issue = account.screen.issue
        assert not issue.issue.isVisible()
        assert "Issue invoices" in issue.refusal.text()
        account.primary()
        account.settle()
        assert issued_to(signed_in, patient) == ()

    def test_another_patient_gets_none_of_the_first(self, account, make) -> None:
        account.screen.open(make.patient("Somebody", "Else"))
        assert account.screen.issue.model.rows() == ()
        account.primary()
        account.settle()
        assert account.screen.pages.currentWidget() is account.screen.split
