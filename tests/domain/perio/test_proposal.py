"""Stage, grade and extent of the 2017 classification on mouths computed by hand."""

from datetime import date

import pytest

from clinic_desktop.domain.perio.evidence import evidence_words, proposal_words
from clinic_desktop.domain.perio.exam import Exam, Standing, ToothReading
from clinic_desktop.domain.perio.facts import Background, Complexity, Fact
from clinic_desktop.domain.perio.grade import Earlier
from clinic_desktop.domain.perio.proposal import propose
from clinic_desktop.domain.perio.rules import Measure
from clinic_desktop.domain.perio.sites import Site
from clinic_desktop.domain.teeth.dentition import PERMANENT

TODAY = date(2026, 3, 12)
KNOWN = Background(age=50, lost_teeth=0, smoking="none", diabetes="none")


def mouth(
    changes: dict[tuple[int, Site], tuple[int, int]] | None = None,
    teeth: tuple[int, ...] = PERMANENT,
) -> Exam:
    """A healthy mouth, 2 mm with the margin 2 mm above the junction, with sites changed."""
    found = {fdi: ToothReading(fdi, depth=(2,) * 6, margin=(-2,) * 6) for fdi in teeth}
    for (fdi, site), (depth, margin) in (changes or {}).items():
        found[fdi] = (
            found[fdi]
            .with_value(Measure.DEPTH, site, depth)
            .with_value(Measure.MARGIN, site, margin)
        )
    return Exam(found)


def spots(*teeth: int, depth: int, margin: int = 0) -> dict:
    return {(fdi, Site.MB): (depth, margin) for fdi in teeth}


def facts(proposal) -> list[Fact]:
    return [one.fact for one in proposal.evidence]


class TestCase:
    def test_health_is_said_of_a_whole_mouth(self) -> None:
        found = propose(mouth(), KNOWN, on=TODAY)
        assert found.stage == 0
        assert found.text == "0"

    def test_of_half_a_mouth_nothing_is_said(self) -> None:
        exam = mouth()
        exam = Exam(exam.teeth | {36: ToothReading(36)})
        found = propose(exam, KNOWN, on=TODAY)
        assert found.stage is None
        assert found.missing == 6
        assert proposal_words(found) == "Not enough data for a stage"

    def test_depths_without_margins_are_not_enough(self) -> None:
        exam = Exam({fdi: ToothReading(fdi, depth=(7,) * 6) for fdi in PERMANENT})
        found = propose(exam, KNOWN, on=TODAY)
        assert found.stage is None
        assert Fact.NO_LOSS_KNOWN in facts(found)

    def test_two_teeth_side_by_side_are_not_a_case(self) -> None:
        assert propose(mouth(spots(16, 15, depth=3, margin=0)), KNOWN, on=TODAY).stage == 0
        assert propose(mouth(spots(16, 14, depth=3, margin=0)), KNOWN, on=TODAY).stage == 2
        # Neighbours across the midline as well; one above the other is apart.
        assert propose(mouth(spots(11, 21, depth=2)), KNOWN, on=TODAY).stage == 0
        assert propose(mouth(spots(11, 41, depth=2)), KNOWN, on=TODAY).stage == 1

    def test_faces_with_pockets_over_3_mm_at_two_teeth(self) -> None:
        changed = {(fdi, Site.B): (4, 0) for fdi in (16, 15)}
        found = propose(mouth(changed), KNOWN, on=TODAY)
        assert Fact.CASE_FACES in facts(found)
        assert found.stage == 1
        recession = {(fdi, Site.B): (2, 3) for fdi in (16, 15)}
        assert propose(mouth(recession), KNOWN, on=TODAY).stage == 0


class TestStage:
    @pytest.mark.parametrize(("loss", "stage"), [(1, 1), (2, 1), (3, 2), (4, 2), (5, 3), (9, 3)])
    def test_by_the_worst_loss_between_teeth(self, loss, stage) -> None:
        # Recession alone, so that no pocket raises the stage.
        changed = {(fdi, Site.DL): (2, loss - 2) for fdi in (16, 36)}
        assert propose(mouth(changed), KNOWN, on=TODAY).stage == stage

    @pytest.mark.parametrize(("lost", "stage"), [(4, 3), (5, 4)])
    def test_lost_teeth_tell_three_from_four(self, lost, stage) -> None:
        changed = {(fdi, Site.DL): (2, 4) for fdi in (16, 36)}
        background = Background(age=50, lost_teeth=lost)
        assert propose(mouth(changed), background, on=TODAY).stage == stage

    def test_lost_teeth_that_nobody_recorded_are_said(self) -> None:
        changed = {(fdi, Site.DL): (2, 4) for fdi in (16, 36)}
        found = propose(mouth(changed), Background(), on=TODAY)
        assert found.stage == 3
        assert Fact.LOST_UNKNOWN in facts(found)

    def test_a_pocket_of_5_raises_to_two_and_of_6_to_three(self) -> None:
        assert propose(mouth(spots(16, 36, depth=5, margin=-4)), KNOWN, on=TODAY).stage == 2
        assert propose(mouth(spots(16, 36, depth=6, margin=-5)), KNOWN, on=TODAY).stage == 3

    def test_a_pseudo_pocket_raises_nothing(self) -> None:
        changed = spots(16, 36, depth=2, margin=-1) | {(26, Site.MB): (6, -6)}
        assert propose(mouth(changed), KNOWN, on=TODAY).stage == 1

    def test_a_furcation_of_class_two_raises_to_three(self) -> None:
        exam = mouth(spots(16, 36, depth=2, margin=-1))
        for grade, stage in ((1, 1), (2, 3)):
            raised = exam.teeth[46].with_value(Measure.FURCATION, 0, grade)
            assert propose(Exam(exam.teeth | {46: raised}), KNOWN, on=TODAY).stage == stage

    def test_mobility_raises_to_four_from_three_only(self) -> None:
        for depth, stage in ((6, 4), (3, 2)):
            exam = mouth(spots(16, 36, depth=depth))
            loose = exam.teeth[31].with_value(Measure.MOBILITY, 0, 2)
            found = propose(Exam(exam.teeth | {31: loose}), KNOWN, on=TODAY)
            assert found.stage == stage
            assert (Fact.TO_CONSIDER in facts(found)) is (stage == 2)

    def test_fewer_than_twenty_teeth(self) -> None:
        few = PERMANENT[:19]
        assert propose(mouth(spots(16, 26, depth=6), few), KNOWN, on=TODAY).stage == 4
        assert propose(mouth(spots(16, 26, depth=6), PERMANENT[:20]), KNOWN, on=TODAY).stage == 3

    def test_what_the_clinician_confirms_raises_from_anywhere(self) -> None:
        background = Background(
            age=50, lost_teeth=0, complexity=frozenset({Complexity.REHABILITATION})
        )
        assert propose(mouth(spots(16, 36, depth=3)), background, on=TODAY).stage == 4

    def test_implants_are_left_out(self) -> None:
        exam = mouth(spots(16, 36, depth=2, margin=-1))
        implant = ToothReading(46, Standing.IMPLANT, depth=(9,) * 6, margin=(0,) * 6)
        found = propose(Exam(exam.teeth | {46: implant}), KNOWN, on=TODAY)
        assert found.stage == 1
        assert Fact.IMPLANTS_OUT in facts(found)


class TestExtent:
    @pytest.mark.parametrize(("count", "extent"), [(9, "localized"), (10, "generalized")])
    def test_thirty_percent_of_the_teeth(self, count, extent) -> None:
        # 9 of 32 are 28 %, 10 are 31 %.
        found = propose(mouth(spots(*PERMANENT[:count], depth=3)), KNOWN, on=TODAY)
        assert (found.stage, found.extent) == (2, extent)

    def test_teeth_with_less_loss_than_the_stage_do_not_count(self) -> None:
        changed = spots(*PERMANENT[:20], depth=2, margin=-1) | spots(16, 36, depth=3)
        assert propose(mouth(changed), KNOWN, on=TODAY).extent == "localized"

    def test_molars_and_incisors(self) -> None:
        found = propose(mouth(spots(16, 26, 36, 11, 31, depth=5)), KNOWN, on=TODAY)
        assert found.extent == "molar_incisor"
        # Incisors alone are no pattern.
        assert propose(mouth(spots(11, 31, depth=5)), KNOWN, on=TODAY).extent == "localized"


class TestGrade:
    BAD = spots(16, 36, depth=3)

    def grade(self, background=KNOWN, earlier=()) -> str:
        return propose(mouth(self.BAD), background, on=TODAY, earlier=earlier).grade

    def test_b_is_assumed(self) -> None:
        found = propose(mouth(self.BAD), Background(), on=TODAY)
        assert found.grade == "B"
        assert {Fact.GRADE_ASSUMED, Fact.SMOKING_UNKNOWN, Fact.DIABETES_UNKNOWN} <= set(
            facts(found)
        )

    @pytest.mark.parametrize(
        ("bone", "age", "grade"), [(12, 50, "A"), (13, 50, "B"), (50, 50, "B"), (51, 50, "C")]
    )
    def test_bone_loss_over_age(self, bone, age, grade) -> None:
        background = Background(age=age, lost_teeth=0, bone_loss=bone, smoking="none")
        assert self.grade(background) == grade

    @pytest.mark.parametrize(("then", "grade"), [(3, "A"), (2, "B"), (1, "C")])
    def test_what_was_lost_in_five_years(self, then, grade) -> None:
        before = Earlier(date(2021, 3, 12), mouth(spots(16, 36, depth=then)))
        assert self.grade(earlier=[before]) == grade

    def test_an_exam_of_last_year_says_nothing(self) -> None:
        before = Earlier(date(2025, 3, 12), mouth())
        found = propose(mouth(self.BAD), KNOWN, on=TODAY, earlier=[before])
        assert found.grade == "B"
        assert Fact.GRADE_ASSUMED in facts(found)

    @pytest.mark.parametrize(
        ("smoking", "diabetes", "grade"),
        [
            ("none", "none", "A"),
            ("light", "none", "B"),
            ("heavy", "none", "C"),
            ("none", "controlled", "B"),
            ("light", "uncontrolled", "C"),
        ],
    )
    def test_risks_only_raise(self, smoking, diabetes, grade) -> None:
        background = Background(age=80, bone_loss=10, smoking=smoking, diabetes=diabetes)
        assert self.grade(background) == grade


class TestWords:
    def test_every_fact_has_its_sentence(self) -> None:
        exam = mouth(spots(*PERMANENT[:19], depth=6), PERMANENT[:19])
        changed = exam.teeth[16].with_value(Measure.FURCATION, 0, 3)
        loose = exam.teeth[11].with_value(Measure.MOBILITY, 0, 2)
        implant = ToothReading(36, Standing.IMPLANT)
        exam = Exam(exam.teeth | {16: changed, 11: loose, 36: implant, 35: ToothReading(35)})
        background = Background(
            50, 5, 40, "light", "uncontrolled", frozenset(Complexity)
        )  # fmt: skip
        earlier = [Earlier(date(2020, 1, 1), mouth())]
        found = propose(exam, background, on=TODAY, earlier=earlier)
        sentences = [evidence_words(one) for one in found.evidence]
        assert all(sentence.endswith(".") for sentence in sentences), sentences
        assert proposal_words(found) == "Stage IV, grade C, generalized"
        assert any("16 buccal furcation" in sentence for sentence in sentences)

    def test_to_be_confirmed(self) -> None:
        exam = mouth(spots(16, 36, depth=3))
        loose = exam.teeth[31].with_value(Measure.MOBILITY, 0, 2)
        found = propose(Exam(exam.teeth | {31: loose}), KNOWN, on=TODAY)
        assert any(
            evidence_words(one).startswith("To be confirmed: Mobility grade 2: 31.")
            for one in found.evidence
        )
