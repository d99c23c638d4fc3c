"""Weights that fit an age, and those that are asked about."""

import pytest

from clinic_desktop.domain.weights import GROWN, plausible, question, usual


class TestQuestion:
    @pytest.mark.parametrize(
        ("grams", "age"),
        [(14_000, 3), (22_400, 7), (3_200, 0), (45_000, 12), (70_000, 41), (95_000, 17)],
    )
    def test_what_is_usual_is_not_asked_about(self, grams, age) -> None:
        assert question(grams, age, "en_IE") == ""

    @pytest.mark.parametrize(
        ("grams", "age"),
        [(14_000, 34), (14_000, 7), (64_000, 6), (41_000, 1), (310_000, 50), (29_900, 18)],
    )
    def test_what_does_not_fit_is(self, grams, age) -> None:
        assert "Weigh again?" in question(grams, age, "en_IE")

    def test_the_sentence_has_figures_of_the_locale(self) -> None:
        assert question(14_000, 34, "en_IE") == (
            "14 kg at 34 years is unusual: 30 to 300 kg is to be expected. Weigh again?"
        )
        assert "at 1 year is" in question(41_500, 1, "en_IE")
        assert "41,5 kg" in question(41_500, 1, "pt_PT")

    def test_an_age_that_nobody_knows_asks_nothing(self) -> None:
        assert question(1_000, None, "en_IE") == ""


@pytest.mark.parametrize("age", range(19))
def test_ranges_grow_with_age_and_hold_what_is_usual(age) -> None:
    low, high = plausible(age)
    assert low < usual(age) < high
    if 0 < age < GROWN:
        before = plausible(age - 1)
        assert before[0] < low
        assert before[1] < high
    assert question(usual(age), age, "en_IE") == ""


def test_the_tour_weighs_whoever_comes() -> None:
    for age in (None, *range(100)):
        assert question(usual(age) // 1000 * 1000, age, "en_IE") == ""
