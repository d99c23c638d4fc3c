"""People and invoices in the palette, behind their signs, on a real clinic."""

from datetime import date

import pytest
from PySide6.QtCore import QObject

from clinic_desktop.domain.ids import new_id
from clinic_desktop.services.billing import invoices
from clinic_desktop.services.billing import service as billing
from clinic_desktop.services.billing.schemas import Charge, NewInvoice
from clinic_desktop.ui.billing.palette import InvoicesInPalette
from clinic_desktop.ui.shell.registry import Question
from clinic_desktop.ui.staff.palette import StaffInPalette


class Asked:
    """Asks a source as the palette does and keeps its answer."""

    def __init__(self, qtbot, desk, source) -> None:
        self._qtbot, self._owner, self.source = qtbot, QObject(desk.messages), source
        self.places: list[tuple[str, dict]] = []
        desk.navigator.wanted.connect(lambda name, where: self.places.append((name, where)))

    def ask(self, prefix: str, text: str):
        answers: list[tuple[tuple, str]] = []
        self.source.ask(
            self._owner,
            Question(prefix, text),
            lambda entries, note="": answers.append((tuple(entries), note)),
        )
        self._qtbot.waitUntil(lambda: bool(answers))
        return answers[0]


@pytest.fixture
def issued(signed_in, make):
    patient = make.patient("Zofia", "Wiśniewska")
    with signed_in.writing() as ctx:
        charge = Charge(
            posting_id=new_id(), chart_item_id=None, provider_id=None, text="Filling", amount=9600
        )
        billing.post_charges(
            ctx, patient_id=patient, act="test", day=date(2026, 3, 12), charges=[charge]
        )
        new = NewInvoice(id=new_id(), patient_id=patient, posting_ids=(charge.posting_id,))
        return invoices.issue_invoice(ctx, new)


class TestInvoices:
    def test_opens_the_ledger_it_stands_on(self, qtbot, desk_of, issued) -> None:
        desk = desk_of("u_front")
        asked = Asked(qtbot, desk, InvoicesInPalette(desk))
        (entry,), note = asked.ask("#", str(issued.number))
        assert (entry.title, note) == (issued.label, "")
        assert entry.detail.startswith("Zofia Wiśniewska · ")
        assert "96.00" in entry.detail
        entry.act()
        assert asked.places == [("patient", {"patient_id": issued.patient_id, "tab": "ledger"})]

    def test_words_are_no_number(self, qtbot, desk_of, issued) -> None:
        desk = desk_of("u_front")
        assert Asked(qtbot, desk, InvoicesInPalette(desk)).ask("#", "tran") == ((), "")

    def test_without_the_right_nothing_is_told(self, qtbot, desk_of, issued) -> None:
        desk = desk_of("u_assistant")
        found = Asked(qtbot, desk, InvoicesInPalette(desk)).ask("#", str(issued.number))
        assert found == ((), "")


class TestPeople:
    def test_opens_the_person_in_the_settings(self, qtbot, desk_of) -> None:
        desk = desk_of("u_manager")
        asked = Asked(qtbot, desk, StaffInPalette(desk))
        (entry,), _note = asked.ask("@", "lena")
        assert entry.title == "Lena Björk"
        entry.act()
        name, where = asked.places[0]
        assert (name, where["section"]) == ("settings", "people")

    def test_all_of_them_while_nothing_is_typed(self, qtbot, desk_of) -> None:
        desk = desk_of("u_manager")
        entries, _note = Asked(qtbot, desk, StaffInPalette(desk)).ask("@", "")
        assert len(entries) == 8
