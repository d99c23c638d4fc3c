"""The code for banking apps: right for a transfer in euro, absent rather than wrong."""

import pytest
from segno.helpers import make_epc_qr

from clinic_desktop.documents.papers import Payment
from clinic_desktop.documents.payment_code import is_iban, payment_code
from tests.documents.samples import IBAN


def payment(**changes: str) -> Payment:
    values = {"holder": "Harbour Street Dental", "iban": IBAN, "reference": "A-2026-004217"}
    return Payment(**(values | changes))


class TestIsIban:
    @pytest.mark.parametrize(
        "text", [IBAN, "ie29 aibk 9311 5212 3456 78", "DE89370400440532013000"]
    )
    def test_takes_right_check_digits(self, text: str) -> None:
        assert is_iban(text)

    @pytest.mark.parametrize(
        "text", ["", "IE00 TEST 0000 0000 0000 00", "IE29AIBK93115212345679", "12345", IBAN * 3]
    )
    def test_refuses_wrong_ones(self, text: str) -> None:
        assert not is_iban(text)


class TestPaymentCode:
    def test_is_that_of_the_standard(self) -> None:
        expected = make_epc_qr(
            name="Harbour Street Dental", iban=IBAN, amount=84, text="A-2026-004217",
            encoding="utf-8",
        )  # fmt: skip
        assert payment_code(payment(), "EUR", 8400) == tuple(map(tuple, expected.matrix))

    def test_a_line_end_adds_no_field(self) -> None:
        sly = payment(holder="Harbour Street Dental\n", reference="A-2026-004217\r\n")
        assert payment_code(sly, "EUR", 8400) == payment_code(payment(), "EUR", 8400)

    @pytest.mark.parametrize(
        ("changes", "currency", "minor"),
        [
            ({}, "USD", 8400),
            ({}, "EUR", 0),
            ({}, "EUR", 10**12),
            ({"iban": ""}, "EUR", 8400),
            ({"iban": "IE00TEST000000000000"}, "EUR", 8400),
            ({"holder": ""}, "EUR", 8400),
            ({"holder": "x" * 71}, "EUR", 8400),
            ({"reference": ""}, "EUR", 8400),
            ({"reference": "x" * 141}, "EUR", 8400),
            ({"bic": "X"}, "EUR", 8400),
        ],
    )
    def test_is_absent_where_it_could_be_wrong(
        self, changes: dict[str, str], currency: str, minor: int
    ) -> None:
        assert payment_code(payment(**changes), currency, minor) == ()
