"""Usual medicines: the arithmetic shown, the caps kept, never more than the list says."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_desktop.domain import regimens
from clinic_desktop.domain.regimens import (
    by_id,
    instead_of,
    parse_weight,
    propose,
    read_line,
    usual,
)
from clinic_desktop.errors import InvalidError


class TestPropose:
    def test_a_childs_paracetamol(self) -> None:
        found = propose(usual(7)[0], weight_grams=22400, locale="en_IE")
        assert found.drug == "Paracetamol"
        assert found.dose == "14 ml (336 mg) by mouth every 6 hours, at most 4 times a day."
        assert (found.quantity, found.unit, found.days) == (168, "ml", 3)
        assert found.arithmetic == (
            "22.4 kg × 15 mg/kg = 336 mg",
            "14 ml of 24 mg/ml = 336 mg",
            "4 × 336 mg = 1,344 mg in 24 hours",
        )

    def test_an_adults_amoxicillin(self) -> None:
        found = propose(usual(41)[2], weight_grams=None, locale="en_IE")
        assert found.dose == "1 capsule (500 mg) by mouth every 8 hours, at most 3 times a day."
        assert (found.form, found.quantity, found.arithmetic) == ("500 mg capsules", 15, ())

    def test_figures_of_the_locale(self) -> None:
        found = propose(usual(7)[0], weight_grams=22400, locale="pt_PT")
        assert "22,4 kg" in found.arithmetic[0]

    def test_the_cap_that_applies_is_named(self) -> None:
        found = propose(usual(16)[1], weight_grams=70000, locale="en_IE")
        assert "at most 400 mg for one dose" in found.arithmetic
        assert "20 ml (400 mg)" in found.dose

    def test_without_weight(self) -> None:
        with pytest.raises(InvalidError) as refused:
            propose(usual(7)[0], weight_grams=None, locale="en")
        assert refused.value.field == "weight"

    @given(st.integers(3000, 120_000), st.sampled_from(usual(7)))
    def test_never_more_than_the_list(self, grams, regimen) -> None:
        kilos = Decimal(grams) / 1000
        try:
            found = propose(regimen, weight_grams=grams, locale="en")
        except InvalidError:
            return
        row = by_id(regimen.medicine)
        assert found.quantity is not None
        assert found.days is not None
        # Bottles are rounded up to a whole millilitre, a dose never is.
        daily = Decimal(found.dose.split(" ml")[0]) * regimen.per_unit * regimen.times
        assert row.child_high is not None
        if row.child_basis == "dose":
            assert daily <= Decimal(str(row.child_high)) * kilos * regimen.times
        else:
            assert daily <= Decimal(str(row.child_high)) * kilos
        assert daily <= regimen.most_mg * regimen.times


class TestReadLine:
    def _read(self, text: str, age: int | None = 41, weight: int | None = None):
        return read_line(text, age=age, weight_grams=weight, locale="en_IE")

    def test_a_name_begun(self) -> None:
        assert self._read("amox").drug == "Amoxicillin"
        assert self._read("amox").quantity == 15

    def test_strength_and_days(self) -> None:
        found = self._read("amoxicillin 250/5 for 5 days", age=7)
        assert (found.medicine, found.form, found.days) == ("amox", "250/5", 5)
        assert found.dose == ""

    def test_other_days_than_usual_leave_the_quantity_open(self) -> None:
        found = self._read("amoxicillin for 7 days")
        assert (found.days, found.quantity) == (7, None)
        assert "500 mg every 8 h" in found.dose

    def test_the_other_name(self) -> None:
        assert self._read("acetaminophen 325 mg").medicine == "paracetamol"

    @pytest.mark.parametrize("text", ["Hausmittel <b>&", "qq", "😀", "م"])
    def test_on_no_list(self, text) -> None:
        found = self._read(text)
        assert (found.medicine, found.drug) == ("", text)

    @pytest.mark.parametrize("text", ["", "   ", "for 5 days"])
    def test_nothing(self, text) -> None:
        with pytest.raises(InvalidError):
            self._read(text)


class TestInstead:
    def test_for_a_penicillin_allergy(self) -> None:
        found = instead_of("amoxicillin 500", age=41, allergies=("Penicillin: rash",))
        assert found is not None
        assert found.medicine == "clarithro"

    def test_not_what_is_an_allergy_too(self) -> None:
        allergies = ("Penicillin", "Clarithromycin")
        assert instead_of("amoxicillin", age=41, allergies=allergies) is None

    def test_none_for_what_is_on_no_list(self) -> None:
        assert instead_of("something", age=41, allergies=()) is None


class TestWeight:
    @pytest.mark.parametrize(
        ("text", "grams"),
        [("22.4", 22400), ("22,4 kg", 22400), ("70", 70000), ("3.255", 3255), ("٢٢", 22000)],
    )
    def test_read(self, text, grams) -> None:
        assert parse_weight(text) == grams

    @pytest.mark.parametrize("text", ["", "0", "651", "-5", "22.4.1", "heavy", "1,2345"])
    def test_refused(self, text) -> None:
        with pytest.raises(InvalidError) as refused:
            parse_weight(text)
        assert refused.value.field == "weight"


def test_every_regimen_names_a_medicine_of_the_list() -> None:
    for regimen in (*usual(7), *usual(41)):
        assert by_id(regimen.medicine)
    assert set(regimens._INSTEAD) | set(regimens._INSTEAD.values()) <= {
        one.id for one in regimens.medicines()
    }
