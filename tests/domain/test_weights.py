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


# Power, median in kg and variation (L, M, S) of weight for age as the WHO's tables print them, at
# whole years: girls, boys. Birth to 5 from "wfa_*_0_5_zscores", 6 to 10 from "wfa_*_z_WHO2007_exp".
WHO = {
    0: ((0.3809, 3.2322, 0.14171), (0.3487, 3.3464, 0.14602)),
    1: ((-0.2024, 8.9481, 0.12268), (0.0644, 9.6479, 0.10925)),
    2: ((-0.2941, 11.4775, 0.12390), (-0.0137, 12.1515, 0.11426)),
    3: ((-0.3201, 13.8503, 0.12919), (-0.0689, 14.3429, 0.12116)),
    4: ((-0.3361, 16.0697, 0.13884), (-0.1131, 16.3489, 0.12759)),
    5: ((-0.3518, 18.2193, 0.14821), (-0.1506, 18.3366, 0.13517)),
    6: ((-0.5013, 20.1639, 0.14900), (-0.3180, 20.5137, 0.13372)),
    7: ((-0.5347, 22.3740, 0.15556), (-0.4402, 22.8915, 0.13759)),
    8: ((-0.5627, 25.0262, 0.16186), (-0.5482, 25.4163, 0.14344)),
    9: ((-0.5833, 28.2040, 0.16764), (-0.6337, 28.1092, 0.15233)),
    10: ((-0.5958, 31.8578, 0.17262), (-0.6764, 31.1586, 0.16305)),
}
# Columns P3 and P97 of the CDC's table wtage, half a month before a whole year and half a month
# after it: girls' P3, boys' P3, girls' P97, boys' P97, each as that pair.
CDC = {
    6: ((15.8709, 16.0119), (16.3628, 16.5037), (28.5755, 28.9216), (27.9392, 28.2711)),
    7: ((17.5831, 17.7286), (18.1051, 18.2554), (32.9737, 33.3683), (32.1496, 32.5260)),
    8: ((19.3868, 19.5448), (19.9559, 20.1147), (38.0721, 38.5354), (36.9834, 37.4193)),
    9: ((21.4059, 21.5884), (21.9087, 22.0769), (44.0448, 44.5823), (42.5667, 43.0659)),
    10: ((23.7752, 23.9914), (24.0077, 24.1926), (50.8350, 51.4291), (48.8634, 49.4152)),
    11: ((26.5672, 26.8186), (26.3805, 26.5963), (58.1083, 58.7201), (55.6779, 56.2603)),
    12: ((29.7405, 30.0176), (29.2105, 29.4726), (65.3218, 65.9010), (62.7207, 63.3085)),
    13: ((33.1230, 33.4062), (32.6523, 32.9685), (71.8764, 72.3763), (69.7053, 70.2774)),
    14: ((36.4382, 36.7014), (36.7126, 37.0733), (77.2966, 77.6882), (76.4208, 76.9639)),
    15: ((39.3718, 39.5901), (41.1493, 41.5218), (81.3690, 81.6483), (82.7358, 83.2402)),
    16: ((41.6691, 41.8273), (45.4592, 45.7930), (84.1803, 84.3664), (88.5049, 88.9530)),
    17: ((43.2365, 43.3365), (49.0363, 49.2866), (86.0423, 86.1671), (93.4224, 93.7792)),
    18: ((44.1883, 44.2472), (51.5298, 51.6909), (87.3416, 87.4346), (97.0180, 97.2456)),
}
# To 0.1 kg, and the tables print medians to 0.1 g and centiles of half months.
EXACT = 75


def centile(lms: tuple[float, float, float], z: float) -> float:
    """Return the weight in grams: M (1 + L S z) to the power of 1/L."""
    power, median, variation = lms
    return 1000 * median * (1 + power * variation * z) ** (1 / power)


def at(year: int, z: float) -> list[float]:
    """Return what the tables that hold at a birthday give, each sex, in grams."""
    found = [centile(lms, z) for lms in WHO.get(year, ())]
    if year in CDC:
        pairs = CDC[year][:2] if z < 0 else CDC[year][2:]
        found += [1000 * sum(pair) / 2 for pair in pairs]
    return found


@pytest.mark.parametrize("age", range(GROWN))
def test_each_figure_is_the_tables(age) -> None:
    """The 3rd centile of the lighter sex at its beginning, the 97th of the heavier at its end."""
    least, most = _CHILDREN[age]
    assert least == pytest.approx(min(at(age, -THIRD)), abs=EXACT)
    assert most == pytest.approx(max(at(age + 1, THIRD)), abs=EXACT)


def test_the_centiles_are_those_that_the_tables_print() -> None:
    """By the formula the printed columns come out: girls of 2 years, -2 and +3 deviations."""
    girls = WHO[2][0]
    assert [round(centile(girls, z) / 1000, 1) for z in (-2, -1, 0, 1, 2, 3)] == [
        9.0, 10.2, 11.5, 13.0, 14.8, 17.0,
    ]  # fmt: skip


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
