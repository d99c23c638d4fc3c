"""Weights that fit an age, and those that are asked about."""

import pytest

from clinic_desktop.domain.weights import _CHILDREN, GROWN, plausible, question, usual

THIRD = 1.88079
"""How many standard deviations the 3rd and the 97th centile lie from the median."""


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


# Power, median in kg and variation (L, M, S) of weight for age, as the tables print them.
WHO_2006 = {
    "girl, birth": (0.3809, 3.2322, 0.14171),
    "girl, 5 years": (-0.3518, 18.2179, 0.14821),
}
WHO_2007 = {
    "girl, 6 years": (-0.5013, 20.1639, 0.14900),
    "girl, 8 years": (-0.5627, 25.0262, 0.16186),
    "girl, 9 years": (-0.5833, 28.2040, 0.16764),
    "boy, 10 years": (-0.6764, 31.1586, 0.16305),
}
# Of the CDC at whole years: between the half months that its table gives.
CDC_2000 = {
    "boy, 11 years": (-1.02732, 35.89479, 0.18963),
    "girl, 6 years": (-1.32701, 20.23653, 0.14922),
    "girl, 10 years": (-0.85095, 32.89130, 0.19558),
    "girl, 14 years": (-1.10188, 49.36034, 0.18898),
    "boy, 18 years": (-1.06488, 67.19817, 0.16203),
}


def centile(lms: tuple[float, float, float], z: float) -> float:
    """Return the weight in grams: M (1 + L S z) to the power of 1/L."""
    power, median, variation = lms
    return 1000 * median * (1 + power * variation * z) ** (1 / power)


@pytest.mark.parametrize(
    ("age", "lms"),
    [
        (0, WHO_2006["girl, birth"]),
        (5, WHO_2006["girl, 5 years"]),
        (6, WHO_2007["girl, 6 years"]),
        (8, WHO_2007["girl, 8 years"]),
        (9, WHO_2007["girl, 9 years"]),
        (10, WHO_2007["boy, 10 years"]),
        (11, CDC_2000["boy, 11 years"]),
        (14, CDC_2000["girl, 14 years"]),
    ],
)
def test_the_least_is_the_third_centile_of_the_lighter_sex(age, lms) -> None:
    assert _CHILDREN[age][0] == pytest.approx(centile(lms, -THIRD), abs=60)


@pytest.mark.parametrize(
    ("age", "lms"),
    [
        (4, WHO_2006["girl, 5 years"]),
        (5, CDC_2000["girl, 6 years"]),
        (9, CDC_2000["girl, 10 years"]),
        (13, CDC_2000["girl, 14 years"]),
        (17, CDC_2000["boy, 18 years"]),
    ],
)
def test_the_most_is_the_97th_centile_of_the_heavier_sex_a_year_on(age, lms) -> None:
    assert _CHILDREN[age][1] == pytest.approx(centile(lms, THIRD), abs=100)


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
