"""The years are typed and saved; what was erased is listed with its reason and without a name."""

import pytest
from PySide6.QtCore import Qt

from clinic_desktop.services.billing import invoices
from clinic_desktop.services.erasure import service as erasure
from clinic_desktop.services.erasure.schemas import ErasureRuleValues
from clinic_desktop.ui.erasure.section import ErasureSection
from clinic_desktop.ui.widgets.labels import Label
from tests.services.erasing import MARK, People


@pytest.fixture
def section(desk_of, qtbot):
    made = ErasureSection(desk_of("u_admin"))
    qtbot.addWidget(made)
    made.resize(700, 800)
    made.show()
    made.reload()
    qtbot.waitUntil(lambda: made.fiscal.text() == "10")
    return made


class TestRules:
    def test_typed_and_saved(self, section, qtbot, sign_in) -> None:
        section.clinical.setFocus()
        section.clinical.selectAll()
        qtbot.keyClicks(section.clinical, "15")
        section.early.setFocus()
        qtbot.keyClick(section.early, Qt.Key.Key_Space)
        qtbot.mouseClick(section.save, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: section._version == 1)
        with sign_in("u_admin").reading() as ctx:
            rules = erasure.rules(ctx)
        assert (rules.fiscal_years, rules.clinical_years, rules.early) == (10, 15, False)

    def test_nonsense_and_somebody_faster(self, section, qtbot, sign_in) -> None:
        section.fiscal.setText("500")
        section.save_now()
        assert section.fields["fiscal_years"].state() == "error"
        section.fiscal.selectAll()
        qtbot.keyClicks(section.fiscal, "6")
        with sign_in("u_manager").writing() as ctx:
            erasure.change_rules(ctx, 0, ErasureRuleValues(fiscal_years=7))
        section.save_now()
        qtbot.waitUntil(lambda: section.refusal.isVisible())
        assert section.fiscal.text() == "6"


def test_the_list(section, qtbot, database, make, sign_in) -> None:
    people = People(database, make, sign_in)
    who = people.full()
    people.erase(who)
    section.reload()
    qtbot.waitUntil(lambda: section.panel.state == "content")
    words = "\n".join(label.text() for label in section.panel.findChildren(Label))
    assert f"No. {people.number(who)}" in words
    assert "Asked in writing" in words
    assert "because: The patient insists" in words
    assert "Invoices kept: 1" in words
    assert MARK not in words
    # Kept as long as the law wanted: one press, and the buyer is gone as well.
    assert not section.over.isVisible()
    people.tamper("UPDATE invoice SET issued_on = issued_on - interval '11 years'")
    section.reload()
    qtbot.waitUntil(section.over.isVisible)
    qtbot.mouseClick(section.over, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not section.over.isVisible())
    with people.admin.reading() as ctx:
        assert [row.bill_to for row in invoices.invoices_of(ctx, who)] == [""]
