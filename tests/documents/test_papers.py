"""A paper whose sums do not agree cannot be made."""

from dataclasses import FrozenInstanceError
from datetime import datetime

import pytest

from clinic_desktop.documents.papers import InsurerShare, TaxRow
from tests.documents.samples import invoice, prescription, receipt


class TestInvoicePaper:
    @pytest.mark.parametrize(
        ("changes", "message"),
        [
            ({"subtotal_minor": 1}, "do not make its subtotal"),
            ({"total_minor": 1}, "do not make its total"),
            ({"please_pay_minor": 1}, "does not follow"),
            ({"paid_minor": 100}, "does not follow"),
            ({"insurer": InsurerShare(name="I", amount_minor=1)}, "does not follow"),
            (
                {"taxes": (TaxRow(label="VAT", base_minor=1, amount_minor=1),)},
                "do not make its total",
            ),
        ],
    )
    def test_refuses_sums_that_do_not_agree(self, changes: dict[str, object], message: str) -> None:
        with pytest.raises(ValueError, match=message):
            invoice(**changes)

    def test_asks_for_nothing_when_more_was_paid(self) -> None:
        assert invoice(paid_minor=99_000, please_pay_minor=0).please_pay_minor == 0

    def test_cannot_be_changed(self) -> None:
        with pytest.raises(FrozenInstanceError):
            invoice().number = "A-2026-000001"  # type: ignore[misc]


class TestPrescriptionPaper:
    def test_refuses_nothing_to_take(self) -> None:
        with pytest.raises(ValueError, match="no items"):
            prescription(items=())

    def test_refuses_a_time_without_zone(self) -> None:
        with pytest.raises(ValueError, match="without a zone"):
            prescription(issued_at=datetime(2026, 3, 12, 14, 0))  # noqa: DTZ001 - on purpose


class TestReceiptPaper:
    def test_refuses_to_pay_for_more_than_was_paid(self) -> None:
        with pytest.raises(ValueError, match="more than was paid"):
            receipt(amount_minor=1, given_minor=None)

    def test_refuses_change_from_too_little(self) -> None:
        with pytest.raises(ValueError, match="given less"):
            receipt(given_minor=1)
