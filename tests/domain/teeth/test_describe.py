"""Charts in words."""

from clinic_desktop.domain.teeth.chart import (
    ChartMark,
    MarkStatus,
    ToothState,
    ToothView,
    adult_chart,
)
from clinic_desktop.domain.teeth.describe import (
    STATE_WORDS,
    STATUS_WORDS,
    count_words,
    describe,
    describe_surface,
)

VIEW = ToothView(
    36,
    ToothState.PRESENT,
    (
        ChartMark(36, "MOD", "RST-020", MarkStatus.DONE, "COMP", "composite filling"),
        ChartMark(36, "", "APICAL", MarkStatus.CONDITION, "APICAL", "apical lesion"),
    ),
)


class TestDescribe:
    def test_number_name_state_and_every_mark(self) -> None:
        assert describe(VIEW) == (
            "36, lower left first molar. present. "
            "Done: composite filling, mesial, occlusal, distal. Condition: apical lesion"
        )

    def test_uses_the_notation(self) -> None:
        assert describe(VIEW, "universal").startswith("19, ")
        assert describe(VIEW, "palmer").startswith("LL6, ")

    def test_says_what_changed(self) -> None:
        assert describe(ToothView(11, ToothState.PRESENT, changed=True)).endswith(
            "changed between the two dates"
        )


class TestDescribeSurface:
    def test_names_what_is_on_it(self) -> None:
        assert describe_surface(VIEW, "O") == (
            "occlusal of 36. Done: composite filling, mesial, occlusal, distal"
        )
        assert describe_surface(VIEW, "B") == "buccal of 36"

    def test_an_unexamined_surface_is_not_called_sound(self) -> None:
        assert describe_surface(ToothView(36), "O") == "occlusal of 36. not examined"


class TestCountWords:
    def test_counts_what_is_there(self) -> None:
        chart = adult_chart(ToothState.PRESENT).with_views(
            ToothView(18, ToothState.MISSING),
            ToothView(25, ToothState.IMPLANT),
            ToothView(38, ToothState.IMPACTED),
        )
        assert count_words(chart) == "29 present, 1 implant, 1 missing, 1 impacted"
        assert count_words(adult_chart()) == "32 not examined"


def test_every_status_and_state_has_a_word() -> None:
    assert set(STATUS_WORDS) == set(MarkStatus)
    assert set(STATE_WORDS) == set(ToothState)
