"""The sign of margins: shown and typed as the clinic chose, stored as one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_desktop.domain.perio.entry import check
from clinic_desktop.domain.perio.exam import Cell, ToothReading
from clinic_desktop.domain.perio.margins import MarginSign, doubt, signed, stored
from clinic_desktop.domain.perio.rules import Measure
from clinic_desktop.domain.perio.sites import Site
from clinic_desktop.errors import InvalidError

PLUS, MINUS = MarginSign.PLUS, MarginSign.MINUS


class TestSign:
    @pytest.mark.parametrize(
        ("mm", "plus", "minus"), [(2, "+2", "−2"), (-3, "−3", "+3"), (0, "0", "0")]
    )
    def test_shown(self, mm, plus, minus) -> None:
        assert (signed(mm), signed(mm, MINUS)) == (plus, minus)

    @pytest.mark.parametrize("sign", list(MarginSign))
    def test_a_digit_alone_is_recession(self, sign) -> None:
        assert stored(2, "", sign) == 2

    @given(st.integers(-9, 19), st.sampled_from(MarginSign))
    def test_typed_as_it_is_shown_it_is_the_same(self, mm, sign) -> None:
        shown = signed(mm, sign)
        typed = shown[0].replace("−", "-") if mm else ""
        assert stored(abs(mm), typed, sign) == mm


class TestDoubt:
    def reading(self, depth, margin) -> ToothReading:
        return (
            ToothReading(16)
            .with_value(Measure.DEPTH, Site.MB, depth)
            .with_value(Measure.MARGIN, Site.MB, margin)
        )

    def test_attachment_on_the_enamel_is_explained(self) -> None:
        words = doubt("16 mesio-buccal", self.reading(3, -5), Site.MB)
        assert words == (
            "16 mesio-buccal: a margin 5 mm coronal to the CEJ and a pocket of 3 mm put the"
            " attachment on the enamel. It is stored. If it is recession, type 5 without a sign."
        )

    @pytest.mark.parametrize(("depth", "margin"), [(3, -3), (3, 5), (None, -5), (3, None)])
    def test_nothing_is_doubted_without_cause(self, depth, margin) -> None:
        assert doubt("16", self.reading(depth, margin), Site.MB) == ""

    @pytest.mark.parametrize("value", [-10, 20])
    def test_out_of_range_is_said_without_a_sign(self, value) -> None:
        with pytest.raises(InvalidError) as caught:
            check(Cell(16, Measure.MARGIN, Site.MB), value)
        assert str(caught.value) == (
            "16 mesio-buccal gingival margin: at most 19 mm recession, or 9 mm coronal to the CEJ."
        )
