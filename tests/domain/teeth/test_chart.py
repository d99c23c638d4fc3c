"""Charts as values: what is shown before anyone has looked, and what changed between dates."""

from clinic_desktop.domain.teeth.chart import (
    STATE_CODES,
    STATUS_LETTERS,
    ChartMark,
    MarkStatus,
    ToothState,
    ToothView,
    adult_chart,
    changed_teeth,
    chart_for_age,
    framed,
    shows_both,
)
from clinic_desktop.domain.teeth.dentition import PERMANENT, PRIMARY
from clinic_desktop.domain.vocabulary import terms

FILLING = ChartMark(36, "MOD", "COMP", MarkStatus.DONE, "COMP", "composite filling")


class TestCharts:
    def test_nothing_is_sound_before_it_was_examined(self) -> None:
        assert adult_chart().count(ToothState.NOT_EXAMINED) == 32
        child = chart_for_age(60)
        assert child.count(ToothState.NOT_EXAMINED) == len(child.teeth)

    def test_a_child_shows_milk_teeth_and_room_for_the_next_molars(self) -> None:
        assert chart_for_age(12).numbers == frozenset(PRIMARY)
        assert chart_for_age(48).numbers == frozenset({*PRIMARY, 16, 26, 36, 46})
        assert {17, 27, 37, 47} < chart_for_age(9 * 12).numbers
        assert 18 not in chart_for_age(9 * 12).numbers
        assert chart_for_age(16 * 12).numbers == frozenset(PERMANENT)
        assert chart_for_age(None).numbers == frozenset(PERMANENT)

    def test_views_are_replaced_in_their_place(self) -> None:
        chart = adult_chart().with_views(ToothView(36, ToothState.PRESENT, (FILLING,)))
        assert [one.tooth for one in chart.teeth] == list(PERMANENT)
        found = chart.view(36)
        assert found is not None
        assert found.marks == (FILLING,)
        assert chart.view(55) is None

    def test_a_milk_tooth_and_its_successor_can_stand_together(self) -> None:
        chart = adult_chart().with_views(ToothView(55, ToothState.PRESENT))
        assert shows_both(chart, 15)
        assert shows_both(chart, 55)
        assert not shows_both(chart, 16)


class TestChangedTeeth:
    def test_names_teeth_whose_marks_or_state_differ(self) -> None:
        before = adult_chart(ToothState.PRESENT)
        after = before.with_views(
            ToothView(36, ToothState.PRESENT, (FILLING,)), ToothView(18, ToothState.MISSING)
        )
        assert changed_teeth(before, after) == frozenset({36, 18})
        assert changed_teeth(before, before) == frozenset()

    def test_framing_marks_them(self) -> None:
        chart = framed(adult_chart(), frozenset({11}))
        assert [one.tooth for one in chart.teeth if one.changed] == [11]


class TestCodes:
    def test_states_are_words_of_the_vocabulary(self) -> None:
        assert set(STATE_CODES) <= set(terms())

    def test_every_status_has_one_letter(self) -> None:
        assert sorted(STATUS_LETTERS.values()) == sorted(MarkStatus)
