"""The order of teeth, ranges and the teeth of an age."""

import pytest

from clinic_desktop.domain.teeth.dentition import (
    LOWER,
    LOWER_PRIMARY,
    PERMANENT,
    PRIMARY,
    UPPER,
    UPPER_PRIMARY,
    eruption,
    expected_teeth,
    in_arch_order,
    positions,
    quadrant,
    teeth_between,
)
from clinic_desktop.errors import InvalidError


class TestInArchOrder:
    def test_runs_from_the_patients_right_upper_jaw_first(self) -> None:
        assert in_arch_order(tuple(reversed(PERMANENT))) == PERMANENT
        assert in_arch_order(tuple(reversed(PRIMARY))) == PRIMARY

    def test_each_tooth_once(self) -> None:
        assert in_arch_order((36, 11, 36)) == (11, 36)

    def test_an_extra_tooth_stands_outside_its_neighbour(self) -> None:
        assert in_arch_order((18, 118, 17)) == (118, 18, 17)
        assert in_arch_order((28, 128, 27)) == (27, 28, 128)


class TestTeethBetween:
    def test_follows_the_arch_over_the_midline(self) -> None:
        assert teeth_between(13, 23) == (13, 12, 11, 21, 22, 23)
        assert teeth_between(23, 13) == (13, 12, 11, 21, 22, 23)
        assert teeth_between(43, 33) == (43, 42, 41, 31, 32, 33)

    def test_one_quadrant(self) -> None:
        assert teeth_between(14, 16) == (16, 15, 14)

    def test_milk_teeth(self) -> None:
        assert teeth_between(55, 52) == (55, 54, 53, 52)

    def test_in_a_mixed_mouth_what_stands_there_decides(self) -> None:
        present = frozenset({16, 55, 14, 53})
        assert teeth_between(16, 53, present) == (16, 55, 14, 53)
        assert teeth_between(16, 53) == (16, 55, 54, 53)

    def test_one_tooth_is_a_range(self) -> None:
        assert teeth_between(36, 36) == (36,)

    def test_refuses_a_range_over_both_jaws(self) -> None:
        with pytest.raises(InvalidError, match="one jaw"):
            teeth_between(18, 48)


class TestPositions:
    def test_sixteen_columns_ten_of_them_with_a_milk_tooth(self) -> None:
        for upper, permanent, milk in ((True, UPPER, UPPER_PRIMARY), (False, LOWER, LOWER_PRIMARY)):
            found = positions(upper)
            assert tuple(found[column][0] for column in range(1, 17)) == permanent
            assert tuple(one for here in found.values() for one in here[1:]) == tuple(
                sorted(milk, key=list(milk).index)
            ) or {one for here in found.values() for one in here[1:]} == set(milk)


class TestQuadrant:
    def test_permanent_teeth_by_default(self) -> None:
        assert quadrant("ul") == (21, 22, 23, 24, 25, 26, 27, 28)
        assert quadrant("lr") == (48, 47, 46, 45, 44, 43, 42, 41)

    def test_only_those_present(self) -> None:
        assert quadrant("ur", frozenset({55, 54, 11, 36})) == (55, 54, 11)


class TestExpectedTeeth:
    def test_a_newborn_has_none_through(self) -> None:
        found = expected_teeth(0)
        assert len(found) == 32
        assert not any(one.erupted for one in found)

    def test_a_child_of_four_has_all_milk_teeth(self) -> None:
        through = {one.tooth for one in expected_teeth(48) if one.erupted}
        assert through == set(PRIMARY)

    def test_a_child_of_eight_is_mixed(self) -> None:
        through = {one.tooth for one in expected_teeth(8 * 12 + 1) if one.erupted}
        assert {16, 26, 36, 46, 11, 21, 31, 41, 53, 54, 55, 63} <= through
        assert not through & {13, 14, 15, 17, 18, 51, 61, 71}

    def test_an_adult_has_the_permanent_teeth(self) -> None:
        found = expected_teeth(40 * 12)
        assert {one.tooth for one in found} == set(PERMANENT)
        assert all(one.erupted for one in found)

    def test_each_position_once_at_every_age(self) -> None:
        for months in range(23 * 12):
            found = [one.tooth for one in expected_teeth(months)]
            assert len(found) == len(set(found)) == 32

    def test_periods_are_in_months(self) -> None:
        assert eruption(51).erupts_from == 8
        assert eruption(51).sheds_to == 7 * 12
        assert eruption(18).erupts_to == 21 * 12
        assert eruption(18).sheds_to is None
