"""Which tooth stands in which column."""

import pytest

from clinic_desktop.domain.teeth.arrangement import Column, arrange, heights
from clinic_desktop.domain.teeth.chart import (
    ToothChart,
    ToothState,
    ToothView,
    adult_chart,
    chart_for_age,
)
from clinic_desktop.domain.teeth.dentition import LOWER, UPPER


def numbers(columns: tuple[Column, ...]) -> list[tuple[int | None, int | None]]:
    return [
        (
            column.upper.front.tooth if column.upper else None,
            column.lower.front.tooth if column.lower else None,
        )
        for column in columns
    ]


def chart_of(*views: tuple[int, ToothState]) -> ToothChart:
    return ToothChart(teeth=tuple(ToothView(fdi, state) for fdi, state in views))


class TestArrange:
    def test_both_jaws_share_columns_and_the_wider_tooth_counts(self) -> None:
        columns = arrange(adult_chart())
        assert numbers(columns) == list(zip(UPPER, LOWER, strict=True))
        by_tooth = {column.upper.front.tooth: column.width for column in columns if column.upper}
        assert by_tooth[11] == pytest.approx(8.5)
        assert by_tooth[16] == pytest.approx(11.0)

    def test_a_child_has_the_columns_of_its_teeth(self) -> None:
        assert numbers(arrange(chart_for_age(24)))[0] == (55, 85)
        assert len(arrange(chart_for_age(24))) == 10

    def test_a_tooth_in_the_bone_lies_behind_its_milk_tooth(self) -> None:
        (column,) = arrange(chart_of((55, ToothState.PRESENT), (15, ToothState.UNERUPTED)))
        assert column.upper is not None
        assert column.upper.front.tooth == 55
        assert column.upper.behind is not None
        assert column.upper.behind.tooth == 15

    def test_a_milk_tooth_beside_its_successor_has_a_column_outside(self) -> None:
        present = ToothState.PRESENT
        right = arrange(chart_of((53, present), (13, present)))
        left = arrange(chart_of((63, present), (23, present)))
        assert [pair[0] for pair in numbers(right)] == [53, 13]
        assert [pair[0] for pair in numbers(left)] == [23, 63]

    def test_a_milk_tooth_that_fell_out_leaves_its_place(self) -> None:
        (column,) = arrange(chart_of((55, ToothState.MISSING), (15, ToothState.UNERUPTED)))
        assert column.upper is not None
        assert (column.upper.front.tooth, column.upper.behind) == (15, None)

    def test_a_milk_tooth_without_successor_keeps_its_place(self) -> None:
        (column,) = arrange(chart_of((55, ToothState.PRESENT), (15, ToothState.MISSING)))
        assert column.upper is not None
        assert (column.upper.front.tooth, column.upper.behind) == (55, None)

    def test_extra_teeth_have_columns_of_their_own(self) -> None:
        present = ToothState.PRESENT
        columns = arrange(chart_of((11, present), (111, present), (41, present), (121, present)))
        assert numbers(columns) == [(111, None), (11, 41), (121, None)]

    def test_nothing_shown_needs_no_column(self) -> None:
        assert arrange(ToothChart(teeth=())) == ()


class TestHeights:
    def test_are_those_of_the_longest_tooth(self) -> None:
        upper = heights(arrange(adult_chart()), upper=True)
        assert (upper.root, upper.crown, upper.depth) == (17.0, 10.5, 11.0)

    def test_leave_room_for_a_crown_below_the_milk_tooth(self) -> None:
        plain = heights(arrange(chart_of((53, ToothState.PRESENT))), upper=True)
        both = chart_of((53, ToothState.PRESENT), (13, ToothState.UNERUPTED))
        assert heights(arrange(both), upper=True).root > plain.root

    def test_a_jaw_without_teeth_needs_none(self) -> None:
        columns = arrange(chart_of((11, ToothState.PRESENT)))
        assert heights(columns, upper=False).crown == 0
