"""Charges, reversals and invoices on a real ledger."""

from datetime import date

import pytest
from sqlalchemy import text

from clinic_desktop.domain.ids import new_id
from clinic_desktop.errors import ConflictError, InvalidError, NotAllowedError
from clinic_desktop.services.billing import invoices
from clinic_desktop.services.billing import service as billing
from clinic_desktop.services.billing.finding import find_invoices
from clinic_desktop.services.billing.schemas import Charge, NewInvoice

DAY = date(2026, 3, 12)


def _charge(signed_in, patient, *amounts: int, act: str | None = None):
    with signed_in.writing() as ctx:
        return billing.post_charges(
            ctx,
            patient_id=patient,
            act=act or f"test:{new_id()}",
            day=DAY,
            charges=[
                Charge(
                    posting_id=new_id(),
                    chart_item_id=None,
                    provider_id=None,
                    text="Composite <b>&",
                    amount=amount,
                )
                for amount in amounts
            ],
        )


class TestLedger:
    def test_running_balance(self, signed_in, make) -> None:
        patient = make.patient()
        _charge(signed_in, patient, 14000, 6000)
        with signed_in.reading() as ctx:
            account = billing.ledger(ctx, patient)
        assert [line.balance for line in account.lines] == [14000, 20000]
        assert account.balance == 20000

    def test_reversal_takes_everything_back(self, signed_in, make) -> None:
        patient = make.patient()
        entry = _charge(signed_in, patient, 14000)
        with signed_in.writing() as ctx:
            billing.reverse(ctx, entry, act="undo", day=DAY, memo="typed twice")
        with signed_in.reading() as ctx:
            account = billing.ledger(ctx, patient)
            assert account.balance == 0
            assert account.lines[0].reversed
            assert billing.open_charges(ctx, patient) == ()

    def test_free_work_is_not_charged(self, signed_in, make) -> None:
        assert _charge(signed_in, make.patient(), 0) is None


class TestInvoice:
    def _issue(self, signed_in, patient, invoice_id=None):
        with signed_in.writing() as ctx:
            chosen = tuple(one.posting_id for one in billing.open_charges(ctx, patient))
            new = NewInvoice(id=invoice_id or new_id(), patient_id=patient, posting_ids=chosen)
            return invoices.issue_invoice(ctx, new), new

    def _issue_and_fail(self, signed_in, patient) -> None:
        with signed_in.writing() as ctx:
            chosen = tuple(one.posting_id for one in billing.open_charges(ctx, patient))
            new = NewInvoice(id=new_id(), patient_id=patient, posting_ids=chosen)
            invoices.issue_invoice(ctx, new)
            raise RuntimeError("rolled back")

    def test_numbers_have_no_gaps_though_some_fail(self, signed_in, make) -> None:
        patient = make.patient()
        numbers = []
        for _round in range(3):
            _charge(signed_in, patient, 5000)
            with pytest.raises(RuntimeError):
                self._issue_and_fail(signed_in, patient)
            numbers.append(self._issue(signed_in, patient)[0].number)
        assert numbers == [1, 2, 3]

    def test_same_act_twice_is_one_invoice(self, signed_in, make) -> None:
        patient = make.patient()
        _charge(signed_in, patient, 5000, 7000)
        first, new = self._issue(signed_in, patient)
        with signed_in.writing() as ctx:
            assert invoices.issue_invoice(ctx, new).number == first.number
        assert first.total == 12000
        assert len(first.lines) == 2

    def test_a_charge_is_billed_once(self, signed_in, make) -> None:
        patient = make.patient()
        _charge(signed_in, patient, 5000)
        _first, new = self._issue(signed_in, patient)
        again = new.model_copy(update={"id": new_id()})
        with pytest.raises(ConflictError), signed_in.writing() as ctx:
            invoices.issue_invoice(ctx, again)

    def test_nothing_chosen(self, signed_in, make) -> None:
        with pytest.raises(InvalidError), signed_in.writing() as ctx:
            invoices.issue_invoice(
                ctx, NewInvoice(id=new_id(), patient_id=make.patient(), posting_ids=())
            )

    def test_issued_is_frozen(self, signed_in, make) -> None:
        patient = make.patient()
        _charge(signed_in, patient, 5000)
        issued, _new = self._issue(signed_in, patient)
        with pytest.raises(ConflictError, match="credit note"), signed_in.writing() as ctx:
            ctx.connection.execute(
                text("UPDATE invoice SET total = 1, version = version + 1 WHERE id = :id"),
                {"id": issued.id},
            )


def issue_one(signed_in, make):
    patient = make.patient()
    _charge(signed_in, patient, 1000)
    return TestInvoice()._issue(signed_in, patient)[0]


class TestFindInvoices:
    def test_by_number_with_or_without_series_and_year(self, signed_in, make) -> None:
        issued = issue_one(signed_in, make)
        with signed_in.reading() as ctx:
            for typed in (issued.label, str(issued.number), f"{issued.year}-{issued.number}"):
                found = find_invoices(ctx, typed)
                assert [one.label for one in found] == [issued.label], typed
            assert find_invoices(ctx, str(issued.number + 1)) == ()
            assert find_invoices(ctx, "tran") == ()

    def test_needs_the_right(self, sign_in) -> None:
        with pytest.raises(NotAllowedError), sign_in("u_assistant").reading() as ctx:
            find_invoices(ctx, "1")
