"""Invoices on paper: what the books say, stored once, printed again byte for byte."""

from datetime import date, timedelta

import pytest

from clinic_desktop.documents.of_clinic import language_of
from clinic_desktop.documents.of_invoice import invoice_paper
from clinic_desktop.domain.ids import new_id
from clinic_desktop.errors import NotAllowedError, NotFoundError
from clinic_desktop.models import Patient
from clinic_desktop.services.billing import invoices
from clinic_desktop.services.billing import service as billing
from clinic_desktop.services.billing.schemas import Charge, NewInvoice
from clinic_desktop.services.clinic import service as clinic
from clinic_desktop.services.clinic.schemas import ClinicValues, InvoiceRuleValues
from clinic_desktop.services.documents import service as documents
from clinic_desktop.services.rows import change_row
from tests.documents.reading import whole_text, words
from tests.documents.samples import IBAN, logo

DAY = date(2026, 3, 12)


class Desk:
    """Charges and issues for one patient."""

    def __init__(self, signed_in, make, **patient) -> None:
        self.signed_in = signed_in
        self.patient = make.patient(**patient)
        self.provider = make.provider("Dr Amara Nwosu")

    def charge(self, amount: int, text: str = "Composite, 3 surfaces", day: date = DAY, **values):
        with self.signed_in.writing() as ctx:
            billing.post_charges(
                ctx,
                patient_id=self.patient,
                act=f"test:{new_id()}",
                day=day,
                charges=[
                    Charge(
                        posting_id=new_id(),
                        chart_item_id=None,
                        provider_id=self.provider,
                        text=text,
                        amount=amount,
                        **values,
                    )
                ],
            )

    def issue(self, signed_in=None, **values):
        with (signed_in or self.signed_in).writing() as ctx:
            chosen = tuple(one.posting_id for one in billing.open_charges(ctx, self.patient))
            new = NewInvoice(id=new_id(), patient_id=self.patient, posting_ids=chosen, **values)
            return invoices.issue_invoice(ctx, new)

    def paper(self, issued, signed_in=None) -> bytes:
        with (signed_in or self.signed_in).writing() as ctx:
            return invoice_paper(ctx, issued.id)


@pytest.fixture
def desk(signed_in, make) -> Desk:
    return Desk(signed_in, make)


def test_says_what_the_books_say(desk) -> None:
    desk.charge(14000, tooth=36, surfaces="MOD", code="RST-030")
    issued = desk.issue(due_on=DAY + timedelta(days=14))
    text = words(whole_text(desk.paper(issued)))
    for part in (
        issued.label,
        "Inês Carvalho",
        "Dr Amara Nwosu",
        "36 Composite, 3 surfaces",
        "Mesial, occlusal, distal",
        "code RST-030",
        "140.00",
        "€ 140.00",
        "26 March 2026",
    ):
        assert part in text, part


def test_printed_again_it_is_the_same_bytes(desk) -> None:
    desk.charge(14000)
    issued = desk.issue()
    first = desk.paper(issued)
    with desk.signed_in.writing() as ctx:
        change_row(ctx, Patient, id=desk.patient, version=1, given="Somebody", address="Elsewhere")
    assert desk.paper(issued) == first
    with desk.signed_in.reading() as ctx:
        stored = documents.of_patient(ctx, desk.patient)
    assert [(one.kind, one.title) for one in stored] == [("invoice", f"Invoice {issued.label}")]


def test_front_desk_prints_the_tooth_without_reading_the_chart(desk, sign_in) -> None:
    front = sign_in("u_front")
    desk.charge(14000, tooth=36, surfaces="MOD")
    issued = desk.issue(front)
    assert "36 Composite" in words(whole_text(desk.paper(issued, front)))


def test_who_may_only_read_prints_again_but_does_not_store(desk, sign_in) -> None:
    desk.charge(14000)
    issued = desk.issue()
    with pytest.raises(NotAllowedError):
        desk.paper(issued, sign_in("u_compliance"))
    first = desk.paper(issued)
    assert desk.paper(issued, sign_in("u_front")) == first


def test_what_is_open_of_earlier_ones(desk) -> None:
    desk.charge(9000, "Crown, zirconia", DAY - timedelta(days=40), tooth=46)
    earlier = desk.issue()
    desk.charge(5000)
    text = words(whole_text(desk.paper(desk.issue())))
    assert f"46 Crown, zirconia · {earlier.label}" in text
    assert "€ 140.00" in text


@pytest.mark.parametrize(
    ("given", "family"),
    [
        ("<b>Ann</b>", "O'Brien & Söhne <i>"),
        ("عائشة", "الفارسي"),
        ("雅子", "田辺"),
        ("Zoë 🦷", "Łuczak-Ñandú"),
        ("נועה", ""),
    ],
)
def test_names_in_any_script_as_typed(signed_in, make, given, family) -> None:
    desk = Desk(signed_in, make, given=given, family=family)
    work = "Composite <b>& more"
    desk.charge(100, work)
    text = words(whole_text(desk.paper(desk.issue(remark="50 % < all & more"))))
    assert work in text
    assert "50 % < all & more" in text
    # The parts of a mixed name may be copied in either order.
    for part in (given, family):
        for word in part.split():
            assert word in text or word[::-1] in text, word


def test_bill_to_another_payer(desk) -> None:
    desk.charge(100)
    issued = desk.issue(bill_to="Rosa Huamán Ccori\n3 Orchard Row\nCork")
    text = words(whole_text(desk.paper(issued)))
    assert "Rosa Huamán Ccori 3 Orchard Row Cork" in text
    assert "Patient Inês Carvalho" in text


@pytest.mark.parametrize(
    ("patient", "locale", "written_in"),
    [("pt", "en_IE", "pt"), ("pt_BR", "en_IE", "pt"), ("", "es_ES", "es"), ("ar", "en_IE", "en")],
)
def test_language_of_the_patient_or_the_clinic(desk, patient, locale, written_in) -> None:
    with desk.signed_in.reading() as ctx:
        card = clinic.clinic_card(ctx)
    assert language_of(patient, card.model_copy(update={"locale": locale})) == written_in


def test_clinic_head_logo_and_rules(desk) -> None:
    with desk.signed_in.writing() as ctx:
        card = clinic.clinic_card(ctx)
        version = clinic.change_clinic(
            ctx,
            card.version,
            ClinicValues(
                name="Harbour & <Sons>",
                address="14 Harbour Street\nCork",
                bank_account=IBAN,
                locale=card.locale,
            ),
        )
        clinic.set_logo(ctx, version, logo())
        clinic.change_invoice_rules(
            ctx, 0, InvoiceRuleValues(exemption="Exempt & free.", pay_note="Cash at the desk.")
        )
    desk.charge(100)
    text = words(whole_text(desk.paper(desk.issue())))
    for part in ("Harbour & <Sons>", "Exempt & free.", "Cash at the desk.", "IE29 AIBK"):
        assert part in text, part


def test_absurd_amount(desk) -> None:
    desk.charge(99_999_999_999)
    assert "999,999,999.99" in whole_text(desk.paper(desk.issue()))


def test_not_there(desk) -> None:
    with pytest.raises(NotFoundError), desk.signed_in.writing() as ctx:
        invoice_paper(ctx, new_id())
